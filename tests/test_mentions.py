"""Numbers in prose: each is found with its kind and its bounds, and what only looks like a number is left alone."""

from decimal import Decimal
from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bedrijfsvoering.amounts import fmt_amount
from bedrijfsvoering.proofreading.mentions import Mention, find_mentions
from bedrijfsvoering.proofreading.number_words import word_value

FOUND = [
    # digits
    ("De rekening is 7.442.", ["7.442: getal 7442, 7441.5..7442.5"]),
    ("De rekening is 7442 en niet meer.", ["7442: getal 7442, 7441.5..7442.5"]),
    ("Het kostte € 7.442.000 in totaal.", ["€ 7.442.000: euro 7442000, 7441999.5..7442000.5"]),
    ("Het kostte € 7,4 miljoen.", ["€ 7,4 miljoen: euro 7400000, 7350000..7450000"]),
    ("Het kostte 7,4 mln euro.", ["7,4 mln euro: euro 7400000, 7350000..7450000"]),
    ("Het kostte € 1,2 mln. hoger dan begroot.", ["€ 1,2 mln: euro 1200000, 1150000..1250000"]),
    ("Dat is 380 duizend lager.", ["380 duizend: euro 380000, 379500..380500"]),
    ("Dat is € 380.000.", ["€ 380.000: euro 380000, 379999.5..380000.5"]),
    ("Dat is € 7,4 per stuk.", ["€ 7,4: euro 7.4, 7.35..7.45"]),
    ("Dat is 51,7% van alles.", ["51,7%: procent 51.7, 51.65..51.75"]),
    ("Dat is 51,7 procent.", ["51,7 procent: procent 51.7, 51.65..51.75"]),
    ("Dat is 51,7 % hoger.", ["51,7 %: procent 51.7, 51.65..51.75"]),
    ("Er werkt 12,5 fte aan.", ["12,5 fte: fte 12.5, 12.45..12.55"]),
    ("Er zijn 12.5 FTE nodig.", ["12.5 FTE: fte 12.5, 12.45..12.55"]),
    ("Het kostte 1.5 miljoen.", ["1.5 miljoen: euro 1500000, 1450000..1550000"]),
    ("Een nadeel van -218.", ["-218: getal 218, 217.5..218.5"]),
    ("Een nadeel van −218.000 euro.", ["−218.000 euro: euro 218000, 217999.5..218000.5"]),
    ("Een nadeel (–218).", ["–218: getal 218, 217.5..218.5"]),
    ("Een voordeel van +218.", ["+218: getal 218, 217.5..218.5"]),
    ("Het saldo is € -218.", ["€ -218: euro 218, 217.5..218.5"]),
    ("Het saldo is -€ 218.", ["-€ 218: euro 218, 217.5..218.5"]),
    ("Een bijdrage van € 380.000,- per jaar.", ["€ 380.000,-: euro 380000, 379999.5..380000.5"]),
    ("Een bijdrage van € 17.950,25 per jaar.", ["€ 17.950,25: euro 17950.25, 17950.245..17950.255"]),
    ("Een bijdrage van EUR 12.500.", ["EUR 12.500: euro 12500, 12499.5..12500.5"]),
    ("Een bijdrage van 12 500 euro.", ["12 500 euro: euro 12500, 12499.5..12500.5"]),
    ("Een bijdrage van 7\u202f442 duizend.", ["7\u202f442 duizend: euro 7442000, 7441500..7442500"]),
    ("Een bijdrage van 7,4\u00a0miljoen.", ["7,4\u00a0miljoen: euro 7400000, 7350000..7450000"]),
    ("Een bijdrage van € 250k.", ["€ 250k: euro 250000, 249500..250500"]),
    ("Een bijdrage van 7,4 M€.", ["7,4 M€: euro 7400000, 7350000..7450000"]),
    ("Een tekort van 1,5 ton.", ["1,5 ton: euro 150000, 145000..155000"]),
    ("Een winst van 0,4 miljard.", ["0,4 miljard: euro 400000000, 350000000..450000000"]),
    ("Dat is 5 procentpunt meer.", ["5 procentpunt: procent 5, 4.5..5.5"]),
    ("Dat kost € 45/uur.", ["€ 45: euro 45, 44.5..45.5"]),
    ("Een reserve van 2½ miljoen.", ["2½ miljoen: euro 2500000, 2450000..2550000"]),
    # words
    ("De stand is nul.", ["nul: getal 0, 0..0.5"]),
    ("Er zijn twaalf teams.", ["twaalf: aantal 12, 11.5..12.5"]),
    ("Het zijn er negenennegentig.", ["negenennegentig: getal 99, 98.5..99.5"]),
    ("Het zijn er drieëntwintig.", ["drieëntwintig: getal 23, 22.5..23.5"]),
    ("Het zijn tweehonderdvijftig woningen.", ["tweehonderdvijftig: aantal 250, 249.5..250.5"]),
    ("Het kostte zestienhonderd euro.", ["zestienhonderd euro: euro 1600, 1599.5..1600.5"]),
    ("Het kostte drieduizend vierhonderd euro.", ["drieduizend vierhonderd euro: euro 3400, 3399.5..3400.5"]),
    ("Het kostte driehonderdduizend.", ["driehonderdduizend: euro 300000, 299999.5..300000.5"]),
    ("Het kostte honderdenvijf euro.", ["honderdenvijf euro: euro 105, 104.5..105.5"]),
    ("Het kostte duizend euro.", ["duizend euro: euro 1000, 999.5..1000.5"]),
    ("Het kostte drie miljoen.", ["drie miljoen: euro 3000000, 2500000..3500000"]),
    ("Het kostte anderhalf miljoen.", ["anderhalf miljoen: euro 1500000, 1450000..1550000"]),
    ("Het kostte een half miljoen.", ["een half miljoen: euro 500000, 450000..550000"]),
    ("Het kostte een miljoen euro.", ["een miljoen euro: euro 1000000, 500000..1500000"]),
    ("Het kostte een ton.", ["een ton: euro 100000, 50000..150000"]),
    ("Het kostte twee ton.", ["twee ton: euro 200000, 150000..250000"]),
    ("Het kostte tweeënhalve ton.", ["tweeënhalve ton: euro 250000, 245000..255000"]),
    ("Het kostte twee en een half miljoen.", ["twee en een half miljoen: euro 2500000, 2450000..2550000"]),
    ("Er is een halve fte over.", ["een halve fte: fte 0.5, 0.45..0.55"]),
    ("Eén programma liep uit.", ["Eén: aantal 1, 0.5..1.5"]),
    ("Eén is klaar.", ["Eén: getal 1, 0.5..1.5"]),
    ("Een vijftal medewerkers vertrok.", ["vijftal: aantal 5, 4.5..5.5"]),
    ("Er kwam v\u0133f euro bij.", ["v\u0133f euro: euro 5, 4.5..5.5"]),
    ("Er kwam e\u0301e\u0301n team bij.", ["e\u0301e\u0301n: aantal 1, 0.5..1.5"]),
    # shares
    ("Dat is de helft van alles.", ["de helft: procent 50, 49..51"]),
    ("Dat is een derde van alles.", ["een derde: procent 33.333, 32.333..34.333"]),
    ("Dat is een derde minder.", ["een derde: procent 33.333, 32.333..34.333"]),
    ("Het is met een derde gestegen.", ["een derde: procent 33.333, 32.333..34.333"]),
    ("Dat is een kwart.", ["een kwart: procent 25, 24..26"]),
    ("Dat is één kwart van het geld.", ["één kwart: procent 25, 24..26"]),
    ("Dat is driekwart van alles.", ["driekwart: procent 75, 74..76"]),
    ("Dat is twee derde van alles.", ["twee derde: procent 66.667, 65.667..67.667"]),
    ("Dat is tweederde van alles.", ["tweederde: procent 66.667, 65.667..67.667"]),
    ("Dat is 1/3 deel.", ["1/3: procent 33.333, 32.333..34.333"]),
    ("Dat is een vijfde van alles.", ["een vijfde: procent 20, 19..21"]),
    ("Bij vier van de tien posten.", ["vier van de tien: procent 40, 39..41"]),
    ("Bij 3 op de 4 posten.", ["3 op de 4: procent 75, 74..76"]),
    ("Een op de vijf bleef.", ["Een op de vijf: procent 20, 19..21"]),
    ("Eén op drie bleef.", ["Eén op drie: procent 33.333, 32.333..34.333"]),
    ("Het kostte driekwart miljoen.", ["driekwart miljoen: euro 750000, 745000..755000"]),
    # factors
    ("Dat is tweemaal zo veel.", ["tweemaal: factor 2, 1.9..2.1"]),
    ("Dat is 1,5 keer zo veel.", ["1,5 keer: factor 1.5, 1.45..1.55"]),
    ("Dat is twee keer zo hoog.", ["twee keer: factor 2, 1.9..2.1"]),
    ("Dat is 3x zo hoog.", ["3x: factor 3, 2.85..3.15"]),
    ("Dat is het dubbele.", ["het dubbele: factor 2, 1.9..2.1"]),
    ("Het budget is verdubbeld.", ["verdubbeld: factor 2, 1.9..2.1"]),
    ("De inhuur is gehalveerd.", ["gehalveerd: factor 0.5, 0.475..0.525"]),
    ("De inhuur verdrievoudigde.", ["verdrievoudigde: factor 3, 2.85..3.15"]),
    ("Dat gebeurt drie keer per jaar.", ["drie keer: aantal 3, 2.5..3.5"]),
    ("Dat gebeurt twee keer per week.", ["twee keer: aantal 2, 1.5..2.5"]),
    ("Wij hebben twee keer gesproken.", ["twee keer: aantal 2, 1.5..2.5"]),
    ("Dat kon maar één keer.", ["één keer: aantal 1, 0.5..1.5"]),
    # hedges
    ("Dat is ruim 7,5 miljoen.", ["ruim 7,5 miljoen: euro 7500000, 7500000..7600000"]),
    ("Dat is bijna 7,5 miljoen.", ["bijna 7,5 miljoen: euro 7500000, 7400000..7500000"]),
    ("Dat is net geen 2 miljoen.", ["net geen 2 miljoen: euro 2000000, 1800000..2000000"]),
    ("Dat is circa € 380.000.", ["circa € 380.000: euro 380000, 370000..390000"]),
    ("Dat is ca. 12.", ["ca. 12: getal 12, 11..13"]),
    ("Dat is zo’n 12 fte.", ["zo’n 12 fte: fte 12, 11..13"]),
    ("Dat is een kleine 400.", ["een kleine 400: getal 400, 360..440"]),
    ("Dat is rond de 7 miljoen.", ["rond de 7 miljoen: euro 7000000, 6300000..7700000"]),
    ("Dat is ruim 50%.", ["ruim 50%: procent 50, 50..55"]),
    ("Dat is ruim de helft.", ["ruim de helft: procent 50, 50..55"]),
    ("Dat is bijna de helft.", ["bijna de helft: procent 50, 45..50"]),
    ("Dat is iets meer dan de helft.", ["iets meer dan de helft: procent 50, 50..55"]),
    ("Dat is zo'n driekwart.", ["zo'n driekwart: procent 75, 70..80"]),
    ("Dat is meer dan 7 miljoen.", ["meer dan 7 miljoen: euro 7000000, 7000000..10500000"]),
    ("Dat is niet meer dan 7 miljoen.", ["niet meer dan 7 miljoen: euro 7000000, 3500000..7000000"]),
    ("Dat is minder dan een derde.", ["minder dan een derde: procent 33.333, 16.667..33.333"]),
    ("Dat is hooguit 10%.", ["hooguit 10%: procent 10, 5..10"]),
    ("Er zijn minstens vijf trainees.", ["minstens vijf: aantal 5, 5..7.5"]),
    ("De inhuur is ruim verdubbeld.", ["ruim verdubbeld: factor 2, 2..2.2"]),
    ("Dat is 218 minder dan 7.660.", ["218: getal 218, 217.5..218.5", "7.660: getal 7660, 7659.5..7660.5"]),
    ("Dat is tegen de 7 miljoen.", ["tegen de 7 miljoen: euro 7000000, 6300000..7000000"]),
    ("Dat is ongeveer 2 miljoen.", ["ongeveer 2 miljoen: euro 2000000, 1500000..2500000"]),
    # ranges
    ("Tussen 7 en 8 miljoen.", ["Tussen 7 en 8 miljoen: euro 7000000, 7000000..8000000"]),
    ("Tussen de 10 en 12 fte.", ["Tussen de 10 en 12 fte: fte 10, 10..12"]),
    ("Het wordt 7 à 8 miljoen.", ["7 à 8 miljoen: euro 7000000, 7000000..8000000"]),
    ("Het wordt 10-12%.", ["10-12%: procent 10, 10..12"]),
    ("Het wordt 10%–12%.", ["10%–12%: procent 10, 10..12"]),
    ("Het wordt € 5-10 mln.", ["€ 5-10 mln: euro 5000000, 5000000..10000000"]),
    ("Het wordt tussen € 7 en € 8 miljoen.", ["tussen € 7 en € 8 miljoen: euro 7000000, 7000000..8000000"]),
    ("Drie tot vier trainees.", ["Drie tot vier: aantal 3, 3..4"]),
    ("Circa 10 tot 12 procent.", ["Circa 10 tot 12 procent: procent 10, 9..13"]),
    ("Van 6 tot en met 8 weken.", ["6 tot en met 8: aantal 6, 6..8"]),
    # shared unit
    (
        "Van 7,2 naar 7,4 miljoen.",
        ["7,2: euro 7200000, 7150000..7250000", "7,4 miljoen: euro 7400000, 7350000..7450000"],
    ),
    (
        "Van € 7,2 naar € 7,4 miljoen.",
        ["€ 7,2: euro 7200000, 7150000..7250000", "€ 7,4 miljoen: euro 7400000, 7350000..7450000"],
    ),
    ("Van vijf naar zes trainees.", ["vijf: aantal 5, 4.5..5.5", "zes: aantal 6, 5.5..6.5"]),
    ("Met 10, 12 en 15%.", ["10: procent 10, 9.5..10.5", "12: procent 12, 11.5..12.5", "15%: procent 15, 14.5..15.5"]),
    (
        "Van 7.660 naar € 7.442.000.",
        ["7.660: getal 7660, 7659.5..7660.5", "€ 7.442.000: euro 7442000, 7441999.5..7442000.5"],
    ),
    ("Van 3 van de 5 fte.", ["3: fte 3, 2.5..3.5", "5 fte: fte 5, 4.5..5.5"]),
    # counts
    ("Er waren 2 miljoen bezoekers.", ["2 miljoen: aantal 2000000, 1500000..2500000"]),
    ("Er waren vijf trainees.", ["vijf: aantal 5, 4.5..5.5"]),
    ("Het duurde anderhalf jaar.", ["anderhalf: aantal 1.5, 1.45..1.55"]),
    ("Het duurt vier jaar.", ["vier: aantal 4, 3.5..4.5"]),
    ("Er zijn 12 omgevingsvergunningen.", ["12: aantal 12, 11.5..12.5"]),
    ("Het zijn vijf ‘nieuwe’ teams.", ["vijf: aantal 5, 4.5..5.5"]),
    ("Er zijn vijf extra medewerkers.", ["vijf: aantal 5, 4.5..5.5"]),
    ("Er kwam 5 extra fte bij.", ["5 extra fte: fte 5, 4.5..5.5"]),
    ("De gemeente telt 2000 inwoners.", ["2000: aantal 2000, 1999.5..2000.5"]),
    ("Het is 218 voordeel.", ["218: getal 218, 217.5..218.5"]),
    ("Het is 380 duizend lagere lasten.", ["380 duizend: euro 380000, 379500..380500"]),
    ("Er is 7.442 uitgegeven.", ["7.442: getal 7442, 7441.5..7442.5"]),
    ("Een jaar van 2000 euro.", ["2000 euro: euro 2000, 1999.5..2000.5"]),
    # markdown
    ("Het kostte **7,4** miljoen.", ["7,4** miljoen: euro 7400000, 7350000..7450000"]),
    ("Het kostte € **7,4 miljoen**.", ["€ **7,4 miljoen: euro 7400000, 7350000..7450000"]),
    ("Er zijn _vijf_ trainees.", ["vijf: aantal 5, 4.5..5.5"]),
    ("| Duo+ | 7.442 | −218 |", ["7.442: getal 7442, 7441.5..7442.5", "−218: getal 218, 217.5..218.5"]),
    ("2. vijf trainees", ["vijf: aantal 5, 4.5..5.5"]),
    ("- 218 lager", ["218: getal 218, 217.5..218.5"]),
    ("## 12 projecten", ["12: aantal 12, 11.5..12.5"]),
    ("7,4\nmiljoen", ["7,4\nmiljoen: euro 7400000, 7350000..7450000"]),
    ("Het is 218 (x € 1.000).", ["218: getal 218, 217.5..218.5"]),
    ("{{ a.b | mln(2) }} en 5%", ["5%: procent 5, 4.5..5.5"]),
    ("\ue00012\ue001 en 5%", ["5%: procent 5, 4.5..5.5"]),
    ("[tekst van 12 fte](https://a.nl/7442)", ["12 fte: fte 12, 11.5..12.5"]),
    ("Het is&nbsp;5&nbsp;miljoen.", ["5&nbsp;miljoen: euro 5000000, 4500000..5500000"]),
    # acht
    ("Acht teams.", ["Acht: aantal 8, 7.5..8.5"]),
    ("In acht gemeenten.", ["acht: aantal 8, 7.5..8.5"]),
]
"""Text, and its mentions: the words, the kind and value, the lowest and the highest value for which it is true."""

