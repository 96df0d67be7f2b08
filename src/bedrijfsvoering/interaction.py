"""What is live of a chart in JupyterLab and not on the page: tooltips, selection, zoom and a legend."""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import partial
from itertools import groupby
from typing import Any, Literal, TypeVar

import altair as alt

from .legend import legend_channels
from .theme import KLEUR

LIVE = "live_"
"""Begins the name of the one layer of a block that its interactions hang on."""
LIVE_STYLE = "live"
"""The style of a layer that is drawn only where the chart is live."""
SELECTED = "gekozen"
"""The selection of rows by their key: the same in every chart, so that charts side by side select together."""
PICKED = "legenda"
"""The selection of a kind of row, by a click in the legend."""
GROUPED = "bereik"
"""The selection of all rows within a range, by dragging."""
FOUND = "zoek"
"""The selection of one row by its name."""
FADED = 0.2
"""How much is left to see of a row that is not selected, while another one is."""
WITH_KEY = "[event.ctrlKey || event.metaKey]"
"""A wheel alone scrolls the notebook; with Ctrl (or Cmd, or two fingers that spread) it zooms."""
ON_ROW = "[event.item && event.item.datum && event.item.datum.sleutel]"
"""A click beside the rows changes nothing: it may be the end of a pan."""
UNSIGNED = "format(abs(datum.value), ',~f')"
"""A number of an axis on which the side says the direction."""
WORDS = 44
"""The height of the words that stand above a drawing without an axis there; the legend stands above them."""
WHOLE = ("opacity", {"value": 1})
"""What every mark is that nothing makes faint."""
Drawing = TypeVar("Drawing", bound=alt.LayerChart | alt.VConcatChart)


@dataclass(frozen=True)
class Live:
    """What can be done with a chart where it is live.

    Attributes
    ----------
    naam
        The name of the chart, unlike that of any other that may stand beside it.
    tip
        The fields that a tooltip tells of a row, with their titles, in order; a layer tells those that its rows have.
    rows
        Per description of a mark (`naam`): the key of its row (`sleutel`), and the fields of the tooltip.
    zoom
        Whether the scale of each block can be zoomed by itself, or those of all blocks together; none where empty.
    pick
        What rows are called in the legend, where they can be selected by a click there; they say it in `legenda`.
    find
        Names and keys of rows that can be looked for in a list, and be selected together by dragging.
    legenda
        Role and meaning of marks that are drawn only here.
    """

    naam: str
    tip: Sequence[tuple[str, str]]
    rows: Mapping[str, Mapping[str, str]] = field(default_factory=dict)
    zoom: Literal["", "blok", "samen"] = ""
    pick: Sequence[str] = ()
    find: Mapping[str, str] = field(default_factory=dict)
    legenda: Sequence[tuple[str, str]] = ()

    @property
    def use(self) -> str:
        """How all this is done, in words."""
        drag = "Slepen: een groep kiezen; " if self.find else ""
        zoom = f"Ctrl en scrollen: inzoomen{'' if self.find else '; slepen: verschuiven'}. " if self.zoom else ""
        return f"{drag}{zoom}Klik: rij uitlichten; Shift en klik: rij erbij; dubbelklik: alles terug."

    @property
    def choosing(self) -> list[str]:
        """The selections that leave some rows and make the others faint."""
        return [SELECTED, *([PICKED] if self.pick else []), *([GROUPED] if self.find else [])]


def enliven(chart: Drawing, live: Live, legenda: Sequence[tuple[str, str]]) -> Drawing:
    """Add to a drawing what is live of it, and return it; `still` takes that off again.

    Each block gets one layer more, which draws nothing but the legend: all parameters hang on it, for Vega-Lite allows
    a selection on one layer of a block only, and hears a click on the others all the same.
    """
    blocks: list[Any] = chart.vconcat if isinstance(chart, alt.VConcatChart) else [chart]
    naam = re.sub(r"\W", "_", live.naam)
    views = [f"{LIVE}{naam}_{place}" for place in range(len(blocks))]  # as Altair numbers them when it copies
    each = [f"zoom_{naam}_{number}" for number in range(1, len(blocks) + 1)]
    zooms = {"": [""] * len(each), "blok": each, "samen": each[:1] * len(each)}[live.zoom]
    zooms = [zoom if _scaled(block) else "" for zoom, block in zip(zooms, blocks, strict=True)]
    legend = partial(legend_channels, [*legenda, *live.legenda], live.pick)
    for view, zoom, block in zip(views, zooms, blocks, strict=True):
        anchor = _anchor(block, view, zoom, legend if block is blocks[0] else None)
        for layer in block.layer:
            _keep_in_place(layer, zoom)
        block.data = _told(block.data, live)
        block.layer = [anchor, *_told_layers(block, live)]
    chart.params = [_selected(views)]
    if live.pick:
        chart.params.append(_picked(views))
    for zoom in dict.fromkeys(filter(None, zooms)):
        own = [view for view, its in zip(views, zooms, strict=True) if its == zoom]
        chart.params.append(_zoomed(zoom, own, pan=not live.find))
    if live.find:
        chart.params += [_grouped(views), _found(views, live.find)]
    return chart


