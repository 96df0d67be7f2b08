"""The sentences of a page: what is told in words, per chapter, without marks, notes and what stands in tables."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from html.parser import HTMLParser
from typing import Literal

from ..proofreading.passages import split_block
from ..texts import clean

Mode = Literal["story", "other", "hidden", "row", "reason"]
"""What a piece of text is: story, anything else, left out, the name of a row, or the explanation of a row."""
BLOCKS = {"p", "li", "h1", "h2", "h3", "h4", "dt", "dd", "tr", "blockquote", "div", "section", "header", "main",
          "footer", "pre", "ol", "ul", "table"}  # fmt: skip
"""Elements that begin and end a run of text."""
VOID = {"area", "base", "br", "col", "embed", "hr", "img", "input", "link", "meta", "source", "track", "wbr"}
"""Elements that have no end."""
HIDDEN = {"svg", "script", "style", "template", "h1"}
LEFT_OUT = {"bronmerk", "bronnen", "nr", "wie", "st"}
"""Marks of notes, lists of sources, numbers of tables, the line above the title and states are no sentences."""
STORY = {"tekst", "waarover"}
"""Classes of what people wrote."""
REASON = "Oorzaak"
"""The column of the table of lines above the limit in which the story explains them."""
HEAD = "0-samenvatting"
"""The chapter whose introduction stands in the head of the page."""


def sentences_of(html: str) -> tuple[str, ...]:
    """Return the sentences of a story as HTML: each heading, list item and row of a table is its own."""
    return tuple(_read(html, "story").get("", ()))


def page_sentences(html: str) -> Mapping[str, Sequence[str]]:
    """Return the sentences of a published page by chapter: its headings, its story and its explanations."""
    return _read(html, "other")


def _read(html: str, mode: Mode) -> dict[str, list[str]]:
    reader = _Reader(mode)
    reader.feed(html)
    reader.close()
    return reader.found


class _Reader(HTMLParser):
    """Collects the sentences of a page by chapter."""

    def __init__(self, mode: Mode) -> None:
        super().__init__(convert_charrefs=True)
        self.found: dict[str, list[str]] = {}
        self.chapter = self.row = ""
        self.run: list[str] = []
        self.open: list[tuple[str, Mode]] = [("", mode)]

    @property
    def mode(self) -> Mode:
        """What the text is that comes now."""
        return self.open[-1][1]

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Open an element; what it holds is what it stands in, unless the page says otherwise."""
        if tag in VOID:
            self.run.append(" " if tag == "br" else "")
            return
        given = {name: value or "" for name, value in attrs}
        if tag in BLOCKS:
            self._flush()
        if tag == "section" and given.get("id"):
            self.chapter = given["id"]
        if tag in ("header", "footer"):
            self.chapter = HEAD if tag == "header" else ""
        mode = self._mode_of(tag, given)
        if mode == "row":
            self.row = ""
        elif tag in ("td", "th") and mode == "story" and "".join(self.run).strip():
            self.run.append(" | ")
        self.open.append((tag, mode))

    def _mode_of(self, tag: str, given: Mapping[str, str]) -> Mode:
        """Return what the text of an element is."""
        names = set(given.get("class", "").split())
        if self.mode == "hidden" or tag in HIDDEN or names & LEFT_OUT:
            return "hidden"
        if self.mode == "other":
            if (tag == "h2" and self.chapter) or names & STORY:
                return "story"
            if tag == "th":
                return "row"
            if given.get("data-k") == REASON:
                return "reason"
        return self.mode

    def handle_endtag(self, tag: str) -> None:
        """Close an element, and all that was left open in it."""
        if tag not in {name for name, _ in self.open[1:]}:
            return
        if tag in BLOCKS or self.mode == "reason":
            self._flush()
        while self.open.pop()[0] != tag:
            pass

    def handle_data(self, data: str) -> None:
        """Keep text that people wrote, and the name of the row that it may explain."""
        if self.mode == "row":
            self.row += data
        elif self.mode in ("story", "reason"):
            self.run.append(data)

    def close(self) -> None:
        """Keep what stands behind the last element."""
        super().close()
        self._flush()

    def _flush(self) -> None:
        text, self.run = clean("".join(self.run)), []
        if text and self.mode == "reason":
            text = f"{clean(self.row)}: {text}"
        if text:
            self.found.setdefault(self.chapter, []).extend(split_block(text))
