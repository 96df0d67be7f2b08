"""What is live of a chart in JupyterLab: what it tells and can do; it stays an ordinary chart, and off the page."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterator
from dataclasses import replace
from decimal import Decimal
from typing import Any

import altair as alt
import pytest
import vl_convert

from bedrijfsvoering import (
    chart_aandeel,
    chart_budgetresultaat,
    chart_gemeenten,
    chart_jaren,
    chart_mijlpalen,
    chart_posten,
    drawing,
)
from bedrijfsvoering.figure import drawings_of, rows_of
from bedrijfsvoering.figures import Figures
from bedrijfsvoering.interaction import LIVE, LIVE_STYLE, still
from bedrijfsvoering.iv3.deliveries import Delivery
from bedrijfsvoering.legend import LOOK
from bedrijfsvoering.svg import SWATCH, draw
from bedrijfsvoering.theme import EMBED, VEGALITE_MIME

Draw = Callable[[Figures], Any]
CHARTS: dict[str, Draw] = {
    "posten": lambda f: chart_posten(f, "overhead"),
    "salarissen": lambda f: chart_posten(f, "salarissen"),
    "resultaat": lambda f: chart_budgetresultaat(f, "overhead", 100, 10),
    "aandeel": lambda f: chart_aandeel(f, "overhead"),
    "mijlpalen": chart_mijlpalen,
    "gemeenten": lambda f: chart_gemeenten(f, ["ouder-amstel", "uithoorn"]),
    "jaren": chart_jaren,
    "salarissen per jaar": lambda figures: chart_jaren(figures, "salarissen"),
}
POST = ["Post", "Begroting primitief", "Begroting na wijziging", "Rekening", "Resultaat", "Procent van de begroting",
        "Eenheid", "Sleutel", "Bediening"]  # fmt: skip
TITLES = {
    "posten": POST, "salarissen": POST, "resultaat": POST,
    "aandeel": ["Stand", "Post", "Bedrag", "Totaal", "Aandeel", "Eenheid", "Bediening"],
    "mijlpalen": ["Project", "Stap", "Wanneer", "Stand", "Bron", "Bediening"],
    "gemeenten": ["Wie", "Overhead bruto, % van alle lasten", "Overhead netto, € per inwoner",
                  "Inhuur, % van loon en inhuur", "Vergeleken", "Bediening"],
    "jaren": ["Jaar", "Begroting", "Jaarrekening", "Eenheid", "Bron", "Bediening"],
    "salarissen per jaar": ["Jaar", "Begroting", "Jaarrekening", "Eenheid", "Bron", "Bediening"],
}  # fmt: skip
PARAMS = {
    "posten": ["gekozen", *(f"zoom_posten_overhead_{number}" for number in range(1, 5))],
    "salarissen": ["gekozen", "zoom_posten_salarissen_1"],
    "resultaat": ["gekozen", "legenda", "zoom_resultaat_overhead_1"],
    "aandeel": ["gekozen"],
    "mijlpalen": ["gekozen", "legenda"],
    "gemeenten": ["gekozen", *(f"zoom_gemeenten_{number}" for number in range(1, 4))],
    "jaren": ["gekozen", "zoom_jaren_1"],
    "salarissen per jaar": ["gekozen", "zoom_salarissen_1", "zoom_salarissen_2"],
}
CLASS = "20000tot50000inwoners"


@pytest.fixture
def everywhere(diemen: Figures) -> Figures:
    """Diemen's figures with those of a hundred other municipalities of its size."""
    spread = diemen.verdeling[0]
    assert spread.grootteklasse == CLASS
    same = {"inwoners": 30_000, "lasten": 100_000, "overhead_baten": 500, "salarissen": 9_000}
    elders = []
    for number in range(1, 101):
        figures = {**same, "overhead_lasten": 5_000 + 200 * number, "inhuur": number * 10}
        amounts = {name: Decimal(amount) for name, amount in figures.items()}
        found = Delivery(
            f"plaats-{number}", f"Plaats {number:03d}", diemen.jaar, "jaarrekening", amounts, "proef", CLASS
        )
        elders.append(found)
    return replace(diemen, elders=tuple(elders))


