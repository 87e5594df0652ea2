"""The voices of macOS and Windows, through pyttsx3's own drivers: the speaker for the child, and the catalogue.

These drivers have limits: neither changes the pitch, and Windows changes its rate in steps of about 11 %.
"""

from __future__ import annotations

import platform
import sys
import tempfile
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any

from voiceguide.voices.wire import Header, Refusal

if TYPE_CHECKING:
    from voiceguide.voices.answers import Described
    from voiceguide.voices.base import VoiceInfo


def defuse(text: str, engine: str) -> str:
    """Replace everything in `text` that the driver would interpret as a command."""
    if engine == "nsss":
        return text.replace("[[", "[ [")
    if engine == "sapi5" and text.lstrip().startswith("<"):
        # A text that starts with "<" is read as XML, and invalid XML is silent.
        return text.replace("<", " ")
    return text


class NativeSpeaker:
    """The speaker in the child process. It writes each text to a file in a temporary folder."""

    spent = False
    words: list[tuple[int, int, int]] = []  # noqa: RUF012 - always empty: these drivers provide no word timings

    def __init__(self, engine: str) -> None:
        import pyttsx3

        self._name = engine
        try:
            self._engine: Any = pyttsx3.init(engine)
        except (ImportError, RuntimeError, OSError) as why:
            raise Refusal(f"the voices of this computer ({engine}) can't be used: {why}") from None
        self._errors: list[BaseException] = []
        # pyttsx3 catches the exceptions of its driver and only reports them as events.
        self._engine.connect("error", lambda name, exception: self._errors.append(exception))  # noqa: ARG005

    def say(self, text: str, *, voice: str, rate: int, pitch: int, volume: float) -> tuple[bytes, int]:
        """The samples, mixed to mono, and their rate in Hz."""
        self._errors.clear()
        # The voice first: changing it resets the others.
        for name, value in (("voice", voice), ("rate", rate), ("volume", volume)):
            self._engine.setProperty(name, value)
        # macOS writes AIFF and ignores the name; Windows writes WAV.
        with tempfile.TemporaryDirectory(prefix="voiceguide-") as folder:
            path = Path(folder) / ("speech.aiff" if self._name == "nsss" else "speech.wav")
            self._engine.save_to_file(defuse(text, self._name), str(path))
            self._engine.runAndWait()
            if self._errors:
                raise self._errors[0]
            return _read_mono(path)

    def describe(self) -> Header:
        """The system's version and its voices."""
        voices = [
            {
                "id": str(voice.id),
                "name": str(voice.name),
                "languages": [str(tag).replace("_", "-") for tag in voice.languages or () if tag],
                "gender": _gender(voice.gender),
            }
            for voice in self._engine.getProperty("voices")
        ]
        release = platform.mac_ver()[0] if sys.platform == "darwin" else platform.version()
        return {"version": release, "data": None, "voices": voices}


def open_speaker(engine: str) -> NativeSpeaker:
    """Create the speaker in the child. Raises Refusal if the driver can't be loaded."""
    return NativeSpeaker(engine)


class NativeCatalogue:
    """The voices of a native engine, as its child described them. Ids start with the engine's name and a colon."""

    def __init__(self, engine: str, described: Described) -> None:
        self._engine = engine
        self._described = described

    def voices(self) -> tuple[VoiceInfo, ...]:
        """All voices, in the system's order."""
        return self._voices

    def find(self, name: str) -> VoiceInfo | None:
        """Find a voice by id, with or without the engine's name before it, or by name."""
        from voiceguide.voices.catalogue import find_by_name

        return find_by_name(self._voices, name) or find_by_name(self._voices, f"{self._engine}:{name}")

    def default(self, language: str) -> VoiceInfo | None:
        """The first voice for the tag."""
        from voiceguide.voices.catalogue import find_by_language

        return find_by_language(self._voices, language)

    def fingerprint(self, voice_id: str) -> str:
        """The system's release, because its voices change with it."""
        return self._described.version

    def lexicon(self, voice_id: str) -> None:
        """None: nothing is proven for the system's voices."""

    @cached_property
    def _voices(self) -> tuple[VoiceInfo, ...]:
        from voiceguide.voices.base import VoiceInfo

        return tuple(
            VoiceInfo(f"{self._engine}:{each.id}", each.name, each.languages, each.gender)
            for each in self._described.voices
        )


def _read_mono(path: Path) -> tuple[bytes, int]:
    import soundfile

    samples, rate = soundfile.read(path, dtype="int16", always_2d=True)
    # The mean needs a wider type: the sum of two channels may exceed 16 bits.
    mono = samples[:, 0] if samples.shape[1] == 1 else samples.astype("int32").mean(axis=1).astype("int16")
    return mono.astype("<i2").tobytes(), int(rate)


def _gender(stated: object) -> str | None:
    word = str(stated).casefold()
    if "female" in word:
        return "female"
    return "male" if "male" in word else None
