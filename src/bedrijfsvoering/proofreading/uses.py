"""Where the stories of an edition use its figures: by reference, or by a number that was typed and agrees."""

from __future__ import annotations

from ..errors import StoryError
from ..figures import Figures
from ..story import DEFAULTS, own_stories
from .facts import Facts
from .judgement import Proofreader, Use, read_proof


def uses_of(figures: Figures) -> tuple[Use, ...]:
    """Return each sentence that names figures, in the order of the chapters; neutral stories stand in for own ones.

    A story that cannot be told is passed over: `load_story` says why.
    """
    reader = Proofreader(Facts(figures))
    found: list[Use] = []
    for hoofdstuk in sorted({*own_stories(figures), *(path.stem for path in DEFAULTS.glob("*.md"))}):
        try:
            found += read_proof(figures, hoofdstuk, reader)[1].uses
        except StoryError:
            continue
    return tuple(found)
