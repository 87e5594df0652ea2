"""The routine as written in its file: steps as frozen values, each with its place.

The reader creates it, a listener's choices modify it, and the plan is written from it. Times are whole milliseconds.
Nothing here depends on YAML, sound or a clock.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from fractions import Fraction
from pathlib import Path
from typing import Generic, Literal, TypeVar

from msgspec import UNSET, Struct, UnsetType, field

from voiceguide.errors import Place
from voiceguide.times import Length, Moment, Pattern

T = TypeVar("T", int, Length)

Side = Literal["left", "right"]
CueProfile = Literal["chimes", "voice", "both", "none", "within"]
EdgeName = Literal["chime", "voice", "both", "none"]
Counting = Literal["up", "down", "no"]
BreathCue = Literal["voice", "tone", "both"]
Guide = Literal["full", "fade", "brief", "quiet"]
PassName = Literal["first", "last", "again", "left", "right", "tighter"]


class Text(Struct, frozen=True):
    """Words to speak.

    `brief` is what the brief guide says instead, `again` what is said from the second time on that a listener meets
    the step: other words, None for nothing, or UNSET for the same.
    """

    full: str
    brief: str | UnsetType | None = UNSET
    again: str | UnsetType | None = UNSET

    @property
    def later(self) -> str | None:
        """What is said from the second time on."""
        return self.full if self.again is UNSET else self.again

    def choose(self, guide: Guide) -> Text | None:
        """The words in one guide, at first and later; None if it says nothing. In the brief guide `brief` wins."""
        if guide == "full":
            return self
        first, later = (self.full, self.later) if self.brief is UNSET else (self.brief, self.brief)
        first = self.full if guide == "fade" else first
        if guide == "quiet" or first is None:
            return None
        return Text(first, again=UNSET if later == first else later)


class Step(Struct, frozen=True, kw_only=True):
    """The base of all steps: the place, and the options that must (`when`) or must not (`unless`) be on.

    With `on` it is only in some passes of the `sides` or `repeat` around it: those of one of these numbers or names.
    """

    place: Place
    when: tuple[str, ...] = ()
    unless: tuple[str, ...] = ()
    on: tuple[int | PassName, ...] = ()


class ByRound(Struct, Generic[T], frozen=True):
    """A value for each round of the innermost `repeat` around it."""

    values: tuple[T, ...]


def in_round(value: T | ByRound[T], number: int) -> T:
    """The value in the round of this number, counted from 1."""
    return value.values[number - 1] if isinstance(value, ByRound) else value


def every_value(value: T | ByRound[T]) -> tuple[T, ...]:
    """The value of each round, or the one of all."""
    return value.values if isinstance(value, ByRound) else (value,)


class Say(Step, frozen=True, kw_only=True):
    """Speak a text, then leave `gap` ms (None: the routine's default), from `low` to `high` for a listener."""

    text: Text
    gap: int | None = None
    low: int | None = None
    high: int | None = None


class Pause(Step, frozen=True, kw_only=True):
    """Silence to get into position, from `low` to `high` ms for a listener."""

    ms: int | ByRound[int]
    low: int | None = None
    high: int | None = None


class Sound(Struct, frozen=True):
    """A sound: its name and its file."""

    name: str
    path: Path


Edge = EdgeName | Text | Sound
"""What sounds where a hold begins or ends: the built-in chime, the words for it, both or neither; or its own."""


class Cue(Step, frozen=True, kw_only=True):
    """Words or a sound at a moment inside a hold of at least `needs` ms."""

    at: Moment
    text: Text | None = None
    sound: Sound | None = None
    needs: int = 0


class Recurring(Step, frozen=True, kw_only=True):
    """Texts in turn, or a sound, at each multiple of `every` ms inside a hold, from one moment to another."""

    every: int
    start: Moment
    until: Moment
    texts: tuple[Text, ...] = ()
    sound: Sound | None = None
    needs: int = 0


class SideLengths(Struct, frozen=True):
    """A length for each side. An extra pass on the tighter side, if that is unknown, takes the longer of the two."""

    left: Length | ByRound[Length]
    right: Length | ByRound[Length]
    tighter: Length | None = None


class Hold(Step, frozen=True, kw_only=True):
    """A window of exactly `length`: the stretch (`hold`) or a rest.

    With a `pattern` it has breath cues inside; a length in breaths without one uses the routine's default pattern.
    `chosen` is true if a listener changed it: cues that no longer fit are then left out instead of being an error.
    `written` is the script's own length, if a listener set another.
    `start` and `end` win over `cue`, which says where they lie: with "within" inside the window, else outside.
    `pinned` are the sides whose length a listener set by name ("all" for every side); fitting does not change them.
    """

    kind: Literal["hold", "rest", "reps"]
    length: Length | ByRound[Length] | SideLengths
    name: str
    low: Length | None = None
    high: Length | None = None
    during: tuple[Cue, ...] = ()
    recurring: tuple[Recurring, ...] = ()
    countdown: int | None = None
    pattern: Pattern | None = None
    cue: CueProfile | None = None
    start: Edge | None = None
    end: Edge | None = None
    breath_cue: BreathCue = "both"
    chosen: bool = False
    written: Length | ByRound[Length] | SideLengths | None = None
    pinned: frozenset[str] = frozenset()


class Reps(Hold, frozen=True, kw_only=True):
    """Repetitions: a window whose `length`, `low` and `high` are counts, each as long as the `tempo`.

    The tempo is written like a breath: going, pause, coming back, pause. `words` are those for going and coming back.
    """

    tempo: Pattern
    counting: Counting = "up"
    words: tuple[Text, ...] = ()


class Breathe(Step, frozen=True, kw_only=True):
    """Guided breathing, for a number of breaths or about a duration; `counting` numbers them."""

    length: Length | ByRound[Length]
    pattern: Pattern | None = None
    cue: BreathCue = "both"
    counting: Counting = "no"


class Chime(Step, frozen=True, kw_only=True):
    """Play a sound."""

    sound: Sound


class Exercise(Step, frozen=True, kw_only=True):
    """A block with a title, and a chapter of the track."""

    title: str
    steps: tuple[Step, ...]
    about: str | None = None


class Sides(Step, frozen=True, kw_only=True):
    """Its steps once for each side. `ratio` is rounds of the tighter side to the other; `switch` None is the default.

    `tight` is the tighter side if the listener chose it.
    """

    sides: tuple[Side, ...]
    steps: tuple[Step, ...]
    ratio: tuple[int, int] = (1, 1)
    switch: tuple[Step, ...] | None = None
    rest: int | None = None
    tight: Side | None = None


class Repeat(Step, frozen=True, kw_only=True):
    """Its steps, `times` times, with `between` in between. `called`: what texts call its number, besides `round`."""

    times: int
    steps: tuple[Step, ...]
    between: tuple[Step, ...] = ()
    called: str | None = None


class Include(Step, frozen=True, kw_only=True):
    """The steps of another routine, with its own defaults and pronunciations.

    What is not None replaces the other's own: the length of holds, the breath, the gap in ms. `pace` scales silences.
    `guide` is how much of its words is said where a listener has not asked for less.
    """

    routine: Routine
    hold: Length | None = None
    pattern: Pattern | None = None
    gap: int | None = None
    pace: Fraction = Fraction(1)
    guide: Guide = "full"
    with_: tuple[str, ...] = ()
    without: tuple[str, ...] = ()


class Option(Struct, frozen=True):
    """A part of the routine that a listener can turn on or off; it can't be on together with those it `excludes`."""

    about: str
    default: bool
    place: Place
    excludes: tuple[str, ...] = ()


class Bed(Struct, frozen=True):
    """The bed under the session: a generated one by name, or a music file; `level` is in dB below the voice."""

    name: str
    path: Path | None = None
    level: int = 22


class VoiceSpec(Struct, frozen=True):
    """The voice of a script; a `name` of None is the default voice."""

    name: str | None = None
    rate: int = 130
    pitch: int = 50
    volume: float = 1.0


class Defaults(Struct, frozen=True):
    """The defaults for all steps. Times are in ms, `countdown` is in seconds."""

    gap: int = 600
    switch: int = 5_000
    countdown: int = 0
    pattern: Pattern = field(default_factory=lambda: Pattern(4_000, 0, 6_000, 0))
    cue: CueProfile = "chimes"


class Routine(Struct, frozen=True):
    """A whole script. `options` are its own; `all_options` adds those of the routines it includes."""

    path: Path
    title: str
    steps: tuple[Step, ...]
    about: str | None = None
    author: str | None = None
    source: str | None = None
    tags: tuple[str, ...] = ()
    needs: tuple[str, ...] = ()
    notice: str | None = None
    notice_place: Place | None = None
    language: str = "en-US"
    language_place: Place | None = None
    voice: VoiceSpec = VoiceSpec()
    pronounce: Mapping[str, str] = field(default_factory=dict)
    defaults: Defaults = Defaults()
    options: Mapping[str, Option] = field(default_factory=dict)
    bed: Bed | None = None
    sounds: Mapping[str, Sound] = field(default_factory=dict)  # of its own, in place of those in `library.CUE_SOUNDS`

    @property
    def name(self) -> str:
        """The routine's name in a list: its file's name without the ending."""
        return self.path.stem

    @property
    def all_options(self) -> dict[str, Option]:
        """Every option that a listener may turn on or off, the outermost routine's own first."""
        found = dict(self.options)
        for routine in included(self):
            for name, option in routine.options.items():
                found.setdefault(name, option)
        return found


def children(step: Step) -> tuple[Step, ...]:
    """The steps inside a step, in the order of the file."""
    if isinstance(step, Exercise):
        return step.steps
    if isinstance(step, Sides):
        return step.steps + (step.switch or ())
    if isinstance(step, Repeat):
        return step.steps + step.between
    if isinstance(step, Include):
        return step.routine.steps
    return ()


def walk(steps: tuple[Step, ...], *, into_includes: bool = True) -> Iterator[Step]:
    """Every step, including nested ones, in the order of the file."""
    for step in steps:
        yield step
        if into_includes or not isinstance(step, Include):
            yield from walk(children(step), into_includes=into_includes)


def included(routine: Routine) -> list[Routine]:
    """The routines included in one, at any depth, each once."""
    found: dict[int, Routine] = {}

    def look(steps: tuple[Step, ...]) -> None:
        for step in walk(steps, into_includes=False):
            if isinstance(step, Include) and id(step.routine) not in found:
                found[id(step.routine)] = step.routine
                look(step.routine.steps)

    look(routine.steps)
    return list(found.values())
