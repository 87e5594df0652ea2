"""Cues that come back: they fill what a window has, where nothing else sounds."""

from __future__ import annotations

from bisect import bisect
from collections.abc import Iterable

from voiceguide.score.inside.placed import RECURRING_MARGIN, LengthOf, PlacedCue, place
from voiceguide.score.items import Recurring, Window


def place_recurring(window: Window, others: Iterable[PlacedCue], length_of: LengthOf) -> list[PlacedCue]:
    """Place the cues that come back in a window, in the order of the script. `others` is what else sounds inside."""
    found: list[PlacedCue] = []
    if not window.recurring:
        return found
    spans = sorted((each.start, each.end) for each in others)
    for cue in window.recurring:
        if window.ms >= cue.needs:
            found += _place_one(cue, window, spans, length_of)
    return found


def _place_one(
    cue: Recurring, window: Window, spans: list[tuple[int, int]], length_of: LengthOf
) -> Iterable[PlacedCue]:
    heard = 0
    for index, at in enumerate(cue.list_times(window.ms)):
        turn = cue.turns[min(index, len(cue.turns) - 1)]
        each = place(at, turn[heard % len(turn)], length_of)
        where = bisect(spans, (each.start, each.end))
        before_ends = spans[where - 1][1] if where else -RECURRING_MARGIN
        after_starts = spans[where][0] if where < len(spans) else each.end + RECURRING_MARGIN
        apart = before_ends + RECURRING_MARGIN <= each.start and each.end + RECURRING_MARGIN <= after_starts
        if apart and each.end <= window.ms:
            spans.insert(where, (each.start, each.end))
            heard += 1
            yield each
