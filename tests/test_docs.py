"""The handbook as pages: committed is what `make docs` makes, every link leads somewhere, and anyone can read it."""

from __future__ import annotations

import http.server
import re
import sys
import threading
from functools import partial
from pathlib import Path
from typing import Any

import pytest
from conftest import LONG, ROOT, OpenPage, violations
from pypdf import PdfReader

sys.path.insert(0, str(ROOT / "docs"))
import make

DOCS = ROOT / "docs"
PAGES = list(make.pages().values())
HTML = [page.path.with_suffix(".html") for page in PAGES]
NAMES = [page.name.removesuffix(".md") for page in PAGES]
CSS = (DOCS / "pagina.css").read_text(encoding="utf-8")
SCHEMES = ("light", "dark")
"""Each page is looked at wide and light, on a phone and dark; with all of them both in both."""
SMALL = 1_000_000
"""Bytes of all pictures together."""


@pytest.mark.parametrize("page", PAGES, ids=NAMES)
def test_the_html_that_is_committed_is_what_the_command_makes(page: make.Page) -> None:
    assert page.path.with_suffix(".html").read_text(encoding="utf-8") == make.render(page), "run `make docs`"


def test_there_is_no_page_without_a_source() -> None:
    assert {*DOCS.glob("*.html"), *DOCS.glob("decisions/*.html")} == set(HTML)


def ids_of(html: str) -> set[str]:
    return set(re.findall(r'\bid="([^"]*)"', html))


@pytest.mark.parametrize("path", HTML, ids=NAMES)
def test_every_link_of_a_page_leads_to_what_is_there(path: Path) -> None:
    html = path.read_text(encoding="utf-8")
    found = re.findall(r'(?:href|src)="([^"]*)"', html)
    assert len(found) > 5
    for link in found:
        target, _, part = link.partition("#")
        if target.startswith("data:"):
            continue
        if "://" in target:
            assert target.startswith("https://"), link
            continue
        place = path if not target else (path.parent / target).resolve()
        assert place.is_relative_to(DOCS), link  # the folder can stand on any website by itself
        assert place.is_file(), link
        if part and place.suffix == ".html":
            assert part in ids_of(place.read_text(encoding="utf-8")), link


def test_every_link_of_the_readme_leads_to_what_is_there() -> None:
    readme = (ROOT / "README.md").read_text(encoding="utf-8")
    found = re.findall(r"\]\(([^)]*)\)", readme)
    assert found
    for link in found:
        target, _, part = link.partition("#")
        if "://" in target:
            continue
        assert (ROOT / target).exists(), link
        if part:
            page = make.pages()[Path(target).relative_to("docs").as_posix()]
            assert part in {ident for _, _, ident in make.headings(page.tokens)}, link


def test_a_broken_link_and_a_page_that_is_not_listed_are_refused(tmp_path: Path, monkeypatch: Any) -> None:
    index = make.pages()["index.md"]
    for href, told in (
        ("weg.md", "is er niet"),
        ("handleiding.md#weg", "noemt een kop"),
        ("../README.md", "niet in docs"),
    ):
        with pytest.raises(make.BrokenLink, match=told):
            make.target_of(index, href)
    lost = make.Page(DOCS / "verdwaald.md", index.tokens)
    monkeypatch.setattr(make, "pages", lambda: {page.name: page for page in [*PAGES, lost]})
    with pytest.raises(make.BrokenLink, match=r"verdwaald\.md"):
        make.navigation()


def test_every_decision_is_in_the_index() -> None:
    index = (DOCS / "decisions" / "index.md").read_text(encoding="utf-8")
    records = [page for page in PAGES if re.match(r"decisions/\d", page.name)]
    assert len(records) > 6
    for number, page in enumerate(records, start=1):
        assert page.title.startswith(f"{number}. ")
        assert f"[{number}. " in index
        assert f"({Path(page.name).name})" in index
        assert "**Decision.**" in page.path.read_text(encoding="utf-8")


@pytest.mark.parametrize("page", PAGES, ids=NAMES)
def test_a_page_says_at_its_top_for_whom_it_is_and_what_it_is_about(page: make.Page) -> None:
    levels = [level for level, _, _ in make.headings(page.tokens)]
    assert levels[0] == 1
    assert levels.count(1) == 1
    if re.match(r"decisions/\d", page.name):  # a record; the index says for whom
        return
    text = page.path.read_text(encoding="utf-8")
    (first,) = re.findall(r"\A# [^\n]+\n\n((?:[^\n]+\n)+)\n", text)
    assert re.fullmatch(r"\*\*(Voor|For) [^*]+\.\*\* [A-ZÉ].*[.?]", " ".join(first.split())), first
    assert len(re.findall(r"[.?](?= |$)", " ".join(first.split()).split("** ", 1)[1])) == 1  # one sentence


def test_each_picture_that_a_page_names_is_there_each_is_used_and_all_are_small() -> None:
    used: set[str] = set()
    for path in [ROOT / "README.md", *(page.path for page in PAGES)]:
        for alt, name in re.findall(r"!\[([^\]]*)\]\(([^)]*)\)", path.read_text(encoding="utf-8")):
            used.add(Path(name).name)
            assert len(alt) > 40, f"{path.name}: {name} says too little to who does not see it"
    pictures = {path.name for path in DOCS.glob("*.png")}
    assert pictures == used
    assert sum((DOCS / name).stat().st_size for name in pictures) < SMALL
    made = set(re.findall(r'save\("(\w+)"', (DOCS / "pictures.py").read_text(encoding="utf-8")))
    assert {f"{name}.png" for name in made} == pictures  # each has a command that makes it again


