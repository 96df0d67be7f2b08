"""From a raw table to the house's form: exact amounts, one sign, stable keys; every problem of the file at once."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import replace
from decimal import Decimal

from .amounts import MAX_DIGITS, AmountError, parse_amount, round_half_up
from .cellreader import CellReader
from .errors import nearest
from .figures import Milestone, Post, Project, Soort, Table
from .reader import Cell, RawRow, RawTable
from .saldi import is_unsigned, with_saldi
from .source import MONEY_COLUMNS, STATUS, Kolom, TableSource, is_result
from .texts import clean

SOORT_MIJLPAAL = ("gerealiseerd", "gepland", "verwacht")
SOORT_POST: tuple[Soort, ...] = ("regel", "subtotaal", "totaal", "waarvan")
OORDEEL = {
    "v": "V", "voordeel": "V", "voordelig": "V", "n": "N", "nadeel": "N", "nadelig": "N",
    "": "", "-": "", "–": "", "0": "",
}  # fmt: skip
LETTERED = re.compile(r"(?P<amount>.*\d\)?)\s*(?P<letter>[VvNn])\.?")
"""A result with its letter in one cell: `10 N`."""


def normalise_money(raw: RawTable, source: TableSource) -> Table:
    """Return a money table in the house's form.

    Raises
    ------
    DataError
        An amount, a key, a `soort` or an `oordeel` that cannot be read; all of them at once.
    """
    cells = CellReader(raw, ("post",))
    present = [kolom for kolom in (*source.other_years, *MONEY_COLUMNS) if kolom in raw.columns]
    if not present:
        cells.absent("rekening")
    if "budgetresultaat" in present and source.budgetresultaat == "afwezig":
        bericht = (
            "Er is een kolom budgetresultaat, maar bron.yaml zegt 'budgetresultaat: afwezig'. "
            "Zet daar hoe de bron rekent: 'rekening - begroting' of 'begroting - rekening'."
        )
        cells.fail(None, "KOLOM_ONVERWACHT", bericht, "budgetresultaat")
    posten = [_read_post(row, cells, source, present) for row in cells.rows()]
    given = {row.regel for row in raw.rows if row.text("soort").strip()}
    posten = _with_keys(_with_letters(with_saldi(posten, source, given)), cells)
    return Table(raw.naam, raw.bestand, source, cells.end(posten), raw.places)


def _read_post(row: RawRow, cells: CellReader, source: TableSource, present: list[Kolom]) -> Post:
    """Return one row, its key still as given."""
    label = cells.text(row, "post", "POST_LEEG", "De naam van de post ontbreekt.")
    gedrukt: dict[Kolom, Decimal | None] = {}
    letter = ""
    for kolom in present:
        cell, text = row.cells[kolom], row.text(kolom)
        if isinstance(cell, str) and source.eenheid == "pct":
            cell = text.strip().removesuffix("%")
        match = LETTERED.fullmatch(text.strip()) if is_result(kolom) else None
        if isinstance(cell, str) and match:
            cell, letter = match["amount"], match["letter"].upper() if kolom == "budgetresultaat" else letter
        try:
            gedrukt[kolom] = cell if isinstance(cell, Decimal) else parse_amount(cell, source.decimalen)
            check_decimals(cell, gedrukt[kolom], source.decimalen)
        except AmountError as exc:
            bericht = f"Gevonden '{clean(text)}' bij {label or 'een lege post'}: {exc}. Verbeter de cel."
            cells.fail(row, "GETAL_ONLEESBAAR", bericht, kolom, text)
    soort = cells.choice(row, "soort", {name: name for name in SOORT_POST} | {"": soort_of(label)})
    oordeel = cells.choice(row, "oordeel", OORDEEL)
    return Post(
        sleutel=clean(row.text("sleutel")),
        post=label,
        soort=soort,
        regel=row.regel,
        bedragen=_house_sign(gedrukt, source),
        gedrukt=gedrukt,
        oordeel=oordeel or letter,
        toelichting=clean(row.text("toelichting")),
    )


def _with_letters(posten: list[Post]) -> list[Post]:
    """Give results that were printed without a sign the side of their letter V or N."""
    if not is_unsigned(posten):
        return posten
    signs = {"V": 1, "N": -1, "": 0}
    return [
        replace(post, bedragen={**post.bedragen, "budgetresultaat": abs(result) * signs[post.oordeel]})
        if (result := post.gedrukt.get("budgetresultaat")) is not None else post
        for post in posten
    ]  # fmt: skip


def check_decimals(cell: Cell, amount: Decimal | None, decimalen: int) -> None:
    """Refuse a printed amount with more decimals than the table declares: the bound of rounding would be wrong."""
    if amount is not None and abs(amount) >= 10**MAX_DIGITS:
        raise AmountError(f"dit zijn meer dan {MAX_DIGITS} cijfers; verwacht een bedrag van een gemeente")
    if isinstance(cell, str) and amount is not None and amount != round_half_up(amount, decimalen):
        raise AmountError(f"meer decimalen dan de {decimalen} die bron.yaml noemt; pas 'decimalen' of de cel aan")


def _house_sign(gedrukt: dict[Kolom, Decimal | None], source: TableSource) -> dict[Kolom, Decimal | None]:
    """Return the amounts with costs negative and a voordeel positive; a result not printed is computed."""
    positive = source.costs_positive
    turned = positive != (source.budgetresultaat == "begroting - rekening")
    house: dict[Kolom, Decimal | None] = {}
    for kolom, amount in gedrukt.items():
        turn = turned if is_result(kolom) else positive
        house[kolom] = -amount if amount and turn else amount
    rekening, begroting = house.get("rekening"), house.get("begroting_na_wijziging")
    if house.get("budgetresultaat") is not None:
        return house
    if rekening is not None and begroting is not None:
        house["budgetresultaat"] = rekening - begroting
    return house


def soort_of(label: str) -> Soort:
    """Return the kind of row that a label says: it begins with Totaal, Subtotaal or waarvan, in any case."""
    return next((soort for soort, pattern in SOORTEN.items() if pattern.search(label)), "regel")


SOORTEN: dict[Soort, re.Pattern[str]] = {
    "waarvan": re.compile(r"^\W*(?:waarvan|w\.?v\.?|wo\.)\b", re.IGNORECASE),
    "subtotaal": re.compile(r"^\W*subtota(?:al|le)", re.IGNORECASE),
    "totaal": re.compile(r"^\W*(?:(?:eind|generaal |algemeen )?tota(?:al|le|len)|som (?:der|van))\b", re.IGNORECASE),
}
"""What a label says of its row, where no column says it."""


def key_of(label: str) -> str:
    """Return the key of a label: lower case, no accents, `&` is `en`, `+` is `plus`, the rest underscores."""
    spelled = label.replace("&", " en ").replace("+", " plus ")
    plain = unicodedata.normalize("NFKD", spelled).encode("ascii", "ignore").decode().casefold()
    return re.sub(r"[^a-z0-9]+", "_", plain).strip("_")


def _with_keys(posten: list[Post], cells: CellReader) -> list[Post]:
    """Give each row its key (the only total is `totaal`) and tell of each key that stands there twice."""
    totals = [post for post in posten if post.soort == "totaal"]
    keyed: list[Post] = []
    seen: dict[str, int] = {}
    heading = ""
    for post in posten:
        derived = "totaal" if post.soort == "totaal" and len(totals) == 1 else key_of(post.post)
        if not post.is_filled:
            heading = derived
        elif derived in seen and heading and not post.sleutel:
            derived = f"{heading}_{derived}"  # rows that are called the same under each heading
        if derived in seen and not post.sleutel and (post.soort == "subtotaal" or not post.is_filled):
            derived = next(f"{derived}_{n}" for n in range(2, len(posten) + 2) if f"{derived}_{n}" not in seen)
        key = post.sleutel or derived
        if not re.fullmatch(r"[a-z0-9_]+", key) and post.post:
            bericht = f"De sleutel '{key}' mag alleen kleine letters, cijfers en _ bevatten. Geef een sleutel op."
            if not key:
                bericht = f"In '{post.post}' staat geen letter of cijfer. Verbeter de naam, of geef een sleutel op."
            cells.fail(post, "SLEUTEL_ONJUIST", bericht, "sleutel")
        elif key in seen:
            bericht = (
                f"De sleutel '{key}' ({post.post}) staat er al op regel {seen[key]}. "
                "Geef elke rij een eigen sleutel in de kolom sleutel, of haal de dubbele rij weg."
            )
            cells.fail(post, "SLEUTEL_DUBBEL", bericht, "sleutel")
        seen.setdefault(key, post.regel)
        keyed.append(replace(post, sleutel=key))
    return keyed


def normalise_projects(raw: RawTable) -> tuple[Project, ...]:
    """Return the projects, one per row; a DataError tells all that cannot be read."""
    cells = CellReader(raw, ("project", "status"))
    projects: dict[str, Project] = {}
    for row in cells.rows():
        status = cells.choice(row, "status", {name: name for name in STATUS} | {"": "onbekend"})
        texts = {name: clean(row.text(name)) for name in Project.__dataclass_fields__ if name != "status"}
        cells.text(row, "project", "POST_LEEG", "De naam van het project ontbreekt.")
        texts["sleutel"] = texts["sleutel"] or key_of(texts["project"])
        if texts["sleutel"] in projects:
            bericht = f"De sleutel '{texts['sleutel']}' staat er twee keer. Geef elk project een eigen sleutel."
            cells.fail(row, "SLEUTEL_DUBBEL", bericht, "sleutel")
        projects[texts["sleutel"]] = Project(status=status, **texts)
    return cells.end(projects.values())


def normalise_milestones(raw: RawTable, projects: tuple[Project, ...] | None) -> tuple[Milestone, ...]:
    """Return the milestones, one per row; each belongs to a project and has a date in its own precision.

    Where the projects could not be read (None), their keys are not held against the milestones.
    """
    cells = CellReader(raw, ("project", "mijlpaal", "begin", "soort"))
    keys = [project.sleutel for project in projects or ()]
    milestones: list[Milestone] = []
    for row in cells.rows():
        project = clean(row.text("project"))
        tekst = cells.text(row, "mijlpaal", "POST_LEEG", "De naam van de mijlpaal ontbreekt.")
        if project not in keys and projects is not None:
            bericht = f"Het project '{project}' staat niet in ict_projecten.{nearest(project, keys)}"
            cells.fail(row, "PROJECT_ONBEKEND", bericht, "project")
        begin, eind = (cells.period(row, column) for column in ("begin", "eind"))
        soort = cells.choice(row, "soort", SOORT_MIJLPAAL)
        if begin is None:
            if not clean(row.text("begin")):
                bericht = "De datum ontbreekt; verwacht een jaar of preciezer."
                cells.fail(row, "DATUM_ONTBREEKT", bericht, "begin")
        elif eind is not None and eind.last < begin.first:
            cells.fail(row, "DATUM_ONJUIST", "Het eind ligt voor het begin.", "eind")
        else:
            one = Milestone(project, tekst, begin, eind, soort, clean(row.text("bron")))
            if any(replace(one, bron=other.bron) == other for other in milestones):
                bericht = f"De mijlpaal '{tekst}' van '{project}' staat er twee keer. Haal een van de rijen weg."
                cells.fail(row, "MIJLPAAL_DUBBEL", bericht, "mijlpaal")
            milestones.append(one)
    return cells.end(milestones)
