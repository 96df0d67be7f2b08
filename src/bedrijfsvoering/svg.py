"""Charts as inline SVG: drawn without a browser or a network, and one thing to a screen reader instead of sixty."""

from __future__ import annotations

import os
import re
import xml.etree.ElementTree as ET
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import cache
from html import escape
from pathlib import Path
from typing import Any

import vl_convert

VEGALITE = "6.4"
"""The Vega-Lite of vl-convert that matches Altair's."""
TALL = 1500
"""The height of a wide drawing, in its own units, above which a sheet of A4 cannot hold it in letters of 6 points."""
NO_FONTS = Path(__file__).with_name("fonts.conf")
"""Names a place without fonts: the library then uses the one that it carries. It looks every text up in all fonts of a
machine otherwise, which takes as long as the drawing, and where one is called the same, the drawing is another."""
NO_ROWS: Mapping[str, str] = {}
SVG = "http://www.w3.org/2000/svg"
DROPPED = re.compile(r"aria-|role$|class$|pointer-events$|font-family$|clip-path$|cursor$")
"""English or nameless attributes of the parts, the font (the page sets its own), and clips that nothing needs."""
COORDINATES = ("d", "transform", "x", "y", "x1", "x2", "y1", "y2", "width", "height", "cx", "cy", "r")
DECIMALS = re.compile(r"-?\d*\.\d{2,}")
INHERITED = ("fill", "stroke", "stroke-width", "stroke-dasharray", "text-anchor", "font-size", "font-weight")
"""What an element takes from its group, so that a group of marks that look alike says it once."""

SWATCH = {
    "thin": '<rect x="1" y="5" width="24" height="6" fill="#24425f"/>',
    "vol": '<rect x="1" y="2" width="24" height="12" fill="#24425f"/>',
    "dag": '<path d="M13 2l6 6-6 6-6-6z" fill="#24425f"/>',
    "vanaf": '<path d="M9 3l9 5-9 5z" fill="#ffffff" stroke="#24425f" stroke-width="2"/>',
    "stip": '<circle cx="13" cy="8" r="6" fill="#24425f"/>',
    "ring": '<circle cx="13" cy="8" r="5.5" fill="#ffffff" stroke="#24425f" stroke-width="2"/>',
    "band": '<rect x="1" y="2" width="24" height="12" fill="#e1e5e9" stroke="#747b82"/>',
    "lijn": '<path d="M1 8h24" stroke="#747b82"/>',
    "mediaan": '<path d="M13 0v16" stroke="#1b1f23" stroke-width="2"/>',
    "bar": '<rect x="1" y="1" width="24" height="14" fill="#e1e5e9" stroke="#747b82"/>',
    "tick": '<path d="M13 0v16" stroke="#1b1f23" stroke-width="2"/>',
    "voordeel": '<rect x="1" y="2" width="24" height="12" fill="#1d5b9e"/>',
    "nadeel": '<rect x="1" y="2" width="24" height="12" fill="#f0a878" stroke="#98390a" stroke-width="1.5"/>',
    "gerealiseerd": '<rect x="1" y="3" width="24" height="10" rx="2" fill="#24425f"/>',
    "gepland": '<rect x="1" y="3" width="24" height="10" rx="2" fill="#ffffff" stroke="#24425f" stroke-width="2"/>',
    "verwacht": '<rect x="1" y="3" width="24" height="10" rx="2" fill="#ffffff" stroke="#24425f" stroke-width="2" '
    'stroke-dasharray="3 2"/>',
}
"""How each role of a legend looks, in the colours of the drawing."""


@dataclass(frozen=True)
class Drawn:
    """A chart as it is drawn: its `viewBox`, and the elements in it."""

    box: str
    inner: str


Draw = Callable[[Mapping[str, Any], Mapping[str, str]], Drawn]
"""Draws a specification; a mark that has a row in the second mapping carries that row's key."""


@cache
def start_drawing() -> None:
    """Start the library, which takes longer than a drawing; its first one fixes the fonts that it knows."""
    before = os.environ.get("FONTCONFIG_FILE")
    os.environ["FONTCONFIG_FILE"] = str(NO_FONTS)
    try:
        vl_convert.vegalite_to_svg(
            {"mark": {"type": "text", "text": "a"}, "data": {"values": [{}]}}, vl_version=VEGALITE
        )
    finally:
        del os.environ["FONTCONFIG_FILE"]
        os.environ.update({"FONTCONFIG_FILE": before} if before else {})


