"""What a story kept from an earlier year: sources of facts from elsewhere, and a year beside a figure of this year."""

from __future__ import annotations

import re
from collections.abc import Sequence

from ..references import Cijfer
from ..source import MONEY_COLUMNS
from .passages import REKENING

YEAR = re.compile(r"(?<!\d)(?:19|20)\d\d(?!\d)")
SPENT = r"(?:kostten?|bedroeg(?:en)?|was|waren|betaalden?|gaf|gaven|sloot|sloten|kwam(?:en)?)"
SAYS_YEAR = re.compile(
    rf"\b{SPENT}\s+(?:in|over)\s+(?P<year>\d{{4}})\b|\b(?:in|over)\s+(?P<first>\d{{4}})\s+{SPENT}\b|"
    r"\brekening\s+(?:van\s+|over\s+|in\s+)?(?P<named>\d{4})\b",
    re.IGNORECASE,
)
"""A year of which a sentence says what it cost: `kostte in 2023`, `In 2023 was`, `de rekening van 2023`."""
LOOKS_BACK = re.compile(
    r"\b(?:dan|vergeleken|ten opzichte|tegenover|tegen|nog|toen|destijds|sinds|vanaf|eerder|vorige?|na|voor|tot|al)\b",
    re.IGNORECASE,
)
"""A sentence with one of these words may name an earlier year on purpose."""


def years_behind(bron: str, jaar: int) -> bool:
    """Return whether a source names years, all of them before that of the edition."""
    years = [int(year) for year in YEAR.findall(bron)]
    return bool(years) and max(years) < jaar


def year_behind(text: str, cijfers: Sequence[Cijfer | None], jaar: int) -> str:
    """Return the earlier year that a sentence gives figures of the edition's own year; nothing where that is open.

    `cijfers` are all that the sentence has in place of numbers; only cells of this year leave no doubt.
    """
    said, years = SAYS_YEAR.search(text), YEAR.findall(text)
    if not said or len(years) != 1 or int(years[0]) >= jaar or LOOKS_BACK.search(text):
        return ""
    stages = [_stage(cijfer) for cijfer in cijfers]
    certain = all(stage in MONEY_COLUMNS for stage in stages) and REKENING in stages
    return years[0] if certain and years[0] in (said["year"], said["first"], said["named"]) else ""


def _stage(cijfer: Cijfer | None) -> str:
    """Return the column of a reference to one cell of a money table; a result or a fact from elsewhere has none."""
    path, _, kolom = cijfer.bron.rpartition(".") if cijfer else ("", "", "")
    return kolom if path.count(".") == 1 and "(" not in path else ""
