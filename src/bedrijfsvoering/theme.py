"""The house's Altair theme and renderer: Dutch numbers, our colours, and charts that JupyterLab draws by itself."""

from __future__ import annotations

import re
import warnings
from collections.abc import Mapping
from typing import Any

import altair as alt

NAME = "bedrijfsvoering"
VEGALITE_MIME = "application/vnd.vegalite.v5+json"
"""The type that JupyterLab's own viewer draws; Altair's own (`v6.json`) it does not know, its HTML needs a network."""
LETTER = "Liberation Sans, Arial, Helvetica, sans-serif"
"""vl-convert carries the first, so widths are the same on every machine; the others are as wide, where a browser has
not the first. The page sets its own font in CSS."""
SIZE = 13

KLEUR = {
    "inkt": "#1b1f23", "mat": "#565d64", "lijn": "#d3d6da", "begrootlijn": "#747b82", "voordeel": "#1d5b9e",
    "nadeel": "#98390a", "nadeelvlak": "#f0a878", "begroot": "#e1e5e9", "rekening": "#24425f", "rustig": "#6b727a",
    "papier": "#ffffff",
}  # fmt: skip
"""A role each; the page maps each hex to its token, also in the dark, so no two roles share one."""


def theme() -> alt.theme.ThemeConfig:
    """Return the theme: no frame, quiet axes, no label ever cut, Dutch numbers."""
    axis: Any = {
        "labelFont": LETTER, "labelFontSize": SIZE, "labelColor": KLEUR["mat"], "labelLimit": 0, "title": None,
        "domain": False, "ticks": False, "gridColor": KLEUR["lijn"], "aria": False,
    }  # fmt: skip
    return {
        "config": {
            "font": LETTER,
            "background": KLEUR["papier"],
            "view": {"stroke": None},
            "legend": {
                "labelFont": LETTER, "labelFontSize": SIZE, "labelColor": KLEUR["mat"], "labelLimit": 0, "title": None,
                "orient": "top", "symbolSize": 300, "symbolOpacity": 1, "columnPadding": 18, "aria": False,
            },
            "axis": axis,
            "text": {"font": LETTER, "fontSize": SIZE, "color": KLEUR["inkt"], "limit": 0},
            "title": {
                "font": LETTER, "anchor": "start", "fontSize": 15, "subtitleFontSize": SIZE, "limit": 0,
                "color": KLEUR["inkt"], "subtitleColor": KLEUR["mat"],
            },
            "locale": {
                "number": {
                    "decimal": ",", "thousands": ".", "grouping": [3], "currency": ["€ ", ""],
                    "minus": "\N{MINUS SIGN}",
                }
            },
        }
    }  # fmt: skip


EMBED: dict[str, Any] = {
    "renderer": "svg",
    "actions": {"export": True, "source": False, "compiled": False, "editor": False},
    "i18n": {
        "CLICK_TO_VIEW_ACTIONS": "Grafiek bewaren", "SVG_ACTION": "Bewaren als SVG", "PNG_ACTION": "Bewaren als PNG",
        "SOURCE_ACTION": "Specificatie bekijken", "COMPILED_ACTION": "Vega-specificatie bekijken",
        "EDITOR_ACTION": "Openen in de Vega-editor (op internet)",
    },
}  # fmt: skip
"""How JupyterLab's viewer draws: as elements that a screen reader finds, with a Dutch menu that sends nothing away."""


def renderer(spec: dict[str, Any], embed_options: Mapping[str, Any] = EMBED, **_: Any) -> Any:
    """Return what a chart's cell shows: the specification and the options for JupyterLab's viewer, and a title as text.

    The options of `alt.renderers.set_embed_options` go before the house's own.
    """
    title = spec.get("title")
    text = title.get("text", "") if isinstance(title, dict) else title or "grafiek"
    text = " ".join(text) if isinstance(text, list) else str(text)
    options = {**EMBED, "downloadFileName": re.sub(r"\W+", "-", text.lower()).strip("-")[:60], **embed_options}
    return {VEGALITE_MIME: spec, "text/plain": text}, {VEGALITE_MIME: {"embed_options": options}}


def enable() -> None:
    """Make the house's theme and renderer the ones in use; the entry points make them known to Altair by name.

    Charts of the house that stand side by side select rows together, by the name of their selection; Altair takes that
    for an oversight, and would say so above each.
    """
    warnings.filterwarnings("ignore", message="Automatically deduplicated selection parameter")
    in_house_style()
    alt.renderers.register(NAME, renderer)
    alt.renderers.enable(NAME)


def in_house_style() -> Any:
    """Make the house's theme the one in use, for as long as a `with` lasts if it stands in one."""
    alt.theme.register(NAME, enable=False)(theme)
    return alt.theme.enable(NAME)
