"""Whether there is anything to build: the same files, parameters, chapters, program and versions, and a whole page."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from ..errors import BedrijfsvoeringError
from .leftovers import leftovers
from .locks import lock_path
from .manifest import VERSION
from .staging import real_path
from .verification import read_manifest, verify_folder


def is_unchanged(target: Path, made_of: Mapping[str, Any]) -> bool:
    """Return whether a published folder is whole, and is what these ingredients would make again.

    Parameters
    ----------
    target
        The published folder.
    made_of
        What `manifest.ingredients` returned.
    """
    try:
        manifest = read_manifest(target)
        # by what they hold: a list of parameters that was read from JSON is a list as well
        same = manifest["versie"] == VERSION and all(manifest[key] == value for key, value in made_of.items())
        return same and not verify_folder(target, manifest)
    except (BedrijfsvoeringError, OSError):
        return False


def is_quiet(target: Path) -> bool:
    """Return whether no build of a target is at work, and none was stopped halfway."""
    target = real_path(target)
    return not leftovers(target) and not lock_path(target).exists()
