"""The prior year revised: what a document prints of an earlier year, against what that year's own edition printed."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal
from typing import NamedTuple

from ..declarations import finding_of, fmt
from ..figures import Figures, Table, kolom_naam
from ..findings import Check, Finding, Uitkomst
from ..source import Kolom, is_result, stage_of, year_of
from .differences import mapping_for, names_of, sum_of
from .row_keys import KeyMapping
from .row_matches import RowMatch, match_rows
from .units import is_apart, rounding_between, scale_between


class Printed(NamedTuple):
    """One figure of an earlier year in both prints, in the sign and the unit of the newer one."""

    match: RowMatch
    kolom: Kolom
    gedrukt: Decimal
    eerder: Decimal
    grens: Decimal


def check_revised(new: Figures, old: Figures, mapping: KeyMapping | None = None) -> Check:
    """Hold the columns that an edition prints of an earlier year against the edition of that year.

    Rows are matched as `match_rows` does. Where rows were joined or split, their sums are compared, and each row may be
    off by half a step; else a figure printed twice in equal steps must be equal, and in unequal steps it may be off by
    half of the coarser one. What has no counterpart is not compared, and counted.

    Parameters
    ----------
    new
        The edition whose columns such as `rekening_2022` are held.
    old
        The edition of that year.
    mapping
        The `sleutels.yaml` of `new`; it is read where it is not given.

    Returns
    -------
    Check
        One finding `VORIG_JAAR_HERZIEN` (a waarschuwing) per figure that is another now: `gedrukt` is what `new`
        prints, `berekend` what `old` printed, in the sign and the unit of `new`.

    Raises
    ------
    DataError
        `sleutels.yaml` cannot be read, or names rows that the older edition does not have.
    """
    mapping = mapping_for(new, old) if mapping is None else mapping
    found: list[Finding] = []
    used: frozenset[str] = frozenset()
    cells = absent = 0
    for naam, table in new.tables.items():
        before = old.table(naam)
        kolommen = [kolom for kolom in table.source.other_years if year_of(kolom) == old.jaar]
        if before is None or not kolommen:
            continue
        compared = _compared(match_rows(before, table, mapping, old.jaar), kolommen, before, table)
        cells += len(compared)
        used |= frozenset().union(*(table.cells(one.match.new, [one.kolom]) for one in compared))
        absent += _filled(table, kolommen) - sum(len(one.match.new) for one in compared)
        found += [_finding(table, one, new.jaar, old.jaar) for one in compared if _is_revised(table, one)]
    outcome: Uitkomst = "melding" if found else "akkoord" if cells else "niet te bewijzen"
    told = f"{cells} cijfers vergeleken, {len(found)} herzien" + (f", {absent} zonder tegenhanger" if absent else "")
    return Check(f"Cijfers van {old.jaar} in deze uitgave en in die van {old.jaar}", "", cells, outcome, told,
                 findings=tuple(found), verwijzingen=used)  # fmt: skip


def has_printed(figures: Figures, jaar: int) -> bool:
    """Return whether an edition prints any column of an earlier year."""
    tables = figures.tables.values()
    return any(year_of(kolom) == jaar for table in tables for kolom in table.source.other_years)


def _filled(table: Table, kolommen: Sequence[Kolom]) -> int:
    """Count the figures that a table prints in some columns."""
    return sum(post.gedrukt.get(kolom) is not None for post in table.posten for kolom in kolommen)


def _compared(matches: Sequence[RowMatch], kolommen: Sequence[Kolom], old: Table, new: Table) -> list[Printed]:
    """Return each figure that both editions print."""
    scale = scale_between(old, new)
    if scale is None:
        return []
    found = []
    for match in matches:
        rows = len(match.old) + len(match.new)
        grens = rounding_between(old, new, scale)
        if rows > 2:
            grens = (len(match.old) * old.step * scale + len(match.new) * new.step) / 2
        for kolom in kolommen:
            now, then = sum_of(match.new, kolom), sum_of(match.old, stage_of(kolom))
            printed = any(post.gedrukt.get(kolom) is not None for post in match.new)
            if now is not None and then is not None and printed:
                turn = _turn(match, kolom, new)
                found.append(Printed(match, kolom, now * turn, then * scale * turn, grens))
    return found


def _turn(match: RowMatch, kolom: Kolom, table: Table) -> int:
    """Return -1 where a column was printed with the other sign than the house's."""
    for post in (*match.new, *table.posten):
        printed, amount = post.gedrukt.get(kolom), post.bedragen.get(kolom)
        if printed and amount:
            return 1 if printed == amount else -1
    return -1 if table.source.costs_positive and not is_result(kolom) else 1


def _is_revised(table: Table, one: Printed) -> bool:
    return is_apart(table, one.gedrukt, one.eerder, one.grens)


def _finding(table: Table, one: Printed, jaar: int, then: int) -> Finding:
    """Return the finding that an earlier year's figure is another now."""
    single = len(one.match.new) == 1
    what = f"'{names_of(one.match.new)}'" + ("" if single and len(one.match.old) == 1 else " (rijen samen)")
    kolom = f"{'het' if is_result(one.kolom) else 'de'} {kolom_naam(stage_of(one.kolom)).lower()}"
    bericht = (
        f"De uitgave van {jaar} drukt voor {kolom} {then} van {what} {fmt(table, one.gedrukt)}; "
        f"in de uitgave van {then} was dat {fmt(table, one.eerder)}. Licht toe waarom het cijfer van {then} is herzien."
    )
    post = one.match.new[0] if single else None
    return finding_of(
        table, post, one.kolom, "VORIG_JAAR_HERZIEN", "waarschuwing", bericht, one.gedrukt, one.eerder, one.grens
    )  # fmt: skip
