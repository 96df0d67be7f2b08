"""The checks of what a table declares: the direction of its result, the sign of its costs, its letters V and N."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from decimal import Decimal

from .amounts import fmt_amount
from .display import word
from .figures import Post, Table
from .findings import Check, Ernst, Finding
from .saldi import cost_rows, is_attributed, is_turned, is_unsigned, side_of, sides_of
from .source import Kolom

MIXED_WORDS = (
    "resultaat", "belasting", "leges", "heffing", "dividend", "dekking", "gemeentefonds", "reserve", "uitkering",
    "treasury", "exploitatie", "programma",
)  # fmt: skip
"""Words in a table's name of which only the figures know whether it nets to costs or to income."""
COST_TABLE = re.compile(r"overhead(?! baten)|salaris|personeel|inhuur|bedrijfsvoering|apparaat", re.IGNORECASE)
"""Tables that net to costs, whatever else their name says."""
FEW = 6
"""Cells of letters, three a row, that prove little against the net of a table."""
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
    if is_unsigned(table.posten):
        yield Check(naam, table.naam, 0, "akkoord", "zonder teken gedrukt; de letter V of N zegt de richting")
        return
    counts = _direction_counts(table)
    showing = sum(counts.values())
    if not showing:
        yield Check(naam, table.naam, 0, "niet te bewijzen", "op vertrouwen: geen regel die het toont")
        return
    fitting = fitting_direction(table)
    used = table.cells((row[0] for row in result_rows(table)), result_columns(table))
    gevonden = f"{counts[declared]} van {showing} regels passen"
    if fitting == declared:
        yield Check(naam, table.naam, 3 * showing, "akkoord", gevonden, verwijzingen=used)
        return
    bericht = (
        f"Verklaard is 'budgetresultaat: {declared}', maar daarbij past {counts[declared]} van de {showing} regels; "
        f"bij '{fitting}' passen er {counts[fitting]}. Zet in bron.yaml bij {table.naam}: budgetresultaat: {fitting}."
    )
    finding = finding_of(table, None, "budgetresultaat", "TEKEN_ONJUIST", "fout", bericht, declared, fitting)
    yield Check(naam, table.naam, 3 * showing, "fout", gevonden, findings=(finding,), verwijzingen=used)


def check_sign(table: Table) -> Iterator[Check]:
    """Prove the declared sign of costs: printed letters V and N show it, else a table of costs adds up to costs."""
    declared = table.source.lasten
    if declared is None or not table.source.eenheid.startswith("eur"):
        return
    naam = f"Teken {table.source.titel}: kosten {declared}"
    letters, named, net = _sign_by_letters(table), _sign_by_names(table), _sign_by_net(table)
    found = letters or named or net
    if letters and net and letters[0] != net[0] and letters[1] <= FEW:
        found = named or net  # a letter or two may be wrong; check_oordeel says so
    fitting, cells, shown = found or (None, 0, "")
    if fitting is None:
        yield Check(naam, table.naam, 0, "niet te bewijzen", "op vertrouwen: de cijfers tonen het niet")
        return
    gevonden = f"{shown}: kosten {fitting}"
    used = table.cells(table.posten, table.stages)
    if fitting == declared:
        yield Check(naam, table.naam, cells, "akkoord", gevonden, verwijzingen=used)
        return
    bericht = (
        f"Verklaard is 'lasten: {declared}', maar {shown} toont dat kosten {fitting} zijn gedrukt. "
        f"Zet in bron.yaml bij {table.naam}: lasten: {fitting}."
    )
    if "saldo" in shown:
        bericht += " Is dit een tabel van baten? Zet dat woord dan in de titel."
    finding = finding_of(table, None, "lasten", "TEKEN_ONJUIST", "fout", bericht, declared, fitting)
    yield Check(naam, table.naam, cells, "fout", gevonden, findings=(finding,), verwijzingen=used)


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


