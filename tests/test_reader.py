"""Files as people keep them: encodings, delimiters, headers; every problem of a file at once."""

from pathlib import Path

import pytest
from conftest import sound

from bedrijfsvoering.errors import DataError
from bedrijfsvoering.reader import RawTable, Wanted, read_csv

COLUMNS = ("post", "sleutel", "rekening")


def read(path: Path, kolommen: dict[str, str] | None = None) -> RawTable:
    return sound(read_csv(path, Wanted("proef", "proef.csv", COLUMNS, kolommen or {})))


def write(tmp_path: Path, text: str | bytes) -> Path:
    path = tmp_path / "proef.csv"
    path.write_bytes(text.encode() if isinstance(text, str) else text)
    return path


@pytest.mark.parametrize("delimiter", [";", ",", "\t"])
@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "cp1252"])
@pytest.mark.parametrize("newline", ["\n", "\r\n", "\r"])
def test_reads_every_delimiter_encoding_and_line_end(
    tmp_path: Path, delimiter: str, encoding: str, newline: str
) -> None:
    lines = ["post;rekening", "Financiën;-24", '"A; B, C";-1.234', ""]
    text = newline.join(lines).replace(";", delimiter).replace(f"A{delimiter} B", "A; B")
    table = read(write(tmp_path, text.encode(encoding)))
    assert [dict(row.cells) for row in table.rows] == [
        {"post": "Financiën", "rekening": "-24"},
        {"post": "A; B, C", "rekening": "-1.234"},
    ]
    assert [notice.code for notice in table.notices] == (["CODERING_CP1252"] if encoding == "cp1252" else [])


def test_a_row_knows_its_line_also_after_a_blank_line_and_a_cell_of_two_lines(tmp_path: Path) -> None:
    table = read(write(tmp_path, 'post;rekening\n\n"twee\nregels";1\nlaatste;2\n'))
    assert [row.regel for row in table.rows] == [3, 5]


def test_headers_are_matched_without_case_and_by_the_declared_names(tmp_path: Path) -> None:
    table = read(write(tmp_path, "Soort  Kosten;REKENING\nx;1\n"), {"post": "Soort kosten"})
    assert table.columns == ("post", "rekening")


@pytest.mark.parametrize(
    ("text", "kolommen", "said"),
    [
        ("", {}, "leeg"),
        ("post;rekening\n", {}, "geen rijen"),
        ("post;rekenning\nx;1\n", {}, "Bedoelt u 'rekening'"),
        ("naam;rekening\nx;1\n", {"post": "Soort kosten"}, "staat niet in de kopregel"),
        ("post;rekening;rekening\nx;1;2\n", {}, "twee keer"),
        ("post;rekening\nx;1;2\n", {}, r"3 velden; de kopregel heeft er 2\. .*\(;\) te veel\. .*aanhalingstekens"),
        (b"\x00\x01PK", {}, "geen tekstbestand"),
        ("post;rekening\nx\ny;1\n", {}, r"1 veld; de kopregel heeft er 2\. Er ontbreekt een scheidingsteken \(;\)"),
        ("post;rekening\nx,1\ny,2\n", {}, "1 veld;"),
        ("post\trekening\toordeel\nx\t1\n", {}, r"2 velden; .* Er ontbreekt een tab\. Zet het erbij"),
        ('post;rekening\n"x;1\ny;2\n', {}, "aanhalingsteken is niet gesloten"),
        ("post;rekening\n" + "x" * 140_000 + ";1\n", {}, "te lang"),
        ("post;;rekening\nx;1;2\n", {}, "geen kop"),
        ("post;rekening\nx;1\n", {"sleutel": "post"}, "dezelfde kolom"),
        ("post;rekening\nFinanciën één twee;1\n".encode() + b"\xeb;2\n", {}, "op een enkel teken na"),
    ],
)
def test_refuses(tmp_path: Path, text: str | bytes, kolommen: dict[str, str], said: str) -> None:
    with pytest.raises(DataError, match=said):
        read(write(tmp_path, text), kolommen)


def test_a_missing_file_is_told(tmp_path: Path) -> None:
    with pytest.raises(DataError, match="Het bestand is er niet"):
        read(tmp_path / "proef.csv")


def test_an_unknown_column_that_resembles_nothing_is_left_alone_and_told(tmp_path: Path) -> None:
    table = read(write(tmp_path, "post;rekening;Opmerking van Jan\nx;1;y\n"))
    assert [(notice.code, notice.ernst) for notice in table.notices] == [("KOLOM_NIET_GEBRUIKT", "melding")]


def test_all_problems_of_a_file_are_told_at_once(tmp_path: Path) -> None:
    with pytest.raises(DataError) as caught:
        read(write(tmp_path, "post;rekenning\nx;1;2\ny;1;2\n"))
    assert [problem.code for problem in caught.value.problems] == ["KOLOM_ONBEKEND", "RIJ_ONJUIST", "RIJ_ONJUIST"]
