"""What a story can name: figures by table, row and column, results made from them, and how each is written."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from decimal import Decimal
from html import escape
from typing import Any

from jinja2 import Undefined

from .amounts import NBSP, fmt_amount, round_half_up
from .display import data, word
from .figures import Figures, Post, Table, kolom_naam
from .source import MONEY_COLUMNS

OPEN, CLOSE = "\ue000", "\ue001"
"""Private-use characters around a token's number; they are taken out of every input before."""
EURO = {"eur": Decimal(1), "eur_1000": Decimal(1000), "eur_mln": Decimal(1_000_000)}
"""What one unit of a table is in euro."""


class WrongReference(ValueError):
    """A reference that cannot be filled in; the message is Dutch and says what belongs there."""


class Names:
    """Something in a story that has named parts: a table, a row."""

    path: str

    def names(self) -> Sequence[str]:
        """Return the parts that it can have."""
        raise NotImplementedError

    def lookup(self, name: str) -> Any:
        """Return the part, or None where it is unknown or was not delivered."""
        raise NotImplementedError


@dataclass(frozen=True)
class Cijfer:
    """One figure in a story: a cell of a table or a result of cells.

    `bron` names it (`overhead.totaal.rekening`, `aandeel(a, b)`), `cel` is the cell to point at, `uitleg` says in words
    where it comes from. `eenheid` is that of the table, or `pct` or `aantal` for a result.
    """

    waarde: Decimal
    bron: str
    cel: str
    uitleg: str
    eenheid: str
    decimalen: int
    tokens: Tokens

    def shown(self, text: str, waarde: Decimal | None = None) -> str:
        """Return a token that becomes this figure, written as `text`."""
        return self.tokens.add(self, text, self.waarde if waarde is None else waarde)

    def __str__(self) -> str:
        if self.eenheid == "pct":
            return pct(self)
        return self.shown(fmt_amount(self.waarde, self.decimalen))

    def _other(self, other: object) -> Decimal:
        if isinstance(other, Cijfer):
            return other.waarde
        if isinstance(other, int | float) and not isinstance(other, bool):
            return Decimal(str(other))
        raise WrongReference(f"een cijfer kan niet worden vergeleken met '{other}'")

    def __lt__(self, other: object) -> bool:
        return self.waarde < self._other(other)

    def __le__(self, other: object) -> bool:
        return self.waarde <= self._other(other)

    def __gt__(self, other: object) -> bool:
        return self.waarde > self._other(other)

    def __ge__(self, other: object) -> bool:
        return self.waarde >= self._other(other)

    def __eq__(self, other: object) -> bool:
        return self.waarde == self._other(other)

    def __hash__(self) -> int:
        return hash((self.waarde, self.bron))

    def __bool__(self) -> bool:
        return bool(self.waarde)


class Tokens:
    """The figures that a story named, and the HTML that takes their place after Markdown was rendered."""

    def __init__(self, figures: Figures) -> None:
        self.figures = figures
        self._html: list[str] = []
        self._text: list[str] = []

    def add(self, cijfer: Cijfer, text: str, waarde: Decimal) -> str:
        """Keep a figure and return its token."""
        shown = data(waarde, cijfer.bron, escape(text))
        html = f'<a class="cijfer" href="#{escape(cijfer.cel)}" data-uitleg="{escape(cijfer.uitleg)}">{shown}</a>'
        return self._keep(html, text)

    def add_text(self, text: str) -> str:
        """Keep a label of the source, so that nothing in it is read as Markdown or HTML."""
        return self._keep(escape(text), text)

    def _keep(self, html: str, text: str) -> str:
        self._html.append(html)
        self._text.append(text)
        return f"{OPEN}{len(self._html) - 1}{CLOSE}"

    def fill(self, html: str) -> str:
        """Return HTML with each token replaced by its figure."""
        return re.sub(f"{OPEN}(\\d+){CLOSE}", lambda match: self._html[int(match[1])], html)

    def plain(self, text: str) -> str:
        """Return Markdown with each token replaced by its text."""
        return re.sub(f"{OPEN}(\\d+){CLOSE}", lambda match: self._text[int(match[1])], text)


