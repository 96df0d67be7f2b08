"""One build, read as a table of contents: prove the figures and the story, run the chapters, publish the page."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import date
from pathlib import Path
from typing import Any

from .edition import find_data, find_iv3, find_project, hash_inputs, read_edition
from .errors import DataError, ParamsError, ProvenWrong, StoryError
from .explanations import Limits, explanations_of
from .figures import Figures
from .findings import Finding
from .paper import NAME as PDF
from .paper import need_browser, print_pdf
from .params import Params, load_params

Say = Callable[[str], None]
"""Takes one line about how far the work is."""


def prove_edition(
    gemeente: str, jaar: int, data: Path, limits: Limits | None = None, iv3: Path | None = None
) -> Figures:
    """Read and check an edition, and see that its stories can be told from its figures.

    Raises
    ------
    DataError, StoryError
        A file cannot be read, or a story names what is not there.
    """
    from .story import DEFAULTS, load_story, own_stories

    figures = read_edition(data, gemeente, jaar, limits, iv3)
    problems: list[Finding] = []
    for name in sorted({*own_stories(figures), *(path.stem for path in DEFAULTS.glob("*.md"))}):
        try:
            load_story(figures, name)
        except StoryError as exc:
            problems.extend(exc.problems)
    if not problems:
        explanations_of(figures)
    if problems:
        raise StoryError(problems)
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
    pdf: bool = False,
    index: bool = True,
) -> Path:
    """Build and publish one edition, as a PDF too where it is asked for; return the page.

    Without `index` the list of all editions stays as it is: a batch writes it once.

    Raises
    ------
    ParamsError, DataError, StoryError, ChapterError, BrowserError
        The input is not understood, a chapter cannot be run, or nothing can print. Nothing is published.
    ProvenWrong
        The figures contradict themselves. Nothing is published.
    """
    from .chapters import find_chapters, run_chapter
    from .editions import render_index
    from .publish import staged, write_cijfers, write_findings, write_index, write_manifest

    if pdf:
        need_browser()
    parameters = edition_params(gemeente, jaar, params, overrides)
    say(f"{gemeente} {jaar}: cijfers lezen en narekenen")
    data = data or find_data(parameters.data_dir)
    iv3 = find_iv3(parameters.iv3_dir)
    figures = prove_edition(gemeente, jaar, data, Limits.of(parameters.model_dump()), iv3)
    if figures.fouten:
        raise ProvenWrong(figures.fouten)
    # the kernels get the very folders that were proven, and not by a path in a notebook
    given = parameters.model_dump(exclude={"data_dir", "iv3_dir"})
    target = output / gemeente / str(jaar)
    with staged(target) as stage:
        executed = {}
        (stage / "notebooks").mkdir()
        for path in find_chapters(notebooks_folder()):
            say(f"{gemeente} {jaar}: hoofdstuk {path.stem}")
            executed[path.stem] = run_chapter(path, stage / "notebooks" / path.name, given, data, iv3)
        say(f"{gemeente} {jaar}: pagina maken")
        if hash_inputs(figures.folder, data, iv3) != figures.inputs:
            bericht = "De bestanden zijn tijdens het bouwen gewijzigd. Bouw opnieuw."
            name = f"{gemeente}/{jaar}"
            raise DataError([Finding(code="INVOER_GEWIJZIGD", ernst="fout", bericht=bericht, bestand=name)])
        titles = write_cijfers(figures, stage / "cijfers", parameters.vergelijk_met)
        write_page(executed, stage, figures, titles, pdf)
        write_findings(figures, stage)
        write_manifest(figures, given, stage)
    if index:
        write_index(output, render_index)
    return target / "index.html"


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
    executed: Mapping[str, Any], stage: Path, figures: Figures, titles: Mapping[str, str], pdf: bool = False
) -> None:
    """Write the executed chapters, the one page made of them, and that page as a PDF where it is asked for."""
    import nbformat

    from .exporter import BedrijfsvoeringExporter, merge_chapters

    for name, nb in executed.items():
        nbformat.write(nb, stage / "notebooks" / f"{name}.ipynb")
    downloads = [
        ("cijfers/cijfers.xlsx", "alles in één werkmap (Excel)"),
        *((f"cijfers/{naam}.csv", f"{titel} (CSV)") for naam, titel in titles.items()),
        ("bevindingen.json", "alle bevindingen (JSON)"),
        *([(PDF, "deze pagina (PDF)")] if pdf else []),
    ]
    html, _ = BedrijfsvoeringExporter().from_notebook_node(merge_chapters(executed), {"downloads": downloads})
    (stage / "index.html").write_text(html, encoding="utf-8", newline="\n")
    if pdf:
        published = figures.source.publicatiedatum or date(figures.jaar, 12, 31)
        print_pdf(stage / "index.html", stage / PDF, f"{published:%Y%m%d}")


def notebooks_folder() -> Path:
    """Return the folder with the chapters."""
    own = find_project() / "notebooks"
    return own if own.is_dir() else find_project(Path(__file__).parent) / "notebooks"
