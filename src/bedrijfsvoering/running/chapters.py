"""Which notebooks are chapters; one chapter run by papermill, and proven to have run to its end."""

from __future__ import annotations

import logging
import os
import shutil
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from itertools import groupby
from pathlib import Path
from typing import Any

import nbformat
from nbformat.v4 import new_output

from ..errors import ChapterError, first_line
from ..findings import Finding
from ..inputs import chapter_paths
from .processes import FORK, KERNEL, SECONDS
from .scratch import make_scratch

ENGINES = {KERNEL: "nbclient", FORK: "bedrijfsvoering"}
"""The ways to run a chapter, and what papermill calls them."""
IPYTHON = "IPYTHONDIR"
"""Environment variable for IPython's own folder: a chapter reads no settings of whoever runs it, and writes none."""
QUIET = "--IPKernelApp.log_level=50"
"""A kernel's own log is English and for its makers; what a cell writes is shown all the same."""


def find_chapters(folder: Path) -> list[Path]:
    """Return the chapters' notebooks in their order: `0-samenvatting.ipynb`, `1-overhead.ipynb` and so on.

    Raises
    ------
    ChapterError
        There are none, or one cannot be run by papermill as it should; all problems at once.
    """
    paths = chapter_paths(folder)
    if not paths:
        raise ChapterError(f"In {folder} staan geen hoofdstukken (zoals 1-overhead.ipynb).")
    problems = [problem for path in paths for problem in check_chapter(path)]
    if problems:
        raise ChapterError(problems)
    return paths


def worked_in(paths: Iterable[Path]) -> list[str]:
    """Return the names of chapters that were run and saved, as JupyterLab does by itself after a while."""
    read = ((path, nbformat.read(path, as_version=4)) for path in paths)
    return [path.name for path, nb in read if any(cell.get("outputs") for cell in nb.cells)]


def check_chapter(path: Path) -> list[Finding]:
    """Return why a notebook cannot be run as a chapter; papermill itself would go on with the defaults."""
    try:
        nb = nbformat.read(path, as_version=4)
    except Exception:
        return [_fail(path, "Dit is geen notebook. Zet de laatste goede versie terug.")]
    problems = []
    if not nb.metadata.get("kernelspec", {}).get("name"):
        problems.append(
            _fail(path, "De kernelspec ontbreekt. Open het notebook in JupyterLab, kies Python 3 en bewaar.")
        )
    tagged = [cell for cell in nb.cells if "parameters" in cell.metadata.get("tags", [])]
    if len(tagged) != 1:
        bericht = (
            f"Verwacht één cel met het label 'parameters', gevonden {len(tagged)}. Zonder dat label blijven de "
            "waarden uit het notebook gelden. Geef de cel met de parameters dat label."
        )
        problems.append(_fail(path, bericht))
    return problems


def run_chapter(
    path: Path, output: Path, parameters: Mapping[str, Any], folders: Mapping[str, str], engine: str = KERNEL,
    seconds: int = SECONDS,
) -> nbformat.NotebookNode:  # fmt: skip
    """Run one chapter, write it as executed, and return it.

    Parameters
    ----------
    path, output
        The notebook, and where the executed one is written.
    parameters
        The edition's parameters; all of them go to every chapter.
    folders
        Environment variables that name the folders with figures, so that the executed notebook holds no path of this
        machine.
    engine
        `fork`, or `kernel`: one that papermill starts. Both give the same notebook.
    seconds
        How long one cell may take; an endless one is stopped.

    Raises
    ------
    ChapterError
        A cell failed, took too long, or was never reached; names the chapter, the cell and the cause.
    """
    from papermill import execute_notebook
    from papermill.exceptions import PapermillExecutionError

    for name in ("papermill", "traitlets"):
        logging.getLogger(name).setLevel(logging.ERROR)
    logging.getLogger("tornado").setLevel(logging.CRITICAL)  # a late answer of a chapter that has ended is no news
    scratch = make_scratch()
    try:
        with _environment({**folders, IPYTHON: str(scratch)}):
            nb = execute_notebook(
                str(path), None, parameters=dict(parameters), progress_bar=False, cwd=str(path.parent),
                engine_name=ENGINES[engine], request_save_on_cell_execute=False, execution_timeout=seconds,
                start_timeout=SECONDS, record_timing=False, config=_kernel_config(scratch), extra_arguments=[QUIET],
            )  # fmt: skip
    except PapermillExecutionError as exc:
        raise ChapterError([_failed_cell(path, exc)]) from None
    except TimeoutError:
        bericht = f"Een cel duurde langer dan {seconds} seconden en is gestopt."
        raise ChapterError([_fail(path, bericht)]) from None
    except Exception as exc:  # the kernel died, or could not start
        bericht = f"Het hoofdstuk kon niet worden uitgevoerd: {type(exc).__name__}: {first_line(exc)}."
        raise ChapterError([_fail(path, bericht)]) from None
    finally:
        shutil.rmtree(scratch, ignore_errors=True)
    check_executed(path, nb)
    executed = clean_executed(nb)
    nbformat.write(executed, output)
    return executed


