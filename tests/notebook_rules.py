"""How the house writes notebooks: stripped, short cells, no logic. The tests, `make check` and the git hook use it.

    python tests/notebook_rules.py notebooks/*.ipynb

prints a line per problem (notebook, cell, what, how to mend it) and ends with 1 where there is any. It needs nothing
but Python itself, so that a commit does not wait for Jupyter.
"""

from __future__ import annotations

import ast
import json
import re
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

MAX_LINES = 10
"""Lines of a code cell; what needs more is logic, and logic lives in a module."""
CHAPTER = re.compile(r"[0-9]-[a-z0-9-]+")
"""The name of a chapter; only chapters have parameters, and prose without a year or a figure."""
LOGIC: dict[type[ast.AST], str] = {
    ast.FunctionDef: "een functie (def)", ast.AsyncFunctionDef: "een functie (def)", ast.Lambda: "een functie (lambda)",
    ast.ClassDef: "een klasse (class)", ast.For: "een lus (for)", ast.AsyncFor: "een lus (for)",
    ast.While: "een lus (while)", ast.comprehension: "een lus (for)",
}  # fmt: skip
READING = re.compile(r"(?:i?open|urlopen|read_[a-z0-9_]+|load_workbook|loadtxt|genfromtxt)")
"""What reads a file, by the name that it is called by; `load_figures` and `load_story` are the module's own."""
NO_FIGURES = ("1,5", "/ 2", "+ 1", "Iv3", "0.4")
"""The bounds of rounding, the name of a delivery and of a taakveld are no figures of an edition."""
LINK = re.compile(r"\]\([^)]*\)")
NO_NOTEBOOK = "dit is geen notebook. Zet de laatste goede versie terug."


@dataclass(frozen=True)
class Problem:
    """One thing that is not as the house writes notebooks."""

    notebook: str
    cell: str
    told: str

    def __str__(self) -> str:
        place = f"{self.notebook}, cel '{self.cell}'" if self.cell else self.notebook
        return f"{place}: {self.told}"


def read_problems(path: Path) -> list[Problem]:
    """Return what is wrong with a notebook on disk."""
    return problems(path.read_bytes(), path.as_posix())


def problems(raw: bytes, name: str, with_outputs: bool = True) -> list[Problem]:
    """Return all that is wrong with a notebook; `name` is what the messages call it.

    The hook judges before it strips and needs no telling that there are outputs: it asks without them. To strip first
    would be too late: nbformat gives one of two cells with the same id another, and says nothing to its user.
    """
    try:
        nb = json.loads(raw.decode("utf-8"))
        cells, metadata, form = nb["cells"], nb["metadata"], (nb["nbformat"], nb["nbformat_minor"])
        found = [*_of_notebook(metadata, cells, form), *_of_cells(cells, is_chapter(name), with_outputs)]
    except (ValueError, KeyError, TypeError, AttributeError):
        found = [("", NO_NOTEBOOK)]
    return [Problem(name, cell, told) for cell, told in found]


def is_chapter(name: str) -> bool:
    """Tell whether a notebook is a chapter, by its name."""
    return bool(CHAPTER.fullmatch(Path(name).stem))


def _of_notebook(metadata: dict[str, Any], cells: list[Any], form: tuple[int, int]) -> Iterator[tuple[str, str]]:
    if form < (4, 5):
        yield "", f"de vorm is {form[0]}.{form[1]}, zonder namen van cellen. Open het in JupyterLab en bewaar het."
    if metadata.get("kernelspec", {}).get("name") != "python3":
        yield "", "de kernelspec is niet 'python3'. Kies in JupyterLab de kernel Python 3 en bewaar het notebook."
    if not cells or cells[0]["cell_type"] != "markdown" or not source(cells[0]).startswith("# "):
        yield "", "de eerste cel is geen titel (# …)."
    names = [cell.get("id", "") for cell in cells]
    for name in sorted({name for name in names if name and names.count(name) > 1}):
        yield name, "deze naam hebben twee cellen. Geef een van beide een andere naam (id)."


