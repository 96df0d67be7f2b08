"""What one task does: build one edition, or see that it is current, and say plainly what came of it."""

from __future__ import annotations

import traceback
from collections.abc import Callable, Mapping
from dataclasses import asdict, dataclass, field
from functools import cache
from importlib import import_module
from pathlib import Path
from typing import Any

from ..errors import BedrijfsvoeringError, ProvenWrong
from ..findings import Finding
from ..running.processes import SECONDS

GEPUBLICEERD, ONVERANDERD = "gepubliceerd", "niets veranderd"
FOUT, INVOER, MISLUKT, NIET_GEDAAN = "fout", "invoer", "mislukt", "niet gedaan"
UITKOMSTEN = (GEPUBLICEERD, ONVERANDERD, FOUT, INVOER, MISLUKT, NIET_GEDAAN)
"""What can come of an edition: published, as it was, proven wrong, input not understood, broken off, not begun."""
GOED = (GEPUBLICEERD, ONVERANDERD)

BUILD = "bedrijfsvoering.batch.work.build_one"
"""The function that a task calls, by its dotted name; tests put another in its place."""
PRELOAD = (
    "bedrijfsvoering.batch.process",
    "bedrijfsvoering.running.warm",  # before what needs pandas: no output of a cell can tell how it was imported
    "bedrijfsvoering.build",
    "bedrijfsvoering.exporter",
    "bedrijfsvoering.publishing.open_data",
    "bedrijfsvoering.running.side_by_side",
)
"""What the small parent of a worker imports once, so that no build has to; that process forks and does nothing else."""


@dataclass(frozen=True)
class Task:
    """One edition to build, with all that a worker must know: it may be another machine.

    `memory` is what a build with all its processes may take, in bytes (None: what its worker may); `code` is the
    checksum of the program that asks; `batch` tells the batches of several callers apart; `timeout` is for the whole
    build, `seconds` for one cell.
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
    notebooks: str | None = None
    overrides: Mapping[str, Any] = field(default_factory=dict)
    environment: Mapping[str, str] = field(default_factory=dict)
    pdf: bool = False
    force: bool = False
    engine: str | None = None
    seconds: int = SECONDS
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
    """Publish the edition unless it is current already; return which of the two. The list of editions is left alone."""
    from ..build import build_edition

    built = build_edition(
        task.gemeente, task.jaar, data=Path(task.data) if task.data else None, params=Path(task.params),
        output=Path(task.output), overrides=task.overrides, say=lambda line: None, pdf=task.pdf, force=task.force,
        notebooks=Path(task.notebooks) if task.notebooks else None, index=False, engine=task.engine,
        seconds=task.seconds, at_once=1,
    )  # fmt: skip
    return GEPUBLICEERD if built.changed else ONVERANDERD


def named(dotted: str) -> Callable[[Task], str]:
    """Return the function of that dotted name."""
    module, _, name = dotted.rpartition(".")
    return getattr(import_module(module), name)  # type: ignore[no-any-return]


@cache
def code_digest() -> str:
    """Return a checksum of the program's own files: two machines with the same one make the same pages."""
    from ..publishing.manifest import program_checksum

    return program_checksum(Path(__file__).parents[1])
