"""The timeline of milestones: each drawn as long as the source states it, its state in shape and word."""

from __future__ import annotations

from datetime import date
from html import escape
from typing import Any, Literal

import altair as alt

from .amounts import begin_count, fmt_count
from .display import DOWNLOAD, Shown, missing, table_html
from .drawing import LINE, NAMED, AnyChart, Layout, Rows, chart_with_page, rows_data, text_width, wrap
from .figures import Figures, Milestone
from .interaction import Live
from .texts import join_words
from .theme import KLEUR

SOORT = {"gerealiseerd": "gebeurd", "gepland": "gepland", "verwacht": "verwacht"}
"""How a kind of milestone is called on the page."""
TIP = (("tip_project", "Project"), ("tip_stap", "Stap"), ("tip_wanneer", "Wanneer"), ("legenda", "Stand"),
       ("tip_stappen", "Aantal stappen"), ("tip_bron", "Bron"))  # fmt: skip
"""The fields of a tooltip on a step or on a project, and their titles."""
STEP, HEAD_STEP, YEAR = 27, 30, 36
BESIDE = 56
"""The words of a milestone have lines of so many characters where they stand beside its mark."""
SHAPES = {"dag": "diamond", "vanaf": "triangle-right"}
"""What is drawn of a milestone that has no length."""
LOOK: dict[str, dict[str, Any]] = {
    "gerealiseerd": {"fill": KLEUR["rekening"], "stroke": KLEUR["rekening"]},
    "gepland": {"fill": KLEUR["papier"], "stroke": KLEUR["rekening"], "strokeWidth": 2},
    "verwacht": {
        "fill": KLEUR["papier"],
        "stroke": KLEUR["rekening"],
        "strokeWidth": 2,
        "strokeDash": [3, 2],
    },
}
"""Filled has happened, open is planned, open and dashed is expected."""


def chart_mijlpalen(figures: Figures) -> AnyChart | Shown:
    """Draw the milestones of the ICT projects on one time axis, per project.

    One row per milestone; a bar is as long as the period that the source names ("medio 2022", a quarter), a diamond is
    a day. Happened is filled, planned is open, expected is open and dashed; the same stands in words in the table. In
    JupyterLab the steps of a project can be picked by a click, and those of a kind in the legend.
    """
    if not figures.mijlpalen:
        return missing("Mijlpalen")
    names = {project.sleutel: project.project for project in figures.projecten}
    head = [("Project", ""), ("Mijlpaal", ""), ("Wanneer", ""), ("Stand", "")]
    rows = [
        ("", [escape(names[m.project]), escape(m.mijlpaal), escape(m.wanneer), SOORT[m.soort]])
        for m in figures.mijlpalen
    ]
    marks = [_naam(m) for m in figures.mijlpalen]
    keys = [f"mijlpaal.{number}" for number in range(1, len(marks) + 1)]
    shapes = {_shape(m) for m in figures.mijlpalen}
    points = [(vorm, text) for vorm, text in (("dag", "op één dag"), ("vanaf", "op zijn vroegst")) if vorm in shapes]
    present = [soort for soort in SOORT if any(m.soort == soort for m in figures.mijlpalen)]
    return chart_with_page(
        lambda layout: _draw(figures, names, layout), live=_live(figures, names),
        titel=_title(figures), eenheid="Een balk is zo lang als de periode die de bron noemt.",
        tabel=table_html("Stappen per project", "", head, rows, genummerd=False, sleutels=keys)
        + DOWNLOAD.format("ict_mijlpalen"),
        beschrijving=f"Tijdlijn met {fmt_count(len(figures.mijlpalen))} stappen, die ook in de tabel eronder staan.",
        legenda=[*((soort, SOORT[soort]) for soort in present), *points],
        rijen=dict(zip(marks, keys, strict=True)),
    )  # fmt: skip


