"""The handbook is followed: each command on its pages is run, each example read, and what it says one sees is seen."""

from __future__ import annotations

import re
import shlex
import shutil
from collections.abc import Callable
from pathlib import Path

import click
import pytest
from browser import find_browser
from conftest import LONG, ROOT
from filled import fill_csv, fill_deliveries, fill_workbook, invented, mark_invented
from handbook import DOCS, KINDS, Reader, pages, read_blocks
from pypdf import PdfReader

from bedrijfsvoering.build import prove_edition
from bedrijfsvoering.cli import main, run_command

EXEMPT = {
    "installeren-windows": "needs Windows and a network",
    "installeren-unix": "needs a network; the same commands as `make report`, which a test holds",
    "installeren-wheel": "needs a network; tests/test_wheel.py installs the wheel and begins an edition",
    "make": "the two commands of the README: the second is what runs this test",
    "lab": "opens JupyterLab and stays; tests/test_lab.py starts one",
    "dask-scheduler": "needs more machines; tests/test_batch.py does it on one",
    "dask-ssh": "needs more machines",
    "dask-sshcluster": "needs more machines",
    "dask-kubernetes": "needs a cluster",
    "dask-jobqueue": "needs a cluster",
}
"""Every block that is not run here, and why."""


def change(name: str, old: str, new: str) -> Callable[[Path], None]:
    """Return the step of a person who changes a text that must be there in a file of the project."""

    def step(root: Path) -> None:
        path = root / name
        text = path.read_text(encoding="utf-8")
        assert old in text, f"{old!r} not in {name}"
        path.write_text(text.replace(old, new), encoding="utf-8")

    return step


def fill(root: Path) -> None:
    """Type the figures of a new year, in whichever form it was laid out."""
    folder = root / "data" / "diemen" / "2024"
    amounts = {naam: invented(root / "data", "diemen", 2023, naam) for naam in ("overhead", "salarissen")}
    if (folder / "cijfers.xlsx").exists():
        fill_workbook(folder / "cijfers.xlsx", amounts)
    else:
        for naam, table in amounts.items():
            fill_csv(folder / f"{naam}.csv", table)
    fill_deliveries(folder, 2023)
    mark_invented(folder, 2024)


def forget(root: Path) -> None:
    """Begin the new year once more, as if it was never laid out."""
    shutil.rmtree(root / "data" / "diemen" / "2024")
    (root / "params" / "diemen" / "2024.yaml").unlink()


def build(root: Path) -> None:
    assert run_command(["build", "diemen", "2023", "-q"]) == 0


def edit_page(root: Path) -> None:
    restore(root)
    build(root)
    change("output/diemen/2023/index.html", "Overhead is alles", "Overhead is veel")(root)


def restore(root: Path) -> None:
    """Put the figures of the project back."""
    shutil.rmtree(root / "data")
    shutil.copytree(ROOT / "data", root / "data")


def keep(root: Path) -> None:
    """Keep a built edition, and build it again with one figure that is another."""
    build(root)
    shutil.copytree(root / "output" / "diemen" / "2023", root / "bewaard" / "diemen" / "2023")
    change("data/diemen/2023/overhead.csv", "-7.442;218", "-7.443;217")(root)
    build(root)


def three_editions(root: Path) -> None:
    """Have three editions: one that is built already, one that can be, and one with an error."""
    for gemeente in ("dorp", "stad"):
        shutil.copytree(root / "data" / "diemen", root / "data" / gemeente)
        shutil.copytree(root / "params" / "diemen", root / "params" / gemeente)
        change(f"params/{gemeente}/2023.yaml", "gemeente: diemen", f"gemeente: {gemeente}")(root)
    change("data/dorp/2023/overhead.csv", "-14.393;380", "-14.493;380")(root)


def laid_out(root: Path) -> None:
    assert run_command(["new", "diemen", "2024", "--from", "2023", "-q"]) == 0
    fill(root)


STEPS: dict[str, Callable[[Path], None]] = {
    "bedragen ingevuld": fill,
    "opnieuw begonnen": forget,
    "jaar klaargezet en ingevuld": laid_out,
    "duo-plus verkeerd": change("data/diemen/2023/overhead.csv", "-7.442;218", "-7.242;218"),
    "duo-plus hersteld": change("data/diemen/2023/overhead.csv", "-7.242;218", "-7.442;218"),
    "salarissen andersom": change(
        "data/diemen/2023/bron.yaml", "budgetresultaat: begroting - rekening", "budgetresultaat: rekening - begroting"
    ),
    "totaal verkeerd gedrukt": change("data/diemen/2023/overhead.csv", "-14.393;380", "-14.493;380"),
    "pagina bewerkt": edit_page,
    "pagina gebouwd": build,
    "uitgave bewaard": keep,
    "eigen hoofdstukken": lambda root: shutil.copytree(root / "notebooks", root / "mijn-hoofdstukken") and None,
    "drie uitgaven": three_editions,
}
"""What a person does between two blocks, by the name that the page's comment gives it."""


