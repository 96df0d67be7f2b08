"""Excel as people make it: the same figures as from CSV, and what is odd is told."""

import csv
import datetime
import time
import zipfile
from decimal import Decimal
from pathlib import Path
from typing import Any

import openpyxl
import pytest
import xlsxwriter
from conftest import ROOT, Edition, sound
from openpyxl.chart import BarChart, Reference
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


def write_sheet(tmp_path: Path, *rows: list[Any], change: Any = None) -> Path:
    """Write rows to a sheet `overhead` and change it by hand."""
    book = openpyxl.Workbook()
    sheet = book.active
    sheet.title = "overhead"
    for row in rows:
        sheet.append(row)
    if change:
        change(sheet)
    book.save(tmp_path / "cijfers.xlsx")
    return tmp_path / "cijfers.xlsx"


def read_back(path: Path, kolommen: dict[str, str] | None = None, procent: bool = False) -> RawTable:
    wanted = Wanted("overhead", "cijfers.xlsx", COLUMNS, kolommen or {}, procent)
    return sound(read_sheet(open_workbook(path, "cijfers.xlsx"), wanted))


def sheet_of(tmp_path: Path, *rows: list[Any], change: Any = None, kolommen: dict[str, str] | None = None) -> RawTable:
    """Write rows to a sheet `overhead`, change it by hand, and read it back."""
    return read_back(write_sheet(tmp_path, *rows, change=change), kolommen)


def edit_xml(path: Path, old: str, new: str, part: str = "xl/worksheets/sheet1.xml") -> None:
    """Replace `old`, which must be there, in a part of a workbook, as no program would write it."""
    with zipfile.ZipFile(path) as archive:
        parts = {name: archive.read(name) for name in archive.namelist()}
    assert old.encode() in parts[part], parts[part]
    parts[part] = parts[part].replace(old.encode(), new.encode())
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in parts.items():
            archive.writestr(name, content)


def problems_of(path: Path, procent: bool = False) -> list[tuple[str, str]]:
    with pytest.raises(DataError) as caught:
        read_back(path, procent=procent)
    return [(problem.code, problem.bericht) for problem in caught.value.problems]


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


def test_a_second_header_on_a_sheet_is_refused(tmp_path: Path) -> None:
    second = ["post", "begroting_primitief", "begroting_na_wijziging", "rekening", "budgetresultaat"]
    [(code, bericht)] = problems_of(write_sheet(tmp_path, HEAD, *ROWS, [], second, ["C", -1, -1, -1, 0]))
    assert code == "KOPREGEL_DUBBEL"
    assert "rij 1, 6." in bericht
    [(code, bericht)] = problems_of(write_sheet(tmp_path, second, ["C", -1, -1, -1, 0], [], HEAD, *ROWS))
    assert code == "KOPREGEL_DUBBEL"
    assert "rij 1, 4." in bericht


@pytest.mark.parametrize("number", [float, "{:.0f}".format], ids=["numbers", "numbers stored as text"])
def test_amounts_above_the_header_are_refused(number: Any, tmp_path: Path) -> None:
    rows = [["Soort", "Raming", "Realisatie"], ["A", number(-100), number(-90)], ["B", number(-50), number(-60)], []]
    [(code, bericht)] = problems_of(write_sheet(tmp_path, *rows, HEAD, *ROWS))
    assert code == "BEDRAG_BOVEN_KOPREGEL"
    assert "Boven de kopregel (rij 5) staan bedragen, in rij 2 t/m 3" in bericht


def test_a_date_years_and_one_number_above_the_header_are_no_amounts(tmp_path: Path) -> None:
    rows = [["Overhead", datetime.date(2024, 7, 4)], ["", 2022, 2023, "2024"], ["Inwoners", 32785], ["x 1.000"]]
    assert len(sheet_of(tmp_path, *rows, HEAD, *ROWS).rows) == 3


def test_a_title_beside_the_table_is_no_part_of_the_header(tmp_path: Path) -> None:
    table = sheet_of(tmp_path, ["", "", "", "", "Bijlage"], [*HEAD, "noot"], *ROWS)
    assert [notice.kolom for notice in table.notices] == ["noot"]


def test_the_header_is_found_however_far_down(tmp_path: Path) -> None:
    notes = [[f"Toelichting {number}"] for number in range(60)]
    assert len(sheet_of(tmp_path, *notes, HEAD, *ROWS).rows) == 3


