"""The range of a hold or a rest, between its `min` and `max`, and how a length is clamped to it."""

from __future__ import annotations

from collections.abc import Callable

from voiceguide import times
from voiceguide.routine.model import ByRound, Hold, Pause, Reps, Say, SideLengths, every_value, in_round
from voiceguide.times import Breaths, Length, Pattern

HoldLength = Length | ByRound[Length] | SideLengths


def bounds(step: Hold, breath: Pattern) -> tuple[int, float]:
    """The shortest and the longest allowed length, in ms."""
    low = 1 if step.low is None else times.whole(step.low, breath)
    high = float("inf") if step.high is None else times.whole(step.high, breath)
    return low, high


def contains(step: Hold, breath: Pattern, length: Length) -> bool:
    """Whether a length is in the range."""
    low, high = bounds(step, breath)
    return low <= times.whole(length, breath) <= high


def clamp_silence(ms: int, step: Say | Pause) -> int:
    """Clamp a gap or a pause to its range."""
    longer = max(ms, step.low or 0)
    return longer if step.high is None else min(longer, step.high)


def describe(step: Hold | Say | Pause) -> str:
    """Describe the range: `15s to 2m`, `15s or longer`, `2m or shorter`."""
    longer, shorter, every = (
        ("more", "fewer", "any number") if isinstance(step, Reps) else ("longer", "shorter", "any length")
    )
    if step.low is not None and step.high is not None:
        return f"{write(step, step.low)} to {write(step, step.high)}"
    if step.low is not None:
        return f"{write(step, step.low)} or {longer}"
    return f"{write(step, step.high)} or {shorter}" if step.high is not None else every


def write(step: Hold | Say | Pause, length: Length) -> str:
    """A length as a script writes it; for repetitions their number."""
    return str(length) if isinstance(step, Reps) else times.short(length)


def lengths(length: HoldLength) -> list[Length]:
    """The one length, or those of each side and each round."""
    sides = (length.left, length.right) if isinstance(length, SideLengths) else (length,)
    return [each for one in sides for each in every_value(one)]


def change(length: HoldLength, to: Callable[[Length], Length]) -> HoldLength:
    """The same length, or lengths, each changed by a function."""
    if isinstance(length, SideLengths):
        return SideLengths(_change_rounds(length.left, to), _change_rounds(length.right, to))
    return _change_rounds(length, to)


def _change_rounds(length: Length | ByRound[Length], to: Callable[[Length], Length]) -> Length | ByRound[Length]:
    return ByRound(tuple(map(to, length.values))) if isinstance(length, ByRound) else to(length)


def clamp(asked: Length, step: Hold, breath: Pattern, side: str | None = None) -> Length:
    """Clamp a length to the range, and convert it to the hold's unit.

    A hold counted in breaths takes the nearest whole number of breaths; of two equally near, the larger. If the range
    is too narrow for any whole number, the result is the next one above it.
    """
    low, high = bounds(step, breath)
    ms = times.whole(asked, breath)
    clamped = int(min(max(ms, low), high))
    own = step.length
    if isinstance(own, SideLengths):
        own = own.right if side == "right" else own.left
    own = in_round(own, 1)
    if not isinstance(own if clamped != ms else asked, Breaths) and not isinstance(own, Breaths):
        return asked if clamped == ms else clamped
    if clamped == ms and isinstance(asked, Breaths):
        return asked
    count = breath.nearest(clamped)
    while breath.lasting(count) > high and count > 1:
        count -= 1
    while breath.lasting(count) < low:
        count += 1
    return Breaths(count)
