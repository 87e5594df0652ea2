"""Chimes of every kind → clips, through the child that decodes: what is heard, and what is refused with a sentence."""

from __future__ import annotations

import contextlib
import os
import struct
import subprocess
import sys
import wave
from collections.abc import Callable, Iterator
from pathlib import Path

import numpy as np
import numpy.typing as npt
import pytest
import soundfile
from hypothesis import given
from hypothesis import strategies as some

from tests.sound.meters import mp3
from voiceguide import library
from voiceguide.errors import SoundError
from voiceguide.sound.files import sounds
from voiceguide.sound.files.bounds import MAX_CHIME_BYTES
from voiceguide.sound.files.decoder import Decoder
from voiceguide.sound.files.sounds import SoundFiles
from voiceguide.sound.loudness.meter import true_peak
from voiceguide.sound.segments import samples
from voiceguide.system.store import Store

Doubles = npt.NDArray[np.float64]

DECODER = Decoder()


@pytest.fixture(scope="module", autouse=True)
def one_child() -> Iterator[None]:
    yield
    DECODER.close()


def _files(folder: Path) -> SoundFiles:
    """The sound files of one session, over the child that all tests share."""
    files = SoundFiles(Store(folder / "store"))
    files._decoder = DECODER
    return files


def _ping(rate: int, length: int, gain: float = 0.4) -> Doubles:
    time = np.arange(length) / rate
    attack = np.minimum(1, time / 0.004) ** 2
    return np.asarray(gain * attack * np.sin(2 * np.pi * 700 * time) * np.exp(-time / 0.05))


