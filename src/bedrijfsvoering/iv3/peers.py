"""The edition beside other municipalities: each as a dot, in the spread of all municipalities of its size."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from html import escape
from typing import Any

import altair as alt

from ..amounts import fmt_count
from ..display import Shown, data, missing, table_html
from ..drawing import (
    NAMED,
    SEE_TABLE,
    AnyChart,
    Layered,
    Layout,
    chart_with_page,
    label_width,
    place_rows,
    stack,
    text_width,
    wrap,
)
from ..figures import Figures
from ..interaction import Live
from ..texts import join_words
from ..theme import KLEUR
from .deliveries import IV3, MEASURES, Delivery, Document, Measure, Spread, class_name, find_delivery, place_in
from .strip import draw_strip, measured, spread_tip, strip_rows, strip_tip
from .years import absent, absent_text, deliveries_table

LABEL = 34
"""The name of a municipality or of a group has lines of so many characters beside the dots."""
COMPARED = ("overhead_bruto", "overhead_per_inwoner", "externe_inhuur")
"""The measures that are set side by side."""


PERCENTIEL = {
    "p10": "Een op de tien zit hieronder,", "p25": "Een kwart zit hieronder,", "mediaan": "De middelste (mediaan)",
    "p75": "Een kwart zit hierboven,", "p90": "Een op de tien zit hierboven,",
}  # fmt: skip
"""What each percentile of the spread says."""


@dataclass(frozen=True)
class Peer:
    """One municipality of the comparison: its delivery (None where none is known) and the table that it stands in."""

    naam: str
    gemeente: str
    delivery: Delivery | None
    tabel: str

    @property
    def sleutel(self) -> str:
        """The key of its row."""
        return f"gemeente.{self.gemeente}"


def chart_gemeenten(figures: Figures, vergelijk_met: Sequence[str] = ()) -> AnyChart | Shown:
    """Draw the edition's municipality and its peers as dots, in the spread of all municipalities of its size.

    A block per measure (overhead in percent of all costs, net overhead per inhabitant, hired staff), each with its own
    scale; one row per municipality, and one for the spread: the middle half as a bar, eight in ten as a line, the
    median as a tick. Who delivered nothing says so. Without figures of the edition's year it gives one line of text.

    In JupyterLab rows can be picked by a click and each scale zoomed. With figures of all municipalities (`iv3_dir`)
    each of the size class is a small dot: to be found by name, or picked with all others in a range.

    Parameters
    ----------
    vergelijk_met
        The peers, as their folders are called; without them all municipalities of the table `vergelijking`.
    """
    document = _document(figures)
    if document is None:
        return missing("Cijfers van andere gemeenten")
    peers = _peers(figures, vergelijk_met, document)
    measures = [MEASURES[name] for name in COMPARED if _value(peers[0], MEASURES[name]) is not None]
    spreads = {one.maat: one for one in figures.verdeling if (one.jaar, one.document) == (figures.jaar, document)}
    if not measures or (len(peers) < 2 and not spreads):
        return missing("Cijfers van andere gemeenten")
    blocks = [(measure, _rows(peers, measures, measure, spreads.get(measure.naam))) for measure in measures]
    klasse = next((one.grootteklasse for one in spreads.values()), "")
    strip = strip_rows(figures, document, measures, klasse) if klasse else []
    legend = [("stip", peers[0].naam), *([("ring", "andere gemeenten")] if len(peers) > 1 else [])]
    if spreads:
        legend += [("band", "middelste helft van de gemeenten"), ("lijn", "acht van de tien gemeenten"),
                   ("mediaan", "middelste gemeente (mediaan)")]  # fmt: skip
    return chart_with_page(
        lambda layout: _draw(blocks, layout, strip),
        live=Live(
            "gemeenten",
            strip_tip(measures),
            zoom="blok",
            find={row["post"]: row["sleutel"] for row in strip},
            legenda=[("punt", "elke gemeente van deze grootte")] if strip else (),
        ),
        titel=_title(peers[0], measures, spreads),
        eenheid=f"Naar de {document} {figures.jaar}, zoals geleverd aan het CBS. Elk blok heeft een eigen schaal."
        + _outside(peers, klasse),
        tabel=_table(peers, measures, spreads),
        beschrijving=f"Stippen van {fmt_count(len(peers))} gemeenten in {fmt_count(len(blocks))} blokken. {SEE_TABLE}",
        legenda=legend,
        rijen={row["naam"]: row["sleutel"] for _, rows in blocks for row in rows},
        bron=IV3,
    )


def _document(figures: Figures) -> Document | None:
    """Return the document that the comparison is of: the account, or the budget where no account was delivered."""
    order: tuple[Document, ...] = ("jaarrekening", "begroting")
    found = (name for name in order if (one := find_delivery(figures.reeks, figures.jaar, name)) and one.is_delivered)
    return next(found, None)


def _peers(figures: Figures, vergelijk_met: Sequence[str], document: Document) -> list[Peer]:
    """Return the edition's municipality and its peers, in the order that was asked for."""
    own = find_delivery(figures.reeks, figures.jaar, document)
    beside = (*figures.vergelijking, *figures.elders)
    names = {one.gemeente: one.naam for one in figures.vergelijking}
    peers = [Peer(figures.source.plaats, figures.gemeente, own, "reeks")]
    for gemeente in dict.fromkeys(one for one in (vergelijk_met or names) if one != figures.gemeente):
        found = find_delivery(beside, figures.jaar, document, gemeente)
        naam = found.naam if found else names.get(gemeente, gemeente.replace("-", " ").title())
        peers.append(Peer(naam, gemeente, found, "vergelijking"))
    return peers


