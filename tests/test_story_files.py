"""Files among the stories: one that no chapter shows is told, and what it explains does not count."""

from __future__ import annotations

import json
import shutil
from pathlib import Path
from typing import Any

import pytest
from conftest import CHAPTERS, ROOT, Edition, long_only

from bedrijfsvoering.chapter_list import OURS, Chapters, read_chapters
from bedrijfsvoering.findings import Finding

EXPLAINED = "## Toelichting op verschillen\n\n- Huisvesting: de huur steeg.\n"


def told(edition: Edition, capsys: Any, *args: str) -> list[Finding]:
    capsys.readouterr()
    assert edition.run("check", "--json", "-q", *args) == 0
    return [Finding(**one) for one in json.loads(capsys.readouterr().out)]


def test_the_chapters_of_the_house_are_those_of_the_notebooks() -> None:
    assert OURS == CHAPTERS
    assert read_chapters(ROOT / "notebooks") == Chapters()  # what is known without reading is what is read


@pytest.mark.parametrize(
    ("name", "said"),
    [
        ("overhead.md", "Er is geen hoofdstuk dat overhead heet. Geef het de naam 1-overhead.md, of"),
        ("1-overhed.md", "Geef het de naam 1-overhead.md, of"),
        ("ICT projecten.md", "Geef het de naam 3-ict-projecten.md, of"),
        ("1-overhead.txt", "Een verhaal is een bestand dat op .md eindigt. Geef het de naam 1-overhead.md, of"),
        ("verhaal.md", "Geef het de naam van een hoofdstuk (0-samenvatting.md, 1-overhead.md, "),
        ("6-inkoop.md", "Er is geen hoofdstuk dat 6-inkoop heet. "),
    ],
)
def test_a_file_of_no_chapter_is_told_with_the_name_that_it_should_have(
    name: str, said: str, edition: Edition, capsys: Any
) -> None:
    (edition.data / "toelichting" / name).write_text(EXPLAINED, encoding="utf-8")
    found = told(edition, capsys)
    (one,) = [f for f in found if f.code == "VERHAAL_NIET_GELEZEN"]
    assert (one.ernst, one.bestand) == ("waarschuwing", f"diemen/2023/toelichting/{name}")
    assert said in one.bericht
    assert one.openbaar.endswith((" heet.", " eindigt."))  # no advice on the page
    assert "Huisvesting" in [f.post for f in found if f.code == "TOELICHTING_ONTBREEKT"]  # it does not count


@pytest.mark.parametrize("name", [".1-overhead.md", "~$overhead.docx", "foto.png", "1-overhead.md~"])
def test_what_is_nobodys_text_is_left_alone(name: str, edition: Edition, capsys: Any) -> None:
    (edition.data / "toelichting" / name).write_text("x", encoding="utf-8")
    assert "VERHAAL_NIET_GELEZEN" not in [f.code for f in told(edition, capsys)]


def own(folder: Path) -> Path:
    """Return a folder with the chapters and one of an analyst, which shows the salaries once more."""
    shutil.copytree(ROOT / "notebooks", folder, ignore=shutil.ignore_patterns(".ipynb_checkpoints", "begin.ipynb"))
    text = (folder / "2-personeel.ipynb").read_text(encoding="utf-8")
    (folder / "6-loon.ipynb").write_text(text.replace("2-personeel", "6-loon"), encoding="utf-8")
    return folder


def test_a_story_of_an_own_chapter_is_no_false_alarm(
    edition: Edition, capsys: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    own(edition.root / "notebooks")
    monkeypatch.chdir(edition.root)  # the project's own notebooks, as docs/adding.md has it
    (edition.data / "toelichting" / "6-loon.md").write_text("# Loon\n\n" + EXPLAINED, encoding="utf-8")
    found = told(edition, capsys)
    assert "VERHAAL_NIET_GELEZEN" not in [f.code for f in found]
    assert "Huisvesting" not in [f.post for f in found if f.code == "TOELICHTING_ONTBREEKT"]
    (edition.root / "notebooks" / "6-loon.ipynb").unlink()
    assert "VERHAAL_NIET_GELEZEN" in [f.code for f in told(edition, capsys)]
    monkeypatch.chdir(own(edition.root / "eigen"))  # a copy, as JupyterLab or papermill runs it
    assert "VERHAAL_NIET_GELEZEN" not in [f.code for f in told(edition, capsys)]


@long_only("two builds; check and the page of fewer chapters are tried here")
def test_a_build_says_the_same_of_its_chapters_on_the_page_and_beside_it(edition: Edition) -> None:
    folder = own(edition.root / "eigen")
    (edition.data / "toelichting" / "6-loon.md").write_text("# Loon en meer\n\n" + EXPLAINED, encoding="utf-8")
    (edition.data / "toelichting" / "loon.txt").write_text("x", encoding="utf-8")
    for options, count in (((f"--notebooks={folder}",), 1), ((), 2)):
        assert edition.run("build", "-q", *options) == 0
        codes = [one["code"] for one in json.loads((edition.output / "bevindingen.json").read_text(encoding="utf-8"))]
        assert codes.count("VERHAAL_NIET_GELEZEN") == count
        page = (edition.output / "index.html").read_text(encoding="utf-8")
        assert page.count("Dit bestand staat niet op de pagina.") == count
        assert ("Loon en meer" in page) == bool(options)


def test_a_page_of_fewer_chapters_does_not_call_the_other_stories_lost(edition: Edition) -> None:
    folder = edition.root / "eigen"
    folder.mkdir()
    shutil.copy(ROOT / "notebooks" / "1-overhead.ipynb", folder)
    assert edition.run("build", "-q", f"--notebooks={folder}") == 0
    assert "VERHAAL_NIET_GELEZEN" not in (edition.output / "bevindingen.json").read_text(encoding="utf-8")
