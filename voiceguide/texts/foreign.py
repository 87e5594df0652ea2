"""What people bring along from other tools: SSML, stage directions, Markdown, arrows; and the way each is said here.

A voice would read these marks aloud, or swallow them with the words inside.
"""

from __future__ import annotations

import re
from collections.abc import Callable

from voiceguide.errors import quoted

Span = tuple[int, int]
"""A piece of a text: its start and end, as in a slice."""

# Symbols beyond ASCII that are spoken as words, or that are silent accents.
_READ = frozenset("°\u00d7÷±\u2212≈≤≥¢£¥€§µ℃℉¨\u00b4\u00b8˚")
_BULLETS = frozenset("•‣◦\u2043∙")
# Numbers that are one character and have a reading.
_NUMBERS = frozenset("½⅓⅔¼¾⅛⅜⅝⅞¹²³")


def find_foreign(text: str) -> tuple[Span, str] | None:
    """The first mark of another tool, or the first symbol without a reading, and what to write instead."""
    for sign, pattern, explain in _MARKS:
        if sign in text and (match := re.search(pattern, text)):
            return match.span(), explain(match)
    return None if text.isascii() else _find_symbol(text)


def _find_symbol(text: str) -> tuple[Span, str] | None:
    import unicodedata

    for at, char in enumerate(text):
        if char.isascii() or char in _READ:
            continue
        kind = unicodedata.category(char)
        if kind[0] == "S" or char in _BULLETS or (kind == "No" and char not in _NUMBERS):
            name = unicodedata.name(char, f"U+{ord(char):04X}").lower()
            return (at, at + 1), f"{quoted(char)} ({name}) has no reading; write the words that you mean"
    return None


def _explain_silence(match: re.Match[str]) -> str:
    found = {name: value for name, value in match.groupdict().items() if value}
    number = (found.get("n") or found.get("m") or "2").replace(",", ".")
    unit = (found.get("u") or found.get("v") or ("ms" if "slnc" in match[0] else "s")).casefold()
    milliseconds = unit == "ms" or unit.startswith("mil")
    short = "ms" if milliseconds else unit[0] if unit[0] in "mh" else "s"
    return f"silence inside a text is written [{number}{short}]; found {quoted(match[0])}"


def _explain_tag(match: re.Match[str]) -> str:
    return (
        f"found the tag {quoted(match[0])}, but texts are plain words; write silence as [2s], how a word is said under "
        "`pronounce`, and the voice's rate and pitch under `voice`"
    )


def _explain_emphasis(match: re.Match[str]) -> str:
    return f"found {quoted(match[0])}, but a voice can't speak emphasis; write {quoted(match[0].strip('*_`'))}"


def _explain_unread(match: re.Match[str]) -> str:
    return f"{quoted(match[0])} has no reading; write the words that you mean"


def _explain_entity(match: re.Match[str]) -> str:
    return f"found {quoted(match[0])}, which is a mark of web pages; write the character or the word that it stands for"


def _explain_heading(_match: re.Match[str]) -> str:
    return "found a heading; a title is written `exercise: Title`, and a number as #2, without a space"


def _explain_link(match: re.Match[str]) -> str:
    return f"found the link {quoted(match[0])}, which can't be spoken; write the words alone, and the page as `source`"


# A sign without which the mark can't be there, so that most texts are searched for signs only. Every repeat is bounded:
# no text takes long to search.
_PAUSE = r"(?:(?:short|long|brief)\s{1,9})?(?:pause|break|silence|beat|slnc)"
_DIRECTION = (
    rf"(?:{_PAUSE}(?:\s?[:=]?\s{{0,3}}(?:of|for)?\s{{0,3}}(?P<n>\d{{1,6}}(?:[.,]\d{{1,3}})?)[\s-]{{0,3}}(?P<u>[a-z]{{0,12}})\.?)?"
    rf"|(?P<m>\d{{1,6}}(?:[.,]\d{{1,3}})?)[\s-]{{0,3}}(?P<v>[a-z]{{0,12}})\.?\s{{1,3}}{_PAUSE})"
)
_MARKS: tuple[tuple[str, str, Callable[[re.Match[str]], str]], ...] = (
    (
        "<",
        r"(?i)<break\b(?:[^<>]{0,99}?[\"']\s?(?P<n>[\d.]{1,9})\s?(?P<u>[a-z]{1,9})[\"'])?[^<>]{0,99}>",
        _explain_silence,
    ),
    ("<", r"(?i)</?[a-z!?][^<>]{0,200}>", _explain_tag),
    ("[", rf"(?i)\[{{1,2}}\s{{0,3}}{_DIRECTION}\s{{0,3}}\]{{1,2}}", _explain_silence),
    ("(", rf"(?i)\(\s{{0,3}}{_DIRECTION}\s{{0,3}}\)", _explain_silence),
    ("*", r"\*\*[^*\n]{1,200}\*\*|(?<![\w*])\*[^\s*][^*\n]{0,200}\*(?![\w*])", _explain_emphasis),
    ("_", r"__[^_\n]{1,200}__|(?<!\w)_[^\s_][^_\n]{0,200}_(?!\w)", _explain_emphasis),
    ("`", r"`[^`\n]{1,200}`", _explain_emphasis),
    ("#", r"(?m)^[ \t]{0,9}#{1,6}[ \t]+\S", _explain_heading),
    ("&", r"&(?:[A-Za-z]{2,8}|#\d{1,6});", _explain_entity),
    (">", r"[-=]{1,2}>", _explain_unread),
    ("<", r"<[-=]{1,2}", _explain_unread),
    ("~~", r"~~", _explain_unread),
    ("^", r"\^", _explain_unread),
    # Inside braces it parts the forms of a word.
    ("|", r"\|(?![^{}]{0,300}\})", _explain_unread),
    ("](", r"\[[^][\n]{1,200}\]\([^()\s]{1,200}\)", _explain_link),
)
