"""Random tables: what is printed is read back, rounding is never called a fault, and a fault is always found."""

from decimal import ROUND_HALF_UP, Decimal
from pathlib import Path

from conftest import LONG
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from bedrijfsvoering.amounts import AmountError, parse_amount
from bedrijfsvoering.checks import FAMILIES
from bedrijfsvoering.errors import DataError
from bedrijfsvoering.figures import Table
from bedrijfsvoering.normalise import normalise_money
from bedrijfsvoering.reader import RawRow, RawTable, Wanted, read_csv
from bedrijfsvoering.source import MONEY_COLUMNS, TableSource

CASES = 10_000 if LONG else 4_000
"""Rounded tables in all; made in few, large examples, for making an example costs more than a check."""
STAGES = ("begroting_na_wijziging", "rekening")

amounts = st.integers(-(10**9), 10**9)
styles = st.sampled_from(["-{}", "{}-", "({})", "−{}", "- {}", "–{}", "€ -{}", "-€ {}"])
spaces = st.sampled_from(["", " ", "\u00a0", "\u202f", "\t"])


@settings(max_examples=400, deadline=None)
@given(
    cents=st.integers(-(10**13), 10**13), decimalen=st.integers(0, 2), style=styles, space=spaces, plain=st.booleans()
)
def test_every_number_style_is_read_back(cents: int, decimalen: int, style: str, space: str, plain: bool) -> None:
    amount = Decimal(cents).scaleb(-decimalen)
    whole, _, fraction = f"{abs(amount):.{decimalen}f}".partition(".")
    grouped = whole if plain else f"{int(whole):,}".replace(",", ".")
    body = grouped + (f",{fraction}" if fraction else "")
    text = style.format(body) if amount < 0 else body
    assert parse_amount(space + text + space, decimalen) == amount


@settings(max_examples=500, deadline=None)
@given(st.text(max_size=20))
def test_any_text_is_an_amount_or_is_refused_with_words(text: str) -> None:
    told = ""
    try:
        parse_amount(text)
    except AmountError as exc:
        told = str(exc)
    assert not told or "verwacht" in told


@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(raw=st.binary(max_size=400) | st.text(alphabet="post;rkni,\"'\n\r\t -1.23€é", max_size=300).map(str.encode))
def test_any_file_is_a_table_or_is_refused_with_findings(raw: bytes, tmp_path: Path) -> None:
    path = tmp_path / "proef.csv"
    path.write_bytes(raw)
    source = TableSource(titel="Proef", lasten="negatief")
    wanted = Wanted("proef", "proef.csv", ("post", *MONEY_COLUMNS), {})
    posten, problems = (), ()
    try:
        posten = normalise_money(read_csv(path, wanted), source).posten
    except DataError as exc:
        problems = exc.problems
    assert posten or problems
    assert all(problem.bericht.endswith((".", "?")) for problem in problems)


def printed_table(rows: list[dict[str, Decimal]], total: dict[str, Decimal]) -> Table:
    """Return a table as an accountant prints it: each cell rounded by itself from the unrounded amounts."""

    def cell(amount: Decimal) -> str:
        return f"{amount.quantize(Decimal(1), rounding=ROUND_HALF_UP):f}"

    raw = [
        RawRow(number, {"post": post, **{kolom: cell(amount) for kolom, amount in row.items()}})
        for number, (post, row) in enumerate([*((f"Post {n}", row) for n, row in enumerate(rows)), ("Totaal", total)])
    ]
    source = TableSource(titel="Proef", lasten="negatief", budgetresultaat="rekening - begroting")
    columns = ("post", *STAGES, "budgetresultaat")
    return normalise_money(RawTable("proef", "proef.csv", columns, tuple(raw)), source)


def with_result(row: tuple[int, int]) -> dict[str, Decimal]:
    begroting, rekening = (-Decimal(abs(value)).scaleb(-3) for value in row)
    return {"begroting_na_wijziging": begroting, "rekening": rekening, "budgetresultaat": rekening - begroting}


def fouten(table: Table) -> set[tuple[str, str | None, str | None]]:
    found = (finding for family in FAMILIES for check in family(table) for finding in check.findings)
    return {(finding.code, finding.post, finding.kolom) for finding in found if finding.ernst == "fout"}


lines = st.lists(st.tuples(amounts, amounts), min_size=1, max_size=40)


@settings(max_examples=CASES // 100, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(st.lists(lines, min_size=100, max_size=100))
def test_rounding_each_cell_by_itself_never_makes_a_fault(tables: list[list[tuple[int, int]]]) -> None:
    for pairs in tables:
        rows = [with_result(pair) for pair in pairs]
        total = {kolom: sum((row[kolom] for row in rows), Decimal(0)) for kolom in rows[0]}
        assert fouten(printed_table(rows, total)) == set()


@settings(max_examples=300, deadline=None)
@given(
    pairs=st.lists(st.tuples(st.integers(10**6, 10**8), st.integers(10**6, 10**8)), min_size=2, max_size=30),
    place=st.integers(0, 30),
    kolom=st.sampled_from([*STAGES, "budgetresultaat"]),
    sign=st.sampled_from([-1, 1]),
)
def test_a_change_of_more_than_the_bound_in_any_cell_is_always_found(
    pairs: list[tuple[int, int]], place: int, kolom: str, sign: int
) -> None:
    rows = [with_result(pair) for pair in pairs]
    total = {name: sum((row[name] for row in rows), Decimal(0)) for name in rows[0]}
    changed = [*rows, total][place % (len(rows) + 1)]
    changed[kolom] += sign * (len(rows) + 3)  # more than any bound of this table allows, rounding counted twice
    assert fouten(printed_table(rows, total))
