"""The story of a chapter: Markdown whose numbers are references to figures, rendered in a sandbox."""

from __future__ import annotations

import re
import traceback
from collections.abc import Container, Sequence
from dataclasses import dataclass
from importlib.metadata import version
from math import isinf
from pathlib import Path
from typing import Any
from urllib.parse import unquote

from jinja2 import StrictUndefined, TemplateError, TemplateSyntaxError, Undefined, nodes
from jinja2.sandbox import SandboxedEnvironment
from markdown_it import MarkdownIt
from markdown_it.common.utils import unescapeAll

from .display import CHAPTER_MIME, Shown
from .errors import StoryError, nearest
from .figures import Figures
from .findings import Finding
from .references import (
    LINE_CLOSE,
    LINE_OPEN,
    MARK,
    TOKEN,
    Names,
    Tokens,
    WrongReference,
    as_text,
    is_geld,
    story_names,
)
from .results import FILTERS, story_functions
from .texts import CONTROL

MAX_BYTES = 60_000
"""A chapter's story is some kilobytes; more than this is refused, and without loops what comes out stays as small."""
PRIVATE = re.compile("[\ue000-\uf8ff]")
"""Private-use characters, of which tokens and marks of lines are made."""
DEFAULTS = Path(__file__).parent / "stories"
"""Neutral stories made of figures alone, for chapters that the edition has no story for."""


ALLOWED = (
    nodes.Template, nodes.Output, nodes.TemplateData, nodes.Name, nodes.Const, nodes.Getattr, nodes.Getitem, nodes.Call,
    nodes.Filter, nodes.If, nodes.CondExpr, nodes.Compare, nodes.Operand, nodes.And, nodes.Or, nodes.Not, nodes.Test,
    nodes.Neg,
)  # fmt: skip
"""What a story may be made of: names of figures, results of them, and choices. No loops, no arithmetic, no files."""


class StoryUndefined(StrictUndefined):
    """A name that is not there: it can be asked whether it is defined, part by part, and nothing else."""

    def __getattr__(self, name: str) -> Any:
        """Return the part of what is not there, which is not there either."""
        if name.startswith("__"):
            raise AttributeError(name)
        return self


class StorySandbox(SandboxedEnvironment):
    """A sandbox that knows figures and results only: nothing of Python can be reached from them."""

    def __init__(self, tokens: Tokens) -> None:
        super().__init__(undefined=StoryUndefined, autoescape=False, keep_trailing_newline=True, finalize=as_text)
        self.globals.clear()
        self.filters = dict(FILTERS)
        self.tests = {"defined": self.tests["defined"], "geld": is_geld}
        self.functions = story_functions(tokens)
        self.globals.update(self.functions)

    def getattr(self, obj: Any, attribute: Any) -> Any:
        """Look a name up in the figures; an unknown one is undefined, with the nearest known name as hint."""
        if isinstance(obj, Undefined):
            return obj
        if not isinstance(obj, Names):
            return self.undefined(hint="Hier kan geen onderdeel van worden genoemd.", obj=obj, name=str(attribute))
        found = obj.lookup(attribute) if isinstance(attribute, str) else None
        if found is not None:
            return found
        hint = f"'{obj.path}.{attribute}' bestaat niet.{nearest(str(attribute), obj.names())}"
        if attribute in obj.names():
            hint = f"'{obj.path}.{attribute}' is niet aangeleverd."
        return self.undefined(hint=hint, obj=obj, name=str(attribute))

    def getitem(self, obj: Any, argument: Any) -> Any:
        """Look `overhead['duo_plus']` up as `overhead.duo_plus`."""
        return self.getattr(obj, argument)

    def call(self, context: Any, obj: Any, *args: Any, **kwargs: Any) -> Any:
        """Call one of the known functions, and nothing else."""
        if isinstance(obj, Undefined):
            str(obj)  # raises what is wrong with the name
        if not any(obj is function for function in self.functions.values()):
            raise WrongReference("alleen de functies uit de handleiding kunnen hier staan")
        return super().call(context, obj, *args, **kwargs)

    def read(self, source: str, without: Container[int | None] = ()) -> Any:
        """Return the template of a story that is made of what is allowed, without the references on some lines."""
        tree = self.parse(source)
        for node in tree.find_all(nodes.Node):
            value = node.value if isinstance(node, nodes.Const) else None
            bad = (isinstance(value, str) and CONTROL.search(value)) or (isinstance(value, float) and isinf(value))
            if bad or not isinstance(node, (*ALLOWED, nodes.Keyword, nodes.Pair)):
                raise TemplateSyntaxError(NOT_ALLOWED, getattr(node, "lineno", 1))
        for text in tree.find_all(nodes.TemplateData):
            text.data = _with_lines(text.data, text.lineno)
        for output in tree.find_all(nodes.Output):
            output.nodes = [n for n in output.nodes if isinstance(n, nodes.TemplateData) or n.lineno not in without]
        return self.from_string(tree)


