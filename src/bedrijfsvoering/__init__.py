"""The yearly paragraaf bedrijfsvoering of a municipality: figures read, proven, told and drawn.

A chapter's notebook needs only the names below; each shows one thing, and says so where its table was not delivered.
They are imported when first used, so that the command line does not wait for charts that it does not draw.
"""

from importlib import import_module
from typing import Any

_HOME = {
    "chart_aandeel": "charts",
    "chart_budgetresultaat": "budgetresultaat",
    "chart_gemeenten": "iv3.peers",
    "chart_jaren": "iv3.years",
    "chart_mijlpalen": "timeline",
    "chart_posten": "charts",
    "check_posten": "verantwoording",
    "load_figures": "edition",
    "load_story": "story",
    "table_aansluiting": "iv3.reconciliation",
    "table_boven_grens": "tables",
    "table_bronnen": "verantwoording",
    "table_controles": "verantwoording",
    "table_indicatoren": "iv3.indicators",
    "table_kerncijfers": "kerncijfers",
    "table_posten": "tables",
    "table_iv3": "iv3.peers",
    "table_jaren": "compare.in_chapter",
    "table_projecten": "tables",
    "table_veranderd": "compare.in_chapter",
}
"""Each name that a notebook sees, and the module that it lives in."""

__all__ = list(_HOME)


def __getattr__(name: str) -> Any:
    """Import a name where a notebook first asks for it."""
    if name not in _HOME:
        raise AttributeError(f"module '{__name__}' has no attribute '{name}'")
    return getattr(import_module(f".{_HOME[name]}", __name__), name)


def __dir__() -> list[str]:
    """Return the names for tab completion."""
    return sorted(_HOME)
