"""Dates keep the precision in which they were given."""

from datetime import date

import pytest

from bedrijfsvoering.periods import parse_period


@pytest.mark.parametrize(
    ("text", "first", "last", "tekst"),
    [
        ("2023", date(2023, 1, 1), date(2023, 12, 31), "2023"),
        ("2023-Q3", date(2023, 7, 1), date(2023, 9, 30), "derde kwartaal 2023"),
        ("2024-Q4", date(2024, 10, 1), date(2024, 12, 31), "vierde kwartaal 2024"),
        ("2024-02", date(2024, 2, 1), date(2024, 2, 29), "februari 2024"),
        ("2023-12", date(2023, 12, 1), date(2023, 12, 31), "december 2023"),
        ("2023-07-01", date(2023, 7, 1), date(2023, 7, 1), "1 juli 2023"),
        ("medio 2022", date(2022, 6, 1), date(2022, 7, 31), "medio 2022"),
        ("Begin  2023", date(2023, 1, 1), date(2023, 3, 31), "begin 2023"),
        ("eind 2023", date(2023, 10, 1), date(2023, 12, 31), "eind 2023"),
        ("vanaf 2026", date(2026, 1, 1), date(2026, 12, 31), "vanaf 2026"),
        ("Vanaf 2026-Q2", date(2026, 4, 1), date(2026, 6, 30), "vanaf tweede kwartaal 2026"),
    ],
)
def test_reads(text: str, first: date, last: date, tekst: str) -> None:
    period = parse_period(text)
    assert period is not None
    assert (period.first, period.last, period.tekst) == (first, last, tekst)


def test_a_blank_is_unknown() -> None:
    assert parse_period(" ") is None


@pytest.mark.parametrize(
    "text", ["2023-13", "9999-12-31", "0000", "2023-Q5", "2023-02-30", "1-7-2023", "zomer 2023", "23", "2023-7"]
)
def test_refuses(text: str) -> None:
    with pytest.raises(ValueError, match="verwacht jjjj"):
        parse_period(text)


def test_what_comes_at_the_earliest_has_no_end() -> None:
    assert [parse_period(text).open for text in ("vanaf 2026", "2026")] == [True, False]  # type: ignore[union-attr]
