"""The checks, each bound shown from both sides."""

from decimal import Decimal

import pytest
from conftest import MakeTable

from bedrijfsvoering.checks import check_results, check_totals, check_unit, check_years
from bedrijfsvoering.declarations import check_direction, check_oordeel, check_sign
from bedrijfsvoering.figures import Figures
from bedrijfsvoering.findings import Check, Finding


def found(checks: object) -> list[Finding]:
    assert hasattr(checks, "__iter__")
    return [finding for check in checks for finding in check.findings]


def outcomes(checks: object) -> list[str]:
    assert hasattr(checks, "__iter__")
    return [check.uitkomst for check in checks if isinstance(check, Check)]


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
    assert [finding.code for finding in found(check_totals(make_table(*lines(n, total))))] == codes


def test_the_bound_shrinks_with_the_decimals(make_table: MakeTable) -> None:
    rows = [("A", "", "", "-1,1", ""), ("B", "", "", "-1,1", ""), ("Totaal", "", "", "-2,4", "")]
    findings = found(check_totals(make_table(*rows, decimalen=1)))
    assert [(finding.code, finding.grens) for finding in findings] == [("TOTAAL_ONJUIST", Decimal("0.15"))]


def test_a_subtotal_closes_the_lines_since_the_previous_one_and_a_total_closes_all(make_table: MakeTable) -> None:
    table = make_table(
        ("A", "", "", "-10", ""), ("Subtotaal 1", "", "", "-10", ""), ("B", "", "", "-20", ""),
        ("Subtotaal 2", "", "", "-20", ""), ("Totaal", "", "", "-30", ""),
    )  # fmt: skip
    assert outcomes(check_totals(table)) == ["akkoord"] * 3


def test_a_total_over_an_unknown_line_cannot_be_proven(make_table: MakeTable) -> None:
    table = make_table(("A", "", "", "-10", ""), ("B", "", "-1", "", ""), ("Totaal", "", "", "-10", ""))
    assert outcomes(check_totals(table)) == ["niet te bewijzen"]


def test_a_missing_total_is_told(make_table: MakeTable) -> None:
    assert [f.code for f in found(check_totals(make_table(("A", "", "-1", "-1", "0"))))] == ["TOTAAL_ONTBREEKT"]


@pytest.mark.parametrize(
    ("printed", "codes"),
    [("10", []), ("11", ["RESULTAAT_AFRONDING"]), ("9", ["RESULTAAT_AFRONDING"]), ("12", ["RESULTAAT_ONJUIST"]),
     ("8", ["RESULTAAT_ONJUIST"])],
)  # fmt: skip
def test_a_result_may_differ_by_one_and_a_half_steps(make_table: MakeTable, printed: str, codes: list[str]) -> None:
    table = make_table(("A", "", "-100", "-90", printed), ("B", "", "-50", "-40", "10"))
    assert [finding.code for finding in found(check_results(table))] == codes


@pytest.mark.parametrize("lasten", ["negatief", "positief"])
@pytest.mark.parametrize("declared", ["rekening - begroting", "begroting - rekening"])
@pytest.mark.parametrize("printed", ["rekening - begroting", "begroting - rekening"])
def test_a_wrong_direction_is_proven_and_the_right_one_named(
    make_table: MakeTable, lasten: str, declared: str, printed: str
) -> None:
    sign = -1 if lasten == "negatief" else 1
    way = 1 if printed == "rekening - begroting" else -1
    rows = [
        (f"P{i}", "", str(sign * budget), str(sign * actual), str(way * sign * (actual - budget)))
        for i, (budget, actual) in enumerate([(100, 90), (50, 70), (30, 30)])
    ]
    table = make_table(*rows, lasten=lasten, budgetresultaat=declared)
    findings = found(check_direction(table))
    if declared == printed:
        assert findings == []
    else:
        assert [(f.code, f.gedrukt, f.berekend) for f in findings] == [("TEKEN_ONJUIST", declared, printed)]
        assert f"budgetresultaat: {printed}." in findings[0].bericht
        assert found(check_results(table)) == []  # one cause, told once


def test_one_line_with_the_wrong_sign_is_a_wrong_line_and_no_wrong_declaration(make_table: MakeTable) -> None:
    table = make_table(("A", "", "-100", "-90", "10"), ("B", "", "-50", "-40", "10"), ("C", "", "-70", "-60", "-10"))
    assert found(check_direction(table)) == []
    assert [finding.post for finding in found(check_results(table))] == ["C"]


