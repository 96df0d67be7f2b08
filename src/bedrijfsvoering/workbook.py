"""One Excel workbook with a sheet per table, read to the same raw tables as CSV; what is odd is told, not guessed."""

from __future__ import annotations

import io
import math
import re
import warnings
import zipfile
from collections.abc import Sequence
from contextlib import redirect_stdout
from dataclasses import dataclass, replace
from datetime import date, datetime
from decimal import Decimal
from pathlib import Path
from typing import Any

from .errors import DataError
from .findings import Finding
from .header import from_header, known_headers
from .notation import date_as_shown, is_sign_otherwise, places, scales_of, spans, tell_otherwise
from .reader import MAX_ROWS, Cell, Line, RawTable, Wanted, fold, raw_table, read_bytes
from .texts import clean

NAME = "cijfers.xlsx"
"""The workbook of an edition; it stands where the CSV files would."""
INSTRUCTION = "Instructie"
"""The sheet of a workbook to be filled in that tells how; it holds no table."""
MAX_UNPACKED = 50_000_000
"""A workbook is a zip file; one that unpacks to more than this is refused before it is opened."""
MAX_COLUMNS = 200
LAST_COLUMN = 16_384
"""Excel's own last column, XFD; people hide all columns up to it."""
MAX_SPANNED = 500_000
"""Cells under merged cells and links; openpyxl makes each of them, and a whole sheet has billions."""
SPANNED = re.compile(rb"<(?:\w+:)?(?:mergeCell|hyperlink)\s[^<]*?\bref\s*=\s*[\"']([^\"']+)[\"']")
STRICT = b"http://purl.oclc.org/ooxml/spreadsheetml/main"
UNREADABLE = "Dit is geen Excel-werkmap (.xlsx), of zij is beveiligd of beschadigd. Bewaar haar opnieuw als .xlsx."
BREAK = re.compile(r"_x000[9AD]_", re.IGNORECASE)
"""How a workbook spells a tab or the end of a line inside a cell."""


@dataclass(frozen=True)
class Workbook:
    """An opened workbook: its values, and the same cells with their formulas."""

    values: Any
    formulas: Any

    @property
    def sheets(self) -> dict[str, list[str]]:
        """The sheets by folded name; a chart sheet has no cells, so no table is ever read from one."""
        named: dict[str, list[str]] = {}
        for sheet in self.values.worksheets:
            named.setdefault(fold(sheet.title), []).append(sheet.title)
        return named


def open_workbook(path: Path, bestand: str) -> Workbook:
    """Open a workbook twice: for what Excel last computed, and for the formulas behind it.

    Raises
    ------
    DataError
        The file is no workbook, is protected by a password, unpacks to more than a workbook ever does, or has numbers
        that are none.
    """
    wanted = Wanted("", bestand, (), {})
    raw = read_bytes(path, wanted)
    with warnings.catch_warnings(), redirect_stdout(io.StringIO()):
        warnings.simplefilter("ignore")  # openpyxl tells of formatting that it leaves out, and even prints it
        try:
            _check_parts(raw, wanted)
            return Workbook(_load(raw, data_only=True), _load(raw, data_only=False))
        except DataError:
            raise
        except Exception:  # openpyxl raises whatever the parts of a broken file make it raise
            raise DataError(_wrong_numbers(raw, wanted) or [wanted.fail("BESTAND_ONLEESBAAR", UNREADABLE)]) from None


def _check_parts(raw: bytes, wanted: Wanted) -> None:
    """Refuse what would take all memory, unpacked or in merged cells, and a kind that openpyxl takes for empty."""
    with zipfile.ZipFile(io.BytesIO(raw)) as archive:
        if sum(item.file_size for item in archive.infolist()) > MAX_UNPACKED:
            bericht = f"Uitgepakt is het bestand groter dan {MAX_UNPACKED // 1_000_000} MB. Bewaar alleen de tabellen."
            raise DataError([wanted.fail("BESTAND_TE_GROOT", bericht)])
        parts = [archive.read(item) for item in archive.infolist() if item.filename.endswith(".xml")]
    if any(STRICT in part for part in parts):
        bericht = "De werkmap is bewaard als 'Strict Open XML'. Bewaar haar als gewone Excel-werkmap (.xlsx)."
        raise DataError([wanted.fail("BESTAND_ONLEESBAAR", bericht)])
    spanned = sum(_area(ref.decode()) for part in parts for ref in SPANNED.findall(part))
    if spanned > MAX_SPANNED:
        bericht = f"Samengevoegde cellen of koppelingen beslaan {spanned} cellen. Hef ze op; laat alleen de tabellen."
        raise DataError([wanted.fail("BESTAND_TE_GROOT", bericht)])


def _area(ref: str) -> int:
    """Return how many cells a reference such as `A1:C3` has; one that cannot be read is left to openpyxl."""
    from openpyxl.utils.cell import range_boundaries

    try:
        left, top, right, bottom = range_boundaries(ref)
    except ValueError:
        return 0
    return max(0, int((right - left + 1) * (bottom - top + 1)))


