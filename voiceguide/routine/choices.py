"""What a listener may ask for, read from the words of a command line, a preset, or a Python call.

Everything here is a wish about any routine; whether one routine can grant it is for `tailor` to say.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping
from fractions import Fraction
from typing import Any, TypeVar, get_args

from msgspec import Struct

from voiceguide import times
from voiceguide.errors import RequestError, among, quoted, suggestion
from voiceguide.routine.model import CueProfile, Guide, Side
from voiceguide.times import Length, Pattern

Wishes = Mapping[str, Any]
"""Choices as words: the keys are the long names of the options without dashes, the values text or lists of text."""

WORDS: Mapping[str, tuple[str, ...]] = {
    **dict.fromkeys(("first", "only", "tight"), get_args(Side)),
    "guide": get_args(Guide),
    "cues": get_args(CueProfile),
}
"""The choices that are one of a few words, and those words."""

T = TypeVar("T")


class LengthChoice(Struct, frozen=True):
    """A length for all holds (`name` None), for one, or for one side of one."""

    length: Length
    name: str | None = None
    side: str | None = None


class Choices(Struct, frozen=True):
    """A listener's choices. None, or an empty tuple, leaves the script as it is."""

    holds: tuple[LengthChoice, ...] = ()
    rests: tuple[LengthChoice, ...] = ()
    pace: Fraction = Fraction(1)
    fit: int | None = None
    first: Side | None = None
    only: Side | None = None
    tight: Side | None = None
    with_: tuple[str, ...] = ()
    without: tuple[str, ...] = ()
    guide: Guide = "full"
    countdown: int | None = None
    pattern: Pattern | None = None
    cues: CueProfile | None = None
    voice: str | None = None
    rate: int | None = None
    notice: bool = True
    stereo: bool = False
    bed: str | None = None
    bed_level: int | None = None


def read(wishes: Wishes, *, dashes: str = "") -> Choices:
    """Choices from words. `dashes` stands before an option's name in an error: "--" for a command line.

    Raises RequestError for the first wish that can't be read.
    """
    given = {name: value for name, value in wishes.items() if value not in (None, (), [])}
    unknown = given.keys() - _READERS.keys()
    if unknown:
        name = sorted(unknown)[0]
        more = suggestion(name, _READERS) or f"; expected {among(_READERS)}"
        raise RequestError(f"there is no choice {quoted(name)}{more}")
    found: dict[str, Any] = {}
    for name, value in given.items():
        field, reader = _READERS[name]
        try:
            found[field] = reader(value)
        except ValueError as error:
            found_text = error.found if isinstance(error, _OneError) else str(value)
            raise RequestError(f"{dashes}{name}: expected {error}, found {quoted(found_text)}") from None
    choices = Choices(**found)
    for name in choices.with_:
        if name in choices.without:
            raise RequestError(f'{dashes}with and {dashes}without both name "{name}"; choose one')
    return choices


def texts(value: Any) -> list[str]:
    """One text or several, as a list."""
    return [str(each) for each in value] if isinstance(value, (list, tuple, set, frozenset)) else [str(value)]


class _OneError(ValueError):
    """One of several values that can't be read."""

    def __init__(self, message: str, found: str) -> None:
        super().__init__(message)
        self.found = found


def _length_choice(text: str) -> LengthChoice:
    name, equals, length = text.rpartition("=")
    ms = _some(times.length)(length)
    if not equals:
        return LengthChoice(ms)
    name, _, side = name.partition("/")
    if not name.strip() or side.strip() not in ("", "left", "right", "tighter"):
        raise ValueError('a length, NAME=LENGTH or NAME/left=LENGTH, such as "half-kneeling/left=60s"')
    return LengthChoice(ms, name.strip(), side.strip() or None)


def _some(reader: Callable[[str], T]) -> Callable[[str], T]:
    def read(text: str) -> T:
        value = reader(text)
        if value == 0:
            raise ValueError("a length above nothing")
        return value

    return read


def _one(reader: Callable[[str], T]) -> Callable[[Any], T]:
    return lambda value: reader(str(value))


def _each(reader: Callable[[str], T]) -> Callable[[Any], tuple[T, ...]]:
    def one(text: str) -> T:
        try:
            return reader(text)
        except ValueError as error:
            raise _OneError(str(error), text) from None

    return lambda value: tuple(map(one, texts(value)))


def _among(*words: str) -> Callable[[Any], str]:
    def read(text: str) -> str:
        plain = text.strip().casefold()
        if plain not in words:
            raise ValueError(" or ".join([", ".join(words[:-1]), words[-1]]))
        return plain

    return _one(read)


def _pace(text: str) -> Fraction:
    if not re.fullmatch(r"[0-9]{1,3}(\.[0-9]{1,4})?|\.[0-9]{1,4}", text.strip()) or not 0.1 <= float(text) <= 10:
        raise ValueError("a factor for the pauses from 0.1 to 10, such as 1.25")
    return Fraction(text.strip())


def _countdown(text: str) -> int:
    plain = text.strip().casefold()
    if plain in ("no", "off", "false", "0"):
        return 0
    return _between(plain, 1, 10, "a number of seconds from 1 to 10, or no")


def _between(text: str, low: int, high: int, what: str) -> int:
    if not re.fullmatch(r"[0-9]{1,9}", text.strip()) or not low <= int(text) <= high:
        raise ValueError(what)
    return int(text)


def _flag(value: Any) -> bool:
    if isinstance(value, bool):
        return value
    if str(value).casefold() in ("yes", "no"):
        return str(value).casefold() == "yes"
    raise ValueError("yes or no")


def names(value: Any) -> tuple[str, ...]:
    """Names of options: one or several, each perhaps a list with commas."""
    found = tuple(name.strip() for text in texts(value) for name in text.split(",") if name.strip())
    if not found:
        raise ValueError("the name of an option")
    return found


def _word(text: str) -> str:
    if not text.strip():
        raise ValueError("a name")
    return text.strip()


_READERS: dict[str, tuple[str, Callable[[Any], Any]]] = {
    "hold": ("holds", _each(_length_choice)),
    "rest": ("rests", _each(_length_choice)),
    "pace": ("pace", _one(_pace)),
    "fit": ("fit", _one(_some(times.duration))),
    "first": ("first", _among(*WORDS["first"])),
    "only": ("only", _among(*WORDS["only"])),
    "tight": ("tight", _among(*WORDS["tight"])),
    "with": ("with_", names),
    "without": ("without", names),
    "guide": ("guide", _among(*WORDS["guide"])),
    "countdown": ("countdown", _one(_countdown)),
    "pattern": ("pattern", _one(times.pattern)),
    "cues": ("cues", _among(*WORDS["cues"])),
    "voice": ("voice", _one(_word)),
    "rate": ("rate", _one(lambda text: _between(text, 60, 400, "words a minute from 60 to 400"))),
    "notice": ("notice", _flag),
    "stereo": ("stereo", _flag),
    "bed": ("bed", _one(_word)),
    "bed-level": ("bed_level", _one(lambda text: _between(text, 6, 40, "dB below the voice, from 6 to 40"))),
}


def known() -> Iterable[str]:
    """The names of all choices."""
    return _READERS.keys()
