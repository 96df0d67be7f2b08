"""The checks: small pure functions from a table to what was proven, each with the bound of the contract.

A rounded result against two rounded amounts may differ by 1.5 steps of the last digit, a rounded total against
its n rounded lines by (n + 1) / 2. Inside is rounding and said so; outside is wrong. All arithmetic is exact and
in the source's own sign and unit, so that a finding can be laid beside the printed page.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from decimal import Decimal

from .declarations import (
    LINE_BOUND,
    check_direction,
    check_oordeel,
    check_sign,
    finding_of,
    fitting_direction,
    fmt,
    result_rows,
)
from .figures import Figures, Post, Table, kolom_naam
from .findings import Check, Uitkomst
from .reader import RawTable
from .source import Kolom

YEAR = re.compile(r"\b(?:19|20)\d\d\b")
SLIP = 300
"""A figure in euro among thousands is a thousand times too large; real figures of one row stay far below this."""


def run_checks(figures: Figures) -> tuple[Check, ...]:
    """Return every check of every money table, in the order of chapter 9."""
    return tuple(
        check
        for table in figures.tables.values()
        for checks in (*(family(table) for family in FAMILIES), check_years(table, figures.jaar))
        for check in checks
    )


def check_read(raw: RawTable, titel: str) -> Check:
    """Tell that a file was read whole, and what was noticed on the way."""
    told = f"{len(raw.rows)} rijen, {len(raw.columns)} kolommen"
    outcome: Uitkomst = "melding" if raw.notices else "akkoord"
    return Check(f"{titel}: bestand gelezen", raw.naam, len(raw.rows) * len(raw.columns), outcome, told,
                 findings=raw.notices)  # fmt: skip


def check_totals(table: Table) -> Iterator[Check]:
    """Prove each total and subtotal, per column, against the lines that it closes."""
    closing = [(index, post) for index, post in enumerate(table.posten) if post.soort != "regel"]
    if not any(post.soort == "totaal" for _, post in closing):
        bericht = "De tabel heeft geen totaalregel; de optelling kan niet worden bewezen."
        finding = finding_of(table, None, None, "TOTAAL_ONTBREEKT", "waarschuwing", bericht)
        yield Check(f"{table.source.titel}: regels tegen totaal", table.naam, 0, "niet te bewijzen",
                    "geen totaal gedrukt", findings=(finding,))  # fmt: skip
    for index, post in closing:
        for kolom in table.kolommen:
            if post.gedrukt.get(kolom) is not None:
                lines = closed_lines(table, index, kolom)
                filled = [line for line in lines if any(amount is not None for amount in line.gedrukt.values())]
                yield _check_total(table, post, filled, kolom, len(lines) - len(filled))


def closed_lines(table: Table, index: int, kolom: Kolom) -> list[Post]:
    """Return the lines that the (sub)total at `index` closes.

    A subtotal closes the lines since the previous one; the total closes all lines, wherever it stands. Where a table
    has several totals, each but the last may close the lines since the previous total instead, and the last may close
    its own block: what the arithmetic shows is taken, and the contract's reading where it shows nothing.
    """
    posten, post = table.posten, table.posten[index]
    begin = max((i for i, other in enumerate(posten[:index]) if other.soort != "regel"), default=-1) + 1
    block = [other for other in posten[begin:index] if other.soort == "regel"]
    if post.soort == "subtotaal":
        return block
    whole = list(table.regels)
    totals = [other for other in posten if other.soort == "totaal"]
    above = [other for other in posten[:index] if other.soort == "regel"]
    readings = [whole] if len(totals) == 1 else [whole if post is totals[-1] else block, block, above]
    return next((lines for lines in readings if lines and _fits(table, post, lines, kolom)), readings[0])


def _added(lines: Sequence[Post], kolom: Kolom) -> Decimal | None:
    """Return what lines add up to in the house's sign, of printed amounts alone; None where one is unknown.

    A row without any amount, such as a heading or a note, is no part of the sum.
    """
    lines = [line for line in lines if any(amount is not None for amount in line.gedrukt.values())]
    amounts = [line.bedragen.get(kolom) if line.gedrukt.get(kolom) is not None else None for line in lines]
    known = [amount for amount in amounts if amount is not None]
    return sum(known, Decimal(0)) if len(known) == len(amounts) else None


def _fits(table: Table, total: Post, lines: Sequence[Post], kolom: Kolom) -> bool:
    """Return whether the lines add up to the total, rounding allowed."""
    added, house = _added(lines, kolom), total.bedragen.get(kolom)
    return added is not None and house is not None and abs(house - added) <= Decimal(len(lines) + 1) / 2 * table.step


def _check_total(table: Table, total: Post, lines: Sequence[Post], kolom: Kolom, empty: int) -> Check:
    """Prove a total against its filled lines; `empty` rows (a heading, a note) may only explain what does not fit."""
    against = "totaal" if total is table.totaal else total.post
    naam = f"{table.source.titel}, {kolom_naam(kolom).lower()}: regels tegen {against}"
    printed, house, added = total.gedrukt[kolom], total.bedragen[kolom], _added(lines, kolom)
    fits = _fits(table, total, lines, kolom)
    if printed is None or house is None or added is None or not lines or (empty and not fits):
        absent = sum(line.gedrukt.get(kolom) is None for line in lines) + empty
        gevonden = f"{absent} regels zonder bedrag" if lines else "geen regels"
        bericht = f"Het totaal '{total.post}' kan niet worden bewezen: {gevonden}. Vul aan wat de bron wel noemt."
        finding = finding_of(table, total, kolom, "TOTAAL_NIET_BEWEZEN", "waarschuwing", bericht, printed)
        return Check(naam, table.naam, len(lines), "niet te bewijzen", gevonden, findings=(finding,))
    added = added if house == printed else -added  # back in the sign of the source
    grens = Decimal(len(lines) + 1) / 2 * table.step
    difference = abs(printed - added)
    if not difference:
        return Check(naam, table.naam, len(lines) + 1, "akkoord", "geen verschil", grens)
    inside = difference <= grens
    told = (
        f"Het totaal '{total.post}' is gedrukt als {fmt(table, printed)}; de {len(lines)} regels tellen op tot "
        f"{fmt(table, added)}. Het verschil is {fmt(table, difference)}; "
    )
    why = (
        f"dat is afronding (hoogstens {fmt(table, grens)}). Het gedrukte totaal blijft staan."
        if inside
        else f"afronding verklaart hoogstens {fmt(table, grens)}. Vergelijk de regels en het totaal met de bron."
    )
    finding = finding_of(
        table, total, kolom, "TOTAAL_AFRONDING" if inside else "TOTAAL_ONJUIST", "melding" if inside else "fout",
        told + why, printed, added, grens,
    )  # fmt: skip
    gevonden = f"verschil van {fmt(table, difference)}, {'door' if inside else 'geen'} afronding"
    return Check(naam, table.naam, len(lines) + 1, "afronding" if inside else "fout", gevonden, grens, (finding,))


def check_results(table: Table) -> Iterator[Check]:
    """Prove each printed result against the account and the budget of its own row, total rows included."""
    rows = result_rows(table)
    naam = f"{table.source.titel}: {table.source.budgetresultaat}, per regel"
    if not rows:
        yield Check(naam.replace("afwezig", "resultaat"), table.naam, 0, "niet te bewijzen", "geen resultaat gedrukt")
        return
    direction = fitting_direction(table)
    grens, findings, exact = LINE_BOUND * table.step, [], 0
    for post, printed, rekening, begroting in rows:
        computed = rekening - begroting if direction == "rekening - begroting" else begroting - rekening
        difference = abs(printed - computed)
        exact += not difference
        if difference:
            inside = difference <= grens
            why = (
                f"het verschil van {fmt(table, difference)} is afronding (hoogstens {fmt(table, grens)})."
                if inside
                else f"afronding verklaart hoogstens {fmt(table, grens)}. Vergelijk deze regel met de bron."
            )
            bericht = (
                f"Het resultaat van '{post.post}' is gedrukt als {fmt(table, printed)}; {direction} geeft "
                f"{fmt(table, computed)}; {why}"
            )
            findings.append(
                finding_of(
                    table, post, "budgetresultaat", "RESULTAAT_AFRONDING" if inside else "RESULTAAT_ONJUIST",
                    "melding" if inside else "fout", bericht, printed, computed, grens,
                )
            )  # fmt: skip
    wrong = any(finding.ernst == "fout" for finding in findings)
    gevonden = f"{exact} van {len(rows)} exact" + (f", {len(findings)} met verschil" if findings else "")
    uitkomst: Uitkomst = "fout" if wrong else "afronding" if findings else "akkoord"
    yield Check(naam, table.naam, 3 * len(rows), uitkomst, gevonden, grens, tuple(findings))


def check_controle(table: Table) -> Iterator[Check]:
    """Compare cells with the figures from elsewhere that `bron.yaml` names, such as CBS Iv3."""
    for controle in table.source.controle:
        post = next((post for post in table.posten if post.sleutel == controle.post), None)
        printed = post.bedragen.get(controle.kolom) if post else None
        what = post.post if post else controle.post
        naam = f"{table.source.titel}, {kolom_naam(controle.kolom).lower()}: {what} tegen {controle.bron}"
        if post is None or printed is None:
            bericht = (
                f"De controle met {controle.bron} kan niet: de post '{controle.post}' of het bedrag is er niet. "
                "Verbeter 'controle' in bron.yaml."
            )
            finding = finding_of(table, None, controle.kolom, "CONTROLE_ONBEKEND", "waarschuwing", bericht)
            gevonden = "de post of het bedrag is er niet"
            yield Check(naam, table.naam, 0, "niet te bewijzen", gevonden, findings=(finding,))
            continue
        gevonden = f"{fmt(table, printed)} en {fmt(table, controle.waarde)}"
        if printed == controle.waarde:
            yield Check(naam, table.naam, 1, "akkoord", gevonden, Decimal(0))
            continue
        bericht = (
            f"'{post.post}' is {fmt(table, printed)}; {controle.bron} geeft {fmt(table, controle.waarde)}. "
            f"Het verschil is {fmt(table, abs(printed - controle.waarde))}. Zoek de oorzaak of licht het toe."
        )
        finding = finding_of(
            table,
            post,
            controle.kolom,
            "CONTROLE_VERSCHIL",
            "waarschuwing",
            bericht,
            printed,
            controle.waarde,
        )
        yield Check(naam, table.naam, 1, "melding", gevonden, Decimal(0), (finding,))


def check_unit(table: Table) -> Iterator[Check]:
    """Look for a figure a thousand times the scale of the others in its row, or a row that of the other rows."""
    if not table.source.eenheid.startswith("eur"):
        return
    found = []
    for post in table.regels:
        amounts = {
            k: abs(post.gedrukt.get(k) or Decimal(0)) for k in table.kolommen if not k.startswith("budgetresultaat")
        }
        known = sorted(amount for amount in amounts.values() if amount)
        others = [other.size(k) for other in table.regels if other is not post for k in amounts]
        in_row = len(known) > 1 and known[-1] / known[0] >= SLIP
        in_table = len(others) > 2 and known and max(others) and known[0] > SLIP * max(others)
        if in_row or in_table:
            kolom = max(amounts, key=lambda k: amounts[k])
            bericht = (
                f"Bij '{post.post}' staat {fmt(table, amounts[kolom])}; dat is veel groter dan de bedragen ernaast. "
                f"Staat het in euro in plaats van in {table.eenheid.lower()}?"
            )
            found.append(finding_of(table, post, kolom, "EENHEID_VERDACHT", "waarschuwing", bericht, amounts[kolom]))
    told = f"{len(found)} bedragen van een andere orde" if found else "geen bedrag van een andere orde"
    cells = len(table.regels) * len(table.kolommen)
    outcome: Uitkomst = "melding" if found else "akkoord"
    yield Check(
        f"{table.source.titel}: eenheid van de bedragen", table.naam, cells, outcome, told, findings=tuple(found)
    )


def check_years(table: Table, jaar: int) -> Iterator[Check]:
    """Compare the years in headers and titles with the edition's; a year in a row's name is told and left alone."""
    found = []
    for kolom, head in table.source.kolommen.items():
        years = set(YEAR.findall(head))
        expected = kolom[-4:] if YEAR.fullmatch(kolom[-4:]) else str(jaar)
        if years and expected not in years and kolom not in ("post", "sleutel", "soort", "oordeel", "toelichting"):
            bericht = f"De kolom '{head}' is van een ander jaar dan {expected}. Neem de kolom van {expected}."
            found.append(finding_of(table, None, kolom, "JAAR_ONJUIST", "fout", bericht, head, expected))
    for post in table.posten:
        years = set(YEAR.findall(post.post))
        if years and str(jaar) not in years:
            bericht = f"De post '{post.post}' noemt een ander jaar dan {jaar}. Dat mag; kijk of de rij hier hoort."
            found.append(finding_of(table, post, "post", "JAAR_IN_POST", "melding", bericht))
    wrong = any(finding.ernst == "fout" for finding in found)
    outcome: Uitkomst = "fout" if wrong else "melding" if found else "akkoord"
    told = f"{len(found)} keer een ander jaar" if found else f"geen ander jaar dan {jaar}"
    yield Check(f"{table.source.titel}: jaren in koppen en posten", table.naam, len(table.posten), outcome, told,
                findings=tuple(found))  # fmt: skip


FAMILIES = (check_totals, check_results, check_direction, check_sign, check_oordeel, check_controle, check_unit)
"""Every check of a table, in the order of chapter 9."""