def _with_lines(text: str, regel: int) -> str:
    """Return a part of a story with a mark for the line of the file where each of its lines begins."""
    lines = text.split("\n")
    return "\n".join(f"{LINE_OPEN}{regel + index}{LINE_CLOSE}{line}" for index, line in enumerate(lines))


WIDE = 4
"""A table in a story of more columns than this may be wider than a phone."""
ADDRESS = re.compile(r"https?://[^/]|mailto:|#", re.IGNORECASE)
"""What a link in a story can point at: another place, or this page."""
NOT_ALLOWED = "dit kan hier niet"
MAX_TOLD = 20
"""Problems of one story that are told at once."""


@dataclass(frozen=True)
class Story:
    """The story of one chapter, ready to show.

    Attributes
    ----------
    lead
        The finding (from the line that begins with `#`) and the paragraphs under it; the page makes it the
        chapter's heading and introduction.
    body
        All that follows from the first `##` on.
    """

    lead: Shown
    body: Shown


def load_story(figures: Figures, hoofdstuk: str) -> Story:
    """Load the story of a chapter, its references filled in from the figures.

    One story per chapter; amounts in it are written in euro, without their sign.

    Parameters
    ----------
    figures
        The edition's figures.
    hoofdstuk
        The name of the chapter's notebook, such as `1-overhead`; the story is `toelichting/<hoofdstuk>.md`. Where the
        edition has none, a neutral one of figures alone is shown.

    Returns
    -------
    Story
        `lead`, the chapter's finding and introduction, and `body`, the rest; a cell shows each by its name.

    Raises
    ------
    StoryError
        The story names a figure that does not exist (file, line and the nearest known name), or is broken.
    """
    path, bestand = find_story(figures, hoofdstuk)
    source = read_story(path, bestand) if path.exists() else ""
    tokens = Tokens(figures, hoofdstuk)
    told, _ = split_explained(render_template(source, figures, tokens, bestand))
    told = MARK.sub("", told)
    titel, lead, body = split_story(DRAFT.sub("", told))
    chapter = {
        "hoofdstuk": hoofdstuk,
        "titel": rendered(titel, tokens, bestand, inline=True),
        "jaar": figures.jaar,
        "gemeente": figures.source.gemeente,
        "document": figures.source.titel,
        "andere_bron": "CBS, Iv3" if figures.reeks else "",
        "publicatiedatum": str(figures.source.publicatiedatum or ""),
        "versie": version("bedrijfsvoering"),
    }
    lead_html, body_html = (rendered(part, tokens, bestand) for part in (lead, body))
    lead_html = _draft_html(told, path) + lead_html
    body_html = (f'<div class="tekst">{body_html}</div>' if body.strip() else "") + tokens.notes()
    head = f"<h2>{chapter['titel']}</h2>" if titel else ""
    return Story(
        lead=Shown(head + f'<div class="tekst">{lead_html}</div>', tokens.plain(f"{titel}\n{lead}"),
                   {CHAPTER_MIME: {**chapter, "lead": lead_html}}),
        body=Shown(body_html, tokens.plain(body)),
    )  # fmt: skip


