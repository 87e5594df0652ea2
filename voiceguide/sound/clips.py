"""Whatever sounds in a session, as clips: speech, sounds from files, the tone of a breath."""

from __future__ import annotations

import functools
import hashlib
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from voiceguide.sound.narrator import Narrator
from voiceguide.sound.versions import PROCESSING
from voiceguide.times import Pattern

if TYPE_CHECKING:
    from voiceguide.sound.segments import AudioSegment


@dataclass(frozen=True)
class Spoken:
    """A text as the voice is given it."""

    text: str


@dataclass(frozen=True)
class Played:
    """A sound file."""

    path: Path


@dataclass(frozen=True)
class Breathed:
    """The tone of one whole breath."""

    pattern: Pattern


Source = Spoken | Played | Breathed


class Clips:
    """Clips by source. What they depend on is known without making them."""

    def __init__(self, narrator: Narrator) -> None:
        self._narrator = narrator

    def key(self, source: Source) -> str:
        """All that a clip depends on, as text."""
        if isinstance(source, Spoken):
            return self._narrator.key(source.text)
        if isinstance(source, Played):
            return f"file\0{PROCESSING}\0{_digest(source.path)}"
        return f"breath\0{PROCESSING}\0{source.pattern}"

    def clip(self, source: Source) -> AudioSegment:
        """The clip of a source. Raises VoiceError or SoundError where there is none to be had."""
        if isinstance(source, Spoken):
            return self._narrator.clip(source.text)
        if isinstance(source, Played):
            return _loaded(source.path)
        return _breath(source.pattern)


BREATH_REST = 144
"""Milliseconds without tone at the end of each out-breath, where it is below hearing anyway. They keep one breath's
stream of MP3 frames clear of the next one's, so that a hundred breaths cost one."""


def breath_ms(pattern: Pattern) -> int:
    """How long the tone of a breath sounds."""
    return pattern.breathe_in + pattern.hold_in + pattern.breathe_out - BREATH_REST


@functools.lru_cache(maxsize=64)
def _digest(path: Path) -> str:
    return hashlib.blake2b(path.read_bytes(), digest_size=20).hexdigest()


@functools.lru_cache(maxsize=32)
def _loaded(path: Path) -> AudioSegment:
    from voiceguide.sound.chimes import load

    return load(path)


@functools.lru_cache(maxsize=8)
def _breath(pattern: Pattern) -> AudioSegment:
    from voiceguide.sound.breath import tone

    return tone(pattern, breath_ms(pattern))
