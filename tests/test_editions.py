"""The list of all editions, in a real browser: whole without script, searched with it, harmless whatever is in it."""

import json
import random
import re
from collections.abc import Sequence
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest
from conftest import ROOT, OpenPage, long_only, violations
from pypdf import PdfReader

from bedrijfsvoering.csp import csp_hash, page_csp
from bedrijfsvoering.publishing.edition_list import PLAIN, SEARCHED, TOLD, gemeenten_of, letters_of, render_index
from bedrijfsvoering.publishing.index_file import write_index

YEARS = range(2016, 2024)
SPECIAL = ("'s-Gravenhage", "'t Zand", "Súdwest-Fryslân", "Noardeast-Fryslân", "Zuid-Bovenveldsewatergraafsmeerbuurten",
           "De Hoge Landen aan de Oude Rijn en de Vecht", "Ĳsselmuide")  # fmt: skip
BEGINS = re.findall(
    r"\w+", "Aar Ber Cor Dal Eer Fel Gor Hel Ilp Jor Kam Lis Mer Nor Oos Pur Ros Sel Tel Urk Vel Wes Zal"
)
ENDS = re.findall(r"\w+", "beek berg brug burg dam dijk donk drecht hoven horst kerk loo mond veen zijl")
NAMES = [*SPECIAL, *(begin + end for begin in BEGINS for end in ENDS)][:342]
BAD = '<b>x</b> & "y"'
WATCH = "addEventListener('securitypolicyviolation', e => console.error('CSP', e.violatedDirective, e.sample))"
COUNT = "name => [...document.querySelectorAll(name)].filter(one => one.checkVisibility()).length"
LISTED = (".lijst a", ".lijst li")
SHOWN = "links => links.filter(link => link.checkVisibility()).map(link => link.getAttribute('aria-label'))"


def edition(naam: str, jaar: int, gemeente: str = "") -> dict[str, Any]:
    gemeente = gemeente or re.sub(r"\W+", "-", naam.lower()).strip("-")
    href = f"{gemeente}/{jaar}/index.html"
    return {
        "gemeente": gemeente, "naam": f"Gemeente {naam}", "jaar": jaar, "titel": f"Jaarstukken {jaar}", "href": href
    }  # fmt: skip


def editions(names: Sequence[str], years: Sequence[int] = YEARS) -> list[dict[str, Any]]:
    return [edition(naam, jaar) for naam in names for jaar in years]


ALL = [one for one in editions(NAMES) if one["href"] != "aarbeek/2020/index.html"]
"""All municipalities and years, but one."""
LABELS = sorted(f"{one['naam'].removeprefix('Gemeente ')} {one['jaar']}" for one in ALL)
NONE = "Geen uitgave gevonden. Kijk of de naam goed is geschreven, of kies bij jaar: alle."


@pytest.fixture
def visit(open_page: OpenPage, tmp_path: Path) -> OpenPage:
    """Open the list of some editions."""

    def opened(listed: Sequence[dict[str, Any]] = ALL, width: int = 1280, part: str = "", **options: Any) -> Any:
        path = tmp_path / "index.html"
        path.write_text(render_index(listed), encoding="utf-8", newline="\n")
        return open_page(path, width, part, WATCH, **options)

    return opened


def shown(page: Any) -> list[str]:
    """Return the accessible names of the editions that the list shows."""
    return page.locator(".lijst a").evaluate_all(SHOWN)


def search(page: Any, text: str, found: str) -> None:
    """Type in the field, and wait until the count says what is to be found."""
    page.get_by_label("Zoek een gemeente").fill(text)
    page.get_by_role("status").filter(has_text=re.compile(rf"^{re.escape(found)}$")).wait_for()


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("width", [1280, 390, 320])
def test_axe_finds_nothing(width: int, scheme: str, visit: OpenPage) -> None:
    for listed in (editions(["Diemen"], [2023]), editions(NAMES[:3]), editions(NAMES[::9]), []):
        page = visit(listed, width, color_scheme=scheme)
        assert violations(page) == []


@long_only("looks at thousands of links; a list of each form is looked at above")
def test_axe_finds_nothing_in_the_whole_list(visit: OpenPage) -> None:
    page = visit()
    assert violations(page) == []
    search(page, "berg", "184 uitgaven van 23 gemeenten")
    assert violations(page) == []


