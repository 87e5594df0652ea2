from __future__ import annotations

import numpy as np
import numpy.typing as npt
import pytest

from voiceguide.grid import RATE
from voiceguide.score.timeline import Pan
from voiceguide.sound.loudness.meter import true_peak
from voiceguide.sound.segments import AudioSegment, samples, segment
from voiceguide.sound.speech import CEILING
from voiceguide.sound.stereo import FAR, NEAR, SEMITONES, TURN_MS, cap_peaks, duck, finish_clip

Floats = npt.NDArray[np.float64]
LEAN = 20 * np.log10(NEAR / FAR)


def _tone(ms: int, hertz: float = 700.0, gain: float = 0.3) -> AudioSegment:
    time = np.arange(48 * ms) / RATE
    return segment(np.rint(32767 * gain * np.sin(2 * np.pi * hertz * time)).astype(np.int16))


def _heard(clip: AudioSegment) -> Floats:
    return samples(clip).astype(np.float64) / 32768


def _db(sound: Floats) -> float:
    return float(10 * np.log10(np.mean(sound**2)))


def _balance(sound: Floats, start: int, end: int) -> float:
    """How many dB the left is louder than the right, between two times in ms."""
    part = sound[48 * start : 48 * end]
    return _db(part[:, 0]) - _db(part[:, 1])


def _pitch(sound: Floats) -> float:
    return float(np.abs(np.fft.rfft(sound * np.hanning(len(sound)), 8 * len(sound))).argmax()) * RATE / (8 * len(sound))


def _stereo(clip: AudioSegment, pan: Pan | None = None, *, pitched: bool = False) -> Floats:
    return _heard(finish_clip(clip, 0.0, stereo=True, pan=pan, side_words=(), pitched=pitched))


def test_without_a_side_both_ears_hear_the_same() -> None:
    clip = _tone(300)
    sound = _stereo(clip)
    assert np.array_equal(sound[:, 0], sound[:, 1])
    assert np.abs(sound[:, 0] - _heard(clip)).max() < 1e-4


@pytest.mark.parametrize(("pan", "sign"), [("left", 1), ("right", -1)])
def test_a_side_leans_and_keeps_its_power(pan: Pan, sign: int) -> None:
    clip = _tone(300)
    sound = _stereo(clip, pan)
    assert sound.shape == (48 * 300, 2)
    assert _balance(sound, 0, 300) == pytest.approx(sign * LEAN, abs=0.05)
    assert _db(sound) == pytest.approx(_db(_heard(clip)), abs=0.05)
    # Neither ear is ever left without it.
    assert min(_db(sound[:, 0]), _db(sound[:, 1])) > _db(_heard(clip)) - 6


def test_chimes_of_the_sides_are_a_third_apart_on_one_loudspeaker() -> None:
    clip = _tone(400)
    left, right = (_pitch(_stereo(clip, pan, pitched=True).mean(axis=1)) for pan in ("left", "right"))
    assert left == pytest.approx(700 * 2 ** (SEMITONES["left"] / 12), rel=0.005)
    assert right == pytest.approx(700 * 2 ** (SEMITONES["right"] / 12), rel=0.005)
    assert right / left == pytest.approx(2 ** (4 / 12), rel=0.005)


@pytest.mark.parametrize("pan", ["left", "right"])
def test_a_shifted_chime_keeps_its_length_and_ends_softly(pan: Pan) -> None:
    clip = _tone(400)
    sound = _stereo(clip, pan, pitched=True)
    assert len(sound) == 48 * 400
    assert np.abs(sound[-2:]).max() < 0.01
    kept = np.flatnonzero(np.abs(sound[:, 0]) > 0.1)[-1]
    assert np.abs(np.diff(sound[kept:, 0])).max() < 0.05


def test_in_mono_a_side_changes_nothing() -> None:
    clip = _tone(300)
    for pan in ("left", "right"):
        assert np.array_equal(
            samples(finish_clip(clip, 0.0, stereo=False, pan=pan, side_words=(), pitched=True)), samples(clip)
        )


def test_marked_words_lean_and_the_rest_stays() -> None:
    clip = _tone(1_000)
    made = finish_clip(
        clip, 0.0, stereo=True, pan=None, side_words=((200, 400, "left"), (600, 800, "right")), pitched=False
    )
    sound = _heard(made)
    assert _balance(sound, 0, 200) == pytest.approx(0, abs=0.01)
    assert _balance(sound, 200 + TURN_MS, 400 - TURN_MS) == pytest.approx(LEAN, abs=0.1)
    assert _balance(sound, 400, 600) == pytest.approx(0, abs=0.01)
    assert _balance(sound, 600 + TURN_MS, 800 - TURN_MS) == pytest.approx(-LEAN, abs=0.1)
    assert _balance(sound, 800, 1_000) == pytest.approx(0, abs=0.01)
    # It turns; it does not jump: no step beyond the tone's own.
    assert np.abs(np.diff(sound, axis=0)).max() < 1.01 * NEAR * np.abs(np.diff(_heard(clip))).max()


@pytest.mark.parametrize("side_words", [((0, 1, "left"),), ((999, 5_000, "right"),), ((0, 1_000, "left"),)], ids=str)
def test_marks_at_the_edges(side_words: tuple[tuple[int, int, Pan], ...]) -> None:
    sound = _heard(finish_clip(_tone(1_000), 0.0, stereo=True, pan=None, side_words=side_words, pitched=False))
    assert sound.shape == (48_000, 2)
    assert np.abs(sound).max() < 1


@pytest.mark.parametrize("gain", [-6.0, 0.5, 3.0, 15.0])
@pytest.mark.parametrize("stereo", [False, True])
def test_gain_never_goes_through_the_ceiling(gain: float, stereo: bool) -> None:
    clip = _tone(400, gain=0.5)
    sound = _heard(finish_clip(clip, gain, stereo=stereo, pan="left" if stereo else None, side_words=(), pitched=False))
    inner = sound[4_800:-4_800]
    assert true_peak(inner) < CEILING + 0.2
    if gain < 0:
        assert _db(sound) == pytest.approx(_db(_heard(clip)) + gain, abs=0.05)


@pytest.mark.parametrize("stereo", [False, True])
def test_what_lies_under_words_steps_back(stereo: bool) -> None:
    clip = finish_clip(_tone(4_000), 0.0, stereo=stereo, pan=None, side_words=(), pitched=False)
    # On the session's clock it begins at 10 s, and someone speaks from 11 to 12.
    sound, before = _heard(duck(clip, [(11_000, 12_000)], 10_000)), _heard(clip)
    assert np.abs(sound[: 48 * 970] - before[: 48 * 970]).max() < 1e-4
    assert _db(sound[48 * 1_000 : 48 * 2_000]) == pytest.approx(_db(before) - 11, abs=0.1)
    assert np.abs(sound[48 * 2_660 :] - before[48 * 2_660 :]).max() < 1e-4


@pytest.mark.parametrize("stereo", [False, True])
def test_what_is_laid_over_each_other_stays_below_the_ceiling(stereo: bool) -> None:
    one = finish_clip(_tone(500, gain=0.7), 0.0, stereo=stereo, pan=None, side_words=(), pitched=False)
    both = _heard(cap_peaks(one.overlay(one)))
    assert true_peak(both[4_800:-4_800]) < CEILING + 0.2
    quiet = _tone(500, gain=0.2)
    assert np.array_equal(samples(cap_peaks(quiet)), samples(quiet))
