"""A plan and the length of each sound → a timeline. The only module that assigns times.

Pure, and in whole milliseconds. `show` prints what `make` renders because both use `lay_out`.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from typing import Any

from msgspec import Struct, field

from voiceguide import times
from voiceguide.budget import MAX_DURATION
from voiceguide.errors import Problem, ScriptError
from voiceguide.score.items import ChimeSound, Item, Open, Plan, Silence, Sounding, Speech, Where, Window
from voiceguide.score.timeline import (
    BreatheEvent,
    Chapter,
    ChimeEvent,
    CountEvent,
    Event,
    HoldEvent,
    Pan,
    PauseEvent,
    Phase,
    RepsEvent,
    RestEvent,
    SayEvent,
    SpokenPiece,
    SwitchEvent,
    Timeline,
)
from voiceguide.score.window import Clash, explain_clashes, fill_window


class Lengths(Struct, frozen=True):
    """The lengths of each spoken text and each sound file, in ms."""

    speech: Mapping[str, int]
    sounds: Mapping[Path, int]

    def of(self, sounding: Sounding) -> int:
        """The length of one sound in ms."""
        if isinstance(sounding, Speech):
            silence = sum(each.silence for each in sounding.pieces)
            return silence + sum(self.speech[spoken] for spoken in sounding.list_spoken())
        return self.sounds[sounding.sound.path]


def add_up(plan: Plan, lengths: Lengths) -> int:
    """The length of a plan in ms, computed without laying it out."""
    return plan.tail + add_up_items(plan.items, lengths)


def add_up_items(items: Iterable[Item], lengths: Lengths) -> int:
    """The length of some items of a plan in ms."""
    total = 0
    for item in items:
        if isinstance(item, Speech):
            total += lengths.of(item) + item.gap
        elif isinstance(item, ChimeSound):
            total += lengths.of(item)
        elif isinstance(item, Silence):
            total += item.ms
        elif isinstance(item, Window):
            total += item.ms + (0 if item.within else sum(map(lengths.of, (*item.start, *item.end))))
    return total


def lay_out(plan: Plan, lengths: Lengths) -> Timeline:
    """Lay out a plan whose texts are final.

    Raises ScriptError with every collision of the script's own cues, or if the session is too long or empty.
    """
    clock = _Clock(lengths)
    for item in plan.items:
        clock.add(item)
    if clock.clashes:
        raise ScriptError(explain_clashes(clock.clashes))
    total = clock.now + plan.tail
    if total > MAX_DURATION:
        message = f"this session lasts {times.clock(total)}; the maximum is {times.clock(MAX_DURATION)}"
        raise ScriptError([Problem(plan.place, message)])
    if not total:
        raise ScriptError([Problem(plan.place, "this session has no length; add words, or a longer pause")])
    notes = tuple(dict.fromkeys((*plan.notes, *clock.notes)))
    events = tuple(each for each in clock.events if each is not None)
    return Timeline(plan.title, total, events, tuple(clock.chapters), notes, plan.language)


class _Opened(Struct):
    """An open section: its start, its index among the events and chapters, and its parts so far."""

    item: Open
    start: int
    event: int
    chapter: int
    parts: list[Chapter] = field(default_factory=list)


class _Clock(Struct):
    """Assigns times, moving forward only. Events are in order of start, each after the one that contains it."""

    lengths: Lengths
    now: int = 0
    # The event of a change of sides is None until its end is known.
    events: list[Event | None] = field(default_factory=list)
    chapters: list[Chapter] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)
    clashes: list[Clash] = field(default_factory=list)
    opened: list[_Opened] = field(default_factory=list)
    around: list[int] = field(default_factory=list)  # the open windows and changes of sides, as indices of `events`
    chapter_count: int = 0  # of all started chapters that are not empty

    def add(self, item: Item) -> None:
        if isinstance(item, (Speech, ChimeSound)):
            self.sound(item)
            self.now += item.gap if isinstance(item, Speech) else 0
        elif isinstance(item, Silence):
            if item.ms:
                self.events.append(PauseEvent(**self.common(item.where, self.now, self.now + item.ms)))
            self.now += item.ms
        elif isinstance(item, Window):
            self.window(item)
        elif isinstance(item, Open):
            self.open(item)
        else:
            self.close()

    def common(self, where: Where, start: int, end: int) -> dict[str, Any]:
        """The fields that all events have."""
        return {
            "start_ms": start,
            "end_ms": end,
            "place": where.place,
            "exercise": where.exercise,
            "side": where.side,
            "parent": self.around[-1] if self.around else None,
            "depth": len(self.around),
            "chapter": next((each.chapter for each in reversed(self.opened) if each.item.kind != "switch"), None),
        }

    def sound(self, sounding: Sounding) -> None:
        end = self.now + self.lengths.of(sounding)
        self.events.append(self.heard(sounding, self.now, end))
        self.now = end

    def heard(self, sounding: Sounding, start: int, end: int, *, counted: bool = False) -> Event:
        """The event of a sound. Chimes are panned to their side, and so is speech during a change of sides."""
        common = self.common(sounding.where, start, end)
        pan = _PANS.get(sounding.where.side or "")
        if isinstance(sounding, ChimeSound):
            return ChimeEvent(name=sounding.sound.name, sound=sounding.sound.path, pan=pan, **common)
        if not any(each.item.kind == "switch" for each in self.opened):
            pan = None  # elsewhere only the words that name a side are panned, when they are rendered
        kind = CountEvent if counted else SayEvent
        pieces = tuple(self.pieces(sounding, start))
        return kind(text=sounding.text, spoken=sounding.spoken, pan=pan, pieces=pieces, **common)

    def pieces(self, speech: Speech, start: int) -> Iterator[SpokenPiece]:
        """The pieces of a text with silences inside, on the clock."""
        for each in speech.pieces:
            end = start + (self.lengths.speech[each.spoken] if each.spoken else 0)
            if each.spoken:
                yield SpokenPiece(start, end, each.text, each.spoken)
            start = end + each.silence

    def window(self, window: Window) -> None:
        for sounding in () if window.within else window.start:
            self.sound(sounding)
        start = self.now
        within = fill_window(window, self.lengths.of)
        phases = tuple(
            Phase(each.kind, start + each.start_ms, start + each.end_ms, each.breath, each.toned)
            for each in within.phases
        )
        pattern = window.breathing.pattern if window.breathing else None
        common = self.common(window.where, start, start + window.ms)
        self.around.append(len(self.events))
        if window.repetitions:
            common |= {"count": len(window.repetitions.going), "tempo": window.repetitions.tempo}
        self.events.append(_WINDOWS[window.kind](name=window.name, pattern=pattern, phases=phases, **common))
        for each in within.placed:
            event = self.heard(each.sounding, start + each.start, start + each.end, counted=each.counted)
            self.events.append(event)
        self.around.pop()
        self.notes += within.notes
        self.clashes += within.clashes
        self.now += window.ms
        for sounding in () if window.within else window.end:
            self.sound(sounding)

    def open(self, item: Open) -> None:
        self.opened.append(_Opened(item, self.now, len(self.events), self.chapter_count))
        if item.kind == "switch":
            self.around.append(len(self.events))
            self.events.append(None)
        else:
            self.chapter_count += 1

    def close(self) -> None:
        ended = self.opened.pop()
        where, empty = ended.item.where, self.now == ended.start
        if ended.item.kind == "switch":
            self.around.pop()
        if empty:
            # All its steps and those of its parts are turned off.
            del self.events[ended.event :]
            self.chapter_count = ended.chapter
        elif ended.item.kind == "switch":
            common = self.common(where, ended.start, self.now)
            self.events[ended.event] = SwitchEvent(name=ended.item.title, **common)
        else:
            chapter = Chapter(
                ended.item.title,
                ended.start,
                self.now,
                tuple(ended.parts),
                ended.item.label,
                where.side,
                where.exercise,
            )
            around = next((each for each in reversed(self.opened) if each.item.kind != "switch"), None)
            (around.parts if around else self.chapters).append(chapter)


_PANS: dict[str, Pan] = {"left": "left", "right": "right"}
_WINDOWS: dict[str, type[HoldEvent] | type[RestEvent] | type[BreatheEvent] | type[RepsEvent]]
_WINDOWS = {"hold": HoldEvent, "rest": RestEvent, "breathe": BreatheEvent, "reps": RepsEvent}
