"""The page of the names that a notebook sees, made from their docstrings: `docs/api.md`.

`make docs` writes it, with the other pages; by itself: `python docs/api_page.py`. A test holds the page to the code.
"""

from __future__ import annotations

import ast
import inspect
import json
import re
import sys
from collections.abc import Callable, Iterator
from dataclasses import dataclass, fields
from itertools import groupby
from pathlib import Path
from typing import Any, Literal, get_args, get_origin

import bedrijfsvoering
from bedrijfsvoering.display import Shown
from bedrijfsvoering.figures import Figures, Milestone, Post, Project, Table
from bedrijfsvoering.findings import Check, Finding
from bedrijfsvoering.story import Story
from bedrijfsvoering.trace import Trace

DOCS = Path(__file__).parent
NOTEBOOKS = DOCS.parent / "notebooks"
FAMILIES = {
    "load": "What a chapter begins with: the figures of an edition, and its story.",
    "table": "Each shows one table, as HTML and as plain text.",
    "chart": "Each draws one Altair chart. On the page it becomes inline SVG with a text alternative and its data as a "
    "table.",
    "check": "What was proven, and what was found.",
}
"""The verb families, in the order of the page, each with what its names have in common."""
CLASSES: tuple[type, ...] = (Figures, Table, Post, Project, Milestone, Trace, Story, Shown, Check, Finding)
"""What those names give back, or can be asked for."""
WIDE = 100
"""A signature longer than this has a line for each parameter."""
HEAD = """# The names that a notebook sees

**For whoever writes a chapter or explores one.** What each name takes, does and gives back.

A chapter imports one module and calls its names; there are at most twenty. `bv.<Tab>` in JupyterLab lists them, and
`bv.table_posten?` shows what is told below. A name begins with what it does; each shows one thing, and where its table
was not delivered it says so in one line instead of failing.

```python
import bedrijfsvoering as bv

figures = bv.load_figures("diemen", 2023)
```

What holds everywhere: amounts are in the unit that the table declares, mostly x EUR 1.000. Costs are negative and
income is positive. `budgetresultaat = rekening - begroting_na_wijziging`; positive is a voordeel, negative a
nadeel. Unknown is `None`, or missing in a frame, and is never the same as nil.

Two parameters come back everywhere and are not told each time: `figures` is what `load_figures` gave, and `tabel` is
the name of a money table, such as `overhead` or `salarissen`. Errors are Dutch and name the file, the row, what was
found and how to mend it; all are a `BedrijfsvoeringError`, from `bedrijfsvoering.errors`.

This page is made from the docstrings by `make docs`.
"""


@dataclass(frozen=True)
class Docstring:
    """A docstring in the NumPy style: what it says first, and its sections of names with their explanation."""

    text: str
    sections: dict[str, list[tuple[str, str]]]

    @property
    def summary(self) -> str:
        """The first sentence or paragraph."""
        return self.text.split("\n\n")[0]


def read_docstring(thing: Any) -> Docstring:
    """Return the docstring of something public."""
    text = inspect.getdoc(thing) or ""
    parts = re.split(r"^(\w+)\n-+\n", text, flags=re.MULTILINE)
    sections = {name: list(_items(body)) for name, body in zip(parts[1::2], parts[2::2], strict=True)}
    return Docstring(_flowing(parts[0]), sections)


def _items(body: str) -> Iterator[tuple[str, str]]:
    """Yield the names of a section, each with the indented text under it."""
    for block in re.split(r"\n(?=\S)", body.strip()):
        name, _, told = block.partition("\n")
        yield name.strip(), _flowing(inspect.cleandoc(told))


def _flowing(text: str) -> str:
    """Return a text whose paragraphs are one line each."""
    return "\n\n".join(" ".join(part.split()) for part in text.strip().split("\n\n"))


def signature(name: str, thing: Callable[..., Any]) -> str:
    """Return a call as a reader would type it, with the types of the annotations."""
    found = inspect.signature(thing)
    given = [_parameter(one) for one in found.parameters.values() if one.name != "self"]
    after = "" if found.return_annotation is inspect.Signature.empty else f" -> {_type(found.return_annotation)}"
    line = f"{name}({', '.join(given)}){after}"
    if len(line) <= WIDE:
        return line
    return "\n".join([f"{name}(", *(f"    {one}," for one in given), f"){after}"])


def _parameter(one: inspect.Parameter) -> str:
    stars = {inspect.Parameter.VAR_POSITIONAL: "*", inspect.Parameter.VAR_KEYWORD: "**"}.get(one.kind, "")
    told = f"{stars}{one.name}: {_type(one.annotation)}"
    return told if one.default is inspect.Parameter.empty else f"{told} = {json_like(one.default)}"


def json_like(value: Any) -> str:
    """Return a default as the code has it, text in double quotes."""
    return json.dumps(value, ensure_ascii=False) if isinstance(value, str) else repr(value)


def _type(annotation: Any) -> str:
    text = annotation if isinstance(annotation, str) else getattr(annotation, "__name__", str(annotation))
    return text.replace("'", '"')


