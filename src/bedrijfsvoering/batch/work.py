"""What one task does: build one edition, or see that it is current, and say plainly what came of it."""

from __future__ import annotations

import json
import traceback
from collections.abc import Callable, Mapping
from dataclasses import asdict, dataclass, field
from functools import cache
from hashlib import sha256
from importlib import import_module
from pathlib import Path
from typing import Any

from ..errors import BedrijfsvoeringError, ProvenWrong
from ..findings import Finding

GEPUBLICEERD, ONVERANDERD = "gepubliceerd", "niets veranderd"
FOUT, INVOER, MISLUKT, NIET_GEDAAN = "fout", "invoer", "mislukt", "niet gedaan"
UITKOMSTEN = (GEPUBLICEERD, ONVERANDERD, FOUT, INVOER, MISLUKT, NIET_GEDAAN)
"""What can come of an edition: published, as it was, proven wrong, input not understood, broken off, not begun."""
GOED = (GEPUBLICEERD, ONVERANDERD)

BUILD = "bedrijfsvoering.batch.work.build_one"
"""The function that a task calls, by its dotted name; tests put another in its place."""
PRELOAD = (
    "bedrijfsvoering.batch.process", "bedrijfsvoering.build", "bedrijfsvoering.chapters", "bedrijfsvoering.editions",
    "bedrijfsvoering.exporter", "bedrijfsvoering.publish", "bedrijfsvoering.story", "altair", "nbformat", "pandas",
    "papermill", "vl_convert",
)  # fmt: skip
"""What the small parent of a worker imports once, so that no build has to."""


@dataclass(frozen=True)
class Task:
    """One edition to build, with all that a worker must know: it may be another machine.

    `memory` is what a build with all its processes may take, in bytes (None: what its worker may); `code` is the
    checksum of the program that asks; `batch` tells the batches of several callers apart.
    """

    gemeente: str
    jaar: int
    params: str
    output: str
    data: str | None
    batch: str
    code: str
    cwd: str
    timeout: float
    overrides: Mapping[str, Any] = field(default_factory=dict)
    environment: Mapping[str, str] = field(default_factory=dict)
    pdf: bool = False
    memory: int | None = None
    build: str = BUILD
    preload: tuple[str, ...] = PRELOAD

    @property
    def target(self) -> Path:
        """The folder of the published edition."""
        return Path(self.output) / self.gemeente / str(self.jaar)


@dataclass(frozen=True)
class Outcome:
    """What came of one edition; plain values only, so that it travels and can be written down.

    `bevindingen` are those that stopped it, with the keys of the contract; `spoor` is the trace of a bug of ours.
    """

    gemeente: str
    jaar: int
    uitkomst: str
    bevindingen: tuple[Mapping[str, Any], ...] = ()
    seconden: float = 0.0
    worker: str | None = None
    spoor: str | None = None

    @property
    def is_good(self) -> bool:
        """Whether the edition stands there, whole and current."""
        return self.uitkomst in GOED

    def to_json(self) -> dict[str, Any]:
        """Return the outcome as `batch.json` has it; the key `spoor` is there only where there is one."""
        values = {**asdict(self), "seconden": round(self.seconden, 2), "bevindingen": list(self.bevindingen)}
        return values if self.spoor else {key: value for key, value in values.items() if key != "spoor"}


def failed(task: Task, code: str, bericht: str, uitkomst: str = MISLUKT, spoor: str | None = None) -> Outcome:
    """Return an outcome with one finding that says why."""
    name = f"{task.gemeente}/{task.jaar}"
    finding = Finding(code, "fout", bericht, bestand=name)
    return Outcome(task.gemeente, task.jaar, uitkomst, (finding.to_json(),), spoor=spoor)


