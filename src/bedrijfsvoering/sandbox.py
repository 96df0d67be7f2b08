"""The sandbox that fills the references of a story in: figures, results and choices, and nothing of Python."""

from __future__ import annotations

import traceback
from collections.abc import Container
from math import isinf
from typing import Any

from jinja2 import StrictUndefined, TemplateError, TemplateSyntaxError, Undefined, nodes
from jinja2.sandbox import SandboxedEnvironment

from .errors import StoryError, nearest
from .figures import Figures
from .findings import Finding
from .references import LINE_CLOSE, LINE_OPEN, Names, Tokens, WrongReference, as_text, is_geld, story_names
from .results import FILTERS, story_functions
from .texts import CONTROL

ALLOWED = (
    nodes.Template, nodes.Output, nodes.TemplateData, nodes.Name, nodes.Const, nodes.Getattr, nodes.Getitem, nodes.Call,
    nodes.Filter, nodes.If, nodes.CondExpr, nodes.Compare, nodes.Operand, nodes.And, nodes.Or, nodes.Not, nodes.Test,
    nodes.Neg,
)  # fmt: skip
"""What a story may be made of: names of figures, results of them, and choices. No loops, no arithmetic, no files."""
NOT_ALLOWED = "dit kan hier niet"
MAX_TOLD = 20
"""Problems of one story that are told at once."""
REFERENCE = 100_000
"""From here references are numbered, in the place of their line: a story has fewer lines, and one can have many."""


class StoryUndefined(StrictUndefined):
    """A name that is not there: it can be asked whether it is defined, part by part, and nothing else."""

    def __getattr__(self, name: str) -> Any:
        """Return the part of what is not there, which is not there either."""
        if name.startswith("__"):
            raise AttributeError(name)
        return self


class StorySandbox(SandboxedEnvironment):
    """A sandbox that knows figures and results only: nothing of Python can be reached from them."""

    def __init__(self, tokens: Tokens) -> None:
        super().__init__(undefined=StoryUndefined, autoescape=False, keep_trailing_newline=True, finalize=as_text)
        self.globals.clear()
        self.filters = dict(FILTERS)
        self.tests = {"defined": self.tests["defined"], "geld": is_geld}
        self.functions = story_functions(tokens)
        self.globals.update(self.functions)
        self.lines: dict[int, int] = {}

    def getattr(self, obj: Any, attribute: Any) -> Any:
        """Look a name up in the figures; an unknown one is undefined, with the nearest known name as hint."""
        if isinstance(obj, Undefined):
            return obj
        if not isinstance(obj, Names):
            return self.undefined(hint="Hier kan geen onderdeel van worden genoemd.", obj=obj, name=str(attribute))
        found = obj.lookup(attribute) if isinstance(attribute, str) else None
        if found is not None:
            return found
        hint = f"'{obj.path}.{attribute}' bestaat niet.{nearest(str(attribute), obj.names())}"
        if attribute in obj.names():
            hint = f"'{obj.path}.{attribute}' is niet aangeleverd."
        return self.undefined(hint=hint, obj=obj, name=str(attribute))

    def getitem(self, obj: Any, argument: Any) -> Any:
        """Look `overhead['duo_plus']` up as `overhead.duo_plus`."""
        return self.getattr(obj, argument)

    def call(self, context: Any, obj: Any, *args: Any, **kwargs: Any) -> Any:
        """Call one of the known functions, and nothing else."""
        if isinstance(obj, Undefined):
            str(obj)  # raises what is wrong with the name
        if not any(obj is function for function in self.functions.values()):
            raise WrongReference("alleen de functies uit de handleiding kunnen hier staan")
        return super().call(context, obj, *args, **kwargs)

    def read(self, source: str, without: Container[int | None] = ()) -> Any:
        """Return the template of a story that is made of what is allowed, without some of its references.

        Each reference has a number of its own for its line, by which an error tells it; `lines` has the real one.
        """
        tree = self.parse(source)
        for node in tree.find_all(nodes.Node):
            value = node.value if isinstance(node, nodes.Const) else None
            bad = (isinstance(value, str) and CONTROL.search(value)) or (isinstance(value, float) and isinf(value))
            if bad or not isinstance(node, (*ALLOWED, nodes.Keyword, nodes.Pair)):
                raise TemplateSyntaxError(NOT_ALLOWED, getattr(node, "lineno", 1))
        for text in tree.find_all(nodes.TemplateData):
            text.data = _with_lines(text.data, text.lineno)
        for output in tree.find_all(nodes.Output):
            for node in output.nodes:
                if not isinstance(node, nodes.TemplateData):
                    number = REFERENCE + len(self.lines)
                    self.lines[number] = node.lineno
                    node.set_lineno(number, override=True)
            output.nodes = [node for node in output.nodes if node.lineno not in without]
        return self.from_string(tree)


