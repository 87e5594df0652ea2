from __future__ import annotations

import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import numpy as np
import numpy.typing as npt
import pytest
import soundfile

from tests.sound.meters import pyloudnorm_lufs
from voiceguide.errors import SoundError
from voiceguide.grid import RATE
from voiceguide.sound.beds.generated import open_bed
from voiceguide.sound.beds.music import CROSSFADE, MIN_SECONDS, REACH, Music
from voiceguide.sound.files.decoder import Decoder
from voiceguide.sound.loudness.meter import integrate

Floats = npt.NDArray[np.float32]

DECODER = Decoder()


@pytest.fixture(scope="module", autouse=True)
def one_child() -> Iterator[None]:
    """One child for all tests, in so far as none of them ends it."""
    yield
    DECODER.close()


def _sine(seconds: float, hertz: float = 220.37, rate: int = RATE) -> npt.NDArray[np.float64]:
    return np.asarray(0.3 * np.sin(2 * np.pi * hertz * np.arange(round(seconds * rate)) / rate))


def _noise(seconds: float, channels: int = 1, seed: int = 1) -> npt.NDArray[np.float64]:
    return np.asarray(np.random.default_rng(seed).normal(0, 0.1, (round(seconds * RATE), channels)))


def _heard(path: Path, seconds: float, channels: int = 1) -> Floats:
    """The first seconds of a music's endless stream."""
    found: list[Floats] = []
    with Music(path, channels, DECODER) as opened_music:
        blocks = opened_music.blocks(0)
        while sum(map(len, found)) < seconds * RATE:
            found.append(next(blocks))
    return np.concatenate(found)[: round(seconds * RATE)]


