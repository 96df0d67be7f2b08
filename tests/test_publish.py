"""What a build leaves behind: figures as open data, findings, a manifest; whole or not at all."""

import csv
import hashlib
import json
import re
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from pathlib import Path

import openpyxl
import pytest
from conftest import MakeTable

from bedrijfsvoering.figures import Figures
from bedrijfsvoering.publishing.index_file import write_index
from bedrijfsvoering.publishing.open_data import frames, write_cijfers
from bedrijfsvoering.publishing.staging import staged


def test_the_output_is_that_of_the_contract(built: Path) -> None:
    found = sorted(path.relative_to(built).as_posix() for path in built.rglob("*") if path.is_file())
    assert [name for name in found if not name.startswith(("notebooks/", "cijfers/"))] == [
        "bevindingen.json", "index.html", "manifest.json",
    ]  # fmt: skip
    assert [name for name in found if name.startswith("cijfers/")] == [
        "cijfers/cijfers.xlsx", "cijfers/datapackage.json", "cijfers/ict_mijlpalen.csv", "cijfers/ict_projecten.csv",
        "cijfers/overhead.csv", "cijfers/reeks.csv", "cijfers/salarissen.csv", "cijfers/verdeling.csv",
        "cijfers/vergelijking.csv",
    ]  # fmt: skip
    assert 'href="diemen/2023/index.html"' in (built.parents[1] / "index.html").read_text(encoding="utf-8")


def test_the_csv_is_tidy_with_as_printed_beside_it(built: Path) -> None:
    with (built / "cijfers" / "salarissen.csv").open(encoding="utf-8", newline="") as stream:
        rows = {row["sleutel"]: row for row in csv.DictReader(stream)}
    assert (rows["totaal"]["budgetresultaat"], rows["totaal"]["budgetresultaat_gedrukt"]) == ("-81", "81")
    assert rows["wijkbeheer"]["budgetresultaat"] == "0"
    assert len(rows) == 15


def test_the_workbook_has_the_same_figures(built: Path, diemen: Figures) -> None:
    book = openpyxl.load_workbook(built / "cijfers" / "cijfers.xlsx", data_only=True)
    assert book.sheetnames == ["Over deze cijfers", "overhead", "salarissen", "ict_projecten", "ict_mijlpalen", "reeks",
                               "vergelijking", "verdeling"]  # fmt: skip
    frame = frames(diemen)["overhead"]
    sheet = [list(row) for row in book["overhead"].iter_rows(values_only=True)]
    assert sheet[0] == list(frame.columns)
    column = sheet[0].index("rekening")
    assert [row[column] for row in sheet[1:]] == frame["rekening"].tolist()


def test_the_data_package_binds_the_files(built: Path) -> None:
    package = json.loads((built / "cijfers" / "datapackage.json").read_text(encoding="utf-8"))
    for resource in package["resources"]:
        path = built / "cijfers" / resource["path"]
        assert resource["hash"] == f"sha256:{hashlib.sha256(path.read_bytes()).hexdigest()}"
        assert [field["name"] for field in resource["schema"]["fields"]] == path.read_text().splitlines()[0].split(",")


def test_the_manifest_binds_inputs_and_outputs(built: Path) -> None:
    manifest = json.loads((built / "manifest.json").read_text(encoding="utf-8"))
    files = {p.relative_to(built).as_posix() for p in built.rglob("*") if p.is_file()} - {"manifest.json"}
    assert set(manifest["uitvoer"]) == files
    for name, checksum in manifest["uitvoer"].items():
        assert hashlib.sha256((built / name).read_bytes()).hexdigest() == checksum
    assert manifest["parameters"]["jaar"] == 2023
    assert "diemen/2023/overhead.csv" in manifest["invoer"]
    assert not re.search(r"/tmp|/root|/home", json.dumps(manifest))


def test_findings_have_the_keys_and_types_of_the_contract(built: Path) -> None:
    findings = json.loads((built / "bevindingen.json").read_text(encoding="utf-8"))
    assert len(findings) == 13
    assert list(findings[1]) == ["code", "ernst", "tabel", "post", "kolom", "gedrukt", "berekend", "grens", "bestand",
                                 "regel", "bericht"]  # fmt: skip
    assert (findings[1]["gedrukt"], findings[1]["berekend"], findings[1]["grens"]) == (-14393, -14391, 9)
    assert findings[2]["grens"] == 1.5


def test_text_that_a_spreadsheet_would_run_is_written_as_text(
    diemen: Figures, make_table: MakeTable, tmp_path: Path
) -> None:
    table = make_table(("=1+1", "", "-1", "-1", "0"), ("@SUM(A1)", "", "-1", "-1", "0"))
    figures = replace(diemen, tables={"proef": table}, projecten=(), mijlpalen=())
    write_cijfers(figures, tmp_path / "cijfers")
    assert "'=1+1" in (tmp_path / "cijfers" / "proef.csv").read_text()
    cell = openpyxl.load_workbook(tmp_path / "cijfers" / "cijfers.xlsx")["proef"]["B2"]
    assert (cell.value, cell.data_type) == ("=1+1", "s")


def test_what_fails_halfway_leaves_the_previous_edition_and_no_litter(tmp_path: Path) -> None:
    target = tmp_path / "diemen" / "2023"
    with staged(target) as stage:
        (stage / "index.html").write_text("oud")
    with pytest.raises(ZeroDivisionError), staged(target) as stage:
        (stage / "half.html").write_text(str(1 / 0))
    assert (target / "index.html").read_text() == "oud"
    assert [path.name for path in target.parent.iterdir()] == ["2023"]
    with staged(target) as stage:
        (stage / "index.html").write_text("nieuw")
    assert (target / "index.html").read_text() == "nieuw"
    assert [path.name for path in target.parent.iterdir()] == ["2023"]


def test_the_list_of_editions_is_in_order_of_name_and_year(tmp_path: Path) -> None:
    for gemeente, jaar in (("uithoorn", 2022), ("diemen", 2022), ("diemen", 2023)):
        folder = tmp_path / gemeente / str(jaar)
        folder.mkdir(parents=True)
        (folder / "manifest.json").write_text(json.dumps({"naam": gemeente, "jaar": jaar, "titel": "T"}))
    found: list[dict[str, object]] = []
    write_index(tmp_path, lambda editions: found.extend(editions) or "x")
    assert [(e["naam"], e["jaar"]) for e in found] == [("diemen", 2023), ("diemen", 2022), ("uithoorn", 2022)]
    assert (tmp_path / "index.html").read_text() == "x"


def test_many_that_publish_one_edition_at_once_leave_one_whole_and_no_litter(tmp_path: Path) -> None:
    target = tmp_path / "2023"

    def publish(number: int) -> None:
        for _ in range(25):
            with staged(target) as stage:
                for name in "abc":
                    (stage / name).write_text(str(number))

    with ThreadPoolExecutor(8) as pool:
        list(pool.map(publish, range(8)))  # raises what one of them raised
    assert [path.name for path in tmp_path.iterdir()] == ["2023"]
    assert len({(target / name).read_text() for name in "abc"}) == 1
