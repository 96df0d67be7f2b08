"""A published folder proven by building it again: file by file, with the likely causes of what differs."""

from __future__ import annotations

import tempfile
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from ..errors import BedrijfsvoeringError
from ..paper import NAME as PDF
from .locks import Say
from .manifest import NAME, UNBOUND
from .verification import Difference, read_manifest

CAUSES = {
    "invoer": ("Het invoerbestand {} is anders.", "Het invoerbestand {} was er toen niet.",
               "Het invoerbestand {} is er niet meer."),
    "hoofdstukken": ("Het hoofdstuk {} is anders.", "Het hoofdstuk {} was er toen niet.",
                     "Het hoofdstuk {} is er niet meer."),
    "parameters": ("De parameter {} is anders: {} in plaats van {}.", "De parameter {} was er toen niet.",
                   "De parameter {} is er niet meer."),
    "versies": ("De versie van {} is anders: {} in plaats van {}.", "De versie van {} was toen niet bekend.",
                "De versie van {} is niet bekend."),
}  # fmt: skip
"""For each part of a manifest: what is said of something that differs, that is new, that is gone."""


def rebuild(
    manifest: Mapping[str, Any],
    data: Path,
    params: Path,
    notebooks: Path | None,
    overrides: Mapping[str, Any],
    say: Say,
) -> tuple[list[Difference], list[str]]:
    """Build an edition again in a temporary folder; return what differs, and the likely causes (Dutch sentences).

    Parameters
    ----------
    manifest
        That of the published folder.
    data, params, notebooks, overrides
        What is built from, as `build` takes it.

    Raises
    ------
    BedrijfsvoeringError
        It cannot be built from these files.
    """
    from ..build import build_edition

    with tempfile.TemporaryDirectory(prefix="bedrijfsvoering-") as output:
        try:
            built = build_edition(
                manifest["gemeente"], manifest["jaar"], data=data, params=params, output=Path(output),
                overrides=overrides, say=say, notebooks=notebooks, pdf=PDF in manifest["uitvoer"], index=False,
            )  # fmt: skip
        except BedrijfsvoeringError as exc:
            raise BedrijfsvoeringError(f"Opnieuw bouwen van deze uitgave lukt niet. {exc}") from None
        again = read_manifest(built.page.parent)
        return list(_different(manifest, again)), list(_causes(manifest, again))


def _different(old: Mapping[str, Any], new: Mapping[str, Any]) -> Iterator[Difference]:
    """Give every file that is not the same after a rebuild."""
    before, after = old["uitvoer"], new["uitvoer"]
    for name in sorted(before.keys() | after.keys()):
        if name not in after:
            yield Difference("herbouwd", name, "Dit bestand komt er bij opnieuw bouwen niet.")
        elif name not in before:
            yield Difference("herbouwd", name, "Bij opnieuw bouwen komt dit bestand erbij.")
        elif before[name] != after[name]:
            yield Difference("herbouwd", name, "Dit bestand wordt bij opnieuw bouwen anders.")
    keys = sorted((old.keys() | new.keys()) - set(UNBOUND))
    if other := [key for key in keys if old.get(key) != new.get(key)]:
        yield Difference("herbouwd", NAME, f"Het manifest wordt bij opnieuw bouwen anders, bij {', '.join(other)}.")


def _causes(old: Mapping[str, Any], new: Mapping[str, Any]) -> Iterator[str]:
    """Give what can have made a rebuild come out otherwise."""
    for part, (other, added, gone) in CAUSES.items():
        before, after = old.get(part, {}), new.get(part, {})
        for name in sorted(before.keys() | after.keys()) if part in old else []:
            if name not in before:
                yield added.format(name)
            elif name not in after:
                yield gone.format(name)
            elif before[name] != after[name]:
                yield other.format(name, after[name], before[name])
    if "programma" in old and old["programma"] != new["programma"]:
        yield "Het programma zelf is anders."
