"""The manifest of an edition: what it was made of, what came out, and one mark (`kenmerk`) of what determines it."""

from __future__ import annotations

import hashlib
import json
import platform
import zlib
from collections.abc import Iterator, Mapping, Sequence
from functools import cache
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from typing import TYPE_CHECKING, Any

from ..inputs import NOTEBOOKS, chapter_paths, hash_inputs, sha256

if TYPE_CHECKING:
    from ..figures import Figures

NAME = "manifest.json"
VERSION = 2
PACKAGES = (
    "altair", "babel", "bedrijfsvoering", "ipykernel", "ipython", "jinja2", "markdown-it-py", "nbclient", "nbconvert",
    "nbformat", "openpyxl", "pandas", "papermill", "pydantic", "pyyaml", "vl-convert-python", "xlsxwriter",
)  # fmt: skip
"""The packages whose version can change what a page says or shows, or the bytes of a file."""
UNBOUND = ("uitvoer", "uitgevoerd", "engine", "kenmerk")
"""Keys that the mark is not made of: what came out holds the mark itself, and any way of running gives the same."""
SHORT = 16
"""So many characters of the mark stand in the foot of the page."""


def ingredients(
    parameters: Mapping[str, Any], folder: Path, data: Path, iv3: Path | None, notebooks: Path, pdf: bool
) -> dict[str, Any]:
    """Return everything that an edition is made of, by the keys of the manifest; nothing of it is read for its figures.

    Parameters
    ----------
    parameters
        The edition's parameters, without the folders of this machine.
    folder, data, iv3, notebooks
        The edition's folder, the one with all editions, the one with Iv3 figures, and the one with the chapters.
    pdf
        Whether a PDF is made too: the page links to it.
    """
    return {
        "parameters": dict(parameters),
        "pdf": pdf,
        "invoer": named_inputs(hash_inputs(folder, data, iv3)),
        "hoofdstukken": {path.name: sha256(path) for path in chapter_paths(notebooks)},
        "versies": versions(),
        "programma": program_checksum(Path(__file__).parent.parent),
    }


def named_inputs(inputs: Sequence[Any]) -> dict[str, str]:
    """Return input files as the manifest names them: in the order of their names, on every system."""
    return {item.bestand: item.sha256 for item in sorted(inputs, key=lambda item: item.bestand)}


@cache
def versions() -> dict[str, str]:
    """Return the versions of Python, of the packages that have a part in a page, and of what packs a workbook."""
    return {"python": platform.python_version(), **{name: _version(name) for name in PACKAGES},
            "zlib": zlib.ZLIB_RUNTIME_VERSION}  # fmt: skip


def _version(name: str) -> str:
    try:
        return version(name)
    except PackageNotFoundError:
        return "onbekend"


def program_checksum(folder: Path) -> str:
    """Return one SHA-256 over the program's own files: modules, templates, styles, scripts, stories, first editions."""
    told = "".join(f"{sha256(path)}  {path.relative_to(folder).as_posix()}\n" for path in _program_files(folder))
    return hashlib.sha256(told.encode()).hexdigest()


def _program_files(folder: Path) -> Iterator[Path]:
    """Give the files that belong to a package, in the order of their names; no caches and no copies of an editor.

    Chapters that a wheel carries are none of them: the manifest names the chapters themselves.
    """
    found = [path for path in folder.rglob("*") if path.is_file()]
    for path in sorted(found, key=lambda path: path.relative_to(folder).as_posix()):
        parts = path.relative_to(folder).parts
        if (
            parts[0] != NOTEBOOKS
            and not any(part.startswith(".") or part == "__pycache__" for part in parts)
            and not path.name.endswith("~")
        ):
            yield path


def describe(figures: Figures, made_of: Mapping[str, Any], engine: str) -> dict[str, Any]:
    """Return the manifest of an edition before anything has come out; its mark is complete.

    Parameters
    ----------
    figures
        The proven edition.
    made_of
        What `ingredients` returned.
    engine
        How the chapters were run; it makes no other page.
    """
    checks = [{"naam": c.naam, "tabel": c.tabel, "uitkomst": c.uitkomst, "cellen": c.cellen} for c in figures.checks]
    told = {
        "versie": VERSION,
        "gemeente": figures.gemeente,
        "naam": figures.source.gemeente,
        "jaar": figures.jaar,
        "titel": figures.source.titel,
        **made_of,
        "controles": checks,
    }
    return {**told, "engine": engine, "kenmerk": kenmerk_of(told)}


def kenmerk_of(manifest: Mapping[str, Any]) -> str:
    """Return the mark of an edition: the SHA-256 of all keys that determine it, written in one fixed way (JSON)."""
    told = {key: value for key, value in manifest.items() if key not in UNBOUND}
    text = json.dumps(told, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    return hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()


def write_manifest(manifest: Mapping[str, Any], folder: Path) -> None:
    """Write `manifest.json` into a folder that is otherwise complete, with the SHA-256 of each file in it."""
    names = {path.relative_to(folder).as_posix(): path for path in folder.rglob("*") if path.is_file()}
    outputs = {name: sha256(names[name]) for name in sorted(names) if name != NAME}
    write_json(folder / NAME, {**manifest, "uitvoer": outputs})


def write_json(path: Path, value: Any) -> None:
    """Write a value as readable JSON, the same bytes each time and on every system."""
    path.write_text(json.dumps(value, ensure_ascii=False, indent=1) + "\n", encoding="utf-8", newline="\n")