class PostNames(Names):
    """A row in a story: `overhead.duo_plus`, with its columns and its label (`.post`)."""

    def __init__(self, table: Table, post: Post, tokens: Tokens) -> None:
        self.table, self.row, self.tokens = table, post, tokens
        self.path = f"{table.naam}.{post.sleutel}"

    def names(self) -> Sequence[str]:
        """Return the columns, and `post`."""
        return (*MONEY_COLUMNS, "post")

    def lookup(self, name: str) -> Any:
        """Return the figure of a column, or the label."""
        if name == "post":
            return str(self)
        waarde = self.row.bedragen.get(name) if name in MONEY_COLUMNS else None
        if waarde is None:
            return None
        path, source = f"{self.path}.{name}", self.table.source
        uitleg = f"Tabel {source.titel}, {self.row.post}, {kolom_naam(name).lower()}"
        return Cijfer(waarde, path, path, uitleg, source.eenheid, source.decimalen, self.tokens)

    def __str__(self) -> str:
        return self.tokens.add_text(self.row.post)


class TableNames(Names):
    """A table in a story: `overhead`, with its rows by key."""

    def __init__(self, table: Table, tokens: Tokens) -> None:
        self.table, self.tokens, self.path = table, tokens, table.naam

    def names(self) -> Sequence[str]:
        """Return the keys of the rows."""
        return [post.sleutel for post in self.table.posten]

    def lookup(self, name: str) -> Any:
        """Return the row with this key."""
        found = [post for post in self.table.posten if post.sleutel == name]
        return PostNames(self.table, found[0], self.tokens) if found else None

    def posts(self, side: int = 0) -> Posten:
        """Return the lines with a result (side 1: voordelen, -1: nadelen, 0: all), largest first."""
        lines = [post for post in self.table.regels if post.resultaat * side >= 0]
        lines = [post for post in lines if post.bedragen.get("budgetresultaat") is not None]
        lines = [post for post in lines if not side or post.bedragen["budgetresultaat"]]
        lines.sort(key=lambda post: -abs(post.resultaat))
        return Posten(self, [PostNames(self.table, post, self.tokens) for post in lines])


class Posten(list["PostNames"]):
    """Some lines of one table, such as its voordelen; there may be none."""

    def __init__(self, table: TableNames, posts: Sequence[PostNames]) -> None:
        super().__init__(posts)
        self.table = table


def as_text(value: Any) -> Any:
    """Return what stands between braces as it is written; what is no figure, label or word has no place in a story."""
    if isinstance(value, str | Undefined):
        return value
    if isinstance(value, Cijfer | PostNames):
        return str(value)
    raise WrongReference("hier hoort een cijfer, zoals overhead.totaal.rekening")


def is_geld(value: Any) -> bool:
    """Return whether a value is a figure in euro (the test `is geld`)."""
    return isinstance(value, Cijfer) and value.eenheid in EURO


def story_names(figures: Figures, tokens: Tokens) -> dict[str, Any]:
    """Return what a story can name beside the functions: every money table, and the year."""
    tables = {naam: TableNames(table, tokens) for naam, table in figures.tables.items()}
    return {**tables, "jaar": str(figures.jaar), "gemeente": tokens.add_text(figures.source.gemeente)}


def _cijfer(value: Any, kolom: str = "rekening") -> Cijfer:
    """Return the figure that a function was given; of a row, the column that the function speaks of."""
    if isinstance(value, PostNames):
        row, value = value, value.lookup(kolom)
        if value is None:
            raise WrongReference(f"'{row.path}.{kolom}' is niet aangeleverd")
    _known(value)
    if not isinstance(value, Cijfer):
        raise WrongReference("hier hoort een cijfer, zoals overhead.totaal.rekening")
    return value


