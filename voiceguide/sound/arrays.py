"""Types of sample arrays and small helpers for them. Needs only numpy.

Floats have full scale at 1.0 and the shape (n,) or (n, channels), at 48 kHz unless a rate is given.
"""

from __future__ import annotations

from typing import Any

import numpy as np
import numpy.typing as npt

from voiceguide.grid import SAMPLES_PER_MS

Floats = npt.NDArray[np.float32]
Doubles = npt.NDArray[np.float64]


def pad_to_ms(sound: npt.NDArray[Any]) -> npt.NDArray[Any]:
    """`sound` (n,) at 48 kHz, padded with silence to a whole millisecond, so that its length is exact."""
    missing = -len(sound) % SAMPLES_PER_MS
    return np.concatenate((sound, np.zeros(missing, sound.dtype))) if missing else sound


def make_ramp(length: int) -> Floats:
    """A raised-cosine rise from 0 to 1 over `length` samples, smooth at both ends."""
    return (0.5 - 0.5 * np.cos(np.pi * (np.arange(length) + 0.5) / max(1, length))).astype(np.float32)
