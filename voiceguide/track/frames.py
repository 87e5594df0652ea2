"""Parameters of MP3 frames: channels, bit rate, quality, and the delays of encoder and decoder."""

from __future__ import annotations

import functools
import zlib
from pathlib import Path

import lameenc
from msgspec import Struct

from voiceguide.grid import FRAME_MS, FULL, VOICE, Grid

ENCODER_DELAY = 576
"""Samples that LAME inserts before the sound; stated in the header."""

DECODER_DELAY = 529
"""Samples that every decoder inserts before the sound; the same for all, so no header states it."""

BITRATES = {
    FULL: (64, 80, 96, 112, 128, 160, 192, 224, 256, 320),
    VOICE: (64, 80, 96, 112, 128, 160),
}
"""Bit rates in kbit/s of MPEG-1 and MPEG-2 Layer III whose frames are large enough for the Info header.

The header has 169 to 192 bytes. Without its seek table it would fit 48 kbit/s at 24 kHz, but some players read the
encoder delay and padding at a fixed offset and would miss them."""

SIDE_BYTES = {FULL: {1: 17, 2: 32}, VOICE: {1: 9, 2: 17}}
"""Bytes of side information by number of channels: an MPEG-2 frame has one granule, an MPEG-1 frame two."""


class Encoding(Struct, frozen=True):
    """Encoding parameters.

    channels: 1 or 2. bitrate: kbit/s, one of the grid's BITRATES. quality: LAME's, 0 (slow, best) to 9. grid: its rate.
    Raises ValueError for any other value.
    """

    channels: int = 1
    bitrate: int = 64
    quality: int = 5
    grid: Grid = FULL

    def __post_init__(self) -> None:
        if self.channels not in (1, 2):
            raise ValueError(f"channels must be 1 or 2, not {self.channels}")
        if self.grid not in BITRATES:
            raise ValueError(f"the rate must be {FULL.rate} or {VOICE.rate} Hz, not {self.grid.rate} Hz")
        if self.bitrate not in BITRATES[self.grid]:
            raise ValueError(f"bitrate must be one of {BITRATES[self.grid]} kbit/s, not {self.bitrate}")
        if self.quality not in range(10):
            raise ValueError(f"quality must be 0 to 9, not {self.quality}")

    @property
    def frame_bytes(self) -> int:
        """Bytes per frame."""
        return self.bitrate * FRAME_MS // 8

    @property
    def side_bytes(self) -> int:
        """Bytes of a frame's side information, which follows its header of four bytes."""
        return SIDE_BYTES[self.grid][self.channels]

    @property
    def key(self) -> str:
        """Identifies this encoding and the encoder's build: equal keys and equal samples give equal frames."""
        return f"mp3-{self.grid.rate}-{self.channels}-{self.bitrate}-{self.quality}-{_encoder_fingerprint()}"


@functools.cache
def _encoder_fingerprint() -> str:
    # A checksum of the library identifies its version: lameenc 1.9 came with another LAME (4.0) and other frames.
    # Reading the version from importlib.metadata takes about fifty times as long, on every start.
    return f"{zlib.crc32(Path(lameenc.__file__).read_bytes()):08x}"
