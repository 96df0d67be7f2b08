"""What a notebook cell shows: HTML for the page and for JupyterLab, with plain text beside it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from functools import cache
from html import escape
from pathlib import Path
from typing import Any

from .amounts import fmt_amount, fmt_value

CHAPTER_MIME = "application/vnd.bedrijfsvoering.chapter+json"
"""Carries a chapter's finding, standfirst and edition from its notebook to the page."""
MISSING_MIME = "application/vnd.bedrijfsvoering.missing+json"
"""Says what was not delivered, and why; the page says it once a chapter instead of once a cell."""

NOTHING_MIME = "application/vnd.bedrijfsvoering.nothing+json"
"""Says that there is nothing for the page here; a notebook says in one line why, for there a cell must answer."""

NUMBER = '<span class="nr" data-soort="{}"></span>'
"""Where the page puts `Tabel 1.` or `Figuur 1.`; a notebook by itself does not number."""

SHORT, LONG = 3, 10
"""A table of more rows than the first can be sorted, one of more than the second can be searched, by a script."""
DOWNLOAD = '<p class="haal" data-tabel="{}"></p>'
"""Under a table: where the page puts the links to its file, if it has one, and a script its own."""

ICON = {
    "leeg": '<circle cx="9" cy="9" r="7" fill="none" stroke="currentColor" stroke-width="2" stroke-dasharray="3 2.5"/>'
    '<path d="M5.5 9h7" stroke="currentColor" stroke-width="2"/>',
    "octagon": '<path d="M5.7 1h6.6L17 5.7v6.6L12.3 17H5.7L1 12.3V5.7z" fill="currentColor"/>'
    '<path class="in" d="M9 4.5v6M9 12v2" stroke="#fff" stroke-width="2"/>',
    "triangle": '<path d="M9 1.5L17 16H1z" fill="none" stroke="currentColor" stroke-width="2" stroke-linejoin="round"/>'
    '<path d="M9 6.5v5M9 12.8v1.7" stroke="currentColor" stroke-width="2"/>',
    "play": '<circle cx="9" cy="9" r="7" fill="none" stroke="currentColor" stroke-width="2"/>'
    '<path d="M7 5.6v6.8L12.6 9z" fill="currentColor"/>',
    "tick": '<circle cx="9" cy="9" r="8" fill="currentColor"/>'
    '<path class="in" d="M5 9.2l2.8 2.8L13 6.5" fill="none" stroke="#fff" stroke-width="2"/>',
    "stop": '<rect x="2" y="2" width="14" height="14" fill="none" stroke="currentColor" stroke-width="2"/>'
    '<path d="M7 5.5v7M11 5.5v7" stroke="currentColor" stroke-width="2"/>',
}
"""The shape of a state: each has a word beside it, so neither colour nor shape carries it alone."""
STATE = {
    "afgerond": ("klaar", "tick"), "loopt": ("loopt", "play"), "aandacht": ("aandacht", "triangle"),
    "bijsturen": ("signaal", "octagon"), "stilgelegd": ("signaal", "stop"), "onbekend": ("leeg", "leeg"),
    "akkoord": ("klaar", "tick"), "afronding": ("klaar", "tick"), "aanvaard": ("aandacht", "tick"),
    "melding": ("aandacht", "triangle"),
    "waarschuwing": ("aandacht", "triangle"), "fout": ("signaal", "octagon"), "niet te bewijzen": ("leeg", "leeg"),
    "niet aangeleverd": ("leeg", "leeg"),
}  # fmt: skip
"""State -> colour class and shape."""


@dataclass(frozen=True)
class Shown:
    """One thing that a cell shows; JupyterLab and the page take the HTML, a terminal the text.

    Attributes
    ----------
    html
        What is shown, all text in it escaped. Where it is empty the page shows nothing, and a notebook the text.
    text
        The same as plain text.
    extra
        What only the page reads, by mime type.
    """

    html: str
    text: str
    extra: Mapping[str, Any] = field(default_factory=dict)

    def _repr_mimebundle_(self, include: object = None, exclude: object = None) -> dict[str, Any]:
        extra = dict(self.extra) if self.html else {NOTHING_MIME: {}, **self.extra}
        html = in_notebook(self.html or f"<p>{escape(self.text)}</p>")
        return {"text/html": html, "text/plain": self.text, **extra}

    def __repr__(self) -> str:
        return self.text


