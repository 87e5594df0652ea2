"""What a listener may choose: one row a choice, from which options, help, presets, keywords and completion follow.

Everything here is asked of any routine; whether one routine can grant it is for `tailor` to say.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from fractions import Fraction
from typing import Any

from msgspec import Struct

from voiceguide import library, values
from voiceguide.errors import RequestError, among, quoted, suggestion
from voiceguide.routine.model import CueProfile, Guide, Side
from voiceguide.times import Length, Pattern
from voiceguide.values import NotPlainError, Value

Given = Mapping[str, Any]
"""Choices as they were given: by the rows' names, each a text, a number, a yes or no, or a list of these."""

DEFAULT = "default"
"""In place of any value: as if the choice had not been made. It takes back what a preset chose."""

NO_BED = "no"
MAX_GIVEN = 100  # of one choice, such as holds by name


class LengthChoice(Struct, frozen=True):
    """A length for all holds (`name` None), for one, or for one side of one."""

    length: Length
    name: str | None = None
    side: str | None = None


class Choices(Struct, frozen=True):
    """A listener's choices. None, or an empty tuple, leaves the script as it is; `fit` is in milliseconds."""

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


class Choice(Struct, frozen=True):
    """A row: a choice by the name it has as an option, in a preset, and in a query.

    field: where it stands in `Choices`. value: how it is written. section, metavar, help: for a command's --help.
    many: may be given several times, and adds to those of a preset instead of replacing them.
    opposite: the choice whose names this one takes back. complete: what a shell offers besides the value's own words.
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
        """Its name in Python; `with` is a word of Python's own, so it has an underscore behind it."""
        return "with_" if self.name == "with" else self.name.replace("-", "_")

    @property
    def is_flag(self) -> bool:
        """Whether it is yes or no: `--stereo`, `--no-stereo`."""
        return self.value is values.FLAG

    def read(self, given: object) -> Any:
        """The value of its field; None where it was taken back. Raises ValueError, a whole "expected …, found …"."""
        texts = [self._text(each) for each in each_given(given, self)] if self.many else [self._text(given)]
        if len(texts) > MAX_GIVEN:
            raise ValueError(f"expected at most {MAX_GIVEN} of them, found {len(texts):,}")
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


def _length_choice(text: str) -> LengthChoice:
    name, equals, length = text.rpartition("=")
    ms = _LENGTH.read(length)
    if not equals:
        return LengthChoice(ms)
    name, slash, side = name.partition("/")
    side = side.strip().casefold()
    if not name.strip() or (slash and side not in (*values.SIDES, "tighter")):
        raise ValueError('a length, NAME=LENGTH or NAME/left=LENGTH, such as "half-kneeling/left=60s"')
    return LengthChoice(ms, name.strip(), side or None)


def _option(text: str) -> str:
    if not text.strip(" ,"):
        raise ValueError
    return text.strip()


def bed_name(text: str) -> str:
    """A bed by the name it is known by: a generated one's, `no` for none, or a file's path as it was given."""
    plain = text.strip()
    if not plain:
        raise ValueError
    if values.is_no(plain) or plain.casefold() == "none":
        return NO_BED
    return plain.casefold() if plain.casefold() in library.BEDS else plain


