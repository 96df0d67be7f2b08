"""The process that draws the charts, beside the chapters that are still running: drawing holds on to its process."""

from __future__ import annotations

import hashlib
import json
import multiprocessing
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from multiprocessing.connection import Connection
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING, Any, Protocol

from .preload import KERNEL, die_with_parent, forking

if TYPE_CHECKING:
    from ..svg import Drawn


class Drawings(Protocol):
    """Where the drawings of a page come from."""

    def begin(self, spec: Mapping[str, Any], rijen: Mapping[str, str]) -> object:
        """Say that a drawing will be asked for."""

    def draw(self, spec: Mapping[str, Any], rijen: Mapping[str, str]) -> Drawn:
        """Return a drawing."""


@contextmanager
def drawing(engine: str) -> Iterator[Drawings]:
    """Give what draws while chapters run: a process beside them where there is a fork, else whoever asks."""
    if engine == KERNEL:
        yield DrawnHere()
        return
    drawer = Drawer()
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

    def __init__(self) -> None:
        self.folder = TemporaryDirectory(prefix="bv-")
        self.asked: set[str] = set()
        context = forking()
        self.pipe, other = multiprocessing.Pipe()
        self.process = context.Process(target=_draw_all, args=(other, self.pipe, Path(self.folder.name)))
        self.process.start()
        other.close()

    def begin(self, spec: Mapping[str, Any], rijen: Mapping[str, str]) -> str:
        """Ask for a drawing, unless it was asked for before; return its name."""
        asked = json.dumps([spec, rijen], sort_keys=True)
        name = hashlib.sha256(asked.encode()).hexdigest()
        if name not in self.asked:
            self.asked.add(name)
            Path(self.folder.name, f"{name}.json").write_text(asked, encoding="utf-8")
            with suppress(OSError):
                self.pipe.send(name)
        return name

    def draw(self, spec: Mapping[str, Any], rijen: Mapping[str, str]) -> Drawn:
        """Return a drawing, waiting for it if need be; drawn here where the process cannot."""
        from ..svg import Drawn, draw

        drawn = Path(self.folder.name, f"{self.begin(spec, rijen)}.svg")
        with suppress(EOFError, OSError):
            while not drawn.exists():
                self.pipe.recv()
        if not drawn.exists():
            return draw(spec, rijen)
        return Drawn(*drawn.read_text(encoding="utf-8").split("\n", 1))

    def end(self) -> None:
        """End the process, and forget what it drew."""
        self.process.kill()
        self.process.join()
        self.pipe.close()
        self.folder.cleanup()


def _draw_all(pipe: Connection, other_end: Connection, folder: Path) -> None:
    """Draw what is asked, in that order, until nobody can ask any more."""
    die_with_parent()
    other_end.close()
    from ..svg import draw, start_drawing

    with suppress(Exception, KeyboardInterrupt):  # what cannot be drawn is drawn, and told of, by who asked
        start_drawing()
        while True:
            name = pipe.recv()
            spec, rijen = json.loads((folder / f"{name}.json").read_text(encoding="utf-8"))
            drawn = draw(spec, rijen)
            ready = folder / f"{name}.part"
            ready.write_text(f"{drawn.box}\n{drawn.inner}", encoding="utf-8")
            ready.rename(folder / f"{name}.svg")
            pipe.send(name)
