"""The routine as it stands in its file: steps as frozen values, each with its place.

This is what the reader makes, what a listener's choices change, and what the plan is laid out from. Times are whole
milliseconds. Nothing here knows YAML, sound or a clock.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Literal

from msgspec import Struct, field

from voiceguide.errors import Place
from voiceguide.times import Length, Moment, Pattern

Side = Literal["left", "right"]
CueProfile = Literal["chimes", "voice", "both", "none"]
BreathCue = Literal["voice", "tone", "both"]
Guide = Literal["full", "brief", "quiet"]


class Text(Struct, frozen=True):
    """Words to speak. `brief` is what the brief guide says instead: other words, or None for nothing at all."""

    full: str
    brief: str | None


class Step(Struct, frozen=True, kw_only=True):
    """What every step has: its place, and the options that must (`when`) or must not (`unless`) be on."""

    place: Place
    when: tuple[str, ...] = ()
    unless: tuple[str, ...] = ()


class Say(Step, frozen=True, kw_only=True):
    """Speak a text, then leave `gap` (None: the routine's default)."""

    text: Text
    gap: int | None = None


class Pause(Step, frozen=True, kw_only=True):
    """Silence to get into position."""

    ms: int


class Sound(Struct, frozen=True):
    """A sound by the name a person knows it by, and the file it is in."""

    name: str
    path: Path


class Cue(Step, frozen=True, kw_only=True):
    """Something that happens at a moment inside a hold: words, or a sound."""

    at: Moment
    text: Text | None = None
    sound: Sound | None = None


class SideLengths(Struct, frozen=True):
    """A hold that is longer on one side. A third pass on a tighter side still unknown takes the longer of the two."""

    left: Length
    right: Length
    tighter: Length | None = None


class Hold(Step, frozen=True, kw_only=True):
    """A window of exactly `length`: the stretch (`hold`) or a rest.

    With a `pattern`, breath cues sound inside it; a length in breaths without one uses the routine's default.
    `chosen` says that a listener changed it, so cues that no longer fit are left out instead of being the script's
    error; `pinned` holds the sides that a listener gave a length by name ("all" for every side): fitting leaves
    those alone.
    """

    kind: Literal["hold", "rest"]
    length: Length | SideLengths
    name: str
    low: Length | None = None
    high: Length | None = None
    during: tuple[Cue, ...] = ()
    countdown: int | None = None
    pattern: Pattern | None = None
    cue: CueProfile | None = None
    breath_cue: BreathCue = "both"
    chosen: bool = False
    pinned: frozenset[str] = frozenset()


class Breathe(Step, frozen=True, kw_only=True):
    """Guided breathing, for a number of breaths or for about a time."""

    length: Length
    pattern: Pattern | None = None
    cue: BreathCue = "both"


class Chime(Step, frozen=True, kw_only=True):
    """A sound of its own."""

    sound: Sound


class Exercise(Step, frozen=True, kw_only=True):
    """A block with a title, and a chapter of the track."""

    title: str
    steps: tuple[Step, ...]
    about: str | None = None


class Sides(Step, frozen=True, kw_only=True):
    """Its steps once a side. `ratio` is rounds of the tighter side to the other; `switch` None is the usual change.

    `tight` is the tighter side where a listener has named it; `announce` has each side named even where no step does.
    """

    sides: tuple[Side, ...]
    steps: tuple[Step, ...]
    ratio: tuple[int, int] = (1, 1)
    switch: tuple[Step, ...] | None = None
    rest: int | None = None
    tight: Side | None = None
    announce: bool = False


class Repeat(Step, frozen=True, kw_only=True):
    """Its steps `times` over, with `between` in between."""

    times: int
    steps: tuple[Step, ...]
    between: tuple[Step, ...] = ()


class Include(Step, frozen=True, kw_only=True):
    """Another routine's steps at this place, with its own defaults and pronunciations."""

    routine: Routine
    hold: Length | None = None
    with_: tuple[str, ...] = ()
    without: tuple[str, ...] = ()


class Option(Struct, frozen=True):
    """A choice that a listener may turn on or off."""

    about: str
    default: bool
    place: Place


class Bed(Struct, frozen=True):
    """What lies under the session: a generated bed by name, or a music file; `level` dB below the voice."""

    name: str
    path: Path | None = None
    level: int = 22


class VoiceSpec(Struct, frozen=True):
    """The voice a script asks for; None leaves the choice to voiceguide."""

    name: str | None = None
    rate: int = 130
    pitch: int = 50
    volume: float = 1.0


class Defaults(Struct, frozen=True):
    """What steps do where they say nothing themselves."""

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
    voice: VoiceSpec = VoiceSpec()
    pronounce: Mapping[str, str] = field(default_factory=dict)
    defaults: Defaults = Defaults()
    options: Mapping[str, Option] = field(default_factory=dict)
    bed: Bed | None = None

    @property
    def name(self) -> str:
        """What the routine is called in a list: its file's name without the ending."""
        return self.path.stem

    @property
    def all_options(self) -> dict[str, Option]:
        """Every option a listener may name, the outermost routine's own first."""
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
    """Every step, those inside others too, in the order of the file."""
    for step in steps:
        yield step
        if into_includes or not isinstance(step, Include):
            yield from walk(children(step), into_includes=into_includes)


def included(routine: Routine) -> list[Routine]:
    """The routines inside one, at any depth, each once however often it is included."""
    found: dict[int, Routine] = {}

    def look(steps: tuple[Step, ...]) -> None:
        for step in walk(steps, into_includes=False):
            if isinstance(step, Include) and id(step.routine) not in found:
                found[id(step.routine)] = step.routine
                look(step.routine.steps)

    look(routine.steps)
    return list(found.values())
