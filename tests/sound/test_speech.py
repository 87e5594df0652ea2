from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from typing import Any

import numpy as np
import numpy.typing as npt
import pytest
import soxr

from tests.sound.meters import decoded, mp3, pyloudnorm_lufs
from tests.sound.spoken import recordings
from voiceguide.errors import VoiceError
from voiceguide.grid import FULL, VOICE
from voiceguide.sound.loudness.meter import measure_in_silence, true_peak
from voiceguide.sound.segments import samples, segment
from voiceguide.sound.speech import CEILING, change_grid, condition
from voiceguide.voices.base import Recording

WORDS = [
    "Kneel on your left knee, with your right foot in front.",
    "three",
    "two",
    "one",
    "five",
    "hold",
    "Halfway there.",
    "shift forward",
    "Exhale.",
    "And release.",
]
VOICES = [("en-us", 130), ("gmw/en-us+f3", 100), ("en-us+whisper", 160)]


@pytest.fixture(scope="module")
def spoken() -> dict[tuple[str, int], list[Recording]]:
    lines = [(*voice, word) for voice in VOICES for word in WORDS]
    made = recordings(lines)
    return {voice: made[k * len(WORDS) : (k + 1) * len(WORDS)] for k, voice in enumerate(VOICES)}


def _recording(sound: npt.NDArray[np.float64], rate: int = 22_050) -> Recording:
    return Recording(np.rint(sound * 32767).astype("<i2").tobytes(), rate)


def _vowel(seconds: float, rate: int = 22_050, gain: float = 0.3) -> npt.NDArray[np.float64]:
    """A buzz with the overtones of a voice."""
    time = np.arange(round(seconds * rate)) / rate
    overtone = np.arange(1, 20)[:, None]
    voice: npt.NDArray[np.float64] = gain / 2 * np.sum(np.sin(2 * np.pi * 130 * overtone * time) / overtone, axis=0)
    return voice


@pytest.mark.parametrize("voice", VOICES)
def test_a_session_is_as_loud_as_it_should_be_after_mp3(
    voice: tuple[str, int], spoken: dict[tuple[str, int], list[Recording]]
) -> None:
    parts = []
    for number, recording in enumerate(spoken[voice]):
        parts += [samples(condition(recording)), np.zeros(48_000 + 7919 * number, np.int16)]
    session = decoded(mp3(np.concatenate(parts)))
    assert pyloudnorm_lufs(session) == pytest.approx(-19, abs=1)
    assert true_peak(session) <= -1


@pytest.mark.parametrize("voice", VOICES)
def test_every_clip_starts_at_once_is_level_and_ends_in_silence(
    voice: tuple[str, int], spoken: dict[tuple[str, int], list[Recording]]
) -> None:
    for recording in spoken[voice]:
        clip = condition(recording)
        sound = samples(clip) / 32768
        heard = np.flatnonzero(np.abs(sound) > np.abs(sound).max() * 10 ** (-45 / 20))
        assert heard[0] <= 6 * 48
        assert len(sound) - heard[-1] <= 40 * 48
        assert abs(sound[0]) < 1e-4
        assert abs(sound[-1]) < 1e-4
        assert len(sound) == 48 * len(clip)
        assert measure_in_silence(sound, 48_000) == pytest.approx(-19, abs=1.2)
        assert true_peak(sound) <= -1.9


def test_a_soft_consonant_is_kept() -> None:
    # An f stands about 30 dB below the vowel after it.
    hiss = 0.01 * np.random.default_rng(1).standard_normal(2205)
    voice = _vowel(0.4)
    clip = condition(_recording(np.concatenate((np.zeros(5000), hiss, voice, np.zeros(5000)))))
    assert 505 <= len(clip) <= 520


def test_an_offset_goes_and_a_lopsided_wave_stays() -> None:
    quiet = np.zeros(4000)
    lopsided = np.clip(_vowel(0.5), -0.05, 1)
    plain = np.concatenate((quiet, lopsided, quiet))
    reference = samples(condition(_recording(plain))) / 32768
    shifted = samples(condition(_recording(plain + 0.1))) / 32768
    assert len(reference) == len(shifted)
    assert np.abs(shifted - reference).max() < 2e-3
    assert 500 <= len(reference) / 48 <= 520


