"""Chapters that are forked off: the same notebooks as a kernel gives, each in a process and a namespace of its own."""

from __future__ import annotations

import os
import re
import signal
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

import nbformat
import pytest
from conftest import CHAPTERS, ROOT
from test_chapters import FOLDERS, NOTEBOOKS, PARAMETERS, code, notebook

from bedrijfsvoering.errors import ChapterError
from bedrijfsvoering.running.chapters import run_chapter
from bedrijfsvoering.running.processes import FORK, KERNEL, choose_engine, forking
from bedrijfsvoering.running.side_by_side import execute_chapters

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="chapters are forked on Linux alone")

ODDITIES = {
    "prints": "print('een'); print('twee', end='')",
    "prints to both": "import sys\nprint('fout', file=sys.stderr); print('goed'); print('nog een', file=sys.stderr)",
    "prints bit by bit": "import time\nfor n in range(3):\n    print(n, flush=True); time.sleep(0.3)",
    "prints around what it shows": "from IPython.display import display\nprint('voor'); display(1); print('na')",
    "prints below Python": "import os, time\nos.system('echo onder'); os.write(1, b'nog lager\\n'); time.sleep(0.5)",
    "runs a command": "!echo een opdracht",
    "overwrites a line": "print('10%\\r20%\\r30%')",
    "shows the last value": "x = 3\nx + 4",
    "shows nothing": "x = 5;",
    "shows several": "from IPython.display import display, HTML\ndisplay(HTML('<b>een</b>'), 2)\n'drie'",
    "changes what it showed": "h = display('eerst', display_id='zelfde')\nh.update('later')",
    "clears": "from IPython.display import clear_output\nprint('weg'); clear_output(); print('blijft')",
    "clears later": "print('weg'); clear_output(wait=True); print('blijft')",
    "warns": "import warnings\nwarnings.warn('pas op')",
    "warns of what is old": "warnings.warn('verouderd', DeprecationWarning)",
    "shows a wide frame": "import pandas as pd\npd.DataFrame([range(40)], columns=[f'kolom {n}' for n in range(40)])",
    "shows a long frame": "pd.DataFrame({'getal': range(500)})",
    "prints a wide frame": "print(pd.DataFrame([range(40)], columns=[f'kolom {n}' for n in range(40)]))",
    "shows an own chart": "import altair as alt\nalt.Chart(pd.DataFrame({'a': [1]})).mark_bar().encode(x='a')",
    "asks what shell it is in": "type(get_ipython())",
    "shows what it was": "_ + 1 if isinstance(_, int) else len(Out)",
    "waits": "import asyncio\nawait asyncio.sleep(0.01)\n'klaar'",
    "uses magic": "%pwd\n%precision 3\n3.14159265",
    "writes TeX": "%%latex\n$x$",
    "knows itself": "__name__, type(get_ipython()).__bases__[0].__name__ != '', In[1]",
    "imports from its folder": "import buurman\nbuurman.NAAM",
    "asks": "try:\n    input()\nexcept Exception as exc:\n    print(type(exc).__name__)",
    "defines a class": "class Rij:\n    pass\nimport pickle\npickle.loads(pickle.dumps(Rij)) is Rij",
    "uses a thread": "import threading\nt = threading.Thread(target=print, args=('draad',)); t.start(); t.join()",
    "uses a process": "import subprocess, sys\nsubprocess.run([sys.executable, '-c', 'print(6 * 7)'])\ntime.sleep(0.5)",
    "logs": "import logging\nlogging.warning('uit het logboek')",
    "shows much": "'x' * 100_000",
    "shows progress": "from tqdm import tqdm\nlen(list(tqdm(range(3), disable=True)))",
}
"""Cells that print, warn or show in every way that a kernel has a rule for."""


@pytest.fixture(scope="module")
def odd(tmp_path_factory: pytest.TempPathFactory) -> dict[str, dict[str, Any]]:
    """The outputs of one notebook of odd cells by each way of running, by the name of the cell."""
    folder = tmp_path_factory.mktemp("raar")
    (folder / "buurman.py").write_text("NAAM = 'buurman'\n")
    cells = [code("jaar: int = 2023", "parameters"), *(code(source) for source in ODDITIES.values())]
    path = notebook(folder, "1-raar", *cells)
    own = {name: value for name, value in os.environ.items() if name != "PYTEST_CURRENT_TEST"}  # a kernel minds it
    script = (
        "import json, sys; from pathlib import Path; from bedrijfsvoering.running.preload import preload; preload()\n"
        "from bedrijfsvoering.running.chapters import run_chapter\n"
        "path, output, engine = sys.argv[1:]; run_chapter(Path(path), Path(output), {'jaar': 2023}, {}, engine)"
    )
    found = {}
    for engine in (FORK, KERNEL):
        out = folder / f"{engine}.ipynb"
        subprocess.run([sys.executable, "-c", script, path, out, engine], env=own, check=True, timeout=120)
        executed = [cell for cell in nbformat.read(out, as_version=4).cells if not cell.metadata.get("tags")]
        found[engine] = {name: (c.execution_count, c.outputs) for name, c in zip(ODDITIES, executed, strict=True)}
    return found


