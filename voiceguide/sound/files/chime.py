"""A chime's bytes → its samples, in the child: 48 kHz, mono, of whole milliseconds.

A chime is played as loud as its file is: whoever made a soft one wanted it soft. Only its peaks are held back, and
its edges smoothed where the file begins or ends in the middle of a sound. What breaks off is taken as far as it goes.
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
EMPTY = "this sound file is empty; use one with a sound in it"

_BLOCK = 1 << 18
_CEILING_DBTP = -2.0
"""As for speech: an MP3 adds a little."""
_SILENCE = 1e-3
"""A file that stays below -60 dBFS can't be heard beside a voice."""
_QUIET_EDGE = 2e-3
"""An edge that begins or ends below -54 dBFS does not click."""
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
        raise Refusal("can't be read as sound (it holds samples that are not numbers); save it again")
    sound = _mix_to_mono(frames)
    if float(np.abs(sound).max()) < _SILENCE:
        raise Refusal("there is no sound in this file loud enough to hear; use another")
    length = -(-len(sound) * 1000 // rate) * SAMPLES_PER_MS
    if rate != RATE:
        sound = soxr.resample(sound, rate, RATE, "HQ")
    sound = limit(_smooth(sound[:length]), _CEILING_DBTP)
    sound = np.pad(sound, (0, length - len(sound)))
    # A file of floats may hold numbers that are finite, and too large to compute with.
    sound = np.nan_to_num(sound, copy=False, nan=0.0)
    return bytes(np.clip(np.rint(sound * np.float32(32768)), -32768, 32767).astype("<i2").data)


def _read(file: soundfile.SoundFile) -> Floats:
    """All samples (n, channels), read until there are no more: a header may claim anything."""
    blocks: list[Floats] = []
    length = 0
    while len(block := file.read(_BLOCK, dtype="float32", always_2d=True)):
        blocks.append(block)
        length += len(block)
        if length > MAX_CHIME_SECONDS * file.samplerate:
            raise Refusal(f"this sound lasts too long; a chime may last {MAX_CHIME_SECONDS} seconds at most")
        if length * file.channels > MAX_CHIME_SAMPLES:
            raise Refusal("this sound holds more samples than a chime needs; save it at 48,000 a second")
    return np.concatenate(blocks) if blocks else np.zeros((0, file.channels), np.float32)


def _mix_to_mono(frames: Floats) -> Floats:
    """The channels' mean; the loudest of them where they cancel each other out."""
    mean: Floats = frames.mean(axis=1, dtype=np.float32)
    energy = np.square(frames).mean(axis=0)
    if frames.shape[1] > 1 and float(np.square(mean).mean()) < float(energy.max()) / 100:
        mean = np.ascontiguousarray(frames[:, int(energy.argmax())])
    return mean


def _smooth(sound: Floats) -> Floats:
    """A short fade at an edge that is not silent. A copy, or `sound` itself."""
    fade = min(_FADE, len(sound) // 2)
    # A few samples, not one: a wave stopped at its zero crossing is stopped all the same.
    starts, stops = (float(np.abs(edge).max()) > _QUIET_EDGE for edge in (sound[:4], sound[-4:]))
    if starts or stops:
        sound = sound.copy()
    if starts:
        sound[:fade] *= make_ramp(fade)
    if stops:
        sound[-fade:] *= make_ramp(fade)[::-1]
    return sound
