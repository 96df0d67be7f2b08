"""The check of totals: each total and subtotal against the lines that it closes, rounding told apart from wrong."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from decimal import Decimal

from .declarations import difference_of, finding_of, fmt
from .figures import Post, Table, kolom_naam
from .findings import Check, Uitkomst
from .saldi import CLOSING, Side, sides_of
from .source import Kolom

BLOCKS = 12
"""Blocks of lines above a nested (sub)total that it may close together."""


def check_totals(table: Table) -> Iterator[Check]:
    """Prove each total and subtotal, per column, against the lines that it closes."""
    closing = [(index, post) for index, post in enumerate(table.posten) if post.soort in CLOSING]
    if not any(post.soort == "totaal" for _, post in closing):
        bericht = "De tabel heeft geen totaalregel; de optelling kan niet worden bewezen."
        finding = finding_of(table, None, None, "TOTAAL_ONTBREEKT", "waarschuwing", bericht)
        yield Check(f"{table.source.titel}: regels tegen totaal", table.naam, 0, "niet te bewijzen",
                    "geen totaal gedrukt", findings=(finding,))  # fmt: skip
    if table.source.eenheid == "pct":
        yield Check(f"{table.source.titel}: regels tegen totaal", table.naam, 0, "niet te bewijzen",
                    "procenten tellen niet op")  # fmt: skip
        return
    lines_of = closed_lines(table)
    for index, post in closing:
        for kolom in table.kolommen:
            if post.gedrukt.get(kolom) is not None:
                yield _check_total(table, post, lines_of[index], kolom)


def closed_lines(table: Table) -> dict[int, list[Post]]:
    """Return the lines that each (sub)total closes, by its place; headings and notes are none.

    A subtotal closes the lines since the previous one, and where there are none the blocks before it. The total closes
    all lines, wherever it stands. Where a table has several totals, each but the last may close the lines since the
    previous total instead, the last may close its own block, and a total of costs or of income the lines that are so.
    One reading holds for a whole row: the one that fits most columns, and the contract's where none fits better.
    """
    headings = {post.sleutel for post in _headings(table)}
    sides = sides_of(table.posten)
    found = {}
    for index, total in enumerate(table.posten):
        if total.soort in CLOSING:
            readings = [[line for line in lines if line.sleutel not in headings]
                        for lines in _readings(table, index, sides)]  # fmt: skip
            found[index] = max(readings, key=lambda lines: sum(_fits(table, total, lines, k) for k in table.kolommen))
    return found


def _readings(table: Table, index: int, sides: Sequence[Side]) -> list[list[Post]]:
    """Return the rows that a (sub)total may close, the contract's reading first."""
    posten, total, side = table.posten, table.posten[index], sides[index]
    lines = [(i, post) for i, post in enumerate(posten) if post.soort == "regel"]
    begins = [0, *(i + 1 for i, other in enumerate(posten[:index]) if other.soort in CLOSING)][-BLOCKS:]
    blocks = [[post for i, post in lines if begin <= i < index] for begin in reversed(begins)]
    after = next((i for i in range(index + 1, len(posten)) if posten[i].soort in CLOSING), len(posten))
    block, nested, below = blocks[0], blocks[1:], [post for i, post in lines if index < i < after]
    whole = [post for _, post in lines]
    called = [post for i, post in lines if sides[i] == side]
    if side not in ("lasten", "baten") or any(sides[i] not in ("lasten", "baten") for i, _ in lines):
        called = []
    both = [post for i, post in enumerate(posten) if post.soort in CLOSING and sides[i] in ("lasten", "baten")]
    before = [post for post in both if post in posten[:index]]
    both = (before or both)[-2:] if side == "saldo" else []
    totals = [post for post in posten if post.soort == "totaal"]
    if total.soort == "subtotaal":
        readings = [block, called, *nested, both, below]
    elif len(totals) == 1 or (total is totals[-1] and _is_bare(table, total)):
        readings = [whole, both]
    else:
        readings = [whole if total is totals[-1] else block, called, block, *nested, below, both]
    return [lines for lines in readings if lines] or [[]]


def _is_bare(table: Table, total: Post) -> bool:
    """Return whether a total is called so, or after its table, and after nothing that is less."""
    rest = set(re.findall(r"\w+", total.post.casefold())) - {"totaal", "eindtotaal", "generaal", "algemeen"}
    return not rest or rest == set(re.findall(r"\w+", table.source.titel.casefold()))


