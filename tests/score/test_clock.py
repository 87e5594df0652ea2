"""What is true of every session: of random routines, random choices and random totals."""

from __future__ import annotations

import os
import re
from typing import Any

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from tests.score.fake import CHIME, measure, routine_of, spoken_ms, timeline
from voiceguide import times
from voiceguide.errors import RequestError, ScriptError
from voiceguide.routine.choices import Choices, read
from voiceguide.routine.model import Hold, Routine, walk
from voiceguide.routine.tailor import tailor
from voiceguide.score import settle
from voiceguide.score.items import Window
from voiceguide.score.layout import add_up, lay_out
from voiceguide.score.plan import write_plan
from voiceguide.score.timeline import BreatheEvent, ChimeEvent, SayEvent, SpeechEvent, Timeline, WindowEvent
from voiceguide.score.window import PHASE_MARGIN

FEW = settings(max_examples=int(os.environ.get("EXAMPLES", "15")))

PATTERN = st.sampled_from(["4-6", "box", "4-7-8", "coherent", "4-2-6", "3.5-4.25"])
WORDS = st.sampled_from(
    [
        "In.",
        "Kneel down, and take your time.",
        "Hold for {hold}.",
        "It takes {length}.",
        "[250ms] In, for 5 s [1.234s], and out. [10ms]",
    ]
)


def ms(low: int, high: int) -> st.SearchStrategy[str]:
    return st.integers(low, high).map(lambda each: f"{each}ms")


@st.composite
def windows(draw: st.DrawFn, verb: str = "hold") -> dict[str, Any]:
    """A hold or a rest that its own range allows, with no cues of its own."""
    step: dict[str, Any] = {}
    if draw(st.integers(0, 3)):
        length = draw(st.integers(2_000, 120_000))
        step[verb] = f"{length}ms"
        if draw(st.booleans()):
            step["min"] = f"{draw(st.integers(1_000, length))}ms"
        if draw(st.booleans()):
            step["max"] = f"{draw(st.integers(length, 300_000))}ms"
    else:
        step[verb] = f"{draw(st.integers(1, 8))} breaths"
    if verb == "hold":
        step["cue"] = draw(st.sampled_from(["chimes", "voice", "both", "none"]))
        if draw(st.booleans()):
            step["pattern"] = draw(PATTERN)
        if draw(st.booleans()):
            step["countdown"] = 2
    return step


LEAVES = st.one_of(
    windows(),
    windows(),
    windows("rest"),
    st.builds(lambda each: {"pause": each}, ms(0, 10_000)),
    st.just({"pause": "4s", "min": "1s", "max": "9s"}),
    WORDS.map(lambda text: {"say": text}),
    st.builds(
        lambda count, pattern, cue: {"breathe": f"{count} breaths", "pattern": pattern, "cue": cue},
        st.integers(1, 4),
        PATTERN,
        st.sampled_from(["voice", "tone", "both"]),
    ),
)
# In a loop, some steps are heard in some of its passes only, and some words the first time only.
SOMETIMES = st.fixed_dictionaries({}, optional={"on": st.sampled_from(["first", "last", "1", ["first", "last"]])})
SPOKEN = st.fixed_dictionaries(
    {"say": WORDS}, optional={"again": st.one_of(WORDS, st.just(False)), "brief": st.just("Brief.")}
)
INNER = st.lists(
    st.builds(lambda step, more: {**step, **more}, st.one_of(LEAVES, SPOKEN), SOMETIMES), min_size=1, max_size=4
)
STEPS = st.one_of(
    LEAVES,
    st.builds(lambda steps, ratio: {"sides": ["left", "right"], "steps": steps, "ratio": ratio}, INNER,
              st.sampled_from(["1:1", "2:1", "3:2"])),
    st.builds(lambda steps, rest: {"sides": ["right", "left"], "steps": steps, "rest": rest}, INNER, ms(1_000, 20_000)),
    st.builds(lambda steps, often: {"repeat": often, "steps": steps}, INNER, st.integers(1, 3)),
)  # fmt: skip


