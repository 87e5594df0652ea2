"""The speech of a session as LRC: timed lyrics that players scroll with the sound."""

from __future__ import annotations

from collections.abc import Iterable

from voiceguide.score.timeline import SpeechEvent, Timeline

# Players would read a bracket at the start of a text as another time.
_BRACKETS = str.maketrans("[]", "()")


def list_lines(timeline: Timeline) -> list[tuple[int, str]]:
    """Every spoken text, including the countdown's numbers, with its start in ms."""
    return [(event.start_ms, event.text) for event in timeline.events if isinstance(event, SpeechEvent)]


def write_lrc(timeline: Timeline) -> str:
    """The speech of a session as LRC text."""
    return format_lrc(list_lines(timeline), title=timeline.title, length_ms=timeline.duration_ms)


def format_lrc(lines: Iterable[tuple[int, str]], *, title: str = "", length_ms: int | None = None) -> str:
    """Format `(milliseconds, text)` lines, in their order, as LRC text; an empty text clears the display.

    Minutes may exceed 99. Ends with a newline, unless the result is empty.
    """
    written = []
    if title:
        written.append(f"[ti:{_flatten(title)}]")
    if length_ms is not None:
        minutes, seconds = divmod((length_ms + 500) // 1000, 60)
        written.append(f"[length:{minutes:02}:{seconds:02}]")
    written += [f"[{_stamp(at_ms)}]{_flatten(text)}" for at_ms, text in lines]
    return "".join(f"{line}\n" for line in written)


def _stamp(at_ms: int) -> str:
    seconds, hundredths = divmod((at_ms + 5) // 10, 100)
    minutes, seconds = divmod(seconds, 60)
    return f"{minutes:02}:{seconds:02}.{hundredths:02}"


def _flatten(text: str) -> str:
    return " ".join(text.translate(_BRACKETS).split())
