"""The chapters of one edition run side by side, each in a process that ends with it."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import suppress
from multiprocessing.connection import Connection, wait
from pathlib import Path
from typing import Any

import nbformat

from ..errors import ChapterError
from ..findings import Finding
from .chapters import run_chapter
from .processes import FORK, KERNEL, begin_process, can_fork, forking, start_process


def execute_chapters(
    paths: Sequence[Path], output: Path, parameters: Mapping[str, Any], folders: Mapping[str, str], engine: str,
    seconds: int, at_once: int, begun: Callable[[str], None],
) -> Iterator[tuple[str, nbformat.NotebookNode]]:  # fmt: skip
    """Yield each chapter as executed, by its name and as soon as it is ready.

    Parameters
    ----------
    paths, output
        The notebooks, and the folder that the executed ones are written in.
    parameters, folders, engine, seconds
        As `run_chapter` takes them.
    at_once
        So many chapters run side by side.
    begun
        Is told the name of each chapter that begins.

    Raises
    ------
    ChapterError
        A chapter cannot be run. The others are stopped.
    """
    if engine == KERNEL or (at_once == 1 and can_fork()):  # the cells run in a process of their own as it is
        for path in paths:
            begun(path.stem)
            yield path.stem, run_chapter(path, output / path.name, parameters, folders, engine, seconds)
        return
    context = forking()
    running: dict[Any, tuple[Path, Any]] = {}
    waiting = list(paths)
    try:
        while waiting or running:
            while waiting and len(running) < at_once:
                path = waiting.pop(0)
                begun(path.stem)
                pipe, other = context.Pipe(duplex=False)
                process = context.Process(
                    target=_run, args=(other, path, output / path.name, parameters, folders, FORK, seconds)
                )
                start_process(process)
                other.close()
                running[pipe] = path, process
            for ready in wait(list(running)):
                path, process = running.pop(ready)
                try:
                    yield path.stem, _received(ready, path)
                finally:
                    process.join()
    finally:
        for pipe, (_, process) in running.items():
            process.kill()
            process.join()
            pipe.close()


def keep_chapters(kept: Mapping[str, Path], output: Path) -> Iterator[tuple[str, nbformat.NotebookNode]]:
    """Yield each chapter that need not be run again, taken over as it is."""
    for name, path in kept.items():
        shutil.copyfile(path, output / path.name)
        yield name, nbformat.read(path, as_version=4)


def _run(pipe: Connection, path: Path, *how: Any) -> None:
    """Run a chapter in a process of its own, and send it; or what is wrong with it."""
    begin_process()
    with suppress(KeyboardInterrupt):
        try:
            pipe.send(run_chapter(path, *how))
        except ChapterError as exc:
            pipe.send(exc.problems)


def _received(pipe: Any, path: Path) -> nbformat.NotebookNode:
    try:
        with pipe:
            told = pipe.recv()
    except (EOFError, OSError):
        bericht = "Het hoofdstuk kon niet worden uitgevoerd: het proces is gestopt."
        told = [Finding(code="HOOFDSTUK_MISLUKT", ernst="fout", bericht=bericht, bestand=path.name)]
    if isinstance(told, nbformat.NotebookNode):
        return told
    raise ChapterError(told)
