from __future__ import annotations

import numpy as np
import numpy.typing as npt
import pytest

from voiceguide.grid import FRAME_MS, FULL, RATE, VOICE
from voiceguide.sound.breath import HIGH, LEVEL, LOW, make_tone
from voiceguide.sound.clips import Breathed, breath_ms
from voiceguide.sound.loudness.meter import measure_in_silence, true_peak
from voiceguide.sound.mix import PlacedClip, find_passages
from voiceguide.sound.segments import samples
from voiceguide.times import NAMED_PATTERNS, Pattern, pattern

Floats = npt.NDArray[np.float64]
PATTERNS = [*NAMED_PATTERNS.values(), *map(pattern, ("4-6", "4-2-6", "3-1-5-2", "1-1", "20-15-25-10", "5-70-5"))]


def _tone(breath: Pattern) -> Floats:
    return samples(make_tone(breath, breath_ms(breath))).astype(np.float64) / 32768


def _swell(sound: Floats) -> Floats:
    """How loud it is at each sample: its power over 60 ms, in which neither its waves nor their beats show."""
    window = np.hanning(48 * 60)
    size = 1 << (len(sound) + len(window)).bit_length()
    power = np.fft.irfft(np.fft.rfft(np.square(sound), size) * np.fft.rfft(window / window.sum(), size), size)
    return np.asarray(np.sqrt(np.maximum(0, power[len(window) // 2 :][: len(sound)])))


def _between(sound: Floats, start: int, end: int) -> Floats:
    return sound[48 * start : 48 * end]


def _line(ms: int) -> Floats:
    height = np.arange(48 * ms) / (48 * ms)
    return np.asarray(height**2 * (3 - 2 * height))


@pytest.mark.parametrize("breath", PATTERNS, ids=str)
def test_it_rises_for_the_in_breath_stays_and_falls_for_the_out_breath(breath: Pattern) -> None:
    swell = _swell(_tone(breath))
    # A line of height h makes a swell of h²(3-2h): half of it at the middle of each phase, whatever the phase's length.
    wanted = np.concatenate((_line(breath.breathe_in), np.ones(48 * breath.hold_in), _line(breath.breathe_out)[::-1]))
    top = float(np.median(swell[wanted[: len(swell)] > 0.99]))
    # The period that it is measured over smears the edges of the shortest phases by about one per cent.
    assert np.abs(swell / top - wanted[: len(swell)]).max() < 0.02
    # Where it crosses half its height tells a phase's place: within 25 ms, or a hundredth of a very long one.
    full, out = breath.breathe_in, breath.breathe_in + breath.hold_in
    crossed = np.flatnonzero(swell > top / 2)
    assert crossed[0] / 48 == pytest.approx(full / 2, abs=max(25, full / 200))
    assert crossed[-1] / 48 == pytest.approx(out + breath.breathe_out / 2, abs=max(25, breath.breathe_out / 200))
    tenths = swell[: len(swell) // 4800 * 4800].reshape(-1, 4800).mean(axis=1)
    assert (np.diff(tenths[: full // 100]) > -0.005 * top).all()
    assert (np.diff(tenths[out // 100 + 1 :]) < 0.005 * top).all()


@pytest.mark.parametrize("breath", PATTERNS, ids=str)
def test_it_fills_the_breath_and_no_end_of_it_clicks(breath: Pattern) -> None:
    sound = _tone(breath)
    voiced = breath.breathe_in + breath.hold_in + breath.breathe_out
    rest = (2 + FULL.flush_frames) * FRAME_MS
    assert voiced - rest <= len(sound) / 48 <= voiced
    # With a pause after the out-breath nothing has to be cut off.
    assert len(sound) / 48 == voiced or breath.hold_out < rest
    assert abs(sound[0]) == 0
    # What is cut off is below a thirtieth of the swell even in the shortest out-breath, and goes in 5 ms.
    assert np.abs(sound[-480:]).max() < LEVEL / 30
    assert np.abs(np.diff(sound[-480:])).max() < 1e-3
    assert abs(sound[-1]) < 1e-4


def test_its_pitch_tells_the_way() -> None:
    sound = _tone(pattern("4-2-6"))

    def pitch(ms: int) -> float:
        piece = _between(sound, ms - 100, ms + 100) * np.hanning(9600)
        return float(np.argmax(np.abs(np.fft.rfft(piece, 16 * 9600)))) * RATE / (16 * 9600)

    heard = [pitch(ms) for ms in (1_000, 2_000, 3_000, 5_000, 7_500, 9_000, 10_500)]
    assert heard[:4] == sorted(heard[:4])
    assert heard[3:] == sorted(heard[3:], reverse=True)
    assert heard[1] == pytest.approx((LOW * HIGH) ** 0.5, rel=0.01)
    assert heard[3] == pytest.approx(HIGH, rel=0.01)


@pytest.mark.parametrize("breath", PATTERNS[:4], ids=str)
def test_it_lies_softly_under_a_voice(breath: Pattern) -> None:
    sound = _tone(breath)
    assert -26 < measure_in_silence(sound, RATE) < -19.5
    assert true_peak(sound) < -12


@pytest.mark.parametrize("breath", PATTERNS, ids=str)
@pytest.mark.parametrize("offset", [0, 1, 11, 12, 13, 23])
def test_each_breath_is_a_passage_of_its_own(breath: Pattern, offset: int) -> None:
    """So that a hundred breaths are encoded once."""
    starts = range(offset, offset + 40 * breath.ms, breath.ms)
    made = find_passages(PlacedClip(start, start + breath_ms(breath), Breathed(breath)) for start in starts)
    assert len(made) == 40
    assert len({each.parts for each in made}) == 1


def test_at_half_the_rate_it_is_the_same_but_for_its_faint_end() -> None:
    breath = PATTERNS[0]
    ms = breath_ms(breath, VOICE)
    assert ms <= breath_ms(breath)
    full, half = samples(make_tone(breath, ms)), samples(make_tone(breath, ms, VOICE))
    assert len(half) == 24 * ms
    # Its phase is half a sample ahead, which nobody hears.
    assert np.abs(full[::2].astype(float) - half).max() < 0.1 * np.abs(full).max()
