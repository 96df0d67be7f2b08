"""The story of a chapter: Markdown whose numbers are references to figures, rendered in a sandbox."""

from __future__ import annotations

import traceback
from collections.abc import Container, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import unquote

from jinja2 import StrictUndefined, TemplateError, TemplateSyntaxError, Undefined, nodes
from jinja2.sandbox import SandboxedEnvironment
from markdown_it import MarkdownIt

from .display import CHAPTER_MIME, Shown
from .errors import StoryError, nearest
from .figures import Figures
from .findings import Finding
from .references import OPEN, Names, Tokens, WrongReference, as_text, is_geld, story_names
from .results import FILTERS, FUNCTIONS
from .texts import CONTROL

MAX_BYTES = 200_000
"""A chapter's story is some kilobytes; more than this is refused, and without loops what comes out stays as small."""
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

    def __init__(self) -> None:
        super().__init__(undefined=StoryUndefined, autoescape=False, keep_trailing_newline=True, finalize=as_text)
        self.globals.clear()
        self.filters = dict(FILTERS)
        self.tests = {"defined": self.tests["defined"], "geld": is_geld}
        self.globals.update(FUNCTIONS)

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
        if not any(obj is function for function in FUNCTIONS.values()):
            raise WrongReference("alleen de functies uit de handleiding kunnen hier staan")
        return super().call(context, obj, *args, **kwargs)

    def read(self, source: str, without: Container[int | None] = ()) -> Any:
        """Return the template of a story that is made of what is allowed, without the references on some lines."""
        tree = self.parse(source)
        for node in tree.find_all(nodes.Node):
            bad = isinstance(node, nodes.Const) and isinstance(node.value, str) and CONTROL.search(node.value)
            if bad or not isinstance(node, (*ALLOWED, nodes.Keyword, nodes.Pair)):
                raise TemplateSyntaxError(NOT_ALLOWED, getattr(node, "lineno", 1))
        for output in tree.find_all(nodes.Output):
            output.nodes = [n for n in output.nodes if isinstance(n, nodes.TemplateData) or n.lineno not in without]
        return self.from_string(tree)


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

    Raises
    ------
    StoryError
        The story names a figure that does not exist (file, line and the nearest known name), or is broken.
    """
    folder = f"{figures.gemeente}/{figures.jaar}"
    path = figures.folder / "toelichting" / f"{hoofdstuk}.md"
    bestand = f"{folder}/toelichting/{hoofdstuk}.md"
    if not path.exists():
        path, bestand = DEFAULTS / f"{hoofdstuk}.md", f"stories/{hoofdstuk}.md"
    source = _read(path, bestand) if path.exists() else ""
    tokens = Tokens(figures)
    titel, lead, body = split_story(render_template(source, figures, tokens, bestand))
    chapter = {
        "hoofdstuk": hoofdstuk,
        "titel": tokens.fill(str(_markdown().renderInline(titel))),
        "jaar": figures.jaar,
        "gemeente": figures.source.gemeente,
        "document": figures.source.titel,
        "publicatiedatum": str(figures.source.publicatiedatum or ""),
    }
    lead_html, body_html = (_rendered(part, tokens, bestand) for part in (lead, body))
    head = f"<h2>{chapter['titel']}</h2>" if titel else ""
    return Story(
        lead=Shown(head + f'<div class="tekst">{lead_html}</div>', tokens.plain(f"{titel}\n{lead}"),
                   {CHAPTER_MIME: {**chapter, "lead": lead_html}}),
        body=Shown(f'<div class="tekst">{body_html}</div>' if body.strip() else "", tokens.plain(body)),
    )  # fmt: skip


def _read(path: Path, bestand: str) -> str:
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
    """Return the Markdown of a story with each reference replaced by a token for its figure.

    Raises
    ------
    StoryError
        Every line with a reference that cannot be filled in, at once.
    """
    problems: dict[int | None, Finding] = {}
    while True:
        try:
            template = StorySandbox().read(source, without=problems)
            text = str(template.render(**story_names(figures, tokens)))
        except TemplateSyntaxError as exc:
            problem = _fail(_told_syntax(exc), bestand, exc.lineno)
        except (SyntaxError, RecursionError, MemoryError):
            problem = _fail("Hier staan te veel keuzes (if) in elkaar. Maak er losse zinnen van.", bestand)
        except (TemplateError, TypeError, ValueError, ArithmeticError, LookupError) as exc:
            frames = [frame for frame in traceback.extract_tb(exc.__traceback__) if frame.filename == "<template>"]
            problem = _fail(_told(exc, figures), bestand, frames[-1].lineno if frames else None)
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


def _told(exc: Exception, figures: Figures) -> str:
    """Return in Dutch why a reference cannot be filled in, with the nearest known name where a name is unknown."""
    message = str(exc)
    if message.endswith("is undefined"):
        name = message.split("'")[1]
        known = [*figures.tables, *FUNCTIONS]
        return f"'{name}' bestaat niet.{nearest(name, known)} Bekend zijn: {', '.join(known)}."
    if isinstance(exc, WrongReference) or message.startswith(("'", "Hier kan", "alleen de")):
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
    markdown.add_render_rule("th_open", _head_cell)
    markdown.add_render_rule("heading_open", _heading)
    markdown.add_render_rule("heading_close", _heading)
    return markdown


def _head_cell(self: Any, tokens: Sequence[Any], index: int, options: Any, env: Any) -> str:
    style = tokens[index].attrGet("style")
    return f'<th scope="col" style="{style}">' if style else '<th scope="col">'


def _heading(self: Any, tokens: Sequence[Any], index: int, options: Any, env: Any) -> str:
    token = tokens[index]
    level = min(max(int(token.tag[1]) + 1, 3), 4)  # the chapter's own heading is the only h2
    return f"<h{level}>" if token.nesting == 1 else f"</h{level}>\n"


def markdown_html(source: str) -> str:
    """Return plain Markdown (a notebook's own text) as HTML, headings one level down."""
    return str(_markdown().render(CONTROL.sub("", source)))


def _rendered(text: str, tokens: Tokens, bestand: str) -> str:
    """Return Markdown as HTML with its figures; a figure cannot be a part of an address or of a title."""
    markdown = _markdown()
    parsed = markdown.parse(text)
    for token in parsed:
        inner = [token, *(token.children or ())]
        parts = [token.info, *(str(value) for one in inner for value in one.attrs.values())]
        if any(OPEN in unquote(part) for part in parts):
            bericht = "Een cijfer kan niet in het adres of de titel van een link staan. Zet het in de zin zelf."
            raise StoryError([_fail(bericht, bestand)])
    return tokens.fill(str(markdown.renderer.render(parsed, markdown.options, {})))


def _fail(bericht: str, bestand: str, regel: int | None = None) -> Finding:
    return Finding(code="TOELICHTING_ONJUIST", ernst="fout", bericht=bericht, bestand=bestand, regel=regel)
