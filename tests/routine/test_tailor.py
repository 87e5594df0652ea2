"""What choices do to a routine's steps, exactly at their limits; what they do to the clock is in `tests/score`."""

from __future__ import annotations

from fractions import Fraction
from typing import Any

import pytest

from tests.score.fake import routine_of
from voiceguide.errors import RequestError
from voiceguide.routine import ranges
from voiceguide.routine.choices import read
from voiceguide.routine.model import Breathe, Exercise, Hold, Pause, Routine, Say, SideLengths, Sides, walk
from voiceguide.routine.tailor import Tailored, tailor
from voiceguide.times import Breaths, Pattern

FIVE = Pattern(5_000, 0, 5_000, 0)


def tailored(steps: list[Any], given: dict[str, Any], **top: Any) -> Tailored:
    return tailor(routine_of({"title": "T", "steps": steps, **top}), read(given))


def hold(done: Tailored, number: int = 0) -> Hold:
    return [step for step in walk(done.routine.steps) if isinstance(step, Hold)][number]


def refused(steps: list[Any], given: dict[str, Any]) -> str:
    with pytest.raises(RequestError) as caught:
        tailored(steps, given)
    return str(caught.value)


def test_a_hold_is_lenient_only_where_a_listener_changed_it() -> None:
    steps = [{"hold": "5 breaths", "name": "a", "pattern": "4-6"}, {"rest": "20s", "name": "r"}]
    assert not hold(tailored(steps, {})).chosen
    assert not hold(tailored(steps, {"pace": 2, "stereo": True, "cues": "voice", "rate": 120})).chosen
    assert hold(tailored(steps, {"pattern": "box"})).chosen
    assert hold(tailored(steps, {"countdown": "no"})).chosen
    assert hold(tailored(steps, {"hold": "a=30s"})).chosen
    assert not hold(tailored(steps, {"hold": "a=30s"}), 1).chosen
    assert hold(tailored(steps, {"rest": "30s"}), 1).chosen


@pytest.mark.parametrize(
    ("given", "lenient"),
    [
        ({}, False),
        ({"rate": 60}, True),
        ({"voice": "en-GB"}, True),
        ({"guide": "full"}, False),
        ({"guide": "brief"}, True),
        ({"guide": "quiet"}, True),
        ({"pattern": "box", "countdown": 3, "pace": 2, "notice": False}, False),
    ],
)
def test_words_are_lenient_only_where_a_listener_changed_how_long_they_take(
    given: dict[str, Any], lenient: bool
) -> None:
    assert tailored(["Hello", {"hold": "30s"}], given).lenient is lenient


@pytest.mark.parametrize(
    ("asked", "taken", "note"),
    [
        ("15s", 15_000, None),
        ("120s", 120_000, None),
        ("14999ms", 15_000, "a: 14.999s is outside its range, 15s to 2m, so it is 15s"),
        ("120.001s", 120_000, "a: 2m0.001s is outside its range, 15s to 2m, so it is 2m"),
    ],
)
def test_a_range_holds_its_ends(asked: str, taken: int, note: str | None) -> None:
    steps = [{"hold": "30s", "min": "15s", "max": "2m", "name": "a"}]
    done = tailored(steps, {"hold": asked})
    assert hold(done).length == taken
    assert done.notes == (() if note is None else (note,))
    if note is None:
        assert hold(tailored(steps, {"hold": f"a={asked}"})).length == taken
    else:
        assert "is outside its range; expected 15s to 2m" in refused(steps, {"hold": f"a={asked}"})


@pytest.mark.parametrize(
    ("keys", "told"),
    [
        ({"min": "15s"}, "15s or longer"),
        ({"max": "2m"}, "2m or shorter"),
        ({"min": "2 breaths", "max": "20s"}, "2 breaths to 20s"),
    ],
)
def test_a_range_in_words(keys: dict[str, Any], told: str) -> None:
    asked = "1s" if "min" in keys else "3m"
    steps = [{"hold": "20s", "name": "a", **keys}]
    assert refused(steps, {"hold": f"a={asked}"}) == f"hold: a={asked} is outside its range; expected {told}"


def test_the_range_of_each_side_is_in_its_own_kind() -> None:
    steps = [{"sides": ["left", "right"], "steps": [{"hold": {"left": "3 breaths", "right": "30s"}, "name": "a"}]}]
    assert hold(tailored(steps, {"hold": "a/right=45s"})).length == SideLengths(Breaths(3), 45_000)
    assert hold(tailored(steps, {"hold": "a/left=45s"})).length == SideLengths(Breaths(5), 30_000)
    both = tailored(steps, {"hold": ["a/left=45s", "a/right=46s"]})
    assert hold(both).length == SideLengths(Breaths(5), 46_000)
    assert hold(both).pinned == {"left", "right"}
    assert both.notes == ("a: 45s is rounded to 5 breaths (50s)",)
    other = [{"sides": ["left", "right"], "steps": [{"hold": {"left": "30s", "right": "3 breaths"}, "name": "a"}]}]
    assert hold(tailored(other, {"hold": "a/right=45s"})).length == SideLengths(30_000, Breaths(5))
    assert hold(tailored(other, {"hold": "a/left=45s"})).length == SideLengths(45_000, Breaths(3))


