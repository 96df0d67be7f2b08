"""A chart on the page: its finding, quantity and unit, legend, drawings for two widths, and its data as a table."""

from __future__ import annotations

from collections.abc import Mapping
from html import escape
from typing import Any

from .display import NUMBER, table_html
from .drawing import USERMETA
from .interaction import still
from .svg import Draw, chart_svg, draw, is_tall, legend_html

NO_META: Mapping[str, Any] = {}
ON_PAPER = '<p class="papier">Op papier staan hier de cijfers; de tekening staat op de pagina.</p>'
"""In the place of a drawing that no sheet can hold."""
UNNUMBERED = "figuur-\ue0ff"
"""The id of a figure, and the beginning of the ids in it, until the page counts; no text of a source can hold it."""
NAME = f' id="{UNNUMBERED}-naam"'


def drawings_of(spec: Mapping[str, Any]) -> dict[str, dict[str, Any]]:
    """Return what is drawn of a chart, by its name: wide and narrow (and of a variant), or one as it is; still."""
    meta = spec.get("usermeta", {}).get(USERMETA)
    if not meta:
        return {"alleen": still(spec)}
    config = {"config": spec.get("config", {})}
    drawn = {"breed": still(spec), "smal": {**config, **meta["smal"]}}
    other = meta.get("variant", {})
    return drawn | {f"{name}-v": {**config, **other[name]} for name in drawn if other}


def rows_of(spec: Mapping[str, Any]) -> dict[str, str]:
    """Return the description of each mark of a chart, and the key of the row that it draws."""
    return dict(spec.get("usermeta", {}).get(USERMETA, {}).get("rijen", {}))


def figure_html(spec: Mapping[str, Any], chapter: Mapping[str, Any] = NO_META, draw: Draw = draw) -> str:
    """Return a chart as a figure: finding, quantity and unit, legend, drawing, and its data as a table.

    An analyst's own chart without our `usermeta` gets its own title and description, and its rows as the table. `draw`
    draws; what has been drawn before need not be drawn again.
    """
    own = spec.get("usermeta", {}).get(USERMETA)
    meta = own or _meta_of(spec)
    drawn = {name: draw(one, rows_of(spec)) for name, one in drawings_of(spec).items()}

    def drawings(titel: str, variant: bool) -> str:
        return "".join(
            chart_svg(one, f"{UNNUMBERED}-{name[0]}{'v' if variant else ''}", name.removesuffix("-v"), titel,
                      meta["beschrijving"])
            for name, one in drawn.items() if name.endswith("-v") == variant
        )  # fmt: skip

    tools = variant = ""
    if other := meta.get("variant"):
        tools = '<div class="balk"></div>'
        shown = f"{_finding(other)}{drawings(other['titel'], True)}"
        variant = f'<template data-naam="{escape(other["naam"])}">{shown}</template>'
    klass, paper = (' class="hoog"', ON_PAPER) if is_tall(next(iter(drawn.values()))) else ("", "")
    document = f"{chapter['gemeente']}, {chapter['document']}" if chapter else ""
    source = f"Bron: {escape(told)}." if (told := meta.get("bron") or document) else ""
    return (
        f'<figure id="{UNNUMBERED}"{klass} aria-labelledby="{UNNUMBERED}-naam">'
        f"<figcaption>{_finding(meta, NAME)}{legend_html(meta['legenda'])}{tools}</figcaption>"
        f'{drawings(meta["titel"], False)}{paper}{variant}<p class="bron">{source}</p>'
        f'<details class="cijfers"><summary>Cijfers bij figuur {UNNUMBERED}</summary>{meta["tabel"]}</details></figure>'
    )


def _finding(meta: Mapping[str, Any], ident: str = "") -> str:
    """Return what a chart says, and of what quantity and unit (HTML); by the first a screen reader names the figure."""
    titel = f"{NUMBER.format('Figuur')}{escape(meta['titel'])}"
    return f'<p class="ft"{ident}>{titel}</p><p class="fs">{escape(meta["eenheid"])}</p>'


def _meta_of(spec: Mapping[str, Any]) -> dict[str, Any]:
    title = spec.get("title", "Grafiek")
    text = title.get("text", "Grafiek") if isinstance(title, dict) else title
    titel = " ".join(text) if isinstance(text, list) else str(text)
    rows = [row for values in spec.get("datasets", {}).values() for row in values if isinstance(row, dict)]
    names = list(rows[0]) if rows else []
    cells = [("", [escape(str(row.get(name, ""))) for name in names]) for row in rows]
    table = table_html(titel, "", [(name, "") for name in names], cells, genummerd=False) if rows else ""
    return {"titel": titel, "eenheid": "", "legenda": [], "tabel": table,
            "beschrijving": spec.get("description", titel)}  # fmt: skip
