"""Iv3 figures fetched from the CBS and kept as files: never needed for a build, and asked for once."""

from __future__ import annotations

import csv
import json
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from http.client import HTTPException
from pathlib import Path
from typing import Any
from urllib.parse import quote, urlencode, urlsplit
from urllib.request import Request, urlopen

from ..errors import BedrijfsvoeringError, nearest
from ..publishing.staging import write_whole
from .files import WRONG, is_there
from .tables import slug_of

SERVICE = "https://dataderden.cbs.nl/ODataApi/OData"
"""Where the CBS serves what municipalities delivered, one table per year."""
TABLES = Path(__file__).parent / "cbs_tables.csv"
"""The raw table of each year, in the division by taakvelden; a new year is a new line."""
SECONDS = 60
"""How long the service may take to answer once."""
KEPT = ("TaakveldBalanspost", "Categorie", "Gemeenten", "Verslagsoort", "k_1ePlaatsing_1", "k_2ePlaatsing_2")


def fetch_iv3(
    jaar: int, gemeenten: Sequence[str], folder: Path, say: Callable[[str], None], service: str = SERVICE
) -> list[Path]:
    """Fetch the budget and the account of some municipalities and a year, and keep each as `<gemeente>-<jaar>.json`.

    A file that is there already is not fetched again. The files are in the form that `load_iv3` reads; the CBS gives no
    inhabitants in them.

    Raises
    ------
    BedrijfsvoeringError
        The year or a municipality is not known to the CBS, or the service cannot be reached; nothing half is kept.
    """
    with TABLES.open(encoding="utf-8", newline="") as stream:
        tables = {int(row["jaar"]): row["tabel"] for row in csv.DictReader(stream)}
    table = tables.get(jaar)
    if table is None:
        known = f"{min(tables)} tot en met {max(tables)}"
        raise BedrijfsvoeringError(f"Het CBS heeft geen tabel voor {jaar}. Bekend zijn {known}.")
    paths = {gemeente: folder / f"{gemeente}-{jaar}.json" for gemeente in gemeenten}
    wanted = [gemeente for gemeente, path in paths.items() if not is_there(path)]
    if wanted:
        with _understood():
            names = {row["Key"].strip(): _name(row["Title"]) for row in _rows(f"{service}/{table}/Gemeenten")}
        codes = {slug_of(naam): code for code, naam in names.items()}
        for gemeente in wanted:
            if gemeente not in codes:
                raise BedrijfsvoeringError(f"Het CBS kent '{gemeente}' niet in {jaar}.{nearest(gemeente, list(codes))}")
        for gemeente in wanted:
            say(f"{gemeente} {jaar}: ophalen bij het CBS")
            code = codes[gemeente]
            with _understood():
                found = _deliveries(f"{service}/{table}", code, jaar)
                rows = [{name: row.get(name) for name in KEPT} for row in found]
            text = json.dumps({"gemeenten": {code: names[code]}, "value": rows}, ensure_ascii=False, indent=0)
            _keep(paths[gemeente], text + "\n")
    return list(paths.values())


def _keep(path: Path, text: str) -> None:
    """Write a file, and its folder where that is not there yet."""
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        write_whole(path, text)
    except OSError:
        told = f"In de map {str(path.parent)[:60]} kan niet worden geschreven. Maak er ruimte, of kies een andere map."
        raise BedrijfsvoeringError(told) from None


@contextmanager
def _understood() -> Iterator[None]:
    """Turn whatever is wrong with the service, or with the form of its answer, into one message."""
    try:
        yield
    except (*WRONG, HTTPException) as exc:
        raise BedrijfsvoeringError(
            f"Het CBS is niet te bereiken, of antwoordt in een andere vorm ({type(exc).__name__}). "
            "Probeer het later, of zet de bestanden zelf in de map; een netwerk is voor een pagina niet nodig."
        ) from None


def _name(title: str) -> str:
    return title.removesuffix("(gemeente)").strip()


def _deliveries(table: str, code: str, jaar: int) -> Iterator[dict[str, Any]]:
    """Yield the rows of a municipality, by main taakveld: the service gives at most 10.000 rows at a time."""
    for soort in (f"{jaar}X000", f"{jaar}X005"):
        for head in range(9):
            where = f"Gemeenten eq '{code}' and Verslagsoort eq '{soort}' and startswith(TaakveldBalanspost,'{head}.')"
            yield from _rows(f"{table}/TypedDataSet", where)


def _rows(address: str, where: str = "") -> Iterator[dict[str, Any]]:
    """Yield the rows of an address of the service, page after page; no page sends us elsewhere."""
    asked = {"$format": "json", **({"$filter": where} if where else {})}
    following = f"{address}?{urlencode(asked, quote_via=quote, safe='$')}"
    while following:
        if urlsplit(following)[:2] != urlsplit(address)[:2]:
            raise ValueError(following)
        with urlopen(Request(following, headers={"Accept": "application/json"}), timeout=SECONDS) as answer:
            page = json.load(answer)
        yield from page["value"]
        following = page.get("odata.nextLink", "")
