"""Many editions in one go: real workers, real schedulers, real builds, and processes that are really killed."""

from __future__ import annotations

import io
import json
import os
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import psutil
import pytest
from batch_stand_in import CHILD, is_gone
from conftest import LONG, ROOT, Edition, long_only
from iv3_editions import IV3, YEARS, lay_out_years

from bedrijfsvoering.batch import process
from bedrijfsvoering.batch.cluster import look
from bedrijfsvoering.batch.progress import Progress
from bedrijfsvoering.batch.selection import find_editions, select_editions
from bedrijfsvoering.batch.summary import Summary, in_order
from bedrijfsvoering.batch.work import Outcome, Task, code_digest
from bedrijfsvoering.cli import run_command
from bedrijfsvoering.errors import ParamsError

HERE = Path(__file__).parent
PATIENCE = 30
UNIX = pytest.mark.skipif(sys.platform == "win32", reason="Windows has no such signals")


@dataclass
class Many:
    """Editions of which each says what comes of it, and batches of them."""

    root: Path
    temporary: str
    running: list[subprocess.Popen[str]] = field(default_factory=list)

    def add(self, name: str, what: str = "") -> None:
        gemeente, jaar = name.split("/")
        folder, params = self.root / "data" / gemeente / jaar, self.root / "params" / gemeente
        folder.mkdir(parents=True)
        params.mkdir(parents=True, exist_ok=True)
        (folder / "doe").write_text(what)
        (params / f"{jaar}.yaml").touch()

    def command(self, *args: str) -> list[str]:
        folders = [f"--{name}={self.root / name}" for name in ("data", "params", "output")]
        return [sys.executable, str(HERE / "batch_stand_in.py"), "batch", *folders, *args]

    def start(self, *args: str) -> subprocess.Popen[str]:
        pipes: dict[str, Any] = {"stdout": subprocess.PIPE, "stderr": subprocess.PIPE, "text": True}
        env = environment(TMPDIR=self.temporary)
        batch = subprocess.Popen(self.command(*args), env=env, start_new_session=True, **pipes)
        self.running.append(batch)
        return batch

    def run(self, *args: str) -> tuple[int, str, str]:
        batch = self.start(*args)
        out, err = batch.communicate(timeout=PATIENCE * 2)
        return batch.returncode, out, err

    def begun(self, name: str) -> list[int]:
        """The processes that began on an edition."""
        path = self.root / "data" / name / "begonnen"
        return [int(line) for line in path.read_text().split()] if path.exists() else []

    def worker_of(self, name: str) -> psutil.Process:
        """The worker that is at an edition: the parent of the small parent of the build."""
        until(lambda: bool(self.begun(name)))
        return psutil.Process(self.begun(name)[-1]).parent().parent()  # type: ignore[union-attr,return-value]

    def told(self) -> dict[str, str]:
        """What `batch.json` says of each edition."""
        return {f"{one['gemeente']}/{one['jaar']}": one["uitkomst"] for one in self.json()["uitgaven"]}

    def json(self) -> dict[str, Any]:
        return json.loads((self.root / "output" / "batch.json").read_text(encoding="utf-8"))  # type: ignore[no-any-return]

    def twice(self) -> list[Path]:
        """Editions that were built twice at the same time."""
        return list(self.root.glob("data/*/*/dubbel"))


def environment(**more: str) -> dict[str, str]:
    return {**os.environ, "PYTHONPATH": str(HERE), "COLUMNS": "200", **more}


@pytest.fixture
def many(tmp_path: Path) -> Iterator[Many]:
    with TemporaryDirectory(prefix="t-", ignore_cleanup_errors=True) as temporary:
        made = Many(tmp_path, temporary)
        yield made
        for batch in made.running:
            if batch.poll() is None:
                batch.kill()
            batch.communicate()


def until(holds: Callable[[], bool], seconds: float = PATIENCE) -> None:
    deadline = time.monotonic() + seconds
    while not holds():
        assert time.monotonic() < deadline, "waited too long"
        time.sleep(0.05)


# Which editions


