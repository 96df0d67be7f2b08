"""The page in a real browser: complete without script, accessible, whole on a phone and on paper."""

import itertools
import re
from pathlib import Path

import pytest
from conftest import CHAPTERS, OpenPage, unfold, violations
from pypdf import PdfReader

from bedrijfsvoering.paper import print_pdf, renumbered

WIDTHS = (1280, 390)

WITHOUT_TOOLS = """() => {
  document.querySelectorAll('.balk > *, .knop:not(.sorteer), .loper, .melding').forEach(tool => tool.remove());
  document.querySelectorAll('.sorteer, .vast').forEach(tool => tool.replaceWith(...tool.childNodes));
}"""
"""Takes away what a script added to the page."""


@pytest.fixture
def visit(open_page: OpenPage, built: Path) -> OpenPage:
    """Open a page of the output."""
    return lambda name="index.html", **options: open_page(built / name, **options)


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("width", [*WIDTHS, 320])
def test_axe_finds_nothing_with_every_fold_open(width: int, scheme: str, visit: OpenPage) -> None:
    page = visit(width=width, color_scheme=scheme)
    assert violations(unfold(page)) == []


def test_axe_finds_nothing_on_the_list_of_editions(visit: OpenPage) -> None:
    page = visit("../../index.html", width=390)
    assert violations(page) == []
    page.click("text=2023")
    assert page.title() == "Paragraaf bedrijfsvoering 2023, Gemeente Diemen"


@pytest.mark.parametrize("width", WIDTHS)
def test_the_page_is_complete_without_script(width: int, visit: OpenPage) -> None:
    texts = []
    for script in (True, False):
        page = visit(width=width, java_script_enabled=script)
        if script:
            page.evaluate(WITHOUT_TOOLS)
        texts.append(page.locator("body").inner_text())
    assert texts[0] == texts[1]
    for said in (
        "Totaal overhead",
        "81 nadeel",
        "Let op het teken",
        "Programma IHOO",
        "Studytube",
        "controles: akkoord",
    ):
        assert said in texts[1]


@pytest.mark.parametrize("width", [*WIDTHS, 320])
def test_nothing_is_wider_than_the_window_and_no_chart_text_is_too_small(width: int, visit: OpenPage) -> None:
    page = visit(width=width)
    unfold(page)
    assert page.evaluate("document.documentElement.scrollWidth") <= width
    sizes = page.evaluate(
        """() => [...document.querySelectorAll('figure svg.breed, figure svg.smal')]
        .map(svg => 13 * svg.getBoundingClientRect().width / svg.viewBox.baseVal.width).filter(size => size > 0)"""
    )
    assert len(sizes) == 9
    assert min(sizes) >= (11 if width >= 390 else 10)


@pytest.mark.parametrize("width", WIDTHS)
def test_no_label_is_cut_off_by_its_drawing(width: int, visit: OpenPage) -> None:
    page = visit(width=width)
    outside = page.evaluate(
        """() => [...document.querySelectorAll('figure svg.breed, figure svg.smal')].flatMap(svg => {
          const box = svg.closest('main').getBoundingClientRect();
          return [...svg.querySelectorAll('text')].filter(t => t.getBoundingClientRect().width).filter(t => {
            const r = t.getBoundingClientRect(); return r.left < box.left - 1 || r.right > box.right + 1;
          }).map(t => t.textContent); })"""
    )
    assert outside == []


def test_the_keyboard_reaches_the_chapters_and_a_number_leads_to_its_cell(visit: OpenPage) -> None:
    page = visit(width=1280)
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.className") == "skip"
    page.keyboard.press("Enter")
    assert page.evaluate("document.activeElement.id") == "inhoud"
    page.locator(".stand .cijfer").first.focus()
    page.keyboard.press("Enter")
    assert page.evaluate("document.querySelector(':target').id") == "overhead.totaal.rekening"
    assert page.evaluate("document.querySelector(':target').innerText") == "−14.393"


def test_a_fact_from_elsewhere_leads_to_its_source_and_other_sources_stay_for_paper(visit: OpenPage) -> None:
    page = visit()
    fact = page.locator("[id='2-personeel'] a.eigen").first
    note = page.locator(fact.get_attribute("href"))
    assert note.is_visible()
    assert "Jaarstukken 2023" in note.inner_text()
    assert page.locator(".bronnen li.cel:visible").count() == 0
    assert page.locator(".cijfer:not(.eigen) + .bronmerk:visible").count() == 0
    page.emulate_media(media="print")
    assert page.locator(".bronnen li.cel:visible").count() > 20
    assert page.locator(".cijfer:not(.eigen) + .bronmerk:visible").count() > 30


