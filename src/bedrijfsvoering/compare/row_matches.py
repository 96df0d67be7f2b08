"""Rows across years: which row of one table is which row of another, by stable key and by what a person says."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from difflib import SequenceMatcher
from typing import Literal

from ..figures import Post, Table
from .row_keys import KeyMapping

Kind = Literal["gelijk", "hernoemd", "samengevoegd", "gesplitst", "herschikt", "nieuw", "verdwenen"]
ALIKE = 0.8
"""Labels that have so much in common may be of the same row; a person decides."""

MAX_PAIRS = 10_000
"""Of more pairs of rows than this, gone and new, no likeness is looked for: the tables are not the same ones."""
TOTAL = "totaal"
"""The key that the only total of a table gets, whatever it is called."""


@dataclass(frozen=True)
class RowMatch:
    """Rows of two tables that belong together, in the order of their own tables; one of the sides may be empty.

    `lijkt_op` is the one row on the other side whose label is very alike: a suggestion, and no part of the match.
    """

    old: tuple[Post, ...]
    new: tuple[Post, ...]
    kind: Kind
    lijkt_op: Post | None = field(default=None, compare=False)


def match_rows(old: Table, new: Table, mapping: KeyMapping | None = None, jaar: int = 0) -> tuple[RowMatch, ...]:
    """Return every row of both tables, each in exactly one match.

    A row that `sleutels.yaml` names is what that says; any other row is the one with the same key. Totals and subtotals
    match in the same way. Where no line of the two tables does, nothing shows that their only totals are of the same
    thing: then these are matched by their names.

    Parameters
    ----------
    old, new
        The table in the older and in the newer edition.
    mapping, jaar
        `sleutels.yaml` of the newer edition, and the year of the older one. A key that the older table does not have
        is passed over; `row_keys.unknown_keys` tells of it.

    Returns
    -------
    tuple of RowMatch
        In the order of the new table; rows that are gone stand where they stood.
    """
    former = mapping.in_year(new.naam, jaar) if mapping else {}
    keys = {post.sleutel: number for number, post in enumerate(old.posten)}
    links = [
        (keys[key], number)
        for number, post in enumerate(new.posten)
        for key in former.get(post.sleutel, (post.sleutel,))
        if key in keys
    ]
    if old.regels and new.regels and not any(old.posten[a].soort == "regel" == new.posten[b].soort for a, b in links):
        links = [(a, b) for a, b in links if _is_told(old.posten[a], new.posten[b], former)]
    groups = _groups(len(old.posten), len(new.posten), links)
    ordered = _in_order(groups)
    matches = [RowMatch(*(rows := _rows(group, old, new)), _kind(*rows)) for group in ordered]
    return tuple(_with_hints(matches))


def _is_told(old: Post, new: Post, former: dict[str, tuple[str, ...]]) -> bool:
    """Return whether two rows are the same without the help of the lines around them."""
    return new.sleutel in former or new.sleutel != TOTAL or old.post.casefold() == new.post.casefold()


Group = tuple[list[int], list[int]]
"""The numbers of the rows of the old and of the new table that belong together."""


def _groups(olds: int, news: int, links: Sequence[tuple[int, int]]) -> list[Group]:
    """Return the rows by what connects them; a row without a link is a group of its own."""
    beside: dict[int, list[int]] = {number: [] for number in range(olds + news)}
    for a, b in links:
        beside[a].append(olds + b)
        beside[olds + b].append(a)
    groups, seen = list[Group](), set[int]()
    for first in beside:
        found = [] if first in seen else [first]
        seen.update(found)
        for number in found:  # grows while it is walked
            reached = [one for one in beside[number] if one not in seen]
            seen.update(reached)
            found += dict.fromkeys(reached)
        if found:
            groups.append(([n for n in sorted(found) if n < olds], [n - olds for n in sorted(found) if n >= olds]))
    return groups


def _in_order(groups: Sequence[Group]) -> list[Group]:
    """Return groups in the order of the new table, and each row that is gone behind the row that it stood behind."""
    gone = {group[0][0]: group for group in groups if not group[1]}
    kept = sorted((group for group in groups if group[1]), key=lambda group: group[1][0])
    ordered = []
    for group in (([-1], []), *kept):
        ordered.append(group)
        for number in group[0]:
            while number + 1 in gone:
                number += 1
                ordered.append(gone[number])
    return ordered[1:]


def _rows(group: Group, old: Table, new: Table) -> tuple[tuple[Post, ...], tuple[Post, ...]]:
    return tuple(old.posten[number] for number in group[0]), tuple(new.posten[number] for number in group[1])


def _kind(old: Sequence[Post], new: Sequence[Post]) -> Kind:
    """Return what became of the old rows."""
    if not old or not new:
        return "verdwenen" if old else "nieuw"
    if len(old) == len(new) == 1:
        return "gelijk" if old[0].post == new[0].post else "hernoemd"
    if len(old) > 1 and len(new) > 1:
        return "herschikt"
    return "samengevoegd" if len(old) > 1 else "gesplitst"


def _with_hints(matches: Sequence[RowMatch]) -> list[RowMatch]:
    """Say of a row that is gone and one that is new that they are alike, where each is alike to that one alone."""
    gone = [match.old[0] for match in matches if match.kind == "verdwenen"]
    come = [match.new[0] for match in matches if match.kind == "nieuw"]
    few = len(gone) * len(come) <= MAX_PAIRS
    pairs = [(a, b) for a in gone for b in come if _is_alike(a, b)] if few else []
    olds, news = [a.sleutel for a, _ in pairs], [b.sleutel for _, b in pairs]
    sure = [(a, b) for a, b in pairs if olds.count(a.sleutel) == 1 and news.count(b.sleutel) == 1]
    hints = {("verdwenen", a.sleutel): b for a, b in sure} | {("nieuw", b.sleutel): a for a, b in sure}
    return [
        replace(match, lijkt_op=hints.get((match.kind, (match.new or match.old)[0].sleutel))) for match in matches
    ]  # fmt: skip


def _is_alike(old: Post, new: Post) -> bool:
    if old.soort != new.soort:
        return False
    likeness = SequenceMatcher(None, old.post.casefold(), new.post.casefold(), autojunk=False)
    return likeness.quick_ratio() >= ALIKE and likeness.ratio() >= ALIKE
