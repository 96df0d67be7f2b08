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
    ResultRow,
    check_direction,
    check_oordeel,
    check_sign,
    difference_of,
    finding_of,
    fitting_direction,
    fmt,
    result_columns,
    result_rows,
)
from .figures import Figures, Table, kolom_naam
from .findings import Check, Uitkomst
from .reader import RawTable
from .saldi import is_turned, is_unsigned
from .source import Kolom
from .totals import check_totals

YEAR = re.compile(r"\b(?:19|20)\d\d\b")
SPAN = re.compile(r"\b((?:19|20)\d\d)\s?[-/\N{EN DASH}]\s?((?:19|20)\d\d)\b")
"""Years from one to another, such as those of a multi-year budget."""
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


def check_read(raw: RawTable, titel: str, table: Table | None = None) -> Check:
    """Tell that a file was read whole, and what was noticed on the way; of a money table, which cells that gave."""
    told = f"{len(raw.rows)} rijen, {len(raw.columns)} kolommen"
    outcome: Uitkomst = "melding" if raw.notices else "akkoord"
    cells = table.cells(table.posten, table.kolommen) if table else frozenset()
    return Check(f"{titel}: bestand gelezen", raw.naam, len(raw.rows) * len(raw.columns), outcome, told,
                 findings=raw.notices, verwijzingen=cells)  # fmt: skip


def check_results(table: Table) -> Iterator[Check]:
    """Prove each printed result against the account and the budget of its own row, total rows and other years too."""
    naam = f"{table.source.titel}: {table.source.budgetresultaat}, per regel"
    years = ["", *sorted({kolom[-5:] for kolom in table.source.other_years})]
    shown = [(jaar, result_rows(table, jaar)) for jaar in years]
    if not any(rows for _, rows in shown):
        yield Check(naam.replace("afwezig", "resultaat"), table.naam, 0, "niet te bewijzen", "geen resultaat gedrukt")
    for jaar, rows in shown:
        if rows:
            yield _check_results(table, f"{naam}{jaar.replace('_', ', ')}", f"budgetresultaat{jaar}", rows)


def _check_results(table: Table, naam: str, kolom: Kolom, rows: Sequence[ResultRow]) -> Check:
    direction, grens, findings = fitting_direction(table), LINE_BOUND * table.step, []
    unsigned = is_unsigned(table.posten)
    for post, printed, rekening, begroting in rows:
        computed = rekening - begroting if direction == "rekening - begroting" else begroting - rekening
        if unsigned or is_turned(post, table.source):
            computed = min(computed, -computed, key=lambda one: abs(one - printed))
        difference = difference_of(table, printed, computed)
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
                    table, post, kolom, "RESULTAAT_AFRONDING" if inside else "RESULTAAT_ONJUIST",
                    "melding" if inside else "fout", bericht, printed, computed, grens,
                )
            )  # fmt: skip
    wrong = any(finding.ernst == "fout" for finding in findings)
    told = f"{len(rows) - len(findings)} van {len(rows)} exact"
    gevonden = told + (f", {len(findings)} met verschil" if findings else "")
    uitkomst: Uitkomst = "fout" if wrong else "afronding" if findings else "akkoord"
    cells = table.cells((row[0] for row in rows), result_columns(table, kolom.removeprefix("budgetresultaat")))
    return Check(naam, table.naam, 3 * len(rows), uitkomst, gevonden, grens, tuple(findings), cells)


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
        cells = table.cells([post], [controle.kolom])
        if printed == controle.waarde:
            yield Check(naam, table.naam, 1, "akkoord", gevonden, Decimal(0), (), cells)
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
        yield Check(naam, table.naam, 1, "melding", gevonden, Decimal(0), (finding,), cells)


def check_unit(table: Table) -> Iterator[Check]:
    """Look for a figure a thousand times the scale of the others in its row, or a row that of the other rows."""
    if not table.source.eenheid.startswith("eur"):
        return
    found = []
    kolommen = table.stages
    largest = {post.sleutel: max((post.size(kolom) for kolom in kolommen), default=Decimal(0)) for post in table.regels}
    two = sorted(largest, key=lambda key: largest[key])[-2:]
    for post in table.regels:
        amounts = {k: abs(post.gedrukt.get(k) or Decimal(0)) for k in kolommen}
        known = sorted(amount for amount in amounts.values() if amount)
        others = max((largest[key] for key in two if key != post.sleutel), default=Decimal(0))
        in_row = len(known) > 1 and known[-1] / known[0] >= SLIP
        in_table = len(largest) * len(kolommen) > 3 and known and others and known[0] > SLIP * others
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
        f"{table.source.titel}: eenheid van de bedragen", table.naam, cells, outcome, told, findings=tuple(found),
        verwijzingen=table.cells(table.regels, kolommen),
    )  # fmt: skip


def check_years(table: Table, jaar: int) -> Iterator[Check]:
    """Compare the years in headers and titles with the edition's; a year in a row's name is told and left alone."""
    found = []
    for kolom, head in table.source.kolommen.items():
        years = set(YEAR.findall(head)) | {str(y) for a, b in SPAN.findall(head) for y in range(int(a), int(b))}
        expected = kolom[-4:] if YEAR.fullmatch(kolom[-4:]) else str(jaar)
        if years and expected not in years and kolom not in ("post", "sleutel", "soort", "oordeel", "toelichting"):
            bericht = f"De kolom '{head}' is van een ander jaar dan {expected}. Neem de kolom van {expected}."
            found.append(finding_of(table, None, kolom, "JAAR_ONJUIST", "fout", bericht, head, expected))
    for post in table.posten:
        years = set(YEAR.findall(post.post))
        if years and str(jaar) not in years:
            bericht = f"De post '{post.post}' noemt een ander jaar dan {jaar}. Dat mag, als de rij hier hoort."
            found.append(finding_of(table, post, "post", "JAAR_IN_POST", "melding", bericht))
    wrong = any(finding.ernst == "fout" for finding in found)
    outcome: Uitkomst = "fout" if wrong else "melding" if found else "akkoord"
    told = f"{len(found)} keer een ander jaar" if found else f"geen ander jaar dan {jaar}"
    yield Check(f"{table.source.titel}: jaren in koppen en posten", table.naam, len(table.posten), outcome, told,
                findings=tuple(found))  # fmt: skip


FAMILIES = (check_totals, check_results, check_direction, check_sign, check_oordeel, check_controle, check_unit)
"""Every check of a table, in the order of chapter 9."""
