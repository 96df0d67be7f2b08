"""Tables to be filled in: the rows, keys and labels of an earlier edition, without its figures."""

from __future__ import annotations

import csv
import io
from collections.abc import Collection, Sequence
from dataclasses import dataclass, replace

from ..errors import DataError
from ..figures import Soort
from ..iv3.deliveries import AMOUNTS, PERCENTIELEN
from ..normalise import SOORT_POST, soort_of
from ..reader import RawTable, Wanted, fold, match_header, split_lines
from ..source import MONEY_COLUMNS, TEXT_TABLES, TableSource, is_result
from .moved_source import moved, moved_column, years_of

KEPT = ("post", "sleutel", "soort")
"""The columns of a money table that say what a row is; amounts, letters and explanations are of one year only."""
DELIVERIES = ("reeks", "vergelijking")
"""Tables of what was delivered to the CBS, one row per municipality, year and document."""
KEY = ("gemeente", "jaar", "document")
NUMBERS = (*AMOUNTS, *PERCENTIELEN, "aantal")
"""The other columns of figures; unlike a year, they are of one year only."""
BOM = "\ufeff"


@dataclass(frozen=True)
class CsvForm:
    """How a CSV file is kept: what stands between its fields and at the end of its lines, and whether it has a BOM."""

    delimiter: str = ";"
    line_end: str = "\n"
    bom: bool = False


@dataclass(frozen=True)
class EntryRow:
    """One row to be filled in: its cells, in the order of the header, and what it is."""

    cells: tuple[str, ...]
    soort: Soort = "regel"


@dataclass(frozen=True)
class EntryTable:
    """One table to be filled in.

    Attributes
    ----------
    source
        How the table is declared.
    columns, header
        Our name of each column (empty for one that is not read), and the header that is printed over it.
    rows
        The rows with what is known of them; all else is blank.
    form
        How its CSV file is kept; None where it is a sheet of a workbook.
    """

    naam: str
    source: TableSource
    columns: tuple[str, ...]
    header: tuple[str, ...]
    rows: tuple[EntryRow, ...]
    form: CsvForm | None = None

    @property
    def is_money(self) -> bool:
        """Whether it holds amounts, and no words."""
        return self.naam not in TEXT_TABLES

    def column(self, name: str) -> list[str]:
        """Return the cells of a column; of a column that is not there, nothing."""
        return [row.cells[self.columns.index(name)] for row in self.rows] if name in self.columns else []

    def csv(self) -> bytes:
        """Return the table as a CSV file, in the form in which such a file was kept."""
        form = self.form or CsvForm()
        stream = io.StringIO(newline="")
        writer = csv.writer(stream, delimiter=form.delimiter, lineterminator=form.line_end)
        writer.writerows([self.header, *(row.cells for row in self.rows)])
        return ((BOM if form.bom else "") + stream.getvalue()).encode()


def csv_table(raw: bytes, wanted: Wanted, source: TableSource) -> EntryTable:
    """Return a CSV file that can be read as the table that it is, all its columns in their order.

    A file in Windows text comes back as UTF-8 with a BOM, which Excel reads rightly.
    """
    try:
        text, bom = raw.decode("utf-8-sig"), raw.startswith(BOM.encode())
    except UnicodeDecodeError:
        text, bom = raw.decode("cp1252"), True
    delimiter, lines, _ = split_lines(text, wanted)
    header, *body = ([str(cell) for cell in cells] for _, cells in lines)
    form = CsvForm(delimiter, "\r\n" if "\r\n" in text else "\n", bom)
    places = {place: column for column, place in match_header(header, wanted, 1)[0].items()}
    columns = tuple(places.get(place, "") for place in range(len(header)))
    return _with_soort(wanted.naam, source, columns, header, body, form)


def sheet_table(raw: RawTable, wanted: Wanted, source: TableSource) -> EntryTable:
    """Return a sheet that was read; its columns in the order in which tables are printed."""
    order = TEXT_TABLES.get(wanted.naam) or (
        "sleutel", "post", "soort", *source.other_years, *MONEY_COLUMNS, "oordeel", "toelichting",
    )  # fmt: skip
    columns = tuple(column for column in order if column in raw.columns)
    body = [[row.text(column) for column in columns] for row in raw.rows]
    return _with_soort(wanted.naam, source, columns, [wanted.headers()[column] for column in columns], body, None)


