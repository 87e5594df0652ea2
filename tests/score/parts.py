"""Parts of a plan, made by hand: texts that sound exactly as long as their test says, and windows around them."""

from __future__ import annotations

from collections.abc import Iterator
from fractions import Fraction
from pathlib import Path
from typing import Any, Literal

from voiceguide.errors import Place
from voiceguide.routine.model import BreathCue, Sound
from voiceguide.score.items import (
    Breathing,
    ChimeSound,
    Inner,
    Item,
    Plan,
    Sounding,
    Speech,
    Where,
    Window,
    list_phases,
)
from voiceguide.score.layout import Lengths
from voiceguide.times import Moment, Pattern

HERE = Place("script.yaml", 1, 1)
STEPS: Iterator[int] = iter(range(1_000_000))


def say(text: str, gap: int = 0, **where: Any) -> Speech:
    """A text in its last words; where its name ends in a number of ms, as in "a 350", that is how long it sounds."""
    return Speech(text, Where(HERE, **where), gap, text=text, spoken=text)


def chime(name: str = "start", **where: Any) -> ChimeSound:
    return ChimeSound(Sound(name, Path(f"{name}.wav")), Where(HERE, **where))


def length_of(sounding: Sounding) -> int:
    """What the last word of a text says; a chime takes a second."""
    return int(sounding.spoken.split()[-1]) if isinstance(sounding, Speech) else 1_000


def lengths(plan: Plan) -> Lengths:
    from voiceguide.score.items import list_soundings

    every = list(list_soundings(plan.items))
    return Lengths(
        {each.spoken: length_of(each) for each in every if isinstance(each, Speech)},
        {each.sound.path: length_of(each) for each in every if isinstance(each, ChimeSound)},
    )


def at(ms: int) -> Moment:
    """So long after the beginning; with a minus, before the end."""
    return Moment(Fraction(1 if ms < 0 else 0), ms)


def window(
    ms: int,
    *inner: tuple[int, Sounding],
    kind: Literal["hold", "rest", "breathe"] = "hold",
    low: int | None = None,
    high: int | None = None,
    step: int | None = None,
    where: Where | None = None,
    **more: Any,
) -> Window:
    """A window with cues; of a step of its own where none is given."""
    return Window(
        kind,
        "h",
        ms,
        where or Where(HERE),
        next(STEPS) if step is None else step,
        ms // 2 if low is None else low,
        ms * 3 if high is None else high,
        inner=tuple(Inner(at(start), sounding) for start, sounding in inner),
        **more,
    )


def breathing(pattern: Pattern, cue: BreathCue = "voice", count: int | None = None, *lengths: int) -> Breathing:
    """A guided breath; each phase has words of these lengths, from the fullest to the shortest."""
    words = {kind: tuple(say(f"{kind} {ms}") for ms in lengths or (500,)) for kind, ms in list_phases(pattern) if ms}
    return Breathing(pattern, cue, words, count)


def plan(*items: Item, tail: int = 0) -> Plan:
    return Plan("T", items, HERE, tail=tail)
