"""How sound becomes MP3 frames: channels, bit rate, quality, and the delays of encoder and decoder."""

from __future__ import annotations

import functools
import zlib
from pathlib import Path

import lameenc
from msgspec import Struct

from voiceguide.grid import FRAME_MS, FULL, VOICE, Grid

ENCODER_DELAY = 576
"""Samples LAME puts before the sound; the header states it."""

DECODER_DELAY = 529
"""Samples every decoder puts before the sound; understood by all, so that no header states it."""

BITRATES = {
    FULL: (64, 80, 96, 112, 128, 160, 192, 224, 256, 320),
    VOICE: (64, 80, 96, 112, 128, 160),
}
"""kbit/s that MPEG-1 and MPEG-2 Layer III know and whose frames are large enough for the Info header.

It has 169 to 192 bytes. A shorter one without its table of seek points would let 24 kHz go down to 48 kbit/s, but not
every player looks where it then says how many samples are not sound: some read it at a fixed place."""

SIDE_BYTES = {FULL: {1: 17, 2: 32}, VOICE: {1: 9, 2: 17}}
"""Bytes of side information by channels: MPEG-2 has one granule in a frame where MPEG-1 has two."""


class Encoding(Struct, frozen=True):
    """How sound becomes frames.

    channels: 1 or 2. bitrate: kbit/s, one of the grid's BITRATES. quality: LAME's, 0 (slow, best) to 9. grid: its rate.
    Raises ValueError for anything else.
    """

    channels: int = 1
    bitrate: int = 64
    quality: int = 5
    grid: Grid = FULL

    def __post_init__(self) -> None:
        if self.channels not in (1, 2):
            raise ValueError(f"channels must be 1 or 2, not {self.channels}")
        if self.grid not in BITRATES:
            raise ValueError(f"a track has {FULL.rate} or {VOICE.rate} Hz, not {self.grid.rate} Hz")
        if self.bitrate not in BITRATES[self.grid]:
            raise ValueError(f"bitrate must be one of {BITRATES[self.grid]} kbit/s, not {self.bitrate}")
        if self.quality not in range(10):
            raise ValueError(f"quality must be 0 to 9, not {self.quality}")

    @property
    def frame_bytes(self) -> int:
        """Bytes of one frame."""
        return self.bitrate * FRAME_MS // 8

    @property
    def side_bytes(self) -> int:
        """Bytes of a frame's side information, which follows its four bytes of header."""
        return SIDE_BYTES[self.grid][self.channels]

    @property
    def key(self) -> str:
        """Names this encoding and the very encoder: equal keys and equal samples make equal frames."""
        return f"mp3-{self.grid.rate}-{self.channels}-{self.bitrate}-{self.quality}-{_encoder_fingerprint()}"


@functools.cache
def _encoder_fingerprint() -> str:
    # The encoder's own bytes stand for its version: lameenc 1.9 brought another LAME (4.0) and other frames. Asking
    # importlib.metadata for the number costs some fifty times as long, on every start.
    return f"{zlib.crc32(Path(lameenc.__file__).read_bytes()):08x}"
