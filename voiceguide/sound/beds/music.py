"""The listener's music as an endless bed: read as a stream, looped by crossfading its end into its beginning.

Silence at both ends is skipped, and the crossfade begins where end and beginning are most alike within half a second:
a drone then loops without a dip, and a rhythm stays on its beat.
"""

from __future__ import annotations

import hashlib
import weakref
from collections.abc import Generator, Iterator
from contextlib import ExitStack
from pathlib import Path

import numpy as np

from voiceguide.errors import SoundError
from voiceguide.grid import RATE
from voiceguide.sound.arrays import Doubles, Floats
from voiceguide.sound.files.bounds import MAX_CONVERTED_SECONDS, MAX_MUSIC_BYTES
from voiceguide.sound.files.convert import convert, find_container, too_long
from voiceguide.sound.files.copying import copy_file
from voiceguide.sound.files.decoder import Decoder
from voiceguide.sound.loudness.meter import Meter, fast_length, integrate
from voiceguide.system.files import temporary_folder

MIN_SECONDS = 4.0  # a shorter loop is heard as a rattle
CROSSFADE = 3.0  # seconds, or a quarter of the music where it is short
REACH = 0.5  # seconds at the end that may be dropped for a better loop point
MIN_LOUDNESS = -60.0  # LUFS
SILENCE = 10 ** (-60 / 20)


class Music:
    """A music file, open while the context lasts; a private copy is read, so changes to the file have no effect.

    energies: the meter's block energies over all of it. digest: of all its decoded samples. After the first `lead`
    samples, which are played once, it repeats every `period` samples. `decoder`: the session's; without one it starts
    its own. Raises SoundError for a file that is missing, unreadable, out of bounds, silent or shorter than 4 seconds.
    """

    def __init__(self, path: Path, channels: int, decoder: Decoder | None = None) -> None:
        self._path = path
        self._channels = channels
        self._decoder = decoder or Decoder()
        self._decoder_is_ours = decoder is None
        self._open = ExitStack()
        self._reading: weakref.WeakSet[Generator[bytes]] = weakref.WeakSet()
        self._container: str | None = None
        self.energies: Doubles = np.zeros(0)

    def __enter__(self) -> Music:
        try:
            self._copy = self._open.enter_context(temporary_folder()) / "music"
            copy_file(self._path, self._copy, MAX_MUSIC_BYTES, "music")
            self._container = find_container(self._copy, self._path.suffix.casefold())
            if self._container is not None:
                converted = convert(self._copy, self._container, self._path)
                self._copy.unlink()
                self._copy = converted
            self._measure()
        except BaseException:
            self.__exit__()
            raise
        return self

    def __exit__(self, *_: object) -> None:
        # After an error its traceback still refers to the reading generators. Windows can't delete an open file, and
        # would raise that error instead.
        for stream in list(self._reading):
            stream.close()
        self._decoder.close() if self._decoder_is_ours else self._decoder.release()
        self._open.close()

    def _measure(self) -> None:
        meter = Meter(RATE)
        digest = hashlib.blake2b(digest_size=20)
        length, first, last = 0, -1, 0
        for block in self._read():
            if not np.isfinite(block).all():
                raise SoundError(f"{self._path}: this music contains samples that are not numbers; save it again")
            meter.add(block)
            digest.update(block.data)
            heard = np.flatnonzero(np.abs(block).max(axis=1) > SILENCE)
            if len(heard):
                first = length + int(heard[0]) if first < 0 else first
                last = length + int(heard[-1]) + 1
            length += len(block)
            if self._container and length > MAX_CONVERTED_SECONDS * RATE:
                raise too_long(self._path, self._container)
        self.digest = digest.hexdigest()
        if length < MIN_SECONDS * RATE:
            raise SoundError(
                f"{self._path}: this music lasts {length / RATE:.1f} seconds; a bed needs at least {MIN_SECONDS:.0f}"
            )
        self.energies = meter.energies
        if not integrate(self.energies) > MIN_LOUDNESS:
            raise SoundError(f"{self._path}: this music is silent or nearly silent; choose another file for the bed")
        # Silence at the ends would be a gap at each repetition. In a track of a few sounds it is part of the music.
        self._first, self._last = (first, last) if last - first >= MIN_SECONDS * RATE else (0, length)
        self._fade = int(min(CROSSFADE * RATE, (self._last - self._first) // 4))
        self._prepare_turn()

    def _prepare_turn(self) -> None:
        reach = min(round(REACH * RATE), self._fade)
        start = self._last - self._fade - reach
        head = np.concatenate(list(self._between(self._first, self._first + self._fade)))
        tail = np.concatenate(list(self._between(start, self._last)))
        back, alike = _find_turn(head.mean(axis=1, dtype=np.float32), tail.mean(axis=1, dtype=np.float32))
        turn = start + back
        # Uncorrelated sounds add in power, identical ones in amplitude; weighting by correlation is right for both.
        way = np.linspace(0.0, np.pi / 2, self._fade)
        power = np.sqrt(1 + 2 * alike * np.sin(way) * np.cos(way))
        rising: Floats = (np.sin(way) / power).astype(np.float32)[:, None]
        falling: Floats = (np.cos(way) / power).astype(np.float32)[:, None]
        self._turned: Floats = (head * rising + tail[back : back + self._fade] * falling).astype(np.float32)
        self.lead, self.period = self._fade, turn - self._first

    def blocks(self, start: int) -> Iterator[Floats]:
        """The music, repeated endlessly, from sample `start` on: blocks (n, channels) at 48 kHz."""
        again, at = divmod(start, self.period)
        while True:
            if again and at < self._fade:
                yield self._turned[at:]
                at = self._fade
            for block in self._between(self._first + at, self._first + self.period):
                at += len(block)
                yield block
            if at != self.period:
                raise SoundError(f"{self._path}: this music could not be read a second time; make the session again")
            again, at = True, 0

    def _between(self, first: int, last: int) -> Iterator[Floats]:
        """The samples from `first` to before `last` of the music at 48 kHz."""
        at = 0
        for block in self._read():
            part = block[max(0, first - at) : max(0, last - at)]
            if len(part):
                yield part
            at += len(block)
            if at >= last:
                return

    def _read(self) -> Iterator[Floats]:
        """The file from start to end, at 48 kHz and in the session's channels."""
        stream = self._decoder.read_music(self._copy, self._channels, self._path)
        self._reading.add(stream)
        for block in stream:
            yield np.frombuffer(block, "<f4").reshape(-1, self._channels)


def _find_turn(head: Floats, tail: Floats) -> tuple[int, float]:
    """The offset in `tail` of the stretch most similar to `head`, and their normalised correlation, from 0 to 1."""
    size = fast_length(len(head) + len(tail))
    product = np.fft.irfft(np.fft.rfft(tail, size) * np.conj(np.fft.rfft(head, size)), size)
    reach = len(tail) - len(head)
    energy = np.concatenate(([0.0], np.cumsum(np.square(tail, dtype=np.float64))))
    own = energy[len(head) :][: reach + 1] - energy[: reach + 1]
    total = np.maximum(own * float(np.square(head, dtype=np.float64).sum()), 1e-12)
    alike = product[: reach + 1] / np.sqrt(total)
    best = int(alike.argmax())
    return best, float(np.clip(alike[best], 0.0, 1.0))