def _load(raw: bytes, data_only: bool) -> Any:
    """Return openpyxl's workbook; of a chart sheet only the name, for its charts hold no figures."""
    from openpyxl.reader.excel import ExcelReader

    reader = ExcelReader(io.BytesIO(raw), data_only=data_only, keep_links=False)
    reader.read_chartsheet = lambda sheet, rel: reader.wb.create_chartsheet(sheet.name)
    reader.read()
    return reader.wb


def _wrong_numbers(raw: bytes, wanted: Wanted) -> list[Finding]:
    """Return the cells of a workbook that cannot be opened because they hold NaN or INF for a number."""
    from openpyxl.reader.excel import ExcelReader
    from openpyxl.worksheet._reader import CELL_TAG, VALUE_TAG
    from openpyxl.xml.functions import iterparse

    problems = []
    try:
        reader = ExcelReader(io.BytesIO(raw), keep_links=False)
        reader.read_manifest()
        reader.read_workbook()
        for sheet, part in reader.parser.find_sheets():
            with reader.archive.open(part.target) as stream:
                for _, cell in iterparse(stream):
                    text = cell.findtext(VALUE_TAG) if cell.tag == CELL_TAG and cell.get("t", "n") == "n" else None
                    if text and not _is_number(text):
                        place = f"Cel {cell.get('r', '')} van blad '{sheet.name}'"
                        bericht = f"{place} bevat '{clean(text)[:20]}'; dit is geen getal. Verbeter de cel."
                        problems.append(wanted.fail("GETAL_ONLEESBAAR", bericht))
    except Exception:  # the file is broken in another way too; that is told instead
        return []
    return problems


def _is_number(text: str) -> bool:
    try:
        return math.isfinite(float(text))
    except ValueError:
        return False


def read_sheet(book: Workbook, wanted: Wanted) -> RawTable:
    """Read one sheet: numbers as Excel holds them (in a table of percentages as it shows them), text as printed.

    Raises
    ------
    DataError
        The sheet cannot be read as a table at all, or its header is not certain. Formulas without a value, errors in
        cells, numbers that are shown as other numbers and what a CSV file can have are in the table's `problems`.
    """
    names = book.sheets[fold(wanted.naam)]
    if len(names) > 1:
        told = " en ".join(f"'{name}'" for name in names)
        bericht = f"De bladen {told} hebben dezelfde naam. Haal er een weg, of geef het een andere naam."
        raise DataError([wanted.fail("TABEL_DUBBEL", bericht)])
    values, formulas = book.values[names[0]], book.formulas[names[0]]
    problems: list[Finding] = []
    filled = _lines(values, formulas, wanted, problems)
    if problems and not filled:
        raise DataError(problems)
    notices = _hidden(values, filled, wanted)
    try:
        lines = from_header(filled, _merged(values, {number for number, _ in filled}), wanted)
        begin = lines[0][0] if lines else 0
        problems = [problem for problem in problems if (problem.regel or 0) >= begin]
        lines, shown = _as_shown(lines, values, wanted)
        problems += [finding for finding in shown if finding.ernst == "fout"]
        notices += [finding for finding in shown if finding.ernst != "fout"]
        table = raw_table(lines, wanted, notices)
    except DataError as exc:
        raise DataError([*problems, *exc.problems]) from None
    return replace(table, problems=(*problems, *table.problems))


def _lines(values: Any, formulas: Any, wanted: Wanted, problems: list[Finding]) -> list[Line]:
    """Return the rows that hold something, each without the empty cells at its end.

    Only cells that are there are looked at (openpyxl's own dictionary of them): a sheet with a million formatted empty
    rows is as quick as one without.
    """
    filled = {key for sheet in (values, formulas) for key, cell in sheet._cells.items() if cell.value is not None}
    widest = max((column for _, column in filled), default=0)
    if widest > MAX_COLUMNS:
        raise DataError([wanted.fail("BESTAND_TE_GROOT", f"Meer dan {MAX_COLUMNS} kolommen.")])
    last: dict[int, int] = {}
    for row, column in filled:
        last[row] = max(last.get(row, 0), column)
    lines: list[Line] = []
    for row in sorted(last):
        cells: list[Cell] = []
        for column in range(1, last[row] + 1):
            place = (row, column)
            there = place in filled
            cells.append(_cell(values._cells[place], formulas._cells[place], wanted, problems) if there else "")
        if any(str(cell).strip() for cell in cells):
            lines.append((row, cells))
    if len(lines) > MAX_ROWS + 1:
        raise DataError([wanted.fail("BESTAND_TE_GROOT", f"Meer dan {MAX_ROWS} rijen.")])
    return lines


