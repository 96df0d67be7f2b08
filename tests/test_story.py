"""Stories: numbers come from figures, an unknown name is told with its line, and nothing of Python gets in."""

import re
from dataclasses import replace
from decimal import Decimal
from pathlib import Path

import pytest
from conftest import ROOT

from bedrijfsvoering.edition import read_edition
from bedrijfsvoering.errors import StoryError
from bedrijfsvoering.figures import Figures
from bedrijfsvoering.markdown import markdown_html
from bedrijfsvoering.proofreading import check_stories
from bedrijfsvoering.story import load_story


@pytest.fixture
def tell(diemen: Figures, tmp_path: Path):  # type: ignore[no-untyped-def]
    """Render a story of one line or more, on Diemen's figures."""

    def render(text: str) -> str:
        (tmp_path / "toelichting").mkdir(exist_ok=True)
        (tmp_path / "toelichting" / "1-overhead.md").write_text(text, encoding="utf-8")
        story = load_story(replace(diemen, folder=tmp_path), "1-overhead")
        return story.lead.text + story.body.text

    return render


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("{{ overhead.duo_plus.rekening | mln }}", "€\u00a07,4\u00a0miljoen"),
        ("{{ overhead.duo_plus.begroting_primitief | mln(2) }}", "€\u00a07,23\u00a0miljoen"),
        ("{{ overhead.totaal.budgetresultaat | bedrag }}", "€\u00a0380.000"),
        ("{{ overhead.totaal.budgetresultaat | duizend }}", "€\u00a0380\u00a0duizend"),
        ("{{ overhead.totaal.rekening }}", "−14.393"),
        ("{{ aandeel(overhead.duo_plus, overhead.totaal) | pct }}", "51,7%"),
        ("{{ aandeel(overhead.duo_plus.begroting_primitief, overhead.totaal.begroting_primitief) | pct }}", "49,2%"),
        ("{{ oordeel(salarissen.totaal) }}", "nadeel van €\u00a081.000"),
        ("{{ oordeel(salarissen.wijkbeheer) }}", "geen verschil"),
        ("{{ hoger_lager(overhead.totaal) }}", "lager"),
        ("{{ hoger_lager(salarissen.totaal) }}", "hoger"),
        ("{{ hoger_lager(overhead.verrekening) }}", "hoger"),
        ("{{ som(voordelen(overhead)) | bedrag }}", "€\u00a0692.000"),
        ("{{ som(nadelen(overhead)) | bedrag }}", "€\u00a0312.000"),
        ("{{ aantal(nadelen(salarissen)) }}", "8"),
        ("{{ grootste(overhead).post }}", "Bijdrage Duo+ (gemeenschappelijke regeling)"),
        ("{{ verschil(overhead.totaal.rekening, overhead.totaal.begroting_primitief) | bedrag }}", "€\u00a0278.000"),
        ("{{ groei(overhead.totaal.rekening, overhead.totaal.begroting_primitief) | pct }}", "−1,9%"),
        ("{% if overhead.totaal.budgetresultaat > 0 %}mee{% else %}tegen{% endif %}", "mee"),
        ("{{ jaar }}", "2023"),
        ("{% if jaar == 2023 and jaar > 2022 %}ja{% endif %}", "ja"),
        ("{% if gemeente == 'Gemeente Diemen' %}{{ gemeente }}{% endif %}", "Gemeente Diemen"),
        ("{% if grootste(overhead) == overhead.duo_plus %}ja{% endif %}", "ja"),
        ("{% if grootste(overhead).post == 'Bijdrage Duo+ (gemeenschappelijke regeling)' %}ja{% endif %}", "ja"),
        ("{% if grootste(overhead) != 'Huur' %}ja{% endif %}", "ja"),
        ("{% if overhead.duo_plus in voordelen(overhead) %}ja{% endif %}", "ja"),
        ("{% if overhead.duo_plus in nadelen(overhead) %}ja{% else %}nee{% endif %}", "nee"),
        ("{{ overhead['totaal'].rekening | mln }}", "€\u00a014,4\u00a0miljoen"),
    ],
)  # fmt: skip
def test_writes(tell, text: str, expected: str) -> None:  # type: ignore[no-untyped-def]
    assert tell(text).strip() == expected


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("a\n\n{{ overhead.duo_pluss.rekening }}", "regel 3: 'overhead.duo_pluss' bestaat niet. Bedoelt u 'duo_plus'?"),
        ("{{ overheid.totaal.rekening }}", "'overheid' bestaat niet. Bedoelt u 'overhead'?"),
        ("{{ overhead.totaal.rekning }}", "Bedoelt u 'rekening'?"),
        ("{{ overhead.totaal.rekening | miljn }}", "Bedoelt u 'mln'?"),
        ("\n\n{{ overhead.totaal.rekening ", "regel 3"),
        ("{{ overhead.totaal.rekening + 1 }}", "Dit kan hier niet"),
        ("{{ 'a' * 100000000 }}", "Dit kan hier niet"),
        ("{{ overhead.__class__.__mro__ }}", "bestaat niet"),
        ("{{ overhead.totaal.rekening.__init__.__globals__ }}", "geen onderdeel"),
        ("{{ aandeel.__globals__ }}", "geen onderdeel"),
        ("{% include '/etc/passwd' %}", "Dit kan hier niet"),
        ("{% for a in overhead %}x{% endfor %}", "Dit kan hier niet"),
        ("{% macro m() %}{{ m() }}{% endmacro %}{{ m() }}", "Dit kan hier niet"),
        ("{% set a = 'x' ~ 'y' %}", "Dit kan hier niet"),
        ("{{ overhead.totaal.rekening.tokens.figures.folder.unlink() }}", "geen onderdeel"),
        ("{{ overhead.totaal.rekening.shown('€ 1 miljoen') }}", "geen onderdeel"),
        ("{{ overhead.totaal.rekening.waarde }}", "geen onderdeel"),
        ("{{ 'a'.ljust(99999999999) }}", "geen onderdeel"),
        ("{{ '%s' | format(overhead) }}", "bestaat niet"),
        ("{{ '\\ue0000\\ue001' }}", "Dit kan hier niet"),
        ("{{ overhead[1] }}", "bestaat niet"),
        ("{{ overhead }}", "Hier hoort een cijfer"),
        ("{{ voordelen(overhead) }}", "Hier hoort een cijfer"),
        ("{{ aandeel }}", "Hier hoort een cijfer"),
        ("{{ 14393 }}", "Hier hoort een cijfer"),
        ("{{ self }}", "Hier hoort een cijfer"),
        ("{{ overhead.totaal.rekening | mln(-1) }}", "aantal decimalen"),
        ("{{ range(10) }}", "'range' bestaat niet"),
        ("{{ plaats(overhead.totaal) }}", "Hier hoort een naam tussen aanhalingstekens"),
        ("{{ iv3(overheid) }}", "'overheid' bestaat niet. Bedoelt u 'overhead'?"),
        ("{{ aandeel(overhead.duo_plus) }}", "gelezen"),
        ("{{ overhead.totaal.rekening | pct }}", "geen percentage"),
        ("{{ aandeel(overhead, overhead) }}", "Hier hoort een cijfer"),
        ("{% if jaar == '2023' %}x{% endif %}", "schrijf bijvoorbeeld jaar == 2023"),
        ("{% if gemeente == 3 %}x{% endif %}", "alleen met een naam"),
        ("{% if overhead == 3 %}x{% endif %}", "'overhead' kan niet worden vergeleken"),
        ("{% if voordelen(overhead) == 3 %}x{% endif %}", "vergelijk hun aantal of hun som"),
        ("{% if overhead.totaal.rekening == aandeel %}x{% endif %}", "alleen met een cijfer"),
        ("{{ overhead.totaal() }}", "Alleen de functies"),
        ("{{ overhead.totaal.rekening() }}", "Alleen de functies"),
        ("{{ aandeel(overhead.duo_plus, overhead.totaal) | pct(-1) }}", "aantal decimalen"),
        ("{{ aandeel(overhead.duo_plus, overhead.totaal) | pct(99999999) }}", "aantal decimalen"),
        ("{{ overhead.totaal.rekening | mln('2') }}", "aantal decimalen"),
        ("[x](https://example.org/{{ overhead.totaal.rekening }})", "in een link"),
        ("[x](https://example.org '{{ overhead.totaal.rekening }}')", "in een link"),
        ("```{{ overhead.totaal.rekening }}\na\n```", "in een link"),
        ("# T [x](/a '{{ overhead.totaal.rekening }}')", "in een link"),
        ("[{{ overhead.totaal.rekening }}](#3-ict-projecten)", "in een link"),
        ("# T [x](/a '&#xE000;9&#xE001;')", "in een link"),
        ("```&#xE000;99&#xE001;\na\n```", "in een link"),
        ("Zie [de bijlage](//example.org/a).", "Een link begint met https:// of met #, niet zo: '//example.org/a'"),
        ("Zie [de bijlage](bijlage.pdf).", "Een link begint met https:// of met #"),
        ("{% if overhead.totaal.rekening > 1e9999 %}a{% endif %}", "Dit kan hier niet"),
        ("{% if overhead < 1 %}a{% endif %}", "kan niet worden gelezen"),
        ("{% if jaar %}" * 150 + "x" + "{% endif %}" * 150, "te veel in elkaar"),
        ("{% if " + "not " * 400 + "jaar %}x{% endif %}", "te veel in elkaar"),
    ],
)
def test_refuses_and_says_where(tell, text: str, said: str) -> None:  # type: ignore[no-untyped-def]
    with pytest.raises(StoryError, match=re.escape(said)) as caught:
        tell(text)
    assert "toelichting/1-overhead.md" in str(caught.value)


