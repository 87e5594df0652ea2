from __future__ import annotations

import subprocess
import sys
import wave
from collections.abc import Callable
from pathlib import Path

import numpy as np
import numpy.typing as npt
import pytest
import soundfile

from tests.sound.meters import mp3
from voiceguide.errors import SoundError
from voiceguide.grid import VOICE
from voiceguide.sound.chimes import load
from voiceguide.sound.lengths import length_ms
from voiceguide.sound.loudness.meter import true_peak
from voiceguide.sound.segments import samples

Floats = npt.NDArray[np.float64]


def _ping(rate: int, length: int, gain: float = 0.4) -> Floats:
    time = np.arange(length) / rate
    attack = np.minimum(1, time / 0.004) ** 2
    return np.asarray(gain * attack * np.sin(2 * np.pi * 700 * time) * np.exp(-time / 0.05))


@pytest.mark.parametrize("rate", [8000, 11_025, 22_050, 44_100, 48_000])
@pytest.mark.parametrize("kind", ["wav", "flac", "ogg", "mp3", "aiff"])
def test_the_header_tells_the_length_that_comes_out(tmp_path: Path, rate: int, kind: str) -> None:
    for length in (rate // 3 + 7, rate, rate * 2 + 1):
        path = tmp_path / f"{length}.{kind}"
        soundfile.write(path, _ping(rate, length), rate)
        segment = load(path)
        assert len(samples(segment)) == 48 * length_ms(path)
        assert length_ms(path) == len(segment) == -(-length * 1000 // rate)
        assert (segment.frame_rate, segment.channels, segment.sample_width) == (48_000, 1, 2)


@pytest.mark.parametrize("rate", [8000, 24_000, 44_100, 48_000])
def test_at_half_the_rate_a_sound_is_as_long(tmp_path: Path, rate: int) -> None:
    path = tmp_path / "ping.wav"
    soundfile.write(path, _ping(rate, rate // 3 + 7), rate)
    segment = load(path, VOICE)
    assert segment.frame_rate == 24_000
    assert len(samples(segment)) == 24 * length_ms(path)


def test_an_mp3_without_a_tag_is_as_long_as_its_frames(tmp_path: Path) -> None:
    path = tmp_path / "bare.mp3"
    path.write_bytes(mp3(np.rint(20_000 * _ping(48_000, 48_000)).astype(np.int16)))
    assert len(load(path)) == length_ms(path)
    assert length_ms(path) % 24 == 0


@pytest.mark.parametrize("subtype", ["PCM_U8", "PCM_16", "PCM_24", "PCM_32", "FLOAT", "DOUBLE"])
@pytest.mark.parametrize("kind", ["WAV", "WAVEX", "RF64"])
def test_every_kind_of_wave_file(tmp_path: Path, subtype: str, kind: str) -> None:
    path = tmp_path / "sound.wav"
    soundfile.write(path, np.stack([_ping(44_100, 20_000)] * 2, axis=1), 44_100, subtype=subtype, format=kind)
    assert len(load(path)) == length_ms(path) == 454


def test_sound_keeps_its_place_and_level(tmp_path: Path) -> None:
    path = tmp_path / "sound.wav"
    original = _ping(48_000, 24_000)
    soundfile.write(path, original, 48_000)
    assert np.abs(samples(load(path)) / 32768 - original).max() < 1e-4


def test_channels_that_cancel_out_are_still_heard(tmp_path: Path) -> None:
    path = tmp_path / "sound.wav"
    left = _ping(48_000, 24_000)
    soundfile.write(path, np.stack((left, -left), axis=1), 48_000)
    assert np.abs(samples(load(path)) / 32768 - left).max() < 1e-4


def test_cut_edges_are_smoothed_and_peaks_held(tmp_path: Path) -> None:
    path = tmp_path / "sound.wav"
    soundfile.write(path, np.cos(np.arange(20_001) * 0.05), 44_100)
    sound = samples(load(path)) / 32768
    assert float(np.abs(np.diff(sound[:300])).max()) < 0.06
    assert float(np.abs(np.diff(sound[-300:])).max()) < 0.06
    assert true_peak(sound) <= -1.9


def test_length_needs_nothing_heavy(tmp_path: Path) -> None:
    path = tmp_path / "sound.wav"
    soundfile.write(path, _ping(48_000, 4800), 48_000)
    code = (
        "import sys; from pathlib import Path; import voiceguide.errors; before = set(sys.modules);"
        "from voiceguide.sound.lengths import length_ms;"
        f"assert length_ms(Path({str(path)!r})) == 100;"
        "new = set(sys.modules) - before; print(sorted(new & {'numpy', 'pydub', 'soundfile', 'soxr'}))"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"


def _truncated(path: Path) -> None:
    soundfile.write(path, _ping(48_000, 24_000), 48_000)
    path.write_bytes(path.read_bytes()[:24_044])


def _streamed(path: Path) -> None:
    """As a program writes that doesn't know the length yet: the header claims two thousand million samples."""
    soundfile.write(path, _ping(48_000, 24_000), 48_000)
    data = bytearray(path.read_bytes())
    data[4:8] = data[40:44] = b"\xff\xff\xff\xff"
    path.write_bytes(data)


@pytest.mark.parametrize(("make", "length"), [(_truncated, 250), (_streamed, 500)])
def test_headers_that_claim_too_much_are_seen_through(
    tmp_path: Path, make: Callable[[Path], None], length: int
) -> None:
    path = tmp_path / "sound.wav"
    make(path)
    assert len(load(path)) == length_ms(path) == length


def test_what_is_no_chime_says_why(tmp_path: Path) -> None:
    def check(path: Path, message: str, *, header: bool = True) -> None:
        for read in (length_ms, load) if header else (load,):
            with pytest.raises(SoundError, match=message) as caught:
                read(path)
            assert str(path) in str(caught.value)

    check(tmp_path / "none.wav", "no such sound file")
    check(tmp_path, "can't be read as sound")
    for name in ("text.wav", "text.mp3", "text.ogg"):
        (tmp_path / name).write_text("bing " * 50)
        check(tmp_path / name, "can't be read as sound")
    (tmp_path / "nothing.wav").write_bytes(b"")
    check(tmp_path / "nothing.wav", "can't be read as sound")
    for name in ("empty.wav", "empty.flac"):
        soundfile.write(tmp_path / name, np.zeros(0), 48_000)
        check(tmp_path / name, "empty")
    soundfile.write(tmp_path / "long.wav", np.zeros(8000 * 61), 8000)
    check(tmp_path / "long.wav", "lasts 61 seconds; a chime may last 60 at most")
    soundfile.write(tmp_path / "silent.wav", np.full(8000, 1e-4), 8000)
    check(tmp_path / "silent.wav", "no sound in this file", header=False)
    broken = _ping(8000, 8000)
    broken[100] = np.nan
    soundfile.write(tmp_path / "broken.wav", broken, 8000, subtype="FLOAT")
    check(tmp_path / "broken.wav", "not numbers", header=False)


def test_a_minute_is_not_too_long(tmp_path: Path) -> None:
    path = tmp_path / "minute.wav"
    with wave.open(str(path), "wb") as out:
        out.setparams((1, 2, 8000, 0, "NONE", ""))
        out.writeframes(b"\0\0" * 8000 * 60)
    assert length_ms(path) == 60_000
