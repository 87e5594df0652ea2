"""What sounds inside one window, and when: cues, countdown, breath. Pure, and on the window's own clock.

Two voices never speak at once. Where a script's own lengths would make them, that is the script's error; where a
listener changed the hold, the countdown stays first, then the cues in the order of the script, and what no longer fits
is left out and said so.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace

from voiceguide import times
from voiceguide.errors import Problem
from voiceguide.score.plan import PhaseName, Sounding, Speech, Window, phases

# Words of a breath end this long before their phase does, so that the next phase's word never runs into them.
PHASE_MARGIN = 150
# A halfway chime of ours keeps this far from anything else, and stays out of holds that are over in a moment.
HALF_MARGIN = 3 * times.SECOND
HALF_FROM = times.MINUTE
VOICED_BREATHS = 2  # of the cue "both": by then the body has the rhythm, and the tone carries it
LONGEST_SEARCH = 10 * times.MINUTE

LengthOf = Callable[[Sounding], int]


@dataclass(frozen=True)
class Placed:
    """Something that sounds, on the window's clock. `counted` for a number of the countdown."""

    start: int
    end: int
    sounding: Sounding
    counted: bool = False


@dataclass(frozen=True)
class Phase:
    """One phase of a guided breath; `toned` where a tone tells it, `breath` counts from 0."""

    kind: PhaseName
    start: int
    end: int
    breath: int
    toned: bool


@dataclass(frozen=True)
class Inside:
    """All of a window's inside, in order of start, and what had to be left out of it."""

    placed: tuple[Placed, ...]
    phases: tuple[Phase, ...]
    notes: tuple[str, ...]
    problems: tuple[Problem, ...]


def inside(window: Window, length_of: LengthOf) -> Inside:
    """Lay out a window's inside."""
    lane, rejected = _lane(window, length_of)
    notes: list[str] = []
    problems: list[Problem] = []
    if rejected and window.lenient:
        notes = [f"{_called(window)}: {_told(each)} does not fit into {times.short(window.length)} and is left out"
                 for each in rejected]  # fmt: skip
    elif rejected:
        problems = [_problem(window, each, lane, length_of) for each in rejected]
    _halfway(window, lane, length_of)
    breaths = _breaths(window, lane, length_of)
    return Inside(tuple(sorted(lane, key=lambda each: each.start)), breaths, tuple(notes), tuple(problems))


def _lane(window: Window, length_of: LengthOf) -> tuple[list[Placed], list[Placed]]:
    """Countdown and cues that fit, countdown first; and those that do not."""
    lane: list[Placed] = []
    rejected: list[Placed] = []
    count = len(window.countdown)
    wanted = [
        _at(window.ms - (count - index) * times.SECOND, speech, length_of, counted=True)
        for index, speech in enumerate(window.countdown)
    ]
    # The last number is the one that must stay when a hold is shorter than its countdown.
    wanted.reverse()
    wanted += [_at(cue.at.within(window.ms), cue.sounding, length_of) for cue in window.inner]
    for each in wanted:
        free = all(each.end <= other.start or other.end <= each.start for other in lane)
        fits = each.start >= 0 and each.end <= window.ms
        (lane if free and fits else rejected).append(each)
    return lane, rejected


def _at(start: int, sounding: Sounding, length_of: LengthOf, *, counted: bool = False) -> Placed:
    return Placed(start, start + length_of(sounding), sounding, counted)


def _problem(window: Window, each: Placed, lane: list[Placed], length_of: LengthOf) -> Problem:
    """What is wrong with a cue of a script's own, and the shortest hold in which nothing is."""
    other = next((kept for kept in lane if each.start < kept.end and kept.start < each.end), None)
    if each.start < 0:
        what = f"would begin {times.short(-each.start)} before the {window.kind} does"
    elif each.end > window.ms:
        what = (
            f"would last until {times.short(each.end)}, past the end of the {window.kind} at {times.short(window.ms)}"
        )
    else:
        assert other is not None
        span = f"from {times.short(each.start)} to {times.short(each.end)}"
        until = f"from {times.short(other.start)} to {times.short(other.end)}"
        what = f"would sound {span}, over {_told(other)}, which sounds {until}"
    works = _shortest(window, length_of)
    mend = f"the shortest {window.kind} that works is {times.short(works)}" if works else "move one of them"
    key = "countdown" if each.counted else "during"
    return Problem(each.sounding.where.place, f"{key}: {_told(each)} {what}; {mend}")


def _shortest(window: Window, length_of: LengthOf) -> int | None:
    """The shortest window, to the second and from this one's length up, with room for all that the script wants."""
    start = -(-window.ms // times.SECOND) * times.SECOND
    for ms in range(start, start + LONGEST_SEARCH, times.SECOND):
        if not _lane(replace(window, ms=ms), length_of)[1]:
            return ms
    return None


def _halfway(window: Window, lane: list[Placed], length_of: LengthOf) -> None:
    """The profile's own halfway cue: only in a long hold, and only where the script leaves its middle free."""
    at = window.ms // 2
    if window.ms < HALF_FROM or window.breathing:
        return
    for sounding in window.half:
        each = _at(at, sounding, length_of)
        if all(each.end + HALF_MARGIN <= other.start or other.end + HALF_MARGIN <= each.start for other in lane):
            lane.append(each)
            at = each.end


def _breaths(window: Window, lane: list[Placed], length_of: LengthOf) -> tuple[Phase, ...]:
    """The phases of the breath, their words put into the lane where there is room."""
    breathing = window.breathing
    if breathing is None:
        return ()
    pattern = breathing.pattern
    whole = breathing.count or (window.ms + pattern.hold_out) // pattern.ms
    found: list[Phase] = []
    for breath in range(whole):
        spans = list(_spans(window, breath))
        words: list[Placed] = []
        if breathing.cue == "voice" or (breathing.cue == "both" and breath < VOICED_BREATHS):
            choices = (_words(breathing.words[kind], start, end, lane, length_of) for kind, start, end in spans)
            words = [each for each in choices if each is not None]
            if breathing.cue == "both" and len(words) < len(spans):
                words = []  # a breath told by halves confuses; its tone tells all of it
        lane += words
        toned = breathing.cue != "voice" and not words
        found += (Phase(kind, start, end, breath, toned) for kind, start, end in spans)
    return tuple(found)


def _spans(window: Window, breath: int) -> Iterator[tuple[PhaseName, int, int]]:
    """The phases of one breath, from their start to their end; a hold ends on an out-breath."""
    assert window.breathing is not None
    at = breath * window.breathing.pattern.ms
    for kind, ms in phases(window.breathing.pattern):
        if ms and at + ms <= window.ms:
            yield kind, at, at + ms
        at += ms


def _words(choices: tuple[Speech, ...], start: int, end: int, lane: list[Placed], length_of: LengthOf) -> Placed | None:
    """The fullest words that fit into a phase and meet nothing else."""
    for speech in choices:
        each = _at(start, speech, length_of)
        free = all(each.end <= other.start or other.end <= each.start for other in lane)
        if free and each.end <= end - PHASE_MARGIN:
            return each
    return None


def _told(each: Placed) -> str:
    if not isinstance(each.sounding, Speech):
        return f"the chime {each.sounding.sound.name}"
    text = each.sounding.text
    return f'"{text if len(text) <= 50 else text[:47].rstrip() + "..."}"'


def _called(window: Window) -> str:
    return f"{window.name}, {window.where.side}" if window.where.side else window.name