def examples() -> dict[str, str]:
    """Return for each name the first call of it in a chapter, and the chapter: examples that every build runs."""
    found: dict[str, str] = {}
    for path in sorted(NOTEBOOKS.glob("[0-9]-*.ipynb")):
        for cell in json.loads(path.read_text(encoding="utf-8"))["cells"]:
            text = "".join(cell["source"]) if cell["cell_type"] == "code" else ""
            for node in ast.walk(ast.parse(text)):
                if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute):
                    call = ast.get_source_segment(text, node)
                    found.setdefault(node.func.attr, f"As in chapter `{path.stem}`: `{call}`.")
    return found


def api_page() -> str:
    """Return the page as Markdown."""
    called = examples()
    parts = [HEAD, *_list_of_names()]
    for family, told in FAMILIES.items():
        parts += [f"\n## {_what(family)} (`{family}_`)\n", f"{told}\n"]
        for name in _names(family):
            parts += _function(name, called.get(name, ""))
    parts += [
        "\n## What they give back\n",
        "Frozen dataclasses: they can be read, compared and passed on, not changed.\n",
    ]
    for kind in CLASSES:
        parts += _class(kind)
    return "\n".join(parts)


def _what(family: str) -> str:
    return {"load": "Read", "table": "Show", "chart": "Draw", "check": "Prove"}[family]


def _names(family: str) -> list[str]:
    return sorted(name for name in bedrijfsvoering.__all__ if name.startswith(f"{family}_"))


def _list_of_names() -> Iterator[str]:
    """Yield a table with a line per name; a name of no family has no place on the page, and that is refused."""
    names = [name for family in FAMILIES for name in _names(family)]
    if lost := set(bedrijfsvoering.__all__) - set(names):
        raise ValueError(f"these names are of no family that docs/api_page.py knows: {sorted(lost)}")
    yield "| name | what it does |\n|---|---|"
    for name in names:
        yield f"| [`{name}`](#{name}) | {read_docstring(getattr(bedrijfsvoering, name)).summary} |"


def _function(name: str, example: str) -> Iterator[str]:
    thing = getattr(bedrijfsvoering, name)
    yield f"### {name}\n"
    yield f"```python\n{signature(name, thing)}\n```\n"
    yield from _told(read_docstring(thing))
    if example:
        yield f"{example}\n"


def _told(said: Docstring) -> Iterator[str]:
    """Yield what a docstring says, its sections as lists."""
    yield f"{said.text}\n"
    for section, items in said.sections.items():
        if section != "Attributes":
            yield f"**{section}**\n"
            yield "\n".join(f"- {_named(names)}: {told}" for names, told in items) + "\n"


def _named(names: str) -> str:
    """Return the names before an explanation, each as code."""
    return ", ".join(f"`{name}`" for name in names.split(", "))


def _class(kind: type) -> Iterator[str]:
    """Yield a class: what it is, its fields, what is computed from them, and what it can be asked."""
    said = read_docstring(kind)
    yield f"### {kind.__name__}\n"
    yield from _told(said)
    told = {name: text for names, text in said.sections.get("Attributes", []) for name in names.split(", ")}
    lines = list(_fields(kind, told))
    methods = []
    for name, member in vars(kind).items():
        if name.startswith("_"):
            continue
        if isinstance(member, property):
            found = inspect.signature(member.fget).return_annotation  # type: ignore[arg-type]
            lines.append(_attribute(name, _plain(_type(found), kind), read_docstring(member).text))
        elif inspect.isfunction(member):
            methods.append((signature(f"{kind.__name__.lower()}.{name}", member), read_docstring(member)))
    yield "| attribute | type | what it is |\n|---|---|---|"
    yield "\n".join(lines) + "\n"
    for call, method in methods:
        yield f"```python\n{call}\n```\n"
        yield from _told(method)


def _fields(kind: type, told: dict[str, str]) -> Iterator[str]:
    """Yield a line per field; neighbours that a docstring tells together have one line."""
    for text, group in groupby(fields(kind), key=lambda one: told.get(one.name, one.name)):
        together = list(group)
        names = ", ".join(one.name for one in together)
        kinds = [_plain(_type(one.type), kind) for one in together]
        shown = kinds[:1] if len(set(kinds)) == 1 else kinds
        yield _attribute(names, "; ".join(shown), "" if text == names else text)


def _plain(annotation: str, kind: type) -> str:
    """Return a type with the values of a `Literal` in the place of its name, so that a reader need not look it up."""
    home = vars(sys.modules[kind.__module__])

    def values(found: re.Match[str]) -> str:
        alias = home.get(found[0])
        if alias is str:
            return "str"
        return " or ".join(f'"{one}"' for one in get_args(alias)) if get_origin(alias) is Literal else found[0]

    said = re.sub(r"Literal\[(.*?)\]", lambda found: found[1].replace(", ", " or "), annotation)
    return re.sub(r"\b[A-Z]\w+", values, said)


def _attribute(names: str, kind: str, told: str) -> str:
    shown = ", ".join(f"`{one}`" for one in kind.replace("|", "\\|").split("; "))
    return f"| {_named(names)} | {shown} | {told} |"


def main() -> None:
    """Write the page."""
    (DOCS / "api.md").write_text(api_page(), encoding="utf-8")


if __name__ == "__main__":
    main()
