"""What all charts share: two layouts, rows of their own height, labels that are never cut, and what the page needs.

What the page needs beside the drawing travels in the chart's `usermeta`: the finding as a title, the quantity and its
unit, a description for who does not see it, the legend, the figures as a table, and a second drawing for a phone.
"""

from __future__ import annotations

import re
import textwrap
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any, Self

import altair as alt
from altair.utils.schemapi import debug_mode

from .amounts import fmt_count
from .figures import Post
from .interaction import Live, enliven
from .legend import OWN
from .theme import SIZE, in_house_style

USERMETA = "bedrijfsvoering"
"""The key in `usermeta` under which a chart carries what the page needs."""
NAMED = alt.Description("naam:N")
"""What a mark is called: a screen reader says it in JupyterLab, and the page finds the mark's row by it."""
RIGHT = alt.XValue("width")
"""The right end of the plot."""
SEE_TABLE = "Alle cijfers staan in de tabel onder de figuur."
LONGEST = 38
"""A word of more characters than this is cut: no Dutch word is, and no drawing is wide enough for it."""
MOST = 60
"""So many lines can be looked at in one drawing; the table has all of them."""
LINE = 17
"""Height of one line of text in a drawing."""


class Layered(alt.LayerChart):
    """A drawing of one block: Altair's own chart, whose `usermeta` does not hinder it within another chart."""

    def to_dict(self, *args: Any, context: dict[str, Any] | None = None, **kwargs: Any) -> dict[str, Any]:
        """Return the specification."""
        return super(Layered, _whole_or_part(self, context)).to_dict(*args, context=context, **kwargs)

    def __iadd__(self, other: Any) -> Self:  # type: ignore[misc]  # as Altair has it
        """Layer a chart on this one; two drawings share the selections that both have: one name is one selection."""
        if isinstance(other, Layered):
            have = {param.name for param in _params(self)}
            other = other.copy()
            other.params = [param for param in _params(other) if param.name not in have]
        return super().__iadd__(other)


class Blocks(alt.VConcatChart):
    """A drawing of several blocks, likewise."""

    def to_dict(self, *args: Any, context: dict[str, Any] | None = None, **kwargs: Any) -> dict[str, Any]:
        """Return the specification."""
        return super(Blocks, _whole_or_part(self, context)).to_dict(*args, context=context, **kwargs)


AnyChart = Layered | Blocks


def _params(chart: Any) -> list[Any]:
    return [] if chart.params is alt.Undefined else list(chart.params)


def _whole_or_part(chart: Any, context: Mapping[str, Any] | None) -> Any:
    """Return a chart as it is, or as a part of another: without its `usermeta`, and with a legend of its own."""
    if chart.usermeta is alt.Undefined or (context or {}).get("top_level", True):
        return chart
    part = chart.copy(deep=False)
    part.usermeta = alt.Undefined  # which Vega-Lite refuses there
    given = {} if part.resolve is alt.Undefined else part.resolve.to_dict()
    part.resolve = alt.Resolve(**{**given, "scale": {**OWN, **given.get("scale", {})}})
    return part


@dataclass(frozen=True)
class Layout:
    """One of the two drawings of a chart: its `width`, and labels of `chars` beside the bars or above them."""

    width: int
    chars: int
    above: bool


WIDE = Layout(width=840, chars=46, above=False)
NARROW = Layout(width=318, chars=46, above=True)


def rows_data(rows: Sequence[dict[str, Any]]) -> dict[str, Any]:
    """Return rows as the data of a drawing: a tuple, for Altair copies each row of a list anew."""
    return {"values": tuple(rows)}


