"""What dead builds left behind, and that it is cleared; what a living build works in is left alone."""

from __future__ import annotations

import os
import re
import shutil
import stat
import tempfile
import time
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

from .locks import host

OLD = "-oud"
"""The end of the name of a previous edition that was set aside."""
AGE = 3600.0
"""Seconds after which what another machine left, and nobody wrote in, is dead; a build takes seconds."""
NAME = re.compile(r"-(?P<pid>\d+)-(?P<host>[A-Za-z0-9-]+)-[a-z0-9_]{8}(?:-oud)?")


def prefix_of(target: Path) -> str:
    """Return how the names begin of everything that this process makes beside `target`; hidden."""
    return f".{target.name}-{os.getpid()}-{host()}-"


def stage_folder(target: Path) -> Path:
    """Make a folder of our own beside `target`, on the same file system."""
    stage = Path(tempfile.mkdtemp(prefix=prefix_of(target), dir=target.parent))
    stage.chmod(0o755)
    return stage


def leftovers(target: Path) -> list[Path]:
    """Return everything beside `target` that some build of it made, alive or dead."""
    with suppress(OSError):
        return sorted(path for path in target.parent.iterdir() if path.name.startswith(f".{target.name}-"))
    return []


def clear_leftovers(target: Path, alone: bool) -> None:
    """Remove what dead builds of `target` left; first bring back an edition that one of them had set aside.

    Parameters
    ----------
    target
        The folder, or the file, that builds publish.
    alone
        Whether we hold the lock: then nobody on this machine is at work here.
    """
    dead = [path for path in leftovers(target) if _is_dead(path, target, alone)]
    if not target.exists():
        for path in sorted((path for path in dead if path.name.endswith(OLD)), key=_touched, reverse=True)[:1]:
            with suppress(OSError):
                path.rename(target)
    for path in dead:
        remove_tree(path)


def _is_dead(path: Path, target: Path, alone: bool) -> bool:
    """Return whether the build that made something is dead, as far as can be known."""
    found = NAME.fullmatch(path.name.removeprefix(f".{target.name}"))
    if found and found["host"] == host():
        return alone or not is_alive(int(found["pid"]))
    return time.time() - _touched(path) > AGE


def is_alive(pid: int) -> bool:
    """Return whether a process of this machine runs; where that cannot be asked, it does."""
    if os.name == "nt":
        return True
    try:
        os.kill(pid, 0)
    except (ProcessLookupError, OverflowError):
        return False
    except OSError:
        return True
    return True


def _touched(path: Path) -> float:
    """Return when something was last written in a folder or a file (seconds since the epoch)."""
    latest = 0.0
    for one in _within(path):
        with suppress(OSError):
            latest = max(latest, one.lstat().st_mtime)
    return latest


def _within(path: Path) -> Iterator[Path]:
    yield path
    for folder, folders, files in os.walk(path):
        yield from (Path(folder, name) for name in (*folders, *files))


def remove_tree(path: Path) -> None:
    """Remove a folder or file with all that is in it, also what is read-only; what stays is for the next run."""
    try:
        if not stat.S_ISDIR(path.lstat().st_mode):
            path.unlink()
            return
    except OSError:
        return
    with suppress(OSError):
        path.chmod(0o700)
        for folder, folders, files in os.walk(path):
            for name in (*folders, *(files if os.name == "nt" else ())):
                if not Path(folder, name).is_symlink():
                    Path(folder, name).chmod(0o700)
    shutil.rmtree(path, ignore_errors=True)
