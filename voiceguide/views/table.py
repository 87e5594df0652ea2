"""A timeline as a text table: a section for each exercise and side, one line for each event."""

from __future__ import annotations

import textwrap
from collections.abc import Iterator

from voiceguide import times
from voiceguide.score.timeline import Chapter, Event, RepsEvent, SpeechEvent, Timeline, WindowEvent, flatten

_INDENT = "  "
_KIND = 12  # width for "breathe", indented twice, so that all texts are aligned


def list_lines(timeline: Timeline, width: int, *, spoken: bool = False) -> Iterator[tuple[str, bool]]:
    """Each line of the table, at most `width` characters, and whether it is a heading.

    Texts are as they are written or, with `spoken`, as the voice is given them.
    """
    chapters = flatten(timeline.chapters)
    shown: int | None = None
    seen: set[int] = set()
    yield f"{'start':>10}  {'length':>9}  what", False
    for event in timeline.events:
        if event.chapter != shown:
            yield "", False
            shown = event.chapter
            if shown is not None:
                yield _write_heading(chapters[shown], width, again=shown in seen), True
                seen.add(shown)
        kind = f"{_INDENT * event.depth}{event.kind}"
        lead = f"{format_clock(event.start_ms):>10}  {_format_seconds(event.length_ms):>9}  {kind:<{_KIND}}"
        words = textwrap.wrap(_describe(event, spoken=spoken), width - len(lead)) or [""]
        for number, part in enumerate(words):
            yield (f"{lead}{part}" if not number else " " * len(lead) + part).rstrip(), False
    yield "", False
    yield f"{format_clock(timeline.duration_ms):>10}  {'':9}  end", False


def format_clock(ms: int) -> str:
    """Format as `03:05.250`, or `1:03:05.250` from one hour."""
    minutes, rest = divmod(ms, times.MINUTE)
    hours, minutes = divmod(minutes, 60)
    return f"{f'{hours}:' if hours else ''}{minutes:02}:{rest // 1000:02}.{rest % 1000:03}"


def _write_heading(chapter: Chapter, width: int, *, again: bool) -> str:
    title = f"{chapter.title} (continued)" if again else chapter.title
    span = f"{times.clock(chapter.start_ms)} to {times.clock(chapter.end_ms)}"
    return f"{title}  {'-' * max(2, width - len(title) - len(span) - 4)}  {span}"


def _describe(event: Event, *, spoken: bool) -> str:
    if isinstance(event, SpeechEvent):
        return event.spoken if spoken else event.text
    if event.kind == "pause":
        return ""
    if not isinstance(event, WindowEvent):
        return event.name
    name = "" if event.name == event.kind else event.name
    side = f"({event.side})" if event.side and event.kind != "breathe" else ""
    parts = [" ".join(filter(None, (name, side)))]
    if event.pattern and event.phases:
        parts.append(f"{times.short(times.Breaths(event.breaths))}, {event.pattern}")
    if isinstance(event, RepsEvent):
        parts.append(f"{event.count} of {event.tempo}")
    return ", ".join(filter(None, parts))


def _format_seconds(ms: int) -> str:
    """Format as `30.000`, or `2:05.000` from one minute."""
    minutes, rest = divmod(ms, times.MINUTE)
    return f"{minutes}:{rest / 1000:06.3f}" if minutes else f"{rest / 1000:.3f}"
