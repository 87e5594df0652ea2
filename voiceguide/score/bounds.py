"""Lower bounds on the length and size of a session, computed before the routine is expanded.

Three nested repeats may be a million items, but their length is the product of three numbers. So a session that is too
long is rejected here, at the step that exceeds the limit, in one walk over the script.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Literal, NamedTuple

from msgspec import UNSET

from voiceguide import times
from voiceguide.budget import LIMITS, refusal
from voiceguide.errors import ScriptError
from voiceguide.routine import ranges
from voiceguide.routine.model import (
    Breathe,
    Defaults,
    Exercise,
    Hold,
    Include,
    Pause,
    Repeat,
    Reps,
    Routine,
    Say,
    Sides,
    Step,
    every_value,
)
from voiceguide.texts.silences import list_silences, split_silences
from voiceguide.times import Breaths

_MEASURES: tuple[Literal["duration", "events", "spoken"], ...] = ("duration", "events", "spoken")

# No voice speaks a letter faster: 15 ms at 400 words a minute, a fifth of the usual time.
MIN_MS_PER_LETTER_AND_RATE = 6_000


class Size(NamedTuple):
    """The minimum size of a part of a session. `duration` is in ms, `spoken` in characters."""

    duration: int = 0
    events: int = 0
    spoken: int = 0

    def plus(self, other: Size, count: int = 1) -> Size:
        return Size(
            self.duration + other.duration * count,
            self.events + other.events * count,
            self.spoken + other.spoken * count,
        )

    def room_for(self, other: Size) -> int | None:
        """How many times `other` fits between this and the limits; None if `other` is empty."""
        rooms = [(limit - here) // more for limit, here, more in zip(_most(), self, other, strict=True) if more]
        return min(rooms, default=None)


def _most() -> Size:
    return Size(*(LIMITS[what] for what in _MEASURES))


def refuse_oversize(routine: Routine) -> None:
    """Raises ScriptError at the step where a tailored routine exceeds the limits of a session."""
    bounds = _Bounds(routine.voice.rate)
    bounds.add(routine.steps, routine.defaults, Size())


class _Bounds:
    def __init__(self, rate: int) -> None:
        self._rate = rate
        self._known: dict[tuple[int, int], Size] = {}

    def add(self, steps: Iterable[Step], defaults: Defaults, before: Size) -> Size:
        """Add the size of these steps to the size before them. Raises ScriptError if it exceeds a limit."""
        for step in steps:
            after = before.plus(self._size(step, defaults))
            if _exceeded(after):
                self._refuse(step, defaults, before)
            before = after
        return before

    def _refuse(self, step: Step, defaults: Defaults, before: Size) -> None:
        """Raises ScriptError at the innermost step that exceeds the limit."""
        if isinstance(step, Repeat):
            between = self._sum(step.between, defaults)
            fit = before.room_for(self._sum(step.steps, defaults).plus(between))
            whole = min(step.times - 1, fit or 0)
            before = before.plus(self._sum(step.steps, defaults).plus(between), whole)
            for number in range(whole, step.times):
                before = self.add(step.steps, defaults, before)
                if number < step.times - 1:
                    before = self.add(step.between, defaults, before)
        elif isinstance(step, Sides):
            for _ in range(_passes(step)):
                before = self.add(step.steps, defaults, before)
        elif isinstance(step, Exercise):
            self.add(step.steps, defaults, before)
        elif isinstance(step, Include):
            self.add(step.routine.steps, step.routine.defaults, before)
        # The steps inside fit, but not the step around them; or there are no steps inside.
        what = _exceeded(before.plus(self._size(step, defaults))) or "events"
        raise ScriptError([refusal(what, step.place)])

    def _sum(self, steps: Iterable[Step], defaults: Defaults) -> Size:
        total = Size()
        for step in steps:
            total = total.plus(self._size(step, defaults))
        return total

    def _size(self, step: Step, defaults: Defaults) -> Size:
        key = id(step), id(defaults)
        if key not in self._known:
            self._known[key] = self._measure(step, defaults)
        return self._known[key]

    def _measure(self, step: Step, defaults: Defaults) -> Size:
        if step.on:
            return Size()  # it may be heard in one pass of many
        if isinstance(step, Say):
            if step.text.again is not UNSET:
                return Size()  # so may its words; what is left in is counted as the plan is written
            gap = defaults.gap if step.gap is None else step.gap
            silences = list_silences(step.text.full)
            spoken = "".join(piece for piece, _ in split_silences(step.text.full)) if silences else step.text.full
            least = sum(map(str.isalnum, spoken)) * MIN_MS_PER_LETTER_AND_RATE // self._rate
            return Size(gap + least + sum(silences), 1 + len(silences), len(step.text.full))
        if isinstance(step, Pause):
            return Size(min(every_value(step.ms)), 1)
        if isinstance(step, Hold):
            return _hold(step, defaults)
        if isinstance(step, Breathe):
            return Size(_breathing(step, defaults), 3)
        if isinstance(step, Exercise):
            return Size(events=2).plus(self._sum(step.steps, defaults))
        if isinstance(step, Repeat):
            rounds = Size().plus(self._sum(step.steps, defaults), step.times)
            return rounds.plus(self._sum(step.between, defaults), step.times - 1)
        if isinstance(step, Sides):
            passes = _passes(step)
            switch = Size(defaults.switch, 1) if step.switch is None else self._sum(step.switch, defaults)
            one = Size(events=2).plus(self._sum(step.steps, defaults))
            change = Size(step.rest or 0, 2).plus(switch)
            return Size().plus(one, passes).plus(change, passes - 1)
        if isinstance(step, Include):
            return self._sum(step.routine.steps, step.routine.defaults)
        return Size(events=1)


def _hold(step: Hold, defaults: Defaults) -> Size:
    breath = step.pattern or defaults.pattern
    countdown = step.countdown or 0
    if step.countdown is None and step.kind == "hold":
        countdown = defaults.countdown
    heard = [cue for cue in step.during if not cue.on and not (cue.text and cue.text.again is not UNSET)]
    least = min(times.whole(length, breath) for length in ranges.lengths(step.length))
    count, unit = (least, step.tempo.ms) if isinstance(step, Reps) else (0, 1)
    return Size(
        least * unit,
        3 + len(heard) + countdown + (count if isinstance(step, Reps) and step.counting != "no" else 0),
        sum(len(cue.text.full) for cue in heard if cue.text),
    )


def _breathing(step: Breathe, defaults: Defaults) -> int:
    breath = step.pattern or defaults.pattern
    # Rounding to whole breaths can shorten it by at most half a breath.
    return min(
        each.count * breath.ms if isinstance(each, Breaths) else each - breath.ms // 2
        for each in every_value(step.length)
    )


def _passes(step: Sides) -> int:
    return sum(step.ratio) if len(step.sides) > 1 else 1


def _exceeded(size: Size) -> Literal["duration", "events", "spoken"] | None:
    for what, amount in zip(_MEASURES, size, strict=True):
        if amount > LIMITS[what]:
            return what
    return None
