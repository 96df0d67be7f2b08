"""Sentences proofread: the corpus gets the judgements that it must get, and a broken reference stays no agreement."""

import re

import pytest
from corpus import CODES, CORPORA, Zin, outcome, zinnen

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
    from corpus import reader_of

    from bedrijfsvoering.proofreading import proofread
    from bedrijfsvoering.story import render_template

    reader, tokens = reader_of("diemen/2023")
    marked = render_template(f"# Kop\n\nEen zin vooraf.\n\n{zin}\n", tokens.figures, tokens, "proef.md")
    (finding,) = proofread(marked, tokens, reader, "proef.md").findings
    assert said in finding.bericht
    assert (finding.bestand, finding.regel) == ("proef.md", 5)
    assert re.search(r"Verwijs|Verbeter", finding.bericht)
