"""Chapter 5: indicators, years, other municipalities and the agreement with the CBS, on Diemen and on all of them."""

import re
from collections.abc import Callable
from dataclasses import replace
from decimal import Decimal
from html import unescape
from pathlib import Path
from typing import Any

import pytest
from conftest import MakeTable
from iv3_editions import IV3, lay_out

from bedrijfsvoering.display import Shown
from bedrijfsvoering.edition import read_edition
from bedrijfsvoering.errors import ParamsError
from bedrijfsvoering.figures import Figures
from bedrijfsvoering.iv3.deliveries import AMOUNTS, Delivery, Document, Indicator
from bedrijfsvoering.iv3.files import load_iv3
from bedrijfsvoering.iv3.indicators import MANDATORY, table_indicatoren
from bedrijfsvoering.iv3.peers import chart_gemeenten, table_iv3
from bedrijfsvoering.iv3.reconciliation import check_reconciliation, compare_totals, table_aansluiting
from bedrijfsvoering.iv3.years import BROKEN, chart_jaren
from bedrijfsvoering.references import PostNames, Tokens, WrongReference
from bedrijfsvoering.results import story_functions
from bedrijfsvoering.source import INDICATOREN
from bedrijfsvoering.svg import chart_svg, draw


def words(shown: Shown) -> str:
    return " ".join(unescape(re.sub(r"<[^>]+>", " ", shown.html)).replace("\u00a0", " ").split())


def meta(chart: Any) -> dict[str, Any]:
    return dict(chart.usermeta["bedrijfsvoering"])


def drawn(chart: Any) -> list[str]:
    """Return the texts of the wide and the narrow drawing, and of their variant."""
    own = meta(chart)
    specs = [chart.to_dict(), own["smal"]] + (
        [own["variant"]["breed"], own["variant"]["smal"]] if "variant" in own else []
    )
    config = chart.to_dict()["config"]
    return [chart_svg(draw({"config": config, **spec}), "a", "breed", "t", "b") for spec in specs]


def delivery(jaar: int, document: Document, gemeente: str = "diemen", **amounts: int) -> Delivery:
    bedragen = {name: Decimal(amounts[name]) if name in amounts else None for name in AMOUNTS}
    return Delivery(gemeente, gemeente.title(), jaar, document, bedragen, f"CBS Iv3, {document} {jaar}")


def test_the_indicators_that_are_read_are_those_that_are_shown() -> None:
    assert tuple(MANDATORY) == INDICATOREN


def test_each_indicator_has_its_value_its_definition_and_its_formula(diemen: Figures) -> None:
    said = words(table_indicatoren(diemen))
    for part in ("Externe inhuur, procent De kosten van inhuur als deel van loonsom en inhuur samen. 5,3% 19,8%",
                 "4.848 / (19.687 + 4.848), CBS Iv3, jaarrekening 2023", "16,2% 14,5% 15.763 / 108.387",
                 "Overhead, netto: 13,3% , want (15.763 − 1.370) / 108.387",
                 "€ 439 , want (15.763 − 1.370) × 1.000 / 32.785",
                 "niet aangeleverd Staat niet in de cijfers voor het CBS."):  # fmt: skip
        assert part in said
    values = dict(re.findall(r'<data value="([^"]+)" data-bron="([^"]+)">', table_indicatoren(diemen).html))
    assert values["19.8"] == "externe_inhuur(reeks.jaarrekening_2023)"


def test_an_indicator_of_the_municipality_goes_first_and_says_its_other_base(diemen: Figures) -> None:
    own = Indicator(
        "externe_inhuur", None, Decimal("24.6"), "inhuur gedeeld door de loonsom", "Jaarstukken, bladzijde 9"
    )
    said = words(table_indicatoren(replace(diemen, indicatoren=(own,))))
    assert "5,3% 24,6% Jaarstukken, bladzijde 9" in said
    assert "De gemeente rekent met een andere grondslag: inhuur gedeeld door de loonsom." in said
    codes = [f.code for check in check_reconciliation(replace(diemen, indicatoren=(own,))) for f in check.findings]
    assert "INDICATOR_VERSCHILT" not in codes
    bare = replace(own, grondslag="")
    found = [f for check in check_reconciliation(replace(diemen, indicatoren=(bare,))) for f in check.findings]
    assert [(f.gedrukt, f.berekend) for f in found if f.code == "INDICATOR_VERSCHILT"] == [
        (Decimal("24.6"), Decimal("19.8"))
    ]