@contextmanager
def _environment(variables: Mapping[str, str]) -> Iterator[None]:
    before = {name: os.environ.get(name) for name in variables}
    os.environ.update(variables)
    try:
        yield
    finally:
        for name, value in before.items():
            os.environ.pop(name, None) if value is None else os.environ.update({name: value})


def _kernel_config(scratch: Path) -> Any:
    """Return how to reach a kernel: over socket files of its own where the system has them; TCP can be listened to."""
    from traitlets.config import Config

    sockets = {"transport": "ipc", "ip": f"{scratch}/k"} if os.name == "posix" else {}
    return Config({"KernelManager": {"connection_file": f"{scratch}/kernel.json", **sockets}})


def check_executed(path: Path, nb: nbformat.NotebookNode) -> None:
    """Prove that every code cell ran: papermill takes a cell that calls `sys.exit()` for a good end."""
    for index, cell in enumerate(nb.cells, start=1):
        if cell.cell_type != "code" or not cell.source.strip():
            continue
        ended = any(output.output_type == "error" for output in cell.get("outputs", []))
        if ended or cell.get("execution_count") is None:
            bericht = (
                f"Niet alle cellen zijn uitgevoerd: cel {index} ({cell.get('id')}) "
                f"{'beëindigt het hoofdstuk, bijvoorbeeld met sys.exit()' if ended else 'is nooit bereikt'}. "
                "Haal het einde uit de cel weg."
            )
            raise ChapterError([_fail(path, bericht)])


def clean_executed(nb: nbformat.NotebookNode) -> nbformat.NotebookNode:
    """Take out what differs from run to run: times, paths, papermill's book-keeping of them, and pieces of a stream."""
    papermill = nb.metadata.get("papermill", {})
    nb.metadata["papermill"] = {
        "parameters": papermill.get("parameters", {}),
        "version": papermill.get("version"),
    }
    nb.metadata.get("language_info", {}).pop("version", None)
    for cell in nb.cells:
        for key in ("papermill", "execution"):
            cell.metadata.pop(key, None)
        cell["id"] = cell.get("id") if "injected-parameters" not in cell.metadata.get("tags", []) else "injected"
        if "outputs" in cell:
            cell["outputs"] = list(_whole_streams(cell.outputs))
    return nb


def _whole_streams(outputs: Sequence[nbformat.NotebookNode]) -> Iterator[nbformat.NotebookNode]:
    """Yield outputs, the pieces of a stream that follow each other as one: how it is cut up is a matter of time."""
    for is_text, run in groupby(outputs, key=lambda output: output.output_type == "stream"):
        if not is_text:
            yield from run
            continue
        texts = {"stdout": "", "stderr": ""}
        for output in run:
            texts[output.name] = texts.get(output.name, "") + output.text
        yield from (new_output("stream", name=name, text=text) for name, text in texts.items() if text)


def _failed_cell(path: Path, exc: Any) -> Finding:
    """Return which cell failed and why; our own errors already say it in Dutch."""
    cells = nbformat.read(path, as_version=4).cells
    ident = next((cell.get("id") for cell in cells if cell.source == exc.source), None)
    name = f"cel {ident}" if ident else f"cel {exc.exec_count}"
    cause = exc.evalue if exc.ename.endswith(("Error", "Wrong")) and "bedrijfsvoering" in "".join(exc.traceback) else ""
    told = cause or f"{exc.ename}: {exc.evalue}"
    return _fail(path, f"In {name} ging het mis: {told}")


def _fail(path: Path, bericht: str) -> Finding:
    return Finding(code="HOOFDSTUK_MISLUKT", ernst="fout", bericht=bericht, bestand=path.name)