def _value(peer: Peer, measure: Measure) -> Decimal | None:
    return measure.of(peer.delivery) if peer.delivery else None


def _rows(
    peers: Sequence[Peer], measures: Sequence[Measure], measure: Measure, spread: Spread | None
) -> list[dict[str, Any]]:
    """Return the rows of one block: the spread first, then each municipality."""
    rows: list[dict[str, Any]] = []
    if spread:
        at = {name: float(getattr(spread, name)) for name in PERCENTIEL}
        text = measure.write(spread.mediaan)
        rows.append({"post": f"Middelste van {_class_label(spread)}", "soort": "verdeling", **at, "tekst": text,
                     "naam": f"{measure.titel}, {_class_label(spread)}: mediaan {text}",
                     "sleutel": "gemeente.verdeling", **spread_tip(measure, spread)})  # fmt: skip
    for place, peer in enumerate(peers):
        value = _value(peer, measure)
        text = absent_text(peer.delivery) if value is None else measure.write(value)
        rows.append({"post": peer.naam, "soort": "ring" if place else "stip", "tekst": text, "sleutel": peer.sleutel,
                     "naam": f"{measure.titel}, {peer.naam}: {text}", **measured(peer.delivery, measures),
                     "tip_plaats": place_in(spread, value) if spread and value is not None else ""})  # fmt: skip
    return rows


def _class_label(spread: Spread) -> str:
    return f"{spread.aantal} gemeenten met {class_name(spread.grootteklasse)}"


def _outside(peers: Sequence[Peer], klasse: str) -> str:
    """Return which peers are of another size than the municipalities that the spread is of, in a sentence."""
    found = [one.naam for one in peers[1:] if one.delivery and one.delivery.grootteklasse not in ("", klasse)]
    verb = "hoort" if len(found) == 1 else "horen"
    return f" {join_words(found)} {verb} niet tot deze grootte." if klasse and found else ""


def _draw(
    blocks: Sequence[tuple[Measure, Sequence[dict[str, Any]]]], layout: Layout, strip: Sequence[dict[str, Any]]
) -> AnyChart:
    every = [row for _, rows in blocks for row in rows]
    layout = layout if layout.above else replace(layout, chars=LABEL)
    extent = 0 if layout.above else label_width([wrap(row["post"], LABEL) for row in every])
    column = int(max(text_width(row["tekst"]) for row in every)) + 12
    drawn = [_draw_block(measure, rows, layout, extent, column, strip) for measure, rows in blocks]
    return stack(drawn, 16)


