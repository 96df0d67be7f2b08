"""One edition: where its files are, and the way from them to proven figures (read, normalise, check)."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

from .acceptance import NAME as ACCEPTED
from .acceptance import accept, load_acceptances
from .chapter_list import Chapters, read_chapters
from .checks import check_read, run_checks
from .compare.revisions import check_revised, has_printed
from .compare.row_keys import load_mapping, unknown_keys
from .errors import DataError
from .explanations import Limits, check_explanations
from .figures import Figures, Table
from .findings import Check, Finding
from .inputs import InputFile, earlier_years, find_data, find_iv3, hash_inputs
from .iv3.files import with_iv3
from .iv3.reconciliation import check_reconciliation
from .iv3.tables import normalise_indicatoren, normalise_reeks, normalise_verdeling, normalise_vergelijking
from .normalise import normalise_milestones, normalise_money, normalise_projects
from .params import check_injected
from .projects import check_projects
from .proofreading import check_stories
from .reader import RawTable, Wanted, fold, read_csv
from .source import MONEY_COLUMNS, TEXT_COLUMNS, TEXT_TABLES, Source, TableSource, load_source
from .story_files import check_story_files
from .workbook import INSTRUCTION, Workbook, open_workbook, read_sheet
from .workbook import NAME as WORKBOOK

OTHERS = {"ict_projecten": "projecten", "ict_mijlpalen": "mijlpalen"}
"""Tables that figures call otherwise than their file."""


NAMED = 6
"""So many editions are named to who asked for one that is not there."""


def load_figures(gemeente: str, jaar: int, data_dir: str = "", **used: Any) -> Figures:
    """Load one edition's figures: read, normalised to the house's sign, and proven.

    Parameters
    ----------
    gemeente, jaar
        The edition, such as `"diemen", 2023`.
    data_dir
        The folder that holds `<gemeente>/<jaar>/`; empty means the project's own `data/`.
    **used
        Other parameters that the chapter uses, to have their types checked; with `grens_bedrag` and `grens_pct` the
        lines above the limit are held against their explanations.

    Returns
    -------
    Figures
        Money tables with one row per post (columns `begroting_primitief`, `begroting_na_wijziging`, `rekening`,
        `budgetresultaat`, in the unit that the table declares, costs negative, a voordeel positive), projects,
        milestones, the checks that ran and what they found.

    Raises
    ------
    ParamsError
        A parameter that papermill injected is unknown, missing or of the wrong type.
    DataError
        Files are missing or cannot be read; all problems at once.
    """
    from .theme import enable

    check_injected({"gemeente": gemeente, "jaar": jaar, "data_dir": data_dir, **used})
    enable()
    return read_edition(find_data(data_dir), gemeente, jaar, Limits.of(used), find_iv3(str(used.get("iv3_dir", ""))))


def read_edition(
    data: Path,
    gemeente: str,
    jaar: int,
    limits: Limits | None = None,
    iv3: Path | None = None,
    notebooks: Path | None = None,
) -> Figures:
    """Read, normalise and check the edition in `data/<gemeente>/<jaar>/`.

    With `limits` its explanations are checked too; `iv3` is a folder with Iv3 figures of all municipalities,
    `notebooks` the one with the chapters that the stories belong to. An edition that was read already in this process,
    and of which no file has changed since, is not read and proven again.
    """
    folder = data / gemeente / str(jaar)
    name = f"{gemeente}/{jaar}"
    if not folder.is_dir():
        bericht = f"De map met cijfers is er niet. Verwacht: {folder}.{_there_are(data)}"
        raise DataError([Finding(code="MAP_ONTBREEKT", ernst="fout", bericht=bericht, bestand=name)])
    asked = (data, gemeente, jaar, iv3)
    inputs, chapters = hash_inputs(folder, data, iv3), read_chapters(notebooks)
    last = _LAST.get(asked)
    if last is None or (last.figures.inputs, last.figures.hoofdstukken) != (inputs, chapters):
        _LAST.clear()
        last = _LAST[asked] = _prove(folder, data, iv3, inputs, chapters)
    explained = () if last.turned else check_explanations(last.figures, limits)
    checks = accept((*last.checks, *explained, *last.unread), last.acceptances, f"{name}/{ACCEPTED}")
    return replace(last.figures, checks=checks)


def _there_are(data: Path) -> str:
    """Return which editions a folder holds, for who asked for another."""
    found = [f"{path.parent.parent.name} {path.parent.name}" for path in sorted(data.glob("*/[12]*/bron.yaml"))]
    more = f" en nog {len(found) - NAMED}" if len(found) > NAMED else ""
    return f" Wel aanwezig: {', '.join(found[:NAMED])}{more}." if found else ""


@dataclass(frozen=True)
class _Proven:
    """An edition as it was read, and its checks; what depends on a parameter is not among them."""

    figures: Figures
    checks: tuple[Check, ...]
    unread: tuple[Check, ...]
    turned: bool
    acceptances: Any


_LAST: dict[tuple[Path, str, int, Path | None], _Proven] = {}
"""The edition that was read last in this process: a chapter that is forked off need not read it again."""


def _prove(folder: Path, data: Path, iv3: Path | None, inputs: tuple[InputFile, ...], chapters: Chapters) -> _Proven:
    gemeente, jaar = folder.parent.name, int(folder.name)
    name = f"{gemeente}/{jaar}"
    source = load_source(folder / "bron.yaml", f"{name}/bron.yaml", jaar)
    read = _read_tables(folder, name, source)
    others = {OTHERS.get(naam, naam): rows for naam, rows in read.others.items()}
    figures = Figures(gemeente, jaar, folder, source, read.tables, plaatsen=read.places, hoofdstukken=chapters,
                      inputs=inputs, **others)  # fmt: skip
    acceptances = load_acceptances(folder, name)
    mapping = load_mapping(folder, name, read.tables, jaar)
    if iv3:
        figures = with_iv3(figures, iv3)
    eerder, unread = read_earlier(data, gemeente, jaar)
    figures = replace(figures, eerder=eerder)
    if unknown := [one for year, earlier in eerder.items() for one in unknown_keys(mapping, earlier.tables, year)]:
        raise DataError(unknown)
    revised = [check_revised(figures, one, mapping) for one in eerder.values() if has_printed(figures, one.jaar)]
    proven = (*run_checks(figures), *check_projects(figures), *check_reconciliation(figures), *figures.checks,
              *revised, *unread)  # fmt: skip
    turned = any(finding.code == "TEKEN_ONJUIST" for check in proven for finding in check.findings)
    told = () if turned else check_stories(figures)  # one cause, told once
    unread_files = (*read.checks, *check_story_files(figures))
    return _Proven(figures, (*proven, *told), unread_files, turned, acceptances)


def read_earlier(data: Path, gemeente: str, jaar: int) -> tuple[dict[int, Figures], list[Check]]:
    """Return the tables of earlier years that stand beside an edition, and a check that tells which cannot be read."""
    found: dict[int, Figures] = {}
    problems: list[Finding] = []
    years = earlier_years(data / gemeente, jaar)
    for year in years:
        folder, name = data / gemeente / str(year), f"{gemeente}/{year}"
        try:
            source = load_source(folder / "bron.yaml", f"{name}/bron.yaml", year)
            one = Figures(gemeente, year, folder, source, _read_tables(folder, name, source).tables)
            one = replace(one, checks=accept(run_checks(one), load_acceptances(folder, name), f"{name}/{ACCEPTED}"))
            if one.fouten:
                raise DataError(one.fouten)
            found[year] = one
        except DataError as exc:
            bericht = f"De uitgave van {year} klopt niet, en is hier niet vergeleken: {exc.problems[0].openbaar}"
            problems.append(Finding("EERDER_ONLEESBAAR", "waarschuwing", bericht, bestand=name))
    told = f"{len(found)} van {len(years)} gelezen"
    checks = [Check("Eerdere uitgaven", "", len(years), "melding", told, findings=tuple(problems))] if problems else []
    return found, checks


@dataclass
class _Read:
    """What has been read so far: money tables, and the others by name (None while one could not be read)."""

    tables: dict[str, Table] = field(default_factory=dict)
    others: dict[str, Any] = field(default_factory=lambda: dict.fromkeys(TEXT_TABLES, ()))
    checks: list[Check] = field(default_factory=list)
    places: dict[str, tuple[tuple[str, int], ...]] = field(default_factory=dict)


def _read_tables(folder: Path, name: str, source: Source) -> _Read:
    """Read every table; a problem in one does not hide the problems of the next."""
    problems: list[Finding] = []
    read = _Read()
    book = open_workbook(folder / WORKBOOK, f"{name}/{WORKBOOK}") if (folder / WORKBOOK).exists() else None
    for naam, declared in _declared(folder, source, book).items():
        columns = TEXT_TABLES.get(naam, (*TEXT_COLUMNS, *MONEY_COLUMNS, *declared.other_years))
        try:
            if naam in TEXT_TABLES:
                read.others[naam] = None
            raw = _read_raw(folder, name, book, Wanted(naam, "", columns, declared.kolommen, declared.eenheid == "pct"))
            if naam in TEXT_TABLES:
                read.others[naam] = _read_other(raw, read, name, source)
                read.places[naam] = tuple((raw.bestand, row.regel) for row in raw.rows)
            else:
                read.tables[naam] = normalise_money(raw, declared)
            read.checks.append(check_read(raw, declared.titel, read.tables.get(naam)))
        except DataError as exc:
            problems.extend(exc.problems)
    if all(naam in read.tables for naam in _declared(folder, source, book) if naam not in TEXT_TABLES):
        problems += _unfilled(read.tables)
    if problems:
        raise DataError(problems)
    read.checks += _check_unread(folder, name, book, _declared(folder, source, book))
    return read


def _read_other(raw: RawTable, read: _Read, name: str, source: Source) -> tuple[Any, ...]:
    """Return the rows of a table that holds no lines of costs."""
    if raw.naam == "ict_mijlpalen":
        return normalise_milestones(raw, read.others["ict_projecten"])
    if raw.naam == "reeks":
        return normalise_reeks(raw, name.split("/")[0], source.plaats)
    readers: dict[str, Callable[[RawTable], tuple[Any, ...]]] = {
        "ict_projecten": normalise_projects, "vergelijking": normalise_vergelijking,
        "verdeling": normalise_verdeling, "indicatoren": normalise_indicatoren,
    }  # fmt: skip
    return readers[raw.naam](raw)


def _unfilled(tables: Mapping[str, Table]) -> list[Finding]:
    """Return each money table of an edition that was laid out and not filled in: none of them has any amount.

    A single table of labels alone is allowed: such tables are published.
    """
    if any(post.is_filled for table in tables.values() for post in table.posten):
        return []
    return [
        Finding(code="BEDRAGEN_ONTBREKEN", ernst="fout", tabel=naam, bestand=table.bestand,
                bericht="Nog geen enkel bedrag ingevuld. Vul de bedragen in; een streepje (-) is nul.")
        for naam, table in tables.items()
    ]  # fmt: skip


def _read_raw(folder: Path, name: str, book: Workbook | None, wanted: Wanted) -> RawTable:
    """Read a table from its sheet or from its file, and name that in messages; one that stands in both is refused."""
    path = folder / f"{wanted.naam}.csv"
    in_file, in_book = (replace(wanted, bestand=f"{name}/{bestand}") for bestand in (path.name, WORKBOOK))
    if book is None or fold(wanted.naam) not in book.sheets:
        return read_csv(path, in_file)
    if path.exists():
        bericht = f"De tabel staat ook in {WORKBOOK}. Haal een van de twee weg."
        raise DataError([in_file.fail("TABEL_DUBBEL", bericht)])
    return read_sheet(book, in_book)


def _declared(folder: Path, source: Source, book: Workbook | None) -> dict[str, TableSource]:
    """Return the tables to read: those that `bron.yaml` declares, and text tables that are simply there.

    Projects come before milestones, which name them.
    """
    declared = {naam: table for naam, table in source.tabellen.items() if naam not in TEXT_TABLES}
    for naam in TEXT_TABLES:
        in_book = book is not None and fold(naam) in book.sheets
        if naam in source.tabellen or in_book or (folder / f"{naam}.csv").is_file():
            declared[naam] = source.tabellen.get(naam, TableSource(titel=naam))
    return declared


def _check_unread(folder: Path, name: str, book: Workbook | None, read: Collection[str]) -> list[Check]:
    """Tell of each CSV file and each sheet that no table of the edition was read from."""
    files = [(f"{name}/{path.name}", "Dit bestand staat in de map") for path in sorted(folder.glob("*.csv"))
             if path.stem not in read]  # fmt: skip
    sheets = [(f"{name}/{WORKBOOK}", f"Het blad '{sheet}' staat in de werkmap")
              for key, titles in (book.sheets.items() if book else ()) for sheet in titles
              if key not in {fold(naam) for naam in (*read, INSTRUCTION)}]  # fmt: skip
    found = tuple(
        Finding(code="BESTAND_NIET_GELEZEN", ernst="waarschuwing", bestand=bestand,
                bericht=f"{what}, maar wordt niet gelezen. Beschrijf de tabel in bron.yaml, of haal haar weg.")
        for bestand, what in (*files, *sheets)
    )  # fmt: skip
    told = f"{len(found)} niet gelezen"
    return [Check("Bestanden in de map", "", 0, "melding", told, findings=found)] if found else []
