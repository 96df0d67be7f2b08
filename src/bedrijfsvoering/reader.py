"""Files as people keep them, read to raw rows of text: nothing is interpreted here, everything is placed."""

from __future__ import annotations

import csv
import io
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from pathlib import Path
from typing import NamedTuple

from .errors import DataError, nearest
from .findings import Finding

MAX_BYTES = 5_000_000
"""A table of a municipality's accounts is some kilobytes; a larger file is refused before it is read."""
MAX_ROWS = 5_000
"""More rows than any table of a report; a larger one is refused."""
DELIMITERS = (";", ",", "\t")


Cell = str | Decimal
"""A cell as it was found: text as printed, or a number that a workbook holds as a number."""
Line = tuple[int, Sequence[Cell]]
"""The line or row where it begins, counted from 1, and its cells."""


@dataclass(frozen=True)
class RawRow:
    """One row of a file: the line where it begins, and its cells by our column names."""

    regel: int
    cells: Mapping[str, Cell]

    def text(self, column: str) -> str:
        """Return a cell as text; a column that is not there is blank."""
        cell = self.cells.get(column, "")
        return cell if isinstance(cell, str) else f"{cell:f}"


@dataclass(frozen=True)
class RawTable:
    """One table as it stood in its file, its columns under our names; `places` says which field each is, from nil.

    `problems` are what is wrong with its header and the shape of its rows; who reads the cells raises them with those.
    """

    naam: str
    bestand: str
    columns: tuple[str, ...]
    rows: tuple[RawRow, ...]
    notices: tuple[Finding, ...] = ()
    problems: tuple[Finding, ...] = ()
    places: Mapping[str, int] = field(default_factory=dict)


@dataclass(frozen=True)
class Wanted:
    """What is to be read: the table, how messages name its file, and its columns.

    `columns` are our names of the columns that the table may have; `kolommen` gives the header as printed for those
    that are not our names. `procent` says that the table holds percentages, so that 0.5 shown as 50% is 50.
    """

    naam: str
    bestand: str
    columns: Sequence[str]
    kolommen: Mapping[str, str]
    procent: bool = False

    def headers(self) -> dict[str, str]:
        """Return each of our columns with the header that it is looked for by."""
        return {column: self.kolommen.get(column, column) for column in self.columns}

    def fail(self, code: str, bericht: str, regel: int | None = None, kolom: str | None = None) -> Finding:
        """Return one problem of this file."""
        return Finding(
            code=code, ernst="fout", bericht=bericht, tabel=self.naam, bestand=self.bestand, regel=regel, kolom=kolom
        )

    def notice(self, code: str, bericht: str, regel: int | None = None, kolom: str | None = None) -> Finding:
        """Return something of this file that a reader must know and that stops nothing."""
        return Finding(
            code=code, ernst="melding", bericht=bericht, tabel=self.naam, bestand=self.bestand, regel=regel, kolom=kolom
        )


def read_csv(path: Path, wanted: Wanted) -> RawTable:
    """Read one CSV file: one row per filled line under the header, all cells as text.

    Raises
    ------
    DataError
        The file cannot be read as a table at all; what is wrong with its header or rows is in the table's `problems`.
    """
    text, notices = _decode(path, wanted)
    delimiter, lines, broken = split_lines(text, wanted)
    if broken:
        bericht = (
            "Vanaf hier kan het bestand niet worden gelezen: een aanhalingsteken is niet gesloten, of een veld is "
            "te lang. Verbeter de aanhalingstekens."
        )
        raise DataError([wanted.fail("RIJ_ONJUIST", bericht, broken)])
    return raw_table(lines, wanted, notices, delimiter)


