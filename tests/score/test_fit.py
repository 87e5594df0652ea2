"""A plan made to last a total: shares, ends of ranges, whole breaths, and the odd milliseconds."""

from __future__ import annotations

import math
from typing import Any

import pytest

from tests.score.parts import lengths, plan, say, window
from voiceguide.score import fit
from voiceguide.score.fit import OutOfReachError, explain_miss, fit_to_total
from voiceguide.score.items import Plan, Window
from voiceguide.score.layout import add_up
from voiceguide.times import Pattern

BREATH = Pattern(4_000, 0, 6_000, 0)
WAITING = Pattern(4_000, 0, 4_000, 2_000)


def length(of: Plan) -> int:
    return add_up(of, lengths(of))


def fitted(base: Plan, total: int) -> tuple[list[int], int]:
    """The windows' lengths, and the tail."""
    done = fit_to_total(base, base, length(base), total)
    assert length(done) == total
    return [item.ms for item in done.items if isinstance(item, Window)], done.tail


def test_all_move_by_one_factor() -> None:
    base = plan(window(10_000), window(20_000, kind="rest"), say("a 500"))
    assert fitted(base, 45_500) == ([15_000, 30_000], 0)
    assert fitted(base, 24_500) == ([8_000, 16_000], 0)


def test_one_that_is_at_its_end_leaves_the_rest_to_the_others() -> None:
    base = plan(window(10_000, low=9_000, high=12_000), window(20_000, high=90_000))
    assert fitted(base, 60_000) == ([12_000, 48_000], 0)
    base = plan(window(10_000, low=9_000, high=12_000), window(20_000, low=1))
    assert fitted(base, 20_000) == ([9_000, 11_000], 0)


def test_far_reaching_ones_stay_in_proportion_when_another_is_at_its_end() -> None:
    base = plan(window(10_000, high=11_000), window(10_000, high=100_000), window(20_000, high=200_000))
    assert fitted(base, 161_000) == ([11_000, 50_000, 100_000], 0)


@pytest.mark.parametrize("total", [5_000, 30_000])
def test_both_ends_can_be_met(total: int) -> None:
    assert fitted(plan(window(10_000)), total) == ([total], 0)


@pytest.mark.parametrize(
    ("total", "nearest", "message"),
    [
        (4_999, 5_000, "fit: 4.999s is out of reach; the shortest it can be is 5s, the longest 30s"),
        (30_001, 30_000, "fit: 30.001s is out of reach; the shortest it can be is 5s, the longest 30s"),
    ],
)
def test_what_is_out_of_reach_comes_as_near_as_it_can(total: int, nearest: int, message: str) -> None:
    base = plan(window(10_000))
    with pytest.raises(OutOfReachError) as caught:
        fitted(base, total)
    assert str(caught.value) == message
    assert length(caught.value.closest) == nearest


def test_breathing_is_left_alone() -> None:
    base = plan(window(10_000), window(10_000, kind="breathe"))
    assert fitted(base, 25_000) == ([15_000, 10_000], 0)


def test_windows_of_one_step_stay_equal_and_the_odd_milliseconds_end_the_session() -> None:
    base = plan(*(window(10_000, step=1) for _ in range(3)))
    assert fitted(base, 36_001) == ([12_000] * 3, 1)
    assert fitted(base, 36_002) == ([12_000] * 3, 2)
    assert fitted(base, 36_003) == ([12_001] * 3, 0)


def test_odd_milliseconds_go_to_whoever_can_take_them() -> None:
    base = plan(*(window(10_000, step=1) for _ in range(2)), window(10_000, high=12_000))
    assert fitted(base, 36_001) == ([12_000, 12_000, 12_000], 1)
    base = plan(*(window(10_000, step=1) for _ in range(2)), window(10_000))
    assert fitted(base, 36_001) == ([12_000, 12_000, 12_001], 0)


def test_an_earlier_tail_is_not_counted_twice() -> None:
    base = plan(*(window(10_000, step=1) for _ in range(3)))
    once = fit_to_total(base, base, length(base), 36_002)
    again = fit_to_total(base, once, length(once), 45_000)
    assert [item.ms for item in again.items if isinstance(item, Window)] == [15_000] * 3
    assert again.tail == 0


def test_what_was_moved_is_lenient_and_what_was_not_is_not() -> None:
    base = plan(window(10_000), window(10_000, low=10_000, high=10_000))
    done = fit_to_total(base, base, 20_000, 25_000)
    assert [item.lenient for item in done.items if isinstance(item, Window)] == [True, False]


def test_breaths_stay_whole_and_the_others_take_up_what_is_left() -> None:
    base = plan(window(30_000, unit=BREATH), window(30_000))
    assert fitted(base, 83_000) == ([40_000, 43_000], 0)
    assert fitted(base, 40_000) == ([20_000, 20_000], 0)


def test_breaths_that_are_told_to_wait_end_on_an_out_breath() -> None:
    base = plan(window(28_000, unit=WAITING, low=8_000, high=48_000), window(1_000, low=1, high=20_000))
    (first, second), tail = fitted(base, 50_000)
    assert (first + 2_000) % 10_000 == 0
    assert (first, second, tail) == (48_000, 2_000, 0)


