"""What changed between two editions, or two builds of one: rows, figures, findings, sentences, projects."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path
from typing import Literal

from ..errors import DataError
from ..figures import EENHEID, Figures, Post, Table, kolom_naam
from ..findings import Finding
from ..source import MONEY_COLUMNS, Kolom
from .published import read_published
from .row_keys import NAME as KEYS
from .row_keys import KeyMapping, mapping_of, unknown_keys
from .row_matches import RowMatch, match_rows
from .sentence_changes import StoryDifference, diff_stories
from .snapshots import Snapshot, snapshot_of
from .units import is_apart, rounding_between, scale_between

Soort = Literal["nieuw", "vervallen", "gewijzigd"]
TOLD_ELSEWHERE = ("eenheid", "decimalen")
"""What is declared of a table and is told beside its figures."""
FIELDS = {"project": "naam", "programma": "programma", "status": "status", "stand": "stand", "risico": "risico",
          "volgende_stap": "volgende stap"}  # fmt: skip
"""What can change of a project, and how it is called."""


@dataclass(frozen=True)
class Change:
    """Something with a name that was one text and is another; None is that it was not there."""

    naam: str
    oud: str | None
    nieuw: str | None


@dataclass(frozen=True)
class FigureChange:
    """One amount that changed, in the house's sign and in the unit of the newer table.

    Of rows that were joined or split an amount is the sum of the rows (`som`); None is unknown or not there.
    """

    kolom: Kolom
    match: RowMatch
    oud: Decimal | None
    nieuw: Decimal | None

    @property
    def verschil(self) -> Decimal | None:
        """The new amount minus the old one: positive is a voordeel."""
        return None if self.oud is None or self.nieuw is None else self.nieuw - self.oud

    @property
    def post(self) -> str:
        """The rows by their names."""
        return names_of(self.match.new or self.match.old)

    @property
    def som(self) -> bool:
        """Whether one of the amounts is that of several rows."""
        return max(len(self.match.old), len(self.match.new)) > 1


@dataclass(frozen=True)
class TableDifference:
    """What changed in one table, in its newest form: every row of both in one of `rijen`, and the figures that changed.

    `soort` is `nieuw` or `vervallen` where only one of the two has the table; then no figures are compared.
    """

    table: Table
    soort: Soort
    rijen: tuple[RowMatch, ...]
    cijfers: tuple[FigureChange, ...] = ()
    opmerkingen: tuple[str, ...] = ()

    @property
    def anders(self) -> tuple[RowMatch, ...]:
        """The rows that are not the same row under the same name."""
        return tuple(match for match in self.rijen if match.kind != "gelijk")

    @property
    def kolommen(self) -> tuple[Kolom, ...]:
        """The columns in which figures changed, the account first: it is what a reader asks for."""
        return tuple(
            sorted(dict.fromkeys(change.kolom for change in self.cijfers), key=lambda kolom: kolom != "rekening")
        )


@dataclass(frozen=True)
class FindingChange:
    """A finding that is new or gone, or that is of another severity or acceptance than it was."""

    soort: Soort
    oud: Finding | None
    nieuw: Finding | None


@dataclass(frozen=True)
class ProjectDifference:
    """What changed of one project: its fields, and its milestones by name (`medio 2023, gepland`)."""

    sleutel: str
    project: str
    soort: Soort
    velden: tuple[Change, ...] = ()
    mijlpalen: tuple[Change, ...] = ()


@dataclass(frozen=True)
class Difference:
    """All that changed from one edition to another, or from one build to the next."""

    oud: Snapshot
    nieuw: Snapshot
    gegevens: tuple[Change, ...]
    tabellen: tuple[TableDifference, ...]
    projecten: tuple[ProjectDifference, ...]
    bevindingen: tuple[FindingChange, ...]
    teksten: tuple[StoryDifference, ...]

    @property
    def is_empty(self) -> bool:
        """Whether nothing changed at all."""
        return not (self.gegevens or self.tabellen or self.projecten or self.bevindingen or self.teksten)


def diff_editions(old: Figures, new: Figures, mapping: KeyMapping | None = None) -> Difference:
    """Return what changed between the editions of two years.

    Compared are the columns of each edition's own year: the rekening of the one with the rekening of the other.

    Parameters
    ----------
    old, new
        The older and the newer edition.
    mapping
        The `sleutels.yaml` of the newer edition; it is read where it is not given.

    Raises
    ------
    DataError
        `sleutels.yaml` cannot be read, or names rows that the older edition does not have; all problems at once.
    StoryError
        A story names a figure that is not there.
    """
    mapping = mapping_for(new, old) if mapping is None else mapping
    return diff_snapshots(snapshot_of(old), snapshot_of(new), mapping)


def diff_builds(old_folder: Path, new_folder: Path) -> Difference:
    """Return what changed between two builds of one edition, from the folders that were published.

    Raises
    ------
    DataError
        A folder is not one that a build left.
    """
    return diff_snapshots(read_published(old_folder, "de eerdere uitgave"), read_published(new_folder, "deze uitgave"))


def mapping_for(new: Figures, old: Figures) -> KeyMapping:
    """Return the `sleutels.yaml` of an edition, proven against the older edition.

    Raises
    ------
    DataError
        The file cannot be read, or names rows that the older edition does not have.
    """
    mapping = mapping_of(new)
    if problems := unknown_keys(mapping, old.tables, old.jaar):
        raise DataError(problems)
    return mapping


def diff_snapshots(old: Snapshot, new: Snapshot, mapping: KeyMapping | None = None) -> Difference:
    """Return what changed from one snapshot to another."""
    names = [*new.tables, *(naam for naam in old.tables if naam not in new.tables)]
    tables = [_diff_table(naam, old, new, mapping) for naam in names]
    rows = {one.table.naam: one.rijen for one in tables}
    return Difference(
        oud=old,
        nieuw=new,
        gegevens=_diff_declared(old, new),
        tabellen=tuple(table for table in tables if _is_changed(table)),
        projecten=_diff_projects(old, new),
        bevindingen=_diff_findings(old, new, rows),
        teksten=diff_stories(old.zinnen, new.zinnen),
    )


def names_of(posten: Sequence[Post]) -> str:
    """Return rows by their names: `Facilitair + Vervoermiddelen`."""
    return " + ".join(post.post for post in posten)


def _is_changed(table: TableDifference) -> bool:
    return table.soort != "gewijzigd" or bool(table.anders or table.cijfers or table.opmerkingen)


def _diff_declared(old: Snapshot, new: Snapshot) -> tuple[Change, ...]:
    """Return what is declared otherwise of the edition, and of tables that both have."""
    both = old.tables.keys() & new.tables.keys()
    found = []
    for naam in [*old.gegevens, *(naam for naam in new.gegevens if naam not in old.gegevens)]:
        tabel, dot, what = naam.partition(".")
        told = (old.gegevens.get(naam), new.gegevens.get(naam))
        if told[0] != told[1] and (not dot or (tabel in both and what not in TOLD_ELSEWHERE)):
            found.append(Change(naam, *told))
    return tuple(found)


def _diff_table(naam: str, old: Snapshot, new: Snapshot, mapping: KeyMapping | None) -> TableDifference:
    """Return what changed in one table."""
    before, after = old.tables.get(naam), new.tables.get(naam)
    if after is None:
        gone = old.tables[naam]
        return TableDifference(gone, "vervallen", tuple(RowMatch((post,), (), "verdwenen") for post in gone.posten))
    if before is None:
        return TableDifference(after, "nieuw", tuple(RowMatch((), (post,), "nieuw") for post in after.posten))
    matches = match_rows(before, after, mapping, old.jaar)
    same_year, exact = old.jaar == new.jaar, old.exact and new.exact
    remarks = (*_unit_remarks(before, after, exact), *_column_remarks(before, after, same_year),
               *_row_remarks(matches, before, after, old, new))  # fmt: skip
    figures = tuple(_diff_figures(matches, before, after, same_year, exact))
    return TableDifference(after, "gewijzigd", matches, figures, remarks)


def _columns(table: Table, same_year: bool) -> list[Kolom]:
    """Return the columns that are compared: between two years those of the table's own year alone."""
    return [kolom for kolom in table.kolommen if same_year or kolom in MONEY_COLUMNS]


