"""The charts of the money tables: each `chart_` function returns one ordinary Altair chart, live in JupyterLab."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from decimal import Decimal
from html import escape
from typing import Any

import altair as alt

from .amounts import begin_count, fmt_amount, fmt_count, round_half_up
from .display import Shown, data, missing, missing_table, table_html
from .drawing import (
    NAMED,
    RIGHT,
    SEE_TABLE,
    AnyChart,
    Layered,
    Layout,
    Rows,
    chart_with_page,
    draw_most,
    label_width,
    noun_of,
    place_rows,
    rows_data,
    stack,
    text_width,
    wrap,
)
from .figures import Figures, Post, Table, kolom_naam
from .interaction import Live
from .source import Kolom
from .tables import fmt_cell, phone_layout
from .texts import join_words
from .theme import KLEUR
from .tooltips import POST_TIP, STAGES, post_tip, sign_of

NUMBER = 62
"""The width of a column of figures to the right of the bars, if none of them needs more."""
SHARE_TIP = (("post", "Stand"), ("tip_post", "Post"), ("tip_deel", "Bedrag"), ("tip_totaal", "Totaal"),
             ("tekst", "Aandeel"), ("tip_eenheid", "Eenheid"))  # fmt: skip
"""The fields of a tooltip on a share, and their titles."""
BLOCKED = 6
"""Fewer lines than this share one scale, however different: a block for each would be no chart."""


def chart_posten(figures: Figures, tabel: str) -> AnyChart | Shown:
    """Draw budget against account per line: a pale bar for the budget, a dark one for the account.

    One row per line, amounts without a sign in the table's unit; lines of very different size stand in blocks with a
    scale of their own, income in a block by itself. In JupyterLab a row tells its figures, rows can be picked by a
    click, and each scale zoomed.
    """
    table = figures.table(tabel)
    lines = [p for p in table.regels if any(p.bedragen.get(k) is not None for k in STAGES)] if table else []
    if table is None or not lines:
        return missing_table(tabel)
    kolommen = [k for k in STAGES if k in table.kolommen]
    drawn, told = draw_most(lines, account_size)
    blocks = size_blocks(table, drawn)
    head = [("Post", ""), *((kolom_naam(k), "g") for k in kolommen)]
    rows = [("", [escape(post.post), *(_data(table, post, k) for k in kolommen)]) for post in drawn]
    unit = table.eenheid + (". Elk blok heeft een eigen schaal." if len(blocks) > 1 else ".") + told
    if table.source.eenheid.startswith("eur") and {"rekening", "begroting_na_wijziging"} <= set(kolommen):
        unit += " Komt de dunne balk verder dan de brede, dan is er meer uitgegeven dan begroot."
    named = {_stage_row(table, post)["naam"]: post for post in drawn}
    return chart_with_page(
        lambda layout: draw_stages([(name, [_stage_row(table, p) for p in posts]) for name, posts in blocks], layout),
        live=Live(f"posten_{tabel}", POST_TIP, {naam: post_tip(table, post) for naam, post in named.items()}, "blok"),
        titel=_posten_title(table, lines), eenheid=unit,
        tabel=table_html(
            f"{table.source.titel}: begroting en rekening per post", f"{table.eenheid}, kosten met een minteken", head,
            rows, klass=phone_layout(table, kolommen), genummerd=False,
            sleutels=[f"{tabel}.{post.sleutel}" for post in drawn],
        ),
        beschrijving=f"Staven van {fmt_count(len(drawn))} {noun_of(drawn)}, met begroting en rekening "
        f"naast elkaar. {SEE_TABLE}",
        legenda=[(mark, kolom_naam(k).lower()) for k, mark in stage_marks(kolommen).items()],
        rijen={naam: f"{tabel}.{post.sleutel}" for naam, post in named.items()},
    )  # fmt: skip


def _posten_title(table: Table, lines: Sequence[Post]) -> str:
    known = [post for post in lines if post.bedragen.get("budgetresultaat") is not None]
    worse = [post for post in known if post.resultaat < 0]
    if len(known) < len(lines) or not table.source.eenheid.startswith("eur"):
        return f"{table.source.titel}: begroting en rekening per post"
    if not worse:
        which = f"Geen van de {fmt_count(len(lines))} {noun_of(lines)}" if len(lines) > 1 else "Niets"
        return f"{which} viel ongunstiger uit dan begroot"
    largest = min(worse, key=lambda post: post.resultaat)
    if len(lines) == 1:
        return f"{largest.post} viel ongunstiger uit dan begroot"
    told = f"{begin_count(len(worse))} van de {fmt_count(len(lines))} {noun_of(lines)}"
    verb = "viel" if len(worse) == 1 else "vielen"
    return f"{told} {verb} ongunstiger uit dan begroot, {largest.post} het meest"


def account_size(post: Post) -> Decimal:
    """Return the size of a line: its account, or its budget where that is not known or nil."""
    return post.size("rekening") or post.size("begroting_na_wijziging")


def size_blocks(table: Table, lines: Sequence[Post]) -> list[tuple[str, list[Post]]]:
    """Return the lines in blocks that can share a scale: by order of size where they differ much, income apart."""

    def size(post: Post) -> Decimal:
        return max(post.size(k) for k in STAGES)

    def is_income(post: Post) -> bool:
        amounts = [post.bedragen.get(k) for k in reversed(STAGES)]
        return next((amount > 0 for amount in amounts if amount), False)

    costs = sorted((p for p in lines if not is_income(p)), key=account_size, reverse=True)
    income = sorted((p for p in lines if is_income(p)), key=account_size, reverse=True)
    sizes = [size(post) for post in costs if size(post)]
    blocks: list[tuple[str, list[Post]]] = []
    if len(sizes) >= BLOCKED and max(sizes) / min(sizes) > 20:
        top = Decimal(10) ** max(sizes).adjusted()
        bounds = [top, top / 10]
        groups = [
            [p for p in costs if size(p) >= bounds[0]],
            [p for p in costs if bounds[1] <= size(p) < bounds[0]],
            [p for p in costs if size(p) < bounds[1]],
        ]
        first, second = (_money(table, bound) for bound in bounds)
        names = [f"Posten van {first} of meer", f"Posten van {second} tot {first}", f"Posten onder {second}"]
        blocks = [(name, group) for name, group in zip(names, groups, strict=True) if group]
    elif costs:
        blocks = [("Lasten" if income else "", costs)]
    return [*blocks, ("Baten en verrekeningen: meer is gunstig", income)] if income else blocks


def _money(table: Table, amount: Decimal) -> str:
    """Return a round amount as a block is called: `€ 1 miljoen`, `€ 100.000`, `10 fte`."""
    scale = {"eur": 1, "eur_1000": 1000, "eur_mln": 1_000_000}.get(table.source.eenheid)
    if scale is None:
        return f"{fmt_amount(amount)} {table.source.eenheid}"
    euro = amount * scale
    return f"€ {fmt_amount(euro / 1_000_000)} miljoen" if euro >= 1_000_000 else f"€ {fmt_amount(euro)}"


def draw_stages(
    blocks: Sequence[tuple[str, Sequence[dict[str, Any]]]], layout: Layout, *, one_scale: bool = False
) -> AnyChart:
    """Draw rows of stages (as `stage_row` makes them) in blocks, each with a scale of its own or all with one."""
    every = [row for _, own in blocks for row in own]
    extent = 0 if layout.above else label_width([wrap(row["post"], layout.chars) for row in every])
    column = max(NUMBER, *(int(text_width(row[f"{kolom}_tekst"])) + 8 for row in every for kolom in STAGES))
    budgets = [k for k in ("begroting_na_wijziging", "begroting_primitief") if any(row[k] is not None for row in every)]
    accounts = ["rekening"] if any(row["rekening"] is not None for row in every) else []
    kolommen = [*budgets[:1], *accounts]
    free = 0 if layout.above else len(kolommen) * column + 8
    written = {kolom: free - place * column for place, kolom in enumerate(kolommen)}
    drawn: list[Layered] = []
    for name, own in blocks:
        placed = place_rows(own, layout, extent=extent, figures=len(kolommen) * column + 8)
        scale = _stage_scale(every if one_scale else own)
        layers = [*_stages(placed, scale), placed.labels(), *_numbers(placed, written, first=not drawn)]
        drawn.append(placed.block(layers, layout.width - extent - free, name))
    return stack(drawn, 14)


def stage_marks(present: Sequence[Kolom]) -> dict[Kolom, str]:
    """Return how each stage is drawn: the budget as a pale bar, the account a thin one, an earlier budget as a tick."""
    if "begroting_na_wijziging" not in present:
        return {k: {"begroting_primitief": "bar", "rekening": "thin"}[k] for k in STAGES if k in present}
    marks = {"begroting_na_wijziging": "bar", "rekening": "thin", "begroting_primitief": "tick"}
    return {k: mark for k, mark in marks.items() if k in present}


def _stage_scale(rows: Sequence[dict[str, Any]]) -> alt.Scale:
    amounts = [row[k] for row in rows for k in STAGES if row[k] is not None]
    return alt.Scale(domain=[min([0.0, *amounts]), max([0.0, *amounts]) or 1.0], nice=True)


def _stages(placed: Rows, scale: alt.Scale) -> list[alt.Chart]:
    """Return the marks of each stage."""
    present = [k for k in STAGES if any(row[k] is not None for row in placed.values)]
    axis = alt.Axis(orient="top", format=",~f", tickCount=3, labelFlush=True)
    base = placed.base
    marks = {
        "bar": base.mark_bar(height=14, color=KLEUR["begroot"], stroke=KLEUR["begrootlijn"]),
        "thin": base.mark_bar(height=6, color=KLEUR["rekening"]),
        "tick": base.mark_tick(orient="vertical", size=18, thickness=2, color=KLEUR["inkt"]),
    }
    layers: list[alt.Chart] = []
    for kolom, mark in stage_marks(present).items():
        end = [] if mark == "tick" else [alt.X2("nul:Q")]
        x = alt.X(f"{kolom}:Q", scale=scale, axis=axis)
        layers.append(marks[mark].encode(x, placed.y, NAMED, *end))
    return layers


def _numbers(placed: Rows, written: Mapping[Kolom, int], *, first: bool) -> list[alt.Chart]:
    """Return the figures at the right of the drawing, each column at its place, and above the first block its name."""
    marks = []
    for kolom, dx in written.items():
        account = kolom == "rekening"
        marks.append(placed.figures(f"{kolom}_tekst", dx, 600 if account else 400))
        if first:
            one = alt.Chart(rows_data([{"kop": "rekening" if account else "begroot"}]))
            text = one.mark_text(align="right", baseline="bottom", color=KLEUR["mat"], dx=dx)
            marks.append(text.encode(RIGHT, alt.YValue(-22 if placed.above else -5), alt.Text("kop:N")))
    return marks


def _stage_row(table: Table, post: Post) -> dict[str, Any]:
    """Return one row of the drawing: amounts without the sign that their kind has anyway."""
    amounts = {k: post.bedragen.get(k) for k in STAGES}
    sign = sign_of(post)
    unsigned = {k: None if amount is None else amount * sign for k, amount in amounts.items()}
    return stage_row(post.post, unsigned, table.source.decimalen)


def stage_row(name: str, amounts: Mapping[Kolom, Decimal | None], decimalen: int) -> dict[str, Any]:
    """Return one row of a drawing of stages: its amounts, how they are written, and what its marks are called."""
    row: dict[str, Any] = {"post": name, "nul": 0}
    for kolom in STAGES:
        amount = amounts.get(kolom)
        row[kolom] = None if amount is None else float(amount)
        row[f"{kolom}_tekst"] = "" if amount is None else fmt_amount(amount, decimalen)
    told = [f"{kolom_naam(k).lower()} {row[f'{k}_tekst']}" for k in STAGES if row[f"{k}_tekst"]]
    return {**row, "naam": f"{name}: {', '.join(told)}"}


def chart_aandeel(figures: Figures, tabel: str, sleutel: str | None = None) -> AnyChart | Shown:
    """Draw the share of one line in the total, per stage of the budget.

    One bar per stage (primitief, na wijziging, rekening), in percent of the printed total of that stage.

    Parameters
    ----------
    sleutel
        The key of the line; without it the line with the largest rekening.
    """
    table = figures.table(tabel)
    total = table.totaal if table else None
    lines = [post for post in table.regels if post.bedragen.get("rekening") is not None] if table else []
    if sleutel is not None:
        lines = [post for post in lines if post.sleutel == sleutel]
    if table is None or not lines:
        return missing_table(tabel)
    if total is None:
        return missing(f"Totaal van {table.source.titel}")
    if not any(total.bedragen.get(kolom) for kolom in STAGES):
        return missing(f"Aandeel in {table.source.titel}", "niet te tekenen, want het totaal is nul")
    post = max(lines, key=lambda post: post.size("rekening"))
    rows: list[dict[str, Any]] = []
    tips: dict[str, dict[str, str]] = {}
    cells: list[tuple[str, list[str]]] = []
    for kolom in STAGES:
        part, whole = post.bedragen.get(kolom), total.bedragen.get(kolom)
        if part is None or not whole:
            continue
        pct = round_half_up(part / whole * 100, 1)
        if not 0 <= pct <= 100:
            return missing(f"{post.post} als deel van het totaal", "niet te tekenen, want de tabel telt ook baten")
        text = f"{fmt_amount(pct, 1)}%"
        naam = f"{kolom_naam(kolom)}: {text}"
        rows.append({"post": kolom_naam(kolom), "aandeel": float(pct), "tekst": text, "naam": naam})
        tips[naam] = {"sleutel": f"aandeel.{kolom_naam(kolom)}", "tip_eenheid": table.eenheid, "tip_post": post.post,
                      **{f"tip_{name}": fmt_amount(abs(amount), table.source.decimalen)
                         for name, amount in (("deel", part), ("totaal", whole))}}  # fmt: skip
        bron = f"aandeel({tabel}.{post.sleutel}.{kolom}, {tabel}.{total.sleutel}.{kolom})"
        cells.append(
            ("", [kolom_naam(kolom), _data(table, post, kolom), _data(table, total, kolom), data(pct, bron, text)])
        )
    if not rows:
        return missing(f"Aandeel in {table.source.titel}")
    head = [("Stand", ""), (post.post, "g"), ("Totaal", "g"), ("Aandeel", "g")]
    said = join_words([f"{row['tekst']} ({row['post'].lower()})" for row in rows])
    return chart_with_page(
        lambda layout: _draw_share(rows, layout),
        live=Live(f"aandeel_{tabel}_{post.sleutel}", SHARE_TIP, tips),
        titel=f"{post.post} is {rows[-1]['tekst']} van het totaal",
        eenheid=f"{table.source.titel}: deel van het totaal, in procenten.",
        tabel=table_html(
            f"{post.post} als deel van het totaal",
            f"{table.eenheid}, kosten met een minteken",
            head,
            cells,
            klass=phone_layout(table, STAGES),
            genummerd=False,
            sleutels=[f"aandeel.{row['post']}" for row in rows],
        ),
        beschrijving=f"Staven met het aandeel van {post.post}: {said}.",
        legenda=[("vol", post.post), ("bar", "alle andere posten samen")],
        rijen={row["naam"]: f"aandeel.{row['post']}" for row in rows},
    )


def _draw_share(rows: Sequence[dict[str, Any]], layout: Layout) -> AnyChart:
    placed = place_rows([{**row, "nul": 0, "vol": 100} for row in rows], layout, bar=28)
    scale = alt.Scale(domain=[0, 100])
    axis = alt.Axis(values=[0, 25, 50, 75, 100], labelExpr="datum.label + '%'", labelFlush=True)
    x, x2, y = alt.X("aandeel:Q", scale=scale, axis=axis), alt.X2("nul:Q"), placed.y
    base = placed.base
    number: dict[str, Any] = {"align": "left", "baseline": "middle", "fontWeight": 600}
    layers = [
        base.mark_bar(height=22, color=KLEUR["begroot"], stroke=KLEUR["begrootlijn"])
        .encode(alt.X("vol:Q", scale=scale, axis=axis), y, x2=x2),
        base.mark_bar(height=22, color=KLEUR["rekening"]).encode(x, y, NAMED, x2=x2),
        base.transform_filter("datum.aandeel >= 20").mark_text(dx=8, color=KLEUR["papier"], **number)
        .encode(y, alt.XValue(0), alt.Text("tekst:N")),
        base.transform_filter("datum.aandeel < 20").mark_text(dx=6, **number).encode(x, y, alt.Text("tekst:N")),
        placed.labels(),
    ]  # fmt: skip
    return placed.block(layers, layout.width - placed.extent)


def _data(table: Table, post: Post, kolom: Any) -> str:
    """Return one amount for the table under a chart (HTML)."""
    amount = post.bedragen.get(kolom)
    return (
        "niet aangeleverd" if amount is None else fmt_cell(table, kolom, amount, f"{table.naam}.{post.sleutel}.{kolom}")
    )
