"""One Excel workbook with a sheet per table, read to the same raw tables as CSV; what is odd is told, not guessed."""

from __future__ import annotations

import io
import warnings
import zipfile
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from pathlib import Path
from typing import Any

from .errors import DataError
from .findings import Finding
from .reader import Cell, Line, RawTable, Wanted, fold, raw_table, read_bytes

NAME = "cijfers.xlsx"
"""The workbook of an edition; it stands where the CSV files would."""
MAX_UNPACKED = 50_000_000
"""A workbook is a zip file; one that unpacks to more than this is refused before it is opened."""
MAX_COLUMNS = 200
HEADER_SEARCH = 40
"""Rows from the top in which the header is looked for; above it people write titles."""


@dataclass(frozen=True)
class Workbook:
    """An opened workbook: its values, and the same cells with their formulas."""

    values: Any
    formulas: Any

    @property
    def sheets(self) -> dict[str, str]:
        """The sheets by folded name."""
        return {fold(name): name for name in self.values.sheetnames}


def open_workbook(path: Path, bestand: str) -> Workbook:
    """Open a workbook twice: for what Excel last computed, and for the formulas behind it.

    Raises
    ------
    DataError
        The file is no workbook, is protected by a password, or unpacks to more than a workbook ever does.
    """
    from openpyxl import load_workbook

    wanted = Wanted("", bestand, (), {})
    raw = read_bytes(path, wanted)
    try:
        with zipfile.ZipFile(io.BytesIO(raw)) as archive:
            unpacked = sum(item.file_size for item in archive.infolist())
        if unpacked > MAX_UNPACKED:
            bericht = f"Uitgepakt is het bestand groter dan {MAX_UNPACKED // 1_000_000} MB. Bewaar alleen de tabellen."
            raise DataError([wanted.fail("BESTAND_TE_GROOT", bericht)])
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # openpyxl tells of formatting that it leaves out
            return Workbook(
                load_workbook(io.BytesIO(raw), data_only=True, keep_links=False),
                load_workbook(io.BytesIO(raw), data_only=False, keep_links=False),
            )
    except DataError:
        raise
    except Exception:  # openpyxl raises whatever the parts of a broken file make it raise
        bericht = "Dit is geen Excel-werkmap (.xlsx), of zij is beveiligd of beschadigd. Bewaar haar opnieuw als .xlsx."
        raise DataError([wanted.fail("BESTAND_ONLEESBAAR", bericht)]) from None


def read_sheet(book: Workbook, wanted: Wanted) -> RawTable:
    """Read one sheet: numbers as Excel holds them, text as printed.

    Raises
    ------
    DataError
        Every problem of the sheet at once: formulas without a value, errors in cells, and those of a CSV file.
    """
    name = book.sheets[fold(wanted.naam)]
    values, formulas = book.values[name], book.formulas[name]
    notices = _hidden(values, wanted)
    problems: list[Finding] = []
    filled = _lines(values, formulas, wanted, problems)
    lines = _from_header(filled, values, wanted)
    body = {number for number, _ in lines}
    problems = [problem for problem in problems if problem.regel in body]
    try:
        table = raw_table(lines, wanted, notices)
    except DataError as exc:
        raise DataError([*problems, *exc.problems]) from None
    if problems:
        raise DataError(problems)
    return table


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
            there = (row, column) in filled
            value = values._cells[row, column].value if there and (row, column) in values._cells else None
            cells.append(_cell(value, formulas._cells[row, column], wanted, problems) if there else "")
        if any(str(cell).strip() for cell in cells):
            lines.append((row, cells))
    return lines


def _cell(value: Any, formula: Any, wanted: Wanted, problems: list[Finding]) -> Cell:
    """Return one cell: a number exactly as Excel holds it, a date as `2023-07-01`, anything else as text."""
    if formula.data_type == "f" and value is None:
        bericht = (
            f"Cel {formula.coordinate} bevat een formule zonder uitkomst. "
            "Open de werkmap in Excel, reken haar door en bewaar haar."
        )
        problems.append(wanted.fail("FORMULE_ZONDER_WAARDE", bericht, formula.row))
        return ""
    if isinstance(value, str) and value.startswith("#") and formula.data_type in ("e", "f"):
        bericht = f"Cel {formula.coordinate} geeft de foutmelding {value}. Verbeter de formule."
        problems.append(wanted.fail("FORMULE_FOUT", bericht, formula.row))
        return ""
    if value is None:
        return ""
    if isinstance(value, bool):
        return "waar" if value else "onwaar"
    if isinstance(value, int | float):
        return Decimal(repr(value))
    if isinstance(value, datetime | date):
        return (value.date() if isinstance(value, datetime) else value).isoformat()
    return str(value)


def _hidden(values: Any, wanted: Wanted) -> list[Finding]:
    """Tell of rows, columns and a sheet that are hidden: they are read, for a total counts them too."""
    rows = [str(number) for number, row in values.row_dimensions.items() if row.hidden]
    columns = [name for name, column in values.column_dimensions.items() if column.hidden]
    told = []
    if values.sheet_state != "visible":
        told.append(wanted.notice("BLAD_VERBORGEN", f"Het blad '{values.title}' is verborgen; het is wel gelezen."))
    if rows:
        bericht = f"Verborgen rijen zijn wel gelezen: {', '.join(rows)}. Haal weg wat er niet bij hoort."
        told.append(wanted.notice("RIJ_VERBORGEN", bericht, int(rows[0])))
    if columns:
        bericht = f"Verborgen kolommen zijn wel gelezen: {', '.join(columns)}. Haal weg wat er niet bij hoort."
        told.append(wanted.notice("KOLOM_VERBORGEN", bericht))
    return told


def _from_header(lines: Sequence[Line], values: Any, wanted: Wanted) -> list[Line]:
    """Return the lines from the header on; a header over two rows with merged cells becomes one."""
    known = {fold(head) for head in wanted.headers().values()}
    merged = {
        (row, column): values.cell(area.min_row, area.min_col).value
        for area in values.merged_cells.ranges
        for row in range(area.min_row, area.max_row + 1)
        for column in range(area.min_col, area.max_col + 1)
    }

    def fit(header: Sequence[Cell]) -> int:
        return len({fold(str(cell)) for cell in header} & known)

    best, begin, header = 0, 0, lines[0][1] if lines else []
    for index, (number, cells) in enumerate(lines[:HEADER_SEARCH]):
        candidates = [(cells, index)]
        if index + 1 < len(lines):
            below_number, below = lines[index + 1]
            width = max(len(cells), len(below))
            two = [_over(merged, cells, number, column) for column in range(width)]
            under = [_over(merged, below, below_number, column) for column in range(width)]
            joined = [top if top == low else f"{top} {low}".strip() for top, low in zip(two, under, strict=True)]
            candidates.append((joined, index + 1))
        for candidate, last in candidates:
            if fit(candidate) > best:
                best, begin, header = fit(candidate), last, candidate
    return [(lines[begin][0], header), *lines[begin + 1 :]] if lines else []


def _over(merged: dict[tuple[int, int], Any], cells: Sequence[Cell], number: int, column: int) -> str:
    """Return a cell of a header; of a merged cell, what the whole of it says."""
    value = merged.get((number, column + 1))
    return str(value if value is not None else cells[column] if column < len(cells) else "").strip()
