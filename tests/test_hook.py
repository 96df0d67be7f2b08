"""The git hook, in a repository of its own: what is committed is stripped, what breaks the rules is refused."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import nbformat
import pytest
from conftest import ROOT
from nbclient import NotebookClient

from bedrijfsvoering.inputs import DATA_VARIABLE

NAME = "notebooks/4-samenwerking.ipynb"
WITH_PYTHON = {"VIRTUAL_ENV": sys.prefix}
AUTHOR = {f"GIT_{who}_{what}": "toets@example.org" for who in ("AUTHOR", "COMMITTER") for what in ("NAME", "EMAIL")}
Nb = dict[str, Any]


@dataclass
class Repository:
    """A git repository with the hook turned on, as `make hooks` does."""

    root: Path

    def git(self, *args: str, **environment: str) -> subprocess.CompletedProcess[str]:
        clean = {name: value for name, value in os.environ.items() if not name.startswith(("GIT_", "CONDA_"))}
        ours = {**clean, **AUTHOR, "GIT_CONFIG_GLOBAL": os.devnull, "LC_ALL": "C.UTF-8", **WITH_PYTHON, **environment}
        command = ["git", *args]
        return subprocess.run(command, cwd=self.root, env=ours, capture_output=True, text=True, timeout=60, check=False)

    def ok(self, *args: str) -> str:
        done = self.git(*args)
        assert done.returncode == 0, done.stderr
        return done.stdout

    def path(self, name: str = NAME) -> Path:
        return self.root / name

    def read(self, name: str = NAME) -> Nb:
        return json.loads(self.path(name).read_text(encoding="utf-8"))

    def write(self, nb: Nb, name: str = NAME) -> None:
        self.path(name).parent.mkdir(parents=True, exist_ok=True)
        self.path(name).write_text(json.dumps(nb, ensure_ascii=False, indent=1) + "\n", encoding="utf-8")

    def committed(self, name: str = NAME) -> Nb:
        return json.loads(self.ok("show", f"HEAD:{name}"))

    def state(self) -> tuple[str, str, bytes]:
        """Return what must not change where a commit is refused: the last commit, what is staged, the file."""
        return self.ok("rev-parse", "HEAD"), self.ok("ls-files", "--stage"), self.path().read_bytes()


@pytest.fixture(scope="module")
def begun(tmp_path_factory: pytest.TempPathFactory) -> Repository:
    """A repository with the chapters, and the hook turned on."""
    root = tmp_path_factory.mktemp("git") / "mijn map"
    for folder in (".githooks", "notebooks"):
        shutil.copytree(ROOT / folder, root / folder, ignore=shutil.ignore_patterns(".ipynb_checkpoints"))
    (root / "tests").mkdir()
    for name in ("notebook_rules.py", "staged_notebooks.py"):
        shutil.copy(ROOT / "tests" / name, root / "tests" / name)
    new = Repository(root)
    new.ok("init", "--quiet", "--initial-branch=main")
    new.ok("add", "--all")
    new.ok("commit", "--quiet", "--message=begin")
    new.ok("config", "core.hooksPath", ".githooks")
    return new


@pytest.fixture
def repository(begun: Repository, tmp_path: Path) -> Repository:
    shutil.copytree(begun.root, tmp_path / "mijn map")
    return Repository(tmp_path / "mijn map")


@pytest.fixture(scope="module")
def executed(tmp_path_factory: pytest.TempPathFactory) -> Nb:
    """A chapter that was really run and saved, as JupyterLab leaves it behind."""
    nb = nbformat.read(ROOT / NAME, as_version=4)
    os.environ[DATA_VARIABLE] = str(ROOT / "data")
    try:
        NotebookClient(nb, timeout=60, kernel_name="python3").execute()
    finally:
        del os.environ[DATA_VARIABLE]
    saved: Nb = json.loads(nbformat.writes(nb))
    assert any(cell.get("outputs") for cell in saved["cells"])
    assert any(cell.get("execution_count") for cell in saved["cells"])
    assert any("execution" in cell["metadata"] for cell in saved["cells"])  # when it ran
    return saved


def lasting(nb: Nb) -> list[Any]:
    """Return what of a notebook must survive: kernelspec, and of each cell its id, kind, tags and text."""
    cells = [(c["id"], c["cell_type"], c["metadata"].get("tags"), "".join(c["source"])) for c in nb["cells"]]
    return [nb["metadata"]["kernelspec"], *cells]


def is_bare(nb: Nb) -> bool:
    return not any(cell.get("outputs") or cell.get("execution_count") for cell in nb["cells"])


def test_an_executed_notebook_is_committed_without_its_outputs_and_with_all_that_lasts(
    repository: Repository, executed: Nb
) -> None:
    repository.write(executed)
    repository.ok("add", NAME)
    done = repository.git("commit", "--message=x")
    assert done.returncode == 0, done.stderr
    assert f"{NAME}: de uitvoer is weggehaald." in done.stderr
    assert is_bare(repository.committed())
    assert lasting(repository.committed()) == lasting(executed)
    assert repository.path().read_text(encoding="utf-8") == repository.ok("show", f"HEAD:{NAME}")
    assert repository.ok("status", "--porcelain") == ""


def test_a_notebook_that_was_only_run_leaves_nothing_to_commit(repository: Repository, executed: Nb) -> None:
    before = repository.path().read_bytes()
    repository.write(executed)
    repository.ok("commit", "--all", "--allow-empty", "--message=x")
    assert repository.path().read_bytes() == before
    assert repository.ok("diff", "HEAD~1", "--name-only") == ""
    assert repository.ok("status", "--porcelain") == ""


def test_commit_all_and_amend_strip_too(repository: Repository, executed: Nb) -> None:
    executed = changed(executed, 0, "\n\nEen zin erbij.")
    repository.write(executed)
    repository.ok("commit", "--all", "--message=x")
    assert is_bare(repository.committed())
    repository.write(executed)
    repository.ok("add", NAME)
    repository.ok("commit", "--amend", "--no-edit")
    assert is_bare(repository.committed())
    assert lasting(repository.committed()) == lasting(executed)
    assert repository.ok("status", "--porcelain") == ""


def changed(nb: Nb, cell: int, text: str, **fields: Any) -> Nb:
    """Return a notebook with text added to a cell, or with its fields replaced."""
    copy: Nb = json.loads(json.dumps(nb))
    copy["cells"][cell] = {**copy["cells"][cell], "source": "".join(copy["cells"][cell]["source"]) + text, **fields}
    return copy


def test_a_partly_staged_notebook_keeps_what_was_left_out(repository: Repository, executed: Nb) -> None:
    staged = changed(executed, 0, "\n\nDit gaat mee.")
    repository.write(staged)
    repository.ok("add", NAME)
    repository.write(changed(staged, 0, "\n\nDit nog niet."))
    working = repository.path().read_bytes()
    done = repository.git("commit", "--message=x")
    assert done.returncode == 0, done.stderr
    assert "uw bestand is niet gewijzigd" in done.stderr
    assert is_bare(repository.committed())
    assert lasting(repository.committed()) == lasting(staged)
    assert repository.path().read_bytes() == working
    assert "Dit nog niet." in repository.ok("diff", "--", NAME)
    assert repository.ok("diff", "--cached") == ""


LONG = "\n" + "\n".join(f"x{line} = {line}" for line in range(10))


@pytest.mark.parametrize(
    ("cell", "text", "fields", "said"),
    [
        (3, LONG, {}, "cel 'antwoord': 12 regels code; ten hoogste 10"),
        (3, "\nfor x in (): x", {}, "cel 'antwoord': de cel heeft een lus (for)"),
        (3, "", {"id": "titel"}, "cel 'titel': deze naam hebben twee cellen"),
        (3, "", {"cell_type": "anders"}, "dit is geen notebook"),
    ],
)
def test_what_breaks_a_rule_is_refused_and_nothing_changes(
    cell: int, text: str, fields: Nb, said: str, repository: Repository, executed: Nb
) -> None:
    repository.write(changed(executed, cell, text, **fields))
    repository.ok("add", NAME)
    before = repository.state()
    done = repository.git("commit", "--message=x")
    assert done.returncode == 1
    first, line = done.stderr.splitlines()
    assert first == "De commit is tegengehouden; er is niets gewijzigd."
    assert line.startswith(NAME)
    assert said in line
    assert repository.state() == before


def test_what_cannot_be_stripped_is_refused_too(repository: Repository, executed: Nb) -> None:
    name = "notebooks/begin.ipynb"
    nb = changed(executed, 3, "", outputs=3)
    del nb["cells"][1:3]
    repository.write(nb, name)
    repository.ok("add", name)
    before = repository.state()
    done = repository.git("commit", "--message=x")
    assert done.returncode == 1
    assert "De uitvoer is niet weg te halen" in done.stderr
    assert repository.state() == before


def test_only_what_is_staged_is_judged(repository: Repository, executed: Nb) -> None:
    repository.write(changed(executed, 3, LONG))
    repository.path("lees.md").write_text("x", encoding="utf-8")
    repository.ok("add", "lees.md")
    done = repository.git("commit", "--message=x", VIRTUAL_ENV="")
    assert done.returncode == 0, done.stderr
    assert done.stderr == ""


def test_a_commit_of_named_files_is_stopped_until_they_are_stripped(repository: Repository, executed: Nb) -> None:
    repository.write(changed(executed, 0, "\n\nEen zin erbij."))
    before = repository.state()
    done = repository.git("commit", "--message=x", "--", NAME)
    assert done.returncode == 1
    assert "make strip" in done.stderr
    assert repository.state() == before
    strip = [sys.executable, "tests/staged_notebooks.py", NAME]  # what `make strip` does
    subprocess.run(strip, cwd=repository.root, check=True)
    repository.ok("commit", "--message=x", "--", NAME)
    assert "Een zin erbij." in json.dumps(repository.committed())
    assert repository.ok("status", "--porcelain") == ""


def test_a_page_that_is_no_chapter_may_have_figures_and_needs_no_parameters(
    repository: Repository, executed: Nb
) -> None:
    name = "notebooks/dieper/één begin.ipynb"
    nb = changed(executed, 0, "\n\nDruk op F5.")
    del nb["cells"][1:3]
    repository.write(nb, name)
    repository.ok("add", name)
    repository.ok("commit", "--message=x")
    assert is_bare(repository.committed(name))
    repository.write(changed(nb, 1, LONG), name)
    repository.ok("add", name)
    assert "12 regels code" in repository.git("commit", "--message=x").stderr


def test_notebooks_elsewhere_and_notebooks_that_go_or_move_are_left_alone(repository: Repository, executed: Nb) -> None:
    repository.write(executed, "elders/proef.ipynb")
    repository.ok("add", "elders")
    repository.ok("commit", "--message=x")
    assert not is_bare(repository.committed("elders/proef.ipynb"))
    repository.ok("rm", "--quiet", "notebooks/9-verantwoording.ipynb")
    repository.ok("mv", NAME, "notebooks/6-samenwerking.ipynb")
    repository.ok("commit", "--message=x")
    assert is_bare(repository.committed("notebooks/6-samenwerking.ipynb"))


def test_without_nbstripout_the_commit_says_what_to_do(repository: Repository, executed: Nb, tmp_path: Path) -> None:
    tools = tmp_path / "tools"
    tools.mkdir()
    (tools / "git").symlink_to(str(shutil.which("git")))
    repository.write(executed)
    repository.ok("add", NAME)
    done = repository.git("commit", "--message=x", VIRTUAL_ENV="", PATH=str(tools))
    assert done.returncode == 1
    assert "Voer 'make hooks' uit" in done.stderr


def test_the_hook_can_be_run_and_is_what_make_turns_on() -> None:
    listed = subprocess.run(["git", "ls-files", "--stage", ".githooks"], cwd=ROOT, capture_output=True, text=True)
    assert listed.stdout.startswith("100755 ")
    recipe = subprocess.run(["make", "--dry-run", "hooks"], cwd=ROOT, capture_output=True, text=True, check=True)
    assert "git config core.hooksPath .githooks" in recipe.stdout
    text = (ROOT / ".githooks" / "pre-commit").read_bytes()
    assert text.startswith(b"#!/bin/sh\n")
    assert b"\r" not in text
