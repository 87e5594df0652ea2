"""What is true of all repetitions and of breaths that are counted, whatever a script or a listener makes of them."""

from __future__ import annotations

import os
from itertools import pairwise
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from tests.score.fake import routine_of, timeline
from voiceguide import times
from voiceguide.errors import ScriptError
from voiceguide.score.timeline import CountEvent, RepsEvent, SpeechEvent, Timeline

FEW = settings(max_examples=int(os.environ.get("EXAMPLES", "15")))

TEMPO = st.sampled_from(["2-2", "2-0-4", "3-1-3", "1-1", "0.5-0.5", "1.5-0.25-2.75-1"])
WORDS = st.lists(st.sampled_from(["Up.", "Down.", "Lift the heel.", "{side} hip."]), min_size=1, max_size=2)


@st.composite
def repetitions(draw: st.DrawFn) -> dict[str, Any]:
    count = draw(st.integers(1, 25))
    step: dict[str, Any] = {"reps": count, "tempo": draw(TEMPO), "min": 1, "max": 30}
    step["count"] = draw(st.sampled_from(["up", "down", "no"]))
    step["cue"] = draw(st.sampled_from(["chimes", "voice", "both", "none", "within"]))
    if draw(st.booleans()):
        step["words"] = draw(WORDS)
    if draw(st.booleans()):
        step["during"] = [{"at": "half", "say": "Halfway."}, {"every": "15s", "chime": "bell"}]
    return step


WISHES = st.fixed_dictionaries(
    {},
    optional={
        "hold": st.just("1m"),
        "countdown": st.just("5"),
        "fit": st.just("20m"),
        "pace": st.just("2"),
        "guide": st.sampled_from(["brief", "quiet", "fade"]),
        "reps": st.integers(1, 30).map(str),
        "tempo": TEMPO,
    },
)


def laid_out(step: dict[str, Any], wishes: dict[str, str]) -> Timeline | None:
    hold = {"hold": "2m", "min": "1s", "max": "60m", "cue": "none", "name": "still"}
    routine = routine_of({"title": "T", "steps": [{"sides": ["left", "right"], "steps": [step]}, hold]})
    try:
        return timeline(routine, **wishes)
    except ScriptError:
        return None  # the cue at the middle has no room


@FEW
@given(repetitions(), WISHES)
def test_repetitions_last_their_number_times_their_tempo(step: dict[str, Any], wishes: dict[str, str]) -> None:
    if (laid := laid_out(step, wishes)) is None:
        return
    count = int(wishes.get("reps", step["reps"]))
    tempo = times.tempo(wishes.get("tempo", step["tempo"]))
    found = [event for event in laid.events if isinstance(event, RepsEvent)]
    assert [(event.length_ms, event.count, event.tempo) for event in found] == [(count * tempo.ms, count, tempo)] * 2
    spoken = [event for event in laid.events if isinstance(event, SpeechEvent)]
    assert all(before.end_ms <= after.start_ms for before, after in pairwise(spoken))
    for event in found:
        inside = [each for each in laid.events if each.start_ms >= event.start_ms and each.end_ms <= event.end_ms]
        numbers = [each for each in inside if isinstance(each, CountEvent)]
        # Each number begins where its repetition does, and they come in order.
        assert all((each.start_ms - event.start_ms) % tempo.ms == 0 for each in numbers)
        assert len(numbers) <= (0 if step["count"] == "no" else count)
        if step["count"] != "no" and "during" not in step and tempo.ms >= 2_000 and step["cue"] != "within":
            assert len(numbers) == count
    if "fit" in wishes:
        assert laid.duration_ms == 20 * times.MINUTE


@FEW
@given(st.integers(1, 40), st.sampled_from(["4-6", "box", "1.5-1.5"]), st.sampled_from(["voice", "tone", "both"]))
def test_every_breath_that_is_counted_has_its_number(count: int, pattern: str, cue: str) -> None:
    step = {"breathe": f"{count} breaths", "pattern": pattern, "cue": cue}
    plain = timeline(routine_of({"title": "T", "steps": [step]}))
    laid = timeline(routine_of({"title": "T", "steps": [{**step, "count": "up"}]}))
    length = times.pattern(pattern).ms
    assert laid.duration_ms == plain.duration_ms == count * length
    numbers = [event.start_ms for event in laid.events if isinstance(event, CountEvent)]
    assert numbers == [number * length for number in range(count)]


def test_a_thousand_repetitions_are_laid_out() -> None:
    laid = timeline(routine_of({"title": "T", "steps": [{"reps": 1000, "words": ["Up.", "Down."], "cue": "none"}]}))
    assert laid.duration_ms == 4_000 * times.SECOND
    assert sum(isinstance(event, SpeechEvent) for event in laid.events) == 2_000
