"""One build of an edition at a time: a lock that the system itself lets go when its holder dies.

The lock is a hidden file beside the target that the system locks (`flock`, or `msvcrt` on Windows); that the file is
there says nothing, so what a dead build left is no obstacle. It holds the number of the process, for the message, and
is removed when the work is done. On a disk that knows no locks a build goes on without: the swap is whole all the same.
"""

from __future__ import annotations

import errno
import os
import socket
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import TypeVar

from ..errors import BedrijfsvoeringError
from .disk import disk_told

try:
    import fcntl
except ImportError:  # Windows
    fcntl = None  # type: ignore[assignment]

PATIENCE = 600.0
"""Seconds that a build waits for another one of the same edition."""
PAUSE = 0.1
"""Seconds between two looks at a lock that another holds."""
TRIES = 100
HELD = {errno.EWOULDBLOCK, errno.EAGAIN, errno.EACCES, errno.EDEADLK}
NO_LOCKS = {errno.ENOLCK, errno.ENOSYS, errno.EINVAL, getattr(errno, "ENOTSUP", errno.ENOSYS),
            getattr(errno, "EOPNOTSUPP", errno.ENOSYS)}  # fmt: skip
"""What a file system says that knows no locks."""
Say = Callable[[str], None]
Value = TypeVar("Value")
_open: set[int] = set()
"""The locks that this process holds; a process that is split off lets go of its copies, or it would hold them too."""


class Locked(BedrijfsvoeringError):
    """Another build of the same edition did not end in time."""


def lock_path(target: Path) -> Path:
    """Return the file that is locked while `target` is made; hidden, and beside it."""
    return target.with_name(f".{target.name}.lock")


@contextmanager
def locked(target: Path, what: str, say: Say = lambda line: None, patience: float | None = None) -> Iterator[bool]:
    """Hold the lock of `target`; give whether the system really locks it.

    Parameters
    ----------
    target
        What is made under the lock.
    what
        What is waited for, in a Dutch sentence: `een andere bouw van …`.
    say
        Is told once for whom a build waits.
    patience
        Seconds to wait; `PATIENCE` without it.

    Raises
    ------
    Locked
        Another holds it, and goes on holding it.
    """
    path = lock_path(target)
    with disk_told(target):
        made = _make_folder(target.parent)
    try:
        with disk_told(target):
            handle, real = _acquire(path, what, say, PATIENCE if patience is None else patience)
        try:
            yield real
        finally:
            _release(handle, path)
    finally:
        for folder in made:  # those that stayed empty
            with suppress(OSError):
                folder.rmdir()


def _make_folder(folder: Path) -> list[Path]:
    """Make a folder, and return those that were not there, the deepest first."""
    made = [one for one in (folder, *folder.parents) if not one.exists()]
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except FileExistsError:
        raise BedrijfsvoeringError(f"{folder} is een bestand; daar moet een map komen. Haal het weg.") from None
    except (NotADirectoryError, FileNotFoundError):
        raise BedrijfsvoeringError(f"De map {folder} kan er niet komen: op het pad staat een bestand.") from None
    return made


def _acquire(path: Path, what: str, say: Say, patience: float) -> tuple[int, bool]:
    """Return the open, locked file, and whether it is really locked."""
    end, told = time.monotonic() + patience, False
    while True:
        handle = _open_file(path)
        try:
            state = _try_lock(handle)
            if state is None or (state and _is_there(handle, path)):
                with suppress(OSError):  # a full disk does not keep a lock from being held
                    os.ftruncate(handle, 0)
                    os.pwrite(handle, f"{os.getpid()} {host()}\n".encode(), 0) if hasattr(os, "pwrite") else None
                _open.add(handle)
                return handle, state is not None
        except BaseException:
            os.close(handle)
            raise
        os.close(handle)
        if state:
            continue  # its holder removed it in between: the next one is another file
        who = _holder(path)
        if time.monotonic() >= end:
            raise Locked(
                f"{what[0].upper()}{what[1:]} ({who}) is na {patience:.0f} seconden nog bezig. Wacht tot die klaar is, "
                "of stop haar."
            )
        if not told:
            say(f"Wacht op {what} ({who})…")
            told = True
        time.sleep(PAUSE)


def _open_file(path: Path) -> int:
    """Open the lock's file; another build may remove the empty folder in between."""
    for attempt in range(TRIES):
        try:
            return os.open(path, os.O_RDWR | os.O_CREAT, 0o644)
        except FileNotFoundError:
            if attempt == TRIES - 1:
                raise
            path.parent.mkdir(parents=True, exist_ok=True)
        except PermissionError:  # Windows, while another removes it; or we may not write here
            if os.name != "nt" or attempt == TRIES - 1:
                raise
            time.sleep(PAUSE)
    raise AssertionError("unreachable")


def _try_lock(handle: int) -> bool | None:
    """Return whether the lock is ours now; None where the file system knows no locks."""
    try:
        if fcntl:
            fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
        else:
            _lock_windows(handle)
    except OSError as exc:
        if exc.errno in HELD:
            return False
        if exc.errno in NO_LOCKS:
            return None
        raise
    return True


def _lock_windows(handle: int) -> None:
    """Lock one byte behind what is written, so that others can read who holds it."""
    import msvcrt

    os.lseek(handle, 1 << 20, os.SEEK_SET)
    msvcrt.locking(handle, msvcrt.LK_NBLCK, 1)  # type: ignore[attr-defined]


def _is_there(handle: int, path: Path) -> bool:
    """Return whether an open file still has its name."""
    try:
        return os.path.samestat(os.fstat(handle), path.stat())
    except FileNotFoundError:
        return False


def _release(handle: int, path: Path) -> None:
    """Remove the lock's file while it is held, so that nobody's new one is removed; then let go."""
    _open.discard(handle)
    with suppress(OSError):
        path.unlink()
    with suppress(OSError):
        os.close(handle)
    if os.name == "nt":  # an open file cannot be removed there
        with suppress(OSError):
            path.unlink(missing_ok=True)


def _let_go() -> None:
    """Close a split-off process's copies of the locks: the lock is its parent's, and must end with that."""
    for handle in _open:
        with suppress(OSError):
            os.close(handle)
    _open.clear()


if hasattr(os, "register_at_fork"):
    os.register_at_fork(after_in_child=_let_go)


def _holder(path: Path) -> str:
    """Return who holds a lock, as its file says."""
    try:
        number, _, machine = path.read_text(encoding="utf-8", errors="replace")[:200].strip().partition(" ")
    except OSError:
        number = machine = ""
    if not number.isdecimal():
        return "een ander proces"
    return f"proces {number}" if machine == host() else f"proces {number} op {machine}"


def host() -> str:
    """Return this machine's name, as a file's name can hold it."""
    return "".join(sign if sign.isalnum() and sign.isascii() else "-" for sign in socket.gethostname())[:40] or "hier"
