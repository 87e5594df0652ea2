"""How sound becomes MP3 frames: channels, bit rate, quality, and the delays of encoder and decoder."""

from __future__ import annotations

import functools
import zlib
from pathlib import Path

import lameenc
from msgspec import Struct

from voiceguide.grid import FRAME_MS, RATE

ENCODER_DELAY = 576
"""Samples LAME puts before the sound; the header states it."""

DECODER_DELAY = 529
"""Samples every decoder puts before the sound; understood by all, so that no header states it."""

BITRATES = (64, 80, 96, 112, 128, 160, 192, 224, 256, 320)
"""kbit/s that MPEG-1 Layer III knows and whose frames are large enough for the Info header (from 177 or 192 bytes)."""


class Encoding(Struct, frozen=True):
    """How sound becomes frames.

    channels: 1 or 2. bitrate: kbit/s, one of BITRATES. quality: LAME's, 0 (slow, best) to 9.
    Raises ValueError for anything else.
    """

    channels: int = 1
    bitrate: int = 64
    quality: int = 5

    def __post_init__(self) -> None:
        if self.channels not in (1, 2):
            raise ValueError(f"channels must be 1 or 2, not {self.channels}")
        if self.bitrate not in BITRATES:
            raise ValueError(f"bitrate must be one of {BITRATES} kbit/s, not {self.bitrate}")
        if self.quality not in range(10):
            raise ValueError(f"quality must be 0 to 9, not {self.quality}")

    @property
    def frame_bytes(self) -> int:
        """Bytes of one frame."""
        return self.bitrate * FRAME_MS // 8

    @property
    def key(self) -> str:
        """Names this encoding and the very encoder: equal keys and equal samples make equal frames."""
        return f"mp3-{RATE}-{self.channels}-{self.bitrate}-{self.quality}-{_encoder_fingerprint()}"


@functools.cache
def _encoder_fingerprint() -> str:
    # The encoder's own bytes stand for its version: lameenc 1.9 brought another LAME (4.0) and other frames. Asking
    # importlib.metadata for the number costs some fifty times as long, on every start.
    return f"{zlib.crc32(Path(lameenc.__file__).read_bytes()):08x}"