def _draw_block(
    measure: Measure,
    rows: Sequence[dict[str, Any]],
    layout: Layout,
    extent: int,
    column: int,
    strip: Sequence[dict[str, Any]],
) -> Layered:
    placed = place_rows(rows, layout, extent=extent, figures=column)
    width = layout.width - (0 if layout.above else extent + column)
    known = [row[name] for row in rows for name in (measure.naam, "p90") if row.get(name) is not None]
    scale = alt.Scale(domain=[min(0.0, *known), max(known) or 1.0], nice=True)
    axis = alt.Axis(orient="top", tickCount=4, labelFlush=True, format=",~f",
                    labelExpr="datum.label + '%'" if measure.eenheid == "pct" else "'€ ' + datum.label")  # fmt: skip

    def x(name: str) -> alt.X:
        return alt.X(f"{name}:Q", scale=scale, axis=axis)

    base, y = placed.base, placed.y
    spread, dots = (
        base.transform_filter("datum.soort === 'verdeling'"),
        base.transform_filter(f"isValid(datum.{measure.naam})"),
    )
    look: dict[str, Any] = {"size": 120, "opacity": 1, "strokeWidth": 2, "stroke": KLEUR["rekening"]}
    layers = [
        spread.mark_rule(color=KLEUR["begrootlijn"]).encode(x("p10"), y, alt.X2("p90:Q")),
        spread.mark_bar(height=12, color=KLEUR["begroot"], stroke=KLEUR["begrootlijn"])
        .encode(x("p25"), y, NAMED, alt.X2("p75:Q")),
        spread.mark_tick(orient="vertical", size=18, thickness=2, color=KLEUR["inkt"]).encode(x("mediaan"), y),
    ] if any(row["soort"] == "verdeling" for row in rows) else []  # fmt: skip
    for soort, fill in (("stip", KLEUR["rekening"]), ("ring", KLEUR["papier"])):
        own = dots.transform_filter(f"datum.soort === '{soort}'")
        layers.append(own.mark_point(shape="circle", fill=fill, **look).encode(x(measure.naam), y, NAMED))
    if strip and not layout.above and rows[0]["soort"] == "verdeling":
        layers += draw_strip(strip, placed.values[0]["y"], measure, axis, placed)
    layers += [
        placed.labels(),
        placed.figures("tekst", 0 if layout.above else column),
    ]
    return placed.block(layers, width, measure.kolom)


def _title(own: Peer, measures: Sequence[Measure], spreads: dict[str, Spread]) -> str:
    """Return the finding: where the municipality stands in its size class by the first measure that has a spread."""
    for measure in measures:
        spread, value = spreads.get(measure.naam), _value(own, measure)
        if spread and value is not None:
            return f"{own.naam} heeft {place_in(spread, value)}"
    return f"{own.naam} naast andere gemeenten"


def _table(peers: Sequence[Peer], measures: Sequence[Measure], spreads: dict[str, Spread]) -> str:
    """Return the measures of each municipality, and the median of the size class, for under the chart (HTML)."""
    head = [("Gemeente", ""), *((measure.kolom, "g") for measure in measures)]
    rows = [("", [escape(peer.naam), *(_measure(peer, measure) for measure in measures)]) for peer in peers]
    keys = [peer.sleutel for peer in peers]
    for name, text in PERCENTIEL.items() if spreads else ():
        group = _class_label(next(iter(spreads.values())))
        cells = [_percentile(spreads.get(measure.naam), measure, name) for measure in measures]
        rows.append(("", [f"{text} van {group}", *cells]))
        keys.append("gemeente.verdeling" if name == "mediaan" else "")
    return table_html("Gemeenten naast elkaar", "", head, rows, genummerd=False, sleutels=keys)


def _measure(peer: Peer, measure: Measure) -> str:
    value = _value(peer, measure)
    if value is None or peer.delivery is None:
        return absent(peer.delivery)
    return data(value, f"{measure.naam}({peer.delivery.path(peer.tabel)})", measure.write(value))


def _percentile(spread: Spread | None, measure: Measure, name: str) -> str:
    if spread is None:
        return "onbekend"
    value = getattr(spread, name)
    return data(value, f"{name}({measure.naam}, {spread.document}_{spread.jaar})", measure.write(value))


def table_iv3(figures: Figures, vergelijk_met: Sequence[str] = ()) -> Shown:
    """Show every figure of Iv3 that the comparison is made of: the municipality's own years, then other municipalities.

    One row per delivery (municipality, year, document), newest first. Columns: inhabitants, amounts x EUR 1.000 (gross,
    without a sign), overhead and hired staff as percentages. Without any it gives one line of text; it raises no
    errors.
    """
    own = sorted(figures.reeks, key=lambda one: (-one.jaar, one.document))
    beside = figures.beside(vergelijk_met)
    tables = [(own, "reeks", f"{figures.source.plaats} volgens het CBS"),
              (beside, "vergelijking", "Andere gemeenten volgens het CBS")]  # fmt: skip
    shown = [deliveries_table(*one) for one in tables if one[0]]
    if not shown:
        return missing("Cijfers van het CBS")
    return Shown("".join(one.html for one in shown), "\n\n".join(one.text for one in shown))
