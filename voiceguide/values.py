"""The grammar of values: how a rate, a side, a length or a yes is written, in a script and as a choice.

A `Value` parses one text. It raises ValueError if the text is invalid, with a message that completes the sentence
"expected …"; `refusal` makes the whole sentence. The JSON Schema and shell completion use the same table.
"""

from __future__ import annotations

import datetime
import os
import re
from collections.abc import Callable, Iterable, Mapping
from fractions import Fraction
from numbers import Integral, Real
from typing import Any, Generic, TypeVar

from msgspec import Struct
from msgspec.structs import replace

from voiceguide import times
from voiceguide.errors import quoted, suggestion
from voiceguide.times import Length, Moment, Pattern

Schema = Mapping[str, Any]
T = TypeVar("T")

SIDES = ("left", "right")
GUIDES = ("full", "fade", "brief", "quiet")  # the fewest words at the end
CUES = ("chimes", "voice", "both", "none", "within")
EDGES = ("chime", "voice", "both", "none")
BREATH_CUES = ("voice", "tone", "both")
COUNTINGS = ("up", "down", "no")

MIN_RATE, MAX_RATE = 60, 400  # words a minute
MAX_PITCH = 100
MIN_BED_LEVEL, MAX_BED_LEVEL = 6, 40  # dB below the voice
MAX_COUNTDOWN = 10  # seconds
MIN_EVERY = 5 * times.SECOND  # between two times that a cue comes back
MAX_ROUNDS = 1000
MAX_REPS = 1000
MIN_PACE, MAX_PACE = Fraction(1, 10), Fraction(10)
MAX_DIGITS = 9  # of a whole number; no bound here has more

YES, NO = ("yes", "true", "on"), ("no", "false", "off")


class Value(Struct, Generic[T], frozen=True):
    """How a value is written. `words` are the allowed ones if there are only a few; they are used for suggestions."""

    expected: str
    read: Callable[[str], T]
    schema: Schema
    words: tuple[str, ...] = ()


def refusal(value: Value[Any], error: ValueError, text: str) -> str:
    """`expected left or right, found "lft"; did you mean "left"?`"""
    return f"expected {str(error) or value.expected}, {found(text)}{suggestion(text.strip(), value.words)}"


def found(text: str) -> str:
    """What was found, for the end of an error message."""
    return f"found {quoted(text)}" if text.strip() else "found nothing"


class NotPlainError(ValueError):
    """A value is not one plain value; the message says what it is."""


def text_of(value: object) -> str:
    """Convert a value of Python or JSON to its text: `yes` for True, `90000ms` for a timedelta.

    Raises NotPlainError if it is not one plain value.
    """
    if isinstance(value, str):
        return value
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, Integral):
        if abs(value) >= 10**times.MAX_CHARACTERS:  # Python can't format a number of thousands of digits
            raise NotPlainError(f"a number of more than {times.MAX_CHARACTERS} digits")
        return str(int(value))
    if isinstance(value, Real):
        try:
            return repr(float(value))
        except OverflowError:  # a fraction of thousands of digits
            raise NotPlainError("a number beyond all bounds") from None
    if isinstance(value, datetime.timedelta):
        return f"{round(value / datetime.timedelta(milliseconds=1))}ms"
    if isinstance(value, os.PathLike):
        return os.fsdecode(value)
    kinds = ((type(None), "nothing"), ((list, tuple, set, frozenset), "a list"), (dict, "keys and values"))
    name = next((name for kind, name in kinds if isinstance(value, kind)), f"a Python {type(value).__name__}")
    raise NotPlainError(name)


def any_case(words: Iterable[str]) -> str:
    """A regular expression for these words in any case: JSON Schema has no flag to ignore case."""
    return "|".join("".join(f"[{char}{char.upper()}]" if char.isalpha() else char for char in word) for word in words)


def words_schema(words: Iterable[str]) -> Schema:
    """The JSON Schema of one of these words, in any case."""
    return {"type": "string", "pattern": rf"^\s*({any_case(words)})\s*$"}


