"""A new edition laid out to be filled in: made from an earlier year or from nothing, whole or not at all."""

from __future__ import annotations

import os
import shutil
import tempfile
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from string import Template
from typing import Any

from ..errors import BedrijfsvoeringError, ParamsError, nearest
from ..inputs import find_data
from ..params import Params, load_params, validate_params
from ..texts import join_words
from ..yamlfile import load_yaml
from .draft import Draft, draft_from, draft_from_nothing
from .yamltext import with_values

FIRST, LAST = 1990, 2100
"""The years that an edition can be of, as the parameters have it."""
START = Path(__file__).parent / "start"
"""What a municipality begins with that has no edition yet."""


@dataclass(frozen=True)
class Layout:
    """What was laid out: the folder, the parameters, the files, those to be filled in, and what must be looked at."""

    folder: Path
    params: Path
    vorig: int | None
    files: tuple[str, ...]
    fill: tuple[str, ...]
    notes: tuple[str, ...]
    stories: bool


def new_edition(
    gemeente: str,
    jaar: int,
    *,
    data: Path | None,
    params: Path,
    vorig: int | None,
    excel: bool,
    overrides: Mapping[str, Any],
) -> Layout:
    """Lay out an edition to be filled in.

    Parameters
    ----------
    gemeente, jaar
        The new edition.
    data, params
        The folders that hold all editions, and their parameters; without `data` the one that the earlier edition's
        parameters name.
    vorig
        The year to take over from; None means the latest earlier one, and where there is none a starting edition.
    excel
        Whether the figures go in one workbook, also where the earlier edition has CSV files.
    overrides
        Parameters that get another value than those of the earlier edition.

    Raises
    ------
    BedrijfsvoeringError
        The edition is there already, the earlier one is not or cannot be read, or a folder cannot be written. Nothing
        was written.
    """
    if not FIRST <= jaar <= LAST:
        raise ParamsError(f"{jaar} is geen jaar van een uitgave; verwacht een jaartal van {FIRST} tot en met {LAST}.")
    data = data or _data_of(params, gemeente, jaar, vorig, overrides)
    for folder in (data, params):
        if not folder.is_dir():
            raise ParamsError(f"De map {folder} is er niet. Maak haar, of noem een andere met --data of --params.")
    target, target_params = data / gemeente / str(jaar), params / gemeente / f"{jaar}.yaml"
    _need_room(target, target_params)
    years = editions_of(data, gemeente)
    named, vorig = vorig, _earlier(data, gemeente, jaar, years, vorig)
    text = _params_text(params, gemeente, jaar, vorig, overrides)
    commands = [f"bedrijfsvoering {name} {gemeente} {jaar}" for name in ("check", "build")]
    if vorig is None:
        draft = draft_from_nothing(START, gemeente, jaar, excel, commands)
        draft.notes[:0] = _stranger(data, gemeente, years)
    else:
        draft = draft_from(data, gemeente, vorig, jaar, excel, commands)
        if named is None:
            draft.notes.insert(0, f"U noemde geen jaar met --from; overgenomen is {vorig}, het laatste eerdere jaar.")
        if not (params / gemeente / f"{vorig}.yaml").is_file():
            draft.notes.append(
                f"Van {vorig} zijn er geen parameters; in {target_params.name} staat een begin. Kijk het na."
            )
    _write(draft, text, target, target_params)
    stories = any(name.startswith("toelichting/") for name in draft.files)
    return Layout(target, target_params, vorig, tuple(draft.files), tuple(draft.fill), tuple(draft.notes), stories)


def _data_of(params: Path, gemeente: str, jaar: int, vorig: int | None, overrides: Mapping[str, Any]) -> Path:
    """Return the folder with all editions: the one that the parameters to be taken over name, else the project's."""
    given = overrides.get("data_dir")
    if given is None:
        years = [int(path.stem) for path in (params / gemeente).glob("[12][0-9][0-9][0-9].yaml")]
        source = vorig or max((year for year in years if year < jaar), default=0)
        path = params / gemeente / f"{source}.yaml"
        given = load_params(path).data_dir if path.is_file() else ""
    return find_data(str(given))


def editions_of(data: Path, gemeente: str) -> list[int]:
    """Return the years of which a municipality has an edition, oldest first."""
    folder = data / gemeente
    names = [path.parent.name for path in folder.glob("*/bron.yaml")] if folder.is_dir() else []
    return sorted(int(name) for name in names if name.isascii() and name.isdigit())


def _need_room(target: Path, params: Path) -> None:
    """Refuse an edition that is there already: what people filled in is never written over."""
    for path, what in ((target, "De map"), (params, "Het bestand")):
        if os.path.lexists(path):
            raise BedrijfsvoeringError(
                f"{what} {path} is er al en wordt niet overschreven. Kies een ander jaar, of haal weg wat er staat."
            )


