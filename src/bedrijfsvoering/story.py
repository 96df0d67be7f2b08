"""The story of a chapter: Markdown whose numbers are references to figures, found, read and rendered."""

from __future__ import annotations

import re
from dataclasses import dataclass
from importlib.metadata import version
from pathlib import Path
from urllib.parse import unquote

from markdown_it.common.utils import unescapeAll

from .display import CHAPTER_MIME, Shown
from .errors import StoryError
from .figures import Figures
from .markdown import markdown_renderer
from .references import MARK, TOKEN, Tokens
from .sandbox import render_template, story_problem
from .texts import CONTROL

MAX_BYTES = 60_000
"""A chapter's story is some kilobytes; more than this is refused, and without loops what comes out stays as small."""
PRIVATE = re.compile("[\ue000-\uf8ff]")
"""Private-use characters, of which tokens and marks of lines are made."""
DEFAULTS = Path(__file__).parent / "stories"
"""Neutral stories made of figures alone, for chapters that the edition has no story for."""
ADDRESS = re.compile(r"https?://[^/]|mailto:|#", re.IGNORECASE)
"""What a link in a story can point at: another place, or this page."""


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
    told, explained = split_explained(render_template(source, figures, tokens, bestand))
    told = MARK.sub("", told)
    neutral = DEFAULTS / f"{hoofdstuk}.md"
    if explained.strip() and not DRAFT.sub("", told).strip() and neutral.exists():  # explanations alone are no story
        path, bestand, tokens = neutral, f"stories/{neutral.name}", Tokens(figures, hoofdstuk)
        told = MARK.sub("", render_template(read_story(path, bestand), figures, tokens, bestand))
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
    """Return the names of the stories that the edition has itself, in order; a file of no chapter is no story."""
    folder = figures.folder / "toelichting"
    names = sorted(path.stem for path in folder.glob("*.md")) if folder.is_dir() else []
    return [name for name in names if name in figures.hoofdstukken.namen]


def find_story(figures: Figures, hoofdstuk: str) -> tuple[Path, str]:
    """Return where the story of a chapter is, the edition's own or the neutral one, and how messages call it."""
    path = figures.folder / "toelichting" / f"{hoofdstuk}.md"
    if path.exists():
        return path, f"{figures.gemeente}/{figures.jaar}/toelichting/{hoofdstuk}.md"
    return DEFAULTS / f"{hoofdstuk}.md", f"stories/{hoofdstuk}.md"


def read_story(path: Path, bestand: str) -> str:
    """Return a story as it was written, without characters that a reader cannot see."""
    if not path.is_file():
        raise StoryError([story_problem("Dit is geen gewoon bestand.", bestand)])
    if path.stat().st_size > MAX_BYTES:
        raise StoryError([story_problem(f"De toelichting is groter dan {MAX_BYTES // 1000} kB.", bestand)])
    try:
        return CONTROL.sub("", path.read_text(encoding="utf-8-sig"))
    except UnicodeDecodeError:
        bericht = "Het bestand is geen UTF-8. Bewaar het opnieuw als UTF-8."
        raise StoryError([story_problem(bericht, bestand)]) from None


def split_story(text: str) -> tuple[str, str, str]:
    """Return the finding after `# `, the paragraphs under it, and all from the first `## ` on."""
    lines = text.splitlines()
    first = next((i for i, line in enumerate(lines) if line.strip()), 0)
    titel = lines[first][2:].strip() if lines and lines[first].startswith("# ") else ""
    begin = first + 1 if titel else first
    section = next((i for i in range(begin, len(lines)) if lines[i].startswith("## ")), len(lines))
    return titel, "\n".join(lines[begin:section]).strip(), "\n".join(lines[section:])


def rendered(text: str, tokens: Tokens, bestand: str, *, inline: bool = False, marks: bool = True) -> str:
    """Return Markdown as HTML with its figures; a figure cannot be a part of a link, its address or its title."""
    markdown = markdown_renderer()
    parsed = markdown.parseInline(text) if inline else markdown.parse(text)
    for token in parsed:
        linked = 0
        for one in (token, *(token.children or ())):
            linked += {"link_open": 1, "link_close": -1}.get(one.type, 0)
            parts = [unescapeAll(one.info), *(str(value) for value in one.attrs.values())]
            inside = linked and TOKEN.search(one.content)
            if inside or any(PRIVATE.search(unquote(part)) for part in parts):
                bericht = "Een cijfer kan niet in een link staan, ook niet in het adres of de titel. Zet het in de zin."
                raise StoryError([story_problem(bericht, bestand)])
            if one.type == "link_open" and not ADDRESS.match(str(one.attrGet("href"))):
                bericht = f"Een link begint met https:// of met #, niet zo: '{str(one.attrGet('href'))[:60]}'."
                raise StoryError([story_problem(bericht, bestand)])
    return tokens.fill(str(markdown.renderer.render(parsed, markdown.options, {})), marks)
