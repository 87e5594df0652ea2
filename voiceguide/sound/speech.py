"""Conditions an engine's recordings into clips that can be placed: between `voices/` and `mix`, one clip at a time.

A clip starts with its first sound, has a length of whole milliseconds, is as loud as every other clip whichever engine
spoke it, and has no peak that an MP3 could turn into distortion. The same recording always gives the same clip, so
clips can be stored; calls share no state, so clips can be made in parallel.
"""

from __future__ import annotations

import math
import threading

import numpy as np
import soxr

from voiceguide.errors import VoiceError
from voiceguide.grid import FULL, Grid
from voiceguide.sound.arrays import Floats, make_ramp
from voiceguide.sound.loudness.limiter import limit
from voiceguide.sound.loudness.meter import as_float, measure_in_silence
from voiceguide.sound.segments import AudioSegment, grid_of, samples, segment
from voiceguide.sound.versions import PROCESSING
from voiceguide.voices.base import Recording

__all__ = ["PROCESSING", "condition"]

CEILING = -2.0
"""Highest true peak of a clip in dBTP: leaves room for encoder overshoot below a session's limit of -1."""
_EDGE_DB = -50.0
"""Threshold, relative to the recording's peak, where sound begins and ends: an f or h is 20 dB above, hiss below."""
_LEAD_MS = 4
"""Kept before the first sound, for the fade-in, so that it doesn't soften the consonant."""
_TRAIL_MS = 10
"""Kept after the last sound; the fade-out ends here."""
_FADE_OUT_MS = 5
LONG_SECONDS = 60
"""Longer recordings are conditioned one at a time, because each needs about ten times its own size in memory."""
_one_long_one = threading.Lock()
_SILENCE = 16 / 32768
"""A recording that stays below this (-66 dBFS) contains no speech, only rounding noise."""


def condition(
    recording: Recording, *, target_lufs: float = -19.0, ceiling_dbtp: float = CEILING, grid: Grid = FULL
) -> AudioSegment:
    """The recording as a 16-bit mono segment at the grid's rate: trimmed, levelled, limited, faded.

    Its length is a whole number of milliseconds, the same at either rate.

    `target_lufs`: the loudness of the clip surrounded by silence, as the session's meter measures it.
    `ceiling_dbtp`: the highest true peak. An MP3 of 48 or 64 kbit/s may overshoot it by 0.3 dB.
    Raises VoiceError if the recording is silent or damaged.
    """
    return condition_with_lead(recording, target_lufs, ceiling_dbtp, grid)[0]


def condition_with_lead(
    recording: Recording, target_lufs: float, ceiling_dbtp: float, grid: Grid
) -> tuple[AudioSegment, float]:
    """The conditioned clip, and the milliseconds trimmed from the recording's beginning."""
    if len(recording.samples) <= 2 * LONG_SECONDS * recording.rate:
        return _condition(recording, target_lufs, ceiling_dbtp, grid)
    with _one_long_one:
        return _condition(recording, target_lufs, ceiling_dbtp, grid)


def _condition(recording: Recording, target_lufs: float, ceiling_dbtp: float, grid: Grid) -> tuple[AudioSegment, float]:
    sound, lead = _trim(_remove_offset(_read_samples(recording), recording.rate), recording.rate)
    loudness = measure_in_silence(sound, recording.rate)
    if not math.isfinite(loudness):
        raise VoiceError("the voice returned no audible sound for this text")
    gain = 10 ** ((target_lufs - loudness) / 20)
    length = _length_ms(len(sound), recording.rate) * grid.samples_per_ms
    if recording.rate != grid.rate:
        sound = soxr.resample(sound, recording.rate, grid.rate, "HQ")
    # In place from here on to save memory: a text of 5,000 characters lasts several minutes.
    sound *= np.float32(gain)
    sound = limit(sound, ceiling_dbtp, grid)
    _fade(sound, grid)
    sound *= np.float32(32768)
    np.rint(sound, out=sound)
    np.clip(sound, -32768, 32767, out=sound)
    clip = sound.astype(np.int16)
    return segment(np.pad(clip, (0, length - len(clip))), grid), lead


def change_grid(clip: AudioSegment, grid: Grid) -> AudioSegment:
    """A mono clip resampled to another grid: same length in milliseconds, peaks below the ceiling."""
    before = grid_of(clip)
    if before == grid:
        return clip
    sound = as_float(samples(clip))
    sound = soxr.resample(sound, before.rate, grid.rate, "HQ")[: len(clip) * grid.samples_per_ms]
    sound = np.pad(sound, (0, len(clip) * grid.samples_per_ms - len(sound)))
    sound = limit(sound, CEILING, grid) * np.float32(32768)
    return segment(np.clip(np.rint(sound), -32768, 32767).astype(np.int16), grid)


def _length_ms(count: int, rate: int) -> int:
    """The length of `count` samples in ms, rounded up; computed at 48 kHz for either grid."""
    # A timeline is laid out without knowing the rate, so lengths must not depend on it.
    return -(-round(count * FULL.rate / rate) // FULL.samples_per_ms)


def _read_samples(recording: Recording) -> Floats:
    if recording.rate <= 0 or len(recording.samples) % 2:
        raise VoiceError("the voice returned a damaged recording: expected whole 16-bit samples at a positive rate")
    return as_float(np.frombuffer(recording.samples, dtype="<i2").astype(np.int16, copy=False))


def _remove_offset(sound: Floats, rate: int) -> Floats:
    """`sound` without its DC offset.

    A voice's waveform is asymmetric, so its mean is not its offset; subtracting the mean would add a step at the edges
    to silence. The offset is measured as the mean of the quietest hundredth of a second.
    """
    frame = max(1, rate // 100)
    frames = sound[: len(sound) // frame * frame].reshape(-1, frame)
    if not len(frames):
        return sound
    quietest = int(np.argmin(frames.max(axis=1) - frames.min(axis=1)))
    offset = frames[quietest].mean()
    return sound - offset if offset else sound


def _trim(sound: Floats, rate: int) -> tuple[Floats, float]:
    """`sound` from just before its first audible sample to just after its last, and the ms trimmed from its start."""
    peak = float(max(sound.max(initial=0.0), -sound.min(initial=0.0)))
    if peak < _SILENCE:
        raise VoiceError("the voice returned no sound for this text")
    edge = peak * 10 ** (_EDGE_DB / 20)
    loud = sound > edge
    loud |= sound < -edge
    start = max(0, int(loud.argmax()) - rate * _LEAD_MS // 1000)
    end = len(loud) - int(loud[::-1].argmax()) + rate * _TRAIL_MS // 1000
    return sound[start:end], 1000 * start / rate


def _fade(sound: Floats, grid: Grid) -> None:
    """Fade both ends of a sound in place, so that no clip begins or ends with a click."""
    lead = min(_LEAD_MS * grid.samples_per_ms, len(sound) // 2)
    trail = min(_FADE_OUT_MS * grid.samples_per_ms, len(sound) // 2)
    sound[:lead] *= make_ramp(lead)
    sound[len(sound) - trail :] *= make_ramp(trail)[::-1]
