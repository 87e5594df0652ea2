"""What sounds inside one window, to the millisecond."""

from __future__ import annotations

import operator
from fractions import Fraction
from random import Random
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.score.parts import at, breathing, chime, length_of, say, window
from voiceguide.score.inside import room
from voiceguide.score.items import Window
from voiceguide.score.window import Filled, explain_clashes, fill_window
from voiceguide.times import Moment, Pattern

BOX = Pattern(4_000, 4_000, 4_000, 4_000)
SIMPLE = Pattern(4_000, 0, 6_000, 0)


def fill(of: Window) -> Filled:
    return fill_window(of, length_of)


def placed(of: Window) -> list[tuple[int, int]]:
    return [(each.start, each.end) for each in fill(of).placed]


def clash(of: Window) -> str:
    (problem,) = explain_clashes(fill(of).clashes)
    return problem.message


def test_cues_stand_at_their_moments_in_order() -> None:
    assert placed(window(10_000, (6_000, say("b 500")), (0, say("a 300")), (-2_000, chime()))) == [
        (0, 300),
        (6_000, 6_500),
        (8_000, 9_000),
    ]


@pytest.mark.parametrize(
    ("start", "ms", "fits"),
    [
        (0, 10_000, True),
        (0, 10_001, False),
        (9_000, 1_000, True),
        (9_000, 1_001, False),
        (-10_000, 1, True),
        (-10_001, 1, False),
    ],
)
def test_a_cue_may_fill_its_window_and_no_more(start: int, ms: int, fits: bool) -> None:
    found = fill(window(10_000, (start, say(f"a {ms}"))))
    assert (len(found.placed), len(found.clashes)) == ((1, 0) if fits else (0, 1))


@pytest.mark.parametrize(("second", "fits"), [(1_999, False), (2_000, True), (400, True), (401, False)])
def test_cues_may_touch_and_not_overlap(second: int, fits: bool) -> None:
    found = fill(window(10_000, (1_000, say("a 1000")), (second, say("b 600"))))
    assert len(found.placed) == 1 + fits
    assert len(found.clashes) == 1 - fits


def test_a_cue_may_end_where_one_begins() -> None:
    assert placed(window(10_000, (5_000, say("a 10")), (4_000, say("b 1000")))) == [(4_000, 5_000), (5_000, 5_010)]


def test_a_countdown_ends_with_the_window() -> None:
    numbers = (say("three 400"), say("two 350"), say("one 1000"))
    found = fill(window(10_000, countdown=numbers)).placed
    assert [(each.start, each.end, each.counted) for each in found] == [
        (7_000, 7_400, True),
        (8_000, 8_350, True),
        (9_000, 10_000, True),
    ]


def test_what_is_too_long_for_a_countdown_leaves_out_its_first_numbers() -> None:
    numbers = (say("three 400"), say("two 350"), say("one 300"))
    found = fill(window(2_000, countdown=numbers, lenient=True))
    assert [(each.start, each.end) for each in found.placed] == [(0, 350), (1_000, 1_300)]
    assert found.notes == ('h: "three 400" does not fit into 2s and is left out',)
    assert not found.clashes


def test_a_countdown_comes_before_cues() -> None:
    found = fill(window(5_000, (3_900, say("a 500")), countdown=(say("one 300"),), lenient=True))
    assert [each.sounding for each in found.placed] == [say("one 300")]
    assert found.notes == ('h: "a 500" does not fit into 5s and is left out',)
    assert found.placed[0].start == 4_000


def test_notes_name_the_side() -> None:
    from voiceguide.score.items import Where

    where = Where(say("x 1").where.place, None, "left")
    found = fill(window(2_000, (1_500, chime("bell")), where=where, lenient=True))
    assert found.notes == ("h, left: the chime bell does not fit into 2s and is left out",)