def _known(value: Any) -> None:
    """Raise the error of an unknown name (file, line, nearest name) where it was handed to a function."""
    if isinstance(value, Undefined):
        str(value)


def _table(value: Any) -> TableNames:
    _known(value)
    if not isinstance(value, TableNames):
        raise WrongReference("hier hoort een tabel, zoals overhead")
    return value


def _result(name: str, waarde: Decimal, parts: Sequence[Cijfer], eenheid: str, uitleg: str) -> Cijfer:
    first, bron = parts[0], f"{name}({', '.join(part.bron for part in parts)})"
    return Cijfer(waarde, bron, first.cel, f"Berekend: {uitleg}", eenheid, first.decimalen, first.tokens)


def aandeel(deel: Any, geheel: Any) -> Cijfer:
    """Return a part as a percentage of the whole; of two rows, their rekening."""
    part, whole = _cijfer(deel), _cijfer(geheel)
    if not whole.waarde:
        raise WrongReference(f"'{whole.bron}' is nul: een aandeel daarvan bestaat niet")
    uitleg = f"{part.uitleg} als deel van {whole.uitleg}"
    return _result("aandeel", abs(part.waarde / whole.waarde) * 100, [part, whole], "pct", uitleg)


def groei(nu: Any, toen: Any) -> Cijfer:
    """Return how much larger the first figure is than the second, in percent of the second."""
    now, then = _cijfer(nu), _cijfer(toen)
    if not then.waarde:
        raise WrongReference(f"'{then.bron}' is nul: een groei daarvan bestaat niet")
    change = (abs(now.waarde) - abs(then.waarde)) / abs(then.waarde) * 100
    return _result("groei", change, [now, then], "pct", f"groei van {then.uitleg} naar {now.uitleg}")


def verschil(a: Any, b: Any) -> Cijfer:
    """Return the first figure minus the second, in their unit."""
    first, second = _cijfer(a), _cijfer(b)
    if first.eenheid != second.eenheid:
        raise WrongReference(f"'{first.bron}' en '{second.bron}' hebben niet dezelfde eenheid")
    uitleg = f"{first.uitleg} min {second.uitleg}"
    return _result("verschil", first.waarde - second.waarde, [first, second], first.eenheid, uitleg)


def voordelen(tabel: Any) -> Posten:
    """Return the lines with a voordeel, largest first."""
    return _table(tabel).posts(1)


def nadelen(tabel: Any) -> Posten:
    """Return the lines with a nadeel, largest first."""
    return _table(tabel).posts(-1)


def grootste(tabel: Any) -> PostNames:
    """Return the line with the largest rekening, without its sign."""
    lines = [post for post in _table(tabel).table.regels if post.bedragen.get("rekening") is not None]
    if not lines:
        raise WrongReference(f"'{tabel.path}' heeft geen regels met een rekening")
    largest = max(lines, key=lambda post: post.size("rekening"))
    return PostNames(tabel.table, largest, tabel.tokens)


def som(posten: Any) -> Cijfer:
    """Return the results of some lines, added up; of no lines it is nil."""
    lines, parts = _posten(posten)
    total = sum((part.waarde for part in parts), Decimal(0))
    return _over_posten("som", lines, total, lines.table.table.source.eenheid)


def aantal(posten: Any) -> Cijfer:
    """Return how many lines there are."""
    lines, parts = _posten(posten)
    return _over_posten("aantal", lines, Decimal(len(parts)), "aantal")


def _posten(posten: Any) -> tuple[Posten, list[Cijfer]]:
    _known(posten)
    lines = posten.posts() if isinstance(posten, TableNames) else posten
    if not isinstance(lines, Posten):
        raise WrongReference("hier horen posten, zoals voordelen(overhead)")
    return lines, [_cijfer(post, "budgetresultaat") for post in lines]


