"""How long a window must be to have room for all that a script wants inside it."""

from __future__ import annotations

from functools import lru_cache
from typing import NamedTuple

from voiceguide import times
from voiceguide.times import Moment

MAX_SEARCH = 10 * times.MINUTE
MAX_LEAPS = 500  # a search takes some twenty, even with the two hundred things that a window may hold

Wants = tuple[tuple[tuple[Moment, int, int], ...], tuple[int, ...]]
"""Cues with their moments, lengths and the window they need, and the lengths of the countdown's numbers."""


@lru_cache(maxsize=256)
def find_lengths(all_wants: frozenset[Wants], ms: int) -> tuple[int | None, int | None]:
    """The shortest window, to the second, with room for all of this; and the next that is no shorter than `ms`."""
    spans = [_list_wanted(*wants) for wants in all_wants]
    shortest = _find_length(spans, times.SECOND, ms + MAX_SEARCH)
    later = shortest and _find_length(spans, max(shortest, ms), ms + MAX_SEARCH)
    return shortest, later


def _find_length(every: list[list[_Wanted]], least: int, most: int) -> int | None:
    """The shortest window from `least` to below `most`, to the second, with room for each of these lists.

    A window without room tells how much longer one must be at the least: the search leaps from one to the next.
    """
    ms = _whole_seconds(least)
    for _ in range(MAX_LEAPS):
        if ms >= most:
            return None
        needed = [_find_more(spans, ms) for spans in every]
        if None in needed:
            return None
        more = max(filter(None, needed), default=0)
        if not more:
            return ms
        ms = _whole_seconds(ms + more)
    return None


class _Wanted(NamedTuple):
    """What sounds inside a window, from `num / den` of its length plus `offset` on. Whole numbers, to be fast."""

    num: int
    den: int
    offset: int
    length: int
    needs: int = 0


def _list_wanted(cues: tuple[tuple[Moment, int, int], ...], counts: tuple[int, ...]) -> list[_Wanted]:
    numbers = [_Wanted(1, 1, (index - len(counts)) * times.SECOND, length) for index, length in enumerate(counts)]
    return numbers + [
        _Wanted(at.share.numerator, at.share.denominator, at.offset, length, needs) for at, length, needs in cues
    ]


def _find_more(wanted: list[_Wanted], ms: int) -> int | None:
    """0 if everything fits into a window of `ms`, one thing after the other; else how much longer one is needed.

    At the least: in a longer one other things may meet. None if none of any greater length has room.
    """
    spans = sorted((each.num * ms // each.den + each.offset, each) for each in wanted if each.needs <= ms)
    more, before_start, before = 0, 0, _START
    for start, each in (*spans, (ms, _END)):
        apart = start - before_start
        if apart < before.length:
            # As a window grows, the one at the greater share moves away from the other, and must come after it.
            pace = each.num * before.den - before.num * each.den
            if not pace:
                return None
            missing = before.length - apart if pace > 0 else each.length + apart
            # What stands at a share is cut to a millisecond, each of the two by less than one.
            more = max(more, (missing - 2) * each.den * before.den // abs(pace), 1)
        if start + each.length >= before_start + before.length:
            before_start, before = start, each
    return more


_START, _END = _Wanted(0, 1, 0, 0), _Wanted(1, 1, 0, 0)
"""The window's own ends."""


def _whole_seconds(ms: int) -> int:
    """The same, to the second above."""
    return -(-ms // times.SECOND) * times.SECOND
