"""Where one figure comes from and goes to: its cell in the file, the checks it took part in, the sentences with it."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from html import escape, unescape
from typing import Any

from .amounts import fmt_amount
from .display import in_notebook, state, table_html, table_text
from .errors import DataError, StoryError, nearest
from .explanations import explanations_of
from .figures import Figures, Post, Table, kolom_naam
from .findings import Check
from .iv3.deliveries import KOLOM_IV3
from .proofreading import Use, uses_of
from .source import Kolom, is_result
from .tables import amount_text, unit_line
from .texts import typographic
from .workbook import NAME as WORKBOOK

DELIVERED = ("reeks", "vergelijking")
"""Tables with what municipalities delivered to the CBS, which a cell can be of too."""
TAG = re.compile(r"<[^>]*>")


@dataclass(frozen=True)
class Trace:
    """One figure with its way through the edition; in a notebook it shows itself as a table.

    Attributes
    ----------
    verwijzing
        The cell as a story names it: `overhead.totaal.rekening`.
    bedrag, gedrukt
        The amount in the house's sign (costs negative, a voordeel positive), and as the source printed it; both in the
        unit of the table. `gedrukt` is None where the source did not print it and it was computed.
    bestand, plaats
        The file, and where in it: the line and the field, or the sheet and the cell of a workbook.
    checks
        Every check that the cell took part in, with its outcome and findings.
    gebruik
        Every sentence of a story that refers to the cell, or types a number that agrees with it.
    regels
        What is shown: pairs of a name and a text.
    """

    verwijzing: str
    bedrag: Decimal
    gedrukt: Decimal | None
    bestand: str
    plaats: str
    checks: tuple[Check, ...]
    gebruik: tuple[Use, ...]
    regels: tuple[tuple[str, str], ...]

    def _repr_html_(self) -> str:
        checks = [("", [escape(typographic(one.naam)), state(one.uitkomst), _found(one)]) for one in self.checks]
        uses = [("", [escape(one.zin), self._how(one), f"{escape(one.bestand)}, regel {one.regel}"])
                for one in self.gebruik]  # fmt: skip
        parts = [("Waar dit cijfer vandaan komt", [("Wat", ""), (self.verwijzing, "")],
                  [("", [name, escape(text)]) for name, text in self.regels]),
                 ("Controles met dit cijfer", [("Controle", ""), ("Uitkomst", ""), ("Gevonden", "")], checks),
                 ("Zinnen met dit cijfer", [("Zin", ""), ("Hoe", ""), ("Waar", "")], uses)]  # fmt: skip
        return in_notebook("".join(
            table_html(titel, "", head, rows, genummerd=False) if rows else f"<p>{titel}: geen.</p>"
            for titel, head, rows in parts
        ))  # fmt: skip

    def __repr__(self) -> str:
        checks = [[one.naam, one.uitkomst, " ".join([one.gevonden, *(found.bericht for found in one.findings)])]
                  for one in self.checks]  # fmt: skip
        uses = [[one.zin, self._how(one), f"{one.bestand}, regel {one.regel}"] for one in self.gebruik]
        return "\n\n".join(
            table_text(titel, rows or [["geen"]])
            for titel, rows in ((self.verwijzing, self.regels), ("Controles", checks), ("Zinnen", uses))
        )

    def _how(self, use: Use) -> str:
        """Return whether a sentence refers to this cell, or types a number that agrees with it."""
        return "verwijzing" if self.verwijzing in use.verwezen else "getypt, en het past"


def _found(check: Check) -> str:
    """Return what a check found (HTML): its own words, and a sentence for each finding."""
    return escape(check.gevonden) + "".join(f"<br>{escape(typographic(one.bericht))}" for one in check.findings)


def trace_cell(figures: Figures, verwijzing: str) -> Trace:
    """Return where a figure comes from and goes to.

    Raises
    ------
    DataError
        There is no such cell, or it was not delivered; the message has the nearest known name, or the names there are.
    """
    parts = verwijzing.strip().split(".")
    if parts[0] in DELIVERED:
        return _trace_delivered(figures, verwijzing.strip(), parts)
    table = figures.tables[_known(parts, 0, [*figures.tables], "tabel", "")]
    posts = {post.sleutel: post for post in reversed(table.posten)}
    post = posts[_known(parts, 1, [*dict.fromkeys(one.sleutel for one in table.posten)], "post", f" van {table.naam}")]
    kolom = _known(parts, 2, table.kolommen, "kolom", f" van {table.naam}")
    bedrag = post.bedragen.get(kolom)
    if bedrag is None or len(parts) > 3:
        filled = [one for one in table.kolommen if post.bedragen.get(one) is not None]
        raise DataError(f"'{verwijzing}' is niet aangeleverd. Van deze post wel: {', '.join(filled) or 'niets'}.")
    name = f"{table.naam}.{post.sleutel}.{kolom}"
    checks = tuple(_about(check, table, post) for check in figures.checks if name in check.verwijzingen)
    told = tuple(_told(figures, table, post, kolom, bedrag))
    place = place_of(table, post, kolom)
    return Trace(name, bedrag, post.gedrukt.get(kolom), table.bestand, place, checks, _uses(figures, name), told)


def _known(parts: Sequence[str], index: int, known: Sequence[str], what: str, of: str) -> str:
    """Return a part of a reference that exists; else say what does."""
    name = parts[index] if index < len(parts) else ""
    if name in known:
        return name
    told = f"De {what} '{name}'{of} bestaat niet.{nearest(name, known)}" if name else f"Noem ook een {what}{of}."
    raise DataError(f"{told} Bekend zijn: {', '.join(known)}.")


def _about(check: Check, table: Table, post: Post) -> Check:
    """Return a check with its findings about this row, about a total that counts it, or about the whole table."""
    own = (
        one for one in check.findings
        if one.tabel == table.naam and (one.post in (None, post.post) or one.code.startswith("TOTAAL_"))
    )  # fmt: skip
    return replace(check, findings=tuple(own))


def place_of(table: Table, post: Post, kolom: Kolom) -> str:
    """Return where a cell stands in its file: the line and the field, or the sheet and the cell of a workbook."""
    field = table.velden.get(kolom)
    if field is None:  # a result that the source did not print
        return f"regel {post.regel}"
    if not table.bestand.endswith(WORKBOOK):
        return f"regel {post.regel}, veld {field + 1}"
    from openpyxl.utils import get_column_letter

    return f"blad {table.naam}, cel {get_column_letter(field + 1)}{post.regel}"


def _told(figures: Figures, table: Table, post: Post, kolom: Kolom, bedrag: Decimal) -> Iterator[tuple[str, str]]:
    """Yield what is shown of a cell: what it is, as printed and as the house reads it, and where it stands."""
    source, printed = table.source, post.gedrukt.get(kolom)
    head = source.kolommen.get(kolom, kolom)
    yield "Post", post.post
    yield "Kolom", f"{kolom_naam(kolom)} (in de bron: {head})" if kolom in table.velden else kolom_naam(kolom)
    yield "Bedrag", amount_text(table, kolom, bedrag)
    yield "Eenheid", unit_line(table)
    yield "Gedrukt", fmt_amount(printed, source.decimalen) if printed is not None else "niet gedrukt; hier berekend"
    yield "Hoe de bron rekent", _declared(table, kolom)
    yield "Bestand", f"{table.bestand}, {place_of(table, post, kolom)}"
    page = f", bladzijde {source.bladzijde}" if source.bladzijde else ""
    yield "Bron", f"{figures.source.gemeente}, {figures.source.titel}{page}"
    if reason := post.toelichting or _explained(figures, table, post):
        yield "Toelichting", reason


def _declared(table: Table, kolom: Kolom) -> str:
    """Return how the source printed this column, by the declaration in bron.yaml."""
    if is_result(kolom) and table.source.budgetresultaat != "afwezig":
        return table.source.budgetresultaat.replace(" - ", " min ")
    return f"kosten {table.source.lasten}" if table.source.lasten else "zonder teken van kosten"


def _explained(figures: Figures, table: Table, post: Post) -> str:
    """Return what the story says of a line, and where."""
    try:
        one = explanations_of(figures).get((table.naam, post.sleutel))
    except StoryError:
        return ""
    return f"{unescape(TAG.sub('', one.html))} ({one.bestand}, regel {one.regel})" if one else ""


def _uses(figures: Figures, name: str) -> tuple[Use, ...]:
    return tuple(use for use in uses_of(figures) if name in use.verwezen | use.getypt)


def _trace_delivered(figures: Figures, name: str, parts: Sequence[str]) -> Trace:
    """Return where a figure of a delivery to the CBS comes from; it stands in no money table."""
    rows: Any = figures.reeks if parts[0] == "reeks" else (*figures.vergelijking, *figures.elders)
    deliveries = {one.path(parts[0]): one for one in rows}
    path, _, kolom = name.rpartition(".")
    one = deliveries.get(path)
    waarde = one.amount(kolom) if one else None
    if one is None or waarde is None:
        known = [*one.bedragen] if one else [*deliveries]
        told = ", ".join(known[:12]) + (" …" if len(known) > 12 else "")
        raise DataError(f"'{name}' is niet aangeleverd.{nearest(kolom if one else path, known)} Bekend zijn: {told}.")
    regels = (
        ("Wat", f"{KOLOM_IV3[kolom]}, {one.naam}, {one.moment}"),
        ("Bedrag", fmt_amount(waarde) + ("" if kolom == "inwoners" else " (× € 1.000, zonder teken)")),
        ("Bron", one.bron),
    )
    return Trace(name, waarde, waarde, f"{parts[0]}.csv", one.moment, (), _uses(figures, name), regels)
