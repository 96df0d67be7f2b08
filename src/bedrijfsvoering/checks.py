"""The checks: small pure functions from a table to what was proven, each with the bound of the contract.

A rounded result against two rounded amounts may differ by 1.5 steps of the last digit, a rounded total against
its n rounded lines by (n + 1) / 2. Inside is rounding and said so; outside is wrong. All arithmetic is exact and
in the source's own sign and unit, so that a finding can be laid beside the printed page.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from decimal import Decimal

from .amounts import fmt_amount
from .figures import Figures, Post, Table, kolom_naam
from .findings import Check, Ernst, Finding, Uitkomst
from .reader import RawTable
from .source import Kolom

COST_WORDS = ("lasten", "kosten", "uitgaven")
INCOME_WORDS = ("baten", "opbrengst", "inkomsten", "ontvangsten")
MIXED_WORDS = ("saldo", "resultaat")
"""Words in a table's name or title that say whether it nets to costs, to income, or to either."""
LINE_BOUND = Decimal("1.5")
"""Steps by which a rounded result may differ from two rounded amounts."""


def run_checks(figures: Figures) -> tuple[Check, ...]:
    """Return every check of every money table, in the order of chapter 9."""
    return tuple(
        check
        for table in figures.tables.values()
        for family in (
            check_totals,
            check_results,
            check_direction,
            check_sign,
            check_oordeel,
            check_controle,
        )
        for check in family(table)
    )


def check_read(raw: RawTable, titel: str) -> Check:
    """Tell that a file was read whole, and what was noticed on the way."""
    told = f"{len(raw.rows)} rijen, {len(raw.columns)} kolommen"
    outcome: Uitkomst = "melding" if raw.notices else "akkoord"
    return Check(f"{titel}: bestand gelezen", raw.naam, len(raw.rows) * len(raw.columns), outcome, told,
                 findings=raw.notices)  # fmt: skip


def check_totals(table: Table) -> Iterator[Check]:
    """Prove each total and subtotal, per column, against the lines that it closes."""
    closing = [(index, post) for index, post in enumerate(table.posten) if post.soort != "regel"]
    if not any(post.soort == "totaal" for _, post in closing):
        bericht = "De tabel heeft geen totaalregel; de optelling kan niet worden bewezen."
        finding = _finding(table, None, None, "TOTAAL_ONTBREEKT", "waarschuwing", bericht)
        yield Check(f"{table.source.titel}: regels tegen totaal", table.naam, 0, "niet te bewijzen",
                    "geen totaal gedrukt", findings=(finding,))  # fmt: skip
    for index, post in closing:
        for kolom in table.kolommen:
            if post.gedrukt.get(kolom) is not None:
                yield _check_total(table, post, closed_lines(table, index, kolom), kolom)


def closed_lines(table: Table, index: int, kolom: Kolom) -> list[Post]:
    """Return the lines that the (sub)total at `index` closes.

    A subtotal closes the lines since the previous one; the total closes all lines, wherever it stands. Where a table
    has several totals, each but the last may close the lines since the previous total instead, and the last may close
    its own block: what the arithmetic shows is taken, and the contract's reading where it shows nothing.
    """
    posten, post = table.posten, table.posten[index]
    begin = max((i for i, other in enumerate(posten[:index]) if other.soort != "regel"), default=-1) + 1
    block = [other for other in posten[begin:index] if other.soort == "regel"]
    if post.soort == "subtotaal":
        return block
    whole = list(table.regels)
    totals = [other for other in posten if other.soort == "totaal"]
    above = [other for other in posten[:index] if other.soort == "regel"]
    readings = [whole] if len(totals) == 1 else [whole if post is totals[-1] else block, block, above]
    return next((lines for lines in readings if lines and _fits(table, post, lines, kolom)), readings[0])


def _fits(table: Table, total: Post, lines: Sequence[Post], kolom: Kolom) -> bool:
    """Return whether the lines add up to the total, rounding allowed."""
    amounts = [line.gedrukt.get(kolom) for line in lines]
    printed = total.gedrukt.get(kolom)
    if printed is None or any(amount is None for amount in amounts):
        return False
    added = sum((amount for amount in amounts if amount is not None), Decimal(0))
    return abs(printed - added) <= Decimal(len(lines) + 1) / 2 * table.step


