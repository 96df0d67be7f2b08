"""A new year laid out from an earlier one, filled in as people do, and published; refusals leave the disk as it was."""

import csv
import re
import shutil
from collections.abc import Callable
from decimal import Decimal
from pathlib import Path
from typing import Any

import openpyxl
import pytest
import yaml
from conftest import ROOT
from filled import Amounts, dutch, fill_csv, fill_deliveries, fill_workbook, invented, mark_invented, read_all
from test_municipalities import EDITIONS, PUBLISHED

from bedrijfsvoering.cli import run_command
from bedrijfsvoering.edition import read_edition
from bedrijfsvoering.figures import Figures, Post
from bedrijfsvoering.params import load_params
from bedrijfsvoering.reader import fold
from bedrijfsvoering.source import MONEY_COLUMNS, TEXT_TABLES, load_source
from bedrijfsvoering.story import load_story

MONEY = ("overhead", "salarissen")


class House:
    """A project of its own: `data/` and `params/` to lay editions out in, and commands run on them."""

    def __init__(self, root: Path) -> None:
        self.root, self.data, self.params = root, root / "data", root / "params"

    def run(self, *args: str) -> int:
        folders = [f"--{name}={self.root / name}" for name in ("data", "params", "output")]
        return run_command([*args, *folders])

    def folder(self, jaar: int, gemeente: str = "diemen") -> Path:
        return self.data / gemeente / str(jaar)

    def text(self, name: str, jaar: int = 2024, gemeente: str = "diemen") -> str:
        return (self.folder(jaar, gemeente) / name).read_bytes().decode("utf-8")

    def amounts(self) -> dict[str, Amounts]:
        return {naam: invented(self.data, "diemen", 2023, naam) for naam in MONEY}

    def change(self, name: str, old: str, new: str, jaar: int = 2023) -> None:
        text = self.text(name, jaar)
        assert old in text
        (self.folder(jaar) / name).write_bytes(text.replace(old, new).encode())


@pytest.fixture
def house(tmp_path: Path) -> House:
    for name in ("data", "params"):
        shutil.copytree(ROOT / name, tmp_path / name)
    return House(tmp_path)


def to_2024(house: House, *options: str) -> Path:
    assert house.run("new", "diemen", "2024", "--from", "2023", *options) == 0
    return house.folder(2024)


def fill(house: House) -> None:
    for naam, amounts in house.amounts().items():
        fill_csv(house.folder(2024) / f"{naam}.csv", amounts)
    fill_deliveries(house.folder(2024), 2023)
    mark_invented(house.folder(2024), 2024)


def test_rows_keys_and_labels_are_taken_over_and_figures_are_not(house: House) -> None:
    to_2024(house)
    for naam in MONEY:
        old, new = (house.text(f"{naam}.csv", jaar).splitlines() for jaar in (2023, 2024))
        assert new[0] == old[0].replace("2023", "2024")
        assert "Begroting 2024 totaal" in new[0]
        assert new[1:] == [";".join([*line.split(";")[:2], "", "", "", ""]) for line in old[1:]]
    assert "diemen_2022;Diemen 2022;;;;" in house.text("overhead.csv")


def test_parameters_keep_their_comments_and_get_the_new_year(house: House) -> None:
    to_2024(house)
    old, new = ((house.params / "diemen" / f"{jaar}.yaml").read_text(encoding="utf-8") for jaar in (2023, 2024))
    assert new == old.replace("jaar: 2023", "jaar: 2024")
    assert load_params(house.params / "diemen" / "2024.yaml").jaar == 2024


def test_parameters_of_the_command_line_go_into_the_new_file(house: House) -> None:
    to_2024(house, "-p", "grens_bedrag", "50", "-y", "{toelichting_verplicht: true, vergelijk_met: [uithoorn]}")
    made = load_params(house.params / "diemen" / "2024.yaml")
    assert (made.grens_bedrag, made.toelichting_verplicht, made.vergelijk_met) == (50, True, ["uithoorn"])
    assert "x € 1.000; vanaf dit verschil" in (house.params / "diemen" / "2024.yaml").read_text(encoding="utf-8")


def test_the_source_moves_its_years_and_leaves_open_what_only_the_old_document_says(house: House) -> None:
    house.change("bron.yaml", "inwoners: 32785", "publicatiedatum: 2024-07-04   # raad\ninwoners: 32785")
    house.change("bron.yaml", "    lasten: negatief\n    budgetresultaat: rekening",
                 "    bladzijde: 112\n    url: https://www.diemen.nl/2023.pdf\n    lasten: negatief\n"
                 "    budgetresultaat: rekening")  # fmt: skip
    to_2024(house)
    text = house.text("bron.yaml")
    assert "# publicatiedatum: vul in als het stuk is vastgesteld, zoals jjjj-mm-dd\n" in text
    assert "    # bladzijde: vul in als het stuk er is\n    # url: vul in als het stuk er is\n" in text
    assert "# nakijken: dit aantal staat zo in de uitgave van 2023\ninwoners: 32785  " in text
    assert "    # controle:   # haal vooraan deze regels het hekje weg, en vul de waarde in\n" in text
    assert "\n    #     bron: CBS Iv3, jaarrekening 2024, taakveld 0.4\n" in text
    assert "# onder dezelfde kop als overhead, maar andersom gerekend" in text
    assert "14393" not in text
    assert "15.763" not in text
    source = load_source(house.folder(2024) / "bron.yaml", "bron.yaml", 2024)
    assert (source.titel, source.publicatiedatum, source.inwoners) == ("Jaarstukken 2024", None, 32785)
    assert source.tabellen["overhead"].kolommen["begroting_na_wijziging"] == "Begroting 2024 totaal"
    assert source.tabellen["overhead"].controle == []
    assert source.tabellen["salarissen"].budgetresultaat == "begroting - rekening"