def test_every_link_within_the_page_leads_somewhere(visit: OpenPage) -> None:
    page = visit()
    targets = page.eval_on_selector_all(
        "a[href^='#']", "links => links.map(link => link.getAttribute('href').slice(1))"
    )
    assert len(targets) > 40
    assert [one for one in targets if one and not page.evaluate("id => !!document.getElementById(id)", one)] == []


def test_headings_go_down_one_level_at_a_time(visit: OpenPage) -> None:
    page = visit()
    levels = [int(tag[1]) for tag in page.evaluate("[...document.querySelectorAll('h1,h2,h3,h4')].map(h => h.tagName)")]
    assert levels[0] == 1
    assert all(now - before <= 1 for before, now in itertools.pairwise(levels))


def test_on_paper_every_chapter_and_row_is_there(visit: OpenPage, tmp_path: Path) -> None:
    page = visit()
    page.pdf(path=tmp_path / "page.pdf", prefer_css_page_size=True, print_background=True)
    sheets = [sheet.extract_text() for sheet in PdfReader(tmp_path / "page.pdf").pages]
    whole = " ".join(" ".join(sheets).split()).replace("− ", "−")
    for said in (
        "Totaal overhead",
        "Team Burgerzaken en KCC",
        "vanaf 2026",
        "Bronnen bij de tekst",
        "Tabel Overhead, Bijdrage Duo+ (gemeenschappelijke regeling), rekening: −7.442 × € 1.000",
        "Over deze cijfers",
    ):
        assert said in whole
    assert 10 <= len(sheets) <= 20
    assert re.search(rf"Blad 2 van {len(sheets)}", whole)


def test_the_pdf_is_tagged_has_bookmarks_and_is_the_same_each_time(built: Path, tmp_path: Path) -> None:
    for name in ("een.pdf", "twee.pdf"):
        print_pdf(built / "index.html", tmp_path / name, "20240704")
    assert (tmp_path / "een.pdf").read_bytes() == (tmp_path / "twee.pdf").read_bytes()
    reader = PdfReader(tmp_path / "een.pdf")
    root = reader.trailer["/Root"]
    assert root["/Lang"] == "nl"
    assert root["/MarkInfo"]["/Marked"]
    assert "/StructTreeRoot" in root
    assert reader.metadata.title == "Paragraaf bedrijfsvoering 2023, Gemeente Diemen"
    assert reader.metadata.creation_date.year == 2024
    chapters = [item.title for item in reader.outline[1] if not isinstance(item, list)]
    assert len(chapters) == len(CHAPTERS) + 1  # and "Over deze cijfers"
    assert chapters[1].replace("\u00a0", " ") == "Overhead: per saldo € 380.000 lager dan begroot"
    tags = [reader.get_object(number) for number in range(1, int(reader.trailer["/Size"]))]
    told = [tag["/Alt"] for tag in tags if isinstance(tag, dict) and tag.get("/S") == "/Figure" and "/Alt" in tag]
    assert len([one for one in told if len(one) > 15]) >= 6


def test_the_numbers_that_a_browser_gives_to_cells_are_no_part_of_a_pdf() -> None:
    busy = b"/ID (node00000578) /ID (node00000580) /Headers [(node00000578)]"
    assert renumbered(busy) == renumbered(busy.replace(b"578", b"577").replace(b"580", b"578"))
    assert renumbered(busy) == b"/ID (node00000001) /ID (node00000002) /Headers [(node00000001)]"


def test_a_key_figure_leads_to_its_cell(visit: OpenPage) -> None:
    page = visit()
    cards = page.locator(".kern .groot a")
    assert cards.count() == 6
    cards.nth(1).click()
    assert page.evaluate("document.querySelector(':target').innerText") == "380 voordeel"


def test_no_advice_to_the_maker_and_no_code_stands_open_in_the_public_text(visit: OpenPage) -> None:
    page = visit()
    said = page.locator("[id='9-verantwoording']").inner_text()
    assert [word for word in ("Zet in", "Verwijs", "TOTAAL_AFRONDING", ", regel 19") if word in said] == []
    page.locator(".plek summary").first.click()
    assert "overhead.csv, regel 19: TOTAAL_AFRONDING" in page.locator("[id='9-verantwoording']").inner_text()


def test_the_box_about_signs_sets_both_tables_side_by_side(visit: OpenPage) -> None:
    rows = visit().locator(".kader tbody tr").all_inner_texts()
    assert [row.split("\t") for row in rows] == [
        ["Overhead", "+380", "rekening min begroting, kosten negatief", "380 voordeel"],
        ["Salariskosten per team", "+81", "begroting min rekening, kosten negatief", "81 nadeel"],
    ]
