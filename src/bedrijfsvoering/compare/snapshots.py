"""What one edition or one published build says, in the one form in which two of them are compared."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from ..explanations import explanations_of
from ..figures import Figures, Project, Table
from ..findings import Finding
from ..story import DEFAULTS, load_story, own_stories
from .page_text import sentences_of

Milestones = Mapping[tuple[str, str], tuple[str, str]]
"""Of each milestone, by project and name: when it is, in words, and its kind."""


@dataclass(frozen=True)
class Snapshot:
    """What an edition says.

    Attributes
    ----------
    naam
        What it is called beside the other one, such as its year.
    gegevens
        What is declared about the edition and its tables, as text, by a name such as `overhead.eenheid`.
    exact
        Whether the decimals of its tables are those that were declared; of a build they are those that were seen.
    zinnen
        The sentences of each chapter's story, figures filled in.
    """

    naam: str
    gemeente: str
    jaar: int
    titel: str
    gegevens: Mapping[str, str]
    tables: Mapping[str, Table]
    projecten: Sequence[Project] = ()
    mijlpalen: Milestones = field(default_factory=dict)
    findings: Sequence[Finding] = ()
    zinnen: Mapping[str, Sequence[str]] = field(default_factory=dict)
    exact: bool = True


def snapshot_of(figures: Figures) -> Snapshot:
    """Return what an edition says that was read from its figures.

    Raises
    ------
    StoryError
        A story names a figure that is not there.
    """
    return Snapshot(
        naam=str(figures.jaar),
        gemeente=figures.source.gemeente,
        jaar=figures.jaar,
        titel=figures.source.titel,
        gegevens=_declared(figures),
        tables=figures.tables,
        projecten=figures.projecten,
        mijlpalen=milestones_of((m.project, m.mijlpaal, m.wanneer, m.soort) for m in figures.mijlpalen),
        findings=figures.findings,
        zinnen=_sentences(figures),
    )


def milestones_of(rows: Iterable[tuple[str, str, str, str]]) -> Milestones:
    """Return milestones (project, name, when, kind) by project and name; a second of one name is `Gereed (2)`."""
    found: dict[tuple[str, str], tuple[str, str]] = {}
    counts: dict[tuple[str, str], int] = {}
    for project, naam, *told in rows:
        number = counts[project, naam] = counts.get((project, naam), 0) + 1
        found[project, naam if number == 1 else f"{naam} ({number})"] = (told[0], told[1])
    return found


def table_declared(table: Table) -> dict[str, str]:
    """Return how a table was printed, as text, by the names of `bron.yaml`."""
    source = table.source
    told = {"titel": source.titel, "eenheid": source.eenheid, "lasten": source.lasten,
            "budgetresultaat": source.budgetresultaat}  # fmt: skip
    return {f"{table.naam}.{name}": str(value) for name, value in told.items() if value is not None}


def _declared(figures: Figures) -> dict[str, str]:
    """Return what `bron.yaml` says of the edition and of each money table."""
    source = figures.source
    told = {name: getattr(source, name) for name in ("gemeente", "titel", "inwoners", "publicatiedatum")}
    found = {name: str(value) for name, value in told.items() if value is not None}
    for table in figures.tables.values():
        found |= table_declared(table) | {f"{table.naam}.decimalen": str(table.source.decimalen)}
    return found


def _sentences(figures: Figures) -> dict[str, tuple[str, ...]]:
    """Return the sentences of each chapter's story, and behind them those that explain single lines."""
    names = sorted({*own_stories(figures), *(path.stem for path in DEFAULTS.glob("*.md"))})
    found = {}
    for name in names:
        story = load_story(figures, name)
        found[name] = (*sentences_of(story.lead.html), *sentences_of(story.body.html))
    for (tabel, sleutel), one in explanations_of(figures).items():
        label = next(post.post for post in figures.tables[tabel].posten if post.sleutel == sleutel)
        chapter = one.bestand.rsplit("/", 1)[-1].removesuffix(".md")
        told = sentences_of(one.html)
        found[chapter] += (f"{label}: {told[0]}", *told[1:]) if told else ()
    return {name: told for name, told in found.items() if told}
