"""Stories read as a controller proofreads them: each number typed by hand is held against the figures.

A number agrees with a figure of the stage that its sentence speaks of, or with one of another stage, or with none.
The rules and their examples are in `docs/schrijven-met-cijfers.md`.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace

from ..amounts import fmt_count
from ..errors import StoryError
from ..figures import Figures
from ..findings import Check, Finding, Uitkomst
from ..references import MARK, TOKEN, Cijfer, Tokens, cells_in
from ..sandbox import render_template
from ..source import stage_of
from ..story import DRAFT, find_story, own_stories, read_story
from .claims import is_claim
from .comparisons import wrong_comparisons
from .directions import Number, WrongDirection, wrong_directions, wrong_growths
from .facts import RESULT, Fact, Facts, Row
from .mentions import Mention, find_mentions
from .naming import Named, Naming
from .outdated import year_behind, years_behind
from .passages import (
    BUDGETS,
    PRIMITIEF,
    SAID,
    Place,
    Sentence,
    compared_years,
    is_moving,
    sentences_of,
    stage_words,
    stages_at,
    years_at,
)
from .referents import Referents

MOST = 60
"""Numbers of one sentence that are judged; a longer row of numbers is no sentence."""
QUOTE = 160
"""Characters of a sentence that a message shows."""
CLEAR, SURE = 3, 4
"""Digits from which a number agrees with a figure by more than chance: where no row is named, and where another is."""
TOGETHER = re.compile(r"\b(?:samen|tezamen|gezamenlijk|bij elkaar|opgeteld)\b", re.IGNORECASE)
CHANGED = re.compile(
    r"\b(?:verhoo?g|verlaa?g|opgehoog|bijgeraam|afgeraam|bijgesteld|toegenomen|afgenomen|gestegen|gedaald|stijging|daling|"
    r"toename|afname|steeg|daalde|bij (?:de )?wijziging|nam\b.*\b(?:toe|af)\b|toegevoegd|erbij|groei\w*|extra)",
    re.IGNORECASE,
)
"""Says that a budget was changed: a difference between two budgets is meant."""
INHERITS = re.compile(
    r"\W*(?:dat|dit|daarmee|daarvan|hiervan|het (?:verschil|nadeel|voordeel|bedrag|resultaat|budget))\b", re.IGNORECASE
)
"""A sentence that begins so speaks of what was named last."""
NAME = re.compile(r"[^\W\d_][^.!?:;]* (?P<name>[A-Z][\w-]*) $")
"""A word with a capital inside a sentence, before a number."""
YEAR = re.compile(r"(?<![\d.,-])(?:19|20)\d\d(?![\d.,-]\d)")
THEN = re.compile(r"\b(?:toen|destijds|dat jaar)\b", re.IGNORECASE)
AGO = re.compile(r"\b(?:een jaar eerder|vorig(?:e)? jaar|het jaar (?:er)?voor|voorgaand(?:e)? jaar)\b", re.IGNORECASE)


@dataclass(frozen=True)
class Judgement:
    """What was found of one number in a sentence: the facts that it agrees with, or the code of what is wrong.

    `part` is true of an amount that agrees with nothing and may be a part of the row that its sentence names.
    """

    mention: Mention
    facts: tuple[Fact, ...] = ()
    code: str = ""
    told: str = ""
    row: Row | None = None
    part: bool = False


class Proofreader:
    """Judges the numbers of sentences by the figures of one edition."""

    def __init__(self, facts: Facts) -> None:
        self.facts = facts
        self.naming = Naming(facts)
        self.referents = Referents(facts)

    def judge(self, sentence: Sentence, taken: Iterable[tuple[int, int]] = ()) -> list[Judgement]:
        """Return a judgement of each number typed in a sentence; `taken` are the places of references."""
        mentions = find_mentions(sentence.text)[:MOST]
        spans = [*((one.begin, one.eind) for one in mentions), *taken]
        named = self.naming.find(sentence.text)
        before = [one for text in (sentence.heading, *sentence.before) for one in self.naming.find(text)]
        return [self._judge(one, sentence, spans, named, before) for one in mentions]

    def _judge(
        self, mention: Mention, sentence: Sentence, spans: Sequence[tuple[int, int]], named: Sequence[Named],
        before: Sequence[Named],
    ) -> Judgement:  # fmt: skip
        if _is_a_name(mention, sentence.text, named):
            return Judgement(mention)
        if mention.soort == "aantal":
            return Judgement(mention, code="TEKST_GETAL_ZONDER_BRON", told="een aantal staat in geen tabel")
        place = Place(sentence.text, mention.begin, mention.eind, tuple(s for s in spans if s[0] != mention.begin))
        speaks_of, stages = self._stage(sentence, place)
        named = [one for one in named if one.eind <= mention.begin or one.begin >= mention.eind]
        strong, weak = ([one.row for one in named if one.strong is side] for side in (True, False))
        earlier = [one.row for one in before]
        if len(strong) < 2 and TOGETHER.search(sentence.text):
            strong += [one.row for one in before if one.strong]
        about = self._about(strong) + self._about(weak)
        fitting = [fact for fact in about if fact.fits(mention.laag, mention.hoog, mention.soort)]
        begin, eind = place.clause
        begin = max(begin, sentence.text.rfind(":", 0, mention.begin))
        if not any(one.strong and begin <= one.begin < eind for one in named):
            about += self._about(earlier)
        everywhere = [fact for fact in about if fact.fits(mention.laag, mention.hoog, mention.soort)]
        everywhere += self.facts.fitting(mention.laag, mention.hoog, mention.soort)
        tables, near = {row.table.naam for row in weak}, {id(fact) for fact in about}
        nearby = [
            fact for fact in everywhere
            if id(fact) in near or (not strong and (self._is_known(fact, earlier) or fact.rows[0].table.naam in tables))
        ]  # fmt: skip
        totals = [fact for fact in everywhere if all(row.post.soort == "totaal" for row in fact.rows)]
        clear, enough = (totals, SURE) if strong else (everywhere, CLEAR)
        clear = clear if _digits(mention) >= enough else []
        right = [fact for fact in (*fitting, *nearby, *clear) if speaks_of(fact)]
        if right:
            return Judgement(mention, tuple(right))
        if self._speaks_of_unknown_year(place):
            return Judgement(mention, code="TEKST_GETAL_ZONDER_BRON", told="de tabellen hebben dat jaar niet")
        other = fitting or ([] if strong else [*nearby, *clear])
        if other:
            told = f"dit is {other[0].genoemd}, niet {' of '.join(SAID[stage] for stage in sorted(stages))}"
            return Judgement(mention, code="TEKST_GETAL_VEROUDERD", told=told, row=other[0].rows[0])
        if not named and (INHERITS.match(sentence.text) or stage_words(sentence.text)):
            strong = [one.row for one in before if one.strong][-1:] or earlier[-1:]
        rows = strong or weak
        if rows and (strong or mention.soort in ("euro", "getal")) and is_claim(mention, place, rows, sentence.heading):
            told = f"het past bij geen cijfer van '{rows[0].post.post}'"
            part = mention.soort in ("euro", "getal")
            return Judgement(mention, code="TEKST_GETAL_VEROUDERD", told=told, row=rows[0], part=part)
        return Judgement(mention, code="TEKST_GETAL_ZONDER_BRON", told="het past bij geen cijfer")

    def _speaks_of_unknown_year(self, place: Place) -> bool:
        """Return whether the years beside a number are years that no table has."""
        begin, eind = place.clause
        near = {int(year) for year in YEAR.findall(place.text, begin, eind)}
        return bool(near) and not near & self.facts.years

    def _stage(self, sentence: Sentence, place: Place) -> tuple[Callable[[Fact], bool], frozenset[str]]:
        """Return whether a fact is of the stage and the year that a number speaks of, and those stages."""
        stages = stages_at(sentence, place) & self.facts.stages or frozenset(self.facts.stages)
        passage = " ".join((*sentence.before, sentence.text))
        said = frozenset[str]().union(*(w.stages for w in stage_words(sentence.text) if w.stages != BUDGETS))
        told = said | frozenset[str]().union(*(w.stages for w in stage_words(passage) if w.stages != BUDGETS))
        changed = PRIMITIEF in told or bool(CHANGED.search(sentence.text))
        jaar, known = self.facts.jaar, self.facts.years
        years = known if is_moving(place) else years_at(place, known)
        ago = {jaar - 1} if AGO.search(sentence.text) else set()
        around = {jaar, *ago, *(int(year) for year in YEAR.findall(passage))}
        around |= known if CHANGED.search(sentence.text) else set()
        if THEN.search(sentence.text) and not years:
            years = {int(year) for year in YEAR.findall(passage)} & known

        budgets = any(word.stages & BUDGETS for word in stage_words(sentence.text))
        against = set() if budgets else compared_years(sentence.text) & known

        def speaks_of(fact: Fact) -> bool:
            if fact.stadium == RESULT:
                since = not against or bool(fact.years & against)
                return fact.years <= around and since and _compares(fact, said, changed)
            return fact.stadium in stages and fact.years <= ((years | ago) or {jaar})

        return speaks_of, stages

    def _is_known(self, fact: Fact, rows: Sequence[Row]) -> bool:
        """Return whether a fact is about rows that were named before."""
        known = {id(row.post) for row in rows}
        return any(id(row.post) in known for row in fact.rows)

    def referred(self, begin: int, eind: int, cijfer: Cijfer | None) -> Number:
        """Return a reference at its place, with the facts that it is."""
        return Number(begin, eind, self.referents.of(cijfer), self.referents.growth(cijfer))

    def wrong(self, text: str, numbers: Sequence[Number], references: Sequence[Number]) -> list[WrongDirection]:
        """Return the words of a sentence that its figures contradict, each once."""
        named = self.naming.find(text)
        found = [*wrong_directions(text, numbers, named), *wrong_growths(text, references)]
        found += wrong_comparisons(text, references, named)
        return list({one.begin: one for one in reversed(found)}.values())[::-1]

    def _about(self, rows: Sequence[Row]) -> list[Fact]:
        """Return the facts about rows, one by one and together."""
        unique = list({id(row.post): row for row in rows}.values())
        return [*(fact for row in unique for fact in self.facts.of(row)), *self.facts.together(unique)]


def _compares(fact: Fact, said: frozenset[str], changed: bool) -> bool:
    """Return whether a difference is between the stages that a sentence names, as far as it names budgets exactly."""
    pair, budgets = {stage_of(fact.naar), stage_of(fact.van)}, said & BUDGETS
    if pair == BUDGETS:
        return changed
    return len(budgets) != 1 or bool(pair & budgets) or stage_of(fact.naar) == stage_of(fact.van)


def _is_a_name(mention: Mention, text: str, named: Sequence[Named]) -> bool:
    """Return whether a bare whole number is a part of a name that is no row's: `Corsa 7`, `Burap 2`."""
    before = NAME.search(text, 0, mention.begin)
    if mention.soort != "getal" or not before or not re.fullmatch(r"\d{1,4}", mention.tekst):
        return False
    return not any(one.begin <= before.start("name") < one.eind for one in named)


