"""The chapters and the start page in a real JupyterLab in a real browser, as a person opens, runs and saves them."""

from __future__ import annotations

import json
import re
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import nbformat
import pytest
from conftest import CHAPTERS, ROOT
from labs import STARTED_IN, Lab, asked, make_project, running
from samples import write_samples

from bedrijfsvoering.lab import HOST, WORKSPACE

CHARTS = {"1-overhead": 3, "2-personeel": 2, "3-ict-projecten": 1, "5-vergelijking": 3, "begin": 1}
"""How many live charts each notebook draws."""
SAID = {
    "0-samenvatting": "Grootste post", "1-overhead": "Totaal overhead", "2-personeel": "Totaal salariskosten",
    "3-ict-projecten": "Volgende stap", "4-samenwerking": "Duo+", "5-vergelijking": "Zo gerekend",
    "9-verantwoording": "Controlecode", "begin": "Waar dit cijfer vandaan komt",
}  # fmt: skip
"""What stands in a table or a story of each."""
MS = 60_000
PANEL = ".jp-NotebookPanel:not(.lm-mod-hidden)"
OUTPUT = f"{PANEL} .jp-OutputArea-output"
OTHER = """gemeente: str = "kort"
jaar: int = 2023
data_dir: str = ""
grens_bedrag: int = 100
grens_pct: float = 100"""
"""The parameters of another edition, as a person types them over those of a chapter."""
DRAWN = """drawing => {
  if (drawing.tagName !== 'CANVAS') return drawing.querySelectorAll('path, text').length;
  const seen = new Set(new Uint32Array(
    drawing.getContext('2d').getImageData(0, 0, drawing.width, drawing.height).data.buffer));
  return seen.size;
}"""
"""Tells how much there is in a drawing: marks of an SVG, colours of a canvas."""
RAN = """panel => {
  const prompts = [...document.querySelectorAll(panel + ' .jp-CodeCell .jp-InputPrompt')].map(one => one.textContent);
  return prompts.length > 0 && prompts.every((one, n) => one.trim() === `[${n + 1}]:`);
}"""
"""Tells whether every cell of the notebook in front ran once in a new kernel, in order."""


class Screen:
    """JupyterLab in a browser, used by its menus and keys."""

    def __init__(self, lab: Lab, page: Any) -> None:
        self.lab, self.page = lab, page

    def open(self, name: str) -> None:
        """Open a notebook by its address, on a screen as it is at first, and wait until its kernel is there."""
        self.lab.ask("/lab/api/workspaces/default", "PUT", json.loads(WORKSPACE.read_text(encoding="utf-8")))
        self.page.goto(f"{self.lab.base}/lab/tree/notebooks/{name}.ipynb?token={self.lab.token}")
        self.page.locator(f"{PANEL} .jp-CodeCell").first.wait_for()
        deadline = time.monotonic() + STARTED_IN
        while not any(kernel["connections"] and kernel["execution_state"] == "idle" for kernel in self.lab.kernels()):
            assert time.monotonic() < deadline, "the notebook has no kernel"
            self.page.wait_for_timeout(100)

    def run_all(self) -> None:
        """Restart the kernel and run every cell, by the menu and its dialog, and wait until all of them ran."""
        self.page.get_by_role("menuitem", name="Uitvoeren").click()
        self.page.locator('.lm-Menu-item[data-command="runmenu:restart-and-run-all"]').click()
        self.page.locator(".jp-Dialog .jp-mod-accept").click()
        self.page.wait_for_function(RAN, arg=PANEL)

    def close(self) -> None:
        """Close the tab, and end the kernels, so that the next test has the machine."""
        self.page.close()
        self.lab.end_kernels()

    def outputs(self) -> str:
        """Return everything that the cells show, also out of sight."""
        return "\n".join(self.page.locator(OUTPUT).all_text_contents())

    def drawings(self) -> list[int]:
        """Return of each live chart how much is drawn of it."""
        found = self.page.locator(f"{OUTPUT} .vega-embed :is(svg.marks, canvas.marks)")
        return [one.evaluate(DRAWN) for one in found.all()]

    def cell(self, source: str) -> Any:
        """Return the code cell with a piece of source in it."""
        return self.page.locator(f"{PANEL} .jp-CodeCell").filter(has_text=source).first


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("thuis")


