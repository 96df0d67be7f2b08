"""Lines above the local limit: explained in the story, told where they are not, and told where they need it no more."""

import json
import re
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from conftest import Edition

from bedrijfsvoering.errors import StoryError
from bedrijfsvoering.explanations import Limits, check_explanations, explanations_of
from bedrijfsvoering.figures import Figures
from bedrijfsvoering.findings import Finding
from bedrijfsvoering.story import load_story
from bedrijfsvoering.tables import table_boven_grens, table_posten

STORY = """\
# Overhead

Een zin.

## Over Duo+

Tekst.

## Toelichting op verschillen

- Huisvesting: de huur was {{ overhead.huisvesting.budgetresultaat | bedrag }} hoger door
  {{ eigen("twee verhuizingen", bron="Facilitair") }}.
- {{ overhead.duo_plus.post }}: de afrekening viel mee.
- overhead.interne_dienstverlening: dit is klein.

## Daarna

Nog een zin.
"""
LIMITS = Limits(100, 100)


@pytest.fixture
def explained(diemen: Figures, tmp_path: Path) -> Figures:
    (tmp_path / "toelichting").mkdir()
    (tmp_path / "toelichting" / "1-overhead.md").write_text(STORY, encoding="utf-8")
    return replace(diemen, folder=tmp_path)


def findings(figures: Figures, limits: Limits) -> list[Finding]:
    return [f for check in check_explanations(figures, limits) for f in check.findings if f.tabel == "overhead"]


def test_an_explanation_stands_in_the_table_and_no_longer_in_the_story(explained: Figures) -> None:
    html = table_boven_grens(explained, "overhead", 100, 100).html
    assert "de afrekening viel mee." in html
    assert '<data value="-208" data-bron="overhead.huisvesting.budgetresultaat">€\u00a0208.000</data>' in html
    assert html.count("nog niet toegelicht") == 2  # Directie and the attribution
    story = load_story(explained, "1-overhead")
    assert "afrekening" not in story.body.text
    assert "<h3>Daarna</h3>" in story.body.html


def test_what_is_not_explained_and_what_need_not_be_is_told(explained: Figures) -> None:
    told = [(f.code, f.ernst, f.post) for f in findings(explained, LIMITS)]
    assert told == [
        ("TOELICHTING_ONTBREEKT", "waarschuwing", "Directie en bestuursadvisering/-ondersteuning"),
        ("TOELICHTING_ONTBREEKT", "waarschuwing", "Verrekening overhead met grondexploitaties en tarieven"),
        ("TOELICHTING_OVERBODIG", "waarschuwing", "Interne dienstverlening"),
    ]
    strict = [f.ernst for f in findings(explained, replace(LIMITS, toelichting_verplicht=True))]
    assert strict == ["fout", "fout", "waarschuwing"]
    assert [f.regel for f in findings(explained, LIMITS)][-1] == 14


def test_without_limits_nothing_is_asked(explained: Figures) -> None:
    assert check_explanations(explained, None) == ()
    assert Limits.of({"gemeente": "x"}) is None


@pytest.mark.parametrize(
    ("name", "said"),
    [("Huisvestng", "Bedoelt u 'Huisvesting'?"), ("overhead.huur", "dat is geen post")],
)
def test_an_explanation_of_a_row_that_is_not_there_is_an_error(explained: Figures, name: str, said: str) -> None:
    path = explained.folder / "toelichting" / "1-overhead.md"
    path.write_text(STORY.replace("- Huisvesting:", f"- {name}:"), encoding="utf-8")
    with pytest.raises(StoryError, match="regel 11") as caught:
        explanations_of(explained)
    assert said in str(caught.value)


@pytest.mark.parametrize(
    ("items", "said"),
    [("Huisvesting: geen lijst, wel een toelichting.", ""), ("1. Huisvesting - met een streepje", "verwacht een regel"),
     ("Een alinea zonder naam.", "verwacht een regel"), ("- Huisvesting:", "verwacht een regel"),
     ("- Huisvesting: een.\n- overhead.huisvesting: twee.", "twee keer")],
)  # fmt: skip
def test_nothing_under_the_heading_disappears(explained: Figures, items: str, said: str) -> None:
    path = explained.folder / "toelichting" / "1-overhead.md"
    path.write_text(f"# T\n\n## Toelichting op verschillen:\n\n{items}\n", encoding="utf-8")
    if said:
        with pytest.raises(StoryError, match=said):
            explanations_of(explained)
    else:
        assert "geen lijst" in explanations_of(explained)["overhead", "huisvesting"].html


def test_a_wrapped_line_belongs_to_its_explanation(explained: Figures) -> None:
    path = explained.folder / "toelichting" / "1-overhead.md"
    items = "- **Huisvesting:** door de stijging van de\n  huur- en servicekosten viel het tegen."
    path.write_text(f"# T\n\n## Toelichting op verschillen\n\n{items}\n", encoding="utf-8")
    html = explanations_of(explained)["overhead", "huisvesting"].html
    assert html == "door de stijging van de huur- en servicekosten viel het tegen."