def _check_total(table: Table, total: Post, lines: Sequence[Post], kolom: Kolom) -> Check:
    against = "totaal" if total is table.totaal else total.post
    naam = f"{table.source.titel}, {kolom_naam(kolom).lower()}: regels tegen {against}"
    amounts = [line.gedrukt.get(kolom) for line in lines]
    known = [amount for amount in amounts if amount is not None]
    printed = total.gedrukt[kolom]
    if printed is None or not lines or len(known) < len(amounts):
        gevonden = "geen regels" if not lines else f"{len(amounts) - len(known)} regels zonder bedrag"
        bericht = f"Het totaal '{total.post}' kan niet worden bewezen: {gevonden}. Vul aan wat de bron wel noemt."
        finding = _finding(table, total, kolom, "TOTAAL_NIET_BEWEZEN", "waarschuwing", bericht, printed)
        return Check(naam, table.naam, len(known), "niet te bewijzen", gevonden, findings=(finding,))
    added = sum(known, Decimal(0))
    grens = Decimal(len(known) + 1) / 2 * table.step
    difference = abs(printed - added)
    if not difference:
        return Check(naam, table.naam, len(known) + 1, "akkoord", "geen verschil", grens)
    inside = difference <= grens
    told = (
        f"Het totaal '{total.post}' is gedrukt als {_fmt(table, printed)}; de {len(known)} regels tellen op tot "
        f"{_fmt(table, added)}. Het verschil is {_fmt(table, difference)}; "
    )
    why = (
        f"dat is afronding (hoogstens {_fmt(table, grens)}). Het gedrukte totaal blijft staan."
        if inside
        else f"afronding verklaart hoogstens {_fmt(table, grens)}. Vergelijk de regels en het totaal met de bron."
    )
    finding = _finding(
        table, total, kolom, "TOTAAL_AFRONDING" if inside else "TOTAAL_ONJUIST", "melding" if inside else "fout",
        told + why, printed, added, grens,
    )  # fmt: skip
    gevonden = f"verschil van {_fmt(table, difference)}, {'door' if inside else 'geen'} afronding"
    return Check(naam, table.naam, len(known) + 1, "afronding" if inside else "fout", gevonden, grens, (finding,))


