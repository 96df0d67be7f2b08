"""Comparisons of a reference, `… was {{ overhead.totaal.rekening | mln }}, minder dan begroot`, held against the row.

A sentence is judged only where it can be read in one way; anything else is left to the reader.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from typing import NamedTuple

from ..figures import kolom_naam
from ..saldi import side_of
from ..source import MONEY_COLUMNS
from .directions import IF, Number, WrongDirection
from .facts import Row
from .naming import Named
from .passages import BUDGETS, GEWIJZIGD, PRIMITIEF, REKENING, stage_words

STAGES = MONEY_COLUMNS[:3]
NUMBER = "\ue000\\d+\ue001"
UP = ("hoger", "meer", "duurder")
WORD = r"(?P<word>hoger|meer|duurder|lager|minder|goedkoper)"
DEGREE = (
    r"(?:(?:dus|dat is|wel|iets|wat|veel|flink|fors|ruim|ook|nog|juist|toch|duidelijk|aanzienlijk|beduidend|"
    r"een stuk)\s+){0,3}"
)
END = r"(?=\s*(?:[.;:!)]|,(?!\d)|$)|\s+(?:maar|terwijl|omdat|doordat|door)\b)"
AGAINST = (
    r"dan\s+(?P<against>(?:(?:in|bij|volgens|wat|de|het|er|was|is|werd|stond|eerst|na|wijziging|begroting|raming|budget|"
    r"begroot|geraamd|opgenomen|voorzien|uitgetrokken|primitief|primitieve|oorspronkelijke?|aanvankelijke?|vooraf|gewijzigde|"
    r"bijgestelde|rekening|raad|vaststelde|vastgesteld)(?:\s+|(?![\w-]))){1,8}?)" + END
)
"""A stage that is compared with, of words that leave nothing open."""
SPENT = r"(?:\s+(?:begroot|geraamd|uitgegeven|betaald|besteed|ontvangen))?"
BESIDE = re.compile(rf"(?P<ref>{NUMBER})[*_]*{SPENT},?\s+(?:en\s+)?{DEGREE}{WORD}\s+{AGAINST}", re.IGNORECASE)
"""`was € 7,4 miljoen, minder dan in de begroting na wijziging`."""
WITH = re.compile(
    rf"\bmet\s+(?P<ref>{NUMBER})(?:\s+(?:was|waren|is|zijn|kwam(?:en)?|viel(?:en)?|lag(?:en)?|bleef|bleven|de|het|rekening|"
    rf"bijdrage|kosten|lasten|uitgaven|uitkomst|overhead|salarissen|salariskosten|uit))*\s+{DEGREE}{WORD}"
    rf"(?:\s+(?:uit|uitgekomen|uitgevallen))?\s+{AGAINST}",
    re.IGNORECASE,
)
"""`kwam met € 7,4 miljoen lager uit dan begroot`."""
BEFOREHAND = re.compile(
    r"\b(?P<against>vooraf|oorspronkelijk|aanvankelijk|primitief|na wijziging)\s+(?:was|is|werd)\s+(?:er\s+)?"
    rf"{DEGREE}{WORD}\s+(?:begroot|geraamd|uitgetrokken)(?::|,\s+namelijk|\s+\()\s*(?P<ref>{NUMBER})",
    re.IGNORECASE,
)
"""`Vooraf was er meer begroot: € 17,6 miljoen`."""
ACTUAL = (
    r"(?:was|waren|is|zijn|viel(?:en)?|kwam(?:en)?|lag(?:en)?|bleef|bleven)\s+(?:de|het)\s+(?P<noun>kosten|lasten|uitgaven|"
    rf"bijdrage|rekening|overhead|salarissen|salariskosten|uitkomst|baten|inkomsten|opbrengst)\s+{DEGREE}"
    rf"(?P<word>hoger|lager)(?:\s+uit(?:gekomen|gevallen)?)?{END}"
)
"""What was spent, said to be higher or lower than a budget that was just named."""
SET_AGAINST = re.compile(
    rf"\b(?:vergeleken met|ten opzichte van|tegenover|in vergelijking met|afgezet tegen)(?:\s+[^\W\d]+){{0,8}}\s+\(?"
    rf"(?P<ref>{NUMBER})\)?{SPENT},?\s+{ACTUAL}",
    re.IGNORECASE,
)
"""`Vergeleken met wat de raad vooraf vaststelde (€ 7,2 miljoen) was de bijdrage hoger`."""
WITH_THAT = re.compile(
    rf"(?P<ref>{NUMBER}){SPENT}[;,:]?\s+(?:(?:ook|en|maar)\s+)*(?:daarmee vergeleken|vergeleken daarmee|"
    rf"ten opzichte daarvan|in vergelijking daarmee)\s+{ACTUAL}",
    re.IGNORECASE,
)
"""`… was € 14,7 miljoen; ook daarmee vergeleken vielen de kosten lager uit`."""
ASIDE = re.compile(
    r"(?<=[,;])\s*(?:met|dankzij|ondanks|door|bij|na|van|voor)\b[^,;]*$|"
    r"\b(?:inclusief|incl\.?|exclusief|excl\.?|zonder|waarvan|waaronder|naast|behalve|plus|min)\b[^,;]*$",
    re.IGNORECASE,
)
"""A number in an aside is not what a sentence is about: `was, met de bijdrage van € 7,4 miljoen, lager dan begroot`."""
DENIED = re.compile(r"\b(?:niet|geen|noch|nauwelijks|als|wanneer|tenzij)\b|\?\s*$", re.IGNORECASE)
OWN_NOUNS = ("bijdrage", "overhead", "salarissen", "salariskosten")
"""Nouns that only a row has whose label or table says so."""
COST_NOUNS, INCOME_NOUNS = (
    ("kosten", "lasten", "uitgaven", "salarissen", "salariskosten"),
    ("baten", "inkomsten", "opbrengst"),
)


class Claim(NamedTuple):
    """What a sentence says: that a stage of a row is higher or lower than every one, or than one, of other stages."""

    row: Row
    stage: str
    others: frozenset[str]
    word: re.Match[str]


def wrong_comparisons(text: str, references: Sequence[Number], named: Sequence[Named]) -> list[WrongDirection]:
    """Return the words of a comparison that both figures of a row contradict."""
    found: dict[int, WrongDirection] = {}
    for claim in _claims(text, references) if not IF.search(text) and not DENIED.search(text) else ():
        clear = all(one.row.post is claim.row.post for one in named)
        if clear and side_of(claim.row.post.post) != "saldo" and side_of(claim.row.table.source.titel) != "saldo":
            wrong = _judged(claim)
            if wrong:
                found[wrong.begin] = wrong
    return list(found.values())


def _claims(text: str, references: Sequence[Number]) -> Iterator[Claim]:
    """Yield what a sentence says of its references."""
    stages = {one.begin: found for one in references if (found := _stage_of(one))}
    for pattern in (BESIDE, WITH, BEFOREHAND, SET_AGAINST, WITH_THAT):
        for match in pattern.finditer(text):
            begin = match.start("ref")
            if begin not in stages:
                continue
            row, stage = stages[begin]
            others = _others(pattern, match, stage)
            alone = all(one.begin == begin or one.begin > match.start("word") for one in references)
            aside = pattern is BESIDE and ASIDE.search(text[:begin])
            if others and not aside and (alone or stage == REKENING or pattern in (SET_AGAINST, WITH_THAT)):
                yield Claim(row, REKENING if pattern in (SET_AGAINST, WITH_THAT) else stage, others, match)


def _others(pattern: re.Pattern[str], match: re.Match[str], stage: str) -> frozenset[str]:
    """Return the stages that a reference is compared with; none where that is not certain."""
    if pattern in (SET_AGAINST, WITH_THAT):
        return frozenset({stage}) if stage in BUDGETS else frozenset()
    words = [word.stages for word in stage_words(match["against"])]
    said = frozenset[str]().union(*words) if words else frozenset[str]()
    if pattern is BEFOREHAND:
        return frozenset(STAGES) - said if said == {stage} and stage in (PRIMITIEF, GEWIJZIGD) else frozenset()
    return frozenset() if stage in said else said


def _stage_of(one: Number) -> tuple[Row, str] | None:
    """Return the row and the stage of a reference that is one cell of the edition's own year."""
    cells = [fact for fact in one.facts if fact.stadium in STAGES and len(fact.rows) == 1 and fact.eenheid != "pct"]
    return (cells[0].rows[0], cells[0].stadium) if cells else None


