"""The same files give the same bytes: from two folders, under other homes, time zones, languages, seeds and dates."""

from __future__ import annotations

import hashlib
import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
from conftest import ROOT
from small import Small

FAKETIME = next((str(path) for path in Path("/usr/lib").rglob("libfaketime.so.1")), "") if os.name == "posix" else ""
"""The library that shows another date to a program; not everywhere there."""
ELSEWHERE = {
    "TZ": "Pacific/Kiritimati", "LC_ALL": "C", "LANG": "nl_NL.ISO-8859-1", "PYTHONUTF8": "0",
    "PYTHONCOERCECLOCALE": "0", "PYTHONHASHSEED": "4711", "COLUMNS": "40", "USER": "iemand-anders",
}  # fmt: skip
"""What can be otherwise on another computer."""
MACHINE = re.compile(rb"/(?:tmp|root|home|Users|work)/|iemand-anders")
"""What only stands on one computer."""


def bytes_of(folder: Path) -> dict[str, str]:
    return {
        path.relative_to(folder).as_posix(): hashlib.sha256(path.read_bytes()).hexdigest()
        for path in sorted(folder.rglob("*")) if path.is_file()
    }  # fmt: skip


def build_elsewhere(root: Path, **env: str) -> None:
    """Build an edition in a folder as another user on another day would."""
    home = root / "thuis"
    home.mkdir()
    given = {"HOME": str(home), **ELSEWHERE, **env}
    given |= {"LD_PRELOAD": FAKETIME, "FAKETIME": "+400d"} if FAKETIME else {}
    call = [sys.executable, "-m", "bedrijfsvoering", "build", "diemen", "2023", "-q", "--force"]
    umask = 0o077 if os.name == "posix" else -1
    done = subprocess.run(
        call,
        cwd=root,
        env={**os.environ, **given},
        capture_output=True,
        text=True,
        check=False,
        timeout=120,
        umask=umask,
    )
    assert done.returncode == 0, done.stderr


def test_the_whole_edition_from_another_folder_is_the_same(built: Path, tmp_path: Path) -> None:
    for name in ("data", "params", "notebooks"):
        shutil.copytree(ROOT / name, tmp_path / "een andere map" / name)
    build_elsewhere(tmp_path / "een andere map")
    elsewhere = tmp_path / "een andere map" / "output" / "diemen" / "2023"
    assert bytes_of(elsewhere) == bytes_of(built)


def test_no_file_holds_a_path_or_a_name_of_one_computer(built: Path) -> None:
    for path in built.rglob("*"):
        if path.is_file() and path.suffix != ".xlsx":
            assert MACHINE.findall(path.read_bytes()) == [], path.name


@pytest.mark.parametrize("env", [{"TZ": "America/Adak", "PYTHONHASHSEED": "0"}, {"PYTHONUTF8": "1", "LC_ALL": ""}])
def test_a_short_edition_under_other_settings_is_the_same(env: dict[str, str], tmp_path: Path) -> None:
    found = []
    for number in (1, 2):
        (tmp_path / str(number)).mkdir()
        small = Small(tmp_path / str(number))
        if number == 1:
            assert small.build("-q")[0] == 0
        else:
            build_elsewhere(small.root, **env)
        found.append(bytes_of(small.output))
    assert found[0] == found[1]


@pytest.mark.skipif(not FAKETIME, reason="libfaketime is not installed here: then a shifted date is not tried")
def test_the_date_was_really_another(tmp_path: Path) -> None:
    env = {**os.environ, "LD_PRELOAD": FAKETIME, "FAKETIME": "+400d"}
    call = [sys.executable, "-c", "import time; print(int(time.time()))"]
    told = [int(subprocess.check_output(call, env=one)) for one in (dict(os.environ), env)]
    assert told[1] - told[0] > 399 * 86400
