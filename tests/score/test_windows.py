"""What is true of every window: of random lengths and cues, and of random choices."""

from __future__ import annotations

import os
from itertools import pairwise
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from tests.score.fake import routine_of, timeline
from voiceguide.score.timeline import WindowEvent

FEW = settings(max_examples=int(os.environ.get("EXAMPLES", "15")))

EDGE = st.sampled_from(["chime", "voice", "both", "none", "Go.", "Ease out, slowly.", {"chime": "soft"}])


@st.composite
def intervals(draw: st.DrawFn) -> dict[str, Any]:
    verb = draw(st.sampled_from(["hold", "rest"]))
    step: dict[str, Any] = {verb: f"{draw(st.integers(8_000, 90_000))}ms"}
    for key in ("start", "end"):
        if draw(st.booleans()):
            step[key] = draw(EDGE)
    if "end" not in step and draw(st.booleans()):
        step["countdown"] = 3
    return step


@FEW
@given(st.lists(intervals(), min_size=1, max_size=6), st.integers(1, 4), st.booleans())
def test_sounds_within_add_nothing(steps: list[dict[str, Any]], rounds: int, chosen: bool) -> None:
    data = {"title": "T", "defaults": {"cue": "chimes" if chosen else "within"}}
    routine = routine_of({**data, "steps": [{"repeat": rounds, "steps": steps}]})
    laid = timeline(routine, **({"cues": "within"} if chosen else {}))
    windows = [event for event in laid.events if isinstance(event, WindowEvent)]
    assert sum(each.length_ms for each in windows) == laid.duration_ms
    for event in laid.events:
        if event.parent is not None:
            around = laid.events[event.parent]
            assert around.start_ms <= event.start_ms < event.end_ms <= around.end_ms
    for before, after in pairwise(windows):
        assert before.end_ms == after.start_ms


@FEW
@given(st.sampled_from(["chimes", "voice", "both", "none", "within"]), EDGE, EDGE)
def test_a_step_s_own_start_and_end_win(cues: str, start: Any, end: Any) -> None:
    data = {"title": "T", "steps": [{"hold": "30s", "start": start, "end": end}]}
    alone, chosen = timeline(routine_of(data)), timeline(routine_of(data), cues=cues)

    def heard(laid: Any) -> list[str]:
        return [getattr(event, "text", "") or event.name for event in laid.events if event.kind in ("say", "chime")]

    assert heard(alone) == heard(chosen)
