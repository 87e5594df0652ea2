"""A listener's music as an endless bed: read as a stream, looped by a crossfade of its end into its own beginning."""

from __future__ import annotations

import math
import shutil
import subprocess
import tempfile
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import numpy.typing as npt
import soundfile
import soxr

from voiceguide.errors import SoundError
from voiceguide.sound.loudness import Meter
from voiceguide.sound.segments import RATE

Floats = npt.NDArray[np.float32]

SHORTEST = 4.0  # seconds: less than this is a loop that one hears as a rattle
CROSSFADE = 3.0  # seconds, or a quarter of the music where it is short
QUIETEST = -60.0  # LUFS
BLOCK = 1 << 16
DECODED_ELSEWHERE = (".m4a", ".aac", ".mp4", ".opus", ".wma")


class Music:
    """A music file, opened for as long as the context lasts.

    loudness: its integrated loudness in LUFS; swing: how far its louder moments stand above that, in LU. Raises
    SoundError for a file that is missing, unreadable, silent or shorter than 4 seconds.
    """

    def __init__(self, path: Path, channels: int) -> None:
        self._path = path
        self._channels = channels
        self._folder: tempfile.TemporaryDirectory[str] | None = None
        self.loudness, self.swing = -math.inf, 0.0

    def __enter__(self) -> Music:
        self._readable = self._path
        if self._path.suffix.casefold() in DECODED_ELSEWHERE:
            self._folder = tempfile.TemporaryDirectory(prefix="voiceguide-")
            self._readable = _decoded_by_the_platform(self._path, Path(self._folder.name))
        try:
            self._measure()
        except BaseException:
            self.__exit__()
            raise
        return self

    def __exit__(self, *_: object) -> None:
        if self._folder is not None:
            self._folder.cleanup()
            self._folder = None

    def _measure(self) -> None:
        meter = Meter(RATE)
        length = 0
        for block in self._once():
            meter.add(block)
            length += len(block)
        if length < SHORTEST * RATE:
            raise SoundError(
                f"{self._path}: this music lasts {length / RATE:.1f} seconds; a bed needs at least {SHORTEST:.0f}"
            )
        self.loudness, self.swing = meter.loudness, meter.swing
        if not self.loudness > QUIETEST:
            raise SoundError(f"{self._path}: this music is silent, or nearly; choose another file for the bed")
        self._fade = int(min(CROSSFADE * RATE, length // 4))
        self._length = length

    def blocks(self) -> Iterator[Floats]:
        """The music over and over: blocks (n, channels) at 48 kHz."""
        # Equal powers: two stretches of music are not alike, so their amplitudes must not be made to add to one.
        way = np.linspace(0.0, np.pi / 2, self._fade, dtype=np.float32)[:, None]
        head: Floats | None = None
        while True:
            at, kept = 0, self._length - self._fade
            tail: list[Floats] = []
            for block in self._once():
                if head is not None and at < self._fade:
                    block = block.copy()
                    part = min(len(block), self._fade - at)
                    block[:part] = block[:part] * np.sin(way[at : at + part]) + head[at : at + part] * np.cos(
                        way[at : at + part]
                    )
                if at + len(block) > kept:
                    inside = max(0, kept - at)
                    tail.append(block[inside:])
                    block, at = block[:inside], at + len(block) - inside
                if len(block):
                    yield block
                at += len(block)
            head = np.concatenate(tail)

    def _once(self) -> Iterator[Floats]:
        """The music once through, in our rate and channels."""
        try:
            with soundfile.SoundFile(str(self._readable)) as file:
                stream = soxr.ResampleStream(file.samplerate, RATE, self._channels, dtype="float32", quality="HQ")
                while len(read := file.read(BLOCK, dtype="float32", always_2d=True)):
                    block = _in_channels(np.nan_to_num(read), self._channels)
                    yield from _some(stream.resample_chunk(block).reshape(-1, self._channels))
                end = np.zeros((0, self._channels), np.float32)
                yield from _some(stream.resample_chunk(end, last=True).reshape(-1, self._channels))
        except (RuntimeError, OSError):
            if not self._path.exists():
                raise SoundError(f"{self._path}: there is no such music file; check the name") from None
            raise SoundError(
                f"{self._path}: can't be read as music; use a WAV, FLAC, OGG or MP3 file that plays elsewhere"
            ) from None


def _some(block: Floats) -> Iterator[Floats]:
    if len(block):
        yield block


def _in_channels(block: Floats, channels: int) -> Floats:
    if block.shape[1] == channels:
        return block
    mean: Floats = block.mean(axis=1, dtype=np.float32)[:, None]
    return np.ascontiguousarray(np.repeat(mean, channels, axis=1))


def _decoded_by_the_platform(path: Path, folder: Path) -> Path:
    """A WAV file of what libsndfile can't read, by a decoder that the platform has. Raises SoundError without one."""
    if not path.exists():
        raise SoundError(f"{path}: there is no such music file; check the name")
    wav = folder / "music.wav"
    commands = {
        "afconvert": ["-f", "WAVE", "-d", "LEI16@48000", str(path), str(wav)],
        "ffmpeg": ["-nostdin", "-loglevel", "error", "-i", str(path), "-ar", "48000", "-y", str(wav)],
    }
    for name, arguments in commands.items():
        if program := shutil.which(name):
            done = subprocess.run([program, *arguments], capture_output=True, check=False)
            if done.returncode == 0 and wav.exists():
                return wav
            raise SoundError(f"{path}: can't be read as music; use a WAV, FLAC, OGG or MP3 file")
    raise SoundError(
        f"{path}: this computer has no decoder for {path.suffix} files; save the music as WAV, FLAC, OGG or MP3"
    )
