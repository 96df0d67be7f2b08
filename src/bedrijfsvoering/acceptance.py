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
from .findings import Check, Finding, Uitkomst
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
        """Return whether this is the very finding that was accepted."""
        keys = ("code", "tabel", "post", "kolom", "gedrukt", "berekend")
        return all(getattr(self, key) == getattr(finding, key) for key in keys)


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
        raise DataError([_problem(error, bestand) for error in exc.errors()]) from None


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
    place, name = ".".join(str(part) for part in error["loc"]), str(error["loc"][-1])
    known = list(Acceptance.model_fields)
    if error["type"] == "missing":
        bericht = f"Dit veld ontbreekt. Een aanvaarding heeft: {', '.join(known)}."
    elif error["type"] == "extra_forbidden":
        bericht = f"Dit veld bestaat niet.{nearest(name, known)} Bekend zijn: {', '.join(known)}."
    else:
        expected = "een datum zoals jjjj-mm-dd" if name == "datum" else "tekst"
        bericht = f"Gevonden '{str(error['input'])[:60]}'; verwacht {expected}."
    return Finding(code="AANVAARDING_ONJUIST", ernst="fout", kolom=place, bestand=bestand, bericht=bericht)
