"""After a change only the chapters that can tell of it are run again, and what comes out is as if all were."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from conftest import CHAPTERS, LONG, Edition
from test_chapters import NOTEBOOKS, code, notebook

from bedrijfsvoering.running.dependence import stories_seen

ALWAYS = {"5-vergelijking", "9-verantwoording"}
"""They show what changed since another year, and every check and file."""
WORD = "Dit is een zin erbij.\n"


def ran(said: str) -> set[str]:
    """Return the chapters that a build said it ran."""
    return {line.split("hoofdstuk ")[1] for line in said.splitlines() if "hoofdstuk " in line}


def folder_bytes(folder: Path) -> dict[str, bytes]:
    return {str(path.relative_to(folder)): path.read_bytes() for path in folder.rglob("*") if path.is_file()}


def add_sentence(edition: Edition, name: str) -> None:
    path = edition.data / "toelichting" / f"{name}.md"
    path.write_text(path.read_text(encoding="utf-8") + f"\n## Meer\n\n{WORD}", encoding="utf-8")


def explain(edition: Edition) -> None:
    path = edition.data / "toelichting" / "1-overhead.md"
    told = "\n\n## Toelichting op verschillen\n\n- Huisvesting: de reden is niet bekend.\n"
    path.write_text(path.read_text(encoding="utf-8") + told, encoding="utf-8")


CHANGES: dict[str, tuple[Any, set[str]]] = {
    "a sentence": (lambda e: add_sentence(e, "3-ict-projecten"), {"3-ict-projecten"}),
    "a sentence of the summary": (lambda e: add_sentence(e, "0-samenvatting"), {"0-samenvatting"}),
    "an explanation": (explain, set(CHAPTERS)),
    "a figure": (lambda e: e.change("ict_mijlpalen.csv", "medio 2022", "begin 2022"), set(CHAPTERS)),
    "a parameter": (lambda e: e.change("params", "grens_bedrag: 100", "grens_bedrag: 90"), set(CHAPTERS)),
}  # fmt: skip


def test_only_what_can_tell_is_run_again_and_it_is_as_a_full_build(
    edition: Edition, capsys: pytest.CaptureFixture[str]
) -> None:
    assert edition.run("build") == 0
    assert ran(capsys.readouterr().err) == set(CHAPTERS)
    for change, (do, expected) in CHANGES.items() if LONG else list(CHANGES.items())[:3]:
        do(edition)
        assert edition.run("build") == 0, change
        assert ran(capsys.readouterr().err) == expected | ALWAYS, change
        if expected != set(CHAPTERS):  # else it was a full build
            found = folder_bytes(edition.output)
            assert edition.run("build", "--force") == 0, change
            assert ran(capsys.readouterr().err) == set(CHAPTERS)
            assert folder_bytes(edition.output) == found, change


def test_an_executed_chapter_that_was_touched_is_run_again(
    edition: Edition, capsys: pytest.CaptureFixture[str]
) -> None:
    assert edition.run("build") == 0
    good = folder_bytes(edition.output)
    path = edition.output / "notebooks" / "4-samenwerking.ipynb"
    path.write_text(path.read_text(encoding="utf-8").replace("Samenwerking", "Gesjoemel"), encoding="utf-8")
    capsys.readouterr()
    assert edition.run("build") == 0
    assert ran(capsys.readouterr().err) == {"4-samenwerking"}
    assert folder_bytes(edition.output) == good


@pytest.mark.parametrize("name", CHAPTERS)
def test_the_houses_own_chapters_see_their_own_story(name: str) -> None:
    assert stories_seen(NOTEBOOKS / f"{name}.ipynb") == (None if name in ALWAYS else {name})


@pytest.mark.parametrize(
    "source",
    [
        "figures.checks", "print(figures)", "figures", "vars(bv)", "import pandas as pd", "from os import environ",
        "open('data/x.csv').read()", "%run ander.py", "bv.table_controles(figures)", "bv.load_story(figures, naam)",
        "x = figures\nx.checks", "[bv][0].load_story", "bv.edition", "getattr(bv, 'table_bronnen')(figures)",
        "import bedrijfsvoering as bv, os", "f'{figures}'", "(lambda: figures)()", "figures.inputs",
    ],
)  # fmt: skip
def test_a_chapter_that_does_more_than_show_can_see_anything(source: str, tmp_path: Path) -> None:
    start = "import bedrijfsvoering as bv\nfigures = bv.load_figures(gemeente, jaar)"
    path = notebook(tmp_path, "1-proef", code("jaar = 1", "parameters"), code(start), code(source))
    assert stories_seen(path) is None