_LENGTH = values.positive(values.LENGTH)
_LENGTHS: Value[LengthChoice] = Value(_LENGTH.expected, _length_choice, {"type": "string"})
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
        Choice("pace", "pace", values.PACE, _TIMES, "FACTOR", "Longer (1.25) or shorter (0.8) pauses."),
        Choice(
            *("fit", "fit", values.positive(values.DURATION), _TIMES, "TIME"),
            "Stretch or shrink holds and rests to this total, exactly.",
        ),
        Choice("first", "first", values.SIDE, _SIDES, "SIDE", "Which side comes first: left or right."),
        Choice("only", "only", values.SIDE, _SIDES, "SIDE", "One side only."),
        Choice("tight", "tight", values.SIDE, _SIDES, "SIDE", "Your tighter side, for routines that work it twice."),
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
        Choice("guide", "guide", values.GUIDE, _HEARD, "HOW", "How much is said: full, brief or quiet."),
        Choice(
            *("countdown", "countdown", values.COUNTDOWN, _HEARD, "N"),
            "Count the last N seconds of each hold; or no.",
        ),
        Choice(
            *("pattern", "pattern", values.PATTERN, _HEARD, "BREATH"),
            "Breath as in-hold-out-hold, such as 4-2-6; or box.",
        ),
        Choice("cues", "cues", values.CUE, _HEARD, "HOW", "Start and end of holds: chimes, voice, both or none."),
        Choice(
            *("voice", "voice", values.word("a name"), _HEARD, "NAME", "A voice of `voiceguide voices`."),
            complete="voices",
        ),
        Choice("rate", "rate", values.RATE, _HEARD, "WORDS", "Words a minute; 130 where the script says nothing."),
        Choice("notice", "notice", values.FLAG, _HEARD, "", "Speak the safety notice, or leave it out."),
        Choice("stereo", "stereo", values.FLAG, _HEARD, "", "Two channels: each side is heard on its own ear."),
        Choice(
            *("bed", "bed", _BED, _HEARD, "NAME|FILE"),
            "Under the voice: brown, waves, drone, breath, a music file; or no.",
            complete="beds",
        ),
        Choice(
            *("bed-level", "bed_level", values.BED_LEVEL, _HEARD, "DB"),
            f"How far the bed lies below the voice: {values.MIN_BED_LEVEL} to {values.MAX_BED_LEVEL}.",
        ),
    )
}
"""Every choice by its name, in the order in which help, files and errors have them."""


def read(given: Given, *, dashes: str = "") -> Choices:
    """Choices as values. `dashes` stands before an option's name in an error: "--" for a command line.

    Raises RequestError for the first choice, in the table's order, that can't be read.
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
            raise RequestError(f"{dashes}with and {dashes}without both name {quoted(name)}; choose one")
    return choices


def merge(before: Given, given: Given) -> dict[str, Any]:
    """Choices over earlier ones, those of a preset: later ones win, or add to them, or take them back.

    Both can be read; what was taken back is in neither any more.
    """
    done: dict[str, Any] = {}
    for name, choice in CHOICES.items():
        if name in given and not choice.many:
            kept = None if is_default(given[name]) else given[name]
        elif choice.many:
            turned = each_given(given.get(choice.opposite, ()), CHOICES[choice.opposite]) if choice.opposite else []
            earlier = [each for each in each_given(before.get(name, ()), choice) if each not in turned]
            if name in given:
                later = each_given(given[name], choice)
                kept = later if _takes_back(given[name], choice) else [*earlier, *later]
            else:
                kept = earlier
        else:
            kept = before.get(name)
        if not is_nothing(kept):
            done[name] = kept
    return done


def is_nothing(given: object) -> bool:
    """Whether a choice was not made. Told by its type: a number of numpy compares with a list as an array does."""
    return given is None or (isinstance(given, (list, tuple)) and not given)


def each_given(given: object, choice: Choice) -> list[Any]:
    """The values of a choice that may be given several times: what follows the last `default` among them."""
    found = _listed(given, choice)
    backs = [number for number, each in enumerate(found) if not choice.opposite and is_default(each)]
    return found[backs[-1] + 1 :] if backs else found


def _listed(given: object, choice: Choice) -> list[Any]:
    if isinstance(given, (set, frozenset)):
        given = sorted(given, key=_order)  # a set has no order of its own, and errors need one
    found = list(given) if isinstance(given, (list, tuple)) else [given]
    if choice.opposite is None:
        return found
    # Names of options may stand in one text, with commas between them.
    parts = [part for each in found for part in (each.split(",") if isinstance(each, str) else [each])]
    named = [part.strip() if isinstance(part, str) else part for part in parts]
    return [name for name in named if name != ""] or found


def _order(given: object) -> str:
    try:
        return values.text_of(given)
    except NotPlainError as error:  # it is refused later, in its turn
        return str(error)


def _takes_back(given: object, choice: Choice) -> bool:
    return not choice.opposite and any(map(is_default, _listed(given, choice)))


def is_default(given: object) -> bool:
    """Whether a value is the word that takes a choice back."""
    return isinstance(given, str) and given.strip().casefold() == DEFAULT


def known() -> Iterable[str]:
    """The names of all choices."""
    return CHOICES.keys()
