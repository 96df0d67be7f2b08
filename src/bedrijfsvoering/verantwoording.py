"""The tables of the last chapter: every check with its outcome, and the files that the edition was made from."""

from __future__ import annotations

from collections.abc import Sequence
from html import escape

from .amounts import fmt_count, fmt_exact
from .display import Shown, missing, missing_table, state, table_html, table_text
from .figures import Figures
from .findings import Check, Finding
from .iv3.deliveries import IV3
from .texts import breakable, join_words, typographic

OUTCOMES = {
    "akkoord": "akkoord", "afronding": "akkoord op afronding na", "melding": "met een melding", "aanvaard": "aanvaard",
    "niet te bewijzen": "niet te bewijzen", "fout": "fout",
}  # fmt: skip
"""Each outcome as the summary counts it."""
LISTED = 10
"""So many findings of one check are written out."""


def table_controles(figures: Figures) -> Shown:
    """Show every check that ran; those that found nothing are folded away on a screen.

    One row per check. Columns: what was proven, outcome (a shape and a word), number of cells, what was found (with a
    sentence per finding, in the sign and the unit of the source), and the largest difference that rounding allows, in
    the table's own unit. Without tables it gives one line of text; it raises no errors.
    """
    if not figures.checks:
        return missing("Tabellen om na te rekenen")
    told = [check for check in figures.checks if check.findings or check.uitkomst != "akkoord"]
    rest = [check for check in figures.checks if check not in told]
    parts = [f"<p>{summary(figures)}</p>"]
    if told:
        parts.append(_checks_html("Controles waarbij iets te zeggen is", told))
    if rest:
        which = f"De {'andere ' if told else ''}{fmt_count(len(rest))} controles: akkoord"
        folded = _checks_html("Controles zonder bevinding", rest)
        parts.append(f'<details class="rest"><summary>{which}</summary>{folded}</details>')
    plain = [[check.naam, check.uitkomst, check.gevonden] for check in figures.checks]
    return Shown("".join(parts), table_text("Controles en uitkomst", plain))


def check_posten(figures: Figures, tabel: str) -> Shown:
    """Show what was proven of one money table: every check that it took part in, none folded away.

    One row per check, with the columns of `table_controles`: what was proven, outcome, number of cells, what was found,
    and the largest difference that rounding allows, in the table's own unit. A table that was not delivered gives one
    line of text; it raises no errors.

    Parameters
    ----------
    tabel
        A money table such as `overhead` or `salarissen`.
    """
    table = figures.table(tabel)
    if table is None:
        return missing_table(tabel)
    own = [check for check in figures.checks
           if check.tabel == tabel or any(cell.startswith(f"{tabel}.") for cell in check.verwijzingen)]  # fmt: skip
    plain = [[check.naam, check.uitkomst, check.gevonden] for check in own]
    titel = f"Controles van {table.source.titel}"
    return Shown(_checks_html(titel, own), table_text(titel, plain))


def _checks_html(titel: str, checks: Sequence[Check]) -> str:
    """Return checks as a table (HTML)."""
    head = [("Controle", ""), ("Uitkomst", ""), ("Cijfers", "g"), ("Gevonden", ""), ("Grens", "g")]
    unit = "De grens is het grootste verschil dat door afronding kan ontstaan, in de eenheid van de tabel."
    return table_html(titel, unit, head, [("", _check_cells(check)) for check in checks], klass="kaart controle")


def summary(figures: Figures) -> str:
    """Return the outcome of all checks in two sentences."""
    counts = {name: sum(check.uitkomst == name for check in figures.checks) for name in OUTCOMES}
    told = join_words([f"{fmt_count(count)} {OUTCOMES[name]}" for name, count in counts.items() if count])
    wrong = fmt_count(counts["fout"])
    still = "Er staat geen fout open." if not counts["fout"] else f"Er staan fouten open: {wrong}."
    return f"Van de {fmt_count(len(figures.checks))} controles zijn er {told}. {still}"


def _check_cells(check: Check) -> list[str]:
    grens = "geen" if check.grens is None else fmt_exact(check.grens)
    told = escape(check.gevonden) + _findings_html(check.findings)
    return [escape(typographic(check.naam)), state(check.uitkomst), str(check.cellen), f"<div>{told}</div>", grens]


