"""How far a batch is: a bar on a terminal, a plain line now and then elsewhere, nothing where that was asked."""

from __future__ import annotations

import sys
import time
from types import TracebackType
from typing import Any, TextIO

from .work import Outcome

EVERY = 30.0
"""Seconds between two plain lines."""
BAR = (
    "{desc} {percentage:3.0f}% |{bar}| {n_fmt} van {total_fmt} [{elapsed}, nog {remaining}, {rate_noinv_fmt}]{postfix}"
)


class Progress:
    """Tells of each edition that is done; `with` closes the bar.

    Parameters
    ----------
    total
        How many editions there are.
    quiet, verbose
        Say nothing; or name each edition with its outcome.
    stream
        Where to; a terminal gets a bar.
    """

    def __init__(self, total: int, quiet: bool = False, verbose: bool = False, stream: TextIO | None = None) -> None:
        self.total, self.quiet, self.verbose = total, quiet, verbose
        self.stream = stream or sys.stderr
        self.ready = self.failures = 0
        self.began = self.told = time.monotonic()
        self.bar: Any = None

    def __enter__(self) -> Progress:
        if not self.quiet and self.stream.isatty():
            from tqdm import tqdm

            self.bar = tqdm(total=self.total, desc="batch", unit=" uitgave", file=self.stream, bar_format=BAR,
                            smoothing=0.1, dynamic_ncols=True)  # fmt: skip
            self.bar.set_postfix_str("fouten 0")
        return self

    def __exit__(self, kind: type[BaseException] | None, exc: BaseException | None, tb: TracebackType | None) -> None:
        if self.bar is not None:
            self.bar.close()

    def say(self, line: str) -> None:
        """Tell one line, above the bar where there is one."""
        if self.quiet:
            return
        if self.bar is not None:
            self.bar.write(line, file=self.stream)
        else:
            print(line, file=self.stream, flush=True)

    def done(self, outcome: Outcome) -> None:
        """Count an edition that is done."""
        self.ready += 1
        self.failures += not outcome.is_good
        if self.verbose:
            self.say(f"{outcome.gemeente} {outcome.jaar}: {outcome.uitkomst} ({outcome.seconden:.1f} s)")
        if self.bar is not None:
            self.bar.set_postfix_str(f"fouten {self.failures}", refresh=False)
            self.bar.update()
        elif time.monotonic() - self.told >= EVERY or self.ready == self.total:
            self.told = time.monotonic()
            self.say(self.line())

    def line(self) -> str:
        """Return how far it is, as one plain line."""
        spent = time.monotonic() - self.began
        rate = self.ready / spent if spent else 0.0
        left = (self.total - self.ready) / rate if rate else 0.0
        told = f"{self.ready} van {self.total} uitgaven, {self.failures} met een fout, {rate:.1f} per seconde"
        return f"{told}, nog {_clock(left)}" if self.ready < self.total else f"{told}, in {_clock(spent)}"


def _clock(seconds: float) -> str:
    """Return a time as hours, minutes and seconds."""
    minutes, rest = divmod(round(seconds), 60)
    hours, minutes = divmod(minutes, 60)
    return f"{hours}:{minutes:02d}:{rest:02d}" if hours else f"{minutes}:{rest:02d}"
