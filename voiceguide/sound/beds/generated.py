"""Beds as endless seamless streams: generated here, or read from the listener's music.

Generated beds are periodic by construction: noise is shaped in the frequency domain and every sine has a whole number
of cycles in the loop, so its end continues into its beginning. Music is read as a stream, its end crossfaded into its
own beginning, so a track of any length needs only a few seconds of memory.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
import numpy.typing as npt
from msgspec import Struct

from voiceguide.grid import RATE
from voiceguide.sound.arrays import Floats
from voiceguide.sound.loudness.meter import Meter, integrate

if TYPE_CHECKING:
    from voiceguide.sound.files.decoder import Decoder

LOOP = 48 * RATE  # samples: long enough that listeners don't notice the repetition
BLOCK = 1 << 16


class BedLoop(Struct, frozen=True):
    """An endless bed.

    key: everything that its samples depend on. blocks: yields the bed from a given sample on, in pieces of any length.
    energies: the meter's block energies over it, one per 100 ms, before its level is set. After the first `lead`
    samples, which are played once, it repeats every `period` samples.
    """

    key: str
    blocks: Callable[[int], Iterator[Floats]]
    energies: npt.NDArray[np.float64]
    period: int
    lead: int = 0

    def place(self, start: int) -> int:
        """The first position with the same continuation as sample `start`."""
        return start if start < self.lead else self.lead + (start - self.lead) % self.period

    @property
    def loudness(self) -> float:
        """Its integrated loudness in LUFS, before its level is set."""
        return integrate(self.energies)


@contextmanager
def open_bed(bed: str | Path, channels: int, decoder: Decoder | None = None) -> Iterator[BedLoop]:
    """Open a generated bed by its name, or a music file, decoded by `decoder` or, without one, by a new decoder.

    Raises SoundError for a file that can't be used.
    """
    if isinstance(bed, Path):
        from voiceguide.sound.beds.music import Music  # generated beds need none of the decoding modules

        with Music(bed, channels, decoder) as music:
            key = f"music\0{music.digest}\0{channels}"
            yield BedLoop(key, music.blocks, music.energies, music.period, music.lead)
        return
    loop = GENERATED[bed](channels)
    meter = Meter(RATE)
    meter.add(loop)
    # Another numpy or processor may round differently, and parts of two different noises must not be joined.
    digest = hashlib.blake2b(loop.data, digest_size=20).hexdigest()
    yield BedLoop(f"bed\0{bed}\0{channels}\0{digest}", lambda start: _read_loop(loop, start), meter.energies, LOOP)


def _read_loop(loop: Floats, start: int) -> Iterator[Floats]:
    at = start % LOOP
    while True:
        yield loop[at : at + BLOCK]
        at = at + BLOCK if at + BLOCK < LOOP else 0


def _make_noise(
    channels: int, shape: Callable[[npt.NDArray[np.float64]], npt.NDArray[np.float64]], seed: int
) -> Floats:
    """Periodic noise with the amplitude spectrum `shape(frequencies in Hz)`, different in each channel."""
    random = np.random.default_rng(seed)
    # In steps and in place, because a whole loop's spectrum in double precision would dominate peak memory.
    frequencies: npt.NDArray[np.float64] = np.fft.rfftfreq(LOOP, 1 / RATE).astype(np.float64)
    frequencies[0] = 1.0
    amplitude = shape(frequencies).astype(np.float32)
    amplitude[0] = 0.0
    del frequencies
    found = np.empty((LOOP, channels), np.float32)
    for channel in range(channels):
        turn = random.random(len(amplitude), dtype=np.float32) * np.float32(2 * np.pi)
        spectrum = np.empty(len(amplitude), np.complex64)
        # Computed in double precision, so that differences between numpy versions and processors are rounded away.
        for start in range(0, len(turn), BLOCK):
            part = slice(start, start + BLOCK)
            spectrum.real[part] = np.cos(turn[part], dtype=np.float64)
            spectrum.imag[part] = np.sin(turn[part], dtype=np.float64)
        spectrum *= amplitude
        sound = np.fft.irfft(spectrum, LOOP)
        found[:, channel] = sound
        found[:, channel] *= np.float32(0.1 / np.sqrt(np.square(sound, dtype=np.float64).mean()))
        del sound
    return found


def _shape_brown(frequencies: npt.NDArray[np.float64]) -> npt.NDArray[np.float64]:
    """Falls 6 dB per octave, more above 2 kHz, and omits the rumble that small loudspeakers can't play."""
    found: npt.NDArray[np.float64] = (1 / frequencies) / (1 + (60 / frequencies) ** 2)
    found /= np.sqrt(1 + (frequencies / 2000) ** 2)
    return found


def _shape_surf(frequencies: npt.NDArray[np.float64]) -> npt.NDArray[np.float64]:
    """Falls 4 dB per octave: water has more high frequencies than brown noise."""
    found: npt.NDArray[np.float64] = frequencies**-0.7 / (1 + (120 / frequencies) ** 2)
    found /= np.sqrt(1 + (frequencies / 3500) ** 2)
    return found


def make_brown(channels: int) -> Floats:
    """Soft brown noise, like a distant waterfall."""
    return _make_noise(channels, _shape_brown, seed=1)


def make_waves(channels: int) -> Floats:
    """Slow waves: four in a loop, all different, each rising faster than it falls."""
    found = _make_noise(channels, _shape_surf, seed=2)
    # A thousand points per second are enough for a swell that lasts twelve seconds.
    coarse = np.arange(LOOP // 48 + 1) * 48 / LOOP
    position = (4 * coarse) % 1.0
    rise = np.where(position < 0.4, position / 0.4, (1 - position) / 0.6)
    height = 0.75 + 0.18 * np.cos(2 * np.pi * coarse + 0.4) + 0.07 * np.cos(4 * np.pi * coarse + 2.0)
    swell = 0.25 + 0.75 * height * rise**2 * (3 - 2 * rise)
    for start in range(0, LOOP, BLOCK):
        at = np.arange(start, min(LOOP, start + BLOCK)) / LOOP
        found[start : start + BLOCK] *= np.interp(at, coarse, swell).astype(np.float32)[:, None]
    return found


def make_drone(channels: int) -> Floats:
    """A low chord, D and A over three octaves, each tone a slowly beating pair."""
    found = np.zeros((LOOP, channels), np.float32)
    tones = ((146.83, 1.0), (220.0, 0.7), (293.66, 0.5), (440.0, 0.25), (587.33, 0.12))
    for start in range(0, LOOP, BLOCK):
        around = 2 * np.pi * np.arange(start, min(LOOP, start + BLOCK)) / LOOP
        for channel in range(channels):
            for number, (frequency, weight) in enumerate(tones):
                # A whole number of cycles, so that the loop closes; the second tone has a few more, to beat.
                turns = round(frequency * LOOP / RATE)
                beat = 3 + 2 * number + channel
                # The softer tone never cancels the other, and the phases keep the troughs of the five pairs apart.
                pair = np.sin(turns * around) + 0.6 * np.sin((turns + beat) * around + 2.4 * (number + 1))
                found[start : start + BLOCK, channel] += (0.04 * weight * pair).astype(np.float32)
    return found


def make_breath(channels: int) -> Floats:
    """Even noise for the bed that swells with the breath; `under` applies the swell."""
    return _make_noise(channels, _shape_surf, seed=3)


GENERATED: dict[str, Callable[[int], Floats]] = {
    "brown": make_brown,
    "waves": make_waves,
    "drone": make_drone,
    "breath": make_breath,
}
