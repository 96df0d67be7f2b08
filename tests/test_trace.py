"""One figure traced: to its cell in a CSV file or a workbook, the checks it took part in, and the sentences with it."""

from __future__ import annotations

import re
from pathlib import Path

import openpyxl
import pytest
from conftest import LONG, ROOT, Edition

from bedrijfsvoering.amounts import parse_amount
from bedrijfsvoering.edition import read_edition
from bedrijfsvoering.errors import DataError
from bedrijfsvoering.figures import Figures


def lines(path: Path) -> list[str]:
    return path.read_text(encoding="utf-8").splitlines()


def test_a_trace_leads_to_the_line_and_the_field_of_the_file(diemen: Figures) -> None:
    for naam, table in diemen.tables.items():
        text = lines(ROOT / "data" / "diemen" / "2023" / f"{naam}.csv")
        for post in table.posten if LONG else table.posten[::3]:
            for kolom in table.kolommen:
                found = diemen.trace(f"{naam}.{post.sleutel}.{kolom}")
                regel, veld = map(int, re.findall(r"\d+", found.plaats))
                printed = text[regel - 1].split(";")[veld - 1]
                assert found.bestand == f"diemen/2023/{naam}.csv"
                assert found.gedrukt is not None
                assert parse_amount(printed) == found.gedrukt
                assert found.bedrag == post.bedragen[kolom]


def test_each_cell_took_part_in_the_proof_of_its_column_and_of_its_row(diemen: Figures) -> None:
    found = diemen.trace("overhead.duo_plus.rekening")
    told = [check.naam for check in found.checks]
    assert "Overhead, rekening: regels tegen totaal" in told
    assert "Overhead: rekening - begroting, per regel" in told
    assert "Overhead, rekening: totaal tegen CBS Iv3, jaarrekening 2023, netto" not in told  # of the total alone
    assert not any("begroting primitief: regels" in name or "Salaris" in name for name in told)
    total = [check.naam for check in diemen.trace("overhead.totaal.rekening").checks]
    assert "Overhead, rekening: totaal tegen CBS Iv3, jaarrekening 2023, netto" in total


def test_every_check_of_a_money_table_names_the_cells_that_it_used(diemen: Figures) -> None:
    known = {f"{naam}.{post.sleutel}.{kolom}" for naam, table in diemen.tables.items()
             for post in table.posten for kolom in post.bedragen}  # fmt: skip
    for check in diemen.checks:
        own = {cell for cell in check.verwijzingen if cell.split(".")[0] in diemen.tables}
        assert own <= known, check.naam
        if check.tabel in diemen.tables and check.cellen and "jaren in koppen" not in check.naam:
            assert own, check.naam
    totals = [check for check in diemen.checks if "regels tegen" in check.naam and check.uitkomst != "niet te bewijzen"]
    assert all(len(check.verwijzingen) == check.cellen for check in totals)


def test_a_trace_says_where_the_stories_use_the_figure_and_typed_numbers_too(edition: Edition) -> None:
    edition.change("toelichting/1-overhead.md", "Overhead is alles", "Duo+ kostte € 7,44 miljoen. Overhead is alles")
    found = read_edition(edition.root / "data", "diemen", 2023).trace("overhead.duo_plus.rekening")
    for use in found.gebruik:
        assert use.zin.split()[0] in lines(edition.root / "data" / use.bestand)[use.regel - 1] or "{{" in "".join(
            lines(edition.root / "data" / use.bestand)[use.regel - 1 : use.regel]
        )
    typed = [use for use in found.gebruik if found.verwijzing in use.getypt]
    assert any(use.zin == "Duo+ kostte € 7,44 miljoen." for use in typed)
    referred = {(use.bestand.rsplit("/")[-1], use.regel) for use in found.gebruik if found.verwijzing in use.verwezen}
    assert ("1-overhead.md", 9) in referred


def test_the_cause_of_a_planted_wrong_figure_is_found_by_its_trace(edition: Edition) -> None:
    edition.change("overhead.csv", "-7.442", "-7.242")
    figures = read_edition(edition.root / "data", "diemen", 2023)
    assert figures.fouten
    found = figures.trace("overhead.duo_plus.rekening")
    wrong = {check.naam: check for check in found.checks if check.uitkomst == "fout"}
    assert set(wrong) == {"Overhead, rekening: regels tegen totaal", "Overhead: rekening - begroting, per regel"}
    (row,) = wrong["Overhead: rekening - begroting, per regel"].findings  # its own, and of no other row
    assert row.post == figures.tables["overhead"].posten[1].post
    assert "geeft 418" in repr(found)
    assert "geeft 418" in found._repr_html_()
    innocent = figures.trace("overhead.huisvesting.rekening")
    assert [one.code for check in innocent.checks for one in check.findings if one.ernst == "fout"] == [
        "TOTAAL_ONJUIST"
    ]