def test_a_direction_that_no_line_shows_is_taken_on_trust_and_said(make_table: MakeTable) -> None:
    table = make_table(("A", "", "-100", "-100", "0"))
    assert outcomes(check_direction(table)) == ["niet te bewijzen"]


@pytest.mark.parametrize(("declared", "fitting"), [("negatief", "positief"), ("positief", "negatief")])
def test_a_wrong_sign_of_costs_is_proven(make_table: MakeTable, declared: str, fitting: str) -> None:
    sign = "" if fitting == "positief" else "-"
    table = make_table(("A", "", f"{sign}100", f"{sign}90", ""), ("Totaal", "", f"{sign}100", f"{sign}90", ""),
                       lasten=declared)  # fmt: skip
    assert [(f.code, f.berekend) for f in found(check_sign(table))] == [("TEKEN_ONJUIST", fitting)]


def test_a_letter_that_contradicts_its_figure_is_wrong(diemen: Figures) -> None:
    from dataclasses import replace

    table = diemen.tables["overhead"]
    lettered = tuple(replace(post, oordeel="N") for post in table.posten)
    findings = found(check_oordeel(replace(table, posten=lettered)))
    assert {finding.code for finding in findings} == {"OORDEEL_ONJUIST"}
    assert len(findings) == 13  # twelve lines and the total are a voordeel


def test_diemen_has_seven_roundings_a_row_of_another_year_and_no_fault(diemen: Figures) -> None:
    assert [f.post for f in diemen.findings if f.code == "JAAR_IN_POST"] == ["Diemen 2022"]
    codes = [(f.tabel, f.code, f.gedrukt, f.berekend) for f in diemen.findings if f.code != "JAAR_IN_POST"]
    assert codes == [
        ("overhead", "TOTAAL_AFRONDING", -14773, -14774), ("overhead", "TOTAAL_AFRONDING", -14393, -14391),
        ("overhead", "RESULTAAT_AFRONDING", -6, -5), ("overhead", "RESULTAAT_AFRONDING", 3, 4),
        ("overhead", "RESULTAAT_AFRONDING", -208, -207), ("salarissen", "TOTAAL_AFRONDING", -16740, -16741),
        ("salarissen", "RESULTAAT_AFRONDING", 81, 80),
    ]  # fmt: skip
    assert diemen.fouten == ()
    assert "CBS Iv3" in next(c.naam for c in diemen.checks if c.gevonden == "−14.393 en −14.393")


@pytest.mark.parametrize(
    ("rows", "found"),
    [
        ([("A", "", "-100", "-90000", "")], ["A"]),
        ([("A", "", "-100", "-9000", ""), ("B", "", "-1", "-2", "")], []),
        ([("A", "", "-1", "-2", ""), ("B", "", "-3", "-2", ""), ("C", "", "-5000", "-6000", "")], ["C"]),
        ([("A", "", "-7660", "-7442", ""), ("B", "", "-32", "-8", ""), ("C", "", "-47", "-56", "")], []),
    ],
)
def test_a_figure_in_euro_among_thousands_is_told(
    rows: list[tuple[str, ...]], found: list[str], make_table: MakeTable
) -> None:
    findings = [finding for check in check_unit(make_table(*rows)) for finding in check.findings]
    assert [finding.post for finding in findings] == found


def test_a_column_of_another_year_is_wrong_and_one_named_so_is_right(make_table: MakeTable) -> None:
    def years(**kolommen: str) -> list[tuple[str, str | None]]:
        table = make_table(("A", "", "-1", "-1", ""), kolommen=kolommen)
        return [(f.code, f.kolom) for check in check_years(table, 2023) for f in check.findings]

    assert years(rekening="Rekening 2022") == [("JAAR_ONJUIST", "rekening")]
    assert years(rekening="Rekening 2023", rekening_2022="Rekening 2022") == []
    assert years(rekening="Realisatie") == []


def test_a_heading_or_a_note_among_the_rows_does_not_hide_a_total(make_table: MakeTable) -> None:
    rows = [("Kosten van het jaar", "", "", "", ""), ("A", "", "", "-10", ""), ("B", "", "", "-20", "")]
    note = ("Bedragen zijn afgerond.", "", "", "", "")
    assert outcomes(check_totals(make_table(*rows, ("Totaal", "", "", "-30", ""), note))) == ["akkoord"]
    assert outcomes(check_totals(make_table(*rows, ("Totaal", "", "", "-35", "")))) == ["niet te bewijzen"]
    assert outcomes(check_totals(make_table(*rows[1:], ("Totaal", "", "", "-35", "")))) == ["fout"]
