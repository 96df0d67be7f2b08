"""The tables of an edition that hold no lines of costs: other years, other municipalities, their spread, indicators."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from decimal import Decimal

from ..amounts import AmountError, parse_amount
from ..cellreader import CellReader
from ..normalise import key_of
from ..reader import RawRow, RawTable
from ..source import INDICATOREN, REEKS_COLUMNS, VERDELING_COLUMNS
from ..texts import clean
from .deliveries import AMOUNTS, DOCUMENTS, MEASURES, PERCENTIELEN, Delivery, Indicator, Spread

LARGEST = Decimal(10**12)
"""More than any amount of a municipality, x EUR 1.000."""


def slug_of(naam: str) -> str:
    """Return how a municipality is called in names of folders: `Súdwest-Fryslân` is `sudwest-fryslan`."""
    return key_of(naam.removeprefix("Gemeente ")).replace("_", "-")


def _amount(cells: CellReader, row: RawRow, kolom: str, decimalen: int = 0) -> Decimal | None:
    """Return an amount that is not negative; a blank is unknown."""
    cell = row.cells.get(kolom, "")
    try:
        amount = cell if isinstance(cell, Decimal) else parse_amount(cell, decimalen)
        if amount is not None and amount >= LARGEST:
            raise AmountError("dit is geen bedrag van een gemeente, in duizenden euro's")
        if amount is not None and amount < 0:
            raise AmountError("verwacht een getal zonder minteken, zoals het CBS het geeft")
    except AmountError as exc:
        text = row.text(kolom)
        cells.fail(row, "GETAL_ONLEESBAAR", f"Gevonden '{clean(text)}': {exc}.", kolom, text)
        return None
    return amount


def normalise_reeks(raw: RawTable, gemeente: str, naam: str) -> tuple[Delivery, ...]:
    """Return the deliveries of the municipality itself, one per row: year and document; a DataError tells all."""
    return _deliveries(raw, REEKS_COLUMNS, lambda cells, row: (gemeente, naam, ""))


def normalise_vergelijking(raw: RawTable) -> tuple[Delivery, ...]:
    """Return the deliveries of other municipalities, one per row: municipality, year and document."""

    def whose(cells: CellReader, row: RawRow) -> tuple[str, str, str]:
        naam = cells.text(row, "gemeente")
        if naam and not slug_of(naam):
            cells.fail(row, "WAARDE_ONBEKEND", f"In '{naam}' staat geen letter. Verbeter de naam.", "gemeente")
        return slug_of(naam), naam.removeprefix("Gemeente "), clean(row.text("grootteklasse"))

    return _deliveries(raw, ("gemeente", *REEKS_COLUMNS), whose)


def _deliveries(
    raw: RawTable, needed: Sequence[str], whose: Callable[[CellReader, RawRow], tuple[str, str, str]]
) -> tuple[Delivery, ...]:
    given = [name for name in AMOUNTS if name in raw.columns]
    cells = CellReader(raw, [name for name in needed if name not in AMOUNTS])
    if len(given) < 2:
        cells.fail(None, "KOLOM_ONTBREEKT", f"Verwacht ten minste twee van deze kolommen: {', '.join(AMOUNTS)}.", "")
    read = []
    for row in cells.rows():
        gemeente, naam, klasse = whose(cells, row)
        jaar, document = cells.whole(row, "jaar", 2000, 2100), cells.choice(row, "document", DOCUMENTS)
        bedragen = {name: _amount(cells, row, name) for name in AMOUNTS}
        cells.once(row, (gemeente, jaar, document), "jaar")
        _check_parts(cells, row, bedragen)
        read.append(Delivery(gemeente, naam, jaar, document, bedragen, cells.text(row, "bron"), klasse))
    return cells.end(read)


def _check_parts(cells: CellReader, row: RawRow, bedragen: dict[str, Decimal | None]) -> None:
    """Tell of a part that is larger than its whole: a column moved, or another unit."""
    part, whole = bedragen["overhead_lasten"], bedragen["lasten"]
    if part is not None and whole is not None and part > whole:
        bericht = f"De overhead ({part}) is groter dan alle lasten ({whole}). Controleer de kolommen en de eenheid."
        cells.fail(row, "DEEL_TE_GROOT", bericht, "overhead_lasten")


def normalise_verdeling(raw: RawTable) -> tuple[Spread, ...]:
    """Return how measures are spread over a size class, one per row: measure, year and document."""
    cells = CellReader(raw, VERDELING_COLUMNS)
    read = []
    for row in cells.rows():
        maat = cells.choice(row, "maat", tuple(MEASURES))
        jaar, document = cells.whole(row, "jaar", 2000, 2100), cells.choice(row, "document", DOCUMENTS)
        at = {name: _amount(cells, row, name, MEASURES[maat].decimalen) or Decimal(0) for name in PERCENTIELEN}
        for name in PERCENTIELEN:
            cells.text(row, name)
        if list(at.values()) != sorted(at.values()):
            cells.fail(row, "VOLGORDE_ONJUIST", "De percentielen lopen niet op. Controleer de kolommen.", "p10")
        cells.once(row, (maat, jaar, document), "maat")
        read.append(Spread(maat, cells.text(row, "grootteklasse"), jaar, document,
                           cells.whole(row, "aantal", 1, 1000), bron=cells.text(row, "bron"), **at))  # fmt: skip
    return cells.end(read)


def normalise_indicatoren(raw: RawTable) -> tuple[Indicator, ...]:
    """Return the indicators that the municipality delivers itself, one per row."""
    cells = CellReader(raw, ("indicator", "bron"))
    read = []
    for row in cells.rows():
        name = cells.choice(row, "indicator", INDICATOREN)
        cells.once(row, (name,), "indicator")
        begroting, rekening = (_amount(cells, row, kolom, 2) for kolom in ("begroting", "rekening"))
        grondslag, bron = clean(row.text("grondslag")), cells.text(row, "bron")
        read.append(Indicator(name, begroting, rekening, grondslag, bron))
    return cells.end(read)
