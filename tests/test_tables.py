"""The tables as a reader meets them."""

import re
from dataclasses import replace

from conftest import MakeTable

from bedrijfsvoering import (
    table_boven_grens,
    table_bronnen,
    table_controles,
    table_kerncijfers,
    table_posten,
    table_projecten,
)
from bedrijfsvoering.display import MISSING_MIME, Shown
from bedrijfsvoering.explanations import posts_above
from bedrijfsvoering.figures import Figures, Table
from bedrijfsvoering.findings import Finding
from bedrijfsvoering.texts import join_words


def words(shown: Shown) -> str:
    return " ".join(re.sub(r"<[^>]+>", " ", shown.html).replace("\u00a0", " ").split())


def with_table(figures: Figures, table: Table) -> Figures:
    return replace(figures, tables={table.naam: table}, checks=())


def test_a_result_says_its_direction_in_words_and_its_value_to_a_machine(diemen: Figures) -> None:
    html = table_posten(diemen, "overhead").html
    cell = re.search(r'<td [^>]*id="overhead.huisvesting.budgetresultaat">(.*?)</td>', html)
    assert cell is not None
    assert (
        cell[1]
        == '<data value="-208" data-bron="overhead.huisvesting.budgetresultaat">208 <b class="n">nadeel</b></data>'
    )


def test_the_source_that_prints_it_the_other_way_round_is_told(diemen: Figures) -> None:
    said = words(table_posten(diemen, "salarissen"))
    assert "Let op het teken: +81 is hier ongunstig" in said
    assert "begroting min rekening, kosten negatief 81 nadeel" in said
    assert "Let op het teken" not in words(table_posten(diemen, "overhead"))


def test_rounding_is_told_under_the_table_and_marked_in_the_row(diemen: Figures) -> None:
    said = words(table_posten(diemen, "overhead"))
    assert "Huisvesting: rekening min begroting geeft −207, de bron drukt −208." in said
    assert "tellen op tot −14.391; het gedrukte totaal is −14.393 en blijft staan" in said
    assert "Huisvesting afronding" in said


def test_unknown_is_said_and_is_no_nil(diemen: Figures, make_table: MakeTable) -> None:
    table = make_table(("A", "", "-1", "", ""), ("B", "", "-1", "-", "1"))
    html = table_posten(with_table(diemen, table), "proef").html
    assert html.count("niet aangeleverd") == 2
    assert '<data value="0" data-bron="proef.b.rekening">0</data>' in html
    assert 'data-bron="proef.a.rekening"' not in html
    assert "Begroting primitief" not in html  # a column of which nothing was delivered is left out


def test_what_was_not_delivered_gives_one_line(diemen: Figures) -> None:
    shown = table_posten(diemen, "formatie")
    assert shown.text == "Formatie: niet aangeleverd."
    assert MISSING_MIME in shown.extra


def test_markup_in_a_label_is_text(diemen: Figures, make_table: MakeTable) -> None:
    table = make_table(("<script>alert(1)</script>", "", "-1", "-1", "0"))
    html = table_posten(with_table(diemen, table), "proef", 0, 0).html
    assert "<script" not in html
    assert "&lt;script&gt;" in html


def test_lines_above_a_limit_are_listed_largest_first_with_what_was_not_explained(diemen: Figures) -> None:
    said = words(table_boven_grens(diemen, "overhead", 100, 100))
    order = [said.index(f"{amount} ") for amount in ("218", "208", "179", "123")]
    assert order == sorted(order)
    assert said.count("nog niet toegelicht") == 4
    assert "14,9%" in said


def test_each_limit_counts_by_itself_and_at_the_limit_is_above_it(diemen: Figures) -> None:
    table = diemen.tables["overhead"]
    assert len(posts_above(table, 123, None)) == 4
    assert len(posts_above(table, 124, None)) == 3
    assert len(posts_above(table, None, 52)) == 2  # Financiën is 26 of 50, which is 52%; Informatisering is 75%
    assert [post.sleutel for post in posts_above(table, None, 52.1)] == ["informatisering"]


def test_no_line_above_the_limit_is_said(diemen: Figures) -> None:
    assert "Geen enkele post" in words(table_boven_grens(diemen, "salarissen", 100, 100))


def test_key_figures(diemen: Figures) -> None:
    said = words(table_kerncijfers(diemen))
    for part in (
        "14.393 × € 1.000",
        "380 voordeel",
        "81 nadeel",
        "51,7% van de overhead",
        "€ 439",
        "3 lopen, 1 is afgerond",
    ):
        assert part in said


def test_projects_stand_in_order_of_concern_with_a_word_and_a_shape(diemen: Figures) -> None:
    shown = table_projecten(diemen)
    said = words(shown)
    assert said.index("Bijsturen") < said.index("Aandacht") < said.index("Loopt") < said.index("Afgerond")
    assert shown.html.count("<svg") == 6


def test_every_check_and_finding_and_file_is_shown(diemen: Figures) -> None:
    assert table_controles(diemen).html.count("<tr") == 2 + len(diemen.checks)  # a head for what found something
    folded = table_controles(diemen).html.split('<details class="rest"', 1)[1]
    assert folded.count("Akkoord") == folded.count("<tr") - 1 == 31
    assert table_controles(diemen).html.count("_<wbr>AFRONDING</span>") == len(diemen.findings) - 2 == 7
    documents, files = table_bronnen(diemen).html.split("<details")
    assert documents.count("<tr") == 1 + 3  # the accounts, the CBS as a check, and as a comparison
    assert "Overhead, Salariskosten per team, ICT-projecten en Mijlpalen van de ICT-projecten" in documents
    assert files.count("<tr") == 1 + len(diemen.inputs)


def test_words_are_joined_as_in_dutch() -> None:
    assert [join_words(x) for x in (["a"], ["a", "b"], ["a", "b", "c"])] == ["a", "a en b", "a, b en c"]


def test_what_a_finding_advises_is_left_out_and_a_name_never_is() -> None:
    told = "De mijlpaal 'Module Neem Regie (Zet door)' is voorbij. Zet bij soort wat er gebeurde. Haal haar anders weg."
    assert Finding("X", "melding", told).openbaar == "De mijlpaal 'Module Neem Regie (Zet door)' is voorbij."