def test_a_stale_number_in_a_sentence_is_found_from_the_figure_that_it_should_be(edition: Edition) -> None:
    edition.change(
        "toelichting/1-overhead.md", "Overhead is alles", "De rekening van Duo+ was € 7,6 miljoen. Overhead is"
    )
    found = read_edition(edition.root / "data", "diemen", 2023).trace("overhead.duo_plus.rekening")
    stale = [one for check in found.checks for one in check.findings if one.code == "TEKST_GETAL_VEROUDERD"]
    assert [one.bestand for one in stale] == ["diemen/2023/toelichting/1-overhead.md"]


def test_a_cell_of_a_workbook_is_told_as_excel_calls_it(edition: Edition) -> None:
    book = openpyxl.Workbook()
    for naam in ("overhead", "salarissen"):
        sheet = book.create_sheet(naam)
        sheet.append(["De tabel zoals gedrukt"])
        for line in lines(edition.data / f"{naam}.csv"):
            sheet.append(line.split(";"))
        (edition.data / f"{naam}.csv").unlink()
    book.save(edition.data / "cijfers.xlsx")
    found = read_edition(edition.root / "data", "diemen", 2023).trace("overhead.duo_plus.rekening")
    assert found.bestand == "diemen/2023/cijfers.xlsx"
    name, cell = re.fullmatch(r"blad (\w+), cel ([A-Z]+\d+)", found.plaats).groups()  # type: ignore[union-attr]
    assert openpyxl.load_workbook(edition.data / "cijfers.xlsx")[name][cell].value == "-7.442"


def test_a_result_that_was_not_printed_says_so(edition: Edition) -> None:
    text = lines(edition.data / "overhead.csv")
    bare = "\n".join(line.rpartition(";")[0] for line in text) + "\n"
    (edition.data / "overhead.csv").write_text(bare, encoding="utf-8")
    source = (edition.data / "bron.yaml").read_text(encoding="utf-8")
    head, _, rest = source.partition("    budgetresultaat: rekening - begroting")
    rest = re.sub(r"\n      budgetresultaat: [^\n]*", "", rest, count=1)
    (edition.data / "bron.yaml").write_text(f"{head}    budgetresultaat: afwezig{rest}", encoding="utf-8")
    found = read_edition(edition.root / "data", "diemen", 2023).trace("overhead.duo_plus.budgetresultaat")
    assert found.gedrukt is None
    assert "niet gedrukt; hier berekend" in repr(found)
    assert found.plaats == "regel 3"


def test_a_figure_of_the_cbs_is_traced_to_its_source_and_its_sentences(diemen: Figures) -> None:
    found = diemen.trace("reeks.jaarrekening_2023.overhead_lasten")
    assert "CBS Iv3" in repr(found)
    peer = next(one for one in diemen.vergelijking if one.amount("lasten"))
    assert diemen.trace(f"{peer.path('vergelijking')}.lasten").bedrag == peer.amount("lasten")


@pytest.mark.parametrize(
    ("name", "told"),
    [
        ("", "Noem ook een tabel. Bekend zijn: overhead, salarissen."),
        ("overhed.totaal.rekening", "De tabel 'overhed' bestaat niet. Bedoelt u 'overhead'?"),
        ("overhead", "Noem ook een post van overhead."),
        ("overhead.duo_pls.rekening", "De post 'duo_pls' van overhead bestaat niet. Bedoelt u 'duo_plus'?"),
        ("overhead.totaal", "Noem ook een kolom van overhead. Bekend zijn: begroting_primitief"),
        ("overhead.totaal.rekning", "De kolom 'rekning' van overhead bestaat niet. Bedoelt u 'rekening'?"),
        ("overhead.totaal.rekening.x", "'overhead.totaal.rekening.x' is niet aangeleverd."),
        ("reeks.jaarrekening_2023.overhead_last", "Bedoelt u 'overhead_lasten'?"),
        ("reeks.jaarrekening_1999.lasten", "is niet aangeleverd."),
    ],
)
def test_a_name_that_is_no_cell_is_told_with_the_nearest(name: str, told: str, diemen: Figures) -> None:
    with pytest.raises(DataError, match=re.escape(told)):
        diemen.trace(name)


def test_what_is_shown_is_escaped(edition: Edition) -> None:
    edition.change("overhead.csv", "Huisvesting", "<b onclick=x>Huisvesting</b>")
    found = read_edition(edition.root / "data", "diemen", 2023).trace("overhead.huisvesting.rekening")
    assert "<b onclick" not in found._repr_html_()
    assert "&lt;b onclick" in found._repr_html_()