@dataclass(frozen=True)
class Rows:
    """Rows placed on a drawing: each with the height `y` of its bar, `ylabel` of its label, `ycijfer` of its figures.

    `extent` is the width of the column of labels to the left of the plot, nil where labels stand `above` the bars.
    """

    values: list[dict[str, Any]]
    height: int
    extent: int
    above: bool = False

    @property
    def base(self) -> alt.Chart:
        """A chart of these rows, without a mark yet; its data are those of the block that it will be a layer of."""
        return alt.Chart()

    def figures(self, column: str, dx: int, weight: Any = alt.Undefined) -> alt.Chart:
        """Return the figures of the rows, that end so far from the right end of the plot, however wide it is made."""
        text = self.base.mark_text(align="right", baseline="middle", dx=dx, fontWeight=weight)
        placed: alt.Chart = text.encode(RIGHT, self.at("ycijfer"), alt.Text(f"{column}:N"))
        return placed

    def block(self, layers: Sequence[alt.Chart], width: int, titel: str = "") -> Layered:
        """Return layers as one drawing that holds the rows once, for all layers that have no data of their own."""
        for layer in layers:  # Altair copies a mark, which has eighty fields, many times over
            layer.mark = layer.mark.to_dict(validate=False)
        block = Layered(data=rows_data(self.values), layer=layers, width=width, height=self.height)
        if titel:
            look: dict[str, Any] = {"fontSize": SIZE, "fontWeight": 600, "offset": 6}
            block.title = alt.TitleParams(titel, anchor="start", frame="bounds", **look)
        return block

    @property
    def y(self) -> alt.Y:
        """Where the bars stand."""
        return self.at("y")

    def at(self, column: str) -> alt.Y:
        """Return a height of the drawing as an encoding."""
        scale = alt.Scale(domain=[0, self.height], reverse=True, nice=False, zero=False)
        return alt.Y(f"{column}:Q", scale=scale, axis=None)

    def rule(self, value: float, scale: alt.Scale, color: str, dash: Sequence[int] = (1, 0)) -> alt.Chart:
        """Return an upright rule: over the whole drawing, or beside the bars alone where labels stand above them."""
        x = alt.X("waarde:Q", scale=scale, axis=None)
        look: dict[str, Any] = {"color": color, "strokeDash": list(dash)}
        if not self.above:
            whole: alt.Chart = alt.Chart(rows_data([{"waarde": value}])).mark_rule(**look).encode(x)
            return whole
        pieces = [{"waarde": value, "top": row["top"], "onder": row["onder"]} for row in self.values]
        rules = alt.Chart(rows_data(pieces)).mark_rule(**look)
        beside: alt.Chart = rules.encode(x, self.at("top"), y2=alt.Y2("onder:Q"))
        return beside

    def labels(self) -> alt.Chart:
        """Return the labels of the rows, in as many lines as each needs."""
        label = self.base.mark_text(align="left", baseline="middle", lineBreak="\n", lineHeight=LINE)
        placed: alt.Chart = label.encode(self.at("ylabel"), alt.XValue(-self.extent), alt.Text("label:N"))
        return placed


def place_rows(
    rows: Sequence[dict[str, Any]], layout: Layout, bar: int = 20, extent: int | None = None, figures: int = 0
) -> Rows:
    """Return rows (each with a `post`) placed one under the other, a longer label taking more height.

    Where labels stand above the bars, `figures` is the width to keep free at the end of a label's last line.
    """
    values, at = [], 0
    free = layout.width - figures
    for row in rows:
        label = wrap(row["post"], layout.chars if not (layout.above and figures) else int(free / text_width(" ")))
        if layout.above and figures and text_width(label.split("\n")[-1]) > free:
            label += "\n "
        text = LINE * (label.count("\n") + 1)
        first = LINE / 2  # a text of several lines hangs from its first line
        if layout.above:
            top = at + 7 + text
            place = {"ylabel": at + 4 + first, "y": top + bar / 2, "top": top, "onder": top + bar}
            values.append({**row, "label": label, "ycijfer": at + 4 + text - first, **place})
            at += 10 + text + bar
        else:
            step = max(bar, text + 4) + 1
            place = {"ylabel": at + (step - text) / 2 + first, "y": at + step / 2, "ycijfer": at + step / 2}
            values.append({**row, "label": label, **place})
            at += step
    if extent is None:
        extent = 0 if layout.above else label_width([row["label"] for row in values])
    return Rows(values, at, extent, layout.above)


def stack(blocks: Sequence[Layered], spacing: int) -> AnyChart:
    """Return blocks as one drawing, one under the other."""
    return blocks[0] if len(blocks) == 1 else Blocks(vconcat=blocks, spacing=spacing)


