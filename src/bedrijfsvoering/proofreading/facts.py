"""What a number in a sentence can be: every cell, difference, share and growth of the money tables, with its stage."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal
from functools import cached_property
from itertools import combinations
from typing import NamedTuple

from ..figures import Figures, Post, Table, kolom_naam
from ..source import EURO, MONEY_COLUMNS, Kolom, is_result, stage_of, year_of

RESULT = "resultaat"
"""The stage of a difference, a growth or a result: it speaks of two stages at once."""
PCT, FACTOR = "pct", "factor"
NEUTER = ("aandeel", "resultaat", "verschil")
"""What a fact can be called that is a het-word; what is left is a de-word."""
MAX_ROWS = 400
"""Of a longer table only the totals are held against sentences; its lines would agree with any number."""


class Row(NamedTuple):
    """One row of a money table, together with its table."""

    table: Table
    post: Post


@dataclass(frozen=True)
class Fact:
    """One value that a sentence can speak of.

    `waarde` is without sign, in the table's unit or in `pct` or `factor`; `marge` is half the rounding unit. `stadium`
    is a column without its year, or `resultaat`. `years` are those that it speaks of. `naar` and `van` are the two
    columns of a difference or a growth. `wat` says in words what it is, `genoemd` with its article.
    """

    waarde: Decimal
    eenheid: str
    marge: Decimal
    stadium: str
    years: frozenset[int]
    rows: tuple[Row, ...]
    wat: str
    naar: Kolom = ""
    van: Kolom = ""

    @property
    def genoemd(self) -> str:
        """What it is, with its article: `de groei van …`, `het verschil van …`."""
        return f"{'het' if self.wat.startswith(NEUTER) else 'de'} {self.wat}"

    def fits(self, laag: Decimal, hoog: Decimal, soort: str) -> bool:
        """Return whether a number that may lie between two bounds can be this value; `soort` is that of a mention."""
        if soort == "procent" or self.eenheid == PCT:
            scales = [Decimal(1)] if soort == "procent" and self.eenheid == PCT else []
        elif soort == "factor" or self.eenheid == FACTOR:
            scales = [Decimal(1)] if soort == self.eenheid else []
        elif soort == "fte" or self.eenheid == "fte":
            scales = [Decimal(1)] if soort in ("fte", "getal") and self.eenheid == "fte" else []
        else:
            euro = EURO[self.eenheid]
            scales = [euro] if soort == "euro" else [Decimal(1), euro] if soort == "getal" else []
        marge = self.marge if self.marge <= self.waarde / 100 and soort != "getal" else Decimal(0)
        return any(
            (laag < (self.waarde + marge) * scale and (self.waarde - marge) * scale < hoog)
            or laag <= self.waarde * scale <= hoog
            for scale in scales
        )


class Facts:
    """All that an edition's tables say, asked by row."""

    def __init__(self, figures: Figures) -> None:
        self.jaar, self.gemeente = figures.jaar, figures.source.gemeente
        self.rows = [Row(table, post) for table in figures.tables.values() for post in _told_of(table)]
        self._of: dict[int, list[Fact]] = {}
        self._fitting: dict[tuple[Decimal, Decimal, str], list[Fact]] = {}

    def fitting(self, laag: Decimal, hoog: Decimal, soort: str) -> list[Fact]:
        """Return every fact that a number can be."""
        key = (laag, hoog, soort)
        if key not in self._fitting:
            self._fitting[key] = [fact for fact in self.all if fact.fits(laag, hoog, soort)]
        return self._fitting[key]

    @cached_property
    def all(self) -> list[Fact]:
        """Every fact about one row, and what the voordelen and the nadelen of a table add up to."""
        single = [fact for row in self.rows for fact in self.of(row)]
        return [*single, *(fact for table in self.tables for fact in self._sides(table))]

    @cached_property
    def tables(self) -> list[Table]:
        """The tables, once each."""
        return list({row.table.naam: row.table for row in self.rows}.values())

    @cached_property
    def stages(self) -> set[str]:
        """The stages that the tables of the edition have at all."""
        return {kolom for table in self.tables for kolom in table.kolommen if kolom in MONEY_COLUMNS[:3]}

    @cached_property
    def years(self) -> set[int]:
        """The years of which the tables have figures."""
        return {self._year(kolom) for table in self.tables for kolom in table.kolommen}

    def of(self, row: Row) -> list[Fact]:
        """Return the facts about one row."""
        if id(row.post) not in self._of:
            self._of[id(row.post)] = list(self._facts((row,)))
        return self._of[id(row.post)]

    def cells_of(self, fact: Fact) -> Iterator[str]:
        """Yield the cells that a fact was made of, as a story names them."""
        stages = [fact.naar, fact.van] if fact.naar else [fact.stadium]
        if fact.naar.startswith("rekening") and fact.van.startswith(MONEY_COLUMNS[1]):
            stages.append(fact.naar.replace("rekening", "budgetresultaat"))
        years = [] if fact.naar else [f"{fact.stadium}_{year}" for year in fact.years if year != self.jaar]
        for row in fact.rows:
            for kolom in years or stages:
                yield f"{row.table.naam}.{row.post.sleutel}.{kolom}"

    def together(self, rows: Sequence[Row]) -> list[Fact]:
        """Return the facts about rows of one table added up: the lines that a sentence names together."""
        facts: list[Fact] = []
        for table in self.tables:
            own = [row for row in rows if row.table is table]
            for count in range(2, min(len(own), 4) + 1):
                for some in combinations(own, count):
                    facts += self._facts(some)
            facts += [fact for pair in combinations(own, 2) for fact in self._ratios(*pair)]
        return facts

    def _ratios(self, one: Row, other: Row) -> Iterator[Fact]:
        """Return how many times, and what part of another, a row is in each column."""
        for kolom in one.table.kolommen:
            a, b = (abs(row.post.bedragen.get(kolom) or Decimal(0)) for row in (one, other))
            for part, whole in ((a, b), (b, a)) if a and b and not is_result(kolom) else ():
                wat = f"verhouding van '{one.post.post}' en '{other.post.post}' in de {kolom_naam(kolom).lower()}"
                stage, years, rows = stage_of(kolom), self._years(kolom), (one, other)
                yield Fact(part / whole, FACTOR, Decimal(0), stage, years, rows, wat)
                yield Fact(part / whole * 100, PCT, Decimal(0), stage, years, rows, wat)

    def _facts(self, rows: tuple[Row, ...]) -> Iterator[Fact]:
        """Return cells, differences, growths and shares of some rows of one table, added up."""
        table = rows[0].table
        unit, half = table.source.eenheid, table.step / 2 * len(rows)
        names = " en ".join(f"'{row.post.post}'" for row in rows)
        amounts = {kolom: sum_of(rows, kolom) for kolom in table.kolommen}
        known = {kolom: amount for kolom, amount in amounts.items() if amount is not None}
        for kolom, amount in known.items():
            result = is_result(kolom)
            pair = (kolom.replace("budgetresultaat", "rekening"), kolom.replace("budgetresultaat", MONEY_COLUMNS[1]))
            naar, van = pair if result else ("", "")
            stage = RESULT if result else stage_of(kolom)
            wat = f"{kolom_naam(kolom).lower()} van {names}"
            yield Fact(abs(amount), unit, half, stage, self._years(kolom), rows, wat, naar, van)
        stages = {kolom: amount for kolom, amount in known.items() if not is_result(kolom)}
        for van, naar in combinations(_in_time(stages), 2):
            if stage_of(van) == stage_of(naar) or self._year(van) == self._year(naar):
                yield from self._change(rows, names, stages, van, naar, half)
        yield from self._shares(rows, names, stages)

    def _change(
        self, rows: tuple[Row, ...], names: str, known: dict[Kolom, Decimal], van: Kolom, naar: Kolom, half: Decimal
    ) -> Iterator[Fact]:
        """Return how a row went from one column to another: by how much, in percent, how many times."""
        old, new = abs(known[van]), abs(known[naar])
        wat, years = f"{kolom_naam(naar).lower()} tegen {kolom_naam(van).lower()} van {names}", self._years(naar, van)
        unit = rows[0].table.source.eenheid
        yield Fact(abs(known[naar] - known[van]), unit, half, RESULT, years, rows, f"verschil van {wat}", naar, van)
        if old:
            growth = abs(new - old) / old * 100
            yield Fact(growth, PCT, Decimal(0), RESULT, years, rows, f"groei van {wat}", naar, van)
            yield Fact(new / old * 100, PCT, Decimal(0), RESULT, years, rows, f"verhouding van {wat}", naar, van)
            yield Fact(new / old, FACTOR, Decimal(0), RESULT, years, rows, f"verhouding van {wat}", naar, van)

    def _shares(self, rows: tuple[Row, ...], names: str, known: dict[Kolom, Decimal]) -> Iterator[Fact]:
        """Return what part of its table's total a row is, in each column."""
        table = rows[0].table
        for kolom, amount in known.items():
            whole = table.totaal.bedragen.get(kolom) if table.totaal else None
            if whole and all(row.post is not table.totaal for row in rows):
                wat = f"aandeel van {names} in de {kolom_naam(kolom).lower()}"
                yield Fact(abs(amount / whole) * 100, PCT, Decimal(0), stage_of(kolom), self._years(kolom), rows, wat)

    def _sides(self, table: Table) -> Iterator[Fact]:
        """Return what the voordelen and the nadelen of a table are together."""
        for name, side in (("voordelen", 1), ("nadelen", -1)):
            lines = [Row(table, post) for post in table.regels if post.resultaat * side > 0]
            total = sum((abs(row.post.resultaat) for row in lines), Decimal(0))
            if lines:
                wat = f"som van de {name} van {table.source.titel}"
                unit, years = table.source.eenheid, frozenset({self.jaar})
                yield Fact(total, unit, table.step / 2, RESULT, years, tuple(lines), wat, "rekening", MONEY_COLUMNS[1])

    def _years(self, *kolommen: Kolom) -> frozenset[int]:
        return frozenset(self._year(kolom) for kolom in kolommen)

    def _year(self, kolom: Kolom) -> int:
        return year_of(kolom) or self.jaar


def _told_of(table: Table) -> Sequence[Post]:
    """Return the rows of a table that sentences speak of."""
    few = len(table.posten) <= MAX_ROWS
    return table.posten if few else [post for post in table.posten if post.soort == "totaal"]


def _in_time(kolommen: dict[Kolom, Decimal]) -> list[Kolom]:
    """Return columns from the oldest to the newest: other years first, then budget, amended budget and account."""
    return sorted(kolommen, key=lambda kolom: (year_of(kolom) or 9999, MONEY_COLUMNS.index(stage_of(kolom))))


def sum_of(rows: Sequence[Row], kolom: Kolom) -> Decimal | None:
    """Return what rows add up to in a column, in the house's sign; None where one is unknown."""
    amounts = [row.post.bedragen.get(kolom) for row in rows]
    known = [amount for amount in amounts if amount is not None]
    return sum(known, Decimal(0)) if len(known) == len(amounts) else None
