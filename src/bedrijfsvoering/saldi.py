"""Costs, income and balances in one table: which row is which, and income that is printed positive beside costs.

`lasten: positief` says how costs are printed. Income beside them is printed negative, or positive too; in the second
case income has the house's sign as it stands, and a balance has the sign that its lines show. Names say what a row is
(by itself, by the heading above it, by the total below it); arithmetic decides what names leave open.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import replace
from decimal import Decimal
from typing import Literal

from .figures import Post
from .source import Kolom, TableSource, is_result

NO_STEM = {"lasten", "baten", "saldo", "totaal", "totale", "subtotaal", "en", "van", "de"}
CLOSING = ("subtotaal", "totaal")
"""The kinds of rows that close others."""
COSTS = re.compile(r"(?:lasten|kosten|uitgaven)\b|\b(?:toevoeging|storting|dotatie)(?:en)?\b", re.IGNORECASE)
INCOME = re.compile(
    r"\b(?:baten|rentebaten|inkomsten|ontvangsten)\b|opbrengst(?:en)?\b|\b(?:onttrekking(?:en)?|vrijval)\b",
    re.IGNORECASE,
)
BALANCE = re.compile(r"saldo|(?<!budget)resultaat\b|\bresultaten\b|\bnetto\b", re.IGNORECASE)
ATTRIBUTED = re.compile(
    r"doorbelas|door(?:be|ge)reken|toe(?:ge)?reken|toerekening|verrekening|verrekend|dekking(?!smiddel)", re.IGNORECASE
)
"""Words in a name that say what a row is; costs that are passed on are neither costs nor income by name."""
PLAIN = re.compile(r"\b(?:(?P<lasten>lasten)|(?P<baten>baten)|(?P<saldo>saldo))\)?$", re.IGNORECASE)
"""A name that ends in what it is."""
DEDUCTED = re.compile(r"\W*(?:(?:af|minus) ?:|-/-)", re.IGNORECASE)
"""The beginning of a row that is taken off."""
BALANCES = re.compile(
    r"(?:(?:gerealiseerd|geraamd|begroot|totaal|nadelig|voordelig|batig|netto)e? )*(?:saldo|resultaat)"
    r"(?: (?:van|de|baten|lasten|en|minus|voor|vóór|na|bestemming|reserves|mutaties?|in|\d{4}))*",
    re.IGNORECASE,
)
"""What the balance of a whole table, or of the rows above it, is called."""
Side = Literal["lasten", "baten", "saldo", ""]


def side_of(label: str) -> Side:
    """Return what a row's name says it is: costs, income, their balance, or nothing of the kind."""
    costs, income = COSTS.search(label), INCOME.search(label)
    plain = PLAIN.search(label)
    if BALANCE.search(label) or (costs and income):
        return "saldo"
    if plain:
        return "lasten" if plain["lasten"] else "baten"
    if DEDUCTED.match(label):
        return "baten"
    if is_attributed(label):
        return ""
    return "lasten" if costs else "baten" if income else ""


def is_attributed(label: str) -> bool:
    """Return whether a row passes costs on to others."""
    return bool(ATTRIBUTED.search(label))


def sides_of(posten: Sequence[Post]) -> list[Side]:
    """Return the side of each row: its own, else of the heading above it, else of the total that closes it."""
    own = [side_of(post.post) for post in posten]
    closing: list[Side] = [
        side if post.soort in CLOSING and side in ("lasten", "baten") else ""
        for post, side in zip(posten, own, strict=True)
    ]
    filled = [index for index, post in enumerate(posten) if post.is_filled]
    on_top = bool(filled and closing[filled[0]])
    below: list[Side] = [""] * len(posten)
    last: Side = ""
    for index in range(len(posten) - 1, -1, -1):
        last = closing[index] or last
        below[index] = last
    sides: list[Side] = []
    heading: Side = ""
    above: Side = ""
    for index, post in enumerate(posten):
        above = closing[index] or above
        if not post.is_filled:
            heading = own[index] if own[index] in ("lasten", "baten") else ""
        elif closing[index]:
            heading = ""
        inherited = heading or ((above if on_top else below[index] or above) if any(closing) else "")
        if post.soort == "waarvan":
            inherited = sides[-1] if sides else ""
        sides.append(own[index] or (inherited if post.soort != "totaal" and post.is_filled else ""))
    return sides


