"""The errors that a user can mend: one family, each with every problem of its file at once."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from difflib import get_close_matches

from .findings import Finding


class BedrijfsvoeringError(Exception):
    """What a user can mend; `exit_code` is the one of the contract.

    Parameters
    ----------
    problems
        One finding (`ernst` is `fout`) per problem, all problems of the file together.
    """

    exit_code = 2

    def __init__(self, problems: Iterable[Finding] | str) -> None:
        if isinstance(problems, str):
            problems = [Finding(code="INVOER_ONJUIST", ernst="fout", bericht=problems)]
        self.problems: tuple[Finding, ...] = tuple(problems)
        super().__init__("\n".join(problem.message() for problem in self.problems))

    def _render_traceback_(self) -> list[str]:
        """Return what a notebook shows: what is wrong and how to mend it, without the lines of our code."""
        return [f"bedrijfsvoering: {self}"]


class ParamsError(BedrijfsvoeringError):
    """A parameter is unknown, missing or of the wrong type."""


class NoProject(BedrijfsvoeringError):
    """There is no project: no folder upward holds `data/` and `params/`."""


class DataError(BedrijfsvoeringError):
    """A file of the edition is missing or cannot be read as it was declared."""


class StoryError(BedrijfsvoeringError):
    """A story names a figure that does not exist, or its template is broken."""


class ChapterError(BedrijfsvoeringError):
    """A chapter cannot be run, or stopped before its last cell."""


class ProvenWrong(BedrijfsvoeringError):
    """The arithmetic shows that the figures are wrong; nothing is published."""

    exit_code = 1


def nearest(name: str, known: Sequence[str], cutoff: float = 0.6) -> str:
    """Return ` Bedoelt u 'x'?` for the known name nearest to `name`, or nothing."""
    by_folded = {candidate.casefold(): candidate for candidate in known}
    matches = get_close_matches(name.casefold(), list(by_folded), n=1, cutoff=cutoff)
    return f" Bedoelt u '{by_folded[matches[0]]}'?" if matches else ""


def first_line(exc: BaseException) -> str:
    """Return the first line of an error's message."""
    return str(exc).strip().splitlines()[0] if str(exc).strip() else "geen melding"
