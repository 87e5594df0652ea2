"""A finished track's samples, decoded by ffmpeg's decoder, and what can be read off them."""

from __future__ import annotations

from pathlib import Path

import av
import numpy as np
import numpy.typing as npt
import soxr

RATE = 48_000  # of what is read, whichever rate the track has
Floats = npt.NDArray[np.float32]


def of(path: Path) -> Floats:
    """(n, channels), full scale 1, as a gapless player hears them."""
    with av.open(str(path)) as container:
        rate = container.streams.audio[0].rate
        blocks = [frame.to_ndarray() for frame in container.decode(audio=0)]
    joined: Floats = np.concatenate(blocks, axis=1).T.astype(np.float32)
    return joined if rate == RATE else soxr.resample(joined, rate, RATE)


def between(sound: Floats, start: float, end: float) -> Floats:
    """The samples from `start` to `end`, in seconds."""
    return sound[round(start * RATE) : round(end * RATE)]


def decibels(sound: Floats) -> float:
    """The mean power of samples in dB of full scale."""
    return float(10 * np.log10(np.mean(sound.astype(np.float64) ** 2) + 1e-12))


def loudness_by_window(sound: Floats, ms: int) -> Floats:
    """The root mean square of each window of `ms`, all channels together."""
    size = RATE * ms // 1000
    whole = sound[: len(sound) // size * size].reshape(-1, size * sound.shape[1])
    found: Floats = np.sqrt((whole**2).mean(axis=1)).astype(np.float32)
    return found
