"""The developer's page is followed in a copy of the project: a table, a chapter, a chart and a check are added."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import nbformat
import pytest
from conftest import ROOT
from handbook import DOCS, Block, read_blocks, seen_in

BLOCKS = read_blocks(DOCS / "adding.md")


class Developer:
    """Someone who adds what the page adds, in a copy of the whole project."""

    def __init__(self, root: Path) -> None:
        self.root = root
        ignored = shutil.ignore_patterns("__pycache__", "*.png")
        for name in ("data", "params", "notebooks", "src", "tests", "docs"):
            shutil.copytree(ROOT / name, root / name, ignore=ignored)
        for name in ("pyproject.toml", "README.md", "Makefile", "environment.yml", "constraints.txt"):
            shutil.copy(ROOT / name, root)
        for path in ROOT.glob("requirements*.txt"):
            shutil.copy(path, root)
        self.told = ""

    def python(self, *args: str) -> subprocess.CompletedProcess[str]:
        """Run this environment's Python on the copy."""
        environment = {**os.environ, "PYTHONPATH": str(self.root / "src")}
        command = [sys.executable, *args]
        return subprocess.run(command, cwd=self.root, env=environment, stdout=subprocess.PIPE,
                              stderr=subprocess.STDOUT, text=True, timeout=300, check=False)  # fmt: skip

    def follow(self, block: Block) -> None:
        if block.kind == "sh":
            for command in block.commands:
                program, *args = command.split()
                done = self.python("-m", program, *args)
                self.told = done.stdout
                assert done.returncode == block.exit_code, f"{block.place}: {self.told}"
        elif block.kind == "text":
            assert seen_in(block.text, self.told) == [], f"{block.place}: not seen in\n{self.told}"
        elif block.kind == "diff":
            self.patch(block)
        else:
            self.write(block)

    def patch(self, block: Block) -> None:
        """Change a file as a block says: the lines with a minus go, those with a plus come."""
        path = self.root / block.path
        text, lines = path.read_text(encoding="utf-8"), block.text.splitlines()
        old = "".join(f"{line[1:]}\n" for line in lines if not line.startswith("+"))
        new = "".join(f"{line[1:]}\n" for line in lines if not line.startswith("-"))
        assert text.count(old) == 1, f"{block.place}: not once in {block.path}"
        path.write_text(text.replace(old, new), encoding="utf-8")

    def write(self, block: Block) -> None:
        """Write or add to a file; a notebook is made of its cells."""
        path = self.root / block.path
        path.parent.mkdir(parents=True, exist_ok=True)
        added = block.info.startswith("+")
        if path.suffix == ".ipynb":
            nb = nbformat.read(path, as_version=4) if added else empty_notebook()
            nb.cells += cells_of(block.text, len(nb.cells))
            nbformat.validate(nb)
            nbformat.write(nb, path)
            return
        before = path.read_text(encoding="utf-8") if added else ""
        between = "\n\n" if added and path.suffix == ".py" else ""
        path.write_text(before + between + block.text, encoding="utf-8")


def empty_notebook() -> nbformat.NotebookNode:
    """Return a notebook as the chapters are: with the environment's own kernel, and without cells."""
    nb = nbformat.read(ROOT / "notebooks" / "4-samenwerking.ipynb", as_version=4)
    nb.cells = []
    return nb


def cells_of(text: str, first: int) -> list[nbformat.NotebookNode]:
    """Return the cells that a page shows, each of which begins with `# %%`."""
    cells = []
    for number, part in enumerate(re.split(r"^# %%", text, flags=re.MULTILINE)[1:], start=first):
        head, _, body = part.partition("\n")
        ident = f"cel-{number}"
        if "[markdown]" in head:
            body = "\n".join(line.removeprefix("#").removeprefix(" ") for line in body.strip().splitlines())
            cells.append(nbformat.v4.new_markdown_cell(body, id=ident))
        else:
            tags = re.findall(r'"([\w-]+)"', head)
            cells.append(nbformat.v4.new_code_cell(body.strip(), id=ident, metadata={"tags": tags} if tags else {}))
    return cells


@pytest.fixture(scope="module")
def developer(tmp_path_factory: pytest.TempPathFactory) -> Developer:
    """Someone who followed the whole page."""
    one = Developer(tmp_path_factory.mktemp("project"))
    for block in BLOCKS:
        one.follow(block)
    return one


def test_what_the_page_adds_is_on_the_page_that_is_built(developer: Developer) -> None:
    page = (developer.root / "output" / "diemen" / "2023" / "index.html").read_text(encoding="utf-8")
    chapter = page[page.index('<section id="6-formatie"') :].split("</section>")[0]
    assert "Team Burgerzaken en KCC heeft de meeste open plaatsen" in chapter
    assert chapter.count("<figure") == 2  # the house's chart of the table, and the one that is added
    assert chapter.count('role="img"') == 4  # each drawn wide and narrow
    assert 'value="-0.4"' in chapter
    assert 'data-bron="formatie.totaal.rekening">48,3\u00a0fte</data>' in chapter[: chapter.index("</h2>")]
    ninth = page[page.index('<section id="9-verantwoording"') :]
    assert 'id="formatie"' not in ninth


def test_the_house_rules_hold_for_what_the_page_adds(developer: Developer) -> None:
    for command in (("format", "--check"), ("check",)):
        done = developer.python("-m", "ruff", *command, "src", "notebooks")
        assert done.returncode == 0, done.stdout
    rules = ["tests/test_house.py", "-k", "module_says or every_code", "-p", "no:cacheprovider"]
    done = developer.python("-m", "pytest", *rules)
    assert done.returncode == 0, done.stdout


@pytest.mark.long
@pytest.mark.skipif(not os.environ.get("BEDRIJFSVOERING_LONG"), reason="reads all types once more: make test-long")
def test_the_types_hold_for_what_the_page_adds(developer: Developer) -> None:
    done = developer.python("-m", "mypy", "src/bedrijfsvoering/vacatures.py", "src/bedrijfsvoering/checks.py")
    assert done.returncode == 0, done.stdout


def test_the_chapter_that_the_page_adds_is_written_as_the_house_writes_notebooks(developer: Developer) -> None:
    from notebook_rules import read_problems

    assert read_problems(developer.root / "notebooks" / "6-formatie.ipynb") == []
