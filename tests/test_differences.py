"""What changed between two editions or two builds: rows, figures, findings, sentences; as text, JSON and HTML."""

import json
import re
import shutil
from dataclasses import replace
from html.parser import HTMLParser
from pathlib import Path
from typing import Any

import pytest
from conftest import ROOT, Edition, MakeTable, OpenPage, violations

from bedrijfsvoering.cli import run_command
from bedrijfsvoering.compare.as_html import difference_html, difference_page
from bedrijfsvoering.compare.as_text import difference_text
from bedrijfsvoering.compare.differences import Difference, TableDifference, diff_builds, diff_editions
from bedrijfsvoering.compare.page_text import page_sentences, sentences_of
from bedrijfsvoering.compare.published import read_published
from bedrijfsvoering.compare.sentence_changes import diff_sentences
from bedrijfsvoering.compare.snapshots import snapshot_of
from bedrijfsvoering.csp import csp_hash
from bedrijfsvoering.edition import read_edition
from bedrijfsvoering.errors import DataError
from bedrijfsvoering.figures import Figures, Table

PUBLISHED = Path(__file__).parent / "published"
OVERHEAD = {
    "communicatie;Communicatie + participatie;-140;-182;-178;3": "communicatie;Communicatie;-140;-182;-178;4",
    "ondernemingsraad;Ondernemingsraad;-51;-47;-52;-6\n": "",
    "informatisering;Informatisering & Automatisering;-32;-32;-8;24\n": "",
    "interne_dienstverlening;Interne dienstverlening;-47;-47;-56;-9": "ict;ICT en dienstverlening;-79;-79;-64;15",
    "facilitair;Facilitair;-508;-605;-576;29": "schoonmaak;Schoonmaak;-208;-305;-276;29\n"
    "catering;Catering;-300;-300;-300;0",
    "huisvesting;Huisvesting;-1.505;-1.392;-1.599;-208": "huisvesting;Huisvesting;-1.505;-1.392;-1.499;-108\n"
    "data;Team <b>data</b>;-10;-10;-10;0",
    "Totaal overhead;-14.671;-14.773;-14.393;380": "Totaal overhead;-14.630;-14.736;-14.251;486",
}
"""What an invented 2024 prints otherwise: joined, split, new, gone and under another name, with totals that fit."""
KEYS = "ict: [2023: [informatisering, interne_dienstverlening]]\nschoonmaak: [2023: facilitair]\n" \
       "catering: [2023: facilitair]\n"  # fmt: skip


def next_year(edition: Edition, keys: str = KEYS) -> Edition:
    """Write an invented 2024 beside Diemen 2023, both without what the CBS says of them."""
    folder = edition.root / "data" / "diemen" / "2024"
    for name in ("toelichting/5-vergelijking.md", "reeks.csv", "vergelijking.csv", "verdeling.csv"):
        (edition.data / name).unlink()
    shutil.copytree(edition.data, folder)

    def change(name: str, changes: dict[str, str]) -> None:
        path = folder / name
        text = path.read_text(encoding="utf-8")
        for old, new in changes.items():
            assert old in text, old
            text = text.replace(old, new)
        path.write_text(text, encoding="utf-8")

    change("bron.yaml", {"2023": "2024", "inwoners: 32785": "inwoners: 33000"})
    change("overhead.csv", {"2023": "2024", **OVERHEAD})
    change("salarissen.csv", {"2023": "2024"})
    change("ict_projecten.csv", {"zaaksysteem;Zaaksysteem;;loopt": "zaaksysteem;Zaaksysteem;;afgerond"})
    change(
        "ict_mijlpalen.csv", {"eisen en wensen klaar;2024-Q1;;gepland": "eisen en wensen klaar;2024-02;;gerealiseerd"}
    )
    change("toelichting/1-overhead.md", {"Gemeenten moeten laten zien wat dat kost.": "Dat is verplicht."})
    if keys:
        (folder / "sleutels.yaml").write_text(keys, encoding="utf-8")
    params = edition.params.read_text(encoding="utf-8").replace("2023", "2024")
    (edition.params.parent / "2024.yaml").write_text(params, encoding="utf-8")
    return edition


def years(edition: Edition) -> Difference:
    return diff_editions(*(read_edition(edition.root / "data", "diemen", jaar) for jaar in (2023, 2024)))


