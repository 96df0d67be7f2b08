"""What `bedrijfsvoering batch` does: choose the editions, give them to workers, tell how far it is and what came."""

from __future__ import annotations

import os
import time
import uuid
from collections.abc import Iterator, Mapping, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from ..errors import BedrijfsvoeringError
from ..inputs import DATA_VARIABLE, IV3_VARIABLE, find_data, notebooks_folder
from ..publishing.index_file import write_index
from ..running.processes import SECONDS, core_count
from . import work
from .cluster import check_workers, has_dashboard, local_client, need_dask, remote_client, stop_workers
from .progress import Progress
from .selection import Edition, select_editions
from .summary import Summary, in_order, write_summary
from .work import NIET_GEDAAN, Outcome, Task, code_digest, failed

TIMEOUT = 600
"""Seconds that one edition may take, unless another number is given."""
CARRIED = (DATA_VARIABLE, IV3_VARIABLE, "SOURCE_DATE_EPOCH", "BEDRIJFSVOERING_BROWSER")
"""Environment variables that a build reads, wherever it runs."""


@dataclass(frozen=True)
class Options:
    """How a batch is run: the workers, the time for one edition, and what to say."""

    workers: int | None = None
    scheduler: str | None = None
    timeout: int = TIMEOUT
    pdf: bool = False
    force: bool = False
    engine: str | None = None
    seconds: int = SECONDS
    quiet: bool = False
    verbose: bool = False


def run_batch(
    selection: Sequence[str], folders: Mapping[str, Path | None], overrides: Mapping[str, Any], options: Options
) -> Summary:
    """Build the editions of a selection; write the list of all editions and `batch.json`; return what came of it.

    Parameters
    ----------
    selection
        As `select_editions` takes it; empty means every edition.
    folders
        `data` (None: as the parameters say), `params` and `output`.
    overrides
        Parameters that are laid over those of every edition.
    options
        How it is run.

    Raises
    ------
    BedrijfsvoeringError
        The selection matches nothing, Dask is not there, or a worker cannot do the work. Nothing has been built.
    """
    need_dask()
    params, output = Path(str(folders["params"])), Path(str(folders["output"]))
    editions = select_editions(params, selection)
    if options.pdf and not options.scheduler:
        from ..paper import need_browser

        need_browser()
    _make_folder(output)
    tasks = make_tasks(editions, folders, overrides, options)
    started = time.monotonic()
    with Progress(len(tasks), options.quiet, options.verbose) as progress, _client(tasks, options) as client:
        _introduce(client, tasks, options, folders, progress)
        outcomes, stopped = _collect(client, tasks, progress)
    summary = Summary(in_order(outcomes), tuple(selection), time.monotonic() - started, stopped)
    _write(summary, output)
    return summary


def make_tasks(
    editions: Sequence[Edition], folders: Mapping[str, Path | None], overrides: Mapping[str, Any], options: Options
) -> list[Task]:
    """Return a task per edition, with all that a worker elsewhere must know."""
    batch, code, data, notebooks = uuid.uuid4().hex, code_digest(), folders["data"], folders["notebooks"]
    environment = {name: os.environ[name] for name in CARRIED if name in os.environ}
    return [
        Task(
            edition.gemeente, edition.jaar, params=str(folders["params"]), output=str(folders["output"]),
            data=str(data) if data else None, notebooks=str(notebooks) if notebooks else None, batch=batch, code=code,
            cwd=str(Path.cwd()), timeout=options.timeout,
            overrides=dict(overrides), environment=environment, pdf=options.pdf, force=options.force,
            engine=options.engine, seconds=options.seconds, build=work.BUILD, preload=work.PRELOAD,
        )
        for edition in editions
    ]  # fmt: skip


def _make_folder(output: Path) -> None:
    try:
        output.mkdir(parents=True, exist_ok=True)
    except OSError:
        raise BedrijfsvoeringError(f"De map {output} kan niet worden gemaakt. Kies een andere.") from None
    if not os.access(output, os.W_OK):
        raise BedrijfsvoeringError(f"De map {output} kan niet worden beschreven. Kies een andere.")


def _client(tasks: Sequence[Task], options: Options) -> AbstractContextManager[Any]:
    if options.scheduler:
        return remote_client(options.scheduler)
    return local_client(min(options.workers or core_count(), len(tasks)), options.verbose)


def _introduce(
    client: Any, tasks: Sequence[Task], options: Options, folders: Mapping[str, Path | None], progress: Progress
) -> None:
    """Say who does the work; see first that workers elsewhere can."""
    if options.scheduler:
        known = {name: path for name, path in folders.items() if path}
        if not folders["data"] and not os.environ.get(DATA_VARIABLE):
            known["data"] = find_data()
        count = check_workers(client, known, [Path.cwd(), folders["notebooks"] or notebooks_folder()])
        if not count:
            progress.say(f"Er zijn nog geen workers bij {options.scheduler}. De batch begint zodra er een is.")
    else:
        count = len(client.scheduler_info(n_workers=-1)["workers"])
    progress.say(f"{counted(len(tasks), 'uitgave', 'uitgaven')}, {counted(count, 'worker', 'workers')}")
    if has_dashboard(client):
        progress.say(f"Dashboard: {client.dashboard_link}")


def counted(count: int, one: str, more: str) -> str:
    """Return a number with its noun."""
    return f"{count} {one if count == 1 else more}"


def _collect(client: Any, tasks: Sequence[Task], progress: Progress) -> tuple[list[Outcome], bool]:
    """Give the tasks to Dask and gather what comes of them; return that, and whether it was stopped."""
    from .leaving import run_on_worker

    outcomes: dict[str, Outcome] = {}
    futures: list[Any] = []
    stopped = False
    try:
        futures = client.map(run_on_worker, tasks, pure=False)
        by_key = {future.key: task for future, task in zip(futures, tasks, strict=True)}
        for key, outcome in _finished(futures, by_key):
            outcomes[key] = outcome
            progress.done(outcome)
    except KeyboardInterrupt:
        stopped = True
        progress.say("Stoppen: de bouwen die lopen worden afgebroken.")
        stop_workers(client, futures, tasks[0].batch)
        late = [future for future in futures if future.status == "finished" and future.key not in outcomes]
        outcomes |= {future.key: future.result() for future in late}
    done = {(outcome.gemeente, outcome.jaar) for outcome in outcomes.values()}
    left = [Outcome(task.gemeente, task.jaar, NIET_GEDAAN) for task in tasks if (task.gemeente, task.jaar) not in done]
    return [*outcomes.values(), *left], stopped


def _finished(futures: Sequence[Any], by_key: Mapping[str, Task]) -> Iterator[tuple[str, Outcome]]:
    """Return each task's outcome as it comes; one that Dask gave up is an outcome too."""
    from distributed import as_completed

    for future in as_completed(futures):
        if future.status == "finished":
            yield future.key, future.result()
        else:
            told = "Deze uitgave is niet gemaakt: de scheduler of de workers die haar kregen, zijn weggevallen."
            yield future.key, failed(by_key[future.key], "WORKER_VERLOREN", told)
        future.release()


def _write(summary: Summary, output: Path) -> None:
    """Write the list of all editions and `batch.json`."""
    try:
        write_index(output)
        write_summary(summary, output)
    except OSError:
        raise BedrijfsvoeringError(
            f"De map {output} kan niet worden beschreven. Maak daar ruimte of rechten."
        ) from None
