"""The tables of the last chapter: every check with its outcome, and the files that the edition was made from."""

from __future__ import annotations

from html import escape

from .amounts import fmt_amount
from .display import Shown, missing, state, table_html, table_text
from .figures import Figures
from .findings import Check, Finding


def table_controles(figures: Figures) -> Shown:
    """Show every check that ran, also those that found nothing.

    One row per check. Columns: what was proven, outcome (a shape and a word), number of cells, what was found (with a
    sentence per finding, in the sign and the unit of the source), and the largest difference that rounding allows, in
    the table's own unit. Without tables it gives one line of text; it raises no errors.
    """
    if not figures.checks:
        return missing("Tabellen om na te rekenen")
    rows = [("", _check_cells(check)) for check in figures.checks]
    head = [("Controle", ""), ("Uitkomst", ""), ("Cellen", "g"), ("Gevonden", ""), ("Grens", "g")]
    plain = [[check.naam, check.uitkomst, check.gevonden] for check in figures.checks]
    titel = "Controles en uitkomst"
    unit = "De grens is het grootste verschil dat door afronding kan ontstaan, in de eenheid van de tabel."
    return Shown(table_html(titel, unit, head, rows, klass="kaart controle"), table_text(titel, plain))


def _check_cells(check: Check) -> list[str]:
    grens = "geen" if check.grens is None else fmt_amount(check.grens, 0 if check.grens % 1 == 0 else 1)
    told = escape(check.gevonden) + "".join(_finding_html(finding) for finding in check.findings)
    return [escape(check.naam), state(check.uitkomst), str(check.cellen), f"<div>{told}</div>", grens]


def _finding_html(finding: Finding) -> str:
    """Return a finding as a small paragraph: the sentence, its place and its code (HTML)."""
    place = (finding.bestand or "").rsplit("/", 1)[-1] + (f", regel {finding.regel}" if finding.regel else "")
    return f'<p>{escape(finding.bericht)} <span class="code">({escape(place)}; {escape(finding.code)})</span></p>'


def table_bronnen(figures: Figures) -> Shown:
    """Show the files that the edition was made from.

    One row per file. Columns: its place under `data/`, and the first sixteen characters of its SHA-256, by which a
    reader can tell whether she has the same file. It raises no errors.
    """
    rows = [
        (
            "",
            [
                f'<span class="code">{escape(item.bestand)}</span>',
                f'<span class="code">{item.sha256[:16]}</span>',
            ],
        )
        for item in figures.inputs
    ]
    titel = f"Bestanden bij {figures.source.titel}"
    unit = "De controlecode is het begin van de SHA-256 van het bestand."
    plain = [[item.bestand, item.sha256[:16]] for item in figures.inputs]
    return Shown(table_html(titel, unit, [("Bestand", ""), ("Controlecode", "")], rows), table_text(titel, plain))