def raw_table(lines: Sequence[Line], wanted: Wanted, notices: Sequence[Finding] = (), delimiter: str = "") -> RawTable:
    """Return the table of some lines, of which the first is the header; rows of another shape are left out.

    `delimiter` is what stands between the fields of a CSV file.

    Raises
    ------
    DataError
        There are no lines, or far too many.
    """
    if not lines:
        raise DataError(
            [wanted.fail("BESTAND_LEEG", "Het bestand of het blad is leeg. Verwacht een kopregel en rijen.")]
        )
    if len(lines) - 1 > MAX_ROWS:
        raise DataError([wanted.fail("BESTAND_TE_GROOT", f"Meer dan {MAX_ROWS} rijen.")])
    (head_line, head), *body = lines
    header = [str(cell) for cell in head]
    places, found = match_header(header, wanted, head_line)
    rows = []
    for regel, cells in body:
        wrong = _row_problems(cells, header, regel, wanted, delimiter)
        found += wrong
        padded = [*cells, *[""] * (len(header) - len(cells))]
        if not wrong:
            rows.append(RawRow(regel, {column: padded[place] for column, place in places.items()}))
    problems = [finding for finding in found if finding.ernst == "fout"]
    if not rows and not problems:
        bericht = f"Er staan geen rijen onder de kopregel van {wanted.naam}. Vul ze in, of haal de tabel weg"
        problems.append(wanted.fail("BESTAND_LEEG", f"{bericht}, ook uit bron.yaml."))
    notices = (*notices, *(finding for finding in found if finding.ernst != "fout"))
    return RawTable(wanted.naam, wanted.bestand, tuple(places), tuple(rows), notices, tuple(problems), places)


def _row_problems(
    cells: Sequence[Cell], header: Sequence[str], regel: int, wanted: Wanted, delimiter: str
) -> list[Finding]:
    """Return what is wrong with the shape of a row: a cell would be lost, or stand under another column."""
    filled = [index for index, cell in enumerate(cells) if str(cell).strip()]
    too_many = any(index >= len(header) for index in filled)
    if too_many or (len(cells) < len(header) and wanted.bestand.endswith(".csv")):
        count = "1 veld" if len(cells) == 1 else f"{len(cells)} velden"
        bericht = f"Deze rij heeft {count}; de kopregel heeft er {len(header)}. {_mend(too_many, delimiter)}"
        return [wanted.fail("RIJ_ONJUIST", bericht, regel)]
    unnamed = [index for index in filled if index and not header[index].strip()]
    if unnamed:
        bericht = f"Veld {unnamed[0] + 1} is gevuld, maar heeft geen kop. Geef de kolom een naam of maak het veld leeg."
        return [wanted.fail("RIJ_ONJUIST", bericht, regel)]
    return []


def _mend(too_many: bool, delimiter: str) -> str:
    """Return what to do about a row with too many fields, or with too few."""
    sign = {"\t": "een tab", "": "een scheidingsteken"}.get(delimiter, f"een scheidingsteken ({delimiter})")
    if too_many:
        return f"Er staat {sign} te veel. Hoort dat bij een naam of een bedrag? Zet dat veld tussen aanhalingstekens."
    return f"Er ontbreekt {sign}. Zet het erbij; een leeg veld heeft er ook een."


def _decode(path: Path, wanted: Wanted) -> tuple[str, list[Finding]]:
    """Return the text of a file: UTF-8 with or without BOM, else cp1252 with a notice."""
    raw = read_bytes(path, wanted)
    if b"\0" in raw:
        bericht = "Dit is geen tekstbestand. Bewaar het als CSV UTF-8."
        raise DataError([wanted.fail("BESTAND_ONLEESBAAR", bericht)])
    try:
        return raw.decode("utf-8-sig"), []
    except UnicodeDecodeError:
        if sum(byte > 127 for byte in raw) > 3 and _mostly_utf8(raw):
            bericht = "Het bestand is op een enkel teken na UTF-8. Bewaar het opnieuw als CSV UTF-8."
            raise DataError([wanted.fail("BESTAND_ONLEESBAAR", bericht)]) from None
        bericht = "Het bestand is geen UTF-8 en is gelezen als Windows-tekst (cp1252). Bewaar het als CSV UTF-8."
        try:
            return raw.decode("cp1252"), [wanted.notice("CODERING_CP1252", bericht)]
        except UnicodeDecodeError:
            bericht = "Dit is geen tekst in UTF-8 of Windows-tekst. Bewaar het als CSV UTF-8."
            raise DataError([wanted.fail("BESTAND_ONLEESBAAR", bericht)]) from None


def _mostly_utf8(raw: bytes) -> bool:
    """Return whether a file has characters that only UTF-8 writes so, and few that it does not."""
    text = raw.decode("utf-8", errors="replace")
    good = sum(ord(character) > 127 and character != "\ufffd" for character in text)
    return good > text.count("\ufffd")


