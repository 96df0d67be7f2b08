"""Iv3: every form of file gives the same delivery, gross and net are never mixed, nil everywhere is not delivered."""

import json
from dataclasses import replace
from decimal import Decimal
from pathlib import Path

import pytest
from conftest import ROOT
from iv3_editions import IV3

from bedrijfsvoering.edition import load_figures, read_edition
from bedrijfsvoering.errors import DataError, ParamsError
from bedrijfsvoering.figures import Figures
from bedrijfsvoering.iv3.deliveries import AMOUNTS, MEASURES, Delivery, class_name, find_delivery, spread_of
from bedrijfsvoering.iv3.files import load_iv3, with_iv3
from bedrijfsvoering.iv3.tables import slug_of

KLASSE = "20000tot50000inwoners"
OVERHEAD_HEAD = (
    "gemeente,jaar,document,iv3_doc,taakveld,salarissen_L1.1,baten,lasten,totaal_baten_excl_0.10_0.11,"
    "totaal_lasten_excl_0.10_0.11,inwonertal,provincie,grootteklasse\n"
)
OVERHEAD = f"Proefdam,2023,jaarrekening,2023005,0.4 Overhead,50,20,300,900,1000,2000,Utrecht,{KLASSE}\n"
TOTALS = (
    "gemeente,gm_code,jaar,document,verslagsoort,inwoners,lasten_excl_reserves,baten_excl_reserves,lasten_0.4_overhead,"
    "salarissen_totaal,salarissen_overhead,inhuur_totaal,inhuur_overhead\n"
    "Proefdam,GM9999,2023,jaarrekening,2023X005,2000,1000,900,300,400,50,100,10\n"
    "Proefdam,GM9999,2022,jaarrekening,2022X005,2000,0,0,0,0,0,0,0\n"
)
TAAKVELDEN = (
    "gemeente,jaar,document,taakveld,salarissen_L1.1,baten,lasten\n"
    "Proefdam,2023,jaarrekening,0.4 Overhead,50,20,300\n"
    "Proefdam,2023,jaarrekening,6.1 Samenkracht,350,10,700\n"
    "Proefdam,2023,jaarrekening,0.10 Mutaties reserves,,516,97\n"
    "Nederland,2023,jaarrekening,0.4 Overhead,1,1,1\n"
)


def odata() -> str:
    """Return a small answer in the shape of the CBS's service: padded codes, balance sheet rows among them."""
    rows = [("0.4   ", "L1.1  ", 50, 50), ("0.4   ", "L3.8  ", 240, 250), ("0.4   ", "B3.8  ", 20, None),
            ("6.1   ", "L1.1  ", 350, 350), ("6.1   ", "L3.5.1", 100, 100), ("6.1   ", "L4.3.8", 250, 250),
            ("0.10  ", "L7.1  ", 97, 97), ("A111  ", "Ultimo", 5000, 5000)]  # fmt: skip
    value = [
        {"ID": number, "TaakveldBalanspost": taakveld, "Categorie": categorie, "Gemeenten": "GM9999   ",
         "Verslagsoort": "2023X005", "k_1ePlaatsing_1": first, "k_2ePlaatsing_2": second}
        for number, (taakveld, categorie, first, second) in enumerate(rows)
    ]  # fmt: skip
    quarter = {**value[0], "Verslagsoort": "2023KW01"}
    return json.dumps({"value": [*value, quarter], "gemeenten": {"GM9999": "Proefdam"}})


FORMS = {"a.csv": OVERHEAD_HEAD + OVERHEAD, "b.csv": TOTALS, "c.csv": TAAKVELDEN, "d.json": odata()}
KNOWN = {
    "a.csv": ("inwoners", "lasten", "overhead_lasten", "overhead_baten"),
    "b.csv": ("inwoners", "lasten", "overhead_lasten", "salarissen", "inhuur"),
    "c.csv": ("lasten", "overhead_lasten", "overhead_baten", "salarissen"),
    "d.json": ("lasten", "overhead_lasten", "overhead_baten", "salarissen", "inhuur"),
}
PROEFDAM = {"inwoners": 2000, "lasten": 1000, "overhead_lasten": 300, "overhead_baten": 20, "salarissen": 400,
            "inhuur": 100}  # fmt: skip


def folder(tmp_path: Path, *names: str, **texts: str) -> Path:
    for name, text in {**{name: FORMS[name] for name in names}, **texts}.items():
        (tmp_path / name).write_text(text, encoding="utf-8")
    return tmp_path


@pytest.mark.parametrize("name", FORMS)
def test_each_form_gives_the_same_delivery(name: str, tmp_path: Path) -> None:
    found = load_iv3(folder(tmp_path, name))["proefdam", 2023, "jaarrekening"]
    assert {key: found.bedragen[key] for key in KNOWN[name]} == {key: PROEFDAM[key] for key in KNOWN[name]}
    assert [key for key in AMOUNTS if key not in KNOWN[name] and found.bedragen[key] is not None] == []


