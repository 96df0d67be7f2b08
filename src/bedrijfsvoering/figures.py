"""The figures of one edition: money tables in the house's sign, as printed beside it, projects and milestones."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal

import pandas as pd

from .chapter_list import Chapters
from .findings import Check, Finding
from .inputs import InputFile
from .iv3.deliveries import Delivery, Indicator, Spread
from .periods import Period
from .source import MONEY_COLUMNS, Kolom, Source, TableSource, is_result

if TYPE_CHECKING:
    from .trace import Trace

Soort = Literal["regel", "subtotaal", "totaal", "waarvan"]
"""What a row is; `waarvan` is a part of a line that stands there too, and is no part of a sum."""

EENHEID = {
    "eur": "Bedragen in euro",
    "eur_1000": "Bedragen × € 1.000",
    "eur_mln": "Bedragen × € 1 miljoen",
    "fte": "Aantallen in fte",
    "pct": "Procenten",
}
"""How a unit is said above a table or a chart."""
KOLOM = {
    "begroting_primitief": "Begroting primitief",
    "begroting_na_wijziging": "Begroting na wijziging",
    "rekening": "Rekening",
    "budgetresultaat": "Resultaat",
}
"""How a money column is called on the page."""


def kolom_naam(kolom: Kolom) -> str:
    """Return how a money column is called on the page, one of another year with that year."""
    return KOLOM.get(kolom) or f"{KOLOM[kolom[:-5]]} {kolom[-4:]}"


@dataclass(frozen=True)
class Post:
    """One row of a money table.

    Attributes
    ----------
    sleutel
        The stable key, by which stories and other years name the row.
    post
        The label as printed.
    soort
        What the row is; `waarvan` is a part of a line that stands there too.
    regel
        The line in the file, or the row of the sheet, counted from 1.
    bedragen
        The amounts by column in the table's unit and the house's sign: costs negative, income positive,
        `budgetresultaat` = rekening - begroting na wijziging, positive is a voordeel. None is unknown, nil is nil.
    gedrukt
        The same amounts with the sign of the source, as it printed them.
    oordeel
        `V` or `N` where the source printed a letter, else empty.
    toelichting
        What the table itself says of the row.
    """

    sleutel: str
    post: str
    soort: Soort
    regel: int
    bedragen: Mapping[Kolom, Decimal | None]
    gedrukt: Mapping[Kolom, Decimal | None]
    oordeel: str = ""
    toelichting: str = ""

    @property
    def is_filled(self) -> bool:
        """Whether the row has any printed amount; a heading or a note has none."""
        return any(amount is not None for amount in self.gedrukt.values())

    def size(self, kolom: Kolom) -> Decimal:
        """Return an amount without its sign, to compare sizes by; unknown counts as nil."""
        return abs(self.bedragen.get(kolom) or Decimal(0))

    @property
    def resultaat(self) -> Decimal:
        """The budgetresultaat to compare by; unknown counts as nil."""
        return self.bedragen.get("budgetresultaat") or Decimal(0)


@dataclass(frozen=True, repr=False)
class Table:
    """One money table: rows in the order of the source, with the declaration it was read by.

    Attributes
    ----------
    naam
        How stories and the page name it: `overhead`.
    bestand
        The file that it was read from.
    source
        How the source printed it, from `bron.yaml`: title, unit, decimals, signs.
    posten
        The rows, totals among them.
    velden
        In which field of its file each column stands, counted from nil.
    """

    naam: str
    bestand: str
    source: TableSource
    posten: tuple[Post, ...]
    velden: Mapping[str, int] = field(default_factory=dict, repr=False)

    @property
    def kolommen(self) -> tuple[Kolom, ...]:
        """The money columns that hold at least one figure: other years first, then in the order of the page."""
        columns = (*self.source.other_years, *MONEY_COLUMNS)
        return tuple(k for k in columns if any(post.bedragen.get(k) is not None for post in self.posten))

    @property
    def regels(self) -> tuple[Post, ...]:
        """The rows that are no total and no subtotal."""
        return tuple(post for post in self.posten if post.soort == "regel")

    @property
    def totaal(self) -> Post | None:
        """The last total row as printed; a total that was not printed is not made up."""
        totals = [post for post in self.posten if post.soort == "totaal"]
        return totals[-1] if totals else None

    @property
    def eenheid(self) -> str:
        """The unit in words, as it stands above the table."""
        return EENHEID[self.source.eenheid]

    @property
    def step(self) -> Decimal:
        """The rounding unit: what one step of the last printed digit is worth."""
        return self.source.step

    @property
    def stages(self) -> tuple[Kolom, ...]:
        """The columns of budget and account: all that are filled but the results."""
        return tuple(kolom for kolom in self.kolommen if not is_result(kolom))

    def cells(self, posten: Iterable[Post], kolommen: Iterable[Kolom]) -> frozenset[str]:
        """Return the filled cells of some rows and columns, each as a story names it: `overhead.totaal.rekening`."""
        columns = list(kolommen)
        return frozenset(
            f"{self.naam}.{post.sleutel}.{kolom}" for post in posten for kolom in columns
            if post.bedragen.get(kolom) is not None
        )  # fmt: skip

    def _repr_mimebundle_(self, include: object = None, exclude: object = None) -> dict[str, Any]:
        from .overview import show_table

        return show_table(self)._repr_mimebundle_()

    def __repr__(self) -> str:
        return f"Table({self.naam}: {len(self.posten)} posten, {', '.join(self.kolommen)})"

    @property
    def frame(self) -> pd.DataFrame:
        """One row per post as an ordinary frame; amounts in the table's unit, house's sign, unknown is missing."""
        columns = (*self.source.other_years, *MONEY_COLUMNS)
        rows = [
            {
                "sleutel": post.sleutel,
                "post": post.post,
                "soort": post.soort,
                **{k: _number(post.bedragen.get(k)) for k in columns},
                **{f"{k}_gedrukt": _number(post.gedrukt.get(k)) for k in columns},
                "toelichting": post.toelichting,
            }
            for post in self.posten
        ]
        amounts = [amount for post in self.posten for amount in (*post.bedragen.values(), *post.gedrukt.values())]
        kind = "Int64" if all(amount is None or amount % 1 == 0 for amount in amounts) else "Float64"
        return pd.DataFrame(rows).astype({column: kind for k in columns for column in (k, f"{k}_gedrukt")})


@dataclass(frozen=True)
class Project:
    """One project or programme, with its state at the end of the year.

    Attributes
    ----------
    sleutel
        The stable key, by which milestones and stories name it.
    project, programma
        Its name, and the programme that it is a part of; empty without one.
    status
        `loopt`, `aandacht`, `bijsturen`, `stilgelegd`, `afgerond` or `onbekend`.
    stand, risico, volgende_stap
        Where it stands, what may go wrong and what comes next, in sentences; empty where the source says nothing.
    bron
        Where the source says so.
    """

    sleutel: str
    project: str
    programma: str
    status: str
    stand: str
    risico: str
    volgende_stap: str
    bron: str


@dataclass(frozen=True)
class Milestone:
    """One milestone of a project.

    Attributes
    ----------
    project
        The key of its project.
    mijlpaal
        What is or was to happen.
    begin, eind
        When, in the precision of the source (`2023-Q3`, `medio 2022`); `eind` is None where it names one date.
    soort
        Whether it happened, is planned or is expected.
    bron
        Where the source says so.
    """

    project: str
    mijlpaal: str
    begin: Period
    eind: Period | None
    soort: Literal["gerealiseerd", "gepland", "verwacht"]
    bron: str

    @property
    def wanneer(self) -> str:
        """The date in words: `medio 2022`, or `medio 2022 tot tweede kwartaal 2023`."""
        return f"{self.begin.tekst} tot {self.eind.tekst}" if self.eind else self.begin.tekst


@dataclass(frozen=True, repr=False)
class Figures:
    """Everything that one edition delivered: read, normalised and proven.

    Attributes
    ----------
    gemeente, jaar
        The edition.
    source
        `bron.yaml`: the municipality's name, the document, inhabitants, and per table how it was printed.
    tables
        The money tables by name (`overhead`, `salarissen`, others), one `Post` per row.
    projecten, mijlpalen
        The ICT tables, one row per project and one per milestone.
    reeks, vergelijking, verdeling
        What the municipality itself and others delivered to the CBS (Iv3), and how measures of it are spread.
    indicatoren
        The mandatory indicators that the municipality delivers itself.
    elders
        The deliveries of all municipalities in this year, where a folder with Iv3 figures was given.
    eerder
        The editions of earlier years that stand beside this one, by year, oldest first; their tables only.
    checks
        Every check that ran, with what it found.
    plaatsen
        Of each table that holds no lines of costs, the file and the line of each row, in their order.
    hoofdstukken
        The chapters that there are, each of which can have a story.
    inputs
        The files that were read, with their SHA-256.
    folder
        Where they were read from.
    """

    gemeente: str
    jaar: int
    folder: Path = field(repr=False)
    source: Source
    tables: Mapping[str, Table]
    projecten: tuple[Project, ...] = ()
    mijlpalen: tuple[Milestone, ...] = ()
    reeks: tuple[Delivery, ...] = ()
    vergelijking: tuple[Delivery, ...] = ()
    verdeling: tuple[Spread, ...] = ()
    indicatoren: tuple[Indicator, ...] = ()
    elders: tuple[Delivery, ...] = field(default=(), repr=False)
    eerder: Mapping[int, Figures] = field(default_factory=dict, repr=False)
    plaatsen: Mapping[str, Sequence[tuple[str, int]]] = field(default_factory=dict, repr=False)
    hoofdstukken: Chapters = field(default_factory=Chapters, repr=False)
    inputs: tuple[InputFile, ...] = ()
    checks: tuple[Check, ...] = field(default=(), repr=False)

    def table(self, naam: str) -> Table | None:
        """Return the money table `naam`, or None where it was not delivered."""
        return self.tables.get(naam)

    def beside(self, vergelijk_met: Sequence[str] = ()) -> list[Delivery]:
        """Return the deliveries of other municipalities: the edition's own, and of peers those that Iv3 adds."""
        have = {(one.gemeente, one.jaar, one.document) for one in self.vergelijking}
        peers = [one for one in self.elders if one.gemeente in vergelijk_met]
        more = [one for one in peers if (one.gemeente, one.jaar, one.document) not in have]
        return sorted((*self.vergelijking, *more), key=lambda one: (one.naam, -one.jaar, one.document))

    def trace(self, verwijzing: str) -> Trace:
        """Return where a figure comes from and goes to, as a notebook shows it.

        Parameters
        ----------
        verwijzing
            One cell, as a story and the page name it: table, row and column, such as `overhead.totaal.rekening`.

        Raises
        ------
        DataError
            There is no such cell; the message has the nearest name, or says which there are.
        """
        from .trace import trace_cell

        return trace_cell(self, verwijzing)

    def _repr_mimebundle_(self, include: object = None, exclude: object = None) -> dict[str, Any]:
        from .overview import show_figures

        return show_figures(self)._repr_mimebundle_()

    def __repr__(self) -> str:
        return f"Figures({self.gemeente} {self.jaar}: {', '.join(self.tables) or 'geen tabellen'})"

    @property
    def findings(self) -> tuple[Finding, ...]:
        """Everything that the checks found, in their order."""
        return tuple(finding for check in self.checks for finding in check.findings)

    @property
    def fouten(self) -> tuple[Finding, ...]:
        """The findings that stop publication: proven wrong, and accepted by nobody."""
        return tuple(finding for finding in self.findings if finding.ernst == "fout" and not finding.aanvaard)


def _number(amount: Decimal | None) -> int | float | None:
    """Return an amount as pandas holds it; checks never use this."""
    if amount is None:
        return None
    return int(amount) if amount == amount.to_integral_value() else float(amount)
