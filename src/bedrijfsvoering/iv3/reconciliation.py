"""The printed total of overhead against what the CBS has (Iv3): the difference, and its kind where figures prove it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal
from html import escape

from ..amounts import fmt_amount
from ..display import Shown, data, missing, table_html, table_text
from ..figures import Figures, Table, kolom_naam
from ..findings import Check, Finding
from ..source import EURO, Kolom
from ..texts import join_words
from .deliveries import Delivery, Document, find_delivery
from .indicators import MANDATORY, difference_of

PAIRS: tuple[tuple[Kolom, Document], ...] = (("rekening", "jaarrekening"), ("begroting_primitief", "begroting"))
"""The stage that each document to the CBS is of."""


@dataclass(frozen=True)
class Compared:
    """One stage of the printed total beside the CBS: amounts x EUR 1.000, costs as a plain number; `kind` in words."""

    kolom: Kolom
    delivery: Delivery
    printed: Decimal
    net: Decimal
    bound: Decimal
    kind: str

    @property
    def difference(self) -> Decimal:
        """What the printed total is more than the CBS has, net."""
        return self.printed - self.net

    @property
    def agrees(self) -> bool:
        """Whether they are the same but for rounding."""
        return abs(self.difference) <= self.bound


def compare_totals(figures: Figures) -> list[Compared]:
    """Return the printed total of overhead beside the CBS, per stage of which both are known."""
    table = figures.table("overhead")
    total = table.totaal if table else None
    if table is None or total is None or table.source.eenheid not in EURO:
        return []
    scale = EURO[table.source.eenheid] / 1000
    found = []
    for kolom, document in PAIRS:
        delivery, amount = find_delivery(figures.reeks, figures.jaar, document), total.bedragen.get(kolom)
        parts = delivery.known("overhead_lasten", "overhead_baten") if delivery else None
        if delivery and parts and amount is not None:
            bound = max(table.step * scale, Decimal(1))
            net, printed = parts[0] - parts[1], -amount * scale
            kind = _kind(table, kolom, printed, parts[0], net, bound, scale)
            found.append(Compared(kolom, delivery, printed, net, bound, kind))
    return found


def _kind(
    table: Table, kolom: Kolom, printed: Decimal, gross: Decimal, net: Decimal, bound: Decimal, scale: Decimal
) -> str:
    """Return in words why a total differs from the CBS, where the figures prove it."""

    def same(one: Decimal, other: Decimal) -> bool:
        return abs(one - other) <= bound

    if same(printed, net):
        return "Gelijk aan het CBS, netto."
    if same(printed, gross):
        return f"Gelijk aan het CBS, bruto: de tabel trekt de baten ({fmt_amount(gross - net)}) niet af."
    total = table.totaal
    later = total.bedragen.get("begroting_na_wijziging") if total and kolom == "begroting_primitief" else None
    if later is not None and same(-later * scale, net):
        return "Het CBS heeft de begroting na wijziging, de tabel drukt de begroting primitief."
    missed = [
        post for post in table.regels if same(abs(post.size(kolom) * scale), abs(printed - net)) and post.size(kolom)
    ]
    if len(missed) == 1:
        return f"Het verschil is zo groot als de post {missed[0].post}: die telt op een van de twee plaatsen niet mee."
    return "Waardoor dit komt, staat niet in de bron."


def check_reconciliation(figures: Figures) -> Iterator[Check]:
    """Hold the printed total of overhead, and indicators that were delivered, against what the CBS has."""
    table = figures.table("overhead")
    for one in compare_totals(figures):
        naam = f"Overhead, {kolom_naam(one.kolom).lower()}: totaal tegen CBS Iv3, {one.delivery.moment}, netto"
        told = f"{fmt_amount(one.printed)} = {fmt_amount(one.net)}"
        cells = table.cells([table.totaal], [one.kolom]) if table and table.totaal else frozenset()
        if one.agrees or table is None:
            yield Check(naam, "overhead", 1, "akkoord", told, one.bound, (), cells)
            continue
        bericht = (
            f"Het totaal van de overhead ({kolom_naam(one.kolom).lower()}) is {fmt_amount(one.printed)}; het CBS heeft "
            f"netto {fmt_amount(one.net)} (× € 1.000). Verschil: {fmt_amount(one.difference)}. {one.kind}"
        )
        finding = Finding("AANSLUITING_IV3", "melding", bericht, "overhead", "totaal", one.kolom, one.printed, one.net,
                          one.bound, table.bestand)  # fmt: skip
        yield Check(naam, "overhead", 1, "melding", f"verschil van {fmt_amount(abs(one.difference))}", one.bound,
                    (finding,), cells)  # fmt: skip
    yield from _check_inwoners(figures)
    for name, mandatory in MANDATORY.items():
        if differs := difference_of(figures, name):
            bericht = (
                f"De indicator {mandatory.titel.lower()} is aangeleverd als {fmt_amount(differs[0], 1)}; uit Iv3 volgt "
                f"{fmt_amount(differs[1], 1)}. Geef de grondslag op, of verbeter het cijfer."
            )
            finding = Finding("INDICATOR_VERSCHILT", "waarschuwing", bericht, "indicatoren", name, "rekening",
                              differs[0], differs[1])  # fmt: skip
            yield Check(f"Indicator {mandatory.titel.lower()} tegen CBS Iv3", "indicatoren", 1, "melding",
                        "een ander cijfer", findings=(finding,))  # fmt: skip


def _check_inwoners(figures: Figures) -> Iterator[Check]:
    """Hold the inhabitants of `bron.yaml`, by whom amounts are divided, against those that the CBS reckons with."""
    naam, given = "Inwoners tegen CBS Iv3", figures.source.inwoners
    found = sorted(figures.reeks, key=lambda one: one.document == "jaarrekening")  # which goes before a budget
    per_year = {one.jaar: amount for one in found if (amount := one.amount("inwoners"))}
    known = per_year.get(figures.jaar)
    if not given or not known:
        return
    own = Decimal(given)
    if own == known:
        yield Check(naam, "reeks", 1, "akkoord", f"{fmt_amount(own)} = {fmt_amount(known)}")
        return
    same = [jaar for jaar, amount in per_year.items() if amount == own]
    old = f" {fmt_amount(own)} is het aantal van {same[0]}." if same else ""
    bericht = (
        f"bron.yaml noemt {fmt_amount(own)} inwoners; in de cijfers voor het CBS zijn het er in {figures.jaar} "
        f"{fmt_amount(known)}.{old} Controleer het aantal: bedragen per inwoner worden ermee gerekend."
    )
    finding = Finding(
        "INWONERS_VERSCHIL", "waarschuwing", bericht, kolom="inwoners", gedrukt=own, berekend=known,
        bestand=f"{figures.gemeente}/{figures.jaar}/bron.yaml",
    )  # fmt: skip
    yield Check(naam, "reeks", 1, "melding", "een ander aantal", findings=(finding,))


def _more_or_less(difference: Decimal) -> str:
    """Return a difference without a sign, with its direction in words."""
    word = "hoger" if difference > 0 else "lager"
    return f"{fmt_amount(abs(difference))} {word}" if difference else "0"


def table_aansluiting(figures: Figures) -> Shown:
    """Show the printed total of overhead beside what the CBS has, per stage.

    One row per stage. Columns, x EUR 1.000 and without a sign: the printed total, the CBS net, the difference, and what
    the figures prove about it. Without both of them it gives one line of text; it raises no errors.
    """
    compared = compare_totals(figures)
    if not compared:
        return missing("Aansluiting van de overhead op het CBS")
    head = [("Stand", ""), ("Totaal in de bron", "g"), ("CBS, netto", "g"), ("Verschil", "g"),
            ("Wat de cijfers zeggen", "")]  # fmt: skip
    rows = []
    for one in compared:
        path, iv3 = f"overhead.totaal.{one.kolom}", f"reeks.{one.delivery.sleutel}"
        rows.append(("", [
            kolom_naam(one.kolom), data(-one.printed, path, fmt_amount(one.printed)),
            data(one.net, f"verschil({iv3}.overhead_lasten, {iv3}.overhead_baten)", fmt_amount(one.net)),
            data(one.difference, f"verschil({path}, {iv3})", _more_or_less(one.difference)), escape(one.kind),
        ]))  # fmt: skip
    agrees = [kolom_naam(one.kolom).lower() for one in compared if one.agrees]
    differs = [kolom_naam(one.kolom).lower() for one in compared if not one.agrees]
    told = [f"de {join_words(agrees)} {'sluit' if len(agrees) == 1 else 'sluiten'} aan op het CBS"] if agrees else []
    not_so = "niet" if agrees else f"{'sluit' if len(differs) == 1 else 'sluiten'} niet aan op het CBS"
    told += [f"de {join_words(differs)} {not_so}"] if differs else []
    titel = f"Overhead {figures.jaar}: {', '.join(told)}"
    html = table_html(titel, "Bedragen × € 1.000, zonder teken; lasten min baten.", head, rows)
    return Shown(html, table_text(titel, [[row[1][0]] for row in rows]))
