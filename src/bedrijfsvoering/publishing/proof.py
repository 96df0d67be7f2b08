"""What `bedrijfsvoering verify` says: a folder held against its manifest, and against a rebuild where asked for."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from .locks import Say
from .verification import Difference, read_manifest, verify_folder


@dataclass(frozen=True)
class Proof:
    """The outcome: what differs, and after a rebuild what is the likely cause."""

    folder: Path
    manifest: Mapping[str, Any]
    verschillen: tuple[Difference, ...]
    oorzaken: tuple[str, ...]
    rebuilt: bool

    @property
    def heel(self) -> bool:
        """Whether everything is as the manifest says."""
        return not self.verschillen

    def as_json(self) -> str:
        """Return the outcome as one JSON object."""
        told = {
            "map": str(self.folder), "gemeente": self.manifest["gemeente"], "jaar": self.manifest["jaar"],
            "versie": self.manifest["versie"], "kenmerk": self.manifest.get("kenmerk"), "heel": self.heel,
            "herbouwd": self.rebuilt, "verschillen": [vars(one) for one in self.verschillen],
            "oorzaken": list(self.oorzaken),
        }  # fmt: skip
        return json.dumps(told, ensure_ascii=False, indent=1)

    def as_text(self) -> str:
        """Return the outcome as lines for a terminal (Dutch)."""
        about = f"{self.manifest['gemeente']} {self.manifest['jaar']}"
        count = len(self.manifest["uitvoer"])
        lines = [f"{one.bestand}: {one.bericht}" for one in self.verschillen]
        lines += [f"Mogelijke oorzaak: {cause}" for cause in self.oorzaken]
        if self.heel:
            again = " Opnieuw bouwen geeft precies dezelfde bestanden." if self.rebuilt else ""
            lines.append(f"{about} is heel: alle {count} bestanden zijn zoals het manifest zegt.{again}")
            lines += [self._mark()] if self.manifest["versie"] > 1 else [_WITHOUT]
        else:
            many = len(self.verschillen)
            lines.append(f"{about} is niet zoals gebouwd: {many} verschil{'len' if many > 1 else ''}.")
        return "\n".join(lines)

    def _mark(self) -> str:
        return f"Kenmerk: {self.manifest['kenmerk']}"


_WITHOUT = "Dit manifest heeft versie 1: het heeft nog geen kenmerk, en noemt niet alles waar de pagina van is gemaakt."


def prove_folder(folder: Path, rebuilt: Mapping[str, Any] | None, say: Say) -> Proof:
    """Hold a published folder against its manifest.

    Parameters
    ----------
    folder
        A folder such as `output/<gemeente>/<jaar>`.
    rebuilt
        What to build it from again (`data`, `params`, `overrides`); without it nothing is built.

    Raises
    ------
    BedrijfsvoeringError
        There is no manifest that can be read, or it cannot be built again.
    """
    manifest = read_manifest(folder)
    found, causes = verify_folder(folder, manifest), list[str]()
    if rebuilt is not None:
        from .rebuild import rebuild

        again, causes = rebuild(manifest, say=say, **rebuilt)
        found += again
    return Proof(folder, manifest, tuple(found), tuple(causes), rebuilt is not None)
