"""What a reference in a sentence is: the facts of the figures that it was made of, and whether it is a growth."""

from __future__ import annotations

import re
from decimal import Decimal
from functools import cached_property

from ..references import CBS, Cijfer, cells_in
from ..source import MONEY_COLUMNS, is_result, stage_of, year_of
from .facts import RESULT, Fact, Facts, Row

CALL = re.compile(r"(?P<name>\w+)\((?P<inner>.*)\)")
"""A result in the source of a figure: `aandeel(overhead.totaal.budgetresultaat, overhead.totaal.rekening)`."""
YEARS = re.compile(r"(?<=_)\d{4}\b")


class Referents:
    """Says of a reference which facts it is; a share of a result has the direction of that result."""

    def __init__(self, facts: Facts) -> None:
        self.facts = facts

    @cached_property
    def rows(self) -> dict[str, Row]:
        """The rows, by the name that a story gives them."""
        return {f"{row.table.naam}.{row.post.sleutel}": row for row in self.facts.rows}

    def of(self, cijfer: Cijfer | None) -> tuple[Fact, ...]:
        """Return the facts that a reference is: a cell, a difference of two cells of a row, or a part of a result."""
        return tuple(self._told(cijfer.bron, cijfer.waarde)) if cijfer else ()

    def _told(self, bron: str, waarde: Decimal | None = None) -> list[Fact]:
        call = CALL.fullmatch(bron)
        if call and call["name"] == "aandeel":
            told = [[fact for fact in self._told(part) if fact.stadium == RESULT] for part in _parts(call["inner"])]
            if told and told[0]:
                return [fact for facts in told for fact in facts]
        return self._of_cells(bron, waarde)

    def _of_cells(self, bron: str, waarde: Decimal | None) -> list[Fact]:
        """Return the facts of one cell, or of two cells of one row."""
        cells = [cell.rpartition(".") for cell in cells_in(bron)]
        if len({path for path, _, _ in cells}) != 1 or cells[0][0] not in self.rows:
            return []
        row, kolommen = self.rows[cells[0][0]], [kolom for _, _, kolom in cells]
        facts = self.facts.of(row)
        if len(kolommen) > 1:
            return [fact for fact in facts if [fact.naar, fact.van] in (kolommen, kolommen[::-1])]
        amount = row.post.bedragen.get(kolommen[0]) if waarde is None else waarde
        stage = RESULT if is_result(kolommen[0]) else kolommen[0]
        return [fact for fact in facts if fact.stadium == stage and amount is not None and fact.waarde == abs(amount)]

    def growth(self, cijfer: Cijfer | None) -> int:
        """Return 1 where a reference is a growth in time that is positive, -1 where it is negative, 0 where neither."""
        call = CALL.fullmatch(cijfer.bron) if cijfer else None
        parts = _parts(call["inner"]) if call and call["name"] == "groei" else []
        if not cijfer or len(parts) != 2 or not (self._follows(*parts) or _is_later(*parts)):
            return 0
        return (cijfer.waarde > 0) - (cijfer.waarde < 0)

    def _follows(self, now: str, then: str) -> bool:
        """Return whether two cells are of one row and of one sign, the first of a later year or stage."""
        (path, _, naar), (other, _, van) = now.rpartition("."), then.rpartition(".")
        if path != other or path not in self.rows or is_result(naar) or is_result(van):
            return False
        new, old = (self.rows[path].post.bedragen.get(kolom) for kolom in (naar, van))
        moment = [(year_of(k) or self.facts.jaar, MONEY_COLUMNS.index(stage_of(k))) for k in (naar, van)]
        return bool(new and old and (new > 0) == (old > 0) and moment[0] > moment[1])


def _is_later(now: str, then: str) -> bool:
    """Return whether two sources are the same measure of the same body from the CBS, the first of a later year."""
    new, old = YEARS.findall(now), YEARS.findall(then)
    return bool(CBS.match(now) and old and new > old and YEARS.sub("", now) == YEARS.sub("", then))


def _parts(inner: str) -> list[str]:
    """Return what stands between the commas of a call, calls inside it whole."""
    parts, depth = [""], 0
    for character in inner:
        depth += {"(": 1, ")": -1}.get(character, 0)
        if character == "," and not depth:
            parts.append("")
        else:
            parts[-1] += character
    return [part.strip() for part in parts]
