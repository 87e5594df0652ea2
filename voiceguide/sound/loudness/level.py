"""Computes a whole session's loudness from its contents, and the gain that brings it to its target.

Every clip of speech is already levelled to the target, so a session of speech needs no gain. A session of only chimes
and breath tones does. The computation is the meter's (ITU-R BS.1770: blocks, an absolute gate, a relative gate), but
over the clips' known loudness instead of over hours of samples; it needs neither the samples nor numpy.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence

BLOCK_MS = 100  # a block of the meter begins every 100 ms, and lasts four times as long
WHOLE_BLOCK_MS = 400
TARGET = -19.0  # LUFS in mono; the same samples in two channels measure 3 LU more, which is stereo's -16
SLACK = 0.5  # LU that a session may be off without a correction, which would make all its passages again
STEPS = 2  # of the gain per dB
BED_STEPS = 10  # with finer steps every small change of a session would change all of its parts
MAX_GAIN = 15.0  # dB
ABSOLUTE_GATE = -70.0  # LUFS, of BS.1770: softer blocks are ignored
RELATIVE_GATE = 10.0  # LU: blocks this far below the loudness of the others are ignored too
ENCODER_LOSS = 0.45
"""dB lost in LAME: up to 160 kbit/s its presets scale the input by 0.95, which is -0.446 dB."""
EDGE_LOSS = 0.2  # dB by which short words, limited and surrounded by silence, lower a session's average

Blocks = Sequence[tuple[float, float]]
"""Pairs of a loudness in LUFS and the number of blocks that have it."""


def estimate_blocks(ms: int, loudness: float) -> Blocks:
    """The blocks of a clip of constant loudness, including the partial ones at its ends."""
    return ((loudness, ms / BLOCK_MS + 2),)


def integrate(session: Iterable[tuple[float, float]]) -> float:
    """The gated loudness in LUFS; minus infinity for silence."""
    heard = [(loudness, count) for loudness, count in session if loudness > ABSOLUTE_GATE]
    gate = _mean(heard) - RELATIVE_GATE
    return _mean([(loudness, count) for loudness, count in heard if loudness > gate])


def _mean(heard: Blocks) -> float:
    count = sum(number for _, number in heard)
    if not count:
        return -math.inf
    return 10 * math.log10(sum(10 ** (loudness / 10) * number for loudness, number in heard) / count)


def find_gain(loudness: float) -> float:
    """The gain in dB, in whole steps, that brings a session to its target; 0 if it is close enough."""
    return _steps(loudness, STEPS) if math.isfinite(loudness) and abs(loudness - TARGET) > SLACK else 0.0


def find_gain_with_bed(voice: float, session: float) -> float:
    """The gain of the voice and all other sounds over a bed, in finer steps, because all of it is mixed again anyway.

    It brings the voice to its target, or less if the session would then be above it. The bed itself gets no gain.
    """
    return min(_steps(each, BED_STEPS) for each in (voice, session)) if math.isfinite(voice) else 0.0


def _steps(loudness: float, per_db: int) -> float:
    return round(per_db * max(-MAX_GAIN, min(MAX_GAIN, TARGET - loudness))) / per_db
