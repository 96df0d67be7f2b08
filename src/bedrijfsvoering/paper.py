"""The page as a PDF: tagged and with bookmarks, printed by the browser that is there."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
from pathlib import Path
from tempfile import TemporaryDirectory

from .errors import BedrijfsvoeringError

NAME = "paragraaf-bedrijfsvoering.pdf"
"""The PDF beside the page."""
VARIABLE = "BEDRIJFSVOERING_BROWSER"
"""Environment variable that names a browser, where several are there or none is found."""
NAMES = ("google-chrome", "google-chrome-stable", "chromium", "chromium-browser", "microsoft-edge", "chrome", "msedge")
PLACES = (
    "/Applications/Google Chrome.app/Contents/MacOS/Google Chrome",
    "/Applications/Microsoft Edge.app/Contents/MacOS/Microsoft Edge",
    "/Applications/Chromium.app/Contents/MacOS/Chromium",
    r"C:\Program Files\Google\Chrome\Application\chrome.exe",
    r"C:\Program Files (x86)\Microsoft\Edge\Application\msedge.exe",
)
FLAGS = ["--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking",
         "--disable-component-update", "--disable-sync"]  # fmt: skip
SCRIPT = re.compile(r"<script>.*?</script>", re.DOTALL)
"""Paper needs nothing that a script adds, and without it the same page gives the same bytes."""
SECONDS = 120
"""A page is printed in a few seconds; a browser that hangs is stopped."""
DATE = re.compile(rb"\((D:\d{14}[^)]*)\)")
NODE = re.compile(rb"\(node(\d{8})\)")
"""The browser's own number of a cell of a table; on a busy machine it counts some that are not in the PDF."""


class BrowserError(BedrijfsvoeringError):
    """There is no browser, or it could not print."""


def installed_browser() -> str | None:
    """Return the path of a Chrome, Chromium or Edge that is there, or None."""
    named = [os.environ.get(VARIABLE, ""), *(shutil.which(name) or "" for name in NAMES), *PLACES]
    return next((path for path in named if path and Path(path).is_file()), None)


def need_browser() -> str:
    """Return the browser that prints; a BrowserError says plainly that there is none."""
    browser = installed_browser()
    if browser is None:
        raise BrowserError(
            f"Voor een PDF is Chrome, Chromium of Edge nodig. Installeer er een, of zet {VARIABLE} op het pad van een "
            "browser. De pagina zelf kan zonder: laat --pdf weg."
        )
    return browser


def print_pdf(page: Path, target: Path, datum: str) -> None:
    """Print a page to a tagged PDF with bookmarks; its dates are `datum` (yyyymmdd), so the same page gives the same.

    Raises
    ------
    BrowserError
        No browser is there, or it did not print.
    """
    browser = need_browser()
    with TemporaryDirectory() as profile:
        bare = Path(profile, page.name)
        bare.write_text(SCRIPT.sub("", page.read_text(encoding="utf-8")), encoding="utf-8", newline="\n")
        command = [browser, "--headless", *FLAGS, f"--user-data-dir={profile}", "--no-pdf-header-footer",
                   "--generate-pdf-document-outline", f"--print-to-pdf={target}", bare.as_uri()]  # fmt: skip
        try:
            subprocess.run(command, capture_output=True, timeout=SECONDS, check=False)
        except (OSError, subprocess.TimeoutExpired):
            target.unlink(missing_ok=True)
    if not target.is_file():
        raise BrowserError(f"De browser ({browser}) heeft geen PDF gemaakt. Probeer het opnieuw, of laat --pdf weg.")
    dated = DATE.sub(lambda found: b"(" + _date(datum, len(found[1])) + b")", target.read_bytes())
    target.write_bytes(renumbered(dated))


def renumbered(pdf: bytes) -> bytes:
    """Return a PDF whose cells are numbered from one, in the order of the browser's own numbers."""
    numbers = {old: b"%08d" % new for new, old in enumerate(sorted(set(NODE.findall(pdf))), start=1)}
    return NODE.sub(lambda found: b"(node" + numbers[found[1]] + b")", pdf)


def _date(datum: str, length: int) -> bytes:
    """Return a date of a given length as a PDF writes it: the places of everything behind it stay the same."""
    return f"D:{datum}000000+00'00'".encode()[:length].ljust(length, b" ")
