"""The answers of the handbook are true: what a question's answer says that happens is tried, in an edition."""

from __future__ import annotations

import re
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

import openpyxl
import pytest
from conftest import ROOT, Edition, long_only

from bedrijfsvoering.figures import Figures

ANSWERS = (ROOT / "docs" / "veelgestelde-vragen.md").read_text(encoding="utf-8")


def answer(question: str) -> str:
    """Return the answer to a question, its lines joined."""
    found = re.search(rf"^### {re.escape(question)}\n\n(.*?)(?=\n##|\Z)", ANSWERS, re.MULTILINE | re.DOTALL)
    assert found, question
    return " ".join(found[1].split())


def test_the_total_that_is_not_mended(diemen: Figures) -> None:
    said, table = answer("Waarom herstelt het programma mijn totaal niet?"), diemen.tables["overhead"]
    assert table.totaal
    assert f"de {len(table.regels)} regels op tot −14.391, en er staat −14.393" in said
    assert sum(post.gedrukt["rekening"] or 0 for post in table.regels) == -14391
    assert table.totaal.gedrukt["rekening"] == -14393


def test_the_plus_that_is_a_nadeel(diemen: Figures) -> None:
    said, total = answer("Waarom is +81 een nadeel?"), diemen.tables["salarissen"].totaal
    assert total
    assert "er 16.660 begroot en 16.740 uitgegeven" in said
    assert (total.gedrukt["begroting_na_wijziging"], total.gedrukt["rekening"]) == (-16660, -16740)
    assert (total.gedrukt["budgetresultaat"], total.bedragen["budgetresultaat"]) == (81, -81)


def rewrite(name: str, work: Callable[[str], str]) -> Callable[[Edition], None]:
    """Return the step of a person who writes a file of the edition anew."""

    def step(edition: Edition) -> None:
        path = edition.data / name
        before = path.read_text(encoding="utf-8")
        after = work(before)
        assert after != before
        path.write_text(after, encoding="utf-8")

    return step


def without_column(text: str) -> str:
    rows = [line.split(";") for line in text.splitlines()]
    return "".join(f"{';'.join([*row[:2], *row[3:]])}\n" for row in rows)


def fewer_columns(edition: Edition) -> None:
    rewrite("salarissen.csv", without_column)(edition)
    line = "      begroting_primitief: Begroting 2023 primitief\n"
    rewrite("bron.yaml", lambda text: text[: text.rindex(line)] + text[text.rindex(line) + len(line) :])(edition)
    rewrite("toelichting/2-personeel.md", lambda text: text.split("\n\n")[0])(edition)


def one_column_more(edition: Edition) -> None:
    rewrite("overhead.csv", lambda text: "".join(f"{line};x\n" for line in text.splitlines()))(edition)


def one_table_more(edition: Edition) -> None:
    text = "post;rekening\nTeam Infra;17,0\nTotaal;17,0\n"
    (edition.data / "formatie.csv").write_text(text, encoding="utf-8")
    declared = "  formatie:\n    titel: Formatie\n    eenheid: fte\n    decimalen: 1\n    budgetresultaat: afwezig\n"
    rewrite("bron.yaml", lambda text: text + declared)(edition)


def no_salaries(edition: Edition) -> None:
    (edition.data / "salarissen.csv").unlink()
    rewrite("bron.yaml", lambda text: re.sub(r"  salarissen:\n(?:    .*\n)+", "", text))(edition)


def no_salaries_and_no_story_of_them(edition: Edition) -> None:
    no_salaries(edition)
    for name in ("0-samenvatting", "2-personeel"):
        (edition.data / "toelichting" / f"{name}.md").unlink()


def no_deliveries(edition: Edition) -> None:
    for name in ("reeks", "vergelijking", "verdeling"):
        (edition.data / f"{name}.csv").unlink()


def no_deliveries_and_no_story_of_them(edition: Edition) -> None:
    no_deliveries(edition)
    (edition.data / "toelichting" / "5-vergelijking.md").unlink()