def draw_most(lines: list[Post], size: Callable[[Post], Decimal]) -> tuple[list[Post], str]:
    """Return the lines that a drawing has room for, in their order, and what to say of those that were left out."""
    kept = {id(post) for post in sorted(lines, key=size, reverse=True)[:MOST]}
    told = f" Getekend zijn de {MOST} grootste van de {fmt_count(len(lines))} posten; de tabel heeft ze alle."
    return [post for post in lines if id(post) in kept], told if len(lines) > MOST else ""


def noun_of(lines: Sequence[Post], count: int = 2) -> str:
    """Return what so many lines of a table are called: teams where each is called so, else posten."""
    teams = all(re.match(r"team\b", post.post, re.IGNORECASE) for post in lines)
    return ("team" if count == 1 else "teams") if teams else ("post" if count == 1 else "posten")


def label_width(labels: Sequence[str]) -> int:
    """Return the width of a column of labels, with a tenth of slack: the page's font is not the one measured."""
    return int(max((text_width(line) for label in labels for line in label.split("\n")), default=0)) + 14


def text_width(text: str) -> float:
    """Return about how wide a text is drawn."""
    return len(text) * SIZE * 0.56


def wrap(text: str, chars: int) -> str:
    """Return a label in lines of at most about `chars` characters; only an endless word is cut."""
    pieces = re.sub(rf"(\S{{{LONGEST}}})(?=\S)", r"\1\n", text).split("\n")
    return "\n".join(line for piece in pieces for line in textwrap.wrap(piece, chars, break_long_words=False)) or text


@dataclass(frozen=True)
class Variant:
    """Another view of a chart that a reader can switch to: its own finding, unit and drawing of the same rows."""

    naam: str
    titel: str
    eenheid: str
    draw: Callable[[Layout], AnyChart]


def spec_of(chart: AnyChart) -> dict[str, Any]:
    """Return what a drawing for the page alone says; Altair proves the chart that is shown, with the same marks."""
    with in_house_style():
        spec: dict[str, Any] = chart.to_dict(validate=False)
    return spec


def chart_with_page(
    draw: Callable[[Layout], AnyChart],
    *,
    live: Live,
    titel: str,
    eenheid: str,
    beschrijving: str,
    tabel: str,
    legenda: Sequence[tuple[str, str]],
    rijen: Mapping[str, str],
    variant: Variant | None = None,
    bron: str = "",
) -> AnyChart:
    """Return the wide drawing as an ordinary chart that carries what the page needs beside it.

    Parameters
    ----------
    draw
        Makes the drawing for a layout.
    live
        What can be done with it in JupyterLab.
    titel, eenheid
        The finding as a sentence, and the quantity with its unit.
    beschrijving
        The same in words, for who does not see the drawing.
    tabel
        The figures as a table (HTML).
    legenda
        Role of each mark and what it stands for.
    rijen
        The description of each mark (its `naam`), and the key of the row it draws.
    variant
        Another view of the same rows; the page offers it where a script may run.
    bron
        Where the figures come from, if not from the edition's own document.
    """
    for_page: dict[str, Any] = {
        "titel": titel, "eenheid": eenheid, "beschrijving": beschrijving, "tabel": tabel,
        "legenda": [list(item) for item in legenda], "rijen": dict(rijen), "bron": bron,
    }  # fmt: skip
    with debug_mode(
        False
    ):  # Altair proves the whole when it is shown; proving each part first takes half as long again
        for_page["smal"] = spec_of(draw(NARROW))
        if variant:
            drawn = {"breed": spec_of(variant.draw(WIDE)), "smal": spec_of(variant.draw(NARROW))}
            for_page["variant"] = {"naam": variant.naam, "titel": variant.titel, "eenheid": variant.eenheid, **drawn}
        lines, told = wrap(titel, 95).split("\n"), wrap(eenheid, 112).split("\n")
        chart = enliven(draw(WIDE), live, legenda)
        chart.title = alt.TitleParams(text=lines, subtitle=told, anchor="start")
    chart.description, chart.usermeta = beschrijving, {USERMETA: for_page}
    return chart
