"""`output/index.html`: which editions there are, and their list written whole, also when many builds end at once."""

from __future__ import annotations

import json
import os
import tempfile
from collections.abc import Callable, Iterator, Mapping
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import Any
from urllib.parse import quote

from ..errors import BedrijfsvoeringError
from .disk import disk_told
from .leftovers import prefix_of, remove_tree
from .locks import Say
from .staging import claimed, sync_folder

NAME = "index.html"
BESIDE = "index"
"""What locks and temporary files of the list are named after: `.index.lock`, `.index-…`."""
WHAT = "het bijwerken van de lijst van uitgaven"
Prepare = Callable[[Path], None]
"""Takes the folder in which an edition was made, and prepares the list that has it."""
Render = Callable[[list[dict[str, Any]]], str]


def write_index(output: Path, render: Render | None = None, say: Say = lambda line: None) -> None:
    """Write the list of all editions from their manifests; whole, or not at all."""
    with prepared_index(output, output, render, say) as prepare:
        prepare(output)


@contextmanager
def prepared_index(
    output: Path, target: Path, render: Render | None = None, say: Say = lambda line: None
) -> Iterator[Prepare]:
    """Give what writes the list beside its place while an edition is still in its stage; at the end it gets its place.

    So a disk that is full is found before anything was published. Until then other builds wait with theirs.
    """
    with ExitStack() as stack:
        written: list[Path] = []

        def prepare(stage: Path) -> None:
            stack.enter_context(claimed(output / BESIDE, WHAT, say))
            with disk_told(output / NAME):
                handle, name = tempfile.mkstemp(prefix=prefix_of(output / BESIDE), dir=output)
                written.append(Path(name))
                stack.callback(remove_tree, Path(name))
                with os.fdopen(handle, "w", encoding="utf-8", newline="\n") as stream:
                    stream.write(_render(render)(find_editions(output, {target: stage})))
                    stream.flush()
                    os.fsync(stream.fileno())
                Path(name).chmod(0o644)

        yield prepare
        for path in written:
            _put_in_place(path, output)


def _put_in_place(path: Path, output: Path) -> None:
    """Give the list that was prepared its place; by now the edition stands in its own."""
    try:
        path.replace(output / NAME)
        sync_folder(output)
    except OSError:
        raise BedrijfsvoeringError(
            f"De uitgave is gepubliceerd, maar de lijst {output / NAME} kan niet worden vervangen. Sluit haar waar zij "
            "open staat, of herstel de schijf, en bouw opnieuw met --force."
        ) from None


def _render(render: Render | None) -> Render:
    from .edition_list import render_index

    return render or render_index


def is_listed(output: Path, target: Path) -> bool:
    """Return whether the list is there and names an edition."""
    try:
        return f'href="{_href(target.relative_to(output))}"' in (output / NAME).read_text(encoding="utf-8")
    except (OSError, ValueError):
        return False


def find_editions(output: Path, instead: Mapping[Path, Path] | None = None) -> list[dict[str, Any]]:
    """Return what the list says of each edition that a build finished, by name and then the newest first.

    Parameters
    ----------
    output
        The folder that holds `<gemeente>/<jaar>/`.
    instead
        For an edition that is about to be published: the folder in which it was made.
    """
    folders = {path.parent: path for path in output.glob("*/*/manifest.json")}
    folders |= {target: stage / "manifest.json" for target, stage in (instead or {}).items() if target != output}
    found = [_read_edition(path, folder.relative_to(output)) for folder, path in sorted(folders.items())]
    editions = [edition for edition in found if edition]
    return sorted(editions, key=lambda edition: (edition["naam"], -edition["jaar"], edition["href"]))


def _read_edition(path: Path, folder: Path) -> dict[str, Any] | None:
    """Return what the list says of an edition, or None where the folder does not hold one that a build finished."""
    if any(part.startswith(".") for part in folder.parts):
        return None  # another build is at work there
    try:
        manifest = json.loads(path.read_text(encoding="utf-8"))
        naam, jaar, titel = str(manifest["naam"]), int(manifest["jaar"]), str(manifest["titel"])
        (naam + titel + folder.as_posix()).encode()  # half a character cannot be written
    except (OSError, ValueError, KeyError, TypeError, OverflowError, RecursionError):
        return None
    if not naam.strip() or not 1000 <= jaar <= 9999:
        return None
    return {"gemeente": folder.parts[0], "naam": naam, "jaar": jaar, "titel": titel, "href": _href(folder)}


def _href(folder: Path) -> str:
    """Return where an edition's page is, quoted, so that no name of a folder can begin an address or a query."""
    return f"{quote(folder.as_posix())}/{NAME}"
