"""A published edition read back: what `output/<gemeente>/<jaar>/` says, as a snapshot to compare with another build."""

from __future__ import annotations

import csv
import io
import json
import re
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import fields
from decimal import Decimal
from pathlib import Path
from typing import Any, TypeVar, get_args

from ..errors import DataError
from ..figures import EENHEID, Post, Project, Soort, Table
from ..findings import JSON_KEYS, Ernst, Finding
from ..source import MONEY_COLUMNS, STATUS, TEXT_TABLES, Eenheid, Kolom, TableSource, is_result, year_of
from ..texts import clean
from .page_text import page_sentences
from .snapshots import Milestones, Snapshot, milestones_of, table_declared

MAX_BYTES = 50_000_000
"""No file of an edition comes near this."""
NAME = re.compile(r"[a-z][a-z0-9_]{0,30}")
GUARD = re.compile(r"^'(?=[=+\-@\t\r])")
"""The mark before a text that a spreadsheet would run as a formula; it is no part of the text."""
MAX_DECIMALS, MAX_DIGITS = 6, 18
MONEY = ("sleutel", "post", "soort")
"""Columns that every money table has."""
WRONG = (ValueError, LookupError, TypeError, AttributeError, ArithmeticError, OSError, RecursionError, csv.Error,
         AssertionError)  # fmt: skip
"""What goes wrong with a file that no build wrote; the parser of HTML asserts."""
Row = Mapping[str, str]
Word = TypeVar("Word", bound=str)


def read_published(folder: Path, naam: str) -> Snapshot:
    """Return what a published edition says.

    Parameters
    ----------
    folder
        A folder such as `output/<gemeente>/<jaar>`, as a build left it: the figures, the findings and the page.
    naam
        What it is called beside the other build.

    Raises
    ------
    DataError
        A file is missing or is not what a build writes; it says which.
    """
    manifest = read_json(folder / "manifest.json")
    with _understood(folder / "manifest.json"):
        about = {"gemeente": clean(manifest["naam"]), "titel": clean(manifest["titel"])}
        jaar, given = int(manifest["jaar"]), dict(manifest["parameters"])
    tables, words, titles = _read_cijfers(folder / "cijfers")
    declared = {key: value for table in tables.values() for key, value in table_declared(table).items()}
    told = {f"parameter {key}": ", ".join(map(str, v)) if isinstance(v, list) else str(v) for key, v in given.items()}
    page = _read_text(folder / "index.html")
    with _understood(folder / "index.html"):
        zinnen = page_sentences(page)
        if not zinnen or "</html>" not in page:
            raise ValueError
    return Snapshot(
        naam=naam,
        jaar=jaar,
        **about,
        gegevens={**about, **declared, **titles, **told},
        tables=tables,
        projecten=_projects(words.get("ict_projecten", []), folder),
        mijlpalen=_milestones(words.get("ict_mijlpalen", []), folder),
        findings=_read_findings(folder / "bevindingen.json"),
        zinnen=zinnen,
        exact=False,
    )


def _read_cijfers(folder: Path) -> tuple[dict[str, Table], dict[str, list[Row]], dict[str, str]]:
    """Return the money tables, the rows of the other tables, and the title of each."""
    path = folder / "datapackage.json"
    package = read_json(path)
    with _understood(path):
        described = {str(one["path"]).removesuffix(".csv"): one for one in package["resources"]}
        if not all(NAME.fullmatch(naam) for naam in described):
            raise ValueError
    tables, words = dict[str, Table](), dict[str, list[Row]]()
    for naam, one in described.items():
        file = folder / f"{naam}.csv"
        rows = _read_rows(file)
        if naam in TEXT_TABLES:
            words[naam] = rows
            continue
        with _understood(file):
            tables[naam] = _table(naam, str(one["title"]), str(one.get("description", "")), rows, file)
    return tables, words, {f"{naam}.titel": str(described[naam]["title"]) for naam in tables}


def _table(naam: str, titel: str, about: str, rows: Sequence[Row], file: Path) -> Table:
    """Return a money table; its unit is in its description, its decimals and signs are those of its amounts."""
    first = rows[0] if rows else {}
    kolommen = [kolom for kolom in first if kolom in MONEY_COLUMNS or year_of(kolom)]
    posten = tuple(_post(row, number, kolommen) for number, row in enumerate(rows, start=2))
    amounts = [amount for post in posten for amount in post.gedrukt.values() if amount]
    decimalen = max((-int(amount.normalize().as_tuple().exponent) for amount in amounts), default=0)
    source = TableSource(
        titel=clean(titel)[:200],
        eenheid=_unit(about),
        decimalen=min(max(decimalen, 0), MAX_DECIMALS),
        kolommen={kolom: kolom for kolom in kolommen if year_of(kolom)},
        **_signs(posten),
    )
    return Table(naam, file.as_posix(), source, posten)


def _unit(about: str) -> Eenheid:
    """Return the unit that a description begins with."""
    for eenheid in get_args(Eenheid):
        if about.startswith(f"{EENHEID[eenheid]}."):
            return eenheid  # type: ignore[no-any-return]  # get_args forgets what it gives
    raise ValueError(about)