def _told(data: Mapping[str, Any], live: Live) -> dict[str, Any]:
    """Return the rows of a drawing with what their tooltip tells."""
    rows = ({**row, **live.rows.get(row.get("naam", ""), {})} for row in data["values"])
    return {"values": tuple({**row, "bediening": live.use} if "sleutel" in row else row for row in rows)}


def _told_layers(block: alt.LayerChart, live: Live) -> Iterator[Any]:
    """Yield the layers of a block with their tooltips and what makes them faint.

    Layers that draw the same rows share theirs: Altair proves each that it finds, which takes most of its time.
    """
    for _, group in groupby(block.layer, lambda layer: id(layer.data)):
        layers = list(group)
        own = layers[0].data is not alt.Undefined
        rows: Any = layers[0].data if own else block.data
        told = _told(rows, live) if own else rows
        encoding = _told_encoding(told["values"], live)
        if encoding:
            for layer in layers:
                layer.mark["cursor"] = "pointer"
        if len(layers) > 1:
            for layer in layers:
                layer.data = alt.Undefined
            data = told if own else alt.Undefined
            yield alt.LayerChart(data=data, layer=layers, encoding=alt.SharedEncoding(**encoding))
        else:
            for channel, value in encoding.items():
                layers[0].encoding[channel] = value
            layers[0].data = told if own else alt.Undefined
            yield layers[0]


def _told_encoding(rows: Sequence[Mapping[str, Any]], live: Live) -> dict[str, Any]:
    """Return the tooltip of the rows of a layer, of the fields that each of them has, and their opacity."""
    known = set.intersection(*map(set, rows))
    if "sleutel" not in known:
        return {}
    titles = {**dict(live.tip), "bediening": "Bediening"}
    chosen = [{"param": name} for name in live.choosing]
    return {
        "tooltip": tuple(alt.Tooltip(f"{name}:N", title=title) for name, title in titles.items() if name in known),
        "opacity": alt.OpacityValue(FADED, condition={"test": {"and": chosen}, "value": 1}),
    }


def _keep_in_place(layer: alt.Chart, zoom: str) -> None:
    """Let a mark without length go where its place is not seen, when the scale is zoomed; a bar is cut there.

    The words beside the drawing stay, though they are outside it.
    """
    if layer.encoding.description is alt.Undefined:
        layer.mark["aria"] = False  # a screen reader would hear the same row in every layer, by the names of fields
    if zoom and layer.mark["type"] in ("text", "point"):
        layer.mark["clip"] = False
        if isinstance(layer.encoding.x, alt.X):
            before = [] if layer.transform is alt.Undefined else layer.transform
            layer.transform = [*before, alt.FilterTransform(filter=alt.ParameterPredicate(param=zoom))]


def _anchor(block: alt.LayerChart, view: str, zoom: str, legend: Callable[[int], list[Any]] | None) -> alt.Chart:
    """Return the layer of a block that its parameters hang on; it has no rows, and draws the legend of the chart."""
    layer: alt.Chart = alt.Chart({"values": ()}, name=view).mark_point(style=LIVE_STYLE)
    scaled = _scaled(block)
    bare = any(x["axis"] is None for x in scaled)
    if zoom:
        x = scaled[-1].copy(deep=False)
        if bare:  # nobody can zoom in where no scale is to be read
            x["axis"] = alt.Axis(orient="bottom", tickCount=5, grid=False, labelExpr=UNSIGNED)
            block.resolve = alt.Resolve(axis={"x": "independent"})
        layer = layer.encode(x)
    return layer.encode(*legend(WORDS if bare else 0)) if legend else layer


def _scaled(block: alt.LayerChart) -> list[alt.X]:
    """Return the scales of a block, of its layers that have one; a block of words alone has none."""
    return [one.encoding.x for one in block.layer if isinstance(one.encoding.x, alt.X)]


def _selected(views: Sequence[str]) -> alt.TopLevelSelectionParameter:
    """Return the selection of rows by a click; with Shift one more, and with a double click everything again."""
    select = alt.PointSelectionConfig(
        type="point", fields=["sleutel"], on=f"click{ON_ROW}", toggle="event.shiftKey", clear="dblclick"
    )
    return alt.TopLevelSelectionParameter(name=SELECTED, select=select, views=list(views))