def layers(spec: dict[str, Any], above: dict[str, Any] | None = None) -> Iterator[dict[str, Any]]:
    """Yield every layer with a mark of its own, with what it has from the layers that it is a part of."""
    given = {"data": spec.get("data", (above or {}).get("data"))}
    given["encoding"] = {**(above or {}).get("encoding", {}), **spec.get("encoding", {})}
    parts = [part for key in ("layer", "vconcat", "hconcat") for part in spec.get(key, ())]
    for part in parts:
        yield from layers(part, given)
    if not parts:
        yield {**spec, **given}


def rows(spec: dict[str, Any], layer: dict[str, Any]) -> list[dict[str, Any]]:
    return list(spec["datasets"][layer["data"]["name"]])


def mentions(spec: Any, key: str) -> bool:
    if isinstance(spec, dict):
        return key in spec or any(mentions(part, key) for part in spec.values())
    return isinstance(spec, list | tuple) and any(mentions(part, key) for part in spec)


def drawn(spec: dict[str, Any]) -> Any:
    return vl_convert.vegalite_to_svg({key: part for key, part in spec.items() if key != "usermeta"}, vl_version="6.4")


@pytest.mark.parametrize("name", CHARTS)
def test_every_mark_of_a_row_has_a_tooltip_with_dutch_titles(name: str, diemen: Figures) -> None:
    spec = CHARTS[name](diemen).to_dict()
    told = [layer for layer in layers(spec) if any("sleutel" in row for row in rows(spec, layer))]
    assert len(told) >= 4
    for layer in told:
        titles = [one["title"] for one in layer["encoding"]["tooltip"]]
        assert titles[-1] == "Bediening"
        assert titles == [title for title in TITLES[name] if title in titles] or titles[1] == "Aantal stappen"
        for one in layer["encoding"]["tooltip"]:
            assert all(isinstance(row[one["field"]], str) for row in rows(spec, layer)), one
    assert max(len(layer["encoding"]["tooltip"]) for layer in told) == len(TITLES[name])


def test_a_tooltip_tells_each_stage_the_result_in_words_the_unit_and_the_key(diemen: Figures) -> None:
    for name in ("posten", "resultaat"):
        spec = CHARTS[name](diemen).to_dict()
        found = [row for data in spec["datasets"].values() for row in data if row.get("post") == "Huisvesting"]
        told = {"tip_begroting_primitief": "1.505", "tip_begroting_na_wijziging": "1.392", "tip_rekening": "1.599",
                "tip_resultaat": "208 nadeel", "tip_deel": "14,9%", "tip_eenheid": "Bedragen × € 1.000; lasten",
                "sleutel": "overhead.huisvesting"}  # fmt: skip
        assert len(found) == 1
        assert told.items() <= found[0].items()


def test_what_was_not_delivered_is_told_as_such(diemen: Figures, make_table: Any) -> None:
    table = make_table(("A", "-10", "", "-12", ""), ("B", "", "0", "-3", "-3"), ("C", "-8", "-8", "-7", "1"))
    spec = chart_posten(replace(diemen, tables={"proef": table}), "proef").to_dict()
    told = {row["post"]: row for data in spec["datasets"].values() for row in data if "post" in row}
    assert told["A"]["tip_begroting_na_wijziging"] == told["A"]["tip_resultaat"] == "niet aangeleverd"
    assert told["B"]["tip_begroting_primitief"] == "niet aangeleverd"
    assert (told["B"]["tip_resultaat"], told["B"]["tip_deel"]) == ("3 nadeel", "geen begroting")


@pytest.mark.parametrize("name", CHARTS)
def test_the_names_of_the_parameters_are_stable_and_hang_on_one_layer_of_a_block(name: str, diemen: Figures) -> None:
    spec = CHARTS[name](diemen).to_dict()
    assert [param["name"] for param in spec["params"]] == PARAMS[name]
    views = [layer["name"] for layer in layers(spec) if "name" in layer]
    assert len(views) == len(spec.get("vconcat", [spec])) == len(set(views))
    assert all(view.startswith(LIVE) for view in views)
    by_name = {param["name"]: param for param in spec["params"]}
    assert by_name["gekozen"]["views"] == views
    zooms = [param for param in spec["params"] if param["name"].startswith("zoom_")]
    assert sorted(view for param in zooms for view in param["views"]) == (sorted(views) if zooms else [])
    assert all(param["bind"] == "scales" and param["select"]["encodings"] == ["x"] for param in zooms)
    assert all("ctrlKey" in param["select"]["zoom"] for param in zooms)  # a wheel alone scrolls the notebook


