"""Tables that hold costs, income and their balance, in each way that sources print them."""

import pytest
from conftest import MakeTable

from bedrijfsvoering.checks import FAMILIES
from bedrijfsvoering.figures import Table
from bedrijfsvoering.saldi import side_of

Rows = list[tuple[str, ...]]


def amounts(*pairs: tuple[str, str]) -> Rows:
    """Rows with one amount each: the rekening."""
    return [(post, "", "", amount, "") for post, amount in pairs]


def house(table: Table) -> list[int]:
    return [int(post.bedragen["rekening"] or 0) for post in table.posten]


def fouten(table: Table) -> list[tuple[str, str | None, object]]:
    found = (finding for family in FAMILIES for check in family(table) for finding in check.findings)
    return [(f.code, f.post, f.berekend) for f in found if f.ernst == "fout"]


SECTIONS = amounts(("Huur", "-100"), ("Energie", "-200"), ("Totaal lasten", "-300"), ("Detachering", "20"),
                   ("Verhuur", "30"), ("Totaal baten", "50"))  # fmt: skip
POSITIVE = [(post, "", "", amount.lstrip("-"), "") for post, _, _, amount, _ in SECTIONS]


def test_a_total_of_costs_shows_the_sign_and_a_total_of_income_does_not_hide_it(make_table: MakeTable) -> None:
    assert fouten(make_table(*SECTIONS)) == []
    wrong = make_table(*SECTIONS, lasten="positief")
    assert ("TEKEN_ONJUIST", None, "negatief") in fouten(wrong)


def test_income_printed_positive_beside_positive_costs_is_income(make_table: MakeTable) -> None:
    table = make_table(*POSITIVE, lasten="positief")
    assert house(table) == [-100, -200, -300, 20, 30, 50]
    assert fouten(table) == []
    assert ("TEKEN_ONJUIST", None, "positief") in fouten(make_table(*POSITIVE))


@pytest.mark.parametrize(("printed", "sign"), [("-250", 1), ("250", -1)])
@pytest.mark.parametrize("label", ["Saldo", "Saldo van baten en lasten", "Totaal saldo van baten en lasten"])
def test_a_balance_under_two_totals_has_the_sign_that_the_arithmetic_shows(
    make_table: MakeTable, printed: str, sign: int, label: str
) -> None:
    table = make_table(*POSITIVE, (label, "", "", printed, ""), lasten="positief")
    assert house(table)[-1] == -250
    assert table.posten[-1].soort == "totaal"
    assert fouten(table) == []
    wrong = make_table(*POSITIVE, (label, "", "", str(int(printed) + 40 * sign), ""), lasten="positief")
    assert "TOTAAL_ONJUIST" in {code for code, _, _ in fouten(wrong)}


TRIPLES = amounts(("Wonen lasten", "100"), ("Wonen baten", "40"), ("Wonen saldo", "-60"), ("Zorg lasten", "200"),
                  ("Zorg baten", "0"), ("Zorg saldo", "-200"))  # fmt: skip


@pytest.mark.parametrize("turn", [1, -1])
def test_triples_with_totals_of_each_kind_under_them_are_proven(make_table: MakeTable, turn: int) -> None:
    """The balance is printed as income minus costs (1) or as costs minus income (-1)."""
    triples = [(post, "", "", str(int(a) * (turn if "saldo" in post else 1)), "") for post, _, _, a, _ in TRIPLES]
    totals = amounts(("Totaal lasten", "300"), ("Totaal baten", "40"), ("Totaal saldo", str(-260 * turn)))
    for below in (totals, totals[2:], []):
        table = make_table(*triples, *below, lasten="positief")
        assert house(table)[:6] == [-100, 40, -60, -200, 0, -200]
        assert house(table)[6:] == [-300, 40, -260][3 - len(below) :]
        assert fouten(table) == []
    wrong = make_table(*triples, ("Totaal saldo", "", "", str(-290 * turn), ""), lasten="positief")
    assert [code for code, _, _ in fouten(wrong)] == ["TOTAAL_ONJUIST"]


def test_income_larger_than_costs_is_no_wrong_sign(make_table: MakeTable) -> None:
    rows = amounts(("Parkeren lasten", "-100"), ("Parkeren baten", "140"), ("Parkeren saldo", "40"))
    assert fouten(make_table(*rows)) == []
    assert ("TEKEN_ONJUIST", None, "negatief") in fouten(make_table(*rows, lasten="positief"))


@pytest.mark.parametrize("printed", ["10", "-10"])
def test_the_result_of_income_beside_positive_costs_may_be_printed_either_way(
    make_table: MakeTable, printed: str
) -> None:
    rows = [("Overhead lasten", "", "100", "90", "10"), ("Overhead baten", "", "50", "60", printed),
            ("Overhead saldo", "", "-50", "-30", "20")]  # fmt: skip
    table = make_table(*rows, lasten="positief", budgetresultaat="begroting - rekening")
    assert [int(post.resultaat) for post in table.posten] == [10, 10, 20]
    assert [f for f in fouten(table) if f[0] != "TOTAAL_ONJUIST"] == []
    wrong = [rows[0], ("Overhead baten", "", "50", "60", "15"), rows[2]]
    assert "RESULTAAT_ONJUIST" in {
        code for code, _, _ in fouten(make_table(*wrong, lasten="positief", budgetresultaat="begroting - rekening"))
    }


@pytest.mark.parametrize("titel", ["Belastingen en leges", "Algemene dekkingsmiddelen", "Saldo per programma"])
def test_a_table_that_may_be_either_is_taken_on_trust(make_table: MakeTable, titel: str) -> None:
    table = make_table(*amounts(("OZB", "500"), ("Totaal", "500")), titel=titel)
    assert fouten(table) == []
    outcomes = [check.uitkomst for family in FAMILIES for check in family(table) if "kosten negatief" in check.naam]
    assert outcomes == ["niet te bewijzen"]


@pytest.mark.parametrize(
    ("label", "side"),
    [("Totaal lasten", "lasten"), ("Personeelskosten", "lasten"), ("Totaal baten", "baten"),
     ("Overhead saldo", "saldo"), ("Saldo van baten en lasten", "saldo"), ("Baten minus lasten", "saldo"),
     ("Huisvesting", "")],
)  # fmt: skip
def test_what_a_name_says(label: str, side: str) -> None:
    assert side_of(label) == side
