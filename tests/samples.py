"""Editions other than Diemen's, to look at and to test the page with: few rows, many and long ones, columns missing."""

from __future__ import annotations

import csv
import shutil
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

TESTS = Path(__file__).parent
HEAD = ("post", "begroting_primitief", "begroting_na_wijziging", "rekening", "budgetresultaat")
OTHER_YEARS = ("rekening_2021", "rekening_2022")
LONG_LABEL = "Verrekening van kosten met {:03d} grondexploitaties en tarieven"
"""A label of sixty characters: room is kept for such a one, on a phone too."""
LONG_WORD = "Donaudampfschifffahrtsgesellschaft" * 6
"""A word that fits on no line."""


@dataclass(frozen=True)
class Sample:
    """An edition in a folder: `data` and `params` to build it from."""

    gemeente: str
    jaar: int
    root: Path

    @property
    def page(self) -> Path:
        return self.root / "output" / self.gemeente / str(self.jaar) / "index.html"


def write_samples(root: Path) -> list[Sample]:
    """Write the three editions under `root` and return them."""
    return [_few(root), _many(root), _missing(root)]


def build(samples: list[Sample]) -> None:
    """Build editions side by side, each as a person does; the pages stand under `output/`."""
    running = []
    for sample in samples:
        folders = [f"--{name}={sample.root / name}" for name in ("data", "params", "output")]
        command = [sys.executable, "-m", "bedrijfsvoering", "build", sample.gemeente, str(sample.jaar), *folders, "-q"]
        running.append(subprocess.Popen(command, stderr=subprocess.PIPE, text=True))
    for sample, process in zip(samples, running, strict=True):
        _, said = process.communicate(timeout=300)
        assert process.returncode == 0, f"{sample.gemeente}: {said}"


def _few(root: Path) -> Sample:
    """Three lines with short names and a total, in whole euros; nothing else."""
    rows = [("ICT", -900_123, -950_456, -1_010_789), ("P&O", -400_100, -410_200, -390_300), ("Post", -300, -300, -300)]
    return _write(root, "kort", {"overhead": _with_total(rows)}, eenheid="eur")


def _many(root: Path) -> Sample:
    """Sixty lines with names of sixty characters, and tables of two hundred rows with columns of other years."""
    tables = {"overhead": _with_total(_lines(60))}
    for naam in ("salarissen", "programma_een", "programma_twee", "programma_drie"):
        tables[naam] = _with_total([(*row, row[1] - 7, row[1] + 5) for row in _lines(200)])
    return _write(root, "lang", tables)


def _missing(root: Path) -> Sample:
    """What Dalfsen published of 2019: three tables of three lines, no story, no total, and no chapter of their own.

    To it comes an overhead table of which only the account and one budget were delivered, one cell unknown, and with
    a name that is one endless word.
    """
    sample = _write(root, "dalfsen", {}, jaar=2019)
    folder = root / "data" / "dalfsen" / "2019"
    shutil.copytree(TESTS / "published" / "dalfsen" / "2019", folder, dirs_exist_ok=True)
    table = "  overhead:\n    titel: Overhead per soort\n    lasten: positief\n    budgetresultaat: afwezig\n"
    source = (folder / "bron.yaml").read_text(encoding="utf-8")
    (folder / "bron.yaml").write_text(source + table, encoding="utf-8")
    rows = [
        "post;begroting_primitief;rekening",
        f"{LONG_WORD};10;12",
        "Huisvesting;1.200;1.150",
        "Automatisering;;2.400",
        "Overig;0;-",
    ]
    (folder / "overhead.csv").write_text("\n".join(rows), encoding="utf-8")
    return sample


def _lines(count: int) -> list[tuple[str, int, int, int]]:
    """Return lines of very different size, some dearer and some cheaper than planned."""
    planned = [-(20 + 37 * number % 1900) for number in range(1, count + 1)]
    return [
        (LONG_LABEL.format(number), plan + 3, plan, plan + (number * 53 % 311 - 150) * min(-plan, 150) // 150)
        for number, plan in enumerate(planned, 1)
    ]


def _with_total(rows: list[tuple[str, *tuple[int, ...]]]) -> list[tuple[str | int, ...]]:
    """Return rows with their result behind the account, and their total."""
    full: list[tuple[str | int, ...]] = [(*row[:4], row[3] - row[2], *row[4:]) for row in rows]
    return [*full, ("Totaal", *(sum(column) for column in list(zip(*full, strict=True))[1:]))]  # type: ignore[arg-type]


def _write(
    root: Path,
    gemeente: str,
    tables: dict[str, list[tuple[str | int, ...]]],
    jaar: int = 2023,
    eenheid: str = "eur_1000",
) -> Sample:
    """Write one edition: its tables, its source and its parameters."""
    folder, params = root / "data" / gemeente / str(jaar), root / "params" / gemeente
    folder.mkdir(parents=True)
    params.mkdir(parents=True)
    declared = [f"gemeente: Gemeente {gemeente.capitalize()}", f"titel: Jaarstukken {jaar}", "tabellen:"]
    for naam, rows in tables.items():
        head = (*HEAD, *OTHER_YEARS)[: len(rows[0])]
        with (folder / f"{naam}.csv").open("w", encoding="utf-8", newline="") as file:
            csv.writer(file, delimiter=";").writerows([head, *rows])
        declared += [f"  {naam}:", f"    titel: {naam.replace('_', ' ').capitalize()}", "    lasten: negatief"]
        declared += ["    budgetresultaat: rekening - begroting", f"    eenheid: {eenheid}"]
        other = head[len(HEAD) :]
        declared += ["    kolommen:", *(f"      {one}: {one}" for one in other)] if other else []
    (folder / "bron.yaml").write_text("\n".join(declared) + "\n", encoding="utf-8")
    given = {"gemeente": gemeente, "jaar": jaar, "data_dir": '""', "vergelijk_met": "[]", "grens_bedrag": 100,
             "grens_pct": 10, "taal": "nl"}  # fmt: skip
    lines = [f"{name}: {value}" for name, value in given.items()]
    (params / f"{jaar}.yaml").write_text("\n".join(lines) + "\n", encoding="utf-8")
    return Sample(gemeente, jaar, root)