def test_a_parameter_makes_a_missing_explanation_stop_publication(edition: Edition, capsys: Any) -> None:
    assert edition.run("check", "--json", "-q") == 0
    codes = [f["code"] for f in json.loads(capsys.readouterr().out)]
    assert codes.count("TOELICHTING_ONTBREEKT") == 4
    assert edition.run("check", "--json", "-q", "-p", "toelichting_verplicht", "true") == 1


def test_the_message_names_the_file_and_the_heading_and_the_page_gives_no_advice(explained: Figures) -> None:
    one = findings(explained, LIMITS)[0]
    assert one.bericht.endswith(
        "nog niet toegelicht. Zet in toelichting/1-overhead.md, onder de kop '## Toelichting op verschillen', "
        "een regel die begint met '- Directie en bestuursadvisering/-ondersteuning:'."
    )
    assert one.openbaar.endswith("nog niet toegelicht.")
    told = [f for check in check_explanations(explained, Limits(5, 100)) for f in check.findings]
    chapters = {f.tabel: f.bericht.split("toelichting/")[1].split(".md")[0] for f in told if "/" in f.bericht}
    assert chapters == {"overhead": "1-overhead", "salarissen": "2-personeel"}
    (explained.folder / "toelichting" / "1-overhead.md").unlink()
    other = replace(explained.tables["overhead"], naam="anders")
    both = replace(explained, tables={"overhead": explained.tables["overhead"], "anders": other})
    twice = [f for check in check_explanations(both, LIMITS) for f in check.findings]
    said = next(f.bericht for f in twice if f.tabel == "anders" and f.code == "TOELICHTING_ONTBREEKT")
    assert "toelichting/9-verantwoording.md" in said  # the chapter that shows every other table
    assert "begint met '- anders.duo_plus:'" in said  # the label alone would not say which of two tables


@pytest.mark.parametrize(
    ("line", "hint"),
    [("**Toelichting op verschillen**", True), ("Toelichting op verschillen:", True),
     ("##Toelichting op verschillen", True), ("##### Toelichting op verschillen", True),
     ("## Toelichting op grote verschillen", True), ("Toelichting op verschillen\n---", True),
     ("## Toelichting op verschillen", False), ("Een toelichting op verschillen staat hier niet.", False)],
)  # fmt: skip
def test_words_that_are_no_heading_get_a_hint(explained: Figures, line: str, hint: bool) -> None:
    path = explained.folder / "toelichting" / "1-overhead.md"
    path.write_text(f"# Kop\n\nTekst.\n\n{line}\n\n- Huisvesting: de huur steeg.\n", encoding="utf-8")
    one = next(f for f in findings(explained, LIMITS) if f.code == "TOELICHTING_ONTBREEKT")
    said = " In 1-overhead.md, regel 5, staan die woorden niet als kop. Schrijf daar precies: "
    assert (said + "## Toelichting op verschillen" in one.bericht) is hint
    assert one.openbaar.endswith("nog niet toegelicht.")


@pytest.mark.parametrize("before", ["", "[concept]\n\n"])
def test_explanations_alone_keep_the_text_that_the_program_makes(explained: Figures, before: str) -> None:
    path = explained.folder / "toelichting" / "1-overhead.md"
    path.write_text(f"{before}## Toelichting op verschillen\n\n- Huisvesting: de huur steeg.\n", encoding="utf-8")
    alone = load_story(explained, "1-overhead")
    assert "de huur steeg" in table_boven_grens(explained, "overhead", 100, 100).html
    path.unlink()
    assert alone == load_story(explained, "1-overhead")
    assert "<h2>Overhead: per saldo" in alone.lead.html
    assert "Concept: deze zinnen heeft het programma uit de cijfers gemaakt." in alone.lead.html


def test_of_a_table_without_a_list_of_differences_the_explanations_stand_under_it(explained: Figures) -> None:
    path = explained.folder / "toelichting" / "2-personeel.md"
    line = "- Team Burgerzaken en KCC: {{ salarissen.burgerzaken.budgetresultaat | bedrag }} door ziekte."
    path.write_text(f"## Toelichting op verschillen\n\n{line}\n", encoding="utf-8")
    html = table_posten(explained, "salarissen", 5, 100).html
    assert re.search(
        r"<p><strong>Team Burgerzaken en KCC:</strong> <a [^>]+><data [^>]+>€\u00a016\.000</data></a> door ziekte", html
    )
    assert "Huisvesting:</strong>" not in table_posten(explained, "overhead", 100, 100).html
    checks = check_explanations(explained, Limits(1000, 1000))
    assert "door ziekte" not in table_posten(replace(explained, checks=checks), "salarissen", 1000, 1000).html
