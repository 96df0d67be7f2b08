"""Numbers as Dutch people print them: what is read, what is refused, and how they are written again."""

from decimal import Decimal

import pytest

from bedrijfsvoering.amounts import AmountError, fmt_amount, fmt_value, parse_amount, round_half_up


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("-1.234", "-1234"), ("1.234-", "-1234"), ("(1.234)", "-1234"), ("−1.234", "-1234"), ("–1.234", "-1234"),
        ("1.234,5", "1234.5"), ("€ 1.234", "1234"), ("€\u00a0-1.234", "-1234"), ("-€ 1.234", "-1234"),
        ("1 234", "1234"), ("1\u202f234\u202f567", "1234567"), ("1.234.567,89", "1234567.89"), ("1234", "1234"),
        ("0", "0"), ("0,5", "0.5"), ("-", "0"), ("–", "0"), (" - ", "0"), ("+81", "81"), ("7.442 ", "7442"),
    ],
)  # fmt: skip
def test_reads(text: str, expected: str) -> None:
    assert parse_amount(text) == Decimal(expected)


@pytest.mark.parametrize("text", ["", " ", "\u00a0"])
def test_a_blank_is_unknown_and_not_nil(text: str) -> None:
    assert parse_amount(text) is None


@pytest.mark.parametrize(
    "text",
    ["1.5", "12.34", "1,234", "1.23.456", "0.123", "1.234,5,6", "12.3456", "abc", "12a", "--5", "(-5)", "1e3", "n.b.",
     "5%", "()", "( )", "12€34", "1\n234", "9" * 16, "1 23", "¼", "１２"],
)  # fmt: skip
def test_refuses_what_could_be_read_in_two_ways_or_not_at_all(text: str) -> None:
    with pytest.raises(AmountError, match="verwacht"):
        parse_amount(text)


def test_three_decimals_are_read_where_the_table_declares_them() -> None:
    assert parse_amount("1,234", decimalen=3) == Decimal("1.234")


@pytest.mark.parametrize(
    ("amount", "decimalen", "expected"),
    [("-14393", 0, "−14.393"), ("7.225", 2, "7,23"), ("2.5", 0, "3"), ("-2.5", 0, "−3"), ("0", 1, "0,0"),
     ("0.04", 1, "0,0"), ("1234567.891", 1, "1.234.567,9")],
)  # fmt: skip
def test_writes_dutch_and_rounds_half_up(amount: str, decimalen: int, expected: str) -> None:
    assert fmt_amount(Decimal(amount), decimalen) == expected


@pytest.mark.parametrize(("amount", "expected"), [("-14393", "-14393"), ("51.70", "51.7"), ("100", "100"), ("-0", "0")])
def test_writes_for_a_machine(amount: str, expected: str) -> None:
    assert fmt_value(Decimal(amount)) == expected


def test_rounding_is_away_from_nil() -> None:
    assert [round_half_up(Decimal(x), 0) for x in ("0.5", "1.5", "-0.5")] == [1, 2, -1]