def _picked(views: Sequence[str]) -> alt.TopLevelSelectionParameter:
    """Return the selection of a kind of row by a click in the legend; a double click gives all of them again."""
    select = alt.PointSelectionConfig(
        type="point", fields=["legenda"], on="click[false]", toggle="event.shiftKey", clear="dblclick"
    )  # Vega-Lite fails on a way to clear what cannot be made in the chart as well; no click there makes this one
    return alt.TopLevelSelectionParameter(name=PICKED, select=select, bind="legend", views=list(views))


def _zoomed(name: str, views: Sequence[str], *, pan: bool) -> alt.TopLevelSelectionParameter:
    """Return the zoom of the scale of one block, or of blocks that share one."""
    select = alt.IntervalSelectionConfig(type="interval", encodings=["x"], zoom=f"wheel!{WITH_KEY}", translate=pan)
    return alt.TopLevelSelectionParameter(name=name, select=select, bind="scales", views=list(views))


def _grouped(views: Sequence[str]) -> alt.TopLevelSelectionParameter:
    """Return the selection of all rows with a value in a range, drawn by hand; it holds in every block."""
    look = alt.BrushConfig(fill=KLEUR["rustig"], fillOpacity=0.12, stroke=KLEUR["rustig"])
    select = alt.IntervalSelectionConfig(type="interval", encodings=["x"], zoom=False, mark=look)
    return alt.TopLevelSelectionParameter(name=GROUPED, select=select, views=list(views))


def _found(views: Sequence[str], names: Mapping[str, str]) -> alt.TopLevelSelectionParameter:
    """Return the selection of one row by its name, from a list under the chart."""
    listed = alt.BindRadioSelect(
        input="select", options=[None, *names.values()], labels=["–", *names], name="Zoek een gemeente: "
    )
    select = alt.PointSelectionConfig(type="point", fields=["sleutel"])
    return alt.TopLevelSelectionParameter(name=FOUND, select=select, bind=listed, views=list(views))


def still(spec: Mapping[str, Any]) -> dict[str, Any]:
    """Return what of a specification is drawn where nothing can be touched: without what `enliven` added.

    vl-convert would draw the parameters' own marks and clips as well, and take longer. A chart of an analyst's own
    keeps her parameters.
    """
    ours = {one["name"]: one.get("views", ()) for one in spec.get("params", ())}
    gone = {name for name, views in ours.items() if views and all(view.startswith(LIVE) for view in views)}
    kept = [one for one in spec.get("params", ()) if one["name"] not in gone]
    bare = _still(spec, gone)
    return {**{key: value for key, value in bare.items() if key != "params"}, **({"params": kept} if kept else {})}


def _still(spec: Mapping[str, Any], gone: Collection[str]) -> dict[str, Any]:
    """Return a block or a layer without what hangs on parameters that are gone."""
    bare = dict(spec)
    for key in ("layer", "vconcat", "hconcat", "concat"):
        if key in spec:
            kept = [(one, _still(one, gone)) for one in spec[key] if not _is_live(one)]
            bare[key] = [one for whole, one in kept if "layer" in one or "layer" not in whole]
    if "encoding" in spec:
        channels = {name: _settled(channel, gone) for name, channel in spec["encoding"].items() if name != "tooltip"}
        bare["encoding"] = {name: channel for name, channel in channels.items() if (name, channel) != WHOLE}
    if "transform" in spec:
        bare["transform"] = [one for one in spec["transform"] if not _hangs(one, gone)]
    return {key: value for key, value in bare.items() if value not in ([], {})}


def _is_live(layer: Mapping[str, Any]) -> bool:
    """Return whether a layer is drawn only where the chart is live."""
    mark = layer.get("mark")
    return isinstance(mark, Mapping) and mark.get("style") == LIVE_STYLE


def _settled(channel: Any, gone: Collection[str]) -> Any:
    """Return an encoding as it is while nothing is selected."""
    condition = channel.get("condition") if isinstance(channel, Mapping) else None
    if not isinstance(condition, Mapping) or not _hangs(condition, gone):
        return channel
    source = channel if condition.get("empty") is False else condition
    return {key: value for key, value in source.items() if key not in ("condition", "param", "test", "empty")}


def _hangs(value: Any, gone: Collection[str]) -> bool:
    """Return whether a part of a specification asks for a parameter that is gone."""
    if isinstance(value, Mapping):
        return value.get("param") in gone or any(_hangs(part, gone) for part in value.values())
    return isinstance(value, list) and any(_hangs(part, gone) for part in value)