def test_the_words_of_jupyterlab_are_those_that_it_shows() -> None:
    text = (DOCS / "verkennen.md").read_text(encoding="utf-8")
    settings = ROOT / "src" / "bedrijfsvoering" / "labsettings" / "nederlands.json"
    shown = {*re.findall(r'"([^"]+)"', settings.read_text(encoding="utf-8")), "Bewerk"}  # that is in the language pack
    shown |= {"Begin hier"} & set(re.findall(r"# ([^\\\"]+)", (ROOT / "notebooks" / "begin.ipynb").read_text("utf-8")))
    named = re.findall(r"(?:menu|met|regel|pagina)\s\*([A-Z][^*]+)\*", text)
    assert {"Uitvoeren", "Herstarten", "Uitvoer van alle cellen wissen", "Begin hier"} <= set(named)
    assert set(named) <= shown


def test_the_tokens_are_those_of_the_published_page() -> None:
    theirs = (ROOT / "src/bedrijfsvoering/templates/bedrijfsvoering/page.css").read_text(encoding="utf-8")
    for start in (":root {", "@media screen and (prefers-color-scheme: dark) {"):
        own, other = (dict(re.findall(r"(--[\w-]+): ([^;]+);", css[css.index(start) :].split("}")[0]))
                      for css in (CSS, theirs))  # fmt: skip
        assert own
        assert own.items() <= other.items()


@pytest.mark.long
@pytest.mark.parametrize("path", HTML, ids=NAMES)
def test_anyone_can_read_a_page(path: Path, open_page: OpenPage) -> None:
    """Wide and on a phone, light and dark: axe finds nothing, and nothing goes over the edge or over the network."""
    page = open_page(path)
    for width in (1280, 390):
        page.set_viewport_size({"width": width, "height": 900})
        for scheme in SCHEMES if LONG else SCHEMES[width == 390 :][:1]:
            page.emulate_media(color_scheme=scheme)
            found = violations(
                page, preload=False
            )  # axe would fetch the stylesheet once more, which the policy refuses
            assert found == [], (width, scheme)
        assert page.evaluate("document.documentElement.scrollWidth") <= width
    page.emulate_media(color_scheme="dark")
    assert page.evaluate("getComputedStyle(document.body).backgroundColor") == "rgb(20, 24, 29)"  # the style is there
    assert all(page.evaluate("[...document.images].map(one => one.naturalWidth > 0 || one.loading === 'lazy')"))


def test_the_first_tab_leads_to_the_text_and_a_phone_has_the_menu_below_it(open_page: OpenPage) -> None:
    page = open_page(DOCS / "bevindingen.html", width=390)
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.textContent") == "Naar de inhoud"
    page.keyboard.press("Enter")
    assert page.evaluate("document.activeElement.id") == "inhoud"
    page.locator(".naar-menu a").click()
    assert page.locator('#menu [aria-current="page"]').is_visible()
    assert page.locator("#menu").bounding_box()["y"] < 900
    assert page.locator("#menu").evaluate("menu => menu.getBoundingClientRect().left") >= 0


def test_a_cell_says_on_a_phone_what_column_it_is_of(open_page: OpenPage) -> None:
    page = open_page(DOCS / "bevindingen.html", width=390)
    cell = page.locator("tbody td").first
    assert cell.evaluate("one => getComputedStyle(one, '::before').content") == '"ernst"'
    assert cell.evaluate("one => getComputedStyle(one).display") == "block"


def test_the_pages_are_whole_on_a_website_too(chromium: Any) -> None:
    """Served over HTTP, the policy lets the style and the pictures through, and asks for nothing else."""

    class Quiet(http.server.SimpleHTTPRequestHandler):
        def log_message(self, *args: Any) -> None:
            pass

    with http.server.ThreadingHTTPServer(("127.0.0.1", 0), partial(Quiet, directory=str(DOCS))) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        page = chromium.new_page(color_scheme="dark")
        said: list[str] = []
        page.on("console", lambda message: said.append(message.text))
        page.goto(f"http://127.0.0.1:{server.server_port}/decisions/index.html")
        assert page.evaluate("getComputedStyle(document.body).backgroundColor") == "rgb(20, 24, 29)"
        page.goto(f"http://127.0.0.1:{server.server_port}/")
        assert page.evaluate("document.images[0].naturalWidth") > 0
        page.close()
        server.shutdown()
    assert said == []


def test_the_architecture_is_one_page_and_names_every_room(tmp_path: Path, open_page: OpenPage) -> None:
    text = (DOCS / "architecture.md").read_text(encoding="utf-8")
    package = ROOT / "src" / "bedrijfsvoering"
    rooms = {path.parent.name for path in package.glob("*/__init__.py")}
    modules = {path.stem for path in package.glob("*.py") if not path.stem.startswith("__")}
    assert {room for room in rooms if f"`{room}/`" not in text} == set()
    assert {name for name in modules if not re.search(rf"\b{name}\b", text)} == set()
    page = open_page(DOCS / "architecture.html")
    page.pdf(path=tmp_path / "blad.pdf", prefer_css_page_size=True)
    assert len(PdfReader(tmp_path / "blad.pdf").pages) == 1
