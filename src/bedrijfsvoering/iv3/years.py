"""The edition's years side by side: what the municipality delivered to the CBS, as a chart and as a table."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from html import escape
from typing import Any

from ..amounts import fmt_amount, round_half_up
from ..charts import draw_stages, stage_row
from ..display import Shown, data, missing, state, table_html, table_text
from ..drawing import SEE_TABLE, AnyChart, Layout, Variant, chart_with_page
from ..errors import ParamsError
from ..figures import Figures
from ..interaction import Live
from ..texts import join_words
from .deliveries import (
    AMOUNTS,
    BREAK,
    DOCUMENTS,
    IV3,
    KOLOM_IV3,
    MEASURES,
    SHARES,
    Delivery,
    Document,
    Measure,
    find_delivery,
)

STAGE: dict[Document, str] = {"begroting": "begroting_primitief", "jaarrekening": "rekening"}
"""The stage of a money table that a document of the CBS stands for."""
TIP = (("post", "Jaar"), ("tip_begroting", "Begroting"), ("tip_jaarrekening", "Jaarrekening"),
       ("tip_eenheid", "Eenheid"), ("tip_bron", "Bron"))  # fmt: skip
"""The fields of a tooltip on a year, and their titles."""
GIVEN = "De begroting is die van voor het jaar, zoals geleverd aan het CBS."
BROKEN = f"Vanaf {BREAK}: andere regels voor overhead"


@dataclass(frozen=True)
class Quantity:
    """What is drawn per year: a figure of a delivery, what its block is called, and its measure per inhabitant."""

    naam: str
    titel: str
    sleutel: str
    per_inwoner: str

    def key(self, jaar: int) -> str:
        """Return the key of a year's row, by which its marks are found."""
        return f"{self.sleutel}.{jaar}"

    def row_name(self, jaar: int) -> str:
        """Return what a year's row is called beside those of other quantities."""
        return f"{self.titel} {jaar}".strip()

    @property
    def measure(self) -> Measure:
        """The measure per inhabitant."""
        return MEASURES[self.per_inwoner]


OVERHEAD = Quantity("overhead_lasten", "", "jaar", "overhead_per_inwoner_bruto")
SALARISSEN = (Quantity("salarissen", "Salarissen", "salarissen", "salarissen_per_inwoner"),
           Quantity("inhuur", "Externe inhuur", "inhuur", "inhuur_per_inwoner"))  # fmt: skip
Amount = Callable[[Delivery], Decimal | None]
Placed = dict[Quantity, dict[int, dict[str, Any]]]
"""Per quantity and year the row of a drawing."""


def chart_jaren(figures: Figures, wat: str = "overhead") -> AnyChart | Shown:
    """Draw what something costs per year: a pale bar for the budget, a dark one for the account.

    One row per year, x EUR 1.000, as delivered to the CBS (Iv3). On the page a reader can switch to euro per
    inhabitant; in JupyterLab years can be picked by a click and the scale zoomed. Without a series of at least two
    years it gives one line of text.

    Parameters
    ----------
    wat
        `overhead`: gross; the break in the series before 2025 parts the rows in two blocks with one scale. Or
        `salarissen`: of the whole municipality, with hired staff in a block beside it, each with a scale of its own.

    Raises
    ------
    ParamsError
        `wat` is none of these.
    """
    if wat not in DRAWN:
        raise ParamsError(f"Gevonden '{wat}'; verwacht {' of '.join(DRAWN)}.")
    if len(_years_of(figures)) < 2:
        return missing("Cijfers van andere jaren")
    return DRAWN[wat](figures)


def _chart_overhead(figures: Figures) -> AnyChart | Shown:
    years = _years_of(figures)
    if not _has(figures, OVERHEAD):
        return missing("Cijfers van andere jaren")
    broken = f" Vanaf {BREAK} gelden andere regels voor overhead; die jaren staan apart."
    said = _absent_documents(figures) + (broken if years[0] < BREAK <= years[-1] else "")
    titles = [
        _title(figures, "De bruto overhead", _amount_of(OVERHEAD)),
        _title(figures, "Per inwoner gerekend", OVERHEAD.measure.exact),
    ]
    units = [f"Lasten van de overhead, bruto: zonder aftrek van baten. Bedragen × € 1.000. {GIVEN}{said}",
             f"Lasten van de overhead, bruto, gedeeld door het aantal inwoners, in euro. {GIVEN}{said}"]  # fmt: skip
    return _chart(figures, (OVERHEAD,), titles, units, Live("jaren", TIP, zoom="samen"), _draw_overhead)


