"""The list of all editions: one page, by letter, municipality and year, that is whole without script."""

from __future__ import annotations

import json
import re
import unicodedata
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from itertools import groupby
from math import ceil
from typing import Any

from markupsafe import Markup

from ..amounts import fmt_amount
from ..csp import in_script, page_csp
from ..pages import page_environment

TITEL = "Paragraaf bedrijfsvoering: alle uitgaven"
BESCHRIJVING = "De paragraaf bedrijfsvoering per gemeente en per jaar, met controle van elk cijfer."
PLAIN = 15
"""Up to so many municipalities a list is read at a glance; more get a heading for each letter."""
SEARCHED = 5
"""More municipalities than this get a choice of year, and a field to search in."""
TOLD = 24
"""Up to so many editions the title of the document stands beside each year; more would hide the years."""
REST = "Overig"
"""The heading of names that do not begin with a letter."""
GEMEENTE = re.compile(r"^gemeente\s+(?=\S)", re.IGNORECASE)
ARTICLE = re.compile(r"^['‘’`´][a-z]{1,2}[\s-]+", re.IGNORECASE)
"""The article of 's-Gravenhage and 't Zand, which a Dutch index passes over."""


@dataclass(frozen=True)
class Gemeente:
    """One row of the list: a municipality by the name of its newest edition, and its editions, newest first."""

    naam: str
    uitgaven: tuple[Mapping[str, Any], ...]

    @property
    def letter(self) -> str:
        """The letter that the row stands under."""
        first = sort_key(self.naam)[:1].upper()
        return first if first.isalpha() else REST


LINE = 20
"""So many letters of a name fit on a line beside the years; the script reckons with the same number."""
REM = 17
"""Pixels of one rem of the page."""
PAGE = 76
"""The width of the page in rem; a wider window makes it no wider."""
LAYOUTS = ((0, 2, 2.6), (705, 17, 2.8), (993, 33.5, 2.8))
"""For each layout of `editions.css`: the width in pixels from which it holds; then in rem: what stands beside the
years, and the width of one year."""


@dataclass(frozen=True)
class Letter:
    """The rows under one letter; a short list is one group without a letter."""

    naam: str
    gemeenten: Sequence[Gemeente]

    @property
    def jaren(self) -> list[int]:
        """The years that have an edition here, newest first."""
        return sorted({uitgave["jaar"] for row in self.gemeenten for uitgave in row.uitgaven}, reverse=True)

    @property
    def regels(self) -> int:
        """The lines that the names need."""
        return sum(ceil(len(row.naam) / LINE) for row in self.gemeenten)


def render_index(editions: Sequence[Mapping[str, Any]]) -> str:
    """Return the page that lists all editions.

    Parameters
    ----------
    editions
        One mapping per edition: `gemeente` (its folder), `naam`, `jaar`, `titel` and `href`, in any order.
    """
    gemeenten = gemeenten_of(editions)
    jaren = Letter("", gemeenten).jaren
    environment = page_environment()
    environment.filters["getal"] = lambda count: fmt_amount(Decimal(count))
    return environment.get_template("editions.html.j2").render(
        titel=TITEL,
        beschrijving=BESCHRIJVING,
        letters=letters_of(gemeenten) if len(gemeenten) > PLAIN else [Letter("", gemeenten)],
        gemeenten=gemeenten,
        jaren=jaren,
        regels=lines_of(len(jaren)),
        aantal=len(editions),
        doorzoekbaar=len(gemeenten) > SEARCHED,
        uitgebreid=len(editions) <= TOLD,
        json_ld=Markup(linked_data(gemeenten)),  # safe: it has no < and no &
        csp=page_csp,
    )


def gemeenten_of(editions: Sequence[Mapping[str, Any]]) -> list[Gemeente]:
    """Return the rows of the list in Dutch order: one per folder, so two municipalities of one name are two rows."""
    found: dict[str, list[Mapping[str, Any]]] = {}
    for edition in sorted(editions, key=lambda edition: (-edition["jaar"], edition["href"])):
        found.setdefault(edition["gemeente"], []).append(edition)
    names = {folder: GEMEENTE.sub("", own[0]["naam"].strip()) for folder, own in found.items()}
    keys = [sort_key(naam) for naam in names.values()]
    rows = []
    for folder, own in sorted(found.items()):
        naam = names[folder]
        only = keys.count(sort_key(naam)) == 1
        rows.append(Gemeente(naam if only else f"{naam} ({folder})", tuple(own)))
    return sorted(rows, key=lambda row: (row.letter == REST, row.letter, sort_key(row.naam), row.naam))


def letters_of(gemeenten: Sequence[Gemeente]) -> list[Letter]:
    """Return the rows by the letter that they stand under; what begins with no letter comes last."""
    return [Letter(letter, tuple(rows)) for letter, rows in groupby(gemeenten, key=lambda row: row.letter)]


def lines_of(years: int) -> list[tuple[int, int]]:
    """Return from which width of the window (pixels) the years of a row need how many lines; the last one holds."""
    return [
        (max(start, ceil(REM * needed)), lines)
        for start, beside, width in LAYOUTS
        for lines in range(ceil(years / 4), 0, -1)
        if (needed := beside + width * ceil(years / lines)) <= PAGE
    ]


def sort_key(naam: str) -> str:
    """Return a name as an index sorts it: without article, accents and capitals."""
    plain = unicodedata.normalize("NFKD", ARTICLE.sub("", naam))
    return "".join(sign for sign in plain if not unicodedata.combining(sign)).casefold()


def linked_data(gemeenten: Sequence[Gemeente]) -> str:
    """Return what the page is in the words of schema.org (JSON-LD, safe within a script): a catalogue of series."""
    series = [
        {"@type": "Dataset", "name": row.naam, "temporalCoverage": _years([e["jaar"] for e in row.uitgaven])}
        for row in gemeenten
    ]
    told = {
        "@context": "https://schema.org", "@type": "DataCatalog", "name": TITEL, "description": BESCHRIJVING,
        "inLanguage": "nl", "dataset": series,
    }  # fmt: skip
    text = json.dumps({key: value for key, value in told.items() if value}, ensure_ascii=False, separators=(",", ":"))
    return in_script(text)


def _years(jaren: Sequence[int]) -> str:
    """Return years as schema.org writes a period: the first and the last, or the only one."""
    first, last = min(jaren), max(jaren)
    return f"{first}/{last}" if first != last else str(first)
