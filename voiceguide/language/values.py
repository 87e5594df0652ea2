"""The kinds of value that a routine's keys take: words, names, lengths, moments, breaths, sides."""

from __future__ import annotations

import re
from functools import partial
from typing import Any

from msgspec.structs import replace

from voiceguide import times
from voiceguide.errors import quoted
from voiceguide.language.document import Fields, Node, Scalar
from voiceguide.language.kinds import (
    FLAGS,
    Kind,
    ReadError,
    Schema,
    any_case,
    each,
    either,
    expected,
    integer,
    listed,
    orno,
    positive,
    scalar,
)
from voiceguide.routine.model import SideLengths
from voiceguide.routine.templates import trouble

MAX_LINE = 2_000  # characters of a title, and of what is shown or put into the track's tags
MAX_PRONOUNCED = 60  # characters of a word, or of a few words, that has a pronunciation
MAX_PRONUNCIATION = 200  # characters; it is put in for its word wherever that stands


def _spoken(node: Node) -> str:
    if not isinstance(node, Scalar):
        raise expected(node, "words to say")
    if problem := trouble(node.text):
        span, message = problem
        raise ReadError(node.place_of(*span), message)
    return node.text


def _words(text: str) -> str:
    if not text.strip():
        raise ValueError("a text")
    if len(text) > MAX_LINE:
        raise ValueError(f"a text of at most {MAX_LINE:,} characters")
    return " ".join(text.split())


def _name(text: str) -> str:
    plain = text.strip()
    if not re.fullmatch(r"[^\W_][\w.-]*", plain):
        raise ValueError('a name of letters, digits and hyphens, such as "deeper"')
    return plain


def is_length(text: str) -> bool:
    """Whether a text reads as a duration or as breaths."""
    try:
        times.length(text)
    except ValueError:
        return False
    return True


def _hold(node: Node) -> times.Length | SideLengths:
    length = positive(LENGTH)
    if not isinstance(node, Fields):
        alone: times.Length = length.read(node)
        return alone
    if sorted(key.text for key, _ in node.pairs) != ["left", "right"]:
        raise ReadError(node.place, "expected a length for each side, such as {left: 45s, right: 60s}")
    lengths = each(partial(length.read, value) for _, value in sorted(node.pairs, key=lambda pair: pair[0].text))
    return SideLengths(*lengths)


def _share_of_one(text: str) -> float:
    if not re.fullmatch(r"0?\.[0-9]{1,4}|1(\.0{1,4})?", text.strip()) or not float(text):
        raise ValueError("a number above 0 and up to 1, such as 0.8")
    return float(text)


def _language(text: str) -> str:
    plain = text.strip().replace("_", "-")
    if not re.fullmatch(r"[A-Za-z]{2,3}(-[A-Za-z0-9]{2,8})*", plain):
        raise ValueError('a language tag such as "en-US"')
    return plain


def _ratio(text: str) -> tuple[int, int]:
    match = re.fullmatch(r"([1-5])\s*:\s*([1-5])", text.strip())
    if not match or int(match[1]) < int(match[2]):
        raise ValueError('a ratio of rounds such as "2:1", the tighter side first, up to 5')
    return int(match[1]), int(match[2])


_NUMBER = r"([0-9]+(\.[0-9]+)?|\.[0-9]+)"


def _times_schema(*more: str, least: int | None = 0) -> Schema:
    """A duration is a number of seconds or a text; `more` are regular expressions of further texts."""
    seconds: dict[str, Any] = {"type": "number"} if least is None else {"type": "number", "minimum": least}
    plain = rf"{_NUMBER}|[0-9]+:([0-5][0-9]:)?[0-5][0-9](\.[0-9]+)?|({_NUMBER}\s*({any_case(times.UNITS)})\s*)+"
    pattern = "|".join([plain, *more])
    return {"anyOf": [seconds, {"type": "string", "pattern": rf"^\s*({pattern})\s*$"}]}


_BREATHS = rf"[0-9]+\s*({any_case(['breath', 'breaths'])})"
# Whatever YAML's own readers take a plain word for: the reader here takes it as it stands.
_PLAIN: Schema = {"type": ["string", "number", "boolean"], "minLength": 1}

