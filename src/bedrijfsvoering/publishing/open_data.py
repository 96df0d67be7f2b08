"""The figures as open data: CSV files, one workbook and a data package; and the findings. The same bytes each time."""

from __future__ import annotations

import csv
import io
from collections.abc import Mapping, Sequence
from datetime import datetime
from pathlib import Path
from typing import Any

import pandas as pd
import xlsxwriter

from ..figures import Figures, kolom_naam
from ..findings import json_value
from ..inputs import sha256
from ..iv3.deliveries import AMOUNTS, MEASURES, SHARES, Delivery
from ..source import TITLES
from .manifest import write_json

FORMULA = ("=", "+", "-", "@", "\t", "\r")
"""A text that begins so would be run as a formula by a spreadsheet."""


def write_findings(figures: Figures, folder: Path) -> None:
    """Write `bevindingen.json`: one JSON array, one object per finding."""
    write_json(folder / "bevindingen.json", [finding.to_json() for finding in figures.findings])


def frames(figures: Figures, vergelijk_met: Sequence[str] = ()) -> dict[str, pd.DataFrame]:
    """Return every table of the edition as a tidy frame: the house's sign, as printed beside it."""
    tidy = {naam: table.frame for naam, table in figures.tables.items()}
    if figures.projecten:
        tidy["ict_projecten"] = pd.DataFrame([vars(project) for project in figures.projecten])
    if figures.mijlpalen:
        rows = [
            {**vars(m), "begin": m.begin.tekst, "eind": m.eind.tekst if m.eind else "",
             "begin_eerste_dag": str(m.begin.first), "eind_laatste_dag": str((m.eind or m.begin).last)}
            for m in figures.mijlpalen
        ]  # fmt: skip
        tidy["ict_mijlpalen"] = pd.DataFrame(rows)
    for naam, deliveries in (("reeks", figures.reeks), ("vergelijking", figures.beside(vergelijk_met))):
        if deliveries:
            tidy[naam] = _deliveries_frame(deliveries)
    for naam, listed in (("verdeling", figures.verdeling), ("indicatoren", figures.indicatoren)):
        if listed:
            tidy[naam] = pd.DataFrame([_plain(vars(one)) for one in listed])
    return tidy


def _deliveries_frame(deliveries: Sequence[Delivery]) -> pd.DataFrame:
    """Return deliveries to the CBS as a frame: what was not delivered is missing, never nil."""
    rows = [
        {"gemeente": one.gemeente, "naam": one.naam, "grootteklasse": one.grootteklasse, "jaar": one.jaar,
         "document": one.document, **{name: one.amount(name) for name in AMOUNTS},
         **{name: MEASURES[name].of(one) for name in SHARES}, "bron": one.bron}
        for one in deliveries
    ]  # fmt: skip
    kinds = dict.fromkeys(AMOUNTS, "Int64") | dict.fromkeys(SHARES, "Float64")
    return pd.DataFrame([_plain(row) for row in rows]).astype(kinds)


def _plain(row: Mapping[str, Any]) -> dict[str, Any]:
    """Return a row with its exact amounts as plain numbers."""
    return {name: json_value(value) for name, value in row.items()}


def title_of(figures: Figures, naam: str) -> str:
    """Return what a table is called where its file is named."""
    table = figures.table(naam)
    return table.source.titel if table else TITLES[naam]


def write_cijfers(figures: Figures, folder: Path, vergelijk_met: Sequence[str] = ()) -> dict[str, str]:
    """Write the figures as CSV, as one workbook and as a data package into `folder`; return each table's title."""
    folder.mkdir(parents=True)
    tidy = frames(figures, vergelijk_met)
    for naam, frame in tidy.items():
        safe = frame.map(lambda value: f"'{value}" if isinstance(value, str) and value.startswith(FORMULA) else value)
        safe.to_csv(
            folder / f"{naam}.csv",
            index=False,
            encoding="utf-8",
            lineterminator="\n",
            quoting=csv.QUOTE_MINIMAL,
        )
    _write_workbook(figures, tidy, folder / "cijfers.xlsx")
    write_json(folder / "datapackage.json", _datapackage(figures, tidy, folder))
    return {naam: title_of(figures, naam) for naam in tidy}


