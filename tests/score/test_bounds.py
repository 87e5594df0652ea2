"""The bound that refuses a session before it is written out: it never refuses what the plan would take."""

from __future__ import annotations

from typing import Any

import pytest

from tests.score.fake import routine_of
from voiceguide.budget import LIMITS
from voiceguide.errors import ScriptError
from voiceguide.routine.choices import Choices
from voiceguide.routine.model import Routine
from voiceguide.routine.tailor import Tailored, tailor
from voiceguide.score import plan


def takes(tailored: Tailored) -> bool:
    try:
        plan.write_plan(tailored)
    except ScriptError:
        return False
    return True


@pytest.mark.parametrize(
    "step",
    [
        "Hello",
        "[1s] Breathe in, [2s] and out. [1s]",
        {"chime": "bell"},
        {"pause": "1s"},
        {"hold": "30s", "cue": "none", "countdown": False},
        {"breathe": "2 breaths"},
        {"exercise": "E", "steps": ["Hello"]},
        {"sides": ["left", "right"], "steps": ["Hello"]},
        {"sides": ["left", "right"], "steps": ["Hello"], "switch": ["Turn."]},
    ],
)
def test_the_bound_takes_all_that_the_plan_takes(step: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    tailored = tailor(routine_of({"title": "T", "steps": [step]}), Choices())

    def all_is_well(routine: Routine) -> None:
        """A bound that refuses nothing."""

    least = 1
    with monkeypatch.context() as without:
        without.setattr(plan, "refuse_oversize", all_is_well)
        without.setitem(LIMITS, "events", least)
        while not takes(tailored):
            least += 1
            without.setitem(LIMITS, "events", least)
    monkeypatch.setitem(LIMITS, "events", least)
    assert takes(tailored)


@pytest.mark.parametrize("around", [{}, {"on": "last"}], ids=["at once", "as it is planned"])
def test_silences_in_texts_spend_the_budget(around: dict[str, Any]) -> None:
    text = {"say": "Wait. [5m] Wait. [5m]", **around}
    routine = routine_of({"title": "T", "steps": [{"repeat": 80, "steps": [{"repeat": 1, "steps": [text]}]}]})
    with pytest.raises(ScriptError, match="the session is longer than 12h here"):
        plan.write_plan(tailor(routine, Choices()))


def test_each_silence_in_a_text_counts_as_an_event() -> None:
    routine = routine_of({"title": "T", "steps": [{"repeat": 100, "steps": ["a[1ms]" * 300]}]})
    with pytest.raises(ScriptError, match="more than 20,000 events here"):
        plan.write_plan(tailor(routine, Choices()))
