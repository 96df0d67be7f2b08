"""The files that an edition is made of: where they are and their checksums, without reading what they say.

This module needs no frames and no charts, so that a build which has nothing to do is over at once.
"""

from __future__ import annotations

import hashlib
import os
import re
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

from .errors import NoProject, ParamsError
from .reader import MAX_BYTES
from .texts import clean

DATA_VARIABLE = "BEDRIJFSVOERING_DATA"
"""Environment variable by which a build tells its kernels where the data is, so that no path stands in a notebook."""
IV3_VARIABLE = "BEDRIJFSVOERING_IV3"
"""The same for the folder with Iv3 figures of all municipalities."""
NOTEBOOKS_VARIABLE = "BEDRIJFSVOERING_NOTEBOOKS"
"""The same for the folder with the chapters, so that each of them knows which others there are."""
NOTEBOOKS = "notebooks"
"""The folder with the chapters, in a project and in the package."""
CHAPTER_NAME = re.compile(r"[0-9]-[a-z0-9-]+")
KINDS = {".csv", ".yaml", ".md", ".xlsx"}
"""The files of an edition that can have a part in it."""
STORIES = "toelichting"
"""The folder of an edition with the stories of its chapters."""
WRITTEN = (".md", ".markdown", ".txt", ".docx", ".odt", ".rtf")
"""Kinds of files that a text is kept in; in that folder each is told of, also where it is no story."""


@dataclass(frozen=True)
class InputFile:
    """One file that was read, with its checksum."""

    bestand: str
    sha256: str


def sha256(path: Path) -> str:
    """Return the SHA-256 of a file, which is read in pieces: it may be of any size."""
    with path.open("rb") as stream:
        return hashlib.file_digest(stream, "sha256").hexdigest()


def earlier_years(folder: Path, jaar: int) -> list[int]:
    """Return the years before `jaar` of which a municipality's folder holds an edition, oldest first."""
    years = (path.parent.name for path in folder.glob("*/bron.yaml"))
    return sorted(int(name) for name in years if re.fullmatch("[12][0-9]{3}", name) and int(name) < jaar)


def hash_inputs(folder: Path, data: Path, iv3: Path | None = None) -> tuple[InputFile, ...]:
    """Return the files that can have a part in an edition, with their checksums; those of Iv3 as `iv3/<name>`.

    Earlier editions have a part in it too: it is compared with them.
    """
    folders = [folder.parent / str(year) for year in earlier_years(folder.parent, int(folder.name))]
    paths = [path for one in (folder, *folders) for path in sorted(one.rglob("*"))
             if (path.suffix in KINDS or is_written(path)) and path.is_file()]  # fmt: skip
    named = {
        path.relative_to(data).as_posix(): path
        for path in paths
        if not path.name.startswith((".", "~")) and path.stat().st_size <= MAX_BYTES
    }
    named |= {f"iv3/{path.name}": path for path in iv3_paths(iv3)} if iv3 else {}
    return tuple(InputFile(name, sha256(path)) for name, path in named.items())


def is_written(path: Path) -> bool:
    """Return whether a file stands among the stories of an edition and holds a text."""
    return path.parent.name == STORIES and path.suffix.casefold() in WRITTEN


def iv3_paths(folder: Path) -> list[Path]:
    """Return the files of a folder that Iv3 figures are read from, by name."""
    try:
        found = [*folder.glob("*.csv"), *folder.glob("*.json")] if folder.is_dir() else []
        return sorted(path for path in found if path.is_file())
    except OSError:  # no name that a folder can have
        return []


def chapter_paths(folder: Path) -> list[Path]:
    """Return the notebooks of a folder that are chapters by their name, in the chapters' order."""
    return sorted(path for path in folder.glob("*.ipynb") if CHAPTER_NAME.fullmatch(path.stem))


def find_data(data_dir: str = "") -> Path:
    """Return the folder with all editions: as given, as a build says, or the project's own `data/`."""
    given = data_dir or os.environ.get(DATA_VARIABLE, "")
    return _folder(given, "data_dir") if given else find_project() / "data"


def find_iv3(iv3_dir: str = "") -> Path | None:
    """Return the folder with Iv3 figures of all municipalities: as given, as a build says, or none."""
    given = iv3_dir or os.environ.get(IV3_VARIABLE, "")
    return _folder(given, "iv3_dir") if given else None


def _folder(given: str, name: str) -> Path:
    try:
        return Path(given).expanduser().resolve()
    except (ValueError, RuntimeError, OSError):
        raise ParamsError(f"{name}: '{clean(given)[:60]}' is geen map. Noem een map die er is.") from None


def find_project(start: Path | None = None) -> Path:
    """Return the project's folder: the nearest one upward that holds `data/` and `params/`, else where the code is.

    Raises
    ------
    NoProject
        There is no such folder.
    """
    here = (start or Path.cwd()).resolve()
    for folder in (here, *here.parents, *Path(__file__).resolve().parents):
        if (folder / "data").is_dir() and (folder / "params").is_dir():
            return folder
    raise NoProject(
        "De map van het project is niet gevonden. Ga naar de map met data/ en params/, of begin er hier een met "
        "'bedrijfsvoering new GEMEENTE JAAR'."
    )


def notebooks_folder() -> Path:
    """Return the folder with the chapters: the project's own, else that of the checkout, else those in the package."""
    package = Path(__file__).resolve().parent
    with suppress(NoProject):
        if (own := find_project() / NOTEBOOKS).is_dir():
            return own
    checkout = package.parents[1] / NOTEBOOKS
    return checkout if checkout.is_dir() else package / NOTEBOOKS
