"""Folders for what a build needs a moment (drawings, sockets), and the end of those that a killed build left behind."""

from __future__ import annotations

import os
import re
import shutil
import tempfile
from contextlib import suppress
from pathlib import Path

PREFIX = "bv-"
OWNED = re.compile(rf"{PREFIX}(\d+)-\w+")
"""The name of such a folder holds the number of the process that made it. It is short: a socket's name must be."""


def make_scratch() -> Path:
    """Return a new folder; those of processes that are gone are taken away first."""
    for path in Path(tempfile.gettempdir()).glob(f"{PREFIX}*"):
        if (found := OWNED.fullmatch(path.name)) and not _lives(int(found[1])):
            shutil.rmtree(path, ignore_errors=True)
    return Path(tempfile.mkdtemp(prefix=f"{PREFIX}{os.getpid()}-"))


def _lives(pid: int) -> bool:
    """Return whether a process is there, or may be: where the system does not tell, it may."""
    if os.name != "posix":
        return True
    with suppress(PermissionError):
        try:
            os.kill(pid, 0)
        except ProcessLookupError:
            return False
    return True
