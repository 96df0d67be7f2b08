"""The papers of the house: licence, citation, catalogue, changelog agree with the project and with each other."""

from __future__ import annotations

import re
import tomllib
from hashlib import sha256
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest
import yaml
from conftest import ROOT
from papers import cff_problems, publiccode_problems

from bedrijfsvoering import paper, reader, story, workbook, yamlfile
from bedrijfsvoering.cli import main

EUPL = "57fb42fbcd0b037ce528ed8f72f1ec095d67bc6825ecf1448ff39be1fe68a4b4"
"""The checksum of the English text as SPDX has it; the copy that gemeente Utrecht publishes has the same words."""
KINDS = {"Added", "Changed", "Deprecated", "Removed", "Fixed", "Security", "Cijfers"}
RELEASE = re.compile(r"\[(\d+\.\d+\.\d+)\] - (\d{4}-\d\d-\d\d)")
PAPERS = ("README.md", "CONTRIBUTING.md", "SECURITY.md", "CHANGELOG.md", "data/README.md")


def read(name: str) -> str:
    return (ROOT / name).read_text(encoding="utf-8")


def load(name: str) -> dict[str, Any]:
    """Return a YAML file with its dates as text, as the standards mean them."""
    found: dict[str, Any] = yaml.load(read(name), yaml.BaseLoader if name == "CITATION.cff" else yaml.SafeLoader)
    return found


PROJECT = tomllib.loads(read("pyproject.toml"))["project"]
CITATION, PUBLICCODE = load("CITATION.cff"), load("publiccode.yml")


def releases() -> list[tuple[str, str]]:
    """Return the versions that the changelog names, newest first, each with its date."""
    return RELEASE.findall("\n".join(re.findall(r"^## (.*)$", read("CHANGELOG.md"), re.MULTILINE)))


def test_the_licence_is_the_official_text_in_full() -> None:
    text = read("LICENSE")
    assert sha256(text.encode()).hexdigest() == EUPL
    assert re.findall(r"^(\d+)\.[A-Z]", text, re.MULTILINE) == [str(number) for number in range(1, 16)]


def test_name_version_and_licence_are_the_same_everywhere() -> None:
    assert CITATION["license"] == PUBLICCODE["legal"]["license"] == PROJECT["license"] == "EUPL-1.2"
    assert CITATION["version"] == PUBLICCODE["softwareVersion"] == PROJECT["version"]
    assert PUBLICCODE["name"] == PROJECT["name"]
    assert CITATION["title"].startswith(f"{PROJECT['name']}: ")
    for name in ("README.md", "CONTRIBUTING.md", "data/README.md"):
        assert re.search(r"\[EUPL 1\.2\]\((\.\./)?LICENSE\)", read(name)), name


def test_a_release_is_dated_the_same_everywhere_and_until_then_nowhere() -> None:
    newest = releases()[:1]
    assert [version for version, _ in newest] in ([], [PROJECT["version"]])
    dates = [date for _, date in newest]
    assert [CITATION[key] for key in ("date-released",) if key in CITATION] == dates
    assert [PUBLICCODE[key] for key in ("releaseDate",) if key in PUBLICCODE] == dates


def test_the_address_of_the_code_is_one_or_plainly_not_filled_in() -> None:
    address = PROJECT.get("urls", {}).get("Repository")
    assert CITATION.get("repository-code") == address
    assert PUBLICCODE["url"] == (address or "https://example.org/bedrijfsvoering.git")


def test_the_oldest_python_is_the_same_everywhere() -> None:
    version = re.fullmatch(r">=(3\.\d+)", PROJECT["requires-python"])[1]  # type: ignore[index]
    (python,) = [one for one in PUBLICCODE["dependsOn"]["open"] if one["name"] == "Python"]
    assert python["versionMin"] == version
    assert f"- python>={version}\n" in read("environment.yml")
    for name in ("README.md", "CONTRIBUTING.md"):
        assert f"Python {version} or newer" in read(name)
    makefile = read("Makefile")
    assert f"sys.version_info < ({version.replace('.', ', ')})" in makefile
    assert f"Python {version} of nieuwer" in makefile
    tools = tomllib.loads(read("pyproject.toml"))["tool"]
    assert tools["ruff"]["target-version"] == f"py{version.replace('.', '')}"
    assert tools["mypy"]["python_version"] == version
    assert f'"--python-version", "{version}"' in read("tests/pins.py")


def test_the_citation_is_as_its_standard_asks() -> None:
    assert cff_problems(CITATION) == []


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"authors": []}, "non-empty"),
        ({"authors": [{"nam": "x"}]}, "not valid"),
        ({"cff-version": "1.1.0"}, "'1.2.0' was expected"),
        ({"date-released": "1 mei 2026"}, "does not match"),
        ({"licence": "EUPL-1.2"}, "'licence' was unexpected"),
        ({"repository-code": "example.org"}, "does not match"),
        ({"title": ""}, ""),
    ],
)
def test_a_wrong_citation_is_seen(change: dict[str, Any], said: str) -> None:
    (problem,) = cff_problems({**CITATION, **change})
    assert said in problem


def test_the_description_for_catalogues_is_as_its_standard_asks() -> None:
    assert publiccode_problems(PUBLICCODE, ROOT) == []
    assert {"nl", "en"} == PUBLICCODE["description"].keys()
    told = PUBLICCODE["description"].values()
    assert len({len(one["features"]) for one in told}) == 1  # the same in both languages


