"""Proofreading: the numbers and directions that people type in stories, held against the figures.

`mentions` finds numbers in Dutch, `passages` cuts a story into sentences and says of which stage each place speaks,
`naming` finds the rows that a sentence names, `facts` are all values that a number can be, `directions` are voordeel
and nadeel, hoger and lager; `judgement` puts them together and is what the rest of the house uses.
"""

from .judgement import Proofreader, Use, check_stories, proofread
from .uses import uses_of

__all__ = ["Proofreader", "Use", "check_stories", "proofread", "uses_of"]
