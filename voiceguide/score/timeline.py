"""A plan and how long each sound takes → absolute times. The only place that assigns times.

Pure, and in whole milliseconds: `show` prints what `make` renders because both call `lay` and nothing else.
"""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any, Literal

from msgspec import Struct, field
from msgspec.structs import replace

from voiceguide import times
from voiceguide.budget import MAX_DURATION
from voiceguide.errors import Place, Problem, ScriptError
from voiceguide.score.items import ChimeSound, Item, Open, Plan, Silence, Sounding, Speech, Where, Window
from voiceguide.score.window import Clash, Phase, inside, problems
from voiceguide.times import Pattern

Kind = Literal["say", "pause", "hold", "rest", "breathe", "chime", "count", "switch"]


class Lengths(Struct, frozen=True):
    """How long things take, in ms: each spoken text, and each sound file."""

    speech: Mapping[str, int]
    sounds: Mapping[Path, int]

    def of(self, sounding: Sounding) -> int:
        if isinstance(sounding, Speech):
            return self.speech[sounding.spoken]
        return self.sounds[sounding.sound.path]


class Event(Struct, frozen=True):
    """Something on the clock, from `start` to `end` in ms.

    `spoken` is for the voice, `sound` a file to play; `phases` are those of a `breath` guided inside a window.
    """

    kind: Kind
    start: int
    end: int
    place: Place
    name: str | None = None
    side: str | None = None
    exercise: str | None = None
    text: str | None = None
    spoken: str | None = None
    sound: Path | None = None
    phases: tuple[Phase, ...] = ()
    breath: Pattern | None = None


class Chapter(Struct, frozen=True):
    """A part of the track with a title. `parts` are the sides of an exercise, inside its own time."""

    title: str
    start: int
    end: int
    parts: tuple[Chapter, ...] = ()


class Timeline(Struct, frozen=True):
    """A whole session on the clock: events in order of start, chapters, and notes for the listener."""

    title: str
    duration: int
    events: tuple[Event, ...]
    chapters: tuple[Chapter, ...]
    notes: tuple[str, ...]

    def as_json(self) -> dict[str, Any]:
        """Seconds as numbers to the millisecond, as `show --json` prints it."""
        return {
            "title": self.title,
            "duration": self.duration / times.SECOND,
            "chapters": [
                {"title": each.title, "start": each.start / times.SECOND, "end": each.end / times.SECOND}
                for each in flat(self.chapters)
            ],
            "events": [_event_json(event) for event in self.events],
            "notes": list(self.notes),
        }


def flat(chapters: tuple[Chapter, ...]) -> list[Chapter]:
    """Chapters and their parts, in order of start; a part says whose it is."""
    found: list[Chapter] = []
    for chapter in chapters:
        found.append(chapter)
        found += flat(chapter.parts)
    return found


def duration(plan: Plan, lengths: Lengths) -> int:
    """How long a plan takes, in ms, without laying it out."""
    total = plan.tail
    for item in plan.items:
        if isinstance(item, Speech):
            total += lengths.of(item) + item.gap
        elif isinstance(item, ChimeSound):
            total += lengths.of(item)
        elif isinstance(item, Silence):
            total += item.ms
        elif isinstance(item, Window):
            total += item.ms + sum(map(lengths.of, (*item.start, *item.end)))
    return total


def lay(plan: Plan, lengths: Lengths) -> Timeline:
    """Lay a worded plan out on the clock.

    Raises ScriptError with every collision of the script's own cues, and where it is too long or nothing at all.
    """
    clock = _Clock(lengths)
    for item in plan.items:
        clock.add(item)
    if clock.clashes:
        raise ScriptError(problems(clock.clashes))
    total = clock.now + plan.tail
    if total > MAX_DURATION:
        message = f"this session lasts {times.clock(total)}; the longest there may be is {times.clock(MAX_DURATION)}"
        raise ScriptError([Problem(plan.place, message)])
    if not total:
        raise ScriptError([Problem(plan.place, "this session takes no time at all; give it words, or a longer pause")])
    # Stable: a window stands before what sounds inside it, because it was added first.
    events = tuple(sorted(clock.events, key=lambda event: event.start))
    notes = tuple(dict.fromkeys((*plan.notes, *clock.notes)))
    return Timeline(plan.title, total, events, tuple(clock.chapters), notes)


