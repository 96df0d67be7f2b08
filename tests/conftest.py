"""What the tests share: Diemen's figures, editions to damage, one real build, and a real browser."""

from __future__ import annotations

import os
import shutil
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe
from browser import find_browser

from bedrijfsvoering.cli import run_command
from bedrijfsvoering.edition import read_edition
from bedrijfsvoering.errors import DataError
from bedrijfsvoering.figures import Figures, Table
from bedrijfsvoering.normalise import normalise_money
from bedrijfsvoering.paper import FLAGS
from bedrijfsvoering.reader import RawRow, RawTable
from bedrijfsvoering.source import MONEY_COLUMNS, TableSource
from bedrijfsvoering.theme import enable

enable()  # as `load_figures` does in a notebook

ROOT = Path(__file__).parent.parent
CHAPTERS = (
    "0-samenvatting", "1-overhead", "2-personeel", "3-ict-projecten", "4-samenwerking", "5-vergelijking",
    "9-verantwoording",
)  # fmt: skip

FIRST = (
    "handbook", "lab_screen", "batch", "other_editions", "own_chapters", "engine", "dependence", "crash", "adding",
    "editions", "answers", "chapters", "comparison", "hook",
)  # fmt: skip
"""The files of tests that take longest: begun first, so that none of them is left over at the end."""

LONG = bool(os.environ.get("BEDRIJFSVOERING_LONG"))
"""Whether everything is tried, and not a sample: `make test-long`."""

TAGS = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
"""The rules that a page must keep: WCAG 2.0 up to 2.2, A and AA, and axe's own good habits."""


def long_only(reason: str) -> Callable[[Any], Any]:
    """Leave a test, for what it costs beside others that show nearly the same, to `make test-long`."""

    def marked(test: Any) -> Any:
        return pytest.mark.long(pytest.mark.skipif(not LONG, reason=f"{reason}: make test-long")(test))

    return marked


def pytest_xdist_auto_num_workers() -> int:
    """Return how many tests run side by side: one more than there are cores, for half of the time one waits."""
    return min(4, (os.cpu_count() or 1) + 1)


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Put the files that take longest first; within a file nothing changes."""
    place = {f"test_{name}": number for number, name in enumerate(FIRST)}
    items.sort(key=lambda item: place.get(item.path.stem, len(place)))


@dataclass
class Edition:
    """A copy of Diemen 2023 in a folder of its own, to change and to run commands on."""

    root: Path

    @property
    def data(self) -> Path:
        return self.root / "data" / "diemen" / "2023"

    @property
    def params(self) -> Path:
        return self.root / "params" / "diemen" / "2023.yaml"

    @property
    def output(self) -> Path:
        return self.root / "output" / "diemen" / "2023"

    def change(self, name: str, old: str, new: str) -> None:
        """Replace `old`, which must be there, in a file of the edition."""
        path = self.params if name == "params" else self.data / name
        text = path.read_text(encoding="utf-8")
        assert old in text, f"{old!r} not in {name}"
        path.write_text(text.replace(old, new), encoding="utf-8")

    def run(self, command: str, *args: str) -> int:
        """Run a command on this edition and return its exit code."""
        folders = [f"--{name}={self.root / name}" for name in ("data", "params", "output")]
        return run_command([command, "diemen", "2023", *folders, *args])


@pytest.fixture
def edition(tmp_path: Path) -> Edition:
    for name in ("data", "params"):
        shutil.copytree(ROOT / name, tmp_path / name)
    return Edition(tmp_path)


@pytest.fixture(scope="session")
def diemen() -> Figures:
    return read_edition(ROOT / "data", "diemen", 2023)


@pytest.fixture(scope="session")
def built(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The output of one real build: real notebooks, real papermill, the real exporter."""
    output = tmp_path_factory.mktemp("output")
    assert run_command(["build", "diemen", "2023", f"--output={output}", "-q"]) == 0
    return output / "diemen" / "2023"


@pytest.fixture(scope="session")
def page_html(built: Path) -> str:
    return (built / "index.html").read_text(encoding="utf-8")


@pytest.fixture(scope="session")
def chromium() -> Iterator[Any]:
    """A real browser, headless."""
    from playwright.sync_api import sync_playwright

    path = find_browser()
    assert path, "there is no browser: run `make test`, which sees to it"
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=path, args=FLAGS)
        yield browser
        browser.close()


OpenPage = Callable[..., Any]


@pytest.fixture
def open_page(chromium: Any) -> Iterator[OpenPage]:
    """Open a page in a browser with settings of its own; what it complains of or asks of the network fails the test."""
    contexts, wrong = [], []

    def asked(url: str) -> None:
        if not url.startswith(("file:", "data:")):
            wrong.append(url)

    def opened(path: Path, width: int = 1280, part: str = "", init: str = "", **options: Any) -> Any:
        contexts.append(chromium.new_context(**{"viewport": {"width": width, "height": 900}, **options}))
        if init:
            contexts[-1].add_init_script(init)
        page = contexts[-1].new_page()
        page.on("request", lambda request: asked(request.url))
        page.on("console", lambda message: wrong.append(message.text))
        page.on("pageerror", lambda error: wrong.append(str(error)))
        page.goto(path.as_uri() + part)
        return page

    yield opened
    for context in contexts:
        context.close()
    assert wrong == []


def unfold(page: Any) -> Any:
    """Open every fold of a page, and return it."""
    page.evaluate("document.querySelectorAll('details').forEach(fold => { fold.open = true; })")
    return page


def violations(page: Any, parts: Any = None, **more: Any) -> list[tuple[str, str]]:
    """Return what axe finds wrong, with the place; it must have looked at what it was asked to."""
    options = {"runOnly": {"type": "tag", "values": TAGS}, "resultTypes": ["violations"], **more}
    response = Axe().run(page, context=parts, options=options).response
    assert "target-size" in {one["id"] for one in response["passes"]}  # a version that knows WCAG 2.2
    return [(one["id"], one["nodes"][0]["html"][:200]) for one in response["violations"]]


def sound(table: RawTable) -> RawTable:
    """Return a raw table that has nothing wrong with it; else raise what is wrong, as the next step does."""
    if table.problems:
        raise DataError(table.problems)
    return table


MakeTable = Callable[..., Table]


@pytest.fixture
def make_table() -> MakeTable:
    """Make a money table from printed rows: (post, primitief, na wijziging, rekening, resultaat)."""

    def make(*rows: tuple[str, ...], **declared: Any) -> Table:
        source = TableSource(
            **{"titel": "Proef", "lasten": "negatief", "budgetresultaat": "rekening - begroting", **declared}
        )
        raw = [
            RawRow(number, dict(zip(("post", *MONEY_COLUMNS), row, strict=True)))
            for number, row in enumerate(rows, start=2)
        ]
        return normalise_money(RawTable("proef", "proef.csv", ("post", *MONEY_COLUMNS), tuple(raw)), source)

    return make