def test_a_sheet_without_a_header_is_told_what_is_looked_for(tmp_path: Path) -> None:
    [(code, bericht)] = problems_of(write_sheet(tmp_path, ["Soort", "Realisatie"], ["A", -1]))
    assert code == "KOPREGEL_ONTBREEKT"
    assert "kolommen post, sleutel, begroting_primitief" in bericht


def test_two_sheets_with_the_same_name_are_refused(tmp_path: Path) -> None:
    path = write_sheet(tmp_path, HEAD, *ROWS, change=lambda sheet: sheet.parent.create_sheet("Overhead "))
    [(code, bericht)] = problems_of(path)
    assert code == "TABEL_DUBBEL"
    assert "'overhead' en 'Overhead '" in bericht


def with_format(cell: str, number_format: str) -> Any:
    return lambda sheet: setattr(sheet[cell], "number_format", number_format)


def test_percentages_are_read_as_shown_in_a_table_of_percentages_and_told(tmp_path: Path) -> None:
    def change(sheet: Any) -> None:
        for cell in ("C2", "C3", "C4", "D3"):
            with_format(cell, '0.0%;[Red]-0.0%;"-"')(sheet)

    path = write_sheet(tmp_path, HEAD, ["A", 51.7, 0.517, 0], ["B", 3, 0.29, -0.003], ["C", 0, 0, 0], change=change)
    table = read_back(path, procent=True)
    assert [row.cells["rekening"] for row in table.rows] == [Decimal("51.7"), 29, 0]
    assert [row.cells["budgetresultaat"] for row in table.rows] == [0, Decimal("-0.3"), 0]
    assert [row.cells["begroting_na_wijziging"] for row in table.rows] == [Decimal("51.7"), 3, 0]
    [notice] = table.notices
    assert notice.code == "PROCENT_ALS_GETOOND"
    assert "C2 t/m C4, D3." in notice.bericht


def test_percentages_in_another_table_are_refused(tmp_path: Path) -> None:
    path = write_sheet(tmp_path, HEAD, ["A", -1, 0.517, 0], change=with_format("C2", "0.0%"))
    [(code, bericht)] = problems_of(path)
    assert code == "GETAL_ANDERS_GETOOND"
    assert "Cel C2 bevat 0,517 en toont 51,7%." in bericht


def test_a_table_declared_in_percentages_reads_them_so(edition: Edition) -> None:
    edition.change("bron.yaml", "eenheid: eur_1000", "eenheid: pct")
    to_workbook(edition, as_text=False)
    book = openpyxl.load_workbook(edition.data / "cijfers.xlsx")
    for (cell,) in book["overhead"].iter_rows(min_row=2, min_col=5, max_col=5):
        cell.value, cell.number_format = cell.value / 100, "0%"
    book.save(edition.data / "cijfers.xlsx")
    read = read_edition(edition.root / "data", "diemen", 2023)
    assert "PROCENT_ALS_GETOOND" in [finding.code for finding in read.findings]


@pytest.mark.parametrize(
    ("number_format", "shown"),
    [
        ("#,##0,", "toont 14.393."),
        ("#,##0,;(#,##0,)", "toont 14.393."),
        ('0.0,," mln"', "toont 14,4."),
        ("0,.00", "toont 14.393,46."),
        ("[$€-413] #,##0, ;[Red]-#,##0,", "toont 14.393."),
        ('0" duizend",', "toont 14.393."),
        ("#,##0;-#,##0,", "toont een ander getal."),
        ("0%%", "toont 143.934.560.000."),
        (";;;", "toont dat getal niet."),
        ('"n.v.t."', "toont dat getal niet."),
    ],
)
def test_a_format_that_shows_another_number_is_refused(number_format: str, shown: str, tmp_path: Path) -> None:
    path = write_sheet(tmp_path, HEAD, ["A", -1, 14393456, 0], change=with_format("C2", number_format))
    for procent in (False, True):
        [(code, bericht)] = problems_of(path, procent)
        assert code == "GETAL_ANDERS_GETOOND"
        assert "Cel C2 bevat 14393456 en " + shown in bericht
        assert "Zet de notatie van de cel op Getal" in bericht


