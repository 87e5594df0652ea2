"""The grid on which everything lies: 48 kHz, whole milliseconds of 48 samples, and MP3 frames of 24 ms.

At 48 kHz and a constant bit rate every frame has the same number of bytes, so the place of a sound in time, its frame
index and its byte offset are one number times three constants.
"""

from __future__ import annotations

RATE = 48_000
"""Samples a second, in every channel."""

SAMPLES_PER_MS = RATE // 1000

FRAME_SAMPLES = 1152
"""Samples of one MP3 frame, in every channel."""

FRAME_MS = 24
"""Milliseconds of one MP3 frame."""


def frames_needed(samples: int) -> int:
    """The frames that a passage of so many samples (in each channel) occupies, its flush included."""
    return -(-samples // FRAME_SAMPLES) + 1


def nearest_frame(ms: int) -> int:
    """The frame whose beginning is nearest to a time in ms."""
    return (2 * ms + FRAME_MS) // (2 * FRAME_MS)