def _over_posten(name: str, lines: Posten, waarde: Decimal, eenheid: str) -> Cijfer:
    """Return a result over some lines; it points at their table."""
    table = lines.table
    bron = f"{name}({', '.join(f'{post.path}.budgetresultaat' for post in lines) or table.path})"
    uitleg = f"Berekend: {name} over {len(lines)} posten van tabel {table.table.source.titel}"
    return Cijfer(waarde, bron, table.path, uitleg, eenheid, table.table.source.decimalen, table.tokens)


def oordeel(resultaat: Any) -> str:
    """Return `voordeel van € 380.000` or `nadeel van € 81.000`; nil is `geen verschil`."""
    result = _cijfer(resultaat, "budgetresultaat")
    return f"{word(result.waarde)} van {bedrag(result)}" if result.waarde else "geen verschil"


def hoger_lager(post: Any) -> str:
    """Return whether the rekening of a row is `hoger` or `lager` than its budget after amendment, without signs."""
    _known(post)
    if not isinstance(post, PostNames):
        raise WrongReference("hier hoort een post, zoals overhead.totaal")
    rekening, begroting = (_cijfer(post, kolom) for kolom in ("rekening", "begroting_na_wijziging"))
    now, then = abs(rekening.waarde), abs(begroting.waarde)
    return "hoger" if now > then else "lager" if now < then else "niet hoger of lager"


def bedrag(cijfer: Any) -> str:
    """Write an amount in whole euro, without a sign: `€ 380.000`."""
    return _euro(cijfer, Decimal(1), 0, "")


def duizend(cijfer: Any) -> str:
    """Write an amount in thousands, without a sign: `€ 380 duizend`."""
    return _euro(cijfer, Decimal(1000), 0, f"{NBSP}duizend")


def mln(cijfer: Any, decimalen: int = 1) -> str:
    """Write an amount in millions, without a sign: `€ 14,4 miljoen`."""
    return _euro(cijfer, Decimal(1_000_000), decimalen, f"{NBSP}miljoen")


def _euro(value: Any, scale: Decimal, decimalen: int, unit: str) -> str:
    cijfer = _cijfer(value)
    if decimalen not in range(4):
        raise WrongReference("het aantal decimalen is 0, 1, 2 of 3")
    if cijfer.eenheid not in EURO:
        raise WrongReference(f"'{cijfer.bron}' is geen bedrag in euro")
    euro = abs(cijfer.waarde) * EURO[cijfer.eenheid] / scale
    return cijfer.shown(f"€{NBSP}{fmt_amount(euro, decimalen)}{unit}")


def pct(cijfer: Any, decimalen: int = 1) -> str:
    """Write a percentage: `51,7%`; nothing after the comma is written where that is nil."""
    part = _cijfer(cijfer)
    if part.eenheid != "pct":
        raise WrongReference(f"'{part.bron}' is geen percentage; gebruik aandeel of groei")
    rounded = round_half_up(part.waarde, decimalen)
    return part.shown(f"{fmt_amount(rounded, decimalen)}%", rounded)


def fte(cijfer: Any, decimalen: int = 1) -> str:
    """Write a number of full-time jobs: `12,5 fte`."""
    part = _cijfer(cijfer)
    if part.eenheid != "fte":
        raise WrongReference(f"'{part.bron}' is niet in fte")
    return part.shown(f"{fmt_amount(part.waarde, decimalen)}{NBSP}fte")


FILTERS: dict[str, Callable[..., str]] = {
    "bedrag": bedrag,
    "duizend": duizend,
    "mln": mln,
    "pct": pct,
    "fte": fte,
}
"""How a figure is written in a sentence."""
FUNCTIONS: dict[str, Callable[..., Any]] = {
    "aandeel": aandeel, "verschil": verschil, "groei": groei, "oordeel": oordeel, "hoger_lager": hoger_lager,
    "voordelen": voordelen, "nadelen": nadelen, "grootste": grootste, "som": som, "aantal": aantal,
}  # fmt: skip
"""Results that a sentence can be made of."""
