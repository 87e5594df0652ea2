"""Routine → a plan: speech, silence, sounds and windows in order, with no clock.

Sides, repeats and includes are written out here, so that what follows sees a flat list. How long a text takes is
unknown until it is spoken; `timeline` lays the plan out once it is.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from msgspec import Struct, field
from msgspec.structs import replace

from voiceguide import library, times
from voiceguide.budget import Budget, check
from voiceguide.errors import Place
from voiceguide.routine.model import (
    BreathCue,
    Breathe,
    Chime,
    CueProfile,
    Defaults,
    Exercise,
    Hold,
    Include,
    Pause,
    Repeat,
    Routine,
    Say,
    SideLengths,
    Sides,
    Sound,
    Step,
)
from voiceguide.routine.pronunciations import Pronunciations
from voiceguide.routine.tailor import Tailored
from voiceguide.routine.templates import fill
from voiceguide.score.bounds import refuse_oversize
from voiceguide.score.items import (
    Breathing,
    ChimeSound,
    Close,
    Inner,
    Item,
    Open,
    PhaseName,
    Plan,
    Silence,
    Sounding,
    Speech,
    Where,
    Window,
)
from voiceguide.times import Breaths, Length, Pattern

NOTICE_GAP = 1_500  # a breath between the safety notice and the first word of the routine
# How far a hold without `min` and `max` may move when a session is fitted into a total.
MIN_SHARE, MAX_SHARE = 0.5, 3

OTHER = {"left": "right", "right": "left", "tighter": "other"}


def plan(tailored: Tailored) -> Plan:
    """Write a tailored routine out. Raises ScriptError where it grows beyond all bounds."""
    routine = tailored.routine
    place = Place(str(routine.path), 1, 1)
    refuse_oversize(routine)
    budget = Budget()
    pronunciations = Pronunciations(routine.pronounce)
    scope = _Scope(routine.defaults, pronunciations, routine.title, budget, lenient=tailored.lenient)
    items = list(_opening(routine, scope))
    for item in _steps(routine.steps, scope):
        items.append(item)
        at = place if isinstance(item, Close) else item.where.place
        budget.spend("duration", _at_least(item), at)
        budget.spend("events", 1 + (2 + len(item.inner) + len(item.countdown) if isinstance(item, Window) else 0), at)
    return Plan(routine.title, tuple(items), place, tailored.notes)


def _at_least(item: Item) -> int:
    """How long an item takes at the very least, in ms: enough to refuse, before anything is spoken, what never ends."""
    if isinstance(item, Speech):
        return item.gap
    return item.ms if isinstance(item, (Silence, Window)) else 0


class _Scope(Struct, frozen=True):
    """What the meaning of a step depends on."""

    defaults: Defaults
    pronunciations: Pronunciations
    title: str
    budget: Budget
    exercise: str | None = None
    side: str | None = None
    values: Mapping[str, str] = field(default_factory=dict)
    lenient: bool = False

    def where(self, step: Step) -> Where:
        return Where(step.place, self.exercise, self.side)

    def speech(self, text: str, where: Where, gap: int | None = None) -> Speech:
        values = {"title": self.title, **self.values}
        if self.side:
            values |= {"side": self.side, "other": OTHER[self.side]}
        filled = fill(text, values)
        check("text", len(filled), where.place)
        self.budget.spend("spoken", len(filled), where.place)
        return Speech(filled, where, self.defaults.gap if gap is None else gap, self.pronunciations)

    def cue(self, name: str, text: str, profile: CueProfile, where: Where) -> tuple[Sounding, ...]:
        chime = ChimeSound(Sound(name, library.cue_sound(name)), where)
        words = self.speech(text, where, gap=0)
        # The chime is the exact moment: last before a hold, first after it.
        pair: tuple[Sounding, ...] = (words, chime) if name == "start" else (chime, words)
        told: Mapping[CueProfile, tuple[Sounding, ...]]
        told = {"chimes": (chime,), "voice": (words,), "both": pair, "none": ()}
        return told[profile]


def _opening(routine: Routine, scope: _Scope) -> Iterator[Item]:
    if routine.notice:
        place = routine.notice_place or Place(str(routine.path), 1, 1)
        yield scope.speech(routine.notice, Where(place), NOTICE_GAP)


def _steps(steps: tuple[Step, ...], scope: _Scope) -> Iterator[Item]:
    for step in steps:
        where = scope.where(step)
        if isinstance(step, Say):
            yield scope.speech(step.text.full, where, step.gap)
        elif isinstance(step, Pause):
            yield Silence(step.ms, where)
        elif isinstance(step, Chime):
            yield ChimeSound(step.sound, where)
        elif isinstance(step, Hold):
            yield _window(step, scope)
        elif isinstance(step, Breathe):
            yield _breathe(step, scope)
        elif isinstance(step, Exercise):
            yield Open("exercise", step.title, replace(where, exercise=step.title))
            yield from _steps(step.steps, replace(scope, exercise=step.title))
            yield Close()
        elif isinstance(step, Sides):
            yield from _sides(step, scope)
        elif isinstance(step, Repeat):
            for number in range(1, step.times + 1):
                values = {**scope.values, "round": str(number), "rounds": str(step.times)}
                inner = replace(scope, values=values)
                yield from _steps(step.steps, inner)
                if number < step.times:
                    yield from _steps(step.between, inner)
        elif isinstance(step, Include):
            routine = step.routine
            pronunciations = Pronunciations(routine.pronounce, scope.pronunciations)
            yield from _steps(routine.steps, replace(scope, defaults=routine.defaults, pronunciations=pronunciations))


def passes(step: Sides) -> list[str]:
    """The sides in the order they are worked, the ratio written out."""
    if len(step.sides) == 1:
        return list(step.sides)
    more, fewer = step.ratio
    if step.tight:
        return [step.tight, OTHER[step.tight]] * fewer + [step.tight] * (more - fewer)
    return [*step.sides] * fewer + ["tighter"] * (more - fewer)


def _sides(step: Sides, scope: _Scope) -> Iterator[Item]:
    before: str | None = None
    order = passes(step)
    for number, side in enumerate(order, 1):
        inner = replace(scope, side=side)
        where = inner.where(step)
        # The change of sides belongs to the side it leads to: who jumps to that chapter hears where to go.
        yield Open("side", f"{side.capitalize()} side", where)
        if before is not None:
            yield from _change(step, inner, same=side == before)
        elif step.announce:
            yield inner.speech(f"{side.capitalize()} side.", where)
        yield from _steps(step.steps, inner)
        if step.rest is not None and number < len(order):
            yield _rest(step, step.rest, inner)
        yield Close()
        before = side


def _change(step: Sides, scope: _Scope, *, same: bool) -> Iterator[Item]:
    """From one side to the next: the script's own steps, or words, a chime and time to move."""
    where = scope.where(step)
    side = scope.side or ""
    yield Open("switch", f"To the {side} side", where)
    if step.announce:
        yield scope.speech(f"{side.capitalize()} side.", where)
    if step.switch is not None:
        yield from _steps(step.switch, scope)
    elif not same:
        if not step.announce:
            once_more = "Once more, now on your tighter side."
            yield scope.speech(once_more if side == "tighter" else "Change sides. Now your {side} side.", where)
        yield ChimeSound(Sound("switch", library.cue_sound("switch")), where)
        yield Silence(scope.defaults.switch, where)
    else:
        yield Silence(scope.defaults.switch, where)
    yield Close()


