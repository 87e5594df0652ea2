"""The breath tone: a soft swell that rises for exactly the in-breath, holds, and falls for exactly the out-breath.

Loudness and pitch move together, so that a listener can tell the phase at any time with closed eyes: both rise during
the in-breath, stay constant during a hold, and fall during the out-breath. Soft overtones make it audible on a phone's
loudspeaker, which plays little below 400 Hz.
"""

from __future__ import annotations

import numpy as np

from voiceguide.grid import FULL, Grid
from voiceguide.sound.arrays import Doubles
from voiceguide.sound.segments import AudioSegment, segment
from voiceguide.times import Pattern

LOW, HIGH = 196.0, 261.6  # Hz, G3 to C4: a fourth is enough to hear the direction
PARTIALS = ((1.0, 1.0), (2.0, 0.5), (3.0, 0.22), (4.0, 0.1))
LEVEL = 0.18  # of full scale at the top of the swell: about 4 LU below the voice


def make_tone(pattern: Pattern, ms: int, grid: Grid = FULL) -> AudioSegment:
    """The first `ms` of one breath's tone, in mono; the end of the out-breath may be cut, where it is nearly silent."""
    rise = _ramp(pattern.breathe_in, grid)
    stay = np.ones(pattern.hold_in * grid.samples_per_ms)
    fall = _ramp(pattern.breathe_out, grid)[::-1]
    height = np.concatenate((rise, stay, fall))
    swell = height**2 * (3 - 2 * height) * LEVEL
    pitch = LOW * (HIGH / LOW) ** height
    phase = 2 * np.pi * np.cumsum(pitch) / grid.rate
    sound = sum(weight * np.sin(number * phase) for number, weight in PARTIALS) / sum(w for _, w in PARTIALS)
    kept = (sound * swell)[: ms * grid.samples_per_ms]
    # The swell is nearly silent at the cut; a short fade removes the remaining step.
    edge = 5 * grid.samples_per_ms
    kept[-edge:] *= np.linspace(1.0, 0.0, edge)
    return segment(np.rint(kept * 32767).astype(np.int16), grid)


def _ramp(ms: int, grid: Grid) -> Doubles:
    """A linear rise from 0 to 1 over a phase."""
    return np.linspace(0.0, 1.0, ms * grid.samples_per_ms, endpoint=False, dtype=np.float64)
