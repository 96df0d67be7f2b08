"""One build, read as a table of contents: prove the figures and the story, run the chapters, publish the page."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from contextlib import nullcontext
from dataclasses import dataclass
from datetime import date
from itertools import chain
from pathlib import Path
from typing import TYPE_CHECKING, Any

from .errors import DataError, ParamsError, ProvenWrong, StoryError
from .findings import Finding
from .inputs import DATA_VARIABLE, IV3_VARIABLE, NOTEBOOKS_VARIABLE, find_data, find_iv3, notebooks_folder
from .paper import NAME as PDF
from .paper import need_browser, print_pdf
from .params import Params, load_params
from .publishing.disk import disk_told
from .publishing.index_file import is_listed, prepared_index, write_index
from .publishing.manifest import describe, ingredients, named_inputs, write_manifest
from .publishing.staging import claimed, staged
from .publishing.unchanged import is_quiet, is_unchanged
from .running.preload import preload
from .running.processes import SECONDS, choose_engine, core_count

if TYPE_CHECKING:
    from .explanations import Limits
    from .figures import Figures
    from .running.drawer import Drawings

Say = Callable[[str], None]
"""Takes one line about how far the work is."""


@dataclass(frozen=True)
class Built:
    """The page of a build, and whether it was made now; where nothing had changed, it stood there already."""

    page: Path
    changed: bool


@dataclass(frozen=True)
class Edition:
    """One edition to build: its parameters, where its files are, and where it comes."""

    parameters: Params
    data: Path
    iv3: Path | None
    notebooks: Path
    output: Path
    pdf: bool
    engine: str
    seconds: int
    at_once: int

    @property
    def name(self) -> str:
        """What it is called in a message."""
        return f"{self.parameters.gemeente} {self.parameters.jaar}"

    @property
    def target(self) -> Path:
        """The folder that is published."""
        return self.output / self.parameters.gemeente / str(self.parameters.jaar)

    @property
    def given(self) -> dict[str, Any]:
        """The parameters that chapters get; the folders that were proven reach them without a path in a notebook."""
        return self.parameters.model_dump(exclude={"data_dir", "iv3_dir"})

    @property
    def folders(self) -> dict[str, str]:
        """The environment by which chapters are told the folders that were proven."""
        return {DATA_VARIABLE: str(self.data.resolve()), IV3_VARIABLE: str(self.iv3.resolve()) if self.iv3 else "",
                NOTEBOOKS_VARIABLE: str(self.notebooks.resolve())}  # fmt: skip

    def made_of(self) -> dict[str, Any]:
        """Return everything that this edition is made of, as it stands on disk now."""
        folder = self.data / self.parameters.gemeente / str(self.parameters.jaar)
        return ingredients(self.given, folder, self.data, self.iv3, self.notebooks, self.pdf)

    def is_unchanged(self) -> bool:
        """Return whether the published folder is whole, and what a build would make again."""
        try:
            return is_unchanged(self.target, self.made_of())
        except OSError:  # a file that cannot be read: the reader tells of it
            return False


def prove_edition(
    gemeente: str,
    jaar: int,
    data: Path,
    limits: Limits | None = None,
    iv3: Path | None = None,
    notebooks: Path | None = None,
) -> Figures:
    """Read and check an edition, and see that its stories can be told from its figures.

    Raises
    ------
    DataError, StoryError
        A file cannot be read, or a story names what is not there.
    """
    from .edition import read_edition
    from .explanations import explanations_of
    from .story import DEFAULTS, load_story, own_stories

    figures = read_edition(data, gemeente, jaar, limits, iv3, notebooks)
    problems: list[Finding] = []
    for name in sorted({*own_stories(figures), *(path.stem for path in DEFAULTS.glob("*.md"))}):
        try:
            load_story(figures, name)
        except StoryError as exc:
            problems.extend(exc.problems)
    if not problems:
        explanations_of(figures)
    if problems:
        raise StoryError([*figures.fouten, *problems])  # a sentence that cannot be read hides no figure that is wrong
    return figures


def build_edition(
    gemeente: str,
    jaar: int,
    *,
    data: Path | None,
    params: Path,
    output: Path,
    overrides: Mapping[str, Any],
    say: Say,
    notebooks: Path | None = None,
    pdf: bool = False,
    force: bool = False,
    index: bool = True,
    engine: str | None = None,
    seconds: int = SECONDS,
    at_once: int | None = None,
) -> Built:
    """Build and publish one edition, as a PDF too where it is asked for; where nothing changed, leave what is there.

    Parameters
    ----------
    notebooks
        The folder with the chapters, where it is not the project's own.
    force
        Whether to build also where nothing changed.
    index
        Whether to write the list of all editions as well.
    engine
        How the chapters are run: `fork` or `kernel`; as the system can where it is not said.
    seconds
        How long one cell of a chapter may take.
    at_once
        So many chapters run side by side; where it is not said, one less than there are cores: that one draws.

    Raises
    ------
    ParamsError, DataError, StoryError, ChapterError, BrowserError
        The input is not understood, a chapter cannot be run, or nothing can print. Nothing is published.
    ProvenWrong
        The figures contradict themselves. Nothing is published.
    BedrijfsvoeringError
        The disk is full or cannot be written, or another build of this edition goes on. Nothing is published.
    """
    if pdf:
        need_browser()
    parameters = edition_params(gemeente, jaar, params, overrides)
    data, iv3 = data or find_data(parameters.data_dir), find_iv3(parameters.iv3_dir)
    chapters = notebooks.resolve() if notebooks else notebooks_folder()
    edition = Edition(parameters, data, iv3, chapters, output.resolve(), pdf, choose_engine(engine), seconds,
                      at_once or max(1, core_count() - 1))  # fmt: skip
    same = Built(edition.target / "index.html", changed=False)
    listed = not index or is_listed(edition.output, edition.target)
    if not force and listed and is_quiet(edition.target) and edition.is_unchanged():
        return same
    with claimed(edition.target, f"een andere bouw van {edition.name}", say), disk_told(edition.target):
        if force or not edition.is_unchanged():
            _publish(edition, say, index, force)
            return Built(same.page, changed=True)
        if index:  # another build made this very edition, or was stopped before it wrote the list
            write_index(edition.output)
        return same


def _publish(edition: Edition, say: Say, index: bool, force: bool) -> None:
    """Prove an edition, run its chapters and put it in its place; its lock is held."""
    from .running.drawer import drawing

    with drawing(edition.engine) as drawer:  # it starts while we read
        say(f"{edition.name}: cijfers lezen en narekenen")
        preload()
        from .running.chapters import find_chapters, worked_in
        from .running.dependence import chapter_marks, kept_chapters

        figures = prove_parameters(edition)
        made_of = edition.made_of() | {"invoer": named_inputs(figures.inputs)}
        paths = find_chapters(edition.notebooks)
        if worked := worked_in(paths):
            say(f"Let op: in {', '.join(worked)} is gewerkt en bewaard. Wat daarin is veranderd, komt op de pagina.")
        marks = chapter_marks(paths, figures, made_of)
        kept = {} if force else kept_chapters(edition.target, marks)
        listing = prepared_index(edition.output, edition.target, say=say) if index else nullcontext(lambda stage: None)
        with listing as list_edition, staged(edition.target) as stage:
            executed = run_chapters(edition, paths, stage / "notebooks", kept, drawer, say)
            say(f"{edition.name}: pagina maken")
            if edition.made_of() != made_of:
                bericht = "De bestanden zijn tijdens het bouwen gewijzigd. Bouw opnieuw."
                name = f"{figures.gemeente}/{figures.jaar}"
                raise DataError([Finding(code="INVOER_GEWIJZIGD", ernst="fout", bericht=bericht, bestand=name)])
            manifest = describe(figures, made_of, edition.engine)
            write_page(executed, stage, figures, edition, manifest["kenmerk"], drawer)
            write_manifest({**manifest, "uitgevoerd": marks}, stage)
            list_edition(stage)


def prove_parameters(edition: Edition) -> Figures:
    """Return the figures of an edition; what contradicts itself is not published."""
    from .explanations import Limits

    parameters = edition.parameters
    limits = Limits.of(parameters.model_dump())
    figures = prove_edition(
        parameters.gemeente, parameters.jaar, edition.data, limits, edition.iv3, edition.notebooks
    )  # fmt: skip
    if figures.fouten:
        raise ProvenWrong(figures.fouten)
    return figures


def run_chapters(
    edition: Edition, paths: list[Path], output: Path, kept: Mapping[str, Path], drawer: Drawings, say: Say
) -> dict[str, Any]:
    """Return every chapter as executed, in their order; what they show is being drawn meanwhile.

    A chapter of the published edition that would come out the same (`kept`) is not run again.
    """
    from .running.side_by_side import execute_chapters, keep_chapters

    output.mkdir()
    others = [path for path in paths if path.stem not in kept]
    ran = execute_chapters(
        others, output, edition.given, edition.folders, edition.engine, edition.seconds, edition.at_once,
        lambda name: say(f"{edition.name}: hoofdstuk {name}"),
    )  # fmt: skip
    executed = {}
    for name, nb in chain(keep_chapters(kept, output), ran):
        from .exporter import drawings_in  # only now, for the chapters run already

        executed[name] = nb
        for spec, rijen in drawings_in(nb):
            drawer.begin(spec, rijen)
    return {path.stem: executed[path.stem] for path in paths}


def edition_params(gemeente: str, jaar: int, params: Path, overrides: Mapping[str, Any]) -> Params:
    """Return the parameters of an edition; a file that speaks of another edition is refused."""
    parameters = load_params(params / gemeente / f"{jaar}.yaml", overrides)
    if (parameters.gemeente, parameters.jaar) != (gemeente, jaar):
        bericht = (
            f"De parameters zijn van {parameters.gemeente} {parameters.jaar}, maar gevraagd is {gemeente} {jaar}. "
            "Pas gemeente en jaar in het bestand aan."
        )
        bestand = f"{gemeente}/{jaar}.yaml"
        raise ParamsError([Finding(code="PARAMETER_ONJUIST", ernst="fout", bericht=bericht, bestand=bestand)])
    return parameters


def write_page(
    executed: Mapping[str, Any], stage: Path, figures: Figures, edition: Edition, kenmerk: str, drawer: Drawings
) -> None:
    """Write the figures, the one page made of the executed chapters, and that page as a PDF where it is asked for."""
    from .exporter import BedrijfsvoeringExporter, merge_chapters
    from .publishing.open_data import write_cijfers, write_findings

    titles = write_cijfers(figures, stage / "cijfers", edition.parameters.vergelijk_met)
    write_findings(figures, stage)
    downloads = [
        ("cijfers/cijfers.xlsx", "alles in één werkmap (Excel)"),
        *((f"cijfers/{naam}.csv", f"{titel} (CSV)") for naam, titel in titles.items()),
        ("bevindingen.json", "alle bevindingen (JSON)"),
        *([(PDF, "deze pagina (PDF)")] if edition.pdf else []),
    ]
    resources = {"downloads": downloads, "kenmerk": kenmerk, "draw": drawer.draw}
    html, _ = BedrijfsvoeringExporter().from_notebook_node(merge_chapters(executed), resources)
    (stage / "index.html").write_text(html, encoding="utf-8", newline="\n")
    if edition.pdf:
        published = figures.source.publicatiedatum or date(figures.jaar, 12, 31)
        print_pdf(stage / "index.html", stage / PDF, f"{published:%Y%m%d}")
