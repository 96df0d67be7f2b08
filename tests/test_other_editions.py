"""The page of other editions: few rows, many and long ones, columns missing; each also drawn, to be looked at."""

import re
from pathlib import Path

import pytest
from conftest import LONG, ROOT, OpenPage, unfold, violations
from pypdf import PdfReader
from samples import LONG_LABEL, build, write_samples

from bedrijfsvoering.drawing import MOST
from bedrijfsvoering.paper import print_pdf

PICTURES = ROOT / "output" / "beelden"
"""Where the pictures and the paper of every page are left, to be looked at; not part of the project."""
NAMES = ("kort", "lang", "dalfsen")
WIDTHS = (1280, 390, 320)
ENGLISH = re.compile(r"\b(?:NaN|None|null|undefined|true|false|loading|table|figure|chart|total|budget|row|see)\b")


@pytest.fixture(scope="module")
def pages(tmp_path_factory: pytest.TempPathFactory, built: Path) -> dict[str, Path]:
    """The pages of three other editions, built side by side, and that of Diemen."""
    samples = write_samples(tmp_path_factory.mktemp("edities"))
    build(samples)
    PICTURES.mkdir(parents=True, exist_ok=True)
    return {"diemen": built / "index.html", **{sample.gemeente: sample.page for sample in samples}}


@pytest.fixture
def visit(open_page: OpenPage, pages: dict[str, Path]) -> OpenPage:
    """Open the page of an edition by its name."""
    return lambda name, *args, **options: open_page(pages[name], *args, **options)


@pytest.mark.parametrize("name", ["diemen", *NAMES])
def test_every_page_is_drawn_for_who_looks_at_it(name: str, pages: dict[str, Path], visit: OpenPage) -> None:
    for width in WIDTHS if LONG or name != "lang" else [390]:  # which is eighty thousand pixels high
        path = PICTURES / f"{name}-{width}.png"
        visit(name, width).screenshot(path=path, full_page=True)
        assert path.stat().st_size > 10_000
    if LONG or name != "lang":
        visit(name, 1280, color_scheme="dark").screenshot(path=PICTURES / f"{name}-donker.png", full_page=True)
    print_pdf(pages[name], PICTURES / f"{name}.pdf", "20240101")


@pytest.mark.parametrize("width", WIDTHS)
@pytest.mark.parametrize("name", NAMES)
def test_nothing_is_wider_than_the_window_and_every_text_of_a_drawing_is_whole_and_large_enough(
    name: str, width: int, visit: OpenPage
) -> None:
    page = unfold(visit(name, width))
    assert page.evaluate("document.documentElement.scrollWidth") <= width
    outside = page.evaluate(
        """() => [...document.querySelectorAll('figure > svg')].filter(s => s.getClientRects().length).flatMap(svg => {
          const box = svg.closest('main').getBoundingClientRect();
          return [...svg.querySelectorAll('text')].filter(text => {
            const r = text.getBoundingClientRect();
            const size = 13 * svg.getBoundingClientRect().width / svg.viewBox.baseVal.width;
            return r.left < box.left - 1 || r.right > box.right + 1 || size < (innerWidth >= 390 ? 11 : 10);
          }).map(text => text.textContent); })"""
    )
    assert outside == []


@pytest.mark.parametrize("name", NAMES)
def test_texts_of_a_drawing_do_not_cover_each_other(name: str, visit: OpenPage) -> None:
    for width in (1280, 390):
        over = visit(name, width).evaluate(
            """() => [...document.querySelectorAll('figure > svg')].flatMap(svg => {
              const texts = [...svg.querySelectorAll('text:not(:has(tspan)), tspan')]
                .filter(t => t.getClientRects().length && t.textContent);
              const boxes = texts.map(t => t.getBoundingClientRect()), found = [];
              boxes.forEach((a, i) => boxes.slice(i + 1).forEach((b, j) => {
                const wide = Math.min(a.right, b.right) - Math.max(a.left, b.left);
                const high = Math.min(a.bottom, b.bottom) - Math.max(a.top, b.top);
                if (wide > 2 && high > 5) found.push(`${texts[i].textContent} / ${texts[i + 1 + j].textContent}`);
              }));
              return found; })"""
        )
        assert over == []


@pytest.mark.parametrize("name", NAMES)
def test_axe_finds_nothing(name: str, visit: OpenPage) -> None:
    page = unfold(visit(name, 390 if name == "dalfsen" else 1280))
    parts = (
        {"include": [["#figuur-3"], ["#tabel-2"], ["#tabel-3"]]} if name == "lang" else None
    )  # the whole takes a minute
    assert violations(page, parts) == []


@pytest.mark.parametrize("name", NAMES)
def test_no_english_no_minus_nil_and_no_hole_is_on_the_page(name: str, visit: OpenPage) -> None:
    said = visit(name, java_script_enabled=False).locator("body").inner_text()
    assert ENGLISH.findall(said) == []
    assert "\u22120 " not in f"{said} ".replace("\n", " ")
    assert "Één" not in said
    assert "{{" not in said


