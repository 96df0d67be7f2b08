"""Rows across years: every row of both tables in exactly one match, by key and by what sleutels.yaml says."""

from collections import Counter
from dataclasses import replace
from decimal import Decimal
from pathlib import Path

import pytest
from conftest import ROOT, Edition
from hypothesis import given
from hypothesis import strategies as st

from bedrijfsvoering.compare.row_keys import FormerKeys, KeyMapping, load_mapping, unknown_keys
from bedrijfsvoering.compare.row_matches import RowMatch, match_rows
from bedrijfsvoering.edition import read_edition
from bedrijfsvoering.errors import DataError
from bedrijfsvoering.figures import Post, Soort, Table
from bedrijfsvoering.source import TableSource

PUBLISHED = Path(__file__).parent / "published"


def post(sleutel: str, label: str = "", soort: Soort = "regel") -> Post:
    return Post(sleutel, label or sleutel, soort, 2, {"rekening": Decimal(1)}, {"rekening": Decimal(1)})


def table(*posten: Post, naam: str = "overhead") -> Table:
    return Table(naam, f"{naam}.csv", TableSource(titel=naam.capitalize(), lasten="negatief"), posten)


def mapping(**rows: tuple[str, ...]) -> KeyMapping:
    return KeyMapping(rows=tuple(FormerKeys("overhead", key, 2022, old) for key, old in rows.items()))


def told(matches: tuple[RowMatch, ...]) -> list[tuple[str, str, str]]:
    """Return matches as (kind, old keys, new keys)."""
    return [(m.kind, *("+".join(p.sleutel for p in side) for side in (m.old, m.new))) for m in matches]


KEYS = st.sampled_from("abcdefgh")


@st.composite
def tables(draw: st.DrawFn) -> Table:
    keys = draw(st.lists(KEYS, unique=True))
    labels = st.sampled_from(["Advies", "Beleid", "Staf"])
    soorten: st.SearchStrategy[Soort] = st.sampled_from(["regel", "regel", "subtotaal", "waarvan", "totaal"])
    return table(*(post(key if key != "h" else "totaal", draw(labels), draw(soorten)) for key in keys))


MAPPINGS = st.dictionaries(KEYS, st.lists(KEYS, min_size=1, max_size=3, unique=True).map(tuple), max_size=6)


@given(tables(), tables(), MAPPINGS)
def test_every_row_of_both_tables_is_in_exactly_one_match(
    old: Table, new: Table, said: dict[str, tuple[str, ...]]
) -> None:
    matches = match_rows(old, new, mapping(**said), 2022)
    for rows, side in ((old.posten, "old"), (new.posten, "new")):
        found = [one.sleutel for match in matches for one in getattr(match, side)]
        assert Counter(found) == Counter(one.sleutel for one in rows)
    firsts = [match.new[0].sleutel for match in matches if match.new]
    order = [one.sleutel for one in new.posten]
    assert firsts == sorted(firsts, key=order.index)
    counts = {"nieuw": (0, 1), "verdwenen": (1, 0), "gelijk": (1, 1), "hernoemd": (1, 1)}
    for match in matches:
        sizes = len(match.old), len(match.new)
        if match.kind in counts:
            assert sizes == counts[match.kind]
        else:
            assert {"samengevoegd": sizes[0] > 1 == sizes[1], "gesplitst": sizes[0] == 1 < sizes[1]}.get(
                match.kind, min(sizes) > 1
            )


@given(tables())
def test_a_table_beside_itself_is_the_same_row_by_row(same: Table) -> None:
    assert [m.kind for m in match_rows(same, same)] == ["gelijk"] * len(same.posten)


