"""Tables in each way that municipalities print costs, income, balances and letters: read rightly, no false fault."""

from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
import yaml

from bedrijfsvoering.checks import FAMILIES
from bedrijfsvoering.declarations import check_sign
from bedrijfsvoering.figures import Table
from bedrijfsvoering.normalise import normalise_money
from bedrijfsvoering.reader import Wanted, read_csv
from bedrijfsvoering.source import MONEY_COLUMNS, TEXT_COLUMNS, TableSource

CASES = yaml.safe_load((Path(__file__).parent / "stelsels" / "tabellen.yaml").read_text(encoding="utf-8"))
FLIPPED = {"negatief": "positief", "positief": "negatief"}


def read(case: dict[str, Any], path: Path, **declared: Any) -> Table:
    path.write_text(case["rijen"], encoding="utf-8")
    fields = {key: case[key] for key in ("titel", "lasten", "budgetresultaat", "eenheid", "decimalen") if key in case}
    wanted = Wanted("proef", "proef.csv", (*TEXT_COLUMNS, *MONEY_COLUMNS), {})
    return normalise_money(read_csv(path, wanted), TableSource(**{**fields, **declared}))


def fouten(table: Table) -> set[str]:
    return {f.code for family in FAMILIES for check in family(table) for f in check.findings if f.ernst == "fout"}


@pytest.mark.parametrize("case", CASES, ids=[case["naam"] for case in CASES])
def test_a_table_is_read_as_its_municipality_means_it(case: dict[str, Any], tmp_path: Path) -> None:
    table = read(case, tmp_path / "proef.csv")
    if "fout" in case:
        assert case["fout"] in fouten(table)
        return
    assert fouten(table) == set()
    house = [post.bedragen.get("rekening") for post in table.posten]
    assert house == [None if amount is None else Decimal(str(amount)) for amount in case["huis"]]


SIGNED = [case for case in CASES if "fout" not in case and case.get("eenheid", "eur").startswith("eur")]


@pytest.mark.parametrize("case", SIGNED, ids=[case["naam"] for case in SIGNED])
def test_the_other_sign_of_costs_is_refused(case: dict[str, Any], tmp_path: Path) -> None:
    flipped = read(case, tmp_path / "proef.csv", lasten=FLIPPED[case["lasten"]])
    if case.get("vertrouwen"):
        assert [c.uitkomst for c in check_sign(flipped)] == ["niet te bewijzen"]
        return
    assert fouten(flipped)


@pytest.mark.parametrize("case", SIGNED, ids=[case["naam"] for case in SIGNED])
def test_a_figure_with_the_other_sign_is_found_where_a_total_covers_it(case: dict[str, Any], tmp_path: Path) -> None:
    """Turn the account of each line in turn; where its table has a total, that can no longer be."""
    table = read(case, tmp_path / "proef.csv")
    header, *rows = case["rijen"].strip().split("\n")
    place = header.split(";").index("rekening")
    covered = [p for p in table.posten if p.soort == "regel" and abs(p.bedragen.get("rekening") or 0) > 9]
    for post in covered if table.totaal else ():
        cells = rows[post.regel - 2].split(";")
        cells[place] = str(-(post.gedrukt["rekening"] or 0) - 50)
        text = "\n".join([header, *rows[: post.regel - 2], ";".join(cells), *rows[post.regel - 1 :]])
        assert fouten(read({**case, "rijen": text + "\n"}, tmp_path / "proef.csv")), post.post
