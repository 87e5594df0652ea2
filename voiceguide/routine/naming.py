"""Resolve the names in a listener's choices for one routine: holds and rests, options, a bed."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Set
from pathlib import Path

from msgspec.structs import replace

from voiceguide import library
from voiceguide.errors import RequestError, among, quoted, suggestion
from voiceguide.routine.choices import NO_BED, Choices, LengthChoice, bed_name
from voiceguide.routine.model import Bed, Hold, Option, Reps, Routine, Sides, Sound, Step, children
from voiceguide.routine.templates import slug

_NOUNS = {
    "hold": "hold whose length",
    "rest": "rest whose length",
    "reps": "repetitions whose number",
}


def lengths(routine: Routine, choices: tuple[LengthChoice, ...], kind: str) -> tuple[LengthChoice, ...]:
    """Choices for holds or rests, with the full names that the routine uses.

    They are sorted so that the most specific is applied last: first those for all, then those for one by name, then
    those for one side.
    """
    if not choices:
        return ()
    windows = [(step, passes) for step, passes in _windows(routine.steps) if step.kind == kind]
    names = sorted({step.name for step, _ in windows})
    done = []
    for choice in choices:
        if choice.name is None:
            steps = _all(routine.steps)
            between = kind == "rest" and any(isinstance(step, Sides) and step.rest for step in steps)
            # A sheet of repetitions has nothing to hold: there the choice changes nothing, as a note says.
            counted = kind == "hold" and any(isinstance(step, Reps) for step in steps)
            if not names and not between and not counted:
                raise RequestError(f"{kind}: this routine has no {_NOUNS[kind]} can be set")
            done.append(choice)
            continue
        name = _match(choice.name, names, kind)
        sides = {side for step, passes in windows if step.name == name for side in passes}
        if choice.side is not None and choice.side not in sides:
            known = (
                f"expected {' or '.join(f'{name}/{side}' for side in sorted(sides))}"
                if sides
                else f"expected {name} alone"
            )
            raise RequestError(f'{kind}: {name} has no side "{choice.side}"; {known}')
        done.append(replace(choice, name=name))
    return tuple(sorted(done, key=lambda each: (each.name is not None, each.side is not None)))


def options(routine: Routine, choices: Choices) -> None:
    """Check that the routine, or one it includes, has every option that is turned on or off."""
    known = routine.all_options
    for name in (*choices.with_, *choices.without):
        if name not in known:
            names = f"; expected {among(sorted(known))}" if known else "; it has none"
            raise RequestError(
                f"{quoted(routine.title)} has no option {quoted(name)}{suggestion(name, known) or names}"
            )


def turned_on(options: Mapping[str, Option], with_: Set[str], without: Set[str]) -> frozenset[str]:
    """The options of one routine that are on, with some turned on and others off."""
    on = {name for name, option in options.items() if option.default}
    return frozenset((on | with_) - without) & options.keys()


def find_exclusive(options: Mapping[str, Option], on: Set[str]) -> Iterator[tuple[str, str]]:
    """The options that exclude each other and are both on, in pairs."""
    for name, option in options.items():
        if name in on:
            yield from ((name, other) for other in option.excludes if other in on)


def refuse_exclusive(options: Mapping[str, Option], on: Set[str], choices: Choices) -> None:
    """Raises RequestError if two options exclude each other and are both on."""
    for one, other in find_exclusive(options, on):
        pair = f"{quoted(one)} and {quoted(other)} exclude each other"
        here = [name for name in (one, other) if name not in choices.with_]
        if not here:
            raise RequestError(f"with: {pair}; choose one")
        what = "both are on here; turn one" if len(here) > 1 else f"{quoted(here[0])} is on here; turn it"
        raise RequestError(f"with: {pair}, and {what} off with --without {here[0]}")


def bed(routine: Routine, choices: Choices) -> Bed | None:
    """The bed: the listener's choice, if any, or else the script's. None for no bed."""
    chosen = routine.bed
    if choices.bed is not None:
        path = bed_file(choices.bed)
        if path is None:
            chosen = Bed(choices.bed) if choices.bed in library.BEDS else None
        else:
            if not library.is_file(path):
                names = ", ".join(library.BEDS)
                close = suggestion(choices.bed, library.BEDS) or f"; expected one of {names}, or a music file"
                raise RequestError(f"there is no bed or music file {quoted(choices.bed)}{close}")
            chosen = Bed(path.stem, path)
    if choices.bed_level is not None:
        if chosen is None:
            raise RequestError("bed-level: this session has no bed; choose one with --bed")
        chosen = replace(chosen, level=choices.bed_level)
    return chosen


def bed_file(given: str) -> Path | None:
    """The music file of a listener's bed; None if it is the name of a generated bed, or "no"."""
    name = bed_name(given)
    return None if name == NO_BED or name in library.BEDS else Path(name)


def sounds(routine: Routine, choices: Choices) -> Mapping[str, Sound]:
    """The sounds at start, end, halfway and switch that are not voiceguide's: the listener's, else the script's."""
    if choices.sounds is None:
        return routine.sounds
    folder = Path(choices.sounds)
    found = library.own_cue_sounds(folder)
    if not found:
        *names, last = library.CUE_SOUNDS
        what = f"{quoted(choices.sounds)} has no sounds named {', '.join(names)} or {last}"
        raise RequestError(f"sounds: {what}; expected a folder with files such as start.wav")
    return {**routine.sounds, **{name: Sound(name, path) for name, path in found.items()}}


def _all(steps: tuple[Step, ...]) -> list[Step]:
    return [each for step in steps for each in (step, *_all(children(step)))]


def _windows(steps: tuple[Step, ...], passes: frozenset[str] = frozenset()) -> list[tuple[Hold, frozenset[str]]]:
    """Every hold and rest, with the sides that it is repeated on."""
    found: list[tuple[Hold, frozenset[str]]] = []
    for step in steps:
        inner = passes
        if isinstance(step, Sides):
            inner = frozenset(step.sides) | ({"tighter"} if step.ratio != (1, 1) else set())
        elif passes.issuperset(step.on):
            inner = passes & set(map(str, step.on)) or passes
        if isinstance(step, Hold):
            found.append((step, inner))
        found += _windows(children(step), inner)
    return found


def _match(wanted: str, names: list[str], kind: str) -> str:
    """The name that matches exactly, or the only one that starts with this text."""
    word = slug(wanted)
    if word in names:
        return word
    matches = [name for name in names if name.startswith(word)]
    if len(matches) == 1:
        return matches[0]
    if matches:
        raise RequestError(f"{kind}: {quoted(wanted)} could be {' or '.join(matches)}; write the whole name")
    noun = _NOUNS[kind].partition(" ")[0]
    known = f"; expected {among(names)}" if names else f"; this routine has no {noun}"
    is_no = "are no" if kind == "reps" else "is no"
    raise RequestError(f"there {is_no} {noun} called {quoted(wanted)}{suggestion(word, names) or known}")
