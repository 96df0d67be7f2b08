"""What municipalities delivered to the CBS (Iv3), and the measures made of it: gross and net are never mixed."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from statistics import quantiles
from typing import Literal

from ..amounts import fmt_amount, round_half_up
from ..source import IV3_COLUMNS

Document = Literal["begroting", "jaarrekening"]
DOCUMENTS: tuple[Document, ...] = ("begroting", "jaarrekening")
AMOUNTS = IV3_COLUMNS
"""The figures of a delivery: inhabitants, and amounts x EUR 1.000."""
IV3 = "CBS, Iv3"
"""Where the figures come from, as it stands under a chart."""
KOLOM_IV3 = {
    "inwoners": "Inwoners", "lasten": "Alle lasten", "overhead_lasten": "Overhead, lasten",
    "overhead_baten": "Overhead, baten", "salarissen": "Salarissen", "inhuur": "Inhuur, bedrag",
}  # fmt: skip
"""How a figure of a delivery is called on the page."""
BREAK = 2025
"""From this budget year on another Notitie overhead applies: a series has a break before it."""


@dataclass(frozen=True)
class Delivery:
    """One delivery to the CBS: the budget or the account of one municipality and year.

    `bedragen` are as Iv3 has them: x EUR 1.000, gross, costs and income both positive, without mutations of reserves
    (taakveld 0.10 and 0.11); unknown is None. A delivery of nothing but zeros was not made.
    """

    gemeente: str
    naam: str
    jaar: int
    document: Document
    bedragen: Mapping[str, Decimal | None]
    bron: str
    grootteklasse: str = ""

    @property
    def is_delivered(self) -> bool:
        """Whether the municipality delivered this document: one of its amounts is not nil."""
        return any(amount for name, amount in self.bedragen.items() if name != "inwoners")

    @property
    def moment(self) -> str:
        """The document in words: `jaarrekening 2023`."""
        return f"{self.document} {self.jaar}"

    @property
    def sleutel(self) -> str:
        """The key of the delivery among those of its municipality: `jaarrekening_2023`."""
        return f"{self.document}_{self.jaar}"

    def path(self, tabel: str) -> str:
        """Return how it is named as a source: `reeks.jaarrekening_2023`, `vergelijking.uithoorn.begroting_2023`."""
        return f"reeks.{self.sleutel}" if tabel == "reeks" else f"{tabel}.{self.gemeente}.{self.sleutel}"

    def amount(self, name: str) -> Decimal | None:
        """Return a figure, or None where it is not known or nothing was delivered."""
        return self.bedragen.get(name) if self.is_delivered or name == "inwoners" else None

    def known(self, *names: str) -> tuple[Decimal, ...] | None:
        """Return these figures, or None where one of them is not known."""
        found = tuple(amount for name in names if (amount := self.amount(name)) is not None)
        return found if len(found) == len(names) else None


@dataclass(frozen=True)
class Measure:
    """One measure of a delivery: its names (`kolom` with its unit), its unit, and how it is made of which figures."""

    naam: str
    titel: str
    kolom: str
    eenheid: Literal["pct", "eur"]
    delen: tuple[str, ...]
    definitie: str
    formule: str
    compute: Callable[..., Decimal | None]

    @property
    def decimalen(self) -> int:
        """The decimals it is written with."""
        return 1 if self.eenheid == "pct" else 0

    @property
    def onderwerp(self) -> str:
        """What it measures, in a sentence: `overhead`, `externe inhuur`."""
        return "overhead" if self.naam.startswith("overhead") else self.titel.lower()

    def exact(self, delivery: Delivery) -> Decimal | None:
        """Return the measure before it is rounded, or None where a figure it needs is not known."""
        parts = delivery.known(*self.delen)
        return self.compute(*parts) if parts else None

    def of(self, delivery: Delivery) -> Decimal | None:
        """Return the measure, rounded as it is written, or None where a figure it needs is not known."""
        found = self.exact(delivery)
        return None if found is None else round_half_up(found, self.decimalen)

    def told(self, delivery: Delivery) -> str:
        """Return the formula filled in: `15.763 / 108.387`."""
        return self.formule.format(*(fmt_amount(part) for part in delivery.known(*self.delen) or ()))

    def write(self, value: Decimal) -> str:
        """Return a value as it reads: `14,5%` or `€ 439`."""
        text = fmt_amount(value, self.decimalen)
        return f"{text}%" if self.eenheid == "pct" else f"€\N{NO-BREAK SPACE}{text}"


def _ratio(part: Decimal, whole: Decimal, scale: int) -> Decimal | None:
    return part / whole * scale if whole else None


MEASURES: dict[str, Measure] = {
    measure.naam: measure
    for measure in (
        Measure(
            "overhead_bruto", "Overhead, bruto", "Overhead bruto, % van alle lasten",
            "pct", ("overhead_lasten", "lasten"),
            "De lasten van de overhead als deel van alle lasten, zonder mutaties in reserves.",
            "{0} / {1}", lambda overhead, lasten: _ratio(overhead, lasten, 100),
        ),
        Measure(
            "overhead_netto", "Overhead, netto", "Overhead netto, % van alle lasten",
            "pct", ("overhead_lasten", "overhead_baten", "lasten"),
            "De overhead min de baten daarvan, als deel van alle lasten.",
            "({0} − {1}) / {2}", lambda overhead, baten, lasten: _ratio(overhead - baten, lasten, 100),
        ),
        Measure(
            "overhead_per_inwoner", "Overhead per inwoner, netto", "Overhead netto, € per inwoner",
            "eur", ("overhead_lasten", "overhead_baten", "inwoners"),
            "De overhead min de baten daarvan, gedeeld door het aantal inwoners.",
            "({0} − {1}) × 1.000 / {2}", lambda overhead, baten, inwoners: _ratio(overhead - baten, inwoners, 1000),
        ),
        Measure(
            "overhead_per_inwoner_bruto", "Overhead per inwoner, bruto", "Overhead bruto, € per inwoner",
            "eur", ("overhead_lasten", "inwoners"),
            "De lasten van de overhead, gedeeld door het aantal inwoners.",
            "{0} × 1.000 / {1}", lambda overhead, inwoners: _ratio(overhead, inwoners, 1000),
        ),
        Measure(
            "salarissen_per_inwoner", "Salarissen per inwoner", "Salarissen, € per inwoner",
            "eur", ("salarissen", "inwoners"),
            "De salarissen van de hele gemeente, gedeeld door het aantal inwoners.",
            "{0} × 1.000 / {1}", lambda salarissen, inwoners: _ratio(salarissen, inwoners, 1000),
        ),
        Measure(
            "inhuur_per_inwoner", "Externe inhuur per inwoner", "Inhuur, € per inwoner",
            "eur", ("inhuur", "inwoners"),
            "De kosten van externe inhuur, gedeeld door het aantal inwoners.",
            "{0} × 1.000 / {1}", lambda inhuur, inwoners: _ratio(inhuur, inwoners, 1000),
        ),
        Measure(
            "externe_inhuur", "Externe inhuur", "Inhuur, % van loon en inhuur",
            "pct", ("inhuur", "salarissen"),
            "De kosten van externe inhuur als deel van loonsom en inhuur samen.",
            "{0} / ({1} + {0})", lambda inhuur, loonsom: _ratio(inhuur, loonsom + inhuur, 100),
        ),
    )
}  # fmt: skip
"""Every measure by its name."""


SHARES = ("overhead_bruto", "externe_inhuur")
"""The measures that have a column in a table of deliveries."""


@dataclass(frozen=True)
class Spread:
    """How a measure is spread over the municipalities of one size class: percentiles, in the measure's unit."""

    maat: str
    grootteklasse: str
    jaar: int
    document: Document
    aantal: int
    p10: Decimal
    p25: Decimal
    mediaan: Decimal
    p75: Decimal
    p90: Decimal
    bron: str


