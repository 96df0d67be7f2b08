"""What the pages of the handbook say is done and seen: their blocks read from the Markdown, and run in a project copy.

A block between fences has a kind. Just above it may stand a comment, which no reader sees:

- `sh`: commands, each of which ends with 0, or with N where the fence says `sh exit=N`;
- `text`: what one sees then, line by line, in that order; `…` stands for anything;
- `yaml`, `csv`, `markdown` with the path of a file behind it: that file, which is then read by the real reader; with
  `+` before the path it is added at the end of that file;
- `yaml`, `csv`, `markdown` without a path: an example, which is parsed;
- `python`: is run, in one namespace for the page; a `text` block behind it is what its last line shows. With a path
  behind it, it is a part of that module;
- `diff` with a path: lines of that file that go and that come (`adding.md` alone);
- `tree`: what lies where; `plan`: a drawing, which nobody follows;
- `<!-- toets: NAME -->` names a step of `STEPS` that a person does before;
- `<!-- niet beproefd: NAME -->` names a block that cannot be run here; `EXEMPT` in `test_handbook.py` lists them all.
"""

from __future__ import annotations

import ast
import contextlib
import csv
import io
import os
import re
import shlex
import shutil
import subprocess
import sys
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import yaml
from conftest import ROOT

from bedrijfsvoering.build import prove_edition
from bedrijfsvoering.cli import run_command
from bedrijfsvoering.edition import read_edition
from bedrijfsvoering.params import load_params
from bedrijfsvoering.source import load_source

DOCS = ROOT / "docs"
KINDS = ("sh", "bat", "text", "tree", "plan", "yaml", "csv", "markdown", "python", "diff")
FENCE = re.compile(
    r"^(?P<notes>(?:<!--[^\n]*-->\n)*)(?P<indent> *)```(?P<info>[^\n]*)\n(?P<text>.*?)^ *```$", re.MULTILINE | re.DOTALL
)
STEP, UNTESTED = re.compile(r"<!-- toets: (.*?) -->"), re.compile(r"<!-- niet beproefd: (.*?) -->")


@dataclass(frozen=True)
class Block:
    """What stands between two fences of a page."""

    page: str
    line: int
    kind: str
    info: str
    text: str
    steps: tuple[str, ...] = ()
    untested: str = ""

    @property
    def place(self) -> str:
        return f"{self.page}, line {self.line}"

    @property
    def path(self) -> str:
        """The file that it stands for, or nothing."""
        return self.info.removeprefix("+").strip() if "/" in self.info or "." in self.info else ""

    @property
    def exit_code(self) -> int:
        return int(self.info.removeprefix("exit=")) if self.info.startswith("exit=") else 0

    @property
    def commands(self) -> list[str]:
        """Its commands, without what is said behind them; one that goes on over lines is one."""
        joined = self.text.replace("\\\n", " ")
        return [" ".join(line.split("  #")[0].split(" # ")[0].split()) for line in joined.splitlines() if line.strip()]


def pages() -> list[Path]:
    """Return every page that people write: the README and the handbook, but not what is made from docstrings."""
    written = [path for path in sorted(DOCS.glob("*.md")) if path.name != "api.md"]
    return [ROOT / "README.md", *written, *sorted((DOCS / "decisions").glob("*.md"))]


def read_blocks(path: Path) -> list[Block]:
    """Return the blocks of a page, in their order."""
    text = path.read_text(encoding="utf-8")
    found = []
    for match in FENCE.finditer(text):
        kind, _, info = match["info"].strip().partition(" ")
        indent, untested = match["indent"], UNTESTED.search(match["notes"])
        body = "".join(line.removeprefix(indent) for line in match["text"].splitlines(keepends=True))
        line = text.count("\n", 0, match.start()) + 1 + match["notes"].count("\n")
        steps = tuple(STEP.findall(match["notes"]))
        found.append(Block(path.name, line, kind, info, body, steps, untested[1] if untested else ""))
    return found


def seen_in(lines: str, told: str) -> list[str]:
    """Return the lines that are not in what was told, in their order; `…` stands for anything."""
    missing, rest = [], told
    for line in lines.splitlines():
        wanted = re.compile(re.escape(" ".join(line.split())).replace("…", ".*"))
        heard = [" ".join(one.split()) for one in rest.splitlines()]
        at = next((number for number, one in enumerate(heard) if wanted.search(one)), None)
        if line.strip() and at is None:
            missing.append(line)
        elif at is not None and line.strip():
            rest = "\n".join(rest.splitlines()[at + 1 :])
    return missing


