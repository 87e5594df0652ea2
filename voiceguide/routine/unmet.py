"""Notes about choices that have no effect in this routine, so that a listener knows why nothing changed."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from voiceguide.routine import ranges
from voiceguide.routine.choices import Choices, LengthChoice
from voiceguide.routine.model import Breathe, Hold, Reps, Routine, Side, Sides, Step, walk
from voiceguide.times import Breaths


def notes(
    routine: Routine,
    tailored: Routine,
    choices: Choices,
    lengths: Mapping[str, tuple[LengthChoice, ...]],
) -> Iterator[str]:
    """The notes for a routine and its tailored version; `lengths` are those chosen, with the routine's own names."""
    swelling = tailored.bed is not None and (tailored.bed.name, tailored.bed.path) == ("breath", None)
    if choices.pattern and not swelling and not any(map(_breathes, walk(tailored.steps))):
        yield "this routine has no guided or counted breaths, so pattern changes nothing"
    if choices.tempo and not any(isinstance(step, Reps) for step in walk(tailored.steps)):
        yield "this routine has no repetitions, so tempo changes nothing"
    if choices.holds and not any(isinstance(step, Hold) and step.kind == "hold" for step in walk(routine.steps)):
        yield "this routine has repetitions and no holds, so hold changes nothing"
    if choices.guide == "quiet" and choices.cues == "none":
        yield "the quiet guide keeps the chime at the end of a hold, so cues none leaves out only the one at its start"
    if not (choices.only or choices.first or choices.tight):
        return
    sided = [step for step in walk(routine.steps) if isinstance(step, Sides)]
    tight = [step for step in walk(tailored.steps) if isinstance(step, Sides) and step.tight]
    if (choices.only or choices.first) and not sided:
        name = "only" if choices.only else "first"
        yield f"this routine does not work its sides one after the other, so {name} changes nothing"
    elif choices.only:
        repeats = any(step.ratio != (1, 1) for step in sided)
        yield from _on_one_side(choices.only, choices, lengths, repeats=repeats)
        return
    if choices.tight and not tight:
        yield _NO_TIGHTER
    elif choices.first not in (None, choices.tight) and tight:
        yield "the tighter side comes first if it is repeated, so first changes nothing there"


_NO_TIGHTER = "no part of this routine repeats the tighter side, so tight changes nothing"


def _on_one_side(
    only: Side, choices: Choices, lengths: Mapping[str, tuple[LengthChoice, ...]], *, repeats: bool
) -> Iterator[str]:
    """The notes about choices for the other side, if only one side is chosen."""
    if choices.tight and not repeats:
        yield _NO_TIGHTER
    idle = {
        "first": choices.first not in (None, only),
        "tight": choices.tight is not None and repeats,
        **{
            f"{kind} {each.name}/{each.side}": each.side not in (None, only)
            for kind, chosen in lengths.items()
            for each in chosen
        },
    }
    for name in (name for name, is_idle in idle.items() if is_idle):
        yield f"only the {only} side is worked, so {name} changes nothing"


def _breathes(step: Step) -> bool:
    """Whether a step depends on the breath."""
    if not isinstance(step, Hold):
        return isinstance(step, Breathe)
    return bool(step.pattern) or any(
        isinstance(each, Breaths) for each in (*ranges.lengths(step.length), step.low, step.high)
    )
