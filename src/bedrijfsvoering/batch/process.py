"""One build in a process of its own: watched, and ended whole when it hangs, grows too big or is no longer wanted."""

from __future__ import annotations

import os
import signal
import socket
import sys
import tempfile
import time
from contextlib import suppress
from dataclasses import replace
from multiprocessing import get_all_start_methods, get_context, parent_process
from multiprocessing.connection import Connection
from pathlib import Path
from threading import Event, Thread
from typing import Any

from ..running.drawer import VARIABLE, draw_for_all
from ..running.processes import die_with_parent
from ..running.scratch import make_scratch
from .work import NIET_GEDAAN, Outcome, Task, attempt, code_digest, failed

LOOK = 0.5
"""Seconds between two looks at a build that is at work."""
WEIGH = 2.0
"""Seconds between two weighings of its memory; a build is often ready before the first."""
GRACE = 3.0
"""Seconds that a build gets to clear away what it was making."""
MEGABYTE = 1_000_000
LOG = "log"
"""What a build writes to its terminal, in the folder with its temporary files."""
MAX_PATH = 75
"""A kernel is reached by files in such a folder, and a system wants their names short."""

_stopped: set[str] = set()
"""The batches whose caller does not wait any more."""
_running: set[int] = set()
"""The builds that this worker is at, by the number of their process."""
_drawer: dict[str, Any] = {}
"""The process that draws for all builds of this worker, and its address."""
_leaving = Event()
"""Set when this worker is going away."""


def run_task(task: Task, memory: int | None = None, scratch: str | None = None) -> Outcome | None:
    """Build one edition in a process of its own and return what came of it; this never raises.

    Parameters
    ----------
    task
        The edition.
    memory
        What the build may take with all its processes, in bytes, unless the task says otherwise.
    scratch
        A folder for temporary files; the system's own where it is not given.

    Returns
    -------
    Outcome or None
        None where the worker is leaving: the edition is for another.
    """
    started = time.monotonic()
    try:
        outcome = _refused(task) or run_build(task, task.memory or memory, scratch)
    except Exception as exc:
        outcome = failed(task, "BOUW_MISLUKT", f"De bouw kon niet beginnen: {type(exc).__name__}: {exc}")
    if _leaving.is_set() and not outcome.is_good:
        return None
    return replace(outcome, seconden=time.monotonic() - started, worker=f"{socket.gethostname()}:{os.getpid()}")


def stop_batch(batch: str) -> None:
    """Have this worker end the build that it is at for a batch, and refuse those that would follow."""
    _stopped.add(batch)


def end_builds() -> None:
    """End all builds of this worker, at once and whole: it is going away."""
    _leaving.set()
    for one in [one for pid in tuple(_running) for one in tree(pid)]:
        with suppress(Exception):
            one.kill()


def _refused(task: Task) -> Outcome | None:
    """Return why this worker does not begin, or None."""
    if task.batch in _stopped or _leaving.is_set():
        return failed(task, "BOUW_MISLUKT", "De batch is gestopt voor deze uitgave begon.", NIET_GEDAAN)
    if task.code != code_digest():
        return failed(task, "WORKER_ANDERS", "Deze worker heeft een andere versie van bedrijfsvoering.")
    return None


def run_build(task: Task, memory: int | None = None, scratch: str | None = None) -> Outcome:
    """Start the build from the worker's small parent, wait for it, and leave nothing of it behind."""
    forking = "forkserver" in get_all_start_methods()
    context: Any = get_context("forkserver" if forking else "spawn")
    if forking:
        context.set_forkserver_preload(list(task.preload))
    short = scratch if scratch and len(scratch) < MAX_PATH else None
    drawer = _drawing_address(context, short) if forking else ""
    with tempfile.TemporaryDirectory(prefix="bv-", dir=short, ignore_cleanup_errors=True) as folder:
        ours, theirs = context.Pipe(duplex=False)
        process = context.Process(target=build_process, args=(task, theirs, folder, drawer))
        try:
            process.start()
            _running.add(process.pid)
            theirs.close()
            return _watch(process, ours, task, Path(folder, LOG), memory)
        finally:
            ours.close()
            end(process)
            _running.discard(process.pid)


def _drawing_address(context: Any, folder: str | None) -> str:
    """Return where the process listens that draws for all builds of this worker; begun anew if it is gone."""
    drawer = _drawer.get("process")
    if drawer is None or not drawer.is_alive():
        _drawer["address"] = str((Path(tempfile.mkdtemp(dir=folder)) if folder else make_scratch()) / "tekenaar")
        _drawer["process"] = context.Process(target=drawing_process, args=(_drawer["address"],), name="tekenaar")
        _drawer["process"].start()
    return str(_drawer["address"])


