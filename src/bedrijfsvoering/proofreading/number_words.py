"""Dutch prose as tokens, and what its words say: a number, how exact it is, what it counts."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence
from decimal import Decimal
from functools import lru_cache
from typing import Literal, NamedTuple

from ..amounts import MAX_DIGITS

Hedge = Literal["iets_meer", "iets_minder", "ongeveer", "meer", "minder"]


def _set(words: str) -> set[str]:
    return set(words.split())


def _numbered(words: str, start: int, step: int) -> dict[str, Decimal]:
    return {word: Decimal(start + step * place) for place, word in enumerate(words.split())}


ONES = _numbered("een twee drie vier vijf zes zeven acht negen", 1, 1)
TEENS = _numbered("tien elf twaalf dertien veertien vijftien zestien zeventien achttien negentien", 10, 1)
TENS = _numbered("twintig dertig veertig vijftig zestig zeventig tachtig negentig", 20, 10)
COMPOSED = {one + link + ten: ONES[one] + TENS[ten] for one in ONES for link in ("en", "ën") for ten in TENS}
BELOW_HUNDRED = ONES | TEENS | TENS | COMPOSED
"""een … negenennegentig, with and without diaeresis: drieëntwintig, drieentwintig."""
IRREGULAR: dict[str, Decimal | None] = {
    **dict.fromkeys(("één", "éen", "eén"), Decimal(1)),
    **dict.fromkeys(("anderhalf", "anderhalve"), Decimal("1.5")),
    "een": None,
    "nul": Decimal(0),
}
HALF = re.compile(r"(?P<whole>[a-zé]+?)(?:en|ën)(?:een)?hal(?:f|ve)")
BEGINNINGS = {"een", "half", "halve", "helft", "dubbel", "dubbele"}
LONGEST = 60
"""No number is spelled in more letters; a longer word is not looked at."""

DENOMINATORS = {
    "derde": 3, "kwart": 4, "vierde": 4, "vijfde": 5, "zesde": 6, "zevende": 7, "achtste": 8, "negende": 9,
    "tiende": 10, "twaalfde": 12, "twintigste": 20, "honderdste": 100,
}  # fmt: skip
"""What an ordinal divides by in `een derde`, `twee vijfde`; `tweede` never does."""
GLUED_SHARE = re.compile(rf"(?P<part>{'|'.join(ONES)}|één)-?(?P<whole>{'|'.join(DENOMINATORS)})")

FACTOR = re.compile(
    r"(?P<twice>verdubbel(?:d|de|den|t|en|ing)?)"
    r"|(?P<half>(?:ge)?halveer(?:d|de|den|t)?|halver(?:en|ing))"
    r"|(?:ver)?(?P<fold>[a-zë]+)voudig(?:e|d|de|den|t|en|ing)?"
    r"|(?P<times>[a-zë]+)maal"
)

SCALES = {
    "duizend": 10**3, "mille": 10**3, "k": 10**3,
    "ton": 10**5, "mln": 10**6, "mio": 10**6, "miljoen": 10**6, "m": 10**6,
    "mld": 10**9, "mrd": 10**9, "miljard": 10**9,
}  # fmt: skip
"""Words that multiply the number before them, and make it money; `k` and `m` only beside a euro sign."""
LARGE = {"miljoen", "mln", "miljard", "ton"}
AFTER_EEN = {*DENOMINATORS, *LARGE, "half", "halve", "op"}
"""Words that make a number of the `een` before them."""
UNITS: dict[str, Literal["euro", "procent", "fte", "factor"]] = {
    **dict.fromkeys(("€", "euro", "euro's", "euros", "eur"), "euro"),
    **dict.fromkeys(("%", "procent", "percent", "pct", "procentpunt", "procentpunten"), "procent"),
    **dict.fromkeys(("fte", "fte's", "ftes"), "fte"),
    **dict.fromkeys(("keer", "maal"), "factor"),
}

HEDGE_PHRASES: dict[Hedge, str] = {
    "iets_meer": "ruim, dik, iets meer dan, net iets meer dan, net meer dan, net boven, iets boven, vlak boven, "
    "een ruime, een dikke",
    "iets_minder": "bijna, krap, haast, net geen, nog geen, net niet, iets minder dan, net iets minder dan, "
    "net minder dan, net onder, iets onder, vlak onder, tegen, vrijwel, nagenoeg, een krappe",
    "ongeveer": "circa, ca, ca ., ongeveer, zo'n, zo ongeveer, rond, een kleine, omstreeks, grofweg, pakweg, "
    "plusminus, om en nabij, naar schatting, zowat, ±, ~, ≈",
    "meer": "meer dan, boven, minstens, minimaal, ten minste, tenminste, op zijn minst, niet minder dan, >, ≥",
    "minder": "minder dan, nog niet, onder, hooguit, hoogstens, maximaal, ten hoogste, niet meer dan, <, ≤",
}
HEDGES = {phrase: hedge for hedge, phrases in HEDGE_PHRASES.items() for phrase in phrases.split(", ")}
HEDGE_ENDS = {phrase.split()[-1] for phrase in HEDGES}
"""How exact a number is, by the words before it; spelled as tokens are, so the point of `ca.` is apart."""

MONTHS = _set("januari februari maart april mei juni juli augustus september oktober november december")
MONTHS |= _set("jan feb febr mrt apr jun jul aug sep sept okt nov dec")
YEAR_BEFORE = MONTHS | _set("""
    in sinds vanaf per over eind begin medio ultimo tijdens jaar boekjaar begroting rekening jaarrekening
    jaarstukken programmabegroting kadernota voorjaarsnota najaarsnota kwartaal en