@pytest.mark.parametrize(
    ("of", "message"),
    [
        (
            window(5_000, (-6_000, say("a 100"))),
            'during: "a 100" would start 1s before the hold; the shortest hold that works is 6s',
        ),
        (
            window(5_000, (4_500, say("a 501"))),
            'during: "a 501" would end at 5.001s, after the end of the hold at 5s; the shortest hold that works is 6s',
        ),
        (
            window(5_000, (4_000, say("a 1001")), kind="rest"),
            'during: "a 1001" would end at 5.001s, after the end of the rest at 5s; the shortest rest that works is 6s',
        ),
        (
            window(5_000, (1_000, say("a 1000")), (1_500, say("b 100"))),
            'during: "b 100" would sound from 1.5s to 1.6s and overlap "a 1000", which sounds from 1s to 2s; '
            "no hold of any length has room for all of this; move or shorten one of them",
        ),
        (
            # Over each other in holds of 4 and 5 seconds; the end's cue comes first in shorter ones.
            window(5_000, (3_000, say("a 500")), (-2_000, say("b 1000"))),
            'during: "b 1000" would sound from 3s to 4s and overlap "a 500", which sounds from 3s to 3.5s; '
            "the shortest hold that works is 4s, the next longer one 6s",
        ),
        (
            window(1_000, countdown=(say("two 1001"), say("one 500"))),
            'countdown: "two 1001" would start 1s before the hold; '
            "no hold of any length has room for all of this; move or shorten one of them",
        ),
        (
            window(1_000, countdown=(say("two 1000"), say("one 500"))),
            'countdown: "two 1000" would start 1s before the hold; the shortest hold that works is 2s',
        ),
    ],
)
def test_a_clash_says_what_and_what_would_work(of: Window, message: str) -> None:
    assert clash(of) == message


def test_a_clash_on_both_sides_is_told_once_and_its_hold_works_for_both() -> None:
    one = window(5_000, (4_000, say("a 1500")), step=7)
    other = window(5_000, (4_000, say("a 2500")), step=7)
    (problem,) = explain_clashes([*fill(one).clashes, *fill(other).clashes])
    assert problem.message.endswith("the shortest hold that works is 7s")
    third = window(5_000, (4_000, say("a 1500")), step=8)
    assert len(explain_clashes([*fill(one).clashes, *fill(third).clashes])) == 2


# The profile's halfway cue --------------------------------------------------------------------------------------------

HALF = (chime("halfway"), say("Halfway 500"))


@pytest.mark.parametrize(("ms", "places"), [(59_999, []), (60_000, [(30_000, 31_000), (31_000, 31_500)])])
def test_half_of_a_long_hold_is_marked(ms: int, places: list[tuple[int, int]]) -> None:
    assert placed(window(ms, half=HALF)) == places


@pytest.mark.parametrize(
    ("start", "marked"),
    [(26_499, True), (26_500, True), (26_501, False), (30_500, False), (34_499, False), (34_500, True)],
)
def test_half_is_marked_where_three_seconds_are_free_on_both_sides(start: int, marked: bool) -> None:
    assert len(placed(window(60_000, (start, say("a 500")), half=HALF))) == (3 if marked else 1)


def test_half_is_not_marked_in_a_guided_breath() -> None:
    assert placed(window(60_000, half=HALF, breathing=breathing(SIMPLE, "tone"))) == []


# Breath ---------------------------------------------------------------------------------------------------------------


def phases(of: Window) -> list[tuple[str, int, int, int, bool]]:
    return [(each.kind, each.start_ms, each.end_ms, each.breath, each.toned) for each in fill(of).phases]


def test_breaths_fill_a_hold_and_the_last_ends_on_its_out_breath() -> None:
    assert phases(window(28_000, breathing=breathing(BOX, "tone"))) == [
        ("in", 0, 4_000, 0, True),
        ("hold", 4_000, 8_000, 0, True),
        ("out", 8_000, 12_000, 0, True),
        ("wait", 12_000, 16_000, 0, True),
        ("in", 16_000, 20_000, 1, True),
        ("hold", 20_000, 24_000, 1, True),
        ("out", 24_000, 28_000, 1, True),
    ]


@pytest.mark.parametrize(("ms", "count"), [(27_999, 1), (28_000, 2), (43_999, 2), (44_000, 3), (11_999, 0)])
def test_a_breath_is_guided_where_it_ends_inside(ms: int, count: int) -> None:
    assert len({breath for _, _, _, breath, _ in phases(window(ms, breathing=breathing(BOX, "tone")))}) == count


def test_a_number_of_breaths_is_just_that() -> None:
    found = phases(window(20_000, kind="breathe", breathing=breathing(SIMPLE, "tone", 2)))
    assert [(kind, start) for kind, start, *_ in found] == [("in", 0), ("out", 4_000), ("in", 10_000), ("out", 14_000)]


@pytest.mark.parametrize(("ms", "said"), [(3_850, "in 3850"), (3_851, "in 900")])
def test_the_fullest_words_that_end_before_their_phase_are_said(ms: int, said: str) -> None:
    found = fill(window(10_000, breathing=breathing(SIMPLE, "voice", None, ms, 900))).placed
    assert found[0].sounding == say(said)
    assert [each.start for each in found] == [0, 4_000]


