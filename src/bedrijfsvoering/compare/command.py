"""What `bedrijfsvoering diff` does: two years or two builds are read, compared, and shown or written."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

from ..errors import BedrijfsvoeringError, DataError, ParamsError
from ..figures import Figures
from ..findings import Finding
from ..publishing.staging import write_whole
from .as_html import difference_page
from .as_json import difference_json
from .as_text import difference_text
from .differences import Difference, diff_builds, diff_editions
from .published import read_json


def difference_of_years(jaar: int, ander_jaar: int, read: Callable[[int], Figures]) -> Difference:
    """Return what changed between two years, whichever is named first; problems of both are told at once.

    Raises
    ------
    ParamsError
        It is one year, named twice.
    DataError
        One of the editions cannot be read, or both.
    """
    if jaar == ander_jaar:
        raise ParamsError(f"{jaar} staat er twee keer. Geef twee verschillende jaren.")
    editions: list[Figures] = []
    problems: list[Finding] = []
    for year in sorted((jaar, ander_jaar)):
        try:
            editions.append(read(year))
        except BedrijfsvoeringError as exc:
            problems.extend(exc.problems)
    if problems:
        raise DataError(problems)
    old, new = editions
    return diff_editions(old, new)


def difference_of_builds(gemeente: str, jaar: int, old: Path, output: Path) -> Difference:
    """Return what changed from a build in another folder to the one in the output folder.

    Raises
    ------
    DataError
        One of the folders is not that of a build of this edition.
    """
    new = output / gemeente / str(jaar)
    for folder in (old, new):
        path = folder / "manifest.json"
        manifest = read_json(path)
        found = (manifest.get("gemeente"), manifest.get("jaar")) if isinstance(manifest, dict) else None
        if found != (gemeente, jaar):
            bericht = (
                f"Dit is geen uitgave van {gemeente} {jaar}. Geef de map van een uitgave van die gemeente en dat jaar."
            )
            raise DataError([Finding("UITGAVE_ANDERS", "fout", bericht, bestand=path.as_posix())])
    return diff_builds(old, new)


def show(difference: Difference, as_json: bool, page: Path | None) -> str:
    """Return what changed as text or as JSON, and write it as a page where that is asked for.

    Raises
    ------
    ParamsError
        The page cannot be written there.
    """
    if page:
        write_page(difference, page)
    if as_json:
        return json.dumps(difference_json(difference), ensure_ascii=False, indent=1)
    return difference_text(difference)


def write_page(difference: Difference, page: Path) -> None:
    """Write the page, whole or not at all.

    Raises
    ------
    ParamsError
        The folder is not there, or the page cannot be written in it.
    """
    if page.is_file() and page.suffix.lower() not in (".html", ".htm"):
        raise ParamsError(f"{page} is geen pagina (.html) en wordt niet overschreven. Kies een ander bestand.")
    if (page.absolute().parent / "manifest.json").is_file():
        raise ParamsError(f"{page} ligt in een gepubliceerde uitgave; daar komt niets bij. Kies een andere map.")
    html = difference_page(difference)
    try:
        write_whole(page, html)
    except OSError:
        raise ParamsError(
            f"De pagina kan niet in {page} worden geschreven. Kies een bestand in een map die er is."
        ) from None
