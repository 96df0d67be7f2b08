"""Earlier editions beside this one: each row year by year, what changed, and what cannot be matched stays in sight."""

import re
import shutil
from dataclasses import replace
from html import unescape
from pathlib import Path

import pytest
from conftest import ROOT, Edition

from bedrijfsvoering.compare.in_chapter import table_jaren, table_veranderd
from bedrijfsvoering.display import Shown
from bedrijfsvoering.edition import read_edition
from bedrijfsvoering.figures import Figures
from bedrijfsvoering.inputs import hash_inputs


def words(shown: Shown) -> str:
    text = re.sub(r"<[^>]+>", " ", shown.html.replace("</tr>", " | ").replace("</h3>", ". "))
    return " ".join(unescape(text).replace("\u00a0", " ").split())


@pytest.fixture
def two_years(edition: Edition) -> Edition:
    """Diemen 2023 with an invented 2022 beside it: one row was called otherwise, two are one now, one is gone."""
    before = edition.data.parent / "2022"
    shutil.copytree(edition.data, before)
    for path in [*before.glob("*.csv"), before / "bron.yaml"]:
        path.write_text(path.read_text(encoding="utf-8").replace("2023", "2022"), encoding="utf-8")
    for name in ("reeks", "vergelijking", "verdeling"):
        (before / f"{name}.csv").unlink()
    (before / "toelichting" / "5-vergelijking.md").unlink()
    older = Edition(edition.root)
    bron = (before / "bron.yaml").read_text(encoding="utf-8")
    bron = re.sub(r"    controle:\n(      .*\n)+", "", bron).replace("32785", "31822")
    (before / "bron.yaml").write_text(bron, encoding="utf-8")
    table = (before / "overhead.csv").read_text(encoding="utf-8")
    table = table.replace("juridische_zaken;Juridische zaken", "juridische_dienst;Juridische dienst")
    table = table.replace("facilitair;Facilitair;-508;-605;-576;29",
                          "schoonmaak;Schoonmaak;-500;-600;-570;30\ncatering;Catering;-8;-5;-6;-1")  # fmt: skip
    (before / "overhead.csv").write_text(table, encoding="utf-8")
    (edition.data / "sleutels.yaml").write_text(
        "juridische_zaken:\n  - 2022: juridische_dienst\nfacilitair:\n  - 2022: [schoonmaak, catering]\n",
        encoding="utf-8",
    )
    return older


def read(edition: Edition, jaar: int = 2023) -> Figures:
    return read_edition(edition.root / "data", "diemen", jaar)


def test_rows_stand_year_by_year_also_where_they_had_another_name_or_were_several(two_years: Edition) -> None:
    said = words(table_jaren(read(two_years)))
    assert "Overhead: de rekening van 2022 tot en met 2023" in said
    assert "Juridische zaken −598 −598 gelijk" in said
    assert "Facilitair −576 −576 gelijk" in said  # 570 and 6
    assert "Totaal overhead −14.393 −14.393 gelijk" in said
    assert "Totaal overhead, per inwoner in euro −452 −439" in said
    assert "Totaal salariskosten vakafdelingen −16.740 −16.740 gelijk" in said


def test_without_sleutels_what_cannot_be_matched_is_shown_and_not_summed(two_years: Edition) -> None:
    (two_years.data / "sleutels.yaml").unlink()
    said = words(table_jaren(read(two_years)))
    assert "Juridische zaken geen rij −598 |" in said
    for row in ("Juridische dienst Alleen in 2022: staat er nu niet meer. −598",
                "Schoonmaak Alleen in 2022: staat er nu niet meer. −570", "Catering Alleen in 2022"):  # fmt: skip
        assert row in said