def with_saldi(posten: Sequence[Post], source: TableSource, given: Collection[int] = ()) -> list[Post]:
    """Return the rows with balances as (sub)totals, and with income and balances in the house's sign.

    `given` are the lines of the file whose kind the source itself says: that is left alone.
    """
    sides = sides_of(posten)
    rows = _closing(posten, sides, source, given)
    if not {"lasten", "baten"} <= set(sides):
        return _income_alone(rows, sides, source) if source.costs_positive and "baten" in sides else rows
    if not source.costs_positive:
        return rows
    turned = [_turned(post, source) if side == "baten" else post for post, side in zip(rows, sides, strict=True)]
    (stands, fits), (turns, more) = (_balanced(some, sides, source) for some in (rows, turned))
    return turns if more > fits or (more == fits and _beside(rows, sides)) else stands


def is_turned(post: Post, source: TableSource) -> bool:
    """Return whether a row of a table with positive costs has the house's sign as it was printed."""
    kolommen = [kolom for kolom in post.gedrukt if not is_result(kolom)]
    return source.costs_positive and any(post.gedrukt[k] and post.gedrukt[k] == post.bedragen.get(k) for k in kolommen)


def is_unsigned(posten: Sequence[Post]) -> bool:
    """Return whether results are printed without a sign, beside letters V and N that say which side they are on."""
    results = [(post.gedrukt.get("budgetresultaat"), post.oordeel) for post in posten]
    known = [(amount, letter) for amount, letter in results if amount]
    return all(amount > 0 and letter for amount, letter in known) and {letter for _, letter in known} == {"V", "N"}


def cost_rows(posten: Sequence[Post]) -> list[Post]:
    """Return the rows that are costs by name: single lines, else totals; costs passed on are none of them."""
    costs = [post for post, side in zip(posten, sides_of(posten), strict=True) if side == "lasten" and post.is_filled]
    return [post for post in costs if post.soort == "regel"] or costs


def _closing(posten: Sequence[Post], sides: Sequence[Side], source: TableSource, given: Collection[int]) -> list[Post]:
    """Return the rows with each balance as a subtotal, the last one under all lines as the total.

    A balance shows itself by its name, by what it adds up, or as the last row of all.
    """
    result = list(posten)
    filled = [index for index, post in enumerate(posten) if post.is_filled]
    other_total = any(post.soort == "totaal" and not side_of(post.post) for post in posten)
    names = [post.post for post in posten]
    stems: dict[Side, str] = {}
    for index in filled:
        post, side = posten[index], side_of(posten[index].post)
        if side != "saldo" or post.soort != "regel" or post.regel in given:
            stems |= {side: _stem(post.post)} if side else {}
            continue
        last, both = index == filled[-1] and len(filled) > 1, {"lasten", "baten"} <= stems.keys()
        called = bool(BALANCES.fullmatch(post.post))
        alike = both and _stem(post.post) == stems["lasten"] == stems["baten"]
        if (called and (both or last)) or alike or (both and (last or _is_balance(posten, sides, index, source))):
            whole = last and (called or not alike) and len(filled) > 3 and names.count(post.post) == 1
            whole = whole and (not other_total or (called and not both))
            result[index] = replace(post, soort="totaal" if whole else "subtotaal")
    return result


def _is_balance(posten: Sequence[Post], sides: Sequence[Side], index: int, source: TableSource) -> bool:
    """Return whether a row is what the rows above it come to as printed, in all its columns and not by nil."""
    above = [i for i in range(index) if posten[i].soort == "regel"]
    bound = Decimal(len(above) + 1) / 2 * source.step
    balance = {k: abs(a) for k, a in posten[index].gedrukt.items() if a and not is_result(k)}

    def comes_to(kolom: str, income: int) -> Decimal:
        amounts = [(posten[i].gedrukt.get(kolom) or Decimal(0), income if sides[i] == "baten" else 1) for i in above]
        return abs(sum((amount * sign for amount, sign in amounts), Decimal(0)))

    return bool(balance) and any(
        all(abs(comes_to(kolom, income) - amount) <= bound for kolom, amount in balance.items()) for income in (1, -1)
    )


def _stem(label: str) -> str:
    """Return what a row's name says beside its side: `overhead` of `Overhead (lasten)`."""
    words = re.findall(r"\w+", label.casefold())
    return " ".join(word for word in words if word not in NO_STEM)


def _beside(posten: Sequence[Post], sides: Sequence[Side]) -> bool:
    """Return whether costs and income are both printed positive."""
    costs, income = (
        [post for post, one in zip(posten, sides, strict=True) if one == side] for side in ("lasten", "baten")
    )
    return _printed(costs) > 0 and _printed(income) > 0


def _printed(posten: Iterable[Post]) -> Decimal:
    """Return what rows print in all their columns together, results left out."""
    return _without_results(post.gedrukt for post in posten)


