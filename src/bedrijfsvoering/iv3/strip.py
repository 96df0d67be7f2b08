"""Every municipality of a size class as a small dot in its spread, where the chart is live: to find one, or a group."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import altair as alt

from ..drawing import Rows, rows_data
from ..figures import Figures
from ..interaction import FOUND, LIVE_STYLE
from ..theme import KLEUR
from .deliveries import Delivery, Document, Measure, Spread, find_delivery

HEIGHT = 14
"""How far above one another the dots of a strip stand: many have about the same value."""
GOLDEN = 0.618
"""Each dot stands this part of the height above the last, from the bottom again at the top: no two neighbours touch."""


def measured(delivery: Delivery | None, measures: Sequence[Measure]) -> dict[str, Any]:
    """Return every measure of a delivery by its name, and as it is written (`tip_…`); unknown is None."""
    values = {measure: measure.of(delivery) if delivery else None for measure in measures}
    return {
        **{measure.naam: None if value is None else float(value) for measure, value in values.items()},
        **{f"tip_{measure.naam}": "onbekend" if value is None else measure.write(value)
           for measure, value in values.items()},
    }  # fmt: skip


def spread_tip(measure: Measure, spread: Spread) -> dict[str, str]:
    """Return what a tooltip tells of the spread of a measure."""
    half, eight = ((measure.write(low), measure.write(high)) for low, high in
                   ((spread.p25, spread.p75), (spread.p10, spread.p90)))  # fmt: skip
    told = f"middelste helft {half[0]} tot {half[1]}; acht van de tien {eight[0]} tot {eight[1]}"
    return {f"tip_{measure.naam}": f"{measure.write(spread.mediaan)} (mediaan)", "tip_plaats": told}


def strip_tip(measures: Sequence[Measure]) -> list[tuple[str, str]]:
    """Return the fields of a tooltip on a municipality or a group, with their titles."""
    named = [(f"tip_{measure.naam}", measure.kolom) for measure in measures]
    return [("post", "Wie"), *named, ("tip_plaats", "Vergeleken")]


def strip_rows(figures: Figures, document: Document, measures: Sequence[Measure], klasse: str) -> list[dict[str, Any]]:
    """Return one row per municipality of a size class, by name; none where no figures of all of them are there."""
    same = [one for one in figures.elders if one.document == document and one.grootteklasse == klasse.casefold()]
    own = find_delivery(figures.reeks, figures.jaar, document)
    listed = sorted([*same, *([own] if own and same else [])], key=lambda one: one.naam)
    return [
        {"sleutel": f"gemeente.{one.gemeente}", "post": one.naam, **measured(one, measures),
         "hoogte": (place * GOLDEN % 1 - 0.5) * HEIGHT}
        for place, one in enumerate(listed)
    ]  # fmt: skip


def draw_strip(
    strip: Sequence[Mapping[str, Any]], middle: float, measure: Measure, axis: alt.Axis, placed: Rows
) -> list[alt.Chart]:
    """Return the dots of a strip around the `middle` of its row, and what marks the one that is looked for.

    The scale goes as far as they do: without them it ends where nine in ten do.
    """
    known = [row[measure.naam] for row in strip if row[measure.naam] is not None]
    x = alt.X(f"{measure.naam}:Q", scale=alt.Scale(domain=[min(0.0, *known), max(known)], nice=True), axis=axis)
    base = alt.Chart(rows_data([{**row, "y": middle + row["hoogte"]} for row in strip])).encode(x, placed.y)
    found = base.transform_filter({"param": FOUND, "empty": False})
    colour = KLEUR["nadeel"]
    return [
        base.mark_point(style=LIVE_STYLE, shape="circle", size=30, fill=KLEUR["rekening"], fillOpacity=0.4,
                        strokeWidth=0),
        found.mark_point(style=LIVE_STYLE, shape="circle", size=160, stroke=colour, strokeWidth=2.5),
        found.mark_text(style=LIVE_STYLE, baseline="bottom", dy=-9, fontWeight=600, color=colour)
        .encode(alt.Text("post:N")),
    ]  # fmt: skip
