"""A folder with Iv3 figures of all municipalities: extracts per delivery or taakveld, and raw tables of the CBS."""

from __future__ import annotations

import csv
import json
import re
from collections import defaultdict
from collections.abc import Callable, Iterator, Mapping
from dataclasses import replace
from decimal import Decimal
from pathlib import Path
from typing import Any

from ..errors import DataError
from ..figures import Figures
from ..findings import Check, Finding
from ..inputs import iv3_paths
from .deliveries import AMOUNTS, DOCUMENTS, KOLOM_IV3, MEASURES, Delivery, Document, Spread, spread_of
from .tables import LARGEST, slug_of

Key = tuple[str, int, Document]
"""Municipality, year and document: what a delivery is of."""
OVERHEAD = "0.4"
RESERVES = ("0.10", "0.11")
"""Mutations of reserves and the result: taakvelden that are no costs of a year."""
VERSLAGSOORT: dict[str, Document] = {"000": "begroting", "005": "jaarrekening"}
"""The end of a CBS document code (`2023X005`): a budget, an account. Quarters are left alone."""
SALARISSEN, INHUUR = ("L1.1",), ("L3.5.1",)
"""The categories of salaries and of hired staff (inhuur van personeel)."""
WHOLE = "Nederland"
"""A row that is the sum of all, and no municipality."""
WRONG = (ValueError, LookupError, TypeError, AttributeError, ArithmeticError, OSError, RecursionError, csv.Error)
"""What goes wrong with a file of another form."""
Row = Mapping[str, str]


def load_iv3(folder: Path) -> dict[Key, Delivery]:
    """Read every `.csv` and `.json` of a folder, and return one delivery per municipality, year and document.

    What one file does not hold, another may: the figures of a delivery are put together, in the order of the files'
    names. Amounts are x EUR 1.000, gross; a delivery of nothing but zeros was not made.

    Raises
    ------
    DataError
        The folder is not there, or holds a file of another form; all problems at once.
    """
    paths = iv3_paths(folder)
    problems: list[Finding] = []
    found: dict[Key, Delivery] = {}
    for path in paths:
        try:
            own: dict[Key, Delivery] = {}
            for delivery in _read_file(path):
                key = (delivery.gemeente, delivery.jaar, delivery.document)
                if own.setdefault(key, delivery) != delivery:
                    raise ValueError(f"{delivery.naam}, {delivery.moment} staat er twee keer, met andere cijfers")
                found[key] = _joined(found[key], delivery) if key in found else delivery
        except WRONG as exc:
            problems.append(_fail(path.name, f"Dit is geen bestand met Iv3-cijfers ({type(exc).__name__}: {exc})."))
    if not paths:
        told = "In deze map staan geen Iv3-cijfers (bestanden .csv of .json)."
        if not is_there(folder):
            told = "Deze map is er niet. Noem bij iv3_dir een map die er is, of laat iv3_dir leeg."
        problems.append(_fail(str(folder), told))
    if problems:
        raise DataError(problems)
    return found


def is_there(path: Path) -> bool:
    """Return whether a file or a folder is there; one with a name that no disk takes is not."""
    try:
        return path.exists()
    except OSError:
        return False


def with_iv3(figures: Figures, folder: Path) -> Figures:
    """Return figures with what a folder of Iv3 figures adds: own years, other municipalities, the spread by size.

    What the edition holds itself goes first; where the folder has another figure for the same delivery, that is told
    (`IV3_VERSCHIL`).
    """
    loaded = load_iv3(folder)
    own = [one for one in loaded.values() if one.gemeente == figures.gemeente]
    have = {(one.jaar, one.document): one for one in figures.reeks}
    reeks = [*figures.reeks, *(one for one in own if (one.jaar, one.document) not in have)]
    elders = [one for one in loaded.values() if one.jaar == figures.jaar and one.gemeente != figures.gemeente]
    spreads = [*figures.verdeling, *_spreads(figures, own, loaded)]
    check = _check_same(have, own, folder)
    return replace(figures, reeks=tuple(sorted(reeks, key=lambda one: (one.jaar, one.document))), elders=tuple(elders),
                   verdeling=tuple(spreads), checks=(*figures.checks, check))  # fmt: skip


def _spreads(figures: Figures, own: list[Delivery], loaded: Mapping[Key, Delivery]) -> Iterator[Spread]:
    """Yield the spread of each measure over the municipality's size class, but for those that the edition holds."""
    told = {(one.maat, one.jaar, one.document) for one in figures.verdeling}
    for mine in own:
        if mine.jaar != figures.jaar or not mine.grootteklasse:
            continue
        same = (mine.jaar, mine.document, mine.grootteklasse)
        peers = [one for one in loaded.values() if (one.jaar, one.document, one.grootteklasse) == same]
        for maat in MEASURES:
            spread = spread_of(peers, maat, f"CBS Iv3, {mine.moment}, eigen telling")
            if spread and (maat, mine.jaar, mine.document) not in told:
                yield spread


