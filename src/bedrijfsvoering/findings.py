"""A finding: one thing that was proven wrong, off by rounding, or could not be read; and the check that found it."""

from __future__ import annotations

import re
from dataclasses import dataclass, fields
from decimal import Decimal
from typing import Any, Literal

Ernst = Literal["fout", "waarschuwing", "melding"]
Uitkomst = Literal["akkoord", "afronding", "melding", "aanvaard", "fout", "niet te bewijzen"]


ADVICE = re.compile(
    r"(?<=[.!?]) (?:Zet|Verwijs|Haal|Controleer|Vergelijk|Geef|Neem|Beschrijf|Licht|Is dit|Dat mag) .*", re.DOTALL
)  # fmt: skip
"""What a finding tells its maker to do: the sentences that stand last."""


@dataclass(frozen=True)
class Finding:
    """One finding, with the keys of the contract.

    Attributes
    ----------
    code
        What kind of finding it is; `docs/bevindingen.md` tells each.
    ernst
        A `fout` stops publication, unless a person accepted it.
    bericht
        The finding in whole Dutch sentences, with how to mend it.
    tabel, post, kolom
        Which cell it is about, as far as it is about one.
    gedrukt, berekend
        What the source printed and what follows from the arithmetic, with the sign and the unit of the source, so that
        they can be laid beside it.
    grens
        The largest difference that rounding allows, in the table's own unit.
    bestand, regel
        Where it is: the file, and the line counted from 1 as an editor does.
    aanvaard
        Who accepted it and why, where somebody did.
    """

    code: str
    ernst: Ernst
    bericht: str
    tabel: str | None = None
    post: str | None = None
    kolom: str | None = None
    gedrukt: Decimal | str | None = None
    berekend: Decimal | str | None = None
    grens: Decimal | None = None
    bestand: str | None = None
    regel: int | None = None
    aanvaard: str | None = None

    @property
    def openbaar(self) -> str:
        """The sentence without what it tells its maker to do: for readers of the page."""
        return ADVICE.sub("", self.bericht)

    @property
    def within(self) -> list[str]:
        """Where in its file it is: the sheet where that is a workbook, and the line."""
        sheet = self.tabel if (self.bestand or "").endswith(".xlsx") else None
        return [*([f"blad {sheet}"] if sheet else []), *([f"regel {self.regel}"] if self.regel else [])]

    def message(self) -> str:
        """Return the finding as one line for a terminal, beginning with where it is."""
        where = ", ".join(part for part in (self.bestand or self.tabel, *self.within, self.kolom) if part)
        return f"{where}: {self.bericht}" if where else self.bericht

    def to_json(self) -> dict[str, Any]:
        """Return the finding in the order and the types of the contract (amounts are JSON numbers).

        The key `aanvaard` is there only for a finding that was accepted.
        """
        values = {field.name: json_value(getattr(self, field.name)) for field in fields(self)}
        keys = (*JSON_KEYS, "aanvaard") if self.aanvaard else JSON_KEYS
        return {key: values[key] for key in keys}


JSON_KEYS = (
    "code", "ernst", "tabel", "post", "kolom", "gedrukt", "berekend", "grens", "bestand", "regel", "bericht",
)  # fmt: skip
"""The keys of a finding in `bevindingen.json` and `check --json`, in the contract's order."""


@dataclass(frozen=True)
class Check:
    """One check that ran: what it proved, over how many cells, and what came out.

    Attributes
    ----------
    naam, tabel
        What was proven, in Dutch, and of which table.
    cellen
        Over how many cells.
    uitkomst
        What came out.
    gevonden
        What was found, as a short Dutch phrase.
    grens
        The largest difference that rounding allows, in the table's own unit; None where no bound applies.
    findings
        What is wrong or off by rounding, one by one.
    verwijzingen
        The cells that took part, each as a story names it (`overhead.totaal.rekening`).
    """

    naam: str
    tabel: str
    cellen: int
    uitkomst: Uitkomst
    gevonden: str
    grens: Decimal | None = None
    findings: tuple[Finding, ...] = ()
    verwijzingen: frozenset[str] = frozenset()


def json_value(value: Any) -> Any:
    """Return `value` as JSON knows it: a whole amount as int, another amount as float."""
    if isinstance(value, Decimal):
        return int(value) if value == value.to_integral_value() else float(value)
    return value