def _chart_salarissen(figures: Figures) -> AnyChart | Shown:
    drawn = tuple(one for one in SALARISSEN if _has(figures, one))
    if not drawn:
        return missing("Salariskosten van andere jaren")
    said = f"{' Elk blok heeft een eigen schaal.' if len(drawn) > 1 else ''}{_absent_documents(figures)}"
    titles = [_title_salarissen(figures, drawn, amount) for amount in (_amount_of, _measure_of)]
    what = f"{join_words([one.titel.lower() for one in drawn]).capitalize()} van de hele gemeente"
    units = [f"{what}. Bedragen × € 1.000. {GIVEN}{said}",
             f"{what}, gedeeld door het aantal inwoners, in euro. {GIVEN}{said}"]  # fmt: skip
    return _chart(figures, drawn, titles, units, Live("salarissen", TIP, zoom="blok"), _draw_blocks)


DRAWN: dict[str, Callable[[Figures], AnyChart | Shown]] = {
    "overhead": _chart_overhead, "salarissen": _chart_salarissen,
}  # fmt: skip
"""What can be drawn per year."""


def _chart(
    figures: Figures,
    drawn: Sequence[Quantity],
    titles: Sequence[str],
    units: Sequence[str],
    live: Live,
    draw: Callable[[Placed, Layout], AnyChart],
) -> AnyChart:
    """Return the chart of these quantities per year; the second title and unit are those of the view per inhabitant."""
    years = _years_of(figures)
    rows = {one: _rows(figures, one, _amount_of(one)) for one in drawn}
    names = {row["naam"]: one.key(jaar) for one in drawn for jaar, row in rows[one].items()}
    tips = {row["naam"]: _tip(figures, one, jaar) for one in drawn for jaar, row in rows[one].items()}
    variant = None
    if any(one.measure.of(delivery) for one in drawn for delivery in figures.reeks):
        other = {one: _rows(figures, one, one.measure.of, rows[one]) for one in drawn}
        variant = Variant("euro per inwoner", titles[1], units[1], lambda layout: draw(other, layout))
    return chart_with_page(
        lambda layout: draw(rows, layout), live=replace(live, rows=tips), titel=titles[0], eenheid=units[0],
        tabel=_figures_table(figures, drawn), legenda=_legend(rows), rijen=names,
        beschrijving=f"Staven per jaar, van {years[0]} tot en met {years[-1]}. {SEE_TABLE}",
        variant=variant, bron=IV3,
    )  # fmt: skip


def _legend(rows: Placed) -> list[tuple[str, str]]:
    """Return the stages that are drawn."""
    drawn = [row for per_year in rows.values() for row in per_year.values()]
    stages = (("begroting_primitief", "bar", "begroting"), ("rekening", "thin", "rekening"))
    return [(mark, name) for kolom, mark, name in stages if any(row[kolom] is not None for row in drawn)]


def _years_of(figures: Figures) -> list[int]:
    return sorted({one.jaar for one in figures.reeks})


def _has(figures: Figures, quantity: Quantity) -> bool:
    return any(one.amount(quantity.naam) for one in figures.reeks)


def _amount_of(quantity: Quantity) -> Amount:
    return lambda one: one.amount(quantity.naam)


def _measure_of(quantity: Quantity) -> Amount:
    return quantity.measure.exact


def _absent_documents(figures: Figures) -> str:
    """Return which documents were not delivered, in a sentence."""
    absent = [one.moment for one in figures.reeks if not one.is_delivered]
    return f" Niet aangeleverd: {', '.join(absent)}." if absent else ""


