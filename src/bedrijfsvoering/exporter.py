"""The nbconvert exporter: executed chapters become ONE page (`jupyter nbconvert --to bedrijfsvoering x.ipynb`)."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from html import escape
from pathlib import Path
from typing import Any

from babel.dates import format_date
from nbconvert.exporters.templateexporter import TemplateExporter
from nbformat import NotebookNode
from traitlets import Unicode, default

from .csp import in_script, page_csp
from .display import CHAPTER_MIME, DOWNLOAD, MISSING_MIME, NOTHING_MIME, NUMBER
from .errors import ChapterError, first_line
from .figure import UNNUMBERED, drawings_of, figure_html, rows_of
from .findings import Finding
from .markdown import markdown_html
from .periods import parse_period
from .svg import Draw, draw
from .texts import join_words

CHAPTER_KEY = "hoofdstuk"
"""Cell metadata that says which chapter a cell of a merged notebook belongs to."""
WORKBOOK = "cijfers/cijfers.xlsx"
"""Where all tables stand together, beside the page."""
CONTENT = ("<table", "<figure", "<dl", "<p", "<pre", "<img")
"""What a chapter can say something with; one with none of these says in one line that nothing was delivered."""
HIDDEN_TAGS = {"parameters", "injected-parameters", "remove-cell"}
NOTES = re.compile(r'<div class="bronnen[ "].*?</div>', re.DOTALL)
VEGALITE = re.compile(r"application/vnd\.vegalite\.v\d+[+.]json")
LINK = re.compile(
    r'<a(?: class="cijfer(?: eigen)?")? href="#([^"]+)"(?: (?:aria-description|title)="[^"]*")?>(.*?)</a>', re.DOTALL
)


@dataclass
class Chapter:
    """One chapter of the page; all but `hoofdstuk`, `naam` and what is missing is HTML.

    `naam` is the notebook's own heading and stands in the navigation, `titel` is the finding of the story. `absent`
    names what is not there, each with the reason.
    """

    hoofdstuk: str
    naam: str = ""
    titel: str = ""
    waarover: str = ""
    lead: str = ""
    meta: dict[str, Any] = field(default_factory=dict)
    absent: list[tuple[str, str]] = field(default_factory=list)
    blocks: list[str] = field(default_factory=list)

    @property
    def missing(self) -> list[str]:
        """What is not there, in one line per reason: `Niet aangeleverd: cijfers van andere jaren en mijlpalen.`"""
        told = []
        for why in dict.fromkeys(why for _, why in self.absent):
            names = list(dict.fromkeys(name for name, reason in self.absent if reason == why))
            inside = [name if name[:2].isupper() else name[:1].lower() + name[1:] for name in names]
            line = f"{names[0]}: {why}" if len(names) == 1 else f"{why[:1].upper()}{why[1:]}: {join_words(inside)}"
            told.append(f"{line}.")
        return told


class BedrijfsvoeringExporter(TemplateExporter):
    """Makes the page from one executed chapter, or from all of them merged by `merge_chapters`."""

    export_from_notebook = "Bedrijfsvoering"
    output_mimetype = "text/html"
    language_code = Unicode("nl", help="Taal van de pagina").tag(config=True)

    @default("file_extension")
    def _file_extension_default(self) -> str:
        return ".html"

    @default("template_name")
    def _template_name_default(self) -> str:
        return "bedrijfsvoering"

    @default("extra_template_basedirs")
    def _extra_template_basedirs_default(self) -> list[str]:
        return [str(Path(__file__).parent / "templates")]

    def default_filters(self) -> Any:
        """Add what the template needs to nbconvert's own filters."""
        yield from super().default_filters()
        yield ("css_string", css_string)
        yield ("linked_data", linked_data)
        yield ("page_csp", page_csp)

    def from_notebook_node(  # type: ignore[override]  # nbconvert's own exporters return text as well
        self, nb: NotebookNode, resources: dict[str, Any] | None = None, **kw: Any
    ) -> tuple[str, dict[str, Any]]:
        """Return the page of an executed notebook.

        Raises
        ------
        ChapterError
            A cell ended in an error; a page of half a chapter is not made.
        """
        resources = dict(resources or {})
        name = resources.get("metadata", {}).get("name") or "hoofdstuk"
        drawn = resources.pop("draw", draw)
        page = page_of(chapters_of(nb, re.sub(r"[^\w-]+", "-", name), drawn))
        bare = NotebookNode(cells=[], metadata=nb.metadata, nbformat=nb.nbformat, nbformat_minor=nb.nbformat_minor)
        html, resources = super().from_notebook_node(  # nothing of the cells is needed any more, and it copies them
            bare, {"downloads": [], **resources, "page": page, "language_code": self.language_code}, **kw
        )
        return finish(html, resources["downloads"]), resources


