"""The natural voice: what it says, when, how it is chosen, and what is said where it can't speak."""

from __future__ import annotations

import gzip
import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from itertools import pairwise
from pathlib import Path

import numpy as np
import pytest

from tests import natural
from voiceguide.errors import VoiceError
from voiceguide.system.children import python_command
from voiceguide.voices import VoiceSettings, engines, find_lexicon, identity, list_voices, open_voice, resolve
from voiceguide.voices.base import Recording
from voiceguide.voices.natural import catalogue, place
from voiceguide.voices.pool import VoicePool
from voiceguide.voices.process import ChildVoice, child_command

KNEEL = "Kneel on your left knee. Then hold for 1:30 on the right side."
MANNER = {"voice": "heart", "rate": 130, "pitch": 50, "volume": 1.0}


def _seconds(recording: Recording) -> float:
    return len(recording.samples) / 2 / recording.rate


def _samples(recording: Recording) -> np.ndarray[tuple[int], np.dtype[np.float64]]:
    return np.frombuffer(recording.samples, "<i2").astype(np.float64)


def _pauses(recording: Recording) -> list[tuple[int, int]]:
    """Each silence of 300 ms or more inside a recording: its start and end in ms."""
    frames = np.abs(_samples(recording))[: len(recording.samples) // 480 * 240].reshape(-1, 240).max(axis=1)
    loud = np.flatnonzero(frames > frames.max() * 0.01) * 10
    return [(int(a), int(b)) for a, b in pairwise(loud) if b - a >= 300]


@pytest.mark.usefixtures("shown")
@pytest.mark.parametrize("language", ["en", "en-US", "en_GB", "EN-au"])
def test_it_speaks_english_of_every_region(language: str) -> None:
    assert resolve(VoiceSettings(language=language)) == catalogue.HEART
    assert list_voices()[0] == catalogue.HEART


@pytest.mark.usefixtures("shown")
def test_other_languages_and_named_voices_are_as_without_it() -> None:
    settings = [VoiceSettings(language="de"), VoiceSettings(name="en-US+f2"), VoiceSettings(name="English (America)")]
    assert [resolve(each).id for each in settings] == ["gmw/de", "gmw/en-US+f2", "gmw/en-US"]
    assert resolve(VoiceSettings(name="natural:Heart", language="de")) == catalogue.HEART
    # A text stays as it is written: the phonemes of hard words are given in the child.
    assert find_lexicon(VoiceSettings()) is None


def test_without_the_extra_there_is_no_such_voice() -> None:
    assert resolve(VoiceSettings()).id == "gmw/en-US+f2"
    with pytest.raises(VoiceError, match='there is no voice "heart"'):
        resolve(VoiceSettings(name="heart"))
    with pytest.raises(VoiceError, match='there is no voice engine "natural" on this computer'):
        resolve(VoiceSettings(), "natural")


def test_rate_and_pitch(voice: VoicePool) -> None:
    usual = voice.speak(KNEEL)
    found = []
    with natural.shown():
        for changed in (VoiceSettings(rate=65), VoiceSettings(rate=260), VoiceSettings(pitch=100)):
            with open_voice(changed, size=1) as pool:
                found.append(pool.speak(KNEEL))
    slow, fast, high = found
    assert 1.6 < _seconds(slow) / _seconds(usual) < 2.4
    assert 1.6 < _seconds(usual) / _seconds(fast) < 2.4
    assert 1.3 < _pitch(high) / _pitch(usual) < 1.5  # 2 ** 0.5


def _pitch(recording: Recording) -> float:
    """The middle of the pitches of the voiced pieces, in Hz, by autocorrelation."""
    pitches = []
    sound = _samples(recording)
    for start in range(0, len(sound) - 1200, 1200):
        piece = sound[start : start + 1200]
        if np.abs(piece).max() < 2000:
            continue
        correlation = np.correlate(piece, piece, "full")[1200 - 1 :]
        lag = 60 + int(np.argmax(correlation[60:300]))
        if correlation[lag] > 0.5 * correlation[0]:
            pitches.append(24_000 / lag)
    return float(np.median(pitches))


def test_volume_scales_the_samples(voice: VoicePool) -> None:
    with natural.shown(), open_voice(VoiceSettings(volume=0.5), size=1) as pool:
        quiet = _samples(pool.speak("Rest."))
    assert np.abs(quiet - _samples(voice.speak("Rest.")) / 2).max() <= 1


def test_each_word_has_its_time(voice: VoicePool) -> None:
    recording = voice.speak(KNEEL)
    words = [(KNEEL[first : first + length], ms) for ms, first, length in recording.words]
    assert " ".join(word for word, _ in words) == "Kneel on your left knee Then hold for 1 30 on the right side"
    times = [ms for _, ms in words]
    assert times == sorted(times)
    assert times[0] == 0
    # "Then" begins where the only pause ends.
    ((_, end),) = _pauses(recording)
    assert abs(dict(words)["Then"] - end) <= 30


def test_words_after_a_comma_have_their_times_too(voice: VoicePool) -> None:
    text = "Breathe in, then turn to the left, keep it there, and then come back."
    recording = voice.speak(text)
    frames = np.abs(_samples(recording))[: len(recording.samples) // 480 * 240].reshape(-1, 240).max(axis=1)
    loud = np.flatnonzero(frames > frames.max() * 0.01) * 10
    onsets = [int(b) for a, b in pairwise(loud) if b - a >= 60]
    times = {text[first : first + length]: ms for ms, first, length in recording.words}
    for word in ("keep", "and"):
        assert min(abs(times[word] - onset) for onset in onsets) <= 60, (word, times, onsets)


def test_pauses_between_sentences_follow_the_rate(voice: VoicePool) -> None:
    text = "Stand tall. Breathe in. Let it go."
    lengths = [end - start for start, end in _pauses(voice.speak(text))]
    assert len(lengths) == 2
    assert all(350 <= each <= 600 for each in lengths), lengths


def test_a_sentence_longer_than_the_network_takes_is_cut_between_words(voice: VoicePool) -> None:
    text = " ".join(["and stretch the left side"] * 40)
    recording = voice.speak(text)
    assert len(recording.words) == 200
    assert [text[first : first + length] for _, first, length in recording.words] == text.split()
    assert _pauses(recording) == []


def test_instructions_to_the_engine_are_words(voice: VoicePool) -> None:
    assert _seconds(voice.speak("Turn [left](right) now.")) > _seconds(voice.speak("Turn left now."))


@pytest.mark.parametrize("text", ["Привет.", "Stand tall, 膝, and breathe."])
def test_words_of_other_scripts_are_not_left_out_in_silence(voice: VoicePool, text: str) -> None:
    with pytest.raises(VoiceError, match=r'^the voice "heart" can\'t say ".+", which is not English; ') as caught:
        voice.speak(text)
    assert caught.value.text == text


@pytest.mark.usefixtures("shown")
def test_the_key_changes_with_versions_and_files(copy: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def key() -> str:
        return catalogue.NaturalCatalogue(copy).fingerprint("heart")

    first = key()
    assert first == key()
    assert first != identity(VoiceSettings(), "espeak")
    # As after an update of the files in place, and of the runtime.
    (copy / "assets" / "vocab.json").write_text("{}")
    assert (changed := key()) != first
    monkeypatch.setattr(catalogue, "find_version", lambda _folder, package: f"{package} 9")
    assert key() not in {first, changed}


@pytest.fixture
def copy(tmp_path: Path) -> Iterator[Path]:
    """A copy of the voice, to be damaged; installed with its list of files, as pip does it."""
    with natural.shown():
        folder = place.find_voice()
    assert folder is not None
    record = place.find_record(folder, place.PACKAGE)
    assert record is not None
    shutil.copytree(record, tmp_path / "site" / record.name)
    yield Path(shutil.copytree(folder, tmp_path / "site" / "hibari"))
    shutil.rmtree(tmp_path / "site")


def _child(site: Path) -> list[str]:
    """The command of a child that finds the packages of a folder first."""
    command = child_command("voiceguide.voices.natural.driver", "natural")
    return [
        *command[:-1],
        command[-1].replace("import importlib\n", f"sys.path.insert(0, {str(site)!r})\nimport importlib\n"),
    ]


def _refusal(site: Path, text: str = "Stand tall.") -> str:
    with ChildVoice(_child(site), MANNER) as child, pytest.raises(VoiceError) as caught:
        child.speak(text)
    assert caught.value.text == text
    message = str(caught.value).replace(str(site / "hibari"), "FOLDER")
    assert "\n" not in message
    return message


AGAIN = "; install it again (`pip install --force-reinstall hibari-tts`), or choose another voice (`voiceguide voices`)"


def test_a_whole_copy_speaks(copy: Path) -> None:
    with ChildVoice(_child(copy.parent), MANNER) as child:
        assert _seconds(child.speak("Stand tall.")) > 0.5


def test_a_missing_runtime_is_told_and_other_voices_can_be_chosen(copy: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(place, "_find", lambda module: copy if module == "hibari" else None)
    engines._catalogue.cache_clear()
    with natural.shown():
        with pytest.raises(VoiceError, match=r"the package onnxruntime is not installed; install it \("):
            identity(VoiceSettings())
        assert resolve(VoiceSettings(name="en-US+f2")).id == "gmw/en-US+f2"
        assert len(list_voices()) > 100


def test_a_missing_file(copy: Path) -> None:
    (copy / "assets" / "tagger.json.gz").unlink()
    with pytest.raises(VoiceError, match=r"incomplete: it has no assets/tagger\.json\.gz; "):
        catalogue.NaturalCatalogue(copy).fingerprint("heart")
    assert _refusal(copy.parent) == f"the natural voice in FOLDER is incomplete: it has no assets/tagger.json.gz{AGAIN}"


def test_a_damaged_model(copy: Path) -> None:
    model = copy / "assets" / "hibari.onnx"
    content = bytearray(model.read_bytes())
    content[5_000_000] ^= 1
    model.write_bytes(content)
    why = "hibari.onnx is not the file that was released"
    assert _refusal(copy.parent) == f"the natural voice in FOLDER can't be used ({why}){AGAIN}"


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("vocab.json", b"{"),
        ("vocab.json", b"\xff"),
        ("voices.json", b"{}"),
        ("lexicon_us_gold.json.gz", b"no gzip"),
        ("lexicon_us_gold.json.gz", gzip.compress(b"[]", mtime=0)[:-9]),
        ("tagger.json.gz", gzip.compress(b"[]", mtime=0)),
        ("normalize.json", b"[]"),
    ],
)
def test_damaged_data(copy: Path, name: str, content: bytes) -> None:
    (copy / "assets" / name).write_bytes(content)
    message = _refusal(copy.parent)
    assert message.startswith("the natural voice in FOLDER can't be used (")
    assert message.endswith(AGAIN)


def test_damaged_data_that_is_read_late(copy: Path) -> None:
    (copy / "assets" / "lexicon_us_silver.json.gz").write_bytes(b"no gzip")
    with ChildVoice(_child(copy.parent), MANNER) as child:
        child.speak("Stand tall.")
    message = _refusal(copy.parent, "Feel the zorbly spinae.")
    assert message == f"the natural voice in FOLDER can't be used (Not a gzipped file (b'no')){AGAIN}"


@pytest.mark.parametrize("code", ["raise ImportError('no AVX here')", "raise RuntimeError('no AVX here')"])
def test_a_runtime_that_can_not_be_imported(copy: Path, code: str) -> None:
    (copy.parent / "onnxruntime").mkdir()
    (copy.parent / "onnxruntime" / "__init__.py").write_text(code)
    assert _refusal(copy.parent) == (
        "the natural voice can't speak: the package onnxruntime can't be loaded (no AVX here); "
        'install it again (`pip install --force-reinstall "voiceguide[natural]"`), '
        "or choose another voice (`voiceguide voices`)"
    )


@pytest.mark.skipif(sys.platform != "linux", reason="memory is limited only here")
def test_too_little_memory(copy: Path) -> None:
    limited = ["sh", "-c", 'ulimit -v 220000; exec "$@"', "sh", *_child(copy.parent)]
    with ChildVoice(limited, MANNER) as child, pytest.raises(VoiceError) as caught:
        child.speak("Stand tall.")
    assert "\n" not in str(caught.value)


def test_it_imports_nothing_that_downloads() -> None:
    code = (
        "from voiceguide.voices.natural.driver import open_speaker\n"
        "import sys; speaker = open_speaker('natural')\n"
        "speaker.say('Kneel. Psoas. Zorbly.', voice='heart', rate=130, pitch=50, volume=1.0)\n"
        "print(sorted({'hibari.voices', 'urllib.request', 'http', 'ssl', 'scipy.fft._basic'} & {*sys.modules}))\n"
    )
    environment = {name: value for name, value in os.environ.items() if name != "PYTHONPATH"}
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True, env=environment)
    assert done.stdout == "[]\n"


def test_choosing_it_imports_nothing_of_it() -> None:
    code = (
        "import sys; from voiceguide.voices import VoiceSettings, identity, list_voices\n"
        "assert identity(VoiceSettings()).startswith('natural ') and list_voices()\n"
        "print(sorted({'hibari', 'onnxruntime', 'numpy', 'importlib.metadata'} & {*sys.modules}))\n"
        "print('subprocess' in sys.modules and sys.version_info >= (3, 11))\n"  # Python 3.10 imports it for `uuid`
    )
    environment = {name: value for name, value in os.environ.items() if name != "PYTHONPATH"}
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True, env=environment)
    assert done.stdout == "[]\nFalse\n"


def test_it_speaks_in_a_namespace_without_network(voice: VoicePool) -> None:
    without = ["unshare", "--map-root-user", "--net"]
    try:
        subprocess.run([*without, "true"], check=True, capture_output=True)
    except (OSError, subprocess.CalledProcessError):
        pytest.skip("this computer allows no namespace without a network")
    command = [*without, *python_command("voiceguide.voices.worker", "voiceguide.voices.natural.driver", "natural")]
    with ChildVoice(command, MANNER) as child:
        assert child.speak(KNEEL) == voice.speak(KNEEL)