def _digits(mention: Mention) -> int:
    return len(mention.waarde.normalize().as_tuple().digits)


def check_stories(figures: Figures) -> tuple[Check, ...]:
    """Hold every story of an edition against its figures; one check per story.

    A story that cannot be told is left to `load_story`, which says why.
    """
    names = own_stories(figures)
    reader = Proofreader(Facts(figures)) if names else None
    return tuple(check for name in names if reader and (check := _check_story(figures, name, reader)))


def _check_story(figures: Figures, hoofdstuk: str, reader: Proofreader) -> Check | None:
    _, bestand = find_story(figures, hoofdstuk)
    try:
        marked, read = read_proof(figures, hoofdstuk, reader)
    except StoryError:
        return None
    if DRAFT.search(MARK.sub("", marked)):
        bericht = "Dit verhaal is een concept. Lees het na en haal de regel [concept] weg."
        draft = Finding(code="TOELICHTING_CONCEPT", ernst="waarschuwing", bericht=bericht, bestand=bestand, regel=1)
        read = replace(read, findings=(draft, *read.findings))
    told = f"{_counted(read.referred, 'verwijzing', 'verwijzingen')}; "
    told += _counted(read.typed, "getal met de hand getypt", "getallen met de hand getypt")
    told += f"; {_counted(len(read.findings), 'bevinding', 'bevindingen')}" if read.findings else ""
    fout = any(finding.ernst == "fout" for finding in read.findings)
    outcome: Uitkomst = "fout" if fout else "melding" if read.findings else "akkoord"
    return Check(f"Getallen in de tekst: {hoofdstuk}", "", read.referred + read.typed, outcome, told,
                 findings=read.findings, verwijzingen=read.cells)  # fmt: skip


