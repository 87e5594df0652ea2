"""How loud a whole session will be, from what is in it, and the gain that brings it to its target.

Every clip of speech is levelled to the target already, so a session of words needs no gain. One of chimes and breath
tones alone does. What follows is the meter's own reckoning (ITU-R BS.1770: blocks, an absolute gate, a relative one)
over the clips' known loudness instead of over hours of samples; it needs neither the samples nor numpy.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence

BLOCK_MS = 100  # one block of the meter begins each 100 ms, and lasts four times that
WHOLE_BLOCK_MS = 400
TARGET = -19.0  # LUFS in mono; the same samples in two channels measure 3 LU more, which is stereo's -16
SLACK = 0.5  # LU that a session may be off before it is corrected: a correction makes all its passages anew
STEP = 0.5  # dB
MAX_GAIN = 15.0  # dB
ABSOLUTE_GATE, RELATIVE_GATE = -70.0, 10.0
MAX_BED_DEPTH = 40
ENCODER_LOSS = 0.45  # dB that LAME takes away from everything
EDGE_LOSS = 0.2  # dB by which short words, limited and with silence around them, pull a session's average down

Blocks = Sequence[tuple[float, float]]
"""Loudnesses in LUFS, each with the number of blocks that have it."""


def blocks(ms: int, loudness: float) -> Blocks:
    """A clip of even loudness: its blocks, and the half ones at its ends."""
    return ((loudness, ms / BLOCK_MS + 2),)


def integrated(session: Iterable[tuple[float, float]]) -> float:
    """The gated loudness in LUFS; minus infinity where there is nothing to hear."""
    return _gated(session)[0]


def _gated(session: Iterable[tuple[float, float]]) -> tuple[float, float]:
    """The gated loudness, and the relative gate that it was taken above."""
    heard = [(loudness, count) for loudness, count in session if loudness > ABSOLUTE_GATE]
    gate = _mean(heard) - RELATIVE_GATE
    return _mean([(loudness, count) for loudness, count in heard if loudness > gate]), gate


def _mean(heard: Blocks) -> float:
    count = sum(number for _, number in heard)
    if not count:
        return -math.inf
    return 10 * math.log10(sum(10 ** (loudness / 10) * number for loudness, number in heard) / count)


def gain(session: Iterable[tuple[float, float]]) -> float:
    """The gain in dB, in whole steps, that brings a session to its target; none where it is near enough."""
    found = integrated(session)
    if not math.isfinite(found) or abs(found - TARGET) <= SLACK:
        return 0.0
    return min(MAX_GAIN, round((TARGET - found) / STEP) * STEP)
