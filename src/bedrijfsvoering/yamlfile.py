"""One YAML file, read strictly: a mapping, no key twice, no aliases, no dates made of text behind one's back."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import yaml

from .errors import BedrijfsvoeringError
from .findings import Finding

MAX_BYTES = 1_000_000
"""No parameter file or source description comes near this; a larger file is refused before it is read."""


class DutchYamlError(yaml.constructor.ConstructorError):
    """What this reader refuses and YAML would allow; its words are ours."""


class StrictLoader(yaml.SafeLoader):
    """A safe loader that refuses duplicate keys and aliases, and knows only `true` and `false` as booleans."""

    def compose_node(self, parent: Any, index: Any) -> Any:
        """Refuse an alias: it can make a small file explode, and nobody needs one here."""
        if self.check_event(yaml.events.AliasEvent):
            raise DutchYamlError(None, None, "een verwijzing (*) is hier niet toegestaan", self.peek_event().start_mark)
        return super().compose_node(parent, index)

    def construct_mapping(self, node: yaml.MappingNode, deep: bool = False) -> dict[Any, Any]:
        """Build the mapping; a key that stands there twice is an error, not the last one wins."""
        seen: set[str] = set()
        for key_node, _ in node.value:
            key = str(self.construct_object(key_node, deep=True))
            if key in seen:
                raise DutchYamlError(None, None, f"'{key}' staat er twee keer", key_node.start_mark)
            seen.add(key)
        return super().construct_mapping(node, deep)


StrictLoader.yaml_implicit_resolvers = {
    first: [
        (tag, regexp)
        for tag, regexp in resolvers
        if not tag.endswith((":bool", ":timestamp", ":int", ":merge", ":value"))
    ]
    for first, resolvers in yaml.SafeLoader.yaml_implicit_resolvers.items()
}
"""YAML 1.1 reads `no` as false, `012` as ten and a date as a date; here only what follows is read as such."""
StrictLoader.add_implicit_resolver("tag:yaml.org,2002:bool", re.compile(r"^(?:true|false)$"), "tf")
StrictLoader.add_implicit_resolver(
    "tag:yaml.org,2002:int", re.compile(r"^[-+]?(?:0|[1-9][0-9]*)$"), list("-+0123456789")
)


def read_yaml(path: Path, error: type[BedrijfsvoeringError], bestand: str) -> dict[str, Any]:
    """Read a YAML mapping; whatever is wrong with the file becomes one `error` that names `bestand`."""

    def fail(code: str, bericht: str, regel: int | None = None) -> BedrijfsvoeringError:
        return error([Finding(code=code, ernst="fout", bericht=bericht, bestand=bestand, regel=regel)])

    if path.exists() and not path.is_file():
        raise fail("BESTAND_ONLEESBAAR", "Dit is geen gewoon bestand.")
    try:
        size = path.stat().st_size
        raw = path.read_bytes() if size <= MAX_BYTES else b""
    except FileNotFoundError:
        raise fail("BESTAND_ONTBREEKT", f"Het bestand is er niet. Verwacht: {path}.") from None
    except OSError:
        raise fail("BESTAND_ONLEESBAAR", "Het bestand kan niet worden gelezen. Kijk of u het mag openen.") from None
    if size > MAX_BYTES:
        raise fail("BESTAND_TE_GROOT", f"Het bestand is groter dan {MAX_BYTES // 1000} kB.")
    try:
        data = load_yaml(raw.decode("utf-8-sig"))
    except UnicodeDecodeError:
        raise fail("BESTAND_ONLEESBAAR", "Het bestand is geen UTF-8. Bewaar het opnieuw als UTF-8.") from None
    except YamlError as exc:
        raise fail("YAML_ONJUIST", str(exc), exc.regel) from None
    if not isinstance(data, dict) or not all(isinstance(key, str) for key in data):
        raise fail("YAML_ONJUIST", "Verwacht regels van de vorm 'naam: waarde'.")
    return data


class YamlError(ValueError):
    """A text that is no YAML as this house reads it; the message is Dutch, `regel` is where."""

    def __init__(self, message: str, regel: int | None) -> None:
        self.regel = regel
        super().__init__(message)


def load_yaml(text: str) -> Any:
    """Return what a YAML text says, by the strict rules of this house."""
    try:
        return yaml.load(text, StrictLoader)
    except DutchYamlError as exc:
        mark = exc.problem_mark
        raise YamlError(f"Dit is geen geldige YAML: {exc.problem}.", mark.line + 1 if mark else None) from None
    except Exception as exc:  # a tag with a wrong value makes PyYAML raise whatever its constructor raises
        mark = getattr(exc, "problem_mark", None)
        message = "Dit is geen geldige YAML. Controleer de inspringing, de dubbele punten en de aanhalingstekens."
        raise YamlError(message, mark.line + 1 if mark else None) from None