def read_proof(figures: Figures, hoofdstuk: str, reader: Proofreader) -> tuple[str, Proof]:
    """Return the story of a chapter as rendered, with its marks of lines, and what was found of it.

    Raises
    ------
    StoryError
        The story cannot be told.
    """
    path, bestand = find_story(figures, hoofdstuk)
    tokens = Tokens(figures, hoofdstuk)
    marked = render_template(read_story(path, bestand), figures, tokens, bestand)
    return marked, proofread(marked, tokens, reader, bestand)


def _counted(count: int, one: str, more: str) -> str:
    return f"{fmt_count(count)} {one if count == 1 else more}"


@dataclass(frozen=True)
class Use:
    """One sentence of a story that names figures: where it stands, how it reads, and the cells, as a story names them.

    `getypt` are those of numbers that were typed and agree with them; `verwezen` those of references.
    """

    bestand: str
    regel: int
    zin: str
    verwezen: frozenset[str]
    getypt: frozenset[str]


@dataclass(frozen=True)
class Proof:
    """What was found of a story, how many references and typed numbers it has, and which figures its sentences name.

    `disputed` are the cells of rows of which a sentence types a number that agrees with none of them.
    """

    referred: int
    typed: int
    findings: tuple[Finding, ...]
    uses: tuple[Use, ...] = ()
    disputed: frozenset[str] = frozenset()

    @property
    def cells(self) -> frozenset[str]:
        """Every cell that the story names, rightly or not."""
        return self.disputed.union(*(use.verwezen | use.getypt for use in self.uses))