def merge_chapters(chapters: Mapping[str, NotebookNode]) -> NotebookNode:
    """Return one notebook of several executed chapters; each cell says to which it belongs."""
    cells = []
    for hoofdstuk, nb in chapters.items():
        for cell in nb.cells:
            copy = NotebookNode(cell)
            copy.metadata = NotebookNode({**cell.metadata, CHAPTER_KEY: hoofdstuk})
            copy.id = f"{hoofdstuk}-{cell.id}"[:64]
            cells.append(copy)
    first = next(iter(chapters.values()))
    return NotebookNode(cells=cells, metadata=first.metadata, nbformat=4, nbformat_minor=5)


def chapters_of(nb: NotebookNode, name: str, draw: Draw = draw) -> list[Chapter]:
    """Return the chapters of a notebook, in the order of their cells."""
    cells: dict[str, list[NotebookNode]] = {}
    for cell in nb.cells:
        cells.setdefault(cell.metadata.get(CHAPTER_KEY, name), []).append(cell)
    return [_chapter(hoofdstuk, own, draw) for hoofdstuk, own in cells.items()]


def _chapter(hoofdstuk: str, cells: Sequence[NotebookNode], draw: Draw) -> Chapter:
    chapter = Chapter(hoofdstuk, naam=hoofdstuk)
    heading: list[str] = []
    absent = False  # whether what the text speaks of was not delivered
    for cell in cells:
        if HIDDEN_TAGS & set(cell.metadata.get("tags", [])):
            _refuse_error(hoofdstuk, cell)
        elif cell.cell_type == "markdown":
            source = cell.source.strip()
            if source.startswith("# "):
                chapter.naam, _, about = source[2:].partition("\n")
                chapter.waarover = markdown_html(about)
            elif source.startswith("##") and "\n" not in source:
                heading, absent = [markdown_html(source)], False
            elif not absent:
                chapter.blocks += [*heading, markdown_html(source)]
                heading = []
        elif cell.cell_type == "code":
            _refuse_error(hoofdstuk, cell)
            shown = _outputs(chapter, cell, draw)
            absent = any(MISSING_MIME in output.get("data", {}) for output in cell.get("outputs", []))
            if not NOTES.sub("", "".join(shown)).strip():
                chapter.blocks += shown  # sources alone, which have no part in what a heading is above
            elif shown:
                titled = "opschrift" in shown[0] or "<figcaption" in shown[0]  # it says itself what it is
                before = [block for block in chapter.blocks if "<h3" in block] or chapter.blocks[-1:]
                within = any("<h3" in block or block.startswith("<p") for block in before)  # and ends what was told
                chapter.blocks += [*([] if titled and not within else heading), *shown]
                heading = []
    notes = [found for block in chapter.blocks for found in NOTES.findall(block)]
    chapter.blocks = [*(NOTES.sub("", block) for block in chapter.blocks), *notes]  # the sources of a story come last
    chapter.titel = chapter.titel or escape(chapter.naam)
    if chapter.lead:
        chapter.waarover = ""  # the story says what the chapter is about
    if not chapter.lead and not any(mark in block for block in chapter.blocks for mark in CONTENT):
        chapter.absent, chapter.blocks = chapter.absent or [(chapter.naam, "niets aangeleverd")], []
    return chapter


def _figure(chapter: Chapter, spec: Mapping[str, Any], draw: Draw) -> str:
    try:
        return figure_html(spec, chapter.meta, draw)
    except ValueError as exc:  # an analyst's own chart, of a kind that the library does not know
        bericht = f"Een grafiek kan niet worden getekend: {first_line(exc)}"
        finding = Finding(code="HOOFDSTUK_MISLUKT", ernst="fout", bericht=bericht, bestand=chapter.hoofdstuk)
        raise ChapterError([finding]) from None


