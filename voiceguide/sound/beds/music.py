"""A listener's music as an endless bed: read as a stream, looped by a crossfade of its end into its own beginning.

Silence at both ends is left out, and the crossfade begins where end and beginning are most alike within half a second:
a drone then turns without a dip, and a rhythm on its beat.
"""

from __future__ import annotations

import subprocess
import tempfile
import weakref
from collections.abc import Iterator
from hashlib import blake2b
from pathlib import Path

import numpy as np
import numpy.typing as npt
import soundfile
import soxr

from voiceguide.children import find_program
from voiceguide.errors import SoundError
from voiceguide.grid import RATE
from voiceguide.sound.loudness.meter import Meter, fast_length, integrated

Floats = npt.NDArray[np.float32]

MIN_SECONDS = 4.0  # seconds: less than this is a loop that one hears as a rattle
CROSSFADE = 3.0  # seconds, or a quarter of the music where it is short
REACH = 0.5  # seconds of the end that may be given up for a better turn
MIN_LOUDNESS = -60.0  # LUFS
SILENCE = 10 ** (-60 / 20)
BLOCK = 1 << 16
READERS = f"{soundfile.__libsndfile_version__} {soxr.__version__}"
DECODED_ELSEWHERE = (".m4a", ".aac", ".mp4", ".opus", ".wma")


