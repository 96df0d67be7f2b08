"""The checks of ICT projects and their milestones: what was taken over from an earlier year and not looked at again."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import date

from .figures import Figures
from .findings import Check, Finding

YEAR = re.compile(r"\b(?:19|20)\d\d\b")


def check_projects(figures: Figures) -> Iterator[Check]:
    """Find projects whose source is of an earlier year, and milestones still to come in a time that is over."""
    if figures.projecten:
        yield _check_sources(figures)
    if figures.mijlpalen:
        yield _check_milestones(figures)


def _check_sources(figures: Figures) -> Check:
    findings = []
    for project in figures.projecten:
        years = {int(year) for year in YEAR.findall(project.bron)}
        if years and max(years) < figures.jaar:
            bericht = (
                f"Wat er over '{project.project}' staat, komt uit een stuk van een eerder jaar: {project.bron}. "
                f"Controleer status en tekst, en zet het stuk van {figures.jaar} in de kolom bron."
            )
            findings.append(_finding("PROJECT_VEROUDERD", bericht, "ict_projecten", project.sleutel, "bron"))
    old = len(findings)
    told = f"{old} van {len(figures.projecten)} uit een eerder jaar" if old else "geen bron van een eerder jaar"
    return Check("ICT-projecten: bron van dit jaar", "ict_projecten", len(figures.projecten),
                 "melding" if old else "akkoord", told, findings=tuple(findings))  # fmt: skip


def _check_milestones(figures: Figures) -> Check:
    findings, end = [], date(figures.jaar, 12, 31)
    for milestone in figures.mijlpalen:
        period = milestone.eind or milestone.begin
        if milestone.soort != "gerealiseerd" and not period.open and period.last <= end:
            bericht = (
                f"De mijlpaal '{milestone.mijlpaal}' ({milestone.wanneer}) staat er als {milestone.soort}; eind "
                f"{figures.jaar} was die tijd voorbij. Zet bij soort wat er gebeurde, of geef een latere datum."
            )
            findings.append(_finding("MIJLPAAL_VERLOPEN", bericht, "ict_mijlpalen", milestone.project, "soort"))
    late = len(findings)
    told = (
        f"{late} van {len(figures.mijlpalen)} in een tijd die voorbij is" if late else "geen in een tijd die voorbij is"
    )
    return Check(f"Mijlpalen: gepland of verwacht na eind {figures.jaar}", "ict_mijlpalen", len(figures.mijlpalen),
                 "melding" if late else "akkoord", told, findings=tuple(findings))  # fmt: skip


def _finding(code: str, bericht: str, tabel: str, post: str, kolom: str) -> Finding:
    return Finding(code, "waarschuwing", bericht, tabel, post, kolom)
