"""The source description of an edition: `bron.yaml`, which says per table how the source printed it."""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Annotated, Any, Literal

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, ValidationError, field_validator

from .errors import DataError, nearest
from .findings import Finding
from .texts import clean
from .yamlfile import read_yaml

Eenheid = Literal["eur", "eur_1000", "eur_mln", "fte", "pct"]
Kolom = str
"""A money column: one of `MONEY_COLUMNS`, or one of another year such as `rekening_2022`."""

EURO = {"eur": Decimal(1), "eur_1000": Decimal(1000), "eur_mln": Decimal(1_000_000)}
"""What one unit of a table is in euro."""

MONEY_COLUMNS: tuple[Kolom, ...] = (
    "begroting_primitief",
    "begroting_na_wijziging",
    "rekening",
    "budgetresultaat",
)
"""The amount columns of a money table, in the order of the page."""
OTHER_YEAR = re.compile(r"(begroting_primitief|begroting_na_wijziging|rekening|budgetresultaat)_(\d{4})")
"""A column of another year than the edition's; `kolommen` gives it its printed header."""
TEXT_COLUMNS = ("post", "sleutel", "soort", "oordeel", "toelichting")
"""The other columns of a money table."""
PROJECT_COLUMNS = ("sleutel", "project", "programma", "status", "stand", "risico", "volgende_stap", "bron")
STATUS = ("loopt", "aandacht", "bijsturen", "stilgelegd", "afgerond", "onbekend")
"""What the status of a project can be."""
MILESTONE_COLUMNS = ("project", "mijlpaal", "begin", "eind", "soort", "bron")

IV3_COLUMNS = ("inwoners", "lasten", "overhead_lasten", "overhead_baten", "salarissen", "inhuur")
REEKS_COLUMNS = ("jaar", "document", *IV3_COLUMNS, "bron")
VERGELIJKING_COLUMNS = ("gemeente", "grootteklasse", *REEKS_COLUMNS)
VERDELING_COLUMNS = (
    "maat", "grootteklasse", "jaar", "document", "aantal", "p10", "p25", "mediaan", "p75", "p90", "bron",
)  # fmt: skip
INDICATOREN = ("formatie", "bezetting", "apparaatskosten", "externe_inhuur", "overhead")
"""The five indicators that every municipality must give (BBV, Bestuur en ondersteuning)."""
INDICATOR_COLUMNS = ("indicator", "begroting", "rekening", "grondslag", "bron")

TEXT_TABLES: dict[str, tuple[str, ...]] = {
    "ict_projecten": PROJECT_COLUMNS, "ict_mijlpalen": MILESTONE_COLUMNS, "reeks": REEKS_COLUMNS,
    "vergelijking": VERGELIJKING_COLUMNS, "verdeling": VERDELING_COLUMNS, "indicatoren": INDICATOR_COLUMNS,
}  # fmt: skip
"""Tables that hold no lines of costs, with their columns: they are read where they are, declared or not."""
TITLES = {
    "ict_projecten": "ICT-projecten", "ict_mijlpalen": "Mijlpalen van de ICT-projecten", "reeks": "Iv3 per jaar",
    "vergelijking": "Iv3 van andere gemeenten", "verdeling": "Verdeling naar grootte", "indicatoren": "Indicatoren",
}  # fmt: skip
"""The tables that a source does not title itself."""


RESERVED = (
    "inhoud", "self", "loop", "caller", "varargs", "kwargs", "true", "false", "none", "not", "and", "or", "in", "is",
    "if", "else", "jaar", "gemeente", "aandeel", "aantal", "eigen", "gelijk", "groei", "grootste", "hoger_lager", "iv3",
    "mediaan", "nadelen", "oordeel", "plaats", "projecten", "regels", "som", "verschil", "voordelen",
)  # fmt: skip
"""Names that a table cannot have: they mean something else on the page or in a story."""


def is_result(kolom: Kolom) -> bool:
    """Return whether a money column holds a result, of this year or of another: no stage of its own."""
    return kolom.startswith("budgetresultaat")


def year_of(kolom: Kolom) -> int | None:
    """Return the year of a column of another year than the edition's: of `rekening_2022` that is 2022; else None."""
    match = OTHER_YEAR.fullmatch(kolom)
    return int(match[2]) if match else None


def stage_of(kolom: Kolom) -> Kolom:
    """Return a column without its year: of `rekening_2022` that is `rekening`."""
    match = OTHER_YEAR.fullmatch(kolom)
    return match[1] if match else kolom


