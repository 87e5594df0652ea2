"""The events inside one window: cues, countdown, breath. Pure; times are relative to the window's start.

Two texts never overlap. If they do with the script's own lengths, the script has an error. If a listener changed the
hold, the countdown has priority, then the cues in the order of the script; what no longer fits is left out, with a
note.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from fractions import Fraction
from functools import lru_cache
from typing import Literal, NamedTuple

from msgspec import Struct

from voiceguide import times
from voiceguide.errors import Problem, quoted
from voiceguide.score.items import PhaseName, Sounding, Speech, Window, list_phases
from voiceguide.score.timeline import Phase
from voiceguide.times import Moment

# The words of a phase end at least this long (ms) before the phase, so that they never run into the next phase's words.
PHASE_MARGIN = 150
# The built-in halfway cue keeps this distance from other cues, and is only used in holds of at least HALF_FROM.
HALF_MARGIN = 3 * times.SECOND
HALF_FROM = times.MINUTE
VOICED_BREATHS = 2  # spoken with the cue "both"; by then the listener has the rhythm, and tones are enough
MAX_SEARCH = 10 * times.MINUTE
MAX_LEAPS = 500  # a search takes some twenty, even with the two hundred things that a window may hold

LengthOf = Callable[[Sounding], int]
Wants = tuple[tuple[tuple[Moment, int], ...], tuple[int, ...]]
"""Cues with their moments and lengths, and the lengths of the countdown's numbers."""


Key = Literal["start", "end", "countdown", "during"]


class PlacedCue(Struct, frozen=True):
    """A sound with its times in ms from the window's start; `key` is what of a step it comes from."""

    start: int
    end: int
    sounding: Sounding
    key: Key = "during"

    @property
    def counted(self) -> bool:
        """Whether it is a number of the countdown."""
        return self.key == "countdown"


class Clash(Struct, frozen=True):
    """A cue of the script that does not fit: its window, the reason, and everything that the window must contain."""

    cue: PlacedCue
    window: Window
    what: str
    wants: Wants


class Filled(Struct, frozen=True):
    """The contents of a window in order of start, notes about what was left out, and the script's errors.

    Times, including those of the phases, are in ms from the window's start.
    """

    placed: tuple[PlacedCue, ...]
    phases: tuple[Phase, ...]
    notes: tuple[str, ...]
    clashes: tuple[Clash, ...]


def fill_window(window: Window, length_of: LengthOf) -> Filled:
    """Place all sounds inside a window. `length_of` returns the length of a sound in ms."""
    lane, rejected = _fill_lane(window, length_of)
    notes: list[str] = []
    clashes: list[Clash] = []
    if rejected and window.lenient:
        fit = f"does not fit into {times.short(window.length)} and is left out"
        notes = [f"{_name_window(window)}: {_name_cue(each)} {fit}" for each in rejected]
    elif rejected:
        wants = (
            tuple((at, length_of(sounding)) for at, sounding, _ in _list_at(window, length_of)),
            tuple(map(length_of, window.countdown)),
        )
        clashes = [Clash(each, window, _explain(window, each, lane), wants) for each in rejected]
    _add_halfway(window, lane, length_of)
    words, breaths = _guide_breaths(window, lane, length_of)
    placed = tuple(sorted((*lane, *words), key=lambda each: each.start))
    return Filled(placed, breaths, tuple(notes), tuple(clashes))


def explain_clashes(clashes: Iterable[Clash]) -> list[Problem]:
    """Convert clashes to the script's errors: each cue once, even if it clashes on both sides and in every round.

    The words of one side may take longer than those of the other, so the suggested length works for both.
    """
    found: dict[object, list[Clash]] = {}
    for clash in clashes:
        found.setdefault((clash.cue.sounding.where.place, clash.cue.key, clash.window.group), []).append(clash)
    return [_write_problem(same) for same in found.values()]


def _fill_lane(window: Window, length_of: LengthOf) -> tuple[list[PlacedCue], list[PlacedCue]]:
    """The countdown and cues that fit, with priority for the countdown; and those that do not.

    A start and an end inside the window come before both: without them nobody knows that it begins, or that it is over.
    """
    lane: list[PlacedCue] = []
    rejected: list[PlacedCue] = []
    wanted = [_place(at.within(window.ms), each, length_of, key) for at, each, key in _list_at(window, length_of)]
    count = len(window.countdown)
    numbers = [
        _place(window.ms - (count - index) * times.SECOND, speech, length_of, "countdown")
        for index, speech in enumerate(window.countdown)
    ]
    # If a hold is shorter than its countdown, its last numbers are kept.
    numbers.reverse()
    edges = len(wanted) - len(window.inner)
    for each in (*wanted[:edges], *numbers, *wanted[edges:]):
        fits = each.start >= 0 and each.end <= window.ms
        (lane if fits and _is_free(each, lane) else rejected).append(each)
    return lane, rejected


def _list_at(window: Window, length_of: LengthOf) -> Iterator[tuple[Moment, Sounding, Key]]:
    """All that has a moment in the window: its start and end if they lie inside, and the cues of the script."""
    if window.within:
        at = 0
        for sounding in window.start:
            yield Moment(Fraction(0), at), sounding, "start"
            at += length_of(sounding)
        at = -sum(map(length_of, window.end))
        for sounding in window.end:
            yield Moment(Fraction(1), at), sounding, "end"
            at += length_of(sounding)
    for cue in window.inner:
        yield cue.at, cue.sounding, "during"


