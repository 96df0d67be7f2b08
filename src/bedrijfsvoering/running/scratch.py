"""Folders for what a build needs a moment (drawings, sockets), and the end of those that a killed build left behind."""

from __future__ import annotations

import os
import re
import shutil
import tempfile
from pathlib import Path

from ..publishing.leftovers import is_alive

PREFIX = "bv-"
OWNED = re.compile(rf"{PREFIX}(\d+)-\w+")
"""The name of such a folder holds the number of the process that made it. It is short: a socket's name must be."""


def make_scratch() -> Path:
    """Return a new folder; those of processes that are gone are taken away first."""
    for path in Path(tempfile.gettempdir()).glob(f"{PREFIX}*"):
        if (found := OWNED.fullmatch(path.name)) and not is_alive(int(found[1])):
            shutil.rmtree(path, ignore_errors=True)
    return Path(tempfile.mkdtemp(prefix=f"{PREFIX}{os.getpid()}-"))