def _post(row: Row, regel: int, kolommen: Sequence[Kolom]) -> Post:
    """Return one row; an empty cell is unknown."""
    sleutel, post, soort = (_text(row[name]) for name in MONEY)
    house, printed = (
        {kolom: _amount(row[f"{kolom}{end}"]) for kolom in kolommen} for end in ("", "_gedrukt")
    )  # fmt: skip
    return Post(
        sleutel, post, _one_of(soort, get_args(Soort)), regel, house, printed, toelichting=_text(row["toelichting"])
    )  # fmt: skip


def _signs(posten: Sequence[Post]) -> dict[str, Any]:
    """Return how costs and results were printed, as far as the amounts show it."""
    stages, results = _turned(posten, result=False), _turned(posten, result=True)
    lasten = None if stages is None else "positief" if stages else "negatief"
    if results is None:
        return {"lasten": lasten}
    forward = results is bool(stages)
    return {"lasten": lasten, "budgetresultaat": f"{'rekening - begroting' if forward else 'begroting - rekening'}"}


def _turned(posten: Sequence[Post], result: bool) -> bool | None:
    """Return whether most amounts were printed with the other sign; None where there are none."""
    pairs = [
        (printed, post.bedragen.get(kolom))
        for post in posten for kolom, printed in post.gedrukt.items() if printed and is_result(kolom) is result
    ]  # fmt: skip
    other = sum(printed != amount for printed, amount in pairs)
    return 2 * other > len(pairs) if pairs else None


def _amount(text: str) -> Decimal | None:
    """Return an amount as a data file writes it."""
    if not text:
        return None
    amount = Decimal(text)
    if not amount.is_finite() or abs(amount) >= 10**MAX_DIGITS or int(amount.as_tuple().exponent) < -MAX_DIGITS:
        raise ValueError
    return amount


def _text(text: str) -> str:
    return clean(GUARD.sub("", text))


def _one_of(text: str, known: Sequence[Word]) -> Word:
    """Return the known word that a text is."""
    for word in known:
        if word == text:
            return word
    raise ValueError(text)


def _projects(rows: Sequence[Row], folder: Path) -> tuple[Project, ...]:
    with _understood(folder / "cijfers" / "ict_projecten.csv"):
        names = [one.name for one in fields(Project)]
        found = [Project(**{name: _text(row[name]) for name in names}) for row in rows]
        if any(project.status not in STATUS for project in found):
            raise ValueError
    return tuple(found)


def _milestones(rows: Sequence[Row], folder: Path) -> Milestones:
    with _understood(folder / "cijfers" / "ict_mijlpalen.csv"):
        told = [{name: _text(row[name]) for name in ("project", "mijlpaal", "begin", "eind", "soort")} for row in rows]
    return milestones_of(
        (one["project"], one["mijlpaal"], " tot ".join(filter(None, (one["begin"], one["eind"]))), one["soort"])
        for one in told
    )


def _read_findings(path: Path) -> list[Finding]:
    """Return the findings of a build."""
    found = read_json(path)
    with _understood(path):
        findings = []
        for one in found:
            values = {key: one[key] for key in JSON_KEYS} | {"aanvaard": one.get("aanvaard")}
            for key in ("gedrukt", "berekend", "grens"):
                values[key] = Decimal(values[key]) if isinstance(values[key], int) else values[key]
            if not all(value is None or type(value) in (str, int, Decimal) for value in values.values()):
                raise TypeError
            _one_of(values["ernst"], get_args(Ernst))
            findings.append(Finding(**values))
        if not all(isinstance(one.bericht, str) and isinstance(one.code, str) for one in findings):
            raise TypeError
    return findings


def _read_rows(path: Path) -> list[Row]:
    """Return the rows of a data file by the names of their columns."""
    with _understood(path):
        return list(csv.DictReader(io.StringIO(_read_text(path), newline=""), strict=True))


def read_json(path: Path) -> Any:
    """Return what a JSON file of a build holds, amounts exact.

    Raises
    ------
    DataError
        The file is not there, or is no JSON.
    """
    with _understood(path):
        return json.loads(_read_text(path), parse_float=Decimal)


def _read_text(path: Path) -> str:
    """Return a file of a build as text."""
    if not path.is_file():
        raise _fail(path, "BESTAND_ONTBREEKT", "Het bestand is er niet. Verwacht: de map van een gebouwde uitgave.")
    if path.stat().st_size > MAX_BYTES:
        raise _fail(path, "BESTAND_TE_GROOT", f"Het bestand is groter dan {MAX_BYTES // 1_000_000} MB.")
    with _understood(path):
        return path.read_text(encoding="utf-8")


@contextmanager
def _understood(path: Path) -> Iterator[None]:
    """Turn whatever is wrong with what stands in a file into one message."""
    try:
        yield
    except WRONG:
        bericht = "Dit is niet wat een build schrijft. Geef de map van een uitgave zoals zij is gebouwd."
        raise _fail(path, "BESTAND_ONLEESBAAR", bericht) from None


def _fail(path: Path, code: str, bericht: str) -> DataError:
    return DataError([Finding(code=code, ernst="fout", bericht=bericht, bestand=path.as_posix())])