def test_amounts_in_euros_get_a_line_each_on_a_phone(visit: OpenPage) -> None:
    page = visit("kort", 320)
    cells = page.locator("#overhead tbody tr").first.locator("td")
    tops = [box["y"] for box in cells.evaluate_all("all => all.map(cell => cell.getBoundingClientRect())")]
    assert tops == sorted(set(tops))
    assert "−1.010.789" in cells.nth(2).inner_text()


def test_few_rows_share_one_scale_and_fill_the_width(visit: OpenPage) -> None:
    page = visit("kort")
    assert "Eén van de drie posten viel ongunstiger uit" in page.locator("#figuur-3 .ft").inner_text()
    assert "eigen schaal" not in page.locator("#figuur-3 .fs").inner_text()
    figure, drawing = (
        page.locator(one).bounding_box()["width"] for one in ("#figuur-1", "#figuur-1 svg[role]:visible")
    )
    assert drawing > 0.8 * figure


def test_sixty_rows_with_names_of_sixty_characters_are_all_drawn(visit: OpenPage) -> None:
    assert len(LONG_LABEL.format(1)) == 60
    for width in (1280, 390):
        page = visit("lang", width)
        for figure in ("#figuur-1", "#figuur-3"):
            drawn = " ".join(page.locator(f"{figure} svg[role]:visible text").all_text_contents())
            for number in range(1, 61):
                assert f"met {number:03d}" in drawn


def test_of_two_hundred_rows_the_largest_are_drawn_and_the_table_has_all(visit: OpenPage) -> None:
    page = visit("lang")
    said = page.locator("#figuur-4 .fs:visible").inner_text()
    assert f"Getekend zijn de {MOST} grootste van de 200 posten" in said
    marks = page.locator("#figuur-4 svg[role]:visible path[data-rij]").evaluate_all(
        "all => new Set(all.map(m => m.dataset.rij)).size"
    )
    assert marks == MOST
    assert page.locator("#salarissen tbody tr").count() == 200


def test_a_large_table_scrolls_under_its_head_and_beside_its_names_and_still_sorts(visit: OpenPage) -> None:
    page = visit("lang", 390)
    page.locator("#tabel-3").scroll_into_view_if_needed()
    box = page.locator("#tabel-3 .schuif")
    box.evaluate("box => box.scrollTo(150, 4000)")
    frame = box.bounding_box()
    head = page.locator("#salarissen thead th").nth(0).bounding_box()
    assert abs(head["y"] - frame["y"]) < 2
    assert abs(head["x"] - frame["x"]) < 2
    assert head["width"] < frame["width"] / 2  # room is left for the numbers
    page.locator("#tabel-3 select").select_option(label="Resultaat: laag naar hoog")
    first = page.locator("#salarissen tbody tr td:last-child data").evaluate_all(
        "all => all.map(one => Number(one.value))"
    )
    assert first == sorted(first)
    page.locator("#tabel-3 input[type=search]").fill("met 117")
    assert "van 200 regels" in page.locator("#tabel-3 .telling").inner_text()
    left = page.locator("#salarissen tbody tr:visible").all_inner_texts()
    assert 1 <= len(left) < 10
    assert all("117" in row for row in left)


def test_columns_and_cells_that_are_missing_are_told_and_never_drawn_as_nil(visit: OpenPage) -> None:
    page = visit("dalfsen")
    table = page.locator("#overhead").inner_text()
    assert "niet aangeleverd" in table
    assert "Begroting na wijziging" not in table
    assert "Niet aangeleverd: resultaat per post van Overhead per soort" in page.locator("main").inner_text()
    drawn = page.locator("#figuur-1 svg[role]:visible").text_content()
    assert "2.400" in drawn
    assert page.locator("#figuur-1 svg[role]:visible path[data-rij='overhead.automatisering']").count() == 1


@pytest.mark.parametrize("name", NAMES)
def test_on_paper_no_row_is_lost_or_cut_and_heads_come_back(name: str, pages: dict[str, Path], tmp_path: Path) -> None:
    print_pdf(pages[name], tmp_path / "blad.pdf", "20240101")
    sheets = [" ".join(sheet.extract_text().split()) for sheet in PdfReader(tmp_path / "blad.pdf").pages]
    whole = " ".join(sheets)
    if name != "lang":
        assert len(sheets) <= 9
        return
    for number in range(1, 201):
        assert len(re.findall(rf"met {number:03d} grondexploitaties", whole)) >= 4  # in each of the wide tables
    assert "Op papier staan hier de cijfers" in whole
    rows = [sheet for sheet in sheets if sheet.count("grondexploitaties") > 20]
    assert len([sheet for sheet in rows if "Post " in sheet[:200]]) > len(rows) * 0.8
    assert len(sheets) < 70