def test_without_script_every_edition_is_there_and_says_its_municipality_and_year(visit: OpenPage) -> None:
    page = visit(java_script_enabled=False)
    assert sorted(shown(page)) == LABELS
    links = page.locator(".lijst a").evaluate_all("links => links.map(link => link.getAttribute('href'))")
    assert sorted(links) == sorted(one["href"] for one in ALL)
    assert page.locator(".lijst a").first.get_attribute("title") == "Jaarstukken 2023"
    assert (
        " ".join(page.locator(".lijst li").first.inner_text().split()) == "Aarbeek 2023 2022 2021 2019 2018 2017 2016"
    )
    assert not page.locator("#zoek").is_visible()
    assert page.get_by_role("status").count() == 0


def test_without_script_a_year_can_be_chosen_with_the_keyboard(visit: OpenPage) -> None:
    page = visit(java_script_enabled=False)
    for key in ("Tab", "Tab", *["ArrowDown"] * 4):  # skip link, alle, 2023, ... 2020
        page.keyboard.press(key)
    assert page.locator("#jaar-2020").is_checked()
    assert sorted(shown(page)) == sorted(f"{naam} 2020" for naam in NAMES if naam != "Aarbeek")
    assert page.locator(".lijst li:visible").count() == len(NAMES) - 1
    page.get_by_label("alle").check()
    assert len(shown(page)) == len(ALL)


def test_a_year_hides_the_letters_that_have_none(visit: OpenPage) -> None:
    page = visit([*editions(NAMES, [2023]), edition("Quooster", 2022)], java_script_enabled=False)
    assert page.locator("#letter-Q").is_visible()
    page.check("#jaar-2023")
    assert not page.locator("#letter-Q").is_visible()
    assert not page.locator(".letters a[href='#letter-Q']").is_visible()
    page.check("#jaar-2022")
    assert page.locator(".letters a:visible, .letter:visible").all_inner_texts() == ["Q", "Q\nQuooster\n2022"]


def test_the_letters_are_those_of_the_names_without_article_and_accent() -> None:
    letters = {
        letter.naam: [row.naam for row in letter.gemeenten]
        for letter in letters_of(gemeenten_of(editions([*NAMES, "Élst", "1 Stroom", "Gemeente"], [2023])))
    }
    assert [*letters] == [*"ABCDEFGHIJKLMNOPRSTUVWZ", "Overig"]
    assert letters["E"][-1] == "Élst"
    assert [naam for naam in letters["G"] if not naam.startswith("Gor")] == ["Gemeente", "'s-Gravenhage"]
    assert letters["I"][0] == "Ĳsselmuide"
    assert letters["S"][-1] == "Súdwest-Fryslân"
    assert letters["Z"][-2:] == ["'t Zand", "Zuid-Bovenveldsewatergraafsmeerbuurten"]
    assert letters["Overig"] == ["1 Stroom"]


def test_a_letter_leads_to_its_place(visit: OpenPage) -> None:
    for width in (1280, 390):
        page = visit(width=width)
        for letter in "WGM":
            page.get_by_role("navigation", name="Naar een letter").get_by_role("link", name=letter, exact=True).click()
            page.wait_for_function(
                f"Math.abs(document.querySelector('#letter-{letter}').getBoundingClientRect().top) < 40"
            )


def test_a_search_finds_words_and_years(visit: OpenPage) -> None:
    page = visit()
    for typed, told in (
        ("sudwest", "8 uitgaven van 1 gemeente"),
        ("SÚDWEST fryslân", "8 uitgaven van 1 gemeente"),
        ("fryslan 2023", "2 uitgaven van 2 gemeenten"),
        ("2021 fryslan 2022", "4 uitgaven van 2 gemeenten"),
        ("202", "1.367 uitgaven van 342 gemeenten"),
        ("aarbeek 2020", NONE),
        ("'s gravenhage 2019", "1 uitgave van 1 gemeente"),
        ("ijsselmuide", "8 uitgaven van 1 gemeente"),
        ("(.*", "2.735 uitgaven van 342 gemeenten"),
    ):
        search(page, typed, told)
        counted = [int(number.replace(".", "")) for number in re.findall(r"\d[\d.]*", told)] or [0, 0]
        links, rows, parts, letters = (page.evaluate(COUNT, name) for name in (*LISTED, ".letter", ".letters a"))
        assert [links, rows] == counted
        assert parts == letters <= rows


