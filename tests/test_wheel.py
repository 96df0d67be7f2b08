"""The wheel, in an environment that knows nothing of this checkout: `new`, `check` and `build` in an empty folder."""

from __future__ import annotations

import os
import site
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest
from conftest import CHAPTERS, ROOT
from labs import running

ROWS = "posten;Personeel van de staf;regel;-400;-410;-405;5\nhuis;Huisvesting;regel;-200;-190;-195;-5\n"
TOTAL = "totaal;Totaal overhead;totaal;-600;-600;-600;0\n"


def run(*command: str | Path, cwd: Path, code: int = 0) -> str:
    """Run a command as a person does, without anything of this checkout in its environment."""
    environment = {name: value for name, value in os.environ.items() if name not in ("PYTHONPATH", "VIRTUAL_ENV")}
    environment["JUPYTER_PATH"] = str(
        Path(sys.prefix) / "share" / "jupyter"
    )  # the packages' own files, as the packages
    done = subprocess.run([*map(str, command)], cwd=cwd, capture_output=True, text=True, encoding="utf-8", timeout=240,
                          check=False, env=environment)  # fmt: skip
    assert done.returncode == code, done.stdout + done.stderr
    return done.stdout + done.stderr


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The wheel as it is published: made from the sdist, which holds all that it needs."""
    folder = tmp_path_factory.mktemp("wheel")
    backend = "import sys, hatchling.build as build; print(getattr(build, sys.argv[1])(sys.argv[2]))"
    run(sys.executable, "-c", backend, "build_sdist", folder, cwd=ROOT)
    (packed,) = folder.glob("*.tar.gz")
    run(sys.executable, "-m", "tarfile", "-e", packed, folder / "uit", cwd=folder)
    (unpacked,) = (folder / "uit").iterdir()
    run(sys.executable, "-c", backend, "build_wheel", folder, cwd=unpacked)
    (built,) = folder.glob("*.whl")
    return built


@pytest.fixture(scope="module")
def program(wheel: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The command of an environment that has the wheel, and the packages of this one instead of a download."""
    folder = tmp_path_factory.mktemp("omgeving")
    run(sys.executable, "-m", "venv", "--without-pip", folder, cwd=folder)
    scripts = folder / ("Scripts" if os.name == "nt" else "bin")
    python = scripts / ("python.exe" if os.name == "nt" else "python")
    run(
        sys.executable,
        "-m",
        "pip",
        "--python",
        python,
        "install",
        "--quiet",
        "--no-deps",
        "--no-index",
        wheel,
        cwd=folder,
    )
    where = run(python, "-c", "import sysconfig; print(sysconfig.get_path('purelib'))", cwd=folder).strip()
    (Path(where) / "packages.pth").write_text("\n".join(site.getsitepackages()), encoding="utf-8")
    found = run(python, "-c", "import bedrijfsvoering; print(bedrijfsvoering.__file__)", cwd=folder).strip()
    assert Path(found).is_relative_to(folder)
    return scripts / "bedrijfsvoering"


def test_the_wheel_holds_the_chapters_the_template_and_what_a_first_year_begins_with(wheel: Path) -> None:
    names = set(zipfile.ZipFile(wheel).namelist())
    assert {f"bedrijfsvoering/notebooks/{name}.ipynb" for name in CHAPTERS} <= names
    own = (path for path in (ROOT / "src" / "bedrijfsvoering").rglob("*") if path.is_file())
    for path in own:
        if "__pycache__" not in path.parts:
            assert path.relative_to(ROOT / "src").as_posix() in names


def test_in_an_empty_folder_new_check_and_build_lead_to_a_page(program: Path, tmp_path: Path) -> None:
    told = run(program, "new", "ouder-amstel", "2024", cwd=tmp_path)
    assert str(tmp_path / "data" / "ouder-amstel" / "2024") in told
    assert "Nog geen enkel bedrag ingevuld" in run(program, "check", "ouder-amstel", "2024", cwd=tmp_path, code=2)
    folder = tmp_path / "data" / "ouder-amstel" / "2024"
    head = (folder / "overhead.csv").read_text(encoding="utf-8").splitlines()[0]
    (folder / "overhead.csv").write_text(f"{head}\n{ROWS}{TOTAL}", encoding="utf-8")
    for name in ("salarissen", "ict_projecten", "ict_mijlpalen"):
        (folder / f"{name}.csv").unlink()
    source = (folder / "bron.yaml").read_text(encoding="utf-8")
    (folder / "bron.yaml").write_text(source[: source.index("  salarissen:")], encoding="utf-8")
    assert "0 fout" in run(program, "check", "ouder-amstel", "2024", cwd=tmp_path)
    run(program, "build", "ouder-amstel", "2024", "-q", cwd=tmp_path)
    page = (tmp_path / "output" / "ouder-amstel" / "2024" / "index.html").read_text(encoding="utf-8")
    assert "Huisvesting" in page
    assert 'id="1-overhead"' in page
    assert "Niets veranderd" in run(program, "build", "ouder-amstel", "2024", cwd=tmp_path / "data")  # from below too
    run(program, "verify", tmp_path / "output" / "ouder-amstel" / "2024", "--data", tmp_path / "data", cwd=tmp_path)


def test_a_new_year_that_cannot_be_laid_out_leaves_the_folder_empty(program: Path, tmp_path: Path) -> None:
    told = run(program, "new", "ouder-amstel", "2024", "--from", "2023", cwd=tmp_path, code=2)
    assert "Traceback" not in told
    assert list(tmp_path.iterdir()) == []


def test_a_check_in_an_empty_folder_says_how_to_begin(program: Path, tmp_path: Path) -> None:
    told = run(program, "check", "ouder-amstel", "2024", cwd=tmp_path, code=2)
    assert "bedrijfsvoering new" in told


def test_in_a_project_without_chapters_lab_lays_them_out_and_opens_its_own_start_page(
    program: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    home, project = tmp_path / "thuis", tmp_path / "project"
    home.mkdir()
    project.mkdir()
    run(program, "new", "ouder-amstel", "2024", cwd=project)
    monkeypatch.setenv("JUPYTERLAB_DIR", str(Path(sys.prefix) / "share" / "jupyter" / "lab"))  # as the packages
    with running(project, home, str(program)) as lab:
        assert "De hoofdstukken zijn gekopieerd naar" in lab.said.read_text(encoding="utf-8")
        names = {one["name"] for one in lab.ask("/api/contents/notebooks")["content"]}
        assert names == {f"{name}.ipynb" for name in (*CHAPTERS, "begin")}
        assert lab.address.endswith("/lab/tree/notebooks/begin.ipynb")
        kernel = lab.ask("/api/kernelspecs")["kernelspecs"]["python3"]["spec"]["argv"][0]
        assert Path(kernel).parent == program.parent
