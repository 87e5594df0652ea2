"""The chapters of a track: no hole, no overlap, none too short to jump to, whatever the routine and the choices."""

from __future__ import annotations

import io
from itertools import pairwise
from typing import Any

import av
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from mutagen.id3 import ID3

from tests.score.fake import routine_of, timeline
from tests.track.decoders import tone
from voiceguide import library
from voiceguide.language.loader import load
from voiceguide.routine.model import Routine
from voiceguide.score.timeline import Chapter, Timeline
from voiceguide.track.encoder import encode, splice
from voiceguide.track.frames import Encoding
from voiceguide.track.id3 import write_id3
from voiceguide.track.tags import TagChapter, TrackTags
from voiceguide.views.chapters import SHORTEST, list_leaves, tile_chapters

BUNDLED = {found.name: load(found.path) for found in library.scripts() if not found.yours}
CHOICES: dict[str, dict[str, Any]] = {
    "as it is": {},
    "brief": {"guide": "brief"},
    "quiet": {"guide": "quiet"},
    "left only": {"only": "left"},
    "right only, quiet": {"only": "right", "guide": "quiet"},
    "the other side first": {"first": "right"},
    "a tighter side": {"tight": "left"},
    "no notice": {"notice": False},
    "slower": {"pace": "3"},
    "quicker": {"pace": "0.1"},
}


def tag_of(chapters: tuple[Chapter, ...]) -> tuple[TagChapter, ...]:
    return tuple(TagChapter(each.title, each.start_ms, each.end_ms, tag_of(each.parts)) for each in chapters)


def session(*steps: Any, **given: Any) -> Timeline:
    return timeline(routine_of({"title": "A title", "steps": list(steps)}), **given)


def listed(laid: Timeline) -> list[tuple[str, float, float]]:
    leaves = list_leaves(tile_chapters(laid))
    return [(each.title, each.start_ms / 1000, each.end_ms / 1000) for each in leaves]


def tiles(laid: Timeline) -> list[Chapter]:
    """The chapters of a track, which fill it."""
    chapters = tile_chapters(laid)
    leaves = list(list_leaves(chapters))
    assert leaves
    assert (leaves[0].start_ms, leaves[-1].end_ms) == (0, laid.duration_ms)
    assert all(one.end_ms == other.start_ms for one, other in pairwise(leaves))
    assert all(each.end_ms - each.start_ms >= SHORTEST for each in leaves)
    hold_together(chapters)
    return leaves


def hold_together(chapters: tuple[Chapter, ...]) -> None:
    """A chapter with parts begins and ends with them."""
    for each in chapters:
        if each.parts:
            assert len(each.parts) > 1
            assert (each.parts[0].start_ms, each.parts[-1].end_ms) == (each.start_ms, each.end_ms)
            hold_together(each.parts)


def fitted(routine: Routine, share: float) -> str:
    return f"{int(timeline(routine).duration_ms * share) / 1000:.3f}s"


@pytest.mark.parametrize("name", BUNDLED)
def test_every_routine_and_tailoring(name: str) -> None:
    routine = BUNDLED[name]
    options = sorted(routine.all_options.items())
    turned = [
        {"without": [each]} if option.default else {"with_": [each], "without": [*option.excludes]}
        for each, option in options
    ]
    fits = [{"fit": fitted(routine, share)} for share in (0.98, 1.2)]
    tried = [*CHOICES.values(), *turned, *fits]
    for choices in tried:
        leaves = tiles(timeline(routine, **choices))
        sides = {each.side for each in leaves if each.side}
        assert sides <= {choices.get("only", "left"), choices.get("only", "right"), "tighter"}


@pytest.mark.parametrize("name", BUNDLED)
def test_players_read_them_one_after_the_other(name: str) -> None:
    laid = timeline(BUNDLED[name])
    leaves = tiles(laid)
    tag = write_id3(TrackTags(laid.title, chapters=tag_of(tile_chapters(laid))))
    # In the order of the file, as many players take them.
    frames = ID3(io.BytesIO(tag), translate=False).getall("CHAP")
    found = [(str(each.sub_frames["TIT2"]), each.start_time, each.end_time) for each in frames]
    assert sorted(found, key=lambda each: each[1]) == found
    assert found == [(each.title, each.start_ms, each.end_ms) for each in leaves]
    file = io.BytesIO()
    splice([(0, encode([tone(4_800)], Encoding()))], laid.duration_ms, Encoding(), file, id3=tag)
    with av.open(io.BytesIO(file.getvalue()), format="mp3") as container:
        read = [
            (each["metadata"]["title"], *(round(each[end] * each["time_base"] * 1000) for end in ("start", "end")))
            for each in container.chapters()
        ]
    assert read == found
    # A player that knows only starts shows a chapter until the next one: that always leads forward, to the end.
    starts = [start for _, start, _ in read]
    assert [*starts[1:], laid.duration_ms] == [end for _, _, end in read]


def test_an_introduction_comes_before_the_first() -> None:
    laid = session(
        {"pause": "12s"},
        {"exercise": "Lean", "steps": [{"pause": "20s"}]},
        {"pause": "11s"},
        {"exercise": "Reach", "steps": [{"pause": "20s"}]},
        {"pause": "30s"},
    )
    assert listed(laid) == [("Introduction", 0, 12), ("Lean", 12, 43), ("Reach", 43, 93)]


