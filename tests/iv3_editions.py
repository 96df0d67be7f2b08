"""Municipalities of the CBS extracts as editions: an overhead table of nothing but its total, in a given folder.

By hand: `python tests/iv3_editions.py FOLDER [JAAR ...]` lays out `FOLDER/data` and `FOLDER/params`, for a whole batch.
"""

from __future__ import annotations

import os
import sys
from collections.abc import Collection, Iterable
from pathlib import Path

from bedrijfsvoering.iv3.deliveries import Delivery
from bedrijfsvoering.iv3.files import load_iv3

YEARS = (2023, 2024, 2025)
"""The years of which the extracts hold all municipalities: 342 of them, 1.026 editions."""

IV3 = Path(os.environ.get("BEDRIJFSVOERING_IV3", Path(__file__).parents[2] / "shared" / "iv3"))
"""Real figures of all municipalities; they are no part of the project."""
PARAMS = """\
gemeente: {gemeente}
jaar: {jaar}
vergelijk_met: []
grens_bedrag: 100
grens_pct: 100
taal: nl
iv3_dir: {iv3}
"""
SOURCE = """\
gemeente: "Gemeente {naam}"
titel: "Iv3 {jaar}"
{inwoners}tabellen:
  overhead:
    titel: Overhead
    lasten: negatief
"""


def lay_out(deliveries: Iterable[Delivery], root: Path) -> list[tuple[str, int]]:
    """Write an edition per municipality and year, and return them; what was not delivered stays blank."""
    stages: dict[tuple[str, int], dict[str, str]] = {}
    known: dict[tuple[str, int], Delivery] = {}
    for one in deliveries:
        net = one.known("overhead_lasten", "overhead_baten")
        column = "rekening" if one.document == "jaarrekening" else "begroting_primitief"
        stages.setdefault((one.gemeente, one.jaar), {})[column] = f"{net[1] - net[0]:f}" if net else ""
        known[one.gemeente, one.jaar] = one
    for (gemeente, jaar), own in stages.items():
        folder, one = root / "data" / gemeente / str(jaar), known[gemeente, jaar]
        folder.mkdir(parents=True)
        inwoners = f"inwoners: {one.bedragen['inwoners']:f}\n" if one.bedragen.get("inwoners") else ""
        (folder / "bron.yaml").write_text(SOURCE.format(naam=one.naam, jaar=jaar, inwoners=inwoners), encoding="utf-8")
        amounts = [own.get(column, "") for column in ("begroting_primitief", "rekening")]
        head = "post;begroting_primitief;rekening\n"
        (folder / "overhead.csv").write_text(f"{head}Totaal overhead;{';'.join(amounts)}\n", encoding="utf-8")
        params = root / "params" / gemeente / f"{jaar}.yaml"
        params.parent.mkdir(parents=True, exist_ok=True)
        params.write_text(PARAMS.format(gemeente=gemeente, jaar=jaar, iv3=IV3), encoding="utf-8")
    return list(stages)


def lay_out_years(root: Path, years: Collection[int] = YEARS) -> list[tuple[str, int]]:
    """Write an edition of every municipality for each of the years, and return them."""
    loaded = load_iv3(IV3).values()
    return lay_out([one for one in loaded if one.jaar in years and one.grootteklasse], root)


if __name__ == "__main__":
    folder = Path(sys.argv[1])
    made = lay_out_years(folder, [int(text) for text in sys.argv[2:]] or YEARS)
    print(f"{len(made)} uitgaven; bedrijfsvoering batch --data {folder}/data --params {folder}/params --output ...")
