"""What is true of every window: of random lengths and cues, and of random choices."""

from __future__ import annotations

import os
from itertools import pairwise
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from tests.score.fake import routine_of, timeline
from voiceguide import times
from voiceguide.errors import ScriptError
from voiceguide.score.timeline import Timeline, WindowEvent

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


MOMENT = st.sampled_from(["0s", "20s", "25%", "half", "-30s", "-5s", "100%"])


@st.composite
def returning(draw: st.DrawFn) -> dict[str, Any]:
    cue: dict[str, Any] = {"every": f"{draw(st.integers(5_000, 60_000))}ms"}
    if draw(st.booleans()):
        cue["chime"] = "bell"
    else:
        cue["say"] = draw(
            st.lists(st.sampled_from(["One.", "Two.", "Still {remaining}.", "Breathe."]), min_size=1, max_size=3)
        )
    for key in ("from", "until"):
        if draw(st.booleans()):
            cue[key] = draw(MOMENT)
    return cue


@FEW
@given(
    st.integers(5, 300),
    st.lists(returning(), min_size=1, max_size=3),
    st.sampled_from([0, 3, 10]),
    st.sampled_from([{}, {"hold": "45s"}, {"hold": "20m"}, {"guide": "brief"}, {"fit": "10m"}]),
    st.booleans(),
)
def test_what_comes_back_meets_nothing(
    length: int, cues: list[dict[str, Any]], count: int, wishes: dict[str, str], breath: bool
) -> None:
    hold: dict[str, Any] = {"hold": length, "max": "30m", "min": 1, "during": [*cues, {"at": "half", "say": "Half."}]}
    hold |= {"countdown": count or "no", **({"pattern": "4-6"} if breath else {})}
    own = {**hold, "during": [{"at": "half", "say": "Half."}]}
    try:
        alone = timeline(routine_of({"title": "T", "steps": [own]}), **wishes)
    except ScriptError:
        return  # the countdown and the script's own cue have no room
    laid = timeline(routine_of({"title": "T", "steps": [hold]}), **wishes)
    # Nothing else moves, is left out, or is noted.
    assert laid.notes == alone.notes
    assert laid.duration_ms == alone.duration_ms

    def inside(of: Timeline) -> list[tuple[int, int, str]]:
        return [
            (e.start_ms, e.end_ms, e.kind)
            for e in of.events
            if (e.parent is not None and e.kind != "chime") or (e.kind == "chime" and e.depth)
        ]

    kept = inside(alone)
    found = [each for each in inside(laid) if each not in kept]
    (window,) = (e for e in laid.events if e.kind == "hold")
    assert [each for each in kept if each not in inside(laid)] in ([], [each for each in kept if each[2] == "chime"])
    everything = sorted(inside(laid))
    for start, end, _ in found:
        assert window.start_ms < start < end <= window.end_ms
        assert any((start - window.start_ms) % (times.duration(cue["every"])) == 0 for cue in cues)
        for other in everything:
            assert other[:2] == (start, end) or other[1] + 6_000 <= start or end + 6_000 <= other[0]


def test_intervals_keep_to_the_clock_in_every_guide() -> None:
    steps = [{"repeat": 8, "steps": [{"hold": "20s", "cue": "within"}, {"rest": "10s", "countdown": 3}]}]
    for guide in ("full", "brief", "fade", "quiet"):
        laid = timeline(routine_of({"title": "Tabata", "steps": steps}), guide=guide)
        assert laid.duration_ms == 4 * times.MINUTE
        assert laid.notes == ()


def test_texts_go_round_in_order() -> None:
    hold = {
        "hold": "5m",
        "cue": "none",
        "during": [{"every": "20s", "say": ["One.", "Two.", "Three."]}, {"at": "60s", "say": "Stay."}],
    }
    laid = timeline(routine_of({"title": "T", "steps": [hold]}))
    said = [event.text for event in laid.events if event.kind == "say" and event.text not in ("Stay.", "Halfway.")]
    assert said == (["One.", "Two.", "Three."] * 5)[: len(said)]
    assert len(said) == 13


def test_half_a_day_of_what_comes_back_is_laid_out() -> None:
    hold = {
        "hold": "11h",
        "during": [{"every": "12s", "chime": "soft"}, {"every": "30s", "say": ["{elapsed}.", "On."]}],
    }
    laid = timeline(routine_of({"title": "T", "steps": [hold]}))
    assert sum(event.kind == "chime" for event in laid.events) == 11 * 300 - 1 + 2


@FEW
@given(st.sampled_from(["chimes", "voice", "both", "none", "within"]), EDGE, EDGE)
def test_a_step_s_own_start_and_end_win(cues: str, start: Any, end: Any) -> None:
    data = {"title": "T", "steps": [{"hold": "30s", "start": start, "end": end}]}
    alone, chosen = timeline(routine_of(data)), timeline(routine_of(data), cues=cues)

    def heard(laid: Any) -> list[str]:
        return [getattr(event, "text", "") or event.name for event in laid.events if event.kind in ("say", "chime")]

    assert heard(alone) == heard(chosen)