def shown_otherwise(edition: Edition) -> None:
    """Have a workbook whose cell shows thousands of what is in it."""
    book = openpyxl.Workbook()
    sheet = book.active
    sheet.title = "overhead"
    for line in (edition.data / "overhead.csv").read_text(encoding="utf-8").splitlines():
        sheet.append(line.split(";"))
    cell = sheet.cell(sheet.max_row, 5, -14393000)
    cell.number_format = "#,##0,"
    (edition.data / "overhead.csv").unlink()
    book.save(edition.data / "cijfers.xlsx")


NO_TABLE = "Wij hebben geen tabel met salarissen, of geen ICT-projecten"
TRIED: tuple[tuple[str, Callable[[Edition], None], int, str], ...] = (
    ('Wat doe ik met "niet aangeleverd"?', rewrite("overhead.csv", lambda text: text.replace(";-24;26", ";;")), 0,
     "1 regel zonder bedrag"),
    ('Wat doe ik met "niet aangeleverd"?', rewrite("overhead.csv", lambda text: text.replace(";-24;26", ";-;50")), 1,
     "TOTAAL_ONJUIST"),
    ("Mijn tabel heeft andere kolommen", fewer_columns, 0, "waarvan 0 fout"),
    ("Mijn tabel heeft andere kolommen", one_column_more, 0, "KOLOM_NIET_GEBRUIKT"),
    ("Mijn tabel heeft andere rijen", rewrite("overhead.csv", lambda text: text.replace("duo_plus;", "duo;")), 2,
     "toelichting/1-overhead.md, regel 9"),
    ("Ik heb nog een tabel", one_table_more, 0, "waarvan 0 fout"),
    (NO_TABLE, no_salaries, 2, "toelichting/2-personeel.md, regel 1"),
    (NO_TABLE, no_salaries_and_no_story_of_them, 0, "waarvan 0 fout"),
    ("De cijfers van het CBS zijn er nog niet", no_deliveries, 2, "toelichting/5-vergelijking.md, regel 3"),
    ("De cijfers van het CBS zijn er nog niet", no_deliveries_and_no_story_of_them, 0, "waarvan 0 fout"),
    ("Excel toont een ander getal dan het programma", shown_otherwise, 2, "toont"),
    ("Waarom zegt het programma dat een getal in mijn zin verouderd is?",
     rewrite("toelichting/1-overhead.md", lambda text: f"{text}\n\nDe bijdrage aan Duo+ was ruim € 7,6 miljoen.\n"), 1,
     "TEKST_GETAL_VEROUDERD"),
)  # fmt: skip
"""A question, what a person did, how `check` ends and what it says."""


@pytest.mark.parametrize(("question", "step", "code", "said"), TRIED, ids=[f"{one[0][:24]}-{one[2]}" for one in TRIED])
def test_what_an_answer_says_that_happens_happens(
    question: str, step: Callable[[Edition], None], code: int, said: str, edition: Edition, capsys: Any
) -> None:
    assert answer(question)
    step(edition)
    assert edition.run("check") == code
    told = capsys.readouterr()
    assert said in told.out + told.err


@long_only("three builds; test_reproducible.py shows that the same input is the same bytes")
def test_the_way_back_to_an_earlier_version(edition: Edition, tmp_path: Path) -> None:
    assert "dezelfde bestanden geven precies dezelfde pagina" in answer("Hoe ga ik terug naar de vorige versie?")
    assert edition.run("build", "-q") == 0
    first = (edition.output / "index.html").read_bytes()
    shutil.copytree(edition.data, tmp_path / "bewaard")
    edition.change("overhead.csv", "-7.442;218", "-7.443;217")
    assert edition.run("build", "-q") == 0
    assert (edition.output / "index.html").read_bytes() != first
    shutil.rmtree(edition.data)
    shutil.copytree(tmp_path / "bewaard", edition.data)
    assert edition.run("build", "-q") == 0
    assert (edition.output / "index.html").read_bytes() == first


def test_every_answer_is_a_whole_sentence_and_leads_on() -> None:
    questions = re.findall(r"^### (.*)$", ANSWERS, re.MULTILINE)
    assert len(questions) > 25
    assert len(set(questions)) == len(questions)
    for question in questions:
        assert re.match(r"[A-ZÉ]", answer(question)), question
