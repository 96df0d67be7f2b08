"""The chapters: in a build, by hand through papermill's own command line, and what is refused."""

import json
import os
import re
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

import nbformat
import pytest
from conftest import CHAPTERS, ROOT, Edition
from notebook_rules import read_problems

from bedrijfsvoering import __all__ as shown_to_notebooks
from bedrijfsvoering.errors import ChapterError
from bedrijfsvoering.inputs import DATA_VARIABLE
from bedrijfsvoering.params import KEYS, load_params
from bedrijfsvoering.running.chapters import check_chapter, find_chapters, run_chapter

NOTEBOOKS = ROOT / "notebooks"
FOLDERS = {DATA_VARIABLE: str(ROOT / "data")}
PARAMETERS = load_params(ROOT / "params" / "diemen" / "2023.yaml").model_dump(exclude={"data_dir"})


def papermill(tmp_path: Path, *args: str, cwd: Path = ROOT) -> subprocess.CompletedProcess[str]:
    """Run papermill as a person does."""
    command = [sys.executable, "-m", "papermill", "--no-progress-bar", *args]
    return subprocess.run(command, cwd=cwd, capture_output=True, text=True, timeout=120, check=False)


def notebook(tmp_path: Path, name: str, *cells: Any, **metadata: Any) -> Path:
    """Write a small notebook for one behaviour."""
    kernelspec = {"kernelspec": {"name": "python3", "display_name": "Python 3", "language": "python"}}
    nb = nbformat.v4.new_notebook(cells=list(cells), metadata={**kernelspec, **metadata})
    path = tmp_path / f"{name}.ipynb"
    nbformat.write(nb, path)
    return path


def code(source: str, *tags: str) -> Any:
    return nbformat.v4.new_code_cell(source, metadata={"tags": list(tags)})


def test_the_chapters_are_those_of_the_design() -> None:
    assert tuple(path.stem for path in find_chapters(NOTEBOOKS)) == CHAPTERS


@pytest.mark.parametrize("name", CHAPTERS)
def test_a_chapter_is_written_as_the_house_writes_notebooks(name: str) -> None:
    nb = nbformat.read(NOTEBOOKS / f"{name}.ipynb", as_version=4)
    nbformat.validate(nb)
    assert read_problems(NOTEBOOKS / f"{name}.ipynb") == []
    declared = [line.split(":")[0] for line in nb.cells[1].source.splitlines()]
    assert set(declared) <= set(KEYS)


def test_notebooks_see_at_most_a_score_of_names_and_each_is_documented() -> None:
    import bedrijfsvoering

    assert len(shown_to_notebooks) <= 20
    for name in shown_to_notebooks:
        said = getattr(bedrijfsvoering, name).__doc__
        assert len(said) > 200
        assert re.search(r"[Oo]ne (row|bar|card|story)", said)  # the grain
    assert dir(bedrijfsvoering) == sorted(shown_to_notebooks)


def test_a_build_leaves_the_chapters_as_executed_without_a_trace_of_this_machine(built: Path) -> None:
    for name in CHAPTERS:
        text = (built / "notebooks" / f"{name}.ipynb").read_text(encoding="utf-8")
        nb = nbformat.reads(text, as_version=4)
        nbformat.validate(nb)
        counts = [cell.execution_count for cell in nb.cells if cell.cell_type == "code"]
        assert counts == list(range(1, len(counts) + 1))
        assert nb.metadata.papermill.parameters["jaar"] == 2023
        for trace in (str(ROOT), str(Path.home()), "/tmp/", "start_time"):
            assert trace not in text


@pytest.mark.parametrize("cwd", [ROOT, NOTEBOOKS])
def test_by_hand_from_the_root_and_from_the_notebooks_own_folder(cwd: Path, tmp_path: Path) -> None:
    out, own = tmp_path / "out.ipynb", os.path.relpath(NOTEBOOKS / "1-overhead.ipynb", cwd)
    done = papermill(tmp_path, own, str(out), "-f", os.path.relpath(ROOT / "params/diemen/2023.yaml", cwd), cwd=cwd)
    assert done.returncode == 0, done.stderr
    assert "Totaal overhead" in out.read_text(encoding="utf-8")