def _headings(table: Table) -> list[Post]:
    """Return the rows without any amount that are no line: notes under the last total, and headings above lines.

    A row without an amount is otherwise a line that was not delivered. A heading shows itself: it opens the table or,
    where there are subtotals, a block; a (sub)total is called after it, or it ends in a colon. Where the first row is
    a heading, the others in the table are headings too.
    """
    posten = table.posten
    closing = [index for index, post in enumerate(posten) if post.soort in CLOSING]
    called = " ".join(posten[index].post.casefold() for index in closing)
    found = []
    for index, post in enumerate(posten):
        if post.is_filled or post.soort != "regel":
            continue
        opens = index - 1 in closing and len(closing) > 1
        shown = opens or not posten[0].is_filled or post.post.endswith(":") or post.post.casefold() in called
        before_lines = any(other.is_filled and other.soort == "regel" for other in posten[index + 1 : index + 3])
        if (closing and index > closing[-1]) or (before_lines and shown):
            found.append(post)
    return found


def _added(lines: Sequence[Post], kolom: Kolom) -> Decimal | None:
    """Return what lines add up to in the house's sign, of printed amounts alone; None where one is unknown.

    A row without any amount is no part of the sum.
    """
    lines = [line for line in lines if line.is_filled]
    amounts = [line.bedragen.get(kolom) if line.gedrukt.get(kolom) is not None else None for line in lines]
    known = [amount for amount in amounts if amount is not None]
    return sum(known, Decimal(0)) if known and len(known) == len(amounts) else None


def _bound(table: Table, lines: Sequence[Post]) -> Decimal:
    return Decimal(sum(line.is_filled for line in lines) + 1) / 2 * table.step


def _fits(table: Table, total: Post, lines: Sequence[Post], kolom: Kolom) -> bool:
    """Return whether the lines add up to the total, rounding allowed."""
    added, house = _added(lines, kolom), total.bedragen.get(kolom)
    return added is not None and house is not None and abs(house - added) <= _bound(table, lines)


def _check_total(table: Table, total: Post, lines: Sequence[Post], kolom: Kolom) -> Check:
    """Prove a total against its lines; a row without amounts (not delivered) may only explain what does not fit."""
    against = "totaal" if total is table.totaal else total.post
    naam = f"{table.source.titel}, {kolom_naam(kolom).lower()}: regels tegen {against}"
    printed, house, added = total.gedrukt[kolom], total.bedragen[kolom], _added(lines, kolom)
    filled = [line for line in lines if line.is_filled]
    cells = table.cells([*filled, total], [kolom])
    unknown = len(filled) < len(lines) and not _fits(table, total, lines, kolom)
    if printed is None or house is None or added is None or unknown:
        absent = sum(line.gedrukt.get(kolom) is None for line in lines)
        gevonden = f"{absent} {'regel' if absent == 1 else 'regels'} zonder bedrag" if lines else "geen regels"
        bericht = (
            f"Het totaal '{total.post}' kan niet worden bewezen: {gevonden}. Vul aan wat de bron wel noemt; "
            "haal een rij weg die geen post is."
        )
        finding = finding_of(table, total, kolom, "TOTAAL_NIET_BEWEZEN", "waarschuwing", bericht, printed)
        return Check(naam, table.naam, len(filled), "niet te bewijzen", gevonden, None, (finding,), cells)
    added = -added if _is_turned_back(table, total, kolom) else added  # in the sign of the source
    grens = _bound(table, lines)
    difference = difference_of(table, printed, added)
    if not difference:
        return Check(naam, table.naam, len(filled) + 1, "akkoord", "geen verschil", grens, (), cells)
    inside = difference <= grens
    told = (
        f"Het totaal '{total.post}' is gedrukt als {fmt(table, printed)}; de {len(filled)} regels tellen op tot "
        f"{fmt(table, added)}. Het verschil is {fmt(table, difference)}; "
    )
    why = (
        f"dat is afronding (hoogstens {fmt(table, grens)}). Het gedrukte totaal blijft staan."
        if inside
        else f"afronding verklaart hoogstens {fmt(table, grens)}. Vergelijk de regels en het totaal met de bron."
    )
    blank = [post.post for post in _headings(table) if post.regel < total.regel]
    if blank and not inside:
        why += f" Zonder bedrag, en dus niet meegeteld: {', '.join(blank[:3])}."
    finding = finding_of(
        table, total, kolom, "TOTAAL_AFRONDING" if inside else "TOTAAL_ONJUIST", "melding" if inside else "fout",
        told + why, printed, added, grens,
    )  # fmt: skip
    gevonden = f"verschil van {fmt(table, difference)}, {'door' if inside else 'geen'} afronding"
    outcome: Uitkomst = "afronding" if inside else "fout"
    return Check(naam, table.naam, len(filled) + 1, outcome, gevonden, grens, (finding,), cells)


def _is_turned_back(table: Table, total: Post, kolom: Kolom) -> bool:
    """Return whether the source printed this column with the other sign; a total of nil has that of its lines."""
    rows = [total] if total.gedrukt[kolom] else table.posten
    pairs = [(post.gedrukt.get(kolom), post.bedragen.get(kolom)) for post in rows]
    return any(printed and house == -printed for printed, house in pairs)
