"""Sentences proofread: the corpus gets the judgements that it must get, and a broken reference stays no agreement."""

import re

import pytest
from corpus import CODES, CORPORA, Zin, outcome, reader_of, zinnen

from bedrijfsvoering.proofreading import proofread
from bedrijfsvoering.story import render_template

KNOWN_MISSES = {
    ("twee", "84"): "615 is a difference of the account, said of the budget",
    ("twee", "186"): "a share of a cluster that is named one sentence before",
    ("vier", "13"): "an amount after `naar` may be of any stage",
}
"""What is not found, by name; nothing is ever found without reason."""
CORPUS = [(name, zin) for name in CORPORA for zin in zinnen(name)]


@pytest.mark.parametrize(("name", "zin"), CORPUS, ids=[f"{name}-{zin.nr}" for name, zin in CORPUS])
def test_a_sentence_gets_its_judgement(name: str, zin: Zin) -> None:
    found = outcome(zin)
    assert found.false == ()
    assert found.missed == () or (name, zin.nr) in KNOWN_MISSES


def test_the_corpus_is_what_it_says() -> None:
    assert len(CORPUS) >= 750
    assert sum(not zin.expected for _, zin in CORPUS) >= len(CORPUS) / 2
    codes = {code.split(": ")[0] for _, zin in CORPUS for code in zin.expected}
    assert codes == set(CODES.values())
    elsewhere = [zin for _, zin in CORPUS if not zin.editie.startswith("diemen")]
    assert len(elsewhere) >= len(CORPUS) / 3


@pytest.mark.parametrize(
    ("zin", "said"),
    [
        ("De bijdrage aan Duo+ was ruim € 7,6 miljoen.", "dit is begroting na wijziging van 'Bijdrage Duo+"),
        ("De bijdrage aan Duo+ was € 9,1 miljoen.", "het past bij geen cijfer van 'Bijdrage Duo+"),
        ("Er waren vijf trainees.", 'eigen("'),
        ("De overhead sluit met een nadeel van € 380.000.", "gaat de andere kant op"),
    ],
)
def test_a_finding_says_what_is_wrong_and_how_to_mend_it(zin: str, said: str) -> None:
    reader, tokens = reader_of("diemen/2023")
    marked = render_template(f"# Kop\n\nEen zin vooraf.\n\n{zin}\n", tokens.figures, tokens, "proef.md")
    (finding,) = proofread(marked, tokens, reader, "proef.md").findings
    assert said in finding.bericht
    assert (finding.bestand, finding.regel) == ("proef.md", 5)
    assert re.search(r"Verwijs|Verbeter", finding.bericht)


ABOUT_SOMETHING_ELSE = """\
Het ziekteverzuim bij team Handhaving was 7,2%.
De formatie van team Infra is 16,5 fte.
Team Wmo handelde 95% van de aanvragen binnen de termijn af.
De ondernemingsraad vergaderde 11 keer.
Duo+ stelde zijn begroting 3 keer bij.
De financiën zijn in 2 van de 4 kwartalen besproken.
Huisvesting zit voor 80% in het gemeentehuis.
Het uurtarief bij juridische zaken steeg van € 150 naar € 175.
Huisvesting kostte per inwoner € 49.
Van het nadeel op huisvesting is € 120.000 eenmalig.
Door een eenmalige teruggave van € 45.000 vielen de kosten van facilitair lager uit.
Voor vervoermiddelen zijn twee auto's gekocht van € 18.500 per stuk.
Op 31 december 2023 was bij huisvesting nog € 40.000 aan facturen onderweg.
Voor huisvesting is in 2024 € 1,7 miljoen begroot.
De jaarrekening van 2022 sloot voor huisvesting op € 1,4 miljoen.
Team Sportbedrijf kostte in 2022 nog € 1.050.000.
De gemeente verwacht voor Duo+ in 2024 een bijdrage van € 8,1 miljoen.
Duo+ kwam uit op 7.442 duizend euro, 218 duizend euro onder de bijgestelde raming van 7.660 duizend euro.
Van de € 605.000 voor facilitair is € 576.000 gebruikt.
Zonder de verrekening van € 524.000 zou de overhead € 14.917.000 zijn geweest.
Huisvesting viel tegen door een lager aantal verhuurde kamers.
Ondanks een lager aantal medewerkers viel huisvesting € 208.000 hoger uit.
Door een tekort aan personeel bleef team Handhaving € 10.000 onder de begroting.
Huisvesting: het overschot aan vergaderruimte wordt in 2024 verhuurd.
De overhead zou zonder huisvesting nog lager zijn uitgekomen.
"""
WRONG_WAY = """\
De overhead viel € 380.000 tegen.
Facilitair viel tegen.
Huisvesting hield € 208.000 over.
Het Inkoopbureau was € 9.000 duurder dan begroot.
Vervoermiddelen bleef € 22.000 binnen het budget.
De kosten voor huisvesting bleven onder de begroting.
Juridische zaken bleef binnen de begroting.
De bijdrage aan Duo+ was 9 miljoen.
"""


def fouten(text: str) -> list[str]:
    reader, tokens = reader_of("diemen/2023")
    marked = render_template(text, tokens.figures, tokens, "proef.md")
    return [f.code for f in proofread(marked, tokens, reader, "proef.md").findings if f.ernst == "fout"]


@pytest.mark.parametrize("zin", ABOUT_SOMETHING_ELSE.splitlines())
def test_a_true_sentence_that_names_a_row_stops_no_publication(zin: str) -> None:
    assert fouten(zin) == []


@pytest.mark.parametrize("zin", WRONG_WAY.splitlines())
def test_a_wrong_sentence_stops_publication(zin: str) -> None:
    assert fouten(zin)


@pytest.mark.parametrize(
    "text",
    [" " * 50_000, "1 en " * 5_000, "€ 1.234 " * 4_000, "Duo+ 1 " * 5_000, "- 1\n" * 5_000, "bijv. A " * 6_000,
     "De bijdrage aan Duo+ was € 9,4 miljoen. " * 1_000, "| a | b |\n|---|---|\n" + "|Duo+|7.442|\n" * 2_000],
    ids=["spaties", "getallen", "bedragen", "namen", "lijst", "afkortingen", "alinea", "tabel"],
)  # fmt: skip
def test_a_story_of_any_shape_is_read_to_its_end(text: str) -> None:
    """The same took minutes; here it need only end, and the last sentence is read as the first."""
    reader, tokens = reader_of("diemen/2023")
    story = f"{text}\n\nDe bijdrage aan Duo+ was € 9,5 miljoen.\n"
    marked = render_template(story, tokens.figures, tokens, "proef.md")
    assert "9,5 miljoen" in proofread(marked, tokens, reader, "proef.md").findings[-1].bericht