def test_every_line_with_a_wrong_reference_is_told_at_once(tell) -> None:  # type: ignore[no-untyped-def]
    with pytest.raises(StoryError) as caught:
        tell(
            "{{ overhead.a.b }}\n\n{{ overhead.totaal | miljn }}\n\n{{ salarissen.totaal.rekning }} en goed\n\n{{ x }}"
        )
    assert [p.regel for p in caught.value.problems] == [3, 1, 5, 7]
    with pytest.raises(StoryError) as caught:
        tell("{{ overhead.a.b }}\n\n{{ aandeel(overhead) }}\n\n{{ salarissen.totaal.rekning }} en goed\n\n{{ x }}")
    assert [p.regel for p in caught.value.problems] == [1, 3, 5, 7]


def test_every_wrong_reference_of_a_paragraph_is_told_at_once_and_each_once(tell) -> None:  # type: ignore[no-untyped-def]
    with pytest.raises(StoryError) as caught:
        tell(
            "{{ overhead.a }} en {{ overhead.totaal.rekning }}, {{ jaar }} en {{ x | mln }}; {{ overhead.a }}"
            "\n\n{{ y }}"
        )
    told = [(one.regel, one.bericht.split("'")[1]) for one in caught.value.problems]
    assert told == [(1, "overhead.a"), (1, "overhead.totaal.rekning"), (1, "x"), (3, "y")]


