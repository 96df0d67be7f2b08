"""What a story can name: figures by table, row and column, results made from them, and how each is written."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from html import escape
from typing import Any

from jinja2 import Undefined

from .amounts import NBSP, fmt_amount, round_half_up
from .display import data
from .figures import Figures, Post, Table, kolom_naam
from .source import EURO, MONEY_COLUMNS

OPEN, CLOSE = "\ue000", "\ue001"
"""Private-use characters around a token's number; they are taken out of every input before."""
LINE_OPEN, LINE_CLOSE = "\ue002", "\ue003"
"""Private-use characters around the line of the file that follows, in a rendered story."""
MARK = re.compile(f"{LINE_OPEN}(\\d+){LINE_CLOSE}")
TOKEN = re.compile(f"{OPEN}(\\d+){CLOSE}")
MAAT = {
    "eur": "euro",
    "eur_1000": f"×{NBSP}€{NBSP}1.000",
    "eur_mln": f"×{NBSP}€{NBSP}1{NBSP}miljoen",
    "fte": "fte",
    "pct": "procent",
}
"""How a source note writes the unit behind an amount."""


CBS = re.compile(r"mediaan\((?P<median>\w+),|(?:(?P<maat>\w+)\()?(?:reeks|vergelijking)\.")
"""How the source of a figure from the CBS begins: `reeks.`, `overhead_bruto(reeks.`, `mediaan(overhead_bruto,`."""


CELL = re.compile(r"\w+(?:\.[\w-]+){2,3}")
"""A cell in the source of a figure: `overhead.totaal.rekening`, `vergelijking.uithoorn.begroting_2023.lasten`."""


def cells_in(bron: str) -> list[str]:
    """Return the cells that a figure was made of: one, or those between the brackets of a result."""
    return CELL.findall(bron)


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

    def __eq__(self, other: object) -> bool:
        raise WrongReference(f"'{self.path}' kan niet worden vergeleken; noem een cijfer of een naam ervan")

    def __hash__(self) -> int:
        return hash(self.path)


class Label:
    """A name as the source prints it: the label of a row, the municipality. It is written, or compared with a text."""

    def __init__(self, text: str, tokens: Tokens) -> None:
        self.text, self.tokens = text, tokens

    def __str__(self) -> str:
        return self.tokens.add_text(self.text)

    def __eq__(self, other: object) -> bool:
        if isinstance(other, str | Label):
            return self.text == str(getattr(other, "text", other))
        raise WrongReference(f"'{self.text}' is een naam en kan alleen met een naam worden vergeleken")

    def __hash__(self) -> int:
        return hash(self.text)


class Jaar(int):
    """The year of the edition: written and compared as a number."""

    def __eq__(self, other: object) -> bool:
        if isinstance(other, int) and not isinstance(other, bool):
            return int(self) == other
        raise WrongReference(f"'jaar' is een getal; schrijf bijvoorbeeld jaar == {int(self)}")

    def __hash__(self) -> int:
        return super().__hash__()


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
            return self.shown(f"{fmt_amount(self.waarde, 1)}%", round_half_up(self.waarde, 1))
        return self.shown(fmt_amount(self.waarde, self.decimalen))

    @property
    def herkomst(self) -> str:
        """Where a figure is from, as far as that decides its sign: the edition, or the CBS and which measure."""
        found = CBS.match(self.bron)
        return f"CBS {found['median'] or found['maat'] or ''}" if found else ""

    def in_unit_of(self, other: Cijfer) -> Decimal:
        """Return the value in the unit of another figure; euro, thousands and millions of euro are of one kind."""
        if self.herkomst != other.herkomst:
            raise WrongReference(
                f"'{other.bron}' en '{self.bron}' kunnen niet samen: cijfers van het CBS hebben een ander teken"
            )
        if self.eenheid == other.eenheid:
            return self.waarde
        if self.eenheid in EURO and other.eenheid in EURO:
            return self.waarde * EURO[self.eenheid] / EURO[other.eenheid]
        raise WrongReference(f"'{other.bron}' en '{self.bron}' hebben niet dezelfde eenheid")

    def _other(self, other: object) -> Decimal:
        if isinstance(other, Cijfer):
            return other.in_unit_of(self)
        if isinstance(other, int | float) and not isinstance(other, bool):
            return Decimal(str(other))
        raise WrongReference(f"'{self.bron}' is een cijfer en kan alleen met een cijfer worden vergeleken")

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
    """The figures that a story named, and the HTML that takes their place after Markdown was rendered.

    Each gets the number of its source in the chapter's list of sources, which stands under the story on paper. `own`
    has the source of each fact from outside the tables, by the number of its token.
    """

    def __init__(self, figures: Figures, hoofdstuk: str = "") -> None:
        self.figures, self.hoofdstuk = figures, hoofdstuk
        self.cijfers: list[Cijfer | None] = []
        self.own: dict[int, str] = {}
        self._html: list[str] = []
        self._marks: list[str] = []
        self._text: list[str] = []
        self._notes: dict[tuple[str, bool], str] = {}

    def add(self, cijfer: Cijfer, text: str, waarde: Decimal) -> str:
        """Keep a figure and return its token."""
        shown = data(waarde, cijfer.bron, escape(text))
        html = f'<a class="cijfer" href="#{escape(cijfer.cel)}" aria-description="{escape(cijfer.uitleg)}">{shown}</a>'
        return self._keep(html, text, self._mark(cijfer.uitleg, own=False), cijfer)

    def add_own(self, text: str, bron: str) -> str:
        """Keep a fact from outside the tables, with its source, and return its token."""
        mark = self._mark(bron, own=True)
        place = f"bron-{self.hoofdstuk}-{self._notes[bron, True]}"
        self.own[len(self._html)] = bron
        html = f'<a class="cijfer eigen" href="#{escape(place)}" aria-description="{escape(bron)}">{escape(text)}</a>'
        return self._keep(html, text, mark)

    def add_text(self, text: str) -> str:
        """Keep a label of the source, so that nothing in it is read as Markdown or HTML."""
        return self._keep(escape(text), text)

    def _keep(self, html: str, text: str, mark: str = "", cijfer: Cijfer | None = None) -> str:
        self._html.append(html)
        self._marks.append(mark)
        self._text.append(text)
        self.cijfers.append(cijfer)
        return f"{OPEN}{len(self._html) - 1}{CLOSE}"

    def _mark(self, uitleg: str, own: bool) -> str:
        count = sum(kind is own for _, kind in self._notes)
        mark = chr(ord("a") + count) if own and count < 26 else str(count + 1)
        mark = self._notes.setdefault((uitleg, own), mark)
        return f'<sup class="bronmerk" aria-hidden="true">{mark}</sup>'

    def fill(self, html: str, marks: bool = True) -> str:
        """Return HTML with each token replaced by its figure, and behind it the number of its source."""
        return TOKEN.sub(lambda match: self._html[int(match[1])] + (self._marks[int(match[1])] if marks else ""), html)

    def plain(self, text: str) -> str:
        """Return Markdown with each token replaced by its text."""
        return TOKEN.sub(lambda match: self._text[int(match[1])], text)

    def notes(self) -> str:
        """Return the list of sources of the story (HTML); a screen shows those from outside the tables only."""
        if not self._notes:
            return ""
        items = "".join(
            f'<li id="bron-{self.hoofdstuk}-{mark}" class="{("cel", "eigen")[own]}"><b>{mark}</b> {escape(uitleg)}</li>'
            for (uitleg, own), mark in self._notes.items()
        )
        kind = " eigen" if any(own for _, own in self._notes) else ""
        return f'<div class="bronnen{kind}"><p>Bronnen bij de tekst</p><ul>{items}</ul></div>'


