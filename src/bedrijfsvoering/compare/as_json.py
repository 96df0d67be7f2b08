"""What changed, as one JSON object: amounts are numbers in the house's sign, what is unknown is null."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from ..figures import Post
from ..findings import json_value
from .as_text import kind_word
from .differences import Change, Difference, FigureChange, FindingChange, ProjectDifference, TableDifference
from .row_matches import RowMatch
from .snapshots import Snapshot


def difference_json(difference: Difference) -> dict[str, Any]:
    """Return what changed with the keys that `docs/verschillen.md` names."""
    return {
        "oud": _edition(difference.oud),
        "nieuw": _edition(difference.nieuw),
        "veranderd": not difference.is_empty,
        "gegevens": _changes(difference.gegevens),
        "tabellen": [_table(one, difference) for one in difference.tabellen],
        "projecten": [_project(one) for one in difference.projecten],
        "bevindingen": [_finding(one) for one in difference.bevindingen],
        "teksten": [
            {"hoofdstuk": story.hoofdstuk,
             "zinnen": [{"soort": one.soort, "oud": one.oud, "nieuw": one.nieuw, "alleen_cijfers": one.alleen_cijfers}
                        for one in story.zinnen]}
            for story in difference.teksten
        ],
    }  # fmt: skip


def _edition(one: Snapshot) -> dict[str, Any]:
    return {"naam": one.naam, "gemeente": one.gemeente, "jaar": one.jaar, "titel": one.titel}


def _changes(changes: Sequence[Change]) -> list[dict[str, Any]]:
    return [{"naam": one.naam, "oud": one.oud, "nieuw": one.nieuw} for one in changes]


def _table(one: TableDifference, difference: Difference) -> dict[str, Any]:
    """Return one table; of rows all those are told that are not the same row under the same name."""
    before = difference.oud.tables.get(one.table.naam)
    after = difference.nieuw.tables.get(one.table.naam)
    return {
        "tabel": one.table.naam,
        "titel": one.table.source.titel,
        "soort": one.soort,
        "eenheid_oud": before.source.eenheid if before else None,
        "eenheid_nieuw": after.source.eenheid if after else None,
        "opmerkingen": list(one.opmerkingen),
        "rijen": [_row(match) for match in one.anders],
        "cijfers": [_figure(change) for change in one.cijfers],
    }


def _row(match: RowMatch) -> dict[str, Any]:
    return {
        "soort": kind_word(match),
        "oud": [_post(post) for post in match.old],
        "nieuw": [_post(post) for post in match.new],
        "lijkt_op": match.lijkt_op.sleutel if match.lijkt_op else None,
    }


def _post(post: Post) -> dict[str, Any]:
    """Return a row with its amounts, in the unit of its own table."""
    amounts = {kolom: json_value(amount) for kolom, amount in post.bedragen.items()}
    return {"sleutel": post.sleutel, "post": post.post, "bedragen": amounts}


def _figure(change: FigureChange) -> dict[str, Any]:
    return {
        "sleutels_oud": [post.sleutel for post in change.match.old],
        "sleutels_nieuw": [post.sleutel for post in change.match.new],
        "post": change.post,
        "kolom": change.kolom,
        "oud": json_value(change.oud),
        "nieuw": json_value(change.nieuw),
        "verschil": json_value(change.verschil),
        "som": change.som,
    }


def _project(one: ProjectDifference) -> dict[str, Any]:
    return {
        "sleutel": one.sleutel,
        "project": one.project,
        "soort": one.soort,
        "velden": _changes(one.velden),
        "mijlpalen": _changes(one.mijlpalen),
    }


def _finding(one: FindingChange) -> dict[str, Any]:
    old, new = (finding.to_json() if finding else None for finding in (one.oud, one.nieuw))
    return {"soort": one.soort, "oud": old, "nieuw": new}
