"""What a new edition is made of: the files of an earlier one without its figures, or those of a starting edition."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from string import Template

from ..acceptance import NAME as ACCEPTED
from ..edition import read_edition
from ..errors import BedrijfsvoeringError
from ..figures import Figures
from ..reader import Wanted, fold
from ..source import MONEY_COLUMNS, TEXT_COLUMNS, TEXT_TABLES, TITLES, Source, TableSource
from ..story import DRAFT, read_story
from ..texts import join_words
from ..workbook import INSTRUCTION, open_workbook, read_sheet
from ..workbook import NAME as WORKBOOK
from ..yamlfile import load_yaml
from .entry_table import DELIVERIES, EntryTable, csv_table, emptied, is_done, need_headers, sheet_table
from .entry_workbook import entry_workbook
from .moved_source import moved_source

CONCEPT = "[concept]\n\n"
YEAR = re.compile(r"(?<!\d)(?:19|20)\d\d(?!\d)")


@dataclass
class Draft:
    """The files of a new edition by their place in its folder, those to be filled in, and what must be looked at."""

    files: dict[str, bytes] = field(default_factory=dict)
    notes: list[str] = field(default_factory=list)
    fill: list[str] = field(default_factory=list)


def draft_from(data: Path, gemeente: str, old: int, new: int, excel: bool, commands: Sequence[str]) -> Draft:
    """Return the edition of `new`, made from that of `old`.

    Raises
    ------
    DataError
        The earlier edition cannot be read; all problems at once.
    """
    figures = read_edition(data, gemeente, old)
    source_text = moved_source((figures.folder / "bron.yaml").read_text(encoding="utf-8-sig"), old, new)
    source = Source.model_validate(load_yaml(source_text))
    draft = Draft({"bron.yaml": source_text.encode()})
    before = list(_tables(figures))
    tables = [
        emptied(table, source.tabellen.get(table.naam, table.source), old, new - old) for table in before
    ]  # fmt: skip
    _add_tables(draft, tables, excel, figures.source.gemeente, new, commands)
    draft.fill = _open_files(before, tables, draft)
    draft.notes += [*_source_notes(source_text, old), *_table_notes(before, tables, old, new)]
    _add_stories(draft, figures.folder / "toelichting", old, new)
    draft.notes += _left_notes(figures.folder, draft, {table.naam for table in tables})
    return draft


def draft_from_nothing(start: Path, gemeente: str, jaar: int, excel: bool, commands: Sequence[str]) -> Draft:
    """Return a starting edition: choices that are explained, and tables of which only the columns are given."""
    naam = "Gemeente " + "-".join(part.capitalize() for part in gemeente.split("-"))
    source_text = Template((start / "bron.yaml").read_text(encoding="utf-8")).substitute(naam=naam, jaar=jaar)
    source = Source.model_validate(load_yaml(source_text))
    tables = [
        csv_table((start / f"{naam}.csv").read_bytes(), _wanted(naam, declared), declared)
        for naam, declared in source.tabellen.items()
    ]
    draft = Draft({"bron.yaml": source_text.encode()})
    _add_tables(draft, tables, excel, source.gemeente, jaar, commands)
    draft.fill = [name for name in draft.files if name.endswith((".csv", ".xlsx"))]
    return draft


def _wanted(naam: str, source: TableSource) -> Wanted:
    columns = TEXT_TABLES.get(naam, (*TEXT_COLUMNS, *MONEY_COLUMNS, *source.other_years))
    return Wanted(naam, f"{naam}.csv", columns, source.kolommen, source.eenheid == "pct")


def _tables(figures: Figures) -> Iterable[EntryTable]:
    """Give every table that the edition was read from, as it is kept, in the order of `bron.yaml`."""
    folder = figures.folder
    book = open_workbook(folder / WORKBOOK, WORKBOOK) if (folder / WORKBOOK).exists() else None
    for naam in dict.fromkeys((*figures.source.tabellen, *TEXT_TABLES)):
        source = figures.source.tabellen.get(naam, TableSource(titel=TITLES.get(naam, naam)))
        wanted, path = _wanted(naam, source), folder / f"{naam}.csv"
        if naam not in (*figures.tables, *TEXT_TABLES):
            continue  # a table that is not read yet
        if book is not None and fold(naam) in book.sheets:
            yield sheet_table(read_sheet(book, wanted), wanted, source)
        elif path.is_file():
            yield csv_table(path.read_bytes(), wanted, source)


def _add_tables(
    draft: Draft, tables: Sequence[EntryTable], excel: bool, gemeente: str, jaar: int, commands: Sequence[str]
) -> None:
    """Add the tables to be filled in: each as it was kept, or all as sheets of one workbook."""
    sheets = [table for table in tables if excel or table.form is None]
    for table in tables:
        need_headers(table)
        if fold(table.naam) == fold(INSTRUCTION) and table in sheets:
            bericht = f"De tabel {table.naam} heet zoals het blad met uitleg. Geef haar een andere naam."
            raise BedrijfsvoeringError(bericht)
        if table not in sheets:
            draft.files[f"{table.naam}.csv"] = table.csv()
    if sheets:
        draft.files[WORKBOOK] = entry_workbook(sheets, gemeente, jaar, commands)


def _open_files(before: Sequence[EntryTable], tables: Sequence[EntryTable], draft: Draft) -> list[str]:
    """Return the files in which a figure is asked for, or a row is to be looked at; what stands there whole is none."""
    whole = ["verdeling.csv"]
    for earlier, table in zip(before, tables, strict=True):
        if table.naam in DELIVERIES and len(table.rows) == len(earlier.rows):
            whole.append(f"{table.naam}.csv")
    return [name for name in draft.files if name == WORKBOOK or (name.endswith(".csv") and name not in whole)]


def _add_stories(draft: Draft, folder: Path, old: int, new: int) -> None:
    """Add the stories as they were written, references and all, with the line that says that they are drafts."""
    told = []
    for path in sorted(folder.glob("*.md")) if folder.is_dir() else ():
        text = read_story(path, f"{old}/toelichting/{path.name}")
        text = text if DRAFT.search(text) else CONCEPT + text
        draft.files[f"toelichting/{path.name}"] = text.encode()
        told += _naming(f"toelichting/{path.name}", text.splitlines(), old)
        for jaar in range(old + 1, new + 1):
            ahead = _naming(f"toelichting/{path.name}", text.splitlines(), jaar)
            told += [f"{one} Dat was een vooruitblik: klopt het nu?" for one in ahead]
    if any(name.startswith("toelichting/") for name in draft.files):
        draft.notes.append("De teksten in toelichting/ zijn die van het vorige jaar, met [concept] erboven.")
    draft.notes += told


def _naming(name: str, lines: Sequence[str], jaar: int) -> list[str]:
    """Return which lines of a text name a year, as one note, or nothing."""
    numbers = [str(number) for number, line in enumerate(lines, start=1) if str(jaar) in YEAR.findall(line)]
    return [f"{name}: {jaar} staat in regel {join_words(numbers)}."] if numbers else []


def _source_notes(text: str, old: int) -> list[str]:
    """Return what to look at in the moved `bron.yaml`: what is to be filled in, and comments of the old year."""
    lines = text.splitlines()
    comments = [line.partition("#")[2] for line in lines]
    open_ = [str(number) for number, line in enumerate(comments, start=1) if "vul " in line or "nakijken" in line]
    told = [f"bron.yaml, regel {join_words(open_)}: vul in of kijk na."] if open_ else []
    return told + _naming("bron.yaml", comments, old)


def _table_notes(before: Sequence[EntryTable], tables: Sequence[EntryTable], old: int, new: int) -> list[str]:
    """Return what to look at in the tables."""
    notes = []
    for earlier, table in zip(before, tables, strict=True):
        named = [f"'{label}'" for label in table.column("post") if YEAR.search(label)]
        if named:
            notes.append(
                f"{table.naam}: de naam {join_words(named)} noemt een jaar en is niet veranderd. Klopt zij nog?"
            )
        if table.naam == "ict_projecten" and table.rows:
            notes.append(f"{table.naam}: status en teksten zijn die van {old}. Kijk elke rij na, ook de kolom bron.")
        if table.naam in DELIVERIES and table.rows:
            added = len(table.rows) - len(earlier.rows)
            todo = f"Vul de nieuwe rijen in ({added}), of haal ze weg."
            if not added:
                there = str(new) in [jaar.strip() for jaar in table.column("jaar")]
                todo = f"De rijen van {new} stonden er al." if there else f"Rijen van {new} zijn er niet."
            notes.append(f"{table.naam}: wat er stond, is overgenomen. {todo}")
        if table.naam == "verdeling":
            notes.append(
                f"{table.naam}: overgenomen zoals zij was. Die van {new} telt het programma zelf, als iv3_dir in de "
                "parameters een map met cijfers van alle gemeenten noemt; zie docs/vergelijken.md."
            )
        if table.naam == "ict_mijlpalen":
            done = sum(is_done(soort) for soort in earlier.column("soort"))
            none = "" if table.rows else " Vul er een in, of haal de tabel weg, ook uit bron.yaml."
            notes.append(
                f"{table.naam}: overgenomen is wat nog open stond ({len(table.rows)}); wat al gerealiseerd was, "
                f"is weggelaten ({done}).{none}"
            )
    return notes


def _left_notes(folder: Path, draft: Draft, tables: set[str]) -> list[str]:
    """Return which files of the earlier edition have no part in the new one."""
    names = [path.relative_to(folder).as_posix() for path in sorted(folder.rglob("*")) if path.is_file()]
    left = [
        name for name in names
        if name not in draft.files and name != WORKBOOK and name.removesuffix(".csv") not in tables
        and not name.startswith((".", "~"))
    ]  # fmt: skip
    accepted = [f"{ACCEPTED} is niet overgenomen: een aanvaarding geldt voor één jaar."] if ACCEPTED in left else []
    others = [name for name in left if name != ACCEPTED]
    return accepted + ([f"Niet overgenomen: {join_words(others)}."] if others else [])
