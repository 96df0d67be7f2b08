"""The chart of results per line: voordeel to the right, nadeel to the left, in amounts or in percent of the budget."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal
from html import escape
from typing import Any, Literal

import altair as alt

from .amounts import fmt_amount, fmt_count, fmt_exact
from .display import Shown, missing, missing_table, table_html, word
from .drawing import (
    NAMED,
    SEE_TABLE,
    AnyChart,
    Layout,
    Variant,
    chart_with_page,
    draw_most,
    noun_of,
    place_rows,
    rows_data,
    text_width,
)
from .figures import Figures, Post, Table
from .interaction import Live
from .tables import fmt_cell, share_html, share_of_budget
from .theme import KLEUR
from .tooltips import POST_TIP, post_tip

SIDE = 80
"""The width of the words above the bars that say which side is which."""
GAP = 10
"""What must be free between the words above the two limits, else they are left out."""
LEGEND = (("voordeel", "voordeel (V): gunstiger dan begroot"), ("nadeel", "nadeel (N): ongunstiger dan begroot"))
"""The role of each fill, and what it stands for."""
EVEN = "elke post kwam precies uit op de begroting"
"""The finding where there is neither voordeel nor nadeel."""


def chart_budgetresultaat(
    figures: Figures, tabel: str, grens_bedrag: int | None = None, grens_pct: float | None = None
) -> AnyChart | Shown:
    """Draw the result per line, largest voordeel first: voordeel to the right, nadeel to the left.

    One bar per line, in the table's unit; position, letter (V, N) and fill each say the direction. Thin rules mark the
    local limit `grens_bedrag` (x EUR 1.000). On the page a reader can switch to the result in percent of the budget
    after amendment, with `grens_pct` as its limit; in JupyterLab rows can be picked by a click, or all on one side in
    the legend, and the scale zoomed. A table that was not delivered gives one line of text.
    """
    table = figures.table(tabel)
    if table is None:
        return missing_table(tabel)
    known = [p for p in table.regels if p.bedragen.get("budgetresultaat") is not None]
    if not known:
        return missing(f"Resultaat per post van {table.source.titel}")
    lines, left_out = draw_most(known, lambda post: post.size("budgetresultaat"))
    lines.sort(key=lambda post: -post.resultaat)
    limit = _limit(table, grens_bedrag, lines)
    rows = [_result_row(table, post) for post in lines]
    told = f"{table.eenheid}. Resultaat per {noun_of(lines, 1)}: rekening min begroting na wijziging.{left_out}"
    return chart_with_page(
        lambda layout: _draw_results(rows, limit, layout),
        live=_live(table, lines, rows),
        titel=_result_title(lines[0], min(lines, key=lambda post: post.resultaat)) or f"{table.source.titel}: {EVEN}",
        eenheid=told + (f" Streepjes bij {fmt_exact(Decimal(str(limit)))}: grens voor toelichting." if limit else ""),
        tabel=_result_table(table, lines),
        beschrijving=f"Staven van {fmt_count(len(rows))} {noun_of(lines)}, van {rows[0]['naam']} "
        f"tot {rows[-1]['naam']}. {SEE_TABLE}",
        legenda=LEGEND,
        rijen={row["naam"]: f"{tabel}.{post.sleutel}" for row, post in zip(rows, lines, strict=True)},
        variant=_share_variant(table, lines, rows, grens_pct, limit),
    )  # fmt: skip


def _live(table: Table, lines: Sequence[Post], rows: Sequence[dict[str, Any]]) -> Live:
    """Return what can be done with the chart: a click in its legend leaves the voordelen or the nadelen."""
    tips = {}
    for row, post in zip(rows, lines, strict=True):
        side = {"voordeel": LEGEND[0], "nadeel": LEGEND[1]}.get(word(post.resultaat))
        tips[row["naam"]] = {**post_tip(table, post), "legenda": side[1] if side else ""}
    return Live(f"resultaat_{table.naam}", POST_TIP, tips, "blok", pick=[text for _, text in LEGEND])


def _result_table(table: Table, lines: Sequence[Post]) -> str:
    """Return the results of the lines, also as a share of the budget, for the table under the chart (HTML)."""
    shares = [share_html(table, post) for post in lines]
    head = [("Post", ""), ("Resultaat", "g res"), *([("Procent van de begroting", "g")] if any(shares) else [])]
    rows = [
        (
            "",
            [
                escape(post.post),
                fmt_cell(table, "budgetresultaat", post.resultaat, f"{table.naam}.{post.sleutel}.budgetresultaat"),
                share or "geen begroting",
            ][: len(head)],
        )
        for post, share in zip(lines, shares, strict=True)
    ]
    titel, sleutels = f"{table.source.titel}: resultaat per post", [f"{table.naam}.{post.sleutel}" for post in lines]
    return table_html(titel, table.eenheid, head, rows, genummerd=False, sleutels=sleutels)


def _share_variant(
    table: Table, lines: Sequence[Post], rows: Sequence[dict[str, Any]], grens_pct: float | None, grens: float | None
) -> Variant | None:
    """Return the same results in percent of each line's budget, or None where no line has a budget.

    The finding says where the largest are small lines, below the limit: such a line is soon off by half its budget.
    """
    pairs = []
    for post, row in zip(lines, rows, strict=True):
        if (pct := share_of_budget(post)) is not None:
            signed = pct.copy_sign(post.resultaat)
            text = f"{fmt_amount(pct, 1)}%{_letter(post)} ({row['getal']})"
            pairs.append((signed, post, {**row, "waarde": float(signed), "tekst": text}))
    if not pairs:
        return None
    pairs.sort(key=lambda pair: -pair[0])
    ordered = [row for _, _, row in pairs]
    limit = float(grens_pct) if grens_pct and grens_pct < 100 else None
    title = _result_title(pairs[0][1], min(pairs, key=lambda pair: pair[0])[1], "In procenten heeft ")
    ends = {post.post: post.size("budgetresultaat") for _, post, _ in (pairs[0], pairs[-1])}
    small = [name for name, size in ends.items() if grens and size < grens]
    if title and small and len(small) == len(ends):
        title += "; dat zijn kleine posten" if len(small) > 1 else "; dat is een kleine post"
    without = len(lines) - len(pairs)
    eenheid = (
        f"Resultaat per {noun_of(lines, 1)}, in procenten van de begroting na wijziging. Tussen haakjes: "
        f"{table.eenheid[0].lower()}{table.eenheid[1:]}."
    )
    if limit:
        eenheid += f" Streepjes bij {fmt_exact(Decimal(str(limit)))}%: grens voor toelichting."
    if without:
        eenheid += f" Zonder begroting, en dus niet getekend: {fmt_count(without)}."
    return Variant("procent van de begroting", title or f"In procenten: {EVEN}", eenheid,
                   lambda layout: _draw_results(ordered, limit, layout, "%"))  # fmt: skip


def _limit(table: Table, grens_bedrag: int | None, lines: Sequence[Post]) -> float | None:
    """Return the limit in the table's unit, or None where no bar comes near it."""
    scale = {"eur": 1000.0, "eur_1000": 1.0, "eur_mln": 0.001}.get(table.source.eenheid)
    largest = max(float(post.size("budgetresultaat")) for post in lines)
    if not grens_bedrag or scale is None or largest < grens_bedrag * scale * 0.5:
        return None
    return grens_bedrag * scale