def test_years_stand_side_by_side_and_the_finding_is_made_of_the_figures(diemen: Figures) -> None:
    chart = chart_jaren(diemen)
    assert meta(chart)["titel"] == "De bruto overhead was in 2023 17,7% hoger dan in 2022"
    assert (
        meta(chart)["variant"]["titel"] == "Per inwoner gerekend was de bruto overhead in 2023 14,2% hoger dan in 2022"
    )
    assert meta(chart)["bron"] == "CBS, Iv3"
    for svg in drawn(chart):
        assert all(str(jaar) in svg for jaar in range(2017, 2025))
        assert BROKEN not in svg
    assert "bruto" in meta(chart)["eenheid"]
    assert "De begroting is die van voor het jaar" in meta(chart)["eenheid"]


def test_the_break_in_the_series_is_drawn_and_said(diemen: Figures) -> None:
    later = delivery(2025, "begroting", lasten=110250, overhead_lasten=16331, inwoners=33256)
    chart = chart_jaren(replace(diemen, reeks=(*diemen.reeks, later)))
    assert "Vanaf 2025 gelden andere regels voor overhead" in meta(chart)["eenheid"]
    assert all(BROKEN in svg for svg in drawn(chart))
    before, after = chart.to_dict()["vconcat"]
    assert after["title"]["text"] == BROKEN
    assert "2025: " in str(after)
    assert "2025: " not in str(before)


def test_no_growth_is_told_across_the_break(diemen: Figures) -> None:
    years = tuple(delivery(jaar, "jaarrekening", lasten=90000, overhead_lasten=15000 - 6000 * (jaar - 2024))
                  for jaar in (2024, 2025))  # fmt: skip
    chart = chart_jaren(replace(diemen, jaar=2025, reeks=years))
    assert meta(chart)["titel"] == "De bruto overhead volgens het CBS, jaar voor jaar"


def test_a_year_that_was_not_delivered_is_told_and_not_drawn_as_nil(diemen: Figures) -> None:
    nil = delivery(2016, "jaarrekening", **dict.fromkeys(AMOUNTS, 0))
    chart = chart_jaren(replace(diemen, reeks=(nil, *diemen.reeks)))
    assert "Niet aangeleverd: jaarrekening 2016." in meta(chart)["eenheid"]
    assert "2016: " not in " ".join(name for name in meta(chart)["rijen"] if name.split(": ")[1])
    assert "2016, jaarrekening niet aangeleverd niet aangeleverd niet aangeleverd " in words(
        table_iv3(replace(diemen, reeks=(nil,)))
    )
    assert isinstance(chart_jaren(replace(diemen, reeks=())), Shown)


def test_salaries_and_hired_staff_stand_side_by_side_per_year(diemen: Figures) -> None:
    chart = chart_jaren(diemen, "salarissen")
    assert meta(chart)["titel"] == "De salarissen waren in 2023 10,2% hoger dan in 2022, de externe inhuur 37,9% hoger"
    assert meta(chart)["variant"]["titel"] == (
        "Per inwoner waren de salarissen in 2023 7,0% hoger dan in 2022, de externe inhuur 33,9% hoger"
    )
    wide, _, per_inhabitant, _ = drawn(chart)
    for svg, known in ((wide, ("19.687", "4.848", "1.117")), (per_inhabitant, ("600", "148", "34"))):
        assert all(f">{number}</text>" in svg for number in known)
    assert [block["title"]["text"] for block in chart.to_dict()["vconcat"]] == ["Salarissen", "Externe inhuur"]
    keys = list(meta(chart)["rijen"].values())
    assert len(set(keys)) == 16
    assert all(f'data-rij="{key}"' in meta(chart)["tabel"] for key in keys)