""")
"""Words before a number of four digits that make it a year, whatever comes after it."""
COUNTED_LIKE_YEARS = _set("""
    inwoners woningen huishoudens leerlingen bezoekers personen mensen medewerkers kinderen jongeren uur uren meter
    kilometer km hectare ha stuks m2 m² m3 kwh kg meldingen aanvragen bomen lichtmasten bezoeken klanten burgers leden
    reacties documenten dossiers boeken uitleningen exemplaren liter kuub vierkante volgers brieven telefoontjes ton
""")
"""Nouns that show a number of four digits to be no year: `telt 2000 inwoners`."""

IDS = _set("""
    artikel artikelen art nummer nr nrs no kenmerk postbus telefoon tel kvk bsn rsin iso nen nen-en nen-iso iso/iec
    iec isae cos ifrs rj § office windows microsoft pagina pagina's pag p blz bladzijde toestel besluit verordening
    dossier zaak
""")
"""Words that a number of any size is the name of something behind."""
LABELS = _set("""
    lid sub ad paragraaf paragrafen par hoofdstuk hoofdstukken tabel tabellen figuur grafiek bijlage bijlagen versie
    release sdg covid taakveld taakvelden week schaal trede groep fase stap categorie klasse niveau scenario variant
    titel boek voetnoot noot agendapunt motie amendement kavel perceel top vmbo mbo havo hbo tranche
    burap berap marap rapportage bestuursrapportage wifi module dvo deelplan portefeuille
""")
"""Words that a short number is the name of something behind, also with a noun after it: `groep 8 leerlingen`."""
SOFT_LABELS = _set("""
    weken programma programma's product producten project thema doel doelstelling punt deel spoor pijler lijn kwartaal
    kwartalen rij kolom regel vraag ronde optie periode begrotingswijziging onderdeel prioriteit
    bouwsteen team wijk
