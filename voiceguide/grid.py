"""The time grid of all audio: whole milliseconds of samples, and MP3 frames of 24 ms.

At a constant bit rate every frame has the same number of bytes, so a sound's time, its frame index and its byte offset
are one number multiplied by three constants. There are two grids. 48 kHz is MPEG-1 Layer III, for beds and stereo.
24 kHz is MPEG-2 Layer III, for mono sessions without a bed: voices are recorded at 22 or 24 kHz and chimes have nothing
above 12 kHz, so half the samples hold the whole signal. A frame lasts 24 ms in both.
"""

from __future__ import annotations

from msgspec import Struct

FRAME_MS = 24
"""Milliseconds per MP3 frame, at either rate."""


class Grid(Struct, frozen=True):
    """A sample rate at which milliseconds and frames are whole numbers of samples.

    rate: samples per second and channel. flush_frames: extra frames at the end of an encoded passage, for the delay of
    encoder and decoder (1105 samples).
    """

    rate: int
    flush_frames: int

    @property
    def samples_per_ms(self) -> int:
        """Samples per millisecond and channel."""
        return self.rate // 1000

    @property
    def frame_samples(self) -> int:
        """Samples per MP3 frame and channel."""
        return self.samples_per_ms * FRAME_MS

    def frames_needed(self, samples: int) -> int:
        """The number of frames that a passage of `samples` per channel occupies, including its flush."""
        return -(-samples // self.frame_samples) + self.flush_frames


FULL = Grid(48_000, flush_frames=1)
VOICE = Grid(24_000, flush_frames=2)


def session_grid(*, stereo: bool, bed: bool) -> Grid:
    """The grid of a session: 24 kHz is enough for voice and chimes in one channel."""
    return FULL if stereo or bed else VOICE


RATE = FULL.rate
SAMPLES_PER_MS = FULL.samples_per_ms
FRAME_SAMPLES = FULL.frame_samples
"""The constants of the 48 kHz grid, which all beds use."""


def nearest_frame(ms: int) -> int:
    """The index of the frame that starts nearest to a time in ms."""
    return (2 * ms + FRAME_MS) // (2 * FRAME_MS)
