"""What changed, for a reader of the page: the totals, the rows that changed most, and where projects stand."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal
from html import escape

from ..amounts import fmt_count
from ..declarations import fmt
from ..display import data
from ..figures import kolom_naam
from ..source import Kolom
from ..texts import join_words, typographic
from .as_html import figure_sources
from .as_text import NOTHING, figure_word, kind_word, row_names, unchanged
from .differences import Difference, FigureChange, ProjectDifference, TableDifference

NIL = Decimal(0)
MOST = 3
"""So many rows that changed most are named."""
LISTED = 8
"""So many rows that are new, gone or called otherwise are named."""


def summary_html(difference: Difference) -> str:
    """Return what changed between two years as a short list (HTML), each number with its source."""
    items = [_table(one, difference) for one in difference.tabellen]
    items += [_projects(difference.projecten)] if difference.projecten else []
    same = [escape(titel) for titel in unchanged(difference)]
    items += [f"{join_words(same)}: {NOTHING}."] if same else []
    return f"<ul>{''.join(f'<li>{item}</li>' for item in items)}</ul>"


def _table(one: TableDifference, difference: Difference) -> str:
    """Return what changed in a table in a few sentences (HTML): its total, its largest changes, its rows."""
    head = f"<b>{escape(one.table.source.titel)}</b>"
    if one.soort != "gewijzigd":
        return f"{head}: deze tabel is {one.soort}."
    told = []
    if kolom := next(iter(one.kolommen), None):
        known = [c for c in one.cijfers if c.kolom == kolom and c.oud is not None and c.nieuw is not None]
        told += [_total(change, one, kolom, difference) for change in known if _is(change, "totaal")][-1:]
        lines = sorted((c for c in known if _is(c, "regel")), key=lambda c: -abs(c.verschil or NIL))[:MOST]
        if lines:
            named = join_words([f"{escape(c.post)} ({_word(one, c, difference)})" for c in lines])
            told.append(f"Het meest veranderde {named}." if len(lines) == 1 else f"Het meest veranderden {named}.")
    rows = [f"{kind_word(match)}: {escape(row_names(match))}" for match in one.anders]
    rows = [*rows[:LISTED], *([f"nog {fmt_count(len(rows) - LISTED)}"] if len(rows) > LISTED else [])]
    told += [f"Rijen: {'; '.join(rows)}."] if rows else []
    told += [escape(typographic(remark)) for remark in one.opmerkingen]
    return f"{head} ({escape(one.table.eenheid.lower())}). {' '.join(told)}"


def _is(change: FigureChange, soort: str) -> bool:
    return all(post.soort == soort for post in (*change.match.old, *change.match.new))


def _total(change: FigureChange, one: TableDifference, kolom: Kolom, difference: Difference) -> str:
    new, _ = figure_sources(one.table, change, difference)
    amount = change.nieuw or NIL
    stage = kolom_naam(kolom).lower()
    return (
        f"Totaal, {stage}: {data(amount, new, fmt(one.table, abs(amount)))}, "
        f"{_word(one, change, difference)} dan in {difference.oud.jaar}."
    )


def _word(one: TableDifference, change: FigureChange, difference: Difference) -> str:
    new, old = figure_sources(one.table, change, difference)
    return data(change.verschil or NIL, f"verschil({new}, {old})", escape(figure_word(one.table, change)))


def _projects(changes: Sequence[ProjectDifference]) -> str:
    """Return where projects stand now and stood then (HTML); of other changes only that there are."""
    told = [f"{escape(one.project)}: {one.soort}" for one in changes if one.soort != "gewijzigd"]
    moved = [
        (one, change)
        for one in changes
        for change in one.velden
        if change.naam == "status" and one.soort == "gewijzigd"
    ]
    told += [f"{escape(one.project)}: van {change.oud} naar {change.nieuw}" for one, change in moved]
    rest = len(changes) - len(told)
    told += (
        [f"bij {fmt_count(rest)} {'project' if rest == 1 else 'projecten'} een andere tekst of mijlpaal"]
        if rest
        else []
    )
    return f"<b>ICT-projecten</b>. {'; '.join(told)}."
