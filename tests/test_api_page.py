"""The page of the names that a notebook sees: it is what the docstrings say, and a reader finds all of it."""

from __future__ import annotations

import inspect
import re
import subprocess
import sys
from dataclasses import fields

import pytest
from conftest import ROOT

import bedrijfsvoering
from bedrijfsvoering.figures import Figures, Milestone, Post, Project, Table
from bedrijfsvoering.trace import Trace

PAGE = (ROOT / "docs" / "api.md").read_text(encoding="utf-8")
PARTS = dict(zip(*[iter(re.split(r"^### (\w+)\n", PAGE, flags=re.MULTILINE)[1:])] * 2, strict=True))


def test_the_page_is_what_the_command_makes() -> None:
    code = "import sys; sys.path.insert(0, 'docs'); from api_page import api_page; sys.stdout.write(api_page())"
    command = [sys.executable, "-X", "utf8", "-c", code]
    made = subprocess.run(command, cwd=ROOT, capture_output=True, check=True).stdout.decode()
    assert made == PAGE, "`make docs` makes docs/api.md anew"


def test_every_name_of_a_notebook_is_told_and_linked_in_the_list() -> None:
    for name in bedrijfsvoering.__all__:
        assert f"\n{name}(" in PARTS[name]
        assert f"| [`{name}`](#{name}) |" in PAGE
        text = " ".join(inspect.getdoc(getattr(bedrijfsvoering, name)).split("\n\n")[0].split())
        assert text in PARTS[name]


@pytest.mark.parametrize("kind", [Figures, Table, Post, Project, Milestone, Trace])
def test_every_public_attribute_of_what_they_give_back_is_told(kind: type) -> None:
    public = {name for name in vars(kind) if not name.startswith("_")}
    public |= {one.name for one in fields(kind)}
    for name in public:
        told = re.search(rf"^\| .*`{name}`.* \| \S.* \| \S.* \|$", PARTS[kind.__name__], re.MULTILINE)
        assert told or f".{name}(" in PARTS[kind.__name__], name


def test_no_attribute_stands_there_without_a_word() -> None:
    assert not re.search(r"^\|.*\|\s*\|$", PAGE, re.MULTILINE)


def test_a_docstring_in_the_numpy_style_becomes_lists() -> None:
    told = PARTS["load_figures"]
    assert 'load_figures(gemeente: str, jaar: int, data_dir: str = "", **used: Any) -> Figures' in told
    assert '- `gemeente`, `jaar`: The edition, such as `"diemen", 2023`.' in told
    assert "**Raises**\n\n- `ParamsError`: " in told
    assert "As in chapter `0-samenvatting`: `bv.load_figures(" in told
    assert "| `begin`, `eind` | `Period`, `Period \\| None` |" in PARTS["Milestone"]
    assert '`"gerealiseerd" or "gepland" or "verwacht"`' in PARTS["Milestone"]
    assert not re.search(r"^-{3,}$", PAGE, re.MULTILINE)  # no heading of a docstring is left over
    assert "'" not in "".join(re.findall(r"```python\n(.*?)```", PAGE, re.DOTALL))