def test_the_figure_to_check_against_holds_again_when_its_hashes_are_taken_away(house: House) -> None:
    to_2024(house)
    text = house.text("bron.yaml")
    block = text[text.index("    # controle:") : text.index("  salarissen:")]
    filled = re.sub("^( *)# ", r"\1", block, flags=re.MULTILINE).replace("waarde:", "waarde: -14972")
    (house.folder(2024) / "bron.yaml").write_text(text.replace(block, filled), encoding="utf-8")
    control = load_source(house.folder(2024) / "bron.yaml", "bron.yaml", 2024).tabellen["overhead"].controle
    assert [(one.post, one.kolom, one.waarde) for one in control] == [("totaal", "rekening", -14972)]


SOURCES = {
    "between braces": (
        "{gemeente: Gemeente Diemen, titel: 'Jaarstukken 2023', publicatiedatum: 2024-07-04, tabellen: {overhead: "
        "{titel: Overhead, lasten: negatief, budgetresultaat: rekening - begroting, bladzijde: 4,  kolommen: {post: "
        "Soort kosten, begroting_primitief: Begroting 2023 primitief, begroting_na_wijziging: Begroting 2023 totaal, "
        "rekening: Rekening 2023, budgetresultaat: Budgetresultaat 2023}}}}\n"
    ),
    "escaped, so that no year can be seen in it": (
        'gemeente: Gemeente Diemen\ntitel: "Jaarstukken 2\\x3023"   # hier\nurl_: x\n'.replace("url_: x\n", "")
        + "tabellen:\n  overhead:\n    titel: Overhead\n    lasten: negatief\n    url: https://x.nl\n"
        "    budgetresultaat: rekening - begroting\n    kolommen:\n      post: Soort kosten\n"
        "      begroting_na_wijziging: Begroting 2023 totaal\n      rekening: Rekening 2023\n"
        "      budgetresultaat: Budgetresultaat 2023\n"
    ),
    "with the line ends of Windows and a mark in front": (
        "\ufeffgemeente: Gemeente Diemen\r\ntitel: Jaarstukken 2023 # stuk\r\ntabellen:\r\n  overhead:\r\n"
        "    titel: >-\r\n      Overhead\r\n      2023\r\n    lasten: negatief\r\n"
        "    budgetresultaat: rekening - begroting\r\n    controle: []\r\n    kolommen:\r\n      post: Soort kosten\r\n"
        "      begroting_na_wijziging: Begroting 2023 totaal\r\n      rekening: Rekening 2023\r\n"
        "      budgetresultaat: Budgetresultaat 2023\r\n"
    ),
}


@pytest.mark.parametrize("way", SOURCES)
def test_a_source_written_in_another_way_moves_on_too(way: str, house: House) -> None:
    shutil.rmtree(house.folder(2023) / "toelichting")
    (house.folder(2023) / "bron.yaml").write_bytes(SOURCES[way].encode())
    to_2024(house)
    source = load_source(house.folder(2024) / "bron.yaml", "bron.yaml", 2024)
    table = source.tabellen["overhead"]
    assert (source.titel, source.publicatiedatum, table.bladzijde, table.url) == ("Jaarstukken 2024", None, None, None)
    assert table.kolommen["rekening"] == "Rekening 2024"
    assert table.titel in ("Overhead", "Overhead 2024")
    assert ("zonder de opmerkingen" in house.text("bron.yaml")) == way.startswith("escaped")


def test_columns_of_another_year_move_with_their_names(house: House) -> None:
    for line in ("Budgetresultaat 2023", "budgetresultaat: Budgetresultaat 2023"):
        assert line in house.text("bron.yaml", 2023)
    house.change(
        "bron.yaml", "      post: Soort kosten\n", "      post: Soort kosten\n      rekening_2022: Rekening 2022\n"
    )
    for naam in MONEY:
        text = house.text(f"{naam}.csv", 2023).splitlines()
        rows = [f"{text[0]};Rekening 2022;Opmerking 2023", *(f"{line};-1;tekst" for line in text[1:])]
        (house.folder(2023) / f"{naam}.csv").write_text("\n".join(rows) + "\n", encoding="utf-8")
    assert house.run("new", "diemen", "2025", "--from", "2023") == 0
    source = load_source(house.folder(2025) / "bron.yaml", "bron.yaml", 2025)
    assert source.tabellen["overhead"].other_years == ["rekening_2024"]
    assert source.tabellen["overhead"].kolommen["rekening_2024"] == "Rekening 2024"
    header, first = house.text("overhead.csv", 2025).splitlines()[:2]
    assert header.endswith("Budgetresultaat 2025;Rekening 2024;Opmerking 2025")
    assert first == "diemen_2022;Diemen 2022;;;;;;"


