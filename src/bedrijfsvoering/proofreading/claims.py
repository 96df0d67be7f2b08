"""Claims: whether a number is said to be the amount of the row that its sentence names, or is about something else.

Huisvesting may cost € 1,6 miljoen, and be in the town hall for 80%. Only the first is held against the row.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from .facts import Row
from .mentions import Mention
from .passages import Place, stage_words

AMOUNT = re.compile(
    r"\b(?:was|waren|is|zijn|werd|werden|bedraagt|bedragen|bedroeg(?:en)?|beliep|beloopt|kwam(?:en)?|komt|komen|uitkwam(?:en)?|"
    r"sloot|sloten|sluit(?:en)?|kost(?:en|te|ten)?|gaf|gaven|stond(?:en)?|staat|ging(?:en)?|hield(?:en)?|houdt|viel(?:en)?|"
    r"bleef|bleven|ligt|lag(?:en)?|leverde[n]?|opgeleverd|bracht(?:en)?|sprake|ontvangen|ontstond|ontstaan|had(?:den)?|"
    r"besteedden?|draait|hoort|hoorde|bestaat|nam(?:en)?|neemt|gebruikt\w*|nodig)\b|"
    r"voordeel|nadeel|hoger|lager|meer|minder|schrijding|schreden|valler|resultaat|saldo|verschil|afwijking|samen|totaal|:",
    re.IGNORECASE,
)
"""Words that make a number the amount of what is named."""
NOUNS = re.compile(
    r"(?:nadeel|voordeel|bedrag|verschil|schrijding|meevaller|tegenvaller|rekening|begroting|raming|budget|lasten|baten|"
    r"kosten|bijdrage|saldo|resultaat|realisatie|daling|stijging|verhoging|verlaging|toename|afname|uitgaven|opbrengst(?:en)?|"
    r"afwijking|uitkomst|post|overhead|salarissen|tekort|overschot|onderuitputting|dekking|inkomsten|som|overheadlasten|"
    r"salariskosten|groei|bezuiniging|totaal|hoogte|loonsom|verrekening|storting|onttrekking)$",
    re.IGNORECASE,
)
"""Nouns of which `van € …` says the amount of the row itself, and not of a part or of something else."""
OF = re.compile(r"(?P<noun>[^\W\d_]{4,}) van (?:[a-z]+ )?[€\s]*$", re.IGNORECASE)
PART = re.compile(
    r"\bvan (?:het|de|dit|deze) (?:nadeel|voordeel|bedrag|verschil|meevaller|tegenvaller|overschrijding)\b", re.I
)
"""A part of an amount: `van het nadeel is € 120.000 eenmalig`."""
EACH = re.compile(
    r"(?:\s*euro)?\s+(?:per\b|aan (?!lasten|baten|kosten|salaris|uitgaven|personeel|inkomsten|opbrengst|loon|dekking|"
    r"werkelijke|begrote|geraamde|overhead|de\b|het\b))",
    re.IGNORECASE,
)
"""An amount of each, or of something else: `€ 49 per inwoner`, `€ 40.000 aan facturen`."""
RATE = re.compile(r"\bper (?!saldo|ultimo|\d)\w+ [€\s]*$", re.IGNORECASE)
SUPPOSED = re.compile(r"\b(?:zou|zouden|indien)\b", re.IGNORECASE)
SHARE = re.compile(
    r"\s*van (?:de |het |alle |onze |haar |zijn |hun )?(?:\w+ ){0,3}?\w*"
    r"(?:overhead|lasten|baten|kosten|salaris|totaal|begro|budget|rekening|uitgaven|raming|totale|inkomsten)",
    re.IGNORECASE,
)
"""What a share is a share of."""
COMPARES = re.compile(
    r"\b(?:boven|onder|hoger|lager|meer|minder|extra|groei\w*|steg\w*|gestegen|daal\w*|gedaald|steeg|toename|afname|stijging|"
    r"daling|over|aandeel|deel)\b|schre|verschil|afwijk|voordeel|nadeel|tegenvaller|meevaller",
    re.IGNORECASE,
)
"""Words that make a percentage a growth, a difference or a share."""


def is_claim(mention: Mention, place: Place, rows: Sequence[Row], heading: str) -> bool:
    """Return whether a number is said to be a figure of the rows that its sentence names."""
    begin, eind = place.clause
    text, clause = place.text, place.text[begin:eind]
    if PART.search(text, 0, mention.begin) or SUPPOSED.search(text):
        return False
    if mention.soort == "fte":
        return any(row.table.source.eenheid == "fte" for row in rows)
    if mention.soort == "factor":
        return text.startswith(" zo", mention.eind) or not any(one.isdigit() for one in mention.tekst)
    if mention.soort == "procent":
        told = SHARE.match(text, mention.eind) or COMPARES.search(clause) or COMPARES.search(heading)
        return bool(told or stage_words(text))
    if EACH.match(text, mention.eind) or RATE.search(text, begin, mention.begin):
        return False
    noun = OF.search(text, begin, mention.begin)
    if noun and not NOUNS.search(noun["noun"]):
        return False
    return bool(AMOUNT.search(clause) or stage_words(clause))