@st.composite
def routines(draw: st.DrawFn) -> Routine:
    # The hold at the end gives every {hold} one to speak of.
    steps = [*draw(st.lists(STEPS, min_size=1, max_size=5)), {"hold": "10s"}]
    defaults = {"pattern": draw(PATTERN), "gap": draw(ms(0, 2_000))}
    return routine_of({"title": "Random", "defaults": defaults, "steps": steps})


WISHES = st.fixed_dictionaries(
    {},
    optional={
        "hold": st.integers(1_000, 200_000).map(lambda each: f"{each}ms"),
        "pace": st.sampled_from(["0.1", "0.75", "1.25", "10"]),
        "first": st.sampled_from(["left", "right"]),
        "tight": st.sampled_from(["left", "right"]),
        "guide": st.sampled_from(["full", "brief", "fade", "quiet"]),
        "countdown": st.sampled_from(["3", "no"]),
        "pattern": PATTERN,
        "cues": st.sampled_from(["chimes", "voice", "both", "none"]),
    },
)


def voices(laid: Timeline) -> list[SpeechEvent]:
    return [event for event in laid.events if isinstance(event, SpeechEvent)]


@FEW
@given(routines(), WISHES)
def test_every_timeline(routine: Routine, wishes: dict[str, str]) -> None:
    laid = timeline(routine, **wishes)
    starts = [event.start_ms for event in laid.events]
    assert starts == sorted(starts)
    assert all(0 <= event.start_ms <= event.end_ms <= laid.duration_ms for event in laid.events)
    for before, after in zip(voices(laid), voices(laid)[1:], strict=False):
        assert before.end_ms <= after.start_ms
    for event in laid.events:
        if isinstance(event, SpeechEvent):
            silences = [times.duration(each) for each in re.findall(r"\[(.*?)\]", event.text)]
            pieces = event.list_pieces()
            assert event.length_ms == sum(silences) + sum(spoken_ms(piece.spoken) for piece in pieces)
            assert all(piece.end_ms - piece.start_ms == spoken_ms(piece.spoken) for piece in pieces)
            if silences:
                assert [piece.start_ms - event.start_ms for piece in pieces] == [250, 2_584]
        if isinstance(event, WindowEvent):
            for phase in event.phases:
                assert event.start_ms <= phase.start_ms < phase.end_ms <= event.end_ms
    ends = [event.end_ms for event in laid.events if event.kind in ("hold", "rest", "breathe", "pause", "say", "chime")]
    assert laid.duration_ms - max(ends) in (0, routine.defaults.gap)
    for chapter in laid.chapters:
        assert 0 <= chapter.start_ms < chapter.end_ms <= laid.duration_ms


@FEW
@given(routines(), WISHES)
def test_windows_last_what_they_say_and_parts_make_the_whole(routine: Routine, wishes: dict[str, str]) -> None:
    done = settle.settle(write_plan(tailor(routine, read(wishes))), measure)
    laid = lay_out(done.plan, done.lengths)
    wanted = [(item.kind, item.ms) for item in done.plan.items if isinstance(item, Window)]
    assert wanted == [(e.kind, e.end_ms - e.start_ms) for e in laid.events if e.kind in ("hold", "rest", "breathe")]
    assert add_up(done.plan, done.lengths) == laid.duration_ms == done.total


@FEW
@given(routines(), WISHES)
def test_tailoring_never_changes_the_script(routine: Routine, wishes: dict[str, str]) -> None:
    before = repr(routine)
    timeline(routine, **wishes)
    assert repr(routine) == before
    assert tailor(routine, Choices()).routine == routine


