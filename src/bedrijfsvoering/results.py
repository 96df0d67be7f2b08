"""What a sentence can be made of: results of figures, and how a figure is written."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from decimal import Decimal
from typing import Any

from .amounts import NBSP, fmt_amount, fmt_count, round_half_up
from .display import word
from .iv3.story import iv3_functions
from .references import OPEN, Cijfer, Posten, PostNames, TableNames, Tokens, WrongReference, need_known
from .source import EURO, STATUS
from .texts import clean


def _cijfer(value: Any, kolom: str = "rekening") -> Cijfer:
    """Return the figure that a function was given; of a row, the column that the function speaks of."""
    if isinstance(value, PostNames):
        row, value = value, value.lookup(kolom)
        if value is None:
            raise WrongReference(f"'{row.path}.{kolom}' is niet aangeleverd")
    need_known(value)
    if not isinstance(value, Cijfer):
        raise WrongReference("hier hoort een cijfer, zoals overhead.totaal.rekening")
    return value


def _table(value: Any) -> TableNames:
    need_known(value)
    if not isinstance(value, TableNames):
        raise WrongReference("hier hoort een tabel, zoals overhead")
    return value


def _result(name: str, waarde: Decimal, parts: Sequence[Cijfer], eenheid: str, uitleg: str) -> Cijfer:
    first, bron = parts[0], f"{name}({', '.join(part.bron for part in parts)})"
    return Cijfer(waarde, bron, first.cel, f"Berekend: {uitleg}", eenheid, first.decimalen, first.tokens)


def aandeel(deel: Any, geheel: Any) -> Cijfer:
    """Return a part as a percentage of the whole; of two rows, their rekening."""
    part, whole = _cijfer(deel), _cijfer(geheel)
    if not whole.waarde:
        raise WrongReference(f"'{whole.bron}' is nul: een aandeel daarvan bestaat niet")
    share = abs(part.in_unit_of(whole) / whole.waarde) * 100
    return _result("aandeel", share, [part, whole], "pct", f"{part.uitleg} als deel van {whole.uitleg}")


def groei(nu: Any, toen: Any) -> Cijfer:
    """Return how much larger the first figure is than the second, in percent of the second."""
    now, then = _cijfer(nu), _cijfer(toen)
    if not then.waarde:
        raise WrongReference(f"'{then.bron}' is nul: een groei daarvan bestaat niet")
    change = (abs(now.in_unit_of(then)) - abs(then.waarde)) / abs(then.waarde) * 100
    return _result("groei", change, [now, then], "pct", f"groei van {then.uitleg} naar {now.uitleg}")


def verschil(a: Any, b: Any) -> Cijfer:
    """Return the first figure minus the second, in their unit."""
    first, second = _cijfer(a), _cijfer(b)
    uitleg = f"{first.uitleg} min {second.uitleg}"
    return _result("verschil", first.waarde - second.in_unit_of(first), [first, second], first.eenheid, uitleg)


def voordelen(tabel: Any) -> Posten:
    """Return the lines with a voordeel, largest first."""
    return _table(tabel).posts(1)


def nadelen(tabel: Any) -> Posten:
    """Return the lines with a nadeel, largest first."""
    return _table(tabel).posts(-1)


def regels(tabel: Any) -> Posten:
    """Return the lines with a rekening, largest first, without their sign."""
    table = _table(tabel)
    lines = [post for post in table.table.regels if post.bedragen.get("rekening") is not None]
    lines.sort(key=lambda post: -post.size("rekening"))
    return Posten(table, [PostNames(table.table, post, table.tokens) for post in lines])


def grootste(posten: Any) -> PostNames:
    """Return the largest of some lines; of a table, the line with the largest rekening."""
    need_known(posten)
    lines = regels(posten) if isinstance(posten, TableNames) else posten
    if not isinstance(lines, Posten):
        raise WrongReference("hier horen posten of een tabel, zoals voordelen(overhead)")
    if not lines:
        raise WrongReference(f"'{lines.table.path}' heeft zulke posten niet")
    return lines[0]


def som(posten: Any) -> Cijfer:
    """Return the results of some lines, added up; of no lines it is nil."""
    lines, parts = _posten(posten)
    total = sum((part.waarde for part in parts), Decimal(0))
    return _over_posten("som", lines, total, lines.table.table.source.eenheid)


def aantal(posten: Any) -> Cijfer:
    """Return how many lines there are."""
    lines, parts = _posten(posten)
    return _over_posten("aantal", lines, Decimal(len(parts)), "aantal")


def _posten(posten: Any) -> tuple[Posten, list[Cijfer]]:
    need_known(posten)
    lines = posten.posts() if isinstance(posten, TableNames) else posten
    if not isinstance(lines, Posten):
        raise WrongReference("hier horen posten, zoals voordelen(overhead)")
    return lines, [_cijfer(post, "budgetresultaat") for post in lines]


def _over_posten(name: str, lines: Posten, waarde: Decimal, eenheid: str) -> Cijfer:
    """Return a result over some lines; it points at their table."""
    table = lines.table
    bron = f"{name}({', '.join(f'{post.path}.budgetresultaat' for post in lines) or table.path})"
    uitleg = f"Berekend: {name} over {len(lines)} posten van tabel {table.table.source.titel}"
    return Cijfer(waarde, bron, table.path, uitleg, eenheid, table.table.source.decimalen, table.tokens)


def oordeel(resultaat: Any) -> str:
    """Return `voordeel van € 380.000` or `nadeel van € 81.000`; nil is `geen verschil`."""
    result = _cijfer(resultaat, "budgetresultaat")
    return f"{word(result.waarde)} van {bedrag(result)}" if result.waarde else "geen verschil"


def hoger_lager(post: Any) -> str:
    """Return whether the rekening of a row is `hoger` or `lager` than its budget after amendment, without signs."""
    need_known(post)
    if not isinstance(post, PostNames):
        raise WrongReference("hier hoort een post, zoals overhead.totaal")
    rekening, begroting = (_cijfer(post, kolom) for kolom in ("rekening", "begroting_na_wijziging"))
    now, then = abs(rekening.waarde), abs(begroting.waarde)
    return "hoger" if now > then else "lager" if now < then else "niet hoger of lager"


def gelijk(tabel: Any) -> Posten:
    """Return the lines that came out exactly as budgeted."""
    table = _table(tabel)
    lines = [post for post in table.table.regels if post.bedragen.get("budgetresultaat") == 0]
    return Posten(table, [PostNames(table.table, post, table.tokens) for post in lines])


def story_functions(tokens: Tokens) -> dict[str, Callable[..., Any]]:
    """Return every function of a story: those over figures, and those that need the story that they stand in."""

    def eigen(tekst: Any, bron: Any = "") -> str:
        """Return a fact from outside the tables, with its source: `eigen("vijf trainees", bron="P&O")`."""
        for value in (tekst, bron):
            need_known(value)
            if not isinstance(value, str) or not value.strip() or OPEN in value:
                raise WrongReference('schrijf eigen("vijf trainees", bron="afdeling, maand en jaar")')
        return tokens.add_own(clean(tekst), clean(bron))

    def projecten(status: Any = "") -> Cijfer:
        """Return how many projects there are, or how many with a status."""
        need_known(status)
        if status not in ("", *STATUS):
            raise WrongReference(f"de status '{status}' bestaat niet; bekend zijn: {', '.join(STATUS)}")
        found = [one for one in tokens.figures.projecten if status in ("", one.status)]
        bron = f"aantal(ict_projecten{f'.{status}' if status else ''})"
        uitleg = f"Berekend: aantal projecten{f' met status {status}' if status else ''} in de tabel van ICT-projecten"
        return Cijfer(Decimal(len(found)), bron, "3-ict-projecten", uitleg, "aantal", 0, tokens)

    return {**FUNCTIONS, **iv3_functions(tokens), "eigen": eigen, "projecten": projecten}


def bedrag(cijfer: Any) -> str:
    """Write an amount in whole euro, without a sign: `€ 380.000`."""
    return _euro(cijfer, Decimal(1), 0, "")


def duizend(cijfer: Any) -> str:
    """Write an amount in thousands, without a sign: `€ 380 duizend`."""
    return _euro(cijfer, Decimal(1000), 0, f"{NBSP}duizend")


def mln(cijfer: Any, decimalen: int = 1) -> str:
    """Write an amount in millions, without a sign: `€ 14,4 miljoen`."""
    return _euro(cijfer, Decimal(1_000_000), decimalen, f"{NBSP}miljoen")


def _decimalen(decimalen: Any) -> int:
    if isinstance(decimalen, bool) or decimalen not in range(4):
        raise WrongReference("het aantal decimalen is 0, 1, 2 of 3")
    return int(decimalen)


def _euro(value: Any, scale: Decimal, decimalen: Any, unit: str) -> str:
    cijfer = _cijfer(value)
    if cijfer.eenheid not in EURO:
        raise WrongReference(f"'{cijfer.bron}' is geen bedrag in euro")
    euro = abs(cijfer.waarde) * EURO[cijfer.eenheid] / scale
    return cijfer.shown(f"€{NBSP}{fmt_amount(euro, _decimalen(decimalen))}{unit}")


def pct(cijfer: Any, decimalen: int = 1) -> str:
    """Write a percentage: `51,7%`; nothing after the comma is written where that is nil."""
    part = _cijfer(cijfer)
    if part.eenheid != "pct":
        raise WrongReference(f"'{part.bron}' is geen percentage; gebruik aandeel of groei")
    rounded = round_half_up(part.waarde, _decimalen(decimalen))
    return part.shown(f"{fmt_amount(rounded, decimalen)}%", rounded)


def fte(cijfer: Any, decimalen: int = 1) -> str:
    """Write a number of full-time jobs: `12,5 fte`."""
    part = _cijfer(cijfer)
    if part.eenheid != "fte":
        raise WrongReference(f"'{part.bron}' is niet in fte")
    return part.shown(f"{fmt_amount(part.waarde, _decimalen(decimalen))}{NBSP}fte")


def woord(cijfer: Any) -> str:
    """Write a count as a word up to twelve: `vijf`."""
    part = _cijfer(cijfer)
    if part.eenheid != "aantal":
        raise WrongReference(f"'{part.bron}' is geen aantal")
    return part.shown(fmt_count(int(part.waarde)))


FILTERS: dict[str, Callable[..., str]] = {
    "bedrag": bedrag,
    "duizend": duizend,
    "mln": mln,
    "pct": pct,
    "fte": fte,
    "woord": woord,
}
"""How a figure is written in a sentence."""
FUNCTIONS: dict[str, Callable[..., Any]] = {
    "aandeel": aandeel, "verschil": verschil, "groei": groei, "oordeel": oordeel, "hoger_lager": hoger_lager,
    "voordelen": voordelen, "nadelen": nadelen, "gelijk": gelijk, "regels": regels, "grootste": grootste, "som": som,
    "aantal": aantal,
}  # fmt: skip
"""Results that a sentence can be made of."""