def test_what_one_file_lacks_another_gives_and_the_sum_of_all_is_no_municipality(tmp_path: Path) -> None:
    loaded = load_iv3(folder(tmp_path, "a.csv", "b.csv", "c.csv"))
    assert {key[0] for key in loaded} == {"proefdam"}
    found = loaded["proefdam", 2023, "jaarrekening"]
    assert found.bedragen == PROEFDAM
    assert found.grootteklasse == KLASSE


def test_a_delivery_of_nothing_but_zeros_was_not_made(tmp_path: Path) -> None:
    nil = load_iv3(folder(tmp_path, "b.csv"))["proefdam", 2022, "jaarrekening"]
    assert not nil.is_delivered
    assert [nil.amount(name) for name in ("lasten", "overhead_lasten")] == [None, None]
    assert all(measure.of(nil) is None for measure in MEASURES.values())


@pytest.mark.parametrize(
    ("name", "text"),
    [("x.csv", "a,b\n1,2\n"), ("x.csv", ""), ("x.csv", OVERHEAD_HEAD + OVERHEAD.replace("300", "driehonderd")),
     ("x.csv", OVERHEAD_HEAD + OVERHEAD.replace("jaarrekening", "raming")), ("x.json", "{}"), ("x.json", "[1"),
     ("x.json", '{"value": [{"Gemeenten": 1}]}'), ("x.json", "[]"), ("x.json", "[" * 100000),
     ("x.csv", OVERHEAD_HEAD + OVERHEAD.replace("300", "NaN")),
     ("x.csv", OVERHEAD_HEAD + OVERHEAD.replace("300", "9e99")),
     ("x.csv", OVERHEAD_HEAD + OVERHEAD.replace("300", "3000")),
     ("x.csv", OVERHEAD_HEAD + OVERHEAD + OVERHEAD.replace("300", "301")),
     ("x.csv", OVERHEAD_HEAD + "Proefdam\n")],
)  # fmt: skip
def test_a_file_of_another_form_is_told_by_name(name: str, text: str, tmp_path: Path) -> None:
    with pytest.raises(DataError, match=rf"{name}: Dit is geen bestand met Iv3-cijfers"):
        load_iv3(folder(tmp_path, **{name: text}))


def test_a_folder_that_is_not_there_and_one_without_figures_are_told_apart(tmp_path: Path) -> None:
    with pytest.raises(DataError, match="In deze map staan geen Iv3-cijfers"):
        load_iv3(tmp_path)
    for folder in (tmp_path / "nergens", tmp_path / ("x" * 300)):
        with pytest.raises(DataError, match="Deze map is er niet"):
            load_iv3(folder)


def test_diemens_indicators_are_those_that_are_known(diemen: Figures) -> None:
    account = find_delivery(diemen.reeks, 2023, "jaarrekening")
    assert account is not None
    written = {name: measure.write(measure.of(account) or Decimal(0)) for name, measure in MEASURES.items()}
    assert written == {
        "overhead_bruto": "14,5%", "overhead_netto": "13,3%", "overhead_per_inwoner": "€\u00a0439",
        "overhead_per_inwoner_bruto": "€\u00a0481", "externe_inhuur": "19,8%",
        "salarissen_per_inwoner": "€\u00a0600", "inhuur_per_inwoner": "€\u00a0148",
    }  # fmt: skip
    assert MEASURES["externe_inhuur"].told(account) == "4.848 / (19.687 + 4.848)"


def test_gross_and_net_are_never_mixed(diemen: Figures) -> None:
    unknown = find_delivery(diemen.reeks, 2022, "jaarrekening")
    assert unknown is not None
    assert unknown.amount("overhead_baten") is None
    known = {name for name, measure in MEASURES.items() if measure.of(unknown) is not None}
    assert known == {
        "overhead_bruto",
        "overhead_per_inwoner_bruto",
        "externe_inhuur",
        "salarissen_per_inwoner",
        "inhuur_per_inwoner",
    }


def deliveries(shares: list[int]) -> list[Delivery]:
    return [
        Delivery(f"g{n}", f"G{n}", 2023, "jaarrekening",
                 {**dict.fromkeys(AMOUNTS), "lasten": Decimal(100), "overhead_lasten": Decimal(share)}, "proef", KLASSE)
        for n, share in enumerate(shares)
    ]  # fmt: skip


def test_the_spread_lies_between_the_nearest_municipalities_and_of_few_there_is_none() -> None:
    spread = spread_of(deliveries(list(range(1, 22))), "overhead_bruto", "proef")
    assert spread is not None
    assert (spread.aantal, spread.p10, spread.p25, spread.mediaan, spread.p75, spread.p90) == (21, 3, 6, 11, 16, 19)
    assert spread_of(deliveries(list(range(1, 10))), "overhead_bruto", "proef") is None
    assert spread_of(deliveries(list(range(1, 22))), "overhead_netto", "proef") is None


@pytest.mark.parametrize(
    ("text", "said"),
    [("20000tot50000inwoners", "20.000 tot 50.000 inwoners"), ("250000inwonersofmeer", "250.000 inwoners of meer"),
     ("Minderdan5000inwoners", "minder dan 5.000 inwoners"), ("", "")],
)  # fmt: skip
def test_a_size_class_reads_as_words(text: str, said: str) -> None:
    assert class_name(text) == said