@pytest.mark.parametrize(
    ("path", "value", "said"),
    [
        ("url", None, "url is mandatory"),
        ("url", "github", "url is no address"),
        ("publiccodeYmlVersion", "1", "no version"),
        ("developmentStatus", "klaar", "developmentStatus is none of"),
        ("softwareType", "standalone", "softwareType is none of"),
        ("legal", {}, "legal.license is mandatory"),
        ("maintenance", {"type": "internal"}, "contacts, each with the name"),
        ("maintenance", {"type": "community", "contacts": [{"email": "x"}]}, "contacts, each with the name"),
        ("maintenance", {"type": "contract", "contractors": [{"name": "x"}]}, "contractors, each with"),
        ("localisation", {"localisationReady": "ja", "availableLanguages": ["nl"]}, "true or false"),
        ("localisation", {"localisationReady": False, "availableLanguages": ["Nederlands"]}, "no language"),
        ("categories", ["cijfers"], "categories: cijfers is not known"),
        ("intendedAudience", {"countries": ["nl"]}, "nl is no country"),
        ("softwareVersion", 0.1, "softwareVersion is text"),
        ("supports", [{"id": "BBV"}], "names no standard"),
        ("licence", "EUPL-1.2", "licence is no key"),
        ("description", {}, "description is mandatory"),
        ("description", {"nl": {}}, "nl: features are mandatory"),
        ("description", {"nl": {"shortDescription": "x" * 151}}, "at most 150"),
        ("description", {"nl": {"screenshots": ["docs/weg.png"]}}, "docs/weg.png is no picture"),
    ],
)
def test_a_wrong_description_is_seen(path: str, value: Any, said: str) -> None:
    wrong = publiccode_problems({**PUBLICCODE, path: value}, ROOT)
    assert any(said in problem for problem in wrong), wrong


def test_the_changelog_has_the_form_of_keep_a_changelog() -> None:
    text = read("CHANGELOG.md")
    assert text.startswith("# Changelog\n")
    headings = re.findall(r"^## (.*)$", text, re.MULTILINE)
    assert headings[0] == "[Unreleased]"
    assert all(RELEASE.fullmatch(heading) for heading in headings[1:])
    numbers = [tuple(map(int, version.split("."))) for version, _ in releases()]
    assert numbers == sorted(set(numbers), reverse=True)
    assert all(newer >= older for (_, newer), (_, older) in pairwise(releases()))
    for part in re.split(r"^## ", text, flags=re.MULTILINE)[1:]:
        kinds = re.findall(r"^### (.*)$", part, re.MULTILINE)
        assert len(kinds) == len(set(kinds))
        assert set(kinds) <= KINDS
        assert kinds
        for section in re.split(r"^### .*\n", part, flags=re.MULTILINE)[1:]:
            lines = section.strip().splitlines()
            assert lines[0].startswith("- ")
            assert all(line.startswith(("- ", "  ")) for line in lines), section


def test_a_changed_figure_says_of_which_edition() -> None:
    (told,) = re.findall(r"^### Cijfers\n(.*?)(?=^##|\Z)", read("CHANGELOG.md"), re.MULTILINE | re.DOTALL)
    entries = re.split(r"^- ", told, flags=re.MULTILINE)[1:]
    assert entries
    assert all(re.match(r"[A-Z][\w' -]+ [12]\d{3}: .*\d", entry) for entry in entries)
    assert "**Cijfers**" in read("CONTRIBUTING.md")


@pytest.mark.parametrize("name", PAPERS)
def test_a_paper_names_only_what_is_there(name: str) -> None:
    text, folder = read(name), (ROOT / name).parent
    for link in re.findall(r"\]\(([^)\s]+)\)", text):
        assert link.startswith("https://") or (folder / link).exists(), link
    for path in re.findall(r"`((?:docs|tests|data|notebooks|src)/[\w./-]*)`", text):
        assert (ROOT / path).exists(), path
    for target in re.findall(r"^make ([a-z-]+)|`make ([a-z-]+)", text, re.MULTILINE):
        assert re.search(rf"^{''.join(target)}:", read("Makefile"), re.MULTILINE), target
    for command in re.findall(r"`bedrijfsvoering ([a-z]+)", text):
        assert command in main.commands, command


def test_what_the_security_note_says_is_so() -> None:
    text = " ".join(read("SECURITY.md").split())
    assert f"up to {yamlfile.MAX_BYTES // 1_000_000} MB;" in text
    assert f"up to {reader.MAX_BYTES // 1_000_000} MB and {reader.MAX_ROWS:,} rows" in text
    assert f"a workbook up to {workbook.MAX_UNPACKED // 1_000_000} MB unpacked" in text
    assert issubclass(yamlfile.StrictLoader, yaml.SafeLoader)
    assert ("without its own sandbox" in text) == ("--no-sandbox" in paper.FLAGS)
    for address in ("https://a.nl", "http://a.nl", "mailto:x", "#plaats"):
        assert story.ADDRESS.match(address)
    for address in ("javascript:x", "file:///etc", "data:text/html,x", "//a.nl", "https:///x"):
        assert not story.ADDRESS.match(address)
    going_out = {path.name for path in Path(ROOT, "src").rglob("*.py") if "urlopen(" in path.read_text("utf-8")}
    assert going_out == {"fetch.py"}
    assert "@" not in text  # no address that nobody reads
