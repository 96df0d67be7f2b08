"""The command line: exit codes, where results and progress go, and Dutch throughout."""

import json
import re
import subprocess
import sys
from pathlib import Path

import pytest
from conftest import ROOT, Edition

from bedrijfsvoering import console
from bedrijfsvoering.cli import main, run_command


def test_check_prints_the_findings_as_one_json_array(edition: Edition, capsys: pytest.CaptureFixture[str]) -> None:
    assert edition.run("check", "--json") == 0
    told = capsys.readouterr()
    assert [finding["code"] for finding in json.loads(told.out)].count("TOTAAL_AFRONDING") == 3
    assert told.err == "diemen 2023: 40 controles, 13 bevindingen, waarvan 0 fout.\n"


def test_check_needs_no_output_folder_and_writes_nothing(edition: Edition) -> None:
    assert edition.run("check", "-q") == 0
    assert not (edition.root / "output").exists()


def test_the_same_through_python_dash_m() -> None:
    command = [sys.executable, "-m", "bedrijfsvoering", "check", "diemen", "2023", "-q"]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, timeout=60, check=False)
    assert (done.returncode, done.stderr) == (0, "")
    assert done.stdout.count("melding ") == 9


@pytest.mark.parametrize(
    ("args", "said"),
    [
        (["check", "diemen"], "JAAR ontbreekt."),
        (["check", "diemen", "vorig"], "JAAR: verwacht een geheel getal."),
        (["check", "diemen", "2023", "--json5"], "De optie --json5 bestaat niet."),
        (
            ["biuld", "diemen", "2023"],
            "De opdracht 'biuld' bestaat niet. Bekend zijn: build, batch, check, verify, new, diff, fetch, lab.",
        ),
        (["check", "../diemen", "2023"], "geen naam van een gemeente"),
        (["check", "diemen", "2023", "-p", "jaer", "2023"], "Bedoelt u 'jaar'?"),
        (["check", "diemen", "2023", "-y", "[1]"], "-y verwacht"),
        (["check", "diemen", "2023", "-p", "grens_bedrag", "veel"], "verwacht een geheel getal"),
        (["check", "diemen", "2023", "-p", "jaar", "2022"], "maar gevraagd is diemen 2023"),
        (["check", "diemen", "1999"], "De map met cijfers is er niet"),
        (["fetch", "2009", "diemen", "--to", "/tmp/nergens"], "Het CBS heeft geen tabel voor 2009"),
        (["build", "diemen", "1999"], "diemen/1999.yaml: Het bestand is er niet"),
    ],
)
def test_what_is_not_understood_is_said_in_dutch_with_exit_code_2(
    args: list[str], said: str, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(ROOT)
    assert run_command(args) == 2
    told = capsys.readouterr()
    assert said in told.err
    assert told.out == ""


@pytest.mark.parametrize(
    "args",
    [
        ["--help"],
        ["build", "--help"],
        ["check", "--help"],
        ["new", "--help"],
        ["diff", "--help"],
        ["fetch", "--help"],
        ["batch", "--help"],
        ["verify", "--help"],
        ["lab", "--help"],
    ],
)
def test_help_is_dutch(args: list[str], capsys: pytest.CaptureFixture[str]) -> None:
    assert run_command(args) == 0
    told = capsys.readouterr().out
    assert re.findall(r"\b(Usage|Options|Show|Commands|the|and|DIRECTORY)\b", told) == []


def test_commands_of_the_contract_that_are_not_there_yet_are_not_shown() -> None:
    assert sorted(main.commands) == ["batch", "build", "check", "diff", "fetch", "lab", "new", "verify"]


def test_a_bug_of_ours_says_so_and_keeps_its_traceback_in_a_log(
    edition: Edition, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr("bedrijfsvoering.build.prove_edition", lambda *args: 1 / 0)
    assert edition.run("check") == console.OUR_BUG == 70
    said = capsys.readouterr().err
    assert "fout in bedrijfsvoering zelf" in said
    assert "Traceback" not in said
    log = Path(re.search(r"bestand (\S+\.log)", said)[1])  # type: ignore[index]
    assert "ZeroDivisionError" in log.read_text(encoding="utf-8")
    log.unlink()


def test_an_output_folder_that_cannot_be_made_is_told(edition: Edition, capsys: pytest.CaptureFixture[str]) -> None:
    (edition.root / "output").write_text("een bestand in de weg")
    assert edition.run("build") == 2
    assert "Traceback" not in capsys.readouterr().err


def test_without_a_browser_a_pdf_is_refused_before_anything_is_built(
    edition: Edition, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("PATH", "")
    monkeypatch.delenv("BEDRIJFSVOERING_BROWSER", raising=False)
    monkeypatch.setattr("bedrijfsvoering.paper.PLACES", ())
    assert edition.run("build", "--pdf") == 2
    assert "laat --pdf weg" in capsys.readouterr().err
    assert not edition.output.exists()


def test_a_working_folder_that_was_removed_is_told(tmp_path: Path) -> None:
    gone = tmp_path / "weg"
    gone.mkdir()
    command = f"cd {gone} && rmdir {gone} && {sys.executable} -m bedrijfsvoering check diemen 2023"
    done = subprocess.run(["sh", "-c", command], capture_output=True, text=True, timeout=60, check=False)
    assert (done.returncode, done.stdout) == (2, "")
    assert "De map waarin u werkt bestaat niet meer" in done.stderr


@pytest.mark.parametrize(
    ("args", "said"),
    [
        (["--engine", "x"], "--engine: verwacht fork of kernel."),
        (["--cell-timeout", "0"], "--cell-timeout: verwacht een geheel getal van 1 of meer."),
        (["--cell-timeout", "snel"], "--cell-timeout: verwacht een geheel getal van 1 of meer."),
        (["--cell-timeout"], "--cell-timeout verwacht een waarde."),
    ],
)
def test_a_wrong_way_to_run_chapters_is_told_in_one_line(
    args: list[str], said: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run_command(["build", "diemen", "2023", *args]) == 2
    told = capsys.readouterr().err
    assert said in told
    assert len(told.splitlines()) == 1


def test_without_a_command_the_commands_are_shown(capsys: pytest.CaptureFixture[str]) -> None:
    assert run_command([]) == 2
    told = capsys.readouterr().err
    assert told.startswith("Gebruik: bedrijfsvoering")
    assert "Maak en publiceer de pagina van een jaar." in told


def test_a_sentence_that_cannot_be_read_hides_no_figure_that_is_wrong(
    edition: Edition, capsys: pytest.CaptureFixture[str]
) -> None:
    edition.change("overhead.csv", "-7.442", "-7.242")
    edition.change("toelichting/1-overhead.md", "overhead.totaal.rekening", "overhead.totaal.rekning")
    assert edition.run("check") == 2
    told = capsys.readouterr().err
    assert "rekning" in told
    assert "rekening - begroting geeft 418" in told


def test_who_asks_for_an_edition_that_is_not_there_hears_which_are(
    edition: Edition, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run_command(["check", "diemen", "2031", f"--data={edition.root / 'data'}"]) == 2
    assert "Wel aanwezig: diemen 2023." in capsys.readouterr().err