def chart_in(output: Mapping[str, Any]) -> Mapping[str, Any] | None:
    """Return the chart that an output of a cell shows, if it shows one."""
    bundle = output.get("data", {})
    return next((bundle[kind] for kind in bundle if VEGALITE.fullmatch(kind)), None)


def drawings_in(nb: NotebookNode) -> Iterator[tuple[Mapping[str, Any], Mapping[str, str]]]:
    """Yield each drawing that the page of a notebook will ask for, and the rows of its marks."""
    shown = [cell for cell in nb.cells if not HIDDEN_TAGS & set(cell.metadata.get("tags", []))]
    for output in (output for cell in shown for output in cell.get("outputs", [])):
        if spec := chart_in(output):
            for drawing in drawings_of(spec).values():
                yield drawing, rows_of(spec)


def _refuse_error(hoofdstuk: str, cell: NotebookNode) -> None:
    for output in cell.get("outputs", []):
        if output.output_type == "error":
            bericht = f"Een cel is gestopt met een fout: {output.ename}: {output.evalue}"
            raise ChapterError([Finding(code="HOOFDSTUK_MISLUKT", ernst="fout", bericht=bericht, bestand=hoofdstuk)])


def _outputs(chapter: Chapter, cell: NotebookNode, draw: Draw) -> list[str]:
    """Return what a code cell shows on the page (HTML); what the chapter's head needs goes to the chapter."""
    shown = []
    for output in cell.get("outputs", []):
        bundle = output.get("data", {})
        if output.output_type == "stream":
            shown += [f"<pre>{escape(output.text)}</pre>"] if output.name == "stdout" else []
        elif CHAPTER_MIME in bundle:
            meta = bundle[CHAPTER_MIME]
            chapter.meta, chapter.titel, chapter.lead = meta, meta["titel"], meta["lead"]
        elif MISSING_MIME in bundle:
            told = bundle[MISSING_MIME]
            chapter.absent.append((told["titel"], told["waarom"]))
        elif NOTHING_MIME in bundle:
            continue
        elif spec := chart_in(output):
            shown.append(_figure(chapter, spec, draw))
        elif "text/html" in bundle:
            shown += [unstyled(bundle["text/html"])] if bundle["text/html"] else []
        elif "text/markdown" in bundle:
            shown.append(markdown_html(bundle["text/markdown"]))
        elif "image/png" in bundle:
            alt = escape(cell.metadata.get("alt", "Afbeelding zonder beschrijving"))
            shown.append(f'<img alt="{alt}" src="data:image/png;base64,{bundle["image/png"].strip()}">')
        elif "text/plain" in bundle:
            shown.append(f"<pre>{escape(bundle['text/plain'])}</pre>")
    return shown


def page_of(chapters: Sequence[Chapter]) -> dict[str, Any]:
    """Return the head and the foot of the page; the summary's introduction is the page's standfirst."""
    meta = next((chapter.meta for chapter in chapters if chapter.meta), {})
    jaar, gemeente = meta.get("jaar", ""), meta.get("gemeente", "")
    kop = f"Paragraaf bedrijfsvoering {jaar}".strip()
    stand = ""
    if chapters and chapters[0].hoofdstuk.startswith("0-") and len(chapters) > 1:
        stand, chapters[0].lead = chapters[0].lead, ""
    published = parse_period(meta.get("publicatiedatum", ""))
    names = ", ".join(chapter.naam.lower() for chapter in chapters[1:-1]) or kop
    return {
        "titel": f"{kop}, {gemeente}" if gemeente else kop,
        "beschrijving": f"{gemeente} {jaar}: {names}, met controle van elk cijfer.",
        "wie": " · ".join(part for part in (gemeente, str(meta.get("document", "")).lower()) if part),
        "kop": kop,
        "meta": meta,
        "stand": stand,
        "chapters": chapters,
        "voettekst": f"{gemeente}, {kop[0].lower()}{kop[1:]}" if gemeente else kop,
        "publicatiedatum": format_date(published.first, "d MMMM y", locale="nl") if published else "",
    }


FRAME = re.compile(r'<table class="dataframe">.*?</table>', re.DOTALL)
"""A plain frame of pandas: it may have any number of columns."""
IN_A_BOX = '<div class="schuif" role="region" tabindex="0" aria-label="Tabel, schuifbaar">'
"""Around what may be wider than the page: it scrolls by itself, with the keyboard too."""