def test_a_column_soort_stays_and_letters_and_explanations_go(house: House) -> None:
    old = "sleutel;Soort kosten;Rekening 2023;Begroting 2023 totaal;soort;oordeel;toelichting"
    rows = [old, "a;Huur;-10;-12;;V;minder huur", "b;Totaal huur;-10;-12;subtotaal;V;", "totaal;Alles;-10;-12;totaal;;"]
    house.change("bron.yaml", "      begroting_primitief: Begroting 2023 primitief\n", "")
    house.change("bron.yaml", "      budgetresultaat: Budgetresultaat 2023\n", "")
    house.change(
        "bron.yaml",
        house.text("bron.yaml", 2023).partition("  salarissen:")[2],
        "\n    titel: X\n    lasten: negatief\n",
    )
    shutil.rmtree(house.folder(2023) / "toelichting")
    (house.folder(2023) / "salarissen.csv").write_text("post;rekening\nX;1\n")
    (house.folder(2023) / "overhead.csv").write_bytes("\r\n".join(rows).replace(";", "\t").encode("utf-8-sig"))
    to_2024(house)
    made = (house.folder(2024) / "overhead.csv").read_bytes()
    assert made.startswith(b"\xef\xbb\xbfsleutel\tSoort kosten\tRekening 2024\t")
    assert made.decode("utf-8-sig").split("\r\n")[1:] == [
        "a\tHuur\t\t\t\t\t", "b\tTotaal huur\t\t\tsubtotaal\t\t", "totaal\tAlles\t\t\ttotaal\t\t", "",
    ]  # fmt: skip


def test_projects_stay_and_of_the_milestones_what_had_not_happened(house: House, capsys: Any) -> None:
    to_2024(house)
    assert house.text("ict_projecten.csv") == house.text("ict_projecten.csv", 2023)
    old = house.text("ict_mijlpalen.csv", 2023).splitlines()
    assert house.text("ict_mijlpalen.csv").splitlines() == [line for line in old if ";gerealiseerd;" not in line]
    told = capsys.readouterr().out
    assert "overgenomen is wat nog open stond (7); wat al gerealiseerd was, is weggelaten (11)" in told
    assert "ict_projecten: status en teksten zijn die van 2023" in told


REEKS = """jaar;document;lasten;overhead_lasten;bron
2022;jaarrekening;100;20;CBS Iv3, jaarrekening 2022
2023;begroting;110;21;CBS Iv3, begroting 2023
2023;jaarrekening;112;22;CBS Iv3, jaarrekening 2023
"""
VERDELING = """maat;grootteklasse;jaar;document;aantal;p10;p25;mediaan;p75;p90;bron
overhead_bruto;klein;2023;jaarrekening;184;9,8;11,4;12,7;14,3;16,7;CBS
"""
INDICATOREN = """indicator;begroting;rekening;grondslag;bron
formatie;7,1;7,2;fte;Begroting 2023
"""


@pytest.mark.parametrize("options", [(), ("--excel",)], ids=["csv", "excel"])
def test_what_the_cbs_published_stays_and_gets_rows_of_the_new_year(options: tuple[str, ...], house: House) -> None:
    shutil.rmtree(house.folder(2023) / "toelichting")
    for naam, text in (("reeks", REEKS), ("verdeling", VERDELING), ("indicatoren", INDICATOREN)):
        (house.folder(2023) / f"{naam}.csv").write_text(text, encoding="utf-8")
    to_2024(house, *options)
    added = "2024;begroting;;;CBS Iv3, begroting 2024\n2024;jaarrekening;;;CBS Iv3, jaarrekening 2024\n"
    if not options:
        assert house.text("reeks.csv") == REEKS + added
        assert house.text("verdeling.csv") == VERDELING
        assert house.text("indicatoren.csv") == INDICATOREN.replace("7,1;7,2", ";").replace("2023", "2024")
        for naam, amounts in house.amounts().items():
            fill_csv(house.folder(2024) / f"{naam}.csv", amounts)
    else:
        fill_workbook(house.folder(2024) / "cijfers.xlsx", house.amounts())
    figures = read_edition(house.data, "diemen", 2024)
    assert [(one.jaar, one.document, one.bedragen["lasten"]) for one in figures.reeks] == [
        (2022, "jaarrekening", 100), (2023, "begroting", 110), (2023, "jaarrekening", 112),
        (2024, "begroting", None), (2024, "jaarrekening", None),
    ]  # fmt: skip
    assert figures.verdeling[0].mediaan == Decimal("12.7")
    assert [(one.begroting, one.rekening, one.bron) for one in figures.indicatoren] == [(None, None, "Begroting 2024")]


def test_stories_come_over_as_drafts_whose_references_still_resolve(house: House) -> None:
    to_2024(house)
    names = sorted(path.name for path in (house.folder(2023) / "toelichting").glob("*.md"))
    for name in names:
        assert house.text(f"toelichting/{name}") == "[concept]\n\n" + house.text(f"toelichting/{name}", 2023)
    assert 'eigen("vijf trainees", bron="Jaarstukken 2023' in house.text("toelichting/2-personeel.md")
    fill(house)
    figures = read_edition(house.data, "diemen", 2024)
    lead = load_story(figures, "1-overhead").lead.html
    assert "nog niet nagelezen" in lead
    totaal = house.amounts()["overhead"]["totaal"]
    assert f'value="{totaal[2]}"' in lead
    assert figures.fouten == ()
    assert [finding.code for finding in figures.findings].count("TOELICHTING_CONCEPT") == len(names)