def check_results(table: Table) -> Iterator[Check]:
    """Prove each printed result against the account and the budget of its own row, total rows included."""
    rows = _result_rows(table)
    naam = f"{table.source.titel}: {table.source.budgetresultaat}, per regel"
    if not rows:
        yield Check(naam.replace("afwezig", "resultaat"), table.naam, 0, "niet te bewijzen", "geen resultaat gedrukt")
        return
    direction = _fitting_direction(table)
    grens, findings, exact = LINE_BOUND * table.step, [], 0
    for post, printed, rekening, begroting in rows:
        computed = rekening - begroting if direction == "rekening - begroting" else begroting - rekening
        difference = abs(printed - computed)
        exact += not difference
        if difference:
            inside = difference <= grens
            why = (
                f"het verschil van {_fmt(table, difference)} is afronding (hoogstens {_fmt(table, grens)})."
                if inside
                else f"afronding verklaart hoogstens {_fmt(table, grens)}. Vergelijk deze regel met de bron."
            )
            bericht = (
                f"Het resultaat van '{post.post}' is gedrukt als {_fmt(table, printed)}; {direction} geeft "
                f"{_fmt(table, computed)}; {why}"
            )
            findings.append(
                _finding(
                    table, post, "budgetresultaat", "RESULTAAT_AFRONDING" if inside else "RESULTAAT_ONJUIST",
                    "melding" if inside else "fout", bericht, printed, computed, grens,
                )
            )  # fmt: skip
    wrong = any(finding.ernst == "fout" for finding in findings)
    gevonden = f"{exact} van {len(rows)} exact" + (f", {len(findings)} met verschil" if findings else "")
    uitkomst: Uitkomst = "fout" if wrong else "afronding" if findings else "akkoord"
    yield Check(naam, table.naam, 3 * len(rows), uitkomst, gevonden, grens, tuple(findings))


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
    fitting = _fitting_direction(table)
    gevonden = f"{counts[declared]} van {showing} regels passen"
    if fitting == declared:
        yield Check(naam, table.naam, 3 * showing, "akkoord", gevonden)
        return
    bericht = (
        f"Verklaard is 'budgetresultaat: {declared}', maar daarbij past {counts[declared]} van de {showing} regels; "
        f"bij '{fitting}' passen er {counts[fitting]}. Zet in bron.yaml bij {table.naam}: budgetresultaat: {fitting}."
    )
    finding = _finding(table, None, "budgetresultaat", "TEKEN_ONJUIST", "fout", bericht, declared, fitting)
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
    finding = _finding(table, None, "lasten", "TEKEN_ONJUIST", "fout", bericht, declared, fitting)
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
    """Return the sign of costs that the net of the table shows: of costs, or of income where its name says so."""
    words = f"{table.naam} {table.source.titel}".casefold()
    if any(word in words for word in MIXED_WORDS):
        return None
    income = any(word in words for word in INCOME_WORDS) and not any(word in words for word in COST_WORDS)
    kolommen = [kolom for kolom in table.kolommen if not kolom.startswith("budgetresultaat")]
    nets = []
    for kolom in kolommen:
        total = table.totaal.gedrukt.get(kolom) if table.totaal else None
        amounts = [total] if total is not None else [post.gedrukt.get(kolom) for post in table.regels]
        nets.append(sum((amount for amount in amounts if amount is not None), Decimal(0)))
    signs = {net > 0 for net in nets if net}
    if len(signs) != 1:
        return None
    return ("positief" if signs.pop() != income else "negatief", len(nets), "het saldo van de tabel")


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
        _finding(
            table, post, "oordeel", "OORDEEL_ONJUIST", "fout",
            f"Bij '{post.post}' staat {post.oordeel}, maar het resultaat is een {_word(amount)}. "
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


def check_controle(table: Table) -> Iterator[Check]:
    """Compare cells with the figures from elsewhere that `bron.yaml` names, such as CBS Iv3."""
    for controle in table.source.controle:
        post = next((post for post in table.posten if post.sleutel == controle.post), None)
        printed = post.bedragen.get(controle.kolom) if post else None
        what = post.post if post else controle.post
        naam = f"{table.source.titel}, {kolom_naam(controle.kolom).lower()}: {what} tegen {controle.bron}"
        if post is None or printed is None:
            bericht = (
                f"De controle met {controle.bron} kan niet: de post '{controle.post}' of het bedrag is er niet. "
                "Verbeter 'controle' in bron.yaml."
            )
            finding = _finding(table, None, controle.kolom, "CONTROLE_ONBEKEND", "waarschuwing", bericht)
            gevonden = "de post of het bedrag is er niet"
            yield Check(naam, table.naam, 0, "niet te bewijzen", gevonden, findings=(finding,))
            continue
        gevonden = f"{_fmt(table, printed)} en {_fmt(table, controle.waarde)}"
        if printed == controle.waarde:
            yield Check(naam, table.naam, 1, "akkoord", gevonden, Decimal(0))
            continue
        bericht = (
            f"'{post.post}' is {_fmt(table, printed)}; {controle.bron} geeft {_fmt(table, controle.waarde)}. "
            f"Het verschil is {_fmt(table, abs(printed - controle.waarde))}. Zoek de oorzaak of licht het toe."
        )
        finding = _finding(
            table,
            post,
            controle.kolom,
            "CONTROLE_VERSCHIL",
            "waarschuwing",
            bericht,
            printed,
            controle.waarde,
        )
        yield Check(naam, table.naam, 1, "melding", gevonden, Decimal(0), (finding,))


def _result_rows(table: Table) -> list[tuple[Post, Decimal, Decimal, Decimal]]:
    """Return the rows that have a printed result, an account and a budget, as printed."""
    rows = []
    for post in table.posten:
        cells = (post.gedrukt.get(k) for k in ("budgetresultaat", "rekening", "begroting_na_wijziging"))
        printed, rekening, begroting = cells
        if printed is not None and rekening is not None and begroting is not None:
            rows.append((post, printed, rekening, begroting))
    return rows


def _direction_counts(table: Table) -> dict[str, int]:
    """Count the rows that fit one direction and not the other."""
    counts = {"rekening - begroting": 0, "begroting - rekening": 0}
    grens = LINE_BOUND * table.step
    for _, printed, rekening, begroting in _result_rows(table):
        forward = abs(printed - (rekening - begroting)) <= grens
        backward = abs(printed - (begroting - rekening)) <= grens
        if forward != backward:
            counts["rekening - begroting" if forward else "begroting - rekening"] += 1
    return counts


def _fitting_direction(table: Table) -> str:
    """Return the direction that most rows show; the declared one where the rows do not decide."""
    declared, counts = table.source.budgetresultaat, _direction_counts(table)
    best = max(counts, key=lambda direction: (counts[direction], direction == declared))
    return best if declared != "afwezig" else "rekening - begroting"


def _word(amount: Decimal) -> str:
    return "voordeel" if amount > 0 else "nadeel"


def _fmt(table: Table, amount: Decimal) -> str:
    """Write an amount with the table's decimals, or more where the amount needs them."""
    exponent = amount.normalize().as_tuple().exponent
    return fmt_amount(amount, max(table.source.decimalen, -int(exponent)))


def _finding(
    table: Table, post: Post | None, kolom: str | None, code: str, ernst: Ernst, bericht: str,
    gedrukt: Decimal | str | None = None, berekend: Decimal | str | None = None, grens: Decimal | None = None,
) -> Finding:  # fmt: skip
    return Finding(
        code=code, ernst=ernst, bericht=bericht, tabel=table.naam, post=post.post if post else None, kolom=kolom,
        gedrukt=gedrukt, berekend=berekend, grens=grens, bestand=table.bestand, regel=post.regel if post else None,
    )  # fmt: skip