NONE = [
    # years and dates
    "In 2023 en 2024.",
    "De periode 2022-2025.",
    "Het schooljaar 2023/2024.",
    "Het jaar 2022/23.",
    "De jaren 90 en de jaren tachtig.",
    "In '23 en ’24.",
    "Op 31 december 2023.",
    "Op 31 dec. 2023.",
    "Op 1 en 2 juli.",
    "Van 3 t/m 7 juli.",
    "Op 31-12-2023 en 1-1-2024.",
    "Op 2023-07-01.",
    "Op 31-12.",
    "Tussen 2020 en 2023.",
    "In 2023 medewerkers werven.",
    "In 2024 fte werven.",
    "De begroting 2023 is vastgesteld.",
    "Medio 2022 begon het.",
    # quarters and times
    "In Q3 en het 3e kwartaal.",
    "In kwartaal 3 en 4.",
    "In het derde kwartaal.",
    "De eerste helft van 2023.",
    "In week 12.",
    "In de weken 3 t/m 5.",
    "Om 12.30 uur of 12:30.",
    "Om vier uur.",
    "Van 9 tot 17 uur.",
    "Om half vier.",
    "Dag en nacht, 24/7.",
    "Een halfjaar later.",
    "Een half jaar later.",
    # law and places in a text
    "Zie artikel 12.",
    "Zie art. 213a.",
    "Zie artikel 212, lid 3 en 4.",
    "Zie de artikelen 12, 13 en 14.",
    "Zie Stb. 2023, 145.",
    "Zie paragraaf 3.2 en hoofdstuk 4.",
    "Zie tabel 5 op pagina 14-15.",
    "Zie figuur 2.1 en bijlage 3.",
    "Zie § 3 en blz. 12.",
    "Zie zaaknummer 123456.",
    "Zie nr. 45.",
    "Zie noot [^1] en [2].",
    "Programma 3 en taakveld 0.4.",
    "Groep 8 leerlingen.",
    "Team 3 en wijk 4.",
    "Fase twee begint.",
    # names
    "Rx.Base en Rx.Mission.",
    "ISO 27001 en NEN-EN 7510.",
    "Office 365 en Windows 11.",
    "Iv3, A4, B1-niveau en 5G.",
    "COVID-19 en mbo-4.",
    "Versie 2.0 van het plan.",
    "Plan Zeven en De Drie Dorpen.",
    "De G40 en de N201.",
    "De top 10.",
    "Duo+ 2.0.",
    # ordinals and idioms
    "De 1e, 2e en 3de wijziging.",
    "Een derde wijziging.",
    "De tweede en derde.",
    "Geld van derden.",
    "Op één na het grootste.",
    "Een van de teams.",
    "Eén van de teams.",
    "Een voor een.",
    "Eén voor één.",
    "In één keer.",
    "Beide teams.",
    "Dubbel glas.",
    "Enkele teams, tientallen mensen, tal van zaken.",
    "Een aantal teams en een paar mensen.",
    "Het is eenvoudig, nu eenmaal.",
    "Het college acht dit wenselijk.",
    "Men acht het goed.",
    "Wij nemen dit in acht.",
    "Acht slaan op regels.",
    "Een team en een euro.",
    # addresses
    "Raadhuisplein 1, 1112 TX Diemen.",
    "Tel. 020-3144888.",
    "Bel 020 314 48 88 of 06 12345678.",
    "Bel 14 020.",
    "Postbus 12.",
    "NL91 ABNA 0417 1643 00.",
    # codes
    "De 36-urige werkweek en 50-plussers.",
    "Een score van 1-0.",
    "Een verdeling van 80/20.",
    "7x24 beschikbaar.",
    "Per 1.000 inwoners.",
    # units of a table
    "Bedragen x € 1.000.",
    "(x 1.000)",
    "(× € 1.000,-)",
    "Bedragen in € 1.000.",
    "Bedragen * € 1.000",
    # markdown
    "1. Overhead\n2) Inhuur",
    "## 3.2 Overhead\n### 4 Inhuur",
    "1) inhuur 2) onderhoud (3) overig",
    "Zie `7.442` en ``8 ` 9``.",
    "[tekst](https://a.nl/2023/7442)",
    "https://a.nl/7442?b=12",
    "{{ overhead.duo_plus.rekening | mln(2) }}",
    "{% if x > 5 %}tekst{% endif %}",
    "\ue0007442\ue001",
    '<data value="7442">tekst</data><!-- 12 -->',
    "```\n7.442\n```",
    "1.1.1.1",
    "007",
]
"""Texts without any number of which the truth could be asked."""

