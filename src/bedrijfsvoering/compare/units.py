"""Amounts of two tables beside each other: in one unit, and how far apart rounding alone can bring them."""

from __future__ import annotations

from decimal import Decimal

from ..figures import Table
from ..source import EURO


def scale_between(old: Table, new: Table) -> Decimal | None:
    """Return what an amount of the old table is multiplied by to stand in the unit of the new one.

    None where the two are of another kind: jobs and euro cannot be compared.
    """
    units = old.source.eenheid, new.source.eenheid
    if units[0] == units[1]:
        return Decimal(1)
    if set(units) <= set(EURO):
        return EURO[units[0]] / EURO[units[1]]
    return None


def rounding_between(old: Table, new: Table, scale: Decimal) -> Decimal:
    """Return how far one amount can be from itself, printed in both tables, in the unit of the new one.

    Equal steps round equally; else it is half a step of the coarser one.
    """
    steps = old.step * scale, new.step
    return Decimal(0) if steps[0] == steps[1] else max(steps) / 2


def is_apart(new: Table, a: Decimal, b: Decimal, grens: Decimal) -> bool:
    """Return whether two amounts differ by more than a bound; what a workbook leaves behind the comma is nothing."""
    return abs(a - b) > grens + new.step / 10**6
