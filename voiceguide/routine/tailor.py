"""Routine + a listener's choices → the tailored routine.

The original is never changed: steps that a choice affects are copied. Adjusted choices (a hold clamped to its range, a
time rounded to breaths) are reported in notes.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Set
from fractions import Fraction

from msgspec import Struct, field
from msgspec.structs import replace

from voiceguide import times
from voiceguide.errors import RequestError, quoted
from voiceguide.routine import naming, ranges, unmet
from voiceguide.routine.choices import Choices, LengthChoice
from voiceguide.routine.model import (
    Breathe,
    ByRound,
    CueProfile,
    Defaults,
    Edge,
    EdgeName,
    Exercise,
    Guide,
    Hold,
    Include,
    Pause,
    Repeat,
    Reps,
    Routine,
    Say,
    SideLengths,
    Sides,
    Step,
    Text,
    every_value,
)
from voiceguide.times import Breaths, Length, Pattern
from voiceguide.values import GUIDES


class Tailored(Struct, frozen=True):
    """A routine with a listener's choices applied. `lenient`: the choices change how long the words take.

    `quiet`: without the script's words, so that the program names exercises, sides and rests. `options`: whether each
    is on; both, if it is on in one included routine and off in another.
    """

    routine: Routine
    notes: tuple[str, ...] = ()
    lenient: bool = False
    quiet: bool = False
    options: Mapping[str, Set[bool]] = field(default_factory=dict)


def tailor(routine: Routine, choices: Choices) -> Tailored:
    """Apply choices. Raises RequestError for one that is not possible in this routine."""
    naming.options(routine, choices)
    chosen = {"hold": choices.holds, "rest": choices.rests, "reps": choices.reps}
    work = _Tailor(choices, {kind: naming.lengths(routine, each, kind) for kind, each in chosen.items()})
    own = routine.defaults
    on = work.turn(routine, frozenset(), frozenset())
    scope = _Scope(on, own.pattern, own.gap, choices.pattern, None, choices.pace, choices.guide)
    steps = work.steps(routine.steps, scope)
    if not steps:
        spoken = _Tailor(replace(choices, guide="full"), work.lengths)
        if choices.guide == "quiet" and spoken.steps(routine.steps, replace(scope, guide="full")):
            raise silent(routine.title)
        raise RequestError(f"these choices leave nothing of {quoted(routine.title)} to play; remove one of them")
    tailored = replace(
        routine,
        steps=steps,
        defaults=work.defaults(routine, scope),
        notice=routine.notice if choices.notice else None,
        voice=replace(
            routine.voice,
            name=choices.voice or routine.voice.name,
            rate=choices.rate or routine.voice.rate,
        ),
    )
    tailored = replace(tailored, bed=naming.bed(routine, choices), sounds=naming.sounds(routine, choices))
    for note in unmet.notes(routine, tailored, choices, work.lengths):
        work.note(note)
    # The author wrote the script for the full words in its own voice. Only there is a collision the script's error.
    lenient = bool(choices.rate or choices.voice or choices.guide != "full")
    return Tailored(tailored, tuple(work.notes), lenient, quiet=choices.guide == "quiet", options=work.options)


def silent(title: str) -> RequestError:
    """The error for a session in which the quiet guide would leave nothing to hear."""
    return RequestError(f"guide: quiet would leave nothing of {quoted(title)} to hear; choose full, brief or fade")


class _Scope(Struct, frozen=True):
    """The context of a step: the options that are on, the breath, the gap, and the choices of an include.

    `own_breath` and `own_gap` are the routine's; `given_breath` and `given_gap`, of a listener or an include, replace
    them.
    """

    on: frozenset[str]
    own_breath: Pattern
    own_gap: int
    given_breath: Pattern | None
    given_gap: int | None
    pace: Fraction
    guide: Guide
    hold: Length | None = None
    with_: frozenset[str] = frozenset()
    without: frozenset[str] = frozenset()

    @property
    def pattern(self) -> Pattern:
        """The breath of a step without one of its own."""
        return self.given_breath or self.own_breath

    @property
    def gap(self) -> int:
        """The gap of a text without one of its own."""
        return self.own_gap if self.given_gap is None else self.given_gap


class _Tailor(Struct):
    choices: Choices
    lengths: Mapping[str, tuple[LengthChoice, ...]]
    notes: list[str] = field(default_factory=list)
    options: dict[str, set[bool]] = field(default_factory=dict)

    def note(self, text: str) -> None:
        if text not in self.notes:
            self.notes.append(text)

    def turn(self, routine: Routine, with_: frozenset[str], without: frozenset[str]) -> frozenset[str]:
        """The options of one routine that are on: the listener's choice wins over an include, that over the default."""
        chosen, refused = {*self.choices.with_}, {*self.choices.without}
        on = naming.turned_on(routine.options, (with_ - refused) | chosen, (without - chosen) | refused)
        naming.refuse_exclusive(routine.options, on, self.choices)
        for name in routine.options:
            self.options.setdefault(name, set()).add(name in on)
        return on

    def defaults(self, routine: Routine, scope: _Scope) -> Defaults:
        """The defaults of one routine's steps."""
        given = routine.defaults
        return replace(
            given,
            gap=_scaled(scope.gap, scope.pace),
            switch=_scaled(given.switch, scope.pace),
            pattern=scope.pattern,
            cue=_heard(self.choices.cues or given.cue, self.choices),
        )

    def steps(self, steps: Iterable[Step], scope: _Scope) -> tuple[Step, ...]:
        return tuple(done for step in steps for done in self._step(step, scope))

    def _step(self, step: Step, scope: _Scope) -> Iterator[Step]:
        if not _wanted(step, scope.on):
            return
        if isinstance(step, Say):
            if (text := step.text.choose(scope.guide)) is not None:
                ranged = step.low is not None or step.high is not None
                gap = scope.gap if ranged and step.gap is None else step.gap
                yield replace(step, text=text, gap=None if gap is None else self._pace("gap", gap, step, scope))
        elif isinstance(step, Pause):
            pause = (self._pace("pause", ms, step, scope) for ms in every_value(step.ms))
            yield replace(step, ms=ByRound(tuple(pause)) if isinstance(step.ms, ByRound) else next(pause))
        elif isinstance(step, Hold):
            yield self._hold(step, scope)
        elif isinstance(step, Breathe):
            cue = "tone" if self.choices.guide == "quiet" else step.cue
            yield replace(step, pattern=scope.given_breath or step.pattern, cue=cue)
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

    def _pace(self, what: str, ms: int, step: Say | Pause, scope: _Scope) -> int:
        """A gap or a pause at the pace of the listener and of the include around it, in its range."""
        asked = _scaled(ms, scope.pace)
        taken = ranges.clamp_silence(asked, step)
        if taken != asked:
            outside = f"{what}: {times.short(asked)} is outside its range, {ranges.describe(step)}"
            self.note(f"{outside}, so it is {times.short(taken)}")
        return taken

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
            for choice in self.lengths["rest"]:
                rest = times.whole(choice.length, scope.pattern) if choice.name is None else rest
        yield replace(
            step,
            sides=sides,
            steps=inner,
            switch=None if step.switch is None else self.steps(step.switch, scope),
            rest=rest,
            tight=choices.tight if step.ratio != (1, 1) and choices.tight in sides else None,
        )

    def _include(self, step: Include, scope: _Scope) -> Iterator[Include]:
        inner = step.routine
        # The outer include overrides the inner one, as the listener overrides both.
        with_ = scope.with_ | (frozenset(step.with_) - scope.without)
        without = scope.without | (frozenset(step.without) - scope.with_)
        inside = _Scope(
            on=self.turn(inner, with_, without),
            own_breath=inner.defaults.pattern,
            own_gap=inner.defaults.gap,
            given_breath=scope.given_breath or step.pattern,
            given_gap=step.gap if scope.given_gap is None else scope.given_gap,
            pace=scope.pace * step.pace,
            guide=max(scope.guide, step.guide, key=GUIDES.index),
            hold=step.hold if scope.hold is None else scope.hold,
            with_=with_,
            without=without,
        )
        if steps := self.steps(inner.steps, inside):
            routine = replace(inner, steps=steps, defaults=self.defaults(inner, inside))
            yield replace(step, routine=routine)

    def _hold(self, step: Hold, scope: _Scope) -> Hold:
        choices = self.choices
        pattern = (scope.given_breath or step.pattern) if step.pattern else None
        breath = pattern or scope.pattern
        countdown = step.countdown
        # A rest is only counted where the script says so.
        if choices.countdown is not None and (step.kind == "hold" or countdown):
            countdown = choices.countdown
        during = tuple(
            replace(cue, text=text)
            for cue in step.during
            if _wanted(cue, scope.on) and ((text := cue.text.choose(scope.guide) if cue.text else None) or cue.sound)
        )
        recurring = tuple(
            replace(cue, texts=texts)
            for cue in step.recurring
            if _wanted(cue, scope.on)
            and ((texts := tuple(filter(None, (each.choose(scope.guide) for each in cue.texts)))) or cue.sound)
        )
        cue = choices.cues or step.cue
        quiet = choices.guide == "quiet"
        done = replace(
            step,
            pattern=pattern,
            countdown=countdown,
            during=during,
            recurring=recurring,
            cue=None if cue is None else _heard(cue, choices),
            start=_heard_edge(step.start, choices, "none" if step.kind == "rest" else "chime"),
            end=_heard_edge(step.end, choices, "chime"),
            breath_cue="tone" if quiet else step.breath_cue,
            chosen=step.chosen
            or {choices.countdown, choices.pattern, choices.tempo} != {None}
            or choices.cues == "within",
        )
        if scope.hold is not None and step.kind == "hold":
            done = replace(done, length=ranges.clamp(scope.hold, done, breath))
        if scope.given_breath is not None:
            done = self._breaths_in_range(done, breath)
        if isinstance(done, Reps):
            words = tuple(filter(None, (each.choose(scope.guide) for each in done.words)))
            done = replace(done, tempo=choices.tempo or done.tempo, words=words)
        for choice in self.lengths[step.kind]:
            if choice.name in (None, step.name):
                done = self._chosen_length(done, breath, choice)
        return done

    def _breaths_in_range(self, step: Hold, breath: Pattern) -> Hold:
        """Clamp a hold counted in breaths to its range, after the length of a breath changed."""
        for own in ranges.lengths(step.length):
            taken = ranges.clamp(own, step, breath)
            if taken != own:
                what = f"{step.name}: with this pattern {times.short(own)} would be outside {ranges.describe(step)}"
                self.note(f"{what}, so it is {_describe(step, taken, breath)}")
        return replace(step, length=ranges.change(step.length, lambda own: ranges.clamp(own, step, breath)))

    def _chosen_length(self, step: Hold, breath: Pattern, choice: LengthChoice) -> Hold:
        asked = choice.length
        inside = ranges.contains(step, breath, asked)
        if not inside and choice.name is not None:
            what = f"{step.kind}: {step.name}={ranges.write(step, asked)} is outside its range"
            raise RequestError(f"{what}; expected {ranges.describe(step)}")
        taken = ranges.clamp(asked, step, breath, choice.side)
        if not inside:
            what = f"{step.name}: {ranges.write(step, asked)} is outside its range, {ranges.describe(step)}"
            self.note(f"{what}, so it is {_describe(step, taken, breath)}")
        elif isinstance(taken, Breaths) and times.whole(taken, breath) != times.whole(asked, breath):
            self.note(f"{step.name}: {times.short(asked)} is rounded to {_describe(step, taken, breath)}")
        length: ranges.HoldLength = taken
        if choice.side is not None:
            length = replace(_sides_of(step.length), **{choice.side: taken})
        pinned = step.pinned
        if choice.name is not None:
            pinned = pinned | {choice.side or "all"}
        written = step.length if step.written is None else step.written
        return replace(step, length=length, chosen=True, pinned=pinned, written=written)