@FEW
@given(routines(), st.floats(0, 1))
def test_fit_meets_the_total_to_the_millisecond(routine: Routine, share: float) -> None:
    base = write_plan(tailor(routine, Choices()))
    shortest, longest = (settle._settle(base, measure, end).total for end in (0, 100 * times.HOUR))
    total = round(shortest + share * (longest - shortest))
    # Words that name a length may move the ends by a moment; between them every total is met.
    assume(shortest + 3_000 < total < longest - 3_000)
    try:
        done = settle.settle(base, measure, total)
    except RequestError as error:
        # Where breaths leave holes that the others can't fill, the error names a total beside the hole.
        named = re.search(r"whole breaths; the nearest total that can is (\S+)$", str(error))
        assert named
        total = times.duration(named[1])
        done = settle.settle(base, measure, total)
    laid = lay_out(done.plan, done.lengths)
    assert laid.duration_ms == total
    now = [item for item in done.plan.items if isinstance(item, Window)]
    was = [item for item in base.items if isinstance(item, Window)]
    equal: dict[object, int] = {}
    for item, own in zip(now, was, strict=True):
        if own.kind == "breathe":
            assert item.ms == own.ms
            continue
        # The sides and rounds of a hold stay equal.
        assert equal.setdefault(own.group, item.ms) == item.ms
        assert own.low <= item.ms <= own.high or item.ms == own.ms
        if own.unit:
            assert (item.ms + own.unit.hold_out) % own.unit.ms == 0
    assert done.plan.tail < max(1, sum(item.kind != "breathe" for item in now))


@FEW
@given(routines(), WISHES, st.sampled_from(["1ms", "11h"]))
def test_an_error_names_totals_that_work(routine: Routine, wishes: dict[str, str], fit: str) -> None:
    with pytest.raises(RequestError) as caught:
        timeline(routine, **wishes, fit=fit)
    named = re.findall(r"(?:shortest it can be is|longest|always lasts) (\S+?)(?:,|$)", str(caught.value))
    assert named
    for total in named:
        assert timeline(routine, **wishes, fit=total).duration_ms == times.duration(total)


@FEW
@given(st.integers(2, 8), st.integers(1, 8), st.sampled_from(["4-6", "box"]), st.integers(20_000, 200_000))
def test_only_breaths_can_move(sides: int, alone: int, pattern: str, total: int) -> None:
    steps = [
        {"sides": ["left", "right"], "steps": [{"hold": f"{sides} breaths", "cue": "none"}], "switch": [{"pause": 0}]},
        {"hold": f"{alone} breaths", "cue": "none"},
    ]
    routine = routine_of({"title": "Breaths", "defaults": {"pattern": pattern}, "steps": steps})
    try:
        found = timeline(routine, fit=f"{total}ms").duration_ms
        assert found == total
    except RequestError as error:
        for named in re.findall(r"(?:shortest it can be is|longest|total that can is) (\S+?)(?:,|$)", str(error)):
            assert timeline(routine, fit=named).duration_ms == times.duration(named)


CUES = st.lists(
    st.tuples(
        st.one_of(
            st.integers(0, 40).map(lambda each: f"{each}s"),
            st.integers(0, 20).map(lambda each: f"-{each}s"),
            st.integers(0, 100).map(lambda each: f"{each}%"),
            st.just("half"),
        ),
        st.sampled_from(["Now.", "Brace your abdominals.", "Let the {side} hip sink a little more."]),
    ),
    max_size=4,
)


def with_cues(length: int, cues: list[tuple[str, str]], countdown: int) -> Routine:
    hold: dict[str, Any] = {"hold": length, "during": [{"at": at, "say": text} for at, text in cues]}
    if countdown:
        hold["countdown"] = countdown
    return routine_of({"title": "Cues", "steps": [{"sides": ["left", "right"], "steps": [hold]}]})