def _place(start: int, sounding: Sounding, length_of: LengthOf, key: Key = "during") -> PlacedCue:
    return PlacedCue(start, start + length_of(sounding), sounding, key)


def _is_free(each: PlacedCue, lane: Iterable[PlacedCue], margin: int = 0) -> bool:
    return all(each.end + margin <= other.start or other.end + margin <= each.start for other in lane)


def _explain(window: Window, each: PlacedCue, lane: list[PlacedCue]) -> str:
    """Why a cue does not fit."""
    kind = window.kind
    if each.start < 0:
        return f"would start {times.short(-each.start)} before the {kind}"
    if each.end > window.ms:
        return f"would end at {times.short(each.end)}, after the end of the {kind} at {times.short(window.ms)}"
    other = next(placed for placed in lane if not _is_free(each, [placed]))
    span = f"from {times.short(each.start)} to {times.short(each.end)}"
    until = f"from {times.short(other.start)} to {times.short(other.end)}"
    return f"would sound {span} and overlap {_name_cue(other)}, which sounds {until}"


def _write_problem(same: list[Clash]) -> Problem:
    clash = same[0]
    kind, key = clash.window.kind, clash.cue.key
    shortest, later = _find_lengths(frozenset(each.wants for each in same), clash.window.ms)
    if shortest is None:
        remedy = f"no {kind} of any length has room for all of this; move or shorten one of them"
    elif later is None or later == shortest:
        remedy = f"the shortest {kind} that works is {times.short(shortest)}"
    else:
        remedy = f"the shortest {kind} that works is {times.short(shortest)}, the next longer one {times.short(later)}"
    message = f"{key}: {_name_cue(clash.cue)} {clash.what}; {remedy}"
    return Problem(clash.cue.sounding.where.place, message)


@lru_cache(maxsize=256)
def _find_lengths(all_wants: frozenset[Wants], ms: int) -> tuple[int | None, int | None]:
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


def _list_wanted(cues: tuple[tuple[Moment, int], ...], counts: tuple[int, ...]) -> list[_Wanted]:
    numbers = [_Wanted(1, 1, (index - len(counts)) * times.SECOND, length) for index, length in enumerate(counts)]
    return numbers + [_Wanted(at.share.numerator, at.share.denominator, at.offset, length) for at, length in cues]


def _find_more(wanted: list[_Wanted], ms: int) -> int | None:
    """0 if everything fits into a window of `ms`, one thing after the other; else how much longer one is needed.

    At the least: in a longer one other things may meet. None if none of any greater length has room.
    """
    spans = sorted((each.num * ms // each.den + each.offset, each) for each in wanted)
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


def _add_halfway(window: Window, lane: list[PlacedCue], length_of: LengthOf) -> None:
    """Add the built-in halfway cue, only in a long hold, and only if the script leaves its middle free."""
    if window.ms < HALF_FROM or window.breathing:
        return
    at = window.ms // 2
    wanted: list[PlacedCue] = []
    for sounding in window.half:
        wanted.append(_place(at, sounding, length_of))
        at = wanted[-1].end
    if all(_is_free(each, lane, HALF_MARGIN) for each in wanted):
        lane += wanted


def _guide_breaths(
    window: Window, lane: list[PlacedCue], length_of: LengthOf
) -> tuple[list[PlacedCue], tuple[Phase, ...]]:
    """The words of the breath that fit, and its phases."""
    breathing = window.breathing
    if breathing is None:
        return [], ()
    pattern = breathing.pattern
    whole = breathing.count or (window.ms + pattern.hold_out) // pattern.ms
    spoken: list[PlacedCue] = []
    found: list[Phase] = []
    for breath in range(whole):
        spans = list(_list_spans(window, breath))
        words: list[PlacedCue] = []
        if breathing.cue == "voice" or (breathing.cue == "both" and breath < VOICED_BREATHS):
            choices = (_choose_words(breathing.words[kind], start, end, lane, length_of) for kind, start, end in spans)
            words = [each for each in choices if each is not None]
            if breathing.cue == "both" and len(words) < len(spans):
                words = []  # a half-spoken breath is confusing, so tones guide all of it
        spoken += words
        toned = breathing.cue != "voice" and not words
        found += (Phase(kind, start, end, breath, toned) for kind, start, end in spans)
    return spoken, tuple(found)


def _list_spans(window: Window, breath: int) -> Iterator[tuple[PhaseName, int, int]]:
    """The phases of one breath that fit, with start and end; a hold ends with an out-breath."""
    assert window.breathing is not None
    at = breath * window.breathing.pattern.ms
    for kind, ms in list_phases(window.breathing.pattern):
        if ms and at + ms <= window.ms:
            yield kind, at, at + ms
        at += ms


def _choose_words(
    choices: tuple[Speech, ...], start: int, end: int, lane: list[PlacedCue], length_of: LengthOf
) -> PlacedCue | None:
    """The longest words that fit into a phase and overlap nothing."""
    for speech in choices:
        each = _place(start, speech, length_of)
        if each.end <= end - PHASE_MARGIN and _is_free(each, lane):
            return each
    return None


def _name_cue(each: PlacedCue) -> str:
    if not isinstance(each.sounding, Speech):
        return f"the chime {each.sounding.sound.name}"
    return quoted(each.sounding.text, 50)


def _name_window(window: Window) -> str:
    return f"{window.name}, {window.where.side}" if window.where.side else window.name