def _sign_by_names(table: Table) -> tuple[str, int, str] | None:
    """Return the sign of costs that rows show by their names: rows of costs, and else rows of income.

    In a table of costs a few rows called so say little of the others; then its net shows more.
    """
    sides = sides_of(table.posten)
    costs = cost_rows(table.posten)
    income = [post for post, side in zip(table.posten, sides, strict=True) if side == "baten" and post.soort == "regel"]
    enough = _weight(table.regels, table) / 2
    mixed = costs and 10 * _weight(income, table) >= _weight(table.regels, table)
    if _weight(costs, table) < enough and not (mixed and _is_balanced(table, sides)):
        return None
    signs = {_printed(costs, kolom) > 0 for kolom in table.stages if _printed(costs, kolom)}
    if len(signs) == 1:
        return ("positief" if signs.pop() else "negatief", len(costs), "wat de tabel lasten of kosten noemt")
    if (
        not costs
        and table.stages
        and _weight(income, table) >= enough
        and all(_printed(income, k) < 0 for k in table.stages)
    ):
        return ("positief", len(income), "wat de tabel baten noemt")
    return None


def _is_balanced(table: Table, sides: Sequence[str]) -> bool:
    """Return whether a table sets costs against income: most of its lines are one of the two."""
    sided = [post for post, side in zip(table.posten, sides, strict=True) if side in ("lasten", "baten")]
    return 2 * _weight([post for post in sided if post.soort == "regel"], table) >= _weight(table.regels, table)


def _sign_by_net(table: Table) -> tuple[str, int, str] | None:
    """Return the sign of costs that the net of the table shows, where its name leaves no doubt what it nets to."""
    name = f"{table.naam.replace('_', ' ')} {table.source.titel}"
    side, plain = side_of(name), COST_TABLE.search(name)
    named = [post for post in table.regels if side_of(post.post) in {"baten", "saldo"} - {side}]
    unsure = side == "saldo" or (not side and any(word in name.casefold() for word in MIXED_WORDS))
    if (unsure and not plain) or 2 * _weight(named, table) >= _weight(table.regels, table) > 0:
        return None
    total = table.totaal if sum(post.soort == "totaal" for post in table.posten) == 1 else None
    own = [post for post in table.regels if not is_attributed(post.post)] or table.regels
    nets = []
    for kolom in table.stages:
        whole = [total] if total is not None and total.gedrukt.get(kolom) is not None else table.regels
        nets += [_printed(whole, kolom), _printed(own, kolom)]
    signs = {net > 0 for net in nets if net}
    if len(signs) != 1:
        return None
    return ("positief" if signs.pop() != (side == "baten") else "negatief", len(nets) // 2, "het saldo van de tabel")


def _weight(posten: Sequence[Post], table: Table) -> Decimal:
    return sum((post.size(kolom) for post in posten for kolom in table.stages), Decimal(0))


def _printed(posten: Sequence[Post], kolom: Kolom) -> Decimal:
    """Return what rows add up to in a column as printed."""
    return sum((post.gedrukt.get(kolom) or Decimal(0) for post in posten), Decimal(0))


def check_oordeel(table: Table) -> Iterator[Check]:
    """Prove each printed V or N against the figure in the house's sign."""
    rows = [(post, _result_of(post)) for post in table.posten if post.oordeel]
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
        gevonden, findings=findings, verwijzingen=table.cells((post for post, _ in known), result_columns(table)),
    )  # fmt: skip


def _result_of(post: Post) -> Decimal | None:
    """Return what account and budget of a row give, in the house's sign; where one is unknown, the result."""
    rekening, begroting = post.bedragen.get("rekening"), post.bedragen.get("begroting_na_wijziging")
    known = rekening is not None and begroting is not None
    return rekening - begroting if known and rekening != begroting else post.bedragen.get("budgetresultaat")  # type: ignore[operator]


def result_columns(table: Table, jaar: str = "") -> tuple[Kolom, Kolom, Kolom]:
    """Return the columns of a result, its account and its budget; of another year by its suffix."""
    budget = "begroting_na_wijziging" if f"begroting_na_wijziging{jaar}" in table.kolommen else "begroting_primitief"
    return f"budgetresultaat{jaar}", f"rekening{jaar}", f"{budget}{jaar}"


def result_rows(table: Table, jaar: str = "") -> list[ResultRow]:
    """Return the rows with a printed result, an account and a budget, as printed; of another year by its suffix.

    The budget is that after amendment, and the adopted one in a table that has no other.
    """
    rows = []
    for post in table.posten:
        printed, rekening, begroting = (post.gedrukt.get(kolom) for kolom in result_columns(table, jaar))
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


def difference_of(table: Table, printed: Decimal, computed: Decimal) -> Decimal:
    """Return how far two amounts are apart; what a workbook's binary numbers leave behind the comma is nothing."""
    difference = abs(printed - computed)
    return difference if difference > table.step / 10**6 else Decimal(0)


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
