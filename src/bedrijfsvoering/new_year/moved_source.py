"""A `bron.yaml` moved on to a later year: its choices and comments stay, what only the old document can say goes."""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping
from typing import Any

import yaml

from ..source import year_of
from ..yamlfile import load_yaml
from .yamltext import Edit, Place, edited, lines_of, node_edit, places_of

FILL_IN = {
    "publicatiedatum": "publicatiedatum: vul in als het stuk is vastgesteld, zoals jjjj-mm-dd",
    "bladzijde": "bladzijde: vul in als het stuk er is",
    "url": "url: vul in als het stuk er is",
}
"""What stands, as a comment, in the place of what only the old document could say."""
CONTROLE = "controle:   # haal vooraan deze regels het hekje weg, en vul de waarde in"
WAARDE = "# vul in zonder punt, met kosten als minbedrag: -12345"
"""What stands behind these two keys, so that every line can be taken back as it is."""
CHECK_INWONERS = "nakijken: dit aantal staat zo in de uitgave van {}"
REWRITTEN = "# Overgenomen uit de uitgave van {}, zonder de opmerkingen: die konden niet op hun plaats blijven.\n"


def moved(text: str, years: Collection[int], by: int) -> str:
    """Return a text in which these years are later by so many; `12023` and `20231` are no years."""
    pattern = "|".join(str(year) for year in years)
    return re.sub(rf"(?<!\d)(?:{pattern})(?!\d)", lambda match: str(int(match[0]) + by), text)


def years_of(column: str, old: int) -> set[int]:
    """Return the years that the header of a column can name: the edition's, and its own where it is of another."""
    return {old, year_of(column) or old}


def moved_column(column: str, old: int, by: int) -> str:
    """Return our name of a column a number of years later: `rekening_2022` is `rekening_2023` a year later."""
    return moved(column, years_of(column, old), by) if year_of(column) else column


def moved_source(text: str, old: int, new: int) -> str:
    """Return the `bron.yaml` of `new`, made from that of `old`.

    Years move on in titles and headers. The date, pages, addresses and figures to check against are taken out, with a
    comment in their place; the number of inhabitants stays, with a comment. Where a text is written in a way that
    cannot be changed in place, it is written anew without its comments.
    """
    text = text.replace("\r\n", "\n")
    expected = _moved_data(load_yaml(text), old, new - old)
    result = edited(text, _edits(text, old, new - old))
    try:
        if _without_nothing(load_yaml(result)) == expected:
            return result
    except (ValueError, KeyError, TypeError, AttributeError):  # what was changed in place is no such YAML any more
        pass
    return REWRITTEN.format(old) + str(yaml.safe_dump(expected, sort_keys=False, allow_unicode=True, width=120))


def _edits(text: str, old: int, by: int) -> list[Edit]:
    edits: list[Edit] = []
    for path, place in places_of(text).items():
        name = path[-1]
        in_table = len(path) == 3 and path[0] == "tabellen"
        if name == "titel" and (len(path) == 1 or in_table):
            edits.append(_moved_edit(place.value, text, {old}, by))
        elif len(path) == 4 and path[0] == "tabellen" and path[2] == "kolommen":
            years = years_of(str(name), old)
            edits.append(_moved_edit(place.value, text, years, by))
            if year_of(str(name)):
                edits.append(_moved_edit(place.key, text, years, by))
        elif path == ("inwoners",) and not place.flow:
            begin, _, indent = lines_of(place, text)
            edits.append((begin, begin, f"{indent}# {CHECK_INWONERS.format(old)}\n"))
        elif path == ("publicatiedatum",) or (in_table and name in ("bladzijde", "url", "controle")):
            edits.append(_taken_out(place, text, str(name), old, by))
    return edits


def _moved_edit(node: yaml.Node, text: str, years: Collection[int], by: int) -> Edit:
    """Return the edit that moves the years in a node, as it is written there: quotes and all."""
    begin, end = int(node.start_mark.index), int(node.end_mark.index)
    return begin, end, moved(text[begin:end], years, by)


def _taken_out(place: Place, text: str, name: str, old: int, by: int) -> Edit:
    """Return the edit that takes an entry out; between braces it becomes nothing, for no comment can stand there."""
    if place.flow:
        return node_edit(place.value, text, "[]" if name == "controle" else "null")
    begin, end, indent = lines_of(place, text)
    told = [FILL_IN[name]] if name in FILL_IN else _told_controle(text[place.key.start_mark.index : place.end], old, by)
    return begin, end, "".join(f"{indent}# {line}\n" for line in told)


def _told_controle(entry: str, old: int, by: int) -> list[str]:
    """Return the figures to check against as lines of a comment: where they stand, and no longer what they are."""
    lines = [CONTROLE]
    for item in load_yaml(entry)["controle"] or []:
        shown = {**item, "waarde": "", "bron": moved(str(item.get("bron", "")), {old}, by)}
        fields = [f"{key}: {WAARDE if key == 'waarde' else value}".rstrip() for key, value in shown.items()]
        lines += [("  - " if number == 0 else "    ") + field for number, field in enumerate(fields)]
    return lines


def _moved_data(data: Mapping[str, Any], old: int, by: int) -> dict[str, Any]:
    """Return what the moved text must say: the proof of the changes in place, and the text where they fail."""
    tables = {naam: _moved_table(table, old, by) for naam, table in data["tabellen"].items()}
    return _without_nothing(
        {**data, "titel": moved(data["titel"], {old}, by), "publicatiedatum": None, "tabellen": tables}
    )


def _moved_table(table: Mapping[str, Any], old: int, by: int) -> dict[str, Any]:
    headers = {
        moved_column(column, old, by): moved(header, years_of(column, old), by)
        for column, header in (table.get("kolommen") or {}).items()
    }
    titel = moved(table["titel"], {old}, by)
    told = {**table, "titel": titel, "bladzijde": None, "url": None, "controle": None}
    return told | ({"kolommen": headers} if "kolommen" in table else {})


def _without_nothing(data: Mapping[str, Any]) -> dict[str, Any]:
    """Return a source without what it leaves open, in itself and in its tables."""
    tables = {
        naam: {name: value for name, value in table.items() if value not in (None, [])}
        for naam, table in data["tabellen"].items()
    }
    return {name: value for name, value in data.items() if value is not None} | {"tabellen": tables}