""")
"""The same, but only of one or two digits and without a noun that it could count."""
STREET = re.compile(r"[a-z]+(?:straat|laan|weg|plein|kade|dijk|gracht|singel|dreef|plantsoen|steeg)")

NO_NOUN = _set("""
    v n
    de het een deze dit die dat wij we ze zij hij ik u men zich ons onze hun haar zijn wie wat welke elk elke ieder
    aan achter af behalve beneden bij binnen boven buiten door exclusief excl in inclusief incl jegens langs met na
    naar naast namens om ondanks onder op over per rond rondom sinds te tegen tegenover ten ter tijdens tot t/m
    tussen uit van vanaf vanuit vanwege via volgens voor voorbij wegens zonder à a als dan dus echter en hoewel maar
    mits noch of omdat terwijl tenzij toen totdat want zoals zodat zodra al alleen allemaal alsnog altijd bovendien
    daar daarna daarom eerder eerst er ervan evenals extra geheel gemiddeld genoeg helaas hier immers inmiddels
    intussen juist later meer mee minder hoger lager groter kleiner duurder goedkoper beter slechter verder naartoe
    namelijk netto bruto niet nodig nog nu ook onvoorzien ongeveer precies exact primitief samen slechts steeds
    tezamen terug toch toe totaal vaak vooraf vooral waar waarna weer wel zelf zo zowel geen ruim bijna circa
    afgerond ineens mogelijk vrij kwijt respectievelijk resp bijvoorbeeld hoog laag ben bent is was waren word
    worden werd werden heb hebben had hadden kan kunnen kon konden zal zullen zou zouden moet moeten moest moesten
    mag mogen mocht mochten wil willen wilde wilden gaan ging gingen komen kwam kwamen blijven bleef bleven bedragen
    bedroeg bedroegen betrof betroffen betreffen kostte kostten viel vielen vallen steeg stegen stijgen daalde
    daalden dalen bleek bleken lijken leek staan stond stonden lag lagen liggen leidde leidden liep liepen lopen
    maakte maakten maken gaf gaven geven ontstond ontstonden vertrok vertrokken resteerde resteren sluiten sloot
    begon begonnen deed deden doen kreeg kregen krijgen nam namen nemen zat zaten zitten telde telden hoorde horen
    hoefde werkte werkten zorgde zorgden toonde keerde betaalde betaalden besteedde besteedden vormen vormde vormden
    vergde vergden vroeg vroegen ontvangen herzien besloten overschreden onderschreden overbleven overbleef begroten
    verkregen vrijvallen vrijviel betreft wordt komt gaat valt bestaat heeft blijft ligt zit werkt staat hoort
    vervalt krijgt neemt geeft kost zorgt vormt maakt loopt stijgt daalt deel gedeelte
