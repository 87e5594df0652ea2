"""The breath tone: a soft swell that rises for exactly the in-breath, holds, and falls for exactly the out-breath.

Loudness and pitch move together, so that a listener can tell the phase at any time with closed eyes: both rise during
the in-breath, stay constant during a hold, and fall during the out-breath. Soft overtones make it audible on a phone's
loudspeaker, which plays little below 400 Hz.
"""

from __future__ import annotations

from itertools import pairwise

import numpy as np
import numpy.typing as npt

from voiceguide.grid import FULL, Grid
from voiceguide.sound.arrays import Doubles
from voiceguide.sound.segments import AudioSegment, segment
from voiceguide.times import Pattern

LOW, HIGH = 196.0, 261.6  # Hz, G3 to C4: a fourth is enough to hear the direction
PARTIALS = ((1.0, 1.0), (2.0, 0.5), (3.0, 0.22), (4.0, 0.1))
BLOCK = 60  # seconds of it that are made at once: a held breath may last minutes
LEVEL = 0.18  # of full scale at the top of the swell: about 4 LU below the voice


def make_tone(pattern: Pattern, ms: int, grid: Grid = FULL) -> AudioSegment:
    """The first `ms` of one breath's tone, in mono; the end of the out-breath may be cut, where it is nearly silent."""
    rise, fall = _ramp(pattern.breathe_in, grid), _ramp(pattern.breathe_out, grid)[::-1]
    after = len(rise) + pattern.hold_in * grid.samples_per_ms
    total, edge = min(after + len(fall), ms * grid.samples_per_ms), 5 * grid.samples_per_ms
    blocks: list[npt.NDArray[np.int16]] = []
    turned = 0.0
    for start, end in pairwise([*range(0, total - edge, BLOCK * grid.rate), total]):
        held = np.ones(max(0, min(end, after) - max(start, len(rise))))
        height = np.concatenate((rise[start:end], held, fall[max(0, start - after) : max(0, end - after)]))
        swell = height**2 * (3 - 2 * height) * LEVEL
        turns = LOW * (HIGH / LOW) ** height
        turns[0] += turned
        turns = np.cumsum(turns)
        turned = float(turns[-1])
        phase = 2 * np.pi * turns / grid.rate
        sound = sum(weight * np.sin(number * phase) for number, weight in PARTIALS) / sum(w for _, w in PARTIALS)
        kept = sound * swell
        if end == total:
            # The swell is nearly silent at the cut; a short fade removes the remaining step.
            kept[-edge:] *= np.linspace(1.0, 0.0, edge)
        blocks.append(np.rint(kept * 32767).astype(np.int16))
    return segment(np.concatenate(blocks), grid)


def _ramp(ms: int, grid: Grid) -> Doubles:
    """A linear rise from 0 to 1 over a phase."""
    return np.linspace(0.0, 1.0, ms * grid.samples_per_ms, endpoint=False, dtype=np.float64)
