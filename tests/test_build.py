"""A build as a whole: what was proven is what is published, side by side builds, and a stop in the middle."""

import json
import re
import shutil
import signal
import subprocess
import sys
from typing import Any

import pytest
from conftest import ROOT, Edition

from bedrijfsvoering.build import prove_edition
from bedrijfsvoering.errors import BedrijfsvoeringError

EXTRA = "post;begroting_na_wijziging;rekening;budgetresultaat\nA <b>;{0}100;{0}110;{1}10\nTotaal;{0}100;{0}110;{1}10\n"


def declare(edition: Edition, naam: str, titel: str, lasten: str, way: str = "rekening - begroting") -> None:
    """Add a money table to the edition's `bron.yaml`."""
    with (edition.data / "bron.yaml").open("a", encoding="utf-8") as stream:
        stream.write(f"  {naam}:\n    titel: {titel}\n    lasten: {lasten}\n    budgetresultaat: {way}\n")


@pytest.fixture
def project(edition: Edition, monkeypatch: pytest.MonkeyPatch) -> Edition:
    """An edition in a project with one short chapter, so that a build is quick."""
    (edition.root / "notebooks").mkdir()
    shutil.copy(ROOT / "notebooks" / "9-verantwoording.ipynb", edition.root / "notebooks")
    monkeypatch.chdir(edition.root)
    return edition


def start(project: Edition) -> subprocess.Popen[str]:
    command = [sys.executable, "-m", "bedrijfsvoering", "build", "diemen", "2023"]
    return subprocess.Popen(command, cwd=project.root, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)


def test_the_figures_that_data_dir_names_are_those_that_are_proven(project: Edition, capsys: Any) -> None:
    shutil.copytree(project.root / "data", project.root / "elders")
    wrong = project.root / "elders" / "diemen" / "2023" / "overhead.csv"
    wrong.write_text(wrong.read_text(encoding="utf-8").replace("-14.393;380", "-99.393;380"), encoding="utf-8")
    project.change("params", 'data_dir: ""', f"data_dir: {project.root / 'elders'}")
    done = subprocess.run(
        [sys.executable, "-m", "bedrijfsvoering", "check", "diemen", "2023"], cwd=project.root, check=False
    )
    assert done.returncode == 1
    with start(project) as build:
        assert build.wait(60) == 1
    assert not project.output.exists()
    assert project.run("check") == 0  # --data wins


def test_figures_that_change_during_a_build_are_not_published(project: Edition) -> None:
    with start(project) as build:
        assert build.stderr is not None
        assert "narekenen" in build.stderr.readline()
        assert "hoofdstuk" in build.stderr.readline()
        project.change("overhead.csv", "-14.393;380", "-14.394;380")
        told = build.stderr.read()
        assert build.wait(60) == 2
    assert "tijdens het bouwen gewijzigd" in told
    assert not project.output.exists()


def test_two_builds_at_the_same_time_do_not_meet(project: Edition) -> None:
    with start(project) as one, start(project) as two:
        assert [one.wait(110), two.wait(110)] == [0, 0]
    assert (project.output / "index.html").is_file()
    assert [path.name for path in project.output.parent.iterdir()] == ["2023"]
    assert [path.name for path in (project.root / "notebooks").iterdir()] == ["9-verantwoording.ipynb"]


@pytest.mark.skipif(sys.platform == "win32", reason="Windows has no such signals")
@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_a_stop_in_the_middle_leaves_the_previous_edition_and_no_litter(number: int, project: Edition) -> None:
    project.output.mkdir(parents=True)
    (project.output / "index.html").write_text("de vorige uitgave")
    with start(project) as build:
        assert build.stderr is not None
        while "hoofdstuk" not in build.stderr.readline():
            assert build.poll() is None
        build.send_signal(number)
        assert build.wait(60) == 130
    assert (project.output / "index.html").read_text() == "de vorige uitgave"
    assert [path.name for path in project.output.parent.iterdir()] == ["2023"]
    assert [path.name for path in (project.root / "notebooks").iterdir()] == ["9-verantwoording.ipynb"]


def test_a_table_that_no_chapter_names_is_shown_as_it_is(project: Edition) -> None:
    (project.data / "wagenpark.csv").write_text(EXTRA.format("-", "-"), encoding="utf-8")
    declare(project, "wagenpark", "Wagenpark", "negatief")
    assert project.run("build", "-q") == 0
    html = (project.output / "index.html").read_text(encoding="utf-8")
    assert "Wagenpark 2023" in html
    assert "A &lt;b&gt;" in html
    assert '<data value="-10" data-bron="wagenpark.totaal.budgetresultaat">10 <b class="n">nadeel</b></data>' in html


