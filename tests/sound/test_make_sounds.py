from __future__ import annotations

import itertools
from pathlib import Path

import numpy as np
import numpy.typing as npt
import pytest
import soundfile

from tools.make_sounds import CHIMES, render
from voiceguide import library
from voiceguide.sound.files.decoder import Decoder
from voiceguide.sound.files.sounds import SoundFiles
from voiceguide.sound.loudness.meter import measure_in_silence
from voiceguide.sound.segments import samples
from voiceguide.system.store import Store

AUDIO = Path(__file__).parents[2] / "audio"
RATE = 48_000
Floats = npt.NDArray[np.float64]


def _sound(name: str) -> Floats:
    sound: Floats = soundfile.read(AUDIO / f"{name}.wav")[0]
    return sound


def _pitches(sound: Floats, window: float = 0.09) -> list[float]:
    """The strongest frequency in each window, while the sound is above -30 dB."""
    size = round(window * RATE)
    heard = []
    for start in range(0, len(sound) - size, size):
        piece = sound[start : start + size] * np.hanning(size)
        if np.abs(piece).max() > np.abs(sound).max() * 10 ** (-30 / 20):
            heard.append(float(np.fft.rfftfreq(8 * size, 1 / RATE)[np.abs(np.fft.rfft(piece, 8 * size)).argmax()]))
    return heard


def _turns(name: str) -> tuple[int, ...]:
    """The way the pitch goes: 1 for each leap up, -1 for each leap down."""
    steps = np.diff(np.log2(_pitches(_sound(name))))
    return tuple(int(np.sign(step)) for step in steps if abs(step) > 0.2)


@pytest.mark.parametrize("name", CHIMES)
def test_the_files_are_what_the_tool_makes(name: str) -> None:
    data, rate = soundfile.read(AUDIO / f"{name}.wav", dtype="int16")
    assert rate == RATE
    # One step of 65,536 for mathematics libraries that round differently.
    assert np.abs(data.astype(int) - render(CHIMES[name])).max() <= 1


def test_no_file_is_left_over() -> None:
    assert {path.name for path in AUDIO.glob("*.wav")} == {f"{name}.wav" for name in CHIMES}


@pytest.mark.parametrize("name", CHIMES)
def test_a_chime_starts_at_once_does_not_click_and_suits_a_small_loudspeaker(name: str) -> None:
    sound = _sound(name)
    level = np.abs(sound)
    assert level.max() <= 10 ** (-6 / 20)
    assert np.flatnonzero(level > level.max() * 0.1)[0] <= 5 * 48
    # Clickless: silence at both ends, and no step that the tones themselves would not make.
    assert level[0] == level[-1] == 0
    assert np.abs(np.diff(sound[:200])).max() <= np.abs(np.diff(sound)).max()
    assert level[:24].max() < 0.1 * level.max()
    spectrum = np.square(np.abs(np.fft.rfft(sound)))
    frequency = np.fft.rfftfreq(len(sound), 1 / RATE)
    assert spectrum[(frequency >= 500) & (frequency <= 4000)].sum() >= 0.95 * spectrum.sum()


@pytest.mark.parametrize("name", CHIMES)
def test_a_chime_is_a_little_softer_than_speech_and_on_the_grid(name: str) -> None:
    chime = CHIMES[name]
    assert measure_in_silence(_sound(name), RATE) == pytest.approx(chime.lufs, abs=0.3)
    assert -26 < chime.lufs < -21
    assert len(_sound(name)) == 48 * chime.length_ms
    assert chime.length_ms % 24 == 0


def test_reading_leaves_our_own_chimes_as_they_are_and_starts_no_child(tmp_path: Path) -> None:
    """As what decodes a stranger's would: they are below its ceiling, and begin and end in silence."""
    with SoundFiles(Store(tmp_path)) as files:
        for name in CHIMES:
            path = library.sounds_folder() / f"{name}.wav"
            plain = soundfile.read(path, dtype="int16")[0]
            assert np.array_equal(samples(files.clip(path)), plain)
            assert files.length_ms(path) == CHIMES[name].length_ms
        assert files.decoder.pid is None
    with Decoder() as decoder:
        for name in CHIMES:
            path = library.sounds_folder() / f"{name}.wav"
            decoded = np.frombuffer(decoder.decode_chime(path.read_bytes(), path), "<i2")
            assert np.array_equal(decoded, soundfile.read(path, dtype="int16")[0])


def test_each_goes_its_own_way() -> None:
    assert _turns("start") == (1, 1)
    assert _turns("end") == (-1, -1)
    assert _turns("switch") == (1, -1)
    assert _turns("halfway") == _turns("bell") == _turns("soft") == ()


def test_those_of_one_stroke_ring_differently() -> None:
    def ring(name: str) -> float:
        """Milliseconds until the sound has fallen by 20 dB."""
        level = np.abs(_sound(name))
        return float(np.flatnonzero(level > level.max() / 10)[-1] / 48)

    rings = sorted(ring(name) for name in ("halfway", "soft", "bell"))
    assert all(longer > 1.4 * shorter for shorter, longer in itertools.pairwise(rings))