@pytest.mark.parametrize("rate", [4_000, 8_000, 11_025, 22_050, 44_100, 48_000, 192_000, 384_000])
@pytest.mark.parametrize("kind", ["wav", "flac", "ogg", "mp3", "aiff"])
def test_it_is_as_long_as_it_is_heard(tmp_path: Path, rate: int, kind: str) -> None:
    if (kind in ("mp3", "ogg") and rate > 48_000) or (kind == "mp3" and rate < 8_000):
        pytest.skip("no such file")
    for length in (rate // 3 + 7, rate, rate * 2 + 1):
        path = tmp_path / f"{length}.{kind}"
        soundfile.write(path, _ping(rate, length), rate)
        files = _files(tmp_path)
        clip = files.clip(path)
        assert len(samples(clip)) == 48 * files.length_ms(path)
        assert files.length_ms(path) == len(clip) == -(-length * 1000 // rate)
        assert (clip.frame_rate, clip.channels, clip.sample_width) == (48_000, 1, 2)


def test_an_mp3_without_a_tag_is_as_long_as_its_frames(tmp_path: Path) -> None:
    path = tmp_path / "bare.mp3"
    path.write_bytes(mp3(np.rint(20_000 * _ping(48_000, 48_000)).astype(np.int16)))
    assert _files(tmp_path).length_ms(path) % 24 == 0


@pytest.mark.parametrize("subtype", ["PCM_U8", "PCM_16", "PCM_24", "PCM_32", "FLOAT", "DOUBLE"])
@pytest.mark.parametrize("kind", ["WAV", "WAVEX", "RF64"])
def test_every_kind_of_wave_file(tmp_path: Path, subtype: str, kind: str) -> None:
    path = tmp_path / "sound.wav"
    soundfile.write(path, np.stack([_ping(44_100, 20_000)] * 2, axis=1), 44_100, subtype=subtype, format=kind)
    assert _files(tmp_path).length_ms(path) == 454


def _heard(path: Path) -> Doubles:
    return np.asarray(samples(_files(path.parent).clip(path)) / 32768)


def test_sound_keeps_its_place_and_level(tmp_path: Path) -> None:
    path = tmp_path / "sound.wav"
    original = _ping(48_000, 24_000)
    soundfile.write(path, original, 48_000)
    assert np.abs(_heard(path) - original).max() < 1e-4


def test_channels_that_cancel_out_are_still_heard(tmp_path: Path) -> None:
    path = tmp_path / "sound.wav"
    left = _ping(48_000, 24_000)
    soundfile.write(path, np.stack((left, -left), axis=1), 48_000)
    assert np.abs(_heard(path) - left).max() < 1e-4


def test_cut_edges_are_smoothed_and_peaks_held(tmp_path: Path) -> None:
    path = tmp_path / "sound.wav"
    soundfile.write(path, np.cos(np.arange(20_001) * 0.05), 44_100)
    sound = _heard(path)
    assert float(np.abs(np.diff(sound[:300])).max()) < 0.06
    assert float(np.abs(np.diff(sound[-300:])).max()) < 0.06
    assert true_peak(sound) <= -1.9


def _truncated(path: Path) -> None:
    soundfile.write(path, _ping(48_000, 24_000), 48_000)
    path.write_bytes(path.read_bytes()[:24_044])


def _truncated_behind_a_long_header(path: Path) -> None:
    soundfile.write(path, _ping(48_000, 24_000), 48_000)
    data = path.read_bytes()
    more = b"junk" + struct.pack("<I", 100_000) + bytes(100_000)
    path.write_bytes(data[:36] + more + data[36:24_044])


def _streamed(path: Path) -> None:
    """As a program writes that doesn't know the length yet: the header claims two thousand million samples."""
    soundfile.write(path, _ping(48_000, 24_000), 48_000)
    data = bytearray(path.read_bytes())
    data[4:8] = data[40:44] = b"\xff\xff\xff\xff"
    path.write_bytes(data)


def _truncated_mp3(path: Path) -> None:
    """Its header still tells of two seconds."""
    soundfile.write(path, np.tile(_ping(48_000, 4_800), 20), 48_000, format="MP3")
    path.write_bytes(path.read_bytes()[: path.stat().st_size // 2])


@pytest.mark.parametrize(
    ("make", "least", "most"),
    [
        (_truncated, 250, 250),
        (_truncated_behind_a_long_header, 250, 250),
        (_streamed, 500, 500),
        (_truncated_mp3, 800, 1_100),
    ],
)
def test_headers_that_claim_too_much_are_seen_through(
    tmp_path: Path, make: Callable[[Path], None], least: int, most: int
) -> None:
    """And no silence stands in for what is missing."""
    path = tmp_path / "sound.wav"
    make(path)
    assert least <= _files(tmp_path).length_ms(path) <= most
    if make is _truncated_mp3:
        assert np.abs(_heard(path)[-5_000:]).max() > 0.1


def _wave(path: Path, rate: int = 48_000, channels: int = 1, length: int = 65_000) -> None:
    """A WAV file with any numbers in its header."""
    data = np.rint(9_000 * np.sin(np.arange(length) / 9)).astype("<i2").tobytes()
    fmt = struct.pack("<HHIIHH", 1, channels, rate & 0xFFFFFFFF, rate * 2 * channels & 0xFFFFFFFF, 2 * channels, 16)
    header = b"RIFF" + struct.pack("<I", 36 + len(data)) + b"WAVEfmt " + struct.pack("<I", 16) + fmt
    path.write_bytes(header + b"data" + struct.pack("<I", len(data)) + data)


def _written(sound: Doubles, rate: int, **kind: str) -> Callable[[Path], None]:
    return lambda path: soundfile.write(path, sound, rate, **{"format": "WAV", **kind})


def _with(value: float) -> Doubles:
    sound = _ping(8_000, 8_000)
    sound[100] = value
    return sound


def _corrupt_flac(path: Path) -> None:
    soundfile.write(path, _ping(48_000, 48_000), 48_000, format="FLAC")
    data = bytearray(path.read_bytes())
    data[-4_000:-2_000] = bytes(2_000)
    path.write_bytes(data)


UNREADABLE = "can't be read as sound; use a WAV, FLAC, OGG or MP3 file"
EMPTY = "this sound file is empty; use one that contains sound"
NOT_NUMBERS = "can't be read as sound (it contains samples that are not numbers); save it again"
TOO_LONG = "this sound is too long; a chime may last at most 60 seconds"


@pytest.mark.parametrize(
    ("make", "sentence"),
    [
        (lambda _: None, "there is no such sound file; check the name, or put the file there"),
        (Path.mkdir, "can't be read as sound because it is a folder; give a file"),
        (lambda path: path.write_text("bing " * 50), UNREADABLE),
        (lambda path: path.write_bytes(b""), EMPTY),
        (lambda path: path.write_bytes(b"fLaC" + bytes(10_000)), UNREADABLE),
        (lambda path: path.write_bytes(b"OggS" + bytes(10_000)), UNREADABLE),
        (_corrupt_flac, UNREADABLE),
        (_written(np.zeros(0), 48_000), EMPTY),
        (_written(np.zeros(0), 48_000, format="FLAC"), EMPTY),
        (_written(np.zeros(8_000 * 61), 8_000), TOO_LONG),
        (_written(np.zeros(8_000 * 3_600), 8_000, format="FLAC"), TOO_LONG),
        (_written(np.full(8_000, 1e-4), 8_000), "this file contains no audible sound; use another one"),
        (_written(_with(np.nan), 8_000, subtype="FLOAT"), NOT_NUMBERS),
        (_written(_with(-np.inf), 8_000, subtype="DOUBLE"), NOT_NUMBERS),
        (_written(_with(1e300), 8_000, subtype="DOUBLE"), NOT_NUMBERS),
        (lambda path: _wave(path, 1), "this sound has 1 samples per second; expected 4,000 to 384,000"),
        (lambda path: _wave(path, 44), "this sound has 44 samples per second; expected 4,000 to 384,000"),
        (lambda path: _wave(path, 10**9), "this sound has 1,000,000,000 samples per second; expected 4,000 to 384,000"),
        (lambda path: _wave(path, channels=9), "this sound has 9 channels; expected 1 to 8"),
        (lambda path: _wave(path, channels=500), "this sound has 500 channels; expected 1 to 8"),
        (lambda path: _wave(path, 0), UNREADABLE),
        (lambda path: _wave(path, channels=0), UNREADABLE),
        (
            _written(np.zeros((384_000 * 20, 8)), 384_000, format="FLAC", subtype="PCM_24"),
            "this sound has more samples than a chime needs; save it at 48,000 samples per second",
        ),
    ],
)
def test_what_is_no_chime_says_why(tmp_path: Path, make: Callable[[Path], object], sentence: str) -> None:
    path = tmp_path / "sound.wav"
    make(path)
    files = _files(tmp_path)
    for ask in (files.length_ms, files.key, files.clip):
        with pytest.raises(SoundError) as caught:
            ask(path)
        assert str(caught.value) == f"{path}: {sentence}"


@pytest.mark.parametrize("rate", [4_000, 48_000, 384_000])
@pytest.mark.parametrize("length", [1, 2, 3, 5])
def test_a_sound_of_a_few_samples_is_one(tmp_path: Path, length: int, rate: int) -> None:
    path = tmp_path / "click.wav"
    _written(np.full(length, 0.5), rate)(path)
    assert _files(tmp_path).length_ms(path) == -(-length * 1000 // rate)


def test_a_sample_that_is_finite_and_far_too_large_is_held_back(tmp_path: Path) -> None:
    path = tmp_path / "sound.wav"
    soundfile.write(path, _with(1e30), 8_000, subtype="FLOAT")
    assert 0.1 < np.abs(_heard(path)).max() <= 1


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="this system has no named pipes")
@pytest.mark.parametrize("name", ["pipe", "/dev/zero", "/dev/tty"])
def test_what_is_no_file_is_not_opened(tmp_path: Path, name: str) -> None:
    path = tmp_path / name
    if name == "pipe":
        os.mkfifo(path)
    with pytest.raises(SoundError) as caught:
        _files(tmp_path).length_ms(path)
    assert str(caught.value) == f"{path}: can't be read as sound because it is a device or a pipe; give a file"


def test_a_file_that_is_too_large_is_not_read(tmp_path: Path) -> None:
    path = tmp_path / "large.wav"
    with path.open("wb") as file:
        file.truncate(MAX_CHIME_BYTES + 1)
    with pytest.raises(SoundError) as caught:
        _files(tmp_path).length_ms(path)
    assert str(caught.value) == f"{path}: this sound file is too large (100.0 MB); expected at most 100 MB"


def test_a_name_that_the_system_refuses(tmp_path: Path) -> None:
    for name, reason in (("a" * 300, "File name too long"), ("nul\0", "embedded null byte")):
        path = tmp_path / name
        with pytest.raises(SoundError) as caught:
            _files(tmp_path).length_ms(path)
        assert str(caught.value) == f"{path}: can't be read as sound ({reason}); check the file"


def test_a_file_is_heard_as_it_was_when_it_was_read(tmp_path: Path) -> None:
    """Whatever happens to it in the course of a session; and the store never takes one sound for another."""
    path = tmp_path / "sound.wav"
    soundfile.write(path, _ping(48_000, 24_000), 48_000)
    original = path.read_bytes()
    files = _files(tmp_path)
    length, key, before = files.length_ms(path), files.key(path), files.clip(path).raw_data
    soundfile.write(path, _ping(48_000, 24_000, gain=0.1), 48_000)
    assert (files.length_ms(path), files.key(path), files.clip(path).raw_data) == (length, key, before)
    other = _files(tmp_path)
    assert other.length_ms(path) == length
    assert other.key(path) != key
    assert other.clip(path).raw_data != before
    path.unlink()
    assert (files.length_ms(path), files.key(path), files.clip(path).raw_data) == (length, key, before)
    path.write_bytes(original)
    again = _files(tmp_path)
    assert (again.length_ms(path), again.key(path), again.clip(path).raw_data) == (length, key, before)


def test_what_was_heard_before_needs_no_child_and_nothing_heavy(tmp_path: Path) -> None:
    path = tmp_path / "sound.mp3"
    soundfile.write(path, _ping(48_000, 4_800), 48_000)
    _files(tmp_path).length_ms(path)
    code = (
        "import sys; from pathlib import Path; import msgspec, voiceguide.errors; before = set(sys.modules);"
        "from voiceguide.system.store import Store; from voiceguide.sound.files.sounds import SoundFiles;"
        f"files = SoundFiles(Store(Path({str(tmp_path / 'store')!r})));"
        f"assert files.length_ms(Path({str(path)!r})) == 100; assert files._decoder is None;"
        f"assert files.length_ms(Path({str(library.sounds_folder() / 'bell.wav')!r})) == 3000;"
        "new = set(sys.modules) - before;"
        "print(sorted(new & {'numpy', 'pydub', 'soundfile', 'soxr', 'subprocess', 'ctypes'}))"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"


def test_a_replaced_bundled_sound_is_decoded_by_the_child(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(library, "sounds_folder", lambda: tmp_path)
    path = tmp_path / "bell.wav"
    for make in (lambda: soundfile.write(path, _ping(44_100, 44_100), 44_100), lambda: path.write_bytes(b"RIFF")):
        make()
        assert sounds._read_own(path.read_bytes()) is None
    with pytest.raises(SoundError, match="can't be read as sound"):
        _files(tmp_path).length_ms(path)


def test_a_minute_is_not_too_long(tmp_path: Path) -> None:
    path = tmp_path / "minute.wav"
    with wave.open(str(path), "wb") as out:
        out.setparams((1, 2, 8000, 0, "NONE", ""))
        out.writeframes(b"\0\x10" * 8000 * 60)
    assert _files(tmp_path).length_ms(path) == 60_000


@given(
    some.binary(max_size=300), some.sampled_from([b"", b"RIFF\xff\0\0\0WAVEfmt ", b"fLaC", b"OggS", b"ID3", b"FORM"])
)
def test_any_bytes_are_a_sound_or_a_sentence(
    tmp_path_factory: pytest.TempPathFactory, rest: bytes, head: bytes
) -> None:
    path = tmp_path_factory.mktemp("any") / "any.wav"
    path.write_bytes(head + rest)
    with contextlib.suppress(SoundError):
        assert _files(path.parent).length_ms(path) > 0
