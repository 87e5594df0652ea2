"""Silence that moves: pauses and gaps under `--pace` and `--fit`, of random sessions of texts."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.score.fake import measure, routine_of, timeline
from voiceguide.routine.choices import read
from voiceguide.routine.model import Routine
from voiceguide.routine.tailor import tailor
from voiceguide.score.items import Item, Plan, Silence, Speech
from voiceguide.score.plan import write_plan
from voiceguide.score.settle import settle

MS = st.integers(0, 20_000)


@st.composite
def ranged(draw: st.DrawFn, key: str) -> dict[str, Any]:
    """A length in ms and, for some, a range around it."""
    ms = draw(MS)
    found = {key: f"{ms}ms"}
    if draw(st.booleans()):
        found["min"] = f"{draw(st.integers(0, ms))}ms"
    if draw(st.booleans()):
        found["max"] = f"{draw(st.integers(ms, 60_000))}ms"
    return found


WORDS = st.sampled_from(["Feel your hands.", "Let go.", "Stay here as long as you like."])
SAY = st.builds(lambda text, gap: {"say": text, **gap}, WORDS, st.one_of(st.just({}), ranged("gap")))
LEAVES = st.one_of(SAY, SAY, ranged("pause"), st.just({"chime": "bell"}))
INNER = st.lists(LEAVES, min_size=1, max_size=4)
STEPS = st.one_of(
    LEAVES,
    st.builds(lambda steps: {"sides": ["left", "right"], "steps": steps}, INNER),
    st.builds(lambda steps, often: {"repeat": often, "steps": steps}, INNER, st.integers(1, 3)),
)


@st.composite
def sessions(draw: st.DrawFn) -> Routine:
    """A session with no hold and no rest."""
    defaults = {"gap": f"{draw(MS)}ms", "switch": f"{draw(MS)}ms"}
    steps = [{"say": "Lie down on your back."}, *draw(st.lists(STEPS, max_size=6))]
    return routine_of({"title": "T", "defaults": defaults, "steps": steps})


def plan_of(routine: Routine, **given: Any) -> Plan:
    """What is laid out in the end."""
    choices = read(given)
    return settle(write_plan(tailor(routine, choices)), measure, choices.fit).plan


def silence(item: Item) -> int:
    if isinstance(item, Speech):
        return item.gap
    return item.ms if isinstance(item, Silence) else 0


def silences(plan: Plan) -> list[tuple[int, int | None, int | None]]:
    """The length of each pause and gap, and its range."""
    return [(silence(each), each.low, each.high) for each in plan.items if isinstance(each, (Speech, Silence))]


@settings(max_examples=60, deadline=None)
@given(sessions(), st.sampled_from(["0.1", "0.5", "2", "10"]))
def test_a_pace_scales_every_silence_and_nothing_else(routine: Routine, pace: str) -> None:
    before, after = (silences(plan_of(routine, **given)) for given in ({}, {"pace": pace}))
    for (ms, low, high), (paced, *_) in zip(before, after, strict=True):
        asked = int(ms * float(pace) + 0.5)
        assert paced == max(low or 0, asked if high is None else min(asked, high))
    longer = sum(paced for paced, *_ in after) - sum(ms for ms, *_ in before)
    assert timeline(routine, pace=pace).duration_ms == timeline(routine).duration_ms + longer


@settings(max_examples=60, deadline=None)
@given(sessions(), st.floats(0, 1))
def test_any_total_between_the_shortest_and_the_longest_is_met(routine: Routine, way: float) -> None:
    base = silences(plan_of(routine))
    reach = [
        (min(ms, max(1, ms // 2) if low is None else low), max(ms, 3 * ms if high is None else high)) if ms else (0, 0)
        for ms, low, high in base
    ]
    fixed = timeline(routine).duration_ms - sum(ms for ms, *_ in base)
    shortest, longest = (fixed + sum(each[end] for each in reach) for end in (0, 1))
    total = f"{round(shortest + way * (longest - shortest))}ms"
    assert f"{timeline(routine, fit=total).duration_ms}ms" == total
    for (ms, *_), (least, most) in zip(silences(plan_of(routine, fit=total)), reach, strict=True):
        assert least <= ms <= most


NIDRA = [
    {"say": "Lie down, and let the floor carry you.", "gap": "6s"},
    {"pause": "10s"},
    *({"say": f"Feel your {part}.", "gap": "8s"} for part in ("hands", "arms", "feet", "legs", "back", "face") * 4),
    {"say": "Breathe in, and out.", "gap": "12s"},
]


def test_a_nidra_of_texts_and_gaps() -> None:
    routine = routine_of({"title": "Nidra", "steps": NIDRA})
    once = timeline(routine).duration_ms
    assert 230_000 < once < 250_000
    assert timeline(routine, fit="10m").duration_ms == 600_000
    assert timeline(routine, fit="2m30s").duration_ms == 150_000
    assert timeline(routine, pace="2").duration_ms == once + 6_000 + 10_000 + 24 * 8_000 + 12_000


@pytest.mark.parametrize("step", [{"hold": "1m", "cue": "none"}, {"rest": "1m"}])
def test_where_a_hold_can_move_the_silences_without_a_range_stay(step: dict[str, Any]) -> None:
    routine = routine_of({"title": "T", "steps": [*NIDRA, step]})
    assert silences(plan_of(routine, fit="5m20s")) == silences(plan_of(routine))


def test_where_no_hold_can_move_the_silences_do() -> None:
    steps = [*NIDRA, {"hold": "1m", "min": "1m", "max": "1m", "cue": "none"}, {"breathe": "3 breaths"}]
    assert timeline(routine_of({"title": "T", "steps": steps}), fit="10m").duration_ms == 600_000
