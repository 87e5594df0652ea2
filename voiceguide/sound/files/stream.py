"""A music file as a stream of blocks, in the child: 48 kHz, the session's number of channels, one block ahead."""

from __future__ import annotations

from collections.abc import Generator

import numpy as np
import soxr

from voiceguide.grid import RATE
from voiceguide.sound.arrays import Floats
from voiceguide.sound.files.bounds import MAX_MUSIC_SECONDS
from voiceguide.sound.files.opening import open_sound
from voiceguide.sound.files.wire import Refusal

UNREADABLE = "can't be read as music; use a WAV, FLAC, OGG or MP3 file that plays elsewhere"

_BLOCK = 1 << 16


class Stream:
    """A file from start to end. `take` returns the next block's bytes, b"" at the end; `prepare` decodes it ahead."""

    def __init__(self, path: str, channels: int) -> None:
        self._blocks = _decode(path, channels)
        self._ahead: bytes | Refusal | None = None

    def prepare(self) -> None:
        """Decode the next block before it is requested."""
        if self._ahead is None:
            try:
                self._ahead = next(self._blocks, b"")
            except Refusal as why:
                self._ahead = why

    def take(self) -> bytes:
        """The next block as 32-bit floats, channels interleaved. Raises Refusal."""
        self.prepare()
        block, self._ahead = self._ahead, None
        if isinstance(block, Refusal):
            raise block
        return block or b""

    def close(self) -> None:
        """Close the file."""
        self._blocks.close()


def _decode(path: str, channels: int) -> Generator[bytes]:
    with open_sound(path, UNREADABLE) as file:
        resampler = soxr.ResampleStream(file.samplerate, RATE, channels, dtype="float32", quality="HQ")
        length = 0
        while len(read := file.read(_BLOCK, dtype="float32", always_2d=True)):
            block = resampler.resample_chunk(_in_channels(read, channels))
            length += len(block)
            if length > MAX_MUSIC_SECONDS * RATE:
                hours = MAX_MUSIC_SECONDS // 3600
                raise Refusal(
                    f"this music is too long; it may last at most {hours} hours; "
                    "use a shorter file: a bed repeats automatically"
                )
            if len(block):
                yield block.astype("<f4", copy=False).tobytes()
        block = resampler.resample_chunk(np.zeros((0, channels), np.float32), last=True)
        if len(block):
            yield block.astype("<f4", copy=False).tobytes()


def _in_channels(block: Floats, channels: int) -> Floats:
    if block.shape[1] == channels:
        return block
    mean: Floats = block.mean(axis=1, dtype=np.float32)[:, None]
    return np.ascontiguousarray(np.repeat(mean, channels, axis=1))