def test_breaths_alone_miss_what_lies_between() -> None:
    base = plan(window(30_000, unit=BREATH))
    assert fitted(base, 50_000) == ([50_000], 0)
    with pytest.raises(OutOfReachError) as caught:
        fitted(base, 54_000)
    assert str(caught.value) == (
        "fit: 54s can't be met exactly, because holds counted in breaths move in whole breaths; "
        "the nearest total that can is 50s"
    )
    assert length(caught.value.closest) == 50_000


@pytest.mark.parametrize(
    ("low", "high", "ends"),
    [
        (8_000, 28_000, (8_000, 28_000)),
        (8_001, 27_999, (18_000, 18_000)),
        (7_999, 28_001, (8_000, 28_000)),
        (1, 5, (8_000, 18_000)),
        (18_000, 37_999, (18_000, 28_000)),
        (30_000, 60_000, (18_000, 58_000)),
    ],
)
def test_a_range_is_taken_in_whole_breaths_its_own_length_among_them(
    low: int, high: int, ends: tuple[int, int]
) -> None:
    assert fit._find_whole_range(WAITING, 18_000, low, high) == ends


def test_two_sides_of_breaths_move_together() -> None:
    base = plan(*(window(20_000, unit=BREATH, step=1) for _ in range(2)), window(20_000, unit=BREATH))
    assert fitted(base, 90_000) == ([30_000, 30_000, 30_000], 0)
    assert fitted(base, 100_000) == ([30_000, 30_000, 40_000], 0)


def test_the_combination_nearest_to_proportion_is_taken() -> None:
    base = plan(window(20_000, unit=BREATH), window(60_000, unit=BREATH))
    assert fitted(base, 160_000) == ([40_000, 120_000], 0)
    assert fitted(base, 120_000) == ([30_000, 90_000], 0)


def test_a_plan_in_which_nothing_moves() -> None:
    with pytest.raises(
        OutOfReachError, match="nothing in this session can be made longer or shorter; it always lasts 1s"
    ):
        fitted(plan(say("a 1000")), 2_000)


@pytest.mark.parametrize(
    ("total", "shortest", "longest", "beginning"),
    [
        (5_000, 5_000, 5_000, "fit: nothing"),
        (5_000, 5_000, 9_000, "fit: 5s can't be met exactly"),
        (9_000, 5_000, 9_000, "fit: 9s can't be met exactly"),
        (4_999, 5_000, 9_000, "fit: 4.999s is out of reach"),
        (9_001, 5_000, 9_000, "fit: 9.001s is out of reach"),
    ],
)
def test_why_a_total_is_missed(total: int, shortest: int, longest: int, beginning: str) -> None:
    assert explain_miss(total, shortest, longest, 6_000).startswith(beginning)


def test_many_combinations_keep_both_ends() -> None:
    sums: dict[int, fit._Sum] = {ms: (float(abs(ms - 5_000)), 0, None) for ms in range(10_001)}
    kept = fit._keep_best(sums, 2_000, 0.0, math.inf)
    assert len(kept) == 2_002
    assert {0, 10_000, 5_000, 5_999, 4_001} <= kept.keys()
    # What is away from the sum in proportion counts as much as what others would have to give for it.
    assert {0, 10_000, 2_000, 2_999, 1_001} <= fit._keep_best(sums, 2_000, 2_000.0, 1e-9).keys()
    few: dict[int, fit._Sum] = dict.fromkeys(range(2_000), (0.0, 0, None))
    assert fit._keep_best(few, 2_000, 0.0, 1.0) == few


@pytest.mark.parametrize("count", [12, 50, 300])
@pytest.mark.parametrize("total", [10_000, 13_700])
def test_many_holds_in_breaths_are_fitted_to_the_millisecond_and_each_fit_weighs_a_bounded_number(
    count: int, total: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    weighed: list[int] = []

    def weigh(*given: Any) -> Any:
        weighed.append(len(found := plain(*given)))
        return found

    plain = fit._weigh_lengths
    monkeypatch.setattr(fit, "_weigh_lengths", weigh)
    units = [Pattern(1_000 + 1_000 * (each % 9), 0, 3_000 + 100 * (each % 10), 0) for each in range(count)]
    base = plan(*(window(unit.ms, low=1, high=7_200_000, unit=unit, step=n) for n, unit in enumerate(units)))
    found, tail = fitted(base, total * count)
    assert tail == 0
    assert all(ms % unit.ms == 0 for ms, unit in zip(found, units, strict=True))
    assert sum(weighed) * min(fit.MAX_SUMS, max(fit.MIN_SUMS, fit.MAX_WEIGHED // sum(weighed))) <= fit.MAX_WEIGHED


def test_holds_stay_in_proportion_up_to_the_ends_of_their_ranges() -> None:
    base = plan(window(10_000, high=30_000), window(20_000, high=60_000))
    assert fitted(base, 87_000) == ([29_000, 58_000], 0)
