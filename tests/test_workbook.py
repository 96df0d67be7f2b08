"""Excel as people make it: the same figures as from CSV, and what is odd is told."""

import csv
import datetime
import zipfile
from pathlib import Path
from typing import Any

import openpyxl
import pytest
import xlsxwriter
from conftest import ROOT, Edition
from openpyxl.styles import Font

from bedrijfsvoering.amounts import parse_amount
from bedrijfsvoering.edition import read_edition
from bedrijfsvoering.errors import DataError
from bedrijfsvoering.figures import Figures
from bedrijfsvoering.reader import RawTable, Wanted
from bedrijfsvoering.workbook import open_workbook, read_sheet

COLUMNS = ("post", "sleutel", "begroting_primitief", "begroting_na_wijziging", "rekening", "budgetresultaat")
HEAD = ["post", "begroting_na_wijziging", "rekening", "budgetresultaat"]
ROWS = [["A", -100, -90, 10], ["B", -50, -60, -10], ["Totaal", -150, -150, 0]]


def sheet_of(tmp_path: Path, *rows: list[Any], change: Any = None, kolommen: dict[str, str] | None = None) -> RawTable:
    """Write rows to a sheet `overhead`, change it by hand, and read it back."""
    book = openpyxl.Workbook()
    sheet = book.active
    sheet.title = "overhead"
    for row in rows:
        sheet.append(row)
    if change:
        change(sheet)
    book.save(tmp_path / "cijfers.xlsx")
    opened = open_workbook(tmp_path / "cijfers.xlsx", "cijfers.xlsx")
    return read_sheet(opened, Wanted("overhead", "cijfers.xlsx", COLUMNS, kolommen or {}))


def amounts(table: RawTable) -> list[tuple[str, str]]:
    return [(row.text("post"), row.text("rekening")) for row in table.rows]


def to_workbook(edition: Edition, as_text: bool) -> None:
    """Move every CSV of the edition into one workbook, as text or as Excel's own numbers."""
    with xlsxwriter.Workbook(edition.data / "cijfers.xlsx") as book:
        for path in sorted(edition.data.glob("*.csv")):
            sheet = book.add_worksheet(path.stem)
            with path.open(encoding="utf-8", newline="") as stream:
                for number, row in enumerate(csv.reader(stream, delimiter=";")):
                    money = path.stem in ("overhead", "salarissen") and number
                    for column, cell in enumerate(row):
                        amount = parse_amount(cell) if money and column > 1 and not as_text else None
                        if amount is None:
                            sheet.write_string(number, column, cell)
                        else:
                            sheet.write_number(number, column, float(amount))
            path.unlink()


@pytest.mark.parametrize("as_text", [False, True], ids=["numbers", "numbers stored as text"])
def test_both_roads_give_the_same_figures_for_diemen(as_text: bool, edition: Edition, diemen: Figures) -> None:
    to_workbook(edition, as_text)
    read = read_edition(edition.root / "data", "diemen", 2023)
    for naam, table in diemen.tables.items():
        assert [(p.sleutel, p.post, p.bedragen, p.gedrukt) for p in read.tables[naam].posten] == [
            (p.sleutel, p.post, p.bedragen, p.gedrukt) for p in table.posten
        ]
    assert read.projecten == diemen.projecten
    assert read.mijlpalen == diemen.mijlpalen
    assert [f.code for f in read.findings] == [f.code for f in diemen.findings]


def test_titles_above_the_header_are_passed_over(tmp_path: Path) -> None:
    table = sheet_of(tmp_path, ["Overhead 2023"], [], ["bedragen x 1.000"], HEAD, *ROWS)
    assert amounts(table) == [("A", "-90"), ("B", "-60"), ("Totaal", "-150")]
    assert table.rows[0].regel == 5


def test_a_merged_header_over_two_rows_is_read_as_one(tmp_path: Path) -> None:
    def merge(sheet: Any) -> None:
        sheet.merge_cells("A1:A2")
        sheet.merge_cells("B1:C1")

    kolommen = {"post": "Soort kosten", "begroting_primitief": "Begroting 2023 primitief",
                "begroting_na_wijziging": "Begroting 2023 totaal", "rekening": "Rekening 2023"}  # fmt: skip
    rows = [
        ["Soort kosten", "Begroting 2023", None, "Rekening"],
        [None, "primitief", "totaal", 2023],
        ["A", -1, -2, -3],
    ]
    table = sheet_of(tmp_path, *rows, change=merge, kolommen=kolommen)
    assert table.columns == ("post", "begroting_primitief", "begroting_na_wijziging", "rekening")
    assert [row.text("begroting_na_wijziging") for row in table.rows] == ["-2"]


def test_hidden_rows_and_columns_are_read_and_told(tmp_path: Path) -> None:
    def hide(sheet: Any) -> None:
        sheet.row_dimensions[3].hidden = True
        sheet.column_dimensions["B"].hidden = True
        sheet.sheet_state = "hidden"
        sheet.parent.create_sheet("leeg")

    table = sheet_of(tmp_path, HEAD, *ROWS, change=hide)
    assert ("B", "-60") in amounts(table)
    assert [notice.code for notice in table.notices] == ["BLAD_VERBORGEN", "RIJ_VERBORGEN", "KOLOM_VERBORGEN"]