@pytest.mark.parametrize(
    "number_format",
    [
        "General", "@", "0", "#,##0", "#,##0.00", "#,##0;(#,##0)", '0"%"', r"0\%", "0_%", "#,##0_,", "0*,", '0", "',
        '_ * #,##0.00_ ;_ * -#,##0.00_ ;_ * "-"??_ ;_ @_ ', '#,##0;-#,##0;"–"', "[$€-413] #,##0", '[<0]"min "0;0',
    ],
)  # fmt: skip
def test_a_format_that_only_lays_out_is_no_matter(number_format: str, tmp_path: Path) -> None:
    table = sheet_of(tmp_path, HEAD, *ROWS, change=with_format("C2", number_format))
    assert amounts(table) == [("A", "-90"), ("B", "-60"), ("Totaal", "-150")]
    assert table.notices == ()


def test_a_format_in_a_column_that_is_not_read_is_no_matter(tmp_path: Path) -> None:
    assert sheet_of(tmp_path, [*HEAD, "aandeel"], ["A", -1, -1, 0, 0.5], change=with_format("E2", "0%")).rows


def test_a_formula_that_gives_an_empty_text_is_a_blank_and_one_never_computed_is_told(tmp_path: Path) -> None:
    path = write_sheet(tmp_path, HEAD, ["A", -1, "=B2", 0])
    assert [code for code, _ in problems_of(path)] == ["FORMULE_ZONDER_WAARDE"]
    edit_xml(path, '<c r="C2"><f>B2</f><v /></c>', '<c r="C2" t="str"><f>""</f><v></v></c>')
    assert amounts(read_back(path)) == [("A", "")]


def test_a_row_of_formulas_never_computed_is_not_left_out(tmp_path: Path) -> None:
    path = write_sheet(tmp_path, HEAD, ["=A9", "=B9", "=C9", "=D9"], ["B", -1, -1, 0])
    assert [code for code, _ in problems_of(path)] == ["FORMULE_ZONDER_WAARDE"] * 4


def test_a_text_that_begins_as_an_error_is_none(tmp_path: Path) -> None:
    path = write_sheet(tmp_path, HEAD, ["=A9", -1, -1, 0])
    edit_xml(path, '<c r="A2"><f>A9</f><v /></c>', '<c r="A2" t="str"><f>A9</f><v>#1 Huur</v></c>')
    assert amounts(read_back(path)) == [("#1 Huur", "-1")]


def test_hidden_columns_and_rows_are_named_as_groups(tmp_path: Path) -> None:
    def hide(sheet: Any) -> None:
        for number in (2, 3, 4, 90):
            sheet.row_dimensions[number].hidden = True

    path = write_sheet(tmp_path, HEAD, *ROWS, change=hide)
    groups = '<col min="2" max="4" hidden="1" width="9" /><col min="6" max="16384" hidden="1" width="9" />'
    edit_xml(path, "<sheetData>", f"<cols>{groups}</cols><sheetData>")
    rows, columns = read_back(path).notices
    assert "gelezen: 2 t/m 4." in rows.bericht
    assert "gelezen: B t/m D." in columns.bericht


@pytest.mark.parametrize("end", ["", 'max="99999999"'])
def test_a_hidden_group_that_ends_nowhere_is_told_all_the_same(end: str, tmp_path: Path) -> None:
    path = write_sheet(tmp_path, HEAD, *ROWS)
    edit_xml(path, "<sheetData>", f'<cols><col min="2" {end} hidden="1" width="9" /></cols><sheetData>')
    [notice] = read_back(path).notices
    assert "gelezen: B" in notice.bericht


@pytest.mark.parametrize("by", ["openpyxl", "xlsxwriter"])
def test_a_chart_sheet_is_no_table(by: str, edition: Edition) -> None:
    to_workbook(edition, as_text=False)
    path = edition.data / "cijfers.xlsx"
    book = openpyxl.load_workbook(path)
    chart = BarChart()
    chart.add_data(Reference(book["overhead"], min_col=5, min_row=1, max_row=4))
    book.create_chartsheet("grafiek").add_chart(chart)
    book.save(path)
    read = read_edition(edition.root / "data", "diemen", 2023)
    assert [finding.code for finding in read.findings if finding.ernst == "waarschuwing"] == []
    if by == "openpyxl":
        del book["overhead"]
        book["grafiek"].title = "overhead"
        book.save(path)
    else:
        with xlsxwriter.Workbook(path) as other:
            drawn = other.add_chart({"type": "bar"})
            drawn.add_series({"values": [other.add_worksheet("salarissen").get_name(), 0, 0, 3, 0]})
            other.add_chartsheet("overhead").set_chart(drawn)
    with pytest.raises(DataError, match=r"overhead\.csv: Het bestand is er niet"):
        read_edition(edition.root / "data", "diemen", 2023)