class PostNames(Names):
    """A row in a story: `overhead.duo_plus`, with its columns and its label (`.post`)."""

    def __init__(self, table: Table, post: Post, tokens: Tokens) -> None:
        self.table, self.row, self.tokens = table, post, tokens
        self.path = f"{table.naam}.{post.sleutel}"

    def names(self) -> Sequence[str]:
        """Return the columns, those of other years too, and `post`."""
        return (*MONEY_COLUMNS, *self.table.source.other_years, "post")

    def lookup(self, name: str) -> Any:
        """Return the figure of a column, or the label; `rekening_vorig_jaar` is the column of the year before."""
        if name == "post":
            return Label(self.row.post, self.tokens)
        name = name.replace("_vorig_jaar", f"_{self.tokens.figures.jaar - 1}")
        waarde = self.row.bedragen.get(name) if name in self.names() else None
        if waarde is None:
            return None
        path, source = f"{self.path}.{name}", self.table.source
        gedrukt = self.row.gedrukt.get(name)
        told = (
            "niet gedrukt"
            if gedrukt is None
            else f"{fmt_amount(gedrukt, source.decimalen)}{NBSP}{MAAT[source.eenheid]}"
        )
        uitleg = f"Tabel {source.titel}, {self.row.post}, {kolom_naam(name).lower()}: {told}"
        return Cijfer(waarde, path, path, uitleg, source.eenheid, source.decimalen, self.tokens)

    def __str__(self) -> str:
        return self.tokens.add_text(self.row.post)

    def __eq__(self, other: object) -> bool:
        if isinstance(other, PostNames):
            return self.path == other.path
        return Label(self.row.post, self.tokens) == other

    def __hash__(self) -> int:
        return hash(self.path)


class TableNames(Names):
    """A table in a story: `overhead`, with its rows by key."""

    def __init__(self, table: Table, tokens: Tokens) -> None:
        self.table, self.tokens, self.path = table, tokens, table.naam
        self._by_key = {post.sleutel: post for post in reversed(table.posten)}

    def names(self) -> Sequence[str]:
        """Return the keys of the rows."""
        return [post.sleutel for post in self.table.posten]

    def lookup(self, name: str) -> Any:
        """Return the row with this key."""
        found = self._by_key.get(name)
        return PostNames(self.table, found, self.tokens) if found else None

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

    def __eq__(self, other: object) -> bool:
        raise WrongReference("posten kunnen niet worden vergeleken; vergelijk hun aantal of hun som")

    __hash__ = None


def need_known(value: Any) -> None:
    """Raise the error of an unknown name (file, line, nearest name) where it was handed to a function."""
    if isinstance(value, Undefined):
        str(value)


def as_text(value: Any) -> Any:
    """Return what stands between braces as it is written; what is no figure, label or word has no place in a story."""
    if isinstance(value, str | Undefined):
        return value
    if isinstance(value, Cijfer | PostNames | Label | Jaar):
        return str(value)
    raise WrongReference("hier hoort een cijfer, zoals overhead.totaal.rekening")


def is_geld(value: Any) -> bool:
    """Return whether a value is a figure in euro (the test `is geld`)."""
    return isinstance(value, Cijfer) and value.eenheid in EURO


def story_names(figures: Figures, tokens: Tokens) -> dict[str, Any]:
    """Return what a story can name beside the functions: every money table, and the year."""
    tables = {naam: TableNames(table, tokens) for naam, table in figures.tables.items()}
    return {**tables, "jaar": Jaar(figures.jaar), "gemeente": Label(figures.source.gemeente, tokens)}
