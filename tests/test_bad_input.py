"""Damaged input: one clear message with file, row, column, found, expected and mend; nothing is published."""

import json
from typing import Any

import pytest
from conftest import Edition

READ = [
    # what is wrong, the file, what stood there, what stands there now, what must be said
    ("a missing file", "overhead.csv", None, None, ["overhead.csv", "Het bestand is er niet", "Voeg het toe"]),
    ("a misspelt column", "overhead.csv", "Rekening 2023;", "Rekenig 2023;",
     ["regel 1", "'Rekening 2023'", "Bedoelt u 'Rekenig 2023'?", "Pas de kopregel aan"]),
    ("text in a number", "overhead.csv", ";-1.599;", ";zie bijlage;",
     ["regel 16", "rekening", "'zie bijlage'", "Huisvesting", "verwacht bijvoorbeeld -1.234", "Verbeter de cel"]),
    ("an English decimal point", "overhead.csv", ";-1.599;", ";-1.5;", ["'-1.5'", "niet eenduidig"]),
    ("a row with a field too many", "salarissen.csv", "Team Infra;", "Team; Infra;",
     ["regel 4", "7 velden", "aanhalingstekens"]),
    ("a key twice", "overhead.csv", "financien;", "facilitair;", ["'facilitair'", "staat er al op regel 9"]),
    ("a post without a name", "salarissen.csv", ";Team Infra;", ";;", ["regel 4", "naam van de post ontbreekt"]),
    ("an unknown status", "ict_projecten.csv", ";bijsturen;", ";rood;", ["regel 2", "'rood'", "verwacht loopt"]),
    ("an unreadable date", "ict_mijlpalen.csv", "2023-10;", "10-2023;", ["'10-2023'", "medio jjjj"]),
    ("a milestone of no project", "ict_mijlpalen.csv", "ihoo;vraag", "iho;vraag", ["'iho'", "Bedoelt u 'ihoo'?"]),
    ("a milestone that stands there twice", "ict_mijlpalen.csv", "ihoo;analyse en voorstel klaar;2024-03;;verwacht;",
     "ihoo;vraag om andere sturing;2023-10;;gerealiseerd;", ["regel 4", "'vraag om andere sturing'", "twee keer"]),
    ("an unknown field of bron.yaml", "bron.yaml", "lasten: negatief", "lasen: negatief", ["Bedoelt u 'lasten'?"]),
    ("broken YAML", "bron.yaml", "tabellen:", "tabellen", ["bron.yaml", "geen geldige YAML"]),
    ("a story that names what is not there", "toelichting/1-overhead.md", "overhead.duo_plus, ", "overhead.duo_plu, ",
     ["1-overhead.md", "regel 9", "'overhead.duo_plu' bestaat niet", "Bedoelt u 'duo_plus'?"]),
    ("a misspelt parameter", "params", "grens_bedrag:", "grens_bedragen:", ["2023.yaml", "Bedoelt u 'grens_bedrag'?"]),
    ("a parameter of the wrong type", "params", "jaar: 2023", 'jaar: "2023"', ["jaar", "'2023'", "jaartal"]),
    ("a missing parameter", "params", "taal: nl", "", ["taal", "ontbreekt"]),
]  # fmt: skip

PROVEN = [
    ("a digit changed in a line", "overhead.csv", "-1.599;-208", "-1.699;-208",
     {"RESULTAAT_ONJUIST": ("Huisvesting", -208, -307, 1.5), "TOTAAL_ONJUIST": ("Totaal overhead", -14393, -14491, 9)}),
    ("a digit changed in the total", "overhead.csv", "-14.393;380", "-14.493;380",
     {"RESULTAAT_ONJUIST": ("Totaal overhead", 380, 280, 1.5),
      "TOTAAL_ONJUIST": ("Totaal overhead", -14493, -14391, 9)}),
    ("a digit changed in a result", "salarissen.csv", "-839;4", "-839;40",
     {"RESULTAAT_ONJUIST": ("Team Sociaal Team Diemen", 40, 4, 1.5),
      "TOTAAL_ONJUIST": ("Totaal salariskosten vakafdelingen", 81, 117, 7.5)}),
    ("a wrong direction", "bron.yaml", "begroting - rekening ", "rekening - begroting ",
     {"TEKEN_ONJUIST": (None, "rekening - begroting", "begroting - rekening", None)}),
    ("a wrong sign of costs", "bron.yaml", "lasten: negatief", "lasten: positief",
     {"TEKEN_ONJUIST": (None, "positief", "negatief", None)}),
]  # fmt: skip


def damage(edition: Edition, name: str, old: str | None, new: str | None) -> None:
    if old is None or new is None:
        (edition.data / name).unlink()
    else:
        edition.change(name, old, new)


@pytest.mark.parametrize(("what", "name", "old", "new", "said"), READ, ids=[row[0] for row in READ])
def test_what_cannot_be_read_is_told_with_exit_code_2(
    what: str, name: str, old: str | None, new: str | None, said: list[str], edition: Edition, capsys: Any
) -> None:
    edition.output.mkdir(parents=True)
    (edition.output / "index.html").write_text("de vorige uitgave")
    damage(edition, name, old, new)
    assert edition.run("build") == 2
    told = capsys.readouterr().err
    for part in said:
        assert part in told
    assert "Traceback" not in told
    assert (edition.output / "index.html").read_text() == "de vorige uitgave"
    assert [path.name for path in edition.output.parent.iterdir()] == ["2023"]


@pytest.mark.parametrize(("what", "name", "old", "new", "expected"), PROVEN, ids=[row[0] for row in PROVEN])
def test_what_is_proven_wrong_is_told_with_exit_code_1(
    what: str, name: str, old: str, new: str, expected: dict[str, tuple[Any, ...]], edition: Edition, capsys: Any
) -> None:
    damage(edition, name, old, new)
    assert edition.run("check", "--json") == 1
    found = [f for f in json.loads(capsys.readouterr().out) if f["ernst"] == "fout"]
    told = {f["code"]: (f["post"], f["gedrukt"], f["berekend"], f["grens"]) for f in found}
    assert told == expected
    assert edition.run("build", "-q") == 1
    said = capsys.readouterr().err
    assert "Er is niets gepubliceerd." in said
    assert "Traceback" not in said
    assert not edition.output.exists()


def test_all_problems_of_all_files_are_told_at_once(edition: Edition, capsys: Any) -> None:
    edition.change("overhead.csv", ";-1.599;", ";x;")
    edition.change("overhead.csv", ";-161;", ";y;")
    edition.change("salarissen.csv", ";-839;", ";z;")
    edition.change("ict_projecten.csv", ";bijsturen;", ";rood;")
    assert edition.run("check", "--json") == 2
    told = capsys.readouterr()
    places = [(f["bestand"].split("/")[-1], f["regel"], f["kolom"]) for f in json.loads(told.out)]
    assert places == [("overhead.csv", 15, "rekening"), ("overhead.csv", 16, "rekening"),
                      ("salarissen.csv", 3, "rekening"), ("ict_projecten.csv", 2, "status")]  # fmt: skip
    assert len(told.err.splitlines()) == 4


def test_a_table_that_is_not_declared_is_told_and_left_alone(edition: Edition, capsys: Any) -> None:
    (edition.data / "kladblok.csv").write_text("jaar;rekening\n2022;1\n")
    assert edition.run("check", "--json") == 0
    assert "BESTAND_NIET_GELEZEN" in capsys.readouterr().out
