"""Built beside the target and swapped: never without an edition, one build at a time, dead builds are no obstacle."""

from __future__ import annotations

import errno
import os
import random
import signal
import subprocess
import sys
import threading
import time
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest

from bedrijfsvoering.errors import BedrijfsvoeringError, ChapterError
from bedrijfsvoering.publishing import leftovers, locks, staging
from bedrijfsvoering.publishing.disk import disk_told
from bedrijfsvoering.publishing.index_file import find_editions, write_index
from bedrijfsvoering.publishing.locks import Locked, host, lock_path, locked
from bedrijfsvoering.publishing.staging import claimed, staged

LINUX = pytest.mark.skipif(sys.platform != "linux", reason="only Linux can exchange two names in one step")
POSIX = pytest.mark.skipif(os.name == "nt", reason="Windows has no such signals")
WHAT = "een andere bouw van proef"
PUBLISH = """
import itertools, sys
from pathlib import Path
from bedrijfsvoering.publishing import staging
if sys.argv[2] == "twee":
    staging.exchange = lambda one, other: False
target = Path(sys.argv[1])
for number in itertools.count(int(sys.argv[3])):
    with staging.claimed(target, "een andere bouw"), staging.staged(target) as stage:
        for name in "abc":
            (stage / name).write_text(f"{number} " * 20_000 + "heel")
    print(number, flush=True)
"""
"""Publishes one edition again and again, until it is killed; `twee` is where two names cannot be exchanged."""


def publisher(target: Path, way: str = "een", first: int = 0) -> subprocess.Popen[str]:
    return subprocess.Popen(
        [sys.executable, "-c", PUBLISH, str(target), way, str(first)], stdout=subprocess.PIPE, text=True
    )


def numbers(target: Path) -> set[str]:
    """Return the numbers that the files of an edition hold; each must be whole."""
    texts = [(target / name).read_text() for name in "abc"]
    assert all(text.endswith("heel") for text in texts)
    return {word for text in texts for word in text.removesuffix("heel").split()}


@LINUX
def test_a_reader_never_finds_no_page_or_half_a_page_while_editions_are_swapped(tmp_path: Path) -> None:
    target = tmp_path / "2023"
    with publisher(target) as process:
        assert process.stdout
        process.stdout.readline()
        looked, seen, end = 0, set(), time.monotonic() + 3
        while time.monotonic() < end:
            text = (target / "a").read_text()  # raises where it is not there
            assert text.endswith("heel")
            seen.add(text.split()[0])
            looked += 1
        process.kill()
    assert looked > 100
    assert len(seen) > 10


@POSIX
@pytest.mark.parametrize("way", ["een", "twee"])
def test_a_swap_that_is_killed_leaves_one_whole_edition_and_the_next_run_no_litter(way: str, tmp_path: Path) -> None:
    target = tmp_path / "2023"
    moment = random.Random(8)
    for first in range(0, 12 * 1000, 1000):
        with publisher(target, way, first) as process:
            assert process.stdout
            process.stdout.readline()
            time.sleep(moment.random() / 10)
            process.kill()
        if way == "een" and sys.platform == "linux":
            assert len(numbers(target)) == 1
        with claimed(target, WHAT):
            pass
        assert len(numbers(target)) == 1
        assert [path.name for path in tmp_path.iterdir()] == ["2023"]