def test_each_kind_of_match() -> None:
    old = table(post("a"), post("b", "Beleid"), post("c"), post("d"), post("e"), post("f"), post("g"), post("h"))
    new = table(post("a"), post("b", "Beleid en advies"), post("cd"), post("e1"), post("e2"), post("x"), post("y"),
                post("z"))  # fmt: skip
    said = mapping(cd=("c", "d"), e1=("e",), e2=("e",), x=("f", "g"), y=("g",))
    assert told(match_rows(old, new, said, 2022)) == [
        ("gelijk", "a", "a"),
        ("hernoemd", "b", "b"),
        ("samengevoegd", "c+d", "cd"),
        ("gesplitst", "e", "e1+e2"),
        ("herschikt", "f+g", "x+y"),
        ("verdwenen", "h", ""),
        ("nieuw", "", "z"),
    ]


def test_rows_that_are_gone_stand_where_they_stood() -> None:
    old = table(post("x"), post("a"), post("y"), post("z"), post("b"), post("w"))
    assert told(match_rows(old, table(post("b"), post("a")))) == [
        ("verdwenen", "x", ""), ("gelijk", "b", "b"), ("verdwenen", "w", ""), ("gelijk", "a", "a"),
        ("verdwenen", "y", ""), ("verdwenen", "z", ""),
    ]  # fmt: skip


def test_a_mapped_row_is_what_the_file_says_and_not_its_own_key() -> None:
    old, new = table(post("ict"), post("automatisering")), table(post("ict"))
    assert told(match_rows(old, new, mapping(ict=("automatisering",)), 2022)) == [
        ("verdwenen", "ict", ""), ("hernoemd", "automatisering", "ict"),
    ]  # fmt: skip


def test_a_row_that_stays_beside_one_that_came_out_of_it_is_a_split() -> None:
    old, new = table(post("juridisch")), table(post("juridisch"), post("advies"))
    assert told(match_rows(old, new, mapping(advies=("juridisch",)), 2022)) == [
        ("gesplitst", "juridisch", "juridisch+advies"),
    ]  # fmt: skip


def test_what_is_said_of_a_year_holds_for_earlier_years_until_one_is_named() -> None:
    said = KeyMapping(
        rows=(FormerKeys("overhead", "nu", 2022, ("toen",)), FormerKeys("overhead", "nu", 2019, ("ooit",)))
    )
    assert [said.in_year("overhead", jaar).get("nu") for jaar in (2023, 2022, 2021, 2020, 2019, 2018)] == [
        None, ("toen",), ("toen",), ("toen",), ("ooit",), ("ooit",),
    ]  # fmt: skip
    assert said.in_year("salarissen", 2022) == {}


def test_a_label_that_changed_with_its_key_is_new_and_gone_with_a_suggestion() -> None:
    old = table(post("financien", "Financiën"), post("communicatie_plus_participatie", "Communicatie + participatie"))
    new = table(post("financien", "Financiën"), post("communicatie_en_participatie", "Communicatie & participatie"))
    _, gone, come = match_rows(old, new)
    assert (gone.kind, come.kind) == ("verdwenen", "nieuw")
    assert gone.lijkt_op == come.new[0]
    assert come.lijkt_op == gone.old[0]


def test_two_rows_that_are_alike_give_no_suggestion() -> None:
    old = table(post("team_1", "Team infra 1"))
    new = table(post("team_2", "Team infra 2"), post("team_3", "Team infra 3"))
    assert [match.lijkt_op for match in match_rows(old, new)] == [None, None, None]


def test_goudas_tables_of_two_years_have_no_row_in_common_and_their_totals_are_not_called_the_same() -> None:
    old, new = (read_edition(PUBLISHED, "gouda", jaar).tables for jaar in (2017, 2018))
    matches = match_rows(old["overhead"], new["overhead"])
    assert Counter(match.kind for match in matches) == {"verdwenen": 13, "nieuw": 5}
    assert {match.old[0].post for match in matches if match.old} >= {"Directie", "Totaal lasten"}
    same = match_rows(old["overhead_programma"], new["overhead"])
    assert [match.kind for match in same] == ["gelijk"] * 5


