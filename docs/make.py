"""The handbook as pages: each Markdown file in docs/ becomes HTML beside it, whole without a script or a network.

`make docs` runs this; the pages are committed, so that a double click on `docs/index.html` opens them. `index.md` is
also the navigation: its headings are the groups, and the links in its lists are the pages.
"""

from __future__ import annotations

import re
import struct
import sys
from dataclasses import dataclass
from functools import cache
from html import escape
from itertools import pairwise
from pathlib import Path
from urllib.parse import unquote

from markdown_it import MarkdownIt
from markdown_it.renderer import RendererHTML
from markdown_it.token import Token

DOCS = Path(__file__).parent
ICON = DOCS.parent / "src" / "bedrijfsvoering" / "templates" / "bedrijfsvoering" / "icon.txt"
COMMENT = re.compile(r"^<!--.*?-->\n?", re.MULTILINE | re.DOTALL)
"""What a source says to the tests (`tests/handbook.py`) and not to a reader."""
AWAY = re.compile(r"[a-z]+:", re.IGNORECASE)
"""A link with a scheme leads out of the handbook."""
LONG = 3
"""A page with so many headings of the second level says at its top what is on it."""
POLICY = "default-src 'none'; style-src 'self' file:; img-src 'self' file: data:; base-uri 'none'; form-action 'none'"
"""One stylesheet and the pictures beside it, and nothing else; `file:` is for browsers to which a disk has no self."""
WORDS = {
    "nl": {"skip": "Naar de inhoud", "menu": "Alle pagina's", "here": "Op deze pagina", "book": "Handboek"},
    "en": {"skip": "Skip to content", "menu": "All pages", "here": "On this page", "book": "Handbook"},
}


class BrokenLink(Exception):
    """A page points at what is not there, or is pointed at by nothing."""


@dataclass(frozen=True)
class Page:
    """One page: its source, and what the Markdown parser made of it."""

    path: Path
    tokens: list[Token]

    @property
    def name(self) -> str:
        """What links call it: its path in docs/, such as `decisions/0001-teken.md`."""
        return self.path.relative_to(DOCS).as_posix()

    @property
    def title(self) -> str:
        """Its one heading of the first level."""
        return next(text for level, text, _ in headings(self.tokens) if level == 1)

    @property
    def lang(self) -> str:
        """Its language: a Dutch page says in its first line `Voor …`."""
        at = next(number for number, one in enumerate(self.tokens) if one.type == "paragraph_open")
        return "nl" if self.tokens[at + 1].content.startswith("**Voor ") else "en"


def slug(text: str) -> str:
    """Return the id of a heading as GitHub makes it, so that a link to it holds in both places."""
    return re.sub(r"[^\w\- ]", "", text.strip().lower()).replace(" ", "-")


def headings(tokens: list[Token]) -> list[tuple[int, str, str]]:
    """Return level, text and id of every heading; the second of one name gets `-1`, as on GitHub."""
    found, seen = [], dict[str, int]()
    for opened, inline in pairwise(tokens):
        if opened.type == "heading_open":
            text = "".join(one.content for one in inline.children or [] if one.type in ("text", "code_inline"))
            ident = slug(text)
            seen[ident] = seen.get(ident, -1) + 1
            found.append((int(opened.tag[1]), text, f"{ident}-{seen[ident]}" if seen[ident] else ident))
    return found


