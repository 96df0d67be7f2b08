"""What stands still from an earlier year: projects with an old source, milestones that are over, inhabitants."""

import shutil
from dataclasses import replace
from decimal import Decimal

import openpyxl
import pytest
from conftest import Edition
from filled import fill_csv, fill_workbook, invented

from bedrijfsvoering.cli import run_command
from bedrijfsvoering.edition import read_edition
from bedrijfsvoering.figures import Figures
from bedrijfsvoering.findings import Finding
from bedrijfsvoering.iv3.reconciliation import check_reconciliation
from bedrijfsvoering.periods import parse_period
from bedrijfsvoering.projects import check_projects


def found(figures: Figures) -> list[Finding]:
    return [finding for check in check_projects(figures) for finding in check.findings]


def test_diemens_projects_and_milestones_are_of_their_year(diemen: Figures) -> None:
    assert found(diemen) == []
    assert [check.uitkomst for check in check_projects(diemen)] == ["akkoord", "akkoord"]


def test_a_year_later_the_same_rows_are_told_one_by_one(diemen: Figures) -> None:
    told = found(replace(diemen, jaar=2024))
    assert [one.post for one in told if one.code == "PROJECT_VEROUDERD"] == [one.sleutel for one in diemen.projecten]
    late = [one.bericht for one in told if one.code == "MIJLPAAL_VERLOPEN"]
    assert len(late) == sum(one.soort != "gerealiseerd" for one in diemen.mijlpalen) - 1  # one is from 2026 on
    said = "'wet gaat in' van Omgevingswet (1 januari 2024) staat er als gepland; eind 2024 was die tijd voorbij."
    assert f"De mijlpaal {said} Zet bij soort 'gerealiseerd' als het gebeurd is, of geef een latere datum." in late
    assert all(one.ernst == "waarschuwing" for one in told)
    assert not any("Zet" in one.openbaar or "Controleer" in one.openbaar for one in told)  # no advice on the page


@pytest.mark.parametrize("options", [(), ("--excel",)], ids=["csv", "excel"])
def test_the_file_and_the_line_of_each_row_are_told(options: tuple[str, ...], edition: Edition) -> None:
    for name in ("reeks", "vergelijking", "verdeling"):
        (edition.data / f"{name}.csv").unlink()
    shutil.rmtree(edition.data / "toelichting")
    folders = [f"--data={edition.root / 'data'}", f"--params={edition.root / 'params'}"]
    assert run_command(["new", "diemen", "2024", "-q", *options, *folders]) == 0
    folder = edition.root / "data" / "diemen" / "2024"
    amounts = {naam: invented(edition.root / "data", "diemen", 2023, naam) for naam in ("overhead", "salarissen")}
    if options:
        fill_workbook(folder / "cijfers.xlsx", amounts)
        book = openpyxl.load_workbook(folder / "cijfers.xlsx")
        rows = [str(row[0]) for row in book["ict_projecten"].values if row[0]]
    else:
        for naam, table in amounts.items():
            fill_csv(folder / f"{naam}.csv", table)
        path = folder / "ict_projecten.csv"
        path.write_text(path.read_text(encoding="utf-8").replace("\n", "\n\n", 1), encoding="utf-8")  # a blank line
        rows = [line.partition(";")[0] for line in path.read_text(encoding="utf-8").splitlines()]
    told = [f for f in read_edition(edition.root / "data", "diemen", 2024).findings if f.code == "PROJECT_VEROUDERD"]
    assert [one.regel for one in told] == [rows.index(str(one.post)) + 1 for one in told] != []
    place = "cijfers.xlsx, blad ict_projecten, regel 2, bron:" if options else "ict_projecten.csv, regel 3, bron:"
    assert told[0].message().startswith(f"diemen/2024/{place} Wat er over ")


@pytest.mark.parametrize(
    ("bron", "old"),
    [
        ("Jaarstukken 2022", True),
        ("Jaarstukken 2023", False),
        ("Raadsbrief 2021, Jaarstukken 2023", False),
        ("Begroting 2024", False),
        ("opgave van de projectleider", False),
        ("", False),
        ("dossier 20221", False),
        ("Jaarstukken_2022", True),
        ("Jaarrekening2022", True),
        ("Jaarstukken 2022/23", False),
    ],
)
def test_a_source_is_old_when_all_its_years_are(bron: str, old: bool, diemen: Figures) -> None:
    one = replace(diemen.projecten[0], bron=bron)
    assert [f.code for f in found(replace(diemen, projecten=(one,), mijlpalen=()))] == ["PROJECT_VEROUDERD"] * old


@pytest.mark.parametrize(
    ("begin", "eind", "soort", "late"),
    [
        ("2023-10", "", "gepland", True),
        ("eind 2023", "", "verwacht", True),
        ("2023-12-31", "", "gepland", True),
        ("2024-01-01", "", "gepland", False),
        ("2023", "2024-Q1", "gepland", False),
        ("vanaf 2023", "", "verwacht", False),
        ("2022", "", "gerealiseerd", False),
    ],
)
def test_a_milestone_is_over_when_its_last_day_is(
    begin: str, eind: str, soort: str, late: bool, diemen: Figures
) -> None:
    first = parse_period(begin)
    assert first
    one = replace(diemen.mijlpalen[0], begin=first, eind=parse_period(eind), soort=soort)  # type: ignore[arg-type]
    assert [f.code for f in found(replace(diemen, projecten=(), mijlpalen=(one,)))] == ["MIJLPAAL_VERLOPEN"] * late


@pytest.mark.parametrize(
    ("inwoners", "told"),
    [
        (32785, None),
        (31822, "31.822 is het aantal van 2022."),
        (32786, "bron.yaml noemt 32.786 inwoners; in de cijfers voor het CBS zijn het er in 2023 32.785."),
        (None, None),
    ],
)
def test_inhabitants_are_those_that_the_cbs_reckons_with(
    inwoners: int | None, told: str | None, diemen: Figures
) -> None:
    figures = replace(diemen, source=diemen.source.model_copy(update={"inwoners": inwoners}))
    findings = [f for check in check_reconciliation(figures) for f in check.findings if f.code == "INWONERS_VERSCHIL"]
    assert [(f.gedrukt, f.berekend) for f in findings] == ([(Decimal(inwoners or 0), Decimal(32785))] if told else [])
    assert all((told or "") in f.bericht for f in findings)


def test_the_account_goes_before_the_budget_whichever_stands_first(diemen: Figures) -> None:
    years = {one.document: one for one in diemen.reeks if one.jaar == 2023}
    account = replace(years["jaarrekening"], bedragen={**years["jaarrekening"].bedragen, "inwoners": Decimal(31000)})
    for reeks in ((years["begroting"], account), (account, years["begroting"])):
        checks = check_reconciliation(replace(diemen, reeks=reeks))
        assert "INWONERS_VERSCHIL" in [f.code for check in checks for f in check.findings]