@pytest.mark.parametrize("name", CHARTS)
def test_a_row_that_is_not_selected_is_faint_in_every_layer_and_block(name: str, diemen: Figures) -> None:
    spec = CHARTS[name](diemen).to_dict()
    for layer in layers(spec):
        if all("sleutel" in row for row in rows(spec, layer)) and rows(spec, layer):
            test = layer["encoding"]["opacity"]["condition"]["test"]["and"]
            assert [one["param"] for one in test] == [one for one in PARAMS[name] if not one.startswith("zoom")]
    keys = {row["sleutel"] for data in spec["datasets"].values() for row in data if "sleutel" in row}
    used = set(rows_of(spec).values())
    assert keys == used or name in ("aandeel", "mijlpalen")


def test_where_nobody_could_read_a_scale_zooming_shows_one(diemen: Figures) -> None:
    (anchor,) = (layer for layer in layers(CHARTS["resultaat"](diemen).to_dict()) if "name" in layer)
    axis = anchor["encoding"]["x"]["axis"]
    assert axis["orient"] == "bottom"
    assert "abs" in axis["labelExpr"]  # the side says the direction, not a sign


@pytest.mark.parametrize("name", CHARTS)
def test_the_same_figures_give_the_same_chart(name: str, diemen: Figures) -> None:
    first, second = (json.dumps(CHARTS[name](diemen).to_dict()) for _ in range(2))
    assert first == second
    assert not re.search(r'"(param|view)_\d', first)


@pytest.mark.parametrize("name", CHARTS)
def test_the_page_draws_nothing_of_what_is_live(name: str, diemen: Figures, monkeypatch: pytest.MonkeyPatch) -> None:
    live = CHARTS[name](diemen).to_dict()
    for spec in drawings_of(live).values():
        for key in ("params", "tooltip", "condition", "param"):
            assert not mentions(spec, key)
        assert not any(layer["mark"].get("style") == LIVE_STYLE for layer in layers(spec))
    monkeypatch.setattr(drawing, "enliven", lambda chart, live, legenda: chart)
    bare = CHARTS[name](diemen).to_dict()
    assert "params" not in bare
    assert draw(drawings_of(live)["breed"], rows_of(live)) == draw(drawings_of(bare)["breed"], rows_of(bare))


@pytest.mark.parametrize("name", CHARTS)
@pytest.mark.filterwarnings("ignore:Automatically deduplicated")
def test_an_analyst_can_go_on_with_a_chart(name: str, diemen: Figures) -> None:
    chart = CHARTS[name](diemen)
    limit = alt.Chart(alt.Data(values=[{"grens": 50}])).mark_rule().encode(x="grens:Q")
    made = [chart.interactive(), chart.properties(title="Anders"), chart & limit, limit | chart, chart.copy()]
    if isinstance(chart, alt.LayerChart):
        made += [chart + limit, chart.properties(width=400), chart.encode(strokeWidth=alt.value(1))]
    for one in made:
        spec = one.to_dict()
        drawn(spec)
        draw(next(iter(drawings_of(spec).values())))


@pytest.mark.parametrize("first", CHARTS)
@pytest.mark.parametrize("second", ["posten", "resultaat"])
@pytest.mark.filterwarnings("ignore:Automatically deduplicated")
def test_two_charts_side_by_side_select_together_and_keep_their_own_legend(
    first: str, second: str, diemen: Figures
) -> None:
    spec = (CHARTS[first](diemen) & CHARTS[second](diemen)).to_dict()
    (selected,) = (param for param in spec["params"] if param["name"] == "gekozen")
    views = [layer["name"] for layer in layers(spec) if layer.get("name", "").startswith(LIVE)]
    assert set(views) <= set(selected["views"])
    assert len(views) == sum(sum(name.startswith("zoom") for name in PARAMS[one]) or 1 for one in (first, second))
    assert drawn(spec).count("role-legend") >= 2
    assert not mentions(still(spec), "param")