def _result_row(table: Table, post: Post) -> dict[str, Any]:
    amount = post.resultaat
    number = fmt_amount(abs(amount), table.source.decimalen)
    return {"post": post.post, "waarde": float(amount), "getal": number, "tekst": f"{number}{_letter(post)}",
            "naam": f"{post.post}: {number} {word(amount)}"}  # fmt: skip


def _letter(post: Post) -> str:
    """Return the letter behind a result in a drawing, which says its direction without colour."""
    return {"voordeel": " V", "nadeel": " N", "gelijk": ""}[word(post.resultaat)]


def _result_title(best: Post, worst: Post, begin: str = "") -> str:
    """Return the finding: the largest voordeel and the largest nadeel by name, or nothing where there is neither.

    Of equals both are the first in the order of the source, as elsewhere on the page.
    """
    has = f"{begin}{{}}" if begin else "{} heeft"
    parts = []
    if best.resultaat > 0:
        parts.append(f"{has.format(best.post)} het grootste voordeel")
    if worst.resultaat < 0:
        parts.append(f"{worst.post if parts else has.format(worst.post)} het grootste nadeel")
    return ", ".join(parts)


def _draw_results(
    rows: Sequence[dict[str, Any]], limit: float | None, layout: Layout, unit: Literal["", "%"] = ""
) -> AnyChart:
    placed = place_rows([{**row, "nul": 0} for row in rows], layout)
    low, high = min([row["waarde"] for row in rows] + [0.0]), max([row["waarde"] for row in rows] + [1e-9])
    width = layout.width - placed.extent
    left, right = _sides(rows, low, high, width)
    step = (high - low) / (width - left - right)
    least, most = low - left * step, high + right * step
    scale = alt.Scale(domain=[least, most], nice=False)
    x, x2, y = alt.X("waarde:Q", scale=scale, axis=None), alt.X2("nul:Q"), placed.y
    better, worse = (placed.base.transform_filter(f"datum.waarde {side} 0") for side in (">=", "<"))
    number: dict[str, Any] = {"baseline": "middle", "fontWeight": 600}
    bars = [
        better.mark_bar(height=14, color=KLEUR["voordeel"]).encode(x, y, NAMED, x2=x2),
        worse.mark_bar(height=14, color=KLEUR["nadeelvlak"], stroke=KLEUR["nadeel"], strokeWidth=1.5)
        .encode(x, y, NAMED, x2=x2),
        better.mark_text(align="left", dx=6, **number).encode(x, y, alt.Text("tekst:N")),
        worse.mark_text(align="right", dx=-6, **number).encode(x, y, alt.Text("tekst:N")),
    ]  # fmt: skip
    limits = [value for value in (limit or 0.0, -(limit or 0.0)) if value and least < value < most]
    apart = 2 * (limit or 0.0) / step > text_width(_limit_text(limit or 0.0, unit)) + GAP
    rules = [
        *(placed.rule(value, scale, KLEUR["rustig"], (2, 3)) for value in limits),
        placed.rule(0.0, scale, KLEUR["inkt"]),
    ]
    layers = [*rules, *bars, placed.labels(), *_directions(limits if apart else [], scale, unit)]
    return placed.block(layers, width)