def test_a_search_and_a_chosen_year_go_together(visit: OpenPage) -> None:
    page = visit()
    search(page, "fryslan", "16 uitgaven van 2 gemeenten")
    page.check("#jaar-2018")
    page.get_by_role("status").filter(has_text="2 uitgaven van 2 gemeenten").wait_for()
    assert shown(page) == ["Noardeast-Fryslân 2018", "Súdwest-Fryslân 2018"]
    search(page, "fryslan 2019", NONE)


def test_a_search_stands_in_the_address_and_comes_back_and_escape_ends_it(visit: OpenPage) -> None:
    page = visit()
    search(page, "Súdwest 2023", "1 uitgave van 1 gemeente")
    page.wait_for_url("**#zoek=S%C3%BAdwest%202023")
    page.reload()
    page.get_by_role("status").filter(has_text="1 uitgave van 1 gemeente").wait_for()
    assert page.get_by_label("Zoek een gemeente").input_value() == "Súdwest 2023"
    assert shown(page) == ["Súdwest-Fryslân 2023"]
    page.get_by_label("Zoek een gemeente").press("Escape")
    page.get_by_role("status").filter(has_text="2.735 uitgaven van 342 gemeenten").wait_for()
    page.wait_for_url(lambda url: "#" not in url)
    assert page.get_by_label("Zoek een gemeente").input_value() == ""
    assert len(shown(page)) == len(ALL)


@pytest.mark.parametrize("part", ["#zoek=%", "#zoek=<img src=x onerror=alert(1)>", "#zoek=%3Cb%3E"])
def test_an_address_that_makes_no_sense_does_no_harm(part: str, visit: OpenPage) -> None:
    page = visit(part=part)
    assert page.locator("main img, #gevonden b").count() == 0
    assert page.get_by_role("status").inner_text() != ""


@pytest.mark.parametrize("part", ["", "#zoek=fryslan"])
def test_the_field_moves_nothing_when_it_comes(part: str, visit: OpenPage) -> None:
    page = visit(part=part)
    page.get_by_role("status").filter(has_text="uitgaven").wait_for()
    moved = page.evaluate(
        """() => new Promise(done => { let sum = 0;
        new PerformanceObserver(list => list.getEntries().forEach(one => { sum += one.value; }))
          .observe({type: 'layout-shift', buffered: true});
        requestAnimationFrame(() => setTimeout(() => done(sum))); })"""
    )
    assert moved < 0.01


@pytest.mark.parametrize("listed", [editions(["Diemen"], [2023]), editions(NAMES[:3]), editions(NAMES[:20]), ALL])
def test_nothing_is_wider_than_a_small_phone_and_every_target_is_large_enough(
    listed: list[dict[str, Any]], visit: OpenPage
) -> None:
    page = visit(listed, 320, has_touch=True, is_mobile=True)
    assert page.evaluate("document.documentElement.scrollWidth") <= 320
    sizes = page.locator(".lijst a, .letters a, .jaren label").evaluate_all(
        "all => all.map(one => one.getBoundingClientRect()).map(box => Math.min(box.width, box.height))"
    )
    assert min(sizes) >= 44


@pytest.mark.parametrize("count", [1, 8, 11, 15, 16, 30])
def test_any_number_of_years_fits(count: int, visit: OpenPage) -> None:
    page = visit(editions(NAMES[:: PLAIN + 1], range(2024 - count, 2024)))
    for width in (320, 390, 560, 700, 710, 860, 990, 1000, 1140, 1280, 1400, 2000):
        page.set_viewport_size({"width": width, "height": 900})
        assert page.evaluate("document.documentElement.scrollWidth") <= width
        assert page.evaluate(
            """() => [...document.querySelectorAll('.lijst')].every(list => {
              const edge = list.getBoundingClientRect().right + 1;
              return [...list.querySelectorAll('a')].every(link => link.getBoundingClientRect().right <= edge); })"""
        ), width