def laid_out(root: Path) -> Path:
    for name in ("a-dorp/2023", "a-dorp/2024", "bstad/2023", "cdam/2024"):
        (root / "params" / name).parent.mkdir(parents=True, exist_ok=True)
        (root / "params" / f"{name}.yaml").touch()
    (root / "params" / "a-dorp" / "sjabloon.yaml").touch()
    (root / "params" / ".git").mkdir()
    return root / "params"


@pytest.mark.parametrize(
    ("selection", "found"),
    [
        ([], "a-dorp/2023 a-dorp/2024 bstad/2023 cdam/2024"),
        (["a-dorp"], "a-dorp/2023 a-dorp/2024"),
        (["a-dorp/2024"], "a-dorp/2024"),
        (["*/2023"], "a-dorp/2023 bstad/2023"),
        (["cdam", "*/2024", "cdam/2024"], "a-dorp/2024 cdam/2024"),
        (["?stad"], "bstad/2023"),
        (["@lijst.txt"], "a-dorp/2024 bstad/2023"),
        (["lijst.txt", "cdam"], "a-dorp/2024 bstad/2023 cdam/2024"),
    ],
)
def test_a_selection_names_matches_or_lists(
    selection: list[str], found: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    params = laid_out(tmp_path)
    (tmp_path / "lijst.txt").write_text(
        "\ufeff# onze gemeenten\nbstad   # de stad\n\na-dorp 2024\r\n", encoding="utf-8"
    )
    monkeypatch.chdir(tmp_path)
    assert " ".join(map(str, select_editions(params, selection))) == found


@pytest.mark.parametrize(
    ("selection", "said"),
    [
        (["bstat"], "'bstat' past bij geen enkele uitgave. Bedoelt u 'bstad'?"),
        (["Bstad"], "Bedoelt u 'bstad'?"),
        (["a-dorp/2025"], "Bedoelt u 'a-dorp/202"),
        (["2023"], "Bedoelt u '*/2023'?"),
        (["@fout.txt"], "fout.txt, regel 2: 'cdan' past bij geen enkele uitgave. Bedoelt u 'cdam'?"),
        (["@er-is-niets.txt"], "De lijst er-is-niets.txt kan niet worden gelezen"),
        (["@leeg.txt"], "De lijst noemt geen enkele uitgave"),
    ],
)
def test_a_selection_that_matches_nothing_names_the_nearest(
    selection: list[str], said: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    params = laid_out(tmp_path)
    (tmp_path / "fout.txt").write_text("bstad\ncdan\n")
    (tmp_path / "leeg.txt").write_text("# niets\n")
    monkeypatch.chdir(tmp_path)
    with pytest.raises(ParamsError) as caught:
        select_editions(params, selection)
    assert said in str(caught.value)


def test_all_that_is_wrong_with_a_selection_is_told_at_once(tmp_path: Path, capsys: Any) -> None:
    params = laid_out(tmp_path)
    folders = [f"--{name}={tmp_path / name}" for name in ("params", "output")]
    assert run_command(["batch", "bstat", "*/1999", "cdam", *folders]) == 2
    told = capsys.readouterr()
    assert told.out == ""
    assert len(told.err.splitlines()) == 2
    assert not (tmp_path / "output").exists()
    assert len(find_editions(params)) == 4
    assert run_command(["batch", f"--params={tmp_path}", f"--output={tmp_path / 'output'}"]) == 2
    assert "staan geen uitgaven" in capsys.readouterr().err


def test_without_dask_it_says_what_to_install(monkeypatch: pytest.MonkeyPatch, capsys: Any) -> None:
    monkeypatch.chdir(ROOT)
    monkeypatch.setattr("bedrijfsvoering.batch.cluster.importlib.util.find_spec", lambda name: None)
    assert run_command(["batch"]) == 2
    assert 'python -m pip install -c constraints.txt -e ".[batch]"' in capsys.readouterr().err


# What is told


def test_plain_lines_tell_how_far_it_is_and_quiet_says_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    clock = iter(range(0, 1000, 20))
    monkeypatch.setattr("bedrijfsvoering.batch.progress.time.monotonic", lambda: float(next(clock)))
    stream = io.StringIO()
    with Progress(4, stream=stream) as progress:
        for uitkomst in ("gepubliceerd", "fout", "niets veranderd", "mislukt"):
            progress.done(Outcome("a", 2023, uitkomst))
    lines = stream.getvalue().splitlines()
    assert 1 < len(lines) < 4
    assert lines[0].startswith("2 van 4 uitgaven, 1 met een fout, 0.0 per seconde, nog ")
    assert lines[-1].startswith("4 van 4 uitgaven, 2 met een fout")
    quiet = io.StringIO()
    with Progress(1, quiet=True, stream=quiet) as progress:
        progress.say("iets")
        progress.done(Outcome("a", 2023, "fout"))
    assert quiet.getvalue() == ""


def test_a_terminal_gets_a_bar() -> None:
    class Terminal(io.StringIO):
        def isatty(self) -> bool:
            return True

    stream = Terminal()
    with Progress(2, stream=stream) as progress:
        progress.done(Outcome("a", 2023, "fout"))
        progress.done(Outcome("b", 2023, "gepubliceerd"))
    last = stream.getvalue().split("\r")[-1]
    assert "100%" in last
    assert "2 van 2" in last
    assert "fouten 1" in last


def test_the_summary_counts_and_names_each_that_failed() -> None:
    finding = {"code": "TOTAAL_ONJUIST", "ernst": "fout", "tabel": "overhead", "post": None, "kolom": "rekening",
               "gedrukt": 1, "berekend": 2, "grens": 0, "bestand": "b/2023/overhead.csv", "regel": 7,
               "bericht": "De regels\ntellen niet op."}  # fmt: skip
    outcomes = [Outcome("b", 2023, "fout", (finding, finding)), Outcome("a", 2024, "gepubliceerd"),
                Outcome("a", 2023, "niets veranderd")]  # fmt: skip
    text = Summary(in_order(outcomes), (), 12.3).text()
    assert text.splitlines() == [
        "1  gepubliceerd",
        "1  niets veranderd",
        "1  fout",
        "3  uitgaven in 12 s",
        "",
        "b 2023  fout  TOTAAL_ONJUIST b/2023/overhead.csv, regel 7, rekening: De regels tellen niet op. (en nog 1)",
    ]
    assert Summary((outcomes[1],), (), 1.0).exit_code == 0
    assert Summary((outcomes[0],), (), 1.0).exit_code == 1
    assert Summary((), (), 1.0, stopped=True).exit_code == 130


# Bad editions


def test_a_bad_edition_stops_nobody_and_is_told(many: Many) -> None:
    bad = {
        "fout": "fout",
        "invoer": "invoer",
        "stuk": "mislukt",
        "weg": "mislukt",
        "segv": "mislukt",
        "hang": "mislukt",
    }
    for number in range(12):
        many.add(f"goed-{number}/2023")
    for what in bad:
        many.add(f"{what}/2023", what)
    code, out, err = many.run("--timeout=3", "--workers=2")
    assert code == 1
    told = many.told()
    assert {name: told[f"{name}/2023"] for name in bad} == bad
    assert [uitkomst for name, uitkomst in told.items() if name.startswith("goed")] == ["gepubliceerd"] * 12
    for said in (
        "12  gepubliceerd",
        "fout 2023    fout     TOTAAL_ONJUIST overhead: De regels tellen niet op.",
        "invoer 2023  invoer   TOTAAL_ONJUIST overhead: De regels tellen niet op. (en nog 1)",
        "weg 2023     mislukt  BOUW_MISLUKT weg/2023: De bouw stopte zonder uitkomst: het proces eindigde met code 7 (het laatste woord).",  # noqa: E501
        "segv 2023    mislukt  BOUW_MISLUKT segv/2023: De bouw stopte zonder uitkomst: signaal SIGSEGV.",
        "stuk 2023    mislukt  BOUW_MISLUKT stuk/2023: Dit is een fout in bedrijfsvoering zelf",
        "hang 2023    mislukt  BOUW_TE_LANG hang/2023: De bouw duurde langer dan 3 seconden",
    ):
        assert said in out
    assert "dit hoort niet op de terminal" not in out + err
    assert "Traceback" not in out + err
    assert err.splitlines()[0] == "18 uitgaven, 2 workers"
    stuk = next(one for one in many.json()["uitgaven"] if one["gemeente"] == "stuk")
    assert "ZeroDivisionError" in stuk["spoor"]
    assert {len(many.begun(name)) for name in told} == {1}
    assert len({many.begun(name)[0] for name in told}) == 18  # a process for each
    assert not [one for one in psutil.process_iter(["cmdline"]) if CHILD in (one.info["cmdline"] or [])]
    assert {path.name for path in (many.root / "output").iterdir()} == {
        "index.html", "batch.json", *(f"goed-{number}" for number in range(12)),
    }  # fmt: skip


def a_task(many: Many, name: str, **more: Any) -> Task:
    gemeente, jaar = name.split("/")
    return Task(
        gemeente, int(jaar), params=str(many.root / "params"), output=str(many.root / "output"),
        data=str(many.root / "data"), batch="proef", code=code_digest(), cwd=str(many.root), timeout=60,
        build="batch_stand_in.build", preload=("bedrijfsvoering.batch.process",), **more,
    )  # fmt: skip


def test_a_build_that_takes_too_much_memory_is_ended(many: Many) -> None:
    many.add("groot/2023", "lek")
    outcome = process.run_task(a_task(many, "groot/2023", memory=300_000_000))
    assert outcome is not None
    assert outcome.bevindingen[0]["code"] == "BOUW_TE_GROOT"
    assert "300 MB mag" in outcome.bevindingen[0]["bericht"]
    assert is_gone(many.begun("groot/2023")[0])


def test_a_worker_with_another_program_does_not_build(many: Many) -> None:
    many.add("anders/2023")
    task = a_task(many, "anders/2023")
    outcome = process.run_task(Task(**{**vars(task), "code": "een ander"}))
    assert outcome is not None
    assert (outcome.uitkomst, outcome.bevindingen[0]["code"]) == ("mislukt", "WORKER_ANDERS")
    assert many.begun("anders/2023") == []


# Processes that are killed


@UNIX
def test_a_killed_worker_loses_nothing_and_nothing_is_built_twice_at_once(many: Many) -> None:
    for number in range(6):
        many.add(f"traag-{number}/2023", "wacht 1.5")
    batch = many.start("--workers=2")
    worker = many.worker_of("traag-0/2023")
    first = many.begun("traag-0/2023")[0]
    worker.kill()
    until(lambda: is_gone(first), 5)
    out, err = batch.communicate(timeout=PATIENCE * 2)
    assert (batch.returncode, set(many.told().values())) == (0, {"gepubliceerd"}), out + err
    assert len(many.begun("traag-0/2023")) == 2
    assert many.twice() == []
    assert "Traceback" not in err
    assert list(Path(many.temporary).glob("bv-*")) == []


@UNIX
def test_a_worker_that_hangs_is_replaced(many: Many) -> None:
    for number in range(3):
        many.add(f"traag-{number}/2023", "wacht 2")
    batch = many.start("--workers=1")
    worker = many.worker_of("traag-0/2023")
    worker.suspend()
    out, err = batch.communicate(timeout=PATIENCE * 2)
    assert batch.returncode == 0, out + err
    assert many.told().keys() == {f"traag-{number}/2023" for number in range(3)}
    assert is_gone(worker.pid)
    assert many.twice() == []


@UNIX
def test_a_killed_build_is_told_and_harms_no_other(many: Many) -> None:
    many.add("a/2023", "wacht 60")
    many.add("b/2023")
    batch = many.start("--workers=1")
    until(lambda: bool(many.begun("a/2023")))
    os.kill(many.begun("a/2023")[0], signal.SIGKILL)
    out, _ = batch.communicate(timeout=PATIENCE)
    assert batch.returncode == 1
    assert many.told() == {"a/2023": "mislukt", "b/2023": "gepubliceerd"}
    assert "signaal SIGKILL" in out


@UNIX
@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM] if LONG else [signal.SIGTERM])
def test_a_stop_is_clean_and_a_second_call_goes_on(number: int, many: Many) -> None:
    many.add("a/2023")
    for name in ("b/2023", "c/2023", "d/2023"):
        many.add(name, "wacht 60")
    batch = many.start("--workers=1")
    until(lambda: bool(many.begun("b/2023")))
    os.killpg(batch.pid, number) if number == signal.SIGINT else batch.send_signal(number)  # as a terminal does
    out, err = batch.communicate(timeout=PATIENCE)
    assert batch.returncode == 130, out + err
    assert "Traceback" not in err
    assert is_gone(many.begun("b/2023")[0])
    assert many.json()["onderbroken"] is True
    assert many.told() == {"a/2023": "gepubliceerd", **dict.fromkeys(("b/2023", "c/2023", "d/2023"), "niet gedaan")}
    assert "3  niet gedaan" in out
    assert (many.root / "output" / "index.html").is_file()
    assert not (many.root / "output" / "b" / "2023").exists()
    for name in ("b/2023", "c/2023", "d/2023"):
        (many.root / "data" / name / "doe").write_text("")
    assert many.run()[0] == 0
    assert many.told() == {"a/2023": "niets veranderd", **dict.fromkeys(("b/2023", "c/2023", "d/2023"), "gepubliceerd")}


