"""What the page gains where a script may run, by mouse and by keyboard, in a real browser."""

from pathlib import Path
from typing import Any

import pytest
from conftest import OpenPage

from bedrijfsvoering.csp import csp_hash


@pytest.fixture
def page(open_page: OpenPage, built: Path) -> Any:
    """The page in a window of a laptop."""
    return open_page(built / "index.html", permissions=["clipboard-read", "clipboard-write"])


def clipboard(page: Any) -> str:
    return str(page.evaluate("navigator.clipboard.readText()"))


def names(page: Any) -> list[str]:
    rows = page.locator("#overhead tbody tr:not([hidden]) th")
    return list(rows.evaluate_all("all => all.map(name => name.firstChild.textContent.trim())"))


def test_a_mark_tells_the_numbers_of_its_row_and_both_light_up(page: Any) -> None:
    mark = page.locator("#figuur-1 svg.breed:visible path[data-rij='overhead.huisvesting']")
    mark.hover()
    said = page.locator(".noot").inner_text()
    assert "Huisvesting" in said
    assert "208 nadeel" in said
    assert "14,9%" in said
    assert page.locator("#overhead tr.licht").get_attribute("data-rij") == "overhead.huisvesting"
    assert page.locator("[id='1-overhead'] svg:visible .band").count() == 2  # in both charts that draw this row
    page.keyboard.press("Escape")
    assert page.locator(".noot").is_hidden()
    assert page.locator(".band").count() == 0


def test_the_keyboard_walks_along_the_marks_of_a_chart(page: Any) -> None:
    slider = page.locator("#figuur-1 .loper")
    slider.focus()
    page.keyboard.press("End")
    assert (
        slider.get_attribute("aria-valuetext") == "Huisvesting; Resultaat: 208 nadeel; Procent van de begroting: 14,9%"
    )
    assert "208 nadeel" in page.locator(".noot").inner_text()
    page.keyboard.press("Enter")  # to the row in the table
    assert page.evaluate("document.querySelector(':target').innerText") == "−1.505"


def test_down_is_down_and_the_unit_is_said_once(page: Any) -> None:
    slider = page.get_by_role(
        "slider", name="Loop langs de regels van Figuur 9, bedragen × € 1.000; per inwoner in euro"
    )
    slider.focus()
    page.keyboard.press("ArrowDown")
    page.keyboard.press("ArrowDown")
    page.keyboard.press("ArrowUp")
    assert slider.get_attribute("aria-valuetext").startswith("Salarissen 2018; Begroting: 12.842; ")
    assert "Salarissen 2018" in page.locator(".noot").inner_text()


def test_a_figure_is_named_by_the_finding_that_is_in_view(page: Any) -> None:
    amounts = "De salarissen waren in 2023 10,2% hoger dan in 2022, de externe inhuur 37,9% hoger"
    heads = "Per inwoner waren de salarissen in 2023 7,0% hoger dan in 2022, de externe inhuur 33,9% hoger"
    assert page.get_by_role("figure", name=amounts).count() == 1
    page.locator("#figuur-9 .keuze input").nth(1).check()
    assert page.get_by_role("figure", name=heads).count() == 1
    assert page.get_by_role("figure", name=amounts).count() == 0
    page.locator("#figuur-9 .keuze input").nth(0).check()
    assert page.get_by_role("figure", name=amounts).count() == 1


def test_a_row_of_the_figures_under_a_chart_lights_its_mark_up(page: Any) -> None:
    page.locator("#figuur-9 details > summary").click()
    page.locator("#figuur-9 details tr[data-rij='inhuur.2023'] td").first.hover()
    assert page.locator("#figuur-9 svg.breed:visible .band").count() == 1
    page.locator("#figuur-9 .ft:visible").hover()
    assert page.locator(".band").count() == 0


def test_a_word_is_found_without_its_accents_and_a_link_brings_a_hidden_row_back(page: Any) -> None:
    search = page.locator("#tabel-2 input[type=search]")
    search.fill("FINANCIEN")
    assert names(page) == ["Financiën"]
    page.locator("#tabel-2 input[type=checkbox]").check()
    assert names(page) == []
    page.locator("a[href='#overhead.huisvesting.budgetresultaat']").first.click()
    assert len(names(page)) == 17
    assert search.input_value() == ""
    assert not page.locator("#tabel-2 input[type=checkbox]").is_checked()
    assert page.evaluate("document.querySelector(':target').innerText").startswith("208")


def test_a_chart_shows_the_results_in_percent_and_goes_back(page: Any) -> None:
    caption = page.locator("#figuur-1 figcaption")
    before = caption.inner_text()
    page.locator("#figuur-1 .keuze input").nth(1).check()
    assert "in procenten van de begroting" in caption.inner_text()
    assert page.locator("#figuur-1 svg[role]:visible").count() == 1
    assert "14,9% N" in page.locator("#figuur-1 svg[role]:visible").text_content()
    page.locator("#figuur-1 .keuze input").nth(0).check()
    assert caption.inner_text() == before


def test_the_note_of_a_row_in_two_units_names_both(page: Any) -> None:
    page.locator("#figuur-8 .keuze input").nth(1).check()
    page.locator("#figuur-8 svg.breed:visible path[data-rij='jaar.2023']").last.hover()
    said = page.locator(".noot").inner_text()
    assert "Jaarrekening\n15.763" in said
    assert said.split("\n")[-1] == "Bedragen × € 1.000; per inwoner in euro."


