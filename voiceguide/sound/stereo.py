"""The last touches to a clip: its gain, and the ear it leans to.

A clip that leans keeps its power, so it is as loud as in the middle. Chimes of the two sides also differ in pitch, the
left one lower, so that they can be told apart on a single loudspeaker.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import soxr

from voiceguide.grid import RATE, SAMPLES_PER_MS
from voiceguide.score.timeline import Pan
from voiceguide.sound.arrays import Floats
from voiceguide.sound.beds.envelope import duck_envelope
from voiceguide.sound.loudness.limiter import limit
from voiceguide.sound.narrator import SideWord
from voiceguide.sound.segments import AudioSegment, samples, segment
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
    sound: Floats = samples(clip).astype(np.float32) / np.float32(32768)
    if stereo and pan and pitched:
        sound = _shifted(sound, SEMITONES[pan])
    sound = sound * np.float32(10 ** (gain / 20))
    if not stereo:
        return _segment(limit(sound, CEILING))
    if pan:
        side_words = [(0, len(clip), pan)]
        turn = 0
    else:
        turn = TURN_MS
    left, right = _pan_factors(side_words, len(sound), turn)
    return _segment(np.stack((limit(sound * left, CEILING), limit(sound * right, CEILING)), axis=1))


def duck(clip: AudioSegment, speeches: Sequence[tuple[int, int]], start: int) -> AudioSegment:
    """A clip that begins at `start` ms, softer while there are speeches, given by start and end on the same clock."""
    sound = samples(clip).astype(np.float32)
    duck_envelope(speeches, start + len(clip)).apply(sound.reshape(-1, clip.channels), start * SAMPLES_PER_MS)
    return segment(np.rint(sound).astype(np.int16))


def cap_peaks(clip: AudioSegment) -> AudioSegment:
    """A clip, its peaks under the ceiling: laid over each other, clips may stand higher than each of them."""
    sound = samples(clip).astype(np.float32) / np.float32(32768)
    if sound.ndim == 1:
        return _segment(limit(sound, CEILING))
    return _segment(np.stack([limit(np.ascontiguousarray(each), CEILING) for each in sound.T], axis=1))


def _pan_factors(side_words: Sequence[SideWord], length: int, turn: int) -> tuple[Floats, Floats]:
    """The factors of the two channels over a clip: even, but for the marks."""
    balance = np.zeros(length, np.float32)  # -1 left to 1 right
    for start, end, pan in side_words:
        first, last = start * SAMPLES_PER_MS, min(length, end * SAMPLES_PER_MS)
        span = np.ones(max(0, last - first), np.float32)
        edge = min(turn * SAMPLES_PER_MS, len(span) // 2)
        if edge:
            span[:edge] = np.linspace(0, 1, edge)
            span[-edge:] = np.linspace(1, 0, edge)
        balance[first:last] = span if pan == "right" else -span
    lean = np.abs(balance)
    near, far = 1 + (NEAR - 1) * lean, 1 - (1 - FAR) * lean
    return np.where(balance < 0, near, far), np.where(balance < 0, far, near)


def _shifted(sound: Floats, semitones: float) -> Floats:
    """Played faster or slower, and cut or filled to the same length: a chime's end is its faintest part."""
    ratio = 2 ** (semitones / 12)
    played = soxr.resample(sound, RATE * ratio, RATE, "HQ")
    found = np.zeros(len(sound), np.float32)
    kept = min(len(sound), len(played))
    found[:kept] = played[:kept]
    edge = min(20 * SAMPLES_PER_MS, kept)
    found[kept - edge : kept] *= np.linspace(1, 0, edge, dtype=np.float32)
    return found


def _segment(sound: Floats) -> AudioSegment:
    return segment(np.rint(np.clip(sound * np.float32(32768), -32768, 32767)).astype(np.int16))
