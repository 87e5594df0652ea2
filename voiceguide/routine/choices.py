"""The listener's choices: one row per choice, used for options, help, presets, keywords and completion.

The choices here are valid for any routine; `tailor` checks whether a particular routine allows them.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from fractions import Fraction
from typing import Any

from msgspec import Struct
from msgspec.structs import replace

from voiceguide import library, values, words
from voiceguide.errors import RequestError, among, quoted, suggestion
from voiceguide.routine.model import CueProfile, Guide, Side
from voiceguide.times import Length, Pattern
from voiceguide.values import NotPlainError, Value

Given = Mapping[str, Any]
"""Choices before parsing: by the rows' names, each a text, a number, a yes or no, or a list of these."""

DEFAULT = "default"
"""In place of any value: resets the choice. It cancels the value of a preset."""

NO_BED = "no"
MAX_GIVEN = 100  # values of one choice, such as holds by name


class LengthChoice(Struct, frozen=True):
    """A length for all holds (`name` None), for one, or for one side of one. Of repetitions it is their number."""

    length: Length
    name: str | None = None
    side: str | None = None


class Choices(Struct, frozen=True):
    """A listener's choices. None, or an empty tuple, leaves the script as it is; `fit` is in milliseconds."""

    holds: tuple[LengthChoice, ...] = ()
    rests: tuple[LengthChoice, ...] = ()
    reps: tuple[LengthChoice, ...] = ()
    tempo: Pattern | None = None
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
    sounds: str | None = None


class Choice(Struct, frozen=True):
    """A row: a choice, by its name as an option and in a preset.

    field: its name in `Choices`. value: its grammar. section, metavar, help: for a command's --help.
    many: may be given several times, and adds to those of a preset instead of replacing them.
    opposite: the choice whose names this one cancels. complete: completions of a shell besides the value's own words.
    """

    name: str
    field: str
    value: Value[Any]
    section: str
    metavar: str
    help: str
    many: bool = False
    opposite: str | None = None
    complete: str | None = None

    @property
    def keyword(self) -> str:
        """Its name in Python; `with` is a reserved word, so it gets an underscore."""
        return "with_" if self.name == "with" else self.name.replace("-", "_")

    @property
    def is_flag(self) -> bool:
        """Whether it is yes or no: `--stereo`, `--no-stereo`."""
        return self.value is values.FLAG

    def read(self, given: object) -> Any:
        """Parse the value of its field; None for `default`. Raises ValueError: "expected …, found …"."""
        texts = [self._text(each) for each in each_given(given, self)] if self.many else [self._text(given)]
        if len(texts) > MAX_GIVEN:
            raise ValueError(f"expected at most {MAX_GIVEN} values, found {len(texts):,}")
        found = [self._read(text) for text in texts if self.opposite or not is_default(text)]
        return tuple(found) if self.many else next(iter(found), None)

    def _text(self, given: object) -> str:
        try:
            return values.text_of(given)
        except NotPlainError as error:
            raise ValueError(f"expected {self.value.expected}, found {error}") from None

    def _read(self, text: str) -> Any:
        try:
            return self.value.read(text)
        except ValueError as error:
            raise ValueError(values.refusal(self.value, error, text)) from None


def _side(text: str) -> str:
    side = words.find_side(text)
    if side not in values.SIDES:
        raise ValueError
    return side


def _by_name(value: Value[Any], expected: str) -> Value[LengthChoice]:
    """A length or a number: for all, for one by its name, or for one side of that."""

    def read(text: str) -> LengthChoice:
        name, equals, length = text.rpartition("=")
        ms = value.read(length)
        if not equals:
            return LengthChoice(ms)
        name, slash, side = name.partition("/")
        named = words.find_side(side) if slash else None
        if not name.strip() or (slash and named is None):
            raise ValueError(expected)
        return LengthChoice(ms, name.strip(), named)

    return Value(value.expected, read, {"type": "string"})


def _option(text: str) -> str:
    if not text.strip(" ,"):
        raise ValueError
    return text.strip()