@pytest.mark.parametrize(
    ("amounts", "titel"),
    [
        (
            [{"inhuur": 10, "lasten": 1}, {"inhuur": 10, "lasten": 1}],
            "De externe inhuur was in 2023 even hoog als in 2022",
        ),
        ([{"salarissen": 10}, {"salarissen": 9}], "De salarissen waren in 2023 10,0% lager dan in 2022"),
        ([{"salarissen": 10}, {"lasten": 9}], "Salarissen, jaar voor jaar"),
        ([{"salarissen": 10**9}, {"salarissen": 1}], "De salarissen waren in 2023 99,9% lager dan in 2022"),
    ],
)
def test_the_finding_says_what_is_known_of_both_years(
    amounts: list[dict[str, int]], titel: str, diemen: Figures
) -> None:
    series = tuple(delivery(2022 + i, "jaarrekening", **given) for i, given in enumerate(amounts))
    chart = chart_jaren(replace(diemen, reeks=series), "salarissen")
    assert meta(chart)["titel"] == titel
    assert "variant" not in meta(chart)  # without inhabitants
    assert meta(chart)["legenda"] == [["thin", "rekening"]]  # and without budgets


def test_what_cannot_be_drawn_per_year_is_told(diemen: Figures) -> None:
    with pytest.raises(ParamsError, match="Gevonden 'inhuur'; verwacht overhead of salarissen"):
        chart_jaren(diemen, "inhuur")


def test_a_series_without_salaries_says_so(diemen: Figures) -> None:
    bare = tuple(delivery(jaar, "jaarrekening", lasten=9, overhead_lasten=3) for jaar in (2022, 2023))
    assert words(chart_jaren(replace(diemen, reeks=bare), "salarissen")) == (  # type: ignore[arg-type]
        "Salariskosten van andere jaren: niet aangeleverd."
    )


def test_diemen_stands_in_the_spread_of_its_size_and_beside_its_partners(diemen: Figures) -> None:
    chart = chart_gemeenten(diemen, ["ouder-amstel", "uithoorn"])
    assert meta(chart)["titel"] == (
        "Diemen heeft net meer overhead dan driekwart van de gemeenten met 20.000 tot 50.000 inwoners"
    )
    for svg in drawn(chart):
        for text in ("14,5%", "16,5%", "11,8%", "€ 439", "€ 620", "€ 357", "19,8%", "51,4%", "Uithoorn"):
            assert text in svg.replace("\u00a0", " "), text
    table = unescape(re.sub(r"<[^>]+>", " ", meta(chart)["tabel"])).replace("\u00a0", " ")
    assert re.search(
        r"De middelste \(mediaan\) van 184 gemeenten met 20.000 tot 50.000 inwoners\s+12,7%\s+€ 386\s+onbekend", table
    )


def test_a_peer_that_delivered_nothing_and_one_that_is_unknown_say_so(diemen: Figures) -> None:
    nil = delivery(2023, "jaarrekening", "uithoorn", **dict.fromkeys(AMOUNTS, 0))
    chart = chart_gemeenten(replace(diemen, vergelijking=(nil,)), ["uithoorn", "nergens-huizen"])
    assert all(svg.count("niet aangeleverd") >= 6 for svg in drawn(chart))
    assert "Nergens Huizen" in drawn(chart)[0]


def test_where_no_account_was_delivered_the_budget_is_compared(diemen: Figures) -> None:
    reeks = tuple(one for one in diemen.reeks if (one.jaar, one.document) != (2023, "jaarrekening"))
    assert "Naar de begroting 2023" in meta(chart_gemeenten(replace(diemen, reeks=reeks)))["eenheid"]
    assert isinstance(chart_gemeenten(replace(diemen, reeks=())), Shown)
    assert isinstance(chart_gemeenten(replace(diemen, verdeling=(), vergelijking=())), Shown)


