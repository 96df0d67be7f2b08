"""Acceptances: findings that a person has looked at and accepted, with the reason; each holds for one exact finding."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Annotated, Any

from pydantic import BeforeValidator, ValidationError

from .errors import DataError, nearest
from .findings import Check, Finding, Uitkomst, json_value
from .source import Strict, Text, to_date, to_decimal
from .yamlfile import read_yaml

NAME = "aanvaard.yaml"
Amount = Annotated[Decimal | str | None, BeforeValidator(to_decimal)]


class Acceptance(Strict):
    """One accepted finding: what it says exactly, why it is accepted, by which role and when.

    `gedrukt` and `berekend` are those of the finding: when the figures change, the acceptance no longer holds.
    """

    code: str
    tabel: str | None = None
    post: str | None = None
    kolom: str | None = None
    gedrukt: Amount = None
    berekend: Amount = None
    reden: Text
    door: Text
    datum: Annotated[date, BeforeValidator(to_date)]

    def fits(self, finding: Finding) -> bool:
        """Return whether this is the very finding that was accepted, amounts as `check --json` writes them."""
        keys = ("code", "tabel", "post", "kolom", "gedrukt", "berekend")
        return all(json_value(getattr(self, key)) == json_value(getattr(finding, key)) for key in keys)


class Acceptances(Strict):
    """The whole of `aanvaard.yaml`."""

    aanvaard: list[Acceptance]


def load_acceptances(folder: Path, name: str) -> tuple[Acceptance, ...]:
    """Read `aanvaard.yaml`; without the file nothing is accepted.

    Raises
    ------
    DataError
        Every unknown key, missing key and wrong value of the file at once.
    """
    path, bestand = folder / NAME, f"{name}/{NAME}"
    if not path.exists():
        return ()
    try:
        return tuple(Acceptances.model_validate(read_yaml(path, DataError, bestand)).aanvaard)
    except ValidationError as exc:
        problems = dict.fromkeys(_problem(error, bestand) for error in exc.errors())  # a union tells one value twice
        raise DataError(problems) from None


def accept(checks: Sequence[Check], acceptances: Sequence[Acceptance], bestand: str) -> tuple[Check, ...]:
    """Return the checks with what was accepted marked so, and a check that tells of acceptances that fit nothing."""
    used: set[int] = set()

    def marked(finding: Finding) -> Finding:
        fitting = next((index for index, one in enumerate(acceptances) if one.fits(finding)), None)
        if fitting is None:
            return finding
        used.add(fitting)
        one = acceptances[fitting]
        return replace(finding, aanvaard=f"Aanvaard door {one.door}, {one.datum:%d-%m-%Y}: {one.reden}")

    result = []
    for check in checks:
        findings = tuple(marked(finding) for finding in check.findings)
        wrong = [finding for finding in findings if finding.ernst == "fout"]
        accepted = check.uitkomst == "fout" and all(finding.aanvaard for finding in wrong)
        result.append(replace(check, findings=findings, uitkomst="aanvaard" if accepted else check.uitkomst))
    unused = [one for index, one in enumerate(acceptances) if index not in used]
    if acceptances:
        told = f"{len(used)} van {len(acceptances)} aanvaardingen passen bij een bevinding"
        found = tuple(_unused(one, bestand) for one in unused)
        outcome: Uitkomst = "melding" if found else "akkoord"
        result.append(Check("Aanvaarde bevindingen", "", len(acceptances), outcome, told, findings=found))
    return tuple(result)


def _unused(one: Acceptance, bestand: str) -> Finding:
    what = ", ".join(part for part in (one.code, one.tabel, one.post, one.kolom) if part)
    bericht = (
        f"De aanvaarding van {what} past bij geen bevinding: de cijfers zijn veranderd, of de bevinding is er niet "
        "meer. Haal haar weg, of beoordeel de bevinding opnieuw."
    )
    return Finding(code="AANVAARDING_ONGEBRUIKT", ernst="waarschuwing", tabel=one.tabel, post=one.post, kolom=one.kolom,
                   bestand=bestand, bericht=bericht)  # fmt: skip


def _problem(error: Any, bestand: str) -> Finding:
    """Turn one of pydantic's errors into a finding in Dutch; the place is an acceptance by its number, and a field."""
    number = next((part + 1 for part in error["loc"] if isinstance(part, int)), None)
    names = list((Acceptance if number else Acceptances).model_fields)
    fields = [part for part in error["loc"] if isinstance(part, str) and part in (*names, error["loc"][-1])]
    name = fields[0 if number is None else -1] if fields else ""
    if error["type"] not in ("missing", "extra_forbidden"):
        name = next((part for part in reversed(fields) if part in EXPECTED), "")
        found = "niets" if error["input"] is None else f"'{str(error['input'])[:60]}'"
        bericht = f"Gevonden {found}; verwacht {EXPECTED[name]}."
    elif error["type"] == "missing":
        bericht = f"Dit veld ontbreekt. Verwacht: {', '.join(names)}."
    else:
        bericht = f"Dit veld bestaat niet.{nearest(name, names)} Bekend zijn: {', '.join(names)}."
    place = ", ".join(part for part in (f"aanvaarding {number}" if number else "", name) if part)
    return Finding(code="AANVAARDING_ONJUIST", ernst="fout", kolom=place, bestand=bestand, bericht=bericht)


EXPECTED = {
    **dict.fromkeys(("code", "tabel", "post", "kolom", "reden", "door"), "tekst"),
    **dict.fromkeys(("gedrukt", "berekend"), "een getal of tekst, zoals check --json haar geeft"),
    "datum": "een datum zoals jjjj-mm-dd",
    "aanvaard": "een lijst van aanvaardingen",
    "": "een aanvaarding: velden van de vorm naam: waarde",
}
"""What the value of a field should have been."""