EXPLAINED = re.compile(
    rf"^[^\S\n]*(?:{MARK.pattern})*(?P<level>#{{1,4}}) +toelichting op verschillen[: #]*$", re.IGNORECASE | re.MULTILINE
)
"""The heading of the part of a story that explains single lines; it is shown in the table of those lines."""


def split_explained(text: str) -> tuple[str, str]:
    """Return a story without the parts that explain single lines, and those parts without their headings."""
    explained = ""
    while match := EXPLAINED.search(text):
        level = len(match["level"])
        end = re.compile(rf"^(?:{MARK.pattern})*#{{1,{level}}} ", re.MULTILINE).search(text, match.end())
        stop = end.start() if end else len(text)
        explained += text[match.end() : stop] + "\n"
        text = text[: match.start()] + text[stop:]
    return text, explained


DRAFT = re.compile(r"^[^\S\n]*\[concept\][^\S\n]*$", re.IGNORECASE | re.MULTILINE)
"""The line in a story that no person has read yet."""


def _draft_html(told: str, path: Path) -> str:
    """Return what the page says of a text that no person has read yet, or nothing (HTML)."""
    if DRAFT.search(told):
        notice = "Concept: deze tekst is nog niet nagelezen."
    elif path.parent == DEFAULTS and told.strip():
        notice = "Concept: deze zinnen heeft het programma uit de cijfers gemaakt."
    else:
        return ""
    return f'<p class="concept"><strong>{notice}</strong></p>'


def own_stories(figures: Figures) -> list[str]:
    """Return the names of the stories that the edition has itself, in order."""
    folder = figures.folder / "toelichting"
    return sorted(path.stem for path in folder.glob("*.md")) if folder.is_dir() else []


def find_story(figures: Figures, hoofdstuk: str) -> tuple[Path, str]:
    """Return where the story of a chapter is, the edition's own or the neutral one, and how messages call it."""
    path = figures.folder / "toelichting" / f"{hoofdstuk}.md"
    if path.exists():
        return path, f"{figures.gemeente}/{figures.jaar}/toelichting/{hoofdstuk}.md"
    return DEFAULTS / f"{hoofdstuk}.md", f"stories/{hoofdstuk}.md"


def read_story(path: Path, bestand: str) -> str:
    """Return a story as it was written, without characters that a reader cannot see."""
    if not path.is_file():
        raise StoryError([_fail("Dit is geen gewoon bestand.", bestand)])
    if path.stat().st_size > MAX_BYTES:
        raise StoryError([_fail(f"De toelichting is groter dan {MAX_BYTES // 1000} kB.", bestand)])
    try:
        return CONTROL.sub("", path.read_text(encoding="utf-8-sig"))
    except UnicodeDecodeError:
        bericht = "Het bestand is geen UTF-8. Bewaar het opnieuw als UTF-8."
        raise StoryError([_fail(bericht, bestand)]) from None


def render_template(source: str, figures: Figures, tokens: Tokens, bestand: str) -> str:
    """Return the Markdown of a story: a token for each figure, and a mark for each line of the file.

    Raises
    ------
    StoryError
        Every line with a reference that cannot be filled in, at once.
    """
    problems: dict[int | None, Finding] = {}
    while True:
        try:
            template = StorySandbox(tokens).read(source, without=problems)
            text = str(template.render(**story_names(figures, tokens)))
        except TemplateSyntaxError as exc:
            problem = _fail(_told_syntax(exc), bestand, exc.lineno)
        except (SyntaxError, RecursionError, MemoryError):
            problem = _fail("Hier staat te veel in elkaar, zoals keuzes (if). Maak er losse zinnen van.", bestand)
        except (TemplateError, TypeError, ValueError, ArithmeticError, LookupError) as exc:
            frames = [frame for frame in traceback.extract_tb(exc.__traceback__) if frame.filename == "<template>"]
            problem = _fail(_told(exc, tokens), bestand, frames[-1].lineno if frames else None)
        else:
            if not problems:
                return text
            raise StoryError(problems.values())
        if problem.regel is None or problem.regel in problems or len(problems) >= MAX_TOLD:
            raise StoryError([*problems.values(), *([] if problem.regel in problems else [problem])])
        problems[problem.regel] = problem


