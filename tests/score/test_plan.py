"""Steps written out: which sides in which order, how long and how far each hold may move, whose words."""

from __future__ import annotations

from typing import Any

import pytest

from tests.score.fake import routine_of, timeline
from voiceguide import budget
from voiceguide.errors import ScriptError
from voiceguide.routine.choices import read
from voiceguide.routine.tailor import tailor
from voiceguide.score.items import Plan, Speech, Window
from voiceguide.score.plan import write_plan
from voiceguide.score.timeline import SayEvent


def written(*steps: Any, defaults: dict[str, Any] | None = None, **wishes: str) -> Plan:
    data = {"title": "T", "steps": list(steps), "defaults": defaults or {}}
    return write_plan(tailor(routine_of(data), read(wishes)))


def windows(*steps: Any, **more: Any) -> list[Window]:
    return [item for item in written(*steps, **more).items if isinstance(item, Window)]


def said(*steps: Any, **wishes: str) -> list[str]:
    laid = timeline(routine_of({"title": "T", "steps": list(steps)}), **wishes)
    return [event.text for event in laid.events if isinstance(event, SayEvent)]


@pytest.mark.parametrize(
    ("given", "low", "high"),
    [
        ({"hold": "20s"}, 10_000, 60_000),
        ({"hold": "20s", "min": "15s"}, 15_000, 60_000),
        ({"hold": "20s", "max": "25s"}, 10_000, 25_000),
        ({"hold": "20s", "min": "20s", "max": "20s"}, 20_000, 20_000),
        ({"hold": "2 breaths", "min": "1 breaths", "max": "9 breaths"}, 10_000, 90_000),
        ({"hold": "1ms"}, 1, 3),
        ({"rest": "20s"}, 10_000, 60_000),
    ],
)
def test_how_far_a_window_may_move(given: dict[str, str], low: int, high: int) -> None:
    (window,) = windows(given)
    assert (window.low, window.high) == (low, high)


@pytest.mark.parametrize(
    ("wish", "ranges"),
    [
        ("20s", [(10_000, 60_000), (10_000, 60_000)]),
        ("t=20s", [(20_000, 20_000), (20_000, 20_000)]),
        ("t/left=20s", [(20_000, 20_000), (4_000, 24_000)]),
        ("t/right=20s", [(4_000, 24_000), (20_000, 20_000)]),
    ],
)
def test_a_length_given_by_name_is_fixed_on_its_side_alone(wish: str, ranges: list[tuple[int, int]]) -> None:
    found = windows({"sides": ["left", "right"], "steps": [{"hold": "8s", "name": "t"}]}, hold=wish)
    assert [(window.low, window.high) for window in found] == ranges


def test_each_side_has_its_own_length_and_range() -> None:
    step = {"sides": ["left", "right"], "ratio": "2:1", "steps": [{"hold": {"left": "10s", "right": "30s"}}]}
    found = windows(step)
    assert [(each.where.side, each.ms, each.low, each.high) for each in found] == [
        ("left", 10_000, 5_000, 30_000),
        ("right", 30_000, 15_000, 90_000),
        ("tighter", 30_000, 15_000, 90_000),
    ]
    assert [each.ms for each in windows(step, tight="left")] == [10_000, 30_000, 10_000]
    assert len({each.step for each in found}) == 1


@pytest.mark.parametrize(
    ("sides", "ratio", "wishes", "order"),
    [
        (["left", "right"], "1:1", {}, "left right"),
        (["right", "left"], "1:1", {}, "right left"),
        (["left", "right"], "3:2", {}, "left right left right tighter"),
        (["left", "right"], "3:1", {"tight": "right"}, "right left right right"),
        (["left", "right"], "2:1", {"only": "right"}, "right"),
        (["left", "right"], "2:1", {"first": "right"}, "right left tighter"),
    ],
)
def test_the_order_of_sides(sides: list[str], ratio: str, wishes: dict[str, str], order: str) -> None:
    found = windows({"sides": sides, "ratio": ratio, "steps": [{"hold": "5s"}]}, **wishes)
    assert [each.where.side for each in found] == order.split()


def test_a_rest_stands_between_sides_and_not_after_the_last() -> None:
    found = windows({"sides": ["left", "right"], "rest": "6s", "steps": [{"hold": "5s"}]})
    assert [(each.kind, each.ms, each.low, each.high) for each in found] == [
        ("hold", 5_000, 2_500, 15_000),
        ("rest", 6_000, 3_000, 18_000),
        ("hold", 5_000, 2_500, 15_000),
    ]


@pytest.mark.parametrize(
    ("length", "count"), [("14.999s", 1), ("15s", 2), ("1ms", 1), ("24.999s", 2), ("25s", 3), ("3 breaths", 3)]
)
def test_guided_breathing_is_the_nearest_number_of_whole_breaths(length: str, count: int) -> None:
    (window,) = windows({"breathe": length, "pattern": "4-6"})
    assert window.breathing is not None
    assert (window.breathing.count, window.ms, window.low, window.high) == (count, *[count * 10_000] * 3)


