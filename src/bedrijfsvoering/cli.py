"""The command line: each command, and who does its work."""

from __future__ import annotations

import json
import shlex
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from .console import Dutch, DutchGroup, be_ready, exit_code
from .errors import BedrijfsvoeringError, ParamsError
from .options import (
    FOLDER,
    beginning,
    build_options,
    edition_options,
    folders_of,
    overrides_of,
    say_to,
    shared_options,
    slug,
)

if TYPE_CHECKING:
    from .figures import Figures

FOLDERS = ("data", "params", "output")


@click.group(cls=DutchGroup)
@click.version_option(package_name="bedrijfsvoering", message="%(prog)s %(version)s", help="Toon de versie en stop.")
def main() -> None:
    """Maak de paragraaf bedrijfsvoering van een gemeente: van cijfers naar één gecontroleerde pagina."""


@main.command(cls=Dutch, short_help="Maak en publiceer de pagina van een jaar.")
@edition_options
@build_options
def build(gemeente: str, jaar: int, pdf: bool, force: bool, engine: str | None, seconds: int, **options: Any) -> None:
    """Controleer de cijfers, voer de hoofdstukken uit en publiceer de pagina.

    Is er niets veranderd sinds de vorige keer, dan blijft de pagina staan zoals zij is.
    """
    from .build import build_edition

    folders = folders_of(**options)
    overrides, say = overrides_of(**options), say_to(options["quiet"])
    built = build_edition(
        slug(gemeente),
        jaar,
        **folders,
        overrides=overrides,
        say=say,
        pdf=pdf,
        force=force,
        engine=engine,
        seconds=seconds,
    )
    if options["verbose"]:
        for finding in json.loads((built.page.parent / "bevindingen.json").read_text(encoding="utf-8")):
            click.echo(f"{finding['ernst']}: {finding['bericht']}", err=True)
    click.echo(f"{'Klaar' if built.changed else 'Niets veranderd'}. De pagina staat in {built.page}")


@main.command(cls=Dutch, short_help="Maak veel uitgaven in één keer.")
@click.argument("selection", nargs=-1, metavar="[SELECTIE]...")
@shared_options
@build_options
@click.option("--workers", type=click.IntRange(min=1), metavar="AANTAL", help="Aantal werkers (standaard: de kernen).")
@click.option("--scheduler", metavar="ADRES", help="Gebruik deze Dask-scheduler, zoals tcp://10.0.0.5:8786.")
@click.option("--timeout", type=click.IntRange(min=1), default=600, metavar="SECONDEN",
              help="Tijd die een uitgave mag duren (standaard 600).")  # fmt: skip
@click.option("--json", "as_json", is_flag=True, help="Geef de uitkomst als één JSON-object.")
@click.pass_context
def batch(ctx: click.Context, /, selection: tuple[str, ...], as_json: bool, **options: Any) -> None:
    """Maak en publiceer veel uitgaven; een uitgave met een fout houdt de andere niet tegen.

    Een SELECTIE is een gemeente, gemeente/jaar, een patroon zoals '*/2024', of @lijst.txt met een selectie per regel.
    Zonder SELECTIE: elke uitgave die parameters heeft.
    """
    from .batch.command import Options, run_batch

    chosen = Options(**{name: options[name] for name in Options.__dataclass_fields__})
    summary = run_batch(selection, folders_of(**options), overrides_of(**options), chosen)
    click.echo(json.dumps(summary.to_json(), ensure_ascii=False, indent=1) if as_json else summary.text())
    if summary.stopped:
        click.echo("Gestopt. Geef dezelfde opdracht nog eens om verder te gaan.", err=True)
    ctx.exit(summary.exit_code)