@pytest.fixture
def reader(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Reader:
    """Someone in a project of their own, with a browser for a PDF."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("BEDRIJFSVOERING_BROWSER", str(find_browser()))
    return Reader.with_project(tmp_path, STEPS)


ELSEWHERE = (
    "adding.md",
    "nieuw-jaar.md",
    *(() if LONG else ("batch.md", "manifest.md", "publiceren.md", "verkennen.md")),
)
"""`adding.md` changes the program itself; `test_adding.py` follows it in a copy of the whole project. What the pages
about batches and publishing do is done by tests of their own; the pages are followed with `make test-long`."""
FOLLOWED = [path for path in pages() if read_blocks(path) and path.name not in ELSEWHERE]


@pytest.mark.long
@pytest.mark.parametrize("path", FOLLOWED, ids=[path.stem for path in FOLLOWED])
def test_what_a_page_says_is_done_is_done_and_what_it_says_is_seen_is_seen(path: Path, reader: Reader) -> None:
    for block in read_blocks(path):
        reader.follow(block)


def test_every_block_has_a_kind_and_what_is_not_run_is_named() -> None:
    blocks = [block for path in pages() for block in read_blocks(path)]
    assert [block.place for block in blocks if block.kind not in KINDS] == []
    assert {block.untested for block in blocks if block.untested} == EXEMPT.keys()
    assert [block.place for block in blocks if block.kind == "bat" and not block.untested] == []
    seen = {block.kind for block in blocks}
    assert {"sh", "text", "yaml", "csv", "python"} <= seen  # the pages were read at all


def test_every_step_that_a_person_does_is_on_a_page() -> None:
    assert {step for path in pages() for block in read_blocks(path) for step in block.steps} == STEPS.keys()


def inline_commands() -> list[tuple[str, str]]:
    """Return every command that stands in a sentence or in a cell of a table."""
    found = []
    for path in pages():
        text = re.sub(r"^ *```.*?^ *```$", "", path.read_text(encoding="utf-8"), flags=re.MULTILINE | re.DOTALL)
        found += [(path.name, " ".join(one.split())) for one in re.findall(r"`(bedrijfsvoering [^`]+)`", text)]
    return found


@pytest.mark.parametrize(("page", "command"), inline_commands())
def test_a_command_in_a_sentence_is_one_that_the_program_understands(page: str, command: str) -> None:
    _, name, *args = shlex.split(command.replace("…", "diemen 2023"))
    args = [{"JAAR": "2023", "GEMEENTE": "diemen", "MAP": "map"}.get(arg, arg) for arg in args]
    if name.startswith("--"):
        assert name == "--version"
        return
    one = main.commands[name]
    if args:  # without any it is spoken of, and not typed
        with click.Context(one, resilient_parsing=False) as context:
            one.parse_args(context, args)


def test_what_a_sentence_can_refer_to_is_what_a_story_can(reader: Reader) -> None:
    """Every reference in the running text is filled in, in a story of an edition."""
    found = []
    for path in sorted(DOCS.glob("*.md")):
        for code in re.findall(r"`([^`\n]*)`", path.read_text(encoding="utf-8")):
            code = code.replace("\\|", "|")
            if "{{" in code and "}}" in code:
                found.append(code)
            elif re.match(r"(iv3|mediaan|plaats|aandeel|verschil|groei)\([^…]+\)", code):
                found.append(f"{{{{ {code} }}}}")
    assert len(found) > 20
    story = reader.root / "data" / "diemen" / "2023" / "toelichting" / "4-samenwerking.md"
    story.write_text("# Proef\n\n" + "\n\n".join(found), encoding="utf-8")
    prove_edition("diemen", 2023, reader.root / "data")


def test_the_new_year_page_leads_to_a_published_page_and_its_pdf(reader: Reader) -> None:
    folder, seen = reader.root / "output" / "diemen" / "2024", False
    for block in read_blocks(DOCS / "nieuw-jaar.md"):
        if "--excel" in block.text:  # the way by CSV has come to its end
            see_the_new_year(folder)
            seen = True
        reader.follow(block)
    assert seen
    assert (reader.root / "data" / "diemen" / "2024" / "cijfers.xlsx").exists()
    assert (reader.root / "data" / "ouder-amstel" / "2024" / "bron.yaml").exists()


def see_the_new_year(folder: Path) -> None:
    """See the page, its PDF and the list of editions."""
    assert "Jaarstukken 2024 (verzonnen)" in (folder / "index.html").read_text(encoding="utf-8")
    told = "".join(sheet.extract_text() for sheet in PdfReader(folder / "paragraaf-bedrijfsvoering.pdf").pages)
    assert "2024 (verzonnen)" in " ".join(told.split())
    assert (folder.parent.parent / "index.html").exists()


def test_installing_by_hand_is_what_make_does() -> None:
    makefile = (ROOT / "Makefile").read_text(encoding="utf-8")
    recipe = re.search(r"^\.venv/\.report:.*\n((?:\t.*\n)+)", makefile, re.MULTILINE)
    assert recipe
    pips = re.findall(r"\$\(PIP\) (.*)", recipe[1])
    for name in ("installeren-windows", "installeren-unix"):
        (block,) = [one for one in read_blocks(DOCS / "eerste-keer.md") if one.untested == name]
        typed = [re.sub(r"^python -m pip install ", "", one) for one in block.commands if "pip" in one]
        assert typed == pips
        assert "-m venv .venv" in block.commands[0]
        assert "activate" in block.commands[1]
