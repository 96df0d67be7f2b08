"""The rules for notebooks: each chapter keeps them, and each rule bites."""

from __future__ import annotations

import json
import shutil
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from conftest import CHAPTERS, ROOT
from notebook_rules import problems, read_problems

NAME = "1-overhead"
LONG = "\n" + "\n".join(f"x{line} = {line}" for line in range(10))
Nb = dict[str, Any]


def chapter() -> Nb:
    nb: Nb = json.loads((ROOT / "notebooks" / f"{NAME}.ipynb").read_text(encoding="utf-8"))
    for cell in nb["cells"]:
        cell["source"] = "".join(cell["source"])
    return nb


def told(nb: Nb, name: str = f"{NAME}.ipynb", **options: bool) -> list[str]:
    return [str(problem) for problem in problems(json.dumps(nb).encode(), name, **options)]


@pytest.mark.parametrize("name", CHAPTERS)
def test_a_chapter_keeps_the_rules(name: str) -> None:
    assert read_problems(ROOT / "notebooks" / f"{name}.ipynb") == []


@pytest.mark.parametrize(
    ("cell", "fields", "said"),
    [
        (3, {"source": f"story{LONG}"}, "cel 'antwoord': 11 regels code; ten hoogste 10. Zet de logica in een module"),
        (3, {"source": "def som(): return 1"}, "cel 'antwoord': de cel heeft een functie (def)"),
        (3, {"source": "async def som(): return 1"}, "een functie (def)"),
        (3, {"source": "som = lambda x: x"}, "een functie (lambda)"),
        (3, {"source": "class A: pass"}, "een klasse (class)"),
        (3, {"source": "for x in (): x"}, "een lus (for)"),
        (3, {"source": "while False: pass"}, "een lus (while)"),
        (3, {"source": "[x for x in ()]"}, "een lus (for)"),
        (3, {"source": "pd.read_csv('x.csv')"}, "de cel leest een bestand (read_csv). Gebruik load_figures"),
        (3, {"source": "Path('x').read_text()"}, "leest een bestand (read_text)"),
        (3, {"source": "open('x.csv')"}, "leest een bestand (open)"),
        (3, {"source": "x = 1\n%load x"}, "regel 2 is geen gewone Python"),
        (3, {"outputs": [{}]}, "cel 'antwoord': de cel heeft uitvoer. Voer `make strip` uit."),
        (3, {"execution_count": 3}, "de cel heeft een nummer van uitvoering. Voer `make strip` uit."),
        (3, {"id": ""}, "cel '4': de cel heeft geen naam (id)"),
        (3, {"id": "titel"}, "cel 'titel': deze naam hebben twee cellen"),
        (3, {"metadata": {"tags": ["parameters"]}}, "alleen de tweede cel heeft het label 'parameters'"),
        (1, {"metadata": {}}, "cel 'parameters': de tweede cel moet code zijn met alleen het label 'parameters'"),
        (2, {"metadata": {"tags": []}}, "cel 'laden': de derde cel moet code zijn met alleen het label 'remove-cell'"),
        (1, {"source": "jaar: int = 1"}, "cel 'parameters': de parameter 'jaar' heeft geen uitleg"),
        (0, {"source": "Geen titel"}, "1-overhead.ipynb: de eerste cel is geen titel"),
        (0, {"source": "# Titel\n\nIn 2023 was dat anders."}, "cel 'titel': een cijfer in de tekst (2023)"),
        (4, {"source": "## Het 1e kwartaal"}, "cel 'kop-resultaat': een cijfer in de tekst (1e)"),
    ],
)
def test_a_rule_bites_with_one_line_that_names_the_cell(cell: int, fields: Nb, said: str) -> None:
    nb = chapter()
    nb["cells"][cell] |= fields
    (line,) = told(nb)
    assert line.startswith("1-overhead.ipynb")
    assert said in line


@pytest.mark.parametrize(
    ("change", "said"),
    [
        (lambda nb: nb["metadata"].pop("kernelspec"), "1-overhead.ipynb: de kernelspec is niet 'python3'"),
        (lambda nb: nb.update(nbformat_minor=4), "1-overhead.ipynb: de vorm is 4.4"),
        (lambda nb: nb.pop("cells"), "1-overhead.ipynb: dit is geen notebook"),
        (lambda nb: nb["cells"][3].pop("outputs"), "dit is geen notebook"),
        (lambda nb: nb["cells"][3].update(cell_type="anders"), "dit is geen notebook"),
    ],
)
def test_a_broken_notebook_is_told(change: Callable[[Nb], Any], said: str) -> None:
    nb = chapter()
    change(nb)
    assert said in told(nb)[0]
    assert "geen notebook" in str(problems(b"\xff", "x.ipynb")[0])


def test_what_looks_like_logic_or_a_figure_is_none() -> None:
    nb = chapter()
    nb["cells"][3]["source"] = "bv.load_story(figures, 'voor for while: open(')  # class, def"
    nb["cells"][4]["source"] = "## Zie [hoofdstuk over personeel](2-personeel.ipynb)"
    assert told(nb) == []


def test_a_page_that_is_no_chapter_may_have_figures_and_needs_no_parameters() -> None:
    nb = chapter()
    nb["cells"][0]["source"] += "\n\nDruk op F5."
    del nb["cells"][1:3]
    assert told(nb, "begin.ipynb") == []
    assert len(told(nb)) > 1
    nb["cells"][1]["source"] = LONG
    assert len(told(nb, "begin.ipynb")) == 1


def test_the_hook_judges_without_outputs() -> None:
    nb = chapter()
    nb["cells"][3] |= {"outputs": [{}], "execution_count": 1}
    assert len(told(nb)) == 2
    assert told(nb, with_outputs=False) == []


def test_by_hand_it_tells_every_problem_and_ends_with_one(tmp_path: Path) -> None:
    for name in CHAPTERS[:2]:
        shutil.copy(ROOT / "notebooks" / f"{name}.ipynb", tmp_path)
    command = [sys.executable, ROOT / "tests" / "notebook_rules.py", *sorted(tmp_path.glob("*.ipynb"))]
    assert subprocess.run(command, capture_output=True, check=True).stderr == b""
    nb = chapter()
    nb["cells"][3] |= {"outputs": [{}], "source": "while True: open('x')"}
    (tmp_path / f"{NAME}.ipynb").write_text(json.dumps(nb), encoding="utf-8")
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert done.returncode == 1
    assert len(done.stderr.splitlines()) == 3
