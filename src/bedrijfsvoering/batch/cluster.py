"""The workers of a batch: processes of this machine, or those of a Dask scheduler that is there already."""

from __future__ import annotations

import importlib.util
import logging
import os
import signal
import tempfile
import uuid
import warnings
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from importlib import metadata
from multiprocessing import current_process, resource_tracker
from pathlib import Path
from typing import Any

from ..errors import BedrijfsvoeringError
from ..findings import Finding
from .work import code_digest

INSTALL = 'python -m pip install -c constraints.txt -e ".[batch]"'
"""What installs Dask, in the folder of the project."""
DASHBOARD = "127.0.0.1:8787"
"""Where Dask's dashboard stands as a rule; where that is taken, Dask takes another number."""
CONNECT = 15
"""Seconds to wait for a scheduler that does not answer."""
SETTINGS = {
    "distributed.worker.daemon": False,  # a build is a process of its own
    "distributed.scheduler.worker-saturation": 1.0,  # nobody waits behind a build: that worker may be lost
    "distributed.scheduler.worker-ttl": "60s",  # a worker that hangs is replaced
    "distributed.worker.profile.enabled": False,  # a worker only waits
    "distributed.admin.system-monitor.interval": "5s",
}
"""What our own cluster has otherwise than Dask's standard."""


def need_dask() -> None:
    """See that Dask distributed is installed.

    Raises
    ------
    BedrijfsvoeringError
        It is not; says what to install.
    """
    if importlib.util.find_spec("distributed") is None:
        raise BedrijfsvoeringError(
            f"Voor een batch is Dask distributed nodig, en dat is niet geïnstalleerd. Doe in de map van het project: "
            f"{INSTALL}"
        )


def core_count() -> int:
    """Return the cores that this process may use."""
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


@contextmanager
def local_client(workers: int, verbose: bool = False) -> Iterator[Any]:
    """Give a client of a cluster on this machine: a process per worker, on the loopback address and behind TLS."""
    import dask
    from distributed import Client, LocalCluster

    level = logging.WARNING if verbose else logging.CRITICAL
    dashboard = DASHBOARD if importlib.util.find_spec("bokeh") else None
    logs = {"logging": {"distributed": logging.getLevelName(level).lower()}}
    with (
        tempfile.TemporaryDirectory(prefix="bv-dask-", ignore_cleanup_errors=True) as scratch,
        dask.config.set({**SETTINGS, **logs}),
        warnings.catch_warnings(),
        _deaf(),
    ):
        warnings.simplefilter("ignore")  # such as: the number of the dashboard is taken
        cluster = LocalCluster(
            n_workers=workers, threads_per_worker=1, processes=True, host="127.0.0.1", security=True,
            dashboard_address=dashboard, silence_logs=level, local_directory=scratch,
        )  # fmt: skip
        with _hearing(), cluster, Client(cluster) as client:
            yield client


def has_dashboard(client: Any) -> bool:
    """Tell whether the scheduler shows Dask's dashboard; without bokeh only its bare numbers are at that address."""
    try:
        return client.run_on_scheduler(importlib.util.find_spec, "bokeh") is not None
    except Exception:
        return False


@contextmanager
def remote_client(address: str) -> Iterator[Any]:
    """Give a client of the scheduler at an address.

    Raises
    ------
    BedrijfsvoeringError
        Nobody answers there.
    """
    from distributed import Client

    for handler in logging.getLogger("distributed").handlers:
        handler.setLevel(logging.CRITICAL)  # what goes wrong is told as an outcome
    try:
        client = Client(address, timeout=CONNECT)
    except Exception as exc:
        raise BedrijfsvoeringError(
            f"De scheduler op {address} antwoordt niet ({type(exc).__name__}). Verwacht een adres zoals "
            "tcp://10.0.0.5:8786; begin er een met: dask scheduler."
        ) from None
    with client:
        yield client


