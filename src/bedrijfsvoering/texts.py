"""Texts of a source: without what a reader cannot see, and written as a printer would."""

from __future__ import annotations

import re
from html import escape

CONTROL = re.compile(
    "[\x00-\x08\x0b-\x1f\x7f-\x9f\u061c\u200b-\u200f\u2028-\u202e\u2060-\u2069\ud800-\udfff\ue000-\uf8ff\ufeff\ufffe\uffff\U000e0000-\U000e007f]"
)
"""Control, direction, invisible and private-use characters: they can reorder or fake what a reader sees."""


def clean(text: str) -> str:
    """Return a text of the source with single spaces and without invisible characters; `ĳ` becomes `ij`."""
    spelled = CONTROL.sub("", text.replace("\u0133", "ij").replace("\u0132", "IJ"))
    return " ".join(spelled.split())


def typographic(text: str) -> str:
    """Return a sentence with curly quotes, a minus between words said as a word, and a unit that stays whole."""
    begin, end = "\N{LEFT SINGLE QUOTATION MARK}", "\N{RIGHT SINGLE QUOTATION MARK}"
    quoted = re.sub(r"(^|[\s(])'([^']*)'", rf"\1{begin}\2{end}", text)
    quoted = quoted.replace("× € ", "×\N{NO-BREAK SPACE}€\N{NO-BREAK SPACE}")
    said = quoted.replace("'", end).replace("rekening - ", "rekening min ")
    return said.replace("begroting - ", "begroting min ")


def breakable(text: str) -> str:
    """Return a file name or code (HTML) that may break after its slashes and underscores and nowhere else."""
    return re.sub(r"([/_])", r"\1<wbr>", escape(text))


def join_words(words: list[str]) -> str:
    """Return words as a Dutch enumeration: `a, b en c`."""
    return " en ".join([", ".join(words[:-1]), words[-1]]) if len(words) > 1 else "".join(words)