@main.command(cls=Dutch, short_help="Reken de cijfers van een jaar na.")
@edition_options
@click.option("--json", "as_json", is_flag=True, help="Geef de bevindingen als één JSON-lijst.")
@click.pass_context
def check(ctx: click.Context, /, gemeente: str, jaar: int, as_json: bool, **options: Any) -> None:
    """Lees de cijfers, reken ze na en toon de bevindingen; er wordt niets gepubliceerd."""
    try:
        figures = _proven(gemeente, jaar, **options)
    except BedrijfsvoeringError as exc:
        if as_json:
            click.echo(json.dumps([problem.to_json() for problem in exc.problems], ensure_ascii=False, indent=1))
        raise
    if as_json:
        click.echo(json.dumps([finding.to_json() for finding in figures.findings], ensure_ascii=False, indent=1))
    else:
        for finding in figures.findings:
            click.echo(f"{finding.ernst} {finding.code}: {finding.message()}")
    if not options["quiet"]:
        found = len(figures.findings)
        told = f"{found} bevinding{'' if found == 1 else 'en'}, waarvan {len(figures.fouten)} fout"
        counted = f"{len(figures.checks)} controles, {told}"
        click.echo(f"{gemeente} {jaar}: {counted}.", err=True)
    ctx.exit(1 if figures.fouten else 0)


@main.command(cls=Dutch, short_help="Bewijs dat een gepubliceerde map heel en ongewijzigd is.")
@click.argument("folder", type=click.Path(path_type=Path), metavar="MAP")
@click.option("--data", type=FOLDER, metavar="MAP", help="Bouw de uitgave ook opnieuw, met de cijfers in deze map.")
@click.option("--params", type=FOLDER, metavar="MAP", help="Map met de parameters (standaard params/).")
@click.option("--notebooks", type=FOLDER, metavar="MAP", help="Map met eigen hoofdstukken (standaard notebooks/).")
@click.option("-p", "pairs", nargs=2, multiple=True, metavar="NAAM WAARDE", help="Zet één parameter.")
@click.option("-y", "yamls", multiple=True, metavar="YAML", help="Zet parameters, geschreven als YAML.")
@click.option("-q", "quiet", is_flag=True, help="Toon geen voortgang.")
@click.option("--json", "as_json", is_flag=True, help="Geef wat er anders is als één JSON-object.")
@click.pass_context
def verify(ctx: click.Context, /, folder: Path, data: Path | None, as_json: bool, **options: Any) -> None:
    """Vergelijk een gepubliceerde map met haar manifest.json: wat ontbreekt, wat is erbij, wat is gewijzigd.

    Met --data wordt de uitgave ook opnieuw gebouwd, in een tijdelijke map, en bestand voor bestand vergeleken.
    """
    from .publishing.proof import prove_folder

    rebuilt = None
    if data:
        folders = folders_of(data=data, output=folder, **options)
        rebuilt = {name: folders[name] for name in ("data", "params", "notebooks")} | {
            "overrides": overrides_of(**options)
        }
    proof = prove_folder(folder, rebuilt, say_to(options["quiet"]))
    click.echo(proof.as_json() if as_json else proof.as_text())
    ctx.exit(0 if proof.heel else 1)


@main.command(cls=Dutch, short_help="Zet een nieuw jaar klaar om in te vullen.")
@edition_options
@click.option("--from", "vorig", type=int, metavar="JAAR", help="Neem dit jaar over (standaard het laatste eerdere).")
@click.option("--excel", is_flag=True, help="Zet de tabellen in één Excel-werkmap, cijfers.xlsx.")
def new(gemeente: str, jaar: int, vorig: int | None, excel: bool, **options: Any) -> None:
    """Zet de map en de parameters van een nieuw jaar klaar, met de rijen en de teksten van een eerder jaar."""
    from .new_year.new_edition import new_edition, told

    given = "".join(f" --{name} {shlex.quote(str(options[name]))}" for name in FOLDERS if options[name])
    with beginning(options["data"], options["params"]):
        folders = folders_of(**options)
        layout = new_edition(
            slug(gemeente), jaar, data=folders["data"], params=folders["params"], vorig=vorig, excel=excel,
            overrides=overrides_of(**options),
        )  # fmt: skip
    for line in told(layout, gemeente, jaar, given) if not options["quiet"] else [str(layout.folder)]:
        click.echo(line)