""")
"""Words after a number that are not what it counts."""
PRONOMINAL = re.compile(
    r"(?:daar|hier|waar|er)(?:van|mee|voor|door|bij|naast|na|toe|in|op|over|aan|uit|onder|tegen|tegenover|om|boven|tussen)"
)
MONEY = re.compile(
    r"[a-z-]*(?:lasten|baten|kosten|uitgaven|inkomsten|voordeel|nadeel|overschot|tekort|budget|subsidie|overschrijding|"
    r"onderschrijding|saldo|resultaat|winst|verlies|krediet|bijdrage|dotatie|onttrekking|storting|bezuiniging|besparing|"
    r"salaris|inhuur|rente|opbrengst|opbrengsten|meevaller|tegenvaller|begroting|rekening|raming|realisatie|verschil)"
)
"""Nouns that say what the money is, so that the number before them is no count: `218 voordeel`, `380 duizend baten`."""
STRONG = "gegeven|gehouden|gekomen|genomen|gebleven|gelopen|geschoven|getrokken|gestegen|gekregen|geschreven|gesloten"
PARTICIPLE = re.compile(
    rf"[a-z]{{0,7}}(?:{STRONG})|(?!gebied|geluid|gerecht|geval)[a-z]{{0,7}}ge[a-z]+[dt]|be(?:groot|steed|taald)|ver(?:hoog|laag)d"
)
NO_PLURAL = re.compile(
    rf"[a-zë-]*(?:[dt]|lijk|lijks|eel|ief|ig|{STRONG})|[a-z]+gevallen|ont(?!werp)[a-z]+en|overgebleven|"
    "vielen|bleven|kwamen|stegen|daalden|drukten|kostten|vormen|vormden|bedragen|bedroegen|betreffen|betroffen|"
    "dalen|stijgen|komen|vallen|blijven|gingen|stonden|staan"
)
"""Participles, verbs and bare adjectives: no plural noun ends like them."""

HIDDEN = "\0"
NOT_PROSE = re.compile(
    r"\{\{[^{}]*\}\}|\{%[^{}%]*%\}|\{#[^{}#]*#\}"  # references
    r"|\ue000[0-9]*\ue001?|[\ue000-\uf8ff]"  # references that are filled in
    r"|```[^`]*```|``(?:[^`\n]|`(?!`))*``|`(?:[^`\n]|\n(?![ \t]*\n))*`"
    r"|<!--[^<>]*-->|</?[A-Za-z][^<>\n]*>"
    r"|\]\([^\s()]*(?:\([^\s()]*\)[^\s()]*){0,3}|(?:https?://|www\.|mailto:)[^\s)>\]]*"
    r"|\[\^?[0-9]{1,3}\]"  # notes
    r"|^[ \t>]{0,12}(?:\#{1,6}[ \t]+[*_]{0,3}(?:[0-9]{1,2}(?:\.[0-9]{1,2}){0,4}\.?[ \t]+(?=[A-Z]))?"
    r"|(?:[-*+]|[*_]{0,3}[0-9]{1,2}[.)]|[a-z][.)])[ \t]+)",  # headings and items of a list
    re.MULTILINE,
)
NOT_A_FIGURE = re.compile(
    r"(?:(?<!\w)x|×|(?<!\*)\*) ?(?:€|eur|euro)? ?(?:1\.000(?:\.000)?|1000|(?:1 ?)?(?:duizend|miljoen|mln))\b(?:,-|,--)?"
    r"|(?:\(|\b(?:bedragen|bedrag|cijfers|getallen|alles)(?: zijn| staan| luiden)?) ?in (?:€|eur|euro)? ?"
    r"(?:1\.000(?:\.000)?|1000|(?:1 )?(?:duizend|miljoen|mln))\b"  # the unit of a table
    r"|\b14 0[0-9]{2,3}\b|(?<![\w.,])(?:\+[0-9]{2}|\(?0[0-9]{1,3}\)?)(?:[ -]{1,3}[0-9]{2,8}){1,4}\b"  # telephone
    r"|(?<![\w.,€])(?<!€ )[1-9][0-9]{3} ?(?-i:[A-Z]{2})\b"  # postcode
    r"|\b[a-z]{2}[0-9]{2} [a-z]{4}(?: [0-9]{2,4}){3}\b|\bst(?:b|crt)\. ?[0-9]{4},? ?(?:nr\. ?)?[0-9]+",  # account, law
    re.IGNORECASE,
)
ITEM = re.compile(r"(\([^()\n]{2,300}\))|(?<![\w(.,])[0-9]{1,2}\)(?= [^\W\d_])|\([0-9]\)(?= [^\W\d_])")
"""A number of an item within a sentence, and what stands between brackets of its own, which is none."""
THOUSANDS = re.compile(
    r"(?<![\w.,])[1-9][0-9]{0,2}(?:(?:[\u00a0\u2007\u2009\u202f][0-9]{3})+|(?: [0-9]{3})+(?= (?:euro|eur|duizend)))\b"
    r"|(?:(?<=€)|(?<=€\s))[1-9][0-9]{0,2}(?:\s[0-9]{3})+(?!\w)",
    re.IGNORECASE,
)
"""Digits in groups with spaces; plain spaces only beside a euro, for a row of a table may be copied into a text."""
SPELLED_OUT = {"&nbsp;": " ", "&euro;": "€", "+/-": "±"}
SPACES = str.maketrans(dict.fromkeys("\t\r\u00a0\u2007\u2009\u202f", " "))
LETTER = r"[\w\u0300-\u036f]"
TOKEN = re.compile(
    r"[0-9][0-9.,]{0,19}(?=(?:mln|mio|mld|mrd|miljoen|miljard|duizend|euro|eur|fte|procent|keer|ton|k|m|x)\b)"
    rf"|{LETTER}+(?:(?:[-.](?=\w)|(?<=[0-9])[,:/–−](?=[0-9])|(?<=[^\W0-9_])['’/](?=[^\W0-9_])){LETTER}+)*"
    r"|\n[ \t]*\n|([^\w\s])\1*",
    re.IGNORECASE,
)
DIGITS = re.compile(r"(0|[1-9][0-9]*|[1-9][0-9]{0,2}(?:\.[0-9]{3})+)(?:,([0-9]+))?([½¼¾])?|([½¼¾])")
POINTED = re.compile(r"(?:0|[1-9][0-9]*)\.[0-9]{1,2}")
VULGAR = {"½": Decimal("0.5"), "¼": Decimal("0.25"), "¾": Decimal("0.75")}
DASHES = {"-", "–", "−", "—"}
PADDING = 8
"""Empty tokens around a text, so that looking a few further is always possible."""


class Token(NamedTuple):
    """A word, number or sign: its place, its spelling in lower case, whether it has a capital, is stuck to the last."""

    begin: int
    eind: int
    woord: str
    capital: bool
    glued: bool


class Number(NamedTuple):
    """A number as it stands: `stap` is one of its last written digit, `after` the token behind it."""

    waarde: Decimal
    stap: Decimal
    after: int
    digits: bool = False
    pointed: bool = False


@lru_cache(maxsize=4096)
def word_value(word: str) -> Decimal | None:
    """Return the number that a word (lower case) spells; `een` is an article, `één` a number."""
    if word in IRREGULAR or len(word) > LONGEST:
        return IRREGULAR.get(word)
    if half := HALF.fullmatch(word):
        whole = BELOW_HUNDRED.get(half["whole"].replace("é", "e"))
        return None if whole is None else whole + Decimal("0.5")
    return _composed(word)


def _composed(word: str) -> Decimal | None:
    """Return the number of a word without spaces: drieduizendvierhonderd, zestienhonderd, honderdenvijf."""
    if word in BELOW_HUNDRED:
        return BELOW_HUNDRED[word]
    for base, size in (("duizend", 1000), ("honderd", 100)):
        before, found, after = word.partition(base)
        if found:
            times = Decimal(1) if not before else _composed(before)
            rest = Decimal(0) if not after else _composed(after) or _composed(after.removeprefix("en"))
            return None if times is None or rest is None or times >= 1000 or rest >= size else times * size + rest
    return None


def share_value(word: str) -> Decimal | None:
    """Return the percentage of a share in one word: driekwart, tweederde, twee-derde."""
    match = GLUED_SHARE.fullmatch(word)
    return ONES[match["part"].replace("é", "e")] * 100 / DENOMINATORS[match["whole"]] if match else None


def factor_value(word: str) -> Decimal | None:
    """Return the factor in one word: verdubbeld, gehalveerd, verdrievoudigd, tweemaal; not eenvoudig, eenmaal."""
    match = FACTOR.fullmatch(word) if len(word) <= LONGEST else None
    if match is None:
        return None
    if match["twice"] or match["half"]:
        return Decimal(2) if match["twice"] else Decimal("0.5")
    return word_value(match["fold"] or match["times"])


@lru_cache(maxsize=4096)
def may_begin(word: str) -> bool:
    """Whether a number, share or factor may begin with a word; of all other words nothing is asked."""
    if word[0].isdigit() or word[0] in VULGAR or word in BEGINNINGS:
        return True
    return any(value(word) is not None for value in (word_value, share_value, factor_value, group_value))


def group_value(word: str) -> Decimal | None:
    """Return the number of a group: drietal, vijftal."""
    return word_value(word[:-3]) if word.endswith("tal") else None


def counts_things(words: Sequence[str], one: bool, scaled: bool = False) -> bool:
    """Whether the words after a number begin with a noun (or an adjective before it) that is not money.

    `one` says that the noun would be a singular, of which the end tells nothing; `scaled` that the number is so many
    thousands or millions, which is money unless a noun that is counted so shows otherwise.
    """
    words = [word for word in words if word != "extra"]
    if scaled:
        return any(word in COUNTED_LIKE_YEARS for word in words[:2])
    if not words or "." in words[0] or words[0] in NO_NOUN or PRONOMINAL.fullmatch(words[0]):
        return False
    if one:
        return PARTICIPLE.fullmatch(words[0]) is None
    if MONEY.fullmatch(words[0]) or NO_PLURAL.fullmatch(words[0]):
        return False
    return not (words[0].endswith("e") and len(words) > 1 and MONEY.fullmatch(words[1]))


def tokenise(text: str) -> list[Token]:
    """Return the tokens of a Markdown text, without those of what is no prose, and with empty ones around them."""
    empty = Token(0, 0, " ", False, False)
    tokens, last = [empty] * PADDING, -1
    for match in TOKEN.finditer(_visible(text)):
        word, (begin, eind) = match[0], match.span()
        woord = word.lower() if word.isascii() else _spelled(word)
        tokens.append(Token(begin, eind, woord, word[0] != woord[0], begin == last))
        last = eind
    return tokens + [empty] * PADDING


def _visible(text: str) -> str:
    """Return a text of the same length in which all that is no prose is hidden."""
    hidden = ITEM.sub(lambda match: match[1] or _hide(match), NOT_PROSE.sub(_hide, text))
    for long, short in SPELLED_OUT.items():
        hidden = hidden.replace(long, short.ljust(len(long)))
    hidden = THOUSANDS.sub(lambda match: re.sub(r"\s", ".", match[0]), hidden)
    hidden = NOT_A_FIGURE.sub(_hide, hidden.translate(SPACES))
    return re.sub(r"(?<!\w)_|_(?!\w)|\*", " ", hidden)  # of emphasis; not before, for * € 1.000


def _hide(match: re.Match[str]) -> str:
    return HIDDEN * len(match[0])


def _spelled(word: str) -> str:
    """Return a word in lower case, composed, with `ij` and a straight apostrophe."""
    word = unicodedata.normalize("NFC", word.lower()).replace("ĳ", "ij")
    return word.replace("’", "'") if len(word) > 1 else word


def number_at(tokens: Sequence[Token], place: int) -> Number | None:
    """Return the number at a token, in digits or in words."""
    word = tokens[place].woord
    if word[0].isdigit() or word[0] in VULGAR:
        return None if _is_stuck(tokens, place) else literal(word, place + 1)
    if word in ("half", "halve", "een"):
        return _half_or_one(tokens, place)
    value, after = word_value(word), place + 1
    if value is None:
        return None
    rest = word_value(tokens[after].woord)
    if rest and value >= 100 and (value % 1000 == 0 > rest - 1000 or value % 100 == 0 > rest - 100):
        value, after = value + rest, after + 1
    if [token.woord for token in tokens[after : after + 3]] == ["en", "een", "half"]:
        value, after = value + VULGAR["½"], after + 3
    return Number(value, Decimal(1) if value % 1 == 0 else Decimal("0.1"), after)


def _half_or_one(tokens: Sequence[Token], place: int) -> Number | None:
    """Return the number of `een half miljoen`, `half miljoen`, `een miljoen`, `een ton`; nothing of any other `een`."""
    article = tokens[place].woord == "een"
    half = tokens[place + article].woord in ("half", "halve")
    after = place + article + half
    scaled = tokens[after].woord in LARGE
    if half and (scaled or UNITS.get(tokens[after].woord) in ("procent", "fte")):
        return Number(VULGAR["½"], Decimal("0.1"), after)
    return Number(Decimal(1), Decimal(1), after) if scaled and not half else None


def literal(word: str, after: int) -> Number | None:
    """Return the number that digits spell; 7.4 is one only with a unit (`pointed`), 0.4 may be a taakveld."""
    if len(word) > 2 * MAX_DIGITS:
        return None
    if POINTED.fullmatch(word):
        return Number(Decimal(word), _step(word.partition(".")[2]), after, True, True)
    if match := DIGITS.fullmatch(word):
        whole, fraction = (match[1] or "0").replace(".", ""), match[2] or ""
        vulgar = VULGAR.get(match[3] or match[4] or "", Decimal(0))
        value = Decimal(f"{whole}.{fraction}" if fraction else whole) + vulgar
        return Number(value, Decimal("0.1") if vulgar else _step(fraction), after, True)
    return None


def _step(fraction: str) -> Decimal:
    return Decimal(1).scaleb(-len(fraction))


def _is_stuck(tokens: Sequence[Token], place: int) -> bool:
    """Whether digits are a part of something else: '23, #5, 2-, 50+, x/5."""
    before, token, after, then = tokens[place - 1 : place + 3]
    if token.glued and before.woord in {"#", "@", "&", "^", "/", "\\", "_", "="}:
        return True
    if token.glued and before.woord in ("'", "’", "‘") and len(token.woord) == 2:
        return True
    return after.glued and after.woord in {"+", "@", "°", "^", *DASHES} and not (then.glued and after.woord in DASHES)