SIZE = 200_000
REPEATED = ["1.1.1.1", "een een een ", "(((((", "[[[", "](", "`", "{{ ", "<a", "\n", "1.a", "a-", "€ ", "honderd", "9"]
PIECES = """een één twee acht honderd 7 7.442 2023 12,5 0.4 € % - – miljoen mln. fte keer ruim tussen en van de op tot
naar helft derde artikel x 1.000 ( ) | ` ** _ {{ }} ½ 1/3 10-12 'n juli uur ton teams"""
pieces = st.lists(st.sampled_from([*PIECES.split(), "\n", "\n\n"]), max_size=30)


def said(mention: Mention) -> str:
    waarde, laag, hoog = (f"{round(value, 3).normalize():f}" for value in (mention.waarde, mention.laag, mention.hoog))
    return f"{mention.tekst}: {mention.soort} {waarde}, {laag}..{hoog}"


@pytest.mark.parametrize(("text", "mentions"), FOUND, ids=[text for text, _ in FOUND])
def test_finds(text: str, mentions: list[str]) -> None:
    assert [said(mention) for mention in find_mentions(text)] == mentions


@pytest.mark.parametrize("text", NONE, ids=NONE)
def test_leaves_alone(text: str) -> None:
    assert find_mentions(text) == []


@settings(max_examples=400, deadline=None)
@given(
    cents=st.integers(-(10**11), 10**11),
    decimalen=st.integers(0, 3),
    frame=st.sampled_from(["{}", "De post is {}.", "({})", "| {} |", "van {}, en", "**{}** begroot"]),
)
def test_every_printed_amount_is_found_with_its_value(cents: int, decimalen: int, frame: str) -> None:
    amount = Decimal(cents).scaleb(-decimalen)
    printed = fmt_amount(amount, decimalen)
    (mention,) = find_mentions(frame.format(printed))
    assert (mention.tekst, mention.waarde, mention.soort) == (printed, abs(amount), "getal")
    half = Decimal("0.5").scaleb(-decimalen)
    assert (mention.laag, mention.hoog) == (max(abs(amount) - half, Decimal(0)), abs(amount) + half)


