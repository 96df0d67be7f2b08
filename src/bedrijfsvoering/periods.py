"""A date in the precision in which it was given: a year, a quarter, a month, a day, or begin/medio/eind of a year."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from datetime import date, timedelta

from babel.dates import format_date

PARTS = {"begin": (1, 3), "medio": (6, 7), "eind": (10, 12)}
"""First and last month of a part of a year: how the timeline draws it; the words stay as given."""
MIN_YEAR, MAX_YEAR = 1900, 2200
QUARTERS = ("eerste", "tweede", "derde", "vierde")
EXPECTED = "jjjj, jjjj-Q3, jjjj-mm, jjjj-mm-dd, begin jjjj, medio jjjj, eind jjjj of vanaf jjjj"


@dataclass(frozen=True)
class Period:
    """A stretch of days from `first` through `last`, and the Dutch words for it (`tekst`).

    An `open` one has begun by then at the earliest ("vanaf 2026"): when it will be is not known.
    """

    first: date
    last: date
    tekst: str
    open: bool = False

    @property
    def is_day(self) -> bool:
        """Whether the source gave one exact day."""
        return self.first == self.last


def parse_period(text: str) -> Period | None:
    """Read one date; blank is unknown (None).

    Raises
    ------
    ValueError
        The text is none of the forms in `EXPECTED`, or a day that does not exist.
    """
    body = " ".join(text.split()).casefold()
    if not body:
        return None
    if body.startswith("vanaf ") and (period := parse_period(body.removeprefix("vanaf "))):
        return replace(period, tekst=f"vanaf {period.tekst}", open=True)
    if match := re.fullmatch(r"(begin|medio|eind) (\d{4})", body, re.ASCII):
        first, last = PARTS[match[1]]
        return Period(*_months(int(match[2]), first, last), body)
    if match := re.fullmatch(r"(\d{4})-q([1-4])", body, re.ASCII):
        year, quarter = int(match[1]), int(match[2])
        return Period(*_months(year, quarter * 3 - 2, quarter * 3), f"{QUARTERS[quarter - 1]} kwartaal {year}")
    if re.fullmatch(r"\d{4}", body, re.ASCII):
        return Period(*_months(int(body), 1, 12), body)
    if re.fullmatch(r"\d{4}-\d{2}", body, re.ASCII):
        first_day, last_day = _months(int(body[:4]), int(body[5:]), int(body[5:]))
        return Period(first_day, last_day, format_date(first_day, "MMMM y", locale="nl"))
    if re.fullmatch(r"\d{4}-\d{2}-\d{2}", body, re.ASCII):
        try:
            day = date.fromisoformat(body)
        except ValueError:
            raise ValueError(f"deze dag bestaat niet; verwacht {EXPECTED}") from None
        _months(day.year, 1, 1)
        return Period(day, day, format_date(day, "d MMMM y", locale="nl"))
    raise ValueError(f"verwacht {EXPECTED}")


def _months(year: int, first: int, last: int) -> tuple[date, date]:
    """Return the first day of month `first` and the last day of month `last`."""
    if not (MIN_YEAR <= year <= MAX_YEAR and 1 <= first <= 12):
        raise ValueError(f"verwacht {EXPECTED}")
    after = date(year + last // 12, last % 12 + 1, 1)
    return date(year, first, 1), after - timedelta(days=1)
