"""What is imported before a chapter is forked off, such that no output of a cell can tell that it was."""

from __future__ import annotations

import builtins
import gc
import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from importlib import import_module
from types import SimpleNamespace

from .processes import can_fork

GRAMMAR = "rfc3987_syntax"
"""Where JupyterLab is, `jsonschema` imports this to judge a kind of web address that no notebook and no chart has; it
takes longer than all of pandas. Without it that one kind is not judged."""
FORGOTTEN = ("tqdm.auto", "tqdm.autonotebook")
"""Modules of papermill that choose by where they are imported; a cell must import them itself."""


def skip_grammar() -> None:
    """Keep `jsonschema` from building a grammar that nothing here uses, where it has not done so yet."""
    sys.modules.setdefault(GRAMMAR, None)  # type: ignore[arg-type]  # this is how Python says "not to be had"


def preload() -> None:
    """Import what every chapter needs, as a kernel would: the processes forked from this one find it ready.

    Threads of the libraries for numbers are not started: only a process of a single thread can be forked safely, and
    nothing here needs them.
    """
    for library in ("OPENBLAS", "OMP", "MKL"):
        os.environ.setdefault(f"{library}_NUM_THREADS", "1")
    skip_grammar()
    gc.disable()  # what is imported stays
    with _as_in_a_kernel():
        import_module("pandas")
    for name in ("altair", "papermill", "ipykernel.inprocess"):
        import_module(name)
    package = import_module("bedrijfsvoering")
    for name in package.__all__:
        getattr(package, name)
    if can_fork():
        gc.collect()
        gc.freeze()  # so that the collector of a forked process does not copy what all of them share
    gc.enable()


@contextmanager
def _as_in_a_kernel() -> Iterator[None]:
    """Let pandas believe that it is imported in a kernel: it chooses then how wide a frame is written as text."""
    if hasattr(builtins, "get_ipython") or "pandas" in sys.modules:
        yield
        return
    builtins.get_ipython = lambda: SimpleNamespace(kernel=None)  # type: ignore[attr-defined]
    try:
        yield
    finally:
        del builtins.get_ipython  # type: ignore[attr-defined]
