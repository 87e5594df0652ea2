"""Checks of a step that involve more than one of its keys: ranges, sides, the changes that an include makes."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from voiceguide import times, words
from voiceguide.errors import Place, Problem, ScriptError, quoted
from voiceguide.language.document import Fields
from voiceguide.language.kinds import closest
from voiceguide.language.passes import Around
from voiceguide.routine import ranges
from voiceguide.routine.model import (
    Breathe,
    ByRound,
    Defaults,
    Hold,
    Include,
    Option,
    Pause,
    Repeat,
    Reps,
    Routine,
    Say,
    SideLengths,
    Sides,
    Step,
    every_value,
    included,
    walk,
)
from voiceguide.routine.naming import find_exclusive, turned_on
from voiceguide.times import Pattern

Found = Iterator[tuple[Place, str]]


def refuse_language(routine: Routine) -> None:
    """Raises ScriptError if the program has no words of its own in the routine's language; `make` uses English ones."""
    if words.find_file(routine.language) is None:
        place = routine.language_place or Place(str(routine.path), 1, 1)
        have = f"expected one of {', '.join(words.list_tags())}"
        what = f"voiceguide has no words of its own in the language {quoted(routine.language)}"
        raise ScriptError([Problem(place, f"language: {what}; {have}")])


def find_wrong(step: Step, places: Mapping[str, Place], defaults: Defaults, around: Around) -> Found:
    """All errors of a step, each with its place. `places` are those of the values of the step's keys."""
    if never := around.explain_never(step.on):
        yield places["on"], f"on: {never}"
    for key, value in _list_values(step):
        if isinstance(value, ByRound) and (wrong := around.explain_values(len(value.values))):
            yield places[key], f"{key}: {wrong}"
    if isinstance(step, Repeat) and step.called and around.names & {step.called, f"{step.called}s"}:
        yield places["as"], f"as: {quoted(step.called)} is the name of a repeat around this one; choose another"
    if isinstance(step, Reps) and len(step.words) > 2:
        message = f"words: expected one text for going and one for coming back, found {len(step.words)}"
        yield places["words"], message
    if isinstance(step, Hold):
        yield from _check_hold(step, places, step.pattern or defaults.pattern, sided=bool(around.sides))
    elif isinstance(step, Pause):
        yield from _check_silence("pause", every_value(step.ms), step, places)
    elif isinstance(step, Say):
        yield from _check_silence("gap", (defaults.gap if step.gap is None else step.gap,), step, places)
    elif isinstance(step, Include):
        yield from _check_include(step, places, sided=bool(around.sides))


def find_wrong_options(options: Mapping[str, Option], node: Fields) -> Found:
    """All errors in what options exclude, each with its place."""
    for name, value in node.pairs:
        pairs = value.pairs if isinstance(value, Fields) else ()
        option = options[name.text]
        place = next((each.place for key, each in pairs if key.text == "excludes"), name.place)
        for other in option.excludes:
            if other not in options:
                others = options.keys() - {name.text}
                yield place, f"excludes: there is no option {quoted(other)} in this routine{closest(other, others)}"
            elif other == name.text:
                yield place, f"excludes: {quoted(other)} is the option itself; name another one"
            elif option.default and options[other].default:
                yield place, f"excludes: {quoted(other)} is on by default, and so is this option; turn one of them off"


def _list_values(step: Step) -> Iterator[tuple[str, object]]:
    """The values of a step that may differ by round, each with its key."""
    if isinstance(step, Hold):
        yield step.kind, step.length
    elif isinstance(step, Pause):
        yield "pause", step.ms
    elif isinstance(step, Breathe):
        yield "breathe", step.length


def _check_hold(step: Hold, places: Mapping[str, Place], breath: Pattern, *, sided: bool) -> Found:
    if isinstance(step.length, SideLengths) and not sided:
        what = "number" if isinstance(step, Reps) else "length"
        yield places[step.kind], f"{step.kind}: a {what} for each side needs `sides` around it"
    low, high = ranges.bounds(step, breath)
    if low > high and step.low is not None and step.high is not None:
        longer, shorter = ("more", "smaller") if isinstance(step, Reps) else ("longer", "shorter")
        what = f"min: {ranges.write(step, step.low)} is {longer} than max, {ranges.write(step, step.high)}"
        yield places["min"], f"{what}; make min the {shorter} of the two"
        return
    for length in ranges.lengths(step.length):
        if not ranges.contains(step, breath, length):
            what = f"{step.kind}: {ranges.write(step, length)} is outside its own range"
            yield places[step.kind], f"{what}; expected {ranges.describe(step)}, or change min or max"


def _check_silence(key: str, lengths: tuple[int, ...], step: Say | Pause, places: Mapping[str, Place]) -> Found:
    # A gap may be the routine's default, which is written elsewhere.
    place = places.get(key) or places.get("min") or places.get("max") or step.place
    if step.low is not None and step.high is not None and step.low > step.high:
        what = f"min: {times.short(step.low)} is longer than max, {times.short(step.high)}"
        yield places["min"], f"{what}; make min the shorter of the two"
        return
    for ms in lengths:
        if ranges.clamp_silence(ms, step) != ms:
            what = f"{key}: {times.short(ms)} is outside its own range"
            yield place, f"{what}; expected {ranges.describe(step)}, or change min or max"


def _check_include(step: Include, places: Mapping[str, Place], *, sided: bool) -> Found:
    name = step.routine.name
    if sided and any(isinstance(each, Sides) for each in walk(step.routine.steps)):
        yield places["include"], f"include: {quoted(name)} has sides of its own, so it can't be inside sides"
    if step.hold is not None:
        yield from _check_included_hold(step.routine, step.hold, places["hold"])
    known = step.routine.all_options
    for key, options in (("with", step.with_), ("without", step.without)):
        for option in options:
            if option not in known:
                yield places[key], f"{key}: {name} has no option {quoted(option)}{closest(option, known)}"
    for routine in (step.routine, *included(step.routine)):
        on = turned_on(routine.options, {*step.with_}, {*step.without})
        for one, other in find_exclusive(routine.options, on):
            what = f"with: {quoted(one)} and {quoted(other)} of {routine.name} exclude each other"
            yield places["with"], f"{what}; turn one of them off in `without`"
    for option in sorted({*step.with_} & {*step.without}):
        yield places["without"], f"without: {quoted(option)} is also in `with`; keep one"


def _check_included_hold(routine: Routine, length: times.Length, place: Place) -> Found:
    """Check that every hold of an included routine can have this length."""
    for each in (routine, *included(routine)):
        for step in walk(each.steps, into_includes=False):
            if not isinstance(step, Hold) or step.kind != "hold":
                continue
            if not ranges.contains(step, step.pattern or each.defaults.pattern, length):
                what = f"hold: {times.short(length)} is outside the range of its hold {quoted(step.name)}"
                yield place, f"{what}; expected {ranges.describe(step)}"
