"""What changed, for a terminal: a section per table, at most eighty columns, in words."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from decimal import Decimal
from textwrap import wrap

from ..amounts import NBSP, fmt_count
from ..declarations import fmt
from ..display import word
from ..figures import Table, kolom_naam
from ..source import EURO, is_result
from ..texts import join_words
from .differences import Change, Difference, FigureChange, FindingChange, ProjectDifference, TableDifference, names_of
from .row_keys import NAME as KEYS
from .row_matches import RowMatch
from .sentence_changes import StoryDifference

WIDTH = 80
LABEL = 13
"""Columns of the word that says what happened."""
NARROWEST = 20
"""Columns that the name of a row has at least, however long the amounts are."""
KINDS = {"verdwenen": "vervallen"}
"""What became of a row, where its word is another than that of the match."""
NOTHING = "niets veranderd"
UNKNOWN = "niet aangeleverd"


def difference_text(difference: Difference) -> str:
    """Return what changed as plain text; where nothing did, one line says so."""
    names = f"{difference.oud.naam} en {difference.nieuw.naam}"
    if difference.is_empty:
        return f"{difference.nieuw.gemeente}, {names}: {NOTHING}."
    lines = wrap(f"{difference.nieuw.gemeente}: van {difference.oud.naam} naar {difference.nieuw.naam}", WIDTH)
    for title, told in sections(difference):
        lines += ["", *wrap(title, WIDTH), *told]
    if same := unchanged(difference):
        lines += ["", *wrap(f"{join_words(same)}: {NOTHING}.", WIDTH)]
    return "\n".join(lines)


def chapter_name(hoofdstuk: str) -> str:
    """Return how a chapter is called: `3-ict-projecten` is `hoofdstuk 3, ict projecten`."""
    number, _, name = hoofdstuk.partition("-")
    return f"hoofdstuk {number}, {name.replace('-', ' ')}"


def sections(difference: Difference) -> Iterator[tuple[str, list[str]]]:
    """Yield each part that has something to tell, with its lines."""
    parts: list[tuple[str, Iterable[str]]] = [("Gegevens", _changes(difference.gegevens))]
    parts += [(_table_title(table), _table(table, difference)) for table in difference.tabellen]
    parts += [("Projecten", (line for one in difference.projecten for line in _project(one)))]
    parts += [(f"Tekst van {chapter_name(story.hoofdstuk)}", _story(story)) for story in difference.teksten]
    parts += [("Bevindingen", (line for one in difference.bevindingen for line in _finding(one)))]
    yield from ((title, lines) for title, told in parts if (lines := list(told)))


def unchanged(difference: Difference) -> list[str]:
    """Return the tables that both have and in which nothing changed, by their titles."""
    changed = {one.table.naam for one in difference.tabellen}
    return [table.source.titel for naam, table in difference.nieuw.tables.items() if naam not in changed]


def kind_word(match: RowMatch) -> str:
    """Return what became of a row: `nieuw`, `vervallen`, `hernoemd`."""
    return KINDS.get(match.kind, match.kind)


def row_names(match: RowMatch) -> str:
    """Return which rows became which: `Advies + Beleid, nu: Staf`."""
    old, new = names_of(match.old), names_of(match.new)
    return f"{old}, nu: {new}" if match.old and match.new else old or new


def hint_of(match: RowMatch, table: Table, difference: Difference) -> str:
    """Return the line for `sleutels.yaml` that would join a new row to the one it is alike to, or nothing."""
    if match.kind != "nieuw" or match.lijkt_op is None or difference.oud.jaar == difference.nieuw.jaar:
        return ""
    line = f"{table.naam}.{match.new[0].sleutel}: [{difference.oud.jaar}: {match.lijkt_op.sleutel}]"
    return f"Lijkt op '{match.lijkt_op.post}' van {difference.oud.naam}. Is het dezelfde rij, zet dan in {KEYS}: {line}"


def figure_word(table: Table, change: FigureChange) -> str:
    """Return what changed in an amount: `458 hoger`, `10 gunstiger`, `nieuw`.

    A stage is higher or lower without its sign, as people say it of costs; a result is more or less favourable.
    """
    old, new, verschil = change.oud, change.nieuw, change.verschil
    if old is None or new is None or verschil is None:
        absent = "was niet aangeleverd" if old is None else f"nu {UNKNOWN}"
        return {"nieuw": "nieuw", "verdwenen": "vervallen"}.get(change.match.kind, absent)
    money = table.source.eenheid in EURO
    if money and (is_result(change.kolom) or old * new < 0):
        return f"{fmt(table, abs(verschil))} {'gunstiger' if verschil > 0 else 'ongunstiger'}"
    size = abs(new) - abs(old) if money else verschil
    return f"{fmt(table, abs(size))} {'hoger' if size > 0 else 'lager'}"


def _changes(changes: Sequence[Change]) -> Iterator[str]:
    for change in changes:
        yield from _told(_kind(change.oud, change.nieuw), f"{change.naam.replace('.', ', ')}: {_from_to(change)}")


def _kind(oud: object, nieuw: object) -> str:
    return "nieuw" if oud is None else "vervallen" if nieuw is None else "gewijzigd"


def _from_to(change: Change) -> str:
    """Return a change in words."""
    if change.oud is None or change.nieuw is None:
        return change.nieuw or change.oud or ""
    return f"was {change.oud or 'leeg'}, is {change.nieuw or 'leeg'}"


def _table_title(one: TableDifference) -> str:
    signs = "; kosten hebben een minteken" if one.table.source.lasten else ""
    what = "" if one.soort == "gewijzigd" else f": {one.soort}"
    return f"{one.table.source.titel}{what} ({one.table.eenheid.lower()}{signs})"


def _table(one: TableDifference, difference: Difference) -> Iterator[str]:
    """Yield the lines of one table: what is to be known first, its rows, its figures by column."""
    for remark in one.opmerkingen:
        yield from wrap(remark, WIDTH, initial_indent="  ", subsequent_indent="  ")
    if one.soort != "gewijzigd":
        yield from _told(one.soort, f"de hele tabel, {fmt_count(len(one.rijen))} rijen")
    for match in one.anders:
        yield from _told(kind_word(match), row_names(match))
        if one.soort == "gewijzigd" and (hint := hint_of(match, one.table, difference)):
            yield from _told("", hint)
    for kolom in one.kolommen:
        yield from _figures(one.table, [c for c in one.cijfers if c.kolom == kolom], difference)


def _figures(table: Table, changes: Sequence[FigureChange], difference: Difference) -> Iterator[str]:
    """Yield the amounts of one column that changed, under one another."""
    kolom = changes[0].kolom
    heads = ("oud", "nieuw")
    if difference.oud.jaar != difference.nieuw.jaar:
        heads = (difference.oud.naam, difference.nieuw.naam)
    rows: list[tuple[str, ...]] = [("  " + kolom_naam(kolom), *heads, "verschil")]
    for change in changes:
        amounts = (_amount(table, kolom, amount) for amount in (change.oud, change.nieuw))
        rows.append(("    " + change.post + (" (samen)" if change.som else ""), *amounts, figure_word(table, change)))
    widths = [max(len(row[number]) for row in rows) for number in (1, 2, 3)]
    room = max(WIDTH - sum(widths) - 2 * len(widths), NARROWEST)
    yield ""
    for name, *cells in rows:
        indent = name[: len(name) - len(name.lstrip())]
        *above, last = wrap(name.strip(), room, initial_indent=indent, subsequent_indent=indent + "  ")
        yield from above
        filled = [cell.rjust(width) for cell, width in zip(cells, widths, strict=True)]
        yield "  ".join([last.ljust(room), *filled[:2], cells[2].ljust(widths[2])]).rstrip()


def _amount(table: Table, kolom: str, amount: Decimal | None) -> str:
    """Return an amount, a result with the letter V or N instead of a sign; a dash would read as nil."""
    if amount is None:
        return ""
    if is_result(kolom):
        return f"{fmt(table, abs(amount))} {word(amount)[0].upper() if amount else ' '}"
    return fmt(table, amount)


def _project(one: ProjectDifference) -> Iterator[str]:
    yield from _told(one.soort, one.project)
    for change in one.velden:
        yield from _told("", f"{change.naam}: {_from_to(change)}")
    for change in one.mijlpalen:
        told = f"was {change.oud}, is {change.nieuw}" if change.oud and change.nieuw else _from_to(change)
        what = "" if change.oud and change.nieuw else f" {_kind(change.oud, change.nieuw)}"
        yield from _told("", f"mijlpaal{what}: {change.naam} ({told})")


def _finding(one: FindingChange) -> Iterator[str]:
    finding = one.nieuw or one.oud
    if finding:
        accepted = f" {finding.aanvaard}" if one.soort == "gewijzigd" and finding.aanvaard else ""
        yield from _told(one.soort, f"{finding.ernst} {finding.code}: {finding.bericht}{accepted}")


def _story(story: StoryDifference) -> Iterator[str]:
    for change in story.zinnen:
        if change.soort == "gewijzigd":
            yield from _told("was", change.oud or "")
            yield from _told("is", change.nieuw or "")
        else:
            yield from _told(change.soort, change.nieuw or change.oud or "")


def _told(what: str, text: str) -> list[str]:
    """Return a line that begins with a word in its own column."""
    text = text.replace("€ ", f"€{NBSP}")
    return wrap(text, WIDTH, initial_indent=f"  {what:<{LABEL}} ", subsequent_indent=" " * (LABEL + 3)) or [f"  {what}"]
