"""What a plan is made of: speech, sounds, silence, windows, and what has a title, in order and with no clock."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Literal

from msgspec import Struct, field

from voiceguide.errors import Place
from voiceguide.routine.model import BreathCue, Sound
from voiceguide.routine.pronunciations import NO_PRONUNCIATIONS, Pronunciations
from voiceguide.times import Breaths, Length, Moment, Pattern

# Of one step, and of one length and range, as the script or the listener has them.
Group = tuple[int, int, int, int]
PhaseName = Literal["in", "hold", "out", "wait"]


class Where(Struct, frozen=True):
    """What an item belongs to: its place in the script, its exercise and its side."""

    place: Place
    exercise: str | None = None
    side: str | None = None


class Speech(Struct, frozen=True):
    """Words, then silence of `gap` ms. `template` may still name {hold} and {length}; `text` and `spoken` are final.

    `text` is for people's eyes, `spoken` for the voice, with pronunciations put in.
    """

    template: str
    where: Where
    gap: int = 0
    pronunciations: Pronunciations = field(default_factory=lambda: NO_PRONUNCIATIONS)
    text: str = ""
    spoken: str = ""


class ChimeSound(Struct, frozen=True):
    """A sound of the sound folder or of the script."""

    sound: Sound
    where: Where


class Silence(Struct, frozen=True):
    """A pause to get into position."""

    ms: int
    where: Where


Sounding = Speech | ChimeSound


class Inner(Struct, frozen=True):
    """Something at a moment inside a window."""

    at: Moment
    sounding: Sounding


class Breathing(Struct, frozen=True):
    """The breath guided inside a window: its pattern, how it is cued, how many breaths (None: as many as fit)."""

    pattern: Pattern
    cue: BreathCue
    words: Mapping[PhaseName, tuple[Speech, ...]]
    count: int | None = None


class Window(Struct, frozen=True):
    """A hold, a rest or guided breathing: exactly `ms`, whatever sounds inside.

    `start` and `end` sound outside of it, before and after; `half` at its middle, where there is room. `low` and
    `high` bound what fitting may make of it, in whole breaths of `unit` where that is not None; windows of one
    `group` stay equal.
    """

    kind: Literal["hold", "rest", "breathe"]
    name: str
    ms: int
    where: Where
    step: int  # which step of the routine it is, whatever side or round
    low: int
    high: int
    unit: Pattern | None = None
    start: tuple[Sounding, ...] = ()
    half: tuple[Sounding, ...] = ()
    end: tuple[Sounding, ...] = ()
    inner: tuple[Inner, ...] = ()
    countdown: tuple[Speech, ...] = ()
    breathing: Breathing | None = None
    lenient: bool = False

    @property
    def group(self) -> Group:
        """Of one step, and equal as the script or the listener has it: the sides of a hold, its rounds."""
        return (self.step, self.ms, self.low, self.high)

    @property
    def length(self) -> Length:
        """The length as a person would say it: in breaths where it is counted in them."""
        return Breaths(self.unit.nearest(self.ms)) if self.unit else self.ms


class Open(Struct, frozen=True):
    """The beginning of something with a title: an exercise, one of its sides, or a change of sides.

    `title` stands alone, `label` inside of what is around it.
    """

    kind: Literal["exercise", "side", "switch"]
    title: str
    label: str
    where: Where


class Close(Struct, frozen=True):
    """The end of the latest thing opened."""


Item = Speech | ChimeSound | Silence | Window | Open | Close


class Plan(Struct, frozen=True):
    """A session without a clock. `notes` is what a listener should know about how choices were met.

    `tail` ms of silence end it: the odd milliseconds of a fitted total that equal sides can't share. `language` is a
    BCP 47 tag, in whose words lengths are spoken.
    """

    title: str
    items: tuple[Item, ...]
    place: Place
    notes: tuple[str, ...] = ()
    tail: int = 0
    language: str = "en"


def list_phases(pattern: Pattern) -> tuple[tuple[PhaseName, int], ...]:
    """The phases of a breath in order, with their lengths in ms; a length may be nothing."""
    return (
        ("in", pattern.breathe_in),
        ("hold", pattern.hold_in),
        ("out", pattern.breathe_out),
        ("wait", pattern.hold_out),
    )


def list_soundings(plan: Plan) -> Iterator[Sounding]:
    """Everything of a plan that may sound, inside windows too, in order."""
    for item in plan.items:
        if isinstance(item, (Speech, ChimeSound)):
            yield item
        elif isinstance(item, Window):
            yield from item.start
            yield from (each.sounding for each in item.inner)
            yield from item.half
            yield from item.countdown
            if item.breathing and item.breathing.cue != "tone":
                for words in item.breathing.words.values():
                    yield from words
            yield from item.end