def test_an_only_total_is_matched_by_key_where_a_line_is_the_same() -> None:
    old = table(post("a"), post("totaal", "Totaal lasten", "totaal"))
    new = table(post("a"), post("totaal", "Totaal overhead", "totaal"))
    assert [match.kind for match in match_rows(old, new)] == ["gelijk", "hernoemd"]
    other = table(post("b"), post("totaal", "Totaal overhead", "totaal"))
    assert [match.kind for match in match_rows(old, other)] == ["verdwenen", "verdwenen", "nieuw", "nieuw"]
    said = match_rows(old, other, mapping(totaal=("totaal",)), 2022)
    assert told(said)[-1] == ("hernoemd", "totaal", "totaal")


def test_a_table_of_many_rows_is_matched_at_once() -> None:
    old, new = (table(*(post(f"{what}_{n}") for n in range(5000))) for what in ("oud", "nieuw"))
    chain = KeyMapping(rows=tuple(FormerKeys("overhead", f"nieuw_{n}", 2022, (f"oud_{n}", f"oud_{(n + 1) % 5000}"))
                                  for n in range(5000)))  # fmt: skip
    assert len(match_rows(old, new)) == 10_000
    (one,) = match_rows(old, new, chain, 2022)
    assert (one.kind, len(one.old), len(one.new)) == ("herschikt", 5000, 5000)


def write(folder: Path, text: str) -> None:
    (folder / "sleutels.yaml").write_text(text, encoding="utf-8")


TABLES = {
    "overhead": table(post("juridische_zaken"), post("ict"), post("totaal")),
    "salarissen": table(post("ict"), post("team"), post("totaal"), naam="salarissen"),
}


def test_the_file_is_read_as_a_person_writes_it(tmp_path: Path) -> None:
    write(tmp_path, "juridische_zaken: [2022: juridische_dienst]\n"
                    "overhead.ict:\n  - 2022: [informatisering, automatisering]\n  - 2021: computers\n")  # fmt: skip
    assert load_mapping(tmp_path, "diemen/2023", TABLES, 2023).rows == (
        FormerKeys("overhead", "juridische_zaken", 2022, ("juridische_dienst",)),
        FormerKeys("overhead", "ict", 2022, ("informatisering", "automatisering")),
        FormerKeys("overhead", "ict", 2021, ("computers",)),
    )


def test_without_the_file_nothing_is_said(tmp_path: Path) -> None:
    assert load_mapping(tmp_path, "diemen/2023", TABLES, 2023).rows == ()


DAMAGED = {
    "unknown key": (
        "juridische_zakn: [2022: a]",
        "Deze sleutel is van geen rij van 2023. Bedoelt u 'juridische_zaken'?",
    ),
    "unknown with its table": ("overhead.itc: [2022: a]", "Bedoelt u 'overhead.ict'?"),
    "key of two tables": ("ict: [2022: a]", "Schrijf overhead.ict of salarissen.ict."),
    "same row twice": ("team: [2022: a]\nsalarissen.team: [2022: b]", "Deze rij staat er al als 'team'"),
    "year not earlier": ("team: [2023: a]", "2023 is niet eerder dan 2023"),
    "later year": ("team: [2031: a]", "2031 is niet eerder dan 2023"),
    "year as text": ("team: [vorig: a]", "Gevonden 'vorig'; verwacht een jaartal."),
    "year twice": ("team: [2022: a, 2022: b]", "2022 staat er twee keer"),
    "duplicate key": ("team: [2022: a]\nteam: [2021: b]", "'team' staat er twee keer"),
    "list of numbers": ("team: [2022: [1, 2]]", "Gevonden '1'; verwacht een sleutel of een lijst van sleutels."),
    "only numbers": ("team: [1, 2]", "Gevonden '1'; verwacht een lijst zoals [2022: oude_sleutel]"),
    "no list": ("team: oud", "Gevonden 'oud'; verwacht een lijst zoals"),
    "a mapping": ("team: {2022: a}", "verwacht een lijst zoals"),
    "nothing": ("team:", "Gevonden niets; verwacht een lijst zoals"),
    "old key twice": ("team: [2022: [a, a]]", "Een sleutel staat twee keer in de lijst: a, a."),
    "no old key": ("team: [2022: []]", "Gevonden niets; verwacht een sleutel"),
    "label for a key": ("team: [2022: Juridische dienst]", "Gevonden 'Juridische dienst'; verwacht een sleutel"),
    "empty file": ("", "Verwacht regels van de vorm 'naam: waarde'"),
    "a comment": ("# nog niets\n", "Verwacht regels van de vorm 'naam: waarde'"),
    "html": ("<script>alert(1)</script>: [2022: a]", "Deze sleutel is van geen rij van 2023."),
    "no yaml": ("team: [2022: a", "Dit is geen geldige YAML"),
    "an alias": ("team: &a [2022: a]\ntotaal: *a", "een verwijzing (*) is hier niet toegestaan"),
}