TEXT = Kind("words to say", _PLAIN, _spoken)
WORDS = scalar("a text", _words, _PLAIN)
NAME = scalar("a name", _name, _PLAIN)
NAMES = listed(NAME, "a name, or a list of names", single=True)
TAGS = listed(WORDS, "a list of words such as [hips, floor]", single=True)
_YES_NO = either("yes or no", "yes", "no", extra=FLAGS)
FLAG = replace(_YES_NO, read=lambda node: _YES_NO.read(node) == "yes")
DURATION = scalar(times.DURATION, times.duration, _times_schema())
LENGTH = scalar(times.LENGTH, times.length, _times_schema(_BREATHS))
_LENGTH_SCHEMA = positive(LENGTH).schema
SIDE_LENGTH: Schema = {
    "type": "object",
    "properties": {"left": _LENGTH_SCHEMA, "right": _LENGTH_SCHEMA},
    "required": ["left", "right"],
    "additionalProperties": False,
}
HOLD = Kind(times.LENGTH, {"anyOf": [_LENGTH_SCHEMA, SIDE_LENGTH]}, _hold)
MOMENT = scalar(
    times.MOMENT, times.moment, _times_schema("[hH][aA][lL][fF]", r"-.+", r"[0-9]+(\.[0-9]+)?\s*%", least=None)
)
_BREATH = rf"^\s*({any_case(times.NAMED_PATTERNS)}|{_NUMBER}(\s*-\s*{_NUMBER}){{1,3}})\s*$"
PATTERN = scalar(times.PATTERN, times.pattern, {"type": "string", "pattern": _BREATH})
COUNTDOWN = orno(integer("a number from 1 to 10", 1, 10), "a number of seconds from 1 to 10, or no", 0)
CUE = either(
    "chimes, voice, both or none",
    *("chimes", "voice", "both", "none"),
    extra={word: {"yes": "chimes", "no": "none"}[flag] for word, flag in FLAGS.items()},
)
BREATH_CUE = either("voice, tone or both", "voice", "tone", "both")
BRIEF = orno(TEXT, "other words, or no", None)
RATE = integer("words a minute, a whole number from 60 to 400", 60, 400)
BED_LEVEL = integer("dB below the voice, a whole number from 6 to 40", 6, 40)
PITCH = integer("a whole number from 0 to 100", 0, 100)
_SHARE_SCHEMA: Schema = {
    "anyOf": [
        {"type": "number", "exclusiveMinimum": 0, "maximum": 1},
        {"type": "string", "pattern": r"^\s*(0?\.[0-9]{1,4}|1(\.0{1,4})?)\s*$"},
    ]
}
VOLUME = scalar("a number above 0 and up to 1, such as 0.8", _share_of_one, _SHARE_SCHEMA)
# Norwegian is `no`.
LANGUAGE = scalar('a language tag such as "en-US"', _language, {"anyOf": [{"type": "string"}, {"const": False}]})
SIDE = either("left or right", "left", "right")
# To YAML's older readers 2:1 is a hundred and twenty-one.
_RATIO_SCHEMA: Schema = {
    "anyOf": [
        {"type": "integer", "minimum": 61, "maximum": 305},
        {"type": "string", "pattern": r"^\s*[1-5]\s*:\s*[1-5]\s*$"},
    ]
}
RATIO = scalar('a ratio such as "2:1"', _ratio, _RATIO_SCHEMA)
ROUNDS = integer("a number of rounds from 1 to 1000", 1, 1000)


def sides(node: Node) -> tuple[str, ...]:
    """`[left, right]`, in either order, or one of them."""
    if isinstance(node, Scalar) and "," in node.text:
        raise expected(node, "the sides in brackets, such as [left, right]")
    chosen: tuple[str, ...] = listed(SIDE, "the sides, such as [left, right]", single=True).read(node)
    if len(set(chosen)) != len(chosen):
        raise (
            expected(node, "each side once, such as [left, right]")
            if isinstance(node, Scalar)
            else ReadError(node.place, "expected each side once; `ratio: 2:1` repeats the tighter one")
        )
    return chosen


SIDES = Kind(
    "the sides, such as [left, right]",
    {"anyOf": [SIDE.schema, {"type": "array", "items": SIDE.schema, "minItems": 1, "uniqueItems": True}]},
    sides,
)


def pronunciations(node: Node) -> dict[str, str]:
    """`word: how to say it`, each word once."""
    if not isinstance(node, Fields):
        raise expected(node, "words and how to say them, such as {psoas: so az}")
    seen: set[str] = set()

    def pronunciation(key: Scalar, value: Node) -> tuple[str, str]:
        word = " ".join(key.text.split())
        if word.casefold() in seen:
            raise ReadError(key.place, f"{quoted(word)} stands here twice; keep one")
        seen.add(word.casefold())
        if not any(char.isalnum() for char in word):
            raise expected(key, "a word")
        if len(word) > MAX_PRONOUNCED:
            raise expected(key, f"a word of at most {MAX_PRONOUNCED} characters")
        said = " ".join(TEXT.read(value).split())
        if len(said) > MAX_PRONUNCIATION:
            raise expected(value, f"a way to say it of at most {MAX_PRONUNCIATION} characters")
        return word, said

    return dict(each(partial(pronunciation, key, value) for key, value in node.pairs))


PRONOUNCE = Kind(
    "words and how to say them",
    {"type": "object", "additionalProperties": _PLAIN},
    pronunciations,
)
