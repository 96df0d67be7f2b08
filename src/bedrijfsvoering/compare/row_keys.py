"""`sleutels.yaml`: under which keys the rows of an edition stood in earlier years, as a person says it."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from ..errors import DataError, nearest
from ..figures import Figures, Table
from ..findings import Finding
from ..periods import MIN_YEAR
from ..texts import clean
from ..yamlfile import read_yaml

NAME = "sleutels.yaml"
KEY = re.compile(r"[a-z0-9_]+")


@dataclass(frozen=True)
class FormerKeys:
    """The keys of one row in one earlier year; more than one is a row that was made of several."""

    tabel: str
    sleutel: str
    jaar: int
    oud: tuple[str, ...]


@dataclass(frozen=True)
class KeyMapping:
    """The whole of `sleutels.yaml`, one `FormerKeys` per row and year; without the file there are none."""

    bestand: str = NAME
    rows: tuple[FormerKeys, ...] = ()

    def in_year(self, tabel: str, jaar: int) -> dict[str, tuple[str, ...]]:
        """Return, for the rows of a table that are named, their keys in an earlier year.

        What is said of a year holds for the years before it too, until an earlier year is named.
        """
        found: dict[str, FormerKeys] = {}
        for row in self.rows:
            if row.tabel == tabel and row.jaar >= jaar:
                known = found.get(row.sleutel)
                found[row.sleutel] = row if known is None or row.jaar < known.jaar else known
        return {sleutel: row.oud for sleutel, row in found.items()}


def load_mapping(folder: Path, name: str, tables: Mapping[str, Table], jaar: int) -> KeyMapping:
    """Read `sleutels.yaml` of the edition of `jaar`; without the file every row keeps its key.

    Parameters
    ----------
    folder, name
        The folder of the edition, and how messages call it (`<gemeente>/<jaar>`).
    tables
        The money tables of this same edition; each key of the file is a row of one of them.

    Raises
    ------
    DataError
        Every unknown key, wrong year and wrong value of the file at once.
    """
    path, bestand = folder / NAME, f"{name}/{NAME}"
    if not path.exists():
        return KeyMapping(bestand)
    reader = _Reader(bestand, tables, jaar)
    rows = tuple(row for key, value in read_yaml(path, DataError, bestand).items() for row in reader.rows(key, value))
    if reader.problems:
        raise DataError(reader.problems)
    return KeyMapping(bestand, rows)


def mapping_of(figures: Figures) -> KeyMapping:
    """Read the `sleutels.yaml` that lies beside an edition's figures.

    Raises
    ------
    DataError
        The file cannot be read as it should.
    """
    return load_mapping(figures.folder, f"{figures.gemeente}/{figures.jaar}", figures.tables, figures.jaar)


def unknown_keys(mapping: KeyMapping, old: Mapping[str, Table], jaar: int) -> list[Finding]:
    """Return a problem for each key that is said to be of the edition of `jaar` and is in no row of that table."""
    problems = []
    for row in mapping.rows:
        if row.jaar != jaar:
            continue
        known = [post.sleutel for post in old[row.tabel].posten] if row.tabel in old else []
        for key in row.oud:
            if row.tabel not in old:
                bericht = f"In de uitgave van {jaar} is er geen tabel '{row.tabel}'."
            elif key not in known:
                bericht = f"In de tabel '{row.tabel}' van {jaar} is er geen rij '{key}'.{nearest(key, known)}"
            else:
                continue
            problems.append(_fail(f"{row.tabel}.{row.sleutel}, {jaar}", bericht, mapping.bestand))
    return problems


class _Reader:
    """Reads the lines of one file and keeps what is wrong with them."""

    def __init__(self, bestand: str, tables: Mapping[str, Table], jaar: int) -> None:
        self.bestand, self.jaar = bestand, jaar
        self.form = f"een lijst zoals [{jaar - 1}: oude_sleutel] of [{jaar - 1}: [oude_sleutel, andere_sleutel]]"
        self.known = [(naam, post.sleutel) for naam, table in tables.items() for post in table.posten]
        self.problems: list[Finding] = []
        self.seen: dict[tuple[str, str], str] = {}

    def rows(self, key: str, value: Any) -> Iterator[FormerKeys]:
        """Yield what one line of the file says of its row."""
        row = self._row(key)
        said = list(self._said(key, value))
        if row is None:
            return
        if row in self.seen:
            bericht = f"Deze rij staat er al als '{_shown(self.seen[row])}'. Maak er een regel van."
            self.problems.append(self._told(key, bericht))
        self.seen[row] = key
        for jaar, old in said:
            yield FormerKeys(*row, jaar, old)

    def _row(self, key: str) -> tuple[str, str] | None:
        """Return the row that a line is about, by its key or by its table and key."""
        found = [row for row in self.known if key in (row[1], ".".join(row))]
        if len(found) == 1:
            return found[0]
        if found:
            written = " of ".join(".".join(row) for row in found)
            bericht = f"Deze sleutel staat in meer tabellen. Schrijf {written}."
        else:
            names = [".".join(row) for row in self.known] if "." in key else [row[1] for row in self.known]
            bericht = f"Deze sleutel is van geen rij van {self.jaar}.{nearest(key, names)}"
        self.problems.append(self._told(key, bericht))
        return None

    def _said(self, key: str, value: Any) -> Iterator[tuple[int, tuple[str, ...]]]:
        """Yield each earlier year with the keys that the row had in it."""
        if not isinstance(value, list) or not value:
            self.problems.append(self._told(key, f"Gevonden {_found(value)}; verwacht {self.form}."))
            return
        years: set[int] = set()
        for pair in value:
            if not isinstance(pair, dict) or len(pair) != 1:
                self.problems.append(self._told(key, f"Gevonden {_found(pair)}; verwacht {self.form}."))
                return
            ((jaar, old),) = pair.items()
            if self._year_fits(key, jaar, years) and (keys := self._keys(key, jaar, old)):
                yield jaar, keys

    def _year_fits(self, key: str, jaar: Any, years: set[int]) -> bool:
        """Return whether a year is an earlier one that was not named before, and add it."""
        if not isinstance(jaar, int) or isinstance(jaar, bool) or jaar < MIN_YEAR:
            bericht = f"Gevonden {_found(jaar)}; verwacht een jaartal."
        elif jaar >= self.jaar:
            bericht = f"{jaar} is niet eerder dan {self.jaar}, het jaar van deze uitgave. Noem een eerder jaar."
        elif jaar in years:
            bericht = f"{jaar} staat er twee keer. Zet de sleutels van een jaar in een lijst."
        else:
            years.add(jaar)
            return True
        self.problems.append(self._told(key, bericht))
        return False

    def _keys(self, key: str, jaar: int, old: Any) -> tuple[str, ...]:
        """Return the old key or keys of one year, or nothing where one of them is no key."""
        keys = old if isinstance(old, list) else [old]
        wrong = [one for one in keys if not isinstance(one, str) or not KEY.fullmatch(one)]
        if not keys or wrong:
            bericht = f"Gevonden {_found(wrong[0] if wrong else old)}; verwacht een sleutel of een lijst van sleutels."
        elif len(set(keys)) < len(keys):
            bericht = f"Een sleutel staat twee keer in de lijst: {', '.join(keys)}. Haal er een weg."
        else:
            return tuple(keys)
        self.problems.append(self._told(f"{key}, {jaar}", bericht))
        return ()

    def _told(self, key: str, bericht: str) -> Finding:
        return _fail(_shown(key), bericht, self.bestand)


def _shown(key: str) -> str:
    return clean(key)[:60]


def _found(value: Any) -> str:
    """Return a value as a message names it."""
    return "niets" if value is None or value == [] else f"'{_shown(str(value))}'"


def _fail(place: str, bericht: str, bestand: str) -> Finding:
    return Finding(code="SLEUTELS_ONJUIST", ernst="fout", kolom=place, bestand=bestand, bericht=bericht)