def _run(path: Path, output: Path, engine: str, seconds: int = 60) -> Any:
    """Run one notebook as a chapter of a build is run."""
    if engine == KERNEL:
        return run_chapter(path, output, PARAMETERS, FOLDERS, KERNEL, seconds)
    done = execute_chapters([path], output.parent, PARAMETERS, FOLDERS, FORK, seconds, 2, lambda name: None)
    return dict(done)[path.stem]


@pytest.mark.parametrize("name", ODDITIES)
def test_a_cell_behaves_as_in_a_kernel(name: str, odd: dict[str, dict[str, Any]]) -> None:
    told, expected = (_told(odd[engine][name]) for engine in (FORK, KERNEL))
    assert told == expected


def _told(cell: tuple[int, list[Any]]) -> Any:
    """Return what a cell showed, without the number of a process (where a warning came from) and Altair's own ids."""
    count, outputs = cell
    text = nbformat.writes(nbformat.v4.new_notebook(cells=[nbformat.v4.new_code_cell("x", id="x", outputs=outputs)]))
    return count, re.sub(r"(ipykernel_|altair-viz-)[0-9a-f]+", r"\1", text)


def test_the_odd_cells_do_show_something(odd: dict[str, dict[str, Any]]) -> None:
    silent = {name for name, (_, outputs) in odd[KERNEL].items() if not outputs}
    assert silent == {"shows nothing"}


def test_the_chapters_are_the_same_by_both_ways(built: Path, tmp_path: Path) -> None:
    from bedrijfsvoering.cli import run_command as run

    assert run(["build", "diemen", "2023", f"--output={tmp_path}", "-q", "--engine", "kernel"]) == 0
    other = tmp_path / "diemen" / "2023"
    names = sorted(path.relative_to(built) for path in built.rglob("*") if path.is_file())
    assert names == sorted(path.relative_to(other) for path in other.rglob("*") if path.is_file())
    differ = [str(name) for name in names if (built / name).read_bytes() != (other / name).read_bytes()]
    assert differ == ["manifest.json"]  # which says how the chapters ran
    lines = [set((folder / "manifest.json").read_text(encoding="utf-8").splitlines()) for folder in (built, other)]
    assert lines[0] ^ lines[1] == {' "engine": "fork",', ' "engine": "kernel",'}
    assert len([name for name in names if name.suffix == ".ipynb"]) == len(CHAPTERS)


@pytest.mark.parametrize("engine", [FORK, KERNEL])
@pytest.mark.parametrize(
    ("source", "said"),
    [
        ("1 / 0", "In cel fout ging het mis: ZeroDivisionError: division by zero"),
        ("import sys; sys.exit()", "Niet alle cellen zijn uitgevoerd: cel 3"),
        ("import os; os._exit(3)", "kon niet worden uitgevoerd"),
        ("import os, signal; os.kill(os.getpid(), signal.SIGKILL)", "kon niet worden uitgevoerd"),
        ("while True: pass", "Een cel duurde langer dan 3 seconden en is gestopt"),
        ("import time; time.sleep(100)", "Een cel duurde langer dan 3 seconden en is gestopt"),
        ("if True", "SyntaxError"),
    ],
)
def test_what_goes_wrong_is_told_the_same(source: str, said: str, engine: str, tmp_path: Path) -> None:
    wrong = code(source)
    wrong.id = "fout"
    path = notebook(tmp_path, "1-proef", code("jaar = 1", "parameters"), wrong, code("print('later')"))
    with pytest.raises(ChapterError, match=said):
        _run(path, tmp_path / f"{engine}.ipynb", engine, seconds=3)


def test_nothing_leaks_from_chapter_to_chapter(tmp_path: Path) -> None:
    leave = """import os, sys, builtins, warnings, locale
import pandas as pd
import altair as alt
import bedrijfsvoering as bv
lek = builtins.lek = bv.lek = pd.lek = os.environ["LEK"] = sys.modules["lek"] = "lek"
pd.set_option("display.max_rows", 3)
alt.theme.enable("dark")
os.chdir("/")
sys.path.insert(0, "/lek")
warnings.simplefilter("ignore")"""
    look = """import os, sys, builtins, warnings
import pandas as pd
import altair as alt
import bedrijfsvoering as bv
print([hasattr(place, "lek") for place in (builtins, bv, pd)], "LEK" in os.environ, "lek" in sys.modules)
print(pd.get_option("display.max_rows"), alt.theme.active, os.getcwd() != "/", "/lek" in sys.path)
print(warnings.filters[0][0] == "ignore" and warnings.filters[0][2] is Warning, os.getpid())"""
    paths = [
        notebook(tmp_path, f"{number}-{name}", code("jaar = 1", "parameters"), code(source))
        for number, (name, source) in enumerate([("lekt", leave), ("kijkt", look), ("lekt", leave), ("kijkt", look)])
    ]
    out = tmp_path / "uit"
    out.mkdir()
    done = dict(execute_chapters(paths, out, PARAMETERS, FOLDERS, FORK, 60, 2, lambda name: None))
    seen = [done[f"{number}-kijkt"].cells[-1].outputs[0].text.split("\n") for number in (1, 3)]
    for lines in seen:
        assert lines[0] == "[False, False, False] False False"
        assert lines[1] == "60 default True False"
        assert lines[2].startswith("False")
    assert seen[0][2] != seen[1][2]  # a process each


