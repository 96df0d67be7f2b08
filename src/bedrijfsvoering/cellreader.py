"""The cells of one table's rows, each read as what it must be; what cannot be read is kept, and told all at once."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any, TypeVar

from .errors import DataError, nearest
from .figures import Post
from .findings import Finding
from .periods import Period, parse_period
from .reader import RawRow, RawTable
from .texts import clean

Read = TypeVar("Read")


class CellReader:
    """Reads the cells of a raw table of which some columns must be there, and keeps every problem of the file."""

    def __init__(self, raw: RawTable, needed: Iterable[str] = ()) -> None:
        self.raw = raw
        self.problems = [*raw.problems]
        self._seen: dict[tuple[Any, ...], int] = {}
        for column in needed:
            if column not in raw.columns:
                self.absent(column)

    def fail(self, row: RawRow | Post | None, code: str, bericht: str, kolom: str, gedrukt: str | None = None) -> None:
        """Keep one problem: of a row, or of the table where it is of none."""
        post = row.post if isinstance(row, Post) else clean(row.text("post")) or None if row else None
        self.problems.append(
            Finding(code, "fout", bericht, self.raw.naam, post, kolom, gedrukt, bestand=self.raw.bestand,
                    regel=row.regel if row else None)
        )  # fmt: skip

    def absent(self, column: str) -> None:
        """Keep that a column is not there."""
        bericht = (
            f"De kolom '{column}' ontbreekt. Voeg haar toe, of zet in bron.yaml bij 'kolommen' onder welke naam "
            "zij in de kopregel staat."
        )
        self.fail(None, "KOLOM_ONTBREEKT", bericht, column)

    def rows(self) -> Sequence[RawRow]:
        """Return the rows, or none where a column that is needed is not there."""
        return () if len(self.problems) > len(self.raw.problems) else self.raw.rows

    def text(self, row: RawRow, kolom: str, code: str = "CEL_LEEG", bericht: str = "") -> str:
        """Return a cell that cannot be blank."""
        text = clean(row.text(kolom))
        if not text:
            self.fail(row, code, bericht or "Deze cel mag niet leeg zijn. Vul haar in.", kolom)
        return text

    def choice(self, row: RawRow, kolom: str, choices: Mapping[str, Any] | Sequence[str]) -> Any:
        """Return the meaning of a cell that holds one of a few words; of one that does not, that of the first word."""
        meanings = choices if isinstance(choices, Mapping) else {word: word for word in choices}
        text = clean(row.text(kolom)).casefold()
        if text not in meanings:
            known = [word for word in meanings if word]
            bericht = f"Gevonden '{text}'; verwacht {', '.join(known)}.{nearest(text, known)}"
            self.fail(row, "WAARDE_ONBEKEND", bericht, kolom, text)
        return meanings.get(text, next(iter(meanings.values())))

    def whole(self, row: RawRow, kolom: str, least: int, most: int) -> int:
        """Return a whole number between two others."""
        text = clean(row.text(kolom))
        if not (text.isascii() and text.isdigit() and least <= int(text) <= most):
            self.fail(row, "WAARDE_ONBEKEND", f"Gevonden '{text}'; verwacht {least} tot en met {most}.", kolom, text)
            return least
        return int(text)

    def period(self, row: RawRow, kolom: str) -> Period | None:
        """Return a date in its own precision; a blank is unknown."""
        text = row.text(kolom)
        try:
            return parse_period(text)
        except ValueError as exc:
            self.fail(row, "DATUM_ONLEESBAAR", f"Gevonden '{clean(text)}'; {exc}.", kolom, text)
            return None

    def once(self, row: RawRow, key: tuple[Any, ...], kolom: str) -> None:
        """Tell of a row that stands there already; one of which a cell cannot be read is not compared."""
        if any(problem.regel == row.regel for problem in self.problems):
            return
        if key in self._seen:
            bericht = f"'{' '.join(map(str, key))}' staat er al op regel {self._seen[key]}. Haal een van de rijen weg."
            self.fail(row, "RIJ_DUBBEL", bericht, kolom)
        self._seen.setdefault(key, row.regel)

    def end(self, read: Iterable[Read]) -> tuple[Read, ...]:
        """Return what was read, or raise everything that could not be."""
        if self.problems:
            raise DataError(self.problems)
        return tuple(read)
