"""From printed rows to the house's form: one sign, kinds of rows, keys, unknown and nil."""

from decimal import Decimal

import pytest
from conftest import MakeTable

from bedrijfsvoering.checks import check_totals
from bedrijfsvoering.errors import DataError
from bedrijfsvoering.figures import Figures
from bedrijfsvoering.normalise import clean, key_of, soort_of

COST = ("A", "", "100", "90", "10")


@pytest.mark.parametrize(
    ("lasten", "budgetresultaat", "begroting", "rekening", "printed"),
    [
        ("negatief", "rekening - begroting", "-100", "-90", "10"),
        ("negatief", "begroting - rekening", "-100", "-90", "-10"),
        ("positief", "rekening - begroting", "100", "90", "-10"),
        ("positief", "begroting - rekening", "100", "90", "10"),
    ],
)
def test_each_way_of_printing_a_saving_of_ten_becomes_a_voordeel_of_ten(
    make_table: MakeTable, lasten: str, budgetresultaat: str, begroting: str, rekening: str, printed: str
) -> None:
    table = make_table(("A", "", begroting, rekening, printed), lasten=lasten, budgetresultaat=budgetresultaat)
    post = table.posten[0]
    assert post.bedragen["begroting_na_wijziging"] == -100
    assert post.bedragen["rekening"] == -90
    assert post.bedragen["budgetresultaat"] == 10
    assert post.gedrukt["budgetresultaat"] == Decimal(printed)


def test_a_blank_is_unknown_and_a_dash_is_nil(make_table: MakeTable) -> None:
    post = make_table(("A", "", "-", "–", "")).posten[0]
    assert post.bedragen == {
        "begroting_primitief": None, "begroting_na_wijziging": 0, "rekening": 0, "budgetresultaat": 0,
    }  # fmt: skip
    assert post.gedrukt["budgetresultaat"] is None


def test_a_result_that_was_not_printed_is_computed(make_table: MakeTable) -> None:
    post = make_table(("A", "", "-100", "-90", "")).posten[0]
    assert post.bedragen["budgetresultaat"] == 10


@pytest.mark.parametrize(
    ("label", "soort"),
    [("Totaal overhead", "totaal"), ("TOTAAL", "totaal"), ("Eindtotaal", "totaal"), ("subtotaal lasten", "subtotaal"),
     ("Overhead totaal", "regel"), ("Saldo", "regel")],
)  # fmt: skip
def test_the_label_says_what_a_row_is(label: str, soort: str) -> None:
    assert soort_of(label) == soort


@pytest.mark.parametrize(
    ("label", "key"),
    [("Personeel & Organisatie", "personeel_en_organisatie"), ("Duo+", "duo_plus"), ("Financiën", "financien"),
     ("Directie en bestuursadvisering/-ondersteuning", "directie_en_bestuursadvisering_ondersteuning")],
)  # fmt: skip
def test_the_key_of_a_label(label: str, key: str) -> None:
    assert key_of(label) == key


def test_the_only_total_is_called_totaal(make_table: MakeTable) -> None:
    table = make_table(("A", "", "-1", "-1", "0"), ("Totaal lasten", "", "-1", "-1", "0"))
    assert [post.sleutel for post in table.posten] == ["a", "totaal"]


def test_every_problem_of_a_table_is_told_at_once_with_its_place(make_table: MakeTable) -> None:
    with pytest.raises(DataError) as caught:
        make_table(("A", "x", "1.5", "-1", "0"), ("A", "", "-1", "-1", "0"), ("", "", "-1", "", ""))
    told = [(problem.code, problem.regel, problem.kolom) for problem in caught.value.problems]
    assert told == [
        ("GETAL_ONLEESBAAR", 2, "begroting_primitief"),
        ("GETAL_ONLEESBAAR", 2, "begroting_na_wijziging"),
        ("POST_LEEG", 4, "post"),
        ("SLEUTEL_DUBBEL", 3, "sleutel"),
    ]


def test_more_decimals_than_declared_are_refused(make_table: MakeTable) -> None:
    with pytest.raises(DataError, match="meer decimalen dan de 0"):
        make_table(("A", "", "-1,5", "-1", "0"))
    assert make_table(("A", "", "-1,5", "-1,0", "0,5"), decimalen=1).posten[0].resultaat == Decimal("0.5")


def test_a_printed_result_that_is_declared_absent_is_refused(make_table: MakeTable) -> None:
    with pytest.raises(DataError, match="budgetresultaat: afwezig"):
        make_table(COST, budgetresultaat="afwezig")


def test_invisible_characters_leave_a_label_and_the_ligature_is_spelled() -> None:
    assert clean("Bĳdrage\u202e \u200eDuo+\x07 ") == "Bijdrage Duo+"


def test_the_frame_has_one_row_per_post_and_keeps_unknown_apart_from_nil(make_table: MakeTable) -> None:
    frame = make_table(("A", "", "-100", "-", "")).frame
    assert list(frame["rekening"]) == [0]
    assert frame["begroting_primitief"].isna().all()
    assert frame["budgetresultaat"].tolist() == [100]
    assert frame["budgetresultaat_gedrukt"].isna().all()


def test_the_frame_of_diemen_adds_up_as_pandas_does(diemen: Figures) -> None:
    frame = diemen.tables["overhead"].frame
    assert frame.loc[frame.soort == "regel", "rekening"].sum() == -14391


def test_the_saldo_of_a_triple_is_no_line_where_it_is_the_sum_of_the_other_two(make_table: MakeTable) -> None:
    rows = [("Overhead lasten", "", "-7635", "-7988", "-353"), ("Overhead baten", "", "279", "375", "96"),
            ("Overhead saldo", "", "-7355", "-7613", "-258")]  # fmt: skip
    assert [post.soort for post in make_table(*rows).posten] == ["regel", "regel", "subtotaal"]
    wrong = make_table(*rows[:2], ("Overhead saldo", "", "-7355", "-7713", "-258"))
    codes = [f.code for check in check_totals(wrong) for f in check.findings if f.ernst == "fout"]
    assert codes == ["TOTAAL_ONJUIST"]


def test_where_costs_and_income_are_both_printed_positive_the_saldo_shows_it(make_table: MakeTable) -> None:
    rows = [("Overhead lasten", "14371", "14939", "15208", "269"), ("Overhead baten", "330", "29", "32", "2"),
            ("Overhead saldo", "-14040", "-14910", "-15176", "-267")]  # fmt: skip
    table = make_table(*rows, lasten="positief")
    assert [post.bedragen["rekening"] for post in table.posten] == [-15208, 32, -15176]
    assert [post.resultaat for post in table.posten] == [-269, 2, -267]
    assert [f.code for check in check_totals(table) for f in check.findings if f.ernst == "fout"] == []
    wrong = [*rows[:2], ("Overhead saldo", "-14040", "-14910", "-15206", "-267")]
    codes = [f.code for check in check_totals(make_table(*wrong, lasten="positief")) for f in check.findings]
    assert "TOTAAL_ONJUIST" in codes


def test_a_name_without_a_letter_or_figure_is_told_as_such(make_table: MakeTable) -> None:
    with pytest.raises(DataError, match="In '\\*\\*\\*' staat geen letter of cijfer"):
        make_table(("***", "-1", "-2", "-3", "-1"))
