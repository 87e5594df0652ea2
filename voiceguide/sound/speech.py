"""Makes an engine's recording fit to be placed: from `voices/` to `mix`, one clip at a time.

A clip starts when its first sound does, stands on whole milliseconds, is as loud as every other clip whichever engine
spoke it, and has no peak that an MP3 could turn into distortion. The same recording always gives the same clip, so
clips can be kept; and nothing here is shared between calls, so they can be made side by side.
"""

from __future__ import annotations

import math

import numpy as np
import numpy.typing as npt
import soxr

from voiceguide.errors import VoiceError
from voiceguide.grid import FULL, Grid
from voiceguide.sound.loudness.limiter import limit
from voiceguide.sound.loudness.meter import as_float, in_silence
from voiceguide.sound.segments import AudioSegment, segment
from voiceguide.sound.versions import PROCESSING
from voiceguide.voices.base import Recording

__all__ = ["PROCESSING", "condition", "ramp"]

CEILING = -2.0
"""dBTP that no clip's peak exceeds: what the encoder adds stays under a session's -1."""
_EDGE_DB = -50.0
"""Sound begins and ends here, below the recording's peak: an f or an h is 20 dB above, a breath of hiss below."""
_LEAD_MS = 4
"""Kept before the first sound; the fade-in lies here, so that it takes nothing from the consonant."""
_TRAIL_MS = 10
"""Kept after the last sound; the fade-out ends here."""
_FADE_OUT_MS = 5
_SILENCE = 16 / 32768
"""A recording that stays below this (-66 dBFS) holds no speech, only an engine's rounding."""

Floats = npt.NDArray[np.float32]


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
    sound, lead = _trimmed(_centred(_samples(recording), recording.rate), recording.rate)
    loudness = in_silence(sound, recording.rate)
    if not math.isfinite(loudness):
        raise VoiceError("the voice gave no sound loud enough to hear for this text")
    gain = 10 ** ((target_lufs - loudness) / 20)
    length = _length_ms(len(sound), recording.rate) * grid.samples_per_ms
    if recording.rate != grid.rate:
        sound = soxr.resample(sound, recording.rate, grid.rate, "HQ")
    sound = limit(sound * np.float32(gain), ceiling_dbtp, grid)
    _fade(sound, grid)
    np.rint(sound * np.float32(32768), out=sound)
    clip = np.clip(sound, -32768, 32767).astype(np.int16)
    return segment(np.pad(clip, (0, length - len(clip))), grid), lead


def _length_ms(count: int, rate: int) -> int:
    """The milliseconds that so many samples fill or begin, counted at 48 kHz, whichever grid they will be on."""
    # A timeline knows how long a text takes and not at which rate; so that must not depend on it.
    return -(-round(count * FULL.rate / rate) // FULL.samples_per_ms)


def _samples(recording: Recording) -> Floats:
    if recording.rate <= 0 or len(recording.samples) % 2:
        raise VoiceError("the voice gave a damaged recording: not whole 16-bit samples at a rate above zero")
    return as_float(np.frombuffer(recording.samples, dtype="<i2").astype(np.int16, copy=False))


def _centred(sound: Floats, rate: int) -> Floats:
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


def _trimmed(sound: Floats, rate: int) -> tuple[Floats, float]:
    """`sound` from just before it is first heard until just after it is last, and the ms taken from before it."""
    level = np.abs(sound)
    peak = float(level.max(initial=0.0))
    if peak < _SILENCE:
        raise VoiceError("the voice gave no sound at all for this text")
    loud = np.flatnonzero(level > peak * 10 ** (_EDGE_DB / 20))
    start = max(0, int(loud[0]) - rate * _LEAD_MS // 1000)
    end = int(loud[-1]) + 1 + rate * _TRAIL_MS // 1000
    return sound[start:end], 1000 * start / rate


def _fade(sound: Floats, grid: Grid) -> None:
    """Fades both ends of a sound, in place: no clip begins or ends with a click."""
    lead = min(_LEAD_MS * grid.samples_per_ms, len(sound) // 2)
    trail = min(_FADE_OUT_MS * grid.samples_per_ms, len(sound) // 2)
    sound[:lead] *= ramp(lead)
    sound[len(sound) - trail :] *= ramp(trail)[::-1]


def ramp(length: int) -> Floats:
    """A rise from 0 to 1 over `length` samples, as smooth at both ends as half a turn of a cosine."""
    return (0.5 - 0.5 * np.cos(np.pi * (np.arange(length) + 0.5) / max(1, length))).astype(np.float32)