def proofread(marked: str, tokens: Tokens, reader: Proofreader, bestand: str) -> Proof:
    """Hold a rendered story, with its tokens and its marks of lines, against the figures."""
    findings: list[Finding] = []
    uses: list[Use] = []
    disputed: frozenset[str] = frozenset()
    referred, typed = 0, 0
    for sentence in sentences_of(marked):
        named = [(m, tokens.cijfers[int(m[1])]) for m in TOKEN.finditer(sentence.text)]
        references = [reader.referred(m.start(), m.end(), cijfer) for m, cijfer in named]
        judged = reader.judge(sentence, [(one.begin, one.eind) for one in references])
        referred, typed = referred + len(references), typed + len(judged)
        findings += [_finding(one, sentence, tokens, bestand) for one in judged if one.code]
        numbers = [*references, *(Number(j.mention.begin, j.mention.eind, j.facts) for j in judged)]
        findings += [
            _direction(one, sentence, tokens, bestand) for one in reader.wrong(sentence.text, numbers, references)
        ]
        findings += _behind(sentence, tokens, bestand, typed=bool(judged))
        cells = frozenset(cell for _, cijfer in named if cijfer for cell in cells_in(cijfer.bron))
        agreed = frozenset(cell for one in judged if not one.code for fact in one.facts
                           for cell in reader.facts.cells_of(fact))  # fmt: skip
        if cells or agreed:
            uses.append(Use(bestand, sentence.regel, _quoted(sentence, tokens).lstrip("# "), cells, agreed))
        rows = [one.row for one in judged if one.code and one.row]
        disputed |= frozenset().union(*(row.table.cells([row.post], row.table.kolommen) for row in rows))
    return Proof(referred, typed, tuple(findings), tuple(uses), disputed)