@dataclass(frozen=True)
class Indicator:
    """One of the five mandatory indicators as the municipality itself delivers it, in the unit of the indicator.

    `grondslag` says on what base it was computed where that is not the mandatory one.
    """

    indicator: str
    begroting: Decimal | None
    rekening: Decimal | None
    grondslag: str
    bron: str


JUST = Decimal("0.02")
"""A value no more than this part beyond a bound is just beyond it, and a sentence says so."""
PERCENTIELEN = ("p10", "p25", "mediaan", "p75", "p90")


def spread_of(deliveries: Iterable[Delivery], maat: str, bron: str) -> Spread | None:
    """Return the spread of a measure over deliveries of one size class, year and document.

    The percentiles lie between the two nearest municipalities (both ends counted). Fewer than ten give None: of so
    few a reader could tell who is who.
    """
    measure = MEASURES[maat]
    known = [(delivery, value) for delivery in deliveries if (value := measure.of(delivery)) is not None]
    if len(known) < 10:
        return None
    first = known[0][0]
    parts = quantiles([value for _, value in known], n=20, method="inclusive")
    at = {name: round_half_up(parts[place - 1], measure.decimalen)
          for name, place in zip(PERCENTIELEN, (2, 5, 10, 15, 18), strict=True)}  # fmt: skip
    return Spread(maat, first.grootteklasse, first.jaar, first.document, len(known), bron=bron, **at)


def find_delivery(deliveries: Sequence[Delivery], jaar: int, document: Document, gemeente: str = "") -> Delivery | None:
    """Return the delivery of a year and document, of one municipality where it is named, if there is one."""
    wanted = (jaar, document)
    found = (one for one in deliveries if (one.jaar, one.document) == wanted and gemeente in ("", one.gemeente))
    return next(found, None)


def find_spread(spreads: Sequence[Spread], maat: str, jaar: int, document: Document) -> Spread | None:
    """Return how a measure is spread in a year and document, if that is known."""
    return next((one for one in spreads if (one.maat, one.jaar, one.document) == (maat, jaar, document)), None)


def class_name(grootteklasse: str) -> str:
    """Return a size class of the CBS in words: `20000tot50000inwoners` is `20.000 tot 50.000 inwoners`."""
    text = grootteklasse.casefold()
    for word in ("minder", "dan", "tot", "inwoners", "of", "meer"):
        text = text.replace(word, f" {word} ")
    return re.sub(r"\d{4,}", lambda number: fmt_amount(Decimal(number[0])), " ".join(text.split()))


def place_in(spread: Spread, value: Decimal) -> str:
    """Return where a value stands in its size class: `meer overhead dan driekwart van de gemeenten met …`."""
    above = ((spread.p90, "negen van de tien"), (spread.p75, "driekwart van de"), (spread.mediaan, "de helft van de"))
    below = ((spread.p10, "negen van de tien"), (spread.p25, "driekwart van de"), (spread.mediaan, "de helft van de"))
    what = MEASURES[spread.maat].onderwerp

    def just(bound: Decimal) -> str:
        return "net " if abs(value - bound) <= JUST * abs(bound) else ""

    told = next((f"{just(bound)}meer {what} dan {text} gemeenten" for bound, text in above if value > bound), "")
    told = told or next((f"{just(at)}minder {what} dan {text} gemeenten" for at, text in below if value < at), "")
    return f"{told or f'evenveel {what} als de middelste gemeente'} met {class_name(spread.grootteklasse)}"