@pytest.mark.parametrize(
    ("asked", "low", "high", "taken"),
    [
        ("44.999s", None, None, Breaths(4)),
        ("45s", None, None, Breaths(5)),  # of two equally near, the larger
        ("1s", None, None, Breaths(1)),
        ("1h", None, 45_000, Breaths(4)),
        ("1h", None, 16_000, Breaths(1)),  # two would be nearer, and too long
        ("1h", None, 50_000, Breaths(5)),
        ("1s", 20_000, None, Breaths(2)),
        ("1s", 20_001, None, Breaths(3)),
        ("25s", 21_000, 29_000, Breaths(3)),  # too narrow for a whole number: its longer side
        ("1h", None, 9_000, Breaths(1)),
    ],
)
def test_a_breath_counted_hold_takes_whole_breaths(
    asked: str, low: int | None, high: int | None, taken: Breaths
) -> None:
    step = next(step for step in routine_of({"title": "T", "steps": [{"hold": "5 breaths"}]}).steps)
    assert isinstance(step, Hold)
    step = Hold(place=step.place, kind="hold", length=Breaths(5), name="a", low=low, high=high)
    (choice,) = read({"hold": asked}).holds
    assert ranges.clamp(choice.length, step, FIVE) == taken


def test_the_closest_choice_wins_in_any_order() -> None:
    steps = [{"sides": ["left", "right"], "steps": [{"hold": "30s", "name": "a"}, {"hold": "30s", "name": "b"}]}]
    for given in (["50s", "a=40s", "a/left=45s"], ["a/left=45s", "a=40s", "50s"]):
        done = tailored(steps, {"hold": given})
        assert hold(done, 0).length == SideLengths(45_000, 40_000)
        assert hold(done, 1).length == 50_000
        assert hold(done, 0).pinned == {"left", "all"}
        assert not hold(done, 1).pinned


@pytest.mark.parametrize(("pace", "ms"), [("1", 1_001), ("0.5", 501), ("1.5", 1_502), ("0.1", 100), ("10", 10_010)])
def test_pauses_are_paced_to_the_nearest_millisecond(pace: str, ms: int) -> None:
    done = tailored([{"pause": "1001ms"}], {"pace": pace}, defaults={"switch": "1001ms"})
    (pause,) = done.routine.steps
    assert isinstance(pause, Pause)
    assert (pause.ms, done.routine.defaults.switch) == (ms, ms)


def test_a_third_of_a_pause() -> None:
    assert read({"pace": 1 / 3}).pace == Fraction("0.3333333333333333")


def test_guides() -> None:
    during = [{"at": "5s", "say": "Full.", "brief": False}, {"at": 9, "chime": "bell"}]
    steps: list[Any] = [
        {"say": "Full.", "brief": "Brief."},
        {"say": "Both."},
        {"say": "Full alone.", "brief": False},
        {"hold": "30s", "cue": "voice", "during": during},
        {"breathe": "3 breaths"},
    ]

    def said(guide: str) -> list[str]:
        return [
            step.text.full for step in walk(tailored(steps, {"guide": guide}).routine.steps) if isinstance(step, Say)
        ]

    assert said("full") == ["Full.", "Both.", "Full alone."]
    assert said("brief") == ["Brief.", "Both."]
    assert said("fade") == ["Full.", "Both.", "Full alone."]
    assert said("quiet") == []
    for guide, cues, cue, breath in (
        ("full", 2, "voice", "both"),
        ("brief", 1, "voice", "both"),
        ("quiet", 1, "chimes", "tone"),
    ):
        done = tailored(steps, {"guide": guide})
        assert (len(hold(done).during), hold(done).cue) == (cues, cue)
        assert [step.cue for step in walk(done.routine.steps) if isinstance(step, Breathe)] == [breath]
    assert hold(tailored(steps, {"guide": "quiet", "cues": "none"})).cue == "none"


def sided(done: Tailored) -> Sides:
    return next(step for step in walk(done.routine.steps) if isinstance(step, Sides))


def test_sides() -> None:
    steps: list[Any] = [{"sides": ["left", "right"], "rest": "10s", "steps": [{"hold": "30s"}]}]
    assert sided(tailored(steps, {})).sides == ("left", "right")
    assert sided(tailored(steps, {"first": "left"})).sides == ("left", "right")
    assert sided(tailored(steps, {"first": "right"})).sides == ("right", "left")
    assert sided(tailored(steps, {"only": "right"})).sides == ("right",)
    assert sided(tailored(steps, {"tight": "right"})).tight is None
    steps[0]["ratio"] = "2:1"
    assert sided(tailored(steps, {"tight": "right"})).tight == "right"
    assert sided(tailored(steps, {"tight": "right", "only": "left"})).tight is None
    assert not tailored(steps, {"guide": "brief"}).quiet
    assert tailored(steps, {"guide": "quiet"}).quiet
    assert sided(tailored(steps, {"rest": "20s"})).rest == 20_000


