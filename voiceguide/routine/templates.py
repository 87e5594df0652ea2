"""What may stand in a spoken text: its `{names}`, and what a voice can say at all."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping

from voiceguide.errors import quoted, suggestion

NAMES = {
    "side": "the side being worked: left, right or tighter",
    "other": "the other side",
    "hold": "the next hold's length in words",
    "round": "the number of this round of a repeat",
    "rounds": "how many rounds there are",
    "title": "the session's title",
    "length": "the whole session's length in words, to the nearest half minute",
}
MAX_TEXT = 5_000  # characters; a text of this length already speaks for six minutes

Span = tuple[int, int]
"""A piece of a text: where it begins, and where it has ended."""

_BRACES = re.compile(r"\{\{|\}\}|\{([^{}]*)\}|\{")
_EMOJI = re.compile("[\u2600-\u27bf\u2b00-\u2bff\ufe0f\u200d\u20e3\U0001f000-\U0001faff\U000e0000-\U000e007f]")


def names_in(text: str) -> Iterator[str]:
    """The `{names}` of a text, in order."""
    return (name for name, _ in named_in(text))


def named_in(text: str) -> Iterator[tuple[str, Span]]:
    """The `{names}` of a text, in order, and where each stands in it."""
    for match in _BRACES.finditer(text):
        if match[1] is not None:
            yield match[1].strip(), match.span()


def fill(text: str, values: Mapping[str, str]) -> str:
    """Put values in for their names. Names without a value, and doubled braces, stay as they are."""

    def value(match: re.Match[str]) -> str:
        name = (match[1] or "").strip()
        # A value is words, never a template: its braces must not be read as names later.
        return values[name].replace("{", "{{").replace("}", "}}") if name in values else match[0]

    return _BRACES.sub(value, text)


def finish(text: str) -> str:
    """A filled text as it is spoken: doubled braces single, white space folded."""
    return " ".join(text.replace("{{", "{").replace("}}", "}").split())


def trouble(text: str) -> tuple[Span, str] | None:
    """What keeps a text from being spoken: the piece at fault, and a sentence; None where all is well.

    The piece is nothing where the fault is the whole text's.
    """
    whole = (0, 0)
    if not text.strip():
        return whole, "expected words to say, found nothing"
    if len(text) > MAX_TEXT:
        found = f"this text has {len(text):,} characters"
        return whole, f"{found}; expected at most {MAX_TEXT:,}, so say it in several steps"
    if emoji := _EMOJI.search(text):
        return emoji.span(), "a voice reads an emoji out by its name; take it out, or say it in words"
    if not any(char.isalnum() for char in text):
        return whole, f"expected words to say, found only {quoted(text)}"
    for match in _BRACES.finditer(text):
        if match[0] == "{":
            return match.span(), 'a "{" that is never closed; write "{{" for a brace'
        if match[1] is not None and match[1].strip() not in NAMES:
            known = ", ".join(f"{{{name}}}" for name in NAMES)
            what = f"{quoted(match[0])} is not a name that a text can use; expected one of {known}"
            return match.span(), what + suggestion(match[1].strip(), NAMES)
    return None


def slug(title: str) -> str:
    """A title as a name to type: lower case, words joined by hyphens."""
    return "-".join(re.findall(r"[^\W_]+", title.casefold().replace("'", "").replace("\u2019", ""))) or "hold"