def _balanced(posten: Sequence[Post], sides: Sequence[Side], source: TableSource) -> tuple[list[Post], int]:
    """Give each balance, and each total without a side, the sign that its lines show; else that of most of them.

    Returns the rows, and in how many cells these add up.
    """
    result, step, fits = list(posten), source.step, 0
    since = block = 0  # the row after the last balance, and after the last (sub)total
    for index, post in enumerate(posten):
        if post.soort not in CLOSING:
            continue
        places = [i for i, row in enumerate(result) if row.soort == "regel"]
        readings = [[result[i] for i in places if begin <= i < index] for begin in (block, since, 0)]
        readings += [[result[i] for i in places], [result[i] for i in places if sides[i] == sides[index]]]
        closed = [result[i] for i in range(index) if sides[i] in ("lasten", "baten")][-2:]
        block = index + 1
        if sides[index] in ("lasten", "baten"):
            fits += max(_fits(post, some, step) for some in readings)
            continue
        turned = _turned(post, source)
        stands, turns = (max(_fits(one, some, step) for some in (*readings, closed)) for one in (post, turned))
        house = _house(readings[2] or closed)
        nearer = bool(house) and (_house([turned]) > 0) == (house > 0)
        result[index] = turned if turns > stands or (turns == stands == 0 and nearer) else post
        fits += max(stands, turns)
        since = index + 1 if sides[index] == "saldo" else since
    return result, fits


def _house(posten: Iterable[Post]) -> Decimal:
    """Return what rows come to in the house's sign in all their columns together, results left out."""
    return _without_results(post.bedragen for post in posten)


def _without_results(rows: Iterable[Mapping[Kolom, Decimal | None]]) -> Decimal:
    return sum((amount for row in rows for kolom, amount in row.items() if amount and not is_result(kolom)), Decimal(0))


def _income_alone(posten: Sequence[Post], sides: Sequence[Side], source: TableSource) -> list[Post]:
    """Return a table of positive costs with rows called income, where it shows that it is printed positive."""
    turned = [_turned(post, source) if side == "baten" else post for post, side in zip(posten, sides, strict=True)]
    if all(side == "baten" for post, side in zip(posten, sides, strict=True) if post.is_filled):
        return turned if _printed(posten) > 0 else list(posten)
    totals = [index for index, post in enumerate(posten) if post.soort == "totaal"]
    if len(totals) != 1:
        return list(posten)
    total = posten[totals[0]]
    lines, other = ([row for row in rows if row.soort == "regel"] for rows in (posten, turned))
    if _fits(_turned(total, source), other) > _fits(total, lines):
        turned[totals[0]] = _turned(total, source)
        return turned
    return turned if _fits(total, other) > _fits(total, lines) else list(posten)


def _fits(total: Post, lines: Sequence[Post], step: Decimal = Decimal(1)) -> int:
    """Return in how many columns lines add up to a total, in the house's sign."""
    if not lines:
        return 0
    bound = Decimal(len(lines) + 1) / 2 * step
    kolommen = [k for k, a in total.bedragen.items() if a is not None and not is_result(k)]
    return sum(abs(_sum(lines, k) - (total.bedragen[k] or 0)) <= bound for k in kolommen)


def _sum(lines: Sequence[Post], kolom: str) -> Decimal:
    return sum((line.bedragen.get(kolom) or Decimal(0) for line in lines), Decimal(0))


def _turned(post: Post, source: TableSource) -> Post:
    """Return a row with the other sign; a printed result gets the sign that account minus budget shows.

    Where these are equal a letter V or N shows it, and else the direction that the source declares.
    """
    house = {kolom: -amount if amount else amount for kolom, amount in post.bedragen.items()}
    for kolom, result in house.items():
        jaar = kolom.removeprefix("budgetresultaat")
        rekening, begroting = house.get(f"rekening{jaar}"), house.get(f"begroting_na_wijziging{jaar}")
        if jaar == kolom or not result or rekening is None or begroting is None:
            continue
        positive = rekening > begroting
        if rekening == begroting:
            printed = post.gedrukt.get(kolom) or result
            told = {"V": True, "N": False}.get(post.oordeel if not jaar else "")
            forward = (printed > 0) == (source.budgetresultaat == "rekening - begroting")
            positive = forward if told is None else told
        if abs(result) > abs(rekening - begroting) * 3 and rekening != begroting:
            continue  # it does not follow from them; the check of results says so
        house[kolom] = abs(result) if positive else -abs(result)
    return replace(post, bedragen=house)
