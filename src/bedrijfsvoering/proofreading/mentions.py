"""Mentions: the numbers in Dutch prose, not its dates and names, each with what it says and when that is true."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from typing import Literal

from . import number_words as words
from .number_words import DASHES, DENOMINATORS, PADDING, UNITS, Hedge, Number, Token, counts_things, number_at

Soort = Literal["euro", "procent", "fte", "factor", "getal", "aantal"]
Tokens = Sequence[Token]

NIL, ONE, TWO = map(Decimal, range(3))
EURO = {"€", "eur"}
SIGNS = {*DASHES, "+"}
CENTS = {*DASHES, "--", "="}
QUOTES = set("'’‘\"“”„")
LINKS = {",", "en", "of", "t/m", "tot", "naar", "à", "&", *DASHES}
FRACTION = re.compile(r"([1-9][0-9]?)/([1-9][0-9]{0,2})")
PAIR = re.compile(r"([0-9.,]+)[-–−]([0-9.,]+)")
YEAR = re.compile(r"(?:19|20)[0-9]{2}")
DONE = re.compile(r"[a-z]{0,8}ge[a-z]+(?:[dt]|en)|(?:be|ver)[a-z]+[dt]")  # twee keer gesproken
HEEDED = re.compile(
    r"het|de|di[te]|dat|deze|een|zich|ons|hun|haar|wij|we|ze|zij|men|hij|niet|te|nee?m\w*|nam\w*|ge(?:nom|slag)en|sla\w*"
)
"""Words after `acht` that make it a verb, or attention."""
FEW_OF_FACTOR = Decimal("0.05")
"""`verdubbeld` and `drie keer` are true within this part: a rounding to whole times would allow half as much again."""


@dataclass(frozen=True)
class Mention:
    """One number in a text, without its sign: `waarde` as written, true for anything from `laag` through `hoog`.

    The unit is euro, percent (de helft is 50), fte, times (tweemaal is 2), or none. `begin` and `eind` are its place,
    hedge, currency and unit word included; the noun of an `aantal` is not. Of a range `waarde` is the low end.
    """

    begin: int
    eind: int
    tekst: str
    waarde: Decimal
    laag: Decimal
    hoog: Decimal
    soort: Soort


@dataclass(frozen=True)
class Draft:
    """A mention in tokens (`first` up to `after`), whose unit may yet come from the number behind it."""

    first: int
    after: int
    number: Number
    soort: Soort
    schaal: Decimal = ONE
    currency: bool = False
    high: Decimal | None = None
    hedge: Hedge | None = None
    share: bool = False


def find_mentions(text: str) -> list[Mention]:
    """Return the numbers of a Markdown text, in order, not overlapping."""
    tokens = words.tokenise(text)
    drafts: list[Draft] = []
    place, labelled = PADDING, 0
    while place < len(tokens) - PADDING:
        draft = _read(tokens, place) if words.may_begin(tokens[place].woord) else None
        if draft is None:
            place += 1
        elif _is_name(tokens, place, draft, labelled):
            labelled = place = draft.after
        elif not (draft.share or draft.currency) and any(check(tokens, place, draft) for check in NO_FIGURE):
            place += 1
        else:
            drafts.append(_reach_back(tokens, draft, drafts[-1].after if drafts else PADDING))
            place = draft.after
    return [_mention(text, tokens, draft) for draft in _with_units(tokens, drafts)]


def _read(tokens: Tokens, place: int) -> Draft | None:
    """Return what begins at a token, if it is a number, a range, a share or a factor."""
    if tokens[place].woord == "een" and tokens[place + 1].woord not in words.AFTER_EEN:
        return None
    if draft := _read_share(tokens, place) or _read_factor(tokens, place):
        return draft
    if pair := PAIR.fullmatch(tokens[place].woord):
        return _read_pair(tokens, place, pair)
    number = number_at(tokens, place)
    if number is None:
        return _read_one_of(tokens, place, Number(ONE, ONE, place + 1)) if tokens[place].woord == "een" else None
    currency = _has_currency(tokens, place)
    schaal, soort, after = _tail(tokens, number, currency)
    draft = Draft(place, after, number, soort, schaal, currency)
    if found := _read_one_of(tokens, place, number) or _read_range(tokens, draft):
        return found
    return None if number.pointed and not currency and soort in ("getal", "aantal") else draft


def _read_share(tokens: Tokens, place: int) -> Draft | None:
    """Return the share at a token: de helft, een derde, driekwart, 1/3."""
    word, nxt = tokens[place].woord, tokens[place + 1].woord
    if word == "helft":
        before = tokens[place - 1].woord
        half = _share(place - (before == "de"), place + 1, Decimal(50))
        return None if before in ("eerste", "tweede", "laatste", "1e", "2e") else half
    if value := words.share_value(word):
        return _share_or_amount(tokens, place, place + 1, value)
    if match := FRACTION.fullmatch(word):
        part, whole = int(match[1]), int(match[2])
        return _share_or_amount(tokens, place, place + 1, Decimal(100 * part) / whole) if part < whole <= 100 else None
    times = ONE if word == "een" else words.word_value(word)
    if not times or times >= DENOMINATORS.get(nxt, 0):
        return None
    if times == 1 and nxt != "kwart" and counts_things(_words(tokens, place + 2), True):
        return None  # een derde wijziging
    return _share_or_amount(tokens, place, place + 2, times * 100 / DENOMINATORS[nxt])


def _share(first: int, after: int, value: Decimal) -> Draft:
    return Draft(first, after, Number(value, ONE, after), "procent", share=True)


def _share_or_amount(tokens: Tokens, first: int, after: int, value: Decimal) -> Draft:
    """Return a share, or the amount or count that it is a part of: driekwart miljoen, driekwart jaar."""
    part, unit = Number(value / 100, Decimal("0.01"), after), tokens[after].woord
    if unit in words.LARGE or unit == "fte":
        schaal, soort, end = _tail(tokens, part, False)
        return Draft(first, end, part, soort, schaal)
    return Draft(first, after, part, "aantal") if unit in ("jaar", "uur") else _share(first, after, value)


def _read_one_of(tokens: Tokens, place: int, number: Number) -> Draft | None:
    """Return the share of `vier van de tien`, `3 op de 4`, `een op vijf`; but `een van de vijf` is one of them."""
    link, article = tokens[number.after].woord, tokens[number.after + 1].woord in ("de", "elke", "iedere")
    one = number.waarde == 1
    if link not in (("op",) if one else ("op", "van")) or not (one or article) or number.waarde % 1:
        return None
    whole = number_at(tokens, number.after + 1 + article)
    if whole is None or not 0 < number.waarde < whole.waarde or YEAR.fullmatch(tokens[place].woord):
        return None
    bare = _tail(tokens, whole, False)[1] in ("getal", "aantal")
    return _share(place, whole.after, number.waarde * 100 / whole.waarde) if bare else None


def _read_factor(tokens: Tokens, place: int) -> Draft | None:
    """Return the factor in one word: verdubbeld, tweemaal, het dubbele; or the size of a group: een vijftal."""
    word, nxt = tokens[place].woord, tokens[place + 1].woord
    doubled = (tokens[place - 1].woord, word) == ("het", "dubbele") or (word, nxt) == ("dubbel", "zo")
    if value := TWO if doubled else words.factor_value(word):
        soort: Soort = "aantal" if word.endswith("maal") and _is_often(nxt) else "factor"
        return Draft(place - (word == "dubbele"), place + 1, Number(value, ONE, place + 1), soort)
    size = words.group_value(word)
    return Draft(place, place + 1, Number(size, ONE, place + 1), "aantal") if size else None


def _is_often(nxt: str) -> bool:
    """Whether `keer` counts how often something happens: drie keer per jaar, twee keer gesproken."""
    return nxt in {"per", "in", "tijdens", "gedurende", "elke", "daags"} or DONE.fullmatch(nxt) is not None


def _has_currency(tokens: Tokens, place: int) -> bool:
    return tokens[place - 1 - (tokens[place].glued and tokens[place - 1].woord in SIGNS)].woord in EURO


def _tail(tokens: Tokens, number: Number, currency: bool) -> tuple[Decimal, Soort, int]:
    """Return the scale and the kind that the words after a number give it, and the token after them."""
    after, schaal, word = number.after, ONE, tokens[number.after].woord
    short = currency or tokens[after + 1].woord == "€" or (word == "k" and tokens[after].glued)
    if word in words.SCALES and (short or word not in ("k", "m")):
        schaal, after = Decimal(words.SCALES[word]), after + 1
    dot, then = tokens[after], tokens[after + 1]
    follows = after + (schaal > 1 and dot.woord == "." and dot.glued and not then.capital)
    unit, end = _unit(tokens, follows)
    if unit and not (unit == "factor" and currency):
        often = unit == "factor" and (number.waarde == 1 or _is_often(tokens[end].woord))
        return schaal, "aantal" if often else unit, end
    if dot.woord == "," and dot.glued and then.woord in CENTS and then.glued:
        return schaal, "euro", after + 2
    if currency:
        return schaal, "euro", after
    if counts_things(_words(tokens, follows), number.waarde == 1 == schaal, schaal > 1):
        return (ONE, "aantal", after - 1) if word == "ton" else (schaal, "aantal", after)
    thousands = number.waarde >= 1000 and "duizend" in tokens[number.after - 1].woord
    return schaal, "euro" if schaal > 1 or thousands else "getal", after


def _unit(tokens: Tokens, place: int) -> tuple[Soort | None, int]:
    """Return the unit at a token, and the token after it; `x` stuck to the number is keer, `extra fte` is fte."""
    token, nxt = tokens[place], tokens[place + 1].woord
    if token.woord == "x" and token.glued and not nxt[0].isdigit():
        return "factor", place + 1
    adjective = token.woord == "extra" or (token.woord.endswith("e") and words.word_value(token.woord) is None)
    if UNITS.get(nxt) == "fte" and adjective:
        return "fte", place + 2
    soort = None if token.woord in EURO and nxt[0].isdigit() else UNITS.get(token.woord)  # € of the next number
    return soort, place + (soort is not None)


def _words(tokens: Tokens, place: int) -> list[str]:
    """Return the words at a place, at most three, up to the first sign."""
    place += tokens[place].woord in QUOTES and not tokens[place].glued
    signs = (count for count in range(3) if not tokens[place + count].woord[0].isalpha())
    return [token.woord for token in tokens[place : place + next(signs, 3)]]


def _read_range(tokens: Tokens, low: Draft) -> Draft | None:
    """Return `tussen 7 en 8 miljoen`, `7 à 8 miljoen`, `10%-12%`, `€ 5 tot € 6 miljoen`: from low to high."""
    link = tokens[low.after].woord
    between = low.first - 1 - low.currency
    between -= tokens[between].woord == "de"
    first = between if tokens[between].woord == "tussen" else low.first
    if link not in ("à", "a", "tot", "t/m", *DASHES) and not (link == "en" and first == between):
        return None
    second = low.after + 1
    second += 2 * (link == "tot" and [token.woord for token in tokens[second : second + 2]] == ["en", "met"])
    second += tokens[second].woord in (*EURO, "de")
    number = number_at(tokens, second)
    if number is None or low.soort == "aantal":
        return None
    money = low.currency or _has_currency(tokens, second)
    schaal, soort, after = _tail(tokens, number, money)
    low_scale = schaal if low.schaal == 1 and low.number.waarde < 1000 else low.schaal
    if low.soort not in ("getal", soort) or low.number.waarde * low_scale >= number.waarde * schaal:
        return None
    years = {YEAR.fullmatch(tokens[place].woord) is not None for place in (low.first, second)}
    if (link in DASHES and soort in ("getal", "aantal")) or (not money and len(years) == 2):
        return None
    return Draft(first, after, low.number, soort, low_scale, money, number.waarde * schaal)


def _read_pair(tokens: Tokens, place: int, pair: re.Match[str]) -> Draft | None:
    """Return a range written in one: 10-12%; without a unit or a noun it is a date, a score or a code."""
    low, high = (words.literal(word, place + 1) for word in pair.groups())
    if low is None or high is None or low.waarde >= high.waarde:
        return None
    currency = _has_currency(tokens, place)
    schaal, soort, after = _tail(tokens, high, currency)
    years = YEAR.fullmatch(pair[1]) and YEAR.fullmatch(pair[2]) and not currency
    return (
        None if soort == "getal" or years else Draft(place, after, low, soort, schaal, currency, high.waarde * schaal)
    )


def _reach_back(tokens: Tokens, draft: Draft, floor: int) -> Draft:
    """Return a draft with the sign, the currency and the hedge before it."""
    first = draft.first
    for signs in (SIGNS, EURO, SIGNS):
        before, loose = tokens[first - 1], tokens[first - 1].glued and tokens[first - 2].woord[0].isalnum()
        if first > floor and before.woord in signs and (signs is EURO or (tokens[first].glued and not loose)):
            first -= 1
    article = tokens[first - 1].woord in ("de", "het")
    end = first - article
    if tokens[end - 1].woord not in words.HEDGE_ENDS:
        return replace(draft, first=first)
    for begin in range(max(end - 4, floor), end):
        phrase = " ".join(token.woord for token in tokens[begin:end])
        hedge = words.HEDGES.get(phrase)
        compares = begin == floor > PADDING and hedge in ("meer", "minder")  # 218 minder dan 7.660
        versus = phrase == "tegen" and not article  # 56 tegen 47
        if hedge and not (compares or versus) and not (article and phrase.endswith("dan")):
            return replace(draft, first=begin, hedge=hedge)
    return replace(draft, first=first)


def _is_name(tokens: Tokens, place: int, draft: Draft, labelled: int) -> bool:
    """Whether a number is the name of something: artikel 12, lid 3 en 4, programma 2, ISO 27001, Raadhuisplein 4."""
    word, waarde, bare = tokens[place].woord, draft.number.waarde, draft.soort == "getal"
    if draft.currency or draft.share or not (bare or draft.soort == "aantal") or draft.number.stap < 1:
        return False
    if labelled == place - 1 - 2 * (tokens[place - 1].woord == "met") and tokens[labelled].woord in LINKS:
        return bare or word.isdigit()
    direct = tokens[place - 1].woord not in (".", ":")
    label = tokens[place - 1 if direct else place - 2]
    if not draft.number.digits:
        return bare and waarde <= 12 and label.woord in words.IDS | words.LABELS | words.SOFT_LABELS
    if label.woord in words.IDS or label.woord.endswith("nummer"):
        return True
    if "." in word or waarde >= 1000:
        return False
    street = label.capital and words.STREET.fullmatch(label.woord)
    soft = direct and label.woord in words.SOFT_LABELS and waarde < (5 if label.woord == "kwartaal" else 100)
    return bool(street) or label.woord in words.LABELS or (soft and (bare or tokens[draft.after].capital))


def _is_dated(tokens: Tokens, place: int, draft: Draft) -> bool:
    """Whether a number is a year, or a day before a month: 2023, 31 december, 1 en 2 juli, jaren 90."""
    before, after = tokens[place - 1].woord, draft.number.after if draft.high is None else draft.after
    if YEAR.fullmatch(tokens[place].woord) and draft.number.after == place + 1:
        plain = draft.soort in ("getal", "aantal") and tokens[place + 1].woord not in words.COUNTED_LIKE_YEARS
        return plain or before in words.YEAR_BEFORE
    for _ in range(4):
        after += 2 * (tokens[after].woord in LINKS and tokens[after + 1].woord.isdigit())
    return before == "jaren" or (draft.number.waarde <= 31 and tokens[after].woord in words.MONTHS)


def _is_hour_or_rate(tokens: Tokens, place: int, draft: Draft) -> bool:
    """Whether a number is a time or the size that a rate is for: om vier uur, half vier, per 1.000 inwoners."""
    before, waarde = tokens[place - 1].woord, draft.number.waarde
    if before in ("per", "half") and draft.soort in ("getal", "aantal"):
        return before == "half" or waarde in (10, 100, 1000, 10_000, 100_000)
    clock = draft.high is not None or before in ("om", "tot", "vanaf", "rond", "voor", "na", "uiterlijk")
    after, then = tokens[draft.after].woord, tokens[draft.after + 1].woord
    return clock and after == "uur" and waarde <= 24 and then not in ("per", "extra", "aan")


def _is_idiom(tokens: Tokens, place: int, draft: Draft) -> bool:
    """Whether a number word is none: op één na, één voor één, acht slaan, in acht nemen, a name with a capital."""
    word, before, after = tokens[place].woord, tokens[place - 1].woord, tokens[draft.number.after].woord
    if draft.number.digits:
        return False
    if draft.number.waarde == 1 and draft.soort in ("getal", "aantal"):
        set_phrase = before in ("op", "in", "voor") and (
            draft.soort == "getal" or after in ("keer", "lijn", "hoop", "klap")
        )
        return set_phrase or after in ("na", "voor", "van", "op", "ander")
    heeded = HEEDED.fullmatch(after) or words.word_value(after) or (before == "in" and draft.soort == "getal")
    return bool(word == "acht" and heeded) or (tokens[place].capital and before[-1].isalpha())


NO_FIGURE = (_is_dated, _is_hour_or_rate, _is_idiom)


def _with_units(tokens: Tokens, drafts: Sequence[Draft]) -> list[Draft]:
    """Return the drafts, each bare number with the unit of the one it is linked to: van 7,2 naar 7,4 miljoen."""
    done: list[Draft] = []
    linked = False
    for draft in reversed(drafts):
        link = " ".join(token.woord for token in tokens[draft.after : done[-1].first][:3]) if done else ""
        linked = link in ("naar", "en", "of", "tot", "à", "van de") or (linked and link == ",")
        done.append(_inherit(draft, done[-1], link) if linked else draft)
    return done[::-1]


def _inherit(draft: Draft, later: Draft, link: str) -> Draft:
    """Return a draft with the unit of a later one, if it has none: 7,2 en 7,4 miljoen, € 7,2 naar 7,4 miljoen."""
    bare = draft.soort == "getal" and (not later.currency or link == "naar")
    unscaled = draft.currency and draft.schaal == 1 and later.soort == "euro" and link == "naar"
    large = draft.number.waarde >= 1000 and later.soort == "euro" and (later.currency or later.schaal > 1)
    if later.share or later.soort == "getal" or large or not (bare or unscaled):
        return draft
    return replace(draft, soort=later.soort, schaal=later.schaal)


def _mention(text: str, tokens: Tokens, draft: Draft) -> Mention:
    begin, eind = tokens[draft.first].begin, tokens[draft.after - 1].eind
    return Mention(begin, eind, text[begin:eind], draft.number.waarde * draft.schaal, *_bounds(draft), draft.soort)


def _bounds(draft: Draft) -> tuple[Decimal, Decimal]:
    """Return the least and the greatest value for which a number is true, by its rounding and its hedge."""
    low = draft.number.waarde * draft.schaal
    high = low if draft.high is None else draft.high
    near, wide = _margins(draft, low)
    under, over = {
        None: (near, near),
        "iets_meer": (NIL, wide),
        "iets_minder": (wide, NIL),
        "ongeveer": (max(near, wide), max(near, wide)),
        "meer": (NIL, high / 2),
        "minder": (low / 2, NIL),
    }[draft.hedge]
    return max(low - under, NIL), high + over


def _margins(draft: Draft, waarde: Decimal) -> tuple[Decimal, Decimal]:
    """Return how far a number may be off as it is rounded, and at most by a word such as `ruim`."""
    if draft.share:
        return ONE, Decimal(5)
    wide = stap = draft.number.stap * draft.schaal
    while draft.number.stap == 1 and waarde and waarde % (wide * 10) == 0:
        wide *= 10  # with a hedge the noughts at the end are no written digits: ruim 400
    near = waarde * FEW_OF_FACTOR if draft.soort == "factor" and draft.number.stap == 1 else stap / 2
    return (near if draft.high is None else NIL), min(wide, waarde / 10)