@contextmanager
def _deaf() -> Iterator[None]:
    """Begin processes that a Ctrl-C in the terminal does not reach: the caller ends them, in order."""
    if not hasattr(signal, "pthread_sigmask"):
        yield
        return
    resource_tracker.ensure_running()  # where this one begins, signals are let in again
    before = signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGINT})
    try:
        yield
    finally:
        signal.pthread_sigmask(signal.SIG_SETMASK, before)


@contextmanager
def _hearing() -> Iterator[None]:
    """Let Ctrl-C reach this process again; Dask's own thread stays deaf, and so do the workers that it starts."""
    if hasattr(signal, "pthread_sigmask"):
        signal.pthread_sigmask(signal.SIG_UNBLOCK, {signal.SIGINT})
    yield


def check_workers(client: Any, folders: Mapping[str, Path], needed: Sequence[Path]) -> int:
    """Return how many workers there are; each must have this very program and see these very folders.

    Parameters
    ----------
    client
        Dask's client.
    folders
        `data`, `params` and `output`; in the last a file is laid that every worker must see.
    needed
        Other folders and files that a build reads.

    Raises
    ------
    BedrijfsvoeringError
        Workers that cannot do the work, each with its address and the reason.
    """
    found = client.run(metadata.version, "bedrijfsvoering", on_error="return")
    wrong = {worker: _no_package(said) for worker, said in found.items() if isinstance(said, Exception)}
    output = folders["output"]
    output.mkdir(parents=True, exist_ok=True)
    mark = output / f".batch-{uuid.uuid4().hex}"
    mark.touch()
    try:
        able = [worker for worker in found if worker not in wrong]
        seen = [*map(str, folders.values()), *map(str, needed), str(mark)]
        told = client.run(look, code_digest(), seen, str(output), workers=able, on_error="return") if able else {}
    finally:
        mark.unlink(missing_ok=True)
    wrong |= {worker: _not_able(said) for worker, said in told.items() if said}
    if wrong:
        raise BedrijfsvoeringError(
            [
                Finding("WORKER_ANDERS", "fout", f"Deze worker kan niet meedoen: {why}", bestand=worker)
                for worker, why in sorted(wrong.items())
            ]
        )
    return len(found)


def _no_package(said: Exception) -> str:
    if isinstance(said, metadata.PackageNotFoundError):
        return "bedrijfsvoering is daar niet geïnstalleerd."
    return f"zij antwoordt niet ({type(said).__name__})."


def _not_able(said: list[str] | Exception) -> str:
    if isinstance(said, Exception):
        return f"zij heeft een andere versie van bedrijfsvoering ({type(said).__name__})."
    return " ".join(said)


def look(code: str, seen: Sequence[str], output: str) -> list[str]:
    """Return why this worker cannot do the work, in sentences; it runs on the worker itself."""
    problems = []
    if code_digest() != code:
        problems.append("zij heeft een andere versie van bedrijfsvoering.")
    if current_process().daemon:
        problems.append("zij mag geen processen beginnen; start haar met DASK_DISTRIBUTED__WORKER__DAEMON=False.")
    missing = [path for path in seen if not Path(path).exists()]
    if missing:
        problems.append(f"zij ziet {missing[0]} niet; de mappen moeten op gedeelde opslag staan.")
    else:
        try:
            with tempfile.NamedTemporaryFile(prefix=".batch-", dir=output):
                pass
        except OSError:
            problems.append(f"zij kan niet schrijven in {output}.")
    return problems


def stop_workers(client: Any, futures: Sequence[Any], batch: str) -> None:
    """Have all workers end what they are building for a batch, and begin nothing more of it; wait until they have."""
    from distributed import wait

    from .process import GRACE, stop_batch

    with suppress(Exception):  # workers that are gone build nothing either
        client.run(stop_batch, batch, on_error="ignore")
        at_work = {key for keys in client.processing().values() for key in keys}
        client.cancel([future for future in futures if not future.done() and future.key not in at_work])
        wait([future for future in futures if future.key in at_work], timeout=2 * GRACE)