@pytest.mark.parametrize(
    ("naam", "slug"),
    [("Súdwest-Fryslân", "sudwest-fryslan"), ("'s-Gravenhage", "s-gravenhage"), ("Bergen (NH.)", "bergen-nh"),
     ("Nuenen, Gerwen en Nederwetten", "nuenen-gerwen-en-nederwetten"), ("Gemeente Diemen", "diemen")],
)  # fmt: skip
def test_a_name_gives_the_name_of_a_folder(naam: str, slug: str) -> None:
    assert slug_of(naam) == slug


def test_a_folder_adds_years_peers_and_the_spread_and_another_figure_is_told(diemen: Figures, tmp_path: Path) -> None:
    rows = [f"{naam},2023,jaarrekening,2023005,0.4 Overhead,50,20,{300 + n},900,1000,2000,Utrecht,{KLASSE}\n"
            for n, naam in enumerate(["Diemen", "Uithoorn", *(f"Dorp {n}" for n in range(12))])]  # fmt: skip
    bare = replace(diemen, verdeling=(), vergelijking=())
    figures = with_iv3(bare, folder(tmp_path, **{"a.csv": OVERHEAD_HEAD + "".join(rows), "b.csv": TOTALS}))
    assert len(figures.elders) == 14
    assert {one.gemeente for one in figures.beside(["uithoorn"])} == {"uithoorn"}
    assert {one.maat: one.aantal for one in figures.verdeling}["overhead_bruto"] == 14
    told = [finding for finding in figures.checks[-1].findings if finding.kolom == "overhead_lasten"]
    assert [(finding.code, finding.gedrukt, finding.berekend) for finding in told] == [("IV3_VERSCHIL", 15763, 300)]
    assert (
        with_iv3(diemen, tmp_path).verdeling[: len(diemen.verdeling)] == diemen.verdeling
    )  # the edition's own go first


@pytest.mark.parametrize("tabel", ["reeks", "vergelijking", "verdeling"])
def test_what_was_carried_over_is_what_the_extracts_hold(tabel: str, diemen: Figures) -> None:
    if not IV3.is_dir():
        pytest.skip("the Iv3 extracts are not on this machine")
    loaded = load_iv3(IV3)
    if tabel == "verdeling":
        fresh = with_iv3(replace(diemen, verdeling=()), IV3).verdeling
        assert [one for one in diemen.verdeling if one not in fresh] == []
        return
    own = diemen.reeks if tabel == "reeks" else diemen.vergelijking
    assert len(own) >= 4
    for one in own:
        assert loaded[one.gemeente, one.jaar, one.document].bedragen == one.bedragen, one.moment


def test_an_edition_with_wrong_rows_tells_all_of_them(tmp_path: Path) -> None:
    data = tmp_path / "proefdam" / "2023"
    data.mkdir(parents=True)
    (data / "bron.yaml").write_text("gemeente: Gemeente Proefdam\ntitel: Proef\ntabellen: {}\n", encoding="utf-8")
    (data / "reeks.csv").write_text(
        "jaar;document;inwoners;lasten;overhead_lasten;bron\n2023;raming;1;100;20;CBS\n23;begroting;1;100;20;CBS\n"
        "2023;begroting;1;-100;20;CBS\n2022;begroting;1;100;200;CBS\n2021;begroting;1;100;20;\n"
        "2020;begroting;1;100;20;CBS\n2020;begroting;1;100;20;CBS\n",
        encoding="utf-8",
    )
    (data / "verdeling.csv").write_text(
        "maat;grootteklasse;jaar;document;aantal;p10;p25;mediaan;p75;p90;bron\n"
        "overhead_brutto;x;2023;begroting;20;1;2;3;4;5;CBS\noverhead_bruto;x;2023;begroting;20;5;2;3;4;5;CBS\n",
        encoding="utf-8",
    )
    (data / "indicatoren.csv").write_text("indicator;rekening;bron\nformatei;8,1;CBS\n", encoding="utf-8")
    with pytest.raises(DataError) as caught:
        read_edition(tmp_path, "proefdam", 2023)
    said = str(caught.value)
    for part in ("Gevonden 'raming'; verwacht begroting, jaarrekening", "Gevonden '23'; verwacht 2000 tot en met 2100",
                 "verwacht een getal zonder minteken", "De overhead (200) is groter dan alle lasten (100)",
                 "regel 6, bron: Deze cel mag niet leeg zijn", "staat er al op regel 7", "Bedoelt u 'overhead_bruto'?",
                 "De percentielen lopen niet op", "Bedoelt u 'formatie'?"):  # fmt: skip
        assert part in said


@pytest.mark.parametrize("given", ["/nergens", "~niemand/iv3", "\0", "x" * 5000])
def test_a_folder_that_cannot_be_one_is_told(given: str) -> None:
    with pytest.raises((DataError, ParamsError)):
        load_figures("diemen", 2023, str(ROOT / "data"), iv3_dir=given)