EXPECTED = {
    "string_type": "tekst",
    "string_too_short": "tekst",
    "string_too_long": "een tekst van hoogstens {max_length} tekens",
    "string_pattern_mismatch": "een naam in kleine letters, zoals overhead",
    "int_type": "een geheel getal",
    "decimal_type": "een getal",
    "is_instance_of": "een getal",
    "finite_number": "een getal",
    "greater_than": "een getal boven 0",
    "greater_than_equal": "een getal van 0 of meer",
    "less_than_equal": "een getal van hoogstens {le}",
    "less_than": "een kleiner getal",
    "decimal_max_places": "een getal met hoogstens 6 decimalen",
    "list_type": "een lijst",
    "dict_type": "velden van de vorm naam: waarde",
    "model_type": "velden van de vorm naam: waarde",
}
"""What a value should have been, by the kind of error."""


class Strict(BaseModel):
    """A model that refuses what it does not know and never converts a type."""

    model_config = ConfigDict(extra="forbid", strict=True, frozen=True)


GROUP = 3
"""Digits between two points of a number in thousands; YAML takes such a point for a decimal one."""
NUMBERS = (EXPECTED["int_type"], EXPECTED["decimal_type"])
POINTS = re.compile(r"[-+]?\d{1,3}(?:\.\d+)+")
"""A number with points in it, as it is printed and not as YAML writes it."""


def to_date(value: object) -> object:
    """Read an ISO date that YAML left as text."""
    return date.fromisoformat(value) if isinstance(value, str) else value


def to_decimal(value: object) -> object:
    """Take a YAML number as an exact decimal."""
    return Decimal(str(value)) if isinstance(value, int | float) and not isinstance(value, bool) else value


def _to_text(value: object) -> object:
    """Take a text without its invisible characters."""
    return clean(value) if isinstance(value, str) else value


Text = Annotated[str, BeforeValidator(_to_text), Field(min_length=1, max_length=200)]


class Controle(Strict):
    """One figure from elsewhere that a cell of the table should equal, such as the CBS Iv3 total.

    `waarde` has the table's own unit and the house's sign; `bron` says where the figure stands.
    """

    post: str
    kolom: Literal["begroting_primitief", "begroting_na_wijziging", "rekening", "budgetresultaat"]
    waarde: Annotated[Decimal, BeforeValidator(to_decimal), Field(gt=-(10**15), lt=10**15, decimal_places=6)]
    bron: Text


class TableSource(Strict):
    """How the source printed one table."""

    titel: Text
    eenheid: Eenheid = "eur_1000"
    decimalen: Annotated[int, Field(ge=0, le=6)] = 0
    lasten: Literal["negatief", "positief"] | None = None
    budgetresultaat: Literal["rekening - begroting", "begroting - rekening", "afwezig"] = "afwezig"
    bladzijde: int | str | None = None
    url: str | None = None
    kolommen: dict[str, str] = {}
    controle: list[Controle] = []

    @property
    def costs_positive(self) -> bool:
        """Whether costs are printed positive; of jobs and percentages there are no costs."""
        return self.lasten == "positief" and self.eenheid.startswith("eur")

    @property
    def step(self) -> Decimal:
        """The rounding unit: what one step of the last printed digit is worth."""
        return Decimal(1).scaleb(-self.decimalen)

    @property
    def other_years(self) -> list[Kolom]:
        """The columns of other years, oldest first and each year in the order of the page."""
        found = [column for column in self.kolommen if year_of(column)]
        return sorted(found, key=lambda column: (year_of(column) or 0, MONEY_COLUMNS.index(stage_of(column))))

    @field_validator("url")
    @classmethod
    def _web_address(cls, url: str | None) -> str | None:
        if url is not None and not url.startswith(("https://", "http://")):
            raise ValueError("verwacht een adres dat begint met https://")
        return url


class Source(Strict):
    """The whole of `bron.yaml`."""

    gemeente: Text
    titel: Text
    inwoners: Annotated[int, Field(gt=0)] | None = None
    publicatiedatum: Annotated[date, BeforeValidator(to_date)] | None = None
    tabellen: dict[Annotated[str, Field(pattern=r"^[a-z][a-z0-9_]*$", max_length=31)], TableSource]

    @property
    def plaats(self) -> str:
        """The municipality's name without the word itself: `Diemen`."""
        return self.gemeente.removeprefix("Gemeente ").removeprefix("gemeente ")


