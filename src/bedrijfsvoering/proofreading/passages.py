"""A story as sentences: where each stands, what comes before it, and of which stage each place in it speaks."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property, lru_cache

from ..references import MARK
from .facts import RESULT

PRIMITIEF, GEWIJZIGD, REKENING = "begroting_primitief", "begroting_na_wijziging", "rekening"
BUDGETS = frozenset({PRIMITIEF, GEWIJZIGD})
STAGE_WORDS: tuple[tuple[frozenset[str], str], ...] = (
    (
        frozenset({PRIMITIEF}),
        r"primitie\w*|prim\.|oorspronkelijk\w*|aanvankelijk\w*|initi[eë]le\w*|vooraf",
    ),
    (
        frozenset({GEWIJZIGD}),
        r"na (?:\S+ ){0,2}wijziging(?:en)?|na wijz\.|n\.w\.|slotwijziging|bij(?:ge)?stel\w*|gewijzigd\w*|"
        r"begroting totaal|actuele begroting|"
        r"(?:verhoog|verlaag|opgehoog|teruggebrach|bijgeraam|afgeraam)[dt](?: \S+){0,2}? (?:tot|naar)",
    ),
    (
        BUDGETS,
        r"\w*begrot\w*|\w*begroot\w*|ramingen|\w*raming|geraamd\w*|raamde|budget(?:ten)?|uitgetrokken|gereserveerd|"
        r"beschikbaar|bgr\.|begr\.",
    ),
    (
        frozenset({REKENING}),
        r"(?:jaar)?rekening(?! mee| houden)|werkelijk\w*|(?:ge)?realis\w+|besteed\w*|uitgegeven|uitgaf|uitgaven|"
        r"betaal\w+|kostte\w*|gaf|gaven|rek\.|real\.|verantwoord|ontving\w*|ontvangen|uitgekomen",
    ),
)
"""Words that say of which stage a sentence speaks."""
IDIOMS = re.compile(
    r"in rekening|(?:voor|op) (?:zijn|haar|hun|de|eigen) rekening(?! van)|rekening (?:mee |te )?houden|begrotingsjaar|"
    r"rekening (?:is|wordt|werd|was) (?:mee )?gehouden|voor rekening van|begrotingswijziging\w*|budgetresultaat",
    re.IGNORECASE,
)
"""Words that look like a stage and are none."""
COMPARED = re.compile(
    r"\b(?:dan|vergeleken met|ten opzichte van|t\.o\.v\.|tegenover|in vergelijking met|afgezet tegen|onder|boven|"
    r"in plaats van|binnen|conform|gelijk aan|dicht bij)\s+(?:[^\s,.;:()\d]+\s+){0,4}?$",
    re.IGNORECASE,
)
"""What stands before a stage that a number is compared with: that stage is not its own."""
CLAUSE = re.compile(
    r",(?!\d)|[;()\n]|\s[-\N{EN DASH}]\s|"
    r"\b(?:maar|terwijl|waar(?=van|bij|door|in|voor|\\b)|tegen|tegenover|hoewel|zodat|omdat|doordat|dan|"
    r"en(?= (?:de|het|een|in|is|was|zijn|er|primitie|oorspronkelijk|na wijziging|werkelijk|€|\d)))\b",
    re.IGNORECASE,
)
ABBREVIATION = re.compile(
    r"(?:\b(?:bijv|bv|art|nr|incl|excl|ca|mln|mld|resp|o\.a|t\.o\.v|d\.w\.z|m\.b\.t|i\.v\.m|t/m|drs|mr|ir|dr|blz|p|jl|vs|max|min|"
    r"gem|bgr|begr|prim|wijz|rek|real|afw|bedr|jur|cf|inc|alg|ext|st|i\.c)|(?:\w\.)+\w|\b[A-Z]|^\W*\d+)\.$",
    re.IGNORECASE,
)


@dataclass(frozen=True)
class StageWord:
    """A word that says of which stage a sentence speaks, and where it stands.

    `compared` is where `dan` or `tegenover` stands before it: a number before that is compared with it. Else it is -1.
    """

    begin: int
    eind: int
    stages: frozenset[str]
    compared: int


@dataclass(frozen=True)
class Sentence:
    """One sentence of a story: its text, its line in the file, and what was said before it in its paragraph."""

    text: str
    regel: int
    before: tuple[str, ...]
    heading: str = ""


def sentences_of(marked: str) -> Iterator[Sentence]:
    """Yield the sentences of a story, in order; code is left out, headings, list items and table rows are their own."""
    heading, head = "", list[str]()
    for lines in _blocks(marked):
        if lines[0][1].lstrip().startswith("|"):
            cells = [cell.strip() for cell in lines[0][1].strip().strip("|").split("|")]
            if head and not set("".join(cells)) <= set("-: "):
                yield Sentence(_row_told(head, cells), lines[0][0], (), heading)
            head = head or cells
            continue
        head = []
        text = "\n".join(line for _, line in lines)
        before: list[str] = []
        place = 0
        for sentence in (part for whole in split_block(text) for part in _parts(whole)):
            begin = text.index(sentence, place)
            regel = lines[min(text.count("\n", 0, begin), len(lines) - 1)][0]
            yield Sentence(sentence, regel, tuple(before[-BEFORE:]), heading)
            before.append(sentence)
            place = begin + len(sentence)
        if lines[0][1].lstrip().startswith("#"):
            heading = text


def _row_told(head: Sequence[str], cells: Sequence[str]) -> str:
    """Return a row of a Markdown table as a sentence: its name, and each number behind the head of its column."""
    told = [f"{above} {cell}" for above, cell in zip(head[1:], cells[1:], strict=False)]
    return "; ".join([cells[0], *told])


LONGEST = 1_000
"""Characters of a sentence that is read as one; nobody writes longer ones."""
BEFORE = 12
"""Sentences of a paragraph that a sentence is read with."""
ALONE = re.compile(r"[ \t]*(?:#|\||(?:>[ \t]*)?(?:[-*+]|\d{1,9}[.)])[ \t])")
"""A line that is a block of its own: a heading, a row of a table, an item of a list."""


def _blocks(marked: str) -> Iterator[list[tuple[int, str]]]:
    """Yield runs of lines that belong together, each line with its number in the file."""
    number, block, fenced = 0, list[tuple[int, str]](), False
    for index, raw in enumerate(marked.split("\n"), start=1):
        marks = [int(mark) for mark in MARK.findall(raw)]
        number = marks[0] if marks else number + 1 if number else index
        line = MARK.sub("", raw)
        fence = line.lstrip().startswith(("```", "~~~"))
        alone = bool(ALONE.match(line))
        if (not line.strip() or fence or alone) and block:
            yield block
            block = []
        fenced = fenced != fence
        if line.strip() and not fenced and not fence:
            block.append((number, line))
        if line.lstrip().startswith(("#", "|")) and block:
            yield block
            block = []
    if block:
        yield block


def _parts(sentence: str) -> list[str]:
    """Return a sentence of any length people write as it is, and what is longer in parts."""
    return [sentence[i : i + LONGEST] for i in range(0, len(sentence), LONGEST)]


def split_block(text: str) -> Iterator[str]:
    """Yield the sentences of a block."""
    begin = 0
    for match in re.finditer(r"[.!?][\"'\u2019\u201d)*_]*(?=\s+[\"'\u2018\u201c(*_]*[^\W\da-z_]|\s+[\d\ue000€])", text):
        if not ABBREVIATION.search(text, max(begin, match.start() - 40), match.start() + 1):
            yield text[begin : match.end()].strip()
            begin = match.end()
    if text[begin:].strip():
        yield text[begin:].strip()


@lru_cache(maxsize=4096)
def stage_words(text: str) -> list[StageWord]:
    """Return the words of a text that say a stage; a budget that is said more exactly beside it is that one."""
    idioms = [match.span() for match in IDIOMS.finditer(text)]
    found = []
    for stages, pattern in STAGE_WORDS:
        for match in re.finditer(rf"(?<!\w)(?:{pattern})(?!\w)", text, re.IGNORECASE):
            if not any(begin <= match.start() < eind for begin, eind in idioms):
                before = COMPARED.search(text, 0, match.start())
                found.append(StageWord(match.start(), match.end(), stages, before.start() if before else -1))
    exact = [word for word in found if len(word.stages) == 1 and word.stages <= BUDGETS]
    kept = [
        word for word in found
        if word.stages != BUDGETS or not any(_beside(text, word, other) for other in exact)
    ]  # fmt: skip
    return sorted(kept, key=lambda word: word.begin)


def _beside(text: str, word: StageWord, other: StageWord) -> bool:
    """Return whether two stage words are one phrase: `primitieve begroting`, `na wijziging was begroot`."""
    between = text[min(word.eind, other.eind) : max(word.begin, other.begin)]
    return len(between.split()) <= 3 and not re.search(r"[\d,;:()\ue000]", between)


@lru_cache(maxsize=256)
def boundaries(text: str) -> list[tuple[int, int]]:
    """Return where the clauses of a sentence meet."""
    return [match.span() for match in CLAUSE.finditer(text)]


@dataclass(frozen=True)
class Place:
    """Where a number stands in its sentence, and where the other numbers stand."""

    text: str
    begin: int
    eind: int
    others: tuple[tuple[int, int], ...]

    @cached_property
    def before(self) -> int:
        """Where the number before it ends."""
        return max((e for _, e in self.others if e <= self.begin), default=0)

    @cached_property
    def after(self) -> int:
        """Where the number after it begins."""
        return min((b for b, _ in self.others if b >= self.eind), default=len(self.text))

    @cached_property
    def clause(self) -> tuple[int, int]:
        """Return the bounds of its clause, numbers beside it included; a bracket belongs to what stands before it."""
        begins = [e for b, e in boundaries(self.text) if self.before <= b and e <= self.begin]
        begin = begins[-1] if begins else self.before
        if begins and self.text[begin - 1] == "(":
            begin = begins[-2] if len(begins) > 1 else self.before
        ends = (b for b, _ in boundaries(self.text) if self.eind <= b < self.after)
        return begin, min(ends, default=self.after)

    def nearest(self, spans: Sequence[tuple[int, int]], tied: Sequence[int] = ()) -> list[int]:
        """Return which spans are nearest before and after it, and nearer to it than to a neighbour in its clause.

        `tied` are those that cannot be its neighbour's: a comparison stands between.
        """
        begin, eind = self.clause
        left = [i for i, (b, e) in enumerate(spans) if self.before <= b and e <= self.begin]
        right = [i for i, (b, e) in enumerate(spans) if self.eind <= b and e <= self.after]
        found = []
        alone = begin > self.before or not self.before or bool(left and left[-1] in tied)
        if left and (alone or spans[left[-1]][0] - self.before >= self.begin - spans[left[-1]][1]):
            found.append(left[-1])
        alone = eind < self.after or self.after == len(self.text)
        if right and (alone or self.after - spans[right[0]][1] >= spans[right[0]][0] - self.eind):
            found.append(right[0])
        return found

    def is_compared(self, word: StageWord) -> bool:
        """Return whether it is compared with a stage, instead of being of that stage."""
        return word.compared >= 0 and not self.begin <= word.compared < self.eind and word.begin >= self.eind


VERSUS = re.compile(
    r"(?:\b(?:in plaats van|tegen(?:over)?|versus|vs\.?|om|dan(?: de| het)?)|^\W*van (?:de|het)|"
    r"\d(?: \w+)? van)[\s€]*$",
    re.IGNORECASE,
)
"""Before a number that another number is held against: it is of the other stage."""
RELATIVE = re.compile(r"\s*(?:in|bij|van)?\s*(?<!\w)(?:waarin|waarbij|waarvoor|die|dat|welke)\b", re.IGNORECASE)
"""A clause that speaks of what the one before it ended with."""
FROM, TO = re.compile(r"\bvan[\s€]*$", re.IGNORECASE), re.compile(r"\b(?:naar|tot)[\s€]*$", re.IGNORECASE)
TOWARDS = re.compile(r"[^.;]{0,40}?\b(?:naar|tot)\b", re.IGNORECASE)
"""From one number to another: from an earlier stage or year to a later one."""
BRACKET = re.compile(r"\s*(?:\w+\s+)?\([\s€]*[\d\ue000]")
"""A number in brackets: the stage word before it is its own."""


def is_moving(place: Place) -> bool:
    """Return whether a number is one of a pair `van … naar …`, which goes over stages or years."""
    text = place.text
    return bool(
        TO.search(text, 0, place.begin) or (FROM.search(text, 0, place.begin) and TOWARDS.match(text, place.eind))
    )


def stages_at(sentence: Sentence, place: Place) -> frozenset[str]:
    """Return the stages that a number at a place can be of.

    It is read from the stage words beside it in its own clause, else from clauses without a number of their own, else
    from the sentences before; nothing said is the account.
    """
    begin, eind = place.clause
    words = stage_words(sentence.text)
    own = [
        word for word in words
        if begin <= word.begin and word.eind <= eind and not place.is_compared(word)
        and not (word.begin >= place.eind and BRACKET.match(place.text, word.eind))
    ]  # fmt: skip
    loose = [
        word for word in words
        if (word.compared < 0 or word.eind <= place.begin) and not _in_clause_with_number(word, place)
    ]  # fmt: skip
    moving = is_moving(place) or VERSUS.search(place.text, 0, place.begin)
    for some in (own,) if moving else (own, loose):
        tied = [index for index, word in enumerate(some) if word.compared >= place.before]
        near = [some[index] for index in place.nearest([(word.begin, word.eind) for word in some], tied)]
        exact = [word for word in near if word.stages != BUDGETS]
        if near:
            said = frozenset[str]().union(*(word.stages for word in exact or near))
            compared = all(word.compared >= 0 for word in near)
            return said | {REKENING} if compared else said
    if RELATIVE.match(place.text, begin) and (last := [word for word in words if word.eind <= begin]):
        return last[-1].stages
    if moving:
        return BUDGETS | {REKENING}
    for earlier in reversed(sentence.before):
        words = [word for word in stage_words(earlier) if word.compared < 0]
        if words and not re.search(r"\d|\ue000", earlier):
            return frozenset[str]().union(*(word.stages for word in words))
    return frozenset({REKENING})


def years_at(place: Place, known: Iterable[int]) -> set[int]:
    """Return the years of which a number at a place speaks, of those that the figures know; nothing said is empty."""
    found = [(m.start(), m.end(), int(m[0])) for m in re.finditer(r"(?<![\d.,])(?:19|20)\d\d(?![\d.,]\d)", place.text)]
    years = [
        one for one in found
        if one[2] in set(known) and (not COMPARED.search(place.text, 0, one[0]) or BRACKET.match(place.text, one[1]))
    ]  # fmt: skip
    begin, eind = place.clause
    own = [one for one in years if begin <= one[0] and one[1] <= eind]
    near = [own[index][2] for index in place.nearest([(b, e) for b, e, _ in own])]
    return set(near) or {year for _, _, year in years}


def compared_years(text: str) -> set[int]:
    """Return the years with which a sentence compares: `ten opzichte van 2018`."""
    found = re.finditer(r"(?<![\d.,])(?:19|20)\d\d(?![\d.,]\d)", text)
    return {int(match[0]) for match in found if COMPARED.search(text, 0, match.start())}


def _in_clause_with_number(word: StageWord, place: Place) -> bool:
    """Return whether a stage word stands in a clause that has another number."""
    begin = max((e for _, e in boundaries(place.text) if e <= word.begin), default=0)
    eind = min((b for b, _ in boundaries(place.text) if b >= word.eind), default=len(place.text))
    return any(begin <= b < eind for b, _ in place.others)


SAID = {
    PRIMITIEF: "de begroting primitief", GEWIJZIGD: "de begroting na wijziging", REKENING: "de rekening",
    RESULT: "het resultaat",
}  # fmt: skip
"""How a message calls a stage."""