def _diff_figures(
    matches: Sequence[RowMatch], old: Table, new: Table, same_year: bool, exact: bool
) -> Iterator[FigureChange]:
    """Yield each amount that is another than it was, in columns that both tables have."""
    scale = scale_between(old, new)
    if scale is None:
        return
    grens = rounding_between(old, new, scale) if exact or scale != 1 else Decimal(0)
    kolommen = [kolom for kolom in _columns(new, same_year) if kolom in old.kolommen]
    for match in matches:
        for kolom in kolommen:
            before, after = sum_of(match.old, kolom), sum_of(match.new, kolom)
            before = before if before is None else before * scale
            if _is_other(new, before, after, grens):
                yield FigureChange(kolom, match, before, after)


def _is_other(table: Table, before: Decimal | None, after: Decimal | None, grens: Decimal) -> bool:
    if before is None or after is None:
        return before is not after
    return is_apart(table, before, after, grens)


def sum_of(posten: Sequence[Post], kolom: Kolom) -> Decimal | None:
    """Return the amount of a row, or of rows together; unknown where one is, or where a total is among lines."""
    amounts = [post.bedragen.get(kolom) for post in posten]
    known = [amount for amount in amounts if amount is not None]
    if not known or len(known) < len(amounts) or len({post.soort for post in posten}) > 1:
        return None
    return sum(known, Decimal(0))