def test_diemens_account_agrees_with_the_cbs_and_its_budget_does_not(diemen: Figures) -> None:
    found = {one.kolom: (one.printed, one.net, one.difference, one.kind) for one in compare_totals(diemen)}
    assert found["rekening"] == (14393, 14393, 0, "Gelijk aan het CBS, netto.")
    assert found["begroting_primitief"] == (14671, 15465, -794, "Waardoor dit komt, staat niet in de bron.")
    checks = {check.naam: check for check in check_reconciliation(diemen)}
    assert [check.uitkomst for check in checks.values()] == ["akkoord", "melding", "akkoord"]  # and the inhabitants
    said = words(table_aansluiting(diemen))
    assert "de rekening sluit aan op het CBS, de begroting primitief niet" in said
    assert "794 lager" in said


@pytest.mark.parametrize(
    ("lasten", "baten", "kind"),
    [
        (120, 20, "Gelijk aan het CBS, netto."),
        (100, 20, "Gelijk aan het CBS, bruto: de tabel trekt de baten (20) niet af."),
        (90, 0, "Het verschil is zo groot als de post Vervoer: die telt op een van de twee plaatsen niet mee."),
        (140, 7, "Waardoor dit komt, staat niet in de bron."),
    ],
)
def test_a_difference_has_a_kind_only_where_the_figures_prove_it(
    lasten: int, baten: int, kind: str, diemen: Figures, make_table: MakeTable
) -> None:
    table = make_table(("Huur", "-90", "-90", "-90", "0"), ("Vervoer", "-10", "-10", "-10", "0"),
                       ("Totaal", "-100", "-100", "-100", "0"))  # fmt: skip
    own = delivery(2023, "jaarrekening", lasten=1000, overhead_lasten=lasten, overhead_baten=baten)
    figures = replace(diemen, tables={"overhead": replace(table, naam="overhead")}, reeks=(own,))
    assert [one.kind for one in compare_totals(figures)] == [kind]


def test_a_later_budget_at_the_cbs_is_recognised(diemen: Figures, make_table: MakeTable) -> None:
    table = make_table(("Totaal", "-90", "-100", "", ""))
    own = delivery(2023, "begroting", lasten=1000, overhead_lasten=101, overhead_baten=0)
    figures = replace(diemen, tables={"overhead": replace(table, naam="overhead")}, reeks=(own,))
    assert [one.kind for one in compare_totals(figures)] == [
        "Het CBS heeft de begroting na wijziging, de tabel drukt de begroting primitief."
    ]


Functions = dict[str, Callable[..., Any]]


@pytest.fixture
def functions(diemen: Figures) -> Functions:
    return story_functions(Tokens(diemen, "5-vergelijking"))


def test_a_sentence_takes_a_measure_or_an_amount_and_names_its_source(functions: Functions) -> None:
    share = functions["iv3"]("overhead_bruto")
    assert (share.waarde, share.cel, share.bron) == (
        Decimal("14.5"), "reeks.jaarrekening_2023.overhead_bruto", "overhead_bruto(reeks.jaarrekening_2023)"
    )  # fmt: skip
    assert share.uitleg == "Berekend uit CBS Iv3, jaarrekening 2023: 15.763 / 108.387"
    before = functions["iv3"]("overhead_lasten", terug=1)
    assert functions["iv3"]("overhead_lasten", jaar=2022).bron == before.bron
    assert (before.waarde, before.eenheid) == (13395, "eur_1000")
    assert functions["iv3"]("overhead_per_inwoner", gemeente="uithoorn").waarde == 357
    assert functions["mediaan"]("overhead_per_inwoner").waarde == 386


