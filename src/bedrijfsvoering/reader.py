"""Files as people keep them, read to raw rows of text: nothing is interpreted here, everything is placed."""

from __future__ import annotations

import csv
import io
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from .errors import DataError, nearest
from .findings import Finding

MAX_BYTES = 5_000_000
"""A table of a municipality's accounts is some kilobytes; a larger file is refused before it is read."""
MAX_ROWS = 5_000
"""More rows than any table of a report; a larger one is refused."""
DELIMITERS = (";", ",", "\t")


@dataclass(frozen=True)
class RawRow:
    """One row of a file: the line where it begins, and its cells by our column names, as printed."""

    regel: int
    cells: Mapping[str, str]


@dataclass(frozen=True)
class RawTable:
    """One table as it stood in its file, its columns under our names."""

    naam: str
    bestand: str
    columns: tuple[str, ...]
    rows: tuple[RawRow, ...]
    notices: tuple[Finding, ...] = ()


def read_csv(path: Path, naam: str, bestand: str, columns: Sequence[str], kolommen: Mapping[str, str]) -> RawTable:
    """Read one CSV file.

    Parameters
    ----------
    path, bestand
        Where the file is, and how messages name it.
    naam
        The table.
    columns
        Our names of the columns that the table may have.
    kolommen
        Our name -> the header as printed, for the headers that are not our names.

    Returns
    -------
    RawTable
        One row per filled line under the header, all cells as text.

    Raises
    ------
    DataError
        Every problem of the file at once.
    """
    text, notices = _decode(path, naam, bestand)
    lines = _split(text, [*columns, *kolommen.values()])
    if not lines:
        raise DataError([_fail("BESTAND_LEEG", "Het bestand is leeg. Verwacht een kopregel en rijen.", naam, bestand)])
    if len(lines) - 1 > MAX_ROWS:
        raise DataError([_fail("BESTAND_TE_GROOT", f"Meer dan {MAX_ROWS} rijen.", naam, bestand)])
    (head_line, header), *body = lines
    places, found = match_header(header, columns, kolommen, naam, bestand, head_line)
    rows = []
    for regel, cells in body:
        if any(cell.strip() for cell in cells[len(header) :]):
            found.append(
                _fail(
                    "RIJ_ONJUIST",
                    f"Deze rij heeft {len(cells)} velden; de kopregel heeft er {len(header)}. "
                    "Staat er een scheidingsteken te veel, zet het veld dan tussen aanhalingstekens.",
                    naam, bestand, regel,
                )
            )  # fmt: skip
        padded = [*cells, *[""] * (len(header) - len(cells))]
        rows.append(RawRow(regel, {column: padded[place] for column, place in places.items()}))
    problems = [finding for finding in found if finding.ernst == "fout"]
    if not rows and not problems:
        problems.append(_fail("BESTAND_LEEG", "Er staan geen rijen onder de kopregel.", naam, bestand))
    if problems:
        raise DataError(problems)
    return RawTable(naam, bestand, tuple(places), tuple(rows), (*notices, *found))


def _decode(path: Path, naam: str, bestand: str) -> tuple[str, tuple[Finding, ...]]:
    """Return the text of a file: UTF-8 with or without BOM, else cp1252 with a notice."""
    try:
        size = path.stat().st_size
        raw = path.read_bytes() if size <= MAX_BYTES else b""
    except FileNotFoundError:
        bericht = "Het bestand is er niet, maar bron.yaml noemt de tabel. Voeg het toe of haal de tabel daar weg."
        raise DataError([_fail("BESTAND_ONTBREEKT", bericht, naam, bestand)]) from None
    except OSError as exc:
        bericht = f"Het bestand kan niet worden gelezen: {exc.strerror}."
        raise DataError([_fail("BESTAND_ONLEESBAAR", bericht, naam, bestand)]) from None
    if size > MAX_BYTES:
        raise DataError([_fail("BESTAND_TE_GROOT", f"Groter dan {MAX_BYTES // 1_000_000} MB.", naam, bestand)])
    if b"\0" in raw:
        bericht = "Dit is geen tekstbestand. Bewaar het als CSV UTF-8."
        raise DataError([_fail("BESTAND_ONLEESBAAR", bericht, naam, bestand)])
    try:
        return raw.decode("utf-8-sig"), ()
    except UnicodeDecodeError:
        bericht = "Het bestand is geen UTF-8 en is gelezen als Windows-tekst (cp1252). Bewaar het als CSV UTF-8."
        notice = Finding(code="CODERING_CP1252", ernst="melding", tabel=naam, bestand=bestand, bericht=bericht)
        return raw.decode("cp1252", errors="replace"), (notice,)


