"""The corpus of damaged files: each laid over a good edition, with the message that it must give."""

import shutil
from pathlib import Path
from typing import Any

import pytest
import yaml

from bedrijfsvoering.cli import run_command

DAMAGED = Path(__file__).parent / "damaged"
EXPECTED = yaml.safe_load((DAMAGED / "verwacht.yaml").read_text(encoding="utf-8"))
CASES = [(bestand, naam) for bestand, cases in EXPECTED.items() for naam in cases]


def run(tmp_path: Path, command: str, *args: str) -> int:
    folders = [f"--{name}={tmp_path / name}" for name in ("data", "params", "output")]
    return run_command([command, "proef", "2023", *folders, *args])


@pytest.fixture
def good(tmp_path: Path) -> Path:
    """A small edition in which all is well."""
    shutil.copytree(DAMAGED / "goed", tmp_path / "data" / "proef" / "2023")
    (tmp_path / "params" / "proef").mkdir(parents=True)
    (tmp_path / "params" / "proef" / "2023.yaml").write_text(
        "gemeente: proef\njaar: 2023\nvergelijk_met: []\ngrens_bedrag: 1000\ngrens_pct: 100\ntaal: nl\n",
        encoding="utf-8",
    )
    return tmp_path


def test_the_edition_that_is_damaged_is_good_by_itself(good: Path, capsys: Any) -> None:
    assert run(good, "check", "--json", "-q") == 0
    assert capsys.readouterr() == ("[]\n", "")


def test_the_corpus_is_whole() -> None:
    files = {
        (path.parent.name, path.stem) for path in DAMAGED.glob("*/*") if path.is_file() and path.parent.name != "goed"
    }
    assert files == {(bestand.replace("/", "-"), naam) for bestand, naam in CASES}
    assert len(CASES) >= 60


@pytest.mark.parametrize(("bestand", "naam"), CASES)
def test_a_damaged_file_gives_its_message_and_publishes_nothing(
    bestand: str, naam: str, good: Path, capsys: Any
) -> None:
    expected = EXPECTED[bestand][naam]
    folder = good / "data" / "proef" / "2023"
    shutil.copy(DAMAGED / bestand.replace("/", "-") / (naam + Path(bestand).suffix), folder / bestand)
    if bestand == "cijfers.xlsx":
        (folder / "overhead.csv").unlink()
    published = good / "output" / "proef" / "2023"
    published.mkdir(parents=True)
    (published / "index.html").write_text("de vorige uitgave")
    assert run(good, "check") == expected["code"]
    checked = capsys.readouterr()
    assert run(good, "build", "-q") == expected["code"]
    built = capsys.readouterr()
    for part in expected["zegt"]:
        assert part in checked.out + checked.err
    for told in (checked.out, checked.err, built.out, built.err):
        assert "Traceback" not in told
    assert (published / "index.html").read_text() == "de vorige uitgave"
    assert [path.name for path in published.parent.iterdir()] == ["2023"]