def test_a_countdown_counts_down_to_one() -> None:
    (window,) = windows({"hold": "30s", "countdown": 3})
    assert [each.template for each in window.countdown] == ["three", "two", "one"]
    assert windows({"hold": "30s"}, defaults={"countdown": 2})[0].countdown[0].template == "two"
    assert windows({"hold": "30s", "countdown": False}, defaults={"countdown": 2})[0].countdown == ()
    assert windows({"rest": "30s"}, defaults={"countdown": 2})[0].countdown == ()


def test_rounds_are_numbered_from_one_and_what_is_between_knows_which_is_over() -> None:
    step = {"repeat": 3, "steps": [{"say": "{round} of {rounds}."}], "between": [{"say": "After {round}."}]}
    assert said(step) == ["1 of 3.", "After 1.", "2 of 3.", "After 2.", "3 of 3."]


@pytest.mark.parametrize(
    ("text", "heard"),
    [
        ("a {{b}} c", "a {b} c"),
        ("a {{{title}}} c", "a {T} c"),
        ("{{title}}", "{title}"),
        ("{{{{title}}}}", "{{title}}"),
        ("{title}{{}}", "T{}"),
        ("{ title }", "T"),
    ],
)
def test_doubled_braces_are_braces(text: str, heard: str) -> None:
    assert said({"say": text}) == [heard]


def test_a_title_with_braces_is_words_and_no_template() -> None:
    laid = timeline(routine_of({"title": "A {hold} {{b}}", "steps": [{"say": "{title}."}]}))
    assert [event.text for event in laid.events if isinstance(event, SayEvent)] == ["A {hold} {{b}}."]


def test_a_title_is_spoken_without_what_a_voice_would_spell() -> None:
    steps = [
        {"say": "First {next}."},
        {"exercise": "\u2728 Bridge \u2728", "steps": [{"hold": "5s"}]},
        {"exercise": "\u2728", "steps": [{"hold": "5s"}, {"say": "Then {next}."}]},
        {"exercise": "Plank!", "steps": [{"hold": "5s"}]},
    ]
    assert said(*steps) == ["First Bridge.", "Then Plank!."]
    assert said(*steps, guide="quiet") == ["Bridge.", "Plank!"]


def test_sides_are_named_as_they_are_worked() -> None:
    step = {"sides": ["left", "right"], "ratio": "2:1", "steps": [{"say": "{side}, not {other}."}]}
    assert said(step) == [
        "left, not right.",
        "Change sides. Now your right side.",
        "right, not left.",
        "Once more, now on your tighter side.",
        "tighter, not other.",
    ]
    quiet = {"sides": ["left", "right"], "ratio": "2:1", "steps": [{"hold": "5s"}]}
    assert said(quiet, guide="quiet") == ["Left side.", "Right side.", "Tighter side."]
    # The same side again is time to move, and nothing is said.
    assert said(quiet, tight="left") == ["Change sides. Now your right side.", "Change sides. Now your left side."]
    assert said({**quiet, "ratio": "3:1"}, tight="left")[2:] == []


def test_gaps() -> None:
    plan = written({"say": "a"}, {"say": "b", "gap": "0s"}, {"say": "c", "gap": "2s"}, defaults={"gap": "900ms"})
    assert [item.gap for item in plan.items if isinstance(item, Speech)] == [900, 0, 2_000]


def test_what_never_ends_is_refused_before_a_word_is_spoken(monkeypatch: pytest.MonkeyPatch) -> None:
    assert len(written({"repeat": 12, "steps": [{"pause": "1h"}]}).items) == 12
    with pytest.raises(ScriptError, match="the session is longer than 12h here; make it shorter"):
        written({"repeat": 12, "steps": [{"pause": "1h"}]}, {"pause": "1ms"})
    # A letter takes 46 ms at least at 130 words a minute, and a gap is as long as it is.
    with pytest.raises(ScriptError, match="longer than 12h"):
        written({"pause": "11h59m59s"}, {"say": "x" * 10, "gap": "540ms"})
    assert written({"pause": "11h59m59s"}, {"say": "x" * 10, "gap": "539ms"})
    monkeypatch.setitem(budget.LIMITS, "events", 10)
    assert written(*[{"pause": "1s"}] * 10)
    with pytest.raises(ScriptError, match="more than 10 events"):
        written(*[{"pause": "1s"}] * 11)
    hold = {"hold": "30s", "countdown": 5, "during": [{"at": "1s", "say": "a"}, {"at": "5s", "say": "b"}]}
    assert written(hold)  # itself, its beginning and end, five numbers and two cues
    with pytest.raises(ScriptError, match="more than 10 events"):
        written(hold, {"pause": "1s"})


def test_the_notice_comes_first_with_a_breath_after_it() -> None:
    data = {"title": "T", "notice": "Mind you.", "steps": [{"say": "a"}]}
    plan = write_plan(tailor(routine_of(data), read({})))
    assert [(each.template, each.gap) for each in plan.items if isinstance(each, Speech)] == [
        ("Mind you.", 1_500),
        ("a", 600),
    ]
    # Its error is where the script has it.
    notice = plan.items[0]
    assert isinstance(notice, Speech)
    assert (notice.where.place.path, notice.where.place.column) == ("script.yaml", 26)
