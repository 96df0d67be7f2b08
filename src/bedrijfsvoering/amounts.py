"""Amounts: read as Dutch people print them, kept as exact decimals, written in Dutch again."""

from __future__ import annotations

import re
from decimal import ROUND_HALF_UP, Decimal

from babel.numbers import format_decimal

MINUS = "\N{MINUS SIGN}"
NBSP = "\N{NO-BREAK SPACE}"

SPACES = re.compile(r"[ \t\u00a0\u2007\u2009\u202f]+")
"""Ordinary, no-break, figure, thin and narrow no-break spaces."""
SIGNS = str.maketrans({"\u2212": "-", "\u2013": "-", "\u2014": "-", "\u2010": "-", "\u2011": "-"})
"""Minus sign, dashes and hyphens that people and programs use for a minus."""
MAX_DIGITS = 15
"""More than any amount of a municipality has, and still exact everywhere."""
GROUPED = re.compile(r"(?P<whole>\d{1,3}(?:\.\d{3})+|\d{1,3}(?: \d{3})+|\d+)(?:,(?P<fraction>\d+))?", re.ASCII)


class AmountError(ValueError):
    """A text that is not one unambiguous Dutch amount; the message says what was expected."""


def parse_amount(text: str, decimalen: int = 0) -> Decimal | None:
    """Read one printed amount; a blank is unknown (None), a printed dash is nil.

    Parameters
    ----------
    text
        `-1.234`, `1.234-`, `(1.234)`, `−1.234`, `1.234,5`, `€ 1.234`, with any kind of space.
    decimalen
        Decimals that the table declares; `1,234` is refused as ambiguous where it declares fewer than three.

    Raises
    ------
    AmountError
        The text is not a number, or could be read in two ways (`1.5`, `1,234`).
    """
    body = SPACES.sub(" ", text).strip().translate(SIGNS)
    if not body:
        return None
    body = re.sub(r"^-/-|-/-$", "-", body)
    if re.fullmatch(r"(?:€|EUR)? ?-{1,2}|nihil", body, re.IGNORECASE):
        return Decimal(0)
    body = re.sub(r"(?<=\d),-{1,2}$", "", body)
    body, negative = _strip_sign(_strip_euro(body))
    body = _strip_euro(body)
    match = GROUPED.fullmatch(body)
    if match is None or (body[0] == "0" and "." in body):
        raise AmountError(_why_refused(body))
    if len(re.sub(r"\D", "", body)) > MAX_DIGITS:
        raise AmountError(f"dit zijn meer dan {MAX_DIGITS} cijfers; verwacht een bedrag van een gemeente")
    whole, fraction = re.sub(r"[. ]", "", match["whole"]), match["fraction"] or ""
    if len(fraction) == 3 and decimalen < 3 and "." not in body:
        raise AmountError("dit kan duizend of drie decimalen zijn; verwacht 1.234 of 1234,00")
    amount = Decimal(f"{whole}.{fraction}" if fraction else whole)
    return -amount if negative else amount


def _strip_euro(body: str) -> str:
    """Return the body without a euro sign before or behind it."""
    return re.sub(r"^(?:€|EUR)\s*|\s*(?:€|EUR)$", "", body)


def _strip_sign(body: str) -> tuple[str, bool]:
    """Return the body without its sign, and whether it was negative; one sign only."""
    if body.startswith("(") and body.endswith(")") and len(body) > 2:
        return body[1:-1].strip(), True
    if body.startswith("-"):
        return body[1:].strip(), True
    if body.endswith("-"):
        return body[:-1].strip(), True
    return (body[1:].strip() if body.startswith("+") else body), False


def _why_refused(body: str) -> str:
    if re.fullmatch(r"[\d., ]+", body):
        return "dit is niet eenduidig; verwacht een punt voor duizendtallen en een komma voor decimalen"
    if re.fullmatch(r"p\.?m\.?|n\.?v\.?t\.?|n\.?b\.?|n\.?n\.?b\.?|onbekend", body, re.IGNORECASE):
        return "dit is geen bedrag; verwacht een getal, of een lege cel als het bedrag niet bekend is"
    return "dit is geen bedrag; verwacht bijvoorbeeld -1.234 of 1.234,5"


def round_half_up(amount: Decimal, decimalen: int) -> Decimal:
    """Round as people do on paper: a half goes away from nil."""
    return amount.quantize(Decimal(1).scaleb(-decimalen), rounding=ROUND_HALF_UP)


def fmt_amount(amount: Decimal, decimalen: int = 0) -> str:
    """Write an amount in Dutch: `−14.393`, `1.234,5`, with a real minus sign."""
    pattern = "#,##0" + ("." + "0" * decimalen if decimalen else "")
    rounded = round_half_up(amount, decimalen)
    return format_decimal(rounded or abs(rounded), format=pattern, locale="nl_NL").replace("-", MINUS)


def fmt_exact(amount: Decimal) -> str:
    """Write an amount with as many decimals as it has: `9`, `7,5`, `0,15`."""
    return fmt_amount(amount, max(0, -int(amount.normalize().as_tuple().exponent)))


WORDS = ("geen", "één", "twee", "drie", "vier", "vijf", "zes", "zeven", "acht", "negen", "tien", "elf", "twaalf")
"""Small numbers are written as words, as Dutch does."""


def fmt_count(count: int) -> str:
    """Write a count: a word up to twelve, then digits."""
    return WORDS[count] if 0 <= count < len(WORDS) else fmt_amount(Decimal(count))


def begin_count(count: int) -> str:
    """Write a count as a sentence begins with it: `Vijf`, `Eén` (Dutch puts no accent on a capital here)."""
    return "Eén" if count == 1 else fmt_count(count).capitalize()


def fmt_value(amount: Decimal) -> str:
    """Write an amount for a machine, as the `value` of a `<data>` element: `-14393`, `51.7`."""
    return f"{amount.normalize():f}" if amount else "0"