@FEW
@given(st.integers(1, 60), CUES, st.integers(0, 5))
def test_a_clash_names_the_shortest_hold_that_works(length: int, cues: list[tuple[str, str]], countdown: int) -> None:
    try:
        timeline(with_cues(length, cues, countdown))
    except ScriptError as error:
        message = str(error)
    else:
        return
    named = re.search(r"shortest hold that works is (\S+?)(?:, the next longer one (\S+))?$", message, re.MULTILINE)
    if named is None:
        assert "no hold of any length has room for all of this" in message
        lengths = [length, 90, 200, 599]
    else:
        works = [times.duration(each) // 1_000 for each in named.groups() if each]
        for each in works:
            timeline(with_cues(each, cues, countdown))
        lengths = [each for each in (works[0] - 1, works[0] // 2, length, works[-1] - 1) if each not in (0, *works)]
    for each in lengths:
        with pytest.raises(ScriptError):
            timeline(with_cues(each, cues, countdown))


@FEW
@given(st.integers(1, 60), CUES, st.integers(0, 5))
def test_a_listeners_hold_leaves_out_what_does_not_fit(
    length: int, cues: list[tuple[str, str]], countdown: int
) -> None:
    laid = timeline(with_cues(30, cues, countdown), hold=f"{length}s")
    for before, after in zip(voices(laid), voices(laid)[1:], strict=False):
        assert before.end_ms <= after.start_ms
    heard = sum(event.side == "left" and event.kind in ("say", "count") for event in laid.events)
    left_out = len([note for note in laid.notes if ", left:" in note])
    # One note stands for cues of the same words.
    assert heard + left_out <= len(cues) + countdown
    if countdown <= length:
        assert sum(event.kind == "count" and event.side == "left" for event in laid.events) == countdown


def test_nothing_drifts_over_thousands_of_steps() -> None:
    steps: list[dict[str, Any]] = []
    for number in range(2_000):
        steps += [{"pause": f"{333 + number % 7}ms"}, {"hold": f"{1_001 + number % 13}ms", "cue": "none"}]
    laid = timeline(routine_of({"title": "Long", "steps": steps}))
    now = 0
    for number, (pause, hold) in enumerate(zip(laid.events[::2], laid.events[1::2], strict=True)):
        assert pause.start_ms == now
        now += 333 + number % 7
        assert hold.start_ms == now
        now += 1_001 + number % 13
    assert laid.duration_ms == now


def test_the_words_of_a_breath_end_before_its_phase() -> None:
    steps = [{"breathe": "5m", "pattern": "1-1", "cue": "voice"}, {"hold": "2m", "pattern": "1.2-1.1"}]
    laid = timeline(routine_of({"title": "Quick", "steps": steps}))
    ends = sorted(phase.end_ms for event in laid.events if isinstance(event, WindowEvent) for phase in event.phases)
    for event in voices(laid):
        assert min(end for end in ends if end > event.start_ms) - event.end_ms >= PHASE_MARGIN


def test_half_a_day_of_breath_is_laid_out() -> None:
    laid = timeline(routine_of({"title": "Long", "steps": [{"breathe": "11h", "pattern": "2-2", "cue": "voice"}]}))
    assert laid.duration_ms == 11 * times.HOUR
    (breathing, *_) = laid.events
    assert isinstance(breathing, BreatheEvent)
    assert len(breathing.phases) == 2 * 11 * 900


@FEW
@given(st.data(), st.integers(1, 4))
def test_each_round_has_its_own_value(data: st.DataObject, rounds: int) -> None:
    """Holds, rests and pauses last what the list says; fitting scales them by one factor, to the total."""
    found = {kind: data.draw(st.lists(st.integers(1_000, 99_999), min_size=rounds, max_size=rounds)) for kind in
             ("hold", "rest", "pause")}  # fmt: skip
    steps: list[Any] = [{kind: [f"{ms}ms" for ms in each]} for kind, each in found.items()]
    steps[0] |= {"cue": "none", "countdown": False}
    routine = routine_of({"title": "T", "steps": [{"repeat": rounds, "steps": steps}]})
    laid = timeline(routine)
    for kind, each in found.items():
        assert [event.length_ms for event in laid.events if event.kind == kind] == each
    assert laid.duration_ms == sum(map(sum, found.values()))
    total = laid.duration_ms + sum(found["hold"] + found["rest"]) // 2
    fitted = timeline(routine, fit=f"{total}ms")
    assert fitted.duration_ms == total
    for kind in ("hold", "rest"):
        for event, ms in zip((event for event in fitted.events if event.kind == kind), found[kind], strict=True):
            assert abs(event.length_ms - 1.5 * ms) <= 2 * rounds + 1
    equal = timeline(routine, hold="20s")
    assert {event.length_ms for event in equal.events if event.kind == "hold"} == {20_000}


@FEW
@given(st.lists(windows(), min_size=1, max_size=3), st.integers(1, 4), st.sampled_from(["again", "brief"]))
def test_words_of_the_second_time_change_words_only(holds: list[Any], rounds: int, key: str) -> None:
    """Every window keeps its length; the words are those of the first time once, then the others."""
    steps: list[Any] = [{"say": "The first time."}, *holds]
    plain = timeline(routine_of({"title": "T", "steps": [{"repeat": rounds, "steps": steps}]}))
    steps = [{"say": "The first time.", key: "Later."}, *holds]
    laid = timeline(routine_of({"title": "T", "steps": [{"repeat": rounds, "steps": steps}]}), guide="fade")
    lasts = [[event.length_ms for event in each.events if isinstance(event, WindowEvent)] for each in (plain, laid)]
    assert lasts[0] == lasts[1]
    said = [event.text for event in laid.events if event.kind == "say" and event.text in ("The first time.", "Later.")]
    assert said == ["The first time.", *["Later."] * (rounds - 1)]
    shorter = spoken_ms("The first time.") - spoken_ms("Later.")
    assert plain.duration_ms - laid.duration_ms == (rounds - 1) * shorter


def test_a_hold_begins_and_ends_between_its_cues() -> None:
    laid = timeline(routine_of({"title": "Cued", "steps": [{"hold": "30s", "cue": "both"}]}))
    begin, start, hold, end, release = laid.events
    assert isinstance(begin, SayEvent)
    assert isinstance(start, ChimeEvent)
    assert isinstance(end, ChimeEvent)
    assert isinstance(release, SayEvent)
    assert (begin.text, start.name, end.name, release.text) == ("Begin.", "start", "end", "And release.")
    assert (start.end_ms, end.start_ms) == (hold.start_ms, hold.end_ms)
    assert start.end_ms - start.start_ms == CHIME


def test_a_session_without_a_word() -> None:
    assert timeline(routine_of({"title": "Still", "steps": [{"pause": "5s"}]})).duration_ms == 5_000


def test_one_side_given_a_length_is_left_alone_by_fitting() -> None:
    data = {"title": "T", "steps": [{"sides": ["left", "right"], "steps": [{"hold": "30s", "cue": "none"}]}]}
    for first in ("left", "right"):
        laid = timeline(routine_of(data), hold="t/left=30s", fit="80s", first=first)
        holds = {event.side: event.end_ms - event.start_ms for event in laid.events if event.kind == "hold"}
        assert holds["left"] == 30_000
        assert laid.duration_ms == 80_000


def test_the_tighter_pass_takes_the_longer_of_two_lengths() -> None:
    step = {"sides": ["left", "right"], "ratio": "2:1", "steps": [{"hold": {"left": "5s", "right": "4 breaths"}}]}
    routine = routine_of({"title": "T", "steps": [step]})
    assert [isinstance(each, Hold) for each in walk(routine.steps)] == [False, True]
    holds = [event for event in timeline(routine).events if event.kind == "hold"]
    assert [event.end_ms - event.start_ms for event in holds] == [5_000, 40_000, 40_000]


@pytest.mark.parametrize(
    ("steps", "message"),
    [
        ([{"pause": "0s"}], "this session has no length; add words, or a longer pause"),
        # Shorter than the limit without its words, and longer with them.
        (
            [{"pause": "11h59m59s"}, "Two" + " ." * 15],
            "this session lasts 12:00:01; the maximum is 12:00:00",
        ),
    ],
)
def test_a_session_takes_some_time_and_not_half_a_day(steps: list[Any], message: str) -> None:
    with pytest.raises(ScriptError) as caught:
        timeline(routine_of({"title": "Odd", "steps": steps}))
    assert str(caught.value) == f"script.yaml:1:1: {message}"