@pytest.fixture(scope="module")
def project(tmp_path_factory: pytest.TempPathFactory) -> Path:
    root = make_project(tmp_path_factory.mktemp("project"))
    write_samples(root)
    return root


@pytest.fixture(scope="module")
def lab(project: Path, home: Path) -> Iterator[Lab]:
    with running(project, home) as lab:
        yield lab


@pytest.fixture(scope="module")
def window(chromium: Any) -> Iterator[Any]:
    """One window for all tests, so that JupyterLab's scripts are loaded once."""
    context = chromium.new_context(viewport={"width": 1280, "height": 900})
    yield context
    context.close()


@pytest.fixture(scope="module")
def elsewhere() -> list[str]:
    """Every address of another machine that a page asked for."""
    return []


@pytest.fixture(scope="module")
def new_screen(lab: Lab, window: Any, elsewhere: list[str]) -> Callable[[], Screen]:
    own = re.compile(rf"(http|ws)://{re.escape(HOST)}:\d+/|data:|blob:|about:")

    def made() -> Screen:
        page = window.new_page()
        page.set_default_timeout(MS)
        page.on("request", lambda request: None if own.match(request.url) else elsewhere.append(request.url))
        page.on("websocket", lambda socket: None if own.match(socket.url) else elsewhere.append(socket.url))
        return Screen(lab, page)

    return made


@pytest.fixture(scope="module")
def overhead(new_screen: Callable[[], Screen]) -> Iterator[Screen]:
    """The chapter with the most in it, opened and run once for several tests."""
    screen = new_screen()
    screen.open("1-overhead")
    screen.run_all()
    yield screen
    screen.close()


@pytest.fixture
def screen(new_screen: Callable[[], Screen]) -> Iterator[Screen]:
    screen = new_screen()
    yield screen
    screen.close()


def assert_ran_well(screen: Screen, name: str) -> None:
    screen.page.wait_for_function("([o, n]) => document.querySelectorAll(o + ' .vega-embed').length === n",
                                  arg=[OUTPUT, CHARTS.get(name, 0)])  # fmt: skip
    assert len(screen.drawings()) == CHARTS.get(name, 0)
    assert all(amount > 10 for amount in screen.drawings())
    assert screen.page.locator(f'{PANEL} [data-mime-type*="error"], {PANEL} [data-mime-type*="stderr"]').count() == 0
    assert screen.page.locator(f'{OUTPUT}[data-mime-type="text/plain"]').count() == 0
    said = screen.outputs()
    assert SAID[name] in said
    assert "alt.LayerChart" not in said


def test_the_start_page_runs_and_leads_to_the_chapters(screen: Screen) -> None:
    screen.open("begin")
    assert screen.page.url.startswith(screen.lab.address)
    screen.run_all()
    assert_ran_well(screen, "begin")
    for name in CHAPTERS:
        assert screen.page.locator(f'{PANEL} .jp-MarkdownOutput a[href*="{name}.ipynb"]').count() >= 1
    screen.page.locator(f"{PANEL} .jp-MarkdownOutput a", has_text="Samenwerking").click()
    screen.page.locator(f"{PANEL} h1", has_text="Samenwerking").wait_for()
    assert screen.page.locator(".lm-DockPanel-tabBar .lm-TabBar-tabLabel").all_inner_texts() == [
        "begin.ipynb", "4-samenwerking.ipynb",
    ]  # fmt: skip


@pytest.mark.parametrize("name", [name for name in CHAPTERS if name != "1-overhead"])
def test_every_other_chapter_runs_from_the_menu_and_shows_its_tables_and_live_charts(name: str, screen: Screen) -> None:
    screen.open(name)
    screen.run_all()
    assert_ran_well(screen, name)


def test_the_first_chapter_runs_from_the_menu_and_shows_its_tables_and_live_charts(overhead: Screen) -> None:
    assert_ran_well(overhead, "1-overhead")


