"""The header of a sheet: found among titles and notes, and the only one, so that no table is left out in silence."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from decimal import Decimal
from itertools import pairwise
from typing import Any

from .amounts import AmountError, parse_amount
from .errors import DataError
from .notation import spans
from .reader import Cell, Line, Wanted, fold

Merged = Mapping[tuple[int, int], Any]
"""What a cell (row, column) under merged cells says: what the whole of them says."""
FIRST_YEAR, LAST_YEAR = 1900, 2100
"""A whole number between these above the header is a year, not an amount."""


def known_headers(wanted: Wanted) -> set[str]:
    """Return the headers that are looked for, folded."""
    return {fold(head) for head in wanted.headers().values()}


def from_header(lines: Sequence[Line], merged: Merged, wanted: Wanted) -> list[Line]:
    """Return the lines from the header on; a header over two rows with merged cells becomes one.

    The header is the row, or the two rows, that names most of our columns; of equals the first, and one row before two.

    Raises
    ------
    DataError
        There is no header, there is a second one, or amounts stand above it: figures would be left out.
    """
    if not lines:
        return []
    known = known_headers(wanted)
    single = [(_fit(cells, known), cells) for _, cells in lines]
    best, header = max(single, key=lambda found: found[0])
    first = last = next(index for index, found in enumerate(single) if found[0] == best)
    for index, (upper, lower) in enumerate(pairwise(lines)):
        joined = _joined(upper, lower, merged)
        if _fit(joined, known) > best:
            best, header, first, last = _fit(joined, known), joined, index, index + 1
    if not best:
        names = ", ".join(wanted.headers().values())
        bericht = (
            f"De kopregel is niet gevonden: geen rij noemt een van de kolommen {names}. "
            "Pas de kopregel aan, of 'kolommen' in bron.yaml."
        )
        raise DataError([wanted.fail("KOPREGEL_ONTBREEKT", bericht)])
    others = [line for index, line in enumerate(lines) if not first <= index <= last]
    _check_one_table(others, lines[first][0], lines[last][0], known, wanted)
    return [(lines[last][0], header), *lines[last + 1 :]]


def _check_one_table(others: Sequence[Line], first: int, last: int, known: set[str], wanted: Wanted) -> None:
    """Refuse a second header, and amounts above the header: they belong to a table that would be left out."""
    headers = [number for number, cells in others if _fit(cells, known) > 1]
    if headers:
        rows = spans([(number, number) for number in sorted([*headers, last])], str)
        bericht = f"Er staan meer kopregels op dit blad: rij {rows}. Zet op elk blad één tabel."
        raise DataError([wanted.fail("KOPREGEL_DUBBEL", bericht, min(headers))])
    above = [number for number, cells in others if number < first and sum(map(_is_amount, cells)) > 1]
    if above:
        rows = spans([(number, number) for number in above], str)
        bericht = (
            f"Boven de kopregel (rij {first}) staan bedragen, in rij {rows}; zij zouden niet worden gelezen. "
            "Zet ze onder de kopregel, op een ander blad, of haal ze weg."
        )
        raise DataError([wanted.fail("BEDRAG_BOVEN_KOPREGEL", bericht, above[0])])


def _is_amount(cell: Cell) -> bool:
    """Return whether a cell holds a number, or a number as text, that is no year."""
    try:
        amount = cell if isinstance(cell, Decimal) else parse_amount(cell)
    except AmountError:
        return False
    if amount is None or not any(character.isdigit() for character in str(cell)):
        return False
    return not (amount == amount.to_integral_value() and FIRST_YEAR <= amount <= LAST_YEAR)


def _fit(header: Sequence[Cell], known: set[str]) -> int:
    """Return how many of our columns a row names."""
    return len({fold(str(cell)) for cell in header} & known)


def _joined(upper: Line, lower: Line, merged: Merged) -> list[Cell]:
    """Return two rows as one header: what stands above, and behind it what stands below."""
    width = range(max(len(upper[1]), len(lower[1])))
    pairs = [(_over(merged, upper, column), _over(merged, lower, column)) for column in width]
    return [top if top == low else f"{top} {low}".strip() for top, low in pairs]


def _over(merged: Merged, line: Line, column: int) -> str:
    """Return a cell of a header; of a merged cell, what the whole of it says."""
    number, cells = line
    value = merged.get((number, column + 1))
    return str(value if value is not None else cells[column] if column < len(cells) else "").strip()
