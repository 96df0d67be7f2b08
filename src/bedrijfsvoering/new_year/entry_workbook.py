"""The workbook to fill in: a sheet that tells how, and one per table, open where a figure is asked for."""

from __future__ import annotations

import io
from collections.abc import Sequence
from datetime import datetime
from typing import Any

import xlsxwriter

from ..amounts import AmountError, parse_amount
from ..figures import EENHEID
from ..iv3.deliveries import DOCUMENTS
from ..normalise import SOORT_MIJLPAAL, SOORT_POST
from ..notation import MAX_DECIMALS
from ..source import STATUS
from ..workbook import INSTRUCTION
from .entry_table import EntryRow, EntryTable, is_amount

A4 = 9
SPARE = 20
"""Open rows where rows are still to be named: projects, milestones, and a table that has none yet."""
LONG = ("mijlpaal", "stand", "risico", "volgende_stap", "toelichting")
"""Columns of sentences: wide, and wrapped."""
DATES = ("begin", "eind")
"""Cells of text, so that Excel keeps `2023-07` as it was typed."""
LETTERS = ("V", "N")
WIDEST, SENTENCE = 60, 44
OPENED = {"insert_rows": True, "delete_rows": True, "format_columns": True, "format_rows": True}
"""What a person may do with a sheet besides filling in its open cells."""


def entry_workbook(tables: Sequence[EntryTable], gemeente: str, jaar: int, commands: Sequence[str]) -> bytes:
    """Return the workbook of an edition to be filled in; the same bytes each time.

    Parameters
    ----------
    tables
        The tables, in the order of their sheets.
    gemeente, jaar
        The municipality as it is printed, and the year.
    commands
        What to run when it is filled in, in order.
    """
    stream = io.BytesIO()
    with xlsxwriter.Workbook(stream, {"in_memory": True, "strings_to_formulas": False}) as book:
        book.set_properties({"title": f"Cijfers {jaar}", "author": gemeente, "created": datetime(jaar + 1, 1, 1)})
        _write_instruction(book, tables, gemeente, jaar, commands)
        for table in tables:
            _Sheet(book, table, [other for other in tables if other.naam == "ict_projecten"]).write()
    return stream.getvalue()


def instruction(tables: Sequence[EntryTable], commands: Sequence[str]) -> list[tuple[str, str]]:
    """Return what the first sheet tells: headings (`kop`) and lines (`regel`), in order."""
    money = [f"{t.naam}: {t.source.titel}. {EENHEID[t.source.eenheid]}, {_decimals(t)}." for t in tables if t.is_money]
    words = [f"{t.naam}: {t.source.titel}." for t in tables if not t.is_money]
    steps = [
        "Vul eerst de bladen met bedragen in: de witte cellen. Neem elk bedrag over zoals het is gedrukt, met teken.",
        "Typ ook de totalen en de resultaten over. Zet er geen formule: het programma rekent de gedrukte totalen na.",
        *(["Kijk dan de bladen over de projecten na: status, teksten, en wat er nog moet gebeuren."] if words else []),
        "Bewaar de werkmap onder dezelfde naam, in dezelfde map.",
        f"Open een opdrachtvenster in de map van het project en typ: {commands[0]}",
        *(f"Klopt alles? Typ dan: {command}" for command in commands[1:]),
    ]
    return [
        ("kop", "Wat u invult"),
        *(("regel", line) for line in (*money, *words)),
        ("kop", "In deze volgorde"),
        *(("regel", f"{number}. {line}") for number, line in enumerate(steps, start=1)),
        ("kop", "Leeg en streepje"),
        ("regel", "Een lege cel betekent: dit bedrag is niet aangeleverd."),
        ("regel", "Een streepje (-) of een 0 betekent: nul. Neem een gedrukt streepje dus over."),
        ("kop", "Grijze cellen"),
        ("regel", "De kopregel, de sleutels en de namen van de posten zijn op slot: zo verschuift er niets."),
        ("regel", "Komt er een post bij, of heet er een anders? Kies Controleren en dan Beveiliging blad opheffen."),
        ("regel", "Er is geen wachtwoord. Een sleutel blijft altijd gelijk, ook als de naam van de post verandert."),
        ("regel", "Dit blad leest het programma niet."),
    ]  # fmt: skip


def _decimals(table: EntryTable) -> str:
    count = table.source.decimalen
    return {0: "zonder decimalen", 1: "met 1 decimaal"}.get(count, f"met {count} decimalen")


def _write_instruction(
    book: Any, tables: Sequence[EntryTable], gemeente: str, jaar: int, commands: Sequence[str]
) -> None:
    sheet = book.add_worksheet(INSTRUCTION)
    wrap = {"text_wrap": True, "valign": "top"}
    formats = {"regel": book.add_format(wrap), "kop": book.add_format({**wrap, "bold": True, "top": 1})}
    sheet.set_column(0, 0, 100)
    sheet.write_string(0, 0, f"{gemeente}: cijfers van {jaar} invullen", book.add_format({"bold": True, "size": 14}))
    for row, (kind, text) in enumerate(instruction(tables, commands), start=1):
        sheet.write_string(row, 0, text, formats[kind])
    _on_paper(sheet, INSTRUCTION)
    sheet.protect("", OPENED)


