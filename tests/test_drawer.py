"""Charts drawn by a process beside the chapters: one of a build's own, or one for all builds of a worker."""

from __future__ import annotations

import multiprocessing
import os
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import Any

import pytest

from bedrijfsvoering.running.drawer import VARIABLE, Drawer, DrawnHere, draw_for_all, drawing
from bedrijfsvoering.running.processes import FORK, KERNEL
from bedrijfsvoering.running.scratch import make_scratch
from bedrijfsvoering.svg import draw

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="only where there is a fork does a process draw")

ROWS = {"balk": "overhead.duo_plus"}


def chart(count: int) -> dict[str, Any]:
    """Return a chart that is as large as many charts are: more than a pipe holds."""
    values = [{"x": number, "naam": "balk", "tekst": "x" * 200} for number in range(count)]
    encoding = {"x": {"field": "x", "type": "quantitative"}, "description": {"field": "naam"}}
    return {"data": {"values": values}, "mark": "bar", "encoding": encoding}


def test_what_is_drawn_beside_is_what_is_drawn_here() -> None:
    specs = [chart(count) for count in (1, 500, 2, 500, 3)]
    with drawing(FORK) as drawer:
        for spec in specs:
            drawer.begin(spec, ROWS)
        found = [drawer.draw(spec, ROWS) for spec in reversed(specs)]
    assert found == [draw(spec, ROWS) for spec in reversed(specs)]
    assert 'data-rij="overhead.duo_plus"' in found[0].inner


def test_what_was_not_announced_is_drawn_all_the_same() -> None:
    with drawing(FORK) as drawer:
        assert drawer.draw(chart(4), {}) == draw(chart(4), {})


def test_without_a_fork_who_asks_draws() -> None:
    with drawing(KERNEL) as drawer:
        assert isinstance(drawer, DrawnHere)
        assert drawer.draw(chart(4), {}) == draw(chart(4), {})


def test_a_drawing_process_that_dies_or_cannot_draw_is_no_loss() -> None:
    drawer = Drawer()
    try:
        drawer.begin({"mark": "bestaat niet"}, {})
        assert drawer.draw(chart(5), ROWS) == draw(chart(5), ROWS)
        drawer.process.kill()
        drawer.process.join()
        assert drawer.draw(chart(6), ROWS) == draw(chart(6), ROWS)
        with pytest.raises(ValueError, match="conversion failed"):
            drawer.draw({"mark": "bestaat niet"}, {})
    finally:
        drawer.end()


def test_one_process_draws_for_all_builds_of_a_worker(monkeypatch: pytest.MonkeyPatch) -> None:
    with tempfile.TemporaryDirectory(prefix="bv-") as folder:
        address = f"{folder}/tekenaar"
        process = multiprocessing.get_context("forkserver").Process(target=draw_for_all, args=(address,))
        process.start()
        monkeypatch.setenv(VARIABLE, address)
        while not Path(address).exists():
            assert process.is_alive()
        for count in (3, 4):
            with drawing(FORK) as drawer:
                assert isinstance(drawer, Drawer)
                assert drawer.process is None
                assert drawer.draw(chart(count), ROWS) == draw(chart(count), ROWS)
        process.kill()
        process.join()
        with drawing(FORK) as drawer:  # it is gone: this build has its own
            assert drawer.draw(chart(5), ROWS) == draw(chart(5), ROWS)


def test_folders_of_builds_that_are_gone_are_taken_away(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
    gone = subprocess.Popen([sys.executable, "-c", ""])
    gone.wait()
    for name in (f"bv-{gone.pid}-abc", f"bv-{os.getpid()}-abc", "bv-anders", "iets"):
        (tmp_path / name).mkdir()
    made = make_scratch()
    assert {path.name for path in tmp_path.iterdir()} == {f"bv-{os.getpid()}-abc", "bv-anders", "iets", made.name}
