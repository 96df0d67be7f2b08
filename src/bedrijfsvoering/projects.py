"""The checks of ICT projects and their milestones: what was taken over from an earlier year and not looked at again."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace
from datetime import date

from .figures import Figures
from .findings import Check, Finding

YEAR = re.compile(r"(?<!\d)((?:19|20)\d\d)(?:[/-](\d\d))?(?!\d)")
"""A year, or two as `2022/23`."""


def check_projects(figures: Figures) -> Iterator[Check]:
    """Find projects whose source is of an earlier year, and milestones still to come in a time that is over."""
    if figures.projecten:
        yield _check_sources(figures)
    if figures.mijlpalen:
        yield _check_milestones(figures)


def _check_sources(figures: Figures) -> Check:
    findings = []
    for number, project in enumerate(figures.projecten):
        years = {int((last and year[:2] + last) or year) for year, last in YEAR.findall(project.bron)}
        if years and max(years) < figures.jaar:
            bericht = (
                f"Wat er over '{project.project}' staat, komt uit een stuk van een eerder jaar: {project.bron}. "
                f"Controleer status en tekst, en zet het stuk van {figures.jaar} in de kolom bron."
            )
            found = Finding("PROJECT_VEROUDERD", "waarschuwing", bericht, "ict_projecten", project.sleutel, "bron",
                            project.bron)  # fmt: skip
            findings.append(_placed(found, figures, number))
    old = len(findings)
    told = f"{old} van {len(figures.projecten)} uit een eerder jaar" if old else "geen bron van een eerder jaar"
    return Check("ICT-projecten: bron van dit jaar", "ict_projecten", len(figures.projecten),
                 "melding" if old else "akkoord", told, findings=tuple(findings))  # fmt: skip


def _check_milestones(figures: Figures) -> Check:
    findings, end = [], date(figures.jaar, 12, 31)
    names = {project.sleutel: project.project for project in figures.projecten}
    for number, milestone in enumerate(figures.mijlpalen):
        period = milestone.eind or milestone.begin
        if milestone.soort != "gerealiseerd" and not period.open and period.last <= end:
            bericht = (
                f"De mijlpaal '{milestone.mijlpaal}' van {names.get(milestone.project, milestone.project)} "
                f"({milestone.wanneer}) staat er als {milestone.soort}; eind {figures.jaar} was die tijd voorbij. "
                "Zet bij soort 'gerealiseerd' als het gebeurd is, of geef een latere datum."
            )
            found = Finding("MIJLPAAL_VERLOPEN", "waarschuwing", bericht, "ict_mijlpalen", milestone.project, "soort",
                            f"{milestone.mijlpaal}, {milestone.wanneer}")  # fmt: skip
            findings.append(_placed(found, figures, number))
    late = len(findings)
    told = (
        f"{late} van {len(figures.mijlpalen)} in een tijd die voorbij is" if late else "geen in een tijd die voorbij is"
    )
    return Check(f"Mijlpalen: gepland of verwacht na eind {figures.jaar}", "ict_mijlpalen", len(figures.mijlpalen),
                 "melding" if late else "akkoord", told, findings=tuple(findings))  # fmt: skip


def _placed(finding: Finding, figures: Figures, number: int) -> Finding:
    """Return a finding with the file and the line of the row that it is about, the first of its table being nil."""
    places = figures.plaatsen.get(finding.tabel or "", ())
    bestand, regel = places[number] if number < len(places) else (None, None)
    return replace(finding, bestand=bestand, regel=regel)
