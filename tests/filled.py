"""Invented figures for an edition that was laid out: a municipality's rows, amounts of our own, totals that add up."""

from __future__ import annotations

import csv
from collections.abc import Iterable
from pathlib import Path

import openpyxl

from bedrijfsvoering.edition import read_edition

GROWTH = 1.04
"""The invented year is the earlier one and four percent: the directions stay, no amount does."""
STAGES = ("begroting_primitief", "begroting_na_wijziging", "rekening")
Amounts = dict[str, tuple[int, int, int, int]]


def invented(data: Path, gemeente: str, jaar: int, naam: str) -> Amounts:
    """Return made-up amounts by the keys of an earlier edition's table, as it prints them; its total adds up."""
    table = read_edition(data, gemeente, jaar).tables[naam]
    turned = table.source.budgetresultaat == "begroting - rekening"
    lines = {post.sleutel: [round(float(post.gedrukt[stage] or 0) * GROWTH) for stage in STAGES]
             for post in table.regels}  # fmt: skip
    lines["totaal"] = [sum(column) for column in zip(*lines.values(), strict=True)]
    return {key: (*row, (row[1] - row[2]) if turned else (row[2] - row[1])) for key, row in lines.items()}  # type: ignore[misc]


def fill_csv(path: Path, amounts: Amounts) -> None:
    """Type the amounts behind the keys of a CSV file, as a person does: the rest of each row stays."""
    with path.open(encoding="utf-8", newline="") as stream:
        header, *rows = csv.reader(stream, delimiter=";")
    filled = [[*row[:2], *map(dutch, amounts[row[0]])] for row in rows]
    with path.open("w", encoding="utf-8", newline="") as stream:
        csv.writer(stream, delimiter=";", lineterminator="\n").writerows([header, *filled])


def fill_workbook(path: Path, tables: dict[str, Amounts]) -> None:
    """Type the amounts into the open cells of a workbook, and nothing else."""
    book = openpyxl.load_workbook(path)
    for naam, amounts in tables.items():
        for row in book[naam].iter_rows(min_row=2):
            for cell, amount in zip(row[2:], amounts[row[0].value], strict=True):
                assert not cell.protection.locked
                cell.value = "-" if amount == 0 else amount
    book.save(path)


def fill_deliveries(folder: Path, old: int) -> None:
    """Fill in what the CBS would have published of the new year: last year's figures and some; in CSV or on sheets."""
    book = openpyxl.load_workbook(folder / "cijfers.xlsx") if (folder / "cijfers.xlsx").exists() else None
    for naam in ("reeks", "vergelijking", "verdeling"):
        path = folder / f"{naam}.csv"
        if not (naam in book.sheetnames if book else path.exists()):
            continue
        text = "" if book else path.read_text(encoding="utf-8")
        cells = [[_text(cell) for cell in row] for row in book[naam].values] if book else list(
            csv.reader(text.splitlines(), delimiter=";")
        )  # fmt: skip
        rows = _delivered([row for row in cells if any(row)], old, naam == "verdeling")
        if book:
            for line, row in enumerate(rows, start=1):
                for column, value in enumerate(row, start=1):
                    book[naam].cell(line, column).value = value or None
        else:
            with path.open("w", encoding="utf-8", newline="") as stream:
                csv.writer(stream, delimiter=";", lineterminator="\n").writerows(rows)
    if book:
        book.save(folder / "cijfers.xlsx")


def _delivered(rows: list[list[str]], old: int, spread: bool) -> list[list[str]]:
    """Return the rows with those of the year after `old` filled in: a spread stays, amounts grow."""
    head, *body = rows
    jaar = head.index("jaar")
    if spread:
        return [head, *body, *([str(old + 1) if n == jaar else cell for n, cell in enumerate(row)]
                               for row in body if row[jaar] == str(old))]  # fmt: skip
    before = {(*row[:jaar], row[head.index("document")]): row for row in body if row[jaar] == str(old)}
    for row in body:
        source = before.get((*row[:jaar], row[head.index("document")]))
        if row[jaar] == str(old + 1) and source:
            row[:] = [str(round(int(was) * GROWTH)) if not cell and was.isdigit() else cell
                      for cell, was in zip(row, source, strict=True)]  # fmt: skip
    return [head, *body]


def _text(cell: object) -> str:
    return "" if cell is None else f"{cell:g}".replace(".", ",") if isinstance(cell, float) else str(cell)


def mark_invented(folder: Path, jaar: int) -> None:
    """Say in the title of the document that its figures are made up."""
    path = folder / "bron.yaml"
    text = path.read_text(encoding="utf-8")
    assert f"titel: Jaarstukken {jaar}\n" in text
    path.write_text(text.replace(f"titel: Jaarstukken {jaar}\n", f"titel: Jaarstukken {jaar} (verzonnen)\n"), "utf-8")


def dutch(amount: int) -> str:
    """Write a whole amount as a table prints it: a point between thousands, a dash for nil."""
    return f"{amount:,}".replace(",", ".") if amount else "-"


def read_all(folder: Path) -> dict[str, bytes]:
    """Return every file under a folder, hidden ones too, to compare a disk before and after."""
    paths: Iterable[Path] = sorted(folder.rglob("*"))
    return {path.relative_to(folder).as_posix(): path.read_bytes() if path.is_file() else b"" for path in paths}
