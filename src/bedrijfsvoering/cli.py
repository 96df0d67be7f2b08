"""The command line: what each command takes, who does its work, and errors as exit codes."""

from __future__ import annotations

import io
import json
import shlex
import signal
import sys
import tempfile
import traceback
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from .errors import BedrijfsvoeringError, ParamsError

if TYPE_CHECKING:
    from .figures import Figures

OUR_BUG = 70
FOLDERS = ("data", "params", "output")
FOLDER = click.Path(path_type=Path, file_okay=False)
USAGE = 2

HEADINGS = {"Usage:": "Gebruik:", "Options:": "Opties:", "Commands:": "Opdrachten:", "[OPTIONS]": "[OPTIES]",
            "COMMAND [ARGS]...": "OPDRACHT [ARGUMENTEN]..."}  # fmt: skip
"""Click's own words in a help text."""


class Dutch(click.Command):
    """A command whose help is Dutch."""

    def get_help(self, ctx: click.Context) -> str:
        """Return the help with click's own words in Dutch."""
        text = super().get_help(ctx)
        for english, dutch in HEADINGS.items():
            text = text.replace(english, dutch)
        return text

    def get_help_option(self, ctx: click.Context) -> click.Option | None:
        """Return `--help` with a Dutch explanation."""
        option = super().get_help_option(ctx)
        if option:
            option.help = "Toon deze uitleg en stop."
        return option


class DutchGroup(Dutch, click.Group):
    """A group of commands whose help is Dutch."""


@click.group(cls=DutchGroup)
@click.version_option(package_name="bedrijfsvoering", message="%(prog)s %(version)s", help="Toon de versie en stop.")
def main() -> None:
    """Maak de paragraaf bedrijfsvoering van een gemeente: van cijfers naar één gecontroleerde pagina."""


def edition_options(command: Callable[..., Any]) -> Callable[..., Any]:
    """Add what every command on one edition takes."""
    return click.argument("gemeente")(click.argument("jaar", type=int)(shared_options(command)))


def shared_options(command: Callable[..., Any]) -> Callable[..., Any]:
    """Add the options of every command on editions."""
    options = [
        click.option(
            "--data",
            type=FOLDER,
            metavar="MAP",
            help="Map met de cijfers per gemeente en jaar (standaard data/).",
        ),
        click.option("--params", type=FOLDER, metavar="MAP", help="Map met de parameters (standaard params/)."),
        click.option("--output", type=FOLDER, metavar="MAP", help="Map voor het resultaat (standaard output/)."),
        click.option("-p", "pairs", nargs=2, multiple=True, metavar="NAAM WAARDE", help="Zet één parameter."),
        click.option("-y", "yamls", multiple=True, metavar="YAML", help="Zet parameters, geschreven als YAML."),
        click.option("-q", "quiet", is_flag=True, help="Toon geen voortgang."),
        click.option("-v", "verbose", is_flag=True, help="Toon ook de meldingen van de controles."),
    ]
    for option in reversed(options):
        command = option(command)
    return command


def build_options(command: Callable[..., Any]) -> Callable[..., Any]:
    """Add how an edition is built."""
    options = [
        click.option("--pdf", is_flag=True, help="Maak de pagina ook als PDF, met een browser die er is."),
        click.option("--force", is_flag=True, help="Bouw ook als er niets is veranderd."),
        click.option("--engine", type=click.Choice(["fork", "kernel"]), metavar="MANIER",
                     help="Hoe de hoofdstukken draaien: fork (snel) of kernel (overal)."),
        click.option("--cell-timeout", "seconds", type=click.IntRange(min=1), default=120, metavar="SECONDEN",
                     help="Zo lang mag één cel duren (standaard 120)."),
    ]  # fmt: skip
    for option in reversed(options):
        command = option(command)
    return command


