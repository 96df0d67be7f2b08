"""A build with nothing to do says so at once and writes nothing; after any change it builds."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from conftest import ROOT
from small import Small

from bedrijfsvoering.build import build_edition

HEAVY = {"pandas", "numpy", "altair", "IPython", "ipykernel", "nbconvert", "nbformat", "nbclient", "papermill",
         "jupyter_client", "jsonschema", "openpyxl", "xlsxwriter", "babel", "vl_convert", "jinja2", "zmq"}  # fmt: skip
LIGHT = "import sys\nfrom bedrijfsvoering.cli import run_command\ncode = run_command(sys.argv[1:])\nprint(code, *sorted({name.partition('.')[0] for name in sys.modules}))"  # noqa: E501


class Builds(Exception):
    """Raised where a build begins in earnest."""


@pytest.fixture(scope="module")
def small(tmp_path_factory: pytest.TempPathFactory) -> Small:
    small = Small(tmp_path_factory.mktemp("project"))
    shutil.copytree(small.data, small.data.with_name("2022"))  # an earlier edition is an input too
    (small.root / "iv3").mkdir()
    (small.root / "iv3" / "x.csv").write_text("")
    assert small.build("-q")[0] == 0
    return small


@pytest.fixture
def kept(small: Small, tmp_path: Path) -> Iterator[Small]:
    """The project, put back after the test as it was."""
    for name in ("data", "params", "notebooks", "output"):
        shutil.copytree(small.root / name, tmp_path / name)
    yield small
    for name in ("data", "params", "notebooks", "output"):
        shutil.rmtree(small.root / name)
        shutil.copytree(tmp_path / name, small.root / name)


def is_built(small: Small, monkeypatch: pytest.MonkeyPatch, **options: Any) -> bool:
    """Return whether a build begins in earnest."""

    def say(line: str) -> None:
        if "narekenen" in line:
            raise Builds

    monkeypatch.chdir(small.root)
    given = {"overrides": {}, "data": None, **options}
    try:
        built = build_edition(
            "diemen", 2023, params=small.root / "params", output=small.root / "output", say=say, **given
        )
    except Builds:
        return True
    assert not built.changed
    return False


def test_nothing_changed_is_said_and_nothing_is_written_and_nothing_heavy_is_loaded(small: Small) -> None:
    before = {path: path.stat().st_mtime_ns for path in (small.root / "output", *(small.root / "output").rglob("*"))}
    for command in (["build", "diemen", "2023"], ["verify", str(small.output)]):
        call = [sys.executable, "-c", LIGHT, *command]
        done = subprocess.run(call, cwd=small.root, capture_output=True, text=True, check=True)
        said, loaded = done.stdout.splitlines()[0], set(done.stdout.splitlines()[-1].split())
        assert "0" in loaded
        assert HEAVY & loaded == set()
        assert done.stderr == ""
        assert "verify" in command or said == f"Niets veranderd. De pagina staat in {small.output / 'index.html'}"
    assert before == {
        path: path.stat().st_mtime_ns for path in (small.root / "output", *(small.root / "output").rglob("*"))
    }


def append(path: Path) -> None:
    with path.open("ab") as stream:
        stream.write(b" ")


@pytest.mark.parametrize(
    "change",
    [
        *(pytest.param(lambda s, n=n: append(s.data / n), id=n) for n in sorted(
            path.relative_to(ROOT / "data" / "diemen" / "2023").as_posix()
            for path in (ROOT / "data" / "diemen" / "2023").rglob("*") if path.is_file())),
        pytest.param(lambda s: append(s.data.with_name("2022") / "bron.yaml"), id="earlier-year"),
        pytest.param(lambda s: (s.data / "toelichting" / "nieuw.md").write_text("x"), id="new-input"),
        pytest.param(lambda s: (s.data / "toelichting" / "1-overhead.md").unlink(), id="no-input"),
        pytest.param(lambda s: append(s.root / "notebooks" / "1-kort.ipynb"), id="notebook"),
        pytest.param(lambda s: shutil.copy(s.root / "notebooks" / "1-kort.ipynb", s.root / "notebooks" / "2-nog.ipynb"),
                     id="new-notebook"),
        pytest.param(lambda s: append(s.output / "index.html"), id="page"),
        pytest.param(lambda s: (s.output / "cijfers" / "overhead.csv").unlink(), id="no-csv"),
        pytest.param(lambda s: (s.output / "extra").write_text(""), id="extra-file"),
        pytest.param(lambda s: (s.output / "manifest.json").write_text("{}"), id="manifest"),
        pytest.param(lambda s: shutil.rmtree(s.output), id="no-folder"),
    ],
)  # fmt: skip
def test_after_any_change_it_is_built(
    change: Callable[[Small], Any], kept: Small, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert not is_built(kept, monkeypatch)
    change(kept)
    assert is_built(kept, monkeypatch)


@pytest.mark.parametrize(
    "options",
    [
        {"force": True},
        {"overrides": {"grens_bedrag": 99}},
        {"overrides": {"toelichting_verplicht": True}},
        {"overrides": {"vergelijk_met": []}},
        {"overrides": {"iv3_dir": "iv3"}},
        {"pdf": True},
    ],
)
def test_another_call_is_another_build(options: dict[str, Any], kept: Small, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("bedrijfsvoering.build.need_browser", lambda: "")
    assert is_built(kept, monkeypatch, **options)


def test_another_version_of_a_package_or_of_the_program_is_another_build(
    kept: Small, monkeypatch: pytest.MonkeyPatch
) -> None:
    from bedrijfsvoering.publishing import manifest

    now = manifest.versions()
    with monkeypatch.context() as patch:
        patch.setattr(manifest, "versions", lambda: now | {"pandas": "0"})
        assert is_built(kept, patch)
    with monkeypatch.context() as patch:
        patch.setattr(manifest, "program_checksum", lambda folder: "0" * 64)
        assert is_built(kept, patch)
    assert not is_built(kept, monkeypatch)


def test_another_place_of_the_same_files_is_no_change(
    kept: Small, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    shutil.copytree(kept.root / "data", tmp_path / "elders")
    assert not is_built(kept, monkeypatch, data=tmp_path / "elders")
    os.utime(kept.data / "bron.yaml", (0, 0))
    assert not is_built(kept, monkeypatch)


def test_a_build_in_a_batch_leaves_the_list_alone(kept: Small, monkeypatch: pytest.MonkeyPatch) -> None:
    (kept.root / "output" / "index.html").unlink()
    assert not is_built(kept, monkeypatch, index=False)
    assert not (kept.root / "output" / "index.html").exists()
    assert not is_built(kept, monkeypatch)
    assert (kept.root / "output" / "index.html").is_file()


def test_force_gives_the_same_bytes_again(small: Small) -> None:
    before = json.loads((small.output / "manifest.json").read_text(encoding="utf-8"))
    code, out, _ = small.build("--force", "-q")
    assert (code, out.split(".")[0]) == (0, "Klaar")
    assert json.loads((small.output / "manifest.json").read_text(encoding="utf-8")) == before