def test_a_row_that_was_split_stands_apart_with_what_it_is_now(two_years: Edition) -> None:
    (two_years.data / "sleutels.yaml").write_text(
        "juridische_zaken:\n  - 2022: juridische_dienst\ninterne_dienstverlening:\n  - 2022: interne_dienstverlening\n"
        "facilitair:\n  - 2022: interne_dienstverlening\n",
        encoding="utf-8",
    )
    said = words(table_jaren(read(two_years)))
    assert "Interne dienstverlening Alleen in 2022: nu verdeeld over Interne dienstverlening + Facilitair. −56" in said


def test_a_figure_that_is_higher_or_lower_says_so(two_years: Edition) -> None:
    path = two_years.data.parent / "2022" / "overhead.csv"
    text = path.read_text(encoding="utf-8")
    text = text.replace("-1.505;-1.392;-1.599;-208", "-1.505;-1.392;-1.500;-108").replace("-14.393;380", "-14.294;480")
    path.write_text(text, encoding="utf-8")
    assert "Huisvesting −1.500 −1.599 99 hoger" in words(table_jaren(read(two_years)))


def test_this_edition_itself_may_print_an_earlier_year_and_a_revision_is_told(two_years: Edition) -> None:
    column = "      budgetresultaat: Budgetresultaat 2023\n"
    two_years.change(
        "bron.yaml", f"{column}    controle:", f"{column}      rekening_2022: Rekening 2022\n    controle:"
    )
    path = two_years.data / "overhead.csv"
    lines = path.read_text(encoding="utf-8").splitlines()
    lines = [f"{lines[0]};Rekening 2022", *(f"{line};" for line in lines[1:])]
    lines = [f"{line}-1.700" if line.startswith("directie;") else line for line in lines]
    path.write_text("\n".join(lines) + "\n", encoding="utf-8")
    figures = read(two_years)
    revised = [finding for finding in figures.findings if finding.code == "VORIG_JAAR_HERZIEN"]
    assert [(finding.gedrukt, finding.berekend, finding.post) for finding in revised] == [
        (-1700, -1770, "Directie en bestuursadvisering/-ondersteuning")
    ]
    shutil.rmtree(two_years.data.parent / "2022")
    (two_years.data / "sleutels.yaml").unlink()
    assert "Directie en bestuursadvisering/-ondersteuning −1.700 −1.770 70 hoger" in words(table_jaren(read(two_years)))


def test_what_changed_is_told_in_a_few_sentences_and_in_full_behind_a_fold(two_years: Edition) -> None:
    path = two_years.data.parent / "2022" / "overhead.csv"
    text = path.read_text(encoding="utf-8")
    text = text.replace("-1.505;-1.392;-1.599;-208", "-1.505;-1.392;-1.500;-108").replace("-14.393;380", "-14.294;480")
    path.write_text(text, encoding="utf-8")
    shown = table_veranderd(read(two_years))
    brief, full = (words(replace(shown, html=part)) for part in shown.html.split("<details", 1))
    for part in ("Vergeleken met de uitgave van 2022:", "Overhead (bedragen × € 1.000).",
                 "Totaal, rekening: 14.393 , 99 hoger dan in 2022.", "Het meest veranderde Huisvesting ( 99 hoger ).",
                 "hernoemd: Juridische dienst, nu: Juridische zaken", "samengevoegd"):  # fmt: skip
        assert part in brief
    for part in ("zin", "bevinding", "Zet in"):
        assert part not in brief
    assert "<h3" not in shown.html  # the notebook's own heading stands above it
    assert full.index("Overhead: rekening") < full.index("Overhead: resultaat")
    assert "Tekst van" not in full


def test_where_a_project_stands_now_and_stood_then_is_told(two_years: Edition) -> None:
    path = two_years.data.parent / "2022" / "ict_projecten.csv"
    path.write_text(path.read_text(encoding="utf-8").replace(";bijsturen;", ";loopt;"), encoding="utf-8")
    milestones = path.with_name("ict_mijlpalen.csv")
    milestones.write_text(
        milestones.read_text(encoding="utf-8") + "omgevingswet;keuze gemaakt;2021;;gerealiseerd;\n", encoding="utf-8"
    )
    said = words(table_veranderd(read(two_years)))
    assert "ICT-projecten . Programma IHOO: van loopt naar bijsturen" in said
    assert "keuze gemaakt" not in said  # it had happened: this edition need not repeat it


