"""The checks of what a table declares: the direction of its result, the sign of its costs, its letters V and N."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from decimal import Decimal

from .amounts import fmt_amount
from .display import word
from .figures import Post, Table
from .findings import Check, Ernst, Finding
from .saldi import MIXED_WORDS, cost_rows, is_turned, side_of
from .source import Kolom

LINE_BOUND = Decimal("1.5")
"""Steps by which a rounded result may differ from two rounded amounts."""
ResultRow = tuple[Post, Decimal, Decimal, Decimal]
"""A row with its result, its account and its budget, as printed."""


def check_direction(table: Table) -> Iterator[Check]:
    """Prove the declared direction of the result: rekening - begroting, or begroting - rekening."""
    declared = table.source.budgetresultaat
    naam = f"Teken {table.source.titel}: {declared}"
    if declared == "afwezig":
        return
    counts = _direction_counts(table)
    showing = sum(counts.values())
    if not showing:
        yield Check(naam, table.naam, 0, "niet te bewijzen", "op vertrouwen: geen regel die het toont")
        return
    fitting = fitting_direction(table)
    gevonden = f"{counts[declared]} van {showing} regels passen"
    if fitting == declared:
        yield Check(naam, table.naam, 3 * showing, "akkoord", gevonden)
        return
    bericht = (
        f"Verklaard is 'budgetresultaat: {declared}', maar daarbij past {counts[declared]} van de {showing} regels; "
        f"bij '{fitting}' passen er {counts[fitting]}. Zet in bron.yaml bij {table.naam}: budgetresultaat: {fitting}."
    )
    finding = finding_of(table, None, "budgetresultaat", "TEKEN_ONJUIST", "fout", bericht, declared, fitting)
    yield Check(naam, table.naam, 3 * showing, "fout", gevonden, findings=(finding,))


def check_sign(table: Table) -> Iterator[Check]:
    """Prove the declared sign of costs: printed letters V and N show it, else a table of costs adds up to costs."""
    declared = table.source.lasten
    if declared is None:
        return
    naam = f"Teken {table.source.titel}: kosten {declared}"
    fitting, cells, shown = _sign_by_letters(table) or _sign_by_net(table) or (None, 0, "")
    if fitting is None:
        yield Check(naam, table.naam, 0, "niet te bewijzen", "op vertrouwen: de cijfers tonen het niet")
        return
    gevonden = f"{shown}: kosten {fitting}"
    if fitting == declared:
        yield Check(naam, table.naam, cells, "akkoord", gevonden)
        return
    bericht = (
        f"Verklaard is 'lasten: {declared}', maar {shown} toont dat kosten {fitting} zijn gedrukt. "
        f"Zet in bron.yaml bij {table.naam}: lasten: {fitting}."
    )
    if "saldo" in shown:
        bericht += " Is dit een tabel van baten? Zet dat woord dan in de titel."
    finding = finding_of(table, None, "lasten", "TEKEN_ONJUIST", "fout", bericht, declared, fitting)
    yield Check(naam, table.naam, cells, "fout", gevonden, findings=(finding,))


def _sign_by_letters(table: Table) -> tuple[str, int, str] | None:
    """Return the sign of costs that every printed V and N shows, by account against budget as printed."""
    signs = set()
    cells = 0
    for post in table.posten:
        rekening, begroting = post.gedrukt.get("rekening"), post.gedrukt.get("begroting_na_wijziging")
        if post.oordeel and rekening is not None and begroting is not None and rekening != begroting:
            signs.add("negatief" if (rekening > begroting) == (post.oordeel == "V") else "positief")
            cells += 3
    return (signs.pop(), cells, "de letter V of N") if len(signs) == 1 else None


def _sign_by_net(table: Table) -> tuple[str, int, str] | None:
    """Return the sign of costs that rows of costs show, else the net of the table: of costs, or of income by name."""
    name = f"{table.naam} {table.source.titel}".casefold()
    costs = cost_rows(table.posten)
    income = side_of(name) == "baten"
    if not costs and any(word in name for word in MIXED_WORDS):
        return None
    nets = [_net(table, costs, kolom) for kolom in table.kolommen if not kolom.startswith("budgetresultaat")]
    signs = {net > 0 for net in nets if net}
    if len(signs) != 1:
        return None
    shown = "wat de tabel lasten noemt" if costs else "het saldo van de tabel"
    return ("positief" if signs.pop() != (income and not costs) else "negatief", len(nets), shown)


def _net(table: Table, costs: Sequence[Post], kolom: Kolom) -> Decimal:
    """Return what a column nets to as printed: its rows of costs, its only total, or its lines."""
    totals = [post for post in table.posten if post.soort == "totaal"]
    rows = costs or (totals if len(totals) == 1 and totals[0].gedrukt.get(kolom) is not None else table.regels)
    amounts = [post.gedrukt.get(kolom) for post in rows]
    return sum((amount for amount in amounts if amount is not None), Decimal(0))


def check_oordeel(table: Table) -> Iterator[Check]:
    """Prove each printed V or N against the figure in the house's sign."""
    rows = [(post, post.bedragen.get("budgetresultaat")) for post in table.posten if post.oordeel]
    known = [(post, amount) for post, amount in rows if amount is not None]
    if not rows:
        return
    if not known:
        yield Check(f"{table.source.titel}: letter V of N", table.naam, 0, "niet te bewijzen", "geen resultaat bekend")
        return
    findings = tuple(
        finding_of(
            table, post, "oordeel", "OORDEEL_ONJUIST", "fout",
            f"Bij '{post.post}' staat {post.oordeel}, maar het resultaat is een {word(amount)}. "
            "Controleer de letter, of het teken dat bron.yaml noemt.",
            post.oordeel, "V" if amount > 0 else "N",
        )
        for post, amount in known
        if amount and (amount > 0) != (post.oordeel == "V")
    )  # fmt: skip
    gevonden = f"{len(known) - len(findings)} van {len(known)} letters passen"
    yield Check(
        f"{table.source.titel}: letter V of N", table.naam, len(known), "fout" if findings else "akkoord",
        gevonden, findings=findings,
    )  # fmt: skip


