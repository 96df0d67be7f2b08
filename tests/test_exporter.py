"""The exporter: by hand on one chapter, on all of them merged, and on notebooks that are not ours."""

import json
import re
import subprocess
import sys
from pathlib import Path
from typing import Any

import altair as alt
import nbformat
import pandas as pd
import pytest
from conftest import CHAPTERS, Edition

from bedrijfsvoering.errors import ChapterError
from bedrijfsvoering.exporter import (
    BedrijfsvoeringExporter,
    Chapter,
    chapters_of,
    css_string,
    finish,
    linked_data,
    merge_chapters,
)
from bedrijfsvoering.theme import VEGALITE_MIME


def export(*cells: Any) -> str:
    nb = nbformat.v4.new_notebook(cells=list(cells))
    html, _ = BedrijfsvoeringExporter().from_notebook_node(nb)
    return str(html)


def shown(data: dict[str, Any]) -> Any:
    return nbformat.v4.new_code_cell(
        "x", execution_count=1, outputs=[nbformat.v4.new_output("display_data", data=data)]
    )


def test_by_hand_with_nbconverts_own_command(built: Path, tmp_path: Path) -> None:
    command = [sys.executable, "-m", "nbconvert", "--to", "bedrijfsvoering", "--output-dir", str(tmp_path),
               str(built / "notebooks" / "1-overhead.ipynb")]  # fmt: skip
    done = subprocess.run(command, capture_output=True, text=True, timeout=120, check=False)
    assert done.returncode == 0, done.stderr
    html = (tmp_path / "1-overhead.html").read_text(encoding="utf-8")
    assert '<html lang="nl">' in html
    assert "<h1>Paragraaf bedrijfsvoering 2023</h1>" in html
    assert html.count("<section") == 1
    assert html.count("<figure") == 3


def test_the_page_holds_every_chapter_once_in_order(page_html: str) -> None:
    assert re.findall(r'<section id="([^"]+)"', page_html) == list(CHAPTERS)
    assert page_html.count("<h1") == 1


def test_ids_are_unique_and_every_link_on_the_page_arrives(page_html: str) -> None:
    ids = re.findall(r'\sid="([^"]+)"', page_html)
    assert len(ids) == len(set(ids))
    for target in re.findall(r'href="#([^"]+)"', page_html):
        assert target in ids
    for names in re.findall(r'aria-labelledby="([^"]+)"', page_html):
        assert set(names.split()) <= set(ids)


def test_the_page_calls_no_other_address_and_has_one_style_and_one_script_of_its_own(page_html: str) -> None:
    assert (
        re.findall(
            r'(?:src|href|action|url)\s*[=(]\s*["\']?(?!#|data:|cijfers/|bevindingen\.json)[^"\'\s>]+', page_html
        )
        == []
    )
    assert re.findall(r"<(?:script|style)[^>]*>", page_html) == [
        '<script type="application/ld+json">',
        "<style>",
        "<script>",
    ]
    assert re.findall(r"<[a-z][^>]*\sstyle=", page_html) == []
    assert "http" not in page_html.replace("http-equiv", "").replace("https://schema.org", "")


def test_the_page_tells_a_search_engine_what_it_is_and_where_its_rows_are(page_html: str) -> None:
    told = json.loads(page_html.split('<script type="application/ld+json">', 1)[1].split("</script>", 1)[0])
    assert (told["@type"], told["inLanguage"], told["temporalCoverage"]) == ("Report", "nl", "2023")
    assert told["publisher"]["name"] == "Gemeente Diemen"
    files = {part["contentUrl"]: part["encodingFormat"] for part in told["hasPart"][0]["distribution"]}
    assert files
    assert set(files.values()) <= {"text/csv", "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"}
    assert set(files) <= set(re.findall(r'<link rel="alternate" href="([^"]+)"', page_html))
    for name in ("title", "description", "type", "locale"):
        assert page_html.count(f'<meta property="og:{name}" content="') == 1
    assert page_html.count('<link rel="icon" href="data:image/png;base64,') == 1


def test_linked_data_cannot_end_its_script() -> None:
    page = {"titel": "a</script><b>&amp;", "beschrijving": "<!--", "meta": {"gemeente": "G"}}
    text = linked_data(page, [("cijfers/a.csv", "<x>"), ("notebooks/a.ipynb", "geen cijfers")])
    assert not {"<", "&"} & set(text)
    told = json.loads(text)
    assert (told["name"], told["description"]) == (page["titel"], page["beschrijving"])
    assert [part["name"] for part in told["hasPart"][0]["distribution"]] == ["<x>"]


def test_tables_and_figures_are_numbered_in_the_order_of_the_page(page_html: str) -> None:
    first = re.sub(r"<template.*?</template>", "", page_html, flags=re.DOTALL)
    for kind in ("Tabel", "Figuur"):
        numbers = [int(n) for n in re.findall(rf'<span class="nr">{kind} (\d+)\.</span>', first)]
        assert numbers == [int(n) for n in re.findall(rf'id="{kind.lower()}-(\d+)"', first)]
        assert numbers == list(range(1, len(numbers) + 1))
        assert len(numbers) > 4


