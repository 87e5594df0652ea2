"""Makes an engine's recording fit to be placed: from `voices/` to `mix`, one clip at a time.

A clip starts when its first sound does, stands on whole milliseconds, is as loud as every other clip whichever engine
spoke it, and has no peak that an MP3 could turn into distortion. The same recording always gives the same clip, so
clips can be kept; and nothing here is shared between calls, so they can be made side by side.
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
"""dBTP that no clip's peak exceeds: what the encoder adds stays under a session's -1."""
_EDGE_DB = -50.0
"""Sound begins and ends here, below the recording's peak: an f or an h is 20 dB above, a breath of hiss below."""
_LEAD_MS = 4
"""Kept before the first sound; the fade-in lies here, so that it takes nothing from the consonant."""
_TRAIL_MS = 10
"""Kept after the last sound; the fade-out ends here."""
_FADE_OUT_MS = 5
LONG_SECONDS = 60
"""Recordings longer than this are conditioned one at a time, as each takes some ten times its own size in memory."""
_one_long_one = threading.Lock()
_SILENCE = 16 / 32768
"""A recording that stays below this (-66 dBFS) holds no speech, only an engine's rounding."""


def condition(
    recording: Recording, *, target_lufs: float = -19.0, ceiling_dbtp: float = CEILING, grid: Grid = FULL
) -> AudioSegment:
    """The recording as a 16-bit mono segment at the grid's rate: trimmed, levelled, limited, faded.

    It has whole milliseconds, as many at either rate.

    `target_lufs`: the loudness of the clip in the silence around it, as the session's meter will see it.
    `ceiling_dbtp`: the highest true peak. An MP3 of 48 or 64 kbit/s may come out 0.3 dB above it.
    Raises VoiceError where there is nothing to hear in the recording.
    """
    return condition_with_lead(recording, target_lufs, ceiling_dbtp, grid)[0]


def condition_with_lead(
    recording: Recording, target_lufs: float, ceiling_dbtp: float, grid: Grid
) -> tuple[AudioSegment, float]:
    """The same, and the milliseconds that trimming took from the recording's beginning."""
    if len(recording.samples) <= 2 * LONG_SECONDS * recording.rate:
        return _condition(recording, target_lufs, ceiling_dbtp, grid)
    with _one_long_one:
        return _condition(recording, target_lufs, ceiling_dbtp, grid)


def _condition(recording: Recording, target_lufs: float, ceiling_dbtp: float, grid: Grid) -> tuple[AudioSegment, float]:
    sound, lead = _trim(_remove_offset(_read_samples(recording), recording.rate), recording.rate)
    loudness = measure_in_silence(sound, recording.rate)
    if not math.isfinite(loudness):
        raise VoiceError("the voice gave no sound loud enough to hear for this text")
    gain = 10 ** ((target_lufs - loudness) / 20)
    length = _length_ms(len(sound), recording.rate) * grid.samples_per_ms
    if recording.rate != grid.rate:
        sound = soxr.resample(sound, recording.rate, grid.rate, "HQ")
    # In place from here on: a text of 5,000 characters is some minutes long.
    sound *= np.float32(gain)
    sound = limit(sound, ceiling_dbtp, grid)
    _fade(sound, grid)
    sound *= np.float32(32768)
    np.rint(sound, out=sound)
    np.clip(sound, -32768, 32767, out=sound)
    clip = sound.astype(np.int16)
    return segment(np.pad(clip, (0, length - len(clip))), grid), lead


def change_grid(clip: AudioSegment, grid: Grid) -> AudioSegment:
    """A mono clip at another grid's rate, of the same length in milliseconds, its peaks below the ceiling."""
    before = grid_of(clip)
    if before == grid:
        return clip
    sound = as_float(samples(clip))
    sound = soxr.resample(sound, before.rate, grid.rate, "HQ")[: len(clip) * grid.samples_per_ms]
    sound = np.pad(sound, (0, len(clip) * grid.samples_per_ms - len(sound)))
    sound = limit(sound, CEILING, grid) * np.float32(32768)
    return segment(np.clip(np.rint(sound), -32768, 32767).astype(np.int16), grid)


def _length_ms(count: int, rate: int) -> int:
    """The milliseconds that so many samples fill or begin, counted at 48 kHz, whichever grid they will be on."""
    # A timeline is laid out without knowing the rate, so lengths must not depend on it.
    return -(-round(count * FULL.rate / rate) // FULL.samples_per_ms)


def _read_samples(recording: Recording) -> Floats:
    if recording.rate <= 0 or len(recording.samples) % 2:
        raise VoiceError("the voice gave a damaged recording: not whole 16-bit samples at a rate above zero")
    return as_float(np.frombuffer(recording.samples, dtype="<i2").astype(np.int16, copy=False))


def _remove_offset(sound: Floats, rate: int) -> Floats:
    """`sound` without a constant offset.

    A voice's wave is lopsided, so its mean is no offset, and taking it away would make a step out of the silence
    around it. An offset is what the quietest hundredth of a second rests on.
    """
    frame = max(1, rate // 100)
    frames = sound[: len(sound) // frame * frame].reshape(-1, frame)
    if not len(frames):
        return sound
    quietest = int(np.argmin(frames.max(axis=1) - frames.min(axis=1)))
    offset = frames[quietest].mean()
    return sound - offset if offset else sound


def _trim(sound: Floats, rate: int) -> tuple[Floats, float]:
    """`sound` from just before it is first heard until just after it is last, and the ms taken from before it."""
    peak = float(max(sound.max(initial=0.0), -sound.min(initial=0.0)))
    if peak < _SILENCE:
        raise VoiceError("the voice gave no sound at all for this text")
    edge = peak * 10 ** (_EDGE_DB / 20)
    loud = sound > edge
    loud |= sound < -edge
    start = max(0, int(loud.argmax()) - rate * _LEAD_MS // 1000)
    end = len(loud) - int(loud[::-1].argmax()) + rate * _TRAIL_MS // 1000
    return sound[start:end], 1000 * start / rate


def _fade(sound: Floats, grid: Grid) -> None:
    """Fades both ends of a sound, in place: no clip begins or ends with a click."""
    lead = min(_LEAD_MS * grid.samples_per_ms, len(sound) // 2)
    trail = min(_FADE_OUT_MS * grid.samples_per_ms, len(sound) // 2)
    sound[:lead] *= make_ramp(lead)
    sound[len(sound) - trail :] *= make_ramp(trail)[::-1]