def test_without_an_earlier_edition_the_page_says_nothing_of_it(diemen: Figures) -> None:
    for shown in (table_jaren(diemen), table_veranderd(diemen)):
        assert (shown.html, shown.text) == ("", "Er is geen eerdere uitgave om mee te vergelijken.")


def test_an_earlier_edition_that_cannot_be_read_is_told_and_stops_nothing(two_years: Edition) -> None:
    (two_years.data.parent / "2022" / "overhead.csv").unlink()
    (two_years.data / "sleutels.yaml").unlink()
    figures = read(two_years)
    found = [finding for finding in figures.findings if finding.code == "EERDER_ONLEESBAAR"]
    assert [finding.bestand for finding in found] == ["diemen/2022"]
    assert "Het bestand is er niet" in found[0].bericht
    assert figures.eerder == {}


def test_earlier_editions_are_inputs_and_later_ones_are_not(two_years: Edition) -> None:
    (two_years.data.parent / "kladmap").mkdir()
    names = {item.bestand for item in hash_inputs(two_years.data, two_years.root / "data")}
    assert {"diemen/2023/overhead.csv", "diemen/2022/overhead.csv", "diemen/2023/sleutels.yaml"} <= names
    before = {item.bestand for item in hash_inputs(two_years.data.parent / "2022", two_years.root / "data")}
    assert not [name for name in before if "2023" in name]


def test_two_published_years_of_which_hardly_a_row_agrees_lose_none_of_them(tmp_path: Path) -> None:
    shutil.copytree(ROOT / "tests" / "published" / "gouda", tmp_path / "gouda")
    figures = read_edition(tmp_path, "gouda", 2018)
    assert list(figures.eerder) == [2017]
    shown = [words(table_jaren(figures)), words(table_veranderd(figures))]
    for table in figures.eerder[2017].tables.values():
        for post in table.posten:
            assert any(post.post in said for said in shown), post.post


def test_an_earlier_edition_that_is_proven_wrong_is_told_and_not_shown(two_years: Edition) -> None:
    path = two_years.data.parent / "2022" / "bron.yaml"
    path.write_text(
        path.read_text(encoding="utf-8").replace("lasten: negatief", "lasten: positief", 1), encoding="utf-8"
    )
    (two_years.data / "sleutels.yaml").unlink()
    figures = read(two_years)
    assert figures.eerder == {}
    told = [finding.bericht for finding in figures.findings if finding.code == "EERDER_ONLEESBAAR"]
    assert "De uitgave van 2022 klopt niet, en is hier niet vergeleken: Verklaard is" in told[0]


def test_costs_that_became_income_say_so(two_years: Edition) -> None:
    for jaar in ("2022", "2023"):
        path = two_years.data.parent / jaar / "overhead.csv"
        text = path.read_text(encoding="utf-8")
        amounts = ("-200;-193;-165;28", "-200;-193;165;358") if jaar == "2023" else ("-103;-193;-165;28",) * 2
        text = text.replace("diemen_2022;Diemen 2022;-103;-193;-165;28", f"diemen_2022;Diemen 2022;{amounts[1]}")
        text = text.replace("-14.671;-14.773;-14.393;380", "-14.768;-14.773;-14.063;710") if jaar == "2023" else text
        path.write_text(text, encoding="utf-8")
    assert "Diemen 2022 −165 165 van kosten naar baten" in words(table_jaren(read(two_years)))


def test_an_unknown_old_key_is_told_by_a_check_too(two_years: Edition) -> None:
    (two_years.data / "sleutels.yaml").write_text("facilitair:\n  - 2022: bestaat_niet\n", encoding="utf-8")
    assert two_years.run("check") == 2
