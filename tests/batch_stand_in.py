"""Stands in for a build where a batch itself is tested: what it does stands in the edition's folder, as a word.

Run as a program it is `bedrijfsvoering`, with this in the place of the build.
"""

from __future__ import annotations

import os
import subprocess
import sys
import time
from pathlib import Path

from bedrijfsvoering.batch.work import GEPUBLICEERD, ONVERANDERD, Task
from bedrijfsvoering.errors import DataError, ProvenWrong
from bedrijfsvoering.findings import Finding

LEFT: list[int] = []
"""What a build leaves behind in its process; the next one must not find it."""


def build(task: Task) -> str:
    """Do what the edition says."""
    folder = Path(str(task.data)) / task.gemeente / str(task.jaar)
    what = (folder / "doe").read_text() if (folder / "doe").exists() else ""
    with (folder / "begonnen").open("a") as stream:
        stream.write(f"{os.getpid()}\n")
    if task.target.is_dir():
        return ONVERANDERD
    finding = Finding("TOTAAL_ONJUIST", "fout", "De regels tellen niet op.", tabel="overhead")
    if what == "fout":
        raise ProvenWrong([finding])
    if what == "invoer":
        raise DataError([finding, finding])
    if what == "stuk":
        raise ZeroDivisionError("door nul")
    if what == "weg":
        os._exit(7)
    if what == "segv":
        os.kill(os.getpid(), 11)
    if what == "hang":
        subprocess.Popen([sys.executable, "-c", "import time; time.sleep(300)", "kind van een bouw"])
        time.sleep(300)
    if what == "lek":
        held = []
        while True:
            held.append(bytearray(20_000_000))
            time.sleep(0.02)
    if what.startswith("wacht"):
        time.sleep(float(what.split()[1]))
    assert not LEFT
    LEFT.append(task.jaar)
    print("dit hoort niet op de terminal")
    task.target.mkdir(parents=True)
    return GEPUBLICEERD


if __name__ == "__main__":
    from bedrijfsvoering.batch import work
    from bedrijfsvoering.cli import run

    work.BUILD, work.PRELOAD = "batch_stand_in.build", ("bedrijfsvoering.batch.process",)
    run()
