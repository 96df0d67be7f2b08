"""Stories of two editions sentence by sentence: what was added, what is gone, what is said otherwise."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher
from typing import Literal

ALIKE = 0.6
"""Sentences that have so much in common are one sentence said otherwise."""
MAX_PAIRS = 10_000
"""Of more sentences against each other than this, all are new and gone: the text was written anew."""
NUMBER = re.compile(r"[-\N{MINUS SIGN}]?\d+(?:[.,]\d+)*")


@dataclass(frozen=True)
class SentenceChange:
    """One sentence that is new (`oud` is None), gone (`nieuw` is None) or said otherwise."""

    oud: str | None
    nieuw: str | None

    @property
    def soort(self) -> Literal["nieuw", "vervallen", "gewijzigd"]:
        """What happened to the sentence."""
        return "nieuw" if self.oud is None else "vervallen" if self.nieuw is None else "gewijzigd"

    @property
    def alleen_cijfers(self) -> bool:
        """Whether the words are the same and only numbers changed."""
        return self.oud is not None and self.nieuw is not None and _words(self.oud) == _words(self.nieuw)


@dataclass(frozen=True)
class StoryDifference:
    """The sentences of one chapter that changed, in the order in which they are read."""

    hoofdstuk: str
    zinnen: tuple[SentenceChange, ...]


def diff_stories(old: Mapping[str, Sequence[str]], new: Mapping[str, Sequence[str]]) -> tuple[StoryDifference, ...]:
    """Return the chapters whose text changed, by the sentences that did."""
    found = [
        StoryDifference(name, tuple(diff_sentences(old.get(name, ()), new.get(name, ()))))
        for name in sorted({*old, *new})
    ]
    return tuple(story for story in found if story.zinnen)


def diff_sentences(old: Sequence[str], new: Sequence[str]) -> Iterator[SentenceChange]:
    """Yield the sentences that are not the same in both, in the order in which they are read."""
    for what, a, b, c, d in SequenceMatcher(None, old, new, autojunk=False).get_opcodes():
        if what != "equal":
            yield from _changes(old[a:b], new[c:d])


def _changes(old: Sequence[str], new: Sequence[str]) -> Iterator[SentenceChange]:
    """Yield what took the place of some sentences: each with the new one that is most like it, if there is one."""
    pairs = _pairs(old, new)
    told = 0
    for number, sentence in enumerate(old):
        if number not in pairs:
            yield SentenceChange(sentence, None)
            continue
        yield from (SentenceChange(None, other) for other in new[told : pairs[number]])
        yield SentenceChange(sentence, new[pairs[number]])
        told = pairs[number] + 1
    yield from (SentenceChange(None, other) for other in new[told:])


def _pairs(old: Sequence[str], new: Sequence[str]) -> dict[int, int]:
    """Return which old sentence became which new one; the order of both stays."""
    pairs: dict[int, int] = {}
    if len(old) * len(new) > MAX_PAIRS:
        return pairs
    begin = 0
    for number, sentence in enumerate(old):
        likeness = [_likeness(sentence, other) for other in new[begin:]]
        if likeness and max(likeness) >= ALIKE:
            pairs[number] = begin + likeness.index(max(likeness))
            begin = pairs[number] + 1
    return pairs


def _likeness(a: str, b: str) -> float:
    """Return how much two sentences have in common, their numbers left aside."""
    matcher = SequenceMatcher(None, _words(a), _words(b), autojunk=False)
    return matcher.ratio() if matcher.real_quick_ratio() >= ALIKE and matcher.quick_ratio() >= ALIKE else 0.0


def _words(sentence: str) -> str:
    return NUMBER.sub("#", sentence)
