"""The items of a plan: speech, sounds, silence, windows, and titled sections, in order and without times."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import TYPE_CHECKING, Literal

from msgspec import Struct, field

from voiceguide.errors import Place
from voiceguide.routine.model import BreathCue, Sound
from voiceguide.routine.pronunciations import NO_PRONUNCIATIONS, Pronunciations
from voiceguide.times import Breaths, Length, Moment, Pattern

if TYPE_CHECKING:
    from voiceguide.voices.lexicon import Lexicon

# A step, or the place of a silence, and its length, low and high end, before fitting.
Group = tuple[int | Place, int, int, int]
PhaseName = Literal["in", "hold", "out", "wait"]


class Where(Struct, frozen=True):
    """The context of an item: its place in the script, its exercise and its side."""

    place: Place
    exercise: str | None = None
    side: str | None = None


class Piece(Struct, frozen=True):
    """Words of a text, then `silence` ms of silence inside the text. Both are empty where silence comes first."""

    text: str
    spoken: str
    silence: int


class Speech(Struct, frozen=True):
    """Words, then silence of `gap` ms, whose range is `low` to `high` if the script has one.

    `template` may contain {hold} and {length}; `text` and `spoken` are final. `text` is shown; `spoken` is for the
    voice, with pronunciations replaced. `part` is the included part whose {length} is meant; None for the session.
    A text with silences inside is spoken in `pieces`; any other has none.
    """

    template: str
    where: Where
    gap: int = 0
    pronunciations: Pronunciations = field(default_factory=lambda: NO_PRONUNCIATIONS)
    text: str = ""
    spoken: str = ""
    low: int | None = None
    high: int | None = None
    part: int | None = None
    pieces: tuple[Piece, ...] = ()

    def list_spoken(self) -> tuple[str, ...]:
        """All that the voice is given for it."""
        return tuple(each.spoken for each in self.pieces if each.spoken) if self.pieces else (self.spoken,)


class ChimeSound(Struct, frozen=True):
    """A sound from the sound folder, or a file beside the script."""

    sound: Sound
    where: Where


class Silence(Struct, frozen=True):
    """A pause to get into position, from `low` to `high` ms if the script says so."""

    ms: int
    where: Where
    low: int | None = None
    high: int | None = None


Sounding = Speech | ChimeSound


class Inner(Struct, frozen=True):
    """A sound at a moment inside a window of at least `needs` ms."""

    at: Moment
    sounding: Sounding
    needs: int = 0


class Recurring(Struct, frozen=True):
    """Sounds that come back in turn at each multiple of `every` ms, from one moment to another.

    `turns` are these sounds: once, or for each multiple where their words tell how much of the window is left.
    """

    every: int
    start: Moment
    until: Moment
    turns: tuple[tuple[Sounding, ...], ...]
    needs: int = 0

    def list_times(self, ms: int) -> range:
        """The multiples inside a window of `ms`, without its ends."""
        first = -(-max(self.start.within(ms), 1) // self.every) * self.every
        return range(first, min(self.until.within(ms) + 1, ms), self.every)


class Breathing(Struct, frozen=True):
    """The breath guided inside a window: its pattern, its cue, the number of breaths (None: as many as fit).

    `numbers` are for each breath what is said with its number as it begins: the first that fits; the last is the number
    alone, which a breath of tones has too.
    """

    pattern: Pattern
    cue: BreathCue
    words: Mapping[PhaseName, tuple[Speech, ...]]
    count: int | None = None
    numbers: tuple[tuple[Speech, ...], ...] = ()


class Repetitions(Struct, frozen=True):
    """The repetitions of a window: their tempo, and for each what is said as it begins: the first choice that fits.

    `numbered`: these have its number, the last one alone. `back` is said where each comes back, if there is room.
    """

    tempo: Pattern
    going: tuple[tuple[Speech, ...], ...]
    back: tuple[Speech, ...] = ()
    numbered: bool = True


class Window(Struct, frozen=True):
    """A hold, a rest or guided breathing: exactly `ms` long, whatever sounds inside.

    `start` and `end` sound before and after it, or inside it if `within`; `half` at its middle, if there is room.
    Fitting may change its length from `low` to `high`, in whole breaths of `unit` if that is not None; windows of one
    `group` stay equal. `written` is its length in the script; in a shorter one cues keep apart.
    """

    kind: Literal["hold", "rest", "breathe", "reps"]
    name: str
    ms: int
    where: Where
    step: int  # identifies the step of the routine, regardless of side and round
    low: int
    high: int
    unit: Pattern | None = None
    start: tuple[Sounding, ...] = ()
    half: tuple[Sounding, ...] = ()
    end: tuple[Sounding, ...] = ()
    inner: tuple[Inner, ...] = ()
    recurring: tuple[Recurring, ...] = ()
    countdown: tuple[Speech, ...] = ()
    breathing: Breathing | None = None
    repetitions: Repetitions | None = None
    within: bool = False
    lenient: bool = False
    written: int = 0

    @property
    def group(self) -> Group:
        """The key of windows that stay equal: those of one step with the same length, such as its sides and rounds."""
        return (self.step, self.ms, self.low, self.high)

    @property
    def length(self) -> Length:
        """The length, in breaths if it is counted in breaths, else in ms."""
        return Breaths(self.unit.nearest(self.ms)) if self.unit else self.ms


class Open(Struct, frozen=True):
    """The start of a titled section: an exercise, one of its sides, or a change of sides.

    `title` is complete on its own; `label` is shorter, for use inside the section around it.
    """

    kind: Literal["exercise", "side", "switch"]
    title: str
    label: str
    where: Where


class Close(Struct, frozen=True):
    """The end of the section that was opened last."""


class PartEdge(Struct, frozen=True):
    """The start or the end of an included part; only `write_plan` meets it."""

    part: int
    is_start: bool


Item = Speech | ChimeSound | Silence | Window | Open | Close


class Plan(Struct, frozen=True):
    """A session without times. `notes` tell a listener how choices were adjusted.

    It ends with `tail` ms of silence: the remainder of a fitted total that equal sides can't share. `language` is a
    BCP 47 tag; lengths are spoken in that language. `lexicon` is the voice's. `parts` are the included ones that tell
    their length, each by its number: the indices of its items, from and before.
    """

    title: str
    items: tuple[Item, ...]
    place: Place
    notes: tuple[str, ...] = ()
    tail: int = 0
    language: str = "en"
    lexicon: Lexicon | None = None
    parts: Mapping[int, tuple[int, int]] = field(default_factory=dict)


def list_phases(pattern: Pattern) -> tuple[tuple[PhaseName, int], ...]:
    """The phases of a breath in order, with their lengths in ms; a length may be 0."""
    return (
        ("in", pattern.breathe_in),
        ("hold", pattern.hold_in),
        ("out", pattern.breathe_out),
        ("wait", pattern.hold_out),
    )


VOICED_BREATHS = 2  # spoken with the cue "both"; by then the listener has the rhythm, and tones are enough


def is_voiced(cue: BreathCue, breath: int) -> bool:
    """Whether a breath, counted from 0, is spoken."""
    return cue == "voice" or (cue == "both" and breath < VOICED_BREATHS)


def list_soundings(items: Iterable[Item]) -> Iterator[Sounding]:
    """All speech and chimes of a plan's items, including those inside windows, in order."""
    for item in items:
        if isinstance(item, (Speech, ChimeSound)):
            yield item
        elif isinstance(item, Window):
            yield from item.start
            yield from (each.sounding for each in item.inner)
            yield from (sounding for each in item.recurring for turn in each.turns for sounding in turn)
            yield from item.half
            yield from item.countdown
            if item.repetitions:
                yield from (speech for choices in item.repetitions.going for speech in choices)
                yield from item.repetitions.back
            if item.breathing:
                yield from (speech for choices in item.breathing.numbers for speech in choices)
            if item.breathing and item.breathing.cue != "tone":
                for words in item.breathing.words.values():
                    yield from words
            yield from item.end