def _check_same(have: Mapping[tuple[int, Document], Delivery], own: list[Delivery], folder: Path) -> Check:
    """Hold the series of the edition against the folder: the same delivery has the same figures."""
    found = []
    pairs = [(have[key], one) for one in own if (key := (one.jaar, one.document)) in have]
    for mine, one in pairs:
        for name in AMOUNTS:
            given, other = mine.bedragen.get(name), one.bedragen.get(name)
            if given is not None and other is not None and given != other:
                what = KOLOM_IV3[name].lower()
                bericht = f"{one.moment}, {what}: reeks.csv heeft {given}, de Iv3-cijfers hebben {other}."
                found.append(Finding("IV3_VERSCHIL", "waarschuwing", bericht, "reeks", one.sleutel, name, given, other,
                                     bestand=folder.name))  # fmt: skip
    told = f"{len(found)} andere cijfers" if found else "dezelfde cijfers"
    return Check("Reeks tegen de Iv3-cijfers", "reeks", len(own), "melding" if found else "akkoord", told,
                 findings=tuple(found))  # fmt: skip


def _fail(bestand: str, bericht: str) -> Finding:
    return Finding(code="IV3_ONLEESBAAR", ernst="fout", bericht=bericht, bestand=bestand)


def _joined(first: Delivery, other: Delivery) -> Delivery:
    """Return a delivery with what the first does not hold taken from the other."""
    bedragen = {name: first.bedragen.get(name) if first.bedragen.get(name) is not None else other.bedragen.get(name)
                for name in AMOUNTS}  # fmt: skip
    return replace(first, bedragen=bedragen, grootteklasse=first.grootteklasse or other.grootteklasse)


def _read_file(path: Path) -> Iterator[Delivery]:
    if path.suffix == ".json":
        yield from read_odata(json.loads(path.read_text(encoding="utf-8-sig"), parse_float=Decimal, parse_int=Decimal))
        return
    with path.open(encoding="utf-8-sig", newline="") as stream:
        rows = list(csv.DictReader(stream))
    head = set(rows[0]) if rows else set()
    for needed, read in FORMS:
        if needed <= head:
            yield from read(rows)
            return
    raise ValueError("de kopregel is niet die van een uittreksel")


def _amount(row: Row, name: str) -> Decimal | None:
    text = (row.get(name) or "").strip()
    if text and not re.fullmatch(r"-?\d+(?:\.\d{1,2})?", text, re.ASCII):
        raise ValueError(f"'{text}' is geen heel bedrag, zoals 15763")
    return _checked(Decimal(text)) if text else None


def _checked(amount: Decimal) -> Decimal:
    """Return an amount that can be one."""
    if not amount.is_finite() or abs(amount) >= LARGEST:
        raise ValueError(f"'{amount}' is geen bedrag van een gemeente")
    return amount


def _delivery(row: Row, bedragen: Mapping[str, Decimal | None]) -> Delivery:
    jaar = int(row["jaar"])
    document = next((one for one in DOCUMENTS if one == row["document"]), None)
    if document is None:
        raise ValueError(f"document '{row['document']}' is geen begroting of jaarrekening")
    full = {name: bedragen.get(name) for name in AMOUNTS}
    for part, whole in (("overhead_lasten", "lasten"), ("inwoners", None), ("lasten", None)):
        amount, most = full[part], full[whole] if whole else None
        if amount is not None and (amount < 0 or (most is not None and amount > most)):
            raise ValueError(f"{row['gemeente']}, {document} {jaar}: {part} is {amount}")
    klasse = (row.get("grootteklasse") or "").casefold()
    bron = f"CBS Iv3, {document} {jaar}"
    return Delivery(slug_of(row["gemeente"]), row["gemeente"], jaar, document, full, bron, klasse)


def _read_totals(rows: list[dict[str, str]]) -> Iterator[Delivery]:
    """Read the form with one row per delivery and its totals."""
    columns = {"inwoners": "inwoners", "lasten": "lasten_excl_reserves", "overhead_lasten": "lasten_0.4_overhead",
               "salarissen": "salarissen_totaal", "inhuur": "inhuur_totaal"}  # fmt: skip
    for row in rows:
        if row["gemeente"] != WHOLE:
            yield _delivery(row, {name: _amount(row, column) for name, column in columns.items()})


