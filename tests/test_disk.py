"""Disks that are full, read-only or in use: one clear message, nothing overwritten, no litter, no traceback."""

from __future__ import annotations

import hashlib
import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from small import Small

from bedrijfsvoering.publishing.verification import read_manifest, verify_folder

pytestmark = pytest.mark.skipif(os.name == "nt", reason="Windows has neither tmpfs nor limits on files")


@pytest.fixture(scope="module")
def small(tmp_path_factory: pytest.TempPathFactory) -> Small:
    """A project whose output stands on a small disk of its own, with one edition on it."""
    return Small(tmp_path_factory.mktemp("project"))


@pytest.fixture(scope="module")
def disk(small: Small) -> Iterator[Path]:
    output = small.root / "output"
    output.mkdir()
    call = ["mount", "-t", "tmpfs", "-o", "size=4m", "tmpfs", str(output)]
    if not shutil.which("mount") or subprocess.run(call, capture_output=True, check=False).returncode:
        pytest.skip("no small disk can be mounted here: that takes root")
    try:
        assert small.build()[0] == 0
        yield output
    finally:
        subprocess.run(["umount", "--lazy", str(output)], check=True)


def state(folder: Path) -> dict[str, str]:
    """Return every name under a folder, with the checksum of each file."""
    return {
        path.relative_to(folder).as_posix(): hashlib.sha256(path.read_bytes()).hexdigest() if path.is_file() else ""
        for path in folder.rglob("*")
    }


def fill(folder: Path, leave: int) -> Path:
    """Fill a disk but for so many bytes."""
    filler = folder / "vol"
    filler.write_bytes(b"")
    with filler.open("wb") as stream:
        os.posix_fallocate(stream.fileno(), 0, max(shutil.disk_usage(folder).free - leave, 1))
    return filler


@pytest.mark.parametrize("part", [0, 0.02, 0.1, 0.3, 0.6, 0.9, 0.99])
def test_a_disk_that_is_full_at_any_point_leaves_what_there_was(part: float, small: Small, disk: Path) -> None:
    before = state(disk)
    size = sum(path.stat().st_size for path in disk.rglob("*") if path.is_file())
    filler = fill(disk, int(part * size))
    try:
        code, out, told = small.build("-q", "-p", "grens_bedrag", str(1000 + int(part * 100)))
    finally:
        filler.unlink()
    assert (code, out) == (2, "")
    assert "De schijf is vol" in told
    assert str(small.output.parent) in told
    assert len(told.splitlines()) == 1
    assert state(disk) == before


def test_when_there_is_room_again_it_is_built(small: Small, disk: Path) -> None:
    code, _, told = small.build("-q", "-p", "grens_bedrag", "2000")
    assert (code, told) == (0, "")
    assert small.litter() == []


@pytest.mark.parametrize("engine", ["fork", "kernel"])
@pytest.mark.parametrize("name", ["TMPDIR", "HOME"])
def test_a_disk_for_temporary_files_that_is_full(
    name: str, engine: str, small: Small, disk: Path, tmp_path: Path
) -> None:
    elders = tmp_path / "output"
    filler = fill(disk, 0)
    try:
        env = {name: str(disk)} | ({"XDG_RUNTIME_DIR": "", "JUPYTER_RUNTIME_DIR": ""} if name == "HOME" else {})
        code, _, told = small.build("-q", f"--output={elders}", f"--engine={engine}", env=env)
    finally:
        filler.unlink()
    if code:  # where a program finds another place for them, it is built
        assert (code, name, len(told.splitlines())) == (2, "TMPDIR", 1)
        assert "De schijf is vol" in told
        assert not elders.exists()


def test_a_disk_that_is_read_only(small: Small, disk: Path) -> None:
    assert small.build("-q", "-p", "grens_bedrag", "2000")[0] == 0
    before = state(disk)
    subprocess.run(["mount", "-o", "remount,ro", str(disk)], check=True)
    try:
        code, out, told = small.build("-q", "-p", "grens_bedrag", "3000")
        again, said, _ = small.build("-q", "-p", "grens_bedrag", "2000")
    finally:
        subprocess.run(["mount", "-o", "remount,rw", str(disk)], check=True)
    assert (code, out, len(told.splitlines())) == (2, "", 1)
    assert "kan niet worden beschreven" in told
    assert (again, said[:15]) == (0, "Niets veranderd")  # that writes nothing
    assert state(disk) == before


def limited(size: int) -> Any:
    def limit() -> None:
        import resource

        resource.setrlimit(resource.RLIMIT_FSIZE, (size, size))

    return limit


@pytest.mark.parametrize("size", [0, 3_000, 40_000])
def test_a_file_that_may_not_become_so_large(size: int, tmp_path: Path) -> None:
    small = Small(tmp_path)
    env = {"PYTHONDONTWRITEBYTECODE": "1", "HOME": str(tmp_path)}
    code, out, told = small.build("-q", env=env, preexec_fn=limited(size))
    assert (code, out) == (2, ""), told
    assert "De schijf is vol, of uw quotum is op" in told
    assert "Traceback" not in told
    assert not small.output.exists()
    assert not (small.root / "output").exists() or small.litter() == []


@pytest.mark.skipif(sys.platform != "linux", reason="elsewhere an open file may keep its folder in place")
def test_a_page_that_is_being_read_is_replaced_and_the_reader_keeps_what_it_had(tmp_path: Path) -> None:
    small = Small(tmp_path)
    assert small.build("-q")[0] == 0
    with (small.output / "index.html").open(encoding="utf-8") as stream:
        first = stream.read(100)
        assert small.build("-q", "-p", "grens_bedrag", "7")[0] == 0
        assert (first + stream.read()).rstrip().endswith("</html>")
    assert verify_folder(small.output, read_manifest(small.output)) == []
    assert small.litter() == []


def test_a_target_that_another_program_keeps_in_place_is_told(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    from bedrijfsvoering.errors import BedrijfsvoeringError
    from bedrijfsvoering.publishing import staging

    def refused(one: Path, other: Path) -> bool:  # what Windows says; here nothing keeps a folder in place
        raise PermissionError(13, "Access is denied", str(other))

    with staging.staged(tmp_path / "2023") as stage:
        (stage / "a").write_text("oud")
    monkeypatch.setattr(staging, "exchange", refused)
    with (
        pytest.raises(BedrijfsvoeringError, match="Sluit dat programma") as told,
        staging.staged(tmp_path / "2023") as stage,
    ):
        (stage / "a").write_text("nieuw")
    assert str(tmp_path / "2023") in str(told.value)
    assert (tmp_path / "2023" / "a").read_text() == "oud"
    assert [path.name for path in tmp_path.iterdir()] == ["2023"]


def test_an_edition_that_is_a_place_where_a_disk_is_mounted_is_told(tmp_path: Path) -> None:
    small = Small(tmp_path)
    small.output.mkdir(parents=True)
    call = ["mount", "-t", "tmpfs", "-o", "size=1m", "tmpfs", str(small.output)]
    if subprocess.run(call, capture_output=True, check=False).returncode:
        pytest.skip("no disk can be mounted here: that takes root")
    try:
        code, _, told = small.build("-q")
    finally:
        subprocess.run(["umount", str(small.output)], check=True)
    assert (code, len(told.splitlines())) == (2, 1)
    assert str(small.output) in told
    assert [path.name for path in small.output.parent.iterdir()] == ["2023"]
