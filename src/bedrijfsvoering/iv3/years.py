"""The edition's years side by side: what the municipality delivered to the CBS, as a chart and as a table."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal
from html import escape
from typing import Any

from ..amounts import fmt_amount, round_half_up
from ..charts import draw_stages, stage_row
from ..display import Shown, data, missing, state, table_html, table_text
from ..drawing import SEE_TABLE, AnyChart, Layout, Variant, chart_with_page
from ..figures import Figures
from ..interaction import Live
from .deliveries import (
    AMOUNTS,
    BREAK,
    DOCUMENTS,
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
IV3 = "CBS, Iv3"
"""Where the figures come from, as it stands under a chart."""
TIP = (("post", "Jaar"), ("tip_begroting", "Begroting"), ("tip_jaarrekening", "Jaarrekening"),
       ("tip_eenheid", "Eenheid"), ("tip_bron", "Bron"))  # fmt: skip
"""The fields of a tooltip on a year, and their titles."""
BROKEN = f"Vanaf {BREAK}: andere regels voor overhead"


def chart_jaren(figures: Figures) -> AnyChart | Shown:
    """Draw the gross overhead per year: a pale bar for the budget, a dark one for the account.

    One row per year, x EUR 1.000, as delivered to the CBS (Iv3); the break in the series before 2025 parts the rows in
    two blocks with one scale. On the page a reader can switch to euro per inhabitant; in JupyterLab years can be picked
    by a click and the scale zoomed. Without a series of at least two years it gives one line of text.
    """
    years = sorted({one.jaar for one in figures.reeks})
    if len(years) < 2 or not any(one.amount("overhead_lasten") for one in figures.reeks):
        return missing("Cijfers van andere jaren")
    rows = _rows(figures, years, lambda one: one.amount("overhead_lasten"))
    measure = MEASURES["overhead_per_inwoner_bruto"]
    broken = (
        f" Vanaf {BREAK} gelden andere regels voor overhead; die jaren staan apart."
        if years[0] < BREAK <= years[-1]
        else ""
    )
    absent = [one.moment for one in figures.reeks if not one.is_delivered]
    not_made = f" Niet aangeleverd: {', '.join(absent)}." if absent else ""
    return chart_with_page(
        lambda layout: _draw(rows, years, layout), live=_live(figures, rows),
        titel=_title(figures, "De overhead", lambda one: one.amount("overhead_lasten")),
        eenheid=f"Lasten van de overhead, bruto: zonder aftrek van baten. Bedragen × € 1.000.{not_made}{broken}",
        tabel=_figures_table(figures, years),
        beschrijving=f"Staven per jaar, van {years[0]} tot en met {years[-1]}. {SEE_TABLE}",
        legenda=[("bar", "begroting"), ("thin", "jaarrekening")],
        rijen={row["naam"]: f"jaar.{jaar}" for jaar, row in rows.items()},
        variant=_per_inhabitant(figures, years, measure, broken), bron=IV3,
    )  # fmt: skip


def _live(figures: Figures, rows: dict[int, dict[str, Any]]) -> Live:
    """Return what can be done with the chart; years on both sides of the break keep one scale."""
    measure = MEASURES["overhead_per_inwoner_bruto"]
    tips = {}
    for jaar, row in rows.items():
        tip = {"sleutel": f"jaar.{jaar}", "tip_eenheid": "Bedragen × € 1.000, bruto", "tip_bron": IV3}
        found = {document: find_delivery(figures.reeks, jaar, document) for document in DOCUMENTS}
        for document, one in found.items():
            amount, per_inhabitant = (one.amount("overhead_lasten"), measure.of(one)) if one else (None, None)
            tip[f"tip_{document}"] = absent_text(one) if amount is None else fmt_amount(amount)
            if per_inhabitant is not None:
                tip[f"tip_{document}"] += f" ({measure.write(per_inhabitant)} per inwoner)"
        tips[row["naam"]] = tip
    return Live("jaren", TIP, tips, "samen")


def _rows(figures: Figures, years: Sequence[int], amount: Any) -> dict[int, dict[str, Any]]:
    """Return one row of the drawing per year."""
    rows = {}
    for jaar in years:
        own = {STAGE[document]: find_delivery(figures.reeks, jaar, document) for document in DOCUMENTS}
        rows[jaar] = stage_row(str(jaar), {stage: amount(one) if one else None for stage, one in own.items()}, 0)
    return rows


def _draw(rows: dict[int, dict[str, Any]], years: Sequence[int], layout: Layout) -> AnyChart:
    before = [rows[jaar] for jaar in years if jaar < BREAK]
    after = [rows[jaar] for jaar in years if jaar >= BREAK]
    blocks = [("", before), (BROKEN, after)]
    return draw_stages([(name, own) for name, own in blocks if own], layout, one_scale=True)


def _per_inhabitant(figures: Figures, years: Sequence[int], measure: Measure, broken: str) -> Variant | None:
    if not any(measure.of(one) for one in figures.reeks):
        return None
    rows = _rows(figures, years, measure.of)
    for jaar, row in rows.items():
        row["naam"] = _rows(figures, [jaar], lambda one: one.amount("overhead_lasten"))[jaar]["naam"]
    return Variant(
        "euro per inwoner",
        _title(figures, "Per inwoner gerekend", measure.exact),
        f"Lasten van de overhead, bruto, gedeeld door het aantal inwoners, in euro.{broken}",
        lambda layout: _draw(rows, years, layout),
    )


def _title(figures: Figures, what: str, amount: Any) -> str:
    """Return the finding: this year's account beside that of the year before."""
    now, then = (find_delivery(figures.reeks, jaar, "jaarrekening") for jaar in (figures.jaar, figures.jaar - 1))
    new, old = now and amount(now), then and amount(then)
    if not new or not old:
        return f"{what} volgens het CBS, jaar voor jaar" if what == "De overhead" else f"{what}, jaar voor jaar"
    pct = round_half_up((new - old) / old * 100, 1)
    verb = "was de overhead" if what.startswith("Per") else "was"
    if not pct:
        return f"{what} {verb} in {figures.jaar} even hoog als in {figures.jaar - 1}"
    way = "hoger" if pct > 0 else "lager"
    return f"{what} {verb} in {figures.jaar} {fmt_amount(abs(pct), 1)}% {way} dan in {figures.jaar - 1}"


