"""What is said and when, as LRC: lyrics that players scroll along with the sound."""

from __future__ import annotations

from collections.abc import Iterable

from voiceguide.score.timeline import SpeechEvent, Timeline

# A bracket at the start of a text would be read as one more time.
_BRACKETS = str.maketrans("[]", "()")


def list_lines(timeline: Timeline) -> list[tuple[int, str]]:
    """Every text that is said, the countdown's numbers included, with the ms at which it begins."""
    return [(event.start_ms, event.text) for event in timeline.events if isinstance(event, SpeechEvent)]


def write_lrc(timeline: Timeline) -> str:
    """All that is said in a session, as LRC text."""
    return format_lrc(list_lines(timeline), title=timeline.title, length_ms=timeline.duration_ms)


def format_lrc(lines: Iterable[tuple[int, str]], *, title: str = "", length_ms: int | None = None) -> str:
    """LRC text of `(milliseconds, text)` lines, in their order, each on one line; an empty text clears the display.

    Minutes count on past 99. Ends with a newline, unless there is nothing at all.
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