def _judged(claim: Claim) -> WrongDirection | None:
    """Return the word of a claim that is wrong against every stage that it can mean."""
    word, noun = claim.word["word"], claim.word.groupdict().get("noun") or ""
    amounts = claim.row.post.bedragen
    new, olds = (
        amounts.get(claim.stage),
        [amounts.get(kolom) for kolom in claim.others if kolom in claim.row.table.kolommen],
    )
    if not new or not olds or any(old is None or old == new or old * new <= 0 for old in olds):
        return None
    if noun.casefold() in (INCOME_NOUNS if new < 0 else COST_NOUNS) or not _is_its_noun(claim.row, noun.casefold()):
        return None
    if any((abs(new) > abs(old)) == (word.casefold() in UP) for old in olds if old is not None):
        return None
    against = " of ".join(kolom_naam(kolom).lower() for kolom in STAGES if kolom in claim.others)
    wat = f"het verschil van {kolom_naam(claim.stage).lower()} tegen {against} van '{claim.row.post.post}'"
    return WrongDirection(word, claim.word.start("word"), wat, claim.row)


def _is_its_noun(row: Row, noun: str) -> bool:
    """Return whether a noun can mean a row: `de bijdrage` is one of which the label says so."""
    said = f"{row.post.post} {row.table.naam} {row.table.source.titel}".casefold()
    return noun not in OWN_NOUNS or noun[:6] in said
