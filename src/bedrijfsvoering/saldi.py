"""Costs, income and balances in one table: which row is which, and income that is printed positive beside costs.

`lasten: positief` says how costs are printed. Income beside them is printed negative, or positive too; in the second
case income and balance have the house's sign as they stand. Names and arithmetic together show it, neither alone.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace
from decimal import Decimal
from typing import Literal

from .figures import Post
from .source import TableSource

COST_WORDS = ("lasten", "kosten", "uitgaven")
INCOME_WORDS = ("baten", "opbrengst", "inkomsten", "ontvangsten")
MIXED_WORDS = ("saldo", "resultaat", "belasting", "leges", "heffing", "dividend", "dekking", "gemeentefonds")
"""Words in a name that say whether a row or a table nets to costs, to income, or to what only its figures know."""
TRIPLE = ("lasten", "baten", "saldo")
"""Three rows that follow each other and are called the same but for these words: the third balances the first two."""

WAYS = ("lasten + baten", "baten - lasten", "lasten - baten")
"""How a printed balance can follow from printed costs and income."""

BALANCE = re.compile(r"(?:saldo|resultaat)(?: (?:van|de|baten|lasten|en))*", re.IGNORECASE)
"""What a balance of the whole table is called."""

Side = Literal["lasten", "baten", "saldo", ""]


def side_of(label: str) -> Side:
    """Return what a row's name says it is: costs, income, their balance, or nothing of the kind."""
    words = label.casefold()
    costs, income = (any(word in words for word in known) for known in (COST_WORDS, INCOME_WORDS))
    if "saldo" in words or "resultaat" in words or (costs and income):
        return "saldo"
    return "lasten" if costs else "baten" if income else ""


def with_saldi(posten: Sequence[Post], source: TableSource) -> list[Post]:
    """Return the rows with balances as (sub)totals and with income that was printed positive in the house's sign."""
    return _totals_turned(_sections(_triples(posten, source), source), source)


def is_turned(post: Post, source: TableSource) -> bool:
    """Return whether a row of a table with positive costs has the house's sign as it was printed."""
    kolommen = [kolom for kolom in post.gedrukt if not kolom.startswith("budgetresultaat")]
    stands = any(post.gedrukt[k] and post.gedrukt[k] == post.bedragen.get(k) for k in kolommen)
    return source.lasten == "positief" and stands


def cost_rows(posten: Sequence[Post]) -> list[Post]:
    """Return the rows that are costs by name: totals called so, else the first row of each triple."""
    totals = [post for post in posten if post.soort != "regel" and side_of(post.post) == "lasten"]
    return totals or [posten[first] for first in _triple_begins(posten)]


def _triples(posten: Sequence[Post], source: TableSource) -> list[Post]:
    """Make the third of each three rows lasten, baten, saldo a subtotal; the whole table shows how it balances."""
    begins = _triple_begins(posten)
    threes = [(posten[first], posten[first + 1], posten[first + 2]) for first in begins]
    fits = {way: sum(_balances(way, *three, source) for three in threes) for way in WAYS}
    way = max(WAYS, key=lambda one: fits[one])
    result = list(posten)
    for first in begins:
        baten, saldo = result[first + 1], result[first + 2]
        if source.lasten == "positief" and way != "lasten + baten":
            result[first + 1] = _turned(baten)
            saldo = _turned(saldo) if way == "baten - lasten" else saldo
        result[first + 2] = replace(saldo, soort="subtotaal" if saldo.soort == "regel" else saldo.soort)
    return result


def _triple_begins(posten: Sequence[Post]) -> list[int]:
    return [first for first in range(len(posten) - 2) if _named_as_triple(posten[first : first + 3])]


def _named_as_triple(three: Sequence[Post]) -> bool:
    labels = [post.post.casefold() for post in three]
    stems = {re.sub(rf"\b{word}\b", "", label).strip() for word, label in zip(TRIPLE, labels, strict=True)}
    return len(stems) == 1 and all(word in label.split() for word, label in zip(TRIPLE, labels, strict=True))


def _sections(posten: list[Post], source: TableSource) -> list[Post]:
    """Treat a table of lines with a total of costs, lines with a total of income, and perhaps their balance."""
    totals = [post for post in posten if post.soort != "regel"]
    costs, income = ([post for post in totals if side_of(post.post) == side] for side in ("lasten", "baten"))
    if not costs or not income:
        return posten
    beside = source.lasten == "positief" and _sign(costs) > 0 and _sign(income) > 0
    result = list(posten)
    for index, post in enumerate(posten):
        if beside and post in income and not is_turned(post, source):
            for place in range(_block(posten, index), index + 1):
                result[place] = _turned(posten[place])
        follows = posten.index(costs[0]) < index > posten.index(income[0])
        if follows and post.soort == "regel" and side_of(post.post) == "saldo":
            fits = [_balances(way, costs[-1], income[-1], post, source) for way in WAYS]
            result[index] = replace(post, soort="totaal") if any(fits) or BALANCE.fullmatch(post.post) else post
    return result


def _totals_turned(posten: list[Post], source: TableSource) -> list[Post]:
    """Give a balance over rows of which some were turned the sign that its lines show."""
    lines = [post for post in posten if post.soort == "regel"]
    if not any(is_turned(post, source) for post in posten):
        return posten
    result = list(posten)
    for index, post in enumerate(posten):
        if post.soort == "totaal" and side_of(post.post) != "lasten" and not is_turned(post, source):
            own = [line for line in lines if side_of(post.post) != "baten" or side_of(line.post) == "baten"]
            stands, turns = (_adds_up(_turned(post) if turn else post, own, source) for turn in (False, True))
            result[index] = _turned(post) if turns > stands else post
    return result


def _block(posten: Sequence[Post], index: int) -> int:
    """Return where the lines begin that stand between the previous (sub)total and the one at `index`."""
    return max((i for i, other in enumerate(posten[:index]) if other.soort != "regel"), default=-1) + 1


def _balances(way: str, lasten: Post, baten: Post, saldo: Post, source: TableSource) -> int:
    """Return in how many columns a printed balance follows in one way from printed costs and income."""
    bound = Decimal(3) / 2 * Decimal(1).scaleb(-source.decimalen)
    count = 0
    for kolom, printed in saldo.gedrukt.items():
        costs, income = lasten.gedrukt.get(kolom), baten.gedrukt.get(kolom)
        if printed is not None and costs is not None and income is not None:
            expected = {"lasten + baten": costs + income, "baten - lasten": income - costs}.get(way, costs - income)
            count += abs(expected - printed) <= bound
    return count


def _adds_up(total: Post, lines: Sequence[Post], source: TableSource) -> int:
    """Return in how many columns lines add up to a total, in the house's sign."""
    bound = Decimal(len(lines) + 1) / 2 * Decimal(1).scaleb(-source.decimalen)
    count = 0
    for kolom, amount in total.bedragen.items():
        amounts = [line.bedragen.get(kolom) for line in lines if line.bedragen.get(kolom) is not None]
        count += amount is not None and abs(sum((a for a in amounts if a is not None), Decimal(0)) - amount) <= bound
    return count


def _sign(posten: Sequence[Post]) -> int:
    """Return 1, -1 or 0: the sign in which rows print their amounts, results left out."""
    amounts = [a for post in posten for k, a in post.gedrukt.items() if a and not k.startswith("budgetresultaat")]
    signs = {amount > 0 for amount in amounts}
    return 0 if len(signs) != 1 else 1 if signs.pop() else -1


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