def _finding(judged: Judgement, sentence: Sentence, tokens: Tokens, bestand: str) -> Finding:
    """Return a number that is stale or has no source, with the sentence that it stands in."""
    stale = judged.code == "TEKST_GETAL_VEROUDERD"
    typed = judged.mention.tekst.strip()
    mend = (
        "Verwijs naar het cijfer, of verbeter de zin." if stale
        else 'Verwijs naar een cijfer, of zet het tussen {{ eigen("…", bron="…") }}.'
    )  # fmt: skip
    if judged.part:
        mend += f' Is het een deel van de post, schrijf dan {{{{ eigen("{typed}", bron="…") }}}}.'
    told = f"In '{_quoted(sentence, tokens)}' staat '{typed}': {judged.told}. {mend}"
    return Finding(
        code=judged.code, ernst="fout" if stale else "waarschuwing", bericht=told,
        tabel=judged.row.table.naam if judged.row else None, post=judged.row.post.post if judged.row else None,
        gedrukt=typed, bestand=bestand, regel=sentence.regel,
    )  # fmt: skip


def _direction(wrong: WrongDirection, sentence: Sentence, tokens: Tokens, bestand: str) -> Finding:
    """Return a word that contradicts the figure that it is about."""
    told = (
        f"In '{_quoted(sentence, tokens)}' staat '{wrong.woord}', maar {wrong.wat} gaat de andere kant op. "
        "Verbeter het woord, of gebruik oordeel(…) of hoger_lager(…)."
    )
    return Finding(
        code="TEKST_RICHTING_ONJUIST", ernst="fout", bericht=told, tabel=wrong.row.table.naam if wrong.row else None,
        post=wrong.row.post.post if wrong.row else None, gedrukt=wrong.woord, bestand=bestand, regel=sentence.regel,
    )  # fmt: skip


def _behind(sentence: Sentence, tokens: Tokens, bestand: str, *, typed: bool) -> list[Finding]:
    """Return what a sentence kept from an earlier year: the sources of its own facts, and a year beside a figure."""
    jaar, matches = tokens.figures.jaar, [*TOKEN.finditer(sentence.text)]
    told = [
        ("EIGEN_VEROUDERD", tokens.plain(match[0]), f"uit een stuk van een eerder jaar: {bron}. Controleer het, en "
         f"noem een bron van {jaar}.")
        for match in matches if (bron := tokens.own.get(int(match[1]), "")) and years_behind(bron, jaar)
    ]  # fmt: skip
    year = "" if typed else year_behind(sentence.text, [tokens.cijfers[int(match[1])] for match in matches], jaar)
    if year:
        mend = "Schrijf {{ jaar }} in plaats van het jaar, of verwijs naar het cijfer van toen."
        told.append(("TEKST_JAAR_VEROUDERD", year, f"naast een cijfer van {jaar}. {mend}"))
    return [
        Finding(code=code, ernst="waarschuwing", bericht=f"In '{_quoted(sentence, tokens)}' staat '{wat}' {why}",
                gedrukt=wat, bestand=bestand, regel=sentence.regel)
        for code, wat, why in told
    ]  # fmt: skip


def _quoted(sentence: Sentence, tokens: Tokens) -> str:
    """Return a sentence as a reader sees it, shortened where it is long."""
    text = " ".join(tokens.plain(sentence.text).split())
    return text if len(text) <= QUOTE else text[: QUOTE - 1].rsplit(" ", 1)[0] + "…"