@UNIX
def test_a_killed_batch_leaves_no_process_behind(many: Many) -> None:
    many.add("a/2023", "hang")
    many.add("b/2023", "wacht 60")
    batch = many.start("--workers=2")
    until(lambda: bool(many.begun("a/2023")) and bool(many.begun("b/2023")))
    started = psutil.Process(batch.pid).children(recursive=True)
    assert len(started) >= 6  # workers, their small parents, builds
    batch.kill()
    builds = [*many.begun("a/2023"), *many.begun("b/2023")]
    until(lambda: all(is_gone(pid) for pid in builds), 10)
    left = [one for one in started if not is_gone(one.pid) and CHILD not in one.cmdline()]
    _, left = psutil.wait_procs(left, timeout=10)
    assert [one for one in left if not is_gone(one.pid)] == []
    for one in psutil.process_iter(["cmdline"]):  # the build cannot end its child when it is killed itself
        if CHILD in (one.info["cmdline"] or []):
            one.kill()


@UNIX
def test_nothing_listens_but_on_the_loopback_address(many: Many) -> None:
    many.add("a/2023", "wacht 60")
    batch = many.start("--workers=2")
    until(lambda: bool(many.begun("a/2023")))
    processes = [psutil.Process(batch.pid), *psutil.Process(batch.pid).children(recursive=True)]
    listening = [one.laddr.ip for each in processes for one in each.net_connections() if one.status == "LISTEN"]
    assert listening
    assert set(listening) == {"127.0.0.1"}
    batch.send_signal(signal.SIGINT)
    assert batch.wait(PATIENCE) == 130


