from __future__ import annotations

import math
from collections.abc import Callable

import numpy as np
import numpy.typing as npt
import pytest
import soxr

from tests.sound.meters import ebur128, pyloudnorm_lufs
from tests.sound.spoken import recordings
from voiceguide.sound.loudness.meter import Meter, block_energies, integrate, measure_in_silence, true_peak

Floats = npt.NDArray[np.float64]
RATE = 48_000


def _tone(hertz: float, gain: float, seconds: float = 3.0, rate: int = RATE) -> Floats:
    tone: Floats = gain * np.sin(2 * np.pi * hertz * np.arange(round(seconds * rate)) / rate)
    return tone


def _faded(sound: Floats) -> Floats:
    """With edges of 50 ms: a step has peaks that depend on each meter's own filter."""
    edge = np.minimum(1, (np.arange(len(sound)) + 1) / 2400)
    faded: Floats = sound * edge * edge[::-1]
    return faded


def _music_noise(seed: int, gain: float) -> Floats:
    """Noise up to 12 kHz. What lies close to half the rate, each meter's filter treats in its own way."""
    up: Floats = soxr.resample(_noise(seed, gain, 1.5), 1, 2)
    return up


def _noise(seed: int, gain: float, seconds: float = 3.0) -> Floats:
    return gain * np.random.default_rng(seed).standard_normal(round(seconds * RATE))


def _speech() -> Floats:
    [spoken] = recordings([("en-us", 130, "Kneel on your left knee, with your right foot in front.")])
    voice = np.frombuffer(spoken.samples, "<i2") / 32768
    # Read at twice its rate it is still speech-like, and needs no resampler of ours.
    return np.concatenate((voice, np.zeros(2 * RATE), 0.1 * voice))


SOUNDS: dict[str, Callable[[], Floats]] = {
    "speech": _speech,
    "low tone": lambda: _faded(_tone(60, 0.4)),
    "high tone": lambda: _faded(_tone(7000, 0.2)),
    "noise": lambda: _music_noise(1, 0.1),
    "loud noise": lambda: _music_noise(5, 0.6),
    "tone with silences": lambda: np.concatenate(
        (_faded(_tone(997, 0.3, 1.0)), np.zeros(3 * RATE), _tone(997, 0.05, 1.0))
    ),
    "stereo": lambda: np.stack((_music_noise(2, 0.1), _tone(440, 0.2)), axis=1),
    "peaks between samples": lambda: _faded(_tone(11_500, 0.5)),
}


@pytest.mark.parametrize("name", SOUNDS)
def test_agrees_with_other_meters(name: str) -> None:
    sound = SOUNDS[name]().astype(np.float32)
    loudness = integrate(block_energies(sound, RATE))
    reference, peak = ebur128(sound)
    assert loudness == pytest.approx(pyloudnorm_lufs(sound), abs=0.1)
    assert loudness == pytest.approx(reference, abs=0.1)
    assert true_peak(sound) == pytest.approx(peak, abs=0.2)


@pytest.mark.parametrize("rate", [8000, 11_025, 22_050, 44_100, 48_000, 96_000])
def test_a_full_scale_sine_reads_as_the_standard_says_at_any_rate(rate: int) -> None:
    assert integrate(block_energies(_tone(997, 1.0, rate=rate), rate)) == pytest.approx(-3.01, abs=0.05)


def test_integers_and_floats_read_the_same() -> None:
    whole = np.rint(_tone(997, 0.25) * 32768).astype(np.int16)
    assert np.array_equal(block_energies(whole, RATE), block_energies(whole.astype(np.float32) / 32768, RATE))
    assert true_peak(whole) == pytest.approx(20 * math.log10(0.25), abs=0.02)


@pytest.mark.parametrize("rate", [11_025, 48_000])
def test_sound_in_pieces_reads_as_in_one(rate: int) -> None:
    generator = np.random.default_rng(3)
    sound = (0.1 * generator.standard_normal((rate * 7, 2))).astype(np.float32)
    cuts = np.sort(generator.integers(0, len(sound), 23))
    meter = Meter(rate)
    for piece in np.split(sound, cuts):
        buffer = piece.copy()
        meter.add(buffer)
        # A caller may reuse its buffer.
        buffer[:] = 1
    # Asking in between changes nothing either.
    assert len(meter.energies) == len(meter.energies) == 67
    assert meter.energies == pytest.approx(block_energies(sound, rate), rel=1e-4)


def test_silence_by_its_length_reads_as_silence_in_samples() -> None:
    one, other = Meter(RATE), Meter(RATE)
    sound = _noise(4, 0.2, 0.73).astype(np.float32)
    for length in (0, 100, 4800, 500_001):
        for meter in (one, other):
            meter.add(sound)
        one.add_silence(length)
        other.add(np.zeros(length, np.float32))
    assert len(one.energies) == len(other.energies)
    assert one.energies == pytest.approx(other.energies, rel=1e-4, abs=1e-12)
    assert one.loudness == pytest.approx(other.loudness, abs=0.01)


def test_silence_is_minus_infinity() -> None:
    silence = np.zeros(RATE, np.int16)
    assert integrate(block_energies(silence, RATE)) == -math.inf
    assert integrate([]) == -math.inf
    assert true_peak(silence) == true_peak(silence[:0]) == -math.inf
    assert Meter(RATE).loudness == -math.inf


def test_less_than_a_block_has_no_energies() -> None:
    assert block_energies(np.ones(RATE // 3), RATE).shape == (0,)


def test_a_change_of_channels_is_refused() -> None:
    meter = Meter(RATE)
    meter.add(np.zeros((10, 2)))
    with pytest.raises(ValueError, match="shape"):
        meter.add(np.zeros(10))


def test_a_short_sound_reads_as_the_average_over_its_places() -> None:
    word = _tone(500, 0.2, 0.31)
    places = [
        pyloudnorm_lufs(np.concatenate((np.zeros(RATE + shift), word, np.zeros(RATE)))) for shift in range(0, 4800, 480)
    ]
    assert measure_in_silence(word, RATE) == pytest.approx(float(np.mean(places)), abs=0.2)