def _write_workbook(figures: Figures, tidy: Mapping[str, pd.DataFrame], path: Path) -> None:
    """Write one sheet that explains, and one per table; text is written as text, never as a formula."""
    # in memory: a disk that is full would stop it halfway, and its destructor would speak English
    stream = io.BytesIO()
    with xlsxwriter.Workbook(stream, {"in_memory": True}) as book:
        book.set_properties({"title": figures.source.titel, "author": figures.source.gemeente,
                             "created": datetime(figures.jaar + 1, 1, 1)})  # fmt: skip
        head = book.add_format({"bold": True, "text_wrap": True, "valign": "top"})
        about = book.add_worksheet("Over deze cijfers")
        about.set_column(0, 0, 100)
        told = [
            f"{figures.source.gemeente}, {figures.source.titel}: cijfers van de paragraaf bedrijfsvoering",
            "Kosten zijn negatief, baten positief. Het resultaat is rekening min begroting na wijziging.",
            "Een positief resultaat is een voordeel, een negatief resultaat een nadeel.",
            "Een kolom die eindigt op _gedrukt staat zoals in de bron. Een lege cel is niet aangeleverd.",
            *(f"{naam}: {table.source.titel}. {table.eenheid}." for naam, table in figures.tables.items()),
            *(
                f"{naam}: bedragen × € 1.000, kosten zonder minteken, zoals geleverd aan het CBS."
                for naam in ("reeks", "vergelijking")
                if naam in tidy
            ),
        ]
        for row, text in enumerate(told):
            about.write_string(row, 0, text, head if row == 0 else None)
        for naam, frame in tidy.items():
            sheet = book.add_worksheet(naam[:31])
            sheet.freeze_panes(1, 2)
            for column, name in enumerate(frame.columns):
                sheet.write_string(0, column, name, head)
                sheet.set_column(column, column, 42 if name in ("post", "mijlpaal", "stand") else 16)
                for row, value in enumerate(frame[name], start=1):
                    if isinstance(value, str):
                        sheet.write_string(row, column, value)
                    elif not pd.isna(value):
                        sheet.write_number(row, column, value)
    path.write_bytes(stream.getvalue())


def _datapackage(figures: Figures, tidy: Mapping[str, pd.DataFrame], folder: Path) -> dict[str, Any]:
    """Return the description of the CSV files by the Data Package standard (version 2)."""
    resources = []
    for naam, frame in tidy.items():
        table = figures.table(naam)
        money = table.kolommen if table else ()
        fields = [
            {"name": name, "type": "number" if pd.api.types.is_numeric_dtype(frame[name]) else "string",
             "title": kolom_naam(name) if name in money else name}
            for name in frame.columns
        ]  # fmt: skip
        path = folder / f"{naam}.csv"
        resources.append(
            {
                "name": naam.replace("_", "-"), "path": path.name, "title": title_of(figures, naam),
                "description": f"{table.eenheid}. Kosten negatief, voordeel positief." if table else "",
                "format": "csv", "mediatype": "text/csv", "encoding": "utf-8",
                "bytes": path.stat().st_size, "hash": f"sha256:{sha256(path)}", "schema": {"fields": fields},
            }
        )  # fmt: skip
    return {
        "$schema": "https://datapackage.org/profiles/2.0/datapackage.json",
        "name": f"bedrijfsvoering-{figures.gemeente}-{figures.jaar}",
        "title": f"Paragraaf bedrijfsvoering {figures.jaar}, {figures.source.gemeente}",
        "sources": [{"title": f"{figures.source.gemeente}, {figures.source.titel}"}],
        "resources": resources,
    }
