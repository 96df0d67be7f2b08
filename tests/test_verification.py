"""What `verify` proves: a published folder against its manifest, and against a rebuild."""

from __future__ import annotations

import json
import os
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from small import Small

from bedrijfsvoering.cli import run_command
from bedrijfsvoering.compare.published import read_published
from bedrijfsvoering.publishing.index_file import find_editions
from bedrijfsvoering.publishing.manifest import UNBOUND, kenmerk_of
from bedrijfsvoering.publishing.verification import is_inside


@pytest.fixture(scope="module")
def small(tmp_path_factory: pytest.TempPathFactory) -> Small:
    small = Small(tmp_path_factory.mktemp("project"))
    assert small.build("-q")[0] == 0
    return small


@pytest.fixture
def folder(small: Small, tmp_path: Path) -> Path:
    """A copy of a published folder, as an accountant gets it."""
    return shutil.copytree(small.output, tmp_path / "uitgave")


def edit(folder: Path, **changes: Any) -> None:
    """Change keys of a manifest; None takes one out."""
    path = folder / "manifest.json"
    manifest = json.loads(path.read_text(encoding="utf-8")) | changes
    path.write_text(json.dumps({key: value for key, value in manifest.items() if value is not None}), encoding="utf-8")


def verify(folder: Path, capsys: Any, *args: str) -> tuple[int, str, str]:
    code = run_command(["verify", str(folder), *args])
    told = capsys.readouterr()
    return code, told.out, told.err


def test_a_folder_as_it_was_built_is_whole(folder: Path, capsys: Any) -> None:
    code, out, err = verify(folder, capsys)
    kenmerk = json.loads((folder / "manifest.json").read_text(encoding="utf-8"))["kenmerk"]
    assert (code, err) == (0, "")
    assert out.splitlines()[-1] == f"Kenmerk: {kenmerk}"
    assert f'<span class="code" id="kenmerk">{kenmerk[:16]}</span>' in (folder / "index.html").read_text(
        encoding="utf-8"
    )


def swap_files(folder: Path) -> None:
    one, other = folder / "cijfers" / "overhead.csv", folder / "cijfers" / "salarissen.csv"
    text = one.read_bytes()
    one.write_bytes(other.read_bytes())
    other.write_bytes(text)


def link(path: Path, to: Path) -> None:
    path.unlink()
    path.symlink_to(to)


@pytest.mark.parametrize(
    ("change", "told"),
    [
        (lambda f: (f / "index.html").write_bytes((f / "index.html").read_bytes() + b" "), ["gewijzigd index.html"]),
        (lambda f: (f / "cijfers" / "overhead.csv").unlink(), ["ontbreekt cijfers/overhead.csv"]),
        (lambda f: shutil.rmtree(f / "notebooks"), ["ontbreekt notebooks/1-kort.ipynb"]),
        (lambda f: (f / "extra.txt").write_text("x"), ["extra extra.txt"]),
        (swap_files, ["gewijzigd cijfers/overhead.csv", "gewijzigd cijfers/salarissen.csv"]),
        (lambda f: edit(f, titel="Een andere titel"), ["kenmerk manifest.json"]),
        (lambda f: edit(f, hint="een sleutel te veel"), ["kenmerk manifest.json"]),
        (lambda f: edit(f, kenmerk="0" * 64), ["kenmerk manifest.json", "voettekst index.html"]),
        (lambda f: edit(f, engine="een andere"), []),
    ],
)
def test_what_differs_is_named(change: Callable[[Path], Any], told: list[str], folder: Path, capsys: Any) -> None:
    change(folder)
    code, out, _ = verify(folder, capsys, "--json")
    found = json.loads(out)
    assert [f"{one['soort']} {one['bestand']}" for one in found["verschillen"]] == told
    assert (code, found["heel"]) == (int(bool(told)), not told)
    assert all(one["bericht"].endswith((".", "…")) for one in found["verschillen"])


@pytest.mark.skipif(os.name == "nt", reason="links take rights there, and there are no pipes with a name")
def test_links_and_pipes_are_told_and_not_followed(folder: Path, tmp_path: Path, capsys: Any) -> None:
    same = shutil.copy(folder / "bevindingen.json", tmp_path / "elders.json")
    link(folder / "bevindingen.json", Path(same))
    (folder / "map").symlink_to(tmp_path)
    link(folder / "manifest.json", Path(shutil.copy(folder / "manifest.json", tmp_path / "manifest.json")))
    os.mkfifo(folder / "pijp")  # reading it would never end
    code, out, _ = verify(folder, capsys)
    assert code == 1
    assert out.splitlines() == [
        "bevindingen.json: Dit is een verwijzing (link), geen bestand.",
        "manifest.json: Dit is een verwijzing (link), geen bestand.",
        "map: Dit is een verwijzing (link), geen bestand.",
        "pijp: Dit is geen bestand.",
        "diemen 2023 is niet zoals gebouwd: 4 verschillen.",
    ]


