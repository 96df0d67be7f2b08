"""Ways to set up other than `make`: the README's commands are followed, and conda's file leads to the same versions."""

from __future__ import annotations

import json
import os
import re
import shutil
import subprocess
import sys
import tempfile
import tomllib
from collections.abc import Iterator
from pathlib import Path

import pytest
import yaml
from conftest import ROOT
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

SHORT = not os.environ.get("BEDRIJFSVOERING_LONG")
WHY = "installs all packages once more: make test-long"
MINUTES = 15
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
ENVIRONMENT = yaml.safe_load((ROOT / "environment.yml").read_text(encoding="utf-8"))
README = (ROOT / "README.md").read_text(encoding="utf-8")
PIN = re.compile(r"^([a-z0-9][a-z0-9._-]*)==([^ ;\\\n]+)(?: *; *([^\\\n]+))?", re.MULTILINE)
MATCH_SPEC = re.compile(r"[a-z0-9][a-z0-9._-]*( *[<>=!]{1,2}[0-9][\w.*]*(,[<>=!]{1,2}[0-9][\w.*]*)*)?")
"""How conda names a package with its versions, as far as it is needed here."""
CONDAS = ("micromamba", "mamba", "conda")


def pins(name: str) -> dict[str, set[str]]:
    """Return the versions that a file pins: one of each package, or one per Python."""
    found: dict[str, set[str]] = {}
    for package, version, _ in PIN.findall((ROOT / name).read_text(encoding="utf-8")):
        found.setdefault(package, set()).add(version)
    return found


def block(kind: str, name: str) -> list[str]:
    """Return the commands of the README that have a name."""
    match = re.search(rf"<!-- niet beproefd: {name} -->\n```{kind}\n(.*?)```", README, re.DOTALL)
    assert match
    return match[1].splitlines()


UNIX, WINDOWS = block("sh", "installeren-unix"), block("bat", "installeren-windows")


def test_the_commands_without_make_are_those_of_make() -> None:
    recipe = (ROOT / "Makefile").read_text(encoding="utf-8")
    assert "-m pip install" in recipe
    for command in UNIX[1:3]:
        arguments = command.removeprefix(".venv/bin/python -m pip install ")
        assert f"\t$(PIP) {arguments}\n" in recipe
        for name in re.findall(r"-r (\S+)", arguments):
            assert (ROOT / name).is_file()
    assert UNIX[0] == "python3 -m venv .venv"
    assert "\t$(PYTHON) -m venv .venv\n" in recipe
    scripts = PROJECT["scripts"]
    assert UNIX[3].split()[0].removeprefix(".venv/bin/") in scripts


def test_windows_has_the_same_commands() -> None:
    translated = [line.replace("python3 ", "py -3 ", 1).replace(".venv/bin/", ".venv\\Scripts\\") for line in UNIX]
    assert translated == WINDOWS


@pytest.fixture
def copied() -> Iterator[Path]:
    """The project as it would be downloaded, with nothing installed; half a gigabyte that is not kept."""
    listed = ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard"]
    names = subprocess.run(listed, cwd=ROOT, capture_output=True, text=True, check=True).stdout.split("\0")
    with tempfile.TemporaryDirectory(prefix="bv-", ignore_cleanup_errors=True) as folder:
        for name in filter(None, names):
            if (ROOT / name).is_file():
                target = Path(folder, name)
                target.parent.mkdir(parents=True, exist_ok=True)
                shutil.copy2(ROOT / name, target)
        yield Path(folder)


def bare() -> dict[str, str]:
    """Return an environment as a person has it: no venv that is active, no folders of ours."""
    ours = ("VIRTUAL_ENV", "PYTHON", "BEDRIJFSVOERING", "CONDA_PREFIX")
    return {name: value for name, value in os.environ.items() if not name.startswith(ours)}


def reaches_index(folder: Path) -> bool:
    """Tell whether pip can fetch a package: without a network there is nothing to try."""
    command = [sys.executable, "-m", "pip", "download", "--quiet", "--no-deps", "--dest", folder, "mdurl"]
    return subprocess.run(command, capture_output=True, timeout=60, check=False).returncode == 0


@pytest.mark.long
@pytest.mark.skipif(SHORT, reason=WHY)
@pytest.mark.skipif(sys.platform == "win32", reason="these are the commands for Linux and macOS")
def test_the_readmes_commands_make_the_page_with_the_pinned_versions(copied: Path, tmp_path: Path) -> None:
    if not reaches_index(tmp_path):
        pytest.skip("pip reaches no package index")
    for command in UNIX:
        done = subprocess.run(command, shell=True, cwd=copied, env=bare(), capture_output=True, text=True,
                              timeout=MINUTES * 60, check=False)  # fmt: skip
        assert done.returncode == 0, f"{command}\n{done.stderr}"
    assert (copied / "output" / "diemen" / "2023" / "index.html").is_file()
    listed = [copied / ".venv" / "bin" / "python", "-m", "pip", "list", "--format=json"]
    found = json.loads(subprocess.run(listed, capture_output=True, check=True).stdout)
    known = pins("requirements.txt")
    for one in found:
        name = canonicalize_name(one["name"])
        assert name in ("pip", "setuptools", "wheel", PROJECT["name"]) or one["version"] in known[name], one


