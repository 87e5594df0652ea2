"""The grid on which everything lies: whole milliseconds of samples, and MP3 frames of 24 ms.

At a constant bit rate every frame has the same number of bytes, so the place of a sound in time, its frame index and
its byte offset are one number times three constants. There are two such grids. 48 kHz is MPEG-1 Layer III, for beds and
stereo. 24 kHz is MPEG-2 Layer III, for sessions of one channel without a bed: voices speak at 22 or 24 kHz and chimes
have nothing above 12 kHz, so it holds all there is in half the samples. A frame lasts 24 ms in both.
"""

from __future__ import annotations

from msgspec import Struct

FRAME_MS = 24
"""Milliseconds of one MP3 frame, at either rate."""


class Grid(Struct, frozen=True):
    """A rate at which milliseconds and frames are whole numbers of samples.

    rate: samples a second, in every channel. flush_frames: frames that an encoded passage takes beyond its sound, for
    what encoder and decoder hold back (1105 samples).
    """

    rate: int
    flush_frames: int

    @property
    def samples_per_ms(self) -> int:
        """Samples of one millisecond, in every channel."""
        return self.rate // 1000

    @property
    def frame_samples(self) -> int:
        """Samples of one MP3 frame, in every channel."""
        return self.samples_per_ms * FRAME_MS

    def frames_needed(self, samples: int) -> int:
        """The frames that a passage of so many samples (in each channel) occupies, its flush included."""
        return -(-samples // self.frame_samples) + self.flush_frames


FULL = Grid(48_000, flush_frames=1)
VOICE = Grid(24_000, flush_frames=2)


def session_grid(*, stereo: bool, bed: bool) -> Grid:
    """The grid of a session: half the rate is enough for voice and chimes in one channel."""
    return FULL if stereo or bed else VOICE


RATE = FULL.rate
SAMPLES_PER_MS = FULL.samples_per_ms
FRAME_SAMPLES = FULL.frame_samples
"""Those of 48 kHz, at which all beds are made."""


def nearest_frame(ms: int) -> int:
    """The frame whose beginning is nearest to a time in ms."""
    return (2 * ms + FRAME_MS) // (2 * FRAME_MS)