def read_bytes(path: Path, wanted: Wanted) -> bytes:
    """Return the bytes of a file that is there, may be read and is not too large."""
    if path.exists() and not path.is_file():
        raise DataError([wanted.fail("BESTAND_ONLEESBAAR", "Dit is geen gewoon bestand.")])
    try:
        if path.stat().st_size <= MAX_BYTES:
            return path.read_bytes()
    except FileNotFoundError:
        bericht = "Het bestand is er niet, maar bron.yaml noemt de tabel. Voeg het toe of haal de tabel daar weg."
        raise DataError([wanted.fail("BESTAND_ONTBREEKT", bericht)]) from None
    except OSError:
        bericht = "Het bestand kan niet worden gelezen. Kijk of u het mag openen."
        raise DataError([wanted.fail("BESTAND_ONLEESBAAR", bericht)]) from None
    raise DataError([wanted.fail("BESTAND_TE_GROOT", f"Groter dan {MAX_BYTES // 1_000_000} MB.")])


class Split(NamedTuple):
    """A text in rows: what stands between their fields, the rows that are not blank, and from where it is `broken`.

    `broken` is the line from which the text can no longer be split, nil where it can to its end.
    """

    delimiter: str
    lines: list[Line]
    broken: int


def split_lines(text: str, wanted: Wanted) -> Split:
    """Split a text into rows with the delimiter whose header names most of our columns."""
    known = {fold(head) for head in wanted.headers().values()}

    def split(delimiter: str) -> Split:
        reader, begin = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, strict=True), 1
        lines: list[Line] = []
        try:
            for cells in reader:
                if any(cell.strip() for cell in cells):
                    lines.append((begin, cells))
                begin = reader.line_num + 1
        except csv.Error:
            return Split(delimiter, lines, begin)
        return Split(delimiter, lines, 0)

    def fit(found: Split) -> tuple[int, int]:
        header = found.lines[0][1] if found.lines else ()
        return sum(fold(str(cell)) in known for cell in header), len(header)

    return max(map(split, DELIMITERS), key=fit)


def match_header(header: Sequence[str], wanted: Wanted, regel: int) -> tuple[dict[str, int], list[Finding]]:
    """Return where each of our columns stands, and what is wrong with the header.

    A header that is unknown and close to a missing one is an error: it would silently become a column that
    was not delivered. A header that resembles nothing is told in a notice and left alone.
    """
    printed = {fold(head): index for index, head in reversed(list(enumerate(header))) if head.strip()}
    findings = [
        wanted.fail("KOLOM_DUBBEL", f"De kolom '{head}' staat er twee keer.", regel)
        for index, head in enumerate(header)
        if head.strip() and printed[fold(head)] != index
    ]
    names = wanted.headers()
    places = {column: printed[fold(head)] for column, head in names.items() if fold(head) in printed}
    if "post" in names and "post" not in wanted.kolommen and header and not header[0].strip():
        places.setdefault("post", 0)  # as tables are printed: no word above the names of the rows
    taken: dict[int, str] = {}
    for column, place in places.items():
        if place in taken:
            bericht = f"'{column}' en '{taken[place]}' wijzen naar dezelfde kolom '{header[place]}'. Pas bron.yaml aan."
            findings.append(wanted.fail("KOLOM_DUBBEL", bericht, regel, column))
        taken.setdefault(place, column)
    for column, head in wanted.kolommen.items():
        if column in names and column not in places:
            bericht = (
                f"De kolom '{head}' ({column}) staat niet in de kopregel.{nearest(head, header)} "
                f"Gevonden: {', '.join(header)}. Pas de kopregel aan, of 'kolommen' in bron.yaml."
            )
            findings.append(wanted.fail("KOLOM_ONTBREEKT", bericht, regel, column))
    missing = [head for column, head in names.items() if column not in places and column not in wanted.kolommen]
    for index, head in enumerate(header):
        if not head.strip() or index in places.values() or printed[fold(head)] != index:
            continue
        hint = "" if any(character.isdigit() for character in head) else nearest(head, missing, 0.8)
        if hint:
            bericht = f"De kolom '{head}' is onbekend.{hint} Pas de kopregel aan, of 'kolommen' in bron.yaml."
            findings.append(wanted.fail("KOLOM_ONBEKEND", bericht, regel, head))
        else:
            bericht = f"De kolom '{head}' is niet bekend en wordt niet gebruikt."
            findings.append(wanted.notice("KOLOM_NIET_GEBRUIKT", bericht, regel, head))
    return places, findings


def fold(text: str) -> str:
    """Return a header as it is compared: without case, with single spaces."""
    return " ".join(text.split()).casefold()