def _with_lines(text: str, regel: int) -> str:
    """Return a part of a story with a mark for the line of the file where each of its lines begins."""
    lines = text.split("\n")
    return "\n".join(f"{LINE_OPEN}{regel + index}{LINE_CLOSE}{line}" for index, line in enumerate(lines))


def render_template(source: str, figures: Figures, tokens: Tokens, bestand: str) -> str:
    """Return the Markdown of a story: a token for each figure, and a mark for each line of the file.

    Raises
    ------
    StoryError
        Every reference that cannot be filled in, at once.
    """
    problems: dict[int | None, Finding] = {}
    while True:
        sandbox = StorySandbox(tokens)
        place: int | None = None
        try:
            template = sandbox.read(source, without=problems)
            text = str(template.render(**story_names(figures, tokens)))
        except TemplateSyntaxError as exc:
            place, told = exc.lineno, _told_syntax(exc)
        except (SyntaxError, RecursionError, MemoryError):
            told = "Hier staat te veel in elkaar, zoals keuzes (if). Maak er losse zinnen van."
        except (TemplateError, TypeError, ValueError, ArithmeticError, LookupError) as exc:
            frames = [frame for frame in traceback.extract_tb(exc.__traceback__) if frame.filename == "<template>"]
            place, told = frames[-1].lineno if frames else None, _told(exc, tokens)
        else:
            if not problems:
                return text
            raise StoryError(dict.fromkeys(problems.values()))
        regel = sandbox.lines.get(place, place) if place else None
        known = place in problems
        problems.setdefault(place, story_problem(told, bestand, regel))
        if place is None or known or len(problems) > MAX_TOLD:
            raise StoryError(dict.fromkeys(problems.values()))


def _told_syntax(exc: TemplateSyntaxError) -> str:
    """Return in Dutch why a reference cannot be read."""
    message = exc.message or ""
    if message == NOT_ALLOWED:
        return "Dit kan hier niet: alleen cijfers, resultaten en keuzes (if) kunnen in een toelichting staan."
    if message.startswith("No filter named"):
        name = message.split("'")[1]
        return f"'| {name}' bestaat niet.{nearest(name, list(FILTERS))} Bekend zijn: {', '.join(FILTERS)}."
    return "De verwijzing is niet goed geschreven. Controleer de accolades, de haakjes en de punten."


def _told(exc: Exception, tokens: Tokens) -> str:
    """Return in Dutch why a reference cannot be filled in, with the nearest known name where a name is unknown."""
    message = str(exc)
    if message.endswith("is undefined"):
        name = message.split("'")[1]
        known = [*tokens.figures.tables, *story_functions(tokens)]
        return f"'{name}' bestaat niet.{nearest(name, known)} Bekend zijn: {', '.join(known)}."
    ours = not isinstance(exc, TypeError) and message.startswith(("'", "Hier kan"))
    if isinstance(exc, WrongReference) or ours:
        return message[:1].upper() + message[1:] + ("" if message.endswith((".", "?")) else ".")
    return "De verwijzing kan niet worden gelezen: zo is zij niet bedoeld. De handleiding noemt wat kan."


def story_problem(bericht: str, bestand: str, regel: int | None = None) -> Finding:
    """Return one problem of a story."""
    return Finding(code="TOELICHTING_ONJUIST", ernst="fout", bericht=bericht, bestand=bestand, regel=regel)
