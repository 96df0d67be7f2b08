"""The key figures of the summary: a card per figure, from the printed totals."""

from __future__ import annotations

from decimal import Decimal
from html import escape

from .amounts import NBSP, fmt_amount, round_half_up
from .display import Shown, data, direction, linked, missing
from .figures import Figures, Post, Table
from .iv3.deliveries import MEASURES, find_spread
from .references import MAAT
from .source import EURO, Kolom
from .tables import ORDER, share_html

Card = tuple[str, str, str]
"""What a figure is called, the figure (HTML), and the line under it (HTML)."""
UNIT = {**MAAT, "pct": "%"}
"""The unit of a table as it stands behind a figure."""
STATUS_TEXT = {
    "bijsturen": ("moet worden bijgestuurd", "moeten worden bijgestuurd"), "stilgelegd": ("ligt stil", "liggen stil"),
    "aandacht": ("vraagt aandacht", "vragen aandacht"), "onbekend": ("heeft geen status", "hebben geen status"),
    "loopt": ("loopt", "lopen"), "afgerond": ("is afgerond", "zijn afgerond"),
}  # fmt: skip
"""What one project and what several projects do."""


def table_kerncijfers(figures: Figures) -> Shown:
    """Show the key figures of the edition: totals, results, the largest line, per inhabitant, projects.

    One card per figure, from the printed totals, each with its unit. A figure whose table or total was not delivered
    is left out; without any it gives one line of text. It raises no errors.
    """
    cards: list[Card] = []
    overhead, salarissen = figures.table("overhead"), figures.table("salarissen")
    if overhead:
        cards += _total_card(overhead) + _result_card(overhead, "Resultaat overhead") + _largest_card(overhead)
        cards += _per_inwoner_card(figures, overhead)
    if salarissen:
        cards += _result_card(salarissen, "Resultaat salarissen")
    cards += _projects_card(figures)
    if not cards:
        return missing("Kerncijfers")
    html = "".join(
        f'<div><dt>{titel}</dt><dd class="groot">{value}</dd><dd class="bij">{note}</dd></div>'
        for titel, value, note in cards
    )
    return Shown(f'<dl class="kern">{html}</dl>', "\n".join(titel for titel, _, _ in cards))


def _total(table: Table, kolom: Kolom) -> tuple[Post, Decimal] | None:
    """Return the printed total row and its amount in a column, or None where either was not delivered."""
    amount = table.totaal.bedragen.get(kolom) if table.totaal else None
    return None if table.totaal is None or amount is None else (table.totaal, amount)


def _amount(table: Table, post: Post, kolom: Kolom) -> str:
    """Return an amount of a row as `<data>`, without its sign (HTML)."""
    amount = post.bedragen.get(kolom) or Decimal(0)
    cel = f"{table.naam}.{post.sleutel}.{kolom}"
    return linked(data(amount, cel, fmt_amount(abs(amount), table.source.decimalen)), cel)


def _total_card(table: Table) -> list[Card]:
    if not (found := _total(table, "rekening")):
        return []
    total, _ = found
    note = "rekening, kosten min baten" if table.source.eenheid.startswith("eur") else "rekening"
    if _total(table, "begroting_na_wijziging"):
        note += f"; begroot na wijziging: {_amount(table, total, 'begroting_na_wijziging')}"
    return [("Overhead", f"{_amount(table, total, 'rekening')} <small>{UNIT[table.source.eenheid]}</small>", note)]


def _result_card(table: Table, titel: str) -> list[Card]:
    if not (found := _total(table, "budgetresultaat")):
        return []
    total, amount = found
    note = UNIT[table.source.eenheid]
    if total.size("begroting_na_wijziging"):
        note += f"; {share_html(table, total)} van de begroting na wijziging"
    bron = f"{table.naam}.{total.sleutel}.budgetresultaat"
    return [(titel, linked(data(amount, bron, direction(amount, table.source.decimalen)), bron), note)]


def _largest_card(table: Table) -> list[Card]:
    lines = [post for post in table.regels if post.size("rekening")]
    if not (found := _total(table, "rekening")) or not found[1] or not lines:
        return []
    total, whole = found
    largest = max(lines, key=lambda post: post.size("rekening"))
    pct = round_half_up(largest.size("rekening") / abs(whole) * 100, 1)
    bron = f"aandeel({table.naam}.{largest.sleutel}.rekening, {table.naam}.{total.sleutel}.rekening)"
    note = f"{escape(largest.post)}; {data(pct, bron, f'{fmt_amount(pct, 1)}%')} van de overhead"
    return [
        ("Grootste post", f"{_amount(table, largest, 'rekening')} <small>{UNIT[table.source.eenheid]}</small>", note)
    ]


def _per_inwoner_card(figures: Figures, table: Table) -> list[Card]:
    inwoners, scale = figures.source.inwoners, EURO.get(table.source.eenheid)
    if not (found := _total(table, "rekening")) or not inwoners or scale is None:
        return []
    total, amount = found
    euro = round_half_up(abs(amount) * scale / inwoners, 0)
    cel = f"{table.naam}.{total.sleutel}.rekening"
    value = linked(data(euro, f"per_inwoner({cel})", f"€{NBSP}{fmt_amount(euro)}"), cel)
    note = f"kosten min baten, {fmt_amount(Decimal(inwoners))} inwoners"
    if spread := find_spread(figures.verdeling, "overhead_per_inwoner", figures.jaar, "jaarrekening"):
        median = data(spread.mediaan, f"mediaan({spread.maat}, {spread.document}_{spread.jaar})",
                      MEASURES[spread.maat].write(spread.mediaan))  # fmt: skip
        note += f"; bij de middelste gemeente van deze grootte {median}"
    return [("Overhead per inwoner", value, note)]


def _projects_card(figures: Figures) -> list[Card]:
    if not figures.projecten:
        return []
    counts = {status: sum(project.status == status for project in figures.projecten) for status in ORDER}
    told = ", ".join(f"{count} {STATUS_TEXT[status][count > 1]}" for status, count in counts.items() if count)
    total = Decimal(len(figures.projecten))
    value = linked(data(total, "aantal(ict_projecten)", fmt_amount(total)), "ict_projecten")
    return [("ICT-projecten", value, told)]
