"""The timeline: events with their times, chapters, notes. Views and rendering read it and infer nothing.

All times are whole milliseconds from the session's start. Only `layout` creates timelines.
"""

from __future__ import annotations

from pathlib import Path
from typing import ClassVar, Literal

from msgspec import Struct

from voiceguide.errors import Place
from voiceguide.score.items import PhaseName
from voiceguide.times import Pattern

Kind = Literal["say", "count", "chime", "pause", "hold", "rest", "breathe", "reps", "switch"]
Pan = Literal["left", "right"]


class Phase(Struct, frozen=True):
    """One phase of a guided breath; a tone guides it if `toned`, else the voice; `breath` counts from 0."""

    kind: PhaseName
    start_ms: int
    end_ms: int
    breath: int
    toned: bool


class _Event(Struct, frozen=True, kw_only=True, tag_field="kind"):
    """The fields of every event: its times, its place in the script, and its context.

    `exercise` and `side` are the current ones. `parent` is the index, in the timeline's events, of the hold, rest,
    breathing or change of sides that contains it; `depth` is the number of these around it. `chapter` is the index of
    its innermost chapter in `flatten(timeline.chapters)`.
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
        """Its length in ms."""
        return self.end_ms - self.start_ms


class SpokenPiece(Struct, frozen=True):
    """Words that are spoken without silence inside, with their times."""

    start_ms: int
    end_ms: int
    text: str
    spoken: str


class _Spoken(_Event, frozen=True, kw_only=True):
    """Speech: `text` is shown, `spoken` is for the voice, `pan` is set if all of it is panned to a side.

    A text with silences inside has `pieces`: the words between them.
    """

    text: str
    spoken: str
    pan: Pan | None = None
    pieces: tuple[SpokenPiece, ...] = ()

    def list_pieces(self) -> tuple[SpokenPiece, ...]:
        """The words between silences; all of them as one piece if there is no silence inside."""
        return self.pieces or (SpokenPiece(self.start_ms, self.end_ms, self.text, self.spoken),)


class SayEvent(_Spoken, frozen=True, kw_only=True, tag="say"):
    """A text that the routine or the program says."""

    kind: ClassVar[Literal["say"]] = "say"


class CountEvent(_Spoken, frozen=True, kw_only=True, tag="count"):
    """A number of a countdown, of a repetition or of a breath, as speech; with its words if there are any."""

    kind: ClassVar[Literal["count"]] = "count"


class ChimeEvent(_Event, frozen=True, kw_only=True, tag="chime"):
    """A sound: its name, its file, and the side that it is panned to."""

    kind: ClassVar[Literal["chime"]] = "chime"
    name: str
    sound: Path
    pan: Pan | None = None


class PauseEvent(_Event, frozen=True, kw_only=True, tag="pause"):
    """Silence to get into position."""

    kind: ClassVar[Literal["pause"]] = "pause"


class _Window(_Event, frozen=True, kw_only=True):
    """The fields of holds, rests, breathing and repetitions: the name used in choices, and the breath guided inside."""

    name: str
    pattern: Pattern | None = None
    phases: tuple[Phase, ...] = ()

    @property
    def breaths(self) -> int:
        """The number of guided breaths inside."""
        return self.phases[-1].breath + 1 if self.phases else 0


class HoldEvent(_Window, frozen=True, kw_only=True, tag="hold"):
    """A stretch that is held."""

    kind: ClassVar[Literal["hold"]] = "hold"


class RestEvent(_Window, frozen=True, kw_only=True, tag="rest"):
    """A rest."""

    kind: ClassVar[Literal["rest"]] = "rest"


class BreatheEvent(_Window, frozen=True, kw_only=True, tag="breathe"):
    """Guided breathing outside of a hold."""

    kind: ClassVar[Literal["breathe"]] = "breathe"


class RepsEvent(_Window, frozen=True, kw_only=True, tag="reps"):
    """Repetitions: their number, and the seconds of each, written like a breath."""

    kind: ClassVar[Literal["reps"]] = "reps"
    count: int
    tempo: Pattern


class SwitchEvent(_Event, frozen=True, kw_only=True, tag="switch"):
    """A change of sides, from its first word to its end; `side` is the next side."""

    kind: ClassVar[Literal["switch"]] = "switch"
    name: str


SpeechEvent = SayEvent | CountEvent
WindowEvent = HoldEvent | RestEvent | BreatheEvent | RepsEvent
Event = SayEvent | CountEvent | ChimeEvent | PauseEvent | HoldEvent | RestEvent | BreatheEvent | RepsEvent | SwitchEvent
"""An event of a timeline; `kind` says which."""


class Chapter(Struct, frozen=True):
    """A part of the track with a title. `parts` are the sides of an exercise, within its time.

    `title` is complete on its own, for a player ("Calf stretch: left side"); `label` is shorter, for use inside the
    chapter around it ("Left side").
    """

    title: str
    start_ms: int
    end_ms: int
    parts: tuple[Chapter, ...] = ()
    label: str = ""
    side: str | None = None
    exercise: str | None = None


class Timeline(Struct, frozen=True):
    """A whole session with its times: events in order of start, chapters in order, and notes for the listener.

    An event comes after the one that contains it. No chapter is empty; they are the exercises and sides, with whatever
    lies between them in none. `language` is a BCP 47 tag.
    """

    title: str
    duration_ms: int
    events: tuple[Event, ...]
    chapters: tuple[Chapter, ...] = ()
    notes: tuple[str, ...] = ()
    language: str = "en"


def flatten(chapters: tuple[Chapter, ...]) -> list[Chapter]:
    """Chapters and their parts, in order of start: each before its parts."""
    found: list[Chapter] = []
    for chapter in chapters:
        found.append(chapter)
        found += flatten(chapter.parts)
    return found
