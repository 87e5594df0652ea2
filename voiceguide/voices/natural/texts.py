# ruff: noqa: RUF001
"""Texts for a natural voice: cut into sentences, and each spoken word found again in the text as it was written."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence

Span = tuple[int, int]
"""A piece of a text: its start and end, as in a slice."""

_END = re.compile(r"(?<=[.!?…])[\"”’)\]]*\s+(?=\S)|\s*\n\s*")
_WORD = re.compile(r"[^\W_]+(?:['’][^\W_]+)*")
_FEW = 250_000  # pairs of words that are compared in full


def cut_sentences(text: str, titles: Iterable[str]) -> Iterator[Span]:
    """Each sentence of a text. A full stop after one of `titles` or after an initial ends none."""
    known = frozenset(titles)
    start = 0
    for match in _END.finditer(text):
        if "\n" in match[0] or _ends(text, match, known):
            if text[start : match.start()].strip():
                yield start, match.start()
            start = match.end()
    if text[start:].strip():
        yield start, len(text)


def find_words(text: str, start: int, end: int) -> list[Span]:
    """The words of a piece of a text."""
    return [match.span() for match in _WORD.finditer(text, start, end)]


def match_words(written: Sequence[str], spoken: Sequence[str]) -> dict[int, int]:
    """For each written word that can be found, the index of the spoken word with which it begins.

    "1:30" is spoken as other words than it is written in, so those in between are paired by their order.
    """
    ours, theirs = [each.casefold() for each in written], [each.casefold() for each in spoken]
    head = 0
    while head < min(len(ours), len(theirs)) and ours[head] == theirs[head]:
        head += 1
    tail = 0
    while tail < min(len(ours), len(theirs)) - head and ours[-1 - tail] == theirs[-1 - tail]:
        tail += 1
    found = {index: index for index in range(head)}
    for mine, yours in _pieces(ours[head : len(ours) - tail], theirs[head : len(theirs) - tail]):
        for place, index in enumerate(mine):
            if yours:
                found[head + index] = head + yours[place * len(yours) // len(mine)]
    shift = len(theirs) - len(ours)
    found.update((index, index + shift) for index in range(len(ours) - tail, len(ours)))
    return found


def _ends(text: str, match: re.Match[str], titles: frozenset[str]) -> bool:
    if text[match.end()].islower():
        return False
    if text[match.start() - 1] != ".":
        return True
    word = text[text.rfind(" ", 0, match.start()) + 1 : match.start() - 1].lstrip("(\"“'‘")
    return word not in titles and not (len(word) == 1 and word.isupper() and word != "I")


def _pieces(ours: list[str], theirs: list[str]) -> Iterator[tuple[range, range]]:
    if not ours or not theirs:
        return
    if len(ours) * len(theirs) > _FEW:
        yield range(len(ours)), range(len(theirs))
        return
    from difflib import SequenceMatcher  # most texts are spoken as they are written

    for kind, first, last, start, end in SequenceMatcher(None, ours, theirs, autojunk=False).get_opcodes():
        if kind == "equal":
            yield from ((range(first + k, first + k + 1), range(start + k, start + k + 1)) for k in range(last - first))
        elif kind == "replace":
            yield range(first, last), range(start, end)