def unstyled(html: str) -> str:
    """Return a cell's HTML without styles and scripts of its own (as a plain frame has them): the page has its own."""
    bare = re.sub(r"<(style|script)\b.*?</\1>", "", html, flags=re.DOTALL | re.IGNORECASE)
    plain = re.sub(r"<[a-z][^<>]*>", lambda tag: re.sub(r'\s(style|border)="[^"]*"', "", tag[0]), bare)
    return FRAME.sub(lambda frame: f"{IN_A_BOX}{frame[0].replace('<th></th>', '<td></td>')}</div>", plain)


def finish(html: str, downloads: Sequence[tuple[str, str]] = ()) -> str:
    """Number tables and figures in the order of the page, add their downloads, and unlink what points at nothing."""
    html = _numbered(html)
    files = {Path(href).stem: href for href, _ in downloads if href.endswith(".csv")}
    html = re.sub(DOWNLOAD.format('([^"]*)'), lambda found: _download(files.get(found[1])), html)
    ids = set(re.findall(r'\sid="([^"]+)"', html))
    return LINK.sub(lambda match: match[0] if match[1] in ids else match[2], html)


def _numbered(html: str) -> str:
    """Return a page with its tables and figures numbered; a variant of a figure has the number of its figure."""
    counts: dict[str, int] = {}

    def number(match: re.Match[str]) -> str:
        kind, variant = match[2], match[1]
        counts[kind] = counts.get(kind, 0) + (not variant)
        return f'{variant or ""}<span class="nr">{kind} {counts[kind]}.</span> '

    begin = r'(<template data-naam="[^"]*"><p class="ft">)?'
    html = re.sub(begin + NUMBER.format("(Tabel|Figuur)"), number, html)
    titled = r'<div class="tab">(<div class="opschrift"><span class="t"><span class="nr">Tabel (\d+)\.)'
    html = re.sub(titled, r'<div class="tab" id="tabel-\2">\1', html)
    html, *figures = html.split(f'<figure id="{UNNUMBERED}"')
    for n, part in enumerate(figures, 1):
        named = part.replace(f"figuur {UNNUMBERED}", f"figuur {n}").replace(UNNUMBERED, f"figuur-{n}")
        html += f'<figure id="figuur-{n}"{named}'
    return html


def _download(href: str | None) -> str:
    """Return the line under a table (HTML): the links to its rows as a file, where there is one."""
    links = (
        f'Deze tabel als bestand: <a href="{escape(href)}" download>CSV</a> of '
        f'<a href="{escape(WORKBOOK)}" download>Excel, met alle tabellen</a>.'
        if href
        else ""
    )
    return f'<p class="haal">{links}</p>'


MEDIA = {".csv": "text/csv", ".pdf": "application/pdf",
         ".xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"}  # fmt: skip
"""What a download is, by the end of its name."""


def linked_data(page: Mapping[str, Any], downloads: Sequence[tuple[str, str]]) -> str:
    """Return what the page is in the words of schema.org (JSON-LD, safe within a script): a report and its data."""
    meta = page["meta"]
    files = [
        {"@type": "DataDownload", "name": text, "contentUrl": href, "encodingFormat": kind}
        for href, text in downloads
        if (kind := MEDIA.get(Path(href).suffix))
    ]
    gemeente = meta.get("gemeente", "")
    publisher = {"@type": "GovernmentOrganization", "name": gemeente} if gemeente else {}
    about = {"name": page["titel"], "description": page["beschrijving"]}
    data = {"@type": "Dataset", **about, "creator": publisher, "distribution": files}
    told = {
        "@context": "https://schema.org", "@type": "Report", **about,
        "inLanguage": "nl", "temporalCoverage": str(meta.get("jaar", "")), "publisher": publisher,
        "isBasedOn": meta.get("document", ""), "datePublished": meta.get("publicatiedatum", ""),
        "hasPart": [data] if files else [],
    }  # fmt: skip
    known = {key: value for key, value in told.items() if value}
    return in_script(json.dumps(known, ensure_ascii=False))


def css_string(text: str) -> str:
    """Return a text as a CSS string, so that no name can end it."""
    safe = re.sub(r"[^\w .,'()&+-]", " ", text)
    return f'"{safe}"'