def draw(spec: Mapping[str, Any], rijen: Mapping[str, str] = NO_ROWS) -> Drawn:
    """Draw a chart, here and now.

    Parameters
    ----------
    spec
        A Vega-Lite specification; its own title is left out, for the page writes it as text.
    rijen
        The description of a mark and the key of its row; on the page the mark carries the key (`data-rij`).
    """
    start_drawing()
    bare = {key: value for key, value in spec.items() if key not in ("title", "usermeta", "description")}
    drawn = vl_convert.vegalite_to_svg(bare, vl_version=VEGALITE, allowed_base_urls=[])
    root = ET.fromstring(drawn)
    for parent in root.iter():
        for child in list(parent):
            if child.tag in (f"{{{SVG}}}clipPath", f"{{{SVG}}}defs") or _is_background(child, parent is root):
                parent.remove(child)
    for element in root.iter():
        _tidy(element, rijen)
        _share(element)
    inner = "".join(ET.tostring(child, encoding="unicode") for child in root)
    inner = re.sub(r' xmlns(:\w+)?="[^"]*"', "", inner).replace("<ns0:", "<").replace("</ns0:", "</")
    return Drawn(root.get("viewBox", "0 0 700 300"), inner)


def chart_svg(drawn: Drawn, ident: str, klass: str, titel: str, beschrijving: str) -> str:
    """Return a drawn chart as one inline SVG element.

    Parameters
    ----------
    drawn
        The chart as `draw` gives it.
    ident
        Beginning of the ids in the drawing; unique and stable on a page.
    klass
        `breed`, `smal` or `alleen`: which of the drawings this is.
    titel, beschrijving
        What stands in for the drawing, in Dutch.
    """
    width, height = drawn.box.split()[2:]
    return (
        f'<svg class="grafiek {klass}" viewBox="{drawn.box}" width="{width}" height="{height}" role="img" '
        f'aria-labelledby="{ident}-t" aria-describedby="{ident}-d"><title id="{ident}-t">{escape(titel)}</title>'
        f'<desc id="{ident}-d">{escape(beschrijving)}</desc>{drawn.inner}</svg>'
    )


def _is_background(element: ET.Element, at_root: bool) -> bool:
    """Return whether an element is an unseen ground of the drawing or of a group."""
    if at_root and element.tag == f"{{{SVG}}}rect":
        return True
    return "background" in element.get("class", "") or "foreground" in element.get("class", "")


def _tidy(element: ET.Element, rijen: Mapping[str, str]) -> None:
    key = rijen.get(element.get("aria-label", ""))
    if key and element.tag == f"{{{SVG}}}path":
        element.set("data-rij", key)
    for name in list(element.attrib):
        if DROPPED.match(name) or (name == "opacity" and element.attrib[name] == "1"):
            del element.attrib[name]
        elif name in COORDINATES:
            element.attrib[name] = DECIMALS.sub(lambda number: _short(number[0]), element.attrib[name])


def _share(group: ET.Element) -> None:
    """Move what all of a group's marks say alike to the group: a third of a drawing is such words."""
    marks = list(group)
    if len(marks) < 2 or any(mark.tag == f"{{{SVG}}}g" for mark in marks):
        return
    for name in INHERITED:
        said = {mark.get(name) for mark in marks}
        if len(said) == 1 and None not in said and name not in group.attrib:
            group.set(name, said.pop() or "")
            for mark in marks:
                del mark.attrib[name]


def _short(number: str) -> str:
    return f"{float(number):.1f}".removesuffix(".0")


def is_tall(drawn: Drawn) -> bool:
    """Return whether a drawing would have to be cut, or made too small to read, to fit on a sheet of paper."""
    return float(drawn.box.split()[3]) > TALL


def legend_html(legenda: list[list[str]]) -> str:
    """Return the legend of a chart: a shape and a word each (HTML)."""
    items = [
        f'<li><svg class="grafiek" width="26" height="16" viewBox="0 0 26 16" aria-hidden="true">{SWATCH[role]}</svg>'
        f"{escape(text)}</li>"
        for role, text in legenda
        if role in SWATCH
    ]
    return f'<ul class="leg">{"".join(items)}</ul>' if items else ""