def _unit_remarks(old: Table, new: Table, exact: bool) -> Iterator[str]:
    """Yield what is to be known of the unit and the decimals before figures are compared."""
    scale = scale_between(old, new)
    if old.source.eenheid != new.source.eenheid:
        units = [EENHEID[table.source.eenheid].lower() for table in (old, new)]
        done = "De oude bedragen zijn omgerekend." if scale else "De cijfers zijn daarom niet vergeleken, de rijen wel."
        yield f"De eenheid was '{units[0]}' en is nu '{units[1]}'. {done}"
    elif exact and old.source.decimalen != new.source.decimalen:
        yield f"Het aantal decimalen was {old.source.decimalen} en is nu {new.source.decimalen}."
    if scale and (exact or scale != 1) and rounding_between(old, new, scale):
        yield "Een verschil dat door afronding kan ontstaan, is niet genoemd."


def _column_remarks(old: Table, new: Table, same_year: bool) -> Iterator[str]:
    """Yield which columns only one of the tables has."""
    before, after = _columns(old, same_year), _columns(new, same_year)
    for kolommen, other, what in ((after, before, "nieuw"), (before, after, "vervallen")):
        for kolom in kolommen:
            if kolom not in other:
                yield f"De kolom {kolom_naam(kolom)} is {what}."


def _row_remarks(
    matches: Sequence[RowMatch], before: Table, after: Table, old: Snapshot, new: Snapshot
) -> Iterator[str]:
    """Yield a warning where no row is the same, and the table of the older edition that has this one's title."""
    if not before.posten or not after.posten or any(match.old and match.new for match in matches):
        return
    told = f"Geen enkele rij van {old.naam} is teruggevonden in {new.naam}."
    yield told if old.jaar == new.jaar else f"{told} Heten rijen alleen anders, zet dat dan in {KEYS}."
    titel = after.source.titel
    same = [naam for naam, table in old.tables.items() if table.source.titel == titel and naam != after.naam]
    if same and before.source.titel != titel:
        yield f"'{titel}' stond in {old.naam} in de tabel '{same[0]}'. Geef de tabellen in beide jaren dezelfde naam."


def _diff_projects(old: Snapshot, new: Snapshot) -> tuple[ProjectDifference, ...]:
    """Return the projects that are new, gone or otherwise than they were."""
    before, after = ({one.sleutel: one for one in side.projecten} for side in (old, new))
    found = []
    for sleutel in [*after, *(sleutel for sleutel in before if sleutel not in after)]:
        then, now = before.get(sleutel), after.get(sleutel)
        fields = [Change(name, getattr(then, key, None), getattr(now, key, None)) for key, name in FIELDS.items()]
        changed = tuple(one for one in fields if then and now and one.oud != one.nieuw)
        milestones = _diff_milestones(sleutel, old, new)
        soort: Soort = "gewijzigd" if then and now else "nieuw" if now else "vervallen"
        if soort != "gewijzigd" or changed or milestones:
            naam = (now or then or new.projecten[0]).project
            found.append(ProjectDifference(sleutel, naam, soort, changed, milestones))
    return tuple(found)


def _diff_milestones(sleutel: str, old: Snapshot, new: Snapshot) -> tuple[Change, ...]:
    """Return the milestones of one project that are new, gone, or at another time or of another kind."""
    before, after = (
        {naam: ", ".join(told) for (project, naam), told in side.mijlpalen.items() if project == sleutel}
        for side in (old, new)
    )
    names = [*after, *(naam for naam in before if naam not in after)]
    found = [Change(naam, before.get(naam), after.get(naam)) for naam in names]
    return tuple(one for one in found if one.oud != one.nieuw)


def _diff_findings(old: Snapshot, new: Snapshot, rows: Mapping[str, Sequence[RowMatch]]) -> tuple[FindingChange, ...]:
    """Return the findings that are new, gone, or of another severity or acceptance."""
    waiting: dict[tuple[object, ...], list[Finding]] = {}
    for finding in old.findings:
        waiting.setdefault(_identity(finding, rows, 0), []).append(finding)
    found = []
    for finding in new.findings:
        known = waiting.get(_identity(finding, rows, 1))
        then = known.pop(0) if known else None
        if then is None:
            found.append(FindingChange("nieuw", None, finding))
        elif (then.ernst, bool(then.aanvaard)) != (finding.ernst, bool(finding.aanvaard)):
            found.append(FindingChange("gewijzigd", then, finding))
    gone = [FindingChange("vervallen", finding, None) for left in waiting.values() for finding in left]
    return (*found, *gone)


def _identity(finding: Finding, rows: Mapping[str, Sequence[RowMatch]], side: int) -> tuple[object, ...]:
    """Return what makes a finding the same one in two editions: its code, and the row or the place that it is about."""
    for number, match in enumerate(rows.get(finding.tabel or "", ())):
        if any(post.post == finding.post for post in (match.old, match.new)[side]):
            return finding.code, finding.tabel, finding.kolom, number
    place = (finding.bestand or "").split("/", 2)[-1]
    printed = None if finding.tabel and finding.kolom else str(finding.gedrukt)
    return finding.code, finding.tabel, finding.kolom, finding.post, place, printed
