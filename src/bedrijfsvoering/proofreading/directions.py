"""The direction that a sentence gives a figure: voordeel or nadeel, hoger or lager, held against the figure's sign."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

from .facts import RESULT, Fact, Row, sum_of
from .naming import Named
from .passages import BUDGETS, PRIMITIEF, stage_words

OTHER = r"(?! (?:aantal|percentage|tarief|niveau|bedrag))"
SUMS = r"(?= (?:lasten|kosten|uitgaven|baten|opbrengsten))"
WORDS = {
    "voordeel": r"voordeel|voordelig|meevaller|meeviel(?:en)?|overschot(?! aan)",
    "nadeel": r"nadeel|nadelig(?:er)?|tegenvaller|tegenviel(?:en)?|tekort(?! aan)",
    "hoger": rf"hoger{OTHER}|duurder|hogere{SUMS}|meer|overschrijding|overschreden|overschreed",
    "lager": rf"lager{OTHER}|goedkoper|lagere{SUMS}|minder|onderschrijding|onderschreden|onderschreed|"
    r"onderuitputting",
}
"""The words of each direction; of costs, hoger is a nadeel."""
DIRECTION = re.compile(
    "|".join(rf"(?P<{side}>(?<!\w)(?:{words})(?!\w))" for side, words in WORDS.items()), re.IGNORECASE
)
LETTER = re.compile(r"(?<![\w.&])(?P<voordeel>V)(?= ?€? ?[\d\ue000])|(?<![\w.&])(?P<nadeel>N)(?= ?€? ?[\d\ue000])|"
                    r"(?<=[\d\ue001] )(?:(?P<voor>V)|(?P<na>N))(?!\w)")  # fmt: skip
"""The letter V or N beside a number."""
SPLIT = re.compile(
    r"\b(?:viel(?:en)?|valt|vallen)\b(?:[^.;]|\.\d){0,80}?\b(?:(?P<mee>mee)|(?P<tegen>tegen))(?=\s*(?:[.,;)]|$|en\b))|"
    r"\b(?:hield(?:en)?|houdt)\b(?:[^.;]|\.\d){0,80}?\b(?P<over>over)(?=\s*(?:[.,;)]|$))",
    re.IGNORECASE,
)
"""Verbs of which the second part stands at the end: `viel € 380.000 tegen`, `hield € 208.000 over`."""
WITHIN = re.compile(
    r"\b(?:bleef|bleven|blijft)\b(?:[^.;]|\.\d){0,60}?\b(?P<binnen>binnen|onder) (?:de |het )(?:\w+ )?"
    r"(?:begroting|budget|raming)",
    re.IGNORECASE,
)
SIDE = {"voor": "voordeel", "na": "nadeel", "mee": "voordeel", "tegen": "nadeel", "over": "voordeel", "binnen": "lager"}
GROWN = {
    1: r"steeg|stegen|stijgt|stijgen|gestegen|toegenomen|groeiden?|groeit|gegroeid",
    -1: r"daalden?|daalt|dalen|gedaald|afgenomen",
}
"""The verbs of a growth and of a fall."""
GROWN_NOUN = {1: r"stijging|toename", -1: r"daling|afname"}
GROWN_END = {1: r"toe|hoger|meer", -1: r"af|lager|minder"}
"""What stands behind a growth: `nam met 3% toe`, `3% hoger dan een jaar eerder`."""
GROWN_BEFORE = re.compile(
    "|".join(
        rf"\b(?P<{name}>(?:{GROWN[side]})(?=(?: in \d{{4}})?"
        r"(?: (?:dus|ook|verder|weer|licht|iets|fors|sterk|flink))? met $)|"
        rf"(?:{GROWN_NOUN[side]})(?=(?: is| was| bedraagt| bedroeg| van) $))"
        for name, side in (("op", 1), ("neer", -1))
    ),
    re.IGNORECASE,
)
"""A word of a growth right before its number: `steeg in een jaar met`, `een daling van`."""
GROWN_BEHIND = re.compile(
    "|".join(
        rf"\s(?P<{name}>(?:{GROWN[side]}|{GROWN_END[side]})"
        r"(?= uit(?:gekomen)?\b| dan (?:in \d{4}|een jaar eerder|vorig jaar)|\s*(?:[.,;:)]|$)))"
        for name, side in (("op", 1), ("neer", -1))
    ),
    re.IGNORECASE,
)
"""A word of a growth right behind its number."""
OPPOSITE = {"voordeel": "nadeel", "nadeel": "voordeel"}
"""`Het voordeel van € 218.000 dekt het nadeel`: of a number that has its own word, the other word says nothing."""
IF = re.compile(r"\b(?:zou|zouden|indien)\b", re.IGNORECASE)
"""What is only supposed has no direction."""
OF = re.compile(r"(?:\s+\w+){0,6}?\s+van\s+(?:€\s*)?")
"""Between a direction and its own number: `een voordeel op de baten van € 0,4 mln`."""
BY = re.compile(r"\s+(?:bij|op|van|voor|aan)\s+(?:(?:de|het|onze|team)\s+)*", re.IGNORECASE)
"""Between a direction and the row that it is of."""
BOUNDARY = re.compile(
    r",(?!\d)|[;\n]|\b(?:maar|terwijl|hoewel|zodat|omdat|doordat|waar|en(?= (?:de|het|in|is|was|zijn|er|dat)))\b",
    re.IGNORECASE,
)
NEGATED = re.compile(r"\b(?:geen|niet|noch|zonder|voor- en)\s+(?:\w+\s+)?$", re.IGNORECASE)
APPOSITION = re.compile(r"\W*(?:en |dus |ofwel |oftewel )?(?:(?:dat|wat) is )?(?:een )?\w+(?: dus)?\W*", re.IGNORECASE)
"""A clause of a direction alone: it speaks of the number in the clause before it."""
THAN = re.compile(r"[\s*_]*(?:\w+[\s*_]+){0,4}?dan[\s*_]+(?P<what>(?:\w+[\s*_]+){0,3}\w+)", re.IGNORECASE)
YEAR = re.compile(r"\b20\d\d\b|vorig|eerder", re.IGNORECASE)
ACTUAL = re.compile(r"rekening|realis|werkelijk", re.IGNORECASE)
SPENT = re.compile(r"uitgegeven|uitgaf|gaf|besteed|betaald|uit\b", re.IGNORECASE)
SPENT_WORDS = ("meer", "minder")
"""They give a direction only of what was spent, or against a stage: `meer dan begroot`."""


@dataclass(frozen=True)
class Number:
    """A number or a reference in a sentence, where it stands, and the facts that it is.

    `groei` is 1 or -1 for a reference that is a growth, up or down.
    """

    begin: int
    eind: int
    facts: tuple[Fact, ...]
    groei: int = 0


@dataclass(frozen=True)
class WrongDirection:
    """A word that contradicts the figure that it is about; `wat` is that figure with its article."""

    woord: str
    begin: int
    wat: str
    row: Row | None = None


def wrong_directions(text: str, numbers: Sequence[Number], named: Sequence[Named]) -> list[WrongDirection]:
    """Return the words of direction in a sentence that contradict every figure that they can be about."""
    found: list[WrongDirection] = []
    said: list[tuple[str, Fact]] = []
    wrong: list[tuple[str, Fact]] = []
    words = (*DIRECTION.finditer(text), *LETTER.finditer(text), *SPLIT.finditer(text), *WITHIN.finditer(text))
    for match in sorted(words, key=lambda one: one.start()):
        if (
            IF.search(text)
            or any(one.begin <= match.start() < one.eind for one in numbers)
            or NEGATED.search(text, 0, match.start())
        ):
            continue
        side = SIDE.get(match.lastgroup or "", match.lastgroup or "")
        woord = match[match.lastgroup or 0]
        than = THAN.match(text, match.end())
        against = [word for word in stage_words(text) if than and than.start("what") <= word.begin < than.end("what")]
        if woord.casefold() in SPENT_WORDS and not against and not SPENT.search(text):
            continue
        if than and not against and side in ("hoger", "lager") and not YEAR.search(than["what"]):
            continue
        turned = bool(than and ACTUAL.search(than["what"]))
        facts = _facts_of(text, match, numbers) or _facts_named(text, match, numbers, named)
        if _is_of_another(text, match, facts, named):
            continue
        judged = [(fact, _side(fact, side)) for fact in facts]
        known = [(fact, real != turned) for fact, real in judged if real is not None]
        said += [(side, fact) for fact, right in known if right]
        if known and not any(right for _, right in known):
            fact = known[0][0]
            found.append(WrongDirection(woord, match.start(), fact.genoemd, fact.rows[0]))
            wrong.append((side, fact))
    return [one for one, (side, fact) in zip(found, wrong, strict=True) if (OPPOSITE.get(side, ""), fact) not in said]


def _is_of_another(text: str, match: re.Match[str], facts: Sequence[Fact], named: Sequence[Named]) -> bool:
    """Return whether a direction is that of a row named right behind it, and not of the number: `nadeel op inkoop`."""
    rows = [one.row for one in named if one.strong and BY.fullmatch(text, match.end(), one.begin)]
    about = {id(row.post) for fact in facts for row in fact.rows}
    return bool(rows) and not any(id(row.post) in about for row in rows)


def wrong_growths(text: str, numbers: Sequence[Number]) -> list[WrongDirection]:
    """Return the words right beside a growth that say that it goes the other way."""
    found = []
    for one in numbers if not IF.search(text) else ():
        before = GROWN_BEFORE.search(text[: one.begin]) if one.groei else None
        behind = GROWN_BEHIND.match(text, one.eind) if one.groei else None
        for match in (before, behind):
            side = 0 if not match else 1 if match.lastgroup == "op" else -1
            if match and side == -one.groei and not NEGATED.search(text, 0, match.start()):
                row = one.facts[0].rows[0] if one.facts else None
                found.append(
                    WrongDirection(match[match.lastgroup or 0], match.start(match.lastgroup or 0), "de groei", row)
                )
    return found


def _bounds(text: str, match: re.Match[str]) -> tuple[int, int]:
    """Return the clause of a direction; one that says nothing else belongs to the clause before it."""
    begins = [0, *(m.end() for m in BOUNDARY.finditer(text, 0, match.start()))]
    eind = min((m.start() for m in BOUNDARY.finditer(text, match.end())), default=len(text))
    alone = APPOSITION.fullmatch(text[begins[-1] : eind]) or re.search(r"\b(?:dit|dat) $", text[: match.start()])
    return begins[-2] if alone and len(begins) > 1 else begins[-1], eind


def _facts_of(text: str, match: re.Match[str], numbers: Sequence[Number]) -> list[Fact]:
    """Return the facts of the number that stands nearest in the clause of a direction."""
    begin, eind = _bounds(text, match)
    near = [one for one in numbers if begin <= one.begin and one.eind <= eind]
    if not near:
        return []
    distance = lambda one: max(one.begin - match.end(), match.start() - one.eind)  # noqa: E731
    adjective = match[0].casefold() in ("hogere", "lagere")
    own = [one for one in near if adjective and text[one.eind : match.start()] == " aan "]
    own = own or [one for one in near if OF.fullmatch(text, match.end(), one.begin)]
    own = own or [one for one in near if adjective and one.begin > match.end()]
    results = own or [one for one in near if any(fact.stadium == RESULT for fact in one.facts)] or near
    facts = min(results, key=distance).facts
    return [fact for fact in facts if fact.stadium == RESULT and fact.naar and fact.naar != fact.van]


def _facts_named(text: str, match: re.Match[str], numbers: Sequence[Number], named: Sequence[Named]) -> list[Fact]:
    """Return the result of the one row that a clause names, where no number of it says more."""
    begin, eind = _bounds(text, match)
    rows = {id(one.row.post): one.row for one in named if one.strong and begin <= one.begin < eind}
    if len(rows) != 1 or any(one.facts for one in numbers if begin <= one.begin < eind):
        return []
    (row,) = rows.values()
    exact = [word.stages for word in stage_words(text) if word.stages < BUDGETS]
    van = PRIMITIEF if exact and all(stages == {PRIMITIEF} for stages in exact) else "begroting_na_wijziging"
    wat = f"resultaat van '{row.post.post}'"
    return [Fact(Decimal(0), "", Decimal(0), RESULT, frozenset(), (row,), wat, "rekening", van)]


def _side(fact: Fact, side: str) -> bool | None:
    """Return whether a difference has a direction; None where it has none or is not known."""
    old, new = (sum_of(fact.rows, kolom) for kolom in (fact.van, fact.naar))
    if old is None or new is None or old == new:
        return None
    if side in ("voordeel", "nadeel"):
        return None if {fact.naar, fact.van} == BUDGETS else (new > old) == (side == "voordeel")
    return (abs(new) > abs(old)) == (side == "hoger")