@pytest.mark.parametrize(
    ("number", "said"),
    [
        ("1E+400", "Cel C2 bevat een getal dat te groot is"),
        ("-1E400", "Cel C2 bevat een getal dat te groot is"),
        ("NaN", "Cel C2 van blad 'overhead' bevat 'NaN'"),
        ("-INF", "Cel C2 van blad 'overhead' bevat '-INF'"),
        ("1.2.3", "Cel C2 van blad 'overhead' bevat '1.2.3'"),
    ],
)
def test_a_number_that_is_none_is_told_with_its_cell(number: str, said: str, tmp_path: Path) -> None:
    path = write_sheet(tmp_path, HEAD, *ROWS)
    edit_xml(path, "<v>-90</v>", f"<v>{number}</v>")
    [(code, bericht)] = problems_of(path)
    assert code == "GETAL_ONLEESBAAR"
    assert said in bericht


def test_a_nil_with_a_minus_is_nil(tmp_path: Path) -> None:
    path = write_sheet(tmp_path, HEAD, *ROWS)
    edit_xml(path, "<v>-90</v>", "<v>-0.0</v>")
    assert amounts(read_back(path))[0] == ("A", "0")


@pytest.mark.parametrize(
    ("number_format", "read"),
    [(r"mmm\-yy", "2023-07"), (r"[$-413]mmmm\ yyyy;@", "2023-07"), ("yyyy", "2023"), ("d mmm", "2023-07-01")],
)
def test_a_date_is_as_precise_as_it_is_shown(number_format: str, read: str, tmp_path: Path) -> None:
    rows = [HEAD, [datetime.date(2023, 7, 1), -1, -1, 0]]
    assert amounts(sheet_of(tmp_path, *rows, change=with_format("A2", number_format))) == [(read, "-1")]


@pytest.mark.parametrize(
    "part",
    [
        '<mergeCells count="1"><mergeCell ref="A1:XFD1048576" /></mergeCells>',
        '<hyperlinks><hyperlink ref="A1:XFD1048576" location="x" /></hyperlinks>',
    ],
    ids=["merged", "linked"],
)
def test_a_whole_sheet_merged_or_linked_is_refused_before_it_is_opened(part: str, tmp_path: Path) -> None:
    path = write_sheet(tmp_path, HEAD, *ROWS)
    edit_xml(path, "</sheetData>", "</sheetData>" + part)
    [(code, _)] = problems_of(path)
    assert code == "BESTAND_TE_GROOT"


def test_a_strict_workbook_is_told_instead_of_taken_for_empty(tmp_path: Path) -> None:
    path = write_sheet(tmp_path, HEAD, *ROWS)
    ordinary, strict = "schemas.openxmlformats.org/spreadsheetml/2006/main", "purl.oclc.org/ooxml/spreadsheetml/main"
    edit_xml(path, ordinary, strict)
    [(code, bericht)] = problems_of(path)
    assert code == "BESTAND_ONLEESBAAR"
    assert "Strict Open XML" in bericht


def test_the_end_of_a_line_inside_a_cell_is_a_space(tmp_path: Path) -> None:
    table = sheet_of(tmp_path, HEAD, ["Huur_x000D_gebouwen", -1, -1, 0])
    assert amounts(table) == [("Huur gebouwen", "-1")]


@pytest.mark.parametrize("cells", [[(row, 5) for row in range(10, 20010)], [(1, column) for column in range(5, 16001)]])
def test_formatted_empty_cells_without_end_take_no_time(cells: list[tuple[int, int]], tmp_path: Path) -> None:
    def fill(sheet: Any) -> None:
        for row, column in cells:
            sheet.cell(row, column).number_format = "0.0%"

    opened = open_workbook(write_sheet(tmp_path, HEAD, *ROWS, change=fill), "cijfers.xlsx")
    begin = time.perf_counter()
    assert len(read_sheet(opened, Wanted("overhead", "cijfers.xlsx", COLUMNS, {})).rows) == 3
    assert time.perf_counter() - begin < 0.5


def test_a_format_that_the_workbook_does_not_hold_is_none(tmp_path: Path) -> None:
    path = write_sheet(tmp_path, HEAD, *ROWS, change=with_format("C2", "0.000"))
    edit_xml(path, 'numFmtId="164" fontId', 'numFmtId="199" fontId', "xl/styles.xml")
    assert amounts(read_back(path))[0] == ("A", "-90")
