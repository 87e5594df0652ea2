"""A plan on the clock: every event, what it belongs to, and the chapters."""

from __future__ import annotations

from itertools import pairwise
from typing import Any

import msgspec
import pytest
from hypothesis import given

from tests.score.fake import routine_of, timeline
from tests.score.parts import HERE, breathing, chime, length_of, lengths, plan, say, window
from tests.score.test_clock import FEW, WISHES, routines
from voiceguide.errors import ScriptError
from voiceguide.routine.model import Routine
from voiceguide.score.items import Close, Open, Silence, Speech, Where, list_soundings
from voiceguide.score.layout import Lengths, add_up, lay_out
from voiceguide.score.timeline import (
    BreatheEvent,
    Chapter,
    ChimeEvent,
    CountEvent,
    Event,
    HoldEvent,
    PauseEvent,
    RestEvent,
    SayEvent,
    SwitchEvent,
    Timeline,
    WindowEvent,
    flatten,
)
from voiceguide.times import HOUR, Pattern

NOWHERE = Where(HERE)


def laid(*items: Any, tail: int = 0) -> Timeline:
    made = plan(*items, tail=tail)
    return lay_out(made, lengths(made))


def spans(of: Timeline) -> list[tuple[str, int, int]]:
    return [(event.kind, event.start_ms, event.end_ms) for event in of.events]


def open_(kind: Any, title: str, **where: Any) -> Open:
    return Open(kind, title, title.lower(), Where(HERE, **where))


def test_everything_follows_what_comes_before() -> None:
    of = laid(
        say("a 300", gap=200),
        Silence(1_000, NOWHERE),
        Silence(0, NOWHERE),
        chime(),
        window(5_000, (2_000, say("b 100")), start=(say("c 50"), chime()), end=(chime("end"),)),
        tail=7,
    )
    assert spans(of) == [
        ("say", 0, 300),
        ("pause", 500, 1_500),
        ("chime", 1_500, 2_500),
        ("say", 2_500, 2_550),
        ("chime", 2_550, 3_550),
        ("hold", 3_550, 8_550),
        ("say", 5_550, 5_650),
        ("chime", 8_550, 9_550),
    ]
    assert of.duration_ms == 9_557
    assert of.chapters == ()


def test_each_kind_has_what_it_needs() -> None:
    where = Where(HERE, "E", "left")
    of = laid(
        window(
            9_000,
            (1_000, chime("bell", exercise="E", side="left")),
            where=where,
            countdown=(say("one 900", exercise="E", side="left"),),
            breathing=breathing(Pattern(1_000, 0, 2_000, 0), "tone"),
        ),
        window(3_000, kind="rest"),
        window(4_000, kind="breathe", breathing=breathing(Pattern(2_000, 0, 2_000, 0), "tone", 1)),
        Silence(5, NOWHERE),
        say("a 1"),
    )
    hold, bell, one, rest, breathe, pause, said = of.events
    assert isinstance(hold, HoldEvent)
    assert (hold.name, hold.pattern, hold.breaths) == ("h", Pattern(1_000, 0, 2_000, 0), 3)
    assert (hold.exercise, hold.side, hold.length_ms) == ("E", "left", 9_000)
    assert isinstance(bell, ChimeEvent)
    assert (bell.name, bell.sound.name, bell.pan) == ("bell", "bell.wav", "left")
    assert isinstance(one, CountEvent)
    assert (one.text, one.spoken, one.pan, one.start_ms) == ("one 900", "one 900", None, 8_000)
    assert isinstance(rest, RestEvent)
    assert (rest.pattern, rest.phases, rest.breaths) == (None, (), 0)
    assert isinstance(breathe, BreatheEvent)
    assert [(phase.start_ms, phase.end_ms) for phase in breathe.phases] == [(12_000, 14_000), (14_000, 16_000)]
    assert isinstance(pause, PauseEvent)
    assert isinstance(said, SayEvent)