@dataclass
class Reader:
    """Someone who does what a page says, in a project of their own."""

    root: Path
    steps: dict[str, Callable[[Path], None]]
    told: str = ""
    names: dict[str, Any] = field(default_factory=dict)
    used: set[str] = field(default_factory=set)

    @classmethod
    def with_project(cls, root: Path, steps: dict[str, Callable[[Path], None]]) -> Reader:
        """Copy what a person works with: the figures, the parameters and the chapters."""
        for name in ("data", "params", "notebooks"):
            shutil.copytree(ROOT / name, root / name)
        return cls(root, steps)

    def follow(self, block: Block) -> None:
        """Do what a block says, or see what it says one sees."""
        assert block.kind in KINDS, f"{block.place}: a block has no kind"
        for step in block.steps:
            self.steps[step](self.root)
            self.used.add(step)
        if block.untested:
            return
        if block.kind == "sh":
            self.run(block)
        elif block.kind == "text":
            assert seen_in(block.text, self.told) == [], f"{block.place}: not seen in\n{self.told}"
        elif block.kind == "python":
            self.told = show(block.text, self.names)
        elif block.kind == "tree":
            self.look(block)
        elif block.kind != "plan":
            self.write(block) if block.path else parse(block)

    def run(self, block: Block) -> None:
        """Run the commands of a block; together they tell what the next block says one sees."""
        self.told = ""
        for command in block.commands:
            code, told = run(command)
            self.told += told
            assert code == block.exit_code, f"{block.place}: {command} ended with {code}\n{told}"

    def look(self, block: Block) -> None:
        """See that what a block says is there is there; `mag ontbreken` says that it need not be."""
        for line in block.text.splitlines():
            name = line.split()[0]
            there = (self.root / name).exists() or (ROOT / name).exists()
            assert there or "mag ontbreken" in line, f"{block.place}: {name}"

    def write(self, block: Block) -> None:
        """Write the file that a block stands for, and have the real reader read it."""
        path = self.root / block.path
        path.parent.mkdir(parents=True, exist_ok=True)
        before = path.read_text(encoding="utf-8") if path.exists() else None
        added = f"{before}\n" if before and block.info.startswith("+") else ""
        path.write_text(added + block.text, encoding="utf-8")
        read_back(self.root, path)
        if before is not None and not added:  # an example of a whole file, which the next block need not have
            path.write_text(before, encoding="utf-8")


def run(command: str) -> tuple[int, str]:
    """Run a command as it is typed in the project's folder; return how it ended and what it said."""
    command = re.sub(r"^\.venv/bin/", "", command)
    program, *args = shlex.split(command)
    if program == "bedrijfsvoering":
        told = io.StringIO()
        with contextlib.redirect_stdout(told), contextlib.redirect_stderr(told):
            code = run_command(args)
        return code, told.getvalue()
    path = f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}"
    done = subprocess.run(
        ["/bin/sh", "-c", command], stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, timeout=300,
        check=False, env={**os.environ, "PATH": path},
    )  # fmt: skip
    return done.returncode, done.stdout


def show(code: str, names: dict[str, Any]) -> str:
    """Run Python as a notebook's cell does, and return what it prints and what its last line shows."""
    tree = ast.parse(code)
    last = tree.body.pop() if tree.body and isinstance(tree.body[-1], ast.Expr) else None
    told = io.StringIO()
    with contextlib.redirect_stdout(told):
        exec(compile(tree, "page", "exec"), names)
        if isinstance(last, ast.Expr):
            value = eval(compile(ast.Expression(last.value), "page", "eval"), names)
            print("" if value is None else repr(value))
    return told.getvalue()


def parse(block: Block) -> None:
    """Parse an example that is no whole file."""
    if block.kind == "yaml":
        assert yaml.safe_load(block.text), block.place
    elif block.kind == "csv":
        rows = list(csv.reader(block.text.splitlines(), delimiter=";"))
        assert len({len(row) for row in rows}) == 1 < len(rows[0]), block.place
    else:
        assert block.text.strip(), block.place


def read_back(root: Path, path: Path) -> None:
    """Have the program read a file of an edition: its source, its parameters, or the whole edition with it."""
    if path.is_relative_to(root / "params"):
        load_params(path)
        return
    gemeente, jaar, name = path.relative_to(root / "data").parts[:3]
    if name == "bron.yaml":
        load_source(path, name, int(jaar))
    elif path.suffix == ".md":
        prove_edition(gemeente, int(jaar), root / "data")
    else:
        read_edition(root / "data", gemeente, int(jaar))
