"""The checks, each bound shown from both sides."""

import pytest
from conftest import MakeTable

from bedrijfsvoering.checks import check_results, check_unit, check_years
from bedrijfsvoering.declarations import check_direction, check_oordeel, check_sign
from bedrijfsvoering.figures import Figures
from bedrijfsvoering.findings import Check, Finding
from bedrijfsvoering.normalise import normalise_money
from bedrijfsvoering.reader import RawRow, RawTable
from bedrijfsvoering.source import TableSource


def found(checks: object) -> list[Finding]:
    assert hasattr(checks, "__iter__")
    return [finding for check in checks for finding in check.findings]


def outcomes(checks: object) -> list[str]:
    assert hasattr(checks, "__iter__")
    return [check.uitkomst for check in checks if isinstance(check, Check)]


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
        ("salarissen", "RESULTAAT_AFRONDING", 81, 80), ("overhead", "AANSLUITING_IV3", 14671, 15465),
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


def test_the_result_of_another_year_is_proven_in_its_own_columns(diemen: Figures) -> None:
    kolommen = {k: f"{k} 2022" for k in ("begroting_na_wijziging_2022", "rekening_2022", "budgetresultaat_2022")}
    source = TableSource(titel="Proef", lasten="negatief", budgetresultaat="rekening - begroting", kolommen=kolommen)
    columns = ("post", *kolommen)

    def codes(result: str) -> list[tuple[str, str | None]]:
        row = RawRow(2, dict(zip(columns, ("A", "-100", "-90", result), strict=True)))
        table = normalise_money(RawTable("proef", "proef.csv", columns, (row,)), source)
        return [(f.code, f.kolom) for check in check_results(table) for f in check.findings]

    assert codes("10") == []
    assert codes("11") == [("RESULTAAT_AFRONDING", "budgetresultaat_2022")]
    assert codes("20") == [("RESULTAAT_ONJUIST", "budgetresultaat_2022")]


def test_a_table_of_keys_without_amounts_proves_nothing_and_is_not_wrong(make_table: MakeTable) -> None:
    table = make_table(("Huisvesting", "", "", "", ""), ("Totaal", "", "", "", ""))
    assert [finding.code for check in check_sign(table) for finding in check.findings] == []
