"""Loudness and true peak by ITU-R BS.1770-4, for speech, chimes and whole sessions.

Implemented with numpy only. pyloudnorm does the same, and the tests compare against it, but it depends on scipy: about
100 MB to install and half a second at every start, for two second-order filters. Here the filters are applied in the
frequency domain; their impulse responses decay within a tenth of a second, so a little padding makes that exact.

The filters' analogue prototype (frequencies, gain, qualities) is Brecht De Man's, "Evaluation of Implementations of
the EBU R128 Loudness Measurement" (AES 145, 2018), as in libebur128; at 48 kHz it gives the coefficients printed in
BS.1770-4, tables 1 and 2.
"""

from __future__ import annotations

import math
from collections import Counter
from functools import lru_cache
from typing import Any

import numpy as np
import numpy.typing as npt
import soxr

from voiceguide.sound.arrays import Doubles
from voiceguide.sound.loudness.level import ABSOLUTE_GATE, RELATIVE_GATE

Sound = npt.NDArray[Any]
"""int16, or floats with full scale at 1.0; shape (n,) or (n, channels)."""

_SHELF_HZ, _SHELF_DB, _SHELF_Q = 1681.974450955533, 3.999843853973347, 0.7071752369554196
_SHELF_SLOPE = 0.4996667741545416
_HIGH_PASS_HZ, _HIGH_PASS_Q = 38.13547087602444, 0.5003270373238773

_BLOCK_SECONDS = 0.4
_STEPS_A_SECOND = 10
"""A block begins every 100 ms, so blocks overlap by 75 %."""
_OFFSET = -0.691
"""Makes a 997 Hz sine at 0 dBFS in one channel measure -3.01 LUFS."""

_TAIL_SECONDS = 0.1
"""After this time the high-pass filter's impulse response has decayed by more than 180 dB."""


def block_energies(samples: Sound, rate: int) -> Doubles:
    """The K-weighted mean square of every complete 400 ms block, one per 100 ms; channels added with weight 1.

    `samples`: int16 or float (full scale 1.0), shape (n,) or (n, channels), n samples at `rate` Hz. The result is empty
    if they are shorter than a block. Energies of several sounds can be concatenated before `integrate`.
    """
    meter = Meter(rate)
    meter.add(samples)
    return meter.energies


def integrate(energies: npt.ArrayLike) -> float:
    """The gated loudness in LUFS of these block energies; minus infinity for silence."""
    energy = np.asarray(energies, dtype=np.float64)
    energy = energy[energy >= _energy(ABSOLUTE_GATE)]
    if not energy.size:
        return -math.inf
    # The relative gate is 10 LU below the loudness of the blocks above the absolute gate: a factor of ten in energy.
    energy = energy[energy > float(np.mean(energy)) * 10 ** (-RELATIVE_GATE / 10)]
    return _OFFSET + 10 * math.log10(float(np.mean(energy)))


def measure_in_silence(sound: Sound, rate: int) -> float:
    """The loudness in LUFS of a short sound surrounded by silence, as in a session; minus infinity if inaudible.

    A counted "three" is hardly longer than one of the meter's blocks and overlaps several of them partly, so it is
    measured with silence around it. The position of the session's blocks isn't known yet: blocks that begin four times
    as often give the average over their possible positions.
    """
    meter = Meter(rate, steps_a_second=4 * _STEPS_A_SECOND)
    block = math.ceil(_BLOCK_SECONDS * rate)
    meter.add_silence(block)
    meter.add(sound)
    meter.add_silence(block)
    return meter.loudness


def measure_blocks(sound: Sound, rate: int) -> list[tuple[float, int]]:
    """The meter's blocks over a sound surrounded by silence, as (loudness rounded to 0.5 LUFS, number of blocks)."""
    meter = Meter(rate)
    block = math.ceil(_BLOCK_SECONDS * rate)
    meter.add_silence(block)
    meter.add(sound)
    meter.add_silence(block)
    found: Counter[float] = Counter()
    for energy in meter.energies:
        if energy > 0:
            found[round(2 * (_OFFSET + 10 * math.log10(energy))) / 2] += 1
    return sorted(found.items())


