"""Voices: from text to recordings, with any engine.

`open_voice(settings)` returns a thread-safe `Voice`. `resolve` and `list_voices` find the available voices, and
`identity` returns everything that a recording depends on, as a key for the store. None of them loads a driver in this
process: drivers run in child processes, and importing this package imports no sound library.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from voiceguide.voices.base import Recording, Voice, VoiceInfo, VoiceSettings
from voiceguide.voices.choice import find_lexicon, identity, list_voices, resolve
from voiceguide.voices.engines import ENGINES

if TYPE_CHECKING:
    from voiceguide.voices.pool import VoicePool

__all__ = [
    "ENGINES",
    "Recording",
    "Voice",
    "VoiceInfo",
    "VoiceSettings",
    "find_lexicon",
    "identity",
    "list_voices",
    "open_voice",
    "resolve",
]


def open_voice(settings: VoiceSettings, *, engine: str | None = None, size: int | None = None) -> VoicePool:
    """Open a thread-safe voice with `size` child processes (default: one per core). Close it when done.

    Raises VoiceError for an unknown voice and for numbers out of range.
    """
    from voiceguide.voices.pool import VoicePool

    return VoicePool(settings, engine=engine, size=size)
