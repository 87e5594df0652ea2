from __future__ import annotations

import numpy as np
import numpy.typing as npt
import pytest
from hypothesis import given
from hypothesis import strategies as some

from voiceguide.sound.beds.envelope import (
    ATTACK_MS,
    DUCK_DB,
    FADE_MS,
    RELEASE_MS,
    Envelope,
    duck_envelope,
    fade_envelope,
    make_envelope,
)

Floats = npt.NDArray[np.float32]
LOW = 10 ** (DUCK_DB / 20)


def _over(shape: Envelope, ms: int, start: int = 0, block: int = 0) -> Floats:
    """The factors from sample `start` on for `ms`, asked for in blocks."""
    ones = np.ones((48 * ms, 2), np.float32)
    step = block or max(1, len(ones))
    for at in range(0, len(ones), step):
        shape.apply(ones[at : at + step], start + at)
    assert np.array_equal(ones[:, 0], ones[:, 1])
    return ones[:, 0]


def test_it_runs_straight_between_its_points() -> None:
    shape = make_envelope([(300, 1.0), (100, 0.0), (200, 0.5), (200, 0.25)])
    time = np.arange(48 * 400) / 48
    expected = np.interp(time, (100, 200 - 1e-9, 200, 300), (0.0, 0.5, 0.25, 1.0))
    assert np.abs(_over(shape, 400) - expected).max() < 1e-6


@pytest.mark.parametrize("block", [1, 7, 48, 1000, 4097])
def test_blocks_make_no_difference(block: int) -> None:
    shape = duck_envelope([(50, 90), (1000, 1100)], 1300)
    whole = _over(shape, 200, start=48 * 960)
    assert np.abs(_over(shape, 200, start=48 * 960, block=block) - whole).max() < 1e-6


def test_points_between_samples_are_met() -> None:
    shape = make_envelope([(0.0, 0.0), (10.01, 1.0), (10.011, 0.5), (20.0, 0.5)])
    time = np.arange(48 * 20) / 48
    assert np.abs(_over(shape, 20) - np.interp(time, shape.times, shape.factors)).max() < 1e-5


def test_where_nothing_changes_nothing_is_touched() -> None:
    sound = np.random.default_rng(1).normal(0, 1, (4800, 1)).astype(np.float32)
    before = sound.copy()
    duck_envelope([(5_000, 6_000)], 60_000).apply(sound, 48 * 1_000)
    assert np.array_equal(sound, before)


def test_it_goes_down_before_speech_and_up_after_it() -> None:
    assert -12 <= DUCK_DB <= -10
    assert 10 <= ATTACK_MS <= 30
    assert 500 <= RELEASE_MS <= 800
    factor = _over(duck_envelope([(2_000, 3_000)], 6_000), 6_000)
    changed = np.flatnonzero(factor < 1)
    assert changed[0] / 48 == pytest.approx(2_000 - ATTACK_MS, abs=0.1)
    assert changed[-1] / 48 == pytest.approx(3_000 + RELEASE_MS, abs=0.1)
    assert np.allclose(factor[48 * 2_000 : 48 * 3_000], LOW)


def test_words_close_together_are_one_stretch() -> None:
    close = _over(duck_envelope([(1_000, 1_500), (1_500 + RELEASE_MS, 2_500)], 4_000), 4_000)
    assert np.allclose(close[48 * 1_000 : 48 * 2_500], LOW)
    apart = _over(duck_envelope([(1_000, 1_500), (1_530 + RELEASE_MS, 2_500)], 4_000), 4_000)
    assert apart.max() == 1.0 == apart[48 * (1_505 + RELEASE_MS)]


@pytest.mark.parametrize("duration", [0, 1, 700, 60_000])
def test_speech_at_either_end(duration: int) -> None:
    factor = _over(duck_envelope([(0, duration)], duration), duration)
    assert np.allclose(factor, LOW)
    assert np.allclose(_over(duck_envelope([], duration), duration), 1)


@pytest.mark.parametrize(("duration", "fade"), [(60_000, FADE_MS), (8_000, 2_000), (100, 25)])
def test_fades(duration: int, fade: int) -> None:
    assert 2_000 <= FADE_MS <= 4_000
    factor = _over(fade_envelope(duration), duration)
    assert factor[0] == 0.0
    assert factor[24 * fade] == pytest.approx(0.5, abs=0.01)
    assert np.allclose(factor[48 * fade + 48 : -48 * fade - 48], 1)
    assert factor[-24 * fade] == pytest.approx(0.5, abs=0.01)
    assert factor[-1] < 1e-3


@pytest.mark.parametrize("duration", [0, 1, 2, 3, 7])
def test_a_session_of_no_length_still_has_fades(duration: int) -> None:
    assert np.isfinite(_over(fade_envelope(duration), duration)).all()


_points = some.lists(
    some.tuples(some.integers(0, 600), some.sampled_from([0.0, 0.25, 1.0])), min_size=1, max_size=8
).map(lambda points: make_envelope([(float(time), factor) for time, factor in points]))


@given(_points, some.integers(0, 500), some.integers(1, 200), some.integers(0, 20))
def test_a_stretch_is_all_that_its_factors_depend_on(shape: Envelope, start: int, length: int, later: int) -> None:
    stretch = shape.stretch(start, start + length)
    factors = _over(shape, length, start=48 * start)
    assert np.array_equal(_over(make_envelope(list(stretch)), length), factors)
    moved = Envelope(tuple(time + later for time in shape.times), shape.factors)
    assert moved.stretch(start + later, start + later + length) == stretch


def test_a_level_line_is_the_same_wherever_it_ends() -> None:
    assert duck_envelope([(5_000, 6_000)], 90_000).stretch(10_000, 20_000) == ((0.0, 1.0),)
    assert duck_envelope([(5_000, 6_000)], 90_000).stretch(5_500, 5_900) == ((0.0, LOW),)
    assert duck_envelope([(5_000, 6_000)], 90_000).stretch(4_000, 5_500) == duck_envelope(
        [(4_500, 7_000)], 9_000
    ).stretch(3_500, 5_000)
    assert fade_envelope(50_000).stretch(60_000, 70_000) == ((0.0, 0.0),)
    assert Envelope((7.0,), (0.5,)).stretch(0, 5) == Envelope((7.0,), (0.5,)).stretch(9, 14) == ((0.0, 0.5),)