def test_an_event_knows_what_it_lies_in() -> None:
    side: dict[str, Any] = {"side": "left"}
    of = laid(
        say("a 100"),
        open_("switch", "To the left", **side),
        say("b 100", **side),
        window(
            2_000,
            (500, say("c 100", **side)),
            start=(chime(**side),),
            end=(chime("end", **side),),
            where=Where(HERE, **side),
        ),
        Silence(100, Where(HERE, **side)),
        Close(),
        say("d 100", **side),
        window(2_000, (500, say("e 100"))),
    )
    assert [(event.kind, event.parent, event.depth) for event in of.events] == [
        ("say", None, 0),
        ("switch", None, 0),
        ("say", 1, 1),
        ("chime", 1, 1),
        ("hold", 1, 1),
        ("say", 4, 2),
        ("chime", 1, 1),
        ("pause", 1, 1),
        ("say", None, 0),
        ("hold", None, 0),
        ("say", 9, 1),
    ]
    switch = of.events[1]
    assert isinstance(switch, SwitchEvent)
    assert (switch.name, switch.side, switch.start_ms, switch.end_ms) == ("To the left", "left", 100, 4_300)
    # Whatever is said while sides are changed leans; chimes always do, and what is said on a side does not.
    pans = [event.pan for event in of.events if isinstance(event, (SayEvent, ChimeEvent))]
    assert pans == [None, "left", "left", "left", "left", None, None]


@pytest.mark.parametrize(("side", "pan"), [("left", "left"), ("right", "right"), ("tighter", None), (None, None)])
def test_a_side_is_an_ear(side: str | None, pan: str | None) -> None:
    (event,) = laid(chime(side=side)).events
    assert isinstance(event, ChimeEvent)
    assert event.pan == pan


def test_chapters_are_in_order_and_none_is_empty() -> None:
    of = laid(
        say("a 100"),
        open_("exercise", "Empty", exercise="Empty"),
        open_("side", "Empty: left", exercise="Empty", side="left"),
        open_("switch", "Nothing", side="left"),
        Close(),
        Close(),
        Close(),
        open_("exercise", "One", exercise="One"),
        say("b 100"),
        open_("side", "One: left", exercise="One", side="left"),
        say("c 100"),
        Close(),
        open_("side", "One: right", exercise="One", side="right"),
        Close(),
        open_("side", "One: left again", exercise="One", side="left"),
        open_("switch", "To the left", side="left"),
        open_("exercise", "Within", exercise="Within"),
        say("d 100"),
        Close(),
        Close(),
        Close(),
        say("e 100"),
        Close(),
        open_("exercise", "Two", exercise="Two"),
        say("f 1"),
        Close(),
    )
    left = Chapter("One: left", 200, 300, (), "one: left", "left", "One")
    within = Chapter("Within", 300, 400, (), "within", None, "Within")
    again = Chapter("One: left again", 300, 400, (within,), "one: left again", "left", "One")
    one = Chapter("One", 100, 500, (left, again), "one", None, "One")
    two = Chapter("Two", 500, 501, (), "two", None, "Two")
    assert of.chapters == (one, two)
    assert flatten(of.chapters) == [one, left, again, within, two]
    assert [(event.kind, event.chapter) for event in of.events] == [
        ("say", None),
        ("say", 0),
        ("say", 1),
        ("switch", 2),
        ("say", 3),
        ("say", 0),
        ("say", 4),
    ]


def test_sides_say_what_they_are_a_part_of() -> None:
    steps = [
        {"exercise": "Calf stretch", "steps": [{"sides": ["left", "right"], "steps": [{"hold": "5s"}]}]},
        {"sides": ["right", "left"], "steps": [{"hold": "5s"}]},
    ]
    of = timeline(routine_of({"title": "T", "steps": steps}))
    assert [(each.title, each.label, each.side, each.exercise) for each in flatten(of.chapters)] == [
        ("Calf stretch", "Calf stretch", None, "Calf stretch"),
        ("Calf stretch: left side", "Left side", "left", "Calf stretch"),
        ("Calf stretch: right side", "Right side", "right", "Calf stretch"),
        ("Right side", "Right side", "right", None),
        ("Left side", "Left side", "left", None),
    ]


