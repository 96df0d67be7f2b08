"""Which editions a batch makes: all that have parameters, or those that are named, matched or listed."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from fnmatch import fnmatchcase
from pathlib import Path
from typing import NamedTuple

from ..errors import ParamsError, nearest
from ..findings import Finding

GEMEENTE = re.compile(r"[a-z0-9]+(?:-[a-z0-9]+)*")
JAAR = re.compile(r"[12][0-9]{3}")
LIST = "@"
"""What a file with selections begins with, so that it is never taken for a municipality."""
MAX_BYTES = 1_000_000
"""A list of selections is never longer."""


class Edition(NamedTuple):
    """One edition: a municipality and a year."""

    gemeente: str
    jaar: int

    def __str__(self) -> str:
        return f"{self.gemeente}/{self.jaar}"


class Wanted(NamedTuple):
    """One selection, and where it stands: on the command line, or on a line of a file."""

    text: str
    bestand: str | None = None
    regel: int | None = None


def find_editions(params: Path) -> list[Edition]:
    """Return the editions that have parameters (`params/<gemeente>/<jaar>.yaml`), by municipality and year."""
    return sorted(
        Edition(path.parent.name, int(path.stem))
        for path in params.glob("*/*.yaml")
        if GEMEENTE.fullmatch(path.parent.name) and JAAR.fullmatch(path.stem)
    )


def select_editions(params: Path, selection: Sequence[str]) -> list[Edition]:
    """Return the editions of a selection, each once; without a selection all of them.

    Parameters
    ----------
    params
        The folder with the parameters of all editions.
    selection
        Names (`ons-dorp`), editions (`ons-dorp/2024`), patterns (`*/2024`), or files with one of these on a line
        (`@lijst.txt`, or the path of a file).

    Raises
    ------
    ParamsError
        There are no editions, or a selection matches none; all of them at once, each with the nearest that there is.
    """
    known = find_editions(params)
    if not known:
        raise ParamsError(f"In {params} staan geen uitgaven. Verwacht: {params}/<gemeente>/<jaar>.yaml.")
    if not selection:
        return known
    found: set[Edition] = set()
    problems: list[Finding] = []
    for wanted in _read_all(selection, known):
        matched = [edition for edition in known if _matches(edition, wanted.text)]
        found.update(matched)
        if not matched:
            problems.append(_unknown(wanted, known))
    if problems:
        raise ParamsError(problems)
    if not found:
        raise ParamsError("De lijst noemt geen enkele uitgave. Zet op elke regel een gemeente of gemeente/jaar.")
    return sorted(found)


def _matches(edition: Edition, text: str) -> bool:
    pattern = text if "/" in text else f"{text}/*"
    return fnmatchcase(str(edition), pattern)


def _read_all(selection: Iterable[str], known: Sequence[Edition]) -> Iterator[Wanted]:
    """Return the selections one by one; those that stand in files in the place of their file."""
    for text in selection:
        if text.startswith(LIST):
            yield from _read_list(Path(text.removeprefix(LIST)))
        elif not any(_matches(edition, text) for edition in known) and Path(text).is_file():
            yield from _read_list(Path(text))
        else:
            yield Wanted(text)


def _read_list(path: Path) -> Iterator[Wanted]:
    """Return the selections of a file: one a line, blank lines and what follows a # left out."""
    try:
        if path.stat().st_size > MAX_BYTES:
            raise ParamsError(f"{path} is te groot voor een lijst van uitgaven (meer dan 1 MB).")
        lines = path.read_text(encoding="utf-8-sig").splitlines()
    except (OSError, ValueError):
        raise ParamsError(
            f"De lijst {path} kan niet worden gelezen. Verwacht: een tekstbestand met een uitgave per regel."
        ) from None
    for number, line in enumerate(lines, start=1):
        if text := line.split("#")[0].strip():
            yield Wanted(re.sub(r"\s+", "/", text), path.name, number)


def _unknown(wanted: Wanted, known: Sequence[Edition]) -> Finding:
    """Return that a selection matches nothing, with the nearest that there is."""
    names = [name for edition in known for name in (edition.gemeente, str(edition), f"*/{edition.jaar}")]
    text = f"*/{wanted.text}" if JAAR.fullmatch(wanted.text) else wanted.text
    hint = nearest(text, list(dict.fromkeys(names)), cutoff=0.5) or " Zie de map met parameters voor wat er is."
    bericht = f"'{wanted.text[:60]}' past bij geen enkele uitgave.{hint}"
    return Finding("SELECTIE_ONBEKEND", "fout", bericht, bestand=wanted.bestand, regel=wanted.regel)