@pytest.mark.parametrize("rate", [8000, 11_025, 16_000, 22_050, 24_000, 44_100, 48_000])
def test_every_rate_gives_the_same_length_and_loudness(rate: int) -> None:
    quiet = np.zeros(rate // 5)
    clip = condition(_recording(np.concatenate((quiet, _vowel(0.6, rate), quiet)), rate))
    assert clip.frame_rate == 48_000
    assert clip.channels == 1
    assert len(clip) == pytest.approx(614, abs=3)
    assert measure_in_silence(samples(clip), 48_000) == pytest.approx(-19, abs=0.5)


def test_half_the_rate_changes_neither_length_nor_loudness_nor_any_sound(
    spoken: dict[tuple[str, int], list[Recording]],
) -> None:
    for (voice, _), recording in ((key, each) for key, made in spoken.items() for each in made):
        full, half = condition(recording), condition(recording, grid=VOICE)
        assert len(full) == len(half)
        assert half.frame_rate == 24_000
        sound = samples(half)
        # espeak makes other noise for a whisper each time, and its peaks, which are limited, differ at the two rates.
        near = 0.3 if "whisper" in voice else 0.1
        assert measure_in_silence(sound, 24_000) == pytest.approx(measure_in_silence(samples(full), 48_000), abs=near)
        assert true_peak(sound) <= -1.8
        again = soxr.resample(sound.astype(np.float32), 24_000, 48_000)
        assert _power(again - samples(full)) < _power(samples(full)) - 35


def _power(sound: npt.NDArray[Any]) -> float:
    return float(10 * np.log10(np.square(sound, dtype=np.float64).mean()))


@pytest.mark.parametrize("gain", [0.005, 0.05, 0.9])
def test_loud_and_soft_engines_come_out_alike(gain: float) -> None:
    assert measure_in_silence(samples(condition(_recording(_vowel(0.8, gain=gain)))), 48_000) == pytest.approx(
        -19, abs=0.3
    )


def test_the_target_can_be_moved() -> None:
    voice = _recording(_vowel(0.8))
    assert measure_in_silence(samples(condition(voice, target_lufs=-24)), 48_000) == pytest.approx(-24, abs=0.2)
    assert true_peak(samples(condition(voice, ceiling_dbtp=-12))) <= -11.8


def test_silence_is_never_a_clip() -> None:
    silent = [np.zeros(22_050), np.full(22_050, 0.2), 2e-4 * _vowel(1.0), np.zeros(0)]
    for sound in silent:
        with pytest.raises(VoiceError, match=r"no (audible )?sound"):
            condition(_recording(sound))


@pytest.mark.parametrize("damaged", [Recording(b"\1\2\3", 22_050), Recording(b"\1\2", 0)])
def test_damaged_recordings_are_errors(damaged: Recording) -> None:
    with pytest.raises(VoiceError, match="damaged"):
        condition(damaged)


def test_a_click_is_survived() -> None:
    click = np.zeros(22_050)
    click[9000] = 0.8
    assert 10 <= len(condition(_recording(click))) <= 20


def test_same_in_same_out_side_by_side(spoken: dict[tuple[str, int], list[Recording]]) -> None:
    every = [recording for group in spoken.values() for recording in group]
    once = [condition(recording).raw_data for recording in every]
    with ThreadPoolExecutor(4) as pool:
        again = [clip.raw_data for clip in pool.map(condition, every)]
    assert once == again


@pytest.mark.parametrize("ms", [1, 7, 504, 1_416])
def test_at_half_the_rate_a_chime_is_as_long_and_as_loud(ms: int) -> None:
    at = np.arange(ms * FULL.samples_per_ms) / FULL.rate
    chime = segment(np.rint(0.2 * np.sin(2 * np.pi * 700 * at) * 32767).astype(np.int16))
    half = change_grid(chime, VOICE)
    assert (half.frame_rate, len(half)) == (24_000, ms)
    assert len(samples(half)) == ms * VOICE.samples_per_ms
    if ms > 100:
        assert half.rms == pytest.approx(chime.rms, rel=0.01)
    assert change_grid(chime, FULL) is chime


def test_at_half_the_rate_peaks_stay_below_the_ceiling() -> None:
    at = np.arange(FULL.rate) / FULL.rate
    clipped = segment((np.sign(np.sin(2 * np.pi * 900 * at)) * 32000).astype(np.int16))
    assert true_peak(samples(change_grid(clipped, VOICE))) <= CEILING + 0.2