@pytest.mark.parametrize(("ms", "fits"), [(12 * HOUR, True), (12 * HOUR + 1, False)])
def test_half_a_day_is_the_longest(ms: int, fits: bool) -> None:
    if fits:
        assert laid(Silence(ms, NOWHERE)).duration_ms == ms
    else:
        with pytest.raises(ScriptError, match="this session lasts 12:00:00; the maximum is 12:00:00"):
            laid(Silence(ms, NOWHERE))


def test_a_session_of_no_time_is_an_error_and_a_millisecond_is_not() -> None:
    with pytest.raises(ScriptError, match="has no length"):
        laid(Silence(0, NOWHERE))
    assert laid(tail=1).duration_ms == 1


def test_notes_are_said_once() -> None:
    twice = [window(2_000, (1_500, chime("bell")), lenient=True) for _ in range(2)]
    assert laid(*twice).notes == ("h: the chime bell does not fit into 2s and is left out",)


def test_a_plan_adds_up_without_a_clock() -> None:
    made = plan(
        say("a 300", gap=20),
        Silence(1_000, NOWHERE),
        chime(),
        open_("exercise", "E"),
        window(5_000, (2_000, say("b 100")), start=(say("c 50"), chime()), end=(chime("end"), say("d 5"))),
        Close(),
        tail=7,
    )
    assert add_up(made, lengths(made)) == 320 + 1_000 + 1_000 + 5_000 + 1_050 + 1_005 + 7


def test_all_that_sounds_is_listed() -> None:
    guided = breathing(Pattern(4_000, 0, 4_000, 0), "both", None, 900, 500)
    of = window(60_000, (1, say("b 1")), start=(say("a 1"),), half=(say("c 1"),), end=(say("g 1"),),
                countdown=(say("d 1"),), breathing=guided)  # fmt: skip
    words = ["in 900", "in 500", "out 900", "out 500"]
    said = [each.text for each in list_soundings([of, say("h 1")]) if isinstance(each, Speech)]
    assert said == ["a 1", "b 1", "c 1", "d 1", *words, "g 1", "h 1"]
    toned = window(60_000, breathing=breathing(Pattern(4_000, 0, 4_000, 0), "tone"))
    assert list(list_soundings([toned, chime()])) == [chime()]
    assert length_of(chime()) == Lengths({}, {chime().sound.path: 1_000}).of(chime())


@FEW
@given(routines(), WISHES)
def test_every_event_lies_where_it_says(routine: Routine, wishes: dict[str, str]) -> None:
    of = timeline(routine, **wishes)
    chapters = flatten(of.chapters)
    for index, event in enumerate(of.events):
        around = [number for number, other in enumerate(of.events[:index]) if _holds(other, event)]
        assert event.parent == (around[-1] if around else None)
        assert event.depth == len(around)
        inner = [number for number, each in enumerate(chapters) if each.start_ms <= event.start_ms < each.end_ms]
        assert event.chapter == (inner[-1] if inner else None)
        if event.chapter is not None:
            assert chapters[event.chapter].side == event.side
    assert all(before.start_ms <= after.start_ms for before, after in pairwise(chapters))
    for chapter in chapters:
        assert chapter.start_ms < chapter.end_ms
        assert all(chapter.start_ms <= part.start_ms < part.end_ms <= chapter.end_ms for part in chapter.parts)


def _holds(one: Event, other: Event) -> bool:
    return isinstance(one, (WindowEvent, SwitchEvent)) and one.start_ms <= other.start_ms < one.end_ms


def test_a_timeline_is_plain_data() -> None:
    steps = [{"hold": "20s", "pattern": "4-6"}, {"pause": "2s"}]
    of = timeline(routine_of({"title": "T", "steps": [{"sides": ["left", "right"], "steps": steps}]}), countdown="3")
    plain = msgspec.to_builtins(of, enc_hook=str)
    assert msgspec.convert(plain, Timeline, dec_hook=lambda kind, value: kind(value)) == of
    assert [event["kind"] for event in plain["events"]] == [event.kind for event in of.events]