def test_a_short_introduction_is_part_of_the_first() -> None:
    laid = session({"pause": "9.999s"}, {"exercise": "Lean", "steps": [{"pause": "20s"}]})
    assert listed(laid) == [("Lean", 0, 29.999)]


def test_sides_and_what_is_around_them() -> None:
    sides = {"sides": ["left", "right"], "switch": [{"pause": "1s"}], "steps": [{"pause": "20s"}]}
    short = {"exercise": "Lean", "steps": [{"pause": "9s"}, sides, {"pause": "9s"}]}
    assert listed(session(short)) == [("Lean: left side", 0, 29), ("Lean: right side", 29, 59)]
    long = {"exercise": "Lean", "steps": [{"pause": "10s"}, sides, {"pause": "10s"}]}
    laid = session(long)
    assert listed(laid) == [
        ("Lean", 0, 10),
        ("Lean: left side", 10, 30),
        ("Lean: right side", 30, 51),
        ("Lean", 51, 61),
    ]
    (whole,) = tile_chapters(laid)
    assert (whole.title, whole.start_ms, whole.end_ms, len(whole.parts)) == ("Lean", 0, 61_000, 4)


def test_what_leads_to_an_exercises_first_side_is_not_the_exercise_before() -> None:
    sides = {"sides": ["left", "right"], "switch": [{"pause": "1s"}], "steps": [{"pause": "20s"}]}
    laid = session(*({"exercise": title, "steps": [{"pause": "5s"}, sides]} for title in ("One", "Two")))
    assert listed(laid)[2] == ("Two: left side", 46, 71)


def test_eight_alternating_marches_are_one() -> None:
    march = {"sides": ["left", "right"], "switch": [{"pause": "1s"}], "steps": [{"pause": "3s"}]}
    laid = session({"exercise": "March", "steps": [{"pause": "4s"}, {"repeat": 8, "steps": [march]}]})
    assert listed(laid) == [("March", 0, 60)]
    outside = session({"exercise": "Lean", "steps": [{"pause": "20s"}]}, {"repeat": 8, "steps": [march]})
    assert listed(outside) == [("Lean", 0, 76)]


def test_a_short_side_beside_a_long_one_is_named_after_the_exercise() -> None:
    both = {"sides": ["left", "right"], "switch": [{"pause": "1s"}]}
    step = both | {"steps": [{"hold": {"left": "9s", "right": "15s"}, "cue": "none"}]}
    assert listed(session({"exercise": "Lean", "steps": [step]})) == [("Lean", 0, 25)]
    # Where there is room, each keeps its own.
    roomy = [{"pause": "10s"}, step]
    assert listed(session({"exercise": "Lean", "steps": roomy})) == [("Lean", 0, 19), ("Lean: right side", 19, 35)]


def test_short_exercises_together_are_named_after_the_longest() -> None:
    lasting = (("One", 4), ("Two", 7), ("Three", 12), ("Four", 3))
    laid = session(*({"exercise": title, "steps": [{"pause": seconds}]} for title, seconds in lasting))
    assert listed(laid) == [("Two", 0, 11), ("Three", 11, 26)]


def test_sides_without_an_exercise() -> None:
    laid = session(
        {"pause": "10s"}, {"sides": ["left", "right"], "switch": [{"pause": 0}], "steps": [{"pause": "20s"}]}
    )
    assert listed(laid) == [("Introduction", 0, 10), ("Left side", 10, 30), ("Right side", 30, 50)]


@pytest.mark.parametrize(
    "steps",
    [
        [{"pause": "1h"}],
        [{"pause": "20s"}, {"sides": ["left", "right"], "switch": [{"pause": 0}], "steps": [{"pause": "3s"}]}],
        [{"exercise": "Lean", "steps": [{"pause": "9.999s"}]}],
    ],
    ids=["no exercise", "short sides alone", "less than ten seconds"],
)
def test_a_session_with_nothing_to_jump_to_has_none(steps: list[Any]) -> None:
    assert tile_chapters(session(*steps)) == ()


def test_an_exercise_that_is_nothing_but_another_one() -> None:
    laid = session({"exercise": "Lean", "steps": [{"exercise": "Inner", "steps": [{"pause": "10s"}]}]})
    assert listed(laid) == [("Inner", 0, 10)]


_SECONDS = st.integers(1, 25)


def _blocks(inside: st.SearchStrategy[Any]) -> st.SearchStrategy[Any]:
    steps = st.lists(inside, min_size=1, max_size=4)
    return st.one_of(
        st.fixed_dictionaries({"exercise": st.sampled_from(["Lean", "Reach", "Bow"]), "steps": steps}),
        st.fixed_dictionaries({"repeat": st.integers(1, 3), "steps": steps}),
    )


_PAUSE = st.fixed_dictionaries({"pause": _SECONDS})
_SIDES = st.fixed_dictionaries(
    {
        "sides": st.just(["left", "right"]),
        "switch": st.just([{"pause": 0}]),
        "steps": st.lists(_PAUSE, min_size=1, max_size=2),
    }
)


@settings(max_examples=150, deadline=None)
@given(st.lists(st.recursive(_PAUSE | _SIDES, _blocks, max_leaves=8), min_size=1, max_size=5))
def test_any_routine(steps: list[Any]) -> None:
    laid = session(*steps)
    if tile_chapters(laid):
        tiles(laid)
    else:
        # An exercise that can be jumped to is there, unless nearly all is something else.
        longest = max((each.end_ms - each.start_ms for each in laid.chapters if each.exercise), default=0)
        assert longest < SHORTEST