@pytest.mark.parametrize("unit", ["eur", "eur_mln"])
def test_figures_of_two_units_are_brought_to_one_before_they_meet(diemen: Figures, tmp_path: Path, unit: str) -> None:
    table, fte = diemen.tables["salarissen"], diemen.tables["salarissen"]
    scale = {"eur": 1000, "eur_mln": Decimal("0.001")}[unit]
    scaled = [replace(p, bedragen={k: a and a * scale for k, a in p.bedragen.items()}) for p in table.posten]
    other = replace(table, posten=tuple(scaled), source=table.source.model_copy(update={"eenheid": unit}))
    jobs = replace(fte, naam="formatie", source=fte.source.model_copy(update={"eenheid": "fte"}))
    tables = {"overhead": diemen.tables["overhead"], "salarissen": other, "formatie": jobs}
    figures = replace(diemen, folder=tmp_path, tables=tables)
    (tmp_path / "toelichting").mkdir()
    story = tmp_path / "toelichting" / "1-overhead.md"
    story.write_text(
        "{{ aandeel(salarissen.totaal, overhead.totaal) | pct }} {{ groei(salarissen.totaal, overhead.totaal) | pct }} "
        "{{ verschil(overhead.totaal, salarissen.totaal) | bedrag }} "
        "{% if salarissen.totaal.rekening < overhead.totaal.rekening %}meer{% endif %}"
    )
    assert load_story(figures, "1-overhead").lead.text.strip() == "116,3% 16,3% €\u00a02.347.000 meer"
    for text in ("{{ aandeel(formatie.totaal, overhead.totaal) }}", "{{ groei(formatie.totaal, overhead.totaal) }}",
                 "{% if formatie.totaal.rekening > overhead.totaal.rekening %}x{% endif %}"):  # fmt: skip
        story.write_text(text)
        with pytest.raises(StoryError, match="niet dezelfde eenheid"):
            load_story(figures, "1-overhead")


