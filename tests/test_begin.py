"""The start page, and that a notebook runs for another edition when only its parameters are changed."""

from __future__ import annotations

import ast
import re
import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import nbformat
import pytest
from conftest import CHAPTERS, ROOT, Edition
from notebook_rules import read_problems
from samples import Sample, write_samples

from bedrijfsvoering import __all__ as shown_to_notebooks
from bedrijfsvoering.inputs import chapter_paths
from bedrijfsvoering.params import KEYS

NOTEBOOKS = ROOT / "notebooks"
PUBLISHED = ROOT / "tests" / "published"
BEGIN = nbformat.read(NOTEBOOKS / "begin.ipynb", as_version=4)
EDITIONS = [path.parent.relative_to(PUBLISHED).as_posix() for path in sorted(PUBLISHED.glob("*/*/bron.yaml"))]


def run(path: Path, **changed: Any) -> Iterator[tuple[str, Any]]:
    """Run a notebook's cells in order, the parameters changed as a person does; yield what each shows, by its id."""
    names: dict[str, Any] = {}
    for cell in nbformat.read(path, as_version=4).cells:
        if cell.cell_type != "code":
            continue
        tree = ast.parse(cell.source)
        last = tree.body.pop() if isinstance(tree.body[-1], ast.Expr) else None
        exec(compile(tree, cell.id, "exec"), names)
        if "parameters" in cell.metadata.get("tags", []):
            assert set(changed) <= set(names)
            names |= changed
        if last:
            shown = eval(compile(ast.Expression(last.value), cell.id, "eval"), names)
            yield cell.id, shown._repr_mimebundle_() if hasattr(shown, "_repr_mimebundle_") else shown._repr_html_()


def test_the_start_page_is_written_as_the_house_writes_notebooks() -> None:
    nbformat.validate(BEGIN)
    assert read_problems(NOTEBOOKS / "begin.ipynb") == []
    assert BEGIN.cells[1].metadata.tags == ["parameters"]
    for cell in BEGIN.cells:
        if cell.cell_type == "code":
            assert set(re.findall(r"\bbv\.(\w+)", cell.source)) <= set(shown_to_notebooks)
        else:  # no figure is typed: what stands in code or in a link is a name
            assert not re.search(r"\d", re.sub(r"`[^`]*`|\]\([^)]*\)", "", cell.source))
    declared = [line.split(":")[0] for line in BEGIN.cells[1].source.splitlines()]
    assert set(declared) <= set(KEYS)


def test_the_start_page_is_no_chapter_and_leads_to_all_of_them(edition: Edition, capsys: Any) -> None:
    assert [path.stem for path in chapter_paths(NOTEBOOKS)] == list(CHAPTERS)
    links = re.findall(r"\]\(([^)]+)\)", "".join(cell.source for cell in BEGIN.cells if cell.cell_type == "markdown"))
    assert {f"{name}.ipynb" for name in CHAPTERS} == set(links)
    folder = edition.root / "notebooks"
    folder.mkdir()
    for name in ("begin", "4-samenwerking"):
        shutil.copy(NOTEBOOKS / f"{name}.ipynb", folder)
    assert edition.run("build", f"--notebooks={folder}", "-q") == 0
    assert [path.name for path in (edition.output / "notebooks").iterdir()] == ["4-samenwerking.ipynb"]
    assert "Begin hier" not in (edition.output / "index.html").read_text(encoding="utf-8")


def test_the_command_on_the_start_page_is_one_that_exists() -> None:
    from bedrijfsvoering.cli import main

    (command,) = re.findall(r"`bedrijfsvoering (\w+)[^`]*(?= --notebooks MAP`)", BEGIN.cells[-1].source)
    assert "--notebooks" in {option for param in main.commands[command].params for option in param.opts}


@pytest.mark.parametrize("cwd", [ROOT, NOTEBOOKS])
def test_the_start_page_answers_from_the_root_and_from_its_own_folder(cwd: Path, monkeypatch: Any) -> None:
    monkeypatch.chdir(cwd)
    shown = dict(run(NOTEBOOKS / "begin.ipynb"))
    assert list(shown) == ["uitgave", "frame", "groepen", "draaitabel", "grafiek", "herkomst"]
    assert "Gemeente Diemen, Jaarstukken 2023" in shown["uitgave"]["text/html"]
    assert "Huisvesting" in shown["frame"]
    for number in ("312", "692"):  # the nadelen and the voordelen of the printed table
        assert number in shown["groepen"]
    for number in ("-14391", "-14393"):  # the sum of the lines and the printed total
        assert number in shown["draaitabel"]
    assert "overhead.csv, regel 19" in shown["herkomst"]


@pytest.mark.parametrize("name", [*CHAPTERS, "begin"])
@pytest.mark.parametrize("edition_of", EDITIONS)
def test_a_notebook_runs_for_every_edition_when_only_the_parameters_change(edition_of: str, name: str) -> None:
    gemeente, jaar = edition_of.split("/")
    shown = dict(run(NOTEBOOKS / f"{name}.ipynb", gemeente=gemeente, jaar=int(jaar), data_dir=str(PUBLISHED)))
    assert shown
    assert all(shown.values())


@pytest.fixture(scope="module")
def samples(tmp_path_factory: pytest.TempPathFactory) -> list[Sample]:
    return write_samples(tmp_path_factory.mktemp("proef"))


@pytest.mark.parametrize("name", [*CHAPTERS, "begin"])
def test_a_notebook_runs_with_few_rows_with_many_and_with_cells_missing(name: str, samples: list[Sample]) -> None:
    for sample in samples:
        where = {"gemeente": sample.gemeente, "jaar": sample.jaar, "data_dir": str(sample.root / "data")}
        assert all(dict(run(NOTEBOOKS / f"{name}.ipynb", **where)).values())
