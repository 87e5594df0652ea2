"""How a step is built from the values of its keys."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from fractions import Fraction
from typing import Any

from msgspec import UNSET, Struct

from voiceguide.errors import Place
from voiceguide.routine.model import Cue, Hold, Include, PassName, Recurring, Reps, Sides, Text
from voiceguide.routine.templates import slug
from voiceguide.times import Pattern

DEFAULT_TEMPO = Pattern(2_000, 0, 2_000, 0)


class At(Struct, frozen=True):
    """The context of a step: its place, its conditions, and the title that its holds are named after."""

    place: Place
    block: str
    when: tuple[str, ...] = ()
    unless: tuple[str, ...] = ()
    on: tuple[int | PassName, ...] = ()

    @property
    def common(self) -> dict[str, Any]:
        return {"place": self.place, "when": self.when, "unless": self.unless, "on": self.on}


def build_text(full: str, given: Mapping[str, Any]) -> Text:
    """A text with its other words, for the brief guide and for the second time."""
    return Text(full, given.get("brief", UNSET), given.get("again", UNSET))


def build_window(kind: Any) -> Callable[[Any, Mapping[str, Any], At], Hold]:
    def build(value: Any, given: Mapping[str, Any], at: At) -> Hold:
        return Hold(**at.common, **_common(given, at), kind=kind, length=value)

    return build


def _common(given: Mapping[str, Any], at: At) -> dict[str, Any]:
    """What a hold, a rest and repetitions have in common."""
    during = given.get("during", ())
    return {
        "name": slug(given.get("name", at.block)),
        "low": given.get("min"),
        "high": given.get("max"),
        "during": tuple(each for each in during if isinstance(each, Cue)),
        "recurring": tuple(each for each in during if isinstance(each, Recurring)),
        **{key: given.get(key) for key in ("countdown", "pattern", "cue", "start", "end")},
    }


def build_reps(value: Any, given: Mapping[str, Any], at: At) -> Reps:
    return Reps(
        **{**at.common, **_common(given, at), "countdown": 0},
        kind="reps",
        length=value,
        tempo=given.get("tempo", DEFAULT_TEMPO),
        counting=given.get("count", "up"),
        words=tuple(map(Text, given.get("words", ()))),
    )


def build_sides(value: Any, given: Mapping[str, Any], at: At) -> Sides:
    return Sides(
        **at.common,
        sides=value,
        steps=given["steps"],
        ratio=given.get("ratio", (1, 1)),
        switch=given.get("switch"),
        rest=given.get("rest"),
    )


def build_include(value: Any, given: Mapping[str, Any], at: At) -> Include:
    return Include(
        **at.common,
        routine=value,
        hold=given.get("hold"),
        pattern=given.get("pattern"),
        gap=given.get("gap"),
        pace=given.get("pace", Fraction(1)),
        guide=given.get("guide", "full"),
        with_=given.get("with", ()),
        without=given.get("without", ()),
    )
