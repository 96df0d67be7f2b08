"""A published folder proven against its manifest: what is missing, what is extra, what was changed."""

from __future__ import annotations

import json
import os
import re
import stat
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path, PurePosixPath
from typing import Any

from ..errors import BedrijfsvoeringError
from ..inputs import sha256
from .manifest import NAME, SHORT, VERSION, kenmerk_of

MAX_BYTES = 50_000_000
"""No manifest and no page comes near this."""
SHA256 = re.compile(r"[0-9a-f]{64}")
FOOT = re.compile(r'<span class="code" id="kenmerk">([0-9a-f]*)</span>')
"""Where the foot of a page says its mark."""
PAGE = "index.html"
ABOUT = {"gemeente": str, "naam": str, "jaar": int, "titel": str, "parameters": dict, "invoer": dict, "controles": list,
         "versies": dict, "uitvoer": dict}  # fmt: skip
"""The keys that every manifest has, and their types."""
SINCE_2 = {"pdf": bool, "hoofdstukken": dict, "programma": str, "engine": str, "uitgevoerd": dict, "kenmerk": str}


@dataclass(frozen=True)
class Difference:
    """One thing that is not as the manifest says.

    `soort` is `ontbreekt`, `extra`, `gewijzigd`, `geen bestand`, `kenmerk`, `voettekst`, or after a rebuild `herbouwd`.
    """

    soort: str
    bestand: str
    bericht: str


def read_manifest(folder: Path) -> dict[str, Any]:
    """Return the manifest of a published folder.

    Raises
    ------
    BedrijfsvoeringError
        It is not there, is damaged, is of a newer program, or names files outside the folder.
    """
    path = folder / NAME
    if not folder.is_dir():
        raise BedrijfsvoeringError(
            f"{folder} is geen map. Geef de map van een uitgave, zoals output/<gemeente>/<jaar>."
        )
    try:
        if not path.is_file():
            raise BedrijfsvoeringError(
                f"In {folder} staat geen {NAME}. Geef de map van een uitgave zoals zij is gebouwd."
            )
        if path.stat().st_size > MAX_BYTES:
            raise ValueError
        manifest = json.loads(path.read_text(encoding="utf-8"))
        _check(manifest)
    except PermissionError:
        raise BedrijfsvoeringError(f"{path} kan niet worden gelezen: geen toestemming.") from None
    except (OSError, ValueError, TypeError, KeyError, RecursionError):
        raise BedrijfsvoeringError(
            f"{path} is beschadigd: dit is niet wat een build schrijft. Haal de uitgave opnieuw op, of bouw opnieuw."
        ) from None
    return dict(manifest)


def _check(manifest: Any) -> None:
    """Refuse what no build writes, and a name that leads out of the folder."""
    found = manifest["versie"]
    if type(found) is not int or found < 1:
        raise ValueError
    if found > VERSION:
        raise BedrijfsvoeringError(
            f"{NAME} heeft versie {found}; deze bedrijfsvoering kent tot en met {VERSION}. Gebruik een nieuwere."
        )
    wanted = ABOUT | (SINCE_2 if found > 1 else {})
    if not all(type(manifest[key]) is kind for key, kind in wanted.items()):
        raise TypeError
    for name, checksum in (*manifest["uitvoer"].items(), *manifest["invoer"].items()):
        if not SHA256.fullmatch(checksum):
            raise ValueError
        if name in manifest["uitvoer"] and not is_inside(name):
            raise ValueError


def is_inside(name: str) -> bool:
    """Return whether a name in a manifest is that of a file in the folder, on every system."""
    parts = PurePosixPath(name).parts
    plain = bool(name) and name == "/".join(parts) and not re.search(r'[\\:*?"<>|\x00-\x1f]', name)
    return plain and ".." not in parts and not name.startswith("/") and name != NAME


def verify_folder(folder: Path, manifest: Mapping[str, Any]) -> list[Difference]:
    """Return everything that differs between a published folder and its manifest, by the names of the files."""
    outputs: dict[str, str] = manifest["uitvoer"]
    found = dict(_entries(folder))
    differences = []
    for name in sorted(outputs.keys() | found.keys()):
        if name not in found:
            differences.append(Difference("ontbreekt", name, "Dit bestand ontbreekt."))
        elif not stat.S_ISREG(found[name]):
            told = (
                "Dit is een verwijzing (link), geen bestand." if stat.S_ISLNK(found[name]) else "Dit is geen bestand."
            )
            differences.append(Difference("geen bestand", name, told))
        elif name not in outputs:
            differences.append(Difference("extra", name, "Dit bestand staat niet in het manifest."))
        elif _checksum(folder / name) != outputs[name]:
            differences.append(Difference("gewijzigd", name, "Dit bestand is gewijzigd na het bouwen."))
    if manifest["versie"] > 1:
        differences += _marks(folder, manifest, {one.bestand for one in differences})
    return differences


def _entries(folder: Path) -> Iterator[tuple[str, int]]:
    """Give every file of a folder but the manifest itself, with its mode; links are told and not followed."""
    for path, folders, files in os.walk(folder):
        for name in (*files, *(one for one in folders if Path(path, one).is_symlink())):
            entry = Path(path, name)
            relative = entry.relative_to(folder).as_posix()
            if relative != NAME or entry.is_symlink():
                yield relative, entry.lstat().st_mode


def _checksum(path: Path) -> str:
    """Return the SHA-256 of a file; nothing where it cannot be read."""
    try:
        return sha256(path)
    except OSError:
        return ""


def _marks(folder: Path, manifest: Mapping[str, Any], told: set[str]) -> Iterator[Difference]:
    """Give what is wrong with the mark of an edition, in the manifest and in the foot of its page."""
    kenmerk = manifest["kenmerk"]
    if kenmerk != (computed := kenmerk_of(manifest)):
        bericht = f"Het kenmerk klopt niet: er staat {kenmerk[:SHORT]}…, berekend is {computed[:SHORT]}…"
        yield Difference("kenmerk", NAME, f"{bericht} Het manifest is gewijzigd na het bouwen.")
    page = folder / PAGE
    if page.is_file() and PAGE not in told and page.stat().st_size <= MAX_BYTES:
        found = FOOT.findall(page.read_text(encoding="utf-8", errors="replace"))
        if found != [kenmerk[:SHORT]]:
            said = f"kenmerk {found[0]}" if found else "geen kenmerk"
            bericht = f"Onderaan de pagina staat {said}, in het manifest {kenmerk[:SHORT]}."
            yield Difference("voettekst", PAGE, bericht)
