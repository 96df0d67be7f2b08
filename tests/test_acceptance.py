"""Acceptances: one exact finding each, shown beside it, and gone when its figure changes."""

import json
import re
from dataclasses import replace
from decimal import Decimal
from typing import Any

import pytest
import yaml
from conftest import Edition

from bedrijfsvoering.acceptance import Acceptance
from bedrijfsvoering.findings import Finding

WRONG = ("overhead.csv", "-14.393;380", "-14.493;380")
ACCEPTED = """\
aanvaard:
  - {code: TOTAAL_ONJUIST, tabel: overhead, post: Totaal overhead, kolom: rekening, gedrukt: -14493, berekend: -14391,
     reden: De bron heeft dit zo gedrukt., door: controller, datum: 2024-06-01}
  - {code: RESULTAAT_ONJUIST, tabel: overhead, post: Totaal overhead, kolom: budgetresultaat, gedrukt: 380,
     berekend: 280, reden: Volgt uit het totaal., door: controller, datum: 2024-06-01}
"""


def test_accepted_findings_do_not_stop_publication_and_are_shown_beside_it(edition: Edition, capsys: Any) -> None:
    edition.change(*WRONG)
    assert edition.run("check", "-q") == 1
    (edition.data / "aanvaard.yaml").write_text(ACCEPTED, encoding="utf-8")
    capsys.readouterr()
    assert edition.run("check", "--json") == 0
    accepted = [f for f in json.loads(capsys.readouterr().out) if "aanvaard" in f]
    assert [(f["code"], f["aanvaard"]) for f in accepted] == [
        ("TOTAAL_ONJUIST", "Aanvaard door controller, 01-06-2024: De bron heeft dit zo gedrukt."),
        ("RESULTAAT_ONJUIST", "Aanvaard door controller, 01-06-2024: Volgt uit het totaal."),
    ]
    from bedrijfsvoering import table_controles
    from bedrijfsvoering.edition import read_edition

    html = table_controles(read_edition(edition.root / "data", "diemen", 2023)).html
    assert html.count("Aanvaard</span>") == 2
    assert re.search(r"is gedrukt als −14.493.*?Aanvaard door controller, 01-06-2024", html)


def test_when_the_figure_changes_the_acceptance_no_longer_holds_and_is_told(edition: Edition, capsys: Any) -> None:
    (edition.data / "aanvaard.yaml").write_text(ACCEPTED, encoding="utf-8")
    edition.change("overhead.csv", "-14.393;380", "-14.593;380")
    assert edition.run("check", "--json") == 1
    codes = [f["code"] for f in json.loads(capsys.readouterr().out)]
    assert codes.count("AANVAARDING_ONGEBRUIKT") == 2
    assert codes.count("TOTAAL_ONJUIST") == 1


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ("reden: Volgt uit het totaal.,", "", "reden: Dit veld ontbreekt"),
        ("door: controller, datum: 2024-06-01}\n  -", "door: controller, datum: juni}\n  -", "datum zoals jjjj-mm-dd"),
        ("code: TOTAAL_ONJUIST", "kode: TOTAAL_ONJUIST", "Bedoelt u 'code'?"),
        ("aanvaard:", "aanvard:", "aanvard"),
        ("gedrukt: -14493", "gedrukt: [1]", "aanvaarding 1, gedrukt: Gevonden '[1]'; verwacht een getal of tekst"),
        ("  - {code: TOTAAL", "  - null\n  - {code: TOTAAL", "aanvaarding 1: Gevonden niets; verwacht een aanvaarding"),
    ],
)
def test_a_broken_acceptance_is_told(old: str, new: str, said: str, edition: Edition, capsys: Any) -> None:
    assert old in ACCEPTED
    (edition.data / "aanvaard.yaml").write_text(ACCEPTED.replace(old, new), encoding="utf-8")
    assert edition.run("check") == 2
    assert said in capsys.readouterr().err


def test_a_finding_over_unrounded_amounts_is_accepted_by_what_check_json_gives() -> None:
    """A workbook holds sums such as 0.1 + 0.2; JSON writes them as the nearest float."""
    exact = Decimal("12345.678901234567890123")
    finding = Finding("TOTAAL_ONJUIST", "fout", "x", gedrukt=exact, berekend=Decimal("12.5"))
    given = yaml.safe_load(json.dumps(finding.to_json()))
    keys = {key: given[key] for key in ("code", "gedrukt", "berekend")}
    one = Acceptance.model_validate({**keys, "reden": "r", "door": "d", "datum": "2024-01-01"})
    assert one.fits(finding)
    assert not one.fits(replace(finding, gedrukt=exact + Decimal("0.001")))