def attempt(task: Task) -> Outcome:
    """Build, and return what came of it, whatever that is; this never raises."""
    try:
        return Outcome(task.gemeente, task.jaar, named(task.build)(task))
    except BedrijfsvoeringError as exc:
        uitkomst = FOUT if isinstance(exc, ProvenWrong) else INVOER
        found = tuple(problem.to_json() for problem in exc.problems)
        return Outcome(task.gemeente, task.jaar, uitkomst, found)
    except KeyboardInterrupt:
        return failed(task, "BOUW_MISLUKT", "De bouw is gestopt.", NIET_GEDAAN)
    except BaseException as exc:
        bericht = f"Dit is een fout in bedrijfsvoering zelf, niet in uw cijfers: {type(exc).__name__}: {exc}"
        return failed(task, "BOUW_MISLUKT", bericht, spoor=traceback.format_exc())


def build_one(task: Task) -> str:
    """Publish the edition unless it is current already; return which of the two."""
    from ..build import build_edition

    if is_current(task):
        return ONVERANDERD
    build_edition(
        task.gemeente, task.jaar, data=Path(task.data) if task.data else None, params=Path(task.params),
        output=Path(task.output), overrides=task.overrides, say=lambda line: None, pdf=task.pdf, index=False,
    )  # fmt: skip
    return GEPUBLICEERD


def is_current(task: Task) -> bool:
    """Tell whether the published edition is whole, and made of the same inputs, parameters, chapters and versions."""
    from ..edition import hash_inputs
    from ..publish import sha256 as hash_file

    try:
        manifest = json.loads((task.target / "manifest.json").read_text(encoding="utf-8"))
        given, folder, data, iv3 = _given(task)
        invoer = {item.bestand: item.sha256 for item in hash_inputs(folder, data, iv3)}
        uitvoer = {name: hash_file(task.target / name) for name in manifest["uitvoer"]}
        return bool(
            manifest["parameters"] == json.loads(json.dumps(given))
            and manifest["invoer"] == invoer
            and manifest["uitvoer"] == uitvoer
            and manifest["versies"].get("bedrijfsvoering") == _version()
            and (not task.pdf or any(name.endswith(".pdf") for name in uitvoer))
            and _same_chapters(task.target / "notebooks")
        )
    except (OSError, ValueError, LookupError, TypeError, AttributeError, BedrijfsvoeringError):
        return False


def _given(task: Task) -> tuple[dict[str, Any], Path, Path, Path | None]:
    """Return the parameters as a manifest has them, and the folders that they name."""
    from ..build import edition_params
    from ..edition import find_data, find_iv3

    parameters = edition_params(task.gemeente, task.jaar, Path(task.params), task.overrides)
    data = Path(task.data) if task.data else find_data(parameters.data_dir)
    given = parameters.model_dump(exclude={"data_dir", "iv3_dir"})
    return given, data / task.gemeente / str(task.jaar), data, find_iv3(parameters.iv3_dir)


def _same_chapters(executed: Path) -> bool:
    """Tell whether the executed chapters have the very cells of the chapters that are there now."""
    from ..build import notebooks_folder
    from ..chapters import find_chapters

    def cells(path: Path) -> list[Any]:
        found = json.loads(path.read_text(encoding="utf-8"))["cells"]
        return [
            (cell["id"], "".join(cell["source"]))
            for cell in found
            if "injected-parameters" not in cell["metadata"].get("tags", [])
        ]

    chapters = find_chapters(notebooks_folder())
    return {path.name for path in chapters} == {path.name for path in executed.iterdir()} and all(
        cells(path) == cells(executed / path.name) for path in chapters
    )


def named(dotted: str) -> Callable[[Task], str]:
    """Return the function of that dotted name."""
    module, _, name = dotted.rpartition(".")
    return getattr(import_module(module), name)  # type: ignore[no-any-return]


def _version() -> str:
    from importlib.metadata import version

    return version("bedrijfsvoering")


@cache
def code_digest() -> str:
    """Return a checksum of the program's own files: two machines with the same one make the same pages."""
    root = Path(__file__).parents[1]
    digest = sha256(_version().encode())
    for path in sorted(root.rglob("*")):
        if path.is_file() and "__pycache__" not in path.parts:
            digest.update(path.relative_to(root).as_posix().encode() + b"\0" + path.read_bytes())
    return digest.hexdigest()
