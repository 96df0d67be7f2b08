"""The charts in a real browser, drawn by Vega as JupyterLab does it: pointed at, clicked, zoomed."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import vl_convert
from conftest import OpenPage

from bedrijfsvoering import chart_budgetresultaat, chart_posten
from bedrijfsvoering.figures import Figures
from bedrijfsvoering.theme import VEGALITE_MIME

LAB = "5.8"
"""The oldest Vega-Lite that vl-convert has; JupyterLab has one that is a little older."""
PAGE = """<!DOCTYPE html><meta charset="utf-8"><title>Grafiek</title>
<body style="height: 3000px"><div id="grafiek"></div><script src="vega.js"></script>
<script>
vegaEmbed("#grafiek", {spec}, {options}).then(() => {{ document.body.dataset.klaar = "ja"; }});
</script>"""
VERSIONS = """const warn = console.warn;
console.warn = (...said) => /spec uses Vega/.test(said[0]) || warn(...said);"""
"""The viewer says that the versions differ, which they do on purpose."""
Drawn = Callable[[Any], Any]


@pytest.fixture(scope="module")
def vega(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with Vega, Vega-Lite and the viewer that JupyterLab has, in one script."""
    folder = tmp_path_factory.mktemp("vega")
    (folder / "vega.js").write_text(vl_convert.javascript_bundle(vl_version=LAB), encoding="utf-8")
    return folder


@pytest.fixture
def drawn(open_page: OpenPage, vega: Path) -> Drawn:
    """Open a page with nothing but a chart, as its cell shows it in JupyterLab."""

    def show(chart: Any) -> Any:
        bundle, metadata = chart._repr_mimebundle_()
        options = metadata[VEGALITE_MIME]["embed_options"]
        path = vega / "grafiek.html"
        shown = PAGE.format(spec=json.dumps(bundle[VEGALITE_MIME]), options=json.dumps(options))
        path.write_text(shown, encoding="utf-8")
        page = open_page(path, init=VERSIONS)
        page.wait_for_selector("body[data-klaar]")
        return page

    return show


def lit(page: Any) -> list[str]:
    """Return the rows that are not faint, by their names."""
    marks = page.locator("path[aria-roledescription][aria-label]").evaluate_all(
        "all => all.map(mark => [mark.getAttribute('aria-label'), mark.getAttribute('opacity')])"
    )
    return sorted({label.split(":")[0] for label, opacity in marks if ":" in label and opacity in (None, "1")})


def word(page: Any, text: str) -> Any:
    return page.locator("text", has_text=re.compile(f"^{re.escape(text)}$")).first


def scale(page: Any) -> list[str]:
    """Return the numbers of the first axis."""
    return sorted(page.locator(".role-axis-label").first.locator("text").all_text_contents())


def point(page: Any, at: Any) -> tuple[float, float]:
    """Bring the mouse onto a mark, from outside the chart, so that no tooltip stands between; return where it is."""
    page.mouse.move(1, 1)
    at.scroll_into_view_if_needed()
    box = at.bounding_box()
    x, y = box["x"] + min(box["width"] / 2, 30), box["y"] + box["height"] / 2
    page.mouse.move(x, y)
    return x, y


def click(page: Any, at: Any, count: int = 1, shift: bool = False) -> None:
    place = point(page, at)
    if shift:
        page.keyboard.down("Shift")
    page.mouse.click(*place, click_count=count)
    page.keyboard.up("Shift")
    page.wait_for_timeout(100)


def zoom(page: Any, at: Any, key: str = "Control") -> None:
    point(page, at)
    page.keyboard.down(key)
    page.mouse.wheel(0, -240)
    page.keyboard.up(key)
    page.wait_for_timeout(200)


def test_a_row_tells_its_figures_where_it_is_pointed_at(drawn: Drawn, diemen: Figures) -> None:
    page = drawn(chart_posten(diemen, "overhead"))
    for at in (word(page, "Huisvesting"), page.locator("[aria-label^='Huisvesting:']").first, word(page, "1.392")):
        point(page, at)
        told = page.locator("#vg-tooltip-element.visible").inner_text()
        assert re.findall(r"(?:1\.505|1\.392|1\.599|208 nadeel|14,9%|overhead\.huisvesting)", told) == [
            "1.505", "1.392", "1.599", "208 nadeel", "14,9%", "overhead.huisvesting"]  # fmt: skip
        assert "undefined" not in told


def test_a_click_leaves_a_row_shift_adds_one_and_a_double_click_gives_all_again(drawn: Drawn, diemen: Figures) -> None:
    page = drawn(chart_posten(diemen, "overhead"))
    every = lit(page)
    assert len(every) == 17
    click(page, word(page, "Huisvesting"))
    assert lit(page) == ["Huisvesting"]
    click(page, page.locator("[aria-label^='Facilitair:']").first, shift=True)  # in another block
    assert lit(page) == ["Facilitair", "Huisvesting"]
    click(page, word(page, "Posten onder € 100.000"))  # which is no row
    assert lit(page) == ["Facilitair", "Huisvesting"]
    click(page, word(page, "Huisvesting"), count=2)
    assert lit(page) == every


def test_a_scale_is_zoomed_by_ctrl_and_a_wheel_alone_scrolls(drawn: Drawn, diemen: Figures) -> None:
    page = drawn(chart_posten(diemen, "overhead"))
    before, at = scale(page), page.locator("[aria-label^='Huisvesting:']").first
    zoom(page, at, key="Alt")
    assert scale(page) == before
    page.evaluate("scrollTo(0, 0)")
    zoom(page, at)
    assert page.evaluate("scrollY") == 0
    assert scale(page) != before
    assert all(re.fullmatch(r"[\d.]+(?:,\d+)?", number) for number in scale(page))
    assert word(page, "Huisvesting").is_visible()  # the names beside the bars stay
    assert word(page, "1.599").is_visible()
    click(page, at, count=2)
    assert scale(page) == before


def test_a_kind_of_row_is_left_by_a_click_in_the_legend(drawn: Drawn, diemen: Figures) -> None:
    page = drawn(chart_budgetresultaat(diemen, "overhead", 100))
    every = lit(page)
    click(page, word(page, "nadeel (N): ongunstiger dan begroot"))
    worse = ["Huisvesting", "Interne dienstverlening", "Juridische zaken", "Ondernemingsraad", "Vervoermiddelen"]
    assert lit(page) == worse
    click(page, word(page, "Huisvesting"))
    assert lit(page) == ["Huisvesting"]
    click(page, word(page, "Huisvesting"), count=2)
    assert lit(page) == every


def test_the_menu_is_dutch_and_offers_no_site_elsewhere(drawn: Drawn, diemen: Figures) -> None:
    page = drawn(chart_budgetresultaat(diemen, "overhead", 100))
    assert page.locator("summary").inner_text() == ""
    assert page.locator("details").get_attribute("title") == "Grafiek bewaren"
    page.locator("summary").click()
    assert page.locator(".vega-actions a").all_inner_texts() == ["Bewaren als SVG", "Bewaren als PNG"]
    assert (
        page.evaluate("getComputedStyle(document.querySelector('svg.marks')).backgroundColor") == "rgb(255, 255, 255)"
    )
