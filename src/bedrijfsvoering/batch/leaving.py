"""What happens when a worker is asked to go, as a cluster does to save or to move machines: its builds end first.

Dask gives the edition to another worker the moment that this one is gone; two builds of it must not run side by side.
"""

from __future__ import annotations

import asyncio
from typing import Any

from distributed import Reschedule, WorkerPlugin, get_worker

from .process import end_builds, run_task
from .work import Outcome, Task

NAME = "bedrijfsvoering"
WAIT = 10
"""Seconds to wait for the worker to know of its builds."""


class Leaving(WorkerPlugin):
    """Ends the builds of a worker that closes, before it tells the scheduler that it is gone."""

    def teardown(self, worker: Any) -> None:
        """Do that; it runs on the worker, which does nothing else meanwhile."""
        end_builds()


def run_on_worker(task: Task) -> Outcome:
    """Run a task on a Dask worker.

    Raises
    ------
    Reschedule
        The worker is closing, and the build was ended for that: Dask gives the task to another.
    """
    worker: Any = get_worker()
    if NAME not in worker.plugins:
        adding = worker.plugin_add(Leaving(), name=NAME)
        asyncio.run_coroutine_threadsafe(adding, worker.loop.asyncio_loop).result(WAIT)
    outcome = run_task(task, worker.memory_manager.memory_limit)
    if outcome is None:
        raise Reschedule
    return outcome
