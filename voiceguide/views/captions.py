"""The speech of a session as LRC: timed lyrics that players scroll with the sound, sentence by sentence."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from itertools import pairwise

from voiceguide.score.timeline import SpeechEvent, SpokenPiece, Timeline
from voiceguide.words.sentences import find_sentences

# Players would read a bracket at the start of a text as another time.
_BRACKETS = str.maketrans("[]", "()")

FindStarts = Callable[[str], tuple[int, ...]]
"""From a text as it is spoken to where its sentences begin, in ms from its start; empty if that is unknown."""


def list_lines(timeline: Timeline, find_starts: FindStarts = lambda _: ()) -> list[tuple[int, str]]:
    """Every sentence that is spoken, and every number of a countdown, with its start in ms.

    A sentence with silence inside it is a line for each of its pieces. Where a voice tells no times, a sentence begins
    in proportion to the letters before it.
    """
    speeches = (event for event in timeline.events if isinstance(event, SpeechEvent))
    return [line for event in speeches for piece in event.list_pieces() for line in _split(piece, find_starts)]


def _split(piece: SpokenPiece, find_starts: FindStarts) -> Iterator[tuple[int, str]]:
    text = piece.text
    begins = find_sentences(text)
    if len(begins) < 2:
        yield piece.start_ms, text
        return
    starts = find_starts(piece.spoken)
    if len(starts) != len(begins):  # pronunciations may add a full stop, or remove one
        starts = tuple((piece.end_ms - piece.start_ms) * begin // len(text) for begin in begins)
    for start, (begin, end) in zip(starts, pairwise([*begins, len(text)]), strict=True):
        yield piece.start_ms + start, text[begin:end].strip()


def write_lrc(timeline: Timeline, find_starts: FindStarts = lambda _: ()) -> str:
    """The speech of a session as LRC text."""
    return format_lrc(list_lines(timeline, find_starts), title=timeline.title, length_ms=timeline.duration_ms)


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