# Workers elsewhere


@contextmanager
def scheduler(folder: Path, workers: int = 1, **more: str) -> Iterator[str]:
    """A real scheduler and real workers, as an operator starts them; give its address."""
    dask = [sys.executable, "-m", "dask"]
    where = ["--scheduler-file", str(folder / "scheduler.json")]
    quiet: dict[str, Any] = {"stdout": subprocess.DEVNULL, "stderr": subprocess.DEVNULL, "cwd": folder}
    begun = [subprocess.Popen([*dask, "scheduler", "--host", "127.0.0.1", "--port", "0", "--dashboard-address",
                               "127.0.0.1:0", *where], env=environment(), **quiet)]  # fmt: skip
    try:
        until(lambda: (folder / "scheduler.json").exists() and (folder / "scheduler.json").stat().st_size > 0)
        for _ in range(workers):
            command = [*dask, "worker", "--host", "127.0.0.1", "--nthreads", "1", "--no-dashboard", *where]
            begun.append(subprocess.Popen(command, env=environment(**more), **quiet))
        address = json.loads((folder / "scheduler.json").read_text())["address"]
        _wait_for_workers(address, workers)
        yield address
    finally:
        for one in reversed(begun):
            one.terminate()
            one.wait(PATIENCE)


def _wait_for_workers(address: str, workers: int) -> None:
    code = f"import distributed as d\nwith d.Client('{address}') as c: c.wait_for_workers({workers}, timeout=30)"
    subprocess.run([sys.executable, "-W", "ignore", "-c", code], check=True, timeout=60)