def table_of(difference: Difference, naam: str) -> TableDifference:
    return next(one for one in difference.tabellen if one.table.naam == naam)


def kinds(one: TableDifference) -> list[tuple[str, str, str]]:
    return [(m.kind, *("+".join(p.sleutel for p in side) for side in (m.old, m.new))) for m in one.anders]


def figures_of(one: TableDifference, kolom: str) -> dict[str, tuple[Any, Any, Any]]:
    return {c.post: (c.oud, c.nieuw, c.verschil) for c in one.cijfers if c.kolom == kolom}


def run(edition: Edition, *args: str) -> int:
    return run_command(
        ["diff", "diemen", *args, *(f"--{name}={edition.root / name}" for name in ("data", "params", "output"))]
    )


def test_rows_of_two_years_by_key_and_by_what_a_person_says(edition: Edition) -> None:
    overhead = table_of(years(next_year(edition)), "overhead")
    assert kinds(overhead) == [
        ("verdwenen", "ondernemingsraad", ""),
        ("hernoemd", "communicatie", "communicatie"),
        ("samengevoegd", "informatisering+interne_dienstverlening", "ict"),
        ("gesplitst", "facilitair", "schoonmaak+catering"),
        ("nieuw", "", "data"),
    ]
    assert figures_of(overhead, "rekening") == {
        "Ondernemingsraad": (-52, None, None),
        "Huisvesting": (-1599, -1499, 100),
        "Team <b>data</b>": (None, -10, None),
        "Totaal overhead": (-14393, -14251, 142),
    }  # ICT -8 and -56 are -64 together, Facilitair -576 is -276 and -300 together: nothing changed
    assert figures_of(overhead, "budgetresultaat")["Communicatie"] == (3, 4, 1)


def test_without_sleutels_yaml_nothing_is_guessed(edition: Edition) -> None:
    overhead = table_of(years(next_year(edition, keys="")), "overhead")
    assert [kind for kind, *_ in kinds(overhead)].count("verdwenen") == 4
    assert {new for kind, _, new in kinds(overhead) if kind == "nieuw"} == {"ict", "schoonmaak", "catering", "data"}
    assert set(figures_of(overhead, "rekening")) >= {"Informatisering & Automatisering", "Catering"}


def test_findings_projects_sentences_and_declarations(edition: Edition) -> None:
    found = years(next_year(edition))
    told = [(one.soort, (one.nieuw or one.oud).code, (one.nieuw or one.oud).post) for one in found.bevindingen]  # type: ignore[union-attr]
    assert ("vervallen", "RESULTAAT_AFRONDING", "Ondernemingsraad") in told
    assert ("vervallen", "RESULTAAT_AFRONDING", "Communicatie + participatie") in told
    assert ("nieuw", "CONTROLE_VERSCHIL", "Totaal overhead") in told
    assert not [one for one in told if one[1:] == ("RESULTAAT_AFRONDING", "Huisvesting")]
    (project,) = found.projecten
    assert [(one.naam, one.oud, one.nieuw) for one in project.velden] == [("status", "loopt", "afgerond")]
    assert [(one.naam, one.oud, one.nieuw) for one in project.mijlpalen] == [
        ("eisen en wensen klaar", "eerste kwartaal 2024, gepland", "februari 2024, gerealiseerd")
    ]
    (story,) = [one for one in found.teksten if one.hoofdstuk == "1-overhead"]
    changes = {(one.soort, one.oud, one.nieuw) for one in story.zinnen}
    assert ("vervallen", "Gemeenten moeten laten zien wat dat kost.", None) in changes
    assert ("nieuw", None, "Dat is verplicht.") in changes
    assert (
        "gewijzigd",
        "Overhead: per saldo € 380.000 lager dan begroot",
        "Overhead: per saldo € 486.000 lager dan begroot",
    ) in changes
    assert {(one.naam, one.oud, one.nieuw) for one in found.gegevens} == {
        ("titel", "Jaarstukken 2023", "Jaarstukken 2024"), ("inwoners", "32785", "33000"),
    }  # fmt: skip


def test_an_edition_beside_itself_has_nothing_changed(diemen: Figures) -> None:
    found = diff_editions(diemen, diemen)
    assert found.is_empty
    assert difference_text(found) == "Gemeente Diemen, 2023 en 2023: niets veranderd."
    assert difference_html(found) == "<p>Tussen 2023 en 2023 is niets veranderd.</p>"