class Renderer(RendererHTML):
    """Markdown as the handbook shows it: tables that fold on a phone, code that says what it is, sized pictures."""

    def heading_open(self, tokens: list[Token], idx: int, options: object, env: dict[str, object]) -> str:
        """Give a heading its id."""
        number = sum(one.type == "heading_open" for one in tokens[:idx])
        return f'<{tokens[idx].tag} id="{escape(headings(tokens)[number][2])}">'

    def fence(self, tokens: list[Token], idx: int, options: object, env: dict[str, object]) -> str:
        """Show a block of code; a file that it stands for is named above it, and a drawing is never wrapped."""
        kind, _, rest = tokens[idx].info.partition(" ")
        named = f'<p class="bestand">{escape(rest)}</p>' if "/" in rest or "." in rest else ""
        drawn = kind in ("tree", "plan")
        reach = ' tabindex="0" role="region" aria-label="schema"' if drawn else ""
        return f'{named}<pre class="{kind}"{reach}><code>{escape(tokens[idx].content, quote=False)}</code></pre>\n'

    def table_open(self, tokens: list[Token], idx: int, options: object, env: dict[str, object]) -> str:
        """Begin a table whose roles survive a phone, where its rows are laid out as cards."""
        heads = [tokens[at + 1].children or [] for at in range(idx, len(tokens)) if tokens[at].type == "th_open"]
        env["heads"] = ["".join(one.content for one in head) for head in heads]
        return '<table role="table">\n'

    def tr_open(self, tokens: list[Token], idx: int, options: object, env: dict[str, object]) -> str:
        """Begin a row."""
        env["column"] = 0
        return '<tr role="row">'

    def thead_open(self, tokens: list[Token], idx: int, options: object, env: dict[str, object]) -> str:
        """Begin the head of a table."""
        return '<thead role="rowgroup">\n'

    def tbody_open(self, tokens: list[Token], idx: int, options: object, env: dict[str, object]) -> str:
        """Begin the body of a table."""
        return '<tbody role="rowgroup">\n'

    def th_open(self, tokens: list[Token], idx: int, options: object, env: dict[str, object]) -> str:
        """Begin the head of a column."""
        return '<th scope="col" role="columnheader">'

    def td_open(self, tokens: list[Token], idx: int, options: object, env: dict[str, object]) -> str:
        """Begin a cell: the first names its row, each other one says on a phone what column it is of."""
        column = env["column"] = int(str(env["column"])) + 1
        if column == 1:
            return '<th scope="row" role="rowheader">'
        heads = env["heads"]
        assert isinstance(heads, list)
        return f'<td role="cell" data-k="{escape(heads[column - 1])}">'

    def td_close(self, tokens: list[Token], idx: int, options: object, env: dict[str, object]) -> str:
        """End a cell."""
        return "</th>" if env["column"] == 1 else "</td>"

    def image(self, tokens: list[Token], idx: int, options: object, env: dict[str, object]) -> str:
        """Show a picture with its size, so that nothing jumps while it loads."""
        src, page = str(tokens[idx].attrs["src"]), env["page"]
        assert isinstance(page, Page)
        wide, high = png_size(page.path.parent / src)
        alt = escape("".join(one.content for one in tokens[idx].children or []))
        return f'<img src="{escape(src)}" alt="{alt}" width="{wide}" height="{high}" loading="lazy">'

    def link_open(self, tokens: list[Token], idx: int, options: object, env: dict[str, object]) -> str:
        """Begin a link; one to another page leads to its HTML and says its language where that is another."""
        href, page = str(tokens[idx].attrs["href"]), env["page"]
        assert isinstance(page, Page)
        if AWAY.match(href):
            return f'<a href="{escape(href)}">'
        target = target_of(page, href)
        if target is None or target.lang == page.lang:
            return f'<a href="{escape(as_html(href))}">'
        named = f' lang="{target.lang}"' if tokens[idx + 1].content == target.title else ""
        return f'<a href="{escape(as_html(href))}" hreflang="{target.lang}"{named}>'


def as_html(href: str) -> str:
    """Return a link to a page as a link to its HTML."""
    return re.sub(r"\.md(?=#|$)", ".html", href)


def png_size(path: Path) -> tuple[int, int]:
    """Return width and height of a PNG."""
    if not path.is_file():
        raise BrokenLink(f"{path.name} is er niet; `make pictures` maakt de beelden.")
    wide, high = struct.unpack(">II", path.read_bytes()[16:24])
    return wide, high


@cache
def parser() -> MarkdownIt:
    """Return the Markdown parser: no HTML of the author's own, Dutch quotation marks."""
    options = {"html": False, "typographer": True, "quotes": "“”‘’"}
    return MarkdownIt("commonmark", options, renderer_cls=Renderer).enable(["table", "smartquotes"])


@cache
def pages() -> dict[str, Page]:
    """Return every page by its name."""
    paths = [*sorted(DOCS.glob("*.md")), *sorted((DOCS / "decisions").glob("*.md"))]
    read = [Page(path, parser().parse(COMMENT.sub("", path.read_text(encoding="utf-8")))) for path in paths]
    return {page.name: page for page in read}


def target_of(page: Page, href: str) -> Page | None:
    """Return the page that a link leads to, or None for another file; what is not there is refused, a heading too."""
    path, _, part = href.partition("#")
    place = (page.path.parent / unquote(path)).resolve() if path else page.path
    if not place.is_relative_to(DOCS) or not place.is_file():
        raise BrokenLink(f"{page.name}: {href} is er niet, of staat niet in docs/.")
    target = pages().get(place.relative_to(DOCS).as_posix())
    if part and (target is None or part not in {ident for _, _, ident in headings(target.tokens)}):
        raise BrokenLink(f"{page.name}: {href} noemt een kop die er niet is.")
    return target


