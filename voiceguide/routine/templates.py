"""Spoken texts: their placeholders, such as `{side}`, and the checks that a voice can speak them."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Iterator, Mapping

from voiceguide.errors import quoted, suggestion
from voiceguide.texts.foreign import Span, find_foreign
from voiceguide.texts.silences import find_no_silence, show_brackets, split_silences

NAMES = {
    "side": "the side being worked: left, right or tighter",
    "other": "the other side",
    "hold": "the next hold's length in words",
    "round": "the number of this round of a repeat",
    "rounds": "the number of rounds",
    "title": "the session's title",
    "remaining": "how much of the hold is left at a cue, in words",
    "elapsed": "how much of the hold has passed at a cue, in words",
    "next": "the title of the next exercise",
    "length": "the length of the whole session, or of the included part, in words",
}
MAX_TEXT = 5_000  # characters; speaking a text of this length takes six minutes

FORM_SIDES = ("left", "right", "tighter")
"""The order of the forms of a word, as in `{linken|rechten}`."""

_BRACES = re.compile(r"\{\{|\}\}|\{([^{}]*)\}|\{")
_DOUBLED = str.maketrans({sign: sign * 2 for sign in "{}[]"})
_EMOJI = re.compile("[\u2600-\u27bf\u2b00-\u2bff\ufe0f\u200d\u20e3\U0001f000-\U0001faff\U000e0000-\U000e007f]")


def speak_title(title: str) -> str:
    """A title as it is spoken: without emoji, which a voice reads out by name. Empty if no words are left."""
    plain = " ".join(_EMOJI.sub(" ", title).split())
    return plain if any(map(str.isalnum, plain)) else ""


def names_in(text: str) -> Iterator[str]:
    """The `{names}` of a text, in order."""
    return (name for name, _ in named_in(text))


def named_in(text: str) -> Iterator[tuple[str, Span]]:
    """The `{names}` of a text, in order, each with its span."""
    for match in _BRACES.finditer(text):
        if match[1] is not None:
            yield match[1].strip(), match.span()


def fill(text: str, values: Mapping[str, str], side: str | None = None) -> str:
    """Replace names by their values, and forms by the one for the side.

    Names without a value, forms without a side, and doubled braces are not changed.
    """

    def value(match: re.Match[str]) -> str:
        name = (match[1] or "").strip()
        if side is not None and (forms := forms_of(name)):
            return forms[FORM_SIDES.index(side)]
        # A value is not a template: escape it, so that it is not read as one later.
        return escape(values[name]) if name in values else match[0]

    return _BRACES.sub(value, text)


def escape(text: str) -> str:
    """A text as a template that says exactly this: its braces and brackets doubled."""
    return text.translate(_DOUBLED)


def forms_of(name: str) -> tuple[str, ...]:
    """The forms of a word for the left side, the right and the tighter one, if that is what is in the braces."""
    return tuple(map(str.strip, name.split("|"))) if "|" in name else ()


def find_formless(text: str, sides: Collection[str]) -> tuple[Span, str] | None:
    """The first `{linken|rechten}` with a wrong number of forms for these sides: its span, and a message."""
    for name, (start, end) in named_in(text):
        forms, given = forms_of(name), quoted(text[start:end])
        if not forms:
            continue
        if not sides:
            return (start, end), f"{given} has a form for each side, so it needs `sides` around it"
        if len(forms) > len(FORM_SIDES):
            expected = "expected two, for left and right, or a third for the tighter side"
            return (start, end), f"{given} has {len(forms)} forms; {expected}"
        if len(forms) == len(FORM_SIDES) - 1 and "tighter" in sides:
            return (
                start,
                end,
            ), f"{given} needs a third form, for the pass on the tighter side that this ratio adds"
    return None


def finish(text: str) -> str:
    """Unescape doubled braces and brackets, and collapse white space: a filled text as it is shown."""
    return _flatten(show_brackets(text))


def finish_pieces(text: str) -> list[tuple[str, int]]:
    """The pieces between a filled text's silences, finished, each with the ms of silence after it.

    A piece without words is empty; there is none without silence after it, and none if the text has no silence.
    """
    if "[" not in text:
        return []
    pieces = [(_flatten(piece), ms) for piece, ms in split_silences(text)]
    wordy = [(piece if any(map(str.isalnum, piece)) else "", ms) for piece, ms in pieces]
    parted = any(ms for _, ms in wordy) and any(piece for piece, _ in wordy)
    return [each for each in wordy if any(each)] if parted else []


def _flatten(text: str) -> str:
    return " ".join(text.replace("{{", "{").replace("}}", "}").split())


def find_problem(text: str) -> tuple[Span, str] | None:
    """Why a text can't be spoken: the span of the error, and a message; None if it can be spoken.

    The span is empty if the error concerns the whole text.
    """
    whole = (0, 0)
    if not text.strip():
        return whole, "expected words to say, found nothing"
    if len(text) > MAX_TEXT:
        found = f"this text has {len(text):,} characters"
        return whole, f"{found}; expected at most {MAX_TEXT:,}, so split it into several steps"
    if emoji := _EMOJI.search(text):
        return emoji.span(), "a voice reads an emoji aloud by its name; remove it, or write it in words"
    if not any(char.isalnum() for char in text):
        return whole, f"expected words to say, found only {quoted(text)}"
    if foreign := find_foreign(text) or ("[" in text and find_no_silence(text)):
        return foreign
    if "[" in text and not any(map(str.isalnum, "".join(piece for piece, _ in split_silences(text)))):
        return whole, f"found only silence, expected words to say; use a `pause` for {quoted(text)}"
    for match in _BRACES.finditer(text):
        if match[0] == "{":
            return match.span(), 'this "{" is never closed; write "{{" for a brace'
    if over := re.search(r"\{([\w-]{1,60})\}/\{\1s\}", text):
        found = f"{quoted(over[0])} would be read as a fraction"
        return over.span(), f"{found}; put a word between the two, as in {{{over[1]}}} of {{{over[1]}s}}"
    return None


def find_unknown(text: str, more: Iterable[str] = ()) -> tuple[Span, str] | None:
    """The first placeholder of a text that is neither in `NAMES` nor in `more`: its span, and a message."""
    known = (*NAMES, *more)
    for name, (start, end) in named_in(text):
        if name not in known and not forms_of(name):
            what = f"{quoted(text[start:end])} is not a known placeholder"
            names = ", ".join(f"{{{each}}}" for each in known)
            return (start, end), f"{what}; expected one of {names}{suggestion(name, known)}"
    return None


def slug(title: str) -> str:
    """A title as a name that is easy to type: lower case, words joined by hyphens."""
    return "-".join(re.findall(r"[^\W_]+", title.casefold().replace("'", "").replace("\u2019", ""))) or "hold"