def _sides(rows: Sequence[dict[str, Any]], low: float, high: float, width: int) -> tuple[float, float]:
    """Return what to keep free to the left and the right of the bars: for their figures, and for the words above."""
    left = max((text_width(row["tekst"]) + 8 for row in rows if row["waarde"] < 0), default=0)
    right = max((text_width(row["tekst"]) + 8 for row in rows if row["waarde"] >= 0), default=0)
    step = (high - low) / (width - left - right)
    return max(left, SIDE + low / step), max(right, SIDE - high / step)


def _limit_text(limit: float, unit: str) -> str:
    return f"grens {fmt_exact(Decimal(str(limit)))}{unit}"


def _directions(limits: Sequence[float], scale: alt.Scale, unit: str) -> list[alt.Chart]:
    """Return the words above the bars: which side is which, and where the limit is."""
    sides: list[tuple[str, str, Any, int]] = [
        ("nadeel", "← nadeel", "right", -8),
        ("voordeel", "voordeel →", "left", 8),
    ]
    words = [
        alt.Chart(rows_data([{"waarde": 0, "zegt": text}]))
        .mark_text(align=side, dx=dx, baseline="bottom", fontWeight=600, color=KLEUR[kleur])
        .encode(alt.X("waarde:Q", scale=scale, axis=None), alt.YValue(-20), alt.Text("zegt:N"))
        for kleur, text, side, dx in sides
    ]
    if limits:
        marks = [{"waarde": value, "zegt": _limit_text(abs(value), unit)} for value in limits]
        text = alt.Chart(rows_data(marks)).mark_text(baseline="bottom", color=KLEUR["mat"])
        words.append(text.encode(alt.X("waarde:Q", scale=scale, axis=None), alt.YValue(-4), alt.Text("zegt:N")))
    return words
