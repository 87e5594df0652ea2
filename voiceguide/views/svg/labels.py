"""What the picture of a session says: its head, the names in its blocks, and the words under a pointer."""

from __future__ import annotations

from collections.abc import Iterator

from voiceguide import times
from voiceguide.score.timeline import Chapter, Event, Timeline
from voiceguide.views.svg.layout import Span

SIDES = {"left": "L", "right": "R", "tighter": "T"}
"""The sides in the order of the key, each with the letter that stands for it where colour alone would not do."""

MAX_LETTERS = 140  # of a text under a pointer
MAX_CHAPTERS = 50  # of the description


def lengths(timeline: Timeline, row: int | None) -> str:
    """The session in numbers, in one line; `row` is how long each row is, in ms, where there are several."""
    holds = [event for event in timeline.events if event.kind == "hold"]
    parts = [f"{times.clock(timeline.duration)} in all"]
    if timeline.chapters:
        parts.append(counted(len(timeline.chapters), "chapter"))
    if holds:
        held: dict[str, int] = {}
        for hold in holds:
            held[hold.side or ""] = held.get(hold.side or "", 0) + hold.end - hold.start
        sides = ", ".join(f"{side} {brief(held[side])}" for side in SIDES if side in held)
        parts.append(f"{counted(len(holds), 'hold')}, {brief(sum(held.values()))}" + (f" ({sides})" if sides else ""))
    guided = sum(map(breaths, timeline.events))
    if guided:
        parts.append(counted(guided, "guided breath"))
    if row is not None:
        parts.append(f"{brief(row)} a row")
    return " · ".join(parts)


def described(timeline: Timeline) -> str:
    """The session for someone who can't see the picture: its chapters and when each begins."""
    chapters = [f"{_begun(each.title)} at {times.clock(each.start)}" for each in timeline.chapters[:MAX_CHAPTERS]]
    more = len(timeline.chapters) - len(chapters)
    told = "; ".join([*chapters, f"and {more} more"] if more else chapters)
    return f"Timeline: {lengths(timeline, None)}." + (f" {told}." if told else "")


def leaves(chapter: Chapter) -> Iterator[tuple[str, Chapter]]:
    """The innermost parts of a chapter, each with its name without that of what it is directly in."""
    for part in chapter.parts:
        if part.parts:
            yield from leaves(part)
        else:
            name = part.title.removeprefix(f"{chapter.title}: ")
            yield name[:1].upper() + name[1:], part


def labels(window: Event) -> tuple[str, str, str]:
    """A window's letter of its side (or nothing), its name, and its length."""
    letter = SIDES.get(window.side or "", "")
    if window.kind == "breathe":
        return letter, counted(breaths(window), "breath"), str(window.breath or "")
    counts = breaths(window)
    return letter, window.name or window.kind, counted(counts, "breath") if counts else brief(window.end - window.start)


def breaths(event: Event) -> int:
    """How many breaths are guided inside of an event."""
    return len({phase.breath for phase in event.phases})


def told(event: Event, look: str, many: str) -> Span:
    """An event with its words for the pointer: its text or its kind and name, its side, and exactly when."""
    if event.text is not None:
        what = f"“{_begun(event.text)}”"
    else:
        named = event.name and event.name != event.kind
        what = event.kind.capitalize() + (f": {_begun(event.name or '')}" if named else "")
    if event.kind in ("hold", "rest", "breathe"):
        what += f", {event.side}" if event.side else ""
        what += f", {counted(breaths(event), 'breath')} of {event.breath}" if event.breath else ""
    if event.kind in ("hold", "rest", "breathe", "pause"):
        what += f", {times.short(event.end - event.start)}"
    return Span(event.start, event.end, look, f"{what}, {_when(event.start, event.end)}", many)


def titled(chapter: Chapter, look: str) -> Span:
    """A chapter, or a part of one, with its words for the pointer."""
    return Span(
        chapter.start, chapter.end, look, f"{_begun(chapter.title)}, {_when(chapter.start, chapter.end)}", "parts"
    )


def tip(bundle: list[Span]) -> str:
    """The words for the pointer on one span, or on several that look as one."""
    if len(bundle) == 1:
        return bundle[0].tip
    when = _when(min(each.start for each in bundle), max(each.end for each in bundle))
    return f"{len(bundle)} {bundle[0].many}, {when}"


def brief(ms: int) -> str:
    """A length to the whole second, such as `1m30s`."""
    return times.short(ms if ms < times.SECOND else (ms + times.SECOND // 2) // times.SECOND * times.SECOND)


def counted(number: int, name: str) -> str:
    """`1 hold`, `2 holds`."""
    return f"{number} {name}{'s' if number != 1 else ''}"


def _begun(text: str) -> str:
    """A text in one line, or its beginning where it is long."""
    line = " ".join(text.split())
    return line if len(line) <= MAX_LETTERS else f"{line[: MAX_LETTERS - 1].rstrip()}…"


def _when(start: int, end: int) -> str:
    return f"{_exact(start)} to {_exact(end)}"


def _exact(ms: int) -> str:
    return f"{times.clock(ms)}.{ms % times.SECOND:03}"