def test_conda_can_read_its_file() -> None:
    assert list(ENVIRONMENT) == ["name", "channels", "dependencies"]
    assert ENVIRONMENT["name"] == PROJECT["name"]
    assert ENVIRONMENT["channels"] == ["conda-forge"]
    *named, last = ENVIRONMENT["dependencies"]
    assert all(MATCH_SPEC.fullmatch(one) for one in named), named
    assert "pip" in named  # conda warns, and takes some pip, where it is not named
    assert f"python{PROJECT['requires-python']}" in named
    assert list(last) == ["pip"]
    assert all(isinstance(line, str) for line in last["pip"])


def test_what_conda_gives_to_pip_is_beside_its_file_and_is_all() -> None:
    constraints, editable = ENVIRONMENT["dependencies"][-1]["pip"]
    option, name = constraints.split()
    assert option == "-c"
    assert not Path(name).is_absolute()
    assert (ROOT / name).is_file()  # conda runs pip in the folder of its file
    match = re.fullmatch(r"-e \.\[([a-z,]+)\]", editable)
    assert match
    assert set(match[1].split(",")) <= PROJECT["optional-dependencies"].keys()


def test_constraints_have_nothing_that_pip_refuses_there() -> None:
    for line in (ROOT / "constraints.txt").read_text(encoding="utf-8").splitlines():
        assert PIN.fullmatch(line), line
        assert not Requirement(line).extras


@pytest.mark.parametrize(
    ("name", "extras"),
    [
        ("requirements.txt", ("build",)),
        ("constraints.txt", ("build", "batch")),
        ("requirements-dev.txt", ("build", "batch", "dev")),
    ],
)
def test_every_dependency_is_pinned_to_what_the_project_allows(name: str, extras: tuple[str, ...]) -> None:
    pinned = pins(name)
    wanted = [*PROJECT["dependencies"], *(one for extra in extras for one in PROJECT["optional-dependencies"][extra])]
    for text in wanted:
        requirement = Requirement(text)
        versions = pinned[canonicalize_name(requirement.name)]
        assert all(requirement.specifier.contains(version) for version in versions), text


def test_every_way_leads_to_the_same_versions() -> None:
    report, conda, dev = (pins(name) for name in ("requirements.txt", "constraints.txt", "requirements-dev.txt"))
    assert report.items() <= conda.items() <= dev.items()


@pytest.mark.long
@pytest.mark.skipif(SHORT, reason=WHY)
def test_pip_resolves_what_conda_gives_it_to_the_pinned_versions(copied: Path, tmp_path: Path) -> None:
    if not reaches_index(tmp_path):
        pytest.skip("pip reaches no package index")
    lines = [part for line in ENVIRONMENT["dependencies"][-1]["pip"] for part in line.split(" ", 1)]
    told = tmp_path / "report.json"
    command = [sys.executable, "-m", "pip", "install", "--quiet", "--dry-run", "--ignore-installed", "--report", told]
    done = subprocess.run([*command, *lines], cwd=copied, env=bare(), capture_output=True, text=True,
                          timeout=MINUTES * 60, check=False)  # fmt: skip
    assert done.returncode == 0, done.stderr
    installed = [one["metadata"] for one in json.loads(told.read_text(encoding="utf-8"))["install"]]
    found = {canonicalize_name(one["name"]): one["version"] for one in installed}
    assert found.pop(PROJECT["name"]) == PROJECT["version"]
    known = pins("constraints.txt")
    assert {name: version for name, version in found.items() if version not in known.get(name, ())} == {}
    assert {"pandas", "jupyterlab", "distributed", "vl-convert-python"} <= found.keys()


def test_conda_makes_an_environment_that_works(copied: Path, tmp_path: Path) -> None:
    conda = next((found for name in CONDAS if (found := shutil.which(name))), None)
    if conda is None:
        pytest.skip("neither micromamba nor mamba nor conda is on the PATH")
    search = [conda, "search", "--override-channels", "--channel", "conda-forge", "python>=3.11"]
    try:
        answers = subprocess.run(search, capture_output=True, timeout=120, check=False).returncode == 0
    except subprocess.TimeoutExpired:
        answers = False
    if not answers:
        pytest.skip(f"{conda} reaches no channel")
    prefix = tmp_path / "conda"
    create = ["create", "--yes"] if Path(conda).stem == "micromamba" else ["env", "create"]
    done = subprocess.run([conda, *create, "--file", "environment.yml", "--prefix", prefix], cwd=copied, env=bare(),
                          capture_output=True, text=True, timeout=MINUTES * 60, check=False)  # fmt: skip
    assert done.returncode == 0, done.stderr
    scripts = prefix / ("Scripts" if sys.platform == "win32" else "bin")
    check = [scripts / "bedrijfsvoering", "check", "diemen", "2023"]
    assert subprocess.run(check, cwd=copied, env=bare(), timeout=120, check=False).returncode == 0
