"""Sound files as segments: from `audio/`, or from beside a script, to `mix`.

A chime is played as loud as its file is: whoever made a soft one wanted it soft. Only its peaks are held back, and
its edges smoothed where the file begins or ends in the middle of a sound.
"""

from __future__ import annotations

from pathlib import Path

import numpy as np
import numpy.typing as npt
import soundfile
import soxr

from voiceguide.errors import SoundError
from voiceguide.grid import FULL, Grid
from voiceguide.sound.lengths import length_ms, unreadable
from voiceguide.sound.loudness.limiter import limit
from voiceguide.sound.segments import AudioSegment, segment
from voiceguide.sound.speech import ramp

__all__ = ["length_ms", "load"]

_CEILING_DBTP = -2.0
"""As for speech: an MP3 adds a little."""
_SILENCE = 1e-3
"""A file that stays below -60 dBFS can't be heard beside a voice."""
_QUIET_EDGE = 2e-3
"""An edge that begins or ends below -54 dBFS does not click."""
_FADE_MS = 4

Floats = npt.NDArray[np.float32]


def load(path: Path, grid: Grid = FULL) -> AudioSegment:
    """The sound file as a 16-bit mono segment at the grid's rate, of exactly `length_ms(path)` milliseconds.

    WAV, FLAC, OGG and MP3, whatever else libsndfile reads, at any rate and with any number of channels.
    Raises SoundError for a file that is missing, can't be read, is empty, longer than 60 seconds, or silent.
    """
    length = length_ms(path) * grid.samples_per_ms
    try:
        frames, rate = soundfile.read(str(path), dtype="float32", always_2d=True)
    except (RuntimeError, OSError) as error:
        raise unreadable(path) from error
    if not np.all(np.isfinite(frames)):
        raise unreadable(path, "it holds samples that are not numbers")
    sound = _mono(frames)
    if not len(sound) or float(np.abs(sound).max()) < _SILENCE:
        raise SoundError(f"{path}: there is no sound in this file loud enough to hear; use another")
    if rate != grid.rate:
        sound = soxr.resample(sound, rate, grid.rate, "HQ")
    # A compressed file's header may be some samples off what comes out of it; the timeline went by the header.
    sound = limit(_smooth(sound[:length], grid), _CEILING_DBTP, grid)
    sound = np.pad(sound, (0, length - len(sound)))
    return segment(np.clip(np.rint(sound * np.float32(32768)), -32768, 32767).astype(np.int16), grid)


def _mono(frames: Floats) -> Floats:
    """The channels' mean; the loudest of them where they cancel each other out."""
    mean: Floats = frames.mean(axis=1, dtype=np.float32)
    energy = np.square(frames).mean(axis=0)
    if frames.shape[1] > 1 and float(np.square(mean).mean()) < float(energy.max()) / 100:
        mean = np.ascontiguousarray(frames[:, int(energy.argmax())])
    return mean


def _smooth(sound: Floats, grid: Grid) -> Floats:
    """A short fade at an edge that is not silent. A copy, or `sound` itself."""
    fade = min(_FADE_MS * grid.samples_per_ms, len(sound) // 2)
    # A few samples, not one: a wave stopped at its zero crossing is stopped all the same.
    starts, stops = (float(np.abs(edge).max()) > _QUIET_EDGE for edge in (sound[:4], sound[-4:]))
    if starts or stops:
        sound = sound.copy()
    if starts:
        sound[:fade] *= ramp(fade)
    if stops:
        sound[-fade:] *= ramp(fade)[::-1]
    return sound