def test_an_entity_cannot_fake_a_token(diemen: Figures, tmp_path: Path) -> None:
    (tmp_path / "toelichting").mkdir()
    (tmp_path / "toelichting" / "1-overhead.md").write_text("{{ overhead.totaal.rekening }} &#xe000;0&#xe001;")
    html = load_story(replace(diemen, folder=tmp_path), "1-overhead").lead.html
    assert html.count("<data") == 1


def test_of_no_lines_the_sum_and_the_count_are_nil(diemen: Figures, tmp_path: Path) -> None:
    table = diemen.tables["overhead"]
    better = tuple(post for post in table.posten if post.resultaat >= 0)
    figures = replace(diemen, folder=tmp_path, tables={"overhead": replace(table, posten=better)})
    (tmp_path / "toelichting").mkdir()
    text = "{{ aantal(nadelen(overhead)) }} en {{ som(nadelen(overhead)) | bedrag }}"
    (tmp_path / "toelichting" / "1-overhead.md").write_text(text)
    assert load_story(figures, "1-overhead").lead.text.strip() == "0 en €\u00a00"


def test_the_first_line_is_the_finding_and_the_first_section_begins_the_body(diemen: Figures) -> None:
    story = load_story(diemen, "1-overhead")
    assert story.lead.html.startswith("<h2>Overhead: per saldo <a")
    assert "<h3>Duo+ is ruim de helft van de overhead</h3>" in story.body.html
    assert (
        '<data value="-7442" data-bron="overhead.duo_plus.rekening">€\u00a07,44\u00a0miljoen</data>' in story.body.html
    )


def test_a_chapter_without_a_story_gets_a_neutral_one_of_figures(diemen: Figures, tmp_path: Path) -> None:
    bare = replace(diemen, folder=tmp_path)
    assert "€\u00a0380.000 lager dan begroot: een voordeel." in load_story(bare, "0-samenvatting").lead.text
    assert load_story(bare, "4-samenwerking").lead.text.strip() == ""
    empty = replace(bare, tables={})
    for hoofdstuk in ("0-samenvatting", "1-overhead", "2-personeel"):
        assert load_story(empty, hoofdstuk).lead.text.strip() == ""


def test_markdown_lets_no_html_script_or_picture_through() -> None:
    html = markdown_html("<script>x</script> [a](javascript:x) ![b](https://example.org/b.png) <b onclick=x>c</b>")
    assert "<script" not in html
    assert "<img" not in html
    assert 'href="javascript' not in html
    assert "[a](javascript:x)" in html


def test_a_label_of_the_source_is_text_and_no_markdown(diemen: Figures, tmp_path: Path) -> None:
    table = diemen.tables["overhead"]
    evil = replace(table.posten[1], post="<b>x</b> [y](https://z) # k")
    figures = replace(diemen, folder=tmp_path, tables={"overhead": replace(table, posten=(evil,))})
    (tmp_path / "toelichting").mkdir()
    (tmp_path / "toelichting" / "1-overhead.md").write_text("{{ overhead.duo_plus.post }}")
    html = load_story(figures, "1-overhead").lead.html
    assert "&lt;b&gt;x&lt;/b&gt; [y](https://z) # k" in html


def test_a_fact_from_elsewhere_has_its_source_in_a_note(diemen: Figures, tmp_path: Path) -> None:
    (tmp_path / "toelichting").mkdir()
    path = tmp_path / "toelichting" / "1-overhead.md"
    path.write_text('Er waren {{ eigen("vijf <b>trainees", bron="P&O, 2023") }}.', encoding="utf-8")
    story = load_story(replace(diemen, folder=tmp_path), "1-overhead")
    assert 'href="#bron-1-overhead-a" aria-description="P&amp;O, 2023">vijf &lt;b&gt;trainees</a>' in story.lead.html
    assert '<li id="bron-1-overhead-a" class="eigen"><b>a</b> P&amp;O, 2023</li>' in story.body.html
    assert story.lead.text.strip() == "Er waren vijf <b>trainees."


