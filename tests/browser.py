"""Find a browser for the tests: an installed one, then Playwright's own download, then the system's package."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

from bedrijfsvoering.paper import installed_browser

DOWNLOAD_SECONDS = 180


def find_browser() -> str | None:
    """Return the path of a browser that is there, or None."""
    return installed_browser() or next((path for path in [_own()] if Path(path).is_file()), None)


def _own() -> str:
    """Return where Playwright's own Chromium is, or would be."""
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        return playwright.chromium.executable_path


def download() -> None:
    """Try Playwright's own download; on some systems it fails, and that is no reason to stop."""
    command = [sys.executable, "-m", "playwright", "install", "chromium"]
    try:
        subprocess.run(command, check=False, timeout=DOWNLOAD_SECONDS, stdout=sys.stderr)
    except subprocess.TimeoutExpired:
        print("De download van Chromium duurde te lang.", file=sys.stderr)


def install_package() -> None:
    """Install the system's package where this user may: Debian and its kin, as root."""
    apt = shutil.which("apt-get")
    if apt is None or not hasattr(os, "geteuid") or os.geteuid() != 0:
        return
    environment = {**os.environ, "DEBIAN_FRONTEND": "noninteractive"}
    for name in ("chromium", "chromium-browser"):
        subprocess.run([apt, "update", "-qq"], check=False, stdout=sys.stderr, env=environment)
        done = subprocess.run(
            [apt, "install", "-y", "-qq", "--no-install-recommends", name],
            check=False,
            stdout=sys.stderr,
            env=environment,
        )
        if done.returncode == 0:
            return


def main() -> int:
    """See to it that there is a browser; say where, or what is missing."""
    for step in (None, download, install_package):
        if step:
            step()
        found = find_browser()
        if found:
            print(f"Browser voor de toetsen: {found}")
            return 0
    print(
        "Er is geen browser voor de toetsen. Installeer Chrome, Chromium of Edge, of zet BEDRIJFSVOERING_BROWSER op "
        "het pad van een browser die daarvan afstamt.",
        file=sys.stderr,
    )
    return 2


if __name__ == "__main__":
    sys.exit(main())
