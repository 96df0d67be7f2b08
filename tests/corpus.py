"""The corpus of Dutch sentences: each with the judgement that it must get, and what the product says of it."""

from __future__ import annotations

import csv
from collections import Counter
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from bedrijfsvoering.edition import read_edition
from bedrijfsvoering.proofreading import Proofreader, proofread
from bedrijfsvoering.proofreading.facts import Fact, Facts
from bedrijfsvoering.proofreading.passages import sentences_of
from bedrijfsvoering.references import Tokens
from bedrijfsvoering.source import EURO
from bedrijfsvoering.story import render_template

TESTS = Path(__file__).parent
CORPORA = ("een", "twee", "drie", "vier")
"""Each was written by people who had not seen the code, and read only after the code had done with the one before."""
CODES = {
    "TEKST_GETAL_VEROUDERD": "VEROUDERD", "TEKST_GETAL_ZONDER_BRON": "ZONDER_BRON",
    "TEKST_RICHTING_ONJUIST": "RICHTING",
}  # fmt: skip


@dataclass(frozen=True)
class Zin:
    """A sentence or a short paragraph, the figures that it is about, and what must be found of it."""

    nr: str
    editie: str
    zin: str
    expected: tuple[str, ...]


@dataclass(frozen=True)
class Outcome:
    """What was found as expected, what was missed, and what was found without reason."""

    found: tuple[str, ...]
    missed: tuple[str, ...]
    false: tuple[str, ...]


def zinnen(name: str) -> list[Zin]:
    """Return the sentences of a corpus file."""
    with (TESTS / "zinnen" / f"{name}.csv").open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file, delimiter=";"))
    parts = [[one.strip() for one in row["bevindingen"].split("|") if one.strip()] for row in rows]
    return [Zin(row["nr"], row["editie"], row["zin"], tuple(found)) for row, found in zip(rows, parts, strict=True)]


@cache
def reader_of(editie: str) -> tuple[Proofreader, Tokens]:
    """Return what proofreads the sentences about an edition."""
    gemeente, jaar = editie.split("/")
    figures = read_edition(TESTS.parent / "data" if gemeente == "diemen" else TESTS / "published", gemeente, int(jaar))
    return Proofreader(Facts(figures)), Tokens(figures, "proef")


def referring(zin: Zin, share: bool) -> tuple[str, int]:
    """Return a sentence with references in place of the numbers that agree, and how many; results as shares too."""
    reader, _ = reader_of(zin.editie)
    told, count = [], 0
    for sentence in sentences_of(zin.zin):
        text = sentence.text
        for judged in reversed(reader.judge(sentence)):
            facts = sorted(() if judged.code else judged.facts, key=lambda one: one.wat.startswith("verschil"))
            found = next((said for fact in facts if (said := reference_to(fact, reader.facts.jaar, share))), "")
            if found:
                text = f"{text[: judged.mention.begin]}{{{{ {found} }}}}{text[judged.mention.eind :]}"
                count += 1
        told.append(text)
    return " ".join(told), count


def reference_to(fact: Fact, jaar: int, share: bool) -> str:
    """Return a fact about one row as a story refers to it; nothing where it cannot."""
    path = f"{fact.rows[0].table.naam}.{fact.rows[0].post.sleutel}"
    if len(fact.rows) > 1 or fact.years != {jaar}:
        return ""
    if fact.eenheid == "pct":
        return f"groei({path}.{fact.naar}, {path}.{fact.van}) | pct" if fact.wat.startswith("groei") else ""
    if fact.eenheid not in EURO:
        return ""
    if fact.wat.startswith("resultaat"):
        result = f"{path}.budgetresultaat"
        share = share and bool(fact.rows[0].post.bedragen.get("begroting_na_wijziging"))
        return f"aandeel({result}, {path}.begroting_na_wijziging) | pct" if share else f"{result} | bedrag"
    if fact.naar:
        return f"verschil({path}.{fact.naar}, {path}.{fact.van}) | bedrag" if fact.wat.startswith("verschil") else ""
    return f"{path}.{fact.stadium} | mln"


def outcome(zin: Zin) -> Outcome:
    """Hold one sentence against its figures, and the findings against what was expected."""
    reader, tokens = reader_of(zin.editie)
    marked = render_template(zin.zin, tokens.figures, tokens, "proef.md")
    said = [f"{CODES[one.code]}: {one.gedrukt}" for one in proofread(marked, tokens, reader, "proef.md").findings]
    missed, found = list(zin.expected), []
    false = []
    for one in said:
        code, _, text = one.partition(": ")
        wanted = [want.partition(": ") for want in missed]
        fitting = next((f"{kind}: {part}" for kind, _, part in wanted if kind == code and part in text), "")
        if fitting:
            missed.remove(fitting)
            found.append(fitting)
        else:
            false.append(one)
    return Outcome(tuple(found), tuple(missed), tuple(false))


def score(corpus: list[Zin]) -> tuple[float, float]:
    """Return precision and recall: how much of what is said is right, how much of what is wrong is said."""
    total: Counter[str] = Counter()
    for zin in corpus:
        one = outcome(zin)
        total.update(found=len(one.found), missed=len(one.missed), false=len(one.false))
    return total["found"] / (total["found"] + total["false"]), total["found"] / (total["found"] + total["missed"])
