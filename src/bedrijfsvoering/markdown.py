"""Markdown as the page shows it: no HTML of its own, no images, headings under those of the page, tables that fit."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from markdown_it import MarkdownIt

from .texts import CONTROL

WIDE = 4
"""A table of more columns than this may be wider than a phone."""


def markdown_renderer() -> MarkdownIt:
    """Return the Markdown renderer: no HTML, no images, headings one level down (the page has the only h1)."""
    options = {"html": False, "typographer": True, "quotes": "\u2018\u2019\u2018\u2019"}
    markdown = MarkdownIt("commonmark", options).enable(["table", "smartquotes"]).disable(["image", "entity"])
    markdown.add_render_rule("table_open", _table)
    markdown.add_render_rule("table_close", _table)
    markdown.add_render_rule("th_open", _cell)
    markdown.add_render_rule("td_open", _cell)
    markdown.add_render_rule("heading_open", _heading)
    markdown.add_render_rule("heading_close", _heading)
    return markdown


def _table(self: Any, tokens: Sequence[Any], index: int, options: Any, env: Any) -> str:
    """Return the begin or the end of a table; one of many columns scrolls in a box of its own."""
    step = tokens[index].nesting
    heads = 0
    for token in tokens[index::step]:
        heads += token.type == "th_open"
        if token.type in ("table_open", "table_close") and token.nesting != step:
            break
    wide = heads > WIDE
    box = '<div class="schuif" role="region" tabindex="0" aria-label="Tabel, schuifbaar">' if wide else ""
    return f"{box}<table>" if step == 1 else "</table>" + ("</div>" if wide else "")


def _cell(self: Any, tokens: Sequence[Any], index: int, options: Any, env: Any) -> str:
    """Return the begin of a table's cell; the page allows no style of its own, so how it is aligned is a class."""
    token = tokens[index]
    scope = ' scope="col"' if token.tag == "th" else ""
    amounts = ' class="g"' if "right" in str(token.attrGet("style")) else ""
    return f"<{token.tag}{scope}{amounts}>"


def _heading(self: Any, tokens: Sequence[Any], index: int, options: Any, env: Any) -> str:
    token = tokens[index]
    level = min(max(int(token.tag[1]) + 1, 3), 4)  # the chapter's own heading is the only h2
    return f"<h{level}>" if token.nesting == 1 else f"</h{level}>\n"


def markdown_html(source: str) -> str:
    """Return plain Markdown (a notebook's own text) as HTML, headings one level down."""
    return str(markdown_renderer().render(CONTROL.sub("", source)))
