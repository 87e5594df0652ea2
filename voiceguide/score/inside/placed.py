"""A sound at its place in a window."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Literal

from msgspec import Struct

from voiceguide import times
from voiceguide.errors import quoted
from voiceguide.score.items import Sounding, Speech

LengthOf = Callable[[Sounding], int]
Key = Literal["start", "end", "countdown", "count", "during"]

RECURRING_MARGIN = 6 * times.SECOND
"""Cues that come back keep this distance (ms) from everything else, so that they never seem to belong to it."""


class PlacedCue(Struct, frozen=True):
    """A sound with its times in ms from the window's start; `key` is what of a step it comes from."""

    start: int
    end: int
    sounding: Sounding
    key: Key = "during"

    @property
    def counted(self) -> bool:
        """Whether it is a number, of a countdown, a repetition or a breath."""
        return self.key in ("countdown", "count")


def place(start: int, sounding: Sounding, length_of: LengthOf, key: Key = "during") -> PlacedCue:
    return PlacedCue(start, start + length_of(sounding), sounding, key)


def is_free(each: PlacedCue, lane: Iterable[PlacedCue], margin: int = 0) -> bool:
    return all(each.end + margin <= other.start or other.end + margin <= each.start for other in lane)


def name_cue(each: PlacedCue) -> str:
    if not isinstance(each.sounding, Speech):
        return f"the chime {each.sounding.sound.name}"
    return quoted(each.sounding.text, 50)
