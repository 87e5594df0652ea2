"""The interface of a voice: from a text to a recording."""

from __future__ import annotations

from typing import Protocol

from msgspec import Struct

RATES = (60, 400)
"""The minimum and maximum rate in words a minute."""

PITCHES = (0, 100)
"""The minimum and maximum pitch; 50 is the voice's normal pitch."""


class Recording(Struct, frozen=True):
    """Speech as the engine made it: 16-bit signed little-endian mono samples, untrimmed, at the engine's sample rate.

    words: the word timings, as (ms, index of the first character in the text, length in characters); empty if the
    engine does not provide them.
    """

    samples: bytes
    rate: int
    words: tuple[tuple[int, int, int], ...] = ()


class VoiceSettings(Struct, frozen=True):
    """The settings of a voice.

    name: an id or a name from `voiceguide voices`; None selects a voice by `language` (BCP 47).
    rate: words a minute. pitch: 0 to 100, 50 is the voice's normal pitch. volume: 0 to 1.
    """

    name: str | None = None
    language: str = "en-US"
    rate: int = 130
    pitch: int = 50
    volume: float = 1.0


class VoiceInfo(Struct, frozen=True):
    """An available voice. `id` is unique and stable; `name` is for people."""

    id: str
    name: str
    languages: tuple[str, ...]
    gender: str | None


class Voice(Protocol):
    """Anything that can say a text."""

    def speak(self, text: str) -> Recording:
        """Say `text`. Raises VoiceError (with its `text`); never returns silence for a text that failed."""
        ...
