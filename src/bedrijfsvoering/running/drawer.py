"""The process that draws the charts, beside the chapters that are still running: drawing holds on to its process."""

from __future__ import annotations

import hashlib
import json
import multiprocessing
import os
import shutil
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from multiprocessing.connection import Client, Connection, Listener
from pathlib import Path
from typing import TYPE_CHECKING, Any, Protocol

from .processes import KERNEL, begin_process, forking, start_process
from .scratch import make_scratch

if TYPE_CHECKING:
    from ..svg import Drawn


VARIABLE = "BEDRIJFSVOERING_TEKENAAR"
"""Environment variable with the address of a process that draws for every build of a worker."""


class Drawings(Protocol):
    """Where the drawings of a page come from."""

    def begin(self, spec: Mapping[str, Any], rijen: Mapping[str, str]) -> object:
        """Say that a drawing will be asked for."""

    def draw(self, spec: Mapping[str, Any], rijen: Mapping[str, str]) -> Drawn:
        """Return a drawing."""


@contextmanager
def drawing(engine: str) -> Iterator[Drawings]:
    """Give what draws while chapters run: a process beside them where there is a fork, else whoever asks.

    A worker that builds many editions has one such process for all of them, and says where in the environment.
    """
    if engine == KERNEL:
        yield DrawnHere()
        return
    drawer = Drawer(os.environ.get(VARIABLE, ""))
    try:
        yield drawer
    finally:
        drawer.end()


class DrawnHere:
    """Draws in this process, when a drawing is asked for."""

    def begin(self, spec: Mapping[str, Any], rijen: Mapping[str, str]) -> None:
        """Wait until it is asked for."""

    def draw(self, spec: Mapping[str, Any], rijen: Mapping[str, str]) -> Drawn:
        """Draw it now."""
        from ..svg import draw

        return draw(spec, rijen)


class Drawer:
    """Draws what is asked while its maker goes on.

    What is asked and what is drawn stands in files of a folder of its own, so that neither side ever waits for the
    other to read; through the pipe go their names alone.
    """

    def __init__(self, address: str = "") -> None:
        self.folder = make_scratch()
        self.asked: set[str] = set()
        self.process: Any = None
        self.pipe: Any = self._connect(address) if address else None
        if self.pipe is None:
            self.pipe, other = multiprocessing.Pipe()
            self.process = forking().Process(target=_draw_for_one, args=(other, self.pipe))
            start_process(self.process)
            other.close()
        self.pipe.send(self.folder)

    def _connect(self, address: str) -> Any:
        """Return a pipe to the process that draws for all, or None where it is gone."""
        with suppress(OSError, EOFError, multiprocessing.AuthenticationError):
            return Client(address)
        return None

    def begin(self, spec: Mapping[str, Any], rijen: Mapping[str, str]) -> str:
        """Ask for a drawing, unless it was asked for before; return its name."""
        asked = json.dumps([spec, rijen], sort_keys=True)
        name = hashlib.sha256(asked.encode()).hexdigest()
        if name not in self.asked:
            self.asked.add(name)
            Path(self.folder, f"{name}.json").write_text(asked, encoding="utf-8", newline="\n")
            with suppress(OSError):
                self.pipe.send(name)
        return name

    def draw(self, spec: Mapping[str, Any], rijen: Mapping[str, str]) -> Drawn:
        """Return a drawing, waiting for it if need be; drawn here where the process cannot."""
        from ..svg import Drawn, draw

        drawn = Path(self.folder, f"{self.begin(spec, rijen)}.svg")
        with suppress(EOFError, OSError):
            while not drawn.exists():
                self.pipe.recv()
        if not drawn.exists():
            return draw(spec, rijen)
        return Drawn(*drawn.read_text(encoding="utf-8").split("\n", 1))

    def end(self) -> None:
        """End what was begun for this page, and forget what was drawn."""
        if self.process:
            self.process.kill()
            self.process.join()
        self.pipe.close()
        shutil.rmtree(self.folder, ignore_errors=True)


def draw_for_all(address: str) -> None:
    """Draw for whoever connects to an address, one after the other, for as long as this process may live."""
    begin_process()
    from ..svg import start_drawing

    with suppress(KeyboardInterrupt), Listener(address) as listener:
        start_drawing()
        while True:
            with suppress(OSError, EOFError, multiprocessing.AuthenticationError), listener.accept() as pipe:
                _draw_asked(pipe)


def _draw_for_one(pipe: Connection, other_end: Connection) -> None:
    """Draw for one maker, who is the only one with the other end of the pipe."""
    begin_process()
    other_end.close()
    from ..svg import start_drawing

    with suppress(KeyboardInterrupt):
        start_drawing()
        _draw_asked(pipe)


def _draw_asked(pipe: Connection) -> None:
    """Draw what is asked, in that order, until nobody can ask any more; what cannot be drawn stops it.

    Who asked then draws it, and tells of it.
    """
    from ..svg import draw

    with suppress(Exception):
        folder = pipe.recv()
        while True:
            name = pipe.recv()
            spec, rijen = json.loads((folder / f"{name}.json").read_text(encoding="utf-8"))
            drawn = draw(spec, rijen)
            ready = folder / f"{name}.part"
            ready.write_text(f"{drawn.box}\n{drawn.inner}", encoding="utf-8", newline="\n")
            ready.rename(folder / f"{name}.svg")
            pipe.send(name)
    pipe.close()
