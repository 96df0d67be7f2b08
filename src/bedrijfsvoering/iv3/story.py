"""What a sentence can take from Iv3: a figure or a measure of a delivery, and the median of the size class."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from decimal import Decimal
from typing import Any

from ..amounts import fmt_amount
from ..errors import nearest
from ..references import Cijfer, Tokens, WrongReference, need_known
from .deliveries import (
    AMOUNTS,
    DOCUMENTS,
    KOLOM_IV3,
    MEASURES,
    SHARES,
    Delivery,
    Spread,
    class_name,
    find_delivery,
    find_spread,
    place_in,
)


def _need_name(naam: Any, known: Sequence[str]) -> None:
    """Raise an error where a function was given anything but the name of a figure or a measure, between quotes."""
    need_known(naam)
    if not isinstance(naam, str):
        raise WrongReference(f'hier hoort een naam tussen aanhalingstekens, zoals "{known[0]}"')
    if naam not in known:
        raise WrongReference(f"'{naam}' bestaat niet.{nearest(naam, known)} Bekend zijn: {', '.join(known)}")


def _absent(delivery: Delivery | None, names: Sequence[str], where: str) -> str:
    """Return which cell lacks a figure, and what to do."""
    empty = [name for name in names if delivery and delivery.amount(name) is None]
    what = (
        f"daar is {' en '.join(empty)} leeg" if delivery and delivery.is_delivered else "die rij is er niet, of is leeg"
    )
    return f"zie de tabel {where}; {what}. Vul het in, of haal deze zin weg"


def iv3_functions(tokens: Tokens) -> dict[str, Callable[..., Any]]:
    """Return the functions of a story over what the edition holds of Iv3."""
    figures = tokens.figures

    def iv3(naam: Any, document: Any = "jaarrekening", terug: Any = 0, gemeente: Any = "", jaar: Any = None) -> Cijfer:
        """Return `overhead_bruto`, `inhuur`, … of the edition's year, of another year, of another municipality."""
        _need_name(naam, (*MEASURES, *AMOUNTS))
        right = document in DOCUMENTS and type(terug) is int and terug >= 0 and isinstance(gemeente, str)
        if not right or not (jaar is None or isinstance(jaar, int)) or (jaar and terug):
            raise WrongReference('schrijf iv3("overhead_bruto", document="begroting", terug=1)')
        tabel = "vergelijking" if gemeente else "reeks"
        jaar, listed = int(jaar or figures.jaar) - terug, figures.reeks
        if gemeente:
            listed = (*figures.vergelijking, *figures.elders)
        delivery = find_delivery(listed, jaar, document, gemeente)
        measure = MEASURES.get(naam)
        if delivery is None or (value := measure.of(delivery) if measure else delivery.amount(naam)) is None:
            who = f" van {gemeente}" if gemeente else ""
            why = _absent(delivery, measure.delen if measure else (naam,), f"{tabel}, {document} {jaar}{who}")
            raise WrongReference(f"'{naam}'{who} is niet aangeleverd voor {document} {jaar}: {why}")
        path = delivery.path(tabel)
        if measure:
            uitleg = f"Berekend uit {delivery.bron}: {measure.told(delivery)}"
            cel = f"{path}.{naam if naam in SHARES else measure.delen[0]}"
            return Cijfer(value, f"{naam}({path})", cel, uitleg, measure.eenheid, measure.decimalen, tokens)
        eenheid = "aantal" if naam == "inwoners" else "eur_1000"
        uitleg = f"{delivery.bron}, {delivery.naam}, {KOLOM_IV3[naam].lower()}: {fmt_amount(value)}"
        return Cijfer(value, f"{path}.{naam}", f"{path}.{naam}", uitleg, eenheid, 0, tokens)

    def spread_by(naam: Any, document: Any) -> Spread:
        """Return how a measure is spread over all municipalities of this size, in the edition's year."""
        _need_name(naam, tuple(MEASURES))
        spread = find_spread(figures.verdeling, naam, figures.jaar, document)
        if spread is None:
            raise WrongReference(
                f"de verdeling van '{naam}' is niet aangeleverd voor {document} {figures.jaar}: die rij staat niet in "
                "de tabel verdeling. Vul haar in, of haal deze zin weg"
            )
        return spread

    def mediaan(naam: Any, document: Any = "jaarrekening") -> Cijfer:
        """Return the median of a measure over all municipalities of this size, in the edition's year."""
        spread = spread_by(naam, document)
        measure = MEASURES[spread.maat]
        uitleg = f"{spread.bron}: de middelste van {spread.aantal} gemeenten met {class_name(spread.grootteklasse)}"
        bron = f"mediaan({naam}, {document}_{figures.jaar})"
        value = Decimal(spread.mediaan)
        return Cijfer(value, bron, "5-vergelijking", uitleg, measure.eenheid, measure.decimalen, tokens)

    def plaats(naam: Any, document: Any = "jaarrekening") -> str:
        """Return where the municipality stands in its size class by a measure, in words."""
        own = iv3(naam, document)
        return tokens.add_text(place_in(spread_by(naam, document), own.waarde))

    return {"iv3": iv3, "mediaan": mediaan, "plaats": plaats}
