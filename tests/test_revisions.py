"""The prior year revised: what a document prints of last year, against last year's own edition."""

from collections.abc import Callable
from dataclasses import replace
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from conftest import ROOT

from bedrijfsvoering.compare.revisions import check_revised
from bedrijfsvoering.compare.row_keys import FormerKeys, KeyMapping
from bedrijfsvoering.edition import read_edition
from bedrijfsvoering.errors import DataError
from bedrijfsvoering.figures import Figures, Table
from bedrijfsvoering.normalise import normalise_money
from bedrijfsvoering.reader import RawRow, RawTable
from bedrijfsvoering.source import TableSource

Make = Callable[..., Figures]
PRIOR = "rekening_2022"


def money(kolom: str, rows: dict[str, str], **declared: Any) -> Table:
    """Return a table of one column of amounts as printed."""
    other = {kolom: kolom} if kolom[-4:].isdigit() else {}
    source = TableSource(**{"titel": "Overhead", "lasten": "negatief", "kolommen": other, **declared})
    raw = tuple(RawRow(n, {"post": label, kolom: amount}) for n, (label, amount) in enumerate(rows.items(), start=2))
    return normalise_money(RawTable("overhead", "diemen/overhead.csv", ("post", kolom), raw), source)


@pytest.fixture
def make(diemen: Figures) -> Make:
    def made(jaar: int, kolom: str, rows: dict[str, str], **declared: Any) -> Figures:
        table = money(kolom, rows, **declared)
        return replace(diemen, jaar=jaar, folder=Path("nergens"), tables={"overhead": table})

    return made


def test_a_figure_that_is_printed_otherwise_a_year_later_is_told(make: Make) -> None:
    old = make(2022, "rekening", {"ICT": "-900", "Huur": "-1.200", "Totaal": "-2.100"})
    new = make(2023, PRIOR, {"ICT": "-950", "Huur": "-1.200", "Totaal": "-2.150"})
    check = check_revised(new, old)
    assert (check.uitkomst, check.cellen, check.gevonden) == ("melding", 3, "3 cijfers vergeleken, 2 herzien")
    ict, total = check.findings
    assert (ict.code, ict.ernst, ict.tabel, ict.post, ict.kolom, ict.regel) == (
        "VORIG_JAAR_HERZIEN", "waarschuwing", "overhead", "ICT", PRIOR, 2,
    )  # fmt: skip
    assert (ict.gedrukt, ict.berekend, ict.grens) == (-950, -900, 0)
    assert ict.bericht == (
        "De uitgave van 2023 drukt voor de rekening 2022 van 'ICT' −950; in de uitgave van 2022 was dat −900. "
        "Licht toe waarom het cijfer van 2022 is herzien."
    )
    assert (total.post, total.gedrukt, total.berekend) == ("Totaal", -2150, -2100)


def test_the_same_figures_are_in_order_whatever_the_sign_of_the_print(make: Make) -> None:
    rows = {"ICT": "-900", "Huur": "0"}
    old = make(2022, "rekening", rows)
    turned = {"ICT": "900", "Huur": "0"}
    assert check_revised(make(2023, PRIOR, rows), old).uitkomst == "akkoord"
    assert check_revised(make(2023, PRIOR, turned, lasten="positief"), old).findings == ()
    revised = check_revised(make(2023, PRIOR, {"ICT": "950", "Huur": "-"}, lasten="positief"), old)
    assert [(one.gedrukt, one.berekend) for one in revised.findings] == [(950, 900)]


@pytest.mark.parametrize(
    ("euro", "thousands", "revised"),
    [("-900.499", "-900", 0), ("-900.500", "-900", 0), ("-899.500", "-900", 0), ("-900.501", "-900", 1),
     ("-899.499", "-900", 1)],
)  # fmt: skip
def test_coarser_rounding_alone_is_no_revision(euro: str, thousands: str, revised: int, make: Make) -> None:
    old, new = make(2022, "rekening", {"ICT": euro}, eenheid="eur"), make(2023, PRIOR, {"ICT": thousands})
    assert len(check_revised(new, old).findings) == revised
    finer = make(2023, PRIOR, {"ICT": euro}, eenheid="eur")
    found = check_revised(finer, make(2022, "rekening", {"ICT": thousands})).findings
    assert len(found) == revised
    assert all(one.berekend == Decimal(-900_000) and one.grens == 500 for one in found)


def test_one_step_is_a_revision_where_both_round_the_same(make: Make) -> None:
    old, new = make(2022, "rekening", {"ICT": "-900"}), make(2023, PRIOR, {"ICT": "-901"})
    assert len(check_revised(new, old).findings) == 1


def test_rows_that_were_joined_are_compared_by_their_sum(make: Make) -> None:
    old = make(2022, "rekening", {"Advies": "-100", "Beleid": "-200", "Weg": "-5"})
    mapping = KeyMapping(rows=(FormerKeys("overhead", "staf", 2022, ("advies", "beleid")),))
    for amount, revised in (("-300", 0), ("-301", 0), ("-302", 1)):  # three rounded amounts: one and a half
        check = check_revised(make(2023, PRIOR, {"Staf": amount, "Nieuw": "-7"}), old, mapping)
        assert len(check.findings) == revised, amount
        assert "1 zonder tegenhanger" in check.gevonden
    (finding,) = check.findings
    assert (finding.post, finding.berekend, finding.grens) == ("Staf", -300, Decimal("1.5"))
    assert "'Staf' (rijen samen)" in finding.bericht


def test_what_is_new_unknown_or_of_another_kind_is_not_compared(make: Make) -> None:
    new = make(2023, PRIOR, {"ICT": "-900", "Nieuw": "-3"})
    assert check_revised(new, make(2022, "rekening", {"ICT": "", "Oud": "-3"})).uitkomst == "niet te bewijzen"
    jobs = make(2022, "rekening", {"ICT": "9"}, eenheid="fte", lasten=None)
    assert check_revised(new, jobs).cellen == 0
    assert check_revised(new, make(2021, "rekening", {"ICT": "-1"})).cellen == 0


def test_results_of_last_year_are_held_too(make: Make) -> None:
    old = make(2022, "budgetresultaat", {"ICT": "12", "Huur": "-3"}, budgetresultaat="rekening - begroting")
    new = make(2023, "budgetresultaat_2022", {"ICT": "-15", "Huur": "3"}, budgetresultaat="begroting - rekening")
    (finding,) = check_revised(new, old).findings
    assert (finding.gedrukt, finding.berekend) == (-15, -12)
    assert "voor het resultaat 2022 van 'ICT'" in finding.bericht


def test_sleutels_yaml_is_read_from_the_edition_and_proven(make: Make, tmp_path: Path) -> None:
    old = make(2022, "rekening", {"Juridische dienst": "-100"})
    new = replace(make(2023, PRIOR, {"Juridische zaken": "-101"}), folder=tmp_path)
    assert check_revised(new, old).cellen == 0
    (tmp_path / "sleutels.yaml").write_text("juridische_zaken: [2022: juridische_dienst]\n", encoding="utf-8")
    assert len(check_revised(new, old).findings) == 1
    (tmp_path / "sleutels.yaml").write_text("juridische_zaken: [2022: juridische_diens]\n", encoding="utf-8")
    with pytest.raises(DataError, match="Bedoelt u 'juridische_dienst'"):
        check_revised(new, old)


def test_real_editions_without_columns_of_another_year_are_not_held(diemen: Figures) -> None:
    gouda = [read_edition(ROOT / "tests" / "published", "gouda", jaar) for jaar in (2018, 2017)]
    assert check_revised(*gouda).uitkomst == "niet te bewijzen"
