"""Parameters: one list, strict, every problem at once, each with the nearest known name."""

from pathlib import Path

import pytest

from bedrijfsvoering.errors import ParamsError
from bedrijfsvoering.params import KEYS, load_params, validate_params

GOOD = {"gemeente": "diemen", "jaar": 2023, "vergelijk_met": [], "grens_bedrag": 100, "grens_pct": 5, "taal": "nl"}


def codes(values: dict[str, object]) -> list[tuple[str, str | None]]:
    with pytest.raises(ParamsError) as caught:
        validate_params(values)
    return [(problem.code, problem.kolom) for problem in caught.value.problems]


def test_diemens_file_is_good() -> None:
    params = load_params(Path(__file__).parents[1] / "params" / "diemen" / "2023.yaml")
    assert (params.gemeente, params.jaar, params.grens_bedrag) == ("diemen", 2023, 100)


def test_data_dir_is_the_only_one_that_may_be_left_out() -> None:
    assert validate_params(GOOD).data_dir == ""
    for key in GOOD:
        assert codes({name: value for name, value in GOOD.items() if name != key}) == [("PARAMETER_ONTBREEKT", key)]


def test_a_misspelt_parameter_is_told_with_the_nearest_name_from_both_sides() -> None:
    values = {("jaer" if key == "jaar" else key): value for key, value in GOOD.items()}
    with pytest.raises(ParamsError) as caught:
        validate_params(values)
    said = str(caught.value)
    assert "jaer: Deze parameter bestaat niet. Bedoelt u 'jaar'?" in said
    assert "jaar: Deze parameter ontbreekt" in said


@pytest.mark.parametrize(
    ("key", "value"),
    [("jaar", "2023"), ("jaar", 2023.0), ("jaar", True), ("jaar", 23), ("gemeente", 5), ("gemeente", "../diemen"),
     ("gemeente", "Diemen"), ("grens_bedrag", "100"), ("grens_bedrag", -1), ("grens_pct", "5%"), ("taal", "en"),
     ("vergelijk_met", "uithoorn"), ("vergelijk_met", [1]), ("data_dir", 5)],
)  # fmt: skip
def test_a_wrong_type_or_value_is_told_with_what_was_expected(key: str, value: object) -> None:
    with pytest.raises(ParamsError, match="verwacht"):
        validate_params({**GOOD, key: value})


def test_all_problems_are_told_at_once() -> None:
    found = codes({"gemeente": "diemen", "jaar": "2023", "grens": 100})
    assert {code for code, _ in found} == {"PARAMETER_ONBEKEND", "PARAMETER_ONJUIST", "PARAMETER_ONTBREEKT"}
    assert len(found) == 6


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("jaar: 2023\njaar: 2024\n", "'jaar' staat er twee keer"),
        ("jaar: [1\n", "geen geldige YAML"),
        ("- jaar\n", "naam: waarde"),
        ("", "naam: waarde"),
        ("a: &x [1]\nb: *x\n", "verwijzing"),
        ("a: !!python/object/apply:os.system [ls]\n", "geen geldige YAML"),
    ],
)
def test_a_file_that_yaml_would_read_wrongly_is_refused(tmp_path: Path, text: str, said: str) -> None:
    path = tmp_path / "2023.yaml"
    path.write_text(text, encoding="utf-8")
    with pytest.raises(ParamsError, match=said):
        load_params(path)


def test_yaml_does_not_turn_words_and_octals_into_other_things(tmp_path: Path) -> None:
    path = tmp_path / "2023.yaml"
    path.write_text("gemeente: no\njaar: 02023\nvergelijk_met: []\ngrens_bedrag: 1\ngrens_pct: 1\ntaal: nl\n")
    with pytest.raises(ParamsError) as caught:
        load_params(path)
    assert [problem.kolom for problem in caught.value.problems] == ["jaar"]  # 'no' stays a name, 02023 is no number


def test_the_keys_are_those_of_the_contract() -> None:
    contract = ("gemeente", "jaar", "data_dir", "vergelijk_met", "grens_bedrag", "grens_pct", "taal")
    assert set(KEYS) == {*contract, "iv3_dir", "toelichting_verplicht"}