@main.command(cls=Dutch, short_help="Toon wat er veranderde tussen twee jaren, of tussen twee keer bouwen.")
@edition_options
@click.argument("ander_jaar", type=int, required=False, metavar="[JAAR]")
@click.option("--build", "built", type=click.Path(path_type=Path), metavar="MAP",
              help="Vergelijk met een eerder gebouwde uitgave van dit jaar, in deze map.")  # fmt: skip
@click.option("--json", "as_json", is_flag=True, help="Geef de verschillen als één JSON-object.")
@click.option("--html", "page", type=click.Path(path_type=Path), metavar="BESTAND", help="Schrijf ook een pagina.")
def diff(gemeente: str, jaar: int, ander_jaar: int | None, built: Path | None, **options: Any) -> None:
    """Toon wat er veranderde: rijen, cijfers, bevindingen, tekst en projecten.

    Geef twee jaren, of één jaar en --build. Er wordt niets gepubliceerd.
    """
    from .compare.command import difference_of_builds, difference_of_years, show

    if (ander_jaar is None) is (built is None):
        raise ParamsError("Geef twee jaren, of één jaar en --build met de map van een eerder gebouwde uitgave.")
    if built:
        found = difference_of_builds(slug(gemeente), jaar, built, folders_of(**options)["output"])
    else:
        found = difference_of_years(
            jaar, jaar if ander_jaar is None else ander_jaar, lambda year: _proven(gemeente, year, **options)
        )
    click.echo(show(found, options["as_json"], options["page"]))
    if options["page"] and not options["quiet"]:
        click.echo(f"De pagina staat in {options['page']}", err=True)


def _proven(gemeente: str, jaar: int, **options: Any) -> Figures:
    """Return an edition, read and checked; its parameters are used where they are there."""
    from .build import edition_params, prove_edition
    from .explanations import Limits
    from .inputs import find_data, find_iv3

    folders = folders_of(**options)
    data, limits, iv3 = folders["data"], None, None
    if (folders["params"] / slug(gemeente) / f"{jaar}.yaml").is_file() or options["pairs"] or options["yamls"]:
        parameters = edition_params(gemeente, jaar, folders["params"], overrides_of(**options))
        data, limits = data or find_data(parameters.data_dir), Limits.of(parameters.model_dump())
        iv3 = find_iv3(parameters.iv3_dir)
    return prove_edition(slug(gemeente), jaar, data or find_data(), limits, iv3)


@main.command(cls=Dutch, short_help="Haal Iv3-cijfers op bij het CBS en bewaar ze.")
@click.argument("jaar", type=int)
@click.argument("gemeenten", nargs=-1, required=True, metavar="GEMEENTE...")
@click.option("--to", "folder", type=click.Path(path_type=Path, file_okay=False), required=True, metavar="MAP",
              help="Map om de bestanden in te bewaren; noem haar in iv3_dir.")  # fmt: skip
def fetch(jaar: int, gemeenten: tuple[str, ...], folder: Path) -> None:
    """Haal de begroting en de jaarrekening van gemeenten op bij het CBS (Iv3); wat er al is, blijft staan."""
    from .iv3.fetch import fetch_iv3

    for path in fetch_iv3(jaar, [slug(gemeente) for gemeente in gemeenten], folder, say_to(False)):
        click.echo(path)


@main.command(cls=Dutch, short_help="Open de hoofdstukken in JupyterLab.")
@click.option("--port", type=click.IntRange(min=1, max=65535), metavar="POORT",
              help="Luister op deze poort (standaard 8888, of de eerste vrije daarna).")  # fmt: skip
@click.option("--no-browser", is_flag=True, help="Open geen browser; het adres wordt wel getoond.")
def lab(port: int | None, no_browser: bool) -> None:
    """Open JupyterLab in de map van het project, op de beginpagina.

    Alleen deze computer kan erbij. Met Ctrl-C stopt u het.
    """
    from .lab import open_lab

    open_lab(port, not no_browser)


def run() -> None:
    """Run the command line and exit with the code of the contract."""
    be_ready()
    sys.exit(run_command())


def run_command(args: list[str] | None = None) -> int:
    """Run a command, the one that was typed unless `args` gives another, and return its exit code."""
    return exit_code(main, args)