def _live(figures: Figures, names: dict[str, str]) -> Live:
    """Return what can be done with the chart: a click leaves the steps of a project, or in the legend those of a kind.

    A scale of time cannot be zoomed: the words of a step stand beside its mark, wherever there is room for them.
    """
    tips = {
        _naam(m): {"sleutel": f"project.{m.project}", "tip_project": names[m.project], "tip_stap": m.mijlpaal,
                   "tip_wanneer": m.wanneer, "legenda": SOORT[m.soort], **({"tip_bron": m.bron} if m.bron else {})}
        for m in figures.mijlpalen
    }  # fmt: skip
    return Live("mijlpalen", TIP, tips, pick=list(SOORT.values()))


def _title(figures: Figures) -> str:
    ahead = [m for m in figures.mijlpalen if m.soort != "gerealiseerd"]
    if not ahead:
        return "Geen stap staat nog open"
    first = min(m.begin.first.year for m in ahead)
    soon = [m for m in ahead if m.begin.first.year == first]
    told = f"{begin_count(len(soon))} {'stap staat' if len(soon) == 1 else 'stappen staan'} open voor {first}"
    later = sorted({m.begin.first.year for m in ahead} - {first})
    return told + (f", {fmt_count(len(ahead) - len(soon))} voor {join_words(list(map(str, later)))}" if later else "")


def year_of(day: date) -> float:
    """Return a day as a number of years: 1 July 2023 is about 2023.5."""
    begin, end = date(day.year, 1, 1), date(day.year + 1, 1, 1)
    return day.year + (day - begin).days / (end - begin).days


def _place(figures: Figures, names: dict[str, str], layout: Layout) -> tuple[Rows, list[dict[str, Any]]]:
    """Return one row per milestone, and one per project (`kop`), each with its height on the drawing."""
    values: list[dict[str, Any]] = []
    heads: list[dict[str, Any]] = []
    at = 0
    for sleutel, project in names.items():
        own = [_mark(m, layout) for m in figures.mijlpalen if m.project == sleutel]
        if not own:
            continue
        heads.append({"kop": project, "y": at + HEAD_STEP / 2, "lijn": at, "sleutel": f"project.{sleutel}",
                      "tip_project": project, "tip_stappen": fmt_count(len(own))})  # fmt: skip
        at += HEAD_STEP
        for row in own:
            more = LINE * row["tekst"].count("\n")
            text = LINE + more if layout.above else 0
            values.append(
                {
                    **row,
                    "y": at + text + STEP / 2 - (5 if text else 0),
                    "ywoord": at + (LINE if text else STEP) / 2,
                }
            )
            at += STEP + (text - 4 if text else more)
    return Rows(values, at + 4, 0), heads


def _mark(milestone: Milestone, layout: Layout) -> dict[str, Any]:
    shape = _shape(milestone)
    tekst = f"{milestone.wanneer}: {milestone.mijlpaal}"
    return {
        "soort": milestone.soort,
        "vanaf": year_of(milestone.begin.first),
        "tot": year_of(milestone.begin.first if shape == "vanaf" else (milestone.eind or milestone.begin).last)
        + {"balk": 1 / 365, "dag": 0, "vanaf": 0.25}[shape],
        "vorm": shape,
        "tekst": wrap(tekst, layout.chars if layout.above else BESIDE),
        "naam": _naam(milestone),
    }


def _shape(milestone: Milestone) -> Literal["balk", "dag", "vanaf"]:
    """Return how a milestone is drawn: as long as its period, as a day, or as a day after which it will be."""
    if milestone.eind is not None:
        return "balk"
    return "vanaf" if milestone.begin.open else "dag" if milestone.begin.is_day else "balk"


def _naam(milestone: Milestone) -> str:
    """Return what the mark of a milestone is called."""
    return f"{milestone.project}, {milestone.wanneer}: {milestone.mijlpaal} ({SOORT[milestone.soort]})"


