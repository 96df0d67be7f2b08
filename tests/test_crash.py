"""Real builds, killed with `kill -9` at moments spread over a build: the old or the new page is there, whole.

A sample by itself; with `BEDRIJFSVOERING_LONG=1` (`make test-long`) two hundred moments.
"""

from __future__ import annotations

import os
import signal
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

import pytest
from conftest import LONG
from small import Small

from bedrijfsvoering.publishing.verification import read_manifest, verify_folder

pytestmark = [pytest.mark.skipif(os.name == "nt", reason="Windows has no such signals")]
MOMENTS = 100 if LONG else 2
"""For each of two ways to kill a build."""
LAST = 0.8
"""From here on a build writes and swaps: half of all moments lie there."""


@contextmanager
def reading(page: Path) -> Iterator[list[str]]:
    """Read a page all the time; give what was wrong with it."""
    wrong, stop = list[str](), threading.Event()

    def read() -> None:
        while not stop.is_set():
            try:
                if not page.read_text(encoding="utf-8").rstrip().endswith("</html>"):
                    wrong.append("half")
            except OSError as exc:
                wrong.append(str(exc))
            time.sleep(0.002)

    thread = threading.Thread(target=read)
    thread.start()
    try:
        yield wrong
    finally:
        stop.set()
        thread.join()


def moments(count: int, seconds: float) -> list[float]:
    """Return moments in a build that takes so long: half of them over all of it, half over its end."""
    whole = [seconds * (n + 0.5) / (count / 2) for n in range(count // 2)]
    end = [seconds * (LAST + (1.05 - LAST) * (n + 0.5) / (count / 2)) for n in range(count - count // 2)]
    return whole + end


@pytest.mark.long
@pytest.mark.parametrize("whole", [True, False], ids=["all-processes", "main-process"])
def test_a_killed_build_leaves_the_old_or_the_new_page_and_the_next_run_no_litter(whole: bool, tmp_path: Path) -> None:
    small = Small(tmp_path)
    begin = time.monotonic()
    assert small.build()[0] == 0
    seconds = time.monotonic() - begin
    stands = read_manifest(small.output)["parameters"]["grens_bedrag"]
    with reading(small.output / "index.html") as wrong:
        for number, moment in enumerate(moments(MOMENTS, seconds), start=2):
            limit = ("-p", "grens_bedrag", str(number * 1000))
            with small.start(*limit, start_new_session=True) as process:
                time.sleep(moment)
                kill = os.killpg if whole else os.kill
                with suppress(ProcessLookupError):
                    kill(process.pid, signal.SIGKILL)
                if whole:
                    process.communicate()
            manifest = read_manifest(small.output)
            assert verify_folder(small.output, manifest) == [], f"after {moment:.2f} s"
            assert manifest["parameters"]["grens_bedrag"] in (stands, number * 1000)
            code, said, told = small.build(*limit)
            assert (code, "Klaar" in said or "Niets veranderd" in said) == (0, True), told
            assert small.litter() == [], f"after {moment:.2f} s"
            assert verify_folder(small.output, read_manifest(small.output)) == []
            stands = number * 1000
            with suppress(ProcessLookupError, PermissionError):
                os.killpg(process.pid, signal.SIGKILL)  # kernels that outlived their build
    assert wrong == []


def test_builds_of_one_edition_at_the_same_time_wait_for_each_other(tmp_path: Path) -> None:
    small = Small(tmp_path)
    processes = [small.start("-p", "grens_bedrag", str(100 + number // 2)) for number in range(5)]
    said = [process.communicate(timeout=300) for process in processes]
    assert [process.returncode for process in processes] == [0] * 5
    assert sum("Wacht op een andere bouw van diemen 2023 (proces " in err for _, err in said) == 4
    assert "Traceback" not in "".join(err for _, err in said)
    assert verify_folder(small.output, read_manifest(small.output)) == []
    assert small.litter() == []


def test_a_stage_and_a_lock_of_dead_builds_are_no_obstacle_and_a_list_that_was_not_written_is(tmp_path: Path) -> None:
    small = Small(tmp_path)
    assert small.build()[0] == 0
    (small.root / "output" / "index.html").unlink()  # as if killed between the swap and the list
    (small.output.parent / ".2023.lock").write_text("999999 elders\n")
    code, out, _ = small.build()
    assert (code, out.split(".")[0]) == (0, "Niets veranderd")
    assert 'href="diemen/2023/index.html"' in (small.root / "output" / "index.html").read_text(encoding="utf-8")
    assert small.litter() == []
