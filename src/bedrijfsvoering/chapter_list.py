"""Which chapters a page has, and which of them shows a table: what a story belongs to, and what messages can name."""

from __future__ import annotations

import json
import os
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

from .inputs import NOTEBOOKS_VARIABLE, chapter_paths, notebooks_folder

OURS = (
    "0-samenvatting", "1-overhead", "2-personeel", "3-ict-projecten", "4-samenwerking", "5-vergelijking",
    "9-verantwoording",
)  # fmt: skip
"""The chapters of the house; a story of one that a page leaves out is not lost, for another page has it."""
LAST = "9-verantwoording"
"""Shows every table that has no chapter of its own."""
EXPLAINS = "table_boven_grens"
"""What shows the lines above the limit, each with its explanation."""
SHOWS = re.compile(r"\b(table_boven_grens|table_posten|chart_\w+)\(\s*figures\s*,\s*[\"'](\w+)[\"']")
"""How a cell shows one table."""


@dataclass(frozen=True)
class Chapters:
    """The chapters that there are, by the names of their notebooks, and what they show.

    Attributes
    ----------
    namen
        The chapters; each can have a story.
    tabellen
        The chapter that shows a table, by the table's name.
    toegelicht
        The tables whose explanations stand in a table of their own; those of another stand under it.
    """

    namen: tuple[str, ...] = OURS
    tabellen: Mapping[str, str] = field(
        default_factory=lambda: {"overhead": "1-overhead", "salarissen": "2-personeel"}
    )  # fmt: skip
    toegelicht: frozenset[str] = frozenset({"overhead"})

    def of(self, tabel: str) -> str:
        """Return the chapter that shows a table."""
        return self.tabellen.get(tabel, LAST)


def read_chapters(folder: Path | None = None) -> Chapters:
    """Return the chapters of the house and those of a folder, such as an analyst's own.

    Without a folder it is the one that a build says, the one that is worked in where that has chapters, or the
    project's. A notebook that cannot be read shows no table: the build tells of it.
    """
    given = os.environ.get(NOTEBOOKS_VARIABLE, "")
    folder = folder or (Path(given) if given else Path.cwd())
    paths = chapter_paths(folder) or chapter_paths(notebooks_folder())
    ours = Chapters()
    shown, explained = dict(ours.tabellen), set(ours.toegelicht)
    for path in paths:
        for how, tabel in SHOWS.findall(_code(path)):
            shown.setdefault(tabel, path.stem)
            explained |= {tabel} if how == EXPLAINS else set()
    names = {*ours.namen, *(path.stem for path in paths)}
    return Chapters(tuple(sorted(names)), shown, frozenset(explained))


def _code(path: Path) -> str:
    """Return the code of a notebook; of one that cannot be read, nothing."""
    try:
        cells = json.loads(path.read_text(encoding="utf-8"))["cells"]
        return "\n".join("".join(cell["source"]) for cell in cells if cell["cell_type"] == "code")
    except (OSError, ValueError, KeyError, TypeError):
        return ""
