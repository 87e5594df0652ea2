"""The last touches to a clip: its gain, and the ear it leans to.

A clip that leans keeps its power, so it is as loud as in the middle. Chimes of the two sides also differ in pitch, the
left one lower, so that they can be told apart on a single loudspeaker.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import soxr

from voiceguide.grid import Grid
from voiceguide.score.timeline import Pan
from voiceguide.sound.arrays import Floats
from voiceguide.sound.beds.envelope import duck_envelope
from voiceguide.sound.loudness.limiter import limit
from voiceguide.sound.narrator import SideWord
from voiceguide.sound.segments import AudioSegment, grid_of, samples, segment
from voiceguide.sound.speech import CEILING

NEAR, FAR = 1.28, 0.6  # of the samples; the squares add up to two, as those of the middle do
TURN_MS = 25  # to lean over for one word, and back
SEMITONES = {"left": -2.0, "right": 2.0}


def finish_clip(
    clip: AudioSegment,
    gain: float,
    *,
    stereo: bool,
    pan: Pan | None,
    side_words: Sequence[SideWord],
    pitched: bool,
) -> AudioSegment:
    """A mono clip with `gain` dB and, in stereo, leaning to `ear` or at its `marks`; the same length."""
    grid = grid_of(clip)
    sound: Floats = samples(clip).astype(np.float32) / np.float32(32768)
    if stereo and pan and pitched:
        sound = _shift_pitch(sound, SEMITONES[pan], grid)
    sound = sound * np.float32(10 ** (gain / 20))
    if not stereo:
        return _to_segment(limit(sound, CEILING, grid), grid)
    if pan:
        side_words = [(0, len(clip), pan)]
        turn = 0
    else:
        turn = TURN_MS
    left, right = _pan_factors(side_words, len(sound), turn, grid)
    ears = (limit(sound * left, CEILING, grid), limit(sound * right, CEILING, grid))
    return _to_segment(np.stack(ears, axis=1), grid)


def duck(clip: AudioSegment, speeches: Sequence[tuple[int, int]], start: int) -> AudioSegment:
    """A clip that begins at `start` ms, softer while there are speeches, given by start and end on the same clock."""
    grid = grid_of(clip)
    sound = samples(clip).astype(np.float32)
    ducked = duck_envelope(speeches, start + len(clip))
    ducked.apply(sound.reshape(-1, clip.channels), start * grid.samples_per_ms, grid)
    return segment(np.rint(sound).astype(np.int16), grid)


def cap_peaks(clip: AudioSegment) -> AudioSegment:
    """A clip, its peaks under the ceiling: laid over each other, clips may stand higher than each of them."""
    grid = grid_of(clip)
    sound = samples(clip).astype(np.float32) / np.float32(32768)
    if sound.ndim == 1:
        return _to_segment(limit(sound, CEILING, grid), grid)
    return _to_segment(np.stack([limit(np.ascontiguousarray(each), CEILING, grid) for each in sound.T], axis=1), grid)


def _pan_factors(side_words: Sequence[SideWord], length: int, turn: int, grid: Grid) -> tuple[Floats, Floats]:
    """The factors of the two channels over a clip: even, but for the marks."""
    balance = np.zeros(length, np.float32)  # -1 left to 1 right
    for start, end, pan in side_words:
        first, last = start * grid.samples_per_ms, min(length, end * grid.samples_per_ms)
        span = np.ones(max(0, last - first), np.float32)
        edge = min(turn * grid.samples_per_ms, len(span) // 2)
        if edge:
            span[:edge] = np.linspace(0, 1, edge)
            span[-edge:] = np.linspace(1, 0, edge)
        balance[first:last] = span if pan == "right" else -span
    lean = np.abs(balance)
    near, far = 1 + (NEAR - 1) * lean, 1 - (1 - FAR) * lean
    return np.where(balance < 0, near, far), np.where(balance < 0, far, near)


def _shift_pitch(sound: Floats, semitones: float, grid: Grid) -> Floats:
    """Played faster or slower, and cut or filled to the same length: a chime's end is its faintest part."""
    ratio = 2 ** (semitones / 12)
    played = soxr.resample(sound, grid.rate * ratio, grid.rate, "HQ")
    found = np.zeros(len(sound), np.float32)
    kept = min(len(sound), len(played))
    found[:kept] = played[:kept]
    edge = min(20 * grid.samples_per_ms, kept)
    found[kept - edge : kept] *= np.linspace(1, 0, edge, dtype=np.float32)
    return found


def _to_segment(sound: Floats, grid: Grid) -> AudioSegment:
    return segment(np.rint(np.clip(sound * np.float32(32768), -32768, 32767)).astype(np.int16), grid)
