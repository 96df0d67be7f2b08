"""The tables of the chapters: each `table_` function shows one, as accessible HTML with its text beside it."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal
from html import escape

from .amounts import NBSP, begin_count, fmt_amount, fmt_count, round_half_up
from .display import Shown, data, direction, missing, missing_table, state, table_html, table_text, word
from .errors import StoryError
from .explanations import explanations_of, posts_above
from .figures import Figures, Post, Table, kolom_naam
from .findings import Finding
from .source import Kolom, is_result

ORDER = ("bijsturen", "stilgelegd", "aandacht", "onbekend", "loopt", "afgerond")
"""Projects that need most care come first."""


FOLDED = 4
"""So many columns of amounts fit beside each other on a phone; a wider table scrolls."""
NARROW = 8
"""Amounts of so many characters fit in those columns; longer ones get a line each on a phone."""
OWN_CHAPTER = ("overhead", "salarissen")
"""Money tables that have a chapter; every other table is shown as it is in the last chapter."""


def table_posten(
    figures: Figures, tabel: str | None = None, grens_bedrag: int | None = None, grens_pct: float | None = None
) -> Shown:
    """Show a whole money table: one row per post, in the order of the source.

    Columns are the money columns that were delivered, in the table's unit; costs are negative, a result reads
    `208 nadeel`. Rows at or above a limit say `boven grens`, rows with a rounding difference say `afronding`.

    Parameters
    ----------
    tabel
        A money table such as `overhead` or `salarissen`; one that was not delivered gives one line. Without it every
        table that has no chapter of its own is shown, one after the other.
    grens_bedrag, grens_pct
        The local limits, x EUR 1.000 and % of the budget after amendment; without them no row is marked.

    Returns
    -------
    Shown
        The table with its notes; it raises no errors.
    """
    if tabel is None:
        shown = [table_posten(figures, naam) for naam in figures.tables if naam not in OWN_CHAPTER]
        told = "\n\n".join(one.text for one in shown)
        return Shown("".join(one.html for one in shown), told or "Er zijn geen andere tabellen.")
    table = figures.table(tabel)
    if table is None:
        return missing_table(tabel)
    rounded = {(f.post, f.regel) for f in figures.findings if f.tabel == tabel and f.code == "RESULTAAT_AFRONDING"}
    above = posts_above(table, grens_bedrag, grens_pct) if grens_bedrag is not None else []
    rows = []
    for post in table.posten:
        marks = _mark("boven grens", f"#{tabel}-grens") if post in above else ""
        marks += _mark("afronding", f"#{tabel}-afronding") if (post.post, post.regel) in rounded else ""
        name = f'<th scope="row" role="rowheader">{escape(post.post)}{marks}</th>'
        klass = ("" if post.soort == "regel" else post.soort) + (" grens" if post in above else "")
        rows.append((klass.strip(), [name, *money_cells(table, post, ids=True)]))
    head = [(_post_head(table), ""), *((kolom_naam(k), column_class(k)) for k in table.kolommen)]
    html = table_html(
        f"{table.source.titel} {figures.jaar}", unit_line(table), head, rows, ident=tabel,
        klass=phone_layout(table, table.kolommen), sleutels=[f"{tabel}.{p.sleutel}" for p in table.posten],
    )  # fmt: skip
    return Shown(_sign_box(figures, table) + html + _notes(figures, table), _plain(table, figures.jaar))


def phone_layout(table: Table, kolommen: Sequence[Kolom]) -> str:
    """Return how columns of amounts are laid out on a phone: side by side, a line each, or in a box that scrolls."""
    if len(kolommen) > FOLDED:
        return "lang"
    amounts = [post.bedragen.get(kolom) for post in table.posten for kolom in kolommen]
    longest = max(
        (len(fmt_amount(amount, table.source.decimalen)) for amount in amounts if amount is not None), default=0
    )
    return f"vouw k{len(kolommen)}" if longest <= NARROW else "kaart"


def money_cells(table: Table, post: Post, ids: bool = False) -> list[str]:
    """Return the amount cells of a row (HTML); a cell that was not delivered says so."""
    cells = []
    for kolom in table.kolommen:
        bron, amount = f"{table.naam}.{post.sleutel}.{kolom}", post.bedragen.get(kolom)
        place = f' id="{bron}"' if ids else ""
        filled = state("niet aangeleverd", "niet aangeleverd")
        if amount is not None:
            filled = fmt_cell(table, kolom, amount, bron)
        cells.append(f'<td role="cell" class="{column_class(kolom)}" data-k="{kolom_naam(kolom)}"{place}>{filled}</td>')
    return cells


def column_class(kolom: Kolom) -> str:
    """Return the class of a column of amounts: a result has its word behind it."""
    return "g res" if is_result(kolom) else "g"


def _post_head(table: Table) -> str:
    """Return what the source calls the first column."""
    return table.source.kolommen.get("post", "Post")


def unit_line(table: Table) -> str:
    """Return the line under a caption: the unit, the signs, and whether results were turned round."""
    told = [f"{table.eenheid}."]
    if table.source.lasten:
        columns = ("rekening", "begroting_na_wijziging")
        income = any((post.bedragen.get(k) or 0) > 0 for post in table.posten for k in columns)
        told.append("Kosten hebben een minteken, baten niet." if income else "Kosten hebben een minteken.")
    if _is_result_turned(table):
        told.append("Het resultaat is omgezet: een voordeel is gunstig.")
    return " ".join(told)


def _is_result_turned(table: Table) -> bool:
    """Return whether the source prints results with the other sign than the house."""
    declared = table.source.budgetresultaat
    return declared != "afwezig" and table.source.costs_positive != (declared == "begroting - rekening")


def fmt_cell(table: Table, kolom: Kolom, amount: Decimal, bron: str) -> str:
    """Return one amount as `<data>` (HTML), a result with its word instead of a sign."""
    decimalen = table.source.decimalen
    if is_result(kolom):
        return data(amount, bron, direction(amount, decimalen))
    return data(amount, bron, fmt_amount(amount, decimalen))


def amount_text(table: Table, kolom: Kolom, amount: Decimal) -> str:
    """Return one amount as plain text, a result with its word instead of a sign."""
    decimalen = table.source.decimalen
    return f"{fmt_amount(abs(amount), decimalen)} {word(amount)}" if is_result(kolom) else fmt_amount(amount, decimalen)


def table_boven_grens(figures: Figures, tabel: str, grens_bedrag: int, grens_pct: float) -> Shown:
    """Show the lines whose result reaches a local limit, largest first, each with its explanation.

    One row per line. Columns: post, budgetresultaat (the table's unit, with its word), its share of the budget after
    amendment (%), explanation, from the table or from the story; a missing one says `nog niet toegelicht`. A table that
    was not delivered gives one line of text.

    Parameters
    ----------
    grens_bedrag, grens_pct
        The local limits, x EUR 1.000 and % of the budget after amendment; a line that reaches one of them is shown.

    Returns
    -------
    Shown
        How many lines there are and how many lack an explanation, and the table of them.

    Raises
    ------
    StoryError
        An explanation in a story begins with a name that is no row.
    """
    table = figures.table(tabel)
    if table is None:
        return missing_table(tabel)
    if not any(post.bedragen.get("budgetresultaat") is not None for post in table.regels):
        return missing(f"Resultaat per post van {table.source.titel}")
    limit = f"€{NBSP}{fmt_amount(Decimal(grens_bedrag) * 1000)}"
    if grens_pct < 100:
        limit += f" of {fmt_amount(Decimal(str(grens_pct)), 0 if grens_pct == int(grens_pct) else 1)}% van de begroting"
    rows = []
    above, explained = posts_above(table, grens_bedrag, grens_pct), explanations_of(figures)
    for post in above:
        result = fmt_cell(table, "budgetresultaat", post.resultaat, f"{tabel}.{post.sleutel}.budgetresultaat")
        from_story = explained[tabel, post.sleutel].html if (tabel, post.sleutel) in explained else ""
        reason = escape(post.toelichting) or from_story or state("niet aangeleverd", "nog niet toegelicht")
        rows.append(("", [escape(post.post), result, share_html(table, post), reason]))
    place = f'<div id="{tabel}-grens">'
    if not rows:
        text = f"Geen enkele post heeft een verschil van {limit} of meer."
        return Shown(f"{place}<p>{text}</p></div>", text)
    absent = sum(not post.toelichting and (tabel, post.sleutel) not in explained for post in above)
    who = f"{begin_count(len(above))} {'post heeft' if len(above) == 1 else 'posten hebben'}"
    told = f"{who} een verschil van {limit} of meer."
    if absent:
        told += (
            " Er is geen oorzaak aangeleverd."
            if absent == len(above)
            else f" Bij {fmt_count(absent)} ontbreekt de oorzaak."
        )
    head = [(_post_head(table), ""), ("Resultaat", "g res"), ("Procent van de begroting", "g"), ("Oorzaak", "")]
    titel = f"{table.source.titel}: verschillen van {limit} of meer"
    html = table_html(
        titel, f"{table.eenheid}; resultaat in procenten van de begroting na wijziging van de post.", head, rows
    )
    return Shown(f"{place}<p>{told}</p>{html}</div>", table_text(titel, [[r[1][0]] for r in rows]))


def share_of_budget(post: Post) -> Decimal | None:
    """Return the size of a row's result in percent of its budget after amendment, or None where that is nil."""
    if not post.size("begroting_na_wijziging"):
        return None
    return round_half_up(post.size("budgetresultaat") / post.size("begroting_na_wijziging") * 100, 1)


def share_html(table: Table, post: Post) -> str:
    """Return a row's result as a share of its budget after amendment, or nothing where that is nil (HTML)."""
    pct = share_of_budget(post)
    path = f"{table.naam}.{post.sleutel}"
    bron = f"aandeel({path}.budgetresultaat, {path}.begroting_na_wijziging)"
    return "" if pct is None else data(pct, bron, f"{fmt_amount(pct, 1)}%")


def table_projecten(figures: Figures) -> Shown:
    """Show the ICT projects, those that need most care first.

    One row per project. Columns: project, status (a shape and a word), stand, risico, volgende stap, as text; a column
    of which nothing was delivered is left out. Without projects it gives one line of text; it raises no errors.
    """
    if not figures.projecten:
        return missing("ICT-projecten")
    fields = [("stand", "Stand"), ("risico", "Risico"), ("volgende_stap", "Volgende stap")]
    used = [(name, text) for name, text in fields if any(getattr(p, name) for p in figures.projecten)]
    rows = []
    for project in sorted(figures.projecten, key=lambda project: ORDER.index(project.status)):
        texts = [escape(getattr(project, name)) or "De bron noemt er geen." for name, _ in used]
        status = (
            f'<td role="cell" data-k="Status" data-orde="{ORDER.index(project.status)}">{state(project.status)}</td>'
        )
        rows.append(("", [escape(project.project), status, *texts]))
    head = [("Project", ""), ("Status", ""), *((text, "") for _, text in used)]
    titel = f"Stand van de ICT-projecten, eind {figures.jaar}"
    plain = [[project.project, project.status] for project in figures.projecten]
    html = table_html(titel, "Op volgorde van zorg", head, rows, ident="ict_projecten")
    return Shown(html, table_text(titel, plain))


def _sign_box(figures: Figures, table: Table) -> str:
    """Return the box that says how the source printed a result the other way round, or nothing (HTML).

    Beside it stand the tables of the same source whose results were printed as this report has them.
    """
    total = table.totaal
    printed = total.gedrukt.get("budgetresultaat") if total else None
    if not printed or total is None or total.bedragen["budgetresultaat"] == printed:
        return ""
    decimalen, told = table.source.decimalen, []
    account, budget = (total.bedragen.get(kolom) for kolom in ("rekening", "begroting_na_wijziging"))
    computed = total.resultaat if account is None or budget is None else account - budget
    if computed != total.resultaat:
        follows = fmt_amount(abs(computed), decimalen)
        told.append(f"<p>Uit de gedrukte totalen zelf volgt {follows}: dat scheelt door afronding.</p>")
    others = [one for one in figures.tables.values() if one.totaal and one.totaal.gedrukt.get("budgetresultaat")]
    same = [one for one in others if one.source.eenheid == table.source.eenheid]
    straight = [one for one in same if not _is_result_turned(one)][:1]
    head = [("Totaal van", ""), ("In de bron", "g"), ("Zo berekend", ""), ("In dit rapport", "g res")]
    rows = [("", [escape(one.source.titel), *_sign_cells(one)]) for one in (*straight, table)]
    box = table_html("Hoe het teken in de bron is gelezen", f"{table.eenheid}.", head, rows, genummerd=False)
    gunstig = "ongunstig" if total.resultaat < 0 else "gunstig"
    why = "Niet elke tabel in de bron rekent dezelfde kant op." if straight else "Deze tabel rekent andersom."
    return (
        f'<div class="kader"><h3>Let op het teken: {_signed(printed, decimalen)} is hier {gunstig}</h3><p>{why} In dit '
        f"rapport staat daarom overal het woord voordeel of nadeel.</p>{box}{''.join(told)}</div>"
    )


def _sign_cells(table: Table) -> list[str]:
    """Return how a table's total result was printed and computed, and how it reads here (HTML)."""
    total = table.totaal
    if total is None:
        return []
    cell = fmt_cell(table, "budgetresultaat", total.resultaat, f"{table.naam}.{total.sleutel}.budgetresultaat")
    way = table.source.budgetresultaat.replace(" - ", " min ")
    costs = f", kosten {table.source.lasten}" if table.source.lasten else ""
    return [_signed(total.gedrukt["budgetresultaat"] or Decimal(0), table.source.decimalen), f"{way}{costs}", cell]


def _signed(amount: Decimal, decimalen: int) -> str:
    return ("+" if amount > 0 else "") + fmt_amount(amount, decimalen)


def _notes(figures: Figures, table: Table) -> str:
    """Return the small print under a money table (HTML): explanations, rounding, and what was taken on trust."""
    rounded = [f for f in figures.findings if f.tabel == table.naam and f.code.endswith("_AFRONDING")]
    notes = _explained(figures, table)
    notes += [_rounding_note(table, rounded)] if rounded else []
    if "budgetresultaat" in table.kolommen and all(p.gedrukt.get("budgetresultaat") is None for p in table.posten):
        notes.append("<p>De bron drukt geen resultaat. Het is hier berekend: rekening min begroting na wijziging.</p>")
    trust = [c for c in figures.checks if c.tabel == table.naam and c.gevonden.startswith("op vertrouwen")]
    notes += [f"<p>{escape(check.naam)} is niet te bewijzen en op vertrouwen overgenomen.</p>" for check in trust]
    return f'<div class="voet">{"".join(notes)}</div>' if notes else ""


def _explained(figures: Figures, table: Table) -> list[str]:
    """Return what the stories explain of a table, where no table of its own shows that (HTML)."""
    if table.naam in figures.hoofdstukken.toegelicht:
        return []
    try:
        explained = explanations_of(figures)
    except StoryError:
        return []  # load_story says what is wrong with it
    below = {f.post for f in figures.findings if f.tabel == table.naam and f.code == "TOELICHTING_OVERBODIG"}
    return [
        f"<p><strong>{escape(post.post)}:</strong> {explained[table.naam, post.sleutel].html}</p>"
        for post in table.posten
        if (table.naam, post.sleutel) in explained and post.post not in below
    ]


def _rounding_note(table: Table, rounded: Sequence[Finding]) -> str:
    """Return the sentence that says which results and totals are off by rounding alone (HTML)."""
    decimalen = table.source.decimalen
    told = ["Elk getal in de bron is los afgerond."]
    way = table.source.budgetresultaat.replace(" - ", " min ")
    for finding in rounded:
        if finding.code == "RESULTAAT_AFRONDING":
            said = [fmt_amount(Decimal(str(amount)), decimalen) for amount in (finding.berekend, finding.gedrukt)]
            told.append(f"{escape(str(finding.post))}: {way} geeft {said[0]}, de bron drukt {said[1]}.")
    for finding in rounded:
        if finding.code == "TOTAAL_AFRONDING":
            kolom, added, printed = kolom_naam(finding.kolom or "rekening"), finding.berekend, finding.gedrukt
            told.append(
                f"De regels van de {kolom.lower()} tellen op tot {fmt_amount(Decimal(str(added)), decimalen)}; "
                f"het gedrukte totaal is {fmt_amount(Decimal(str(printed)), decimalen)} en blijft staan."
            )
    return f'<p id="{table.naam}-afronding"><strong>Afronding.</strong> {" ".join(told)}</p>'


def _mark(text: str, href: str) -> str:
    """Return a small link behind a row's name (HTML)."""
    return f' <span class="merk"><a href="{href}">{text}</a></span>'


def _plain(table: Table, jaar: int) -> str:
    rows = [["", *(kolom_naam(k) for k in table.kolommen)]]
    for post in table.posten:
        amounts = (post.bedragen.get(k) for k in table.kolommen)
        rows.append([post.post, *("" if a is None else fmt_amount(a, table.source.decimalen) for a in amounts)])
    return table_text(f"{table.source.titel} {jaar} ({table.eenheid})", rows)
