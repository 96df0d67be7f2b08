"""The manifest and its schema: real manifests are valid, and every key is in the docs."""

import json
import re
from pathlib import Path
from typing import Any

import jsonschema
import pytest
from conftest import ROOT

from bedrijfsvoering.publishing.manifest import PACKAGES, program_checksum, versions

DOCS = ROOT / "docs"


@pytest.fixture(scope="module")
def schema() -> dict[str, Any]:
    return dict(json.loads((DOCS / "manifest.schema.json").read_text(encoding="utf-8")))


@pytest.fixture(scope="module")
def manifest(built: Path) -> dict[str, Any]:
    return dict(json.loads((built / "manifest.json").read_text(encoding="utf-8")))


def test_a_real_manifest_is_valid(schema: dict[str, Any], manifest: dict[str, Any]) -> None:
    jsonschema.Draft202012Validator.check_schema(schema)
    jsonschema.Draft202012Validator(schema).validate(manifest)
    for key in schema["required"]:
        without = {name: value for name, value in manifest.items() if name != key}
        assert list(jsonschema.Draft202012Validator(schema).iter_errors(without)), key
    for broken in ({"versie": 3}, {"kenmerk": "x"}, {"uitvoer": {"../a": "0" * 64}}, {"meer": 1}):
        assert list(jsonschema.Draft202012Validator(schema).iter_errors({**manifest, **broken})), broken


def test_every_key_is_in_the_docs(schema: dict[str, Any], manifest: dict[str, Any]) -> None:
    assert set(schema["properties"]) == set(manifest) == set(schema["required"])
    documented = set(re.findall(r"^\| `(\w+)`", (DOCS / "manifest.md").read_text(encoding="utf-8"), re.MULTILINE))
    assert documented == set(manifest)


def test_the_manifest_binds_what_an_edition_is_made_of(manifest: dict[str, Any]) -> None:
    assert next(iter(manifest["hoofdstukken"])) == "0-samenvatting.ipynb"
    assert set(manifest["versies"]) == {"python", "zlib", *PACKAGES}
    assert "onbekend" not in versions().values()
    assert manifest["programma"] == program_checksum(ROOT / "src" / "bedrijfsvoering")
    assert (manifest["versie"], manifest["pdf"], manifest["engine"] in ("fork", "kernel")) == (2, False, True)


def test_one_byte_in_any_file_of_the_program_is_noticed_and_caches_are_not(tmp_path: Path) -> None:
    names = ["a.py", "templates/x.j2", "templates/x.css", "templates/x.js", "stories/x.md", "new_year/start/x.csv"]
    for name in names:
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_text("een")
    seen = {program_checksum(tmp_path)}
    for name in names:
        (tmp_path / name).write_text("twee")
        seen.add(program_checksum(tmp_path))
    (tmp_path / "b.py").write_text("")
    seen.add(program_checksum(tmp_path))
    assert len(seen) == len(names) + 2
    for name in ("__pycache__/a.pyc", ".a.py.swp", "a.py~"):
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).write_text("x")
    assert program_checksum(tmp_path) in seen