@main.command(cls=Dutch, short_help="Maak en publiceer de pagina van een jaar.")
@edition_options
@build_options
def build(gemeente: str, jaar: int, pdf: bool, force: bool, engine: str | None, seconds: int, **options: Any) -> None:
    """Controleer de cijfers, voer de hoofdstukken uit en publiceer de pagina.

    Is er niets veranderd sinds de vorige keer, dan blijft de pagina staan zoals zij is.
    """
    from .build import build_edition

    folders = _folders(**options)
    overrides, say = _overrides(**options), _say(options["quiet"])
    built = build_edition(
        _slug(gemeente),
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
    summary = run_batch(selection, _folders(**options), _overrides(**options), chosen)
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
        wrong = len(figures.fouten)
        counted = f"{len(figures.checks)} controles, {len(figures.findings)} bevindingen, waarvan {wrong} fout"
        click.echo(f"{gemeente} {jaar}: {counted}.", err=True)
    ctx.exit(1 if figures.fouten else 0)


@main.command(cls=Dutch, short_help="Bewijs dat een gepubliceerde map heel en ongewijzigd is.")
@click.argument("folder", type=click.Path(path_type=Path), metavar="MAP")
@click.option("--data", type=FOLDER, metavar="MAP", help="Bouw de uitgave ook opnieuw, met de cijfers in deze map.")
@click.option("--params", type=FOLDER, metavar="MAP", help="Map met de parameters (standaard params/).")
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
        folders = _folders(data=data, output=folder, **options)
        rebuilt = {name: folders[name] for name in ("data", "params")} | {"overrides": _overrides(**options)}
    proof = prove_folder(folder, rebuilt, _say(options["quiet"]))
    click.echo(proof.as_json() if as_json else proof.as_text())
    ctx.exit(0 if proof.heel else 1)


@main.command(cls=Dutch, short_help="Zet een nieuw jaar klaar om in te vullen.")
@edition_options
@click.option("--from", "vorig", type=int, metavar="JAAR", help="Neem dit jaar over (standaard het laatste eerdere).")
@click.option("--excel", is_flag=True, help="Zet de tabellen in één Excel-werkmap, cijfers.xlsx.")
def new(gemeente: str, jaar: int, vorig: int | None, excel: bool, **options: Any) -> None:
    """Zet de map en de parameters van een nieuw jaar klaar, met de rijen en de teksten van een eerder jaar."""
    from .new_year.new_edition import new_edition, told

    folders = _folders(**options)
    given = "".join(f" --{name} {shlex.quote(str(options[name]))}" for name in FOLDERS if options[name])
    layout = new_edition(
        _slug(gemeente), jaar, data=folders["data"], params=folders["params"], vorig=vorig, excel=excel,
        overrides=_overrides(**options),
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
        found = difference_of_builds(_slug(gemeente), jaar, built, _folders(**options)["output"])
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

    folders = _folders(**options)
    data, limits, iv3 = folders["data"], None, None
    if (folders["params"] / _slug(gemeente) / f"{jaar}.yaml").is_file() or options["pairs"] or options["yamls"]:
        parameters = edition_params(gemeente, jaar, folders["params"], _overrides(**options))
        data, limits = data or find_data(parameters.data_dir), Limits.of(parameters.model_dump())
        iv3 = find_iv3(parameters.iv3_dir)
    return prove_edition(_slug(gemeente), jaar, data or find_data(), limits, iv3)


@main.command(cls=Dutch, short_help="Haal Iv3-cijfers op bij het CBS en bewaar ze.")
@click.argument("jaar", type=int)
@click.argument("gemeenten", nargs=-1, required=True, metavar="GEMEENTE...")
@click.option("--to", "folder", type=click.Path(path_type=Path, file_okay=False), required=True, metavar="MAP",
              help="Map om de bestanden in te bewaren; noem haar in iv3_dir.")  # fmt: skip
def fetch(jaar: int, gemeenten: tuple[str, ...], folder: Path) -> None:
    """Haal de begroting en de jaarrekening van gemeenten op bij het CBS (Iv3); wat er al is, blijft staan."""
    from .iv3.fetch import fetch_iv3

    for path in fetch_iv3(jaar, [_slug(gemeente) for gemeente in gemeenten], folder, _say(False)):
        click.echo(path)


def _folders(data: Path | None, params: Path | None, output: Path | None, **_: Any) -> dict[str, Any]:
    """Return the three folders: as given, else those of the project; `data` stays None where it was not given."""
    from .inputs import find_project

    given = {"data": data, "params": params, "output": output}
    try:
        if params is None or output is None:
            project = find_project()
            given |= {name: given[name] or project / name for name in ("params", "output")}
        return {name: path and path.expanduser().resolve() for name, path in given.items()}
    except RuntimeError:
        raise ParamsError("Een map begint met ~ van een gebruiker die niet bestaat.") from None
    except FileNotFoundError:
        raise ParamsError("De map waarin u werkt bestaat niet meer. Ga naar een andere map.") from None


def _overrides(pairs: tuple[tuple[str, str], ...], yamls: tuple[str, ...], **_: Any) -> dict[str, Any]:
    """Return the parameters of `-y` and then of `-p`, read by the same rules as a parameter file."""
    from .yamlfile import YamlError, load_yaml

    values: dict[str, Any] = {}
    try:
        for text in yamls:
            found = load_yaml(text)
            if not isinstance(found, dict) or not all(isinstance(key, str) for key in found):
                raise ParamsError(f"-y verwacht 'naam: waarde', gevonden '{text[:60]}'.")
            values |= found
        return values | {name: load_yaml(text) for name, text in pairs}
    except YamlError:
        raise ParamsError("De waarde bij -p of -y is geen geldige YAML.") from None


def _slug(gemeente: str) -> str:
    """Return the municipality's name, refused where it could be anything but a folder's."""
    from pydantic import TypeAdapter, ValidationError

    from .params import Slug

    try:
        return str(TypeAdapter(Slug).validate_python(gemeente))
    except ValidationError:
        raise ParamsError(
            f"'{gemeente}' is geen naam van een gemeente; verwacht kleine letters, zoals de map in data/."
        ) from None


def _say(quiet: bool) -> Callable[[str], None]:
    return (lambda line: None) if quiet else (lambda line: click.echo(line, err=True))


def run(args: list[str] | None = None) -> None:
    """Run the command line and exit as the contract says; the only place that turns errors into exit codes."""
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(errors="replace")  # an old console may not know a real minus sign
    signal.signal(signal.SIGTERM, _stop)
    sys.exit(_run(args))


def _stop(number: int, frame: object) -> None:
    """Stop as Ctrl-C does, so that nothing half-made stays behind."""
    raise KeyboardInterrupt


def _run(args: list[str] | None) -> int:
    try:
        return int(main.main(args, prog_name="bedrijfsvoering", standalone_mode=False) or 0)
    except BedrijfsvoeringError as exc:
        click.echo(str(exc), err=True)
        if exc.exit_code == 1:
            click.echo("Er is niets gepubliceerd.", err=True)
        return exc.exit_code
    except click.exceptions.Exit as exc:
        return exc.exit_code
    except (click.Abort, KeyboardInterrupt):
        click.echo("Gestopt.", err=True)
        return 130
    except click.ClickException as exc:
        click.echo(f"{_dutch(exc)} Zie 'bedrijfsvoering --help'.", err=True)
        return USAGE
    except Exception:
        click.echo(f"Dit is een fout in bedrijfsvoering zelf, niet in uw cijfers. Meld haar{_log()}.", err=True)
        return OUR_BUG


def _log() -> str:
    """Write the traceback of the failure at hand to a file, and return how a message names it."""
    try:
        with tempfile.NamedTemporaryFile(
            "w", prefix="bedrijfsvoering-", suffix=".log", delete=False, encoding="utf-8"
        ) as log:
            traceback.print_exc(file=log)
    except OSError:  # no folder can hold it
        return ""
    return f", met het bestand {log.name}"


def _dutch(exc: click.ClickException) -> str:
    """Return what was wrong with a call, in Dutch."""
    if isinstance(exc, click.NoSuchOption):
        return f"De optie {exc.option_name} bestaat niet."
    if isinstance(exc, click.MissingParameter):
        name = exc.param.human_readable_name if exc.param else ""
        return f"{name} ontbreekt."
    if isinstance(exc, click.BadParameter):
        name = exc.param.opts[0] if isinstance(exc.param, click.Option) else "JAAR"
        return f"{name}: verwacht {_kind(exc.param.type if exc.param else None)}."
    if isinstance(exc, click.BadOptionUsage):
        return f"{exc.option_name} verwacht een waarde."
    if "No such command" in exc.message:
        known = ", ".join(main.commands)
        return f"De opdracht {exc.message.split()[-1].rstrip('.')} bestaat niet. Bekend zijn: {known}."
    return "De opdracht is niet begrepen."


def _kind(kind: Any) -> str:
    """Return what a value must be, in Dutch."""
    if isinstance(kind, click.Choice):
        return " of ".join(map(str, kind.choices))
    if isinstance(kind, click.IntRange):
        return f"een geheel getal van {kind.min} of meer"
    return "een geheel getal" if isinstance(kind, click.types.IntParamType) else "een map"
