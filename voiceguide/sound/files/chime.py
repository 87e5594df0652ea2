"""A chime's bytes → its samples, in the child: 48 kHz, mono, a whole number of milliseconds.

A chime keeps the loudness of its file, because a soft one is meant to be soft. Only its peaks are limited, and its
edges faded if the file begins or ends in the middle of a sound. A truncated file is used as far as it goes.
"""

from __future__ import annotations

import io

import numpy as np
import soundfile
import soxr

from voiceguide.grid import RATE, SAMPLES_PER_MS
from voiceguide.sound.arrays import Floats, make_ramp
from voiceguide.sound.files.bounds import MAX_CHIME_SAMPLES, MAX_CHIME_SECONDS
from voiceguide.sound.files.opening import open_sound
from voiceguide.sound.files.wire import Refusal
from voiceguide.sound.loudness.limiter import limit

UNREADABLE = "can't be read as sound; use a WAV, FLAC, OGG or MP3 file"
EMPTY = "this sound file is empty; use one that contains sound"

_BLOCK = 1 << 18
_CEILING_DBTP = -2.0
"""As for speech: leaves room for MP3 overshoot."""
_SILENCE = 1e-3
"""A file that stays below -60 dBFS is inaudible beside a voice."""
_QUIET_EDGE = 2e-3
"""An edge below -54 dBFS doesn't click."""
_FADE = 4 * SAMPLES_PER_MS


def decode_chime(data: bytes) -> bytes:
    """The samples of a sound file with these bytes: 48 kHz, 16 bits, mono. Raises Refusal."""
    if not data:
        raise Refusal(EMPTY)
    with open_sound(io.BytesIO(data), UNREADABLE) as file:
        rate = file.samplerate
        frames = _read(file)
    if not len(frames):
        raise Refusal(EMPTY)
    if not np.all(np.isfinite(frames)):
        raise Refusal("can't be read as sound (it contains samples that are not numbers); save it again")
    sound = _mix_to_mono(frames)
    if float(np.abs(sound).max()) < _SILENCE:
        raise Refusal("this file contains no audible sound; use another one")
    length = -(-len(sound) * 1000 // rate) * SAMPLES_PER_MS
    if rate != RATE:
        sound = soxr.resample(sound, rate, RATE, "HQ")
    sound = limit(_smooth(sound[:length]), _CEILING_DBTP)
    sound = np.pad(sound, (0, length - len(sound)))
    # A file of floats may contain finite numbers that are too large to compute with.
    sound = np.nan_to_num(sound, copy=False, nan=0.0)
    return bytes(np.clip(np.rint(sound * np.float32(32768)), -32768, 32767).astype("<i2").data)


def _read(file: soundfile.SoundFile) -> Floats:
    """All samples (n, channels), read to the end, because a header may claim any length."""
    blocks: list[Floats] = []
    length = 0
    while len(block := file.read(_BLOCK, dtype="float32", always_2d=True)):
        blocks.append(block)
        length += len(block)
        if length > MAX_CHIME_SECONDS * file.samplerate:
            raise Refusal(f"this sound is too long; a chime may last at most {MAX_CHIME_SECONDS} seconds")
        if length * file.channels > MAX_CHIME_SAMPLES:
            raise Refusal("this sound has more samples than a chime needs; save it at 48,000 samples per second")
    return np.concatenate(blocks) if blocks else np.zeros((0, file.channels), np.float32)


def _mix_to_mono(frames: Floats) -> Floats:
    """The mean of the channels, or the loudest one if they cancel each other out."""
    mean: Floats = frames.mean(axis=1, dtype=np.float32)
    energy = np.square(frames).mean(axis=0)
    if frames.shape[1] > 1 and float(np.square(mean).mean()) < float(energy.max()) / 100:
        mean = np.ascontiguousarray(frames[:, int(energy.argmax())])
    return mean


def _smooth(sound: Floats) -> Floats:
    """`sound` with a short fade at each edge that isn't silent. Returns a copy, or `sound` itself."""
    fade = min(_FADE, len(sound) // 2)
    if not fade:  # a single sample has no edges
        return sound
    # Checks a few samples, not one: a wave cut at a zero crossing still clicks.
    starts, stops = (float(np.abs(edge).max()) > _QUIET_EDGE for edge in (sound[:4], sound[-4:]))
    if starts or stops:
        sound = sound.copy()
    if starts:
        sound[:fade] *= make_ramp(fade)
    if stops:
        sound[-fade:] *= make_ramp(fade)[::-1]
    return sound
