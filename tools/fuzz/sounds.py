"""Damaged sound files, a try at a time: each is heard, or refused with a sentence of ours.

All tries of a process share the child that decodes.
"""

from __future__ import annotations

import atexit
import io
import struct
from collections.abc import Callable
from functools import lru_cache
from pathlib import Path
from random import Random

import numpy as np
import soundfile

from tools.fuzz.kinds import kind
from voiceguide.sound.beds.music import Music
from voiceguide.sound.files.decoder import Decoder
from voiceguide.sound.files.sounds import SoundFiles
from voiceguide.system.store import Store

FORMS = ("WAV", "WAVEX", "RF64", "AIFF", "AU", "CAF", "FLAC", "OGG", "MP3")
DECODER = Decoder()
atexit.register(DECODER.close)


@kind("sounds")
def attempt(source: Random, folder: Path) -> None:
    """Take one damaged sound as a chime or as music. Raises VoiceguideError, or what is a fault of ours."""
    path = folder / f"damaged-{source.getrandbits(32):08x}.wav"
    if source.random() < 0.2:
        data = bytearray(_strange(source))
    else:
        data = bytearray(_whole(source.choice(FORMS)))
        for _ in range(source.choice((1, 1, 3, 20))):
            source.choice(DAMAGES)(source, data)
    path.write_bytes(data)
    try:
        if source.random() < 0.7:
            files = SoundFiles(Store(folder / "store"))
            files._decoder = DECODER
            assert 0 < files.length_ms(path) <= 60_000
            assert len(files.clip(path)) == files.length_ms(path)
        else:
            with Music(path, source.choice((1, 2)), DECODER) as music:
                assert np.isfinite(next(music.blocks(source.randrange(10**6)))).all()
    finally:
        path.unlink()


@lru_cache(maxsize=len(FORMS))
def _whole(form: str) -> bytes:
    """Five seconds of a tone in two channels."""
    tone = 0.4 * np.sin(np.arange(5 * 22_050) / 9)
    file = io.BytesIO()
    soundfile.write(file, np.stack((tone, tone[::-1]), axis=1), 22_050, format=form)
    return file.getvalue()


def _strange(source: Random) -> bytes:
    """A whole file of a rate, a number of channels, a length and samples that sounds seldom have."""
    rate = source.choice((1, 44, 999, 4_000, 8_000, 44_100, 48_000, 96_000, 192_000, 384_000, 2**31 - 1))
    channels = source.choice((1, 1, 2, 6, 8, 64, 255))
    frames = min(source.choice((0, 1, 100, rate // 50, rate, rate * 61)), 2_000_000 // channels)
    samples = np.zeros((frames, channels))
    for _ in range(source.choice((0, 1, 3))):
        start = source.randrange(frames + 1)
        samples[start : start + source.choice((1, 1_000, frames))] = source.choice(
            (1e-9, 1.0, -1.0, 1e30, np.nan, np.inf, -np.inf)
        )
    if source.random() < 0.5:
        samples += source.choice((1e-6, 0.1, 1.0)) * np.sin(np.arange(frames) / 9)[:, np.newaxis]
    form, subtype = source.choice(
        (("WAV", "FLOAT"), ("WAV", "DOUBLE"), ("WAV", "PCM_U8"), ("CAF", "FLOAT"), ("AU", "ULAW"))
    )
    if subtype in ("PCM_U8", "ULAW"):  # whose writer looks up what is no number in a table, and crashes
        samples = np.clip(np.nan_to_num(samples), -1, 1)
    file = io.BytesIO()
    try:
        with np.errstate(all="ignore"):
            soundfile.write(file, samples, rate, format=form, subtype=subtype)
    except (soundfile.LibsndfileError, ValueError, TypeError):  # there is no such file
        return b""
    return file.getvalue()


def _flip(source: Random, data: bytearray) -> None:
    if data:
        data[source.randrange(len(data))] = source.getrandbits(8)


def _flip_header(source: Random, data: bytearray) -> None:
    if data:
        data[source.randrange(min(len(data), 100))] = source.getrandbits(8)


def _number(source: Random, data: bytearray) -> None:
    """A number that a count or a rate would not have."""
    at = source.randrange(max(1, min(len(data), 80) - 4))
    value = source.choice((0, 1, 44, 0x7FFFFFFF, 0x80000000, 0xFFFFFFFF))
    data[at : at + 4] = struct.pack(source.choice("<>") + "I", value)


def _cut(source: Random, data: bytearray) -> None:
    del data[source.randrange(len(data) + 1) :]


def _take_out(source: Random, data: bytearray) -> None:
    at = source.randrange(len(data) + 1)
    del data[at : at + source.choice((1, 4, 1_000))]


def _put_in(source: Random, data: bytearray) -> None:
    at = source.randrange(len(data) + 1)
    data[at:at] = source.choice((b"\0" * 1_000, b"\xff" * 16, source.randbytes(200), bytes(data[:500])))


DAMAGES: tuple[Callable[[Random, bytearray], None], ...] = (
    *(_flip, _flip_header, _flip_header, _number),
    *(_number, _cut, _take_out, _put_in),
)
