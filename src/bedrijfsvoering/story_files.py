"""The files in `toelichting/`: those that no chapter shows are told, for a text that somebody wrote must not vanish."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

from .errors import nearest
from .figures import Figures
from .findings import Check, Finding
from .inputs import STORIES, is_written

NEAR = 0.75
"""How like a name has to be: `verhaal` is not `overhead`."""


def check_story_files(figures: Figures) -> Iterator[Check]:
    """Find files in `toelichting/` that belong to no chapter, and so stand nowhere on the page."""
    folder = figures.folder / STORIES
    paths = sorted(path for path in folder.iterdir() if path.is_file()) if folder.is_dir() else []
    names = figures.hoofdstukken.namen
    unread = [path for path in paths
              if is_written(path) and not path.name.startswith((".", "~"))
              and not (path.suffix == ".md" and path.stem in names)]  # fmt: skip
    findings = tuple(_finding(figures, path) for path in unread)
    if findings:
        told = f"{len(findings)} van {len(paths)} niet getoond"
        yield Check("Verhalen: bij een hoofdstuk", "", len(paths), "melding", told, findings=findings)


def _finding(figures: Figures, path: Path) -> Finding:
    names = figures.hoofdstukken.namen
    meant = _meant(path.stem, names)
    if path.stem in names and path.suffix.casefold() != ".md":
        why = "Een verhaal is een bestand dat op .md eindigt"
    else:
        why = f"Er is geen hoofdstuk dat {path.stem} heet"
    mend = f"Geef het de naam {meant}.md" if meant else f"Geef het de naam van een hoofdstuk ({_all(names)})"
    return Finding(
        "VERHAAL_NIET_GELEZEN", "waarschuwing",
        f"Dit bestand staat niet op de pagina. {why}. {mend}, of haal het weg. Is het van een eigen hoofdstuk, dan "
        "heet dat notebook net zo.",
        bestand=f"{figures.gemeente}/{figures.jaar}/toelichting/{path.name}",
    )  # fmt: skip


def _meant(stem: str, names: tuple[str, ...]) -> str:
    """Return the chapter that a file was meant for: by its name with or without the number, or by what is near it."""
    plain = {re.sub(r"^\d+-", "", name): name for name in names}
    word = re.sub(r"^\d+[-_. ]*", "", stem.casefold().strip()).replace(" ", "-").replace("_", "-")
    if word in plain:
        return plain[word]
    near = nearest(word, list(plain), NEAR) or nearest(stem, list(names), NEAR)
    found = near.partition("'")[2].partition("'")[0]
    return plain.get(found, found)


def _all(names: tuple[str, ...]) -> str:
    return ", ".join(f"{name}.md" for name in names)
