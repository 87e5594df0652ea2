"""Holds, rests and guided breathing → windows: the length of each, its range for fitting, and the sounds inside it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from msgspec.structs import replace

from voiceguide import times
from voiceguide.routine.model import (
    BreathCue,
    Breathe,
    Counting,
    CueProfile,
    Edge,
    Hold,
    Reps,
    SideLengths,
    Sides,
    in_round,
)
from voiceguide.routine.ranges import HoldLength
from voiceguide.score.items import (
    Breathing,
    ChimeSound,
    Inner,
    Recurring,
    Repetitions,
    Sounding,
    Speech,
    Where,
    Window,
    is_voiced,
    list_phases,
)
from voiceguide.score.phrases import Scope
from voiceguide.times import Breaths, Length, Pattern

# The range of a hold or a silence without `min` and `max` when a session is fitted to a total.
MIN_SHARE, MAX_SHARE = 0.5, 3


def write_hold(step: Hold, scope: Scope) -> Window:
    """The window of a hold or a rest on the current side."""
    where = scope.find_where(step)
    breath = step.pattern or scope.defaults.pattern
    length = _find_length(step.length, scope, breath)
    ms = _find_ms(step, length, breath)
    low, high = _find_range(step, ms, breath)
    if isinstance(step, Reps) or step.pinned & {"all", scope.side or "all"}:
        low = high = ms
    repetitions = _write_reps(step, ms // step.tempo.ms, scope, where) if isinstance(step, Reps) else None
    within = (step.cue or scope.defaults.cue) == "within"
    # A sound of its own inside tells it as well.
    named = (
        _name_rest(scope, where) if step.kind == "rest" and not (within and step.start not in (None, "none")) else ()
    )
    window = Window(
        step.kind,
        step.name,
        ms,
        where,
        id(step),
        low,
        high,
        unit=breath if isinstance(length, Breaths) else None,
        inner=(*_list_inner(step, scope), *named),
        recurring=tuple(_list_recurring(step, scope)),
        breathing=_write_breathing(step.pattern, step.breath_cue, scope, where) if step.pattern else None,
        lenient=step.chosen or scope.lenient,
        written=ms if step.written is None else _find_ms(step, _find_length(step.written, scope, breath), breath),
        repetitions=repetitions,
    )
    words, profile, count = scope.words, step.cue or scope.defaults.cue, step.countdown
    if step.kind == "rest":
        profile = "none"  # a rest has what the script says itself
    elif count is None:
        count = scope.defaults.countdown
    start: CueProfile | Edge = profile if step.start is None else step.start
    if step.start is None and within and repetitions and repetitions.numbered:
        start = "none"  # inside the window it begins with "one", which tells the start as well
    end: CueProfile | Edge = profile if step.end is None else step.end
    if scope.quiet and step.kind != "rest" and end == "none":
        end = "chime"  # without words the chime at the end is all that tells it, so the quiet guide always has one
    if (step.end is None or scope.quiet) and within and count:
        end = "none"  # inside the window the last second is that of "one", which tells the end as well
    return replace(
        window,
        start=scope.write_cue("start", words.cues.start, start, where),
        half=scope.write_cue("halfway", words.cues.halfway, "none" if repetitions else profile, where),
        end=scope.write_cue("end", words.cues.end, end, where),
        within=within,
        countdown=tuple(
            scope.write_speech(words.spell_number(number), where, gap=0) for number in range(count or 0, 0, -1)
        ),
    )


def write_rest(step: Sides, ms: int, scope: Scope) -> Window:
    """The rest of `ms` between two sides."""
    low, high = find_reach(ms)
    where = scope.find_where(step)
    return Window("rest", "rest", ms, where, id(step), low, high, inner=_name_rest(scope, where), lenient=scope.lenient)


def _name_rest(scope: Scope, where: Where) -> tuple[Inner, ...]:
    """What the quiet guide says as a rest begins, where the script's own words are left out.

    It lies inside, so that intervals keep to the clock in this guide too.
    """
    return (Inner(times.START, scope.write_speech(scope.words.cues.rest, where, gap=0)),) if scope.quiet else ()


def write_breathe(step: Breathe, scope: Scope) -> Window:
    """The window of guided breathing: a number of whole breaths. Fitting does not change it."""
    where = scope.find_where(step)
    pattern = step.pattern or scope.defaults.pattern
    length = in_round(step.length, scope.round)
    count = length.count if isinstance(length, Breaths) else max(1, (2 * length + pattern.ms) // (2 * pattern.ms))
    ms = count * pattern.ms
    breathing = _write_breathing(pattern, step.cue, scope, where)
    breathing = replace(breathing, count=count, numbers=tuple(_number_breaths(step, count, scope)))
    return Window("breathe", "breathe", ms, where, id(step), ms, ms, breathing=breathing, lenient=True)


def find_reach(ms: int, least: int | None = None, most: int | None = None) -> tuple[int, int]:
    """The shortest and longest length in ms. If only one end is given, the default of the other is adjusted to it."""
    low, high = max(1, int(ms * MIN_SHARE)), int(ms * MAX_SHARE)
    if least is not None:
        low = least
        high = max(high, low)
    if most is not None:
        high = most
        low = min(low, high)
    return low, high


def _find_range(step: Hold, ms: int, breath: Pattern) -> tuple[int, int]:
    least, most = (None if end is None else times.whole(end, breath) for end in (step.low, step.high))
    return find_reach(ms, least, most)


def _find_length(length: HoldLength, scope: Scope, breath: Pattern) -> Length:
    if not isinstance(length, SideLengths):
        return in_round(length, scope.round)
    left, right = in_round(length.left, scope.round), in_round(length.right, scope.round)
    if scope.side == "right":
        return right
    if scope.side != "tighter":
        return left
    return length.tighter or max(left, right, key=lambda each: times.whole(each, breath))


def _list_inner(step: Hold, scope: Scope) -> Iterator[Inner]:
    for cue in step.during:
        if not scope.has(cue):
            continue
        where = scope.find_where(cue)
        if cue.text is not None:
            if (words := scope.choose_words(cue, cue.text)) is not None:
                yield Inner(cue.at, scope.write_speech(words, where, gap=0), cue.needs)
        elif cue.sound is not None:
            yield Inner(cue.at, ChimeSound(cue.sound, where), cue.needs)


def _list_recurring(step: Hold, scope: Scope) -> Iterator[Recurring]:
    for cue in filter(scope.has, step.recurring):
        where = scope.find_where(cue)
        turns: list[Sounding] = [scope.write_speech(words, where, gap=0) for words in scope.choose_turns(cue)]
        if cue.sound is not None:
            turns.append(ChimeSound(cue.sound, where))
        if turns:
            yield Recurring(cue.every, cue.start, cue.until, (tuple(turns),), cue.needs)


def _find_ms(step: Hold, length: Length, breath: Pattern) -> int:
    return times.whole(length, breath) * (step.tempo.ms if isinstance(step, Reps) else 1)


def _list_numbers(counting: Counting, count: int) -> Iterable[int]:
    """The numbers that are counted, up or down."""
    return range(1, count + 1) if counting == "up" else range(count, 0, -1) if counting == "down" else ()


def _write_reps(step: Reps, count: int, scope: Scope, where: Where) -> Repetitions:
    words = [scope.write_speech(each.full, where, gap=0) for each in step.words]
    numbers = [scope.words.spell_number(each) for each in _list_numbers(step.counting, count)]
    going: list[tuple[Speech, ...]] = [
        tuple(
            scope.write_speech(text, where, gap=0)
            for text in (*(_join(number, each.full) for each in step.words[:1]), number)
        )
        for number in numbers
    ]
    return Repetitions(step.tempo, tuple(going or [tuple(words[:1])] * count), tuple(words[1:]), bool(numbers))


def _join(number: str, words: str) -> str:
    """A number and words that are said together: "Three, up."."""
    return f"{number[:1].upper()}{number[1:]}, {words[:1].lower() if words[1:2].islower() else words[:1]}{words[1:]}"


def _number_breaths(step: Breathe, count: int, scope: Scope) -> Iterator[tuple[Speech, ...]]:
    """For each breath its number: with the words for breathing in where these are spoken, and alone."""
    where = scope.find_where(step)
    for index, each in enumerate(_list_numbers(step.counting, count)):
        number = scope.words.spell_number(each)
        joined = [_join(number, words) for words in scope.words.breath["in"]] if is_voiced(step.cue, index) else []
        yield tuple(scope.write_speech(text, where, gap=0) for text in (*joined, number))


def _write_breathing(pattern: Pattern, cue: BreathCue, scope: Scope, where: Where) -> Breathing:
    words = {
        phase: tuple(scope.write_speech(text, where, gap=0) for text in scope.words.breath[phase])
        for phase, ms in list_phases(pattern)
        if ms
    }
    return Breathing(pattern, cue, words)