def test_goudas_tables_that_do_not_match_are_shown_as_such() -> None:
    found = diff_editions(*(read_edition(PUBLISHED, "gouda", jaar) for jaar in (2017, 2018)))
    overhead = table_of(found, "overhead")
    assert {change.match.kind for change in overhead.cijfers} == {"nieuw", "verdwenen"}
    assert not [change for change in overhead.cijfers if change.verschil is not None]
    assert "Geen enkele rij van 2017 is teruggevonden in 2018." in overhead.opmerkingen[1]
    assert "stond in 2017 in de tabel 'overhead_programma'" in overhead.opmerkingen[2]
    assert {one.table.naam: one.soort for one in found.tabellen} == {
        "overhead": "gewijzigd", "overhead_baten": "vervallen", "overhead_programma": "vervallen",
    }  # fmt: skip
    text = difference_text(found)
    for label in ("Concernstaf", "Totaal lasten", "Gerealiseerd resultaat", "Primair proces"):
        assert label in text


def with_table(figures: Figures, table: Table, jaar: int) -> Figures:
    return replace(figures, jaar=jaar, tables={"proef": table})


def diff_tables(diemen: Figures, old: Table, new: Table) -> TableDifference | None:
    empty = replace(diemen, folder=Path("nergens"), projecten=(), mijlpalen=(), checks=())
    found = diff_editions(with_table(empty, old, 2022), with_table(empty, new, 2023))
    return found.tabellen[0] if found.tabellen else None


def test_another_unit_is_told_and_amounts_are_compared_in_the_new_one(diemen: Figures, make_table: MakeTable) -> None:
    old = make_table(("ICT", "", "", "-1.234.567", ""), ("Post", "", "", "-2.000.499", ""), eenheid="eur")
    new = make_table(("ICT", "", "", "-1.300", ""), ("Post", "", "", "-2.000", ""))
    found = diff_tables(diemen, old, new)
    assert found is not None
    assert found.opmerkingen == (
        "De eenheid was 'bedragen in euro' en is nu 'bedragen × € 1.000'. De oude bedragen zijn omgerekend.",
        "Een verschil dat door afronding kan ontstaan, is niet genoemd.",
    )
    ((oud, nieuw, verschil),) = figures_of(found, "rekening").values()
    assert [str(one) for one in (oud, nieuw, verschil)] == ["-1234.567", "-1300", "-65.433"]


@pytest.mark.parametrize(("amount", "told"), [("-2.000.500", 0), ("-1.999.500", 0), ("-2.000.501", 1)])
def test_what_the_coarser_rounding_can_cause_is_no_change(
    amount: str, told: int, diemen: Figures, make_table: MakeTable
) -> None:
    old = make_table(("Post", "", "", amount, ""), eenheid="eur")
    found = diff_tables(diemen, old, make_table(("Post", "", "", "-2.000", "")))
    assert found is not None
    assert len(found.cijfers) == told


def test_more_decimals_are_told(diemen: Figures, make_table: MakeTable) -> None:
    old, new = make_table(("Post", "", "", "-20", "")), make_table(("Post", "", "", "-20,4", ""), decimalen=1)
    found = diff_tables(diemen, old, new)
    assert found is not None
    assert found.opmerkingen[0] == "Het aantal decimalen was 0 en is nu 1."
    assert found.cijfers == ()
    assert diff_tables(diemen, old, make_table(("Post", "", "", "-20", ""))) is None


def test_jobs_are_not_compared_with_euros(diemen: Figures, make_table: MakeTable) -> None:
    old = make_table(("Post", "", "", "20", ""), eenheid="fte", lasten=None)
    found = diff_tables(diemen, old, make_table(("Post", "", "", "-20", "")))
    assert found is not None
    assert found.cijfers == ()
    assert "De cijfers zijn daarom niet vergeleken" in found.opmerkingen[0]


def test_unknown_is_not_nil(diemen: Figures, make_table: MakeTable) -> None:
    old, new = (
        make_table(("A", "", "5", "", ""), ("B", "", "5", "-", "")),
        make_table(("A", "", "5", "-", ""), ("B", "", "5", "", "")),
    )
    found = diff_tables(diemen, old, new)
    assert found is not None
    assert figures_of(found, "rekening") == {"A": (None, 0, None), "B": (0, None, None)}