def _of_cells(cells: list[Any], chapter: bool, with_outputs: bool) -> Iterator[tuple[str, str]]:
    for place, cell in enumerate(cells):
        if cell["cell_type"] not in ("code", "markdown", "raw"):
            raise ValueError(cell["cell_type"])
        name = cell.get("id") or str(place + 1)
        if not cell.get("id"):
            yield name, "de cel heeft geen naam (id). Bewaar het notebook opnieuw in JupyterLab."
        if cell["cell_type"] == "code":
            found = [*(_of_output(cell) if with_outputs else ()), *_of_code(source(cell))]
        else:
            found = [*_of_prose(source(cell))] if chapter else []
        found += _of_tags(cell, place) if chapter else []
        yield from ((name, told) for told in found)


def _of_output(cell: dict[str, Any]) -> Iterator[str]:
    if cell["outputs"]:
        yield "de cel heeft uitvoer. Voer `make strip` uit."
    if cell["execution_count"] is not None:
        yield "de cel heeft een nummer van uitvoering. Voer `make strip` uit."


def _of_code(text: str) -> Iterator[str]:
    lines = len(text.splitlines())
    if lines > MAX_LINES:
        yield f"{lines} regels code; ten hoogste {MAX_LINES}. Zet de logica in een module van src/bedrijfsvoering."
    try:
        tree = ast.parse(text)
    except SyntaxError as exc:
        yield f"regel {exc.lineno} is geen gewone Python."
        return
    kinds = [LOGIC[type(node)] for node in ast.walk(tree) if type(node) in LOGIC]
    calls = [_called(node) for node in ast.walk(tree) if isinstance(node, ast.Call)]
    for what in dict.fromkeys(kinds):
        yield f"de cel heeft {what}. Logica hoort in een module van src/bedrijfsvoering."
    for what in dict.fromkeys(call for call in calls if READING.fullmatch(call)):
        yield f"de cel leest een bestand ({what}). Gebruik load_figures of load_story."


def _called(call: ast.Call) -> str:
    """Return the last name of what is called: `open`, or the `read_csv` of `pd.read_csv`."""
    return getattr(call.func, "id", getattr(call.func, "attr", ""))


def _of_prose(text: str) -> Iterator[str]:
    """A year or a figure in a chapter's own prose is wrong in the next edition; the story has them from the figures."""
    shown = LINK.sub("]", text)
    for known in NO_FIGURES:
        shown = shown.replace(known, "")
    if found := re.search(r"\S*\d\S*", shown):
        yield f"een cijfer in de tekst ({found[0]}). Zet het in de toelichting van de uitgave."


def _of_tags(cell: dict[str, Any], place: int) -> Iterator[str]:
    """The second cell is where papermill writes the parameters, the third loads and is not on the page."""
    wanted = {1: ["parameters"], 2: ["remove-cell"]}.get(place)
    tags = cell["metadata"].get("tags", [])
    if wanted and (cell["cell_type"] != "code" or tags != wanted):
        yield f"de {('tweede', 'derde')[place - 1]} cel moet code zijn met alleen het label '{wanted[0]}'."
    elif not wanted and "parameters" in tags:
        yield "alleen de tweede cel heeft het label 'parameters'."
    if wanted == ["parameters"]:
        bare = [line for line in source(cell).splitlines() if "  # " not in line]
        yield from (f"de parameter '{line.split(':')[0]}' heeft geen uitleg (# …)." for line in bare)


def source(cell: dict[str, Any]) -> str:
    """Return the text of a cell, which a file holds as one string or as lines."""
    return "".join(cell["source"])


def main(paths: list[str]) -> int:
    """Print the problems of the notebooks at `paths`; return 1 where there are any."""
    found = [problem for path in paths for problem in read_problems(Path(path))]
    for problem in found:
        print(problem, file=sys.stderr)
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