def _findings_html(findings: Sequence[Finding]) -> str:
    """Return what a check found (HTML): a paragraph each, up to as many as can be read; lines not explained by name."""
    unexplained = [finding for finding in findings if finding.code == "TOELICHTING_ONTBREEKT" and not finding.aanvaard]
    listed = [finding for finding in findings if finding not in unexplained]
    told = [_finding_html(finding) for finding in listed[:LISTED]]
    if unexplained:
        names = [escape(str(finding.post)) for finding in unexplained[:LISTED]]
        names += [f"nog {fmt_count(len(unexplained) - LISTED)}"] if len(unexplained) > LISTED else []
        told.append(f"<p>Nog niet toegelicht: {join_words(names)}.</p>")
    if len(listed) > LISTED:
        told.append(f"<p>En nog {fmt_count(len(listed) - LISTED)}; het bestand bevindingen.json noemt ze alle.</p>")
    places = list(dict.fromkeys(_place(finding) for finding in (*listed[:LISTED], *unexplained[:LISTED])))
    folded = f'<details class="plek"><summary>Waar dit staat</summary><p>{"<br>".join(places)}</p></details>'
    return "".join(told) + (folded if places else "")


def _finding_html(finding: Finding) -> str:
    """Return a finding as a small paragraph, with who accepted it (HTML); how to mend it is for the maker alone."""
    accepted = f"<p><strong>{escape(finding.aanvaard)}</strong></p>" if finding.aanvaard else ""
    return f"<p>{escape(typographic(finding.openbaar))}</p>{accepted}"


def _place(finding: Finding) -> str:
    """Return where a finding is and what it is called, for who looks it up in the files (HTML)."""
    place = ", ".join(((finding.bestand or "").rsplit("/", 1)[-1], *finding.within))
    return f'<span class="code">{breakable(place)}: {breakable(finding.code)}</span>'


def table_bronnen(figures: Figures) -> Shown:
    """Show where the figures come from: the documents, and folded away the files that the edition was made from.

    One row per document, with what it was used for; then one row per file, with what it was used for and the first
    sixteen characters of its SHA-256, by which a reader can tell whether she has the same file. It raises no errors.
    """
    used = [("", [source, join_words(list(names))]) for source, names in _documents(figures).items()]
    documents = table_html(
        "Waar de cijfers vandaan komen", "", [("Bron", ""), ("Gebruikt voor", "")], used, sorteerbaar=False
    )
    rows = []
    for item in figures.inputs:
        name, what = _input_used(figures, item.bestand)
        code = f'<span class="code">{item.sha256[:16]}</span>'
        rows.append(("", [f'<span class="code">{breakable(name)}</span>', what, code]))
    unit = "De controlecode is het begin van de SHA-256 van het bestand: bij hetzelfde bestand hoort dezelfde code."
    head = [("Bestand", ""), ("Gebruikt voor", ""), ("Controlecode", "")]
    files = table_html("Bestanden waaruit dit rapport is gemaakt", unit, head, rows)
    which = f"De {fmt_count(len(rows))} bestanden, met hun controlecode"
    folded = f'<details class="rest"><summary>{which}</summary>{files}</details>' if rows else ""
    plain = [[item.bestand, item.sha256[:16]] for item in figures.inputs]
    return Shown(documents + folded, table_text("Bronnen en bestanden", plain))


def _documents(figures: Figures) -> dict[str, dict[str, None]]:
    """Return each document (HTML) with the names of what it was used for, in order."""
    document = f"{figures.source.gemeente}, {figures.source.titel}"
    found: dict[str, dict[str, None]] = {}
    for titel, table in figures.source.tabellen.items():
        page = f", bladzijde {table.bladzijde}" if table.bladzijde else ""
        link = f'<a href="{escape(table.url)}">{escape(document)}</a>' if table.url else escape(document)
        found.setdefault(link + page, {})[escape(table.titel or titel)] = None
        for item in table.controle:
            found.setdefault(escape(item.bron), {})[f"controle van {escape(table.titel)}"] = None
    if figures.reeks or figures.vergelijking or figures.verdeling:
        found.setdefault(IV3, {})["vergelijking met andere jaren en gemeenten"] = None
    return found


def _input_used(figures: Figures, bestand: str) -> tuple[str, str]:
    """Return how a file is called beside the others of the edition, and what it was used for."""
    own = f"{figures.gemeente}/{figures.jaar}/"
    if bestand.startswith("iv3/"):
        return bestand, "cijfers van het CBS"
    if not bestand.startswith(own):
        return bestand.split("/", 1)[-1], "eerdere uitgave"
    name = bestand.removeprefix(own)
    if not name.startswith("toelichting/"):
        return name, "cijfers"
    is_story = name.removeprefix("toelichting/").removesuffix(".md") in figures.hoofdstukken.namen
    return name, "toelichting" if is_story else "niet gelezen"
