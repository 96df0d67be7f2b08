"""The command line as a person meets it: Dutch in its help and in its complaints, and errors as exit codes."""

from __future__ import annotations

import io
import signal
import sys
import tempfile
import traceback
from typing import Any

import click

from .errors import BedrijfsvoeringError

OUR_BUG = 70
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


def be_ready() -> None:
    """Make this process one that a person calls: it can write what an old console does not know, and be stopped."""
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(errors="replace")  # an old console may not know a real minus sign
    signal.signal(signal.SIGTERM, _stop)


def _stop(number: int, frame: object) -> None:
    """Stop as Ctrl-C does, so that nothing half-made stays behind."""
    raise KeyboardInterrupt


def exit_code(main: click.Group, args: list[str] | None) -> int:
    """Run a command and return how it ended, as the contract says; the only place that turns errors into exit codes."""
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
    except click.exceptions.NoArgsIsHelpError as exc:
        click.echo(exc.ctx.get_help() if exc.ctx else "", err=True)
        return USAGE
    except click.ClickException as exc:
        click.echo(f"{_dutch(exc, main)} Zie 'bedrijfsvoering --help'.", err=True)
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


def _dutch(exc: click.ClickException, main: click.Group) -> str:
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
        return f"een geheel getal van {kind.min} {f'tot en met {kind.max}' if kind.max else 'of meer'}"
    return "een geheel getal" if isinstance(kind, click.types.IntParamType) else "een map"
