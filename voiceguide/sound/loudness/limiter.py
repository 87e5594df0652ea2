"""A transparent true-peak limiter: the last step for speech, sound files and mixes.

The gain is computed for the whole sound at once, one point per millisecond with straight lines between, and is never
above one, so silence is never amplified. It begins to fall two milliseconds before a peak.
"""

from __future__ import annotations

import numpy as np

from voiceguide.grid import FULL, Grid
from voiceguide.sound.arrays import Doubles, Floats

_RELEASE_MS = 60.0
"""Time in which a reduction decays to 1/e."""
_BETWEEN_SAMPLES_DB = 4.0
"""A peak between two samples is at most this much above the higher of them, in speech and bells."""
_ROWS = 1 << 13
"""Milliseconds that are multiplied at once: limits the extra memory for a long text."""
_TAPS = 16
"""Number of samples that a value between two samples is interpolated from."""


def limit(sound: Floats, ceiling_dbtp: float, grid: Grid = FULL) -> Floats:
    """`sound` (n,) at the grid's rate, full scale at 1.0, with its true peaks limited to `ceiling_dbtp`.

    A sound that stays below the ceiling is returned itself, not as a copy.
    """
    ceiling = 10 ** (ceiling_dbtp / 20)
    peaks = _peaks(sound, ceiling, grid)
    if not np.any(peaks > ceiling):
        return sound
    gain = _gain(peaks, ceiling).astype(np.float32)
    # The gain is linear between its points: one row per millisecond.
    row = grid.samples_per_ms
    way = np.arange(row, dtype=np.float32) / np.float32(row)
    limited = np.zeros((len(peaks), row), np.float32)
    limited.reshape(-1)[: len(sound)] = sound
    for start in range(0, len(limited), _ROWS):
        points = gain[start : start + _ROWS + 1]
        limited[start : start + _ROWS] *= points[:-1, None] + (points[1:] - points[:-1])[:, None] * way
    return limited.reshape(-1)[: len(sound)]


def _peaks(sound: Floats, ceiling: float, grid: Grid) -> Floats:
    """The true peak in each millisecond of `sound`; a single zero if all of it is far below the ceiling.

    Only a few per cent of the samples of speech come close to the ceiling, so only those are oversampled.
    """
    row = grid.samples_per_ms
    level = np.zeros(-(-len(sound) // row) * row, np.float32)
    np.abs(sound, out=level[: len(sound)])
    near = level[: len(sound)] > ceiling * 10 ** (-_BETWEEN_SAMPLES_DB / 20)
    if not near.any():
        return np.zeros(1, np.float32)
    near[:-1] |= near[1:]
    left = np.flatnonzero(near[:-1])
    padded = np.pad(sound, (_TAPS // 2 - 1, _TAPS // 2))
    around = np.lib.stride_tricks.sliding_window_view(padded, _TAPS)[left]
    between = np.abs(around @ _BETWEEN).max(axis=1, initial=0.0)
    # A peak counts for both neighbouring samples, because they may belong to two milliseconds.
    level[left] = np.maximum(level[left], between)
    level[left + 1] = np.maximum(level[left + 1], between)
    peaks: Floats = level.reshape(-1, grid.samples_per_ms).max(axis=1)
    return peaks


def _gain(peaks: Floats, ceiling: float) -> Doubles:
    """The gain at the beginning of each millisecond and at the end of the last: (n,) -> (n + 1,)."""
    with np.errstate(divide="ignore"):
        # The logarithm of 1 - gain; minus infinity where no reduction is needed.
        reduction = np.log(1 - ceiling / np.maximum(peaks.astype(np.float64), ceiling))
    # Release: each reduction decays exponentially until a larger one follows. The logarithm of a decay is a line, and
    # the largest of all lines from the left is a running maximum, so no loop over samples is needed.
    slope = np.arange(len(peaks)) / _RELEASE_MS
    reduction = np.exp(np.maximum.accumulate(reduction + slope) - slope)
    # A point applies to the milliseconds on both sides. Attack: half a reduction is reached one millisecond early.
    around = np.concatenate(([0.0], reduction, [0.0, 0.0]))
    gain: Doubles = 1 - np.maximum(np.maximum(around[:-2], around[1:-1]), around[2:] / 2)
    return gain


def _interpolation() -> Floats:
    """The weights of the surrounding samples for the values at 1/4, 1/2 and 3/4 between two samples: (taps, 3).

    A Kaiser-windowed sinc for the fourfold oversampling of BS.1770's annex 2, with a few more taps.
    """
    distance = np.arange(_TAPS)[:, None] - (_TAPS // 2 - 1) - np.array([0.25, 0.5, 0.75])
    inside = np.clip(1 - np.square(distance / (_TAPS / 2)), 0, None)
    weights = np.sinc(distance) * np.i0(5.0 * np.sqrt(inside)) / np.i0(5.0)
    exact: Floats = (weights / weights.sum(axis=0)).astype(np.float32)
    return exact


_BETWEEN = _interpolation()
