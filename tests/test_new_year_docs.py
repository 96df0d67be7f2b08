"""The handbook page of a new year: every command on it is run, in its order, and what it says one sees is seen."""

import re
import shutil
from pathlib import Path
from typing import Any

import pytest
from browser import find_browser
from conftest import ROOT
from filled import fill_csv, fill_deliveries, fill_workbook, invented, mark_invented
from pypdf import PdfReader

from bedrijfsvoering.cli import run_command

PAGE = (ROOT / "docs" / "nieuw-jaar.md").read_text(encoding="utf-8")
FENCE = re.compile(r"^```(text)?\n(.*?)^```$", re.MULTILINE | re.DOTALL)
MAIN, EXCEL, NOTHING = PAGE.partition("## In Excel")[0], "## In Excel", "## Een gemeente die"


def project(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Make a project to work in, as the page says: its folders, and the place from which commands are typed."""
    for name in ("data", "params", "notebooks"):
        shutil.copytree(ROOT / name, tmp_path / name)
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("BEDRIJFSVOERING_BROWSER", str(find_browser()))
    return tmp_path


def blocks(text: str) -> list[tuple[str, bool]]:
    """Return what stands between fences: the text, and whether it is what one sees."""
    return [(body.strip(), bool(seen)) for seen, body in FENCE.findall(text)]


def part(heading: str) -> str:
    return PAGE[PAGE.index(heading) :].split("\n## ")[0]


def run(command: str, capsys: Any) -> tuple[int, str]:
    program, *args = command.split()
    assert program == "bedrijfsvoering"
    capsys.readouterr()
    code = run_command(args)
    told = capsys.readouterr()
    return code, told.out + told.err


def fill(root: Path) -> None:
    folder = root / "data" / "diemen" / "2024"
    amounts = {naam: invented(root / "data", "diemen", 2023, naam) for naam in ("overhead", "salarissen")}
    if (folder / "cijfers.xlsx").exists():
        fill_workbook(folder / "cijfers.xlsx", amounts)
    else:
        for naam, table in amounts.items():
            fill_csv(folder / f"{naam}.csv", table)
    fill_deliveries(folder, 2023)
    mark_invented(folder, 2024)


def test_the_page_leads_from_last_year_to_the_published_page_and_its_pdf(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: Any
) -> None:
    root = project(tmp_path, monkeypatch)
    commands = [body for body, seen in blocks(MAIN) if not seen]
    assert [command.split()[1] for command in commands] == ["new", "check", "build"]
    told = {}
    for command in commands:
        if " check " in command:  # step 2 says what one sees when the amounts were forgotten
            code, told["forgotten"] = run(command, capsys)
            assert code == 2
            fill(root)
        code, told[command.split()[1]] = run(command, capsys)
        assert code == 0
    seen = iter(body for body, is_seen in blocks(MAIN) if is_seen)
    for step in ("new", "forgotten", "check", "build"):
        for line in next(seen).splitlines():
            assert re.search(re.escape(line).replace("…", ".*"), told[step]), (step, line)
    assert next(seen, None) is None
    folder = root / "output" / "diemen" / "2024"
    assert "Jaarstukken 2024 (verzonnen)" in (folder / "index.html").read_text(encoding="utf-8")
    text = "".join(sheet.extract_text() for sheet in PdfReader(folder / "paragraaf-bedrijfsvoering.pdf").pages)
    assert "2024 (verzonnen)" in " ".join(text.split())
    assert (root / "output" / "index.html").exists()


def test_the_way_by_excel_leads_to_figures_that_are_proven(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: Any
) -> None:
    root = project(tmp_path, monkeypatch)
    new, check = [body for body, _ in blocks(part(EXCEL))]
    assert run(new, capsys)[0] == 0
    assert (root / "data" / "diemen" / "2024" / "cijfers.xlsx").exists()
    fill(root)
    code, told = run(check, capsys)
    assert (code, "waarvan 0 fout" in told) == (0, True)


def test_a_municipality_that_is_not_there_yet_is_laid_out(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: Any
) -> None:
    root = project(tmp_path, monkeypatch)
    (new, _), (seen, _) = blocks(part(NOTHING))
    code, told = run(new, capsys)
    assert (code, seen in told) == (0, True)
    assert (root / "data" / "ouder-amstel" / "2024" / "bron.yaml").exists()


def test_every_command_on_the_page_is_one_of_those_that_were_run() -> None:
    commands = [body for text in (MAIN, part(EXCEL), part(NOTHING)) for body, seen in blocks(text) if not seen]
    assert commands == [body for body, seen in blocks(PAGE) if not seen]
    assert len(commands) == 6
    assert all(re.fullmatch(r"bedrijfsvoering \w+ [a-z-]+ \d{4}( --\w+( \d{4})?)*", command) for command in commands)
