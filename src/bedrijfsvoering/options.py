"""What the commands take: the options that several of them share, and what their values mean."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any

import click

from .errors import NoProject, ParamsError

FOLDER = click.Path(path_type=Path, file_okay=False)


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
        click.option("--notebooks", type=FOLDER, metavar="MAP",
                     help="Map met eigen hoofdstukken (standaard notebooks/)."),
        click.option("--cell-timeout", "seconds", type=click.IntRange(min=1), default=120, metavar="SECONDEN",
                     help="Zo lang mag één cel duren (standaard 120)."),
    ]  # fmt: skip
    for option in reversed(options):
        command = option(command)
    return command


def folders_of(
    data: Path | None, params: Path | None, output: Path | None, notebooks: Path | None = None, **_: Any
) -> dict[str, Any]:
    """Return the folders: as given, else those of the project; `data` and `notebooks` stay None where not given."""
    from .inputs import find_project

    given = {"data": data, "params": params, "output": output, "notebooks": notebooks}
    try:
        if params is None or output is None:
            project = find_project()
            given |= {name: given[name] or project / name for name in ("params", "output")}
        return {name: path and path.expanduser().resolve() for name, path in given.items()}
    except RuntimeError:
        raise ParamsError("Een map begint met ~ van een gebruiker die niet bestaat.") from None
    except FileNotFoundError:
        raise ParamsError("De map waarin u werkt bestaat niet meer. Ga naar een andere map.") from None


@contextmanager
def beginning(data: Path | None, params: Path | None) -> Iterator[None]:
    """Make the folder one works in a project where it is in none: it gets `data/` and `params/`, unless this fails."""
    from .inputs import find_project

    made: list[Path] = []
    if data is None or params is None:
        try:
            find_project()
        except NoProject:
            made = [folder for name in ("data", "params") if not (folder := Path.cwd() / name).exists()]
        except FileNotFoundError:  # the folder one works in is gone; `folders_of` says so
            pass
    for folder in made:
        folder.mkdir()
    try:
        yield
    except BaseException:
        for folder in made:
            with suppress(OSError):
                folder.rmdir()
        raise


def overrides_of(pairs: tuple[tuple[str, str], ...], yamls: tuple[str, ...], **_: Any) -> dict[str, Any]:
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


def slug(gemeente: str) -> str:
    """Return the municipality's name, refused where it could be anything but a folder's."""
    from pydantic import TypeAdapter, ValidationError

    from .params import Slug

    try:
        return str(TypeAdapter(Slug).validate_python(gemeente))
    except ValidationError:
        raise ParamsError(
            f"'{gemeente}' is geen naam van een gemeente; verwacht kleine letters, zoals de map in data/."
        ) from None


def say_to(quiet: bool) -> Callable[[str], None]:
    """Return what tells how far the work is: on the error stream, or nowhere."""
    return (lambda line: None) if quiet else (lambda line: click.echo(line, err=True))