def test_the_interface_speaks_dutch(overhead: Screen) -> None:
    menus = overhead.page.locator("#jp-MainMenu .lm-MenuBar-itemLabel").all_inner_texts()
    assert menus == ["Bestand", "Bewerk", "Weergave", "Uitvoeren", "Kernel", "Tabs", "Instellingen", "Hulp"]
    overhead.page.get_by_role("menuitem", name="Uitvoeren").click()
    items = [item for item in overhead.page.locator(".lm-Menu .lm-Menu-itemLabel").all_inner_texts() if item]
    assert items[-1] == "Kernel herstarten en daarna: Alle cellen uitvoeren…"
    english = re.compile(r"\b(Run|Cell|Cells|All|the|and|Selected|Above|Below|Render|Restart)\b")
    assert [item for item in items if english.search(item)] == []
    overhead.page.locator('.lm-Menu-item[data-command="runmenu:restart-and-run-all"]').click()
    dialog = overhead.page.locator(".jp-Dialog-content")
    assert "Wilt u de kernel van 1-overhead.ipynb herstarten?" in dialog.inner_text()
    assert not re.search(r"\b(Restart|Cancel|kernel of|Do not)\b", dialog.inner_text())
    dialog.locator(".jp-mod-reject").click()


def test_a_table_reads_well_without_the_page_around_it(overhead: Screen) -> None:
    table = overhead.cell("table_posten").locator("table")
    side = "cell => getComputedStyle(cell).textAlign"
    assert table.locator("tbody th").first.evaluate(side) == "left"
    assert table.locator("tbody td").first.evaluate(side) == "right"
    assert table.locator("tfoot td").first.evaluate("cell => getComputedStyle(cell).fontWeight") == "700"
    title = overhead.cell("table_posten").locator(".opschrift .t")
    assert title.inner_text() == "Overhead 2023"
    assert title.evaluate("title => getComputedStyle(title).display") == "block"
    overhead.cell("table_boven_grens").scroll_into_view_if_needed()
    icon = overhead.cell("table_boven_grens").locator(".st svg").first.bounding_box()
    assert (icon["width"], icon["height"]) == (18, 18)


def test_at_1280_pixels_no_chart_is_cut_off(overhead: Screen) -> None:
    for source in ("chart_budgetresultaat", "chart_aandeel", "chart_posten"):
        overhead.cell(source).scroll_into_view_if_needed()
        drawing = overhead.cell(source).locator(".vega-embed").bounding_box()
        area = overhead.cell(source).locator(".jp-OutputArea-output").bounding_box()
        assert drawing["x"] + drawing["width"] <= area["x"] + area["width"] + 1, source


def test_a_mark_tells_its_figures_in_dutch(overhead: Screen) -> None:
    drawing = overhead.cell("chart_posten").locator(".vega-embed :is(svg.marks, canvas.marks)")
    drawing.scroll_into_view_if_needed()
    box = drawing.bounding_box()
    tip = overhead.page.locator("#vg-tooltip-element.visible")
    told = ""
    for down in range(60, int(min(box["height"], 500)), 9):
        overhead.page.mouse.move(box["x"] + box["width"] * 0.45, box["y"] + down)
        overhead.page.wait_for_timeout(30)
        if tip.count():
            told = tip.inner_text()
            break
    assert re.search(r"\b7\.442\b", told), told
    assert "7,442" not in told
    assert "Bijdrage Duo+" in told


def test_another_edition_is_one_cell_away_and_saving_keeps_what_papermill_needs(
    overhead: Screen, project: Path
) -> None:
    assert "−14.393" in overhead.outputs()
    overhead.cell("gemeente: str").locator(".cm-content").click()
    overhead.page.keyboard.press("Control+A")
    overhead.page.keyboard.insert_text(OTHER)
    overhead.run_all()
    overhead.page.wait_for_function("o => document.body.textContent.includes(o)", arg="−1.401.389")
    said = overhead.outputs()
    assert "14.393" not in said
    assert "Duo+" not in said
    assert overhead.drawings()
    overhead.page.keyboard.press("Control+S")
    overhead.page.wait_for_function("() => !document.querySelector('.lm-DockPanel-tabBar .jp-mod-dirty')")
    path = project / "notebooks" / "1-overhead.ipynb"
    before = nbformat.read(ROOT / "notebooks" / path.name, as_version=4)
    after = nbformat.read(path, as_version=4)
    assert [cell.id for cell in after.cells] == [cell.id for cell in before.cells]
    assert [cell.metadata.get("tags") for cell in after.cells] == [cell.metadata.get("tags") for cell in before.cells]
    assert after.metadata.kernelspec == before.metadata.kernelspec
    assert after.cells[1].source == OTHER
    assert any(output for cell in after.cells for output in cell.get("outputs", []))


def test_nothing_asked_another_machine(elsewhere: list[str], home: Path) -> None:
    assert elsewhere == []
    assert asked(home) <= {HOST, "::1", "localhost"}  # the server and its kernels