def _read_overhead(rows: list[dict[str, str]]) -> Iterator[Delivery]:
    """Read the form with one row per delivery for taakveld 0.4, beside the totals of all taakvelden."""
    columns = {"inwoners": "inwonertal", "lasten": "totaal_lasten_excl_0.10_0.11", "overhead_lasten": "lasten",
               "overhead_baten": "baten"}  # fmt: skip
    for row in rows:
        if row["gemeente"] != WHOLE and _taakveld(row["taakveld"]) == OVERHEAD:
            yield _delivery(row, {name: _amount(row, column) for name, column in columns.items()})


def _read_taakvelden(rows: list[dict[str, str]]) -> Iterator[Delivery]:
    """Read the form with one row per delivery and taakveld."""
    grouped: dict[tuple[str, str, str], list[dict[str, str]]] = defaultdict(list)
    for row in rows:
        if row["gemeente"] != WHOLE:
            grouped[row["gemeente"], row["jaar"], row["document"]].append(row)
    for own in grouped.values():
        counted = [row for row in own if _taakveld(row["taakveld"]) not in RESERVES]
        overhead = [row for row in own if _taakveld(row["taakveld"]) == OVERHEAD]
        yield _delivery(own[0], {
            "lasten": _sum(counted, "lasten"), "overhead_lasten": _sum(overhead, "lasten"),
            "overhead_baten": _sum(overhead, "baten"), "salarissen": _sum(own, "salarissen_L1.1"),
        })  # fmt: skip


def _sum(rows: list[dict[str, str]], name: str) -> Decimal | None:
    known = [amount for row in rows if (amount := _amount(row, name)) is not None]
    return sum(known, Decimal(0)) if known else None


def _taakveld(text: str) -> str:
    """Return the code of a taakveld: `0.4 Overhead` is 0.4."""
    return text.split()[0] if text.split() else ""


FORMS: tuple[tuple[set[str], Callable[[list[dict[str, str]]], Iterator[Delivery]]], ...] = (
    ({"gemeente", "jaar", "document", "lasten_excl_reserves", "lasten_0.4_overhead"}, _read_totals),
    ({"gemeente", "jaar", "document", "taakveld", "totaal_lasten_excl_0.10_0.11", "lasten"}, _read_overhead),
    ({"gemeente", "jaar", "document", "taakveld", "lasten", "baten"}, _read_taakvelden),
)
"""Columns that tell a form of extract, and what reads it."""


def read_odata(answer: Mapping[str, Any]) -> Iterator[Delivery]:
    """Read a raw table of the CBS (Iv3, one table per year) as its OData service gives it.

    `answer["value"]` has one row per taakveld, category, municipality and document, with the amount x EUR 1.000 in the
    first (`k_1ePlaatsing_1`) and the second publication (`k_2ePlaatsing_2`, taken where it is there). Categories begin
    with L (costs) or B (income). `answer["gemeenten"]` maps the codes (`GM0384`) to names; a code without a name keeps
    its code. There are no inhabitants in it.
    """
    names = answer.get("gemeenten", {})
    sums: dict[tuple[str, int, Document], dict[str, Decimal]] = defaultdict(dict)
    for row in answer["value"]:
        code, soort = str(row["Gemeenten"]).strip(), str(row["Verslagsoort"]).strip()
        document = VERSLAGSOORT.get(soort[5:])
        if document is None:
            continue
        amount = row.get("k_2ePlaatsing_2")
        amount = row.get("k_1ePlaatsing_1") if amount is None else amount
        own = sums[names.get(code, code), int(soort[:4]), document]
        if amount is None:
            continue
        for name in _parts(_taakveld(str(row["TaakveldBalanspost"])), str(row["Categorie"]).strip()):
            own[name] = own.get(name, Decimal(0)) + _checked(Decimal(amount))
    for (naam, jaar, document), bedragen in sums.items():
        yield _delivery({"gemeente": naam, "jaar": str(jaar), "document": document}, bedragen)


def _parts(taakveld: str, categorie: str) -> Iterator[str]:
    """Yield the figures of a delivery that a taakveld and a category are a part of."""
    costs, income = categorie.startswith("L"), categorie.startswith("B")
    if not (costs or income) or not taakveld[:1].isdigit():
        return  # a balance sheet item
    if costs and taakveld not in RESERVES:
        yield "lasten"
    if taakveld == OVERHEAD:
        yield "overhead_lasten" if costs else "overhead_baten"
    if categorie in SALARISSEN:
        yield "salarissen"
    if categorie in INHUUR:
        yield "inhuur"
