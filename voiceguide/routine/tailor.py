"""Routine + a listener's choices → the routine as this listener will hear it.

The script itself is never changed: steps are rebuilt where a choice touches them. What had to be bent (a hold moved
into its range, a time rounded to breaths) is said in notes.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

from voiceguide import library, times
from voiceguide.errors import Place, Problem, RequestError, ScriptError, suggestion
from voiceguide.routine.choices import Choices, LengthChoice
from voiceguide.routine.model import (
    Bed,
    Breathe,
    Exercise,
    Hold,
    Include,
    Pause,
    Repeat,
    Routine,
    Say,
    SideLengths,
    Sides,
    Step,
    Text,
    walk,
)
from voiceguide.routine.wording import slug
from voiceguide.times import Breaths, Length, Pattern


@dataclass(frozen=True)
class Tailored:
    """A routine with a listener's choices in it. `lenient`: the listener changed how long words take."""

    routine: Routine
    notes: tuple[str, ...] = ()
    lenient: bool = False


def tailor(routine: Routine, choices: Choices) -> Tailored:
    """Apply choices. Raises RequestError for a wish this routine can't grant, ScriptError for one the script makes."""
    _known_options(routine, choices)
    work = _Tailor(choices)
    work.names(routine)
    scope = _Scope(_on(routine, choices), choices.pattern or routine.defaults.pattern)
    steps = work.steps(routine.steps, scope)
    if not steps:
        raise RequestError(f'with these choices nothing of "{routine.title}" is left to play')
    tailored = replace(
        routine,
        steps=steps,
        defaults=_defaults(routine, choices),
        notice=routine.notice if choices.notice else None,
        voice=replace(
            routine.voice,
            name=choices.voice or routine.voice.name,
            rate=choices.rate or routine.voice.rate,
        ),
    )
    tailored = replace(tailored, bed=_bed(routine, choices))
    if choices.tight and not any(isinstance(step, Sides) and step.tight for step in walk(steps)):
        work.note("no part of this routine repeats the tighter side, so --tight changes nothing")
    return Tailored(tailored, tuple(work.notes), lenient=bool(choices.rate or choices.voice))


def _bed(routine: Routine, choices: Choices) -> Bed | None:
    """The bed: the listener's where one is named, "no" for none at all, else the script's own."""
    bed = routine.bed
    if choices.bed is not None:
        if choices.bed.casefold() in ("no", "none", "off"):
            bed = None
        elif choices.bed in library.BEDS:
            bed = Bed(choices.bed)
        else:
            path = Path(choices.bed)
            if not path.is_file():
                names = ", ".join(library.BEDS)
                close = suggestion(choices.bed, library.BEDS) or f"; expected one of {names}, or a music file"
                raise RequestError(f'there is no bed "{choices.bed}", nor such a file{close}')
            bed = Bed(path.stem, path)
    if choices.bed_level is not None:
        if bed is None:
            raise RequestError("bed-level: there is no bed to set the level of; name one with --bed")
        bed = replace(bed, level=choices.bed_level)
    return bed


@dataclass(frozen=True)
class _Scope:
    """What a step's tailoring depends on: the options that are on, the breath, and an include's own choices."""

    on: frozenset[str]
    pattern: Pattern
    hold: tuple[Length, Place] | None = None
    with_: frozenset[str] = frozenset()
    without: frozenset[str] = frozenset()


