"""Stands in for a build where a batch itself is tested: what it does stands in the edition's folder, as a word.

Run as a program it is `bedrijfsvoering`, with this in the place of the build.
"""

from __future__ import annotations

import os
import subprocess
import sys
import time
from pathlib import Path

import psutil

from bedrijfsvoering.batch.work import GEPUBLICEERD, ONVERANDERD, Task
from bedrijfsvoering.errors import DataError, ProvenWrong
from bedrijfsvoering.findings import Finding

CHILD = "kind van een bouw"
"""By this its own child is found."""
FINDING = Finding("TOTAAL_ONJUIST", "fout", "De regels tellen niet op.", tabel="overhead")
MOMENT = 0.5
"""Seconds that an earlier build of an edition may still be seen: its end and the news of it come by different ways."""
LEFT: list[int] = []
"""What a build leaves behind in its process; the next one must not find it."""


def build(task: Task) -> str:
    """Do what the edition says, and leave a trace of every time that it began."""
    folder = Path(str(task.data)) / task.gemeente / str(task.jaar)
    what = (folder / "doe").read_text()
    begun = folder / "begonnen"
    before = begun.read_text().split() if begun.exists() else []
    deadline = time.monotonic() + MOMENT
    while not all(is_gone(int(pid)) for pid in before):
        if time.monotonic() > deadline:
            (folder / "dubbel").touch()
            break
        time.sleep(0.01)
    with begun.open("a") as stream:
        stream.write(f"{os.getpid()}\n")
    if task.target.is_dir():
        return ONVERANDERD
    _do(what)
    assert not LEFT
    LEFT.append(task.jaar)
    print("dit hoort niet op de terminal")
    task.target.mkdir(parents=True)
    return GEPUBLICEERD


def is_gone(pid: int) -> bool:
    """Tell whether a process does nothing any more."""
    try:
        return psutil.Process(pid).status() == psutil.STATUS_ZOMBIE
    except psutil.NoSuchProcess:
        return True


def _do(what: str) -> None:
    """Go wrong, or be slow."""
    if what == "fout":
        raise ProvenWrong([FINDING])
    if what == "invoer":
        raise DataError([FINDING, FINDING])
    if what == "stuk":
        raise ZeroDivisionError("door nul")
    if what == "weg":
        sys.stderr.write("het laatste woord\n")
        os._exit(7)
    if what == "segv":
        os.kill(os.getpid(), 11)
    if what == "hang":
        subprocess.Popen([sys.executable, "-c", "import time; time.sleep(300)", CHILD], start_new_session=True)
        time.sleep(300)
    if what == "lek":
        held = []
        while True:
            held.append(bytearray(20_000_000))
            time.sleep(0.02)
    if what.startswith("wacht"):
        time.sleep(float(what.split()[1]))


if __name__ == "__main__":
    from bedrijfsvoering.batch import cluster, work
    from bedrijfsvoering.cli import run

    work.BUILD, work.PRELOAD = "batch_stand_in.build", ("bedrijfsvoering.batch.process",)
    cluster.SETTINGS["distributed.scheduler.worker-ttl"] = "1s"
    cluster.CONNECT = 3
    run()
