"""Which rows a sentence names: by their label as people shorten it, or the whole of a table by its title."""

from __future__ import annotations

import re
import unicodedata
from collections import Counter
from collections.abc import Sequence
from typing import NamedTuple

from ..figures import Table
from ..saldi import side_of
from .facts import Facts, Row

GENERIC = frozenset(
    """aan afdeling algemeen algemene bedrijfsvoering beleid bijdrage cluster college de diensten dienstverlening een en
    externe excl financiele gemeente gemeenschappelijke gemeenten het in incl interne inzake kosten lasten baten
    maatschappelijke met op ondersteuning ontwikkeling organisatie overhead overig overige personeel per programma
    regeling saldo samenleving sociaal sociale stichting taakveld team teams te totaal subtotaal eindtotaal tot uit
    van voor zaken zorg gerealiseerd resultaat""".split()  # noqa: SIM905
)
"""Words that by themselves name no row."""
WHOLE = frozenset({"totaal", "subtotaal", "eindtotaal", "lasten", "baten", "saldo", "van", "en", "de"})
"""Words of which the name of a row is made that stands for a whole table."""
LONG = 9
"""A word of a label from this length on names its row by itself, also as the first part of a compound."""
SHORTENED = 3
"""Letters of the first word of a label from which it may be abbreviated."""
SALARIES = r"(?:salaris|loon(?:kosten|som)|personeels(?:kosten|lasten))\w*"
"""How people name the table of salaries."""


class Named(NamedTuple):
    """A row that a text names, where it does, and whether it names the row itself or only its table as a whole."""

    row: Row
    begin: int
    eind: int
    strong: bool


class Naming:
    """Finds the rows that a text names."""

    def __init__(self, facts: Facts) -> None:
        self._wholes = _wholes(facts.tables)
        self._found: dict[str, list[Named]] = {}
        self._told_apart = {_side(row) for row in facts.rows}
        own = {*re.findall(r"\w+", _plain(facts.gemeente))}
        counted = Counter(part for row in facts.rows for part in {*_parts(row.post.post)})
        labels = Counter(_plain(row.post.post) for row in facts.rows)
        self._patterns: list[tuple[re.Pattern[str], Row]] = []
        for row in facts.rows:
            if _is_whole(row):
                continue
            whole = _plain(row.post.post)
            parts = [one for one in _parts(row.post.post) if counted[one] <= labels[whole] and one not in own]
            parts = [] if row.post.soort == "totaal" else parts
            team = whole.startswith("Team ")
            self._patterns += [(_pattern(part, team and part != whole), row) for part in {whole, *parts}]

    def find(self, text: str) -> list[Named]:
        """Return the rows that a text names, in order; a total is named by the title of its table."""
        if text not in self._found:
            self._found[text] = self._find(_plain(text))
        return self._found[text]

    def _find(self, plain: str) -> list[Named]:
        found = [
            (match.start(), match.end(), row) for pattern, row in self._patterns for match in pattern.finditer(plain)
        ]
        widest = {(begin, eind) for begin, eind, _ in found}
        inner = {(b, e) for b, e in widest for b2, e2 in widest if (b, e) != (b2, e2) and b2 <= b and e <= e2}
        sides = _sides(plain) & self._told_apart
        named = [Named(row, begin, eind, True) for begin, eind, row in found if (begin, eind) not in inner]
        wholes = [(pattern.search(plain), row) for pattern, row in self._wholes]
        named += [Named(row, match.start(), match.end(), False) for match, row in wholes if match]
        kept = [one for one in named if not sides or _side(one.row) in {"", *sides}]
        return sorted(kept or named, key=lambda one: one.begin)