@pytest.mark.parametrize(
    ("titel", "sign", "lasten", "wrong"),
    [
        ("Baten van het wagenpark", "", "negatief", "positief"),  # income printed positive, costs would be negative
        ("Baten van het wagenpark", "-", "positief", "negatief"),
        ("Lasten van het wagenpark", "-", "negatief", "positief"),
        ("Wagenpark", "", "positief", "negatief"),
    ],
)
def test_costs_and_income_are_told_apart_by_their_name(
    titel: str, sign: str, lasten: str, wrong: str, edition: Edition, capsys: Any
) -> None:
    bron = (edition.data / "bron.yaml").read_text(encoding="utf-8")
    (edition.data / "wagenpark.csv").write_text(EXTRA.format(sign, sign), encoding="utf-8")
    declare(edition, "wagenpark", titel, lasten)
    assert edition.run("check") == 0
    (edition.data / "bron.yaml").write_text(bron, encoding="utf-8")
    declare(edition, "wagenpark", titel, wrong)
    capsys.readouterr()
    assert edition.run("check", "--json") == 1
    found = [f for f in json.loads(capsys.readouterr().out) if f["ernst"] == "fout"]
    assert [(f["code"], f["berekend"]) for f in found] == [("TEKEN_ONJUIST", lasten)]


@pytest.mark.parametrize(
    "change",
    [
        ("overhead.csv", "totaal;Totaal overhead;-14.671;-14.773;-14.393;380\n", ""),
        ("overhead.csv", ";-14.671;-14.773;-14.393;380", ";;;;"),
        ("bron.yaml", "titel: Overhead\n    eenheid: eur_1000", "titel: Overhead\n    eenheid: fte"),
    ],
)
def test_an_edition_without_a_story_can_always_be_told(change: tuple[str, str, str], edition: Edition) -> None:
    shutil.rmtree(edition.data / "toelichting")
    edition.change(*change)
    assert prove_edition("diemen", 2023, edition.root / "data").fouten == ()


@pytest.mark.parametrize(
    ("rows", "codes"),
    [
        (["A;;-100;-100;0", "Totaal;;-190;-190;0", "B;;-90;-90;0"], []),
        (["Totaal;;-999;-999;0", "A;;-100;-100;0"], ["TOTAAL_ONJUIST"] * 2),
        (["A;;-100;-100;0", "Totaal;;-100;-100;0", "B;;-90;-90;0"], ["TOTAAL_ONJUIST"] * 2),
        (["A;;-100;-100;0", "Totaal lasten;;-100;-100;0", "B;;90;90;0", "Totaal baten;;90;90;0"], []),
        (["A;;-100;-100;0", "Totaal lasten;;-100;-100;0", "B;;90;90;0", "Totaal baten;;90;90;0",
          "Eindtotaal;;-10;-10;0"], []),
        (["A;;-100;;0", "Totaal;;-100;-9;0"], ["TOTAAL_NIET_BEWEZEN"]),
    ],
)  # fmt: skip
def test_a_total_closes_all_lines_wherever_it_stands(
    rows: list[str], codes: list[str], edition: Edition, capsys: Any
) -> None:
    head = "post;begroting_primitief;begroting_na_wijziging;rekening;budgetresultaat"
    (edition.data / "saldo.csv").write_text("\n".join([head, *rows]) + "\n", encoding="utf-8")
    declare(edition, "saldo", "Saldo", "negatief")
    edition.run("check", "--json")
    found = [f["code"] for f in json.loads(capsys.readouterr().out) if f["tabel"] == "saldo"]
    assert [code for code in found if code.startswith("TOTAAL")] == codes


def test_the_page_keeps_the_order_of_the_source(edition: Edition) -> None:
    from bedrijfsvoering import table_posten
    from bedrijfsvoering.edition import read_edition

    text = "post;rekening\nTotaal;-30\nA;-10\nB;-20\n"
    (edition.data / "proef.csv").write_text(text, encoding="utf-8")
    declare(edition, "proef", "Proef", "negatief")
    html = table_posten(read_edition(edition.root / "data", "diemen", 2023), "proef").html
    assert re.findall(r'rowheader">(\w+)', html) == ["Totaal", "A", "B"]
    assert "<tfoot" not in html


def test_a_missing_project_is_told(tmp_path: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    from bedrijfsvoering import inputs as module

    monkeypatch.setattr(module, "__file__", str(tmp_path / "a" / "inputs.py"))
    with pytest.raises(BedrijfsvoeringError, match="map van het project"):
        module.find_project(tmp_path)