NO_TIGHTER = "no part of this routine repeats the tighter side, so tight changes nothing"
UNSIDED = "this routine does not work its sides one after the other, so {} changes nothing"
NO_BREATH = "this routine has no guided or counted breaths, so pattern changes nothing"
TIGHT_FIRST = "the tighter side comes first if it is repeated, so first changes nothing there"
ONE_SIDE = "only the left side is worked, so {} changes nothing"
PLAIN = [{"sides": ["left", "right"], "steps": [{"hold": "30s", "name": "a"}]}]
RATIO = [{"sides": ["left", "right"], "ratio": "2:1", "steps": [{"hold": "30s", "name": "a"}]}]


@pytest.mark.parametrize(
    ("steps", "given", "notes"),
    [
        (["Hi"], {"only": "left"}, [UNSIDED.format("only")]),
        (["Hi"], {"first": "left"}, [UNSIDED.format("first")]),
        (["Hi"], {"tight": "left"}, [NO_TIGHTER]),
        (["Hi"], {"pattern": "box"}, [NO_BREATH]),
        (["Hi"], {"pattern": "box", "bed": "breath"}, []),
        (["Hi"], {"pattern": "box", "bed": "waves"}, [NO_BREATH]),
        ([{"breathe": "2 breaths"}], {"pattern": "box"}, []),
        ([{"hold": "30s", "pattern": "4-6"}], {"pattern": "box"}, []),
        ([{"hold": "30s", "max": "9 breaths"}], {"pattern": "box"}, []),
        (PLAIN, {"only": "left"}, []),
        (PLAIN, {"first": "right"}, []),
        (PLAIN, {"tight": "left"}, [NO_TIGHTER]),
        (PLAIN, {"tight": "left", "only": "left"}, [NO_TIGHTER]),
        (PLAIN, {"only": "left", "first": "left"}, []),
        (PLAIN, {"only": "left", "first": "right"}, [ONE_SIDE.format("first")]),
        (PLAIN, {"only": "left", "hold": "a/right=9s"}, [ONE_SIDE.format("hold a/right")]),
        (PLAIN, {"only": "left", "hold": "a/left=9s"}, []),
        (PLAIN, {"only": "left", "hold": "a=9s"}, []),
        (RATIO, {"tight": "left"}, []),
        (RATIO, {"tight": "left", "first": "left"}, []),
        (RATIO, {"tight": "left", "first": "right"}, [TIGHT_FIRST]),
        (RATIO, {"tight": "left", "only": "left"}, [ONE_SIDE.format("tight")]),
    ],
)  # fmt: skip
def test_what_meets_nothing_is_noted(steps: list[Any], given: dict[str, Any], notes: list[str]) -> None:
    assert list(tailored(steps, given).notes) == notes


def test_the_notice_and_the_voice() -> None:
    top: dict[str, Any] = {"notice": "Careful.", "voice": {"name": "en-GB", "rate": 110, "pitch": 40}}
    asis = tailored(["Hi"], {}, **top).routine
    assert (asis.notice, asis.voice.name, asis.voice.rate) == ("Careful.", "en-GB", 110)
    other = tailored(["Hi"], {"notice": False, "voice": "de", "rate": 400}, **top).routine
    assert (other.notice, other.voice.name, other.voice.rate, other.voice.pitch) == (None, "de", 400, 40)


@pytest.mark.parametrize(
    ("given", "bed"),
    [
        ({}, ("waves", 22)),
        ({"bed": "no"}, None),
        ({"bed": "None"}, None),
        ({"bed": "FALSE"}, None),
        ({"bed": "Brown"}, ("brown", 22)),
        ({"bed_level": 40}, ("waves", 40)),
        ({"bed": "drone", "bed_level": 6}, ("drone", 6)),
    ],
)
def test_beds(given: dict[str, Any], bed: tuple[str, int] | None) -> None:
    words = {name.replace("_", "-"): value for name, value in given.items()}
    found = tailored(["Hi"], words, bed="waves").routine.bed
    assert (found and (found.name, found.level)) == bed


def test_options_that_are_on() -> None:
    options = {"deeper": {"about": "D"}, "props": {"about": "P", "default": True}}
    steps: list[Any] = [
        {"say": "both", "when": ["deeper", "props"]},
        {"say": "neither", "unless": "props"},
        {"exercise": "E", "steps": [{"say": "inner", "when": "deeper"}]},
    ]

    def said(**given: Any) -> list[str]:
        done: Routine = tailored([*steps, "always"], given, options=options).routine
        return [step.text.full for step in walk(done.steps) if isinstance(step, Say)]

    assert said() == ["always"]
    assert said(**{"with": "deeper"}) == ["both", "inner", "always"]
    assert said(without="props") == ["neither", "always"]
    assert said(**{"with": "deeper", "without": "props"}) == ["neither", "inner", "always"]
    assert not any(
        isinstance(step, Exercise) for step in tailored([*steps, "always"], {}, options=options).routine.steps
    )


def test_nothing_left_is_refused() -> None:
    with pytest.raises(RequestError, match=r'^these choices leave nothing of "T" to play; remove one of them$'):
        tailored([{"say": "Hi", "when": "a"}], {}, options={"a": {"about": "A"}})