def _wholes(tables: Sequence[Table]) -> list[tuple[re.Pattern[str], Row]]:
    """Return the rows that stand for a whole table: its total by its title, a row called lasten by that word."""
    found = []
    for table in tables:
        words = [w for w in re.findall(r"\w+", _plain(f"{table.naam} {table.source.titel}").casefold())
                 if len(w) > 4 and (w not in GENERIC or w in ("overhead", "lasten", "baten", "saldo"))]  # fmt: skip
        words = [rf"{re.escape(word)}\w*" for word in words] + ([SALARIES] if table.naam == "salarissen" else [])
        for row in (Row(table, post) for post in table.posten):
            pattern = ""
            if row.post.soort == "totaal":
                pattern = rf"(?<!\w)(?:{'|'.join(words)})" if words else ""
            elif _is_whole(row):
                pattern = rf"(?<!\w){re.escape(_plain(row.post.post))}(?!\w)"
            if pattern:
                found.append((re.compile(pattern, re.IGNORECASE), row))
    return found


def _plain(text: str) -> str:
    """Return a text of the same length without accents, for comparing."""
    if text.isascii():
        return text
    folded = (unicodedata.normalize("NFKD", character) for character in text)
    return "".join(one[0] if len(one) > 1 and unicodedata.combining(one[1]) else character
                   for one, character in zip(folded, text, strict=True))  # fmt: skip


def _is_whole(row: Row) -> bool:
    """Return whether a label names its whole table and no more: `Totaal overhead`, or lasten, baten, saldo alone."""
    title = re.findall(r"\w+", _plain(f"{row.table.naam} {row.table.source.titel}").casefold())
    words = re.findall(r"\w+", _plain(row.post.post).casefold())
    return WHOLE.issuperset(words) or (row.post.soort == "totaal" and {*WHOLE, *title}.issuperset(words))


def _parts(label: str) -> list[str]:
    """Return the shorter names of a label: without what stands in brackets, its parts, and its long words."""
    plain = _plain(label)
    bare = re.sub(r"\s*\([^)]*\)|\s+excl\..*", "", plain).strip()
    parts = [bare, _without_generic(bare)]
    team = re.sub(r"^(?:Team|Afdeling|Cluster) (?=\S+ \S)", "", bare)
    short = re.fullmatch(r"(\w)\w+ & (\w)\w+", bare)
    parts += [_without_generic(part) for part in re.split(r"\s+(?:\+|&|en)\s+|\s*[/,]\s*-?", bare)]
    parts += [word for word in re.findall(r"\w+", bare) if len(word) >= LONG]
    known = [part for part in parts if part and part != plain]
    told = [part for part in known if any(w not in GENERIC for w in part.casefold().split()) and len(part) > 2]
    told += [team] if team != bare else []
    return told + ([f"{short[1]}&{short[2]}".upper()] if short else [])


def _without_generic(part: str) -> str:
    """Return a part without the generic words that it begins with: `Duo+` of `Bijdrage Duo+`."""
    words = part.split()
    while words and words[0].casefold() in GENERIC:
        words = words[1:]
    return " ".join(words)


def _pattern(part: str, case: bool) -> re.Pattern[str]:
    """Return the pattern of a name, plural and genitive too; a long word also begins a compound."""
    spelled = r"\s+".join(re.escape(word) for word in part.split())
    first, _, rest = spelled.partition(r"\s+")
    if rest and len(first) > SHORTENED and first.isalpha():
        spelled = rf"(?:{first}|{first[:SHORTENED]}\w*\.)\s+{rest}"  # Jur. zaken
    ending = r"\w*" if len(part) >= LONG and " " not in part else "(?:s|en|n)?" if part[-1:].isalpha() else ""
    return re.compile(rf"(?<![\w+]){spelled}{ending}(?![\w+])", 0 if case else re.IGNORECASE)


def _sides(plain: str) -> set[str]:
    """Return whether a text speaks of costs, of income, of their balance."""
    words = {
        "lasten": r"\b(?:lasten|uitgaven)\b", "baten": r"\b(?:baten|inkomsten|opbrengst\w*)\b",
        "saldo": r"\bsaldo\b|\bresultaat\b",
    }  # fmt: skip
    return {side for side, pattern in words.items() if re.search(pattern, plain, re.IGNORECASE)}


def _side(row: Row) -> str:
    """Return the side of a row: that of its table, or its own in a table of several."""
    return side_of(row.table.source.titel) or side_of(row.post.post)
