"""Built beside the target on the same file system, synced, and swapped in one step: whole or not at all."""

from __future__ import annotations

import ctypes
import errno
import os
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from functools import cache
from pathlib import Path
from typing import Any

from ..errors import BedrijfsvoeringError
from .disk import KEPT, disk_told
from .leftovers import OLD, clear_leftovers, remove_tree, stage_folder
from .locks import Say, locked

TRIES = 20
"""So many other builds of one edition may be a moment faster, where the system knows no locks."""
FASTER = (errno.ENOTEMPTY, errno.EEXIST)
"""What the system says where another build has put its own in the place that was just made free."""
CANNOT = {
    errno.ENOSYS,
    errno.EINVAL,
    getattr(errno, "ENOTSUP", errno.ENOSYS),
    getattr(errno, "EOPNOTSUPP", errno.ENOSYS),
}
"""What a kernel or a file system says that cannot exchange two names."""
AT_FDCWD, EXCHANGE = -100, 2
"""From Linux's `fcntl.h` and `fs.h`: paths are from the working folder, and two names are exchanged."""
NO_SYNC = {errno.EINVAL, errno.EBADF, errno.EACCES, *CANNOT}
"""What a file system says that cannot sync a folder."""


@contextmanager
def claimed(target: Path, what: str, say: Say = lambda line: None, patience: float | None = None) -> Iterator[None]:
    """Hold the lock of an edition, with the litter of dead builds cleared; see `locks.locked`."""
    with locked(real_path(target), what, say, patience) as alone:
        clear_leftovers(real_path(target), alone)
        yield


@contextmanager
def staged(target: Path) -> Iterator[Path]:
    """Give a folder beside `target` to build in; it takes the place of `target` only when all went well.

    Raises
    ------
    BedrijfsvoeringError
        The output folder cannot be written, the disk is full, or the target is open in another program.
    """
    target = real_path(target)
    if target.is_file():
        raise BedrijfsvoeringError(f"{target} is een bestand; daar moet de map van de uitgave komen. Haal het weg.")
    try:
        target.parent.mkdir(parents=True, exist_ok=True)
        with disk_told(target):
            stage = stage_folder(target)
    except OSError:
        raise BedrijfsvoeringError(f"De map {target.parent} kan niet worden beschreven. Kies een andere.") from None
    try:
        with disk_told(target):
            yield stage
            sync_tree(stage)
            swap(stage, target)
    finally:
        remove_tree(stage)


def real_path(target: Path) -> Path:
    """Return the folder itself where the target is a link to it: the stage must be on that file system."""
    return target.resolve() if target.is_symlink() else target


def swap(stage: Path, target: Path) -> None:
    """Put the new edition in the place of the old one; should that fail, the old one is still there.

    After it `stage` is the old edition, or is gone. Where two names can be exchanged there is no moment without an
    edition; elsewhere there is one between two renames, and the next run brings the old one back if it ends there.
    """
    try:
        if not target.exists():
            _rename(stage, target)
        elif exchange(stage, target):
            _sync_or_back(stage, target)
            return
        else:
            _swap_in_two(stage, target)
    except OSError as exc:
        if not isinstance(exc, PermissionError) and exc.errno != errno.EBUSY:
            raise
        raise BedrijfsvoeringError(
            f"De map {target} kan niet worden vervangen: een ander programma heeft een bestand ervan open, zoals Excel "
            f"of een verkenner, of u mag er niet schrijven. {KEPT} Sluit dat programma en bouw opnieuw."
        ) from None
    sync_folder(target.parent)


def exchange(one: Path, other: Path) -> bool:
    """Exchange two names in one step; return whether the system can."""
    rename = _renameat2()
    if rename is None:
        return False
    if rename(AT_FDCWD, os.fsencode(one), AT_FDCWD, os.fsencode(other), EXCHANGE) == 0:
        return True
    code = ctypes.get_errno()
    if code in CANNOT or code == errno.ENOENT:  # the last: another build set the old one aside just now
        return False
    raise OSError(code, os.strerror(code), str(other))


def _sync_or_back(stage: Path, target: Path) -> None:
    """Have the disk hold an exchange; should it fail, the old edition comes back."""
    try:
        sync_folder(target.parent)
    except OSError:
        exchange(stage, target)
        raise


@cache
def _renameat2() -> Any:
    """Return the system's call that can exchange two names, or None where it has none."""
    if sys.platform != "linux":
        return None
    with suppress(OSError, AttributeError):
        call = ctypes.CDLL(None, use_errno=True).renameat2
        call.argtypes = (ctypes.c_int, ctypes.c_char_p, ctypes.c_int, ctypes.c_char_p, ctypes.c_uint)
        return call
    return None


def _rename(stage: Path, target: Path) -> None:
    """Put the first edition in its place; another build may have put its own there just now."""
    try:
        stage.rename(target)
    except OSError as exc:
        if exc.errno not in FASTER:
            raise
        if not exchange(stage, target):
            _swap_in_two(stage, target)


def _swap_in_two(stage: Path, target: Path) -> None:
    """Set the old edition aside and put the new one in its place; should that fail, the old one comes back.

    Another build of the same edition may put its own there in between: then that is the old one.
    """
    old = stage.with_name(f"{stage.name}{OLD}")
    for attempt in range(TRIES):
        with suppress(FileNotFoundError):
            target.rename(old)
        try:
            stage.rename(target)
        except OSError as exc:
            if exc.errno in FASTER and attempt < TRIES - 1:
                remove_tree(old)
                continue
            if old.exists():
                old.rename(target)
            raise
        break
    remove_tree(old)


def write_whole(path: Path, text: str) -> None:
    """Write one file beside its place and then put it there: whole, or an OSError and what there was."""
    handle, name = tempfile.mkstemp(prefix=f".{path.name}-", dir=path.parent)
    temporary = Path(name)
    try:
        with os.fdopen(handle, "w", encoding="utf-8", errors="replace", newline="\n") as stream:
            stream.write(text)
        temporary.chmod(0o644)
        temporary.replace(path)
    finally:
        temporary.unlink(missing_ok=True)


def sync_tree(folder: Path) -> None:
    """Have the disk hold all files of a folder, and the folders themselves, before they get their place."""
    for path, _, files in os.walk(folder, topdown=False):
        for name in files:
            sync_file(Path(path, name))
        sync_folder(Path(path))


def sync_file(path: Path) -> None:
    """Have the disk hold a file."""
    handle = os.open(path, os.O_RDWR if os.name == "nt" else os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def sync_folder(folder: Path) -> None:
    """Have the disk hold the names in a folder, where the system can."""
    if os.name == "nt":
        return
    try:
        handle = os.open(folder, os.O_RDONLY)
    except PermissionError:
        return
    try:
        os.fsync(handle)
    except OSError as exc:
        if exc.errno not in NO_SYNC:
            raise
    finally:
        os.close(handle)
