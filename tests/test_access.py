"""The page for who does not use a mouse, or sees little or nothing: under every setting, by keyboard, by ear."""

import os
import re
from pathlib import Path
from typing import Any

import pytest
from conftest import OpenPage, unfold, violations

from bedrijfsvoering.paper import SCRIPT

SNAPSHOTS = Path(__file__).parent / "voorgelezen"
"""What a screen reader is given; `BEDRIJFSVOERING_OPNIEUW=1` writes it again, to be read before it is kept."""
SETTINGS: dict[str, dict[str, Any]] = {
    "zoom 400%": {"viewport": {"width": 320, "height": 256}, "device_scale_factor": 4},
    "hoog contrast": {"viewport": {"width": 1280, "height": 900}, "forced_colors": "active"},
    "hoog contrast, donker, telefoon": {"viewport": {"width": 390, "height": 844}, "forced_colors": "active",
                                        "color_scheme": "dark"},
    "minder beweging": {"viewport": {"width": 1280, "height": 900}, "reduced_motion": "reduce"},
    "zonder script": {"viewport": {"width": 1280, "height": 900}},
    "zonder script, telefoon": {"viewport": {"width": 390, "height": 844}},
}  # fmt: skip
STOP = """() => {
  const stop = document.activeElement;
  if (stop === document.body) return null;
  const box = stop.getClientRects()[0], whole = stop.getBoundingClientRect();
  const target = stop.closest('label')?.getBoundingClientRect() ?? whole;
  const hit = document.elementFromPoint(box.left + Math.min(box.width / 2, 9), box.top + box.height / 2);
  const name = stop.getAttribute('aria-label') || stop.labels?.[0]?.innerText || stop.innerText || '';
  const style = getComputedStyle(stop);
  return {
    what: `${stop.tagName} ${name.slice(0, 60)}`, name: name.trim(), top: box.top + scrollY,
    inView: box.top >= 0 && box.bottom <= innerHeight,
    onTop: Boolean(hit && (stop.contains(hit) || hit.contains(stop))),
    ring: style.outlineStyle === 'solid' && parseFloat(style.outlineWidth) >= 3,
    sized: stop.tagName === 'A' || stop.className === 'loper' || (target.width >= 24 && target.height >= 24),
  };
}"""
"""Tells of the element that has the focus: its name, whether it is seen, and whether it is large enough to press."""


@pytest.fixture
def visit(open_page: OpenPage, built: Path) -> OpenPage:
    """Open the page of Diemen in a browser with settings of its own."""
    return lambda **options: open_page(built / "index.html", **options)


@pytest.mark.parametrize("setting", SETTINGS)
def test_axe_finds_nothing_under_any_setting(setting: str, visit: OpenPage, built: Path, tmp_path: Path) -> None:
    page = visit(**SETTINGS[setting])
    if "zonder script" in setting:  # axe needs one itself, so the page's own is taken out
        bare = tmp_path / "index.html"
        bare.write_text(SCRIPT.sub("", (built / "index.html").read_text(encoding="utf-8")), encoding="utf-8")
        page.goto(bare.as_uri())
    assert violations(unfold(page)) == []


def test_at_400_percent_the_page_reads_in_one_column(visit: OpenPage) -> None:
    page = visit(**SETTINGS["zoom 400%"])
    assert page.evaluate("document.documentElement.scrollWidth") <= 320
    assert page.evaluate("getComputedStyle(document.querySelector('.telnav')).position") == "static"


def test_in_forced_colours_a_drawing_keeps_its_own_on_paper_white(visit: OpenPage) -> None:
    page = visit(**SETTINGS["hoog contrast, donker, telefoon"])
    drawing = page.locator("#figuur-1 svg.smal:visible")
    assert drawing.evaluate("svg => getComputedStyle(svg).backgroundColor") == "rgb(255, 255, 255)"
    letters = drawing.evaluate("svg => getComputedStyle(svg.querySelector('text')).fill")
    assert letters == "rgb(27, 31, 35)"


def test_with_less_motion_nothing_moves(visit: OpenPage) -> None:
    page = visit(**SETTINGS["minder beweging"])
    moving = "[...document.querySelectorAll('*')].filter(e => getComputedStyle(e).transitionDuration !== '0s').length"
    assert page.evaluate(moving) == 0
    assert page.evaluate("document.getAnimations().length") == 0


@pytest.mark.parametrize("script", [True, False])
@pytest.mark.parametrize("width", [1280, 390])
def test_the_keyboard_walks_through_the_whole_page(width: int, script: bool, visit: OpenPage) -> None:
    page = visit(width=width, java_script_enabled=script)
    stops = []
    while len(stops) < 400:
        page.keyboard.press("Tab")
        stop = page.evaluate(STOP)
        if stop is None:
            break
        stops.append(stop)
    assert len(stops) < 400, "the focus never leaves the page"
    for wanted in ("inView", "onTop", "ring", "sized", "name"):
        assert [stop["what"] for stop in stops if not stop[wanted]] == [], wanted
    assert stops[0]["name"] == "Naar de inhoud"
    tops = [stop["top"] for stop in stops]
    assert not [tops[n] for n in range(1, len(tops)) if tops[n] < tops[n - 1] - 200]  # it goes down, never back
    names = " | ".join(stop["name"] for stop in stops)
    for wanted in ("Cijfers bij figuur 6", "De andere", "alles in één werkmap (Excel)"):
        assert wanted in names
    tools = ["Kopieer tabel", "Resultaat" if width > 1000 else "Volgorde van", "alleen boven de grens",
             "Loop langs de regels van Figuur 6"]  # fmt: skip
    assert [tool in names for tool in tools] == [script] * len(tools)


def heard(page: Any, selector: str) -> str:
    return str(page.locator(selector).aria_snapshot()) + "\n"


@pytest.mark.parametrize("selector", ["#figuur-1", "#figuur-6", "#tabel-2", "#tabel-4", "nav.zijnav"])
def test_a_screen_reader_is_given_what_was_read_and_found_good(selector: str, visit: OpenPage) -> None:
    page = visit(width=1280)
    page.locator(f"{selector} details").evaluate_all("folds => folds.forEach(fold => { fold.open = true; })")
    path = SNAPSHOTS / f"{selector.strip('#').replace('.', '-')}.yaml"
    said = heard(page, selector)
    if os.environ.get("BEDRIJFSVOERING_OPNIEUW"):
        path.parent.mkdir(exist_ok=True)
        path.write_text(said, encoding="utf-8")
    assert said == path.read_text(encoding="utf-8")


def test_a_table_that_folds_on_a_phone_is_still_a_table_to_a_screen_reader(visit: OpenPage) -> None:
    wide, narrow = (heard(visit(width=width, java_script_enabled=False), "#overhead") for width in (1280, 390))
    for kind, count in (("row", 19), ("rowheader", 18), ("cell", 18 * 4)):
        found = [len(re.findall(rf"- '?{kind}\b", said)) for said in (wide, narrow)]
        assert found == [count, count], kind
