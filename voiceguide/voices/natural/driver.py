"""The natural voice as a driver of pyttsx3, and the speaker that uses it in the child process.

Importing this module registers `Driver` with pyttsx3, so that `pyttsx3.init("voiceguide_natural")` works with pyttsx3's
own `setProperty`, `save_to_file` and `runAndWait`. When a save returns, the file is complete.
"""

from __future__ import annotations

import io
import os
import sys
import wave
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any, BinaryIO

from voiceguide.voices.natural.place import check_files, find_runtime, find_voice
from voiceguide.voices.wire import Header, Refusal

if TYPE_CHECKING:
    from voiceguide.voices.natural.synthesizer import Synthesizer

NAME = "voiceguide_natural"
"""The name of this driver in pyttsx3."""

VOICE = "heart"


def load_synthesizer() -> Synthesizer:
    """Load the engine. Raises Refusal if a part of it is missing, damaged, or can't be loaded."""
    folder = find_voice()
    if folder is None:
        raise Refusal('the natural voice is not installed; install it with `pip install "voiceguide[natural]"`')
    find_runtime()
    check_files(folder)
    from voiceguide.voices.natural.hibari import Hibari

    return Hibari(folder)


class Driver:
    """pyttsx3's driver interface over a `Synthesizer`, which is loaded when the driver is created."""

    def __init__(self, proxy: Any) -> None:
        self._proxy = proxy
        self._synthesizer = load_synthesizer()
        self._wanted: dict[str, Any] = {"voice": VOICE, "rate": 177, "volume": 1.0, "pitch": 50}

    def destroy(self) -> None:
        """Do nothing: the memory ends with the process."""

    def setProperty(self, name: str, value: object) -> None:  # noqa: N802 - pyttsx3's name
        """Set a property for the following texts. Raises KeyError for an unknown name, ValueError for another voice."""
        if name not in self._wanted:
            raise KeyError(f"unknown property {name}")
        if name == "voice" and value != VOICE:
            raise ValueError(f"unknown voice {value}")
        self._wanted[name] = value

    def getProperty(self, name: str) -> object:  # noqa: N802 - pyttsx3's name
        """The value that was set, exactly; or for `voices`, the one voice."""
        if name != "voices":
            return self._wanted[name]
        from pyttsx3.voice import Voice

        return [Voice(VOICE, "Heart", ["en-us", "en"], "female")]

    def save_to_file(self, text: str, filename: str | os.PathLike[str] | BinaryIO) -> None:
        """Speak `text` into a WAV file, 16-bit mono at the engine's sample rate. The file is complete on return."""
        samples = self._speak(text)
        if isinstance(filename, (str, os.PathLike)):
            # Opened here, because `wave` leaves an incomplete writer behind if it can't open a file itself.
            with Path(filename).open("wb") as file:
                self._write(file, samples)
        else:
            self._write(filename, samples)

    def say(self, text: str) -> None:
        """Not supported: voiceguide writes files and never plays sound."""
        raise NotImplementedError(f"{NAME} only writes files: use save_to_file for {text[:40]!r}")

    def stop(self) -> None:
        """Do nothing: when a call returns, its text is finished."""

    def startLoop(self) -> None:  # noqa: N802 - pyttsx3's name
        """Process the queue, in order, and return."""
        self._proxy.setBusy(False)

    def endLoop(self) -> None:  # noqa: N802 - pyttsx3's name
        """Do nothing: the loop ends with its queue."""

    def iterate(self) -> Iterator[None]:
        """Process the queue in an external event loop."""
        self._proxy.setBusy(False)
        yield

    def _speak(self, text: str) -> bytes:
        self._proxy.notify("started-utterance")
        samples, words = self._synthesizer.speak(text.replace("\0", " "), self._wanted["rate"], self._wanted["pitch"])
        for ms, first, length in words:
            # pyttsx3's own notification, plus the time, which pyttsx3 omits.
            self._proxy.notify("started-word", name="", ms=ms, location=first, length=length)
        self._proxy.notify("finished-utterance", completed=True)
        return samples if self._wanted["volume"] == 1 else _scale(samples, self._wanted["volume"])

    def _write(self, file: BinaryIO, samples: bytes) -> None:
        with wave.open(file, "wb") as writer:
            writer.setnchannels(1)
            writer.setsampwidth(2)
            writer.setframerate(self._synthesizer.hertz)
            writer.writeframes(samples)


def _scale(samples: bytes, volume: float) -> bytes:
    import numpy as np

    return np.rint(np.frombuffer(samples, "<i2") * np.float32(volume)).astype("<i2").tobytes()


def buildDriver(proxy: Any) -> Driver:  # noqa: N802 - pyttsx3's name
    """Create the driver; called by pyttsx3."""
    return Driver(proxy)


sys.modules[f"pyttsx3.drivers.{NAME}"] = sys.modules[__name__]


class NaturalSpeaker:
    """The speaker of the `natural` engine in the child; it uses pyttsx3's public interface."""

    spent = False

    def __init__(self) -> None:
        import pyttsx3

        self._engine = pyttsx3.init(NAME)
        self._errors: list[BaseException] = []
        # pyttsx3 catches the exceptions of its driver and only reports them as events.
        self._engine.connect("error", lambda name, exception: self._errors.append(exception))  # noqa: ARG005
        self._engine.connect("started-word", self._word)
        self.words: list[tuple[int, int, int]] = []

    def _word(self, ms: int, location: int, length: int, **_: object) -> None:
        self.words.append((ms, location, length))

    def say(self, text: str, *, voice: str, rate: int, pitch: int, volume: float) -> tuple[bytes, int]:
        """The samples and their rate in Hz. Raises Refusal for what the voice can't say."""
        self._errors.clear()
        self.words = []
        for name, value in (("voice", voice), ("rate", rate), ("pitch", pitch), ("volume", max(volume, 0.01))):
            self._engine.setProperty(name, value)
        file = io.BytesIO()
        self._engine.save_to_file(text, file)
        self._engine.runAndWait()
        if self._errors:
            raise self._errors[0]
        file.seek(0)
        with wave.open(file, "rb") as recording:
            return recording.readframes(recording.getnframes()), recording.getframerate()

    def describe(self) -> Header:
        """The voice; its parent reads all else from files."""
        return {"version": "", "data": None, "voices": []}


def open_speaker(_engine: str) -> NaturalSpeaker:
    """Create the speaker in the child. Raises Refusal if the voice can't be loaded."""
    return NaturalSpeaker()
