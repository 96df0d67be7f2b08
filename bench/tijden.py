"""How long an edition takes, side by side with what everybody does: ratios, medians and spread (`make bench`).

    BENCH_ROUNDS=3 BENCH_EDITIONS=6 python bench/tijden.py

Every round runs every way once, in another order each time. Whole processes are timed: wall clock and processor. The
peers run in this very environment, and once more `zonder`: without a grammar that JupyterLab's presence makes
jsonschema build in each of their processes; ours never does.
"""

from __future__ import annotations

import ctypes
import os
import resource
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path

ROOT = Path(__file__).parent.parent
BIN = Path(sys.executable).parent
GEMEENTE, JAAR = "diemen", "2023"
PARAMS = ROOT / "params" / GEMEENTE / f"{JAAR}.yaml"
ROUNDS, EDITIONS = int(os.environ.get("BENCH_ROUNDS", 3)), int(os.environ.get("BENCH_EDITIONS", 6))
MANY = 8 * EDITIONS
"""So many editions are in a batch, whose workers take six seconds to begin; the peers' pool takes too long for that."""
WITHOUT = "import sys; sys.modules.setdefault('rfc3987_syntax', None)\n"
"""What takes the grammar away from a process: it stands in a `sitecustomize.py` that each Python imports."""


Run = Callable[[Path, dict[str, str]], object]
"""Makes editions in an empty folder, with an environment."""


@dataclass
class Way:
    """One way to make `editions` editions, and what it took each time: wall clock and processor, per edition."""

    name: str
    run: Run
    editions: int = 1
    wall: list[float] = field(default_factory=list)
    cpu: list[float] = field(default_factory=list)


def call(command: Sequence[str | Path], env: dict[str, str], cwd: Path = ROOT) -> str:
    """Run a command to its good end and return what it printed."""
    done = subprocess.run(command, env=env, cwd=cwd, check=True, capture_output=True, text=True)
    return done.stdout


def command_lines(folder: Path, env: dict[str, str]) -> None:
    """Seven times papermill and seven times nbconvert, as a person or a script calls them."""
    for path in sorted((ROOT / "notebooks").glob("[0-9]-*.ipynb")):
        out = folder / path.name
        call([BIN / "papermill", path, out, "-f", PARAMS, "--no-progress-bar", "--cwd", path.parent], env)
        call([BIN / "jupyter", "nbconvert", "--to", "html", out], env)


def one_process(folder: Path, env: dict[str, str]) -> None:
    """papermill and nbconvert as libraries, in one process."""
    call([sys.executable, ROOT / "bench" / "anders.py", "1", "1"], env)


def pool(processes: int) -> Run:
    """Return the same for many editions, on a pool of processes."""
    return lambda folder, env: call([sys.executable, ROOT / "bench" / "anders.py", str(EDITIONS), str(processes)], env)


def limit(times: int) -> Run:
    """Return the practical limit, that many times in one process."""
    return lambda folder, env: call([sys.executable, ROOT / "bench" / "grens.py", PARAMS, str(times)], env)


def cold(folder: Path, env: dict[str, str]) -> None:
    """Our build of one edition, from nothing."""
    call([BIN / "bedrijfsvoering", "build", GEMEENTE, JAAR, "--output", folder, "-q"], env)


def again(folder: Path, env: dict[str, str]) -> None:
    """Our build where nothing changed."""
    assert "Niets veranderd" in call([BIN / "bedrijfsvoering", "build", GEMEENTE, JAAR, "--output", KEPT, "-q"], env)


def batch(workers: int) -> Run:
    """Return our batch of many editions."""

    def run(folder: Path, env: dict[str, str]) -> None:
        given = [f"--{name}={COPIES / name}" for name in ("data", "params")]
        call([BIN / "bedrijfsvoering", "batch", *given, "--output", folder, "--workers", str(workers), "-q"], env)
        assert len(list(folder.glob("*/*/index.html"))) == MANY

    return run


def lay_out(folder: Path) -> None:
    """Write the edition as that many municipalities."""
    for number in range(MANY):
        name = f"gemeente-{chr(97 + number // 26)}{chr(97 + number % 26)}"
        shutil.copytree(ROOT / "data" / GEMEENTE / JAAR, folder / "data" / name / JAAR)
        (folder / "params" / name).mkdir(parents=True)
        text = PARAMS.read_text(encoding="utf-8").replace(f"gemeente: {GEMEENTE}", f"gemeente: {name}")
        (folder / "params" / name / f"{JAAR}.yaml").write_text(text, encoding="utf-8")