@pytest.mark.parametrize(
    "change",
    [
        lambda f: (f / "manifest.json").unlink(),
        lambda f: (f / "manifest.json").write_text("{"),
        lambda f: (f / "manifest.json").write_text("[]"),
        lambda f: (f / "manifest.json").write_bytes(b"\xff\xfe"),
        lambda f: (f / "manifest.json").write_text("[" * 100_000),
        lambda f: edit(f, uitvoer=None),
        lambda f: edit(f, uitvoer={"index.html": 1}),
        lambda f: edit(f, uitvoer={"../../etc/passwd": "0" * 64}),
        lambda f: edit(f, uitvoer={"/etc/passwd": "0" * 64}),
        lambda f: edit(f, jaar=True),
        lambda f: edit(f, versie="2"),
        lambda f: edit(f, versie=3),
        lambda f: shutil.rmtree(f),
    ],
)
def test_a_manifest_that_cannot_be_read_is_one_message(
    change: Callable[[Path], Any], folder: Path, capsys: Any
) -> None:
    change(folder)
    code, out, err = verify(folder, capsys)
    assert (code, out, len(err.splitlines())) == (2, "", 1)
    assert "manifest.json" in err or "is geen map" in err


@pytest.mark.parametrize(
    "name", ["", ".", "..", "a/../../b", "/a", "a//b", "./a", "a/", "C:/a", "a\\..\\b", "a\0", "manifest.json", "a\n"]
)
def test_no_name_in_a_manifest_leads_out_of_the_folder(name: str) -> None:
    assert not is_inside(name)
    assert is_inside("cijfers/overhead.csv")


def test_a_manifest_of_the_first_version_is_still_read(small: Small, folder: Path, capsys: Any) -> None:
    edit(folder, versie=1, pdf=None, hoofdstukken=None, programma=None, engine=None, uitgevoerd=None, kenmerk=None)
    code, out, _ = verify(folder, capsys)
    assert code == 0
    assert "versie 1" in out
    target = folder.parent / "output" / "diemen" / "2023"
    shutil.copytree(folder, target)
    assert [edition["naam"] for edition in find_editions(folder.parent / "output")] == ["Gemeente Diemen"]
    assert read_published(target, "oud").jaar == read_published(small.output, "nieuw").jaar == 2023


def test_a_rebuild_from_the_same_files_gives_the_same_and_from_others_names_the_cause(
    small: Small, folder: Path, tmp_path: Path
) -> None:
    call = (str(folder), f"--data={small.root / 'data'}", "-q")
    code, out, err = small.build(*call, command="verify")
    assert (code, err) == (0, "")
    assert "Opnieuw bouwen geeft precies dezelfde bestanden." in out
    shutil.copytree(small.root / "data", tmp_path / "data")
    bron = tmp_path / "data" / "diemen" / "2023" / "bron.yaml"
    bron.write_text(bron.read_text(encoding="utf-8").replace("Jaarstukken", "Jaarrekening"), encoding="utf-8")
    args = (str(folder), f"--data={tmp_path / 'data'}", "-p", "grens_bedrag", "7", "--json", "-q")
    code, out, _ = small.build(*args, command="verify")
    found = json.loads(out)
    assert (code, found["heel"], found["herbouwd"]) == (1, False, True)
    assert found["oorzaken"] == [
        "Het invoerbestand diemen/2023/bron.yaml is anders.",
        "De parameter grens_bedrag is anders: 7 in plaats van 100.",
    ]
    named = {one["bestand"] for one in found["verschillen"]}
    assert {"index.html", "notebooks/1-kort.ipynb", "cijfers/datapackage.json", "manifest.json"} <= named
    assert "cijfers/overhead.csv" not in named
    (bron.parent / "overhead.csv").unlink()
    code, out, err = small.build(*args, command="verify")
    assert (code, out) == (2, "")
    assert "Opnieuw bouwen van deze uitgave lukt niet." in err


def test_the_mark_is_made_of_everything_but_what_came_out(folder: Path) -> None:
    manifest = json.loads((folder / "manifest.json").read_text(encoding="utf-8"))
    turned = dict(reversed(list(manifest.items())))
    assert kenmerk_of(turned) == manifest["kenmerk"]
    for key in manifest.keys() - set(UNBOUND):
        assert kenmerk_of({**manifest, key: "anders"}) != manifest["kenmerk"], key
    for key in UNBOUND:
        assert kenmerk_of({**manifest, key: "anders"}) == manifest["kenmerk"]


def test_a_page_by_hand_needs_no_mark(small: Small) -> None:
    import nbformat

    from bedrijfsvoering.exporter import BedrijfsvoeringExporter

    notebook = nbformat.read(small.output / "notebooks" / "1-kort.ipynb", as_version=4)
    html, _ = BedrijfsvoeringExporter().from_notebook_node(notebook)
    assert "Kort" in html
    assert "enmerk" not in html