def test_a_table_sorts_and_comes_back_to_the_order_of_the_source(page: Any) -> None:
    source = names(page)
    button = page.locator("#overhead thead button").nth(4)
    button.click()
    assert names(page)[0] == "Huisvesting"
    assert page.locator("#overhead thead th").nth(4).get_attribute("aria-sort") == "ascending"
    button.click()
    assert names(page)[0].startswith("Bijdrage Duo+")
    button.click()
    assert names(page) == source
    assert page.locator("#overhead tfoot").inner_text().startswith("Totaal overhead")


def test_a_table_shows_only_what_is_above_the_limit_or_what_is_searched(page: Any) -> None:
    box = page.locator("#tabel-2 input[type=checkbox]")
    box.check()
    assert len(names(page)) == 4
    assert page.locator("#tabel-2 .telling").inner_text() == "4 van 17 regels; het totaal is van alle regels"
    box.uncheck()
    page.locator("#tabel-2 input[type=search]").fill("duo+")
    assert names(page) == ["Bijdrage Duo+ (gemeenschappelijke regeling)"]


def test_a_copied_table_holds_plain_numbers_in_the_sign_of_the_house(page: Any) -> None:
    page.locator("#tabel-2").get_by_role("button", name="Kopieer tabel").click()
    page.locator(".melding:not(:empty)").wait_for()
    rows = [line.split("\t") for line in clipboard(page).splitlines()]
    assert rows[0][-1] == "Resultaat (voordeel is positief)"
    assert rows[-1] == ["Totaal overhead", "-14671", "-14773", "-14393", "380"]
    assert ["Huisvesting", "-1505", "-1392", "-1599", "-208"] in rows


def test_every_number_has_a_link_that_can_be_copied_by_keyboard(page: Any) -> None:
    page.locator("#overhead .vast").focus()
    page.keyboard.press("ArrowDown")
    page.keyboard.press("ArrowRight")
    page.keyboard.press("Enter")
    page.keyboard.press("Enter")
    page.locator(".melding:not(:empty)").wait_for()
    assert clipboard(page).endswith("#overhead.duo_plus.begroting_na_wijziging")
    assert page.evaluate("document.activeElement.innerText") == "−7.660"
    page.locator("#figuur-3").get_by_role("button", name="Kopieer link").click()
    page.wait_for_timeout(500)
    assert clipboard(page).endswith("#figuur-3")


def test_projects_sort_by_care_and_no_one_is_offered_to_sort_sentences(page: Any) -> None:
    heads = page.locator("#ict_projecten thead button").all_inner_texts()
    assert [head.split()[0] for head in heads] == ["Project", "Status"]
    page.locator("#ict_projecten thead button").nth(1).click(click_count=1)
    page.locator("#ict_projecten thead button").nth(1).click()
    states = page.locator("#ict_projecten tbody td:nth-child(2)").all_inner_texts()
    assert states == ["Afgerond", "Loopt", "Loopt", "Loopt", "Aandacht", "Bijsturen"]


def test_the_percentages_say_the_amount_and_that_the_largest_are_small_lines(page: Any) -> None:
    page.locator("#figuur-1 .keuze input").nth(1).check()
    said = page.locator("#figuur-1 .ft:visible").inner_text()
    assert "In procenten heeft Informatisering & Automatisering het grootste voordeel" in said
    assert said.endswith("Interne dienstverlening het grootste nadeel; dat zijn kleine posten")
    assert "14,9% N (208)" in page.locator("#figuur-1 svg[role]:visible").text_content()


@pytest.mark.parametrize("width", [1280, 390, 320])
@pytest.mark.parametrize("place", ["", "#tabel-2", "#figuur-3", "#9-verantwoording"])
def test_nothing_moves_when_the_tools_come(place: str, width: int, open_page: OpenPage, built: Path) -> None:
    watch = (
        "window.moved = 0; const add = e => { window.moved += e.value; };"
        "new PerformanceObserver(list => list.getEntries().forEach(add))"
        ".observe({type: 'layout-shift', buffered: true});"
    )
    page = open_page(built / "index.html", width, place, watch)
    page.wait_for_timeout(300)
    # a slow browser may go to a part of the page before it has read the rest, and once more a line lower after it
    assert page.evaluate("window.moved") < (0.03 if place else 0.01)


@pytest.mark.parametrize("width", [1280, 1000, 700, 390, 320])
def test_the_room_for_the_tools_is_kept_from_the_start(
    width: int, open_page: OpenPage, built: Path, tmp_path: Path
) -> None:
    html = (built / "index.html").read_text(encoding="utf-8")
    script = html.rsplit("<script>", 1)[1].split("</script>", 1)[0]
    bare = tmp_path / "index.html"
    bare.write_text(html.replace(script, "0").replace(csp_hash(script), csp_hash("0")), encoding="utf-8")
    parts = (
        "[...document.querySelectorAll('main h2, main h3, figure, .tab')].map(e => [e.id, e.offsetTop, e.offsetHeight])"
    )
    before, after = (open_page(path, width).evaluate(parts) for path in (bare, built / "index.html"))
    assert [part for part in zip(before, after, strict=True) if abs(part[0][2] - part[1][2]) > 1] == []
    assert abs(before[-1][1] - after[-1][1]) < 3


def test_the_whole_page_is_small(built: Path) -> None:
    assert (built / "index.html").stat().st_size < 500_000
