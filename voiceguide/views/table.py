"""A timeline as a table that a person reads: a section for each exercise and side, one line for each event."""

from __future__ import annotations

import textwrap
from collections.abc import Iterator

from voiceguide import times
from voiceguide.score.timeline import Chapter, Event, Timeline, flat

_INDENT = "  "
_KIND = 12  # room for "breathe", two windows deep, so that all texts begin at one place


def lines(timeline: Timeline, width: int) -> Iterator[tuple[str, bool]]:
    """Each line of the table, at most `width` characters, and whether it is a heading."""
    chapters = flat(timeline.chapters)
    ends: list[int] = []
    shown: Chapter | None = None
    told: set[Chapter] = set()
    yield f"{'start':>10}  {'length':>9}  what", False
    for event in timeline.events:
        chapter = _innermost(chapters, event)
        if chapter is not shown:
            yield "", False
            if chapter:
                yield _heading(chapter, width, again=chapter in told), True
                told.add(chapter)
            shown = chapter
        ends = [end for end in ends if event.start < end]
        kind = f"{_INDENT * len(ends)}{event.kind}"
        lead = f"{clock(event.start):>10}  {_seconds(event.end - event.start):>9}  {kind:<{_KIND}}"
        words = textwrap.wrap(_words(event), width - len(lead)) or [""]
        for number, part in enumerate(words):
            yield (f"{lead}{part}" if not number else " " * len(lead) + part).rstrip(), False
        if event.kind in ("hold", "rest", "breathe", "switch"):
            ends.append(event.end)
    yield "", False
    yield f"{clock(timeline.duration):>10}  {'':9}  end", False


def clock(ms: int) -> str:
    """`03:05.250`, or `1:03:05.250` from an hour on."""
    minutes, rest = divmod(ms, times.MINUTE)
    hours, minutes = divmod(minutes, 60)
    return f"{f'{hours}:' if hours else ''}{minutes:02}:{rest // 1000:02}.{rest % 1000:03}"


def _innermost(chapters: list[Chapter], event: Event) -> Chapter | None:
    # Parts come after what they are parts of.
    return next((each for each in reversed(chapters) if each.start <= event.start < each.end), None)


def _heading(chapter: Chapter, width: int, *, again: bool) -> str:
    title = f"{chapter.title} (continued)" if again else chapter.title
    span = f"{times.clock(chapter.start)} to {times.clock(chapter.end)}"
    return f"{title}  {'-' * max(2, width - len(title) - len(span) - 4)}  {span}"


def _words(event: Event) -> str:
    if event.text is not None:
        return event.text
    name = "" if event.name in (None, event.kind) else event.name
    told = [f"{name} ({event.side})" if event.side and event.kind in ("hold", "rest") else name]
    if event.breath and event.phases:
        breaths = times.Breaths(len({phase.breath for phase in event.phases}))
        told.append(f"{times.short(breaths)}, {event.breath}")
    return ", ".join(filter(None, told))


def _seconds(ms: int) -> str:
    """`30.000`, or `2:05.000` from a minute on."""
    minutes, rest = divmod(ms, times.MINUTE)
    return f"{minutes}:{rest / 1000:06.3f}" if minutes else f"{rest / 1000:.3f}"