def test_two_drawings_laid_over_each_other_share_one_selection(diemen: Figures) -> None:
    spec = (CHARTS["aandeel"](diemen) + CHARTS["aandeel"](diemen)).to_dict()
    assert [param["name"] for param in spec["params"]] == ["gekozen"]
    drawn(spec)


def test_an_analysts_own_parameters_stay_on_the_page_and_ours_are_as_if_nothing_is_selected(diemen: Figures) -> None:
    look = alt.param(name="dikte", value=7)
    colour = alt.condition(alt.selection_point(name="gekozen"), alt.value("#123456"), alt.value("#abcdef"))
    rule = alt.Chart(alt.Data(values=[{"v": 50}])).mark_rule(strokeWidth=look).encode(x="v:Q", color=colour)
    spec = drawings_of((CHARTS["aandeel"](diemen) + rule.add_params(look)).to_dict())["breed"]
    assert [param["name"] for param in spec["params"]] == ["dikte"]
    assert spec["layer"][-1]["encoding"]["color"] == {"value": "#123456"}
    assert 'stroke="#123456" stroke-width="7"' in draw(spec).inner


def test_the_legend_knows_every_role_of_that_of_the_page() -> None:
    assert SWATCH.keys() <= LOOK.keys()


@pytest.mark.parametrize("name", ["resultaat", "mijlpalen"])
def test_a_click_in_the_legend_leaves_a_kind_of_row(name: str, diemen: Figures) -> None:
    spec = CHARTS[name](diemen).to_dict()
    (anchor,) = (layer for layer in layers(spec) if "name" in layer)
    offered = anchor["encoding"]["fill"]["scale"]["domain"]
    kinds = {row["legenda"] for data in spec["datasets"].values() for row in data if row.get("legenda")}
    assert kinds == set(offered)
    assert next(param for param in spec["params"] if param["name"] == "legenda")["bind"] == "legend"


def test_with_figures_of_all_municipalities_each_can_be_found_and_a_group_be_drawn(
    everywhere: Figures, diemen: Figures
) -> None:
    spec = CHARTS["gemeenten"](everywhere).to_dict()
    params = {param["name"]: param for param in spec["params"]}
    assert params["zoek"]["bind"]["labels"][1:4] == ["Diemen", "Plaats 001", "Plaats 002"]
    assert params["zoek"]["bind"]["options"][1] == "gemeente.diemen"
    assert params["bereik"]["select"] == {
        **params["bereik"]["select"],
        "type": "interval",
        "encodings": ["x"],
        "zoom": False,
    }
    assert not any(param["select"].get("translate", False) for name, param in params.items() if name.startswith("zoom"))
    dots = next(data for data in spec["datasets"].values() if len(data) == 101)
    assert {"overhead_bruto", "overhead_per_inwoner", "externe_inhuur", "tip_overhead_bruto"} <= dots[1].keys()
    assert drawn(spec).count('fill-opacity="0.4"') == 2 * len(dots)  # of the third measure Diemen has no spread
    first, second = (CHARTS["gemeenten"](figures).to_dict() for figures in (everywhere, diemen))
    for name, drawing_ in drawings_of(first).items():
        assert draw(drawing_) == draw(drawings_of(second)[name])


def test_jupyterlab_draws_elements_on_paper_with_a_dutch_menu_that_sends_nothing_away(diemen: Figures) -> None:
    bundle, metadata = CHARTS["posten"](diemen)._repr_mimebundle_()
    options = metadata[VEGALITE_MIME]["embed_options"]
    assert bundle[VEGALITE_MIME]["config"]["background"] == "#ffffff"  # readable in a dark theme too
    assert options["renderer"] == "svg"
    assert options["actions"] == {"export": True, "source": False, "compiled": False, "editor": False}
    assert options["i18n"]["SVG_ACTION"] == "Bewaren als SVG"
    assert options["downloadFileName"].startswith("vijf-van-de-17-posten")
    alt.renderers.set_embed_options(actions=True)
    try:
        _, metadata = CHARTS["posten"](diemen)._repr_mimebundle_()
        assert metadata[VEGALITE_MIME]["embed_options"]["actions"] is True
        assert metadata[VEGALITE_MIME]["embed_options"]["i18n"] == EMBED["i18n"]
    finally:
        alt.renderers.enable("bedrijfsvoering")
