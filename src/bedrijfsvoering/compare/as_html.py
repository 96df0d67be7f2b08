"""What changed, as HTML: a fragment for a chapter of the report, and a page of its own in the same look."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal
from html import escape

from markupsafe import Markup

from ..csp import page_csp
from ..declarations import fmt
from ..display import STATE, data, direction, state, table_html
from ..figures import Post, Table, kolom_naam
from ..pages import page_environment
from ..source import Kolom, is_result
from ..texts import join_words, typographic
from .as_text import NOTHING, UNKNOWN, chapter_name, figure_word, hint_of, kind_word, unchanged
from .differences import Change, Difference, FigureChange, FindingChange, ProjectDifference, TableDifference, names_of
from .sentence_changes import SentenceChange

PREFIX = "verschil"
"""What the ids of the headings begin with."""


def difference_html(difference: Difference, level: int = 3) -> str:
    """Return what changed as a fragment of a page (HTML): a heading of some level and tables per part.

    Where nothing changed, one sentence says so.
    """
    if difference.is_empty:
        return f"<p>Tussen {_editions(difference)} is {NOTHING}.</p>"
    html = "".join(
        f'<h{level} id="{ident}">{escape(title)}</h{level}>{told}' for ident, title, told in _parts(difference)
    )
    same = [escape(titel) for titel in unchanged(difference)]
    return html + (f"<p>{join_words(same)}: {NOTHING}.</p>" if same else "")


def difference_page(difference: Difference) -> str:
    """Return what changed as a whole page: no script, nothing from elsewhere."""
    parts = [] if difference.is_empty else _parts(difference)
    return (
        page_environment()
        .get_template("difference.html.j2")
        .render(
            gemeente=difference.nieuw.gemeente,
            oud=difference.oud,
            nieuw=difference.nieuw,
            delen=[(ident, title) for ident, title, _ in parts],
            inhoud=Markup(difference_html(difference)),  # safe: every text in it was escaped
            csp=page_csp,
        )
    )


def _parts(difference: Difference) -> list[tuple[str, str, str]]:
    """Return each part that has something to tell: its id, its heading and what stands under it (HTML)."""
    parts = [(f"{PREFIX}-{one.table.naam}", _title(one), _table(one, difference))
             for one in difference.tabellen]  # fmt: skip
    if difference.projecten:
        parts.append((f"{PREFIX}-projecten", "Projecten", _projects(difference)))
    parts += [(f"{PREFIX}-tekst-{escape(story.hoofdstuk)}", f"Tekst van {chapter_name(story.hoofdstuk)}",
               _list([_sentence(one) for one in story.zinnen])) for story in difference.teksten]  # fmt: skip
    if difference.bevindingen:
        parts.append((f"{PREFIX}-bevindingen", "Bevindingen", _list([_finding(f) for f in difference.bevindingen])))
    if difference.gegevens:
        parts.append((f"{PREFIX}-gegevens", "Gegevens", _declared(difference)))
    return parts


def _editions(difference: Difference) -> str:
    return f"{escape(difference.oud.naam)} en {escape(difference.nieuw.naam)}"


def _names(difference: Difference) -> tuple[str, str]:
    """Return what the columns of the older and the newer edition are called."""
    if difference.oud.jaar == difference.nieuw.jaar:
        return "Oud", "Nieuw"
    return difference.oud.naam, difference.nieuw.naam


def _title(one: TableDifference) -> str:
    return one.table.source.titel + ("" if one.soort == "gewijzigd" else f": {one.soort}")


def _table(one: TableDifference, difference: Difference) -> str:
    """Return what changed in one table (HTML): what is to be known, its rows, its figures by column."""
    told = "".join(f"<p>{escape(typographic(remark))}</p>" for remark in one.opmerkingen)
    if one.anders:
        told += _rows(one, difference)
    for kolom in one.kolommen:
        told += _figures(one.table, kolom, [c for c in one.cijfers if c.kolom == kolom], difference)
    return told


def _rows(one: TableDifference, difference: Difference) -> str:
    """Return the rows that are new, gone, or under another name (HTML)."""
    old, new = _names(difference)
    rows = []
    for match in one.anders:
        hint = hint_of(match, one.table, difference) if one.soort == "gewijzigd" else ""
        cells = [escape(names_of(match.new or match.old)), kind_word(match)]
        cells += [escape(names_of(side)) or "–" for side in (match.old, match.new)]
        cells[1] += f"<p>{escape(typographic(hint))}</p>" if hint else ""
        rows.append(("", cells))
    head = [("Rij", ""), ("Wat er veranderde", ""), (old, ""), (new, "")]
    return table_html(f"{one.table.source.titel}: rijen", "", head, rows, genummerd=False)


def _figures(table: Table, kolom: Kolom, changes: Sequence[FigureChange], difference: Difference) -> str:
    """Return the amounts of one column that changed (HTML)."""
    rows = []
    for change in changes:
        new, old = figure_sources(table, change, difference)
        word = escape(figure_word(table, change))
        if change.verschil is not None:
            word = data(change.verschil, f"verschil({new}, {old})", word)
        name = escape(change.post) + (" (samen)" if change.som else "")
        rows.append(
            ("", [name, _amount(table, change, change.oud, old), _amount(table, change, change.nieuw, new), word])
        )
    klass = "g res" if is_result(kolom) else "g"
    head = [("Post", ""), *((name, klass) for name in _names(difference)), ("Verschil", "g")]
    signs = " Kosten hebben een minteken." if table.source.lasten and not is_result(kolom) else ""
    titel = f"{table.source.titel}: {kolom_naam(kolom).lower()}"
    return table_html(titel, f"{table.eenheid}.{signs}", head, rows, genummerd=False)


def figure_sources(table: Table, change: FigureChange, difference: Difference) -> tuple[str, str]:
    """Return where the newer and the older amount of a change come from, as the page writes it."""
    edition = "eerder" if difference.oud.jaar == difference.nieuw.jaar else difference.oud.jaar
    old, new = (_bron(table, side, change.kolom) for side in (change.match.old, change.match.new))
    return new, f"uitgave({edition}, {old})"


def _bron(table: Table, posten: Sequence[Post], kolom: Kolom) -> str:
    """Return where an amount comes from, as the page writes it."""
    cells = [f"{table.naam}.{post.sleutel}.{kolom}" for post in posten]
    return cells[0] if len(cells) == 1 else f"som({', '.join(cells)})"


def _amount(table: Table, change: FigureChange, amount: Decimal | None, bron: str) -> str:
    """Return an amount (HTML), a result with its word; of a row that is new or gone there is none."""
    if amount is None:
        absent = change.match.kind not in ("nieuw", "verdwenen")
        return state("niet aangeleverd", UNKNOWN) if absent else "geen rij"
    if is_result(change.kolom):
        exact = -int(amount.normalize().as_tuple().exponent)  # of an amount in another unit before
        return data(amount, bron, direction(amount, max(table.source.decimalen, exact)))
    return data(amount, bron, fmt(table, amount))


def _projects(difference: Difference) -> str:
    """Return what changed of projects (HTML), one row per field or milestone."""
    rows = [("", cells) for one in difference.projecten for cells in _project(one)]
    head = [("Project", ""), ("Wat er veranderde", ""), *((name, "") for name in _names(difference))]
    return table_html("Projecten en mijlpalen", "", head, rows, genummerd=False)


def _project(one: ProjectDifference) -> list[list[str]]:
    name = escape(one.project)
    rows = [] if one.soort == "gewijzigd" else [[name, one.soort, "–", "–"]]
    rows += [[name, change.naam, *_sides(change)] for change in one.velden]
    return rows + [[name, f"mijlpaal: {escape(change.naam)}", *_sides(change)] for change in one.mijlpalen]


def _sides(change: Change) -> list[str]:
    """Return what something was and what it is (HTML); a status as shape and word."""
    return [
        "–" if text is None else state(text) if change.naam == "status" and text in STATE else escape(text) or "leeg"
        for text in (change.oud, change.nieuw)
    ]


def _declared(difference: Difference) -> str:
    rows = [("", [escape(one.naam.replace(".", ", ")), *_sides(one)]) for one in difference.gegevens]
    head = [("Gegeven", ""), *((name, "") for name in _names(difference))]
    return table_html("Wat er over de cijfers is opgegeven", "", head, rows, genummerd=False)


def _sentence(one: SentenceChange) -> str:
    """Return a sentence that changed (HTML), each form behind a word that says which it is."""
    forms = [("Was", one.oud), ("Is", one.nieuw)] if one.soort == "gewijzigd" else [(one.soort, one.nieuw or one.oud)]
    return "<br>".join(f"<b>{what.capitalize()}:</b> {escape(text or '')}" for what, text in forms)


def _finding(one: FindingChange) -> str:
    finding = one.nieuw or one.oud
    if finding is None:
        return ""
    accepted = f" <strong>{escape(finding.aanvaard)}</strong>" if finding.aanvaard else ""
    told = f"{escape(typographic(finding.openbaar))}{accepted}"
    return f"<b>{one.soort.capitalize()}</b>, {finding.ernst}: {told}"


def _list(items: Sequence[str]) -> str:
    return f"<ul>{''.join(f'<li>{item}</li>' for item in items)}</ul>"
