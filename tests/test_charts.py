"""The charts: what they say, and that no label is cut and no number English, for small and large tables."""

import re
import xml.etree.ElementTree as ET
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import replace

import altair as alt
import pytest
from conftest import ROOT, MakeTable

from bedrijfsvoering import chart_aandeel, chart_budgetresultaat, chart_mijlpalen, chart_posten
from bedrijfsvoering.charts import size_blocks
from bedrijfsvoering.display import Shown
from bedrijfsvoering.drawing import USERMETA, wrap
from bedrijfsvoering.figure import drawings_of
from bedrijfsvoering.figures import Figures, Table
from bedrijfsvoering.svg import chart_svg, draw
from bedrijfsvoering.theme import KLEUR, VEGALITE_MIME

CHARTS = {
    "aandeel": lambda f: chart_aandeel(f, "overhead"),
    "posten": lambda f: chart_posten(f, "overhead"),
    "resultaat": lambda f: chart_budgetresultaat(f, "overhead", 100),
    "salarissen": lambda f: chart_posten(f, "salarissen"),
    "mijlpalen": chart_mijlpalen,
}


def drawings(chart: alt.Chart) -> list[str]:
    spec = chart.to_dict()
    meta, specs = spec["usermeta"][USERMETA], drawings_of(spec)
    return [chart_svg(draw(specs[one]), "f", one, meta["titel"], meta["beschrijving"]) for one in ("breed", "smal")]


def looks(svg: str) -> list[tuple[str, defaultdict[str, str]]]:
    """Return each text with what it, or a group that it is in, says of its look."""

    def within(element: ET.Element, given: dict[str, str]) -> Iterator[tuple[str, defaultdict[str, str]]]:
        own = {**given, **element.attrib}
        if element.tag == "text":
            yield "".join(element.itertext()), defaultdict(str, own)
        for child in element:
            yield from within(child, own)

    return list(within(ET.fromstring(svg), {}))


def texts(svg: str) -> list[str]:
    return [re.sub(r"<[^>]+>", "", text) for text in re.findall(r"<(?:text|tspan)[^>]*>([^<]+)<", svg)]


def with_lines(figures: Figures, table: Table) -> Figures:
    return replace(figures, tables={"overhead": table})


@pytest.mark.parametrize("name", CHARTS)
def test_a_chart_is_an_ordinary_altair_chart_that_jupyterlab_draws(name: str, diemen: Figures) -> None:
    chart = CHARTS[name](diemen)
    assert isinstance(chart, alt.TopLevelMixin)
    bundle, metadata = chart._repr_mimebundle_()
    assert list(bundle) == [VEGALITE_MIME, "text/plain"]
    assert list(metadata) == [VEGALITE_MIME]


@pytest.mark.parametrize("name", CHARTS)
def test_a_drawing_is_one_thing_to_a_screen_reader_and_asks_for_nothing(name: str, diemen: Figures) -> None:
    for svg in drawings(CHARTS[name](diemen)):
        assert svg.count("role=") == 1
        assert svg.count("aria-labelledby=") == svg.count("aria-describedby=") == 1
        assert svg.count("aria-") == 2
        assert len(re.search(r"<desc[^>]*>(.*?)</desc>", svg)[1]) < 300  # type: ignore[index]
        assert re.findall(r"https?:|url\(|href|font-family", svg) == []
        assert len(re.findall(r'\sid="', svg)) == 2


def test_the_findings_are_made_of_the_figures(diemen: Figures) -> None:
    titles = {name: chart(diemen).to_dict()["usermeta"][USERMETA]["titel"] for name, chart in CHARTS.items()}
    assert titles["aandeel"].endswith("is 51,7% van het totaal")
    assert titles["posten"] == "Vijf van de 17 posten vielen ongunstiger uit dan begroot, Huisvesting het meest"
    assert titles["resultaat"].endswith("heeft het grootste voordeel, Huisvesting het grootste nadeel")
    assert titles["mijlpalen"] == "Zes stappen staan open voor 2024, één voor 2026"


@pytest.mark.parametrize("name", ["posten", "resultaat", "salarissen"])
def test_every_number_drawn_stands_in_the_figures(name: str, diemen: Figures) -> None:
    tabel = "salarissen" if name == "salarissen" else "overhead"
    known = {
        f"{abs(a):,}".replace(",", ".")
        for p in diemen.tables[tabel].posten
        for a in p.bedragen.values()
        if a is not None
    }
    for svg in drawings(CHARTS[name](diemen)):
        bold = [text.removesuffix(" V").removesuffix(" N") for text, look in looks(svg) if look["font-weight"] == "600"]
        bold = [text for text in bold if re.fullmatch(r"[\d.]+", text)]
        assert len(bold) >= 14
        assert set(bold) <= known


def test_numbers_on_an_axis_are_dutch(diemen: Figures) -> None:
    assert "2.000" in texts(drawings(CHARTS["posten"](diemen))[0])