def _wanted(step: Step, on: frozenset[str]) -> bool:
    return on.issuperset(step.when) and not (step.unless and on.issuperset(step.unless))


def _heard(cue: CueProfile, choices: Choices) -> CueProfile:
    """The cues of holds; the quiet guide has no spoken ones."""
    return "chimes" if choices.guide == "quiet" and cue in ("voice", "both") else cue


def _heard_edge(edge: Edge | None, choices: Choices, quiet: EdgeName) -> Edge | None:
    """What a script wants at a hold's start or end; the quiet guide has `quiet` in place of words."""
    worded = isinstance(edge, Text) or edge in ("voice", "both")
    return quiet if choices.guide == "quiet" and worded else edge


def _scaled(ms: int, pace: Fraction) -> int:
    # Rounded half up, in whole numbers: every silence of each variant that `check` lays out comes here.
    return (2 * ms * pace.numerator + pace.denominator) // (2 * pace.denominator)


def _sides_of(length: ranges.HoldLength) -> SideLengths:
    return length if isinstance(length, SideLengths) else SideLengths(length, length)


def _describe(step: Hold, length: Length, breath: Pattern) -> str:
    if isinstance(length, Breaths):
        return f"{times.short(length)} ({times.short(times.whole(length, breath))})"
    return ranges.write(step, length)
