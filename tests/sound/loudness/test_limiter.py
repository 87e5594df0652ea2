from __future__ import annotations

import numpy as np
import numpy.typing as npt
import pytest
import soxr

from tests.sound.meters import ebur128
from voiceguide.sound.loudness.limiter import limit
from voiceguide.sound.loudness.meter import true_peak

CEILING = -3.0


def _tone(hertz: float, gain: float, length: int = 24_000) -> npt.NDArray[np.float32]:
    return (gain * np.sin(2 * np.pi * hertz * np.arange(length) / 48_000 + 0.3)).astype(np.float32)


def test_what_stays_below_is_not_touched() -> None:
    sound = _tone(300, 0.7)
    assert limit(sound, CEILING) is sound


@pytest.mark.parametrize("hertz", [80, 300, 2500, 5999.5, 11_990])
def test_true_peaks_stop_at_the_ceiling(hertz: float) -> None:
    sound = np.concatenate((_tone(hertz, 0.2), _tone(hertz, 1.4), _tone(hertz, 0.2)))
    done = limit(sound, CEILING)
    # Where a tone is switched on or off at once, a meter's own filter rings; so it is faded in and out for that.
    edge = np.minimum(1, np.arange(20_000) / 2400)
    assert ebur128(done[26_000:46_000] * edge * edge[::-1])[1] == pytest.approx(CEILING, abs=0.2)
    assert len(done) == len(sound)


def test_noise_stays_below_and_nothing_far_away_changes() -> None:
    hiss = 0.05 * np.random.default_rng(1).standard_normal(48_000).astype(np.float32)
    hiss[20_000:20_200] *= 12
    # Up to 12 kHz, as far as any voice goes.
    noise = soxr.resample(hiss, 1, 2)
    noise[: 40_000 - 240] = noise[40_400 + 240 :][: 40_000 - 240]
    done = limit(noise, CEILING)
    assert true_peak(done) < CEILING + 0.2
    # Not before two milliseconds ahead, and never louder than it was.
    assert np.array_equal(done[: 40_000 - 144], noise[: 40_000 - 144])
    assert np.all(np.abs(done) <= np.abs(noise))
    assert np.abs(done[70_000:] - noise[70_000:]).max() < 1e-4


def test_the_gain_moves_without_a_step() -> None:
    # A steady low tone under a click shows the gain itself.
    sound = np.full(9600, 0.5, np.float32)
    sound[4800] = 1.0
    gain = limit(sound, CEILING) / sound
    assert float(np.abs(np.diff(gain)).max()) < 0.01
    assert gain[4800] == pytest.approx(10 ** (CEILING / 20), abs=0.03)


@pytest.mark.parametrize("length", [0, 1, 2, 15, 47, 48, 49])
def test_lengths_stay(length: int) -> None:
    done = limit(np.ones(length, np.float32), CEILING)
    assert len(done) == length
    assert np.all(done < 0.71)
