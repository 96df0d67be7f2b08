"""What of an edition a chapter can see: after a change only the chapters are run again that can tell of it."""

from __future__ import annotations

import ast
import hashlib
import json
from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

import nbformat

import bedrijfsvoering

from ..errors import BedrijfsvoeringError
from ..inputs import sha256
from ..publishing.verification import read_manifest

if TYPE_CHECKING:
    from ..figures import Figures

WHOLE = {"table_bronnen", "table_controles", "table_veranderd"}
"""These show of all stories and files, not of the figures and the chapter's own story alone."""
STORY = "load_story"
OWN = "import bedrijfsvoering as bv"


def chapter_marks(paths: list[Path], figures: Figures, made_of: Mapping[str, Any]) -> dict[str, str]:
    """Return of each chapter one checksum of all that it can see, by its name.

    Parameters
    ----------
    paths
        The notebooks.
    figures
        The proven edition.
    made_of
        What the edition is made of, by the keys of the manifest.
    """
    from ..explanations import explanations_of

    explained = {"|".join(key): one.html for key, one in explanations_of(figures).items()}
    own = f"{figures.gemeente}/{figures.jaar}/toelichting/"
    shared = {key: made_of[key] for key in ("parameters", "versies", "programma")}
    marks = {}
    for path in paths:
        stories = stories_seen(path)
        files = {
            name: checksum
            for name, checksum in made_of["invoer"].items()
            if stories is None or not name.startswith(own) or Path(name).stem in stories
        }
        seen = {**shared, "hoofdstuk": made_of["hoofdstukken"][path.name], "toelichting": explained, "invoer": files}
        if stories is None:  # of a story that belongs to no chapter it tells
            seen["hoofdstukken"] = figures.hoofdstukken.namen
        text = json.dumps(seen, ensure_ascii=False, sort_keys=True)
        marks[path.stem] = hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()
    return marks


def kept_chapters(folder: Path, marks: Mapping[str, str]) -> dict[str, Path]:
    """Return the chapters of a published edition that would come out the same, as executed, by their name."""
    try:
        manifest = read_manifest(folder)
    except BedrijfsvoeringError:
        return {}
    before, outputs = manifest.get("uitgevoerd", {}), manifest["uitvoer"]
    same = {name: folder / "notebooks" / f"{name}.ipynb" for name, mark in marks.items() if before.get(name) == mark}
    return {
        name: path
        for name, path in same.items()
        if path.is_file() and sha256(path) == outputs.get(f"notebooks/{path.name}")
    }


def stories_seen(path: Path) -> set[str] | None:
    """Return the stories of the edition that a notebook loads, or None where it may look at anything.

    A notebook that does more than hand the figures to what a chapter shows, as an analyst's may, can look at anything.
    """
    stories: set[str] = set()
    for cell in nbformat.read(path, as_version=4).cells:
        if cell.cell_type != "code" or "parameters" in cell.metadata.get("tags", []):
            continue
        try:
            seen = _seen_in(ast.parse(cell.source))
        except SyntaxError:  # a magic of IPython
            seen = None
        if seen is None:
            return None
        stories |= seen
    return stories


def _seen_in(tree: ast.AST) -> set[str] | None:
    """Return the stories that a cell loads, or None where it does anything but show what a chapter shows."""
    stories: set[str] = set()
    handed: set[int] = set()
    nodes = list(ast.walk(tree))
    for node in nodes:
        if isinstance(node, ast.ImportFrom) or (isinstance(node, ast.Import) and ast.unparse(node) != OWN):
            return None
        if isinstance(node, ast.Call):
            if not (isinstance(node.func, ast.Attribute) and _is_name(node.func.value, "bv")):
                return None
            name, given = node.func.attr, node.args
            if name not in bedrijfsvoering.__all__ or name in WHOLE:
                return None
            if name == STORY:
                if len(given) != 2 or not isinstance(given[1], ast.Constant):
                    return None
                stories.add(str(given[1].value))
            handed |= {id(one) for one in given}
    alone = [node for node in nodes if isinstance(node, ast.Name) and node.id in ("figures", "bv")]
    called = {id(node.func.value) for node in nodes if isinstance(node, ast.Call) and hasattr(node.func, "value")}
    free = [node for node in alone if isinstance(node.ctx, ast.Load) and id(node) not in handed | called]
    return None if free else stories


def _is_name(node: ast.AST, name: str) -> bool:
    return isinstance(node, ast.Name) and node.id == name
