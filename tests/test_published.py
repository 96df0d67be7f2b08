"""The back test: what the municipality printed against what we read, and what we show."""

import os
import re
from decimal import Decimal
from pathlib import Path

import pytest

from bedrijfsvoering.amounts import parse_amount
from bedrijfsvoering.figures import Figures
from bedrijfsvoering.source import MONEY_COLUMNS

HERE = Path(__file__).parent / "published"
TABLES = {"overhead": 1, "salarissen": -1}
"""Table -> what its printed result must be multiplied by: the salary table prints begroting - rekening."""
IV3_NET_OVERHEAD_2023 = 1370 - 15763
"""CBS Iv3, jaarrekening 2023, taakveld 0.4, Diemen: baten 1.370, lasten 15.763, x EUR 1.000."""
IV3 = Path(os.environ.get("BEDRIJFSVOERING_IV3", Path(__file__).parents[2] / "shared" / "iv3"))
"""Where the whole Iv3 extract is, for who has it; it is not part of the project."""


def printed(tabel: str) -> list[tuple[str, list[Decimal | None]]]:
    lines = (HERE / f"diemen-2023-{tabel}.txt").read_text(encoding="utf-8").splitlines()
    rows = [[cell.strip() for cell in line.split("|")] for line in lines if not line.startswith("#")]
    return [(post, [parse_amount(cell) for cell in cells]) for post, *cells in rows]


def test_the_source_has_132_figures() -> None:
    assert sum(len(cells) for tabel in TABLES for _, cells in printed(tabel)) == 132


@pytest.mark.parametrize("tabel", TABLES)
def test_figures_are_stored_as_printed(tabel: str, diemen: Figures) -> None:
    table = diemen.tables[tabel]
    assert [(post.post, [post.gedrukt[k] for k in MONEY_COLUMNS]) for post in table.posten] == printed(tabel)


@pytest.mark.parametrize("tabel", TABLES)
def test_every_printed_figure_stands_in_the_page_in_the_houses_sign(
    tabel: str, diemen: Figures, page_html: str
) -> None:
    cells = re.findall(r'<td [^>]*id="[^"]+"><data value="([^"]+)" data-bron="([^"]+)">', page_html)
    shown = {bron: Decimal(value) for value, bron in cells}
    for post, (_, amounts) in zip(diemen.tables[tabel].posten, printed(tabel), strict=True):
        signs = (1, 1, 1, TABLES[tabel])
        for kolom, amount, sign in zip(MONEY_COLUMNS, amounts, signs, strict=True):
            assert amount is not None
            assert shown.pop(f"{tabel}.{post.sleutel}.{kolom}") == amount * sign
    assert not [bron for bron in shown if bron.startswith(f"{tabel}.")]


def test_the_printed_total_is_that_of_cbs(diemen: Figures) -> None:
    total = diemen.tables["overhead"].totaal
    assert total is not None
    assert total.bedragen["rekening"] == IV3_NET_OVERHEAD_2023
    lines = sum(post.bedragen["rekening"] or 0 for post in diemen.tables["overhead"].regels)
    assert lines == -14391  # the rounded lines do not add up to the total, and the total is right


def test_the_single_figure_carried_over_is_that_of_the_extract() -> None:
    path = IV3 / "taakveld_0.4_overhead_alle_gemeenten.csv"
    if not path.is_file():
        pytest.skip("the Iv3 extract is not on this machine")
    rows = [line.split(",") for line in path.read_text(encoding="utf-8").splitlines()]
    head = rows[0]
    found = [dict(zip(head, row, strict=False)) for row in rows if row[:3] == ["Diemen", "2023", "jaarrekening"]]
    assert [int(row["baten"]) - int(row["lasten"]) for row in found] == [IV3_NET_OVERHEAD_2023]


def test_the_printed_81_is_an_overspend(diemen: Figures) -> None:
    total = diemen.tables["salarissen"].totaal
    assert total is not None
    assert (total.gedrukt["budgetresultaat"], total.bedragen["budgetresultaat"]) == (81, -81)
