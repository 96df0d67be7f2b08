"""The yearly paragraaf bedrijfsvoering of a municipality: figures read, proven, told and drawn.

A chapter's notebook needs only the names below; each shows one thing, and says so where its table was not delivered.
They are imported when first used, so that the command line does not wait for charts that it does not draw.
"""

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from .charts import chart_aandeel, chart_budgetresultaat, chart_posten
    from .edition import load_figures
    from .tables import (
        table_bevindingen,
        table_boven_grens,
        table_bronnen,
        table_controles,
        table_kerncijfers,
        table_posten,
        table_projecten,
    )
    from .timeline import chart_mijlpalen

__all__ = [
    "chart_aandeel",
    "chart_budgetresultaat",
    "chart_mijlpalen",
    "chart_posten",
    "load_figures",
    "table_bevindingen",
    "table_boven_grens",
    "table_bronnen",
    "table_controles",
    "table_kerncijfers",
    "table_posten",
    "table_projecten",
]

_HOME = {"load_figures": "edition", "chart_mijlpalen": "timeline"}


def __getattr__(name: str) -> Any:
    """Import a name where a notebook first asks for it."""
    if name not in __all__:
        raise AttributeError(f"module '{__name__}' has no attribute '{name}'")
    module = _HOME.get(name) or ("charts" if name.startswith("chart_") else "tables")
    return getattr(import_module(f".{module}", __name__), name)


def __dir__() -> list[str]:
    """Return the names for tab completion."""
    return sorted(__all__)