def _draw(figures: Figures, names: dict[str, str], layout: Layout) -> AnyChart:
    placed, heads = _place(figures, names, layout)
    width, marks = layout.width, placed.values
    first, last = int(min(row["vanaf"] for row in marks)), int(max(row["tot"] for row in marks) - 0.001) + 1
    for row in marks:
        where = {"bij": first, "dx": 0, "kant": "left"}
        row.update(where if layout.above else _beside(row, first, width / (last - first), width))
    scale = alt.Scale(domain=[first, last], nice=False)
    layers = [
        *_frame(placed, heads, figures.jaar, range(first, last), width, scale),
        *_shapes(placed, scale),
        *_words(placed, scale),
    ]
    return placed.block(layers, width)


def _beside(row: dict[str, Any], first: int, per_year: float, width: int) -> dict[str, Any]:
    """Return where a mark's words stand: so far (`dx`) from its end, or its begin where the drawing ends too soon."""
    need, gap = max(map(text_width, row["tekst"].split("\n"))), 7 if row["vorm"] == "balk" else 12
    begins, ends = row["vanaf"], row["tot" if row["vorm"] == "balk" else "vanaf"]
    begin, end = ((at - first) * per_year for at in (begins, ends))
    if end + gap + need <= width:
        return {"bij": ends, "dx": gap, "kant": "left"}
    return {"bij": begins, "dx": max(-gap, need - begin), "kant": "right"}


def _frame(
    placed: Rows, heads: list[dict[str, Any]], jaar: int, years: range, width: int, scale: alt.Scale
) -> list[alt.Chart]:
    """Return the years above, a rule per year, the end of the edition's year, and the names of the projects."""
    x = alt.X("jaar:Q", scale=scale, axis=None)
    every = -(-len(years) * YEAR // width)  # so many years share a label where they stand close together
    year = alt.Chart(rows_data([{"jaar": year} for year in years[::every]]))
    head = alt.Chart(rows_data(heads))
    text: dict[str, Any] = {"align": "left", "dx": 2}
    drawn = [
        year.mark_rule(color=KLEUR["lijn"]).encode(x),
        year.mark_text(baseline="bottom", color=KLEUR["mat"], **text).encode(x, alt.YValue(-6), alt.Text("jaar:N")),
        head.mark_rule(color=KLEUR["begrootlijn"]).encode(y=placed.at("lijn")),
        head.mark_text(fontWeight=600, **text).encode(placed.y, alt.XValue(0), alt.Text("kop:N")),
    ]
    if jaar + 1 in years[1:]:
        end = alt.Chart(rows_data([{"jaar": jaar + 1, "zegt": f"eind {jaar}"}]))
        drawn += [
            end.mark_rule(color=KLEUR["inkt"], strokeDash=[4, 3]).encode(x),
            end.mark_text(align="center", baseline="bottom").encode(x, alt.YValue(-24), alt.Text("zegt:N")),
        ]
    return drawn


def _shapes(placed: Rows, scale: alt.Scale) -> list[alt.Chart]:
    """Return the marks: a bar for a period, a diamond for a day, a triangle for the earliest day."""
    x, x2, y = alt.X("vanaf:Q", scale=scale, axis=None), alt.X2("tot:Q"), placed.y
    layers = []
    for soort, look in LOOK.items():
        own = placed.base.transform_filter(f"datum.soort === '{soort}'")
        bar = own.transform_filter("datum.vorm === 'balk'").mark_bar(height=10, cornerRadius=2, **look)
        layers.append(bar.encode(x, y, NAMED, x2=x2))
        for vorm, shape in SHAPES.items():
            point = own.transform_filter(f"datum.vorm === '{vorm}'").mark_point(
                shape=shape, size=120, opacity=1, **look
            )
            layers.append(point.encode(x, y, NAMED))
    return layers


def _words(placed: Rows, scale: alt.Scale) -> list[alt.Chart]:
    """Return the words of each mark, on the side that was chosen for them."""
    text: dict[str, Any] = {"baseline": "middle", "lineBreak": "\n", "lineHeight": LINE, "dx": {"expr": "datum.dx"}}
    return [
        placed.base.transform_filter(f"datum.kant === '{side}'")
        .mark_text(align=side, **text)
        .encode(placed.at("ywoord"), alt.X("bij:Q", scale=scale, axis=None), alt.Text("tekst:N"))
        for side in ("left", "right")
    ]