def _cell(cell: Any, formula: Any, wanted: Wanted, problems: list[Finding]) -> Cell:
    """Return one cell: a number exactly as Excel holds it, a date as precise as it is shown, anything else as text."""
    value = cell.value
    if value is None and formula.data_type == "f" and cell.data_type != "str":  # "str": computed, to an empty text
        bericht = (
            f"Cel {formula.coordinate} bevat een formule zonder uitkomst. "
            "Open de werkmap in Excel, reken haar door en bewaar haar."
        )
        problems.append(wanted.fail("FORMULE_ZONDER_WAARDE", bericht, formula.row))
        return ""
    if value is None:
        return ""
    if cell.data_type == "e":
        bericht = f"Cel {formula.coordinate} geeft de foutmelding {value}. Verbeter de formule."
        problems.append(wanted.fail("FORMULE_FOUT", bericht, formula.row))
        return ""
    if isinstance(value, bool):
        return "waar" if value else "onwaar"
    if isinstance(value, float) and not math.isfinite(value):
        bericht = f"Cel {formula.coordinate} bevat een getal dat te groot is om te lezen. Verbeter de cel."
        problems.append(wanted.fail("GETAL_ONLEESBAAR", bericht, formula.row))
        return ""
    if isinstance(value, int | float):
        return Decimal(repr(value or 0))  # no nil with a minus
    if isinstance(value, datetime | date):
        return date_as_shown(value, _format(cell))
    return BREAK.sub(" ", str(value))


def _format(cell: Any) -> str:
    """Return the number format of a cell; one that the workbook names and does not hold is none, as for Excel."""
    try:
        return str(cell.number_format or "General")
    except IndexError:
        return "General"


def _as_shown(lines: Sequence[Line], values: Any, wanted: Wanted) -> tuple[list[Line], list[Finding]]:
    """Return the lines with percentages as they are shown, and what is told of cells that show another number.

    Only columns that are read count. A cell that holds 0.517 and shows 51,7% is right in a table of percentages only;
    one that shows thousands, or nothing, is never right.
    """
    if not lines:
        return [], []
    known = known_headers(wanted)
    header = [str(head) for head in lines[0][1]]
    result, found, percentages = [lines[0]], [], set()
    for row, cells in lines[1:]:
        shown = list(cells)
        for column, (head, amount) in enumerate(zip(header, cells, strict=False), start=1):
            if fold(head) not in known or not isinstance(amount, Decimal):
                continue
            cell = values._cells[row, column]
            number_format = _format(cell)
            scales = scales_of(amount, number_format)
            if scales == {2} and wanted.procent:
                shown[column - 1] = amount * 100
                percentages.add((column, row))
            elif scales != {0} or is_sign_otherwise(amount, number_format):
                bericht = tell_otherwise(amount, cell.coordinate, number_format)
                found.append(wanted.fail("GETAL_ANDERS_GETOOND", bericht, row, head))
        result.append((row, shown))
    if percentages:
        bericht = f"Procenten zijn gelezen zoals Excel ze toont (0,5 als 50%): {places(percentages)}."
        found.append(wanted.notice("PROCENT_ALS_GETOOND", bericht))
    return result, found


def _hidden(values: Any, lines: Sequence[Line], wanted: Wanted) -> list[Finding]:
    """Tell of rows, columns and a sheet that are hidden: they are read, for a total counts them too.

    What is hidden behind the last filled row or column holds nothing, and is not told.
    """
    from openpyxl.utils import get_column_letter

    last_row = max((number for number, _ in lines), default=0)
    widest = max((len(cells) for _, cells in lines), default=0)
    rows = [(number, number) for number, row in values.row_dimensions.items() if row.hidden and number <= last_row]
    groups = [column for column in values.column_dimensions.values() if column.hidden and column.min <= widest]
    columns = [(column.min, min(column.max or column.min, LAST_COLUMN)) for column in groups]
    told = []
    if values.sheet_state != "visible":
        told.append(wanted.notice("BLAD_VERBORGEN", f"Het blad '{values.title}' is verborgen; het is wel gelezen."))
    if rows:
        names = spans(rows, str)
        bericht = f"Verborgen rijen zijn wel gelezen: {names}. Haal weg wat er niet bij hoort."
        told.append(wanted.notice("RIJ_VERBORGEN", bericht, min(rows)[0]))
    if columns:
        names = spans(columns, get_column_letter)
        bericht = f"Verborgen kolommen zijn wel gelezen: {names}. Haal weg wat er niet bij hoort."
        told.append(wanted.notice("KOLOM_VERBORGEN", bericht))
    return told


def _merged(values: Any, rows: set[int]) -> dict[tuple[int, int], Any]:
    """Return what each cell under merged cells says, of the rows that hold something."""
    return {
        (row, column): values.cell(area.min_row, area.min_col).value
        for area in values.merged_cells.ranges
        for row in range(area.min_row, area.max_row + 1)
        if row in rows
        for column in range(area.min_col, min(area.max_col, MAX_COLUMNS) + 1)
    }