def _split(text: str, names: Sequence[str]) -> list[tuple[int, list[str]]]:
    """Split into rows with the delimiter whose header names most of our columns; blank rows fall away."""
    known = {fold(name) for name in names}

    def rows(delimiter: str) -> list[tuple[int, list[str]]]:
        reader, result, begin = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter), [], 1
        try:
            for cells in reader:
                if any(cell.strip() for cell in cells):
                    result.append((begin, cells))
                begin = reader.line_num + 1
        except csv.Error:
            return result
        return result

    candidates = [rows(delimiter) for delimiter in DELIMITERS]
    return max(
        candidates,
        key=lambda found: (sum(fold(cell) in known for cell in found[0][1]), len(found[0][1])) if found else (0, 0),
    )


def match_header(
    header: Sequence[str],
    columns: Sequence[str],
    kolommen: Mapping[str, str],
    naam: str,
    bestand: str,
    regel: int,
) -> tuple[dict[str, int], list[Finding]]:
    """Return where each of our columns stands, and what is wrong with the header.

    A header that is unknown and close to a missing one is an error: it would silently become a column that
    was not delivered. A header that resembles nothing is told in a notice and left alone.
    """
    printed = {fold(head): index for index, head in reversed(list(enumerate(header))) if head.strip()}
    findings = [
        _fail("KOLOM_DUBBEL", f"De kolom '{head}' staat er twee keer.", naam, bestand, regel)
        for index, head in enumerate(header)
        if head.strip() and printed[fold(head)] != index
    ]
    wanted = {column: kolommen.get(column, column) for column in columns}
    places = {column: printed[fold(head)] for column, head in wanted.items() if fold(head) in printed}
    for column, head in kolommen.items():
        if column in wanted and column not in places:
            bericht = (
                f"De kolom '{head}' ({column}) staat niet in de kopregel.{nearest(head, header)} "
                f"Gevonden: {', '.join(header)}. Pas de kopregel aan, of 'kolommen' in bron.yaml."
            )
            findings.append(_fail("KOLOM_ONTBREEKT", bericht, naam, bestand, regel, column))
    missing = [head for column, head in wanted.items() if column not in places and column not in kolommen]
    for index, head in enumerate(header):
        if not head.strip() or index in places.values() or printed[fold(head)] != index:
            continue
        hint = nearest(head, missing)
        if hint:
            bericht = f"De kolom '{head}' is onbekend.{hint} Pas de kopregel aan, of 'kolommen' in bron.yaml."
            findings.append(_fail("KOLOM_ONBEKEND", bericht, naam, bestand, regel, head))
        else:
            bericht = f"De kolom '{head}' is niet bekend en wordt niet gebruikt."
            findings.append(
                Finding(
                    code="KOLOM_NIET_GEBRUIKT", ernst="melding", tabel=naam, kolom=head,
                    bestand=bestand, regel=regel, bericht=bericht,
                )
            )  # fmt: skip
    return places, findings


def fold(text: str) -> str:
    """Return a header as it is compared: without case, with single spaces."""
    return " ".join(text.split()).casefold()


def _fail(
    code: str, bericht: str, tabel: str, bestand: str, regel: int | None = None, kolom: str | None = None
) -> Finding:
    return Finding(code=code, ernst="fout", bericht=bericht, tabel=tabel, bestand=bestand, regel=regel, kolom=kolom)