def _told_syntax(exc: TemplateSyntaxError) -> str:
    """Return in Dutch why a reference cannot be read."""
    message = exc.message or ""
    if message == NOT_ALLOWED:
        return "Dit kan hier niet: alleen cijfers, resultaten en keuzes (if) kunnen in een toelichting staan."
    if message.startswith("No filter named"):
        name = message.split("'")[1]
        return f"'| {name}' bestaat niet.{nearest(name, list(FILTERS))} Bekend zijn: {', '.join(FILTERS)}."
    return "De verwijzing is niet goed geschreven. Controleer de accolades, de haakjes en de punten."


def _told(exc: Exception, tokens: Tokens) -> str:
    """Return in Dutch why a reference cannot be filled in, with the nearest known name where a name is unknown."""
    message = str(exc)
    if message.endswith("is undefined"):
        name = message.split("'")[1]
        known = [*tokens.figures.tables, *story_functions(tokens)]
        return f"'{name}' bestaat niet.{nearest(name, known)} Bekend zijn: {', '.join(known)}."
    ours = not isinstance(exc, TypeError) and message.startswith(("'", "Hier kan"))
    if isinstance(exc, WrongReference) or ours:
        return message[:1].upper() + message[1:] + ("" if message.endswith((".", "?")) else ".")
    return "De verwijzing kan niet worden gelezen: zo is zij niet bedoeld. De handleiding noemt wat kan."


def split_story(text: str) -> tuple[str, str, str]:
    """Return the finding after `# `, the paragraphs under it, and all from the first `## ` on."""
    lines = text.splitlines()
    first = next((i for i, line in enumerate(lines) if line.strip()), 0)
    titel = lines[first][2:].strip() if lines and lines[first].startswith("# ") else ""
    begin = first + 1 if titel else first
    section = next((i for i in range(begin, len(lines)) if lines[i].startswith("## ")), len(lines))
    return titel, "\n".join(lines[begin:section]).strip(), "\n".join(lines[section:])


def _markdown() -> MarkdownIt:
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
    return str(_markdown().render(CONTROL.sub("", source)))


def rendered(text: str, tokens: Tokens, bestand: str, *, inline: bool = False, marks: bool = True) -> str:
    """Return Markdown as HTML with its figures; a figure cannot be a part of a link, its address or its title."""
    markdown = _markdown()
    parsed = markdown.parseInline(text) if inline else markdown.parse(text)
    for token in parsed:
        linked = 0
        for one in (token, *(token.children or ())):
            linked += {"link_open": 1, "link_close": -1}.get(one.type, 0)
            parts = [unescapeAll(one.info), *(str(value) for value in one.attrs.values())]
            inside = linked and TOKEN.search(one.content)
            if inside or any(PRIVATE.search(unquote(part)) for part in parts):
                bericht = "Een cijfer kan niet in een link staan, ook niet in het adres of de titel. Zet het in de zin."
                raise StoryError([_fail(bericht, bestand)])
            if one.type == "link_open" and not ADDRESS.match(str(one.attrGet("href"))):
                bericht = f"Een link begint met https:// of met #, niet zo: '{str(one.attrGet('href'))[:60]}'."
                raise StoryError([_fail(bericht, bestand)])
    return tokens.fill(str(markdown.renderer.render(parsed, markdown.options, {})), marks)


def _fail(bericht: str, bestand: str, regel: int | None = None) -> Finding:
    return Finding(code="TOELICHTING_ONJUIST", ernst="fout", bericht=bericht, bestand=bestand, regel=regel)
