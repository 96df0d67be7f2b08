"""The pictures of the handbook, made from the real product: the page, its findings in a terminal, and JupyterLab.

`make pictures` builds Diemen 2023 in a temporary folder and photographs it. Few colours keep a picture small.
"""

from __future__ import annotations

import contextlib
import io
import os
import re
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from html import escape
from pathlib import Path
from typing import Any

from PIL import Image
from playwright.sync_api import Browser, sync_playwright

from bedrijfsvoering.cli import run_command
from bedrijfsvoering.paper import FLAGS

DOCS = Path(__file__).parent
ROOT = DOCS.parent
sys.path.insert(0, str(ROOT / "tests"))
from browser import find_browser  # noqa: E402  (the tests know where a browser is)

COLOURS = 128
WRONG = ("-7.442;218", "-7.242;218")
"""The error that `eerste-keer.md` has its reader make."""
TERMINAL = """<!doctype html><meta charset="utf-8"><style>
body { margin: 0; background: #14181d; color: #e8eaed; padding: 16px 20px; }
pre { margin: 0; white-space: pre-wrap; font: 15px/1.5 "Liberation Mono", monospace; }
b { color: #93c4ff; } i { color: #ff9f94; font-style: normal; font-weight: bold; }
</style><pre>%s</pre>"""
STARTED_IN = 120_000
"""Milliseconds that JupyterLab and its kernel may take on a busy machine."""


def main() -> int:
    """Make every picture."""
    with tempfile.TemporaryDirectory() as folder, sync_playwright() as playwright, _in(project(Path(folder))) as root:
        browser = playwright.chromium.launch(executable_path=find_browser(), args=FLAGS)
        quiet("build", "diemen", "2023", "-q")
        page = (root / "output" / "diemen" / "2023" / "index.html").as_uri()
        shoot_page(browser, page)
        shoot_terminal(browser, root)
        with lab(root) as address:
            shoot_lab(browser, address)
        browser.close()
    return 0


def project(root: Path) -> Path:
    """Copy what a person works with."""
    for name in ("data", "params", "notebooks"):
        shutil.copytree(ROOT / name, root / name, copy_function=shutil.copyfile)  # as new: JupyterLab shows ages
    return root


@contextlib.contextmanager
def _in(root: Path) -> Iterator[Path]:
    """Work in a folder, and go back where we were."""
    before = Path.cwd()
    os.chdir(root)
    try:
        yield root
    finally:
        os.chdir(before)


def quiet(*args: str) -> str:
    """Run a command of the program, and return what it says."""
    told = io.StringIO()
    with contextlib.redirect_stdout(told), contextlib.redirect_stderr(told):
        run_command([*args])
    return told.getvalue()


def shoot_page(browser: Browser, address: str) -> None:
    """Photograph the page: wide, on a phone, a chart with its figures, and the chapter with the checks."""
    wide = browser.new_page(viewport={"width": 1280, "height": 900})
    wide.goto(address)
    save("pagina", wide.screenshot())
    share = wide.locator("figure", has_text="is 51,7% van het totaal")
    share.locator("details").evaluate("fold => { fold.open = true; }")
    save("grafiek", share.screenshot())
    wide.evaluate("scrollTo(0, 0)")
    table = wide.locator(".tab", has_text="Controles waarbij iets te zeggen is")
    whole, last = table.bounding_box(), table.locator("tbody tr").nth(2).bounding_box()
    assert whole
    assert last
    clip = {"x": whole["x"] - 16, "y": whole["y"] - 16, "width": whole["width"] + 32,
            "height": last["y"] + last["height"] - whole["y"] + 16}  # fmt: skip
    save("controles", wide.screenshot(full_page=True, clip=clip))
    phone = browser.new_page(viewport={"width": 390, "height": 844}, has_touch=True, is_mobile=True)
    phone.goto(address)
    save("telefoon", phone.screenshot())


def shoot_terminal(browser: Browser, root: Path) -> None:
    """Photograph what `check` says of an error, in the words that it said."""
    path = root / "data" / "diemen" / "2023" / "overhead.csv"
    text = path.read_text(encoding="utf-8")
    path.write_text(text.replace(*WRONG), encoding="utf-8")
    told = [line for line in quiet("check", "diemen", "2023").splitlines() if not line.startswith("waarschuwing")]
    path.write_text(text, encoding="utf-8")
    shown = [line for line in told if line.startswith("fout") or line == told[-1]]
    lines = ["<b>bedrijfsvoering check diemen 2023</b>", *(escape(line, quote=False) for line in shown)]
    page = browser.new_page(viewport={"width": 920, "height": 10})
    page.set_content(TERMINAL % re.sub(r"^fout", "<i>fout</i>", "\n".join(lines), flags=re.MULTILINE))
    save("bevinding", page.screenshot(full_page=True))


@contextlib.contextmanager
def lab(root: Path) -> Iterator[str]:
    """Open JupyterLab as a person does, and give its address."""
    command = [sys.executable, "-m", "bedrijfsvoering", "lab", "--no-browser"]
    server = subprocess.Popen(command, cwd=root, stdout=subprocess.PIPE, text=True)
    try:
        assert server.stdout
        found = next((line for line in server.stdout if line.startswith("http")), None)
        if found is None:
            raise RuntimeError("JupyterLab did not start.")
        yield found.strip()
    finally:
        server.terminate()
        server.wait(timeout=30)


def shoot_lab(browser: Browser, address: str) -> None:
    """Photograph a chapter that was run from its first cell to its last, with the list of chapters and a tooltip."""
    page = browser.new_page(viewport={"width": 1280, "height": 800}, locale="nl-NL")
    page.goto(re.sub(r"/lab(/tree/[^?]*)?\?", "/lab/tree/notebooks/1-overhead.ipynb?", address))
    page.wait_for_selector(".jp-Notebook .jp-Cell", timeout=STARTED_IN)
    page.locator('.jp-SideBar [data-id="filebrowser"]').click()
    run_all(page)
    chart = page.locator(".jp-OutputArea .vega-embed").first
    chart.evaluate("one => one.scrollIntoView({block: 'start'})")
    page.wait_for_timeout(1500)  # the notebook draws what came into view
    chart.locator(".mark-rect path").first.hover()
    page.locator("#vg-tooltip-element").wait_for()
    save("jupyterlab", page.screenshot())


def run_all(page: Any) -> None:
    """Restart the kernel and run the whole chapter, by the button for it."""
    page.get_by_text("Python 3 (ipykernel) | Inactief").wait_for(timeout=STARTED_IN)
    page.locator('[data-jp-item-name="restart-and-run"] jp-button').click()
    page.locator(".jp-Dialog .jp-mod-accept").click()
    page.wait_for_selector(".jp-OutputArea .vega-embed", timeout=STARTED_IN)
    page.get_by_text("Python 3 (ipykernel) | Inactief").wait_for(timeout=STARTED_IN)


def save(name: str, png: bytes) -> None:
    """Write a picture in few colours."""
    picture = Image.open(io.BytesIO(png)).convert("RGB")
    picture.quantize(COLOURS, dither=Image.Dither.NONE).save(DOCS / f"{name}.png", optimize=True)
    size = (DOCS / f"{name}.png").stat().st_size
    print(f"{name}.png: {picture.width} x {picture.height}, {size // 1000} kB")


if __name__ == "__main__":
    sys.exit(main())
