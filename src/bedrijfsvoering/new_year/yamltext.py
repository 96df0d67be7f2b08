"""A YAML text changed in place: what stands around a changed value, comments first of all, stays as people wrote it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

import yaml

from ..yamlfile import StrictLoader

Path = tuple[str | int, ...]
"""The keys that lead to a value, such as `("tabellen", "overhead", "titel")`."""
Edit = tuple[int, int, str]
"""From which character, up to which, and what comes there."""


@dataclass(frozen=True)
class Place:
    """Where one entry of a mapping stands: its key and its value; `flow` where it stands between braces."""

    key: yaml.Node
    value: yaml.Node
    flow: bool

    @property
    def end(self) -> int:
        """The character behind the last one of the value."""
        return _end(self.value)


def places_of(text: str) -> dict[Path, Place]:
    """Return where each entry of each mapping of a text stands; the text is one that `load_yaml` reads."""
    return dict(_walk(yaml.compose(text, StrictLoader), ()))


def _walk(node: Any, path: Path) -> Iterator[tuple[Path, Place]]:
    if isinstance(node, yaml.MappingNode):
        for key, value in node.value:
            yield (*path, key.value), Place(key, value, bool(node.flow_style))
            yield from _walk(value, (*path, key.value))
    elif isinstance(node, yaml.SequenceNode):
        for number, value in enumerate(node.value):
            yield from _walk(value, (*path, number))


def _end(node: yaml.Node) -> int:
    """Return where a value ends; a block's own mark stands behind the comments that follow it."""
    if isinstance(node, yaml.CollectionNode) and not node.flow_style and node.value:
        last = node.value[-1]
        return _end(last[1] if isinstance(last, tuple) else last)
    return int(node.end_mark.index)


def node_edit(node: yaml.Node, text: str, new: str) -> Edit:
    """Return the edit that writes `new` for a node; a value that is not there gets a space before it."""
    start, end = int(node.start_mark.index), int(node.end_mark.index)
    return start, end, new if end > start or text[start - 1 : start].isspace() else f" {new}"


def lines_of(place: Place, text: str) -> tuple[int, int, str]:
    """Return the first and last character of the lines that an entry stands on, and how far they are indented."""
    begin = text.rfind("\n", 0, place.key.start_mark.index) + 1
    last = len(text[: place.end].rstrip())
    stop = text.find("\n", last)
    return begin, len(text) if stop < 0 else stop + 1, " " * int(place.key.start_mark.column)


def edited(text: str, edits: Iterable[Edit]) -> str:
    """Return the text with all edits made; none may lie inside another."""
    for begin, end, new in sorted(edits, reverse=True):
        text = text[:begin] + new + text[end:]
    return text


def with_values(text: str, values: Mapping[str, Any]) -> str:
    """Return the text with these values of its outermost mapping; a key that is not there is added at the end."""
    places = places_of(text)
    edits = [
        node_edit(places[(name,)].value, text, _written(value))
        for name, value in values.items()
        if (name,) in places
    ]  # fmt: skip
    added = [f"{name}: {_written(value)}\n" for name, value in values.items() if (name,) not in places]
    changed = edited(text, edits)
    return "".join([changed, "\n" if added and not changed.endswith("\n") else "", *added])


def _written(value: Any) -> str:
    """Return a value on one line, as YAML between braces."""
    dumped = yaml.safe_dump(value, default_flow_style=True, allow_unicode=True, width=10_000)
    return str(dumped).removesuffix("...\n").strip()