def _levels(sound: Floats, ms: int) -> Floats:
    size = RATE * ms // 1000
    return np.asarray(np.sqrt(np.square(sound[: len(sound) // size * size, 0]).reshape(-1, size).mean(axis=1)))


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "music.wav"


@pytest.mark.parametrize("seconds", [4.0, 7.123, 11.5])
@pytest.mark.parametrize("hertz", [110.013, 220.37, 997.3])
def test_a_tone_turns_without_a_step_or_a_dip(path: Path, seconds: float, hertz: float) -> None:
    soundfile.write(path, _sine(seconds, hertz), RATE, subtype="FLOAT")
    sound = _heard(path, 3 * seconds)
    # The same tone for ever: no step steeper than its own, no bend sharper, and its level everywhere the same.
    turn = 2 * np.pi * hertz / RATE
    assert np.abs(np.diff(sound[:, 0])).max() < 0.3 * turn * 1.02
    assert np.abs(np.diff(sound[:, 0], 2)).max() < 0.3 * turn**2 * 1.05 + 2e-6
    levels = _levels(sound, 100)
    assert levels.max() / levels.min() < 1.03


def test_noise_turns_at_its_own_power(path: Path) -> None:
    soundfile.write(path, _noise(9), RATE, subtype="FLOAT")
    levels = _levels(_heard(path, 26), 500)
    assert levels.max() / levels.min() < 1.06


def test_a_beat_goes_on(path: Path) -> None:
    """Two strokes a second, in a file that stops in the middle of one beat: the turn finds the next."""
    time = np.arange(round(9.31 * RATE)) / RATE
    soundfile.write(path, 0.4 * np.sin(2 * np.pi * 700 * time) * np.exp(-(time % 0.5) / 0.04), RATE)
    level = _levels(_heard(path, 27), 10)
    strokes = np.flatnonzero((level > 0.1) & (np.roll(level, 1) < 0.05)) * 0.01
    assert len(strokes) >= 53
    assert np.diff(strokes) == pytest.approx(0.5, abs=0.011)


def test_everything_between_the_turns_is_the_music(path: Path) -> None:
    original = _noise(10, 2).astype(np.float32)
    soundfile.write(path, original, RATE, subtype="FLOAT")
    sound = _heard(path, 18, channels=2)
    fade = round(2.5 * RATE)  # a quarter of ten seconds is less than the usual three
    assert np.abs(sound[: 7 * RATE] - original[: 7 * RATE]).max() < 1e-6
    # A turn later the same samples come again, between two crossfades.
    again = sound[7 * RATE :]
    power = np.fft.irfft(
        np.fft.rfft(again[:, 0], 1 << 21) * np.conj(np.fft.rfft(original[fade : fade + RATE, 0], 1 << 21))
    )
    at = int(power[: 6 * RATE].argmax())
    assert np.abs(again[at : at + 2 * RATE] - original[fade : fade + 2 * RATE]).max() < 1e-6
    # From where the first crossfade began to where what follows it does: so much was given up for a better turn.
    begun = 7.5 * RATE - (at + 7 * RATE - fade)
    assert 0 <= begun <= REACH * RATE


@pytest.mark.parametrize("kind", ["wav", "mp3"])
@pytest.mark.parametrize("seconds", [0.5, 2.9, 6.3, 12.5, 30.01])
def test_it_goes_on_from_any_place(tmp_path: Path, kind: str, seconds: float) -> None:
    path = tmp_path / f"music.{kind}"
    soundfile.write(path, _noise(9), 44_100)
    whole = _heard(path, 50)
    start = round(seconds * RATE)
    with open_bed(path, 1, DECODER) as bed:
        assert bed.lead < bed.period
        for at in (start, bed.place(start)):
            found: list[Floats] = []
            for block in bed.blocks(at):
                found.append(block)
                if sum(map(len, found)) > 15 * RATE:
                    break
            assert np.array_equal(np.concatenate(found)[: 15 * RATE], whole[start : start + 15 * RATE])
        assert bed.place(start) < bed.lead + bed.period


def test_its_key_is_its_very_bytes(tmp_path: Path) -> None:
    keys = []
    for name, seed in (("one", 1), ("same", 1), ("other", 2)):
        soundfile.write(tmp_path / f"{name}.wav", _noise(5, seed=seed), RATE)
        with open_bed(tmp_path / f"{name}.wav", 1, DECODER) as bed:
            keys.append(bed.key)
    assert keys[0] == keys[1] != keys[2]
    with open_bed(tmp_path / "one.wav", 2, DECODER) as bed:
        assert bed.key not in keys


def test_its_key_is_what_is_heard_whatever_it_is_wrapped_in(tmp_path: Path) -> None:
    keys = set()
    for name in ("one.wav", "one.flac"):
        soundfile.write(tmp_path / name, np.rint(_noise(5) * 32_000).astype(np.int16), RATE)
        with Music(tmp_path / name, 1, DECODER) as opened_music:
            keys.add(opened_music.digest)
    assert len(keys) == 1


@pytest.mark.parametrize("begun", [0, 3 * RATE])
def test_reading_ends_when_it_is_closed(path: Path, begun: int) -> None:
    """Not even who holds on to its blocks, as the traceback of an error does."""
    soundfile.write(path, _noise(9), RATE)
    with Music(path, 1, DECODER) as opened_music:
        held = opened_music.blocks(begun)
        next(held)
    with pytest.raises(SoundError):
        next(held)


def _removed(path: Path) -> None:
    path.unlink()


def _replaced(path: Path) -> None:
    soundfile.write(path, _noise(9, seed=2), RATE)


def _shortened(path: Path) -> None:
    soundfile.write(path, _noise(5), RATE)


def _a_folder(path: Path) -> None:
    path.unlink()
    path.mkdir()


@pytest.mark.parametrize("change", [_removed, _replaced, _shortened, _a_folder])
def test_music_that_is_changed_while_it_plays_goes_on(path: Path, change: Callable[[Path], None]) -> None:
    soundfile.write(path, _noise(9), RATE)
    before = _heard(path, 30)
    with Music(path, 1, DECODER) as opened_music:
        blocks = opened_music.blocks(0)
        found = [next(blocks)]
        change(path)
        while sum(map(len, found)) < 30 * RATE:
            found.append(next(blocks))
    assert np.array_equal(np.concatenate(found)[: 30 * RATE], before)


def test_silence_at_the_ends_is_left_out(path: Path) -> None:
    soundfile.write(path, np.concatenate((np.zeros(RATE), _sine(8), np.zeros(2 * RATE))), RATE)
    levels = _levels(_heard(path, 30), 50)
    assert levels.min() > 0.9 * np.median(levels)


@pytest.mark.parametrize("kind", ["wav", "flac", "ogg", "mp3"])
@pytest.mark.parametrize("rate", [22_050, 44_100, 48_000])
def test_formats_and_rates(tmp_path: Path, kind: str, rate: int) -> None:
    path = tmp_path / f"music.{kind}"
    soundfile.write(path, np.stack((_sine(6, 330, rate), _sine(6, 330, rate)), axis=1), rate)
    sound = _heard(path, 14)
    spectrum = np.abs(np.fft.rfft(sound[:, 0] * np.hanning(len(sound))))
    assert float(spectrum.argmax()) * RATE / len(sound) == pytest.approx(330, abs=0.2)
    levels = _levels(sound, 100)[1:]
    assert levels.max() / levels.min() < 1.06


@pytest.mark.parametrize("channels", [1, 2])
@pytest.mark.parametrize("found", [1, 2, 6])
def test_channels_become_ours(path: Path, channels: int, found: int) -> None:
    soundfile.write(path, np.repeat(_sine(5)[:, None], found, axis=1), RATE, subtype="FLOAT")
    sound = _heard(path, 6, channels)
    assert sound.shape == (6 * RATE, channels)
    assert np.abs(sound).max() == pytest.approx(0.3, abs=0.01)


def test_its_loudness_is_what_another_meter_says(path: Path) -> None:
    sound = _noise(6, 2)
    soundfile.write(path, sound, RATE, subtype="FLOAT")
    with open_bed(path, 2, DECODER) as bed:
        assert bed.loudness == pytest.approx(pyloudnorm_lufs(sound), abs=0.1)


@pytest.mark.skipif(sys.platform != "linux", reason="the high-water mark is read from /proc")
def test_it_is_a_stream(tmp_path: Path) -> None:
    """Three minutes of stereo are 69 MB of samples; what is kept of them is some seconds."""
    path = tmp_path / "long.flac"
    with soundfile.SoundFile(path, "w", RATE, 2, subtype="PCM_16") as out:
        minute = np.tile(_sine(1)[:, None], (60, 2))
        for _ in range(3):
            out.write(minute)
    code = (
        "import sys; from pathlib import Path; from voiceguide.sound.beds.music import Music\n"
        "def mark(): return int(Path('/proc/self/status').read_text().split('VmHWM:')[1].split()[0]) // 1024\n"
        "before = mark()\n"
        "with Music(Path(sys.argv[1]), 2) as music:\n"
        "    blocks = music.blocks(0)\n"
        "    [len(next(blocks)) for _ in range(180)]\n"
        "assert 'soundfile' not in sys.modules, 'strangers are decoded by the child alone'\n"
        "print(mark() - before)"
    )
    done = subprocess.run([sys.executable, "-c", code, str(path)], capture_output=True, text=True, check=True)
    assert int(done.stdout) < 30


def _refused(path: Path) -> str:
    with pytest.raises(SoundError) as told, Music(path, 1, DECODER):
        raise AssertionError("it was taken")
    return str(told.value)


def _not_numbers(value: float) -> npt.NDArray[np.float64]:
    sound = _noise(6)
    sound[100_000:100_010] = value
    return sound


@pytest.mark.parametrize(
    ("sound", "sentence"),
    [
        (np.zeros(6 * RATE), "this music is silent or nearly silent; choose another file for the bed"),
        (np.full(6 * RATE, 1e-5), "this music is silent or nearly silent; choose another file for the bed"),
        (_noise(0.1), "this music lasts 0.1 seconds; a bed needs at least 4"),
        (_noise(MIN_SECONDS - 0.06), "this music lasts 3.9 seconds; a bed needs at least 4"),
        (np.zeros(0), "this music lasts 0.0 seconds; a bed needs at least 4"),
        (_not_numbers(np.nan), "this music contains samples that are not numbers; save it again"),
        (_not_numbers(np.inf), "this music contains samples that are not numbers; save it again"),
    ],
    ids=["silent", "as good as silent", "a tenth of a second", "nearly four", "empty", "nan", "infinite"],
)
def test_unusable_music_is_refused(path: Path, sound: npt.NDArray[np.float64], sentence: str) -> None:
    soundfile.write(path, sound, RATE, subtype="FLOAT")
    assert _refused(path) == f"{path}: {sentence}"


@pytest.mark.parametrize("name", ["noise.mp3", "noise.wav", "noise.ogg", "noise.flac", "noise", "empty.wav"])
def test_what_is_no_music(tmp_path: Path, name: str) -> None:
    path = tmp_path / name
    path.write_bytes(b"" if name.startswith("empty") else b"this is no music " * 1000)
    assert _refused(path) == (f"{path}: can't be read as music; use a WAV, FLAC, OGG or MP3 file that plays elsewhere")


@pytest.mark.parametrize("name", ["gone.mp3", "gone.m4a"])
def test_music_that_is_not_there(tmp_path: Path, name: str) -> None:
    path = tmp_path / name
    assert _refused(path) == f"{path}: there is no such music file; check the name"


def _cut(path: Path) -> None:
    path.write_bytes(path.read_bytes()[: path.stat().st_size * 2 // 3])


@pytest.mark.parametrize("damage", [_cut])
def test_a_file_that_breaks_off_is_taken_as_far_as_it_goes(tmp_path: Path, damage: Callable[[Path], None]) -> None:
    path = tmp_path / "music.mp3"
    soundfile.write(path, _sine(9), RATE)
    damage(path)
    with Music(path, 1, DECODER) as found:
        assert integrate(found.energies) == pytest.approx(pyloudnorm_lufs(_sine(6)), abs=0.3)


def test_the_numbers_wanted() -> None:
    assert 2 <= CROSSFADE <= 4