def _figures_table(figures: Figures, years: Sequence[int]) -> str:
    """Return the overhead per year, in amounts and per inhabitant, for the table under the chart (HTML)."""
    measure = MEASURES["overhead_per_inwoner_bruto"]
    head = [("Jaar", ""), ("Begroting", "g"), ("Jaarrekening", "g"), ("Begroting per inwoner", "g"),
            ("Jaarrekening per inwoner", "g")]  # fmt: skip
    rows = []
    for jaar in years:
        budget, account = (find_delivery(figures.reeks, jaar, name) for name in ("begroting", "jaarrekening"))
        cells = [iv3_cell(one, "overhead_lasten", "reeks") for one in (budget, account)]
        cells += [measure_cell(one, measure, "reeks") for one in (budget, account)]
        rows.append(("", [str(jaar), *cells]))
    keys = [f"jaar.{jaar}" for jaar in years]
    return table_html("Overhead per jaar, bruto", "Bedragen × € 1.000; per inwoner in euro.", head, rows,
                      genummerd=False, sleutels=keys)  # fmt: skip


def iv3_cell(delivery: Delivery | None, name: str, tabel: str) -> str:
    """Return one figure of a delivery as `<data>`, or that it was not delivered (HTML)."""
    amount = delivery.amount(name) if delivery else None
    if delivery is None or amount is None:
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
    head = [(first, ""), *((one.kolom, "g") for one in shares), *((KOLOM_IV3[name], "g") for name in used)]
    rows = []
    for one in deliveries:
        label = f"{one.jaar}, {one.document}" if tabel == "reeks" else f"{one.naam}, {one.moment}"
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