def test_what_to_look_at_is_told_with_its_place(house: House, capsys: Any) -> None:
    (house.folder(2023) / "aanvaard.yaml").write_text("aanvaard: []\n")
    (house.folder(2023) / "notitie.txt").write_text("x")
    to_2024(house)
    told = capsys.readouterr().out
    assert "overhead: de naam 'Diemen 2022' noemt een jaar en is niet veranderd" in told
    assert "aanvaard.yaml is niet overgenomen" in told
    assert "Niet overgenomen: notitie.txt." in told
    assert not (house.folder(2024) / "aanvaard.yaml").exists()
    lines = house.text("toelichting/2-personeel.md").splitlines()
    numbers = [str(number) for number, line in enumerate(lines, start=1) if "2023" in line]
    assert f"toelichting/2-personeel.md: 2023 staat in regel {', '.join(numbers[:-1])} en {numbers[-1]}." in told
    ahead = [str(number) for number, line in enumerate(lines, start=1) if "2024" in line]
    assert len(ahead) > 1
    where = f"2024 staat in regel {', '.join(ahead[:-1])} en {ahead[-1]}."
    assert f"toelichting/2-personeel.md: {where} Dat was een vooruitblik: klopt het nu?" in told
    steps = re.findall(
        r"^\d\. .*?(bedrijfsvoering \w+) diemen 2024 --data \S+ --params \S+ --output \S+$", told, re.MULTILINE
    )
    assert steps == ["bedrijfsvoering check", "bedrijfsvoering build"]


def test_what_is_to_be_filled_in_is_what_is_open(house: House, capsys: Any) -> None:
    to_2024(house)
    told = capsys.readouterr().out
    assert "1. Vul in: overhead.csv, salarissen.csv en vergelijking.csv. Een" in told  # 2024 was in reeks already
    assert "2. Kijk elke rij na van ict_projecten.csv en ict_mijlpalen.csv." in told
    assert "reeks: wat er stond, is overgenomen. De rijen van 2024 stonden er al." in told
    assert "vergelijking: wat er stond, is overgenomen. Vul de nieuwe rijen in (4)" in told
    assert "als iv3_dir in de parameters een map met cijfers van alle gemeenten noemt" in told
    assert house.run("new", "diemen", "2026", "--from", "2023") == 0
    told = capsys.readouterr().out
    assert "1. Vul in: overhead.csv, salarissen.csv, reeks.csv en vergelijking.csv." in told
    assert "toelichting/3-ict-projecten.md: 2026 staat in regel 28. Dat was een vooruitblik: klopt het nu?" in told


@pytest.mark.parametrize("options", [(), ("--excel",)], ids=["csv", "excel"])
def test_the_same_edition_gives_the_same_bytes(options: tuple[str, ...], house: House) -> None:
    to_2024(house, *options)
    first = read_all(house.root)
    shutil.rmtree(house.folder(2024))
    (house.params / "diemen" / "2024.yaml").unlink()
    to_2024(house, *options)
    assert read_all(house.root) == first


def test_the_latest_earlier_year_is_taken_when_none_is_named(house: House, capsys: Any) -> None:
    to_2024(house)
    fill(house)
    house.run("new", "diemen", "2026")
    told = capsys.readouterr().out
    assert "U noemde geen jaar met --from; overgenomen is 2024, het laatste eerdere jaar." in told
    assert "Jaarstukken 2026 (verzonnen)" in house.text("bron.yaml", 2026)


# the workbook


def test_a_workbook_is_open_only_where_a_figure_is_asked_for(house: House) -> None:
    folder = to_2024(house, "--excel")
    assert not list(folder.glob("*.csv"))
    book = openpyxl.load_workbook(folder / "cijfers.xlsx")
    names = [*MONEY, *(naam for naam in TEXT_TABLES if (house.folder(2023) / f"{naam}.csv").exists())]
    assert book.sheetnames == ["Instructie", *names]
    for sheet in book:
        assert sheet.protection.sheet
        assert (sheet.page_setup.orientation, sheet.page_setup.paperSize) == ("landscape", 9)
        assert sheet.sheet_properties.pageSetUpPr.fitToPage
        assert (sheet.page_setup.fitToWidth or 1, sheet.page_setup.fitToHeight) == (1, 0)
    overhead = book["overhead"]
    assert overhead.freeze_panes == "C2"
    assert overhead.print_title_rows == "$1:$1"
    assert [cell.value for cell in overhead[1]][2:4] == ["Begroting 2024 primitief", "Begroting 2024 totaal"]
    for column, head in zip("ABCDEF", overhead[1], strict=True):
        assert head.protection.locked
        assert overhead.column_dimensions[column].width > len(head.value)
    for row in overhead.iter_rows(min_row=2):
        assert [cell.protection.locked for cell in row] == [True, True, False, False, False, False]
        assert {cell.value for cell in row[2:]} == {None}
        assert {cell.number_format for cell in row[2:]} == {"#,##0"}
        assert {bool(cell.font.bold) for cell in row} == {row[0].value == "totaal"}
    assert overhead.max_row == 19


