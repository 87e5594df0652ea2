"""Text in, recordings out: the voices, whichever engine speaks.

`open_voice(settings)` gives a `Voice` that any thread may ask; `resolve` and `list_voices` say which voices there are,
and `identity` what a recording depends on, so that it can be kept. None of them loads a driver in this process: drivers
live in child processes, and importing this package imports no sound library.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from voiceguide.voices.base import Recording, Voice, VoiceInfo, VoiceSettings
from voiceguide.voices.choice import identity, list_voices, resolve
from voiceguide.voices.engines import ENGINES

if TYPE_CHECKING:
    from voiceguide.voices.pool import VoicePool

__all__ = [
    "ENGINES",
    "Recording",
    "Voice",
    "VoiceInfo",
    "VoiceSettings",
    "identity",
    "list_voices",
    "open_voice",
    "resolve",
]


def open_voice(settings: VoiceSettings, *, engine: str | None = None, size: int | None = None) -> VoicePool:
    """A thread-safe voice over `size` child processes (as many as there are cores); close it when done.

    Raises VoiceError for an unknown voice and for numbers out of range.
    """
    from voiceguide.voices.pool import VoicePool

    return VoicePool(settings, engine=engine, size=size)
