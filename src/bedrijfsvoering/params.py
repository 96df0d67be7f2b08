"""The parameters of an edition: one list for all chapters, read strictly, also when papermill is called by hand."""

from __future__ import annotations

import ast
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import Annotated, Any, Literal

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from .errors import ParamsError, nearest
from .findings import Finding
from .yamlfile import read_yaml

Slug = Annotated[str, Field(pattern=r"^[a-z0-9]+(?:-[a-z0-9]+)*$", max_length=60)]


class Params(BaseModel):
    """The parameters of one edition, with the types of the notebooks' parameters cells.

    `grens_bedrag` is in x EUR 1.000 and `grens_pct` in percent of the budget after amendment: a line whose
    budgetresultaat reaches either must be explained; where `toelichting_verplicht` is true, one that is not stops
    publication. `data_dir` is the folder that holds `<gemeente>/<jaar>/`;
    empty means: the project's own `data/`. `iv3_dir` is a folder with Iv3 figures of all municipalities; empty means:
    only those that the edition holds itself.
    """

    model_config = ConfigDict(extra="forbid", strict=True, frozen=True)

    gemeente: Slug
    jaar: Annotated[int, Field(ge=1990, le=2100)]
    data_dir: str = ""
    iv3_dir: str = ""
    vergelijk_met: list[Slug]
    grens_bedrag: Annotated[int, Field(ge=0)]
    grens_pct: Annotated[float, Field(ge=0)]
    toelichting_verplicht: bool = False
    taal: Literal["nl"]


KEYS: tuple[str, ...] = tuple(Params.model_fields)
"""Every parameter there is; a chapter declares those that it uses."""

EXPECTED = {
    "gemeente": "een naam in kleine letters, zoals de map in data/",
    "jaar": "een jaartal als geheel getal",
    "data_dir": "een map, als tekst",
    "iv3_dir": "een map met Iv3-cijfers, als tekst",
    "vergelijk_met": "een lijst van namen, zoals [naam-een, naam-twee]",
    "grens_bedrag": "een geheel getal, x € 1.000",
    "grens_pct": "een getal, in procenten",
    "toelichting_verplicht": "true of false",
    "taal": "nl",
}
"""What each parameter should be, for the message when it is not."""


def load_params(path: Path, overrides: Mapping[str, Any] | None = None) -> Params:
    """Read `params/<gemeente>/<jaar>.yaml` and lay `overrides` over it.

    Raises
    ------
    ParamsError
        Every unknown, missing or wrongly typed parameter at once, each with the nearest known name.
    """
    bestand = f"{path.parent.name}/{path.name}"
    return validate_params({**read_yaml(path, ParamsError, bestand), **(overrides or {})}, bestand)


def validate_params(values: Mapping[str, Any], bestand: str | None = None) -> Params:
    """Return the parameters, or raise a ParamsError with every problem of `values` at once."""
    try:
        return Params.model_validate(dict(values))
    except ValidationError as exc:
        problems = [_problem(error, values, bestand) for error in exc.errors()]
        raise ParamsError(problems) from None


def check_injected(used: Mapping[str, Any]) -> None:
    """Check the parameters of a running notebook: those that papermill injected, and those that it `used`.

    papermill only logs a parameter that no chapter knows, and goes on with the default where one is missing.
    So the chapter's set-up cell looks at the injected cell itself, which is how a call by hand is checked too.

    Raises
    ------
    ParamsError
        An injected parameter is unknown, missing or of the wrong type, or a used one is of the wrong type.
    """
    injected = injected_parameters()
    if injected is not None:
        validate_params(injected, "parameters")
    problems = []
    try:
        Params.model_validate({**_EXAMPLE, **used})
    except ValidationError as exc:
        problems = [_problem(error, used, "parameters") for error in exc.errors()]
    if problems:
        raise ParamsError(problems)


_EXAMPLE: dict[str, Any] = {
    "gemeente": "x", "jaar": 2000, "vergelijk_met": [], "grens_bedrag": 0, "grens_pct": 0.0, "taal": "nl",
}  # fmt: skip
"""Fills in what a chapter does not use, so that what it does use is judged by the one model."""


def injected_parameters() -> dict[str, Any] | None:
    """Return what papermill's `# Parameters` cell set in this kernel, or None where nothing was injected."""
    ipython = sys.modules.get("IPython")
    shell = ipython.get_ipython() if ipython else None
    cells = [cell for cell in (shell.user_ns.get("In", []) if shell else []) if cell.startswith("# Parameters")]
    if not cells:
        return None
    values: dict[str, Any] = {}
    for node in ast.parse(cells[-1]).body:
        if isinstance(node, ast.Assign) and isinstance(node.targets[0], ast.Name):
            values[node.targets[0].id] = ast.literal_eval(node.value)
    return values


def _problem(error: Mapping[str, Any], values: Mapping[str, Any], bestand: str | None) -> Finding:
    """Turn one of pydantic's errors into a finding in Dutch."""
    name = str(error["loc"][0])
    if error["type"] == "extra_forbidden":
        missing = [key for key in KEYS if key not in values]
        hint = nearest(name, missing) or nearest(name, KEYS)
        return Finding(
            code="PARAMETER_ONBEKEND", ernst="fout", kolom=name, bestand=bestand,
            bericht=f"Deze parameter bestaat niet.{hint} Bekend zijn: {', '.join(KEYS)}.",
        )  # fmt: skip
    if error["type"] == "missing":
        unknown = [key for key in values if key not in KEYS]
        return Finding(
            code="PARAMETER_ONTBREEKT", ernst="fout", kolom=name, bestand=bestand,
            bericht=f"Deze parameter ontbreekt; verwacht {EXPECTED[name]}.{nearest(name, unknown)}",
        )  # fmt: skip
    found = values.get(name)
    return Finding(
        code="PARAMETER_ONJUIST", ernst="fout", kolom=name, gedrukt=str(found), bestand=bestand,
        bericht=f"Gevonden {found!r}; verwacht {EXPECTED[name]}.",
    )  # fmt: skip