@pytest.mark.parametrize(
    ("name", "args", "said"),
    [
        ("iv3", {"naam": "overhead_brutto"}, "Bedoelt u 'overhead_bruto'?"),
        ("iv3", {"naam": "inhuur", "terug": 30}, "niet aangeleverd voor jaarrekening 1993"),
        ("iv3", {"naam": "inhuur", "terug": 30}, "zie de tabel reeks, jaarrekening 1993; die rij is er niet"),
        ("iv3", {"naam": "inhuur", "jaar": 2018, "terug": 1}, "schrijf iv3("),
        ("iv3", {"naam": "inhuur", "jaar": "2018"}, "schrijf iv3("),
        ("iv3", {"naam": "inhuur", "document": "raming"}, "schrijf iv3("),
        ("iv3", {"naam": ["inhuur"]}, "hier hoort een naam tussen aanhalingstekens"),
        ("iv3", {"naam": "inhuur", "terug": -1}, "schrijf iv3("),
        ("iv3", {"naam": "inhuur", "terug": True}, "schrijf iv3("),
        ("iv3", {"naam": "inhuur", "gemeente": 7}, "schrijf iv3("),
        ("iv3", {"naam": "inhuur", "gemeente": "gouda"}, "'inhuur' van gouda is niet aangeleverd"),
        ("iv3", {"naam": "overhead_netto", "terug": 1}, "is niet aangeleverd voor jaarrekening 2022"),
        ("mediaan", {"naam": "overhead_brutto"}, "Bedoelt u 'overhead_bruto'?"),
        ("mediaan", {"naam": "externe_inhuur"}, "de verdeling van 'externe_inhuur' is niet aangeleverd"),
    ],
)
def test_what_a_sentence_cannot_take_is_told(name: str, args: dict[str, Any], said: str, functions: Functions) -> None:
    with pytest.raises(WrongReference, match=re.escape(said)):
        functions[name](**args)


def test_all_municipalities_make_an_edition_and_those_that_did_not_deliver_say_so(tmp_path: Path) -> None:
    if not IV3.is_dir():
        pytest.skip("the Iv3 extracts are not on this machine")
    loaded = load_iv3(IV3)
    editions = lay_out([one for one in loaded.values() if one.jaar == 2023 and one.grootteklasse], tmp_path)
    assert len(editions) == 342
    absent = set()
    for gemeente, jaar in editions:
        figures = read_edition(tmp_path / "data", gemeente, jaar, None, IV3)
        assert figures.fouten == ()
        said = words(table_indicatoren(figures))
        if not loaded[gemeente, 2023, "jaarrekening"].is_delivered:
            absent.add(gemeente)
            assert "Overhead, procent" in said
            assert "2023, jaarrekening" in words(table_iv3(figures))
        assert re.search(r"Overhead, procent .*? \d+,\d% ", said), gemeente
    assert absent == {"vijfheerenlanden"}
    for gemeente in ("vlieland", "amsterdam", "vijfheerenlanden", "voorne-aan-zee"):
        figures = read_edition(tmp_path / "data", gemeente, 2023, None, IV3)
        assert all("NaN" not in svg for svg in drawn(chart_jaren(figures)))
        assert "Diemen" in words(table_iv3(figures, ["diemen"]))


def test_figures_of_the_cbs_and_of_the_tables_do_not_go_together(functions: Functions, diemen: Figures) -> None:
    overhead = diemen.tables["overhead"]
    cbs, table = functions["iv3"]("overhead_lasten"), PostNames(overhead, overhead.posten[-1], Tokens(diemen))
    for wrong in (table.lookup("rekening"), functions["iv3"]("overhead_per_inwoner")):
        with pytest.raises(WrongReference, match="kunnen niet samen"):
            functions["verschil"](cbs, wrong)
    assert functions["aandeel"](cbs, functions["iv3"]("lasten")).waarde.quantize(Decimal("0.1")) == Decimal("14.5")
    assert functions["iv3"]("overhead_per_inwoner") > functions["mediaan"]("overhead_per_inwoner")


def test_the_own_municipality_is_no_peer_and_a_peer_stands_there_once(diemen: Figures) -> None:
    table = meta(chart_gemeenten(diemen, ["diemen", "uithoorn", "uithoorn"]))["tabel"]
    assert [table.count(f">{naam}</th>") for naam in ("Diemen", "Uithoorn")] == [1, 1]
