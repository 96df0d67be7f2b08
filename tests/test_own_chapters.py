"""An analyst's own copy of the chapters: built with `--notebooks`, with her outputs in it, and never written to."""

from __future__ import annotations

import json
import shutil
from pathlib import Path
from typing import Any

import nbformat
import pytest
from conftest import CHAPTERS, ROOT, Edition, OpenPage, long_only, violations

from bedrijfsvoering.cli import run_command


@pytest.fixture(scope="module")
def copy(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A copy of the chapters in which one was run and saved in JupyterLab, with a sentence and a table of her own."""
    folder = tmp_path_factory.mktemp("eigen") / "hoofdstukken"
    shutil.copytree(ROOT / "notebooks", folder, ignore=shutil.ignore_patterns(".ipynb_checkpoints"))
    path = folder / "1-overhead.ipynb"
    nb = nbformat.read(path, as_version=4)
    nb.cells.append(nbformat.v4.new_markdown_cell("## Eigen vraag\n\nWat kost een inwoner aan overhead?", id="eigen"))
    nb.cells.append(nbformat.v4.new_code_cell('bv.check_posten(figures, "overhead")', id="eigen-controles"))
    for number, cell in enumerate((cell for cell in nb.cells if cell.cell_type == "code"), start=1):
        cell.execution_count = number + 40
        cell.outputs = [nbformat.v4.new_output("display_data", {"text/plain": "oude uitvoer van vorige week"})]
    nb.metadata.language_info["version"] = "3.11.0"
    nbformat.write(nb, path)
    return folder


def state(folder: Path) -> dict[str, bytes]:
    return {path.name: path.read_bytes() for path in folder.iterdir()}


def test_a_build_with_an_own_copy_shows_it_and_leaves_the_copy_as_it_was(
    copy: Path, tmp_path: Path, built: Path, capsys: Any
) -> None:
    before = state(copy)
    command = ["build", "diemen", "2023", f"--output={tmp_path}", f"--notebooks={copy}"]
    capsys.readouterr()
    assert run_command(command) == 0
    assert "Let op: in 1-overhead.ipynb is gewerkt en bewaard." in capsys.readouterr().err
    assert state(copy) == before
    page = (tmp_path / "diemen" / "2023" / "index.html").read_text(encoding="utf-8")
    assert "Eigen vraag" in page
    assert "Controles van Overhead" in page
    assert "oude uitvoer" not in page
    executed = nbformat.read(tmp_path / "diemen" / "2023" / "notebooks" / "1-overhead.ipynb", as_version=4)
    original = nbformat.read(copy / "1-overhead.ipynb", as_version=4)
    kept = [(cell.id, cell.metadata.get("tags") or []) for cell in executed.cells if cell.id != "injected"]
    assert kept == [(cell.id, cell.metadata.get("tags") or []) for cell in original.cells]
    own, ours = (json.loads((folder / "manifest.json").read_text(encoding="utf-8"))["hoofdstukken"]
                 for folder in (tmp_path / "diemen" / "2023", built))  # fmt: skip
    assert own.keys() == ours.keys()
    assert [name for name in own if own[name] != ours[name]] == ["1-overhead.ipynb"]


def test_a_plain_frame_of_many_columns_scrolls_by_itself_and_leaves_the_page_as_wide_as_it_was(
    tmp_path: Path, open_page: OpenPage
) -> None:
    folder = tmp_path / "hoofdstukken"
    folder.mkdir()
    nb = nbformat.read(ROOT / "notebooks" / "1-overhead.ipynb", as_version=4)
    nb.cells.append(nbformat.v4.new_code_cell('figures.table("overhead").frame', id="frame"))
    nbformat.write(nb, folder / "1-overhead.ipynb")
    command = ["build", "diemen", "2023", f"--output={tmp_path / 'uit'}", f"--notebooks={folder}", "-q"]
    assert run_command(command) == 0
    page = open_page(tmp_path / "uit" / "diemen" / "2023" / "index.html", width=390)
    box = page.locator(".schuif:has(.dataframe)")
    assert box.evaluate("box => box.scrollWidth > box.clientWidth")
    assert page.evaluate("document.documentElement.scrollWidth") <= 390
    name = box.locator("tbody td").nth(1)  # a name stands in one line, not a letter under a letter
    assert name.evaluate("cell => cell.getBoundingClientRect().height") < 60
    assert violations(page) == []


@long_only("two builds more")
def test_outputs_that_a_copy_keeps_make_no_other_page(copy: Path, tmp_path: Path, built: Path) -> None:
    folder = tmp_path / "hoofdstukken"
    shutil.copytree(ROOT / "notebooks", folder, ignore=shutil.ignore_patterns(".ipynb_checkpoints"))
    path = folder / "3-ict-projecten.ipynb"
    nb = nbformat.read(path, as_version=4)
    for cell in nb.cells:
        if cell.cell_type == "code":
            cell.outputs, cell.execution_count = [nbformat.v4.new_output("stream", text="oud")], 9
    nbformat.write(nb, path)
    command = ["build", "diemen", "2023", f"--output={tmp_path / 'uit'}", f"--notebooks={folder}", "-q"]
    assert run_command(command) == 0
    name = "notebooks/3-ict-projecten.ipynb"
    assert (tmp_path / "uit" / "diemen" / "2023" / name).read_bytes() == (built / name).read_bytes()


@long_only("rebuilds three times; test_verification.py rebuilds the house's own")
def test_verify_rebuilds_with_the_same_copy_and_says_so_where_it_is_another(
    copy: Path, edition: Edition, capsys: Any
) -> None:
    assert edition.run("build", f"--notebooks={copy}", "-q") == 0
    again = ["verify", str(edition.output), f"--data={edition.root / 'data'}", f"--params={edition.root / 'params'}"]
    assert run_command([*again, f"--notebooks={copy}"]) == 0
    assert "precies dezelfde bestanden" in capsys.readouterr().out
    assert run_command(again) == 1
    assert "Het hoofdstuk 1-overhead.ipynb is anders." in capsys.readouterr().out


@long_only("builds three times; test_unchanged.py shows it of the house's own")
def test_nothing_changed_is_told_of_an_own_copy_too(copy: Path, tmp_path: Path, capsys: Any) -> None:
    command = ["build", "diemen", "2023", f"--output={tmp_path}", "-q"]
    assert run_command([*command, f"--notebooks={copy}"]) == 0
    assert run_command([*command, f"--notebooks={copy}"]) == 0
    assert "Niets veranderd." in capsys.readouterr().out
    assert run_command(command) == 0
    assert "Klaar." in capsys.readouterr().out


@long_only("starts a cluster for one build")
def test_a_batch_takes_an_own_copy(copy: Path, edition: Edition) -> None:
    folders = [f"--{name}={edition.root / name}" for name in ("data", "params", "output")]
    assert run_command(["batch", "diemen/2023", *folders, f"--notebooks={copy}", "--workers=1", "-q"]) == 0
    assert "Eigen vraag" in (edition.output / "index.html").read_text(encoding="utf-8")


def test_a_folder_without_chapters_is_told_and_publishes_nothing(edition: Edition, capsys: Any) -> None:
    assert edition.run("build", f"--notebooks={edition.root / 'weg'}") == 2
    assert "staan geen hoofdstukken" in capsys.readouterr().err
    assert not edition.output.exists()


def test_a_copy_with_fewer_chapters_makes_a_page_of_those(edition: Edition) -> None:
    folder = edition.root / "hoofdstukken"
    folder.mkdir()
    for name in CHAPTERS[:2]:
        shutil.copy(ROOT / "notebooks" / f"{name}.ipynb", folder)
    assert edition.run("build", f"--notebooks={folder}", "-q") == 0
    assert [path.stem for path in sorted((edition.output / "notebooks").iterdir())] == list(CHAPTERS[:2])