def one_of(*words: str, yes: str | None = None, no: str | None = None) -> Value[str]:
    """One of a few words, in any case. `yes` and `no` name the words that yes and no are read as."""
    meant = dict.fromkeys(YES, yes) | dict.fromkeys(NO, no)
    known: dict[str, str] = {word: word for word in words}
    known |= {word: meaning for word, meaning in meant.items() if meaning is not None}
    what = " or ".join([", ".join(words[:-1]), words[-1]])

    def read(text: str) -> str:
        word = text.strip().casefold()
        if word not in known:
            raise ValueError(what)
        return known[word]

    text: Schema = words_schema(known)
    # YAML 1.1 parsers turn yes and no into booleans, so an editor may see either.
    return Value(what, read, {"anyOf": [text, {"type": "boolean"}]} if yes or no else text, words)


def whole_number(what: str, low: int, high: int) -> Value[int]:
    """A whole number from `low` to `high`."""

    def read(text: str) -> int:
        plain = text.strip()
        if not re.fullmatch(rf"[0-9]{{1,{MAX_DIGITS}}}", plain) or not low <= int(plain) <= high:
            raise ValueError(what)
        return int(plain)

    number: Schema = {"type": "integer", "minimum": low, "maximum": high}
    digits: Schema = {"type": "string", "pattern": rf"^\s*[0-9]{{1,{MAX_DIGITS}}}\s*$"}
    return Value(what, read, {"anyOf": [number, digits]})


def positive(value: Value[T]) -> Value[T]:
    """The same value, without zero."""

    def read(text: str) -> T:
        done = value.read(text)
        if done == 0:
            raise ValueError(f"{value.expected}, longer than zero")
        return done

    return replace(value, read=read, schema={"allOf": [value.schema, {"not": {"enum": [0, "0", "0s"]}}]})


def is_no(text: str) -> bool:
    """Whether a text is one of the words for no."""
    return text.strip().casefold() in NO


def or_no(value: Value[T], what: str, nothing: T) -> Value[T]:
    """The same value, or `no`, which is read as `nothing`."""

    def read(text: str) -> T:
        if is_no(text):
            return nothing
        try:
            return value.read(text)
        except ValueError:
            raise ValueError(what) from None

    return Value(what, read, {"anyOf": [value.schema, {"const": False}, words_schema(NO)]}, value.words)


def word(what: str) -> Value[str]:
    """Any text that is not empty, such as a name."""

    def read(text: str) -> str:
        if not text.strip():
            raise ValueError(what)
        return text.strip()

    return Value(what, read, {"type": "string", "minLength": 1})


def _share_of_one(text: str) -> float:
    if not re.fullmatch(r"0?\.[0-9]{1,4}|1(\.0{1,4})?", text.strip()) or not float(text):
        raise ValueError
    return float(text)


def _pace(text: str) -> Fraction:
    plain = text.strip()
    if len(plain) > times.MAX_CHARACTERS or not re.fullmatch(_NUMBER, plain, re.ASCII):
        raise ValueError
    factor = Fraction(plain)
    if not MIN_PACE <= factor <= MAX_PACE:
        raise ValueError
    return factor


def _every(text: str) -> int:
    ms = times.duration(text)
    if ms < MIN_EVERY:
        raise ValueError(f"a duration of {times.short(MIN_EVERY)} or longer")
    return ms


_NUMBER = r"([0-9]+(\.[0-9]+)?|\.[0-9]+)"


def _times_schema(*more: str, least: int | None = 0) -> Schema:
    """The JSON Schema of a duration: a number of seconds or a text. `more` are regular expressions of other texts."""
    seconds: dict[str, Any] = {"type": "number"} if least is None else {"type": "number", "minimum": least}
    plain = rf"{_NUMBER}|[0-9]+(:[0-5][0-9]){{1,2}}(\.[0-9]+)?|({_NUMBER}\s*({any_case(times.UNITS)})\s*)+"
    pattern = "|".join([plain, *more])
    return {"anyOf": [seconds, {"type": "string", "pattern": rf"^\s*({pattern})\s*$"}]}