@UNIX
def test_workers_of_a_scheduler_elsewhere_build_and_stop(many: Many, tmp_path: Path) -> None:
    (tmp_path / "dask").mkdir()
    for number in range(4):
        many.add(f"goed-{number}/2023")
    many.add("kapot/2023", "weg")
    many.add("traag/2024", "wacht 60")
    with scheduler(tmp_path / "dask", 2, DASK_DISTRIBUTED__WORKER__DAEMON="False") as address:
        code, out, err = many.run("*/2023", f"--scheduler={address}")
        assert code == 1, out + err
        assert "4  gepubliceerd" in out
        assert "het laatste woord" in out
        assert "5 uitgaven, 2 workers" in err
        batch = many.start("*/2024", f"--scheduler={address}")
        until(lambda: bool(many.begun("traag/2024")))
        batch.send_signal(signal.SIGINT)
        assert batch.wait(PATIENCE) == 130
        until(lambda: is_gone(many.begun("traag/2024")[0]), 10)
        assert many.run("goed-1", f"--scheduler={address}")[0] == 0  # another batch is not stopped
    assert [path.name for path in (many.root / "output").glob(".*")] == []


@UNIX
@long_only("waits for three slow builds; a killed and a hanging worker are tried above")
def test_a_worker_that_must_go_ends_its_build_before_another_begins_it(many: Many, tmp_path: Path) -> None:
    (tmp_path / "dask").mkdir()
    for number in range(3):
        many.add(f"traag-{number}/2023", "wacht 2")
    with scheduler(tmp_path / "dask", 2, DASK_DISTRIBUTED__WORKER__DAEMON="False") as address:
        batch = many.start(f"--scheduler={address}")
        worker = many.worker_of("traag-0/2023")
        worker.parent().terminate()  # type: ignore[union-attr]
        until(lambda: is_gone(worker.pid), 10)
        out, err = batch.communicate(timeout=PATIENCE)
    assert (batch.returncode, set(many.told().values())) == (0, {"gepubliceerd"}), out + err
    assert len(many.begun("traag-0/2023")) == 2
    assert many.twice() == []