def result_rows(table: Table, jaar: str = "") -> list[ResultRow]:
    """Return the rows with a printed result, an account and a budget, as printed; of another year by its suffix."""
    rows = []
    for post in table.posten:
        cells = (post.gedrukt.get(k + jaar) for k in ("budgetresultaat", "rekening", "begroting_na_wijziging"))
        printed, rekening, begroting = cells
        if printed is not None and rekening is not None and begroting is not None:
            rows.append((post, printed, rekening, begroting))
    return rows


def _direction_counts(table: Table) -> dict[str, int]:
    """Count the rows that fit one direction and not the other."""
    counts = {"rekening - begroting": 0, "begroting - rekening": 0}
    grens = LINE_BOUND * table.step
    for post, printed, rekening, begroting in result_rows(table):
        if is_turned(post, table.source):  # income beside positive costs may be printed in either direction
            continue
        forward = abs(printed - (rekening - begroting)) <= grens
        backward = abs(printed - (begroting - rekening)) <= grens
        if forward != backward:
            counts["rekening - begroting" if forward else "begroting - rekening"] += 1
    return counts


def fitting_direction(table: Table) -> str:
    """Return the direction that most rows show; the declared one where the rows do not decide."""
    declared, counts = table.source.budgetresultaat, _direction_counts(table)
    best = max(counts, key=lambda direction: (counts[direction], direction == declared))
    return best if declared != "afwezig" else "rekening - begroting"


def fmt(table: Table, amount: Decimal) -> str:
    """Write an amount with the table's decimals, or more where the amount needs them."""
    exponent = amount.normalize().as_tuple().exponent
    return fmt_amount(amount, max(table.source.decimalen, -int(exponent)))


def finding_of(
    table: Table, post: Post | None, kolom: str | None, code: str, ernst: Ernst, bericht: str,
    gedrukt: Decimal | str | None = None, berekend: Decimal | str | None = None, grens: Decimal | None = None,
) -> Finding:  # fmt: skip
    """Return a finding about a table, and about one of its rows where it is of one."""
    return Finding(
        code=code, ernst=ernst, bericht=bericht, tabel=table.naam, post=post.post if post else None, kolom=kolom,
        gedrukt=gedrukt, berekend=berekend, grens=grens, bestand=table.bestand, regel=post.regel if post else None,
    )  # fmt: skip