def true_peak(samples: Sound) -> float:
    """The true peak in dBTP, four times oversampled. Minus infinity for silence."""
    if not len(samples):
        return -math.inf
    sound = as_float(samples)
    peak = max(float(np.max(np.abs(sound))), float(np.max(np.abs(soxr.resample(sound, 1, 4, "HQ")))))
    return 20 * math.log10(peak) if peak > 0 else -math.inf


def as_float(samples: Sound) -> npt.NDArray[np.float32]:
    """Samples as 32-bit floats with full scale at 1.0."""
    sound: npt.NDArray[np.float32] = samples.astype(np.float32, copy=False)
    return sound * np.float32(1 / 32768) if samples.dtype == np.int16 else sound


class Meter:
    """Measures loudness incrementally; memory is one number per 100 ms, so 36,000 for an hour.

    Pieces may have any length; how the sound is divided doesn't change the result.
    """

    def __init__(self, rate: int, *, steps_a_second: int = _STEPS_A_SECOND) -> None:
        """`rate`: sample rate of everything that is added.

        `steps_a_second`: how often a block begins. The standard uses ten; more of them average over the positions that
        a short sound may have relative to the standard's blocks.
        """
        self._rate = rate
        self._steps_a_second = steps_a_second
        self._steps_a_block = round(steps_a_second * _BLOCK_SECONDS)
        self._tail_length = math.ceil(rate * _TAIL_SECONDS)
        # Long enough that padding is a small part of the work, short enough to fit the processor's cache.
        self._piece = fast_length(2 * rate + self._tail_length) - self._tail_length
        self._pending: list[Sound] = []
        self._pending_length = 0
        self._tail: Doubles = np.zeros(self._tail_length)
        self._tail_shape: tuple[int, ...] = ()
        self._position = 0
        self._steps: list[Doubles] = []
        self._open_step = 0.0

    def add(self, block: Sound) -> None:
        """Add the next samples: int16 or float, (n,) or (n, channels). Raises ValueError if the channels change."""
        if not len(block):
            return
        if self._tail_shape and block.shape[1:] != self._tail_shape[1:]:
            raise ValueError(f"expected samples of the shape {('n', *self._tail_shape[1:])}, not {block.shape}")
        if not self._tail_shape:
            self._tail = np.zeros((self._tail_length, *block.shape[1:]))
            self._tail_shape = self._tail.shape
        # Small pieces are copied, because a caller may reuse its buffer, and collected for one larger transform.
        self._pending.append(block.copy() if len(block) < self._piece else block)
        self._pending_length += len(block)
        if self._pending_length >= self._piece:
            self._measure_pending()

    def add_silence(self, length: int) -> None:
        """Add `length` zero samples: like `add`, but almost free, because most of a session is silence."""
        self._measure_pending()
        ending = min(length, self._tail_length)
        self._count(self._tail[:ending])
        self._tail = np.concatenate((self._tail[ending:], np.zeros_like(self._tail[:ending])))
        for start in range(ending, length, self._piece):
            self._count(np.zeros(min(self._piece, length - start)))

    @property
    def energies(self) -> Doubles:
        """The energies of all complete blocks so far, as returned by `block_energies`."""
        self._measure_pending()
        steps = np.concatenate(self._steps) if self._steps else np.zeros(0)
        if len(steps) < self._steps_a_block:
            return np.zeros(0)
        windows = np.lib.stride_tricks.sliding_window_view(steps, self._steps_a_block)
        energies: Doubles = windows.sum(axis=1) * (self._steps_a_second / (self._steps_a_block * self._rate))
        return energies

    @property
    def loudness(self) -> float:
        """The integrated loudness so far, in LUFS."""
        return integrate(self.energies)

    def _measure_pending(self) -> None:
        if not self._pending:
            return
        sound = self._pending[0] if len(self._pending) == 1 else np.concatenate(self._pending)
        self._pending, self._pending_length = [], 0
        for start in range(0, len(sound), self._piece):
            self._measure(sound[start : start + self._piece])

    def _measure(self, piece: Sound) -> None:
        """Filter one piece; the tail of the filters' response is added to the next piece (overlap-add)."""
        length = len(piece)
        size = fast_length(length + self._tail_length)
        weighting = k_weighting(size, self._rate)
        spectrum = np.fft.rfft(as_float(piece), size, axis=0)
        spectrum *= weighting if piece.ndim == 1 else weighting[:, None]
        weighted: Doubles = np.fft.irfft(spectrum, size, axis=0).astype(np.float64, copy=False)
        weighted = weighted[: length + self._tail_length]
        weighted[: self._tail_length] += self._tail
        self._tail = weighted[length:].copy()
        self._count(weighted[:length])

    def _count(self, weighted: Doubles) -> None:
        """Sum squares into steps; the last step may stay incomplete."""
        if not len(weighted):
            return
        square = np.square(weighted) if weighted.ndim == 1 else np.einsum("ij,ij->i", weighted, weighted)
        first, end = self._position, self._position + len(square)
        self._position = end
        # A step begins at the sample nearest to its time, so that rates such as 11,025 Hz don't drift.
        pace = self._steps_a_second
        steps = np.arange(first * pace // self._rate, end * pace // self._rate + 2)
        bounds = (steps * self._rate + pace // 2) // pace
        inside = bounds[(bounds > first) & (bounds <= end)] - first
        sums = np.add.reduceat(square, np.concatenate(([0], inside[inside < len(square)])))
        sums[0] += self._open_step
        if inside.size and inside[-1] == len(square):
            self._open_step = 0.0
        else:
            self._open_step = float(sums[-1])
            sums = sums[:-1]
        self._steps.append(sums)


@lru_cache(maxsize=32)
def k_weighting(size: int, rate: int) -> npt.NDArray[np.complex64]:
    """BS.1770's two filters at the frequencies of `np.fft.rfft(…, size)`: a high shelf, then a high-pass."""
    # z⁻¹ on the unit circle at each frequency.
    delay = np.exp(-2j * np.pi * np.arange(size // 2 + 1) / size)
    k = math.tan(math.pi * _SHELF_HZ / rate)
    high = 10 ** (_SHELF_DB / 20)
    band = high**_SHELF_SLOPE
    shelf = _biquad(
        delay,
        (high + band * k / _SHELF_Q + k * k, 2 * (k * k - high), high - band * k / _SHELF_Q + k * k),
        (1 + k / _SHELF_Q + k * k, 2 * (k * k - 1), 1 - k / _SHELF_Q + k * k),
    )
    k = math.tan(math.pi * _HIGH_PASS_HZ / rate)
    norm = 1 + k / _HIGH_PASS_Q + k * k
    # The standard prints this filter's numerator as 1, -2, 1, not normalised, at every rate.
    high_pass = _biquad(delay, (1.0, -2.0, 1.0), (1.0, 2 * (k * k - 1) / norm, (1 - k / _HIGH_PASS_Q + k * k) / norm))
    return (shelf * high_pass).astype(np.complex64)


def _biquad(
    delay: npt.NDArray[np.complex128], b: tuple[float, float, float], a: tuple[float, float, float]
) -> npt.NDArray[np.complex128]:
    above: npt.NDArray[np.complex128] = b[0] + delay * (b[1] + delay * b[2])
    below: npt.NDArray[np.complex128] = a[0] + delay * (a[1] + delay * a[2])
    return above / below


def fast_length(least: int) -> int:
    """A length of at least `least` that is fast to transform: a power of two, or one and a half times one.

    Few distinct lengths instead of the closest one, so that `k_weighting` is nearly always cached.
    """
    power = 1 << max(2, (least - 1).bit_length())
    return power * 3 // 4 if power * 3 // 4 >= least else power


def _energy(lufs: float) -> float:
    """The mean square that corresponds to `lufs`."""
    return float(10 ** ((lufs - _OFFSET) / 10))