def test_a_formula_counts_for_what_excel_last_computed(tmp_path: Path) -> None:
    with xlsxwriter.Workbook(tmp_path / "cijfers.xlsx") as book:
        sheet = book.add_worksheet("overhead")
        for number, row in enumerate([HEAD, *ROWS[:2]]):
            sheet.write_row(number, 0, row)
        sheet.write_row(3, 0, ["Totaal", -150])
        sheet.write_formula(3, 2, "=SUM(C2:C3)", None, -150)
        sheet.write_formula(3, 3, "=C4-B4", None, 0)
    opened = open_workbook(tmp_path / "cijfers.xlsx", "cijfers.xlsx")
    table = read_sheet(opened, Wanted("overhead", "cijfers.xlsx", COLUMNS, {}))
    assert amounts(table)[-1] == ("Totaal", "-150")


@pytest.mark.parametrize(
    ("cell", "value", "code", "said"),
    [
        ("C4", "=SUM(C2:C3)", "FORMULE_ZONDER_WAARDE", "Cel C4 bevat een formule zonder uitkomst"),
        ("C2", "#REF!", "FORMULE_FOUT", "Cel C2 geeft de foutmelding #REF!"),
    ],
)
def test_a_cell_without_a_value_is_told_with_its_address(
    cell: str, value: str, code: str, said: str, tmp_path: Path
) -> None:
    with pytest.raises(DataError, match=said) as caught:
        sheet_of(tmp_path, HEAD, *ROWS, change=lambda sheet: sheet.__setitem__(cell, value))
    assert [problem.code for problem in caught.value.problems] == [code]


def test_a_date_in_a_cell_keeps_its_day(tmp_path: Path) -> None:
    table = sheet_of(tmp_path, HEAD, ["A", -1, datetime.datetime(2023, 7, 1), None])
    assert amounts(table) == [("A", "2023-07-01")]


def test_fractions_are_taken_as_excel_holds_them_and_lay_out_is_no_figure(tmp_path: Path) -> None:
    def style(sheet: Any) -> None:
        sheet["C2"].number_format = "#,##0;(#,##0)"
        sheet["C2"].font = Font(color="FF0000")

    table = sheet_of(tmp_path, HEAD, ["A", -0.1, -1234.5, 0], ["B", "(1.234)", "1.234-", "–"], change=style)
    assert [row.cells["rekening"] for row in table.rows] == [parse_amount("-1.234,5"), "1.234-"]


def test_an_extra_sheet_is_told_and_left_alone(edition: Edition) -> None:
    to_workbook(edition, as_text=False)
    book = openpyxl.load_workbook(edition.data / "cijfers.xlsx")
    book.create_sheet("kladblok").append(["x"])
    book.save(edition.data / "cijfers.xlsx")
    findings = read_edition(edition.root / "data", "diemen", 2023).findings
    assert [f.code for f in findings if f.ernst == "waarschuwing"] == ["BESTAND_NIET_GELEZEN"]


def test_a_table_in_the_workbook_and_in_a_file_is_refused(edition: Edition) -> None:
    to_workbook(edition, as_text=False)
    (edition.data / "overhead.csv").write_text((ROOT / "data/diemen/2023/overhead.csv").read_text(encoding="utf-8"))
    with pytest.raises(DataError, match=r"staat ook in cijfers\.xlsx"):
        read_edition(edition.root / "data", "diemen", 2023)


def test_a_workbook_that_unpacks_without_end_is_refused_before_it_is_opened(tmp_path: Path) -> None:
    path = tmp_path / "cijfers.xlsx"
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("xl/worksheets/sheet1.xml", b"0" * 60_000_000)
    assert path.stat().st_size < 100_000
    with pytest.raises(DataError, match="Uitgepakt is het bestand groter"):
        open_workbook(path, "cijfers.xlsx")


@pytest.mark.parametrize("raw", [b"", b"PK\x03\x04kapot", b"\xd0\xcf\x11\xe0" + b"0" * 600, b"post;rekening\n"])
def test_what_is_no_workbook_is_told(raw: bytes, tmp_path: Path) -> None:
    (tmp_path / "cijfers.xlsx").write_bytes(raw)
    with pytest.raises(DataError, match="geen Excel-werkmap"):
        open_workbook(tmp_path / "cijfers.xlsx", "cijfers.xlsx")


def test_formatted_empty_rows_and_a_cell_far_away_take_no_time_and_no_place(tmp_path: Path) -> None:
    def fill(sheet: Any) -> None:
        for number in range(10, 3000):
            sheet.cell(number, 60).number_format = "0.00"
        sheet.cell(900_000, 1).value = " "

    assert amounts(sheet_of(tmp_path, HEAD, *ROWS, change=fill)) == [("A", "-90"), ("B", "-60"), ("Totaal", "-150")]


def test_a_sheet_with_too_many_columns_is_refused(tmp_path: Path) -> None:
    with pytest.raises(DataError, match="Meer dan 200 kolommen"):
        sheet_of(tmp_path, HEAD, *ROWS, change=lambda sheet: setattr(sheet.cell(2, 300), "value", 1))
