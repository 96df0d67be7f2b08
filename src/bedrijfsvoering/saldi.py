"""Costs, income and balances in one table: which row is which, and income that is printed positive beside costs.

`lasten: positief` says how costs are printed. Income beside them is printed negative, or positive too; in the second
case income has the house's sign as it stands, and a balance has the sign that its lines show. Names say what a row is
(by itself, by the heading above it, by the total below it); arithmetic decides what names leave open.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import replace
from decimal import Decimal
from typing import Literal

from .figures import Post
from .source import TableSource

NO_STEM = {"lasten", "baten", "saldo", "totaal", "totale", "subtotaal", "en", "van", "de"}
CLOSING = ("subtotaal", "totaal")
"""The kinds of rows that close others."""
Side = Literal["lasten", "baten", "saldo", ""]

COSTS = re.compile(r"(?:lasten|kosten|uitgaven)\b|\b(?:toevoeging|storting|dotatie)(?:en)?\b", re.IGNORECASE)
INCOME = re.compile(
    r"\b(?:baten|rentebaten|inkomsten|ontvangsten)\b|opbrengst(?:en)?\b|\b(?:onttrekking(?:en)?|vrijval)\b",
    re.IGNORECASE,
)
BALANCE = re.compile(r"saldo|\bresultaat\b|\bresultaten\b", re.IGNORECASE)
ATTRIBUTED = re.compile(r"doorbelas|toe(?:ge)?reken|toerekening|verrekening|verrekend|dekking", re.IGNORECASE)
"""Words in a name that say what a row is; costs that are passed on are neither costs nor income by name."""
BALANCES = re.compile(
    r"(?:(?:gerealiseerd|geraamd|begroot|totaal|nadelig|voordelig|netto)e? )*(?:saldo|resultaat)"
    r"(?: (?:van|de|baten|lasten|en|minus|voor|vóór|na|bestemming|reserves|mutaties?|in|kostenplaatsen))*",
    re.IGNORECASE,
)
"""What the balance of a whole table, or of the rows above it, is called."""


def side_of(label: str) -> Side:
    """Return what a row's name says it is: costs, income, their balance, or nothing of the kind."""
    costs, income = COSTS.search(label), INCOME.search(label)
    if BALANCE.search(label) or (costs and income):
        return "saldo"
    if re.match(r"\W*(?:af|minus|-/-)\b", label, re.IGNORECASE):
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


def with_saldi(posten: Sequence[Post], source: TableSource) -> list[Post]:
    """Return the rows with balances as (sub)totals, and with income and balances in the house's sign."""
    sides = sides_of(posten)
    if not {"lasten", "baten"} <= set(sides):
        return _income_alone(posten, sides) if source.costs_positive and "baten" in sides else list(posten)
    rows = _closing(posten, sides)
    if not source.costs_positive:
        return rows
    turned = [_turned(post) if side == "baten" else post for post, side in zip(rows, sides, strict=True)]
    (stands, fits), (turns, more) = (_balanced(some, sides, source) for some in (rows, turned))
    return turns if more > fits or (more == fits and _beside(rows, sides)) else stands


def is_turned(post: Post, source: TableSource) -> bool:
    """Return whether a row of a table with positive costs has the house's sign as it was printed."""
    kolommen = [kolom for kolom in post.gedrukt if not kolom.startswith("budgetresultaat")]
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


def _closing(posten: Sequence[Post], sides: Sequence[Side]) -> list[Post]:
    """Return the rows with each balance as a subtotal, the last one under all lines as the total."""
    result = list(posten)
    filled = [index for index, post in enumerate(posten) if post.is_filled]
    other_total = any(post.soort == "totaal" and not side_of(post.post) for post in posten)
    names = [post.post for post in posten]
    stems: dict[Side, str] = {}
    for index in filled:
        post, side = posten[index], side_of(posten[index].post)
        if side == "saldo" and post.soort == "regel" and {"lasten", "baten"} <= stems.keys():
            whole = BALANCES.fullmatch(post.post) and index == filled[-1] and len(filled) > 3
            whole = whole and not other_total and names.count(post.post) == 1
            if BALANCES.fullmatch(post.post) or _stem(post.post) == stems["lasten"] == stems["baten"]:
                result[index] = replace(post, soort="totaal" if whole else "subtotaal")
        elif side:
            stems[side] = _stem(post.post)
    return result


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
    return sum((a for post in posten for k, a in post.gedrukt.items() if a and not k.startswith("budgetresultaat")),
               Decimal(0))  # fmt: skip