def test_a_workbook_offers_the_words_that_a_cell_can_hold(house: House) -> None:
    book = openpyxl.load_workbook(to_2024(house, "--excel") / "cijfers.xlsx")

    def offered(naam: str) -> dict[str, str]:
        sheet = book[naam]
        head = {cell.column_letter: cell.value for cell in sheet[1]}
        lists = sheet.data_validations.dataValidation
        return {head[re.match("[A-Z]+", str(one.sqref))[0]]: one.formula1 for one in lists}  # type: ignore[index]

    assert offered("ict_projecten") == {"status": '"loopt,aandacht,bijsturen,stilgelegd,afgerond,onbekend"'}
    assert offered("ict_mijlpalen") == {
        "project": "ict_projecten!$A$2:$A$27", "soort": '"gerealiseerd,gepland,verwacht"',
    }  # fmt: skip
    locked = [cell.value for cell in book["ict_projecten"][2] if cell.protection.locked]
    assert locked == ["ihoo", "Programma IHOO"]
    assert {cell.number_format for cell in book["ict_mijlpalen"]["C"][1:]} == {"@"}
    assert not any(cell.protection.locked for cell in book["ict_mijlpalen"][3])


def test_the_instruction_tells_what_to_do_and_is_not_read_as_a_table(house: House, capsys: Any) -> None:
    path = to_2024(house, "--excel") / "cijfers.xlsx"
    text = "\n".join(str(row[0]) for row in openpyxl.load_workbook(path)["Instructie"].values)
    for part in ("overhead: Overhead. Bedragen × € 1.000, zonder decimalen.", "reeks: Iv3 per jaar.",
                 "niet aangeleverd", "Een streepje (-)",
                 "bedrijfsvoering check diemen 2024", "Zet er geen formule", "Beveiliging blad opheffen"):  # fmt: skip
        assert part in text
    fill_workbook(path, house.amounts())
    fill_deliveries(house.folder(2024), 2023)
    mark_invented(path.parent, 2024)
    figures = read_edition(house.data, "diemen", 2024)
    assert "BESTAND_NIET_GELEZEN" not in [finding.code for finding in figures.findings]
    assert figures.fouten == ()
    assert len(figures.mijlpalen) == 7


def test_a_sheet_that_nobody_asked_for_is_still_told(house: House) -> None:
    path = to_2024(house, "--excel") / "cijfers.xlsx"
    fill_workbook(path, house.amounts())
    fill_deliveries(house.folder(2024), 2023)
    book = openpyxl.load_workbook(path)
    book.create_sheet("Instructies")["A1"] = "x"
    book.save(path)
    found = [finding.bericht for finding in read_edition(house.data, "diemen", 2024).findings]
    assert [bericht for bericht in found if "wordt niet gelezen" in bericht] == [
        "Het blad 'Instructies' staat in de werkmap, maar wordt niet gelezen. "
        "Beschrijf de tabel in bron.yaml, of haal haar weg."
    ]


def test_an_edition_in_a_workbook_is_laid_out_as_a_workbook(house: House) -> None:
    path = to_2024(house, "--excel") / "cijfers.xlsx"
    fill_workbook(path, house.amounts())
    fill_deliveries(house.folder(2024), 2023)
    assert house.run("new", "diemen", "2025", "--from", "2024") == 0
    assert sorted(one.name for one in house.folder(2025).iterdir()) == ["bron.yaml", "cijfers.xlsx", "toelichting"]
    made, earlier = (openpyxl.load_workbook(house.folder(jaar) / "cijfers.xlsx") for jaar in (2025, 2024))
    assert [cell.value for cell in made["salarissen"][1]] == [
        str(cell.value).replace("2024", "2025") for cell in earlier["salarissen"][1]
    ]
    for naam in MONEY:
        cells = [[cell.value for cell in row] for row in made[naam].iter_rows(min_row=2)]
        assert [row[:2] for row in cells] == [[c.value for c in row[:2]] for row in earlier[naam].iter_rows(min_row=2)]
        assert {value for row in cells for value in row[2:]} == {None}
    dates = [row[2].value for row in made["ict_mijlpalen"].iter_rows(min_row=2) if row[0].value]
    assert dates == ["2024-03", "2024-01-01", "2024-01", "2024-Q1", "vanaf 2026", "2024-Q1", "2024"]


# from nothing


def begin(house: House, *options: str) -> Path:
    assert house.run("new", "ouder-amstel", "2024", *options) == 0
    return house.folder(2024, "ouder-amstel")


