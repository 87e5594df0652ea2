"""The final processing of a clip: gain and pan.

Panning keeps the power, so a panned clip is as loud as a centred one. Chimes of the two sides also differ in pitch,
the left one lower, so that they can be distinguished on a single loudspeaker.
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

NEAR, FAR = 1.28, 0.6  # gain of the near and far channel; the squares add up to two, as in the centre
TURN_MS = 25  # ramp of the pan at each end of a word
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
    """A mono clip with `gain` dB applied and, in stereo, panned as a whole (`pan`) or at its `side_words`.

    The length stays the same. `pitched`: a panned clip is also shifted in pitch.
    """
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
    """A clip that begins at `start` ms, ducked under speeches given as (start, end) in ms on the same clock."""
    grid = grid_of(clip)
    sound = samples(clip).astype(np.float32)
    ducked = duck_envelope(speeches, start + len(clip))
    ducked.apply(sound.reshape(-1, clip.channels), start * grid.samples_per_ms, grid)
    return segment(np.rint(sound).astype(np.int16), grid)


def cap_peaks(clip: AudioSegment) -> AudioSegment:
    """A clip with its peaks limited to the ceiling: a sum of clips may exceed the peak of each."""
    grid = grid_of(clip)
    sound = samples(clip).astype(np.float32) / np.float32(32768)
    if sound.ndim == 1:
        return _to_segment(limit(sound, CEILING, grid), grid)
    return _to_segment(np.stack([limit(np.ascontiguousarray(each), CEILING, grid) for each in sound.T], axis=1), grid)


def _pan_factors(side_words: Sequence[SideWord], length: int, turn: int, grid: Grid) -> tuple[Floats, Floats]:
    """The gain of the left and right channel over a clip: 1.0 except at `side_words`."""
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
    """Shift the pitch by resampling, then cut or pad to the same length: a chime's end is its faintest part."""
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