def test_costs_that_are_printed_the_other_way_round_are_the_same_figures(
    diemen: Figures, make_table: MakeTable
) -> None:
    old = make_table(("Post", "30", "25", "20", "5"), lasten="positief", budgetresultaat="begroting - rekening")
    found = diff_tables(diemen, old, make_table(("Post", "-30", "-25", "-20", "5")))
    assert found is None


# sentences


def test_sentences_that_were_added_removed_and_changed_in_the_order_of_reading() -> None:
    old = ["De rekening was € 7,4 miljoen.", "Dat is veel.", "Het team is klein.", "Slot."]
    new = ["Vooraf.", "De rekening was € 8,1 miljoen.", "Het team is nu groot genoeg.", "Slot."]
    told = [(one.soort, one.oud, one.nieuw, one.alleen_cijfers) for one in diff_sentences(old, new)]
    assert told == [
        ("nieuw", None, "Vooraf.", False),
        ("gewijzigd", "De rekening was € 7,4 miljoen.", "De rekening was € 8,1 miljoen.", True),
        ("vervallen", "Dat is veel.", None, False),
        ("gewijzigd", "Het team is klein.", "Het team is nu groot genoeg.", False),
    ]
    assert list(diff_sentences(old, old)) == []
    assert [one.soort for one in diff_sentences([], ["a"] * 3)] == ["nieuw"] * 3


def test_sentences_of_a_page_are_those_of_its_stories(built: Path, diemen: Figures) -> None:
    page = page_sentences((built / "index.html").read_text(encoding="utf-8"))
    stories = snapshot_of(diemen).zinnen
    assert page.keys() == stories.keys()
    for name, told in stories.items():
        left = [sentence for sentence in told if sentence not in page[name]]
        assert left in ([], [told[0]])  # the head of the page has the title of the first chapter


def test_marks_sources_and_states_are_no_sentences_and_explanations_are() -> None:
    html = (
        '<section id="1-overhead"><h2>Kop<br>vervolg</h2><div class="tekst"><p>Een <b>zin</b>'
        '<sup class="bronmerk">1</sup>. Nog een: 1 &lt; 2.</p><ul><li>punt</li></ul></div>'
        '<div class="bronnen"><p>niet dit</p>'
        '</div><table><tr><th>Huur</th><td data-k="Resultaat">9</td><td data-k="Oorzaak">Duurder. Echt waar.</td></tr>'
        '<tr><th>ICT</th><td data-k="Oorzaak"><span class="st">nog niet toegelicht</span></td></tr></table></section>'
    )
    assert page_sentences(html) == {
        "1-overhead": ["Kop vervolg", "Een zin.", "Nog een: 1 < 2.", "punt", "Huur: Duurder.", "Echt waar."]
    }
    assert sentences_of("<p>Los</p></div></p><p>Open") == ("Los", "Open")


# builds


@pytest.fixture
def builds(built: Path, tmp_path: Path) -> tuple[Path, Path]:
    """The real build, and a copy of it to change."""
    copy = tmp_path / "concept" / "diemen" / "2023"
    shutil.copytree(built, copy)
    return copy, built


def change(path: Path, old: str, new: str) -> None:
    text = path.read_text(encoding="utf-8")
    assert old in text
    path.write_text(text.replace(old, new), encoding="utf-8")


def test_a_build_says_the_same_figures_as_its_edition(built: Path, diemen: Figures) -> None:
    found = read_published(built, "nu")
    for naam, table in diemen.tables.items():
        for a, b in zip(table.posten, found.tables[naam].posten, strict=True):
            assert (a.sleutel, a.post, a.soort, a.bedragen, a.gedrukt) == (
                b.sleutel,
                b.post,
                b.soort,
                b.bedragen,
                b.gedrukt,
            )
        for field in ("titel", "eenheid", "lasten", "budgetresultaat", "decimalen"):
            assert getattr(table.source, field) == getattr(found.tables[naam].source, field)
    assert found.mijlpalen == snapshot_of(diemen).mijlpalen
    assert [one.to_json() for one in found.findings] == json.loads((built / "bevindingen.json").read_text())


def test_two_builds_that_are_the_same(builds: tuple[Path, Path]) -> None:
    assert diff_builds(*builds).is_empty


