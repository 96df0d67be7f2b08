"""What a disk refuses, said in one Dutch sentence: full, read-only, in use, gone."""

from __future__ import annotations

import errno
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from ..errors import BedrijfsvoeringError, ChapterError
from ..paper import BrowserError

FULL = {errno.ENOSPC, errno.EFBIG, getattr(errno, "EDQUOT", errno.ENOSPC)}
"""The disk is full, the quota is used up, or a file may not become so large."""
REFUSED = {errno.EACCES, errno.EPERM, errno.EROFS, errno.EBUSY}
GONE = {errno.EIO, errno.ENXIO, getattr(errno, "ESTALE", errno.EIO), getattr(errno, "ENOTCONN", errno.EIO)}
LITTLE = 50_000
"""Bytes. With less than this left, that is why something failed that does not say why."""
KEPT = "Er is niets gepubliceerd en niets overschreven."


@contextmanager
def disk_told(target: Path) -> Iterator[None]:
    """Turn what the disk refuses into one message; `target` is what could not be published.

    Raises
    ------
    BedrijfsvoeringError
        The disk is full, cannot be written, or does not answer.
    """
    try:
        yield
    except Exception as exc:
        told = disk_message(exc, target)
        if not told:
            raise
        raise BedrijfsvoeringError(told) from None


def disk_message(exc: Exception, target: Path) -> str:
    """Return what a failure says of the disk (a Dutch message), or nothing where it is about something else.

    A full disk is looked for in what caused the failure too: libraries wrap it, or only tell of it.
    """
    full = next((_folder(one, target) for one in _causes(exc) if _is_full(one)), "")
    if isinstance(exc, (ChapterError, BrowserError)):
        full = full or _nearly_full(target)  # a program that just says that it failed
    if full:
        told = f"De schijf is vol, of uw quotum is op: schrijven in {full} lukt niet."
        return f"{told} {KEPT} Maak ruimte vrij en probeer het opnieuw."
    if not isinstance(exc, OSError) or exc.errno not in REFUSED | GONE:
        return ""
    named = _folder(exc, target)
    if exc.errno in GONE:
        told = f"De schijf of netwerkmap geeft geen antwoord bij {named}. {KEPT}"
        return f"{told} Herstel de verbinding en probeer het opnieuw."
    return (
        f"{named} kan niet worden beschreven: alleen-lezen, geen toestemming, of open in een ander programma. {KEPT} "
        "Sluit het programma, geef uzelf toestemming om te schrijven, of kies een andere map met --output."
    )


def _causes(exc: BaseException) -> Iterator[BaseException]:
    """Give an error and all that led to it, also where it was raised `from None`."""
    seen: set[int] = set()
    wanted: list[BaseException | None] = [exc]
    while wanted:
        one = wanted.pop()
        if one is not None and id(one) not in seen:
            seen.add(id(one))
            yield one
            wanted += [one.__context__, one.__cause__]


def _is_full(exc: BaseException) -> bool:
    told = str(exc)
    return (isinstance(exc, OSError) and exc.errno in FULL) or any(
        # what a process of its own could only say in words; Python says the last where no folder can hold a file
        words in told
        for words in (*(f"[Errno {code}]" for code in FULL), "No usable temporary directory")
    )


def _nearly_full(target: Path) -> str:
    """Return a folder that a build needs and that has no room left: its own, that of temporary files, one's home."""
    with suppress(OSError, RuntimeError):
        for folder in (*[one for one in target.parents if one.is_dir()][:1], Path(tempfile.gettempdir()), Path.home()):
            if folder.is_dir() and shutil.disk_usage(folder).free < LITTLE:
                return str(folder)
    return ""


def _folder(exc: BaseException | None, target: Path) -> str:
    """Return what could not be written: what stands in a build's own folder is told as the place of the target."""
    name = getattr(exc, "filename", None)
    if not isinstance(name, str) or target.parent in (path := Path(name)).parents or not path.is_absolute():
        return str(target.parent)
    return str(path)