@pytest.mark.parametrize("engine", [FORK, KERNEL])
def test_a_chapter_reads_no_settings_of_whoever_runs_it(
    engine: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    startup = tmp_path / "ipython" / "profile_default" / "startup"
    startup.mkdir(parents=True)
    (startup / "00-eigen.py").write_text("eigen = 1\n")
    monkeypatch.setenv("IPYTHONDIR", str(tmp_path / "ipython"))
    path = notebook(tmp_path, "1-proef", code("jaar = 1", "parameters"), code("print('eigen' in globals())"))
    assert _run(path, tmp_path / f"{engine}.ipynb", engine).cells[-1].outputs[0].text == "False\n"
    assert os.environ["IPYTHONDIR"] == str(tmp_path / "ipython")


def test_papermills_own_command_line_knows_the_engine(tmp_path: Path) -> None:
    outputs = []
    for engine in ("bedrijfsvoering", "nbclient"):
        out = tmp_path / f"{engine}.ipynb"
        command = [sys.executable, "-m", "papermill", "--no-progress-bar", "--engine", engine, "4-samenwerking.ipynb",
                   str(out), "-f", str(ROOT / "params" / "diemen" / "2023.yaml")]  # fmt: skip
        subprocess.run(command, cwd=NOTEBOOKS, check=True, capture_output=True, timeout=120)
        nb = nbformat.read(out, as_version=4)
        assert nb.metadata.papermill.exception is None
        assert all(cell.metadata.papermill.status == "completed" for cell in nb.cells)
        outputs.append([(cell.get("execution_count"), cell.get("outputs")) for cell in nb.cells])
    assert outputs[0] == outputs[1]


def test_a_build_that_is_killed_leaves_no_process_behind(tmp_path: Path) -> None:
    mark = f"bv-{os.getpid()}"
    sleeper = notebook(
        tmp_path, "1-slaapt", code("jaar = 1", "parameters"), code(f"import time; time.sleep(600) # {mark}")
    )
    script = (
        "from bedrijfsvoering.running.preload import preload; preload()\n"
        "from bedrijfsvoering.running.side_by_side import execute_chapters\n"
        "from pathlib import Path; print('begint', flush=True)\n"
        f"list(execute_chapters([Path({str(sleeper)!r})], Path({str(tmp_path)!r}), {{}}, {{}}, 'fork', 600, 2, print))"
    )
    with subprocess.Popen([sys.executable, "-c", script], stdout=subprocess.PIPE, text=True) as build:
        assert build.stdout is not None
        build.stdout.readline()
        until = time.monotonic() + 30
        while len(_family(build.pid)) < 2 and time.monotonic() < until:
            time.sleep(0.05)
        family = _family(build.pid)
        build.send_signal(signal.SIGKILL)
        build.wait(10)
    assert len(family) == 2  # papermill's process, and the one of its cells
    until = time.monotonic() + 10
    while any(Path(f"/proc/{pid}").exists() for pid in family) and time.monotonic() < until:
        time.sleep(0.05)
    assert not any(Path(f"/proc/{pid}").exists() for pid in family)


def _family(pid: int) -> list[int]:
    """Return the processes that a process made, and those that they made."""
    found = []
    for path in Path("/proc").glob("[0-9]*/stat"):
        try:
            stat = path.read_text().rsplit(")", 1)[1].split()
        except OSError:
            continue
        if int(stat[1]) == pid and stat[0] != "Z":
            found += [int(path.parent.name), *_family(int(path.parent.name))]
    return found


def test_a_system_without_a_fork_uses_a_kernel(monkeypatch: pytest.MonkeyPatch) -> None:
    assert choose_engine() == FORK
    assert choose_engine(KERNEL) == KERNEL
    for system in ("win32", "darwin"):
        monkeypatch.setattr(sys, "platform", system)
        assert choose_engine() == KERNEL
        assert choose_engine(FORK) == KERNEL


def test_a_process_with_threads_does_not_fork_itself() -> None:
    import threading

    stop = threading.Event()
    thread = threading.Thread(target=stop.wait)
    thread.start()
    try:
        assert forking().get_start_method() == "forkserver"
    finally:
        stop.set()
        thread.join()
