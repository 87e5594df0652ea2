"""Converts between sample arrays and pydub's segments: the only module that imports pydub.

All mixed audio is 16-bit at the rate of one of the grids. There a millisecond is exactly 48 or 24 samples, so pydub's
positions in whole milliseconds are exact, and 24 ms are exactly one MP3 frame.
"""

from __future__ import annotations

import os
import warnings

import numpy as np
import numpy.typing as npt

with warnings.catch_warnings():
    # Importing pydub emits three warnings that a user can't act on: it looks for ffmpeg, which we never call
    # (RuntimeWarning); it imports audioop, which 3.13 replaces by audioop-lts (DeprecationWarning); and its regular
    # expressions are not raw strings, which newer compilers warn about (SyntaxWarning; DeprecationWarning until 3.11).
    warnings.simplefilter("ignore", RuntimeWarning)
    warnings.simplefilter("ignore", DeprecationWarning)
    warnings.simplefilter("ignore", SyntaxWarning)
    # It takes for granted that there is a PATH; where there is none (`env -i`), this is the system's own.
    os.environ.setdefault("PATH", os.defpath)
    from pydub import AudioSegment

from voiceguide.grid import FULL, VOICE, Grid

__all__ = ["AudioSegment", "Samples", "from_bytes", "grid_of", "samples", "segment", "silence"]

Samples = npt.NDArray[np.int16]
"""Shape (n,) for mono, (n, 2) for stereo."""


def segment(samples: Samples, grid: Grid = FULL) -> AudioSegment:
    """A segment with these samples at the grid's rate: int16 of shape (n,) or (n, 2).

    Raises ValueError for any other type or shape; floats would have the wrong scale.
    """
    if samples.dtype != np.int16:
        raise ValueError(f"expected int16 samples, not {samples.dtype}")
    if samples.ndim == 1:
        channels = 1
    elif samples.ndim == 2 and samples.shape[1] == 2:
        channels = 2
    else:
        raise ValueError(f"expected samples of the shape (n,) or (n, 2), not {samples.shape}")
    return AudioSegment(data=samples.tobytes(), sample_width=2, frame_rate=grid.rate, channels=channels)


def from_bytes(data: bytes, channels: int = 1, grid: Grid = FULL) -> AudioSegment:
    """A segment from its `raw_data`: 16-bit samples at the grid's rate, channels interleaved."""
    return AudioSegment(data=data, sample_width=2, frame_rate=grid.rate, channels=channels)


def silence(ms: int, channels: int = 1, grid: Grid = FULL) -> AudioSegment:
    """Silence of exactly `ms`. pydub's own silence is sometimes one sample short."""
    return from_bytes(bytes(2 * channels * grid.samples_per_ms * ms), channels, grid)


def samples(segment: AudioSegment) -> Samples:
    """The samples of a 16-bit segment: int16 of shape (n,) for mono, (n, 2) for stereo. A read-only view.

    Raises ValueError for a segment of another sample width, or at a rate that is neither grid's.
    """
    grid_of(segment)
    if segment.sample_width != 2:
        raise ValueError(f"expected 16 bits, not {8 * segment.sample_width} bits")
    flat: Samples = np.frombuffer(segment.raw_data, dtype=np.int16)
    return flat if segment.channels == 1 else flat.reshape(-1, segment.channels)


def grid_of(segment: AudioSegment) -> Grid:
    """The grid of a segment. Raises ValueError if it has another rate."""
    for grid in (FULL, VOICE):
        if grid.rate == segment.frame_rate:
            return grid
    raise ValueError(f"expected {FULL.rate} or {VOICE.rate} Hz, not {segment.frame_rate} Hz")