def test_no_words_are_said_where_none_fit() -> None:
    assert [each.start for each in fill(window(10_000, breathing=breathing(SIMPLE, "voice", None, 4_000))).placed] == [
        4_000
    ]


def test_both_is_voice_for_two_breaths_and_then_the_tone() -> None:
    of = window(40_000, breathing=breathing(SIMPLE, "both"))
    assert [toned for *_, toned in phases(of)] == [False] * 4 + [True] * 4
    assert placed(of) == [(0, 500), (4_000, 4_500), (10_000, 10_500), (14_000, 14_500)]


def test_both_is_tone_where_a_breath_can_not_be_said_whole() -> None:
    of = window(20_000, (4_200, say("a 100")), breathing=breathing(SIMPLE, "both"))
    assert [toned for *_, toned in phases(of)] == [True, True, False, False]
    assert placed(of) == [(4_200, 4_300), (10_000, 10_500), (14_000, 14_500)]


def test_a_voice_goes_on_around_the_script_s_words() -> None:
    of = window(20_000, (4_200, say("a 100")), breathing=breathing(SIMPLE, "voice"))
    assert not any(toned for *_, toned in phases(of))
    assert placed(of) == [(0, 500), (4_200, 4_300), (10_000, 10_500), (14_000, 14_500)]


def test_words_may_touch_the_script_s() -> None:
    of = window(10_000, (500, say("a 100")), (3_000, say("b 1000")), breathing=breathing(SIMPLE, "voice"))
    assert placed(of) == [(0, 500), (500, 600), (3_000, 4_000), (4_000, 4_500)]


def test_a_moment_is_a_share_or_an_offset() -> None:
    assert [at(each).within(10_000) for each in (0, 1, -1, -10_000)] == [0, 1, 9_999, 0]


_CUE = st.tuples(
    st.builds(
        Moment,
        st.one_of(
            st.sampled_from([Fraction(0), Fraction(1, 2), Fraction(1)]), st.fractions(0, 1, max_denominator=1_000)
        ),
        st.integers(-20_000, 20_000),
    ),
    st.integers(1, 4_000),
    st.sampled_from([0, 0, 9_500, 25_000]),
)
_WANTS = st.tuples(st.lists(_CUE, max_size=6).map(tuple), st.lists(st.integers(300, 1_200), max_size=3).map(tuple))


def _has_room(cues: tuple[tuple[Moment, int, int], ...], counts: tuple[int, ...], ms: int) -> bool:
    spans = [(ms - (len(counts) - number) * 1_000, length) for number, length in enumerate(counts)]
    spans = sorted([(at.within(ms), length) for at, length, needs in cues if needs <= ms] + spans)
    ends = [start + length for start, length in spans]
    starts = [start for start, _ in spans]
    return all(start >= 0 for start in starts) and all(map(operator.le, ends, [*starts[1:], ms]))


@settings(max_examples=60)
@given(st.frozensets(_WANTS, min_size=1, max_size=2), st.integers(1_000, 30_000))
def test_a_search_by_leaps_finds_what_one_second_by_second_does(all_wants: Any, ms: int) -> None:
    works = [
        wanted
        for wanted in range(1_000, ms + room.MAX_SEARCH, 1_000)
        if all(_has_room(cues, counts, wanted) for cues, counts in all_wants)
    ]
    later = next((wanted for wanted in works if wanted >= ms), None)
    assert room.find_lengths(all_wants, ms) == (works[0] if works else None, later)


@pytest.mark.parametrize("share", [Fraction(0), Fraction(1, 3), Fraction(1)])
def test_a_long_window_full_of_cues_that_collide_is_searched_in_a_few_leaps(
    share: Fraction, monkeypatch: pytest.MonkeyPatch
) -> None:
    leaps: list[int] = []

    def find(wanted: Any, ms: int) -> int | None:
        leaps.append(ms)
        return plain(wanted, ms)

    plain = room._find_more
    monkeypatch.setattr(room, "_find_more", find)
    random = Random(1)
    same = tuple((Moment(share, -3_000), 500, 0) for _ in range(190))
    spread = tuple((Moment(Fraction(random.randrange(1_000), 1_000), each * 7), 40, 0) for each in range(190))
    for cues in (same, spread, (*same[:1], *spread)):
        leaps.clear()
        room.find_lengths(frozenset([(cues, (400, 400))]), 39_600_000)
        assert len(leaps) < 100