def test_where_names_cannot_be_exchanged_two_renames_do_and_the_old_one_comes_back(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(staging, "exchange", lambda one, other: False)
    target = tmp_path / "2023"
    for text in ("oud", "nieuw"):
        with staged(target) as stage:
            (stage / "a").write_text(text)
        assert (target / "a").read_text() == text
        assert [path.name for path in tmp_path.iterdir()] == ["2023"]
    with pytest.raises(FileNotFoundError), staged(target) as stage:
        stage.rmdir()  # so that it cannot take the place of the old one, which is set aside by then
    assert (target / "a").read_text() == "nieuw"
    assert [path.name for path in tmp_path.iterdir()] == ["2023"]


def test_an_edition_that_a_dead_build_had_set_aside_comes_back(tmp_path: Path) -> None:
    target = tmp_path / "2023"
    aside = tmp_path / f".2023-{dead_pid()}-{host()}-abcdefgh-oud"
    for folder, text in ((aside, "oud"), (tmp_path / aside.name.removesuffix("-oud"), "half")):
        folder.mkdir()
        (folder / "a").write_text(text)
    with claimed(target, WHAT):
        assert (target / "a").read_text() == "oud"
    assert [path.name for path in tmp_path.iterdir()] == ["2023"]


def dead_pid() -> int:
    with subprocess.Popen([sys.executable, "-c", ""]) as process:
        process.wait()
    return process.pid


def test_what_a_living_build_works_in_is_left_alone(tmp_path: Path) -> None:
    target = tmp_path / "2023"
    living = tmp_path / f".2023-{os.getpid()}-{host()}-abcdefgh"
    elsewhere = tmp_path / f".2023-{dead_pid()}-een-andere-machine-abcdefgh"
    for folder in (living, elsewhere):
        folder.mkdir()
    leftovers.clear_leftovers(target, alone=False)  # where the system knows no locks
    assert living.exists()
    assert elsewhere.exists()
    os.utime(elsewhere, (0, 0))  # nobody wrote there for an hour
    leftovers.clear_leftovers(target, alone=True)  # nobody on this machine holds the lock but we
    assert list(tmp_path.iterdir()) == []


@pytest.mark.skipif(os.name == "nt", reason="an open file cannot be removed there")
def test_where_the_system_knows_no_locks_a_build_goes_on(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def none(*_: object) -> None:
        raise OSError(errno.ENOLCK, "No locks available")

    assert locks.fcntl
    monkeypatch.setattr(locks.fcntl, "flock", none)
    with locked(tmp_path / "2023", WHAT) as real:
        assert real is False
    assert list(tmp_path.iterdir()) == []


HOLD = """
import sys, time
from pathlib import Path
from bedrijfsvoering.publishing.locks import locked
with locked(Path(sys.argv[1]), "een andere bouw"):
    print("houdt", flush=True)
    time.sleep(60)
"""


def holder(target: Path) -> subprocess.Popen[str]:
    process = subprocess.Popen([sys.executable, "-c", HOLD, str(target)], stdout=subprocess.PIPE, text=True)
    assert process.stdout
    assert process.stdout.readline() == "houdt\n"
    return process


def test_a_second_build_waits_and_says_once_for_whom(tmp_path: Path) -> None:
    target, said = tmp_path / "2023", list[str]()
    with holder(target) as process:
        threading.Timer(0.5, process.kill).start()
        with locked(target, WHAT, said.append) as real:  # a lock of a dead process is no obstacle
            assert real
            assert process.poll() is not None
    assert said == [f"Wacht op {WHAT} (proces {process.pid})…"]
    assert list(tmp_path.iterdir()) == []


def test_who_waits_too_long_says_who_holds_it(tmp_path: Path) -> None:
    target = tmp_path / "2023"
    with holder(target) as process:
        said = rf"Een andere bouw van proef \(proces {process.pid}\) is na 0 seconden"
        with pytest.raises(Locked, match=said) as told, locked(target, WHAT, patience=0):
            pass
        assert told.value.exit_code == 2
        process.kill()
    lock_path(target).write_text("")
    with locked(target, WHAT, patience=0):
        pass


@POSIX
def test_a_process_that_was_split_off_does_not_keep_the_lock_of_its_dead_parent(tmp_path: Path) -> None:
    split = HOLD.replace('print("houdt", flush=True)', 'import os\n    os.write(1, f"{os.fork()}\\n".encode())')
    process = subprocess.Popen([sys.executable, "-c", split, str(tmp_path / "2023")], stdout=subprocess.PIPE, text=True)
    assert process.stdout
    child = max(int(process.stdout.readline()) for _ in range(2))  # the child itself says 0
    process.kill()
    process.wait()
    try:
        with locked(tmp_path / "2023", WHAT, patience=5):
            os.kill(child, 0)  # it still runs
    finally:
        os.kill(child, signal.SIGKILL)
        process.stdout.close()


def test_threads_and_their_locks_take_turns(tmp_path: Path) -> None:
    inside, most = [0], [0]

    def work() -> None:
        for _ in range(10):
            with locked(tmp_path / "2023", WHAT):
                inside[0] += 1
                most[0] = max(most[0], inside[0])
                time.sleep(0.001)
                inside[0] -= 1

    threads = [threading.Thread(target=work) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert most == [1]
    assert list(tmp_path.iterdir()) == []  # no lock stays


@POSIX
def test_a_target_that_is_a_link_to_another_disk_stays_a_link(tmp_path: Path) -> None:
    (tmp_path / "schijf").mkdir()
    (tmp_path / "2023").symlink_to(tmp_path / "schijf" / "uitgave")
    for text in ("een", "twee"):
        with claimed(tmp_path / "2023", WHAT), staged(tmp_path / "2023") as stage:
            (stage / "a").write_text(text)
        assert (tmp_path / "2023" / "a").read_text() == text
    assert (tmp_path / "2023").is_symlink()
    assert [path.name for path in (tmp_path / "schijf").iterdir()] == ["uitgave"]


REPLACE = """
import os, sys
from pathlib import Path
from bedrijfsvoering.publishing.staging import staged
os.geteuid() or os.setuid(65534)  # to root nothing is read-only
with staged(Path(sys.argv[1])) as stage:
    (stage / "a").write_text("nieuw")
"""


@POSIX
def test_an_old_edition_that_is_read_only_leaves_no_litter() -> None:
    with TemporaryDirectory() as folder:
        target = Path(folder, "2023")
        with staged(target) as stage:
            (stage / "cijfers").mkdir()
            (stage / "cijfers" / "a").write_text("oud")
        for path in (target / "cijfers" / "a", target / "cijfers", target, Path(folder)):
            path.chmod(0o500 if path != Path(folder) else 0o700)
            if os.geteuid() == 0:
                os.chown(path, 65534, 65534)
        done = subprocess.run([sys.executable, "-c", REPLACE, str(target)], check=False, capture_output=True, text=True)
        assert (done.returncode, done.stderr) == (0, "")
        assert (target / "a").read_text() == "nieuw"
        assert [path.name for path in Path(folder).iterdir()] == ["2023"]


@pytest.mark.parametrize(
    ("code", "said"),
    [(errno.ENOSPC, "De schijf is vol"), (errno.EROFS, "kan niet worden beschreven"), (errno.EIO, "geen antwoord")],
)
def test_what_a_disk_refuses_is_one_sentence(code: int, said: str, tmp_path: Path) -> None:
    with pytest.raises(BedrijfsvoeringError, match=said) as told, disk_told(tmp_path / "2023"):
        raise OSError(code, os.strerror(code), str(tmp_path / "2023" / "a"))
    assert told.value.exit_code == 2
    assert str(tmp_path) in str(told.value)


def test_a_full_disk_is_known_behind_another_failure_and_what_is_no_trouble_of_the_disk_stays(tmp_path: Path) -> None:
    def chapter() -> None:
        try:
            raise OSError(errno.ENOSPC, "vol")
        except OSError:
            raise ChapterError("Het hoofdstuk kon niet worden uitgevoerd.") from None

    with pytest.raises(BedrijfsvoeringError, match="De schijf is vol"), disk_told(tmp_path / "2023"):
        chapter()
    with pytest.raises(ChapterError, match="beëindigt"), disk_told(tmp_path / "2023"):
        raise ChapterError("Een cel beëindigt het hoofdstuk.")
    with pytest.raises(OSError, match="anders"), disk_told(tmp_path / "2023"):
        raise OSError(errno.ENOENT, "anders")


LIST = """
import json, sys
from pathlib import Path
from bedrijfsvoering.publishing.index_file import prepared_index
from bedrijfsvoering.publishing.staging import staged
output, jaar = Path(sys.argv[1]), int(sys.argv[2])
for year in range(jaar, jaar + 10):
    target = output / "proef" / str(year)
    with prepared_index(output, target) as prepare, staged(target) as stage:
        (stage / "manifest.json").write_text(json.dumps({"naam": "Proef", "jaar": year, "titel": "T"}))
        prepare(stage)
"""


def test_the_list_has_every_edition_when_many_builds_end_at_once(tmp_path: Path) -> None:
    calls = [[sys.executable, "-c", LIST, str(tmp_path), str(year)] for year in (1960, 1970, 1980, 1990)]
    processes = [subprocess.Popen(call) for call in calls]
    assert [process.wait(60) for process in processes] == [0, 0, 0, 0]
    html = (tmp_path / "index.html").read_text(encoding="utf-8")
    assert all(f'href="proef/{year}/index.html"' in html for year in range(1960, 2000))
    assert sorted(path.name for path in tmp_path.iterdir()) == ["index.html", "proef"]


def test_a_list_that_cannot_be_replaced_is_told_as_such(tmp_path: Path) -> None:
    (tmp_path / "index.html" / "een-map").mkdir(parents=True)
    with pytest.raises(BedrijfsvoeringError, match="De uitgave is gepubliceerd, maar de lijst"):
        write_index(tmp_path)
    assert [path.name for path in tmp_path.iterdir()] == ["index.html"]


def test_temporary_files_of_a_dead_list_are_removed_by_the_next(tmp_path: Path) -> None:
    (tmp_path / f".index-{dead_pid()}-{host()}-abcdefgh").write_text("half")
    earlier = tmp_path / ".index-abcdefgh"  # as an earlier version of the program named it
    earlier.write_text("half")
    os.utime(earlier, (0, 0))
    write_index(tmp_path)
    assert [path.name for path in tmp_path.iterdir()] == ["index.html"]
    assert find_editions(tmp_path) == []
