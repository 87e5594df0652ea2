from __future__ import annotations

import math

import numpy as np
import numpy.typing as npt
import pytest

from tests.sound.meters import ebur128, pyloudnorm_lufs
from voiceguide.sound.loudness import level
from voiceguide.sound.loudness.meter import measure_blocks

Floats = npt.NDArray[np.float32]
RATE = 48_000


def _noise(seconds: float, lufs: float, seed: int = 1) -> Floats:
    """Noise of a loudness by another meter, with soft ends."""
    sound = np.random.default_rng(seed).normal(0, 0.1, round(seconds * RATE)).astype(np.float32)
    return np.asarray(sound * np.float32(10 ** ((lufs - pyloudnorm_lufs(np.tile(sound, 8))) / 20)))


def _session(parts: list[tuple[float, float]], gap: float) -> tuple[Floats, list[tuple[float, float]]]:
    """Sounds of (seconds, LUFS) with silence around each; and the blocks that they are computed from."""
    silence = np.zeros(round(gap * RATE), np.float32)
    sounds = [_noise(seconds, lufs, seed) for seed, (seconds, lufs) in enumerate(parts)]
    whole = np.concatenate([piece for sound in sounds for piece in (silence, sound)] + [silence])
    return whole, [block for sound in sounds for block in measure_blocks(sound, RATE)]


@pytest.mark.parametrize(
    "parts",
    [
        [(3, -19), (3, -19), (3, -19)],
        [(3, -19), (0.6, -19), (0.8, -19)],
        [(2, -19), (1, -22), (8, -24)],
        [(1, -22), (1, -22)],
        [(4, -19), (4, -35)],
        [(0.5, -25), (0.3, -25), (12, -23)],
    ],
    ids=str,
)
@pytest.mark.parametrize("gap", [1.3, 3.0])
def test_the_computed_loudness_agrees_with_two_meters(parts: list[tuple[float, float]], gap: float) -> None:
    sound, blocks = _session(parts, gap)
    computed = level.integrate(blocks)
    assert computed == pytest.approx(pyloudnorm_lufs(sound), abs=0.4)
    assert computed == pytest.approx(ebur128(sound)[0], abs=0.4)


def test_silence_has_no_loudness_and_wants_no_gain() -> None:
    assert level.integrate([]) == -math.inf
    assert level.integrate([(-80.0, 100)]) == -math.inf
    assert level.find_gain(-math.inf) == 0.0


@pytest.mark.parametrize(
    ("loudness", "gain"),
    [(-19.0, 0.0), (-19.4, 0.0), (-18.6, 0.0), (-22.0, 3.0), (-19.8, 1.0), (-17.0, -2.0), (-60.0, level.MAX_GAIN)],
)
def test_a_session_is_brought_to_its_target_and_left_alone_if_near(loudness: float, gain: float) -> None:
    assert level.find_gain(loudness) == gain
    left = loudness + gain - level.TARGET
    assert abs(left) <= level.SLACK or gain == level.MAX_GAIN


@pytest.mark.parametrize(
    ("voice", "session", "gain"),
    [
        (-19.0, -19.0, 0.0),
        (-19.23, -19.2, 0.2),
        (-19.2, -41.0, 0.2),
        (-22.0, -37.0, 3.0),
        (-19.0, -14.0, -5.0),
        (-60.0, -60.0, level.MAX_GAIN),
        (-math.inf, -41.0, 0.0),
    ],
    ids=["as it is", "a little soft", "little is said", "bells alone", "loud sounds", "the most", "a bed alone"],
)
def test_over_a_bed_the_voice_is_at_its_target_and_the_session_not_above_it(
    voice: float, session: float, gain: float
) -> None:
    assert level.find_gain_with_bed(voice, session) == gain


def test_what_is_ten_below_does_not_count() -> None:
    speech = [(-19.0, 100.0)]
    assert level.integrate([*speech, (-40.0, 100.0)]) == pytest.approx(-19)
    assert level.integrate([*speech, (-28.0, 100.0)]) < -20