def test_every_chart_has_a_text_and_a_table(page_html: str) -> None:
    figures = re.findall(r"<figure.*?</figure>", page_html, re.DOTALL)
    assert len(figures) == 9
    for whole in figures:
        figure, *variant = re.split(r"<template.*?</template>", whole, flags=re.DOTALL)
        figure += "".join(variant)
        assert figure.count('role="img"') == 2
        assert len(re.findall(r"<title [^>]*>[^<]{15,}</title><desc [^>]*>[^<]{40,}</desc>", figure)) == 2
        assert "<details" in figure
        assert figure.count("<data") + figure.count("<td") >= 3


def test_every_story_number_is_a_data_element_that_names_its_source(page_html: str) -> None:
    body = page_html.split("<main", 1)[1]
    text = re.sub(r"<(table|svg|style|script|figure|dl)\b.*?</\1>", " ", body, flags=re.DOTALL)
    text = re.sub(
        r'<div id="\w+-grens"><p>.*?</p>|<div class="(?:kader|bronnen|opschrift).*?</div>', " ", text
    )  # limits, units, sources
    bare = re.sub(r"<data .*?</data>", " ", text)
    assert re.findall(r"€|\d+,\d+ ?(?:%|miljoen)", re.sub(r"<[^>]+>", " ", bare).replace("1,5 ", "")) == []


def test_a_chapter_whose_data_was_not_delivered_says_so_in_one_line() -> None:
    from bedrijfsvoering.display import missing

    cells = [nbformat.v4.new_markdown_cell("# Personeel\n\nWaar dit over gaat.")]
    for name in ("Salarissen", "Salarissen", "Salarissen"):
        cells += [nbformat.v4.new_markdown_cell("## Een kop"), shown(missing(name)._repr_mimebundle_())]
        cells += [nbformat.v4.new_markdown_cell("Hoe dit te lezen is.")]
    html = export(*cells)
    assert html.count("Salarissen: niet aangeleverd.") == 1
    assert "Een kop" not in html
    assert "Hoe dit te lezen is" not in html


def test_all_that_was_not_delivered_is_one_line(edition: Edition) -> None:
    for name in ("reeks.csv", "vergelijking.csv", "verdeling.csv", "toelichting/5-vergelijking.md"):
        (edition.data / name).unlink()
    assert edition.run("build", "-q") == 0
    html = (edition.output / "index.html").read_text(encoding="utf-8")
    chapter = html.split('<section id="5-vergelijking"', 1)[1].split("</section>", 1)[0]
    assert re.findall(r'<p class="leeg">(.*?)</p>', chapter) == [
        "Niet aangeleverd: cijfers van andere gemeenten, cijfers van andere jaren, verplichte indicatoren, "
        "aansluiting van de overhead op het CBS en cijfers van het CBS."
    ]
    assert "<h3" not in chapter


def test_a_reason_of_its_own_has_a_line_of_its_own() -> None:
    absent = [("ICT-projecten", "niet aangeleverd"), ("Mijlpalen", "niet aangeleverd"), ("Duo+", "niet te tekenen")]
    assert Chapter("3", absent=absent).missing == [
        "Niet aangeleverd: ICT-projecten en mijlpalen.",
        "Duo+: niet te tekenen.",
    ]


def test_an_analysts_own_chart_and_frame_and_print_come_along() -> None:
    chart = alt.Chart(pd.DataFrame({"jaar": ["2022", "2023"], "fte": [1.5, 2.5]})).mark_bar().encode(x="jaar", y="fte")
    spec = chart.properties(title="Mijn grafiek", description="Twee staven").to_dict()
    stream = nbformat.v4.new_code_cell("x", outputs=[nbformat.v4.new_output("stream", name="stdout", text="a < b")])
    html = export(shown({VEGALITE_MIME: spec}), shown({"text/plain": "<b>"}), stream)
    assert "Figuur 1.</span> Mijn grafiek" in html
    assert "Twee staven" in html
    assert re.search(r"<td[^>]*>2.5</td>", html)
    assert "<pre>&lt;b&gt;</pre>" in html
    assert "<pre>a &lt; b</pre>" in html


def test_a_notebook_with_an_error_is_not_made_into_a_page() -> None:
    failed = nbformat.v4.new_code_cell(
        "x", outputs=[nbformat.v4.new_output("error", ename="KeyError", evalue="'x'", traceback=[])]
    )
    with pytest.raises(ChapterError, match="KeyError"):
        export(failed)


def test_merged_chapters_are_a_valid_notebook_and_come_apart_again(built: Path) -> None:
    executed = {name: nbformat.read(built / "notebooks" / f"{name}.ipynb", as_version=4) for name in CHAPTERS}
    merged = merge_chapters(executed)
    nbformat.validate(merged)
    assert [chapter.hoofdstuk for chapter in chapters_of(merged, "x")] == list(CHAPTERS)


def test_a_link_to_a_cell_that_is_not_on_the_page_becomes_text() -> None:
    link = '<a class="cijfer" href="#{}" aria-description="u">{}</a>'
    assert finish('<p id="a"></p>' + link.format("a", 1) + link.format("b", 2)).endswith('aria-description="u">1</a>2')


def test_a_name_cannot_end_a_css_string() -> None:
    assert css_string('Den Haag"; } body { display: none') == '"Den Haag     body   display  none"'


def test_a_chart_that_cannot_be_drawn_is_told_in_one_line() -> None:
    spec = {"$schema": "https://vega.github.io/schema/vega-lite/v6.json", "mark": "bestaat niet"}
    with pytest.raises(ChapterError, match="Een grafiek kan niet worden getekend"):
        export(shown({VEGALITE_MIME: spec}))
