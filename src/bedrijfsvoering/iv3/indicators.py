"""The five mandatory indicators, each with its definition beside it and the figures that it was made of."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from html import escape

from ..amounts import fmt_amount, round_half_up
from ..display import Shown, data, missing, state, table_html, table_text
from ..figures import Figures
from .deliveries import MEASURES, Document, Indicator, Measure, find_delivery


@dataclass(frozen=True)
class Mandatory:
    """What one mandatory indicator is: its name, unit and definition, and the measure of Iv3 that gives it, if any."""

    titel: str
    eenheid: str
    definitie: str
    maat: str = ""

    @property
    def measure(self) -> Measure | None:
        """The measure of Iv3 that this indicator can be made with."""
        return MEASURES.get(self.maat)


MANDATORY = {
    "formatie": Mandatory("Formatie", "fte per 1.000 inwoners", "De plaatsen die de gemeente heeft vastgesteld."),
    "bezetting": Mandatory("Bezetting", "fte per 1.000 inwoners", "De plaatsen die echt bezet zijn."),
    "apparaatskosten": Mandatory(
        "Apparaatskosten", "euro per inwoner",
        "Alle kosten van personeel, organisatie, huisvesting, materieel en ICT, zonder griffie en bestuur.",
    ),
    "externe_inhuur": Mandatory(
        "Externe inhuur", "procent", "De kosten van inhuur als deel van loonsom en inhuur samen.", "externe_inhuur"
    ),
    "overhead": Mandatory(
        "Overhead", "procent", "De lasten van de overhead als deel van alle lasten, bruto.", "overhead_bruto"
    ),
}  # fmt: skip
"""The indicators in their official order (Besluit begroting en verantwoording)."""
STANDS: tuple[tuple[str, Document], ...] = (("begroting", "begroting"), ("rekening", "jaarrekening"))


def table_indicatoren(figures: Figures) -> Shown:
    """Show the five mandatory indicators of the edition's year, by budget and by account.

    One row per indicator. Columns: its name with its definition, budget and account (in the unit of the indicator),
    and how it was made: the figures of Iv3 filled in, or the source that delivered it. What neither the municipality
    nor Iv3 gives says `niet aangeleverd`; it raises no errors.
    """
    head = [("Indicator", ""), (f"Begroting {figures.jaar}", "g"), (f"Rekening {figures.jaar}", "g"),
            ("Zo gerekend", "")]  # fmt: skip
    rows, plain = [], []
    for name, mandatory in MANDATORY.items():
        own = own_of(figures, name)
        title = f'{mandatory.titel}, {mandatory.eenheid}<span class="e">{mandatory.definitie}</span>'
        values = {stand: value_of(figures, name, own, stand, document) for stand, document in STANDS}
        cells = [_cell(name, stand, values[stand]) for stand, _ in STANDS]
        rows.append(("", [title, *cells, _told(figures, mandatory, own)]))
        plain.append([mandatory.titel, *(str(value[0]) if value else "niet aangeleverd" for value in values.values())])
    if not any(name != "niet aangeleverd" for row in plain for name in row[1:]):
        return missing("Verplichte indicatoren")
    titel = f"De vijf verplichte indicatoren, {figures.jaar}"
    html = table_html(
        titel, "De eenheid staat bij elke indicator.", head, rows, ident="indicatoren", klass="kaart", sorteerbaar=False
    )
    return Shown(html, table_text(titel, plain))


def value_of(
    figures: Figures, name: str, own: Indicator | None, stand: str, document: Document
) -> tuple[Decimal, str] | None:
    """Return an indicator's value and where it comes from: as delivered by the municipality, else made from Iv3."""
    given = getattr(own, stand) if own else None
    if given is not None:
        return given, f"indicatoren.{name}.{stand}"
    return from_iv3(figures, name, document)


def from_iv3(figures: Figures, name: str, document: Document) -> tuple[Decimal, str] | None:
    """Return an indicator's value as Iv3 gives it and where it comes from, or None where it gives none."""
    delivery, measure = find_delivery(figures.reeks, figures.jaar, document), MANDATORY[name].measure
    value = measure.of(delivery) if measure and delivery else None
    return (value, f"{measure.naam}(reeks.{delivery.sleutel})") if measure and delivery and value is not None else None


def own_of(figures: Figures, name: str) -> Indicator | None:
    """Return an indicator as the municipality itself delivers it, if it does."""
    return next((one for one in figures.indicatoren if one.indicator == name), None)


def _cell(name: str, stand: str, found: tuple[Decimal, str] | None) -> str:
    shown = state("niet aangeleverd", "niet aangeleverd")
    if found:
        value, bron = found
        pct = MANDATORY[name].eenheid == "procent"
        decimals = max(1 if pct else 0, -int(value.as_tuple().exponent))
        shown = data(value, bron, fmt_amount(value, decimals) + ("%" if pct else ""))
    titel = stand.capitalize()
    return f'<td role="cell" class="g" data-k="{titel}" id="indicatoren.{name}.{stand}">{shown}</td>'


def _told(figures: Figures, mandatory: Mandatory, own: Indicator | None) -> str:
    """Return how an indicator was made (HTML)."""
    told = []
    if own:
        told.append(escape(own.bron))
        if own.grondslag:
            told.append(f"De gemeente rekent met een andere grondslag: {escape(own.grondslag)}.")
    measure = mandatory.measure
    made = [
        one
        for document in ("jaarrekening", "begroting")
        if (one := find_delivery(figures.reeks, figures.jaar, document)) and measure and measure.of(one) is not None
    ]
    delivery = made[0] if made else None
    if measure and delivery:
        told.append(f"{measure.told(delivery)}, {escape(delivery.bron)}")
    if measure and measure.naam == "overhead_bruto" and delivery:
        told += [
            f"{other.titel}: {data(value, f'{other.naam}(reeks.{delivery.sleutel})', other.write(value))}, "
            f"want {other.told(delivery)}"
            for other in (MEASURES["overhead_netto"], MEASURES["overhead_per_inwoner"])
            if (value := other.of(delivery)) is not None
        ]
    absent = (
        "Niet in de cijfers van het CBS die hier zijn gebruikt."
        if measure
        else "Staat niet in de cijfers voor het CBS."
    )
    return f"<div>{'<br>'.join(told) or absent}</div>"


def difference_of(figures: Figures, name: str) -> tuple[Decimal, Decimal] | None:
    """Return what the municipality and what Iv3 give for the account, where they differ in what is written."""
    own, found, measure = own_of(figures, name), from_iv3(figures, name, "jaarrekening"), MANDATORY[name].measure
    if own is None or own.rekening is None or found is None or measure is None or own.grondslag:
        return None
    given = round_half_up(own.rekening, measure.decimalen)
    return (given, found[0]) if given != found[0] else None