def in_notebook(html: str) -> str:
    """Return HTML with what it needs to be read well outside the page, which takes styles of a cell out again."""
    return f"<style>{_notebook_css()}</style>{html}"


@cache
def _notebook_css() -> str:
    text = (Path(__file__).parent / "templates" / "notebook.css").read_text(encoding="utf-8")
    return "\n".join(line for line in text.splitlines() if not line.startswith("/*"))


def missing(titel: str, waarom: str = "niet aangeleverd") -> Shown:
    """Return the one line that stands in for what was not delivered, or cannot be shown."""
    text = f"{titel}: {waarom}."
    return Shown(
        f'<p class="leeg">{state("niet aangeleverd", escape(text))}</p>',
        text,
        {MISSING_MIME: {"titel": titel, "waarom": waarom}},
    )


def missing_table(tabel: str) -> Shown:
    """Return the one line that stands in for a whole table, by its name."""
    return missing(tabel.replace("_", " ").capitalize())


def data(value: Decimal, bron: str, text: str) -> str:
    """Return a figure as the page holds it: machine value, where it comes from, and how it reads (HTML)."""
    return f'<data value="{fmt_value(value)}" data-bron="{escape(bron)}">{text}</data>'


def linked(figure: str, cel: str) -> str:
    """Return a figure that points at the cell or the table that it comes from (HTML)."""
    return f'<a class="cijfer" href="#{escape(cel)}">{figure}</a>'


def direction(amount: Decimal, decimalen: int) -> str:
    """Return a result without a sign and with its word: `208 nadeel` (HTML)."""
    return f'{fmt_amount(abs(amount), decimalen)} <b class="{"vng"[_side(amount)]}">{word(amount)}</b>'


def word(amount: Decimal) -> str:
    """Return `voordeel`, `nadeel` or `gelijk` for a result in the house's sign."""
    return ("voordeel", "nadeel", "gelijk")[_side(amount)]


def _side(amount: Decimal) -> int:
    return 0 if amount > 0 else 1 if amount < 0 else 2


def state(name: str, text: str | None = None) -> str:
    """Return a state as shape and word (HTML)."""
    colour, shape = STATE[name]
    icon = f'<svg width="18" height="18" viewBox="0 0 18 18" aria-hidden="true">{ICON[shape]}</svg>'
    return f'<span class="st {colour}">{icon}{text or name.capitalize()}</span>'


def table_html(
    titel: str,
    eenheid: str,
    head: Sequence[tuple[str, str]],
    rows: Sequence[tuple[str, Sequence[str]]],
    *,
    klass: str = "kaart",
    genummerd: bool = True,
    ident: str = "",
    sleutels: Sequence[str] = (),
    sorteerbaar: bool = True,
) -> str:
    """Return an accessible table (HTML): caption, scopes, roles that survive a folded phone layout.

    Parameters
    ----------
    titel, eenheid
        The caption and the line under it.
    head
        Text and class of each column header; the first column names the row.
    rows
        Class of the row, and its cells as HTML; a cell may be a whole `<td …>` or `<th …>`.
    klass
        `vouw` folds on a phone to a row name above aligned figures, `kaart` to label and value, `lang` never folds and
        scrolls in a box of its own.
    genummerd
        Whether it is a table of the page (it gets a number and what a script adds) or the figures of a chart.
    ident
        The id of the table, for sentences that speak of the whole of it; also the name of its file to download.
    sleutels
        One key per row, by which a mark in a chart and its row find each other.
    sorteerbaar
        Whether a script may sort and search it; rows of different units have no order.
    """
    unit = f'<span class="e">{escape(eenheid)}</span>' if eenheid else ""
    sorts = sorteerbaar and genummerd and len(rows) > SHORT
    columns = "".join(
        f'<th scope="col" role="columnheader" class="{escape(name)}">{escape(text)}</th>'
        for text, name in (_with_order(head, rows) if sorts else head)
    )
    filled = f'<thead role="rowgroup"><tr role="row">{columns}</tr></thead>{_bodies(head, rows, sleutels)}</table>'
    if not genummerd:
        caption = f'<caption><span class="t">{escape(titel)}</span>{unit}</caption>'
        return f'<div class="tab"><table class="{klass}" role="table">{caption}{filled}</div>'
    table = f'<table class="{klass}" role="table" aria-label="{escape(titel)}"{_given(id=ident)}>{filled}'
    if klass == "lang":
        unit += '<span class="schuift">Ziet u niet alle kolommen? Schuif de tabel opzij.</span>'
        table = f'<div class="schuif" role="region" tabindex="0" aria-label="{escape(titel)}, schuifbaar">{table}</div>'
    title = f'<div class="opschrift"><span class="t">{NUMBER.format("Tabel")}{escape(titel)}</span>{unit}'
    return f'<div class="tab">{title}{_tools(rows) if sorteerbaar else ""}</div>{table}{DOWNLOAD.format(ident)}</div>'