def test_a_municipality_without_an_edition_gets_choices_that_are_explained(house: House, capsys: Any) -> None:
    folder = begin(house)
    assert "Van ouder-amstel is er nog geen uitgave; dit is een leeg begin." in capsys.readouterr().out
    source = load_source(folder / "bron.yaml", "bron.yaml", 2024)
    assert (source.gemeente, source.titel) == ("Gemeente Ouder-Amstel", "Jaarstukken 2024")
    text = (folder / "bron.yaml").read_text(encoding="utf-8")
    for part in ("eur_1000 (x € 1.000)", "positief: zonder", "begroting - rekening; of afwezig", "een V of een N"):
        assert part in text
    lines = text.splitlines()
    for key, count in (("kolommen", 6), ("controle", 5)):  # as it says: the hash in front of these lines goes
        first = next(number for number, line in enumerate(lines) if f"# {key}:" in line)
        word = {6: "zes", 5: "vijf"}[count]
        assert f"vooraan deze {word} regels" in lines[first]
        lines[first : first + count] = [line.replace("# ", "", 1) for line in lines[first : first + count]]
    table = yaml.safe_load("\n".join(lines).replace("waarde:", "waarde: -12345"))["tabellen"]["overhead"]
    assert set(table["kolommen"]) == {"post", *MONEY_COLUMNS}
    assert table["controle"][0].keys() == {"post", "kolom", "waarde", "bron"}
    assert table["controle"][0]["waarde"] == -12345
    assert sorted(path.name for path in folder.iterdir()) == [
        "bron.yaml", "ict_mijlpalen.csv", "ict_projecten.csv", "overhead.csv", "salarissen.csv",
    ]  # fmt: skip
    assert load_params(house.params / "ouder-amstel" / "2024.yaml").gemeente == "ouder-amstel"


@pytest.mark.parametrize("options", [(), ("--excel",)], ids=["csv", "excel"])
def test_a_starting_edition_with_other_rows_is_read_when_filled_in(
    options: tuple[str, ...], house: House, capsys: Any
) -> None:
    folder = begin(house, *options)
    rows: list[tuple[str, Any, Any, Any, Any]] = [
        ("Gebouwen", -1200, -1250, -1300, -50), ("Automatisering", -800, -820, -790, 30), ("Post", -10, -10, "-", 10),
    ]  # fmt: skip
    total = (-2010, -2080, -2090, -10)
    if options:
        book = openpyxl.load_workbook(folder / "cijfers.xlsx")
        for naam in MONEY:
            for line, row in enumerate(rows, start=2):
                for column, value in zip((2, 4, 5, 6, 7), row, strict=True):
                    assert not book[naam].cell(line, column).protection.locked
                    book[naam].cell(line, column).value = value
            for column, value in enumerate(total, start=4):
                book[naam].cell(book[naam].max_row, column).value = value
        book.save(folder / "cijfers.xlsx")
    else:
        for naam in MONEY:
            head, last = (folder / f"{naam}.csv").read_text(encoding="utf-8").splitlines()
            lines = [f";{post};;{';'.join(map(str, row))}" for post, *row in rows]
            filled = [head, *lines, last.replace(";;;;", ";" + ";".join(map(str, total)))]
            (folder / f"{naam}.csv").write_text("\n".join(filled), encoding="utf-8")
    capsys.readouterr()
    assert house.run("check", "ouder-amstel", "2024", "-q") == 2
    said = capsys.readouterr().err.splitlines()
    assert ["kopregel van ict_projecten. Vul ze in" in said[0], "kopregel van ict_mijlpalen" in said[1]] == [True, True]
    assert len(said) == 2
    text = (folder / "bron.yaml").read_text(encoding="utf-8")
    (folder / "bron.yaml").write_text(text[: text.index("  # Geen ICT-projecten?")], encoding="utf-8")
    for naam in ("ict_projecten", "ict_mijlpalen"):
        if options:
            del book[naam]
            book.save(folder / "cijfers.xlsx")
        else:
            (folder / f"{naam}.csv").unlink()
    figures = read_edition(house.data, "ouder-amstel", 2024)
    assert figures.fouten == ()
    assert [post.sleutel for post in figures.tables["overhead"].posten] == [
        "gebouwen",
        "automatisering",
        "post",
        "totaal",
    ]
    assert [int(post.bedragen["rekening"] or 0) for post in figures.tables["salarissen"].posten] == [
        -1300,
        -790,
        0,
        -2090,
    ]


# tables of other municipalities, as they were published


def as_printed(post: Post) -> dict[str, Decimal | None]:
    """Return the amounts of a row as they were printed, each by its column."""
    return {kolom: amount for kolom, amount in post.gedrukt.items() if amount is not None}


def refill(folder: Path, old: Figures, by: int) -> None:
    """Type the earlier edition's own figures into the one that was laid out, row by row, column by column."""
    book = openpyxl.load_workbook(folder / "cijfers.xlsx") if (folder / "cijfers.xlsx").exists() else None
    source = load_source(folder / "bron.yaml", "bron.yaml", old.jaar + by)
    for naam, table in old.tables.items():
        heads = source.tabellen[naam].kolommen
        path = folder / f"{naam}.csv"
        rows = [[str(cell or "") for cell in row] for row in book[naam].values] if book else []
        if not book:
            delimiter = ";" if ";" in path.read_text(encoding="utf-8-sig").splitlines()[0] else ","
            rows = list(csv.reader(path.read_text(encoding="utf-8-sig").splitlines(), delimiter=delimiter))
        for line, post in enumerate(table.posten, start=1):
            given = {**as_printed(post), **({"oordeel": post.oordeel} if "oordeel" in rows[0] else {})}
            for kolom, value in given.items():
                name = kolom if kolom in (*MONEY_COLUMNS, "oordeel") else f"{kolom[:-4]}{int(kolom[-4:]) + by}"
                place = [fold(head) for head in rows[0]].index(fold(heads.get(name, name)))
                assert rows[line][place] == ""
                rows[line][place] = f"{value:f}".replace(".", ",") if isinstance(value, Decimal) else value
                if book:
                    cell = book[naam].cell(line + 1, place + 1)
                    assert not cell.protection.locked
                    cell.value = value
        if not book:
            with path.open("w", encoding="utf-8", newline="") as stream:
                csv.writer(stream, delimiter=delimiter).writerows(rows)
    if book:
        book.save(folder / "cijfers.xlsx")


