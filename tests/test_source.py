"""`bron.yaml`: every unknown key, missing key and wrong value at once, with the nearest known name."""

from pathlib import Path

import pytest

from bedrijfsvoering.errors import DataError
from bedrijfsvoering.source import Source, load_source

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
    ],
)
def test_refuses(tmp_path: Path, old: str, new: str, said: str) -> None:
    assert old in GOOD
    with pytest.raises(DataError) as caught:
        load(tmp_path, GOOD.replace(old, new))
    assert said in str(caught.value)
    assert all("proef/2023/bron.yaml" in line for line in str(caught.value).splitlines())


def test_all_problems_are_told_at_once(tmp_path: Path) -> None:
    text = GOOD.replace("lasten: negatief", "lasten: min").replace("decimalen: 0", "decimaal: 0")
    with pytest.raises(DataError) as caught:
        load(tmp_path, text)
    assert len(caught.value.problems) == 2