class Music:
    """A music file, opened for as long as the context lasts.

    energies: those of the meter's blocks over all of it. digest: of the very bytes that it is read from, and of what
    reads them. It comes again every `period` samples, after the `lead` at its beginning that comes only once. Raises
    SoundError for a file that is missing, unreadable, silent or shorter than 4 seconds.
    """

    def __init__(self, path: Path, channels: int) -> None:
        self._path = path
        self._channels = channels
        self._folder: tempfile.TemporaryDirectory[str] | None = None
        self._reading: weakref.WeakSet[soundfile.SoundFile] = weakref.WeakSet()
        self.energies: npt.NDArray[np.float64] = np.zeros(0)

    def __enter__(self) -> Music:
        self._readable = self._path
        try:
            if self._path.suffix.casefold() in DECODED_ELSEWHERE:
                self._folder = tempfile.TemporaryDirectory(prefix="voiceguide-")
                self._readable = _decoded_by_the_platform(self._path, Path(self._folder.name))
            self._measure()
            self.digest = self._digest()
        except BaseException:
            self.__exit__()
            raise
        return self

    def __exit__(self, *_: object) -> None:
        # Where something went wrong in the middle, its traceback still holds who was reading. Windows deletes no file
        # that is open, and would complain of that instead.
        for file in list(self._reading):
            file.close()
        if self._folder is not None:
            self._folder.cleanup()
            self._folder = None

    def _measure(self) -> None:
        meter = Meter(RATE)
        length, first, last = 0, -1, 0
        for block in self._read():
            if not np.isfinite(block).all():
                raise SoundError(f"{self._path}: this music holds samples that are not numbers; save it again")
            meter.add(block)
            heard = np.flatnonzero(np.abs(block).max(axis=1) > SILENCE)
            if len(heard):
                first = length + int(heard[0]) if first < 0 else first
                last = length + int(heard[-1]) + 1
            length += len(block)
        if length < MIN_SECONDS * RATE:
            raise SoundError(
                f"{self._path}: this music lasts {length / RATE:.1f} seconds; a bed needs at least {MIN_SECONDS:.0f}"
            )
        self.energies = meter.energies
        if not integrated(self.energies) > MIN_LOUDNESS:
            raise SoundError(f"{self._path}: this music is silent, or nearly; choose another file for the bed")
        # Silence at the ends would be a hole at each turn. In a track of a few sounds it is part of the music.
        self._first, self._last = (first, last) if last - first >= MIN_SECONDS * RATE else (0, length)
        self._fade = int(min(CROSSFADE * RATE, (self._last - self._first) // 4))
        self._prepare_turn()

    def _prepare_turn(self) -> None:
        reach = min(round(REACH * RATE), self._fade)
        start = self._last - self._fade - reach
        head = np.concatenate(list(self._between(self._first, self._first + self._fade)))
        tail = np.concatenate(list(self._between(start, self._last)))
        back, alike = _turn(head.mean(axis=1, dtype=np.float32), tail.mean(axis=1, dtype=np.float32))
        turn = start + back
        # Two stretches of music add by their powers, two of the same tone by their amplitudes; this is right for both.
        way = np.linspace(0.0, np.pi / 2, self._fade)
        power = np.sqrt(1 + 2 * alike * np.sin(way) * np.cos(way))
        rising: Floats = (np.sin(way) / power).astype(np.float32)[:, None]
        falling: Floats = (np.cos(way) / power).astype(np.float32)[:, None]
        self._turned: Floats = (head * rising + tail[back : back + self._fade] * falling).astype(np.float32)
        self.lead, self.period = self._fade, turn - self._first

    def blocks(self, start: int) -> Iterator[Floats]:
        """The music over and over, from sample `start` of that on: blocks (n, channels) at 48 kHz."""
        again, at = divmod(start, self.period)
        while True:
            if again and at < self._fade:
                yield self._turned[at:]
                at = self._fade
            for block in self._between(self._first + at, self._first + self.period):
                at += len(block)
                yield block
            if at != self.period:
                raise SoundError(f"{self._path}: this music was changed while the session was made; make it again")
            again, at = True, 0

    def _between(self, first: int, last: int) -> Iterator[Floats]:
        """The samples from `first` to before `last` of the music in our rate."""
        at = 0
        for block in self._read():
            part = block[max(0, first - at) : max(0, last - at)]
            if len(part):
                yield part
            at += len(block)
            if at >= last:
                return

    def _digest(self) -> str:
        # Another release may begin to read an MP3 some samples later, and parts of both would not fit together.
        digest = blake2b(READERS.encode(), digest_size=20)
        try:
            with self._readable.open("rb") as file:
                while read := file.read(1 << 20):
                    digest.update(read)
        except OSError:
            raise SoundError(f"{self._path}: this music can't be read any more; is it still there?") from None
        return digest.hexdigest()

    def _read(self) -> Iterator[Floats]:
        """The file once through, in our rate and channels."""
        try:
            with soundfile.SoundFile(str(self._readable)) as file:
                self._reading.add(file)
                # soundfile seeks to where it is after each read, and in an MP3 that loses some hundredths of a second.
                file.seekable = lambda: False
                stream = soxr.ResampleStream(file.samplerate, RATE, self._channels, dtype="float32", quality="HQ")
                while len(read := file.read(BLOCK, dtype="float32", always_2d=True)):
                    block = _in_channels(read, self._channels)
                    yield from _some(stream.resample_chunk(block).reshape(-1, self._channels))
                end = np.zeros((0, self._channels), np.float32)
                yield from _some(stream.resample_chunk(end, last=True).reshape(-1, self._channels))
        except (RuntimeError, OSError):
            if not self._path.exists():
                raise SoundError(f"{self._path}: there is no such music file; check the name") from None
            raise SoundError(
                f"{self._path}: can't be read as music; use a WAV, FLAC, OGG or MP3 file that plays elsewhere"
            ) from None


def _turn(head: Floats, tail: Floats) -> tuple[int, float]:
    """Where in `tail` the stretch begins that is most like `head`, and how alike they are, from 0 to 1."""
    size = fast_length(len(head) + len(tail))
    product = np.fft.irfft(np.fft.rfft(tail, size) * np.conj(np.fft.rfft(head, size)), size)
    reach = len(tail) - len(head)
    energy = np.concatenate(([0.0], np.cumsum(np.square(tail, dtype=np.float64))))
    own = energy[len(head) :][: reach + 1] - energy[: reach + 1]
    total = np.maximum(own * float(np.square(head, dtype=np.float64).sum()), 1e-12)
    alike = product[: reach + 1] / np.sqrt(total)
    best = int(alike.argmax())
    return best, float(np.clip(alike[best], 0.0, 1.0))


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
        if program := find_program(name):
            done = subprocess.run([program, *arguments], capture_output=True, check=False)
            if done.returncode == 0 and wav.exists():
                return wav
            raise SoundError(f"{path}: can't be read as music; use a WAV, FLAC, OGG or MP3 file")
    raise SoundError(
        f"{path}: this computer has no decoder for {path.suffix} files; save the music as WAV, FLAC, OGG or MP3"
    )
