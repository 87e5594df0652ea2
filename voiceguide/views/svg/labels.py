"""The texts of the picture of a session: its heading, the names in its blocks, and its tooltips."""

from __future__ import annotations

from collections.abc import Iterator

from voiceguide import times
from voiceguide.score.timeline import (
    BreatheEvent,
    Chapter,
    Event,
    HoldEvent,
    PauseEvent,
    RepsEvent,
    SpeechEvent,
    Timeline,
    WindowEvent,
)
from voiceguide.views.svg.layout import Span
from voiceguide.views.svg.style import SIDES

MAX_LETTERS = 140  # of a text in a tooltip
MAX_CHAPTERS = 50  # of the description


def summarize(timeline: Timeline, row: int | None) -> str:
    """The session in numbers, in one line; `row` is the length of each row in ms, if there are several."""
    holds = [event for event in timeline.events if isinstance(event, HoldEvent)]
    parts = [f"{times.clock(timeline.duration_ms)} in all"]
    if timeline.chapters:
        parts.append(count(len(timeline.chapters), "chapter"))
    if holds:
        held: dict[str, int] = {}
        for hold in holds:
            held[hold.side or ""] = held.get(hold.side or "", 0) + hold.length_ms
        sides = ", ".join(f"{side} {shorten_time(held[side])}" for side in SIDES if side in held)
        total = shorten_time(sum(held.values()))
        parts.append(f"{count(len(holds), 'hold')}, {total}" + (f" ({sides})" if sides else ""))
    repeated = sum(event.count for event in timeline.events if isinstance(event, RepsEvent))
    if repeated:
        parts.append(count(repeated, "repetition"))
    guided = sum(event.breaths for event in timeline.events if isinstance(event, WindowEvent))
    if guided:
        parts.append(count(guided, "guided breath"))
    if row is not None:
        parts.append(f"{shorten_time(row)} a row")
    return " · ".join(parts)


def describe(timeline: Timeline) -> str:
    """The description for readers who can't see the picture: the chapters and their starts."""
    chapters = [f"{_shorten(each.title)} at {times.clock(each.start_ms)}" for each in timeline.chapters[:MAX_CHAPTERS]]
    more = len(timeline.chapters) - len(chapters)
    listed = "; ".join([*chapters, f"and {more} more"] if more else chapters)
    return f"Timeline: {summarize(timeline, None)}." + (f" {listed}." if listed else "")


def list_leaves(chapter: Chapter) -> Iterator[Chapter]:
    """The innermost parts of a chapter."""
    for part in chapter.parts:
        if part.parts:
            yield from list_leaves(part)
        else:
            yield part


def label_window(window: WindowEvent) -> tuple[str, str, str]:
    """The letter of a window's side (or an empty text), its name, and its length."""
    letter = SIDES.get(window.side or "", "")
    if isinstance(window, BreatheEvent):
        return letter, count(window.breaths, "breath"), str(window.pattern or "")
    if isinstance(window, RepsEvent):
        return letter, window.name, f"{window.count} \N{MULTIPLICATION SIGN} {window.tempo}"
    length = count(window.breaths, "breath") if window.breaths else shorten_time(window.length_ms)
    return letter, window.name or window.kind, length


def point_at_event(event: Event, look: str, many: str) -> Span:
    """The span of an event with its tooltip: its text or its kind and name, its side, and its exact times."""
    if isinstance(event, SpeechEvent):
        what = f"“{_shorten(event.text)}”"
    else:
        name = "" if isinstance(event, PauseEvent) or event.name == event.kind else event.name
        what = event.kind.capitalize() + (f": {_shorten(name)}" if name else "")
    if isinstance(event, WindowEvent):
        what += f", {event.side}" if event.side else ""
        what += f", {count(event.breaths, 'breath')} of {event.pattern}" if event.pattern else ""
    if isinstance(event, RepsEvent):
        what += f", {event.count} of {event.tempo}"
    if isinstance(event, (WindowEvent, PauseEvent)):
        what += f", {times.short(event.length_ms)}"
    return Span(event.start_ms, event.end_ms, look, f"{what}, {_when(event.start_ms, event.end_ms)}", many)


def point_at_chapter(chapter: Chapter, look: str) -> Span:
    """The span of a chapter, or of a part of one, with its tooltip."""
    start, end = chapter.start_ms, chapter.end_ms
    return Span(start, end, look, f"{_shorten(chapter.title)}, {_when(start, end)}", "parts")


def point_at_all(bundle: list[Span]) -> str:
    """The tooltip of one span, or of several that are drawn as one."""
    if len(bundle) == 1:
        return bundle[0].tip
    when = _when(min(each.start for each in bundle), max(each.end for each in bundle))
    return f"{len(bundle)} {bundle[0].many}, {when}"


def shorten_time(ms: int) -> str:
    """Format a length rounded to the second, such as `1m30s`."""
    return times.short(ms if ms < times.SECOND else (ms + times.SECOND // 2) // times.SECOND * times.SECOND)


def count(number: int, name: str) -> str:
    """`1 hold`, `2 holds`."""
    return f"{number} {name}{'s' if number != 1 else ''}"


def _shorten(text: str) -> str:
    """A text on one line, cut if it is too long."""
    line = " ".join(text.split())
    return line if len(line) <= MAX_LETTERS else f"{line[: MAX_LETTERS - 1].rstrip()}…"


def _when(start: int, end: int) -> str:
    return f"{_format_exact(start)} to {_format_exact(end)}"


def _format_exact(ms: int) -> str:
    return f"{times.clock(ms)}.{ms % times.SECOND:03}"
