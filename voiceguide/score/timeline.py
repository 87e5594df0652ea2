"""What a timeline is: events on the clock, chapters, notes. All that follows reads it and infers nothing.

All times are whole milliseconds from the session's start. `layout` is the only place that makes one.
"""

from __future__ import annotations

from pathlib import Path
from typing import ClassVar, Literal

from msgspec import Struct

from voiceguide.errors import Place
from voiceguide.score.items import PhaseName
from voiceguide.times import Pattern

Kind = Literal["say", "count", "chime", "pause", "hold", "rest", "breathe", "switch"]
Pan = Literal["left", "right"]


class Phase(Struct, frozen=True):
    """One phase of a guided breath; `toned` where a tone marks it, else the voice; `breath` counts from 0."""

    kind: PhaseName
    start_ms: int
    end_ms: int
    breath: int
    toned: bool


class _Event(Struct, frozen=True, kw_only=True, tag_field="kind"):
    """What every event has: when it is, where the script has it, and what it belongs to.

    `place` is in the script. `exercise` and `side` are those being worked. `parent` is the index, in the timeline's
    events, of the hold, rest, breathing or change of sides that it lies in; `depth` is how many of these are around it.
    `chapter` is the index of its innermost chapter in `flatten(timeline.chapters)`.
    """

    start_ms: int
    end_ms: int
    place: Place
    exercise: str | None = None
    side: str | None = None
    parent: int | None = None
    depth: int = 0
    chapter: int | None = None

    @property
    def length_ms(self) -> int:
        """How long it lasts."""
        return self.end_ms - self.start_ms


class SayEvent(_Event, frozen=True, kw_only=True, tag="say"):
    """Words: `text` for people's eyes, `spoken` for the voice, `pan` where all of it leans to one ear."""

    kind: ClassVar[Literal["say"]] = "say"
    text: str
    spoken: str
    pan: Pan | None = None


class CountEvent(_Event, frozen=True, kw_only=True, tag="count"):
    """A number of a hold's countdown, which is words too."""

    kind: ClassVar[Literal["count"]] = "count"
    text: str
    spoken: str
    pan: Pan | None = None


class ChimeEvent(_Event, frozen=True, kw_only=True, tag="chime"):
    """A sound by its name, the file it is in, and the ear it leans to."""

    kind: ClassVar[Literal["chime"]] = "chime"
    name: str
    sound: Path
    pan: Pan | None = None


class PauseEvent(_Event, frozen=True, kw_only=True, tag="pause"):
    """Silence to get into position."""

    kind: ClassVar[Literal["pause"]] = "pause"


class _Window(_Event, frozen=True, kw_only=True):
    """What holds, rests and breathing have: a name to tailor them by, and the breath guided inside, if there is one."""

    name: str
    pattern: Pattern | None = None
    phases: tuple[Phase, ...] = ()

    @property
    def breaths(self) -> int:
        """How many breaths are guided inside."""
        return self.phases[-1].breath + 1 if self.phases else 0


class HoldEvent(_Window, frozen=True, kw_only=True, tag="hold"):
    """A stretch that is held."""

    kind: ClassVar[Literal["hold"]] = "hold"


class RestEvent(_Window, frozen=True, kw_only=True, tag="rest"):
    """A rest."""

    kind: ClassVar[Literal["rest"]] = "rest"


class BreatheEvent(_Window, frozen=True, kw_only=True, tag="breathe"):
    """Guided breathing that is no hold."""

    kind: ClassVar[Literal["breathe"]] = "breathe"


class SwitchEvent(_Event, frozen=True, kw_only=True, tag="switch"):
    """A change of sides, from its first word to its last moment; `side` is the one it leads to."""

    kind: ClassVar[Literal["switch"]] = "switch"
    name: str


SpeechEvent = SayEvent | CountEvent
WindowEvent = HoldEvent | RestEvent | BreatheEvent
Event = SayEvent | CountEvent | ChimeEvent | PauseEvent | HoldEvent | RestEvent | BreatheEvent | SwitchEvent
"""Something on the clock; `kind` says which of these it is."""


class Chapter(Struct, frozen=True):
    """A part of the track with a title. `parts` are the sides of an exercise, inside its own time.

    `title` stands alone, as a player shows it ("Calf stretch: left side"); `label` is enough beside the chapter that
    it is a part of ("Left side").
    """

    title: str
    start_ms: int
    end_ms: int
    parts: tuple[Chapter, ...] = ()
    label: str = ""
    side: str | None = None
    exercise: str | None = None


class Timeline(Struct, frozen=True):
    """A whole session on the clock: events in order of start, chapters in order, and notes for the listener.

    An event comes after the one it lies in. No chapter is empty.
    """

    title: str
    duration_ms: int
    events: tuple[Event, ...]
    chapters: tuple[Chapter, ...] = ()
    notes: tuple[str, ...] = ()


def flatten(chapters: tuple[Chapter, ...]) -> list[Chapter]:
    """Chapters and their parts, in order of start: each before its parts."""
    found: list[Chapter] = []
    for chapter in chapters:
        found.append(chapter)
        found += flatten(chapter.parts)
    return found