def load_source(path: Path, bestand: str, jaar: int) -> Source:
    """Read the `bron.yaml` of an edition of `jaar`.

    Raises
    ------
    DataError
        Every unknown key, missing key and wrong value of the file at once.
    """
    data = read_yaml(path, DataError, bestand)
    try:
        source = Source.model_validate(data)
    except ValidationError as exc:
        raise DataError([_problem(error, bestand) for error in exc.errors()]) from None
    problems = [problem for name, table in source.tabellen.items() for problem in _declared(name, table, bestand, jaar)]
    if problems:
        raise DataError(problems)
    return source


def _declared(name: str, table: TableSource, bestand: str, jaar: int) -> list[Finding]:
    """Return what a declaration lacks or names wrongly for the kind of table that it is."""
    if name in RESERVED:
        return [
            _fail(f"tabellen.{name}", f"Zo kan een tabel niet heten. Noem haar bijvoorbeeld {name}_tabel.", bestand)
        ]
    known = TEXT_TABLES.get(name, (*TEXT_COLUMNS, *MONEY_COLUMNS))
    problems = [
        _fail(f"tabellen.{name}.kolommen.{column}", f"Deze kolom bestaat niet.{nearest(column, known)}", bestand)
        for column in table.kolommen
        if column not in known and (name in TEXT_TABLES or not year_of(column))
    ]
    problems += [
        _fail(f"tabellen.{name}.controle.{number}.waarde", _told_decimals(control.waarde, table.decimalen), bestand)
        for number, control in enumerate(table.controle)
        if _decimals(control.waarde) > table.decimalen
    ]
    problems += [
        _fail(
            f"tabellen.{name}.kolommen.{column}", f"{jaar} is het jaar zelf; noem de kolom {stage_of(column)}.", bestand
        )
        for column in table.other_years
        if year_of(column) == jaar and name not in TEXT_TABLES
    ]
    if name not in TEXT_TABLES and table.lasten is None and table.eenheid.startswith("eur"):
        problems.append(_fail(f"tabellen.{name}.lasten", "Ontbreekt; verwacht 'negatief' of 'positief'.", bestand))
    return problems


def _decimals(value: Decimal) -> int:
    return max(0, -int(value.as_tuple().exponent))


def _told_decimals(value: Decimal, decimalen: int) -> str:
    """Return what is wrong with a figure that has more decimals than its table: mostly a point between thousands."""
    found = f"Gevonden {value}, met meer decimalen dan de {decimalen} van deze tabel."
    if abs(value) < 1000 and _decimals(value) <= GROUP:
        return f"{found} Zijn het duizenden, schrijf dan {value.scaleb(GROUP):.0f}, zonder punt."
    most = {0: "zonder decimalen", 1: "met hoogstens 1 decimaal"}.get(decimalen, f"met hoogstens {decimalen} decimalen")
    return f"{found} Schrijf het getal {most}, en zonder punt tussen duizenden."


def _fail(place: str, bericht: str, bestand: str) -> Finding:
    return Finding(code="BRON_ONJUIST", ernst="fout", kolom=place, bestand=bestand, bericht=bericht)


def _problem(error: Mapping[str, Any], bestand: str) -> Finding:
    """Turn one of pydantic's errors into a finding in Dutch."""
    place = ".".join(str(part) for part in error["loc"] if part != "[key]")
    name = str(error["loc"][-1])
    if error["type"] == "extra_forbidden":
        model: type[BaseModel] = Source if len(error["loc"]) == 1 else TableSource
        known = list(Controle.model_fields if "controle" in error["loc"] else model.model_fields)
        bericht = f"Dit veld bestaat niet.{nearest(name, known)} Bekend zijn: {', '.join(known)}."
    elif error["type"] == "missing":
        bericht = "Dit veld ontbreekt."
    elif error["type"] == "literal_error":
        expected = error["ctx"]["expected"].replace(" or ", " of ")
        bericht = f"Gevonden '{error['input']}'; verwacht {expected}."
    else:
        found, kind = str(error["input"])[:60], EXPECTED.get(error["type"], "een andere waarde")
        expected = {"publicatiedatum": "een datum zoals jjjj-mm-dd", "url": "een adres dat begint met https://"}.get(
            name
        )
        what = "Er staat niets" if error["input"] is None else f"Gevonden '{found}'"
        bericht = f"{what}; verwacht {expected or kind.format(**error.get('ctx', {}))}."
        if kind in NUMBERS and POINTS.fullmatch(found):
            bericht = f"{bericht[:-1]}, zonder punt tussen duizenden, zoals 12345."
    return _fail(place, bericht, bestand)
