"""What a cell in Excel shows of what it holds: a number by its scale, a date by its precision; and names of cells."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from datetime import date
from decimal import Decimal

from .amounts import MAX_DIGITS, fmt_amount

LITERAL = re.compile(r'"[^"]*"|\\.|_.|\*.|\[[^\]]*\]')
"""What a number format prints as it stands or takes as lay-out: quoted, escaped, padding, filling, colour."""
LAYOUT = re.compile(r"_.|\*.|\[[^\]]*\]")
"""Padding, filling and colour: no part of what is printed."""
SCALING = re.compile(r"[0#?](,+)(?=\.|[^0#?]*$)")
"""Commas behind the last digit before the point or the end: each divides what is shown by a thousand."""
SHOWS_NUMBER = re.compile(r"[0#?@]|general", re.IGNORECASE)
DECIMALS = re.compile(r"\.([0#?]+)")
CONDITION = re.compile(r"\[[<>=]")
"""A section for numbers of a certain size; which one applies is not worked out."""
MAX_DECIMALS = 6
"""Of a number in a message; more tell nothing."""


def scales_of(amount: Decimal, number_format: str) -> set[int]:
    """Return the powers of ten between an amount and what its cell shows, over the sections of the number format.

    The sections are for a positive number, a negative one and nil; one without digits shows nothing of the number.
    An empty set means that this amount, which is not nil, is not shown at all.
    """
    sections = LITERAL.sub("", number_format).split(";")[:3]
    numbers = [section for section in sections if SHOWS_NUMBER.search(section)]
    applies = sections[1] if amount < 0 and len(sections) > 1 else sections[0]
    if amount and applies not in numbers and not CONDITION.search(number_format):
        return set()
    return {2 * part.count("%") - 3 * sum(map(len, SCALING.findall(part))) for part in numbers} or {0}


def is_sign_otherwise(amount: Decimal, number_format: str) -> bool:
    """Return whether a cell shows a minus that is not there, or hides the one that is; red counts as a sign."""
    if not amount or CONDITION.search(number_format):
        return False
    sections = number_format.split(";")
    shown = [LAYOUT.sub("", section) for section in sections]
    if amount > 0:
        return "-" in shown[0]
    return len(shown) > 1 and shown[1] == shown[0] and not re.search(r"\[(?:red|rood|col|kleur)", sections[1], re.I)


def tell_otherwise(amount: Decimal, coordinate: str, number_format: str) -> str:
    """Return what a cell holds, which other number it shows, and how to mend it."""
    holds = f"Cel {coordinate} bevat {amount:f}".replace(".", ",")
    scales = scales_of(amount, number_format)
    if scales == {0}:
        return f"{holds} en toont een ander teken. Zet de notatie van de cel op Getal en verbeter wat er dan staat."
    if not scales:
        return f"{holds} en toont dat getal niet. Zet de notatie van de cel op Getal, of maak de cel leeg."
    shown = amount.scaleb(min(scales))
    mend = "Zet de notatie van de cel op Getal (of op Tekst) en verbeter wat er dan staat."
    if len(scales) > 1 or abs(shown) >= 10**MAX_DIGITS:
        return f"{holds} en toont een ander getal. {mend}"
    places = DECIMALS.search(LITERAL.sub("", number_format))
    printed = fmt_amount(shown, min(len(places[1]), MAX_DECIMALS) if places else 0)
    return f"{holds} en toont {printed}{'%' if scales == {2} else ''}. {mend}"


def date_as_shown(value: date, number_format: str) -> str:
    """Return a date as precise as it is shown: Excel makes `2023-07` a whole date and shows `jul-23`."""
    shown = LITERAL.sub("", number_format).casefold()
    if "y" not in shown or "d" in shown:
        return f"{value:%Y-%m-%d}"
    return f"{value:%Y-%m}" if "m" in shown else f"{value:%Y}"


def places(cells: Iterable[tuple[int, int]]) -> str:
    """Return cells (column, row) as people point at them: `C2 t/m C9, D4`."""
    from openpyxl.utils import get_column_letter

    by_column: dict[int, list[tuple[int, int]]] = {}
    for column, row in sorted(cells):
        by_column.setdefault(column, []).append((row, row))
    told = []
    for column, rows in by_column.items():
        told.append(spans(rows, f"{get_column_letter(column)}{{}}".format))
    return ", ".join(told)


def spans(parts: Iterable[tuple[int, int]], name: Callable[[int], str]) -> str:
    """Return parts (first, last) by name, those that touch as one: `2, 4 t/m 7`."""
    spans: list[tuple[int, int]] = []
    for first, last in sorted(parts):
        if spans and first <= spans[-1][1] + 1:
            spans[-1] = (spans[-1][0], max(last, spans[-1][1]))
        else:
            spans.append((first, last))
    return ", ".join(name(first) if first == last else f"{name(first)} t/m {name(last)}" for first, last in spans)