def navigation() -> list[tuple[str, list[tuple[str, str]]]]:
    """Return the groups of `index.md`: each heading with the name and the text of every page listed under it."""
    groups: list[tuple[str, list[tuple[str, str]]]] = []
    index, in_list = pages()["index.md"], 0
    for number, token in enumerate(index.tokens):
        in_list += token.nesting if token.type.startswith("bullet_list") else 0
        if token.type == "heading_open" and token.tag == "h2":
            groups.append((index.tokens[number + 1].content, []))
        elif token.type == "inline" and in_list:
            first, text = (token.children or [])[:2]
            if first.type == "link_open" and (target := target_of(index, str(first.attrs["href"]))):
                groups[-1][1].append((target.name, text.content))
    listed = {name for _, links in groups for name, _ in links}
    if lost := sorted(name for name in pages() if name not in listed | {"index.md"} and "/" not in name):
        raise BrokenLink(f"index.md noemt niet elke pagina: {', '.join(lost)}.")
    return [(heading, links) for heading, links in groups if links]


def render(page: Page) -> str:
    """Return a page as HTML."""
    words, up = WORDS[page.lang], "../" * page.name.count("/")
    body = parser().renderer.render(page.tokens, parser().options, {"page": page})
    head, rest = body.split("</p>\n", 1)  # the heading, and for whom the page is
    book = f"{WORDS['nl']['book']} bedrijfsvoering"
    title = page.title if page.title == book else f"{page.title} - {words['book']} bedrijfsvoering"
    return f"""<!doctype html>
<html lang="{page.lang}">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta http-equiv="Content-Security-Policy" content="{POLICY}">
<title>{escape(title)}</title>
<meta name="color-scheme" content="light dark">
<link rel="icon" href="{ICON.read_text(encoding="utf-8").strip()}">
<link rel="stylesheet" href="{up}pagina.css">
</head>
<body>
<a class="skip" href="#inhoud">{words["skip"]}</a>
<header><p lang="nl"><a href="{up}index.html">{book}</a></p>
<p class="naar-menu"><a href="#menu">{words["menu"]}</a></p></header>
<div class="blad">
<main id="inhoud" tabindex="-1">
{head}</p>
{_contents(page)}{rest}</main>
{_menu(page, up)}
</div>
</body>
</html>
"""


def _contents(page: Page) -> str:
    """Return what is on a long page."""
    found = [(text, ident) for level, text, ident in headings(page.tokens) if level == 2]
    if len(found) < LONG or page.name == "index.md":
        return ""
    items = "".join(f'<li><a href="#{ident}">{escape(text)}</a></li>' for text, ident in found)
    here = WORDS[page.lang]["here"]
    return f'<nav class="inhoud" aria-label="{here}"><p>{here}</p><ul>{items}</ul></nav>\n'


def _menu(page: Page, up: str) -> str:
    """Return the navigation: beside the page, and under it on a phone."""
    parts = []
    for heading, links in navigation():
        items = []
        for name, text in links:
            here = ' aria-current="page"' if name == page.name else ""
            lang = f' lang="{pages()[name].lang}"' if pages()[name].lang != "nl" else ""
            items.append(f'<li><a href="{up}{as_html(name)}"{here}{lang}>{escape(text)}</a></li>')
        parts.append(f"<p>{escape(heading)}</p>\n<ul>{''.join(items)}</ul>")
    return '<nav id="menu" lang="nl" aria-label="Handboek">\n' + "\n".join(parts) + "\n</nav>"


def api_reference() -> None:
    """Write `api.md` from the docstrings, where the module that makes it is there."""
    if (DOCS / "api_page.py").is_file():
        sys.path.insert(0, str(DOCS))
        from api_page import api_page

        (DOCS / "api.md").write_text(api_page(), encoding="utf-8", newline="\n")


def main() -> int:
    """Write every page, and take away the HTML of pages that are no more."""
    api_reference()
    try:
        made = {page.path.with_suffix(".html"): render(page) for page in pages().values()}
    except BrokenLink as exc:
        print(exc, file=sys.stderr)
        return 2
    for path, html in made.items():
        path.write_text(html, encoding="utf-8", newline="\n")
    for path in {*DOCS.glob("*.html"), *DOCS.glob("decisions/*.html")} - set(made):
        path.unlink()
    print(f"{len(made)} pagina's; open {DOCS / 'index.html'}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