def _watch(process: Any, ours: Connection, task: Task, log: Path, limit: int | None) -> Outcome:
    """Return what the build says, or why it had to be ended."""
    deadline, weigh = time.monotonic() + task.timeout, time.monotonic() + WEIGH
    while not ours.poll(min(LOOK, max(0.0, deadline - time.monotonic()))):
        now = time.monotonic()
        if task.batch in _stopped or _leaving.is_set():
            return failed(task, "BOUW_MISLUKT", "De batch is gestopt tijdens deze bouw.", NIET_GEDAAN)
        if now >= deadline:
            told = f"De bouw duurde langer dan {task.timeout:g} seconden en is gestopt. Geef meer tijd met --timeout."
            return failed(task, "BOUW_TE_LANG", told)
        if limit and now >= weigh:
            weigh = now + WEIGH
            if (weight := memory_of(process.pid)) > limit:
                told = f"De bouw nam {weight // MEGABYTE} MB geheugen; {limit // MEGABYTE} MB mag. Zij is gestopt."
                return failed(task, "BOUW_TE_GROOT", told)
    try:
        outcome: Outcome = ours.recv()
    except (EOFError, OSError):
        process.join(GRACE)
        return failed(task, "BOUW_MISLUKT", f"De bouw stopte zonder uitkomst: {_how(process.exitcode)}{_said(log)}.")
    process.join(GRACE)
    return outcome


def _how(code: int | None) -> str:
    """Return how a process ended, in words."""
    if code is None:
        return "het proces reageert niet"
    if code < 0:
        with suppress(ValueError):
            return f"signaal {signal.Signals(-code).name}"
    return f"het proces eindigde met code {code}"


def _said(log: Path) -> str:
    """Return the last line that a build wrote before it was gone."""
    with suppress(OSError):
        lines = log.read_text(encoding="utf-8", errors="replace").strip().splitlines()
        return f" ({lines[-1][:200]})" if lines else ""
    return ""


def memory_of(pid: int) -> int:
    """Return the memory of a process with all that it started, in bytes; what forked processes share is not counted."""
    total = 0
    for one in tree(pid):
        with suppress(Exception):  # it may be gone
            total += one.memory_full_info().uss
    return total


def tree(pid: int | None) -> list[Any]:
    """Return a process and all that it started, as far as they are there."""
    import psutil

    try:
        top = psutil.Process(pid)
        return [top, *top.children(recursive=True)]
    except psutil.Error:
        return []


def end(process: Any) -> None:
    """See that nothing of a build is left: it may clear away what it was making; then all that it started is ended."""
    if process.pid is None:
        return
    if process.is_alive():
        started = tree(process.pid)
        process.terminate()
        process.join(GRACE)
        for one in {*started, *tree(process.pid)}:
            with suppress(Exception):  # psutil sees to it that a number that was given out again is left alone
                one.kill()
        process.join(GRACE)
    if hasattr(os, "killpg"):
        with suppress(OSError):  # as a rule there is nobody left
            os.killpg(process.pid, signal.SIGKILL)


def drawing_process(address: str) -> None:
    """Be the process that draws for all builds of a worker, gone when the worker is."""
    _live_with_worker()
    draw_for_all(address)


def build_process(task: Task, pipe: Connection, folder: str, drawer: str) -> None:
    """Be the process of one build: in a group of its own, gone when its worker is, telling what came of it."""
    _live_with_worker()
    _write_to(Path(folder, LOG))
    os.environ["TMPDIR"] = tempfile.tempdir = folder  # what a build that is killed leaves there goes with the folder
    signal.signal(signal.SIGTERM, _interrupt)
    signal.signal(signal.SIGINT, signal.default_int_handler)
    if hasattr(signal, "pthread_sigmask"):
        signal.pthread_sigmask(signal.SIG_UNBLOCK, {signal.SIGINT, signal.SIGTERM})
    os.environ.update({**task.environment, VARIABLE: drawer})
    try:
        os.chdir(task.cwd)
    except OSError:
        outcome = failed(task, "WORKER_ANDERS", f"Deze worker ziet de map {task.cwd} niet.")
    else:
        outcome = attempt(task)
    signal.signal(signal.SIGTERM, signal.SIG_DFL)
    pipe.send(outcome)
    pipe.close()


def _interrupt(number: int, frame: object) -> None:
    raise KeyboardInterrupt


def _live_with_worker() -> None:
    """Arrange that this process ends with its worker, so that no edition is ever built twice at the same time.

    The parent of this process is the worker's forking parent. That one ends when no process holds its pipe any more,
    and a build would hold it too.
    """
    if hasattr(os, "setsid"):
        os.setsid()
    if sys.platform == "linux":
        from multiprocessing import forkserver

        held = getattr(getattr(forkserver, "_forkserver", None), "_forkserver_alive_fd", None)
        die_with_parent()
        if held is not None:
            os.close(held)
            forkserver._forkserver._forkserver_alive_fd = None  # type: ignore[attr-defined]
    else:
        Thread(target=_watch_worker, daemon=True).start()
    worker = parent_process()
    if worker is not None and not worker.is_alive():
        os._exit(1)


def _watch_worker() -> None:
    """End this process when its worker has gone, where the system does not do that itself."""
    worker = parent_process()
    if worker is not None:
        worker.join()
        os._exit(1)


def _write_to(log: Path) -> None:
    """Send what a build writes to a file: the terminal belongs to the progress of the whole batch."""
    with suppress(OSError):
        handle = os.open(log, os.O_WRONLY | os.O_APPEND | os.O_CREAT, 0o600)
        for stream in (1, 2):
            os.dup2(handle, stream)
        os.close(handle)
