"""What a total closes: lines, blocks, nested subtotals; headings and notes are no lines, undelivered rows are."""

from decimal import Decimal

import pytest
from conftest import MakeTable

from bedrijfsvoering.figures import Table
from bedrijfsvoering.findings import Finding
from bedrijfsvoering.totals import check_totals


def outcomes(table: Table) -> list[str]:
    return [check.uitkomst for check in check_totals(table)]


def findings(table: Table) -> list[Finding]:
    return [finding for check in check_totals(table) for finding in check.findings]


def lines(n: int, total: str) -> list[tuple[str, ...]]:
    return [*((f"Post {i}", "", "", "-10", "") for i in range(n)), ("Totaal", "", "", total, "")]


@pytest.mark.parametrize(
    ("n", "total", "codes"),
    [
        (3, "-30", []),
        (3, "-32", ["TOTAAL_AFRONDING"]),  # bound (3 + 1) / 2 = 2
        (3, "-33", ["TOTAAL_ONJUIST"]),
        (4, "-42", ["TOTAAL_AFRONDING"]),  # bound 2.5
        (4, "-43", ["TOTAAL_ONJUIST"]),
        (17, "-179", ["TOTAAL_AFRONDING"]),  # bound 9
        (17, "-180", ["TOTAAL_ONJUIST"]),
    ],
)
def test_a_total_may_differ_by_half_a_step_per_rounded_number(
    make_table: MakeTable, n: int, total: str, codes: list[str]
) -> None:
    assert [finding.code for finding in findings(make_table(*lines(n, total)))] == codes


def test_the_bound_shrinks_with_the_decimals(make_table: MakeTable) -> None:
    rows = [("A", "", "", "-1,1", ""), ("B", "", "", "-1,1", ""), ("Totaal", "", "", "-2,4", "")]
    found = findings(make_table(*rows, decimalen=1))
    assert [(finding.code, finding.grens) for finding in found] == [("TOTAAL_ONJUIST", Decimal("0.15"))]


def test_a_subtotal_closes_the_lines_since_the_previous_one_and_a_total_closes_all(make_table: MakeTable) -> None:
    table = make_table(
        ("A", "", "", "-10", ""), ("Subtotaal 1", "", "", "-10", ""), ("B", "", "", "-20", ""),
        ("Subtotaal 2", "", "", "-20", ""), ("Totaal", "", "", "-30", ""),
    )  # fmt: skip
    assert outcomes(table) == ["akkoord"] * 3


def test_a_total_over_an_unknown_line_cannot_be_proven(make_table: MakeTable) -> None:
    table = make_table(("A", "", "", "-10", ""), ("B", "", "-1", "", ""), ("Totaal", "", "", "-10", ""))
    assert outcomes(table) == ["niet te bewijzen"]


def test_a_missing_total_is_told(make_table: MakeTable) -> None:
    assert [f.code for f in findings(make_table(("A", "", "-1", "-1", "0")))] == ["TOTAAL_ONTBREEKT"]


A, B, NOTE = ("A", "", "", "-10", ""), ("B", "", "", "-20", ""), ("Bedragen zijn afgerond.", "", "", "", "")


def total(amount: str, label: str = "Totaal") -> tuple[str, ...]:
    return (label, "", "", amount, "")


def blank(label: str) -> tuple[str, ...]:
    return (label, "", "", "", "")


@pytest.mark.parametrize(
    ("rows", "expected"),
    [
        ([blank("Kosten"), A, B, total("-30")], ["akkoord"]),
        ([A, B, total("-35"), NOTE], ["fout"]),  # a note under the total explains nothing
        ([A, B, total("-30"), NOTE], ["akkoord"]),
        ([blank("Directie"), A, B, total("-35", "Totaal directie")], ["fout"]),  # the heading is called in the total
        ([blank("Kosten:"), A, B, total("-35")], ["fout"]),
        ([blank("Vorming"), A, B, total("-35")], ["fout"]),  # it opens the table: a heading
        ([blank("Een"), A, blank("Twee"), B, total("-35")], ["fout"]),  # and so is the next
        ([A, blank("Vorming"), B, total("-35")], ["niet te bewijzen"]),
        ([blank("Een"), A, total("-10", "Subtotaal 1"), blank("Twee"), B, total("-20", "Subtotaal 2"), total("-35")],
         ["akkoord", "akkoord", "fout"]),
        ([A, B, total("-35")], ["fout"]),
    ],
)  # fmt: skip
def test_a_row_without_an_amount_explains_a_difference_only_where_it_can_be_a_line(
    make_table: MakeTable, rows: list[tuple[str, ...]], expected: list[str]
) -> None:
    assert outcomes(make_table(*rows)) == expected


@pytest.mark.parametrize(("amount", "expected"), [("-30", "akkoord"), ("-31", "afronding"), ("-35", "fout")])
def test_a_subtotal_without_lines_of_its_own_closes_the_blocks_before_it(
    make_table: MakeTable, amount: str, expected: str
) -> None:
    rows = [A, total("-10", "Subtotaal 1"), B, total("-20", "Subtotaal 2"), total(amount, "Subtotaal 1 en 2"),
            total("-30")]  # fmt: skip
    assert outcomes(make_table(*rows)) == ["akkoord", "akkoord", expected, "akkoord"]


def test_one_reading_holds_for_all_columns_of_a_total(make_table: MakeTable) -> None:
    """The first column fits the block, the second would fit all lines: that cannot both be true."""
    rows = [("A", "-10", "-10", "-10", ""), ("Totaal eigen", "-10", "-10", "-10", ""), ("B", "-20", "-20", "-20", ""),
            ("Totaal derden", "-20", "-20", "-30", "")]  # fmt: skip
    assert outcomes(make_table(*rows)) == ["akkoord"] * 5 + ["fout"]


def test_a_total_of_nil_is_compared_in_the_sign_of_its_source(make_table: MakeTable) -> None:
    table = make_table(("A", "", "", "100", ""), ("B", "", "", "200", ""), total("0"), lasten="positief")
    (check,) = check_totals(table)
    assert [(f.gedrukt, f.berekend) for f in check.findings] == [(0, 300)]
