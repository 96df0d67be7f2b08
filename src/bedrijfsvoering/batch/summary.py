"""What came of a batch: a table for the terminal, `batch.json` for other programs, and the exit code."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from importlib.metadata import version
from pathlib import Path
from typing import Any

from ..findings import JSON_KEYS, Finding
from ..publishing.staging import write_whole
from .work import NIET_GEDAAN, UITKOMSTEN, Outcome

NAME = "batch.json"
STOPPED = 130
"""The exit code after Ctrl-C, as a shell has it."""


@dataclass(frozen=True)
class Summary:
    """The outcomes of a batch, by municipality and year, and how it was run."""

    outcomes: tuple[Outcome, ...]
    selection: tuple[str, ...]
    seconden: float
    stopped: bool = False

    @property
    def counts(self) -> dict[str, int]:
        """How many editions had each outcome; those that none had are left out."""
        counted = Counter(outcome.uitkomst for outcome in self.outcomes)
        return {uitkomst: counted[uitkomst] for uitkomst in UITKOMSTEN if counted[uitkomst]}

    @property
    def exit_code(self) -> int:
        """0 where every edition is published or was current, 1 where one is not, 130 after Ctrl-C."""
        if self.stopped:
            return STOPPED
        return 0 if all(outcome.is_good for outcome in self.outcomes) else 1

    def text(self) -> str:
        """Return the table: how many editions per outcome, and a line for each that failed."""
        total = len(self.outcomes)
        width = max(len(f"{count}") for count in (*self.counts.values(), total))
        lines = [f"{count:>{width}}  {uitkomst}" for uitkomst, count in self.counts.items()]
        lines.append(f"{total:>{width}}  uitgaven in {self.seconden:.0f} s")
        bad = [outcome for outcome in self.outcomes if not outcome.is_good and outcome.uitkomst != NIET_GEDAAN]
        if bad:
            first = max(len(f"{one.gemeente} {one.jaar}") for one in bad)
            second = max(len(one.uitkomst) for one in bad)
            lines.append("")
            lines += [f"{f'{one.gemeente} {one.jaar}':<{first}}  {one.uitkomst:<{second}}  {told(one)}" for one in bad]
        return "\n".join(lines)

    def to_json(self) -> dict[str, Any]:
        """Return what `batch.json` holds; docs/batch.md describes it."""
        return {
            "versie": 1,
            "bedrijfsvoering": version("bedrijfsvoering"),
            "selectie": list(self.selection),
            "onderbroken": self.stopped,
            "seconden": round(self.seconden, 2),
            "aantallen": {uitkomst: self.counts.get(uitkomst, 0) for uitkomst in UITKOMSTEN},
            "uitgaven": [outcome.to_json() for outcome in self.outcomes],
        }


def told(outcome: Outcome) -> str:
    """Return the first finding of an edition that failed: code, place and sentence, and how many more there are."""
    if not outcome.bevindingen:
        return ""
    first, *more = outcome.bevindingen
    line = " ".join(f"{first['code']} {_finding(first).message()}".split())
    return f"{line} (en nog {len(more)})" if more else line


def _finding(values: Mapping[str, Any]) -> Finding:
    return Finding(**{key: values[key] for key in JSON_KEYS})


def write_summary(summary: Summary, output: Path) -> None:
    """Write `output/batch.json`, whole or not at all."""
    write_whole(output / NAME, json.dumps(summary.to_json(), ensure_ascii=False, indent=1) + "\n")


def in_order(outcomes: Sequence[Outcome]) -> tuple[Outcome, ...]:
    """Return outcomes by municipality and year."""
    return tuple(sorted(outcomes, key=lambda outcome: (outcome.gemeente, outcome.jaar)))