@dataclass
class _Tailor:
    choices: Choices
    notes: list[str] = field(default_factory=list)
    hold_choices: tuple[LengthChoice, ...] = ()
    rest_choices: tuple[LengthChoice, ...] = ()

    def note(self, text: str) -> None:
        if text not in self.notes:
            self.notes.append(text)

    def names(self, routine: Routine) -> None:
        """Settle which holds and rests the choices mean. Raises RequestError for a name there is none of."""
        windows = [step for step in walk(routine.steps) if isinstance(step, Hold)]
        self.hold_choices = _settled(self.choices.holds, windows, "hold")
        self.rest_choices = _settled(self.choices.rests, windows, "rest")

    def steps(self, steps: Iterable[Step], scope: _Scope) -> tuple[Step, ...]:
        return tuple(done for step in steps for done in self._step(step, scope))

    def _step(self, step: Step, scope: _Scope) -> Iterator[Step]:
        if not _wanted(step, scope.on):
            return
        if isinstance(step, Say):
            if (text := self._text(step.text)) is not None:
                yield replace(step, text=text)
        elif isinstance(step, Pause):
            yield replace(step, ms=_scaled(step.ms, self.choices))
        elif isinstance(step, Hold):
            yield self._hold(step, scope)
        elif isinstance(step, Breathe):
            cue = "tone" if self.choices.guide == "quiet" else step.cue
            yield replace(step, pattern=self.choices.pattern or step.pattern, cue=cue)
        elif isinstance(step, (Exercise, Repeat)):
            if inner := self.steps(step.steps, scope):
                step = replace(step, steps=inner)
                yield replace(step, between=self.steps(step.between, scope)) if isinstance(step, Repeat) else step
        elif isinstance(step, Sides):
            yield from self._sides(step, scope)
        elif isinstance(step, Include):
            yield from self._include(step, scope)
        else:
            yield step

    def _text(self, text: Text) -> Text | None:
        if self.choices.guide == "quiet":
            return None
        if self.choices.guide == "brief":
            return None if text.brief is None else Text(text.brief, text.brief)
        return text

    def _sides(self, step: Sides, scope: _Scope) -> Iterator[Sides]:
        choices = self.choices
        sides = tuple(side for side in step.sides if choices.only in (None, side))
        if choices.first in sides:
            sides = (choices.first, *(side for side in sides if side != choices.first))
        inner = self.steps(step.steps, scope)
        if not sides or not inner:
            return
        rest = step.rest
        if rest is not None:
            for choice in self.choices.rests:
                rest = times.whole(choice.length, scope.pattern) if choice.name is None else rest
        yield replace(
            step,
            sides=sides,
            steps=inner,
            switch=None if step.switch is None else self.steps(step.switch, scope),
            rest=rest,
            tight=choices.tight if step.ratio != (1, 1) and choices.tight in sides else None,
            announce=choices.guide == "quiet",
        )

    def _include(self, step: Include, scope: _Scope) -> Iterator[Include]:
        inner = step.routine
        with_ = (scope.with_ | frozenset(step.with_)) - frozenset(step.without)
        without = (scope.without | frozenset(step.without)) - frozenset(step.with_)
        inside = _Scope(
            _on(inner, self.choices, with_, without),
            self.choices.pattern or inner.defaults.pattern,
            (step.hold, step.place) if step.hold is not None else scope.hold,
            with_,
            without,
        )
        if steps := self.steps(inner.steps, inside):
            routine = replace(inner, steps=steps, defaults=_defaults(inner, self.choices))
            yield replace(step, routine=routine)

    def _hold(self, step: Hold, scope: _Scope) -> Hold:
        choices = self.choices
        pattern = (choices.pattern or step.pattern) if step.pattern else None
        breath = pattern or scope.pattern
        countdown = step.countdown
        if choices.countdown is not None and step.kind == "hold":
            countdown = choices.countdown
        during = tuple(
            replace(cue, text=text)
            for cue in step.during
            if _wanted(cue, scope.on) and ((text := self._text(cue.text) if cue.text else None) or cue.sound)
        )
        cue = choices.cues or step.cue
        quiet = choices.guide == "quiet"
        done = replace(
            step,
            pattern=pattern,
            countdown=countdown,
            during=during,
            cue="chimes" if quiet and cue in ("voice", "both") else cue,
            breath_cue="tone" if quiet else step.breath_cue,
            chosen=step.chosen or choices.countdown is not None or choices.pattern is not None,
        )
        if scope.hold is not None and step.kind == "hold":
            done = self._included_length(done, breath, *scope.hold)
        for choice in self.hold_choices if step.kind == "hold" else self.rest_choices:
            if choice.name in (None, step.name):
                done = self._chosen_length(done, breath, choice)
        return done

    def _included_length(self, step: Hold, breath: Pattern, length: Length, place: Place) -> Hold:
        taken = _in_kind(length, step, breath)
        ms, (low, high) = times.whole(taken, breath), _range(step, breath)
        if not low <= ms <= high:
            message = f'hold: {times.short(length)} is outside {_within(step)}, the range of the hold "{step.name}"'
            raise ScriptError([Problem(place, message)])
        return replace(step, length=taken)

    def _chosen_length(self, step: Hold, breath: Pattern, choice: LengthChoice) -> Hold:
        low, high = _range(step, breath)
        taken = _in_kind(choice.length, step, breath)
        ms = times.whole(taken, breath)
        if not low <= ms <= high:
            wish = times.short(choice.length)
            if choice.name is not None:
                raise RequestError(f"{step.name}={wish} is outside its range, {_within(step)}")
            # The end of the range itself, which breaths may not reach exactly.
            taken = _in_kind(low if ms < low else high, step, breath, low, high)
            self.note(f"{step.name}: {wish} is outside {_within(step)}, so it is {_told(taken, breath)}")
        elif isinstance(taken, Breaths) and not isinstance(choice.length, Breaths) and ms != choice.length:
            self.note(f"{step.name}: {times.short(choice.length)} is taken as {_told(taken, breath)}")
        length: Length | SideLengths = taken
        if choice.side is not None:
            sides = _by_side(step.length)
            length = replace(sides, **{choice.side: taken})
        pinned = step.pinned
        if choice.name is not None:
            pinned = pinned | {choice.side or "all"}
        return replace(step, length=length, chosen=True, pinned=pinned)