def _with_order(
    head: Sequence[tuple[str, str]], rows: Sequence[tuple[str, Sequence[str]]]
) -> Iterator[tuple[str, str]]:
    """Yield the heads, with a class where a script may sort: names and figures have an order, sentences have none."""
    for column, (text, name) in enumerate(head):
        has = not column or any(mark in cells[column] for _, cells in rows for mark in ("<data ", "data-orde"))
        yield text, f"{name} sorteert".strip() if has else name


def _tools(rows: Sequence[tuple[str, Sequence[str]]]) -> str:
    """Return the place for what a script adds above a table: to sort it, and to search it or see what is above a limit.

    It stands in no caption: what is pressed there would be a part of the table's name.
    """
    searched = len(rows) > LONG or any("grens" in row_class for row_class, _ in rows)
    return f'<div class="balk{"" if searched else " kort"}"></div>' if len(rows) > SHORT else ""


def _bodies(head: Sequence[tuple[str, str]], rows: Sequence[tuple[str, Sequence[str]]], sleutels: Sequence[str]) -> str:
    """Return the rows of a table (HTML); a total at the end is its foot."""
    bodies: dict[str, list[str]] = {"tbody": [], "tfoot": []}
    for number, (row_class, cells) in enumerate(rows):
        marked = "".join(
            cell if cell.startswith(("<td", "<th")) else _cell(index, cell, head) for index, cell in enumerate(cells)
        )
        part = "tfoot" if "totaal" in row_class.split() and number == len(rows) - 1 else "tbody"
        key = sleutels[number] if sleutels else ""
        bodies[part].append(f'<tr role="row"{_given(klass=row_class, data_rij=key)}>{marked}</tr>')
    return "".join(f'<{tag} role="rowgroup">{"".join(trs)}</{tag}>' for tag, trs in bodies.items() if trs)


def _given(**attributes: str) -> str:
    """Return the attributes that have a value (HTML)."""
    names = {"klass": "class", "data_rij": "data-rij"}
    return "".join(f' {names.get(name, name)}="{escape(value)}"' for name, value in attributes.items() if value)


def _cell(index: int, cell: str, head: Sequence[tuple[str, str]]) -> str:
    text, name = head[index]
    if index == 0:
        return f'<th scope="row" role="rowheader">{cell}</th>'
    return f'<td role="cell" class="{name}" data-k="{escape(text)}">{cell}</td>'


def table_text(titel: str, rows: Sequence[Sequence[str]]) -> str:
    """Return rows as aligned plain text, for a terminal and for those who read the notebook without HTML."""
    widths = [max(map(len, column), default=0) for column in zip(*rows, strict=False)]
    lines = ["  ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)).rstrip() for row in rows]
    return "\n".join([titel, *lines])