def bed_name(text: str) -> str:
    """Normalize a bed's name: that of a generated bed, `no` for none, or a file's path, unchanged."""
    plain = text.strip()
    if not plain:
        raise ValueError
    if values.is_no(plain) or plain.casefold() == "none":
        return NO_BED
    return plain.casefold() if plain.casefold() in library.BEDS else plain


# A choice is made before its routine is read, so the names of all languages are understood.
_SIDE = replace(values.SIDE, read=_side)
_LENGTHS = _by_name(
    values.positive(values.LENGTH),
    'a length, NAME=LENGTH or NAME/left=LENGTH, such as "half-kneeling/left=60s"',
)
_REPS = _by_name(values.REPS, 'a number, NAME=NUMBER or NAME/left=NUMBER, such as "bridge/left=5"')
_BED: Value[str] = Value(f"one of {', '.join(library.BEDS)}, a music file, or no", bed_name, {"type": "string"})
_OPTION: Value[str] = Value("the name of an option", _option, {"type": "string"})

_TIMES, _SIDES, _HEARD = "Lengths", "Sides", "What is said and heard"
CHOICES: Mapping[str, Choice] = {
    choice.name: choice
    for choice in (
        Choice(
            *("hold", "holds", _LENGTHS, _TIMES, "[NAME[/SIDE]=]TIME", "Length of all holds, or of one."),
            many=True,
        ),
        Choice("rest", "rests", _LENGTHS, _TIMES, "[NAME=]TIME", "Length of all rests, or of one.", many=True),
        Choice(
            *("reps", "reps", _REPS, _TIMES, "[NAME[/SIDE]=]N", "Number of all repetitions, or of one exercise's."),
            many=True,
        ),
        Choice("tempo", "tempo", values.TEMPO, _TIMES, "TEMPO", "Seconds of each way and pause, such as 3-1-3."),
        Choice("pace", "pace", values.PACE, _TIMES, "FACTOR", "Longer (1.25) or shorter (0.8) pauses and gaps."),
        Choice(
            *("fit", "fit", values.positive(values.DURATION), _TIMES, "TIME"),
            "Stretch or shrink holds and rests to this total, exactly.",
        ),
        Choice("first", "first", _SIDE, _SIDES, "SIDE", "Which side comes first: left or right."),
        Choice("only", "only", _SIDE, _SIDES, "SIDE", "One side only."),
        Choice("tight", "tight", _SIDE, _SIDES, "SIDE", "Your tighter side, for routines that work it twice."),
        Choice(
            *("with", "with_", _OPTION, _HEARD, "OPTION", "Turn an option of the routine on."),
            many=True,
            opposite="without",
        ),
        Choice(
            *("without", "without", _OPTION, _HEARD, "OPTION", "Turn an option of the routine off."),
            many=True,
            opposite="with",
        ),
        Choice("guide", "guide", values.GUIDE, _HEARD, "HOW", "How much is said: full, brief, fade or quiet."),
        Choice(
            *("countdown", "countdown", values.COUNTDOWN, _HEARD, "N"),
            "Count the last N seconds of each hold; or no.",
        ),
        Choice(
            *("pattern", "pattern", values.PATTERN, _HEARD, "BREATH"),
            "Breath as in-hold-out-hold, such as 4-2-6; or box.",
        ),
        Choice("cues", "cues", values.CUE, _HEARD, "HOW", "Start and end of holds: chimes, voice, both, none, within."),
        Choice(
            *("voice", "voice", values.word("a name"), _HEARD, "NAME", "A voice of `voiceguide voices`."),
            complete="voices",
        ),
        Choice("rate", "rate", values.RATE, _HEARD, "WORDS", "Words a minute; default: the script's, or 130."),
        Choice("notice", "notice", values.FLAG, _HEARD, "", "Speak the safety notice, or leave it out."),
        Choice("stereo", "stereo", values.FLAG, _HEARD, "", "Two channels: the cues of a side are panned to it."),
        Choice(
            *("bed", "bed", _BED, _HEARD, "NAME|FILE"),
            "Under the voice: brown, waves, drone, breath, a music file; or no.",
            complete="beds",
        ),
        Choice(
            *("bed-level", "bed_level", values.BED_LEVEL, _HEARD, "DB"),
            f"How far the bed is below the voice, in dB: {values.MIN_BED_LEVEL} to {values.MAX_BED_LEVEL}.",
        ),
        Choice(
            *("sounds", "sounds", values.word("a folder"), _HEARD, "FOLDER"),
            "Your sounds, named start, end, halfway or switch, such as start.wav.",
            complete="folders",
        ),
    )
}
"""Every choice by its name, in the order of help, files and errors."""


