"""Explanations: the lines above the local limit, and what the story says of each under `Toelichting op verschillen`."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from .errors import StoryError, nearest
from .figures import Figures, Post, Table
from .findings import Check, Finding, Uitkomst
from .references import MARK, Tokens
from .sandbox import render_template, story_problem
from .source import EURO
from .story import EXPLAINED, find_story, own_stories, read_story, rendered, split_explained
from .texts import clean

HEADING = "## Toelichting op verschillen"
"""The heading of that part, as messages tell people to write it."""
SAID = re.compile(r"[\s#*_]*toelichting op (?:de |grote |de grote )?verschillen[\s#*_:.]*", re.IGNORECASE)
"""A line of these words alone, whatever it was made to be."""


@dataclass(frozen=True)
class Limits:
    """The local limits above which a line must be explained: x EUR 1.000, percent of the budget after amendment."""

    grens_bedrag: int
    grens_pct: float
    toelichting_verplicht: bool = False

    @classmethod
    def of(cls, parameters: Mapping[str, Any]) -> Limits | None:
        """Return the limits that are among some parameters, or None where they are not."""
        if not {"grens_bedrag", "grens_pct"} <= parameters.keys():
            return None
        return cls(**{name: parameters[name] for name in cls.__dataclass_fields__ if name in parameters})


@dataclass(frozen=True)
class Explanation:
    """What the story says of one line (HTML, and plain), and where."""

    tabel: str
    sleutel: str
    html: str
    bestand: str
    regel: int | None


def posts_above(table: Table, grens_bedrag: int | None, grens_pct: float | None) -> list[Post]:
    """Return the lines whose result reaches a limit, largest first."""
    unit = EURO.get(table.source.eenheid)
    found = []
    for post in table.regels:
        amount, begroting = post.bedragen.get("budgetresultaat"), post.bedragen.get("begroting_na_wijziging")
        if not amount or unit is None:
            continue
        by_amount = grens_bedrag is not None and abs(amount) * unit >= grens_bedrag * 1000
        by_share = grens_pct is not None and begroting and abs(amount / begroting) * 100 >= Decimal(str(grens_pct))
        if by_amount or by_share:
            found.append(post)
    return sorted(found, key=lambda post: -abs(post.resultaat))


def explanations_of(figures: Figures) -> dict[tuple[str, str], Explanation]:
    """Return what the stories of an edition explain, by table and row.

    Raises
    ------
    StoryError
        An explanation begins with a name that is no row, or that is the name of several.
    """
    found: dict[tuple[str, str], Explanation] = {}
    for one in (one for name in own_stories(figures) for one in _explanations(figures, name)):
        if (one.tabel, one.sleutel) in found:
            bericht = f"'{one.tabel}.{one.sleutel}' wordt twee keer toegelicht. Maak er een toelichting van."
            raise StoryError([story_problem(bericht, one.bestand, one.regel)])
        found[one.tabel, one.sleutel] = one
    return found


def _explanations(figures: Figures, hoofdstuk: str) -> Iterator[Explanation]:
    path, bestand = find_story(figures, hoofdstuk)
    source = read_story(path, bestand)
    if not EXPLAINED.search(source):
        return
    tokens = Tokens(figures, hoofdstuk)
    _, explained = split_explained(render_template(source, figures, tokens, bestand))
    for regel, item in _items(explained, bestand):
        name, _, told = item.partition(":")
        table, post = _row(figures, clean(tokens.plain(name)).strip("*_ "), bestand, regel)
        html = rendered(told.strip("*_ "), tokens, bestand, inline=True, marks=False)
        yield Explanation(table.naam, post.sleutel, html, bestand, regel)


def _items(explained: str, bestand: str) -> Iterator[tuple[int | None, str]]:
    """Yield the items of the list, each with its line; what is no item of the form `- post: tekst` is an error."""
    items: list[tuple[int | None, str]] = []
    for raw in explained.split("\n"):
        marks, line = MARK.findall(raw), MARK.sub("", raw)
        if item := re.match(r"[-*+] +(?P<text>.*\S)", line):
            items.append((int(marks[-1]) if marks else None, item["text"]))
        elif line.strip() and items:
            regel, told = items[-1]
            items[-1] = (regel, f"{told} {re.sub('^[-*+] +', '', line.strip())}")
        elif line.strip():
            items.append((int(marks[-1]) if marks else None, line.strip()))
    for regel, text in items:
        if not re.match(r"[^:]+:\W*\w", text):
            bericht = f"Gevonden '{clean(text)[:60]}'; verwacht een regel van de vorm '- post: tekst'."
            raise StoryError([story_problem(bericht, bestand, regel)])
        yield regel, text


def _row(figures: Figures, name: str, bestand: str, regel: int | None) -> tuple[Table, Post]:
    """Return the row that an explanation is about: by its label, or by table and key."""
    rows = [(table, post) for table in figures.tables.values() for post in table.posten]
    found = [(t, p) for t, p in rows if name.casefold() in (p.post.casefold(), f"{t.naam}.{p.sleutel}")]
    if len(found) == 1:
        return found[0]
    if found:
        keys = " of ".join(f"{table.naam}.{post.sleutel}" for table, post in found)
        bericht = f"De post '{name}' staat in meer tabellen. Schrijf {keys}."
    else:
        bericht = f"De toelichting begint met '{name}'; dat is geen post.{nearest(name, [p.post for _, p in rows])}"
    raise StoryError([story_problem(bericht, bestand, regel)])


def check_explanations(figures: Figures, limits: Limits | None) -> tuple[Check, ...]:
    """See that each line above the limit is explained, and that no explanation is left of a line below it."""
    if limits is None:
        return ()
    try:
        explained = explanations_of(figures)
    except StoryError:
        return ()  # load_story says what is wrong with it
    return tuple(
        _check_table(figures, table, limits, explained)
        for table in figures.tables.values()
        if any(post.bedragen.get("budgetresultaat") is not None for post in table.regels)
        and table.source.eenheid.startswith("eur")
    )


def _name_of(figures: Figures, table: Table, post: Post) -> str:
    """Return how an explanation names a row: its label, or table and key where that would not be understood."""
    labels = [one.post.casefold() for other in figures.tables.values() for one in other.posten]
    plain = labels.count(post.post.casefold()) == 1 and ":" not in post.post
    return post.post if plain else f"{table.naam}.{post.sleutel}"


def _near_heading(figures: Figures) -> str:
    """Return where a story has the words of the heading and they are none, or nothing."""
    for name in own_stories(figures):
        lines = MARK.sub("", read_story(*find_story(figures, name))).splitlines()
        for number, line in enumerate(lines, start=1):
            if SAID.fullmatch(line) and not EXPLAINED.fullmatch(line):
                return f" In {name}.md, regel {number}, staan die woorden niet als kop. Schrijf daar precies: {HEADING}"
    return ""


def _check_table(
    figures: Figures, table: Table, limits: Limits, explained: Mapping[tuple[str, str], Explanation]
) -> Check:
    above = posts_above(table, limits.grens_bedrag, limits.grens_pct)
    absent = [post for post in above if not post.toelichting and (table.naam, post.sleutel) not in explained]
    hoofdstuk, hint = figures.hoofdstukken.of(table.naam), _near_heading(figures) if absent else ""
    findings = [
        Finding(
            code="TOELICHTING_ONTBREEKT", ernst="fout" if limits.toelichting_verplicht else "waarschuwing",
            tabel=table.naam, post=post.post, kolom="budgetresultaat", bestand=table.bestand, regel=post.regel,
            gedrukt=post.gedrukt.get("budgetresultaat"),
            bericht=f"Het verschil bij '{post.post}' ligt boven de grens en is nog niet toegelicht. Zet in toelichting/"
            f"{hoofdstuk}.md, onder de kop '{HEADING}', een regel die begint met '- {_name_of(figures, table, post)}:'."
            + hint,
        )
        for post in absent
    ]  # fmt: skip
    names = {post.sleutel: post.post for post in table.posten}
    kept = {post.sleutel for post in above}
    findings += [
        Finding(
            code="TOELICHTING_OVERBODIG", ernst="waarschuwing", tabel=table.naam, post=names[one.sleutel],
            kolom="budgetresultaat", bestand=one.bestand, regel=one.regel,
            bericht=f"Het verschil bij '{names[one.sleutel]}' ligt niet meer boven de grens; de toelichting erop wordt "
            "niet getoond. Haal haar weg.",
        )
        for (tabel, sleutel), one in explained.items()
        if tabel == table.naam and sleutel not in kept
    ]  # fmt: skip
    told = f"{len(above) - len(absent)} van {len(above)} verschillen boven de grens toegelicht"
    wrong = any(finding.ernst == "fout" for finding in findings)
    outcome: Uitkomst = "fout" if wrong else "melding" if findings else "akkoord"
    naam = f"{table.source.titel}: toelichting op verschillen"
    cells = table.cells(table.regels, ["budgetresultaat", "begroting_na_wijziging"])
    return Check(naam, table.naam, len(above), outcome, told, findings=tuple(findings), verwijzingen=cells)