def test_a_worker_that_cannot_do_the_work_is_named_before_anything_begins(many: Many, tmp_path: Path) -> None:
    (tmp_path / "dask").mkdir()
    many.add("a/2023")
    with scheduler(tmp_path / "dask") as address:
        code, out, err = many.run(f"--scheduler={address}")
    assert (code, out) == (2, "")
    assert "Deze worker kan niet meedoen: zij mag geen processen beginnen" in err
    assert many.begun("a/2023") == []


def test_what_a_worker_lacks_is_said_in_whole_sentences(tmp_path: Path) -> None:
    assert look(code_digest(), [str(tmp_path)], str(tmp_path)) == []
    told = look("een ander", [str(tmp_path), str(tmp_path / "nergens")], str(tmp_path))
    assert told[0] == "zij heeft een andere versie van bedrijfsvoering."
    assert told[1] == f"zij ziet {tmp_path / 'nergens'} niet; de mappen moeten op gedeelde opslag staan."
    assert list(tmp_path.iterdir()) == []


def test_a_scheduler_that_does_not_answer_is_told(many: Many) -> None:
    many.add("a/2023")
    code, out, err = many.run("--scheduler=tcp://127.0.0.1:9")
    assert (code, out) == (2, "")
    assert "De scheduler op tcp://127.0.0.1:9 antwoordt niet" in err


# Real builds