def _settled(choices: tuple[LengthChoice, ...], windows: list[Hold], kind: str) -> tuple[LengthChoice, ...]:
    """Choices with the names that the routine uses; the ones for all come first, so that a named one wins."""
    names = sorted({step.name for step in windows if step.kind == kind})
    done = []
    for choice in choices:
        if choice.name is not None:
            done.append(replace(choice, name=_match(choice.name, names, kind)))
        elif names or kind == "rest":
            done.append(choice)
        else:
            raise RequestError(f"this routine has no {kind} to set")
    return tuple(sorted(done, key=lambda each: (each.name is not None, each.side is not None)))


def _match(wanted: str, names: list[str], kind: str) -> str:
    """The one name that is meant: exactly, or as its only beginning."""
    word = slug(wanted)
    if word in names:
        return word
    begun = [name for name in names if name.startswith(word)]
    if len(begun) == 1:
        return begun[0]
    if begun:
        raise RequestError(f'"{wanted}" could be {" or ".join(begun)}; write the whole name')
    known = f"; expected one of {', '.join(names)}" if names else f"; this routine has no {kind}"
    raise RequestError(f'there is no {kind} called "{wanted}"{suggestion(word, names) or known}')


def _known_options(routine: Routine, choices: Choices) -> None:
    known = routine.all_options
    for name in (*choices.with_, *choices.without):
        if name not in known:
            names = f"; expected one of {', '.join(sorted(known))}" if known else "; it has none"
            raise RequestError(f'"{routine.title}" has no option "{name}"{suggestion(name, known) or names}')


def _on(
    routine: Routine,
    choices: Choices,
    with_: frozenset[str] = frozenset(),
    without: frozenset[str] = frozenset(),
) -> frozenset[str]:
    """The options of one routine that are on: the listener decides, then who includes it, then its own default."""
    on = {name for name, option in routine.options.items() if option.default}
    on = (on | with_) - without
    return frozenset((on | set(choices.with_)) - set(choices.without)) & frozenset(routine.options)


def _wanted(step: Step, on: frozenset[str]) -> bool:
    return on.issuperset(step.when) and not (step.unless and on.issuperset(step.unless))


def _defaults(routine: Routine, choices: Choices) -> Any:
    given = routine.defaults
    cue = choices.cues or given.cue
    return replace(
        given,
        switch=_scaled(given.switch, choices),
        pattern=choices.pattern or given.pattern,
        cue="chimes" if choices.guide == "quiet" and cue in ("voice", "both") else cue,
    )


def _scaled(ms: int, choices: Choices) -> int:
    return int(ms * choices.pace + choices.pace.__class__(1, 2))


def _by_side(length: Length | SideLengths) -> SideLengths:
    return length if isinstance(length, SideLengths) else SideLengths(length, length, length)


def _range(step: Hold, breath: Pattern) -> tuple[int, float]:
    low = 1 if step.low is None else times.whole(step.low, breath)
    high = float("inf") if step.high is None else times.whole(step.high, breath)
    return low, high


def _within(step: Hold) -> str:
    ends = (f"from {times.short(step.low)}" if step.low else "", f"up to {times.short(step.high)}" if step.high else "")
    if step.low and step.high:
        return f"{times.short(step.low)} to {times.short(step.high)}"
    return next(filter(None, ends), "any length")


def _in_kind(wish: Length | float, step: Hold, breath: Pattern, low: float = 0, high: float = float("inf")) -> Length:
    """A wish in the hold's own kind: a breath-counted hold takes the nearest whole number of breaths in range."""
    first = _by_side(step.length).left
    if isinstance(wish, Breaths) or not isinstance(first, Breaths):
        return wish if isinstance(wish, Breaths) else int(wish)
    count = breath.nearest(int(wish))
    while breath.lasting(count) > high and count > 1:
        count -= 1
    while breath.lasting(count) < low:
        count += 1
    return Breaths(count)


def _told(length: Length, breath: Pattern) -> str:
    if isinstance(length, Breaths):
        return f"{times.short(length)} ({times.short(times.whole(length, breath))})"
    return times.short(length)
