"""The processes that chapters run in: how one is made, whether it can be forked, and that none outlives its build."""

from __future__ import annotations

import ctypes
import multiprocessing
import os
import signal
import sys
import threading
from typing import Any

KERNEL, FORK = "kernel", "fork"
"""The ways to run a chapter: papermill starts a kernel, or a process is forked off from one with its imports done."""
SECONDS = 120
"""What one cell may take, if nothing else is asked; an endless one is stopped."""
STOPS = {signal.SIGINT, signal.SIGTERM}
"""What asks a build to stop."""


def can_fork() -> bool:
    """Return whether a chapter can be forked from this very process: on Linux, of one thread, with its imports right.

    A fork copies the thread that forks alone, so what another thread holds stays locked for ever. macOS has a fork, but
    its own libraries cannot stand one. Pandas writes a wide frame otherwise if it was not imported as in a kernel.
    """
    pandas = sys.modules.get("pandas")
    as_in_a_kernel = pandas is None or pandas.get_option("display.max_columns") != 0
    return sys.platform == "linux" and threading.active_count() == 1 and as_in_a_kernel


def choose_engine(asked: str | None = None) -> str:
    """Return how the chapters run: as asked, or forked where the system can and else each in a kernel."""
    return FORK if sys.platform == "linux" and asked != KERNEL else KERNEL


def core_count() -> int:
    """Return the cores that this process may use."""
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


def forking() -> Any:
    """Return the context (of `multiprocessing`) that forks: this process, or where it cannot a small one that can."""
    if can_fork():
        return multiprocessing.get_context("fork")
    context = multiprocessing.get_context("forkserver")
    context.set_forkserver_preload([f"{__package__}.warm"])
    return context


def start_process(process: Any) -> None:
    """Start a process; a Ctrl-C that comes meanwhile is heard after it, for Python drops one that comes in a fork."""
    if not hasattr(signal, "pthread_sigmask"):
        process.start()
        return
    before = signal.pthread_sigmask(signal.SIG_BLOCK, STOPS)
    try:
        process.start()
    finally:
        signal.pthread_sigmask(signal.SIG_SETMASK, before)


def begin_process() -> None:
    """Begin a process that was forked off: it hears a stop, and ends with the one that made it."""
    if hasattr(signal, "pthread_sigmask"):
        signal.pthread_sigmask(signal.SIG_UNBLOCK, STOPS)
    die_with_parent()


def die_with_parent() -> None:
    """Let the system end this process when the one that made it ends, however that ends (Linux)."""
    pr_set_pdeathsig = 1
    parent = os.getppid()
    try:
        ctypes.CDLL(None).prctl(pr_set_pdeathsig, signal.SIGKILL)
    except (OSError, AttributeError, TypeError):
        return
    if os.getppid() != parent:
        os._exit(1)