def test_what_the_council_saw_and_what_was_published(builds: tuple[Path, Path]) -> None:
    draft, _ = builds
    label = "Bijdrage Duo+ (gemeenschappelijke regeling)"
    rows = draft / "cijfers" / "overhead.csv"
    change(rows, f"{label},regel,-7225,-7660,-7442,218", "Bijdrage Duo+,regel,-7225,-7660,-7500,160")
    change(draft / "bevindingen.json", label, "Bijdrage Duo+")
    change(draft / "index.html", "Gemeenten moeten laten zien wat dat kost.", "Dit is een zin uit het concept.")
    change(draft / "cijfers" / "ict_projecten.csv", ",aandacht,", ",loopt,")
    change(draft / "manifest.json", '"grens_bedrag": 100', '"grens_bedrag": 50')
    findings = json.loads((draft / "bevindingen.json").read_text(encoding="utf-8"))
    findings[1]["aanvaard"] = "Aanvaard door controller"
    (draft / "bevindingen.json").write_text(json.dumps(findings[1:]), encoding="utf-8")
    found = diff_builds(*builds)
    overhead = table_of(found, "overhead")
    assert kinds(overhead) == [("hernoemd", "duo_plus", "duo_plus")]
    assert figures_of(overhead, "rekening") == {"Bijdrage Duo+ (gemeenschappelijke regeling)": (-7500, -7442, 58)}
    assert [one.soort for one in found.bevindingen] == ["nieuw", "gewijzigd"]
    (story,) = found.teksten
    assert {one.oud for one in story.zinnen} >= {"Dit is een zin uit het concept."}
    assert [(one.naam, one.oud, one.nieuw) for one in found.gegevens] == [("parameter grens_bedrag", "50", "100")]
    assert [(c.naam, c.oud, c.nieuw) for one in found.projecten for c in one.velden] == [
        ("status", "loopt", "aandacht")
    ]


def test_a_smaller_number_of_seen_decimals_hides_no_change(builds: tuple[Path, Path]) -> None:
    draft, _ = builds
    change(draft / "cijfers" / "overhead.csv", "-47,-52,-6,-51,-47,-52,-6", "-47,-52.4,-6,-51,-47,-52.4,-6")
    (only,) = table_of(diff_builds(*builds), "overhead").cijfers
    assert (str(only.oud), str(only.nieuw)) == ("-52.4", "-52")


HEAD = "sleutel,post,soort,rekening,rekening_gedrukt,toelichting\n"
BROKEN = {
    "manifest.json": ["{", "[]", '{"naam": 1}', '{"gemeente": "diemen", "jaar": 2023}', "null"],
    "bevindingen.json": ["{}x", "[1]", '[{"code": "A"}]', "7"],
    "cijfers/datapackage.json": ["[]", '{"resources": [{"path": "../../geheim.csv", "title": "x"}]}', "{}"],
    "cijfers/overhead.csv": ["sleutel,post\na,b\n", f"{HEAD}a,b,regel,x,1,\n", f"{HEAD}a,b,raar,1,1,\n",
                             f"{HEAD}a,b,regel,NaN,1,\n", f'{HEAD}a,"b,regel,1,1,\n'],
}  # fmt: skip


@pytest.mark.parametrize(("name", "text"), [(name, text) for name, texts in BROKEN.items() for text in texts])
def test_a_folder_that_no_build_left_is_told(
    name: str, text: str, builds: tuple[Path, Path], capsys: pytest.CaptureFixture[str]
) -> None:
    draft, final = builds
    (draft / name).write_text(text, encoding="utf-8")
    assert run_command(["diff", "diemen", "2023", "--build", str(draft), f"--output={final.parent.parent}"]) == 2
    told = capsys.readouterr()
    assert told.err.count("\n") == 1
    assert name in told.err
    assert "Traceback" not in told.err
    assert told.out == ""


# the command


