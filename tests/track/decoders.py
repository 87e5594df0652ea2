"""Two decoders that are not LAME, a naive CRC, and sounds to try: nothing here uses the code under test."""

from __future__ import annotations

import io
from typing import Any

import av
import av.logging
import miniaudio
import numpy as np
import numpy.typing as npt

Samples = npt.NDArray[np.float32]
"""Shape (channels, samples), full scale ±1."""


def with_ffmpeg(data: bytes) -> Samples:
    """Decoded as strictly as ffmpeg can: anything odd in the container or the frames raises, or fails on a warning."""
    strict = {"err_detect": "explode+crccheck+bitstream+buffer"}
    level = av.logging.get_level()
    av.logging.set_level(av.logging.WARNING)
    try:
        with (
            av.logging.Capture(local=False) as complaints,
            av.open(io.BytesIO(data), format="mp3", options=strict) as container,
        ):
            stream: Any = container.streams.audio[0]
            stream.codec_context.options = strict
            decoded = [frame.to_ndarray() for frame in container.decode(stream)]
    finally:
        av.logging.set_level(level)
    # Only a bare stream, without a header, has to be measured.
    complaints = [entry for entry in complaints if "Estimating duration" not in entry[2]]
    assert complaints == []
    sound: Samples = np.concatenate(decoded, axis=1)
    return sound


def with_miniaudio(data: bytes) -> Samples:
    sound = miniaudio.mp3_read_f32(data)
    samples: Samples = np.array(sound.samples, np.float32).reshape(-1, sound.nchannels).T
    return samples


def naive_crc16(data: bytes) -> int:
    crc = 0
    for byte in data:
        crc ^= byte
        for _ in range(8):
            crc = crc >> 1 ^ 0xA001 if crc & 1 else crc >> 1
    return crc


def tone(samples: int, hertz: float = 1000.0) -> bytes:
    """A burst that swells and fades: its place can be found to the sample."""
    at = np.arange(samples)
    sound = 8000 * np.sin(2 * np.pi * hertz * at / 48_000) * np.hanning(samples)
    return bytes(sound.astype("<i2").tobytes())


def noise(samples: int, seed: int, channels: int = 1) -> bytes:
    """Loud from its first sample to its last: the hardest to splice."""
    sound = np.random.default_rng(seed).normal(0, 5000, (samples, channels))
    return sound.clip(-32768, 32767).astype("<i2").tobytes()


def place_of(sound: bytes, decoded: Samples) -> int:
    """The sample at which the decoded track is most like this (mono) sound."""
    wanted = np.frombuffer(sound, "<i2").astype(np.float64)
    size = len(wanted) + decoded.shape[1]
    likeness = np.fft.irfft(np.fft.rfft(decoded[0], size) * np.conj(np.fft.rfft(wanted, size)), size)
    return int(likeness.argmax())


def decibels(difference: npt.NDArray[np.floating[Any]]) -> float:
    """The mean power of samples in dB of full scale."""
    return float(10 * np.log10(np.square(difference, dtype=np.float64).mean() + 1e-20))