@pytest.mark.parametrize(
    ("args", "said"),
    [
        (["-f", "params/diemen/2023.yaml", "-p", "grens_bedrg", "50"], "Bedoelt u 'grens_bedrag'"),
        (["-p", "gemeente", "diemen", "-p", "jaer", "2022"], "jaer: Deze parameter bestaat niet. Bedoelt u 'jaar'?"),
        (["-p", "gemeente", "diemen"], "jaar: Deze parameter ontbreekt"),
        (["-f", "params/diemen/2023.yaml", "-r", "jaar", "2023"], "verwacht een jaartal als geheel getal"),
        (["-f", "params/diemen/2023.yaml", "-p", "jaar", "2031"], "De map met cijfers is er niet"),
    ],
)
def test_a_wrong_parameter_by_hand_stops_the_run_and_names_the_nearest(
    args: list[str], said: str, tmp_path: Path
) -> None:
    done = papermill(tmp_path, "notebooks/4-samenwerking.ipynb", str(tmp_path / "out.ipynb"), *args)
    assert done.returncode != 0
    assert said in done.stderr


def test_a_chapter_without_parameters_tag_or_kernelspec_is_refused(tmp_path: Path) -> None:
    good = notebook(tmp_path, "1-goed", code("jaar = 2023", "parameters"))
    assert check_chapter(good) == []
    untagged = notebook(tmp_path, "2-zonder", code("jaar = 2023"))
    assert "label 'parameters'" in check_chapter(untagged)[0].bericht
    bare = notebook(tmp_path, "3-kaal", code("jaar = 2023", "parameters"))
    bare.write_text(bare.read_text().replace('"kernelspec"', '"kernel"'))
    assert "kernelspec" in check_chapter(bare)[0].bericht
    (tmp_path / "4-kapot.ipynb").write_text("geen notebook")
    with pytest.raises(ChapterError) as caught:
        find_chapters(tmp_path)
    assert [problem.bestand for problem in caught.value.problems] == ["2-zonder.ipynb", "3-kaal.ipynb", "4-kapot.ipynb"]


def test_a_folder_without_chapters_is_told(tmp_path: Path) -> None:
    with pytest.raises(ChapterError, match="geen hoofdstukken"):
        find_chapters(tmp_path)


@pytest.mark.parametrize(
    ("source", "said"),
    [
        ("import sys; sys.exit()", "Niet alle cellen zijn uitgevoerd: cel 3"),
        ("1 / 0", "ZeroDivisionError: division by zero"),
        ("import os; os._exit(3)", "kon niet worden uitgevoerd"),
    ],
)
def test_a_chapter_that_does_not_come_to_its_end_names_itself_the_cell_and_the_cause(
    source: str, said: str, tmp_path: Path
) -> None:
    path = notebook(tmp_path, "1-proef", code("jaar = 1", "parameters"), code(source), code("print('later')"))
    with pytest.raises(ChapterError, match=said) as caught:
        run_chapter(path, tmp_path / "out.ipynb", PARAMETERS, FOLDERS)
    assert caught.value.problems[0].bestand == "1-proef.ipynb"


def test_an_endless_cell_is_stopped(tmp_path: Path) -> None:
    path = notebook(tmp_path, "1-proef", code("jaar = 1", "parameters"), code("while True: pass"))
    with pytest.raises(ChapterError, match="duurde langer dan 5 seconden"):
        run_chapter(path, tmp_path / "out.ipynb", PARAMETERS, FOLDERS, seconds=5)


def test_a_failing_chapter_publishes_nothing(edition: Edition, monkeypatch: pytest.MonkeyPatch, capsys: Any) -> None:
    notebooks = edition.root / "notebooks"
    shutil.copytree(NOTEBOOKS, notebooks)
    path = notebooks / "1-overhead.ipynb"
    nb = json.loads(path.read_text(encoding="utf-8"))
    nb["cells"][3]["source"] = ["figures.tables['bestaat_niet']"]
    path.write_text(json.dumps(nb), encoding="utf-8")
    for name in CHAPTERS:
        if name != "1-overhead":
            (notebooks / f"{name}.ipynb").unlink()
    monkeypatch.chdir(edition.root)
    assert edition.run("build") == 2
    said = capsys.readouterr().err
    assert "1-overhead.ipynb" in said
    assert "cel antwoord" in said
    assert "KeyError: 'bestaat_niet'" in said
    assert "Traceback" not in said
    assert not edition.output.exists()
    assert not (edition.root / "output").exists()
