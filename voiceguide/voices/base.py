"""The seam between the session and whatever speaks: text goes in, a recording comes out."""

from __future__ import annotations

from typing import Protocol

from msgspec import Struct

RATES = (60, 400)
"""The slowest and the fastest that a voice may be asked to speak, in words a minute."""

PITCHES = (0, 100)
"""The lowest and the highest pitch that a voice may be asked for; 50 is its own."""


class Recording(Struct, frozen=True):
    """Speech as the engine made it: 16-bit signed little-endian mono samples, untrimmed, at the engine's own rate.

    words: where each word begins, as (ms, its first character in the text, its length in characters); empty where the
    engine does not tell.
    """

    samples: bytes
    rate: int
    words: tuple[tuple[int, int, int], ...] = ()


class VoiceSettings(Struct, frozen=True):
    """What a voice can be asked for.

    name: an id or a plain name from `voiceguide voices`; None picks by `language` (BCP 47).
    rate: words a minute. pitch: 0 to 100, 50 is the voice's own. volume: 0 to 1.
    """

    name: str | None = None
    language: str = "en-US"
    rate: int = 130
    pitch: int = 50
    volume: float = 1.0


class VoiceInfo(Struct, frozen=True):
    """A voice to choose from. `id` is exact and stable; `name` is what a person would call it."""

    id: str
    name: str
    languages: tuple[str, ...]
    gender: str | None


class Voice(Protocol):
    """Anything that can say a text."""

    def speak(self, text: str) -> Recording:
        """Say `text`. Raises VoiceError (with its `text`); never returns silence for a text that failed."""
        ...