def _on_paper(sheet: Any, name: str) -> None:
    """Print on A4, landscape, as wide as the paper."""
    sheet.set_landscape()
    sheet.set_paper(A4)
    sheet.fit_to_pages(1, 0)
    sheet.set_footer(f"&L{name}&R&P / &N")


class _Sheet:
    """One sheet as it is written: its table, and the formats of the workbook that it needs."""

    def __init__(self, book: Any, table: EntryTable, projects: Sequence[EntryTable]) -> None:
        self.book, self.table, self.projects = book, table, projects
        self.sheet = book.add_worksheet(table.naam)
        self.made: dict[tuple[Any, ...], Any] = {}

    def write(self) -> None:
        """Write the header, the rows, and all that helps to fill them in."""
        head = self._format(bold=True, text_wrap=True, valign="top", bg_color="#D9E2EC", bottom=1, locked=True)
        rows = self._rows()
        for number, (column, text) in enumerate(zip(self.table.columns, self.table.header, strict=True)):
            self.sheet.write_string(0, number, text, head)
            self.sheet.set_column(number, number, self._width(number))
            for place, row in enumerate(rows, start=1):
                self._write_cell(place, number, row, column)
            self._offer(number, column, len(rows))
        labels = [n for n, name in enumerate(self.table.columns) if name in ("sleutel", "post", "project")]
        self.sheet.freeze_panes(1, max(labels, default=-1) + 1 if self.table.is_money else 0)
        self.sheet.repeat_rows(0)
        self.sheet.protect("", OPENED)
        _on_paper(self.sheet, self.table.source.titel.replace("&", "&&"))

    def _rows(self) -> list[EntryRow | None]:
        """Return the rows of the sheet, open ones (None) among them where rows are still to be named."""
        rows: list[EntryRow | None] = list(self.table.rows)
        spare: list[EntryRow | None] = [None] * SPARE
        if not self.table.is_money:
            return [*rows, *spare]
        return rows if any(row and row.soort == "regel" for row in rows) else [*spare, *rows]

    def _write_cell(self, place: int, number: int, row: EntryRow | None, column: str) -> None:
        text = row.cells[number] if row else ""
        locked = row is not None and bool(text) and column in ("sleutel", "post", *self._fixed())
        options: dict[str, Any] = {"locked": locked, "valign": "top", "text_wrap": column in LONG}
        if locked:
            options["bg_color"] = "#F0F3F6"
        if row and row.soort != "regel":
            options |= {"bold": True, "top": int(row.soort == "totaal")}
        if is_amount(column):
            options |= {
                "num_format": _number_format(self.table) if self.table.is_money else "General",
                "align": "right",
            }
        elif column in DATES:
            options["num_format"] = "@"
        amount = _amount(text) if is_amount(column) or column == "jaar" else None
        if amount is not None:
            self.sheet.write_number(place, number, amount, self._format(**options))
        elif text:
            self.sheet.write_string(place, number, text, self._format(**options))
        else:
            self.sheet.write_blank(place, number, None, self._format(**options))

    def _fixed(self) -> tuple[str, ...]:
        """Return which words of a table of projects are its keys and labels; milestones are all to be looked at."""
        return ("project",) if self.table.naam == "ict_projecten" else ()

    def _offer(self, number: int, column: str, rows: int) -> None:
        """Offer the words that a cell can hold, where they are few."""
        choices = self._choices(column)
        if choices and rows:
            told = {
                "validate": "list", "source": choices, "error_title": "Kies uit de lijst",
                "error_message": "Dit woord kent het programma niet. Kies een woord uit de lijst.",
            }  # fmt: skip
            self.sheet.data_validation(1, number, rows, number, told)

    def _choices(self, column: str) -> list[str] | str:
        words = {
            "status": STATUS,
            "oordeel": LETTERS,
            "document": DOCUMENTS,
            "soort": SOORT_POST if self.table.is_money else SOORT_MIJLPAAL,
        }
        if column == "project" and self.table.naam == "ict_mijlpalen" and self.projects:
            keys = self.projects[0]
            if "sleutel" in keys.columns:
                from xlsxwriter.utility import xl_range_abs

                place = keys.columns.index("sleutel")
                return f"=ict_projecten!{xl_range_abs(1, place, len(keys.rows) + SPARE, place)}"
        return list(words.get(column, ()))

    def _width(self, number: int) -> int:
        """Return how wide a column is: its whole header, and its cells up to a limit."""
        if self.table.columns[number] in LONG:
            return max(SENTENCE, len(self.table.header[number]) + 3)
        cells = max((len(row.cells[number]) for row in self.table.rows), default=0)
        return max(len(self.table.header[number]) + 3, min(cells + 2, WIDEST), 12)

    def _format(self, **options: Any) -> Any:
        """Return a format of the workbook; the same one for the same options."""
        key = tuple(sorted(options.items()))
        if key not in self.made:
            self.made[key] = self.book.add_format(options)
        return self.made[key]


def _amount(text: str) -> float | None:
    """Return a figure that is carried over as a number; what is none stays the text that it is."""
    try:
        amount = parse_amount(text, MAX_DECIMALS)
    except AmountError:
        return None
    return None if amount is None else float(amount)


def _number_format(table: EntryTable) -> str:
    """Return how an amount of a table is shown: grouped, with the decimals that the table declares."""
    return "#,##0" + ("." + "0" * table.source.decimalen if table.source.decimalen else "")