class _Opened(Struct):
    item: Open
    start: int
    at: int
    parts: list[Chapter] = field(default_factory=list)


class _Clock(Struct):
    """The one hand that moves forward."""

    lengths: Lengths
    now: int = 0
    events: list[Event] = field(default_factory=list)
    chapters: list[Chapter] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)
    clashes: list[Clash] = field(default_factory=list)
    opened: list[_Opened] = field(default_factory=list)

    def add(self, item: Item) -> None:
        if isinstance(item, (Speech, ChimeSound)):
            self.sound(item)
            self.now += item.gap if isinstance(item, Speech) else 0
        elif isinstance(item, Silence):
            if item.ms:
                self.events.append(_event("pause", self.now, self.now + item.ms, item.where))
            self.now += item.ms
        elif isinstance(item, Window):
            self.window(item)
        elif isinstance(item, Open):
            self.opened.append(_Opened(item, self.now, len(self.events)))
        else:
            self.close()

    def sound(self, sounding: Sounding) -> None:
        end = self.now + self.lengths.of(sounding)
        self.events.append(_sounding(sounding, self.now, end))
        self.now = end

    def window(self, window: Window) -> None:
        for sounding in window.start:
            self.sound(sounding)
        start = self.now
        within = inside(window, self.lengths.of)
        phases = tuple(replace(each, start=start + each.start, end=start + each.end) for each in within.phases)
        whole = _event(window.kind, start, start + window.ms, window.where, name=window.name, phases=phases)
        if window.breathing:
            whole = replace(whole, breath=window.breathing.pattern)
        self.events.append(whole)
        for each in within.placed:
            event = _sounding(each.sounding, start + each.start, start + each.end)
            self.events.append(replace(event, kind="count") if each.counted else event)
        self.notes += within.notes
        self.clashes += within.clashes
        self.now += window.ms
        for sounding in window.end:
            self.sound(sounding)

    def close(self) -> None:
        ended = self.opened.pop()
        where, title = ended.item.where, ended.item.title
        if self.now == ended.start:
            return  # its steps are all turned off
        if ended.item.kind == "switch":
            event = _event("switch", ended.start, self.now, where, name=title)
            self.events.insert(ended.at, event)
            return
        if ended.item.kind == "side" and where.exercise:
            title = f"{where.exercise}: {title[0].lower()}{title[1:]}"
        chapter = Chapter(title, ended.start, self.now, tuple(ended.parts))
        (self.opened[-1].parts if self.opened else self.chapters).append(chapter)


def _event(kind: Kind, start: int, end: int, where: Where, **more: Any) -> Event:
    return Event(kind, start, end, where.place, side=where.side, exercise=where.exercise, **more)


def _sounding(sounding: Sounding, start: int, end: int) -> Event:
    where = sounding.where
    if isinstance(sounding, Speech):
        return _event("say", start, end, where, text=sounding.text, spoken=sounding.spoken)
    return _event("chime", start, end, where, name=sounding.sound.name, sound=sounding.sound.path)


def _event_json(event: Event) -> dict[str, Any]:
    found: dict[str, Any] = {
        "kind": event.kind,
        "start": event.start / times.SECOND,
        "end": event.end / times.SECOND,
        "name": event.name,
        "side": event.side,
        "exercise": event.exercise,
        "line": event.place.line,
        "text": event.text,
        "file": event.place.path,
    }
    if event.phases:
        found["phases"] = [
            {
                "phase": phase.kind,
                "start": phase.start / times.SECOND,
                "end": phase.end / times.SECOND,
                "cue": "tone" if phase.toned else "voice",
            }
            for phase in event.phases
        ]
    return found