@settings(max_examples=200, deadline=None)
@given(st.integers(0, 10**9), st.sampled_from(["€ {}", "{} euro", "EUR {}", "€ {},-"]))
def test_every_amount_in_euro_is_found(amount: int, frame: str) -> None:
    (mention,) = find_mentions(frame.format(fmt_amount(Decimal(amount))))
    assert (mention.waarde, mention.soort) == (amount, "euro")


@settings(max_examples=400, deadline=None)
@given(pieces.map(" ".join) | pieces.map("".join) | st.text(max_size=60))
def test_mentions_of_any_text_are_in_order_and_true_of_what_they_say(text: str) -> None:
    mentions = find_mentions(text)
    assert all(one.eind <= other.begin for one, other in pairwise(mentions))
    for mention in mentions:
        assert mention.tekst == text[mention.begin : mention.eind] != ""
        assert 0 <= mention.laag <= mention.waarde <= mention.hoog


@pytest.mark.parametrize("text", REPEATED)
def test_a_text_of_any_size_is_read(text: str) -> None:
    assert find_mentions((text * SIZE)[:SIZE]) == []


def test_every_number_below_hundred_thousand_is_a_word() -> None:
    spelled = {word_value(spell(number)) for number in range(2, 100_000, 7)}
    assert spelled == set(map(Decimal, range(2, 100_000, 7)))


def spell(number: int) -> str:
    """Return a number as Dutch spells it in one word."""
    if number >= 1000:
        return (
            (spell(number // 1000) if number >= 2000 else "")
            + "duizend"
            + (spell(number % 1000) if number % 1000 else "")
        )
    if number >= 100:
        return (
            (spell(number // 100) if number >= 200 else "") + "honderd" + (spell(number % 100) if number % 100 else "")
        )
    ones = ["", "een", "twee", "drie", "vier", "vijf", "zes", "zeven", "acht", "negen", "tien", "elf", "twaalf"]
    ones += ["dertien", "veertien", "vijftien", "zestien", "zeventien", "achttien", "negentien"]
    tens = ["twintig", "dertig", "veertig", "vijftig", "zestig", "zeventig", "tachtig", "negentig"]
    if number < 20:
        return ones[number]
    link = "" if number % 10 == 0 else "ën" if ones[number % 10].endswith("e") else "en"
    return ones[number % 10] + link + tens[number // 10 - 2]