def _tip(figures: Figures, quantity: Quantity, jaar: int) -> dict[str, str]:
    """Return what a tooltip tells of a year: its budget and account, and both per inhabitant."""
    gross = ", bruto" if quantity is OVERHEAD else ""
    tip = {"sleutel": quantity.key(jaar), "tip_eenheid": f"Bedragen × € 1.000{gross}", "tip_bron": IV3}
    for document in DOCUMENTS:
        one = find_delivery(figures.reeks, jaar, document)
        amount, per_inhabitant = (one.amount(quantity.naam), quantity.measure.of(one)) if one else (None, None)
        tip[f"tip_{document}"] = absent_text(one) if amount is None else fmt_amount(amount)
        if per_inhabitant is not None:
            tip[f"tip_{document}"] += f" ({quantity.measure.write(per_inhabitant)} per inwoner)"
    return tip


def _rows(
    figures: Figures, quantity: Quantity, amount: Amount, of: dict[int, dict[str, Any]] | None = None
) -> dict[int, dict[str, Any]]:
    """Return one row of a drawing per year; its marks are called as those `of` another view, if there is one."""
    rows = {}
    for jaar in _years_of(figures):
        own = {STAGE[document]: find_delivery(figures.reeks, jaar, document) for document in DOCUMENTS}
        amounts = {stage: amount(one) if one else None for stage, one in own.items()}
        rows[jaar] = {**stage_row(quantity.row_name(jaar), amounts, 0), "post": str(jaar)}
        if of:
            rows[jaar]["naam"] = of[jaar]["naam"]
    return rows


def _draw_overhead(rows: Placed, layout: Layout) -> AnyChart:
    per_year = rows[OVERHEAD].items()
    blocks = [("", [row for jaar, row in per_year if jaar < BREAK]),
              (BROKEN, [row for jaar, row in per_year if jaar >= BREAK])]  # fmt: skip
    return draw_stages([(name, own) for name, own in blocks if own], layout, one_scale=True)


def _draw_blocks(rows: Placed, layout: Layout) -> AnyChart:
    return draw_stages([(one.titel, list(per_year.values())) for one, per_year in rows.items()], layout)


def _growth(figures: Figures, amount: Amount) -> tuple[str, str] | None:
    """Return this year's account beside that of the year before: `("17,7% hoger", "dan")`, where both are known."""
    now, then = (find_delivery(figures.reeks, jaar, "jaarrekening") for jaar in (figures.jaar, figures.jaar - 1))
    new, old = now and amount(now), then and amount(then)
    if not new or not old:
        return None
    pct = max(round_half_up((new - old) / old * 100, 1), Decimal("-99.9"))  # something is left
    return (f"{fmt_amount(abs(pct), 1)}% {'hoger' if pct > 0 else 'lager'}", "dan") if pct else ("even hoog", "als")


def _title(figures: Figures, what: str, amount: Amount) -> str:
    """Return the finding of the overhead: this year's account beside that of the year before."""
    grown = None if figures.jaar == BREAK else _growth(figures, amount)  # other rules than the year before
    if not grown:
        return f"{what} volgens het CBS, jaar voor jaar" if what.startswith("De") else f"{what}, jaar voor jaar"
    verb = "was de bruto overhead" if what.startswith("Per") else "was"
    return f"{what} {verb} in {figures.jaar} {grown[0]} {grown[1]} in {figures.jaar - 1}"


def _title_salarissen(figures: Figures, drawn: Sequence[Quantity], amount: Callable[[Quantity], Amount]) -> str:
    """Return the finding of salaries and hired staff, as far as both years are known."""
    first = "per inwoner " if amount is _measure_of else ""
    told: list[str] = []
    for one in drawn:
        who, was = ("de salarissen", "waren") if one.naam == "salarissen" else ("de externe inhuur", "was")
        if grown := _growth(figures, amount(one)):
            begin = f"{first}{was} {who}" if first else f"{who} {was}"
            whole = f"{begin} in {figures.jaar} {grown[0]} {grown[1]} in {figures.jaar - 1}"
            told.append(f"{who} {grown[0]}" if told else whole)
    text = ", ".join(told) or f"{first}{join_words([one.titel.lower() for one in drawn])}, jaar voor jaar"
    return text[0].upper() + text[1:]