def test_what_is_out_of_sight_is_as_high_as_was_reckoned(visit: OpenPage) -> None:
    for width in (320, 390, 800, 1280):
        page = visit(width=width)
        over = page.evaluate(
            """() => [...document.querySelectorAll('.letter')].map(part =>
              part.getBoundingClientRect().bottom - part.lastElementChild.getBoundingClientRect().bottom)"""
        )
        assert min(over) > -40  # the space between two letters: so they do not lie over one another
        assert sorted(over)[len(over) // 2] < 40


def test_a_short_list_is_plain(visit: OpenPage) -> None:
    page = visit(editions(["Diemen"], [2023]))
    link = page.get_by_role("link", name="Diemen 2023 Jaarstukken 2023", exact=True)
    assert link.get_attribute("href") == "diemen/2023/index.html"
    assert page.locator(".lijst").inner_text().split() == ["Diemen", "Diemen", "2023", "Jaarstukken", "2023"]
    assert page.locator("input, fieldset, nav, script:not([type]), h2").count() == 0


def test_the_page_grows_with_the_list() -> None:
    for count in (1, SEARCHED, SEARCHED + 1, PLAIN, PLAIN + 1):
        html = render_index(editions(NAMES[:count], [2022, 2023]))
        assert ('<input id="zoek"' in html) == ("<fieldset" in html) == (count > SEARCHED)
        assert ('<nav class="letters"' in html) == ('<section class="letter"' in html) == (count > PLAIN)
        assert ('class="titel"' in html) == (2 * count <= TOLD)
        assert html.count("Jaarstukken 2023") == count
    assert "<fieldset" not in render_index(editions(NAMES, [2023]))
    assert len(render_index(ALL).encode()) < 450_000


def test_an_empty_list_says_so_in_one_sentence(visit: OpenPage) -> None:
    page = visit([])
    assert page.locator("main").inner_text() == "Er zijn nog geen uitgaven."


def test_a_name_cannot_do_anything_on_the_page(visit: OpenPage) -> None:
    evil = '</script><script>alert(1)</script>{{ 7 * 7 }} "> <img src=x onerror=alert(2)>'
    rows = [edition(naam, jaar, f"m{number}") for number, naam in enumerate([BAD, evil]) for jaar in YEARS]
    for listed in (rows, [*rows, *editions(NAMES)]):
        page = visit([{**one, "titel": one["titel"] + evil} for one in listed])
        assert page.locator("main img, main li b b, main script").count() == 0
        assert page.locator(".lijst a").count() == len(listed)
        assert page.get_by_role("link", name=f"{BAD} 2023").count() == 1
        told = page.locator("script[type='application/ld+json']").evaluate("one => JSON.parse(one.textContent)")
        assert {BAD, evil} <= {one["name"] for one in told["dataset"]}
        assert told["@type"] == "DataCatalog"


def test_the_policy_allows_the_page_and_nothing_else(visit: OpenPage) -> None:
    assert csp_hash("") == "'sha256-47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU='"
    assert "script-src" not in page_csp("p {}")
    for listed in (ALL, editions(["Diemen"], [2023])):
        page = visit(listed)
        policy = page.locator("meta[http-equiv]").get_attribute("content")
        assert "unsafe" not in policy
        assert policy.startswith("default-src 'none'; style-src 'sha256-")
        assert policy.endswith("img-src data:; base-uri 'none'; form-action 'none'")
        assert " style=" not in render_index(listed)
        assert (
            page.locator("h1").evaluate("one => getComputedStyle(one).letterSpacing") != "normal"
        )  # style is in force


def test_two_municipalities_of_one_name_are_two_rows() -> None:
    listed = [edition("Bergen", jaar, folder) for folder in ("bergen-nh", "bergen-l") for jaar in (2022, 2023)]
    rows = gemeenten_of(listed)
    assert [row.naam for row in rows] == ["Bergen (bergen-l)", "Bergen (bergen-nh)"]
    html = render_index(listed)
    for one in listed:
        assert f'href="{one["href"]}"' in html


def test_a_municipality_has_the_name_of_its_newest_edition() -> None:
    listed = [edition("Oudnaam", 2022, "m"), edition("Nieuwnaam", 2023, "m")]
    rows = gemeenten_of(listed)
    assert [(row.naam, [one["jaar"] for one in row.uitgaven]) for row in rows] == [("Nieuwnaam", [2023, 2022])]


def test_the_same_editions_give_the_same_bytes_in_any_order() -> None:
    mixed = random.Random(1).sample(ALL, len(ALL))
    assert mixed != ALL
    assert render_index(mixed) == render_index(ALL)


def test_what_is_not_a_finished_edition_is_left_out(tmp_path: Path) -> None:
    good = {"naam": "Gemeente Diemen", "jaar": 2023, "titel": "Jaarstukken 2023"}
    manifests = {
        "diemen/2023": json.dumps(good), "diemen/.2022-bezig": json.dumps(good), ".weg/2022": json.dumps(good),
        "a/1": "{", "a/2": "[]", "a/3": json.dumps({**good, "jaar": "later"}), "a/4": '{"naam": "x", "jaar": 1e999}',
        "a/5": json.dumps({**good, "naam": "\ud800"}), "a/6": json.dumps({**good, "naam": " "}), "a/7": "null",
        "a/8": json.dumps({**good, "jaar": -5}), "javascript:alert(1)/2?3#4": json.dumps(good),
    }  # fmt: skip
    for name, text in manifests.items():
        folder = tmp_path / name
        folder.mkdir(parents=True)
        (folder / "manifest.json").write_text(text, encoding="utf-8")
    (tmp_path / "a" / "9" / "manifest.json").mkdir(parents=True)
    (tmp_path / "a" / "10").mkdir()
    (tmp_path / "a" / "10" / "manifest.json").write_bytes(b"\xff\xfe\x00")
    found: list[dict[str, Any]] = []
    write_index(tmp_path, lambda listed: found.extend(listed) or render_index(listed))
    hrefs = ["diemen/2023/index.html", "javascript%3Aalert%281%29/2%3F3%234/index.html"]
    assert [one["href"] for one in found] == hrefs
    assert re.findall(r'<a class="j\d+" href="([^"]*)"', (tmp_path / "index.html").read_text(encoding="utf-8")) == hrefs


def test_a_list_that_cannot_be_made_leaves_the_previous_one_and_no_litter(tmp_path: Path) -> None:
    (tmp_path / "index.html").write_text("de vorige")
    for cause in (lambda listed: str(1 / 0), lambda listed: "\ud800"):
        with pytest.raises((ZeroDivisionError, UnicodeEncodeError)):
            write_index(tmp_path, cause)
    assert [path.name for path in tmp_path.iterdir()] == ["index.html"]
    assert (tmp_path / "index.html").read_text() == "de vorige"


def test_on_paper_every_edition_is_there_and_nothing_to_choose_with(visit: OpenPage, tmp_path: Path) -> None:
    page = visit()
    page.pdf(path=tmp_path / "lijst.pdf", prefer_css_page_size=True)
    sheets = [" ".join(sheet.extract_text().split()) for sheet in PdfReader(tmp_path / "lijst.pdf").pages]
    whole = " ".join(sheets)
    missing = [naam for naam in NAMES if naam not in whole]
    assert missing in ([], ["Ĳsselmuide"])  # a font can have the ligature as two signs
    for jaar in YEARS:
        assert whole.count(str(jaar)) == len([one for one in ALL if one["jaar"] == jaar])
    assert "Zoek een gemeente" not in whole
    assert re.search(rf"Blad 2 van {len(sheets)}", whole)
    assert len(sheets) <= 12


def test_headings_go_down_one_level_at_a_time(visit: OpenPage) -> None:
    page = visit()
    levels = page.evaluate("[...document.querySelectorAll('h1, h2, h3')].map(one => Number(one.tagName[1]))")
    assert levels[0] == 1
    assert all(now - before <= 1 for before, now in pairwise(levels))
    assert page.title() == "Paragraaf bedrijfsvoering: alle uitgaven"
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    assert page.evaluate("document.activeElement.id") == "inhoud"


def test_the_script_is_small() -> None:
    script = ROOT / "src" / "bedrijfsvoering" / "templates" / "bedrijfsvoering" / "editions.js"
    assert script.stat().st_size < 4_000