@pytest.fixture
def project(edition: Edition, monkeypatch: pytest.MonkeyPatch) -> Edition:
    """An edition in a project with one short chapter, and two beside it of which nothing can be published."""
    (edition.root / "notebooks").mkdir()
    shutil.copy(ROOT / "notebooks" / "9-verantwoording.ipynb", edition.root / "notebooks")
    for name in ("fout", "bron"):
        for kind in ("data", "params"):
            shutil.copytree(edition.root / kind / "diemen", edition.root / kind / name)
        params = edition.root / "params" / name / "2023.yaml"
        params.write_text(params.read_text(encoding="utf-8").replace("gemeente: diemen", f"gemeente: {name}"))
    wrong = edition.root / "data" / "fout" / "2023" / "overhead.csv"
    wrong.write_text(wrong.read_text(encoding="utf-8").replace("-14.393;380", "-99.393;380"), encoding="utf-8")
    (edition.root / "data" / "bron" / "2023" / "bron.yaml").unlink()
    monkeypatch.chdir(edition.root)
    return edition


def files(folder: Path) -> dict[str, bytes]:
    return {path.relative_to(folder).as_posix(): path.read_bytes() for path in folder.rglob("*") if path.is_file()}


def test_a_batch_publishes_what_a_single_build_does_byte_for_byte(project: Edition) -> None:
    command = [sys.executable, "-m", "bedrijfsvoering", "batch", "--json", "-q"]
    done = subprocess.run(command, capture_output=True, text=True, timeout=120, check=False)
    assert (done.returncode, done.stderr) == (1, "")
    told = json.loads(done.stdout)
    assert told == json.loads((project.root / "output" / "batch.json").read_text(encoding="utf-8"))
    found = {one["gemeente"]: (one["uitkomst"], one["bevindingen"][:1]) for one in told["uitgaven"]}
    assert found["diemen"] == ("gepubliceerd", [])
    assert (found["fout"][0], found["fout"][1][0]["code"]) == ("fout", "TOTAAL_ONJUIST")
    assert (found["bron"][0], found["bron"][1][0]["code"]) == ("invoer", "BESTAND_ONTBREEKT")
    assert sorted(path.name for path in (project.root / "output").iterdir()) == ["batch.json", "diemen", "index.html"]
    assert "diemen/2023/index.html" in (project.root / "output" / "index.html").read_text(encoding="utf-8")
    batched = files(project.output)
    single = [sys.executable, "-m", "bedrijfsvoering", "build", "diemen", "2023", "-q", "--output=los"]
    subprocess.run(single, check=True, timeout=120)
    assert files(project.root / "los" / "diemen" / "2023") == batched
    again = subprocess.run([*command, "diemen"], capture_output=True, text=True, timeout=120, check=False)
    assert [one["uitkomst"] for one in json.loads(again.stdout)["uitgaven"]] == ["niets veranderd"]
    project.change("overhead.csv", "-14.393;380", "-14.393;380\n")
    again = subprocess.run([*command, "diemen"], capture_output=True, text=True, timeout=120, check=False)
    assert [one["uitkomst"] for one in json.loads(again.stdout)["uitgaven"]] == ["gepubliceerd"]


@pytest.mark.long
@pytest.mark.skipif(not LONG, reason="takes an hour: make test-long")
def test_all_municipalities_of_three_years(tmp_path: Path) -> None:
    if not IV3.is_dir():
        pytest.skip("the Iv3 extracts are not on this machine")
    editions = lay_out_years(tmp_path, YEARS)
    assert len(editions) == 342 * len(YEARS)
    damaged = editions[::10]
    for gemeente, jaar in damaged:
        (tmp_path / "data" / gemeente / str(jaar) / "overhead.csv").write_text("post;rekening\nA;1.5\n")
    folders = [f"--{name}={tmp_path / name}" for name in ("data", "params", "output")]
    command = [sys.executable, "-m", "bedrijfsvoering", "batch", *folders]
    done = subprocess.run(command, stdout=subprocess.PIPE, text=True, timeout=6 * 3600, check=False)
    print(done.stdout)
    assert done.returncode == 1
    told = json.loads((tmp_path / "output" / "batch.json").read_text(encoding="utf-8"))
    bad = {
        (one["gemeente"], one["jaar"]): one["bevindingen"] for one in told["uitgaven"] if one["uitkomst"] == "invoer"
    }
    assert bad.keys() == set(damaged)
    assert {found[0]["code"] for found in bad.values()} == {"GETAL_ONLEESBAAR"}
    assert told["aantallen"]["gepubliceerd"] == len(editions) - len(damaged)