def _rest(step: Sides, ms: int, scope: _Scope) -> Window:
    low, high = _reach(ms)
    return Window("rest", "rest", ms, scope.where(step), id(step), low, high)


def _reach(ms: int) -> tuple[int, int]:
    return max(1, int(ms * MIN_SHARE)), int(ms * MAX_SHARE)


def _window(step: Hold, scope: _Scope) -> Window:
    where = scope.where(step)
    breath = step.pattern or scope.defaults.pattern
    length = _on_side(step.length, scope.side, breath)
    ms = times.whole(length, breath)
    low, high = _reach(ms)
    if step.low is not None:
        low = times.whole(step.low, breath)
        high = max(high, low)
    if step.high is not None:
        high = times.whole(step.high, breath)
        low = min(low, high)
    if step.pinned & {"all", scope.side or "all"}:
        low = high = ms
    window = Window(
        step.kind, step.name, ms, where, id(step), low, high, unit=breath if isinstance(length, Breaths) else None
    )
    window = replace(
        window,
        inner=tuple(_inner(step, scope)),
        breathing=_breathing(step.pattern, step.breath_cue, scope, where) if step.pattern else None,
        lenient=step.chosen or scope.lenient,
    )
    if step.kind == "rest":
        return window
    profile = step.cue or scope.defaults.cue
    countdown = scope.defaults.countdown if step.countdown is None else step.countdown
    return replace(
        window,
        start=scope.cue("start", "Begin.", profile, where),
        half=scope.cue("halfway", "Halfway.", profile, where),
        end=scope.cue("end", "And release.", profile, where),
        countdown=tuple(scope.speech(times.words(number), where, gap=0) for number in range(countdown, 0, -1)),
    )


def _on_side(length: Length | SideLengths, side: str | None, breath: Pattern) -> Length:
    if not isinstance(length, SideLengths):
        return length
    if side == "right":
        return length.right
    if side != "tighter":
        return length.left
    return length.tighter or max(length.left, length.right, key=lambda each: times.whole(each, breath))


def _inner(step: Hold, scope: _Scope) -> Iterator[Inner]:
    for cue in step.during:
        where = scope.where(cue)
        if cue.text is not None:
            yield Inner(cue.at, scope.speech(cue.text.full, where, gap=0))
        elif cue.sound is not None:
            yield Inner(cue.at, ChimeSound(cue.sound, where))


# From the fullest words to the shortest: a phase takes the first that fits into it.
PHASE_WORDS: Mapping[PhaseName, tuple[str, ...]] = {
    "in": ("Breathe in.", "In."),
    "hold": ("And hold.", "Hold."),
    "out": ("And breathe out.", "Breathe out.", "Out."),
    "wait": ("And wait.", "Wait."),
}


def phases(pattern: Pattern) -> tuple[tuple[PhaseName, int], ...]:
    """The phases of a breath in order, with their lengths; a length may be nothing."""
    return (
        ("in", pattern.breathe_in),
        ("hold", pattern.hold_in),
        ("out", pattern.breathe_out),
        ("wait", pattern.hold_out),
    )


def _breathing(pattern: Pattern, cue: BreathCue, scope: _Scope, where: Where) -> Breathing:
    words = {
        phase: tuple(scope.speech(text, where, gap=0) for text in PHASE_WORDS[phase])
        for phase, ms in phases(pattern)
        if ms
    }
    return Breathing(pattern, cue, words)


def _breathe(step: Breathe, scope: _Scope) -> Window:
    where = scope.where(step)
    pattern = step.pattern or scope.defaults.pattern
    if isinstance(step.length, Breaths):
        count = step.length.count
    else:
        count = max(1, (2 * step.length + pattern.ms) // (2 * pattern.ms))
    ms = count * pattern.ms
    breathing = replace(_breathing(pattern, step.cue, scope, where), count=count)
    return Window("breathe", "breathe", ms, where, id(step), ms, ms, breathing=breathing, lenient=True)
