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
STEPS = 2  # of the gain in one dB
BED_STEPS = 10  # any finer, and every small change of a session would change all of its parts
MAX_GAIN = 15.0  # dB
ABSOLUTE_GATE = -70.0  # LUFS, of BS.1770: what is softer does not count at all
RELATIVE_GATE = 10.0  # LU: nor what lies so far below the loudness of the rest
MAX_BED_DEPTH = 40
ENCODER_LOSS = 0.45
"""dB that LAME takes away: up to 160 kbit/s its presets scale what they are given by 0.95, which is -0.446 dB."""
EDGE_LOSS = 0.2  # dB by which short words, limited and with silence around them, pull a session's average down

Blocks = Sequence[tuple[float, float]]
"""Loudnesses in LUFS, each with the number of blocks that have it."""


def estimate_blocks(ms: int, loudness: float) -> Blocks:
    """A clip of even loudness: its blocks, and the half ones at its ends."""
    return ((loudness, ms / BLOCK_MS + 2),)


def integrate(session: Iterable[tuple[float, float]]) -> float:
    """The gated loudness in LUFS; minus infinity where there is nothing to hear."""
    heard = [(loudness, count) for loudness, count in session if loudness > ABSOLUTE_GATE]
    gate = _mean(heard) - RELATIVE_GATE
    return _mean([(loudness, count) for loudness, count in heard if loudness > gate])


def _mean(heard: Blocks) -> float:
    count = sum(number for _, number in heard)
    if not count:
        return -math.inf
    return 10 * math.log10(sum(10 ** (loudness / 10) * number for loudness, number in heard) / count)


def find_gain(loudness: float) -> float:
    """The gain in dB, in whole steps, that brings a session to its target; none where it is near enough."""
    return _steps(loudness, STEPS) if math.isfinite(loudness) and abs(loudness - TARGET) > SLACK else 0.0


def find_gain_with_bed(loudness: float) -> float:
    """The same for a session with a bed, in finer steps: all of it is mixed anew anyway."""
    return _steps(loudness, BED_STEPS)


def _steps(loudness: float, a_decibel: int) -> float:
    return round(a_decibel * max(-MAX_GAIN, min(MAX_GAIN, TARGET - loudness))) / a_decibel