def _with_soort(
    naam: str,
    source: TableSource,
    columns: tuple[str, ...],
    header: Sequence[str],
    body: Sequence[Sequence[str]],
    form: CsvForm | None,
) -> EntryTable:
    """Return the table, each row with what its column `soort` or its label says that it is."""

    def soort(cells: Sequence[str]) -> Soort:
        said = cells[columns.index("soort")].strip().casefold() if "soort" in columns else ""
        label = cells[columns.index("post")] if "post" in columns else ""
        return next((soort for soort in SOORT_POST if soort == said), soort_of(label))

    rows = tuple(EntryRow(tuple(cells), soort(cells) if naam not in TEXT_TABLES else "regel") for cells in body)
    return EntryTable(naam, source, columns, tuple(header), rows, form)


def emptied(table: EntryTable, source: TableSource, old: int, by: int) -> EntryTable:
    """Return a table of `old` a number of years later, declared by `source`: rows and headers, without its figures.

    Projects keep all they say; of the milestones those stay that had not happened. What the CBS published of earlier
    years stays, and each delivery of `old` gets a row of the new year to be filled in.
    """
    columns = tuple(moved_column(column, old, by) for column in table.columns)
    header = tuple(
        moved(head, years_of(column, old), by)
        if column in table.source.kolommen or not column else head
        for column, head in zip(table.columns, table.header, strict=True)
    )  # fmt: skip
    rows = table.rows
    if table.is_money:
        rows = tuple(replace(row, cells=_kept(row.cells, table.columns, KEPT)) for row in rows)
    elif table.naam == "ict_mijlpalen":
        kinds = table.column("soort")
        rows = tuple(row for row, soort in zip(rows, kinds, strict=True) if not is_done(soort))
    elif table.naam in DELIVERIES:
        rows = (*rows, *_next_deliveries(table, old, by))
    elif table.naam == "indicatoren":
        rows = tuple(replace(row, cells=_moved_cells(row.cells, table.columns, old, by)) for row in rows)
    return EntryTable(table.naam, source, columns, header, rows, table.form)


def _next_deliveries(table: EntryTable, old: int, by: int) -> tuple[EntryRow, ...]:
    """Return for each delivery of the old year a row of the new one; one that is there already is not added."""
    there = set(zip(*(table.column(name) for name in KEY if name in table.columns), strict=True))
    added = []
    for row, jaar in zip(table.rows, table.column("jaar"), strict=True):
        cells = _moved_cells(row.cells, table.columns, old, by)
        key = tuple(cells[table.columns.index(name)] for name in KEY if name in table.columns)
        if jaar.strip() == str(old) and key not in there:
            added.append(replace(row, cells=cells))
    return tuple(added)


def _moved_cells(cells: Sequence[str], columns: Sequence[str], old: int, by: int) -> tuple[str, ...]:
    """Return the words of a row, with the old year moved on, and none of its figures."""
    return tuple(
        "" if is_amount(column) else moved(cell, {old}, by) for cell, column in zip(cells, columns, strict=True)
    )


def is_done(soort: str) -> bool:
    """Return whether a milestone of this kind has happened."""
    return " ".join(soort.split()).casefold() == "gerealiseerd"


def _kept(cells: Sequence[str], columns: Sequence[str], kept: Collection[str]) -> tuple[str, ...]:
    return tuple(cell if column in kept else "" for cell, column in zip(cells, columns, strict=True))


def is_amount(column: str) -> bool:
    """Return whether a column holds figures, of this year or of another."""
    return is_result(column) or column.startswith(("begroting", "rekening")) or column in NUMBERS


def need_headers(table: EntryTable) -> None:
    """Refuse a table in which two columns have come to be called the same."""
    folded = [fold(head) for head in table.header if head.strip()]
    if len(set(folded)) < len(folded):
        bericht = (
            f"In de tabel {table.naam} zouden twee kolommen hetzelfde heten na het opschuiven van de jaren. "
            "Geef ze in de vorige uitgave een kop zonder jaar, of maak de nieuwe tabel met de hand."
        )
        wanted = Wanted(table.naam, f"{table.naam}.csv", (), {})
        raise DataError([wanted.fail("KOLOM_DUBBEL", bericht)])