@pytest.mark.parametrize("rows", [1, 5, 17, 60])
def test_labels_of_sixty_characters_are_drawn_whole_at_any_size(
    rows: int, diemen: Figures, make_table: MakeTable
) -> None:
    label = "Verrekening van kosten met {:02d} grondexploitaties en tarieven."
    lines = [(label.format(i), "-90", "-100", str(-100 - 7 * i), str(-7 * i)) for i in range(rows)]
    figures = with_lines(diemen, make_table(*lines))
    assert len(lines[0][0]) == 60
    for chart in (chart_posten(figures, "overhead"), chart_budgetresultaat(figures, "overhead", 100)):
        for svg in drawings(chart):
            drawn = " ".join(texts(svg))
            assert "…" not in drawn
            for line in lines:
                assert (
                    all(part in drawn for part in wrap(line[0], 38).split("\n"))
                    or line[0] in drawn
                    or all(part in drawn for part in wrap(line[0], 46).split("\n"))
                )
            left = [
                float(re.match(r"translate\((-?[\d.]+),", look["transform"])[1])  # type: ignore[index]
                for _, look in looks(svg)
                if look["text-anchor"] == "start"
            ]
            assert len(left) >= rows
            origin = float(re.search(r'viewBox="[^"]*"[^>]*>.*?translate\(([\d.]+),', svg, re.DOTALL)[1])  # type: ignore[index]
            assert min(left) + origin >= 0


def test_lines_of_very_different_size_get_a_scale_of_their_own(diemen: Figures) -> None:
    table = diemen.tables["overhead"]
    names = [name for name, _ in size_blocks(table, table.regels)]
    assert names == ["Posten van € 1 miljoen of meer", "Posten van € 100.000 tot € 1 miljoen", "Posten onder € 100.000",
                     "Baten en verrekeningen: meer is gunstig"]  # fmt: skip
    salaries = diemen.tables["salarissen"]
    assert [name for name, _ in size_blocks(salaries, salaries.regels)] == [""]


@pytest.mark.parametrize(
    "rows",
    [
        [("A", "", "", "-90", "")],
        [("A", "-100", "", "", "")],
        [("A", "", "-100", "-100", "0")],
        [("A", "", "0", "0", "0")],
        [("A", "", "-100", "5", "105")],
    ],
)
def test_tables_that_lack_columns_or_differences_are_drawn_or_told(
    rows: list[tuple[str, ...]], diemen: Figures, make_table: MakeTable
) -> None:
    figures = with_lines(diemen, make_table(*rows))
    for chart in (chart_posten(figures, "overhead"), chart_budgetresultaat(figures, "overhead", 100)):
        assert isinstance(chart, Shown) or all("NaN" not in svg for svg in drawings(chart))


def test_what_was_not_delivered_gives_one_line(diemen: Figures) -> None:
    empty = replace(diemen, tables={}, mijlpalen=())
    for chart in (chart_posten(empty, "overhead"), chart_budgetresultaat(empty, "overhead"), chart_mijlpalen(empty)):
        assert isinstance(chart, Shown)
    assert isinstance(chart_aandeel(diemen, "overhead", "bestaat_niet"), Shown)


def test_milestones_keep_the_words_of_their_precision(diemen: Figures) -> None:
    for svg in drawings(CHARTS["mijlpalen"](diemen)):
        drawn = " ".join(texts(svg))
        for said in (
            "medio 2022: nieuwe versie in gebruik",
            "eerste kwartaal 2024: eisen en wensen klaar",
            "1 juli 2023",
        ):
            assert said in drawn


@pytest.mark.parametrize("name", CHARTS)
def test_every_colour_is_a_role_of_the_theme_that_the_dark_page_knows(name: str, diemen: Figures) -> None:
    css = (ROOT / "src/bedrijfsvoering/templates/bedrijfsvoering/page.css").read_text(encoding="utf-8")
    for svg in drawings(CHARTS[name](diemen)):
        for kind, colour in set(re.findall(r'(fill|stroke)="([^"]+)"', svg)) - {("fill", "none"), ("stroke", "none")}:
            assert colour in KLEUR.values()
            assert f'[{kind}="{colour}"]' in css


def test_what_comes_at_the_earliest_is_drawn_as_such_and_opens_a_year_of_its_own(diemen: Figures) -> None:
    chart = CHARTS["mijlpalen"](diemen)
    meta = chart.usermeta["bedrijfsvoering"]
    assert ["vanaf", "op zijn vroegst"] in meta["legenda"]
    assert meta["titel"] == "Zes stappen staan open voor 2024, één voor 2026"
    for svg in drawings(chart):
        assert "2026" in texts(svg)


def test_teams_are_called_teams(diemen: Figures) -> None:
    assert "van de 14 teams" in chart_posten(diemen, "salarissen").usermeta["bedrijfsvoering"]["titel"]
    assert "van de 17 posten" in chart_posten(diemen, "overhead").usermeta["bedrijfsvoering"]["titel"]


def test_a_total_of_nil_has_no_shares_and_was_delivered(diemen: Figures, make_table: MakeTable) -> None:
    figures = with_lines(diemen, make_table(("Huur", "0", "0", "0", "0"), ("Totaal", "0", "0", "0", "0")))
    shown = chart_aandeel(figures, "overhead")
    assert isinstance(shown, Shown)
    assert "niet te tekenen, want het totaal is nul" in shown.html


def test_of_equals_each_chart_names_the_same(diemen: Figures, make_table: MakeTable) -> None:
    figures = with_lines(diemen, make_table(*((name, "-90", "-100", "-150", "-50") for name in "ABC")))
    for chart in (chart_posten(figures, "overhead"), chart_budgetresultaat(figures, "overhead", 100)):
        assert " A " in f" {chart.to_dict()['usermeta'][USERMETA]['titel']} "
