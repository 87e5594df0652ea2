"""Silence inside a text: `[2s]` is exactly that much of it, and `[[` is a bracket."""

from __future__ import annotations

import re
from collections.abc import Iterator

from voiceguide import times
from voiceguide.errors import quoted

MAX_SILENCE = 5 * times.MINUTE
"""The longest silence inside a text, in ms: longer ones are steps of their own."""

Span = tuple[int, int]

# What is in brackets ends at the next bracket, so this is linear. Punctuation after a silence belongs to the words
# before it: a voice can't begin with it.
_BRACKETS = re.compile(r"\[\[|\]\]|\[([^][]*)\]([.,;:!?\u2026]*)|\[")
_EXAMPLE = "expected silence such as [2s] or [1.5s]"


def split_silences(text: str) -> Iterator[tuple[str, int]]:
    """The pieces of a text with brackets unescaped, each with the ms of silence after it (0 after the last).

    A piece is empty where silence comes first or last, or follows other silence.
    """
    piece, at = "", 0
    for match in _BRACKETS.finditer(text):
        piece += text[at : match.start()]
        at = match.end()
        ms = _read(match[1])
        if ms is None:
            piece += match[0][0] if match[0] in ("[[", "]]") else match[0]
            continue
        yield (piece.rstrip() if match[2] else piece) + match[2], ms
        piece = ""
    yield piece + text[at:], 0


def show_brackets(text: str) -> str:
    """The text with its silences as they are written, and doubled brackets single."""
    if "[" not in text and "]" not in text:
        return text
    return _BRACKETS.sub(lambda match: match[0][0] if match[0] in ("[[", "]]") else match[0], text)


def find_no_silence(text: str) -> tuple[Span, str] | None:
    """The first bracket that is no silence: its span, and a message."""
    for match in _BRACKETS.finditer(text):
        if match[1] is None:
            if match[0] == "[":
                return match.span(), f'this "[" is never closed; {_EXAMPLE}, and write "[[" for a bracket'
            continue
        start, end = match.start(), match.end(1) + 1
        given = quoted(text[start:end])
        ms = _read(match[1])
        if ms is None:
            more = _suggest(match[1])
            return (start, end), f'found {given}, {_EXAMPLE}; {more}write "[[" for a bracket'
        if not ms:
            return (start, end), f"{given} is no silence at all; remove it, or make it longer"
        if ms > MAX_SILENCE:
            most = times.short(MAX_SILENCE)
            return (
                start,
                end,
            ), f"{given} is longer than {most}, the most inside a text; use a `pause` between two texts"
    return None


def list_silences(text: str) -> list[int]:
    """The silences inside a text, in ms."""
    return [ms for _, ms in split_silences(text) if ms] if "[" in text else []


def _suggest(inside: str) -> str:
    number = inside.strip()
    return f"for seconds, write [{number}s]; " if re.fullmatch(r"\d{1,3}(\.\d{1,3})?", number) else ""


def _read(inside: str | None) -> int | None:
    """The ms of silence that brackets stand for; None for anything else. A mere number has no unit, so it is none."""
    if inside is None or not inside.strip() or inside.strip().replace(".", "", 1).isdecimal():
        return None
    try:
        return times.duration(inside)
    except ValueError:
        return None