def test_the_command_reads_well_at_eighty_columns(edition: Edition, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(next_year(edition), "2023", "2024") == 0
    told = capsys.readouterr()
    assert told.err == ""
    lines = told.out.splitlines()
    assert max(map(len, lines)) <= 80
    assert lines[0] == "Gemeente Diemen: van 2023 naar 2024"
    for line in (
        "Overhead (bedragen × € 1.000; kosten hebben een minteken)",
        "  vervallen     Ondernemingsraad",
        "  hernoemd      Communicatie + participatie, nu: Communicatie",
        "  gesplitst     Facilitair, nu: Schoonmaak + Catering",
        "                status: was loopt, is afgerond",
        "Salariskosten per team: niets veranderd.",
    ):
        assert line in lines, line
    assert re.search(r"^    Huisvesting +−1.599 +−1.499  100 lager$", told.out, re.MULTILINE)
    assert re.search(r"^    Huisvesting +208 N +108 N  100 gunstiger$", told.out, re.MULTILINE)
    assert run(edition, "2024", "2023") == 0
    assert capsys.readouterr().out == told.out


def test_the_command_gives_one_json_object(edition: Edition, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(next_year(edition), "2023", "2024", "--json") == 0
    found = json.loads(capsys.readouterr().out)
    assert list(found) == ["oud", "nieuw", "veranderd", "gegevens", "tabellen", "projecten", "bevindingen", "teksten"]
    assert found["oud"] == {"naam": "2023", "gemeente": "Gemeente Diemen", "jaar": 2023, "titel": "Jaarstukken 2023"}
    assert found["veranderd"] is True
    (overhead,) = found["tabellen"]
    row = next(row for row in overhead["rijen"] if row["soort"] == "samengevoegd")
    assert [post["sleutel"] for post in row["oud"]] == ["informatisering", "interne_dienstverlening"]
    assert row["oud"][0]["bedragen"]["rekening"] == -8
    assert {
        "sleutels_oud": ["huisvesting"], "sleutels_nieuw": ["huisvesting"], "post": "Huisvesting", "kolom": "rekening",
        "oud": -1599, "nieuw": -1499, "verschil": 100, "som": False,
    } in overhead["cijfers"]  # fmt: skip
    docs = (ROOT / "docs" / "verschillen.md").read_text(encoding="utf-8")
    keys = {key for part in (found, overhead, row, overhead["cijfers"][0]) for key in part}
    assert [key for key in keys if f"`{key}`" not in docs] == []


def test_two_builds_through_the_command(builds: tuple[Path, Path], capsys: pytest.CaptureFixture[str]) -> None:
    draft, final = builds
    args = ["diff", "diemen", "2023", "--build", str(draft), f"--output={final.parent.parent}"]
    assert run_command(args) == 0
    assert capsys.readouterr().out == "Gemeente Diemen, de eerdere uitgave en deze uitgave: niets veranderd.\n"
    page = final / "index.html"
    before = page.read_bytes()
    assert run_command([*args, "--html", str(page)]) == 2
    assert "ligt in een gepubliceerde uitgave; daar komt niets bij." in capsys.readouterr().err
    assert page.read_bytes() == before
    change(draft / "cijfers" / "overhead.csv", "-1392,-1599,-208", "-1392,-1600,-208")
    assert run_command(args) == 0
    assert re.search(r"^    Huisvesting +−1.600 +−1.599  1 lager$", capsys.readouterr().out, re.MULTILINE)


@pytest.mark.parametrize(
    ("args", "said"),
    [
        (["2023"], "Geef twee jaren, of één jaar en --build"),
        (["2023", "2024", "--build", "x"], "Geef twee jaren, of één jaar en --build"),
        (["2023", "2023"], "2023 staat er twee keer"),
        (["2023", "vorig"], "JAAR: verwacht een geheel getal."),
        (["2023", "1999"], "diemen/1999: De map met cijfers is er niet"),
        (["2023", "--build", "nergens"], "nergens/manifest.json: Het bestand is er niet"),
        (["2023", "2024", "--html", "nergens/pagina.html"], "kan niet in nergens/pagina.html worden geschreven"),
        (["2023", "2024", "--html", "."], "Kies een bestand in een map die er is"),
    ],
)
def test_a_call_that_is_not_understood_is_told(
    args: list[str], said: str, edition: Edition, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run(next_year(edition), *args) == 2
    told = capsys.readouterr()
    assert said in told.err
    assert told.out == ""


def test_a_build_of_another_year_is_refused(builds: tuple[Path, Path], capsys: pytest.CaptureFixture[str]) -> None:
    draft, final = builds
    change(draft / "manifest.json", '"jaar": 2023,\n "titel"', '"jaar": 2022,\n "titel"')
    assert run_command(["diff", "diemen", "2023", "--build", str(draft), f"--output={final.parent.parent}"]) == 2
    assert "Dit is geen uitgave van diemen 2023" in capsys.readouterr().err


def test_problems_of_both_years_are_told_at_once(edition: Edition, capsys: pytest.CaptureFixture[str]) -> None:
    next_year(edition, keys="ict: [2031: a]")
    edition.change("overhead.csv", "-1.599", "veel")
    assert run(edition, "2023", "2024") == 2
    told = capsys.readouterr().err
    assert "diemen/2023/overhead.csv, regel 16, rekening" in told
    assert "diemen/2024/sleutels.yaml, ict: 2031 is niet eerder dan 2024" in told


def test_an_old_key_that_is_not_there_is_told(edition: Edition, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(next_year(edition, keys="ict: [2023: informatisring]"), "2023", "2024") == 2
    told = capsys.readouterr()
    assert "er geen rij 'informatisring'. Bedoelt u 'informatisering'?" in told.err
    assert told.out == ""
    with pytest.raises(DataError):
        years(edition)


# HTML


VOID = {"meta", "link", "br", "path", "circle", "rect"}


class Checker(HTMLParser):
    """Sees that every element that is opened is closed, in order."""

    def __init__(self) -> None:
        super().__init__()
        self.open: list[str] = []
        self.seen: list[str] = []
        self.ids: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.seen.append(tag)
        self.ids += [value for name, value in attrs if name == "id" and value]
        assert not [name for name, _ in attrs if name.startswith("on") or name == "style"]
        if tag not in VOID:
            self.open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        if tag not in VOID:
            assert self.open.pop() == tag


def checked(html: str) -> Checker:
    checker = Checker()
    checker.feed(html)
    checker.close()
    assert checker.open == []
    assert len(checker.ids) == len(set(checker.ids))
    return checker


def test_the_page_is_whole_and_runs_and_loads_nothing(edition: Edition, capsys: pytest.CaptureFixture[str]) -> None:
    page = edition.root / "verschil.html"
    assert run(next_year(edition), "2023", "2024", "--html", str(page)) == 0
    assert capsys.readouterr().err == f"De pagina staat in {page}\n"
    html = page.read_text(encoding="utf-8")
    seen = checked(html).seen
    assert "script" not in seen
    assert seen.count("h1") == seen.count("main") == 1
    style = re.search(r"<style>(.*?)</style>", html, re.DOTALL)[1]  # type: ignore[index]
    policy = re.search(r'Security-Policy" content="([^"]*)"', html)[1]  # type: ignore[index]
    assert policy.replace("&#39;", "'") == (
        f"default-src 'none'; style-src {csp_hash(style)}; img-src data:; base-uri 'none'; form-action 'none'"
    )
    assert "Team &lt;b&gt;data&lt;/b&gt;" in html
    assert not re.search(r'(?:src|href)="(?!#|data:)', html)
    assert [path.name for path in edition.root.iterdir() if path.name.startswith(".")] == []


def test_the_fragment_for_a_chapter_names_the_source_of_every_figure(edition: Edition) -> None:
    html = difference_html(years(next_year(edition)))
    seen = checked(html).seen
    assert not {"h1", "h2", "script", "style"} & set(seen)
    assert "h3" in seen
    for figure in (
        '<data value="-1599" data-bron="uitgave(2023, overhead.huisvesting.rekening)">−1.599</data>',
        '<data value="-1499" data-bron="overhead.huisvesting.rekening">−1.499</data>',
        '<data value="100" data-bron="verschil(overhead.huisvesting.rekening, uitgave(2023, '
        'overhead.huisvesting.rekening))">100 lager</data>',
        '<data value="-108" data-bron="overhead.huisvesting.budgetresultaat">108 <b class="n">nadeel</b></data>',
    ):
        assert figure in html, figure
    for word in ("nieuw", "vervallen", "hernoemd", "samengevoegd", "gesplitst", "Bedragen × € 1.000", "afgerond"):
        assert word.capitalize() in html or word in html, word


@pytest.mark.parametrize("width", [1280, 320])
def test_axe_finds_nothing_on_the_page(width: int, edition: Edition, open_page: OpenPage) -> None:
    path = edition.root / "verschil.html"
    path.write_text(difference_page(years(next_year(edition))), encoding="utf-8", newline="\n")
    page = open_page(path, width)
    assert violations(page) == []
    assert page.evaluate("document.documentElement.scrollWidth") <= width
