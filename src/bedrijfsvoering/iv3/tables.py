"""The tables of an edition that hold no lines of costs: other years, other municipalities, their spread, indicators."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from decimal import Decimal
from typing import Any, TypeVar

from ..amounts import AmountError, parse_amount
from ..errors import DataError, nearest
from ..findings import Finding
from ..normalise import key_of
from ..reader import RawRow, RawTable
from ..source import INDICATOREN, REEKS_COLUMNS, VERDELING_COLUMNS
from ..texts import clean
from .deliveries import AMOUNTS, DOCUMENTS, MEASURES, PERCENTIELEN, Delivery, Indicator, Spread

Read = TypeVar("Read")


class Cells:
    """Reads the cells of one table's rows, and keeps what cannot be read: all problems of a file are told at once."""

    def __init__(self, raw: RawTable, needed: Sequence[str]) -> None:
        self.raw = raw
        self.problems = [*raw.problems]
        self._seen: dict[tuple[Any, ...], int] = {}
        for column in needed:
            if column not in raw.columns:
                self.fail(None, "KOLOM_ONTBREEKT", f"De kolom '{column}' ontbreekt. Voeg haar toe.", column)

    def fail(self, row: RawRow | None, code: str, bericht: str, kolom: str) -> None:
        """Keep one problem."""
        regel = row.regel if row else None
        self.problems.append(Finding(code, "fout", bericht, self.raw.naam, None, kolom, bestand=self.raw.bestand,
                                     regel=regel))  # fmt: skip

    def rows(self) -> Sequence[RawRow]:
        """Return the rows, or none where a column that is needed is not there."""
        return () if len(self.problems) > len(self.raw.problems) else self.raw.rows

    def amount(self, row: RawRow, kolom: str, decimalen: int = 0) -> Decimal | None:
        """Return an amount that is not negative; a blank is unknown."""
        cell = row.cells.get(kolom, "")
        try:
            amount = cell if isinstance(cell, Decimal) else parse_amount(cell, decimalen)
            if amount is not None and amount >= 10**12:
                raise AmountError("dit is geen bedrag van een gemeente, in duizenden euro's")
            if amount is not None and amount < 0:
                raise AmountError("verwacht een getal zonder minteken, zoals het CBS het geeft")
        except AmountError as exc:
            self.fail(row, "GETAL_ONLEESBAAR", f"Gevonden '{clean(row.text(kolom))}': {exc}.", kolom)
            return None
        return amount

    def whole(self, row: RawRow, kolom: str, least: int, most: int) -> int:
        """Return a whole number between two others."""
        text = clean(row.text(kolom))
        if not (text.isascii() and text.isdigit() and least <= int(text) <= most):
            self.fail(row, "WAARDE_ONBEKEND", f"Gevonden '{text}'; verwacht {least} tot en met {most}.", kolom)
            return least
        return int(text)

    def choice(self, row: RawRow, kolom: str, known: Sequence[str]) -> Any:
        """Return a cell that holds one of a few words."""
        text = clean(row.text(kolom)).casefold()
        if text not in known:
            bericht = f"Gevonden '{text}'; verwacht {', '.join(known)}.{nearest(text, known)}"
            self.fail(row, "WAARDE_ONBEKEND", bericht, kolom)
            return known[0]
        return text

    def text(self, row: RawRow, kolom: str) -> str:
        """Return a cell that cannot be blank."""
        text = clean(row.text(kolom))
        if not text:
            self.fail(row, "CEL_LEEG", "Deze cel mag niet leeg zijn. Vul haar in.", kolom)
        return text

    def once(self, row: RawRow, key: tuple[Any, ...], kolom: str) -> None:
        """Tell of a row that stands there already."""
        if key in self._seen:
            bericht = f"'{' '.join(map(str, key))}' staat er al op regel {self._seen[key]}. Haal een van de rijen weg."
            self.fail(row, "RIJ_DUBBEL", bericht, kolom)
        self._seen.setdefault(key, row.regel)

    def end(self, read: Sequence[Read]) -> tuple[Read, ...]:
        """Return what was read, or raise everything that could not be."""
        if self.problems:
            raise DataError(self.problems)
        return tuple(read)


