"""Tables of five municipalities as they were published: read, proven, and every wrong declaration caught."""

from dataclasses import replace
from decimal import Decimal
from pathlib import Path

import pytest

from bedrijfsvoering.checks import run_checks
from bedrijfsvoering.edition import read_edition
from bedrijfsvoering.figures import Figures, Table
from bedrijfsvoering.normalise import normalise_money
from bedrijfsvoering.reader import Wanted, read_csv
from bedrijfsvoering.source import MONEY_COLUMNS, TEXT_COLUMNS

PUBLISHED = Path(__file__).parent / "published"
EDITIONS = [("gouda", 2017), ("gouda", 2018), ("dalfsen", 2019), ("lansingerland", 2019), ("haarlemmermeer", 2023)]
FLIPPED = {
    "lasten": {"negatief": "positief", "positief": "negatief"},
    "budgetresultaat": {
        "rekening - begroting": "begroting - rekening",
        "begroting - rekening": "rekening - begroting",
    },
}


def edition(gemeente: str, jaar: int) -> Figures:
    return read_edition(PUBLISHED, gemeente, jaar)


def redeclared(table: Table, gemeente: str, jaar: int, **declared: str) -> Table:
    """Read a table again under another declaration."""
    source = table.source.model_copy(update=declared)
    path = PUBLISHED / gemeente / str(jaar) / f"{table.naam}.csv"
    columns = (*TEXT_COLUMNS, *MONEY_COLUMNS, *source.other_years)
    return normalise_money(read_csv(path, Wanted(table.naam, path.name, columns, source.kolommen)), source)


@pytest.mark.parametrize(("gemeente", "jaar"), EDITIONS)
def test_a_published_table_is_read_without_a_false_alarm(gemeente: str, jaar: int) -> None:
    figures = edition(gemeente, jaar)
    assert figures.fouten == ()
    assert {f.code for f in figures.findings if f.ernst == "waarschuwing"} <= {"TOTAAL_ONTBREEKT"}


SHOWING = [
    (gemeente, jaar, naam)
    for gemeente, jaar in EDITIONS
    for naam, table in edition(gemeente, jaar).tables.items()
    if table.source.budgetresultaat != "afwezig"
]


@pytest.mark.parametrize(("gemeente", "jaar", "naam"), SHOWING)
@pytest.mark.parametrize("field", FLIPPED)
def test_a_wrong_declaration_is_caught_and_the_right_one_named(gemeente: str, jaar: int, naam: str, field: str) -> None:
    table = edition(gemeente, jaar).tables[naam]
    if field == "lasten" and "saldo" in naam:
        pytest.skip("a table of balances does not show the sign of costs; the page says it is taken on trust")
    right = getattr(table.source, field)
    wrong = redeclared(table, gemeente, jaar, **{field: FLIPPED[field][right]})
    figures = replace(edition(gemeente, jaar), tables={naam: wrong}, checks=())
    fouten = [f for check in run_checks(figures) for f in check.findings if f.ernst == "fout"]
    assert ("TEKEN_ONJUIST", right) in [(f.code, f.berekend) for f in fouten]


@pytest.mark.parametrize(
    ("gemeente", "jaar", "tabel", "sleutel", "kolom", "amount"),
    [
        ("gouda", 2017, "overhead", "huisvesting", "rekening", "-3436"),
        ("gouda", 2017, "overhead", "huisvesting", "budgetresultaat", "-118"),
        ("gouda", 2017, "overhead", "toerekening_externe_kostendragers", "rekening", "1181"),
        ("gouda", 2017, "overhead_baten", "hrm", "rekening", "1550"),
        ("gouda", 2017, "overhead_baten", "hrm", "budgetresultaat", "579"),
        ("dalfsen", 2019, "lasten", "overhead", "budgetresultaat", "399"),
        ("lansingerland", 2019, "overhead", "huisvesting", "budgetresultaat", "-251"),
        ("lansingerland", 2019, "overhead", "huisvesting", "rekening_2018", "-1947"),
        ("lansingerland", 2019, "overhead", "totaal", "rekening", "-15208"),
        ("haarlemmermeer", 2023, "salarissen", "griffie", "begroting_primitief_2022", "-842"),
        ("haarlemmermeer", 2023, "formatie", "totaal", "begroting_primitief", "1065.32"),
    ],
)
def test_figures_have_the_houses_sign(
    gemeente: str, jaar: int, tabel: str, sleutel: str, kolom: str, amount: str
) -> None:
    posten = {post.sleutel: post for post in edition(gemeente, jaar).tables[tabel].posten}
    assert posten[sleutel].bedragen[kolom] == Decimal(amount)