def read(given: Given, *, dashes: str = "") -> Choices:
    """Parse choices. `dashes` is put before an option's name in an error: "--" for a command line.

    Raises RequestError for the first invalid choice, in the table's order.
    """
    if unknown := sorted(given.keys() - CHOICES.keys()):
        more = suggestion(unknown[0], CHOICES) or f"; expected {among(CHOICES)}"
        raise RequestError(f"there is no choice {quoted(unknown[0])}{more}")
    read: dict[str, Any] = {}
    for name, choice in CHOICES.items():
        if name in given:
            try:
                value = choice.read(given[name])
            except ValueError as error:
                raise RequestError(f"{dashes}{name}: {error}") from None
            if value is not None:
                read[choice.field] = value
    choices = Choices(**read)
    for name in choices.with_:
        if name in choices.without:
            raise RequestError(f"{quoted(name)} is in both {dashes}with and {dashes}without; choose one")
    return choices


def merge(before: Given, given: Given) -> dict[str, Any]:
    """Merge choices into earlier ones, those of a preset: they replace them, add to them, or reset them.

    Both are valid. A choice that was reset is not in the result.
    """
    done: dict[str, Any] = {}
    for name, choice in CHOICES.items():
        if name in given and not choice.many:
            value = None if is_default(given[name]) else given[name]
        elif choice.many:
            turned = each_given(given.get(choice.opposite, ()), CHOICES[choice.opposite]) if choice.opposite else []
            earlier = [each for each in each_given(before.get(name, ()), choice) if each not in turned]
            if name in given:
                later = each_given(given[name], choice)
                value = later if _resets(given[name], choice) else [*earlier, *later]
            else:
                value = earlier
        else:
            value = before.get(name)
        if not is_nothing(value):
            done[name] = value
    return done


def is_nothing(given: object) -> bool:
    """Whether a choice was not made. Judged by type, because numpy compares a number with a list element by element."""
    return given is None or (isinstance(given, (list, tuple)) and not given)


def each_given(given: object, choice: Choice) -> list[Any]:
    """The values of a choice that may be given several times: those after the last `default`."""
    found = _listed(given, choice)
    resets = [number for number, each in enumerate(found) if not choice.opposite and is_default(each)]
    return found[resets[-1] + 1 :] if resets else found


def _listed(given: object, choice: Choice) -> list[Any]:
    if isinstance(given, (set, frozenset)):
        given = sorted(given, key=_order)  # a set has no order of its own, and errors need one
    found = list(given) if isinstance(given, (list, tuple)) else [given]
    if choice.opposite is None:
        return found
    # Several names of options may be in one text, separated by commas.
    parts = [part for each in found for part in (each.split(",") if isinstance(each, str) else [each])]
    named = [part.strip() if isinstance(part, str) else part for part in parts]
    return [name for name in named if name != ""] or found


def _order(given: object) -> str:
    try:
        return values.text_of(given)
    except NotPlainError as error:  # it is refused later, in its turn
        return str(error)


def _resets(given: object, choice: Choice) -> bool:
    return not choice.opposite and any(map(is_default, _listed(given, choice)))


def is_default(given: object) -> bool:
    """Whether a value is the word that resets a choice."""
    return isinstance(given, str) and given.strip().casefold() == DEFAULT


def known() -> Iterable[str]:
    """The names of all choices."""
    return CHOICES.keys()