def slug_of(naam: str) -> str:
    """Return how a municipality is called in names of folders: `Súdwest-Fryslân` is `sudwest-fryslan`."""
    return key_of(naam.removeprefix("Gemeente ")).replace("_", "-")


def normalise_reeks(raw: RawTable, gemeente: str, naam: str) -> tuple[Delivery, ...]:
    """Return the deliveries of the municipality itself, one per row: year and document; a DataError tells all."""
    return _deliveries(raw, REEKS_COLUMNS, lambda cells, row: (gemeente, naam, ""))


def normalise_vergelijking(raw: RawTable) -> tuple[Delivery, ...]:
    """Return the deliveries of other municipalities, one per row: municipality, year and document."""

    def whose(cells: Cells, row: RawRow) -> tuple[str, str, str]:
        naam = cells.text(row, "gemeente")
        if naam and not slug_of(naam):
            cells.fail(row, "WAARDE_ONBEKEND", f"In '{naam}' staat geen letter. Verbeter de naam.", "gemeente")
        return slug_of(naam), naam.removeprefix("Gemeente "), clean(row.text("grootteklasse"))

    return _deliveries(raw, ("gemeente", *REEKS_COLUMNS), whose)


def _deliveries(
    raw: RawTable, needed: Sequence[str], whose: Callable[[Cells, RawRow], tuple[str, str, str]]
) -> tuple[Delivery, ...]:
    given = [name for name in AMOUNTS if name in raw.columns]
    cells = Cells(raw, [name for name in needed if name not in AMOUNTS])
    if len(given) < 2:
        cells.fail(None, "KOLOM_ONTBREEKT", f"Verwacht ten minste twee van deze kolommen: {', '.join(AMOUNTS)}.", "")
    read = []
    for row in cells.rows():
        gemeente, naam, klasse = whose(cells, row)
        jaar, document = cells.whole(row, "jaar", 2000, 2100), cells.choice(row, "document", DOCUMENTS)
        bedragen = {name: cells.amount(row, name) for name in AMOUNTS}
        cells.once(row, (gemeente, jaar, document), "jaar")
        _check_parts(cells, row, bedragen)
        read.append(Delivery(gemeente, naam, jaar, document, bedragen, cells.text(row, "bron"), klasse))
    return cells.end(read)


def _check_parts(cells: Cells, row: RawRow, bedragen: dict[str, Decimal | None]) -> None:
    """Tell of a part that is larger than its whole: a column moved, or another unit."""
    part, whole = bedragen["overhead_lasten"], bedragen["lasten"]
    if part is not None and whole is not None and part > whole:
        bericht = f"De overhead ({part}) is groter dan alle lasten ({whole}). Controleer de kolommen en de eenheid."
        cells.fail(row, "DEEL_TE_GROOT", bericht, "overhead_lasten")


def normalise_verdeling(raw: RawTable) -> tuple[Spread, ...]:
    """Return how measures are spread over a size class, one per row: measure, year and document."""
    cells = Cells(raw, VERDELING_COLUMNS)
    read = []
    for row in cells.rows():
        maat = cells.choice(row, "maat", tuple(MEASURES))
        jaar, document = cells.whole(row, "jaar", 2000, 2100), cells.choice(row, "document", DOCUMENTS)
        at = {name: cells.amount(row, name, MEASURES[maat].decimalen) or Decimal(0) for name in PERCENTIELEN}
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
    cells = Cells(raw, ("indicator", "bron"))
    read = []
    for row in cells.rows():
        name = cells.choice(row, "indicator", INDICATOREN)
        cells.once(row, (name,), "indicator")
        begroting, rekening = (cells.amount(row, kolom, 2) for kolom in ("begroting", "rekening"))
        grondslag, bron = clean(row.text("grondslag")), cells.text(row, "bron")
        read.append(Indicator(name, begroting, rekening, grondslag, bron))
    return cells.end(read)
