"""The house itself: pins agree, docs agree with the code, and the rooms stay small."""

import re
import subprocess
from pathlib import Path

import pytest
import yaml
from conftest import ROOT

from bedrijfsvoering.cli import main
from bedrijfsvoering.theme import EMBED

LAW = "BREAK = 2025"
"""The one year that may stand in the code: from then on another Notitie overhead applies."""
SOURCES = sorted((ROOT / "src" / "bedrijfsvoering").rglob("*.py"))
PIN = re.compile(r"^([a-z0-9][a-z0-9._-]*)==([^ ;\\\n]+)", re.MULTILINE)


def pins(name: str) -> dict[str, str]:
    return dict(PIN.findall((ROOT / name).read_text(encoding="utf-8")))


def test_conda_users_get_the_versions_of_the_pinned_requirements() -> None:
    environment = yaml.safe_load((ROOT / "environment.yml").read_text(encoding="utf-8"))
    pip = next(part["pip"] for part in environment["dependencies"] if isinstance(part, dict))
    assert pip[0] == "-c constraints.txt"
    assert "-e .[batch]" in pip
    assert "--hash" not in (ROOT / "constraints.txt").read_text()
    assert pins("requirements.txt").items() <= pins("constraints.txt").items() <= pins("requirements-dev.txt").items()
    only_batch = pins("constraints.txt").keys() - pins("requirements.txt").keys()
    assert "distributed" in only_batch  # `make report` needs no Dask


def test_every_dependency_of_the_project_is_pinned_with_a_hash_and_without_an_address() -> None:
    import tomllib

    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    named = {re.match(r"[a-z0-9-]+", text)[0] for text in project["dependencies"]}  # type: ignore[index]
    assert named <= pins("requirements.txt").keys()
    for name in ("requirements.txt", "requirements-dev.txt"):
        text = (ROOT / name).read_text(encoding="utf-8")
        assert text.count("--hash=sha256:") >= len(pins(name))
        assert "://" not in text
        assert "--index" not in text


def test_no_registry_is_named_anywhere() -> None:
    listed = subprocess.run(["git", "ls-files", "-z"], cwd=ROOT, capture_output=True, text=True, check=True).stdout
    hosts = re.compile("py" + r"pi\.org|python" + r"hosted|npm" + r"js\.org|debian" + r"\.org", re.IGNORECASE)
    for name in listed.split("\0"):
        path = ROOT / name
        if path.is_file() and path.suffix in {".py", ".md", ".txt", ".yml", ".yaml", ".toml", ".ipynb", ""}:
            assert not hosts.search(path.read_text(encoding="utf-8", errors="ignore")), name


@pytest.mark.parametrize(
    "path", SOURCES, ids=[path.relative_to(ROOT / "src" / "bedrijfsvoering").as_posix() for path in SOURCES]
)
def test_a_module_says_what_it_owns_and_stays_a_room(path: Path) -> None:
    text = path.read_text(encoding="utf-8")
    assert text.startswith('"""')
    assert len(text.splitlines()) <= 400
    code = re.sub(r'""".*?"""|#.*', "", text, flags=re.DOTALL).replace(LAW, "")
    assert re.findall(r"\b20[123]\d\b|diemen", code, re.IGNORECASE) == []


def test_the_readme_tree_and_commands_are_those_of_the_project() -> None:
    readme = (ROOT / "README.md").read_text(encoding="utf-8")
    makefile = (ROOT / "Makefile").read_text(encoding="utf-8")
    for target in re.findall(r"`?make ([a-z]+)", readme):
        assert re.search(rf"^{target}:", makefile, re.MULTILINE), target
    for folder in re.findall(r"^([a-z.]+/)  ", readme, re.MULTILINE):
        assert (ROOT / folder).is_dir(), folder
    for name in ("notebooks/", "data/", "src/", "params/", "output/", "environment.yml"):
        assert name in readme


def test_every_command_and_option_is_in_the_docs() -> None:
    docs = (ROOT / "docs" / "handleiding.md").read_text(encoding="utf-8")
    for name, command in main.commands.items():
        assert f"bedrijfsvoering {name}" in docs
        for option in command.params:
            if option.param_type_name == "option" and option.name != "help":
                assert option.opts[0] in docs, f"{name} {option.opts[0]}"


def test_every_code_that_a_finding_can_have_is_in_the_docs() -> None:
    docs = (ROOT / "docs" / "bevindingen.md").read_text(encoding="utf-8")
    pattern = re.compile(r'"((?:[A-Z][A-Z0-9]+_)+[A-Z0-9]+)"')
    codes = {code for path in SOURCES for code in pattern.findall(path.read_text(encoding="utf-8"))}
    codes -= {code for code in codes if code.startswith("BEDRIJFSVOERING_")}  # what the environment says
    codes -= {"SOURCE_DATE_EPOCH", "OPENBLAS_NUM_THREADS", "FONTCONFIG_FILE"}
    codes -= set(EMBED["i18n"])  # what the viewer of charts calls the words of its menu
    assert len(codes) > 20
    for code in codes:
        assert f"`{code}`" in docs, code
    rows = [
        [cell.strip() for cell in line.strip("|").split(" | ")] for line in docs.splitlines() if line.startswith("| `")
    ]
    assert codes == {row[0].strip("` ") for row in rows}
    for _, ernst, *told in rows:
        assert ernst in ("fout", "waarschuwing", "melding")
        assert len(told) in (3, 4)  # what it means, an example, the bound where there is one, how to mend it
        assert told[0]
        assert told[1]
        assert told[-1]