_BREATHS = rf"[0-9]+\s*({any_case(['breath', 'breaths'])})"
_MOMENT_SCHEMA = _times_schema("[hH][aA][lL][fF]", r"-.+", r"[0-9]+(\.[0-9]+)?\s*%", least=None)
_BREATH = rf"^\s*({any_case(times.NAMED_PATTERNS)}|{_NUMBER}(\s*-\s*{_NUMBER}){{1,3}})\s*$"
_SHARE_SCHEMA: Schema = {
    "anyOf": [
        {"type": "number", "exclusiveMinimum": 0, "maximum": 1},
        {"type": "string", "pattern": r"^\s*(0?\.[0-9]{1,4}|1(\.0{1,4})?)\s*$"},
    ]
}

SIDE = one_of(*SIDES)
GUIDE = one_of("full", "brief", "fade", "quiet")
PART_GUIDE = one_of("full", "brief", "fade")  # of an included part: only a listener makes a session quiet
CUE = one_of(*CUES, yes="chimes", no="none")
EDGE = one_of(*EDGES, yes="chime", no="none")
BREATH_CUE = one_of(*BREATH_CUES)
COUNTING = one_of(*COUNTINGS, yes="up", no="no")
_YES_NO = one_of("yes", "no", yes="yes", no="no")
FLAG: Value[bool] = Value(_YES_NO.expected, lambda text: _YES_NO.read(text) == "yes", _YES_NO.schema, _YES_NO.words)
DURATION: Value[int] = Value(times.DURATION, times.duration, _times_schema())
TEMPO: Value[Pattern] = Value(
    times.TEMPO, times.tempo, {"type": "string", "pattern": rf"^\s*{_NUMBER}(\s*-\s*{_NUMBER}){{1,3}}\s*$"}
)
EVERY: Value[int] = Value(times.DURATION, _every, {"allOf": [_times_schema(), {"not": {"enum": [0, "0", "0s"]}}]})
LENGTH: Value[Length] = Value(times.LENGTH, times.length, _times_schema(_BREATHS))
MOMENT: Value[Moment] = Value(times.MOMENT, times.moment, _MOMENT_SCHEMA)
PATTERN: Value[Pattern] = Value(
    times.PATTERN, times.pattern, {"type": "string", "pattern": _BREATH}, tuple(times.NAMED_PATTERNS)
)
# A program may pass 0 for no countdown.
COUNTDOWN = or_no(
    whole_number("a number from 0 to 10", 0, MAX_COUNTDOWN), f"a number of seconds from 1 to {MAX_COUNTDOWN}, or no", 0
)
RATE = whole_number(f"words a minute, a whole number from {MIN_RATE} to {MAX_RATE}", MIN_RATE, MAX_RATE)
PITCH = whole_number(f"a whole number from 0 to {MAX_PITCH}", 0, MAX_PITCH)
VOLUME: Value[float] = Value("a number above 0 and up to 1, such as 0.8", _share_of_one, _SHARE_SCHEMA)
BED_LEVEL = whole_number(
    f"dB below the voice, a whole number from {MIN_BED_LEVEL} to {MAX_BED_LEVEL}", MIN_BED_LEVEL, MAX_BED_LEVEL
)
REPS = whole_number("a number of repetitions from 1 to 1000", 1, MAX_REPS)
ROUNDS = whole_number(f"a number of rounds from 1 to {MAX_ROUNDS}", 1, MAX_ROUNDS)
PACE: Value[Fraction] = Value(
    "a factor for the pauses from 0.1 to 10, such as 1.25",
    _pace,
    {
        "anyOf": [
            {"type": "number", "minimum": 0.1, "maximum": 10},
            {"type": "string", "pattern": rf"^\s*{_NUMBER}\s*$"},
        ]
    },
)
