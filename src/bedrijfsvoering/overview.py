"""What figures and tables show of themselves in a notebook: how much there is, and what was proven of it."""

from __future__ import annotations

from collections.abc import Sequence
from html import escape

from .display import Shown, state, table_html, table_text
from .figures import Figures, Post, Table, kolom_naam
from .source import Kolom
from .tables import amount_text, column_class, fmt_cell, money_cells, unit_line
from .verantwoording import summary

SHOWN = ("begroting_na_wijziging", "rekening", "budgetresultaat")
"""The columns of a table's total that an overview has."""


def show_figures(figures: Figures) -> Shown:
    """Show an edition: one row per money table with its total, what else there is, and the outcome of all checks."""
    titel = f"{figures.source.gemeente}, {figures.source.titel}"
    head = [("Tabel", ""), ("Posten", "g"), *((kolom_naam(k), "g") for k in SHOWN), ("Eenheid", "")]
    rows = [("", [f"<code>{escape(naam)}</code>", str(len(table.regels)), *_total_cells(table), escape(table.eenheid)])
            for naam, table in figures.tables.items()]  # fmt: skip
    others = [
        f"{len(rows)} {name}" for name, rows in (
            ("ICT-projecten", figures.projecten), ("mijlpalen", figures.mijlpalen), ("leveringen aan het CBS",
            (*figures.reeks, *figures.vergelijking)), ("eerdere uitgaven", figures.eerder),
        ) if rows
    ]  # fmt: skip
    told = f"Verder: {', '.join(others)}." if others else ""
    wrong = "".join(f"<p>{state('fout', escape(one.message()))}</p>" for one in figures.fouten)
    first = next(iter(figures.tables.values()), None)
    total = first.totaal if first else None
    html = table_html(titel, "Van elke tabel het totaal", head, rows, genummerd=False)
    html += f"<p>{summary(figures)} {told}</p>{wrong}"
    if first and total:
        cell = f"{first.naam}.{total.sleutel}.{first.kolommen[-1]}"
        html += (
            f'<p>Probeer: <code>figures.table("{first.naam}").frame</code> voor de rijen, en '
            f'<code>figures.trace("{cell}")</code> voor de herkomst van één cijfer.</p>'
        )
    plain = [[head[0][0], *(kolom_naam(k) for k in SHOWN), "Eenheid"]]
    plain += [[naam, *_texts(table, table.totaal, SHOWN), table.eenheid] for naam, table in figures.tables.items()]
    return Shown(html, f"{table_text(titel, plain)}\n{summary(figures)} {told}".rstrip())


def _texts(table: Table, post: Post | None, kolommen: Sequence[Kolom]) -> list[str]:
    """Return the amounts of a row in some columns as plain text; what is not there stays blank."""
    amounts = ((kolom, post.bedragen.get(kolom) if post else None) for kolom in kolommen)
    return ["" if amount is None else amount_text(table, kolom, amount) for kolom, amount in amounts]


def _total_cells(table: Table) -> list[str]:
    """Return the total of a table in the columns of an overview (HTML); what is not there stays blank."""
    total = table.totaal
    amounts = [total.bedragen.get(kolom) if total else None for kolom in SHOWN]
    return ["" if amount is None or total is None else
            fmt_cell(table, kolom, amount, f"{table.naam}.{total.sleutel}.{kolom}")
            for kolom, amount in zip(SHOWN, amounts, strict=True)]  # fmt: skip


def show_table(table: Table) -> Shown:
    """Show a money table: one row per post with its key, amounts with costs negative and results with their word."""
    head = [("Post", ""), ("Sleutel", ""), *((kolom_naam(k), column_class(k)) for k in table.kolommen)]
    rows, plain = [], [["", "", *(kolom_naam(k) for k in table.kolommen)]]
    for post in table.posten:
        klass = "" if post.soort == "regel" else post.soort
        rows.append((klass, [escape(post.post), f"<code>{escape(post.sleutel)}</code>", *money_cells(table, post)]))
        plain.append([post.post, post.sleutel, *_texts(table, post, table.kolommen)])
    unit = unit_line(table)
    html = table_html(table.source.titel, unit, head, rows, genummerd=False)
    return Shown(html, table_text(f"{table.source.titel} ({unit})", plain))
