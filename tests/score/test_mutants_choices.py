"""From a script and a listener's choices to the clock, where a small slip in the code would go unheard."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import pytest

from tests.score.fake import routine_of, timeline, told
from voiceguide.errors import RequestError
from voiceguide.language.loader import load
from voiceguide.score.estimate import about_ms


def clock(*steps: Any, keys: dict[str, Any] | None = None, **wishes: Any) -> str:
    """The timeline of these steps in lines."""
    return told(timeline(routine_of({"title": "T", "steps": list(steps), **(keys or {})}), **wishes))


def lasting(text: str, kind: str) -> list[float]:
    """The seconds that each event of a kind takes."""
    found = re.findall(rf"^ *([\d.]+) +([\d.]+)  {kind}\b", text, re.MULTILINE)
    return [round(float(end) - float(start), 3) for start, end in found]


LUNGE = {"hold": {"left": "20s", "right": "40s"}, "name": "lunge", "min": "15s", "max": "50s"}
BOTH = {"sides": ["left", "right"], "steps": [LUNGE]}


@pytest.mark.parametrize(
    ("wishes", "left_right"),
    [
        ({}, [20, 40]),
        ({"hold": "30s"}, [30, 30]),
        ({"hold": "lunge/left=30s"}, [30, 40]),
        ({"hold": "lunge/right=30s"}, [20, 30]),
        ({"hold": ["lunge/left=15s", "lunge/right=50s"]}, [15, 50]),
        ({"hold": ["25s", "lunge/right=45s"]}, [25, 45]),
        ({"only": "right"}, [40]),
        ({"first": "right"}, [40, 20]),
    ],
)
def test_each_side_has_its_own_length(wishes: dict[str, Any], left_right: list[float]) -> None:
    assert lasting(clock(BOTH, **wishes), "hold") == left_right


@pytest.mark.parametrize("wish", ["lunge/right=51s", "lunge/left=14s", "lunge=51s"])
def test_a_side_has_the_range_of_its_hold(wish: str) -> None:
    with pytest.raises(RequestError, match="outside its range; expected 15s to 50s"):
        clock(BOTH, hold=wish)


def test_a_wish_for_all_holds_is_brought_into_each_range() -> None:
    assert lasting(clock(BOTH, hold="14s"), "hold") == [15, 15]
    assert lasting(clock(BOTH, hold="1m"), "hold") == [50, 50]


def test_a_named_hold_stays_and_the_others_make_the_total() -> None:
    steps = [{"hold": "20s", "name": "one", "cue": "none"}, {"hold": "20s", "name": "two", "cue": "none"}]
    assert lasting(clock(*steps, fit="1m", hold="one=15s"), "hold") == pytest.approx([15, 45], abs=3)
    sided = {"sides": ["left", "right"], "steps": [{"hold": "20s", "name": "one", "cue": "none"}], "switch": ["Turn."]}
    left, right = lasting(clock(sided, fit="1m", hold="one/left=15s"), "hold")
    assert left == 15
    assert right > 30


def test_the_quiet_guide_leads_the_breath_by_tones_alone() -> None:
    breathing = {"hold": "30s", "pattern": "4-6"}
    full, quiet = clock(breathing), clock(breathing, guide="quiet")
    phases = re.search(r"\[(.+)\]", quiet)
    assert phases is not None
    assert all("~" in each for each in phases[1].split())
    assert re.search(r"\[i0 ", full)


def test_a_breath_counted_hold_in_an_included_routine_takes_the_outer_breath(tmp_path: Path) -> None:
    inner = "title: Inner\nsteps:\n  - {hold: 30s, name: inner, cue: none}\n"
    (tmp_path / "inner.yaml").write_text(inner)
    outer = "title: O\ndefaults: {pattern: 5-5}\nsteps:\n  - {include: inner, hold: 3 breaths}\n"
    (tmp_path / "outer.yaml").write_text(outer)
    assert lasting(told(timeline(load(tmp_path / "outer.yaml"))), "hold") == [30]


def test_every_chime_has_a_sound_that_exists() -> None:
    laid = timeline(routine_of({"title": "T", "steps": [BOTH, {"chime": "bell"}]}))
    chimes: list[Any] = [event for event in laid.events if event.kind == "chime"]
    assert {each.name for each in chimes} >= {"start", "end", "switch", "bell"}
    assert all(each.sound.is_file() for each in chimes)


def test_what_is_spoken_knows_its_line(tmp_path: Path) -> None:
    script = tmp_path / "script.yaml"
    script.write_text("title: T\nnotice: Stop if it hurts.\nsteps:\n  - Hello.\n  - say: Bye.\n")
    laid = timeline(load(script))
    assert [event.place.line for event in laid.events if event.kind == "say"] == [2, 4, 5]


def test_the_estimate_follows_the_rate_of_the_voice() -> None:
    words = [{"say": "Kneel down slowly, and bring the other foot in front of you."}] * 10
    slow, fast = (
        about_ms(routine_of({"title": "T", "steps": words, "defaults": {"gap": "0s"}, "voice": {"rate": rate}}))
        for rate in (100, 200)
    )
    assert slow == pytest.approx(2 * fast, rel=0.1)