def _figures_table(figures: Figures, drawn: Sequence[Quantity]) -> str:
    """Return the amounts per year, whole and per inhabitant, for the table under the chart (HTML)."""
    head = [("Jaar", ""), ("Begroting", "g"), ("Jaarrekening", "g"), ("Begroting per inwoner", "g"),
            ("Jaarrekening per inwoner", "g")]  # fmt: skip
    rows, keys = [], []
    for quantity in drawn:
        for jaar in _years_of(figures):
            own = [find_delivery(figures.reeks, jaar, document) for document in DOCUMENTS]
            cells = [iv3_cell(one, quantity.naam, "reeks") for one in own]
            cells += [measure_cell(one, quantity.measure, "reeks") for one in own]
            rows.append(("", [quantity.row_name(jaar), *cells]))
            keys.append(quantity.key(jaar))
    what = join_words([one.titel.lower() for one in drawn]).capitalize()
    titel = "Overhead per jaar, bruto" if OVERHEAD in drawn else f"{what} per jaar"
    return table_html(titel, "Bedragen × € 1.000; per inwoner in euro.", head, rows, genummerd=False, sleutels=keys)


def iv3_cell(delivery: Delivery | None, name: str, tabel: str) -> str:
    """Return one figure of a delivery as `<data>`, or that it was not delivered (HTML)."""
    amount = delivery.amount(name) if delivery else None
    if delivery is None or amount is None or (not amount and not delivery.is_delivered):
        return absent(delivery)
    return data(amount, f"{delivery.path(tabel)}.{name}", fmt_amount(amount))


def measure_cell(delivery: Delivery | None, measure: Measure, tabel: str) -> str:
    """Return a measure of a delivery as `<data>`, or that it is not known (HTML)."""
    value = measure.of(delivery) if delivery else None
    if delivery is None or value is None:
        return absent(delivery)
    return data(value, f"{measure.naam}({delivery.path(tabel)})", measure.write(value))


def absent(delivery: Delivery | None) -> str:
    """Return what stands in for a figure: not delivered by the municipality, or not known here (HTML)."""
    if delivery and delivery.is_delivered:
        return '<span class="leeg">onbekend</span>'
    return state("niet aangeleverd", "niet aangeleverd")


def absent_text(delivery: Delivery | None) -> str:
    """Return the same without a shape."""
    return "onbekend" if delivery and delivery.is_delivered else "niet aangeleverd"


def deliveries_table(deliveries: Sequence[Delivery], tabel: str, titel: str) -> Shown:
    """Show deliveries with their figures, as a table whose cells can be pointed at."""
    used = [name for name in AMOUNTS if any(one.amount(name) is not None for one in deliveries)]
    shares = [MEASURES[name] for name in SHARES]
    first = "Jaar en soort" if tabel == "reeks" else "Gemeente en soort"
    one_year = tabel != "reeks" and len({one.jaar for one in deliveries}) == 1
    titel = f"{titel}, {deliveries[0].jaar}" if one_year else titel
    head = [(first, ""), *((one.kolom, "g") for one in shares), *((KOLOM_IV3[name], "g") for name in used)]
    rows = []
    for one in deliveries:
        label = (
            f"{one.jaar}, {one.document}"
            if tabel == "reeks"
            else f"{one.naam}, {one.document if one_year else one.moment}"
        )
        kinds = [(share.naam, share.kolom, measure_cell(one, share, tabel)) for share in shares]
        kinds += [(name, KOLOM_IV3[name], iv3_cell(one, name, tabel)) for name in used]
        cells = [
            f'<td role="cell" class="g" data-k="{kolom}" id="{escape(one.path(tabel))}.{name}">{cell}</td>'
            for name, kolom, cell in kinds
        ]
        rows.append(("", [escape(label), *cells]))
    unit = "Bedragen × € 1.000, bruto en zonder teken, zoals geleverd aan het CBS. Zonder mutaties in reserves."
    html = table_html(titel, unit, head, rows, klass="lang", ident=tabel)
    plain = [[one.moment, *(_text(one.amount(name)) for name in used)] for one in deliveries]
    return Shown(html, table_text(titel, plain))


def _text(amount: Decimal | None) -> str:
    return "" if amount is None else fmt_amount(amount)