@pytest.mark.parametrize(("text", "said"), DAMAGED.values(), ids=DAMAGED)
def test_a_damaged_file_gives_one_clear_message(text: str, said: str, tmp_path: Path) -> None:
    write(tmp_path, text)
    with pytest.raises(DataError) as caught:
        load_mapping(tmp_path, "diemen/2023", TABLES, 2023)
    (problem,) = caught.value.problems
    assert said in problem.message()
    assert problem.message().startswith("diemen/2023/sleutels.yaml")


def test_all_that_is_wrong_is_told_at_once(tmp_path: Path) -> None:
    write(tmp_path, "team: [2023: a, 2022: 7]\nteem: [2022: a]\nict: [2022: a]\n")
    with pytest.raises(DataError) as caught:
        load_mapping(tmp_path, "diemen/2023", TABLES, 2023)
    assert len(caught.value.problems) == 4
    assert {problem.code for problem in caught.value.problems} == {"SLEUTELS_ONJUIST"}


def test_old_keys_that_the_older_table_does_not_have_are_told_for_that_year_alone() -> None:
    said = KeyMapping("diemen/2023/sleutels.yaml", (
        FormerKeys("overhead", "ict", 2022, ("automatisering", "informatisring")),
        FormerKeys("overhead", "ict", 2021, ("computers",)),
        FormerKeys("salarissen", "team", 2022, ("ploeg",)),
    ))  # fmt: skip
    old = {"overhead": table(post("automatisering"), post("informatisering"))}
    assert [one.message() for one in unknown_keys(said, old, 2022)] == [
        "diemen/2023/sleutels.yaml, overhead.ict, 2022: In de tabel 'overhead' van 2022 is er geen rij "
        "'informatisring'. Bedoelt u 'informatisering'?",
        "diemen/2023/sleutels.yaml, salarissen.team, 2022: In de uitgave van 2022 is er geen tabel 'salarissen'.",
    ]
    assert unknown_keys(said, old, 2020) == []


def test_the_file_is_an_input_of_the_edition_and_read_with_it(edition: Edition) -> None:
    write(edition.data, "juridische_zaken: [2022: juridische_dienst]\n")
    figures = read_edition(edition.root / "data", "diemen", 2023)
    assert "diemen/2023/sleutels.yaml" in {item.bestand for item in figures.inputs}
    assert "BESTAND_NIET_GELEZEN" not in {finding.code for finding in figures.findings}
    before = read_edition(ROOT / "data", "diemen", 2023)
    assert figures.inputs != before.inputs
    assert replace(figures, inputs=(), folder=before.folder) == replace(before, inputs=())


def test_a_damaged_file_stops_the_check_of_the_edition(edition: Edition, capsys: pytest.CaptureFixture[str]) -> None:
    write(edition.data, "juridische_zakn: [2022: juridische_dienst]\n")
    assert edition.run("check") == 2
    told = capsys.readouterr()
    assert "diemen/2023/sleutels.yaml, juridische_zakn: Deze sleutel is van geen rij" in told.err
    assert told.out == ""
