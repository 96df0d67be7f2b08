"""The timeline of milestones: each drawn as long as the source states it, its state in shape and word."""

from __future__ import annotations

from datetime import date
from html import escape
from typing import Any

import altair as alt

from .amounts import begin_count, fmt_count
from .display import DOWNLOAD, Shown, missing, table_html
from .drawing import LINE, NAMED, AnyChart, Layout, Rows, chart_with_page, wrap
from .figures import Figures, Milestone
from .theme import KLEUR, SIZE

SOORT = {"gerealiseerd": "gebeurd", "gepland": "gepland", "verwacht": "verwacht"}
"""How a kind of milestone is called on the page."""
STEP, HEAD_STEP, YEAR = 27, 30, 36
BESIDE = 56
"""The words of a milestone have lines of so many characters where they stand beside its mark."""
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
    a day. Happened is filled, planned is open, expected is open and dashed; the same stands in words in the table.
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
    days = any(m.begin.is_day for m in figures.mijlpalen)
    present = [soort for soort in SOORT if any(m.soort == soort for m in figures.mijlpalen)]
    return chart_with_page(
        lambda layout: _draw(figures, names, layout),
        titel=_title(figures), eenheid="Een balk is zo lang als de periode die de bron noemt; een ruit is een dag.",
        tabel=table_html("Stappen per project", "", head, rows, genummerd=False, sleutels=keys)
        + DOWNLOAD.format("ict_mijlpalen"),
        beschrijving=f"Tijdlijn met {fmt_count(len(figures.mijlpalen))} stappen, die ook in de tabel eronder staan.",
        legenda=[(soort, SOORT[soort]) for soort in present] + ([("dag", "op één dag")] if days else []),
        rijen=dict(zip(marks, keys, strict=True)),
    )  # fmt: skip


def _title(figures: Figures) -> str:
    done = sum(m.soort == "gerealiseerd" for m in figures.mijlpalen)
    ahead = len(figures.mijlpalen) - done
    steps = f"{begin_count(done)} {'stap is' if done == 1 else 'stappen zijn'} gezet"
    if not ahead:
        return steps
    last = max((m.eind or m.begin).last.year for m in figures.mijlpalen if m.soort != "gerealiseerd")
    first = min(m.begin.first.year for m in figures.mijlpalen if m.soort != "gerealiseerd")
    years = f"in {first}" if first == last else f"van {first} tot en met {last}"
    return f"{steps}, {fmt_count(ahead)} {'staat' if ahead == 1 else 'staan'} nog open: {years}"


def year_of(day: date) -> float:
    """Return a day as a number of years: 1 July 2023 is about 2023.5."""
    begin, end = date(day.year, 1, 1), date(day.year + 1, 1, 1)
    return day.year + (day - begin).days / (end - begin).days


def _place(figures: Figures, names: dict[str, str], layout: Layout) -> Rows:
    """Return one row per project name (`kop`) and one per milestone (`soort`), each with its height on the drawing."""
    values: list[dict[str, Any]] = []
    at = 0
    for sleutel, project in names.items():
        own = [_mark(m, layout) for m in figures.mijlpalen if m.project == sleutel]
        if not own:
            continue
        values.append({"kop": project, "y": at + HEAD_STEP / 2, "lijn": at})
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
    return Rows(values, at + 4, 0)


def _mark(milestone: Milestone, layout: Layout) -> dict[str, Any]:
    day = milestone.begin.is_day and milestone.eind is None
    tekst = f"{milestone.wanneer}: {milestone.mijlpaal}"
    return {
        "soort": milestone.soort,
        "vanaf": year_of(milestone.begin.first),
        "tot": year_of((milestone.eind or milestone.begin).last) + (0 if day else 1 / 365),
        "dag": day,
        "tekst": wrap(tekst, layout.chars if layout.above else BESIDE),
        "stand": SOORT[milestone.soort],
        "naam": _naam(milestone),
    }


def _naam(milestone: Milestone) -> str:
    """Return what the mark of a milestone is called."""
    return f"{milestone.project}, {milestone.wanneer}: {milestone.mijlpaal} ({SOORT[milestone.soort]})"


