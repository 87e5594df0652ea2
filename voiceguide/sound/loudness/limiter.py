"""Keeps peaks below a ceiling without being heard: the last touch on speech, and on sounds from elsewhere.

The gain is worked out for the whole sound at once, a point each millisecond with straight lines between, and is never
above one: nothing swells in the quiet of a hold. A peak is met by a fall of two milliseconds before it.
"""

from __future__ import annotations

import numpy as np

from voiceguide.grid import FULL, Grid
from voiceguide.sound.arrays import Doubles, Floats

_RELEASE_MS = 60.0
"""Until a reduction has fallen to 1/e."""
_BETWEEN_SAMPLES_DB = 4.0
"""A peak between two samples stands at most this much above the higher of them, in speech and bells."""
_ROWS = 1 << 13
"""Milliseconds whose gain is worked out at once: what a long text needs in memory besides itself."""
_TAPS = 16
"""Samples that a value between two samples is reckoned from."""


def limit(sound: Floats, ceiling_dbtp: float, grid: Grid = FULL) -> Floats:
    """`sound` (n,) at the grid's rate, full scale at 1.0, with its true peaks brought down to `ceiling_dbtp`.

    A sound that stays below the ceiling is given back as it is, not as a copy.
    """
    ceiling = 10 ** (ceiling_dbtp / 20)
    peaks = _peaks(sound, ceiling, grid)
    if not np.any(peaks > ceiling):
        return sound
    gain = _gain(peaks, ceiling).astype(np.float32)
    # Between its points the gain runs straight: one row a millisecond.
    row = grid.samples_per_ms
    way = np.arange(row, dtype=np.float32) / np.float32(row)
    limited = np.zeros((len(peaks), row), np.float32)
    limited.reshape(-1)[: len(sound)] = sound
    for start in range(0, len(limited), _ROWS):
        points = gain[start : start + _ROWS + 1]
        limited[start : start + _ROWS] *= points[:-1, None] + (points[1:] - points[:-1])[:, None] * way
    return limited.reshape(-1)[: len(sound)]


def _peaks(sound: Floats, ceiling: float, grid: Grid) -> Floats:
    """The true peak in each millisecond of `sound`; a single zero where all of it is far from the ceiling.

    Speech comes near the ceiling in a few samples of a hundred, so only there is it worth looking between them.
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
    # A peak counts for both its neighbours, for they may belong to two milliseconds.
    level[left] = np.maximum(level[left], between)
    level[left + 1] = np.maximum(level[left + 1], between)
    peaks: Floats = level.reshape(-1, grid.samples_per_ms).max(axis=1)
    return peaks


def _gain(peaks: Floats, ceiling: float) -> Doubles:
    """The gain at the beginning of each millisecond and at the end of the last: (n,) -> (n + 1,)."""
    with np.errstate(divide="ignore"):
        # The logarithm of 1 - gain; minus infinity where nothing has to be taken away.
        reduction = np.log(1 - ceiling / np.maximum(peaks.astype(np.float64), ceiling))
    # Release: each reduction decays exponentially until a larger one comes. In logarithms a decay is a slope, and the
    # largest of all slopes from the left is a running maximum: no loop over samples.
    slope = np.arange(len(peaks)) / _RELEASE_MS
    reduction = np.exp(np.maximum.accumulate(reduction + slope) - slope)
    # A point serves the milliseconds on both its sides. Attack: half a reduction is reached one millisecond early.
    around = np.concatenate(([0.0], reduction, [0.0, 0.0]))
    gain: Doubles = 1 - np.maximum(np.maximum(around[:-2], around[1:-1]), around[2:] / 2)
    return gain


def _interpolation() -> Floats:
    """The weights of the samples around for the values a quarter, a half and three quarters of the way: (taps, 3).

    A sinc under a Kaiser window, as BS.1770's annex 2 asks for four times oversampling, with a few taps more.
    """
    distance = np.arange(_TAPS)[:, None] - (_TAPS // 2 - 1) - np.array([0.25, 0.5, 0.75])
    inside = np.clip(1 - np.square(distance / (_TAPS / 2)), 0, None)
    weights = np.sinc(distance) * np.i0(5.0 * np.sqrt(inside)) / np.i0(5.0)
    exact: Floats = (weights / weights.sum(axis=0)).astype(np.float32)
    return exact


_BETWEEN = _interpolation()