def reap() -> None:
    """Wait for every process that is left of what ran, so that its time is counted too."""
    with suppress(ChildProcessError):
        while True:
            os.waitpid(-1, 0)


def measure(way: Way, env: dict[str, str]) -> None:
    """Run one way once, in an empty folder."""
    with tempfile.TemporaryDirectory() as folder:
        used, begin = resource.getrusage(resource.RUSAGE_CHILDREN), time.perf_counter()
        way.run(Path(folder), env)
        reap()
        way.wall.append((time.perf_counter() - begin) / way.editions)
        now = resource.getrusage(resource.RUSAGE_CHILDREN)
        way.cpu.append((now.ru_utime + now.ru_stime - used.ru_utime - used.ru_stime) / way.editions)


def spread(values: Sequence[float]) -> str:
    """Return the median, and the least and the most beside it."""
    return f"{statistics.median(values):.2f} ({min(values):.2f}-{max(values):.2f})"


def ratio(others: Way, ours: Way) -> str:
    """Return how many times as fast ours is: the median of the ratios of the rounds."""
    return f"{statistics.median(other / own for other, own in zip(others.wall, ours.wall, strict=True)):.1f}"


SUBREAPER = 36
ctypes.CDLL(None).prctl(SUBREAPER, 1, 0, 0, 0)  # what loses its parent comes to us (Linux)

with tempfile.TemporaryDirectory() as temporary:
    KEPT, COPIES, bare = (Path(temporary, name) for name in ("kept", "copies", "bare"))
    lay_out(COPIES)
    bare.mkdir()
    (bare / "sitecustomize.py").write_text(WITHOUT, encoding="utf-8")
    usual = dict(os.environ)
    fair = {**usual, "PYTHONPATH": str(bare)}
    call([BIN / "bedrijfsvoering", "build", GEMEENTE, JAAR, "--output", KEPT, "-q"], usual)
    cores = len(os.sched_getaffinity(0))
    peers = {
        "lines": ("zeven keer papermill, zeven keer nbconvert", command_lines, 1),
        "process": ("één proces", one_process, 1),
        "pool": (f"één proces, in een pool van {cores}", pool(cores), EDITIONS),
    }
    ways = {key: (Way(name, run, n), usual) for key, (name, run, n) in peers.items()}
    ways |= {f"{key} zonder": (Way(f"{name}, zonder", run, n), fair) for key, (name, run, n) in peers.items()}
    ways |= {
        "limit": (Way("grens: dezelfde cellen, geen kernel", limit(1)), usual),
        "warm limit": (Way("grens, warm", limit(EDITIONS), EDITIONS), usual),
        "cold": (Way("bedrijfsvoering build", cold), usual),
        "again": (Way("bedrijfsvoering build, niets veranderd", again), usual),
        "batch 1": (Way("bedrijfsvoering batch, 1 worker", batch(1), MANY), usual),
        "batch": (Way(f"bedrijfsvoering batch, {cores} workers", batch(cores), MANY), usual),
    }
    for number in range(ROUNDS):
        order = list(ways.values())
        for way, env in order[number % len(order) :] + order[: number % len(order)]:
            measure(way, env)
            print(f"ronde {number + 1}: {way.name}: {way.wall[-1]:.2f} s", file=sys.stderr)
    print("| manier | seconden per uitgave: mediaan (kleinste-grootste) | processor |\n|---|---|---|")
    for way, _ in ways.values():
        print(f"| {way.name} | {spread(way.wall)} | {spread(way.cpu)} |")
    own = {key: way for key, (way, _) in ways.items()}
    print("\n| verhouding | keer | doel |\n|---|---|---|")
    for told, other, ours, goal in (
        ("zeven opdrachten : build", "lines", "cold", "15"), ("… zonder : build", "lines zonder", "cold", "7"),
        ("één proces : build", "process", "cold", "8"), ("… zonder : build", "process zonder", "cold", "4"),
        ("build : grens", "cold", "limit", "hoogstens 1,2"),
        ("pool : batch", "pool", "batch", "8"), ("… zonder : batch", "pool zonder", "batch", "4"),
    ):  # fmt: skip
        print(f"| {told} | {ratio(own[other], own[ours])} | {goal} |")
    spent = statistics.median(own["batch 1"].cpu) / statistics.median(own["warm limit"].cpu)
    print(f"| processor per uitgave in een batch : warme grens | {spent:.2f} | hoogstens 1,5 |")
