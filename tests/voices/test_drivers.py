"""The two sides of pyttsx3: our espeak driver through its public face, and its own drivers behind ours."""

from __future__ import annotations

import subprocess
import sys
import types
from pathlib import Path
from typing import Any

import msgspec
import numpy as np
import pytest
import soundfile

from voiceguide.voices.answers import Described
from voiceguide.voices.native import NativeCatalogue, NativeSpeaker, defuse

ROOT = Path(__file__).parents[2]

FACE = """
import sys, wave, pyttsx3, voiceguide.voices.espeak.driver as ours
engine = pyttsx3.init(ours.NAME)
assert isinstance(engine.proxy._driver, ours._theirs.EspeakDriver)
folder = sys.argv[1]
errors = []
engine.connect("error", lambda name, exception: errors.append(type(exception).__name__))
engine.setProperty("voice", "gmw/en-us+f3")
for number in range(20):
    engine.setProperty("rate", 250 if number % 2 else 100)
    engine.save_to_file("Breathe out.", f"{folder}/{number}.wav")
engine.save_to_file("Nobody will hear this.", f"{folder}/missing/folder.wav")
engine.runAndWait()
engine.stop()
assert engine.getProperty("rate") == 250 and engine.getProperty("voice") == "gmw/en-us+f3"
assert len(engine.getProperty("voices")) > 100
assert errors == ["FileNotFoundError"], errors
engine.say("Aloud?")
engine.runAndWait()
assert errors[1:] == ["NotImplementedError"], errors
engine.startLoop(False); engine.iterate(); engine.endLoop()
frames = [wave.open(f"{folder}/{number}.wav").getnframes() for number in range(20)]
assert len(set(frames[::2])) == len(set(frames[1::2])) == 1, frames
assert frames[0] > 1.7 * frames[1], frames
"""


def test_queued_saves_with_alternating_rates_through_pyttsx3(tmp_path: Path) -> None:
    done = subprocess.run(
        [sys.executable, "-c", FACE, str(tmp_path)], cwd=ROOT, capture_output=True, text=True, check=False
    )
    assert (done.returncode, done.stdout, done.stderr) == (0, "", "")


class FakeDriver:
    """As macOS's: AIFF whatever the name, stereo here, and the text's length as its sound."""

    def __init__(self, proxy: Any) -> None:
        self.proxy = proxy
        self.said: list[tuple[str, dict[str, object]]] = []
        self.properties: dict[str, object] = {}

    def setProperty(self, name: str, value: object) -> None:  # noqa: N802
        self.properties[name] = value

    def getProperty(self, _name: str) -> list[types.SimpleNamespace]:  # noqa: N802
        voice = {"id": "com.apple.Anna", "name": "Anna", "languages": ["de_DE"], "gender": "VoiceGenderFemale"}
        return [types.SimpleNamespace(**voice)]

    def save_to_file(self, text: str, filename: str) -> None:
        if text == "fail":
            raise OSError("no voice today")
        self.said.append((text, dict(self.properties)))
        samples = np.column_stack([np.full(len(text), 30_000), np.full(len(text), 20_000)]).astype("int16")
        soundfile.write(filename, samples, 22_050, format="AIFF")

    def startLoop(self) -> None:  # noqa: N802
        self.proxy.setBusy(False)

    def endLoop(self) -> None:  # noqa: N802
        pass

    def stop(self) -> None:
        pass

    def destroy(self) -> None:
        pass


@pytest.fixture
def native(monkeypatch: pytest.MonkeyPatch) -> tuple[NativeSpeaker, FakeDriver]:
    import pyttsx3

    monkeypatch.setitem(
        sys.modules,
        "pyttsx3.drivers.nsss",
        types.SimpleNamespace(buildDriver=FakeDriver),
    )
    speaker = NativeSpeaker("nsss")
    return speaker, pyttsx3.init("nsss").proxy._driver


def test_a_native_driver_is_read_whatever_it_wrote(native: tuple[NativeSpeaker, FakeDriver]) -> None:
    speaker, driver = native
    samples, rate = speaker.say("[[slnc 9]] Hold.", voice="Anna", rate=120, pitch=50, volume=0.5)
    assert driver.said == [("[ [slnc 9]] Hold.", {"voice": "Anna", "rate": 120, "volume": 0.5})]
    assert (samples, rate) == (np.full(17, 25_000, "<i2").tobytes(), 22_050)


def test_a_native_drivers_error_is_not_swallowed(native: tuple[NativeSpeaker, FakeDriver]) -> None:
    with pytest.raises(OSError, match="no voice today"):
        native[0].say("fail", voice="Anna", rate=120, pitch=50, volume=1.0)


def test_native_voices_carry_their_engine(native: tuple[NativeSpeaker, FakeDriver]) -> None:
    described = msgspec.convert({**native[0].describe(), "request": 1}, Described)
    catalogue = NativeCatalogue("nsss", described)
    (voice,) = catalogue.voices()
    assert (voice.id, voice.name, voice.languages, voice.gender) == (
        "nsss:com.apple.Anna",
        "Anna",
        ("de-DE",),
        "female",
    )
    assert catalogue.find("anna") == catalogue.find("com.apple.anna") == catalogue.default("de") == voice


@pytest.mark.parametrize(
    ("text", "engine", "spoken"),
    [
        ("<b>Rest</b>", "sapi5", " b>Rest /b>"),
        ("  <b>Rest", "sapi5", "   b>Rest"),
        ("less < more", "sapi5", "less < more"),
        ("a [[cmd]]", "nsss", "a [ [cmd]]"),
        ("<b>[[x]]", "other", "<b>[[x]]"),
    ],
)
def test_commands_are_taken_out_of_texts(text: str, engine: str, spoken: str) -> None:
    assert defuse(text, engine) == spoken
