"""What chapter 5 shows of earlier editions: the rekening of each row year by year, and what changed since the last."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from decimal import Decimal
from html import escape

from ..amounts import fmt_amount, round_half_up
from ..display import Shown, data, state, table_html, table_text
from ..errors import DataError, StoryError
from ..figures import Figures, Post, Table
from ..source import EURO, stage_of, year_of
from .as_html import difference_html
from .as_text import difference_text
from .differences import Difference, ProjectDifference, diff_editions, names_of, sum_of
from .row_keys import mapping_of
from .row_matches import RowMatch, match_rows
from .summary import summary_html
from .units import rounding_between, scale_between

SHOWN = ("overhead", "salarissen")
"""The tables whose rows are set side by side."""
NOTHING = Shown("", "Er is geen eerdere uitgave om mee te vergelijken.")
"""A first edition has nothing to be compared with; the page need not say so."""
Row = tuple[str, list[str]]


def table_jaren(figures: Figures) -> Shown:
    """Show the rekening of each row year by year, as earlier editions have it or else as this edition prints it.

    A table each for overhead and salarissen. One row per post, matched by key and by `sleutels.yaml`; rows of earlier
    years that no row of this year is, stand below with their year. Columns: rekening per year, in this year's unit,
    costs negative, and whether the last is higher or lower. Without an earlier year the page shows nothing.

    Raises
    ------
    DataError
        `sleutels.yaml` names rows that an earlier edition does not have.
    """
    shown = [_lines(figures, figures.tables[naam]) for naam in SHOWN if naam in figures.tables]
    told = [one for one in shown if one]
    if not told:
        return NOTHING
    return Shown("".join(one.html for one in told), "\n\n".join(one.text for one in told))


def _lines(figures: Figures, table: Table) -> Shown | None:
    years = [jaar for jaar, one in figures.eerder.items() if _is_comparable(one.tables.get(table.naam), table)]
    own = {jaar for kolom in table.kolommen if stage_of(kolom) == "rekening" and (jaar := year_of(kolom))}
    every = sorted({jaar for jaar in (*years, *own) if jaar < figures.jaar})
    if not every or "rekening" not in table.kolommen:
        return None
    found: dict[int, dict[str, str]] = {jaar: _printed_here(table, jaar) for jaar in every}
    amounts: dict[int, dict[str, Decimal]] = {jaar: _amounts_here(table, jaar) for jaar in every}
    rest: list[Row] = []
    mapping = mapping_of(figures)
    for jaar in years:
        old = figures.eerder[jaar].tables[table.naam]
        matches = match_rows(old, table, mapping, jaar)
        for sleutel, amount in _matched(matches, scale_between(old, table) or Decimal(1)):
            amounts[jaar][sleutel] = amount
            bron = f"uitgave({jaar}, {table.naam}.{sleutel}.rekening)"
            found[jaar][sleutel] = data(amount, bron, fmt_amount(amount, table.source.decimalen))
        for sleutel in _new_rows(matches):
            found[jaar].setdefault(sleutel, '<span class="leeg">geen rij</span>')
        rest += _unmatched(matches, old, table, jaar, every)
    head = [("Post", ""), *((f"Rekening {jaar}", "g") for jaar in (*every, figures.jaar)), (f"Sinds {every[-1]}", "g")]
    bound = Decimal(0)
    if every[-1] in years:
        last = figures.eerder[every[-1]].tables[table.naam]
        bound = rounding_between(last, table, scale_between(last, table) or Decimal(1))
    rows = [_row(post, table, every, found, amounts, bound) for post in table.posten]
    rows += _per_inhabitant(figures, table, every, amounts)
    titel = f"{table.source.titel}: de rekening van {every[0]} tot en met {figures.jaar}"
    unit = f"{table.eenheid}, kosten met een minteken."
    html = table_html(titel, unit, head, [*rows, *rest], klass="lang" if len(every) > 2 else "kaart")
    return Shown(html, table_text(titel, [[post.post] for post in table.posten]))


def _is_comparable(old: Table | None, new: Table) -> bool:
    return old is not None and scale_between(old, new) is not None and "rekening" in old.kolommen


def _amounts_here(table: Table, jaar: int) -> dict[str, Decimal]:
    """Return what this edition itself prints of an earlier year, by row."""
    column = f"rekening_{jaar}"
    return {post.sleutel: amount for post in table.posten if (amount := post.bedragen.get(column)) is not None}


def _printed_here(table: Table, jaar: int) -> dict[str, str]:
    return {
        sleutel: data(amount, f"{table.naam}.{sleutel}.rekening_{jaar}", fmt_amount(amount, table.source.decimalen))
        for sleutel, amount in _amounts_here(table, jaar).items()
    }


def _matched(matches: Sequence[RowMatch], scale: Decimal) -> Iterator[tuple[str, Decimal]]:
    """Yield the earlier amount of each row that one row, or several joined ones, of the earlier year are."""
    for match in matches:
        amount = sum_of(match.old, "rekening") if match.old and len(match.new) == 1 else None
        if amount is not None:
            yield match.new[0].sleutel, amount * scale


def _new_rows(matches: Sequence[RowMatch]) -> Iterator[str]:
    """Yield the keys of rows that the earlier edition did not have."""
    for match in matches:
        if not match.old:
            yield from (post.sleutel for post in match.new)


def _row(
    post: Post, table: Table, years: Sequence[int], found: Mapping[int, Mapping[str, str]],
    amounts: Mapping[int, Mapping[str, Decimal]], bound: Decimal,
) -> tuple[str, list[str]]:  # fmt: skip
    """Return one row of this year with its earlier amounts (HTML)."""
    absent = state("niet aangeleverd", "niet bekend")
    cells = [found[jaar].get(post.sleutel, absent) for jaar in years]
    now, then = post.bedragen.get("rekening"), amounts[years[-1]].get(post.sleutel)
    bron = f"{table.naam}.{post.sleutel}.rekening"
    cells.append(absent if now is None else data(now, bron, fmt_amount(now, table.source.decimalen)))
    klass = "" if post.soort == "regel" else post.soort
    return klass, [
        escape(post.post),
        *cells,
        _change(now, then, table, f"verschil({bron}, uitgave({years[-1]}, {bron}))", bound),
    ]


def _change(now: Decimal | None, then: Decimal | None, table: Table, bron: str, bound: Decimal) -> str:
    """Return how much an amount is higher or lower, sizes without a sign (HTML)."""
    if now is None or then is None:
        return ""
    if now * then < 0:
        return data(now - then, bron, "van baten naar kosten" if now < 0 else "van kosten naar baten")
    change = abs(now) - abs(then)
    if abs(change) <= bound:
        return "gelijk"
    word = "hoger" if change > 0 else "lager"
    return data(now - then, bron, f"{fmt_amount(abs(change), table.source.decimalen)} {word}")


def _unmatched(matches: Sequence[RowMatch], old: Table, new: Table, jaar: int, years: Sequence[int]) -> Iterator[Row]:
    """Yield the rows of an earlier year that no single row of this year is, each with its amount in that year."""
    scale = scale_between(old, new) or Decimal(1)
    for match in matches:
        if len(match.new) == 1:
            continue
        what = f"nu verdeeld over {names_of(match.new)}" if match.new else "staat er nu niet meer"
        for post in match.old:
            amount = post.bedragen.get("rekening")
            bron = f"uitgave({jaar}, {old.naam}.{post.sleutel}.rekening)"
            shown = (
                "" if amount is None else data(amount * scale, bron, fmt_amount(amount * scale, new.source.decimalen))
            )
            cells = [shown if year == jaar else "" for year in years]
            yield "", [f'{escape(post.post)}<span class="e">Alleen in {jaar}: {escape(what)}.</span>', *cells, "", ""]


def _per_inhabitant(
    figures: Figures, table: Table, years: Sequence[int], amounts: Mapping[int, Mapping[str, Decimal]]
) -> list[tuple[str, list[str]]]:
    """Return the total per inhabitant of each year as a row, where inhabitants are known (HTML)."""
    total, scale = table.totaal, EURO.get(table.source.eenheid)
    inhabitants = {jaar: one.source.inwoners for jaar, one in figures.eerder.items()} | {
        figures.jaar: figures.source.inwoners
    }
    if total is None or scale is None or not any(inhabitants.values()):
        return []
    cells, values = [], []
    for jaar in (*years, figures.jaar):
        own = total.bedragen.get("rekening") if jaar == figures.jaar else amounts[jaar].get(total.sleutel)
        people = inhabitants.get(jaar)
        value = None if own is None or not people else round_half_up(own * scale / people, 0)
        values.append(value)
        bron = f"per_inwoner(uitgave({jaar}, {table.naam}.{total.sleutel}.rekening))"
        cells.append(
            state("niet aangeleverd", "niet bekend") if value is None else data(value, bron, fmt_amount(value))
        )
    now, then = values[-1], values[-2]
    if not any(value is not None for value in values[:-1]):
        return []
    since = ""
    if now is not None and then is not None:
        change, bron = abs(now) - abs(then), f"verschil(per_inwoner({figures.jaar}), per_inwoner({years[-1]}))"
        word = "hoger" if change > 0 else "lager"
        since = data(now - then, bron, f"{fmt_amount(abs(change))} {word}") if change else "gelijk"
    return [("", [f"{escape(total.post)}, per inwoner in euro", *cells, since])]


def table_veranderd(figures: Figures) -> Shown:
    """Show what changed since the last earlier edition: totals, rows and projects.

    A few sentences per table, and folded away one row per figure that changed; amounts have the house's sign and the
    unit of the newer edition. Sentences and findings are for `bedrijfsvoering diff`. Without an earlier edition the
    page shows nothing; one that cannot be compared is told in one line, and no error is raised.
    """
    from ..edition import read_edition

    if not figures.eerder:
        return NOTHING
    data_folder = figures.folder.parents[1]
    try:
        difference = diff_editions(read_edition(data_folder, figures.gemeente, max(figures.eerder)), figures)
    except (DataError, StoryError) as exc:
        told = f"De uitgave van {max(figures.eerder)} kan niet worden vergeleken. {exc.problems[0].openbaar}"
        return Shown(f"<p>{escape(told)}</p>", told)
    if difference.is_empty:
        return Shown(difference_html(difference), difference_text(difference))
    figures_alone = replace(difference, teksten=(), bevindingen=(), gegevens=(), projecten=_without_done(difference))
    told = f"<p>Vergeleken met de uitgave van {difference.oud.jaar}:</p>{summary_html(figures_alone)}"
    every = (
        f'<details class="plek"><summary>Alle verschillen</summary>{difference_html(figures_alone, level=4)}</details>'
    )
    return Shown(told + (every if not figures_alone.is_empty else ""), difference_text(difference))


def _without_done(difference: Difference) -> tuple[ProjectDifference, ...]:
    """Return the changes of projects, but for milestones that had happened: a next edition need not repeat them."""
    kept = []
    for one in difference.projecten:
        open_ = tuple(m for m in one.mijlpalen if m.nieuw is not None or "gerealiseerd" not in (m.oud or ""))
        if open_ or one.velden or one.soort != "gewijzigd":
            kept.append(replace(one, mijlpalen=open_))
    return tuple(kept)