def _earlier(data: Path, gemeente: str, jaar: int, years: list[int], vorig: int | None) -> int | None:
    """Return the year to take over from, or None for a starting edition."""
    if vorig is None:
        return max((year for year in years if year < jaar), default=None)
    if vorig >= jaar:
        raise ParamsError(f"{vorig} is niet eerder dan {jaar}. Noem bij --from een eerder jaar.")
    if not years:
        known = sorted(path.parent.parent.name for path in data.glob("*/*/bron.yaml"))
        hint = nearest(gemeente, known) or (f" Bekend zijn: {', '.join(dict.fromkeys(known))}." if known else "")
        raise ParamsError(f"Van '{gemeente}' is er nog geen uitgave om over te nemen.{hint} Laat anders --from weg.")
    if vorig not in years:
        told = ", ".join(map(str, years))
        raise ParamsError(f"Van {gemeente} is er geen uitgave van {vorig}. Er zijn uitgaven van: {told}.")
    return vorig


def _stranger(data: Path, gemeente: str, years: list[int]) -> list[str]:
    """Return what is told of a municipality that has no earlier edition: it may be a name that was mistyped."""
    if years:
        return [f"Van {gemeente} is er geen eerder jaar (wel {', '.join(map(str, years))}); dit is een leeg begin."]
    known = sorted({path.parent.parent.name for path in data.glob("*/*/bron.yaml")} - {gemeente})
    hint = nearest(gemeente, known, 0.8)
    return [f"Van {gemeente} is er nog geen uitgave; dit is een leeg begin.{hint}"]


def _params_text(params: Path, gemeente: str, jaar: int, vorig: int | None, overrides: Mapping[str, Any]) -> str:
    """Return the parameter file: that of the earlier edition with another year, comments and all, or a starting one."""
    source = params / gemeente / f"{vorig}.yaml"
    if vorig is not None and source.is_file():
        load_params(source)
        text = source.read_text(encoding="utf-8-sig")
    else:
        text = Template((START / "params.yaml").read_text(encoding="utf-8")).substitute(gemeente=gemeente, jaar=jaar)
    text = with_values(text, {"jaar": jaar, **overrides})
    made: Params = validate_params(load_yaml(text), f"{gemeente}/{jaar}.yaml")
    if (made.gemeente, made.jaar) != (gemeente, jaar):
        raise ParamsError(f"De parameters zouden van {made.gemeente} {made.jaar} zijn, niet van {gemeente} {jaar}.")
    return text


def _write(draft: Draft, params_text: str, target: Path, params: Path) -> None:
    """Write the edition and its parameters beside where they belong, and then put both in their place."""
    try:
        with _folders(target.parent, params.parent), _staged(target) as stage, _staged(params) as params_stage:
            for name, content in draft.files.items():
                path = stage / name
                path.parent.mkdir(parents=True, exist_ok=True)
                path.write_bytes(content)
            staged_file = params_stage / params.name
            staged_file.write_text(params_text, encoding="utf-8", newline="\n")
            staged_file.rename(params)
            try:
                stage.rename(target)
            except BaseException:
                params.unlink()
                raise
    except OSError as exc:
        raise BedrijfsvoeringError(
            f"De map {target} kan niet worden gemaakt ({exc.strerror or exc}). Kijk of u daar mag schrijven. "
            "Er is niets gemaakt."
        ) from None


@contextmanager
def _staged(target: Path) -> Iterator[Path]:
    """Give a folder beside `target` to write in; what is left of it goes."""
    stage = Path(tempfile.mkdtemp(prefix=f".{target.stem}-", dir=target.parent))
    try:
        stage.chmod(0o755)
        yield stage
    finally:
        shutil.rmtree(stage, ignore_errors=True)


@contextmanager
def _folders(*folders: Path) -> Iterator[None]:
    """Make folders; those that were not there go again when what follows fails."""
    made = [folder for folder in folders if not folder.exists()]
    for folder in made:
        folder.mkdir()
    try:
        yield
    except BaseException:
        for folder in made:
            with suppress(OSError):
                folder.rmdir()
        raise


def told(layout: Layout, gemeente: str, jaar: int, options: str = "") -> list[str]:
    """Return what is told of an edition that was laid out, line by line: what was made, what to look at, what next."""
    begin = f"Gemaakt uit {gemeente} {layout.vorig}" if layout.vorig else "Gemaakt"
    checked = [name for name in layout.fill if name.startswith("ict_") and layout.vorig]
    figures = [name for name in layout.fill if name not in checked]
    steps = [
        f"Vul in: {join_words(figures)}. Een lege cel is niet aangeleverd, een streepje (-) is nul. "
        "Neem ook de totalen over zoals zij zijn gedrukt.",
        *([f"Kijk elke rij na van {join_words(checked)}."] if checked else []),
        "Kijk bron.yaml na: titels, koppen, tekens, en de regels met 'vul in' of 'nakijken'.",
        *(["Lees de teksten in toelichting/ na en haal de regel [concept] weg als een tekst klopt."] if layout.stories
          else []),
        f"Reken na: bedrijfsvoering check {gemeente} {jaar}{options}",
        f"Maak de pagina: bedrijfsvoering build {gemeente} {jaar}{options}",
    ]  # fmt: skip
    return [
        f"{begin}: {layout.params} en {layout.folder} met",
        *(f"  {name}" for name in layout.files),
        *(["", "Let op:", *(f"- {note}" for note in layout.notes)] if layout.notes else []),
        "",
        "Zo gaat u verder:",
        *(f"{number}. {step}" for number, step in enumerate(steps, start=1)),
    ]
