"""Each of the printed figures changed in turn: every sentence that depends on it changes, or is reported."""

import re
from dataclasses import replace
from decimal import Decimal

import pytest
from conftest import ROOT

from bedrijfsvoering.checks import run_checks
from bedrijfsvoering.edition import read_edition
from bedrijfsvoering.figures import Figures, Post
from bedrijfsvoering.proofreading import Proofreader, proofread
from bedrijfsvoering.proofreading.facts import Facts
from bedrijfsvoering.proofreading.passages import sentences_of
from bedrijfsvoering.references import MARK, TOKEN, Tokens
from bedrijfsvoering.story import find_story, read_story, render_template

STORIES = sorted(path.stem for path in (ROOT / "data/diemen/2023/toelichting").glob("*.md"))
CELLS = [
    (naam, post.sleutel, kolom)
    for naam, table in read_edition(ROOT / "data", "diemen", 2023).tables.items()
    for post in table.posten
    for kolom, amount in post.gedrukt.items()
    if amount is not None
]


def told(figures: Figures, name: str) -> tuple[list[str], list[list[tuple[str, str]]]]:
    """Return the sentences of a story as a reader sees them, and of each the sources and texts of its figures."""
    tokens = Tokens(figures, name)
    path, bestand = find_story(figures, name)
    marked = MARK.sub("", render_template(read_story(path, bestand), figures, tokens, bestand))
    sentences = [sentence.text for sentence in sentences_of(marked)]
    plain = [tokens.plain(text) for text in sentences]
    used = []
    for text in sentences:
        cijfers = [(tokens.cijfers[int(m[1])], tokens.plain(m[0])) for m in TOKEN.finditer(text)]
        used.append([(cijfer.bron, shown) for cijfer, shown in cijfers if cijfer])
    return plain, used


def mutated(figures: Figures, naam: str, sleutel: str, kolom: str) -> Figures:
    """Change one figure by more than half, and with a budget or an account the result of its row."""
    table = figures.tables[naam]

    def change(post: Post) -> Post:
        house = dict(post.bedragen)
        house[kolom] = house[kolom] * Decimal("1.6180339") + Decimal("1234.5678")
        if kolom in ("rekening", "begroting_na_wijziging"):
            house["budgetresultaat"] = house["rekening"] - house["begroting_na_wijziging"]
        signs = {k: -1 if post.gedrukt[k] and post.gedrukt[k] == -post.bedragen[k] else 1 for k in post.gedrukt}
        return replace(post, bedragen=house, gedrukt={k: house[k] * signs[k] for k in post.gedrukt})

    posten = tuple(change(post) if post.sleutel == sleutel else post for post in table.posten)
    return replace(figures, tables={**figures.tables, naam: replace(table, posten=posten)}, checks=())


def test_there_are_132_figures() -> None:
    assert len(CELLS) == 132


@pytest.mark.parametrize(("naam", "sleutel", "kolom"), CELLS, ids=[".".join(cell) for cell in CELLS])
def test_no_number_stays_stale(diemen: Figures, naam: str, sleutel: str, kolom: str) -> None:
    other = mutated(diemen, naam, sleutel, kolom)
    if kolom == "budgetresultaat":  # the row contradicts itself: nothing is published
        wrong = [f.post for check in run_checks(other) for f in check.findings if f.code == "RESULTAAT_ONJUIST"]
        assert wrong == [post.post for post in other.tables[naam].posten if post.sleutel == sleutel]
    changed = {kolom, "budgetresultaat"} if kolom in ("rekening", "begroting_na_wijziging") else {kolom}
    depends = re.compile(rf"(?<![\w.]){naam}\.{sleutel}\.(?:{'|'.join(changed)})(?!\w)")
    reader = Proofreader(Facts(other))
    for name in STORIES:
        before, used = told(diemen, name)
        after, _ = told(other, name)
        for index, (sentence, numbers) in enumerate(zip(before, used, strict=True)):
            depending = [shown for bron, shown in numbers if depends.search(bron) and not bron.startswith("aantal")]
            if not depending:  # a count stays where the figure keeps its side
                continue
            assert after[index : index + 1] != [sentence], "a reference that did not follow"
            if kolom != "budgetresultaat":
                typed = next(s for s in sentences_of(MARK.sub("", "\n\n".join(before))) if s.text == sentence)
                reported = [one.mention.tekst for one in reader.judge(typed) if one.code]
                stale = [shown for shown in depending if not any(shown in one or one in shown for one in reported)]
                assert stale == [], sentence


def turned(figures: Figures) -> Figures:
    """Let every row come out as far on the other side of its budget."""

    def turn(post: Post) -> Post:
        begroot = post.bedragen["begroting_na_wijziging"]
        amounts = {**post.bedragen, "rekening": 2 * begroot - post.bedragen["rekening"]}
        return replace(post, bedragen={**amounts, "budgetresultaat": amounts["rekening"] - begroot})

    tables = {n: replace(t, posten=tuple(turn(post) for post in t.posten)) for n, t in figures.tables.items()}
    return replace(figures, tables=tables, checks=())


DIRECTION = re.compile(r"voordeel|nadeel|hoger|lager|meer|minder|mee\b|tegen\b", re.IGNORECASE)
STAYS = ("Vooraf was er meer begroot", "Vergeleken met wat de raad vooraf vaststelde", "Bij ")
"""Sentences that stay true: about the budget at first, and about lines that are chosen by their side."""


def test_no_direction_stays_stale(diemen: Figures) -> None:
    other = turned(diemen)
    reader, told_wrong = Proofreader(Facts(other)), 0
    for name in STORIES:
        before, used = told(diemen, name)
        after, _ = told(other, name)
        tokens = Tokens(other, name)
        path, bestand = find_story(other, name)
        findings = proofread(
            render_template(read_story(path, bestand), other, tokens, bestand), tokens, reader, bestand
        )
        wrong = " ".join(one.bericht for one in findings.findings if one.code == "TEKST_RICHTING_ONJUIST")
        for old, new, numbers in zip(before, after, used, strict=True):
            about = any(
                re.search(r"budgetresultaat|(?:overhead|salarissen)\.\w+\.rekening", bron) for bron, _ in numbers
            )
            if about and DIRECTION.search(old) and not old.startswith(STAYS):
                kept = DIRECTION.findall(old) == DIRECTION.findall(new)
                assert not kept or " ".join(new.split())[-40:] in wrong, new
                told_wrong += kept
    assert told_wrong >= 3
