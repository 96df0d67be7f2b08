"""The templates of whole pages that no notebook makes: the list of editions, and what changed."""

from __future__ import annotations

from pathlib import Path

from jinja2 import Environment, FileSystemLoader


def page_environment() -> Environment:
    """Return where the templates of pages are found, with every text in them escaped."""
    return Environment(
        loader=FileSystemLoader(Path(__file__).parent / "templates" / "bedrijfsvoering"),
        autoescape=True,
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
    )
