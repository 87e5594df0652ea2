"""The events inside one window: cues, countdown, breath. Pure; times are relative to the window's start.

Two texts never overlap. If they do with the script's own lengths, the script has an error. If a listener changed the
hold, the countdown has priority, then the cues in the order of the script; what no longer fits is left out, with a
note.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from fractions import Fraction
from typing import TYPE_CHECKING

from msgspec import Struct

from voiceguide import times
from voiceguide.errors import Problem
from voiceguide.score.inside.placed import RECURRING_MARGIN, Key, LengthOf, PlacedCue, is_free, name_cue, place
from voiceguide.score.items import PhaseName, Sounding, Speech, Window, is_voiced, list_phases
from voiceguide.score.timeline import Phase
from voiceguide.times import Moment

if TYPE_CHECKING:
    from voiceguide.score.inside.room import Wants

# The words of a phase end at least this long (ms) before the phase, so that they never run into the next phase's words.
PHASE_MARGIN = 150
# The built-in halfway cue keeps this distance from other cues, and is only used in holds of at least HALF_FROM.
HALF_MARGIN = 3 * times.SECOND
# In a hold that a listener made shorter, the script's cues keep this distance (ms) from each other.
SHORTER_MARGIN = 4 * times.SECOND
HALF_FROM = times.MINUTE


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
        notes = [f"{_name_window(window)}: {name_cue(each)} {fit}" for each in rejected]
    elif rejected:
        wants = (
            tuple((at, length_of(sounding), needs) for at, sounding, _, needs in _list_at(window, length_of)),
            tuple(map(length_of, window.countdown)),
        )
        clashes = [Clash(each, window, _explain(window, each, lane), wants) for each in rejected]
    words, breaths = _guide_breaths(window, lane, length_of)
    # Most windows have neither, and importing what places them takes longer than filling one.
    if window.repetitions is not None:
        from voiceguide.score.inside.reps import list_unsaid, place_reps

        reps = place_reps(window, lane, length_of)
        words += reps
        notes += [f"{_name_window(window)}: no repetition has time for {each}" for each in list_unsaid(window, reps)]
    returning: list[PlacedCue] = []
    if window.recurring:
        from voiceguide.score.inside.recurring import place_recurring

        returning = place_recurring(window, [*lane, *words], length_of)
    _add_halfway(window, lane, returning, length_of)
    placed = tuple(sorted((*lane, *words, *returning), key=lambda each: each.start))
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
    """The countdown, start and end inside the window, and cues that fit, in this order; and those that do not."""
    lane: list[PlacedCue] = []
    rejected: list[PlacedCue] = []
    wanted = [
        place(at.within(window.ms), each, length_of, key)
        for at, each, key, needs in _list_at(window, length_of)
        if window.ms >= needs
    ]
    count = len(window.countdown)
    numbers = [
        place(window.ms - (count - index) * times.SECOND, speech, length_of, "countdown")
        for index, speech in enumerate(window.countdown)
    ]
    # If a hold is shorter than its countdown, its last numbers are kept.
    numbers.reverse()
    for each in (*numbers, *wanted):
        fits = each.start >= 0 and each.end <= window.ms and is_free(each, lane)
        if fits and each.key == "during" and window.ms < window.written:
            fits = is_free(each, (other for other in lane if other.key == "during"), SHORTER_MARGIN)
        (lane if fits else rejected).append(each)
    return lane, rejected


def _list_at(window: Window, length_of: LengthOf) -> Iterator[tuple[Moment, Sounding, Key, int]]:
    """All that has a moment in the window: its start and end if they lie inside, and the cues of the script.

    Each with the length in ms that the window must have for it.
    """
    if window.within:
        at = 0
        for sounding in window.start:
            yield Moment(Fraction(0), at), sounding, "start", 0
            at += length_of(sounding)
        at = -sum(map(length_of, window.end))
        for sounding in window.end:
            yield Moment(Fraction(1), at), sounding, "end", 0
            at += length_of(sounding)
    for cue in window.inner:
        yield cue.at, cue.sounding, "during", cue.needs


def _explain(window: Window, each: PlacedCue, lane: list[PlacedCue]) -> str:
    """Why a cue does not fit."""
    kind = "repetitions" if window.kind == "reps" else window.kind
    if each.start < 0:
        return f"would start {times.short(-each.start)} before the {kind}"
    if each.end > window.ms:
        return f"would end at {times.short(each.end)}, after the end of the {kind} at {times.short(window.ms)}"
    other = next(placed for placed in lane if not is_free(each, [placed]))
    span = f"from {times.short(each.start)} to {times.short(each.end)}"
    until = f"from {times.short(other.start)} to {times.short(other.end)}"
    return f"would sound {span} and overlap {name_cue(other)}, which sounds {until}"


def _write_problem(same: list[Clash]) -> Problem:
    clash = same[0]
    kind, key = clash.window.kind, clash.cue.key
    if kind == "reps":
        remedy = "move it, or change the number of repetitions"
        return Problem(clash.cue.sounding.where.place, f"{key}: {name_cue(clash.cue)} {clash.what}; {remedy}")
    from voiceguide.score.inside.room import find_lengths  # only errors need it

    shortest, later = find_lengths(frozenset(each.wants for each in same), clash.window.ms)
    if shortest is None:
        remedy = f"no {kind} of any length has room for all of this; move or shorten one of them"
    elif later is None or later == shortest:
        remedy = f"the shortest {kind} that works is {times.short(shortest)}"
    else:
        remedy = f"the shortest {kind} that works is {times.short(shortest)}, the next longer one {times.short(later)}"
    message = f"{key}: {name_cue(clash.cue)} {clash.what}; {remedy}"
    return Problem(clash.cue.sounding.where.place, message)


def _add_halfway(window: Window, lane: list[PlacedCue], returning: Iterable[PlacedCue], length_of: LengthOf) -> None:
    """Add the built-in halfway cue, only in a long hold, and only if the script leaves its middle free."""
    if window.ms < HALF_FROM or window.breathing:
        return
    at = window.ms // 2
    wanted: list[PlacedCue] = []
    for sounding in window.half:
        wanted.append(place(at, sounding, length_of))
        at = wanted[-1].end
    if all(is_free(each, lane, HALF_MARGIN) and is_free(each, returning, RECURRING_MARGIN) for each in wanted):
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
        numbers = breathing.numbers[breath] if breath < len(breathing.numbers) else ()
        if is_voiced(breathing.cue, breath):
            choices = (
                _choose_words(numbers[:-1], start, end, lane, length_of, "count")
                if numbers and kind == "in"
                else _choose_words(breathing.words[kind], start, end, lane, length_of)
                for kind, start, end in spans
            )
            words = [each for each in choices if each is not None]
            if breathing.cue == "both" and len(words) < len(spans):
                words = []  # a half-spoken breath is confusing, so tones guide all of it
        spoken += words
        if spans and not any(each.counted for each in words):
            _, start, end = spans[0]
            alone = _choose_words(numbers[-1:], start, end, lane, length_of, "count")
            spoken += [alone] if alone else []
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
    choices: tuple[Speech, ...],
    start: int,
    end: int,
    lane: list[PlacedCue],
    length_of: LengthOf,
    key: Key = "during",
) -> PlacedCue | None:
    """The longest words that fit into a phase and overlap nothing."""
    for speech in choices:
        each = place(start, speech, length_of, key)
        if each.end <= end - PHASE_MARGIN and is_free(each, lane):
            return each
    return None


def _name_window(window: Window) -> str:
    return f"{window.name}, {window.where.side}" if window.where.side else window.name
