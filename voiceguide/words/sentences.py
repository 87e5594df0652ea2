"""Where the sentences of a text begin, for lyrics that scroll sentence by sentence."""

from __future__ import annotations

import re

# What ends a sentence, with what closes around it. A run is looked at from its beginning only, so this is linear.
_END = re.compile(r"""(?<![.!?…])[.!?…]+["'”’)\]»]*\s+|[。！？।؟۔]+["'”’」』）)\]»]*\s*""")  # noqa: RUF001 - these are meant
_ABBREVIATIONS = frozenset({"approx", "ca", "dr", "mr", "mrs", "ms", "prof", "st", "vs"})
_LAST_WORD = 16  # characters before a full stop that are looked at: no abbreviation is longer


def find_sentences(text: str) -> list[int]:
    """The index of the first character of each sentence; the first one is 0, or the list is empty for no text.

    A full stop ends no sentence if a small letter follows, or after an initial, a common abbreviation or a mere number.
    """
    starts = [0] if text.strip() else []
    for end in _END.finditer(text):
        after = end.end()
        if after < len(text) and not text[after].islower() and not _goes_on(text, starts[-1], end):
            starts.append(after)
    return starts


def _goes_on(text: str, start: int, end: re.Match[str]) -> bool:
    if not any(map(str.isalnum, text[start : end.start()])):
        return True  # dots at its beginning
    if end[0].rstrip() != ".":
        return False
    before = text[max(start, end.start() - _LAST_WORD) : end.start()].split()
    last = before[-1].casefold() if before else ""
    # "1. Lie down.", "S. I. joint", "Dr. Thomas"
    whole = text[start : end.start()].strip()
    return whole.isdigit() or (len(last) == 1 and last.isalpha()) or last in _ABBREVIATIONS