@pytest.mark.parametrize("options", [(), ("--excel",)], ids=["csv", "excel"])
@pytest.mark.parametrize(("gemeente", "jaar"), EDITIONS)
def test_an_edition_laid_out_and_filled_with_the_earlier_figures_is_read_as_the_earlier_one(
    gemeente: str, jaar: int, options: tuple[str, ...], tmp_path: Path
) -> None:
    shutil.copytree(PUBLISHED / gemeente, tmp_path / "data" / gemeente)
    (tmp_path / "params").mkdir()
    house, by = House(tmp_path), 7
    assert house.run("new", gemeente, str(jaar + by), "--from", str(jaar), *options) == 0
    old = read_edition(house.data, gemeente, jaar)
    refill(house.folder(jaar + by, gemeente), old, by)
    new = read_edition(house.data, gemeente, jaar + by)
    assert new.tables.keys() == old.tables.keys()
    for naam, table in old.tables.items():
        assert [
            (p.sleutel, p.post, p.soort, list(p.bedragen.values()), p.oordeel) for p in new.tables[naam].posten
        ] == [(p.sleutel, p.post, p.soort, list(p.bedragen.values()), p.oordeel) for p in table.posten]
    assert new.fouten == ()


# laid out, not filled in


@pytest.mark.parametrize("command", ["check", "build"])
@pytest.mark.parametrize("options", [(), ("--excel",)], ids=["csv", "excel"])
def test_an_edition_that_is_not_filled_in_is_told_per_table(
    command: str, options: tuple[str, ...], house: House, capsys: Any
) -> None:
    to_2024(house, *options)
    capsys.readouterr()
    assert house.run(command, "diemen", "2024", "-q") == 2
    where = [f"cijfers.xlsx, blad {naam}: Nog geen enkel bedrag ingevuld." for naam in MONEY]
    if not options:
        where = [f"{naam}.csv: Nog geen enkel bedrag ingevuld." for naam in MONEY]
    told = capsys.readouterr().err.splitlines()
    rest = " Vul de bedragen in; een streepje (-) is nul."
    assert told == [f"diemen/2024/{line}{rest}" for line in where]
    assert not (house.root / "output").exists()


def test_one_table_of_labels_alone_is_allowed_beside_one_with_amounts(house: House) -> None:
    to_2024(house)
    fill_csv(house.folder(2024) / "overhead.csv", house.amounts()["overhead"])
    shutil.rmtree(house.folder(2024) / "toelichting")
    figures = read_edition(house.data, "diemen", 2024)
    assert not any(post.is_filled for post in figures.tables["salarissen"].posten)
    assert figures.fouten == ()


# refusals


def exists(house: House) -> None:
    to_2024(house)


def folder_exists(house: House) -> None:
    house.folder(2024).mkdir()


def only_params(house: House) -> None:
    (house.params / "diemen" / "2024.yaml").write_text("jaar: 2024\n")


def broken_amount(house: House) -> None:
    house.change("overhead.csv", ";-1.599;", ";x;")


def broken_params(house: House) -> None:
    path = house.params / "diemen" / "2023.yaml"
    path.write_text(path.read_text(encoding="utf-8").replace("taal: nl", "taal: fr"), encoding="utf-8")


def broken_story(house: House) -> None:
    (house.folder(2023) / "toelichting" / "1-overhead.md").write_bytes(b"caf\xe9")


def headers_clash(house: House) -> None:
    lines = house.text("overhead.csv", 2023).splitlines()
    text = "\n".join([f"{lines[0]};Rekening 2024", *(f"{line};1" for line in lines[1:])])
    (house.folder(2023) / "overhead.csv").write_text(text, encoding="utf-8")


def a_table_called_instructie(house: House) -> None:
    shutil.rmtree(house.folder(2023) / "toelichting")
    house.change("bron.yaml", "  salarissen:", "  instructie:")
    (house.folder(2023) / "salarissen.csv").rename(house.folder(2023) / "instructie.csv")


def nothing(house: House) -> None:
    pass