@pytest.mark.parametrize(
    "text",
    ['{{ eigen("vijf") }}', '{{ eigen("", bron="x") }}', '{{ eigen(overhead.totaal.rekening, bron="x") }}',
     '{{ eigen("vijf", bron=3) }}', "{{ eigen(overhead, overhead) }}"],
)  # fmt: skip
def test_a_fact_without_a_source_is_refused(tell, text: str) -> None:  # type: ignore[no-untyped-def]
    with pytest.raises(StoryError, match="regel 1"):
        tell(text)


def test_each_number_has_its_source_as_printed(diemen: Figures) -> None:
    notes = load_story(diemen, "2-personeel").body.html
    assert "Totaal salariskosten vakafdelingen, resultaat: 81\u00a0×\u00a0€\u00a01.000</li>" in notes  # not in our sign


@pytest.mark.parametrize("mark", ["[concept]", "[Concept]  ", "{# auteur #}\n[concept]", "\n\n[concept]"])
def test_a_draft_says_so_until_a_person_takes_the_mark_away(diemen: Figures, tmp_path: Path, mark: str) -> None:
    (tmp_path / "toelichting").mkdir()
    path = tmp_path / "toelichting" / "1-overhead.md"
    path.write_text(f"{mark}\n# Kop\n\n## Zonder inleiding\n\nTekst.", encoding="utf-8")
    figures = replace(diemen, folder=tmp_path)
    assert "Concept: deze tekst is nog niet nagelezen." in load_story(figures, "1-overhead").lead.html
    assert "[concept]" not in load_story(figures, "1-overhead").lead.html.casefold()
    assert [f.code for check in check_stories(figures) for f in check.findings] == ["TOELICHTING_CONCEPT"]
    path.write_text("# Kop\n\nTekst.", encoding="utf-8")
    assert "Concept" not in load_story(figures, "1-overhead").lead.html
    path.unlink()
    assert (
        "Concept: deze zinnen heeft het programma uit de cijfers gemaakt."
        in load_story(figures, "1-overhead").lead.html
    )


@pytest.mark.parametrize(("gemeente", "jaar"), [("gouda", 2018), ("lansingerland", 2019), ("dalfsen", 2019)])
def test_the_sentences_that_the_program_makes_are_right(gemeente: str, jaar: int, tmp_path: Path) -> None:
    """They are proofread as if a person had typed them."""
    published = Path(__file__).parent / "published"
    figures = replace(read_edition(published, gemeente, jaar), folder=tmp_path)
    (tmp_path / "toelichting").mkdir()
    for name in ("0-samenvatting", "1-overhead", "2-personeel"):
        text = load_story(figures, name).lead.text
        (tmp_path / "toelichting" / f"{name}.md").write_text(text, encoding="utf-8")
    assert [f.bericht for check in check_stories(figures) for f in check.findings] == []


def test_the_handbook_shows_what_a_reader_sees(tell) -> None:  # type: ignore[no-untyped-def]
    text = (ROOT / "docs" / "schrijven-met-cijfers.md").read_text(encoding="utf-8")
    rows = re.findall(r"^\| (.*\{\{.*) \| (.*) \|$", text, re.MULTILINE)
    assert len(rows) > 12
    for written, seen in rows:
        story = written.replace("\\|", "|").replace("`", "")
        assert tell(story).strip().replace("\u00a0", " ") == seen, written


@pytest.mark.parametrize("columns", [4, 5])
def test_a_table_of_many_columns_scrolls_in_a_box_of_its_own(columns: int) -> None:
    lines = ["|" + " kop |" * columns, "|" + " --- |" * columns, "|" + " cel |" * columns]
    html = markdown_html("\n".join(["Eerst", "", *lines, "", "Daarna"]))
    assert html.count("<table") == html.count("</table>") == 1
    assert ('<div class="schuif"' in html, html.count("</div>")) == ((True, 1) if columns > 4 else (False, 0))