def _draw(figures: Figures, names: dict[str, str], layout: Layout) -> AnyChart:
    placed = _place(figures, names, layout)
    width = layout.width
    marks = [row for row in placed.values if "soort" in row]
    first, last = int(min(row["vanaf"] for row in marks)), int(max(row["tot"] for row in marks) - 0.001) + 1
    for row in marks:
        row.update({"bij": 0.0, "kant": "left"} if layout.above else _beside(row, first, width / (last - first), width))
    scale = alt.Scale(domain=[first, last], nice=False)
    layers = [
        *_frame(placed, figures.jaar, range(first, last), width, scale),
        *_shapes(placed, scale),
        *_words(placed),
    ]
    return alt.layer(*layers).properties(width=width, height=placed.height)


def _beside(row: dict[str, Any], first: int, per_year: float, width: int) -> dict[str, Any]:
    """Return where a mark's words stand: right of it, or left where the drawing ends before they do."""
    need, gap = max(len(line) for line in row["tekst"].split("\n")) * SIZE * 0.53, 12 if row["dag"] else 7
    begin, end = (row["vanaf"] - first) * per_year, (row["tot"] - first) * per_year
    if end + gap + need <= width:
        return {"bij": end + gap, "kant": "left"}
    return {"bij": max(begin - gap, need), "kant": "right"}


def _frame(placed: Rows, jaar: int, years: range, width: int, scale: alt.Scale) -> list[alt.Chart]:
    """Return the years above, a rule per year, the end of the edition's year, and the names of the projects."""
    x = alt.X("jaar:Q", scale=scale, axis=None)
    every = -(-len(years) * YEAR // width)  # so many years share a label where they stand close together
    year = alt.Chart(alt.Data(values=[{"jaar": year} for year in years[::every]]))
    head = placed.base.transform_filter("isValid(datum.kop)")
    text: dict[str, Any] = {"align": "left", "dx": 2}
    drawn = [
        year.mark_rule(color=KLEUR["lijn"]).encode(x),
        year.mark_text(baseline="bottom", color=KLEUR["mat"], **text).encode(x, y=alt.value(-6), text="jaar:N"),
        head.mark_rule(color=KLEUR["begrootlijn"]).encode(y=placed.at("lijn")),
        head.mark_text(fontWeight=600, **text).encode(y=placed.y, x=alt.value(0), text="kop:N"),
    ]
    if jaar + 1 in years[1:]:
        end = alt.Chart(alt.Data(values=[{"jaar": jaar + 1, "zegt": f"eind {jaar}"}]))
        drawn += [
            end.mark_rule(color=KLEUR["inkt"], strokeDash=[4, 3]).encode(x),
            end.mark_text(align="center", baseline="bottom").encode(x, y=alt.value(-24), text="zegt:N"),
        ]
    return drawn


def _shapes(placed: Rows, scale: alt.Scale) -> list[alt.Chart]:
    """Return the marks: a bar for a period, a diamond for a day; filled, open, or open and dashed."""
    x, x2, y = alt.X("vanaf:Q", scale=scale, axis=None), alt.X2("tot:Q"), placed.y
    tip = [alt.Tooltip("tekst:N", title="Mijlpaal"), alt.Tooltip("stand:N", title="Stand")]
    layers = []
    for soort, look in LOOK.items():
        own = placed.base.transform_filter(f"datum.soort === '{soort}'")
        bar = own.transform_filter("!datum.dag").mark_bar(height=10, cornerRadius=2, **look)
        day = own.transform_filter("datum.dag").mark_point(shape="diamond", size=120, opacity=1, **look)
        layers += [bar.encode(x, y, NAMED, x2=x2, tooltip=tip), day.encode(x, y, NAMED, tooltip=tip)]
    return layers


def _words(placed: Rows) -> list[alt.Chart]:
    """Return the words of each mark, on the side that was chosen for them."""
    text: dict[str, Any] = {"baseline": "middle", "lineBreak": "\n", "lineHeight": LINE}
    return [
        placed.base.transform_filter(f"datum.kant === '{side}'")
        .mark_text(align=side, **text)
        .encode(y=placed.at("ywoord"), x=alt.X("bij:Q", scale=None), text="tekst:N")
        for side in ("left", "right")
    ]