REFUSED: list[tuple[str, Callable[[House], None], list[str], list[str]]] = [
    ("the edition is there", exists, ["diemen", "2024", "--from", "2023"], ["data/diemen/2024 is er al"]),
    ("an empty folder is there", folder_exists, ["diemen", "2024"], ["data/diemen/2024 is er al"]),
    ("its parameters are there", only_params, ["diemen", "2024"], ["params/diemen/2024.yaml is er al"]),
    ("the source itself", nothing, ["diemen", "2023"], ["data/diemen/2023 is er al"]),
    ("no such earlier year", nothing, ["diemen", "2024", "--from", "2022"], ["geen uitgave van 2022", "van: 2023."]),
    ("a source that is not earlier", nothing, ["diemen", "2022", "--from", "2023"], ["2023 is niet eerder dan 2022"]),
    ("a mistyped name", nothing, ["dieman", "2024", "--from", "2023"], ["'dieman'", "Bedoelt u 'diemen'?"]),
    ("an unknown name", nothing, ["xyz", "2024", "--from", "2023"], ["'xyz'", "Bekend zijn: diemen."]),
    ("a name that is a path", nothing, ["../diemen", "2024"], ["geen naam van een gemeente"]),
    ("a name in capitals", nothing, ["Diemen", "2024"], ["kleine letters"]),
    ("no year", nothing, ["diemen", "24", "--from", "23"], ["24 is geen jaar van een uitgave"]),
    ("a word for a year", nothing, ["diemen", "volgend"], ["JAAR: verwacht een geheel getal."]),
    ("a word for the earlier year", nothing, ["diemen", "2024", "--from", "x"], ["--from: verwacht een geheel getal."]),
    ("an earlier edition that cannot be read", broken_amount, ["diemen", "2024"], ["overhead.csv, regel 16", "'x'"]),
    ("parameters that cannot be read", broken_params, ["diemen", "2024"], ["2023.yaml, taal", "verwacht nl"]),
    ("a story that cannot be read", broken_story, ["diemen", "2024"], ["1-overhead.md", "geen UTF-8"]),
    ("columns that would be called the same", headers_clash, ["diemen", "2024"], ["overhead", "hetzelfde heten"]),
    ("a table called as the sheet that explains", a_table_called_instructie, ["diemen", "2024", "--excel"],
     ["De tabel instructie heet zoals het blad met uitleg"]),
    ("a parameter of another year", nothing, ["diemen", "2024", "-p", "jaar", "2025"], ["van diemen 2025"]),
    ("an unknown parameter", nothing, ["diemen", "2024", "-p", "grens", "1"], ["Bedoelt u 'grens_"]),
]  # fmt: skip


@pytest.mark.parametrize(("what", "prepare", "args", "said"), REFUSED, ids=[row[0] for row in REFUSED])
def test_a_refusal_is_one_message_and_leaves_the_disk_as_it_was(
    what: str, prepare: Callable[[House], None], args: list[str], said: list[str], house: House, capsys: Any
) -> None:
    prepare(house)
    before = read_all(house.root)
    capsys.readouterr()
    assert house.run("new", *args) == 2
    told = capsys.readouterr()
    assert told.out == ""
    assert len(told.err.splitlines()) == 1
    for part in said:
        assert part in told.err
    assert read_all(house.root) == before


@pytest.mark.parametrize("missing", ["data", "params"])
def test_a_folder_that_is_not_there_is_not_made(missing: str, house: House, capsys: Any) -> None:
    args = ["--data", str(house.data), "--params", str(house.params), f"--{missing}", str(house.root / "elders")]
    assert run_command(["new", "diemen", "2024", *args]) == 2
    assert "elders is er niet" in capsys.readouterr().err
    assert not (house.root / "elders").exists()


@pytest.mark.parametrize("gemeente", ["diemen", "uithoorn"], ids=["known", "new"])
@pytest.mark.parametrize("error", [OSError(28, "geen ruimte"), KeyboardInterrupt()], ids=["full", "killed"])
@pytest.mark.parametrize("after", [0, 1], ids=["before both", "between both"])
def test_what_stops_between_writing_and_renaming_leaves_nothing(
    gemeente: str, error: BaseException, after: int, house: House, monkeypatch: pytest.MonkeyPatch, capsys: Any
) -> None:
    real, done = Path.rename, []

    def rename(self: Path, target: Path) -> Path:
        if len(done) == after:
            raise error
        done.append(target)
        return real(self, target)

    before = read_all(house.root)
    monkeypatch.setattr(Path, "rename", rename)
    assert house.run("new", gemeente, "2024") == (2 if isinstance(error, OSError) else 130)
    assert len(done) == after
    assert ("geen ruimte" in capsys.readouterr().err) == isinstance(error, OSError)
    assert read_all(house.root) == before


# to the page


def test_a_year_filled_in_in_excel_becomes_a_page_of_that_year(house: House) -> None:
    path = to_2024(house, "--excel") / "cijfers.xlsx"
    amounts = house.amounts()
    fill_workbook(path, amounts)
    fill_deliveries(house.folder(2024), 2023)
    mark_invented(path.parent, 2024)
    assert house.run("build", "diemen", "2024", "-q") == 0
    page = (house.root / "output" / "diemen" / "2024" / "index.html").read_text(encoding="utf-8")
    assert re.search(r"<h1>[^<]*2024", page)
    assert "Jaarstukken 2024 (verzonnen)" in page
    for naam in MONEY:
        rekening = amounts[naam]["totaal"][2]
        printed = dutch(rekening).replace("-", "−")
        assert re.search(rf'<data value="{rekening}" data-bron="{naam}.totaal.rekening"[^>]*>{printed}</data>', page)
    assert page.count("nog niet nagelezen") >= 6
    assert "Diemen 2022" in page
