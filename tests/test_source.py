"""`bron.yaml`: every unknown key, missing key and wrong value at once, with the nearest known name."""

from dataclasses import replace
from pathlib import Path

import pytest

from bedrijfsvoering.errors import DataError
from bedrijfsvoering.figures import Figures
from bedrijfsvoering.references import Tokens, story_names
from bedrijfsvoering.results import story_functions
from bedrijfsvoering.source import RESERVED, Source, load_source

GOOD = """\
gemeente: Gemeente Proef
titel: Jaarstukken 2023
publicatiedatum: 2024-07-04
tabellen:
  overhead:
    titel: Overhead
    eenheid: eur_1000
    decimalen: 0
    lasten: negatief
    budgetresultaat: rekening - begroting
"""


def load(tmp_path: Path, text: str) -> Source:
    path = tmp_path / "bron.yaml"
    path.write_text(text, encoding="utf-8")
    return load_source(path, "proef/2023/bron.yaml", 2023)


def test_reads_what_the_contract_shows(tmp_path: Path) -> None:
    source = load(tmp_path, GOOD)
    assert str(source.publicatiedatum) == "2024-07-04"
    assert source.tabellen["overhead"].budgetresultaat == "rekening - begroting"


CONTROLE = "    controle: [{{post: totaal, kolom: rekening, waarde: {}, bron: Iv3}}]\n"


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ("lasten: negatief", "laste: negatief", "Bedoelt u 'lasten'"),
        ("lasten: negatief", "lasten: minus", "verwacht 'negatief' of 'positief'"),
        ("    lasten: negatief\n", "", "tabellen.overhead.lasten: Ontbreekt"),
        ("eenheid: eur_1000", "eenheid: duizend", "verwacht 'eur'"),
        ("decimalen: 0", "decimalen: nul", "een geheel getal"),
        ("rekening - begroting", "begroting min rekening", "verwacht 'rekening - begroting'"),
        ("titel: Jaarstukken 2023\n", "", "titel: Dit veld ontbreekt"),
        ("2024-07-04", "4 juli 2024", "publicatiedatum"),
        ("gemeente:", "gemeeente:", "Bedoelt u 'gemeente'"),
        ("    decimalen: 0\n", "    url: javascript:alert(1)\n", "url"),
        ("    decimalen: 0\n", "    kolommen: {rekenning: Rekening}\n", "Bedoelt u 'rekening'"),
        ("  overhead:", "  ../overhead:", "tabellen"),
        ("    decimalen: 0\n", "    kolommen: {rekening_2023: Rekening}\n", "2023 is het jaar zelf"),
        ("    decimalen: 0\n", CONTROLE.format("1e50"), "waarde: Gevonden"),
        ("    decimalen: 0\n", CONTROLE.format("9" * 60), "een kleiner getal"),
        ("    decimalen: 0\n", CONTROLE.format("0.1234567891"), "hoogstens 6 decimalen"),
        ("    decimalen: 0\n", CONTROLE.format(".nan"), "een getal"),
        ("    decimalen: 0\n", CONTROLE.format("-15.482"), "Zijn het duizenden, schrijf dan -15482, zonder punt."),
        ("    decimalen: 0\n", CONTROLE.format("-15.480"), "schrijf dan -15480, zonder punt."),
        ("    decimalen: 0\n", CONTROLE.format("-15.000"), "schrijf dan -15000, zonder punt."),
        ("    decimalen: 0\n", CONTROLE.format("-15482.5"), "Schrijf het getal zonder decimalen"),
        ("    decimalen: 0\n", CONTROLE.format("-1.234.567"), "een getal, zonder punt tussen duizenden"),
        ("    decimalen: 0\n", CONTROLE.format(""), "waarde: Er staat niets; verwacht een getal"),
        (
            "titel: Jaar",
            "inwoners: 32.977\ntitel: Jaar",
            "een geheel getal, zonder punt tussen duizenden, zoals 12345.",
        ),
        ("titel: Jaar", "inwoners: 32.000\ntitel: Jaar", "zonder punt tussen duizenden"),
        ("decimalen: 0", "decimalen: 12", "een getal van hoogstens 6"),
        ("  overhead:", f"  {'o' * 40}:", "een tekst van hoogstens 31 tekens"),
        ("  overhead:", "  inhoud:", "Zo kan een tabel niet heten. Noem haar bijvoorbeeld inhoud_tabel."),
        ("  overhead:", "  grootste:", "Zo kan een tabel niet heten"),
    ],
)
def test_refuses(tmp_path: Path, old: str, new: str, said: str) -> None:
    assert old in GOOD
    with pytest.raises(DataError) as caught:
        load(tmp_path, GOOD.replace(old, new))
    assert said in str(caught.value)
    assert all("proef/2023/bron.yaml" in line for line in str(caught.value).splitlines())


def test_a_figure_to_check_against_has_as_many_decimals_as_its_table(tmp_path: Path) -> None:
    text = GOOD.replace("    decimalen: 0\n", "    decimalen: 1\n" + CONTROLE.format("-14.4"))
    assert str(load(tmp_path, text).tabellen["overhead"].controle[0].waarde) == "-14.4"


def test_all_problems_are_told_at_once(tmp_path: Path) -> None:
    text = GOOD.replace("lasten: negatief", "lasten: min").replace("decimalen: 0", "decimaal: 0")
    with pytest.raises(DataError) as caught:
        load(tmp_path, text)
    assert len(caught.value.problems) == 2


def test_no_table_can_be_called_as_a_part_of_a_story_or_of_the_page(diemen: Figures) -> None:
    tokens = Tokens(diemen)
    names = {**story_functions(tokens), **story_names(replace(diemen, tables={}), tokens)}
    assert {"inhoud", "self", *names} <= set(RESERVED)
