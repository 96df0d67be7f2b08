"""The legend of a live chart: Vega-Lite draws it above the chart; that of the page is text, see `svg.legend_html`."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from typing import Any

import altair as alt

from .theme import KLEUR

Entry = tuple[str, str]
"""The role of a mark, and what it stands for."""
BAR, BAND, THIN = (f"M-1,-{half}H1V{half}H-1Z" for half in (0.6, 0.45, 0.25))
UP, ACROSS = "M0,-0.8V0.8", "M-1,0H1"
DOT, SMALL = (f"M{r},0A{r},{r},0,1,1,-{r},0A{r},{r},0,1,1,{r},0Z" for r in (0.6, 0.3))
DAY, FROM = "M0,-0.7L0.7,0L0,0.7L-0.7,0Z", "M-0.5,-0.6L0.6,0L-0.5,0.6Z"
DARK, PALE, OPEN = (
    (KLEUR["rekening"], KLEUR["rekening"]), (KLEUR["begroot"], KLEUR["begrootlijn"]),
    (KLEUR["papier"], KLEUR["rekening"]),
)  # fmt: skip
LOOK: dict[str, tuple[str, str, str]] = {
    "bar": (BAR, *PALE), "band": (BAND, *PALE), "thin": (THIN, *DARK), "vol": (BAND, *DARK),
    "tick": (UP, KLEUR["inkt"], KLEUR["inkt"]), "mediaan": (UP, KLEUR["inkt"], KLEUR["inkt"]),
    "lijn": (ACROSS, KLEUR["begrootlijn"], KLEUR["begrootlijn"]),
    "stip": (DOT, *DARK), "ring": (DOT, *OPEN), "punt": (SMALL, *DARK),
    "voordeel": (BAND, KLEUR["voordeel"], KLEUR["voordeel"]), "nadeel": (BAND, KLEUR["nadeelvlak"], KLEUR["nadeel"]),
    "gerealiseerd": (BAND, *DARK), "gepland": (BAND, *OPEN), "verwacht": (BAND, *OPEN),
    "dag": (DAY, *DARK), "vanaf": (FROM, *OPEN),
}  # fmt: skip
"""How each role looks: its shape within a square from -1 to 1, its fill and its stroke."""
DASHED = {"verwacht"}
OWN = dict.fromkeys(("fill", "stroke", "strokeDash", "shape"), "independent")
"""How a chart keeps its legend to itself where it stands beside another; else Vega-Lite makes one of both."""
LINE = 100
"""About so many characters of a legend stand beside each other in the width of a chart."""


def legend_channels(legenda: Sequence[Entry], kinds: Collection[str], offset: int) -> list[Any]:
    """Return the encodings that draw a legend `offset` above a chart: of shapes, fills and strokes, with the words.

    Where rows can be selected by a click in it, `kinds` are the words for that; any others stand in a legend of their
    own, which does nothing.
    """
    main = [(role, text) for role, text in legenda if not kinds or text in kinds]
    names = [text for _, text in main]
    shapes, fills, strokes = zip(*(LOOK[role] for role, _ in main), strict=True)
    dashes = [[3, 2] if role in DASHED else [1, 0] for role, _ in main]
    channels: dict[Any, Sequence[Any]] = {alt.Fill: fills, alt.Stroke: strokes, alt.StrokeDash: dashes}
    others = [entry for entry in legenda if entry not in main]
    look = alt.Legend(columns=_columns(names), offset=offset or alt.Undefined)
    if others:
        look.symbolType = shapes[0]
    else:
        channels[alt.Shape] = shapes
    drawn = [_channel(channel, "legenda", names, values, look) for channel, values in channels.items()]
    if others:
        points = [LOOK[role][0] for role, _ in others]
        look = alt.Legend(symbolFillColor=DARK[0], symbolStrokeColor=DARK[1])
        drawn.append(_channel(alt.Shape, "vorm", [text for _, text in others], points, look))
    return drawn


def _channel(channel: Any, field: str, names: Sequence[str], values: Sequence[Any], look: alt.Legend) -> Any:
    return channel(f"{field}:N", scale=alt.Scale(domain=list(names), range=list(values)), legend=look)


def _columns(names: Sequence[str]) -> int:
    """Return how many entries stand beside each other; nil is all of them."""
    longest = max(map(len, names)) + 6
    return 0 if sum(len(name) + 6 for name in names) <= LINE else max(1, LINE // longest)