def _balanced(posten: Sequence[Post], sides: Sequence[Side], source: TableSource) -> tuple[list[Post], int]:
    """Give each balance, and each total without a side, the sign that its lines show; else that of most of them.

    Returns the rows, and in how many cells these add up.
    """
    result, step, since, fits = list(posten), Decimal(1).scaleb(-source.decimalen), 0, 0
    for index, post in enumerate(posten):
        if post.soort not in CLOSING or sides[index] in ("lasten", "baten"):
            continue
        lines = [row for row in result if row.soort == "regel"]
        above, block = ([row for row in result[begin:index] if row.soort == "regel"] for begin in (0, since))
        closed = [result[i] for i in range(index) if sides[i] in ("lasten", "baten")][-2:]
        turned = _turned(post)
        stands, turns = (
            max(_fits(one, some, step) for some in (block, above, lines, closed)) for one in (post, turned)
        )
        house = _house(above or closed)
        nearer = bool(house) and (_house([turned]) > 0) == (house > 0)
        result[index] = turned if turns > stands or (turns == stands and nearer) else post
        fits += max(stands, turns)
        since = index + 1 if sides[index] == "saldo" else since
    return result, fits


def _house(posten: Iterable[Post]) -> Decimal:
    return sum((a for post in posten for k, a in post.bedragen.items() if a and not k.startswith("budgetresultaat")),
               Decimal(0))  # fmt: skip


def _income_alone(posten: Sequence[Post], sides: Sequence[Side]) -> list[Post]:
    """Return a table of positive costs with rows called income, where it shows that it is printed positive."""
    turned = [_turned(post) if side == "baten" else post for post, side in zip(posten, sides, strict=True)]
    if all(side == "baten" for post, side in zip(posten, sides, strict=True) if post.is_filled):
        return turned if _printed(posten) > 0 else list(posten)
    totals = [index for index, post in enumerate(posten) if post.soort == "totaal"]
    if len(totals) != 1:
        return list(posten)
    total = posten[totals[0]]
    lines, other = ([row for row in rows if row.soort == "regel"] for rows in (posten, turned))
    if _fits(_turned(total), other) > _fits(total, lines):
        turned[totals[0]] = _turned(total)
        return turned
    return turned if _fits(total, other) > _fits(total, lines) else list(posten)


def _fits(total: Post, lines: Sequence[Post], step: Decimal = Decimal(1)) -> int:
    """Return in how many columns lines add up to a total, in the house's sign."""
    if not lines:
        return 0
    bound = Decimal(len(lines) + 1) / 2 * step
    kolommen = [k for k, a in total.bedragen.items() if a is not None and not k.startswith("budgetresultaat")]
    return sum(abs(_sum(lines, k) - (total.bedragen[k] or 0)) <= bound for k in kolommen)


def _sum(lines: Sequence[Post], kolom: str) -> Decimal:
    return sum((line.bedragen.get(kolom) or Decimal(0) for line in lines), Decimal(0))


def _turned(post: Post) -> Post:
    """Return a row with the other sign; a printed result gets the sign that account minus budget shows."""
    house = {kolom: -amount if amount else amount for kolom, amount in post.bedragen.items()}
    rekening, begroting = house.get("rekening"), house.get("begroting_na_wijziging")
    result = house.get("budgetresultaat")
    if result is not None and rekening is not None and begroting is not None:
        computed = rekening - begroting
        if abs(-result - computed) < abs(result - computed):
            house["budgetresultaat"] = -result
    return replace(post, bedragen=house)
