"""Passages of sound → MP3 frames, and frames → one gapless track. After `mix`, before the disk.

Each passage is encoded as a separate stream: its first frame then needs no bits of earlier frames and its flush leaves
none unused, so streams can be concatenated with frames of silence between them, and each decodes as it does alone. The
cost of a session therefore depends on its sound, not its length, and encoded passages can be stored.

Where a passage begins: LAME's sound starts 1105 samples into its stream (576 from the encoder, 529 from the decoder),
at either rate. The header states the 576, so gapless decoders drop the first 1105 samples of the whole track, and a
passage at frame index i is heard from the first sample of frame i on.
"""

from __future__ import annotations

import functools
from collections.abc import Iterable
from typing import BinaryIO

import lameenc
from msgspec import Struct

from voiceguide.errors import SoundError
from voiceguide.grid import FULL, VOICE
from voiceguide.track.crc import crc16, extend_crc, join_crcs
from voiceguide.track.frames import DECODER_DELAY, ENCODER_DELAY, Encoding
from voiceguide.track.header import write_info_frame

_CHUNK = 1 << 18
_MAX_PADDING = (1 << 12) - 1


class Stream(Struct, frozen=True):
    """A passage as its own MP3 stream: frames of one encoding, including the flush, and their CRC-16."""

    frames: bytes
    crc: int


_BITRATE_OF_INDEX = {
    FULL: (0, 32, 40, 48, 56, 64, 80, 96, 112, 128, 160, 192, 224, 256, 320, 0),
    VOICE: (0, 8, 16, 24, 32, 40, 48, 56, 64, 80, 96, 112, 128, 144, 160, 0),
}
# MPEG-1 or MPEG-2, Layer III without a CRC of its own.
_KIND = {FULL: 0xFB, VOICE: 0xF3}


def encode(blocks: Iterable[bytes], encoding: Encoding) -> Stream:
    """Encode a passage: blocks of 16-bit little-endian samples, channels interleaved, of any number of whole samples.

    Thread-safe. Raises SoundError if the encoder's frames can't be spliced.
    """
    encoder = _make_encoder(encoding)
    # The encoder flushes only after at least one call of encode, even if there is no sound.
    frames = bytearray(encoder.encode(b""))
    for block in blocks:
        if len(block) % (2 * encoding.channels):
            raise ValueError(f"a block of {len(block)} bytes does not contain whole samples")
        frames += encoder.encode(block)
    frames += encoder.flush()
    _check(frames, encoding)
    return make_stream(bytes(frames))


def make_stream(frames: bytes) -> Stream:
    """A stream from the bytes of its frames; computes their CRC."""
    return Stream(frames, crc16(frames))


@functools.cache
def encode_silence(encoding: Encoding) -> bytes:
    """One frame of silence: the first frame of a silent stream, which needs no earlier bits."""
    return encode([], encoding).frames[: encoding.frame_bytes]


def splice(
    placed: Iterable[tuple[int, Stream]],
    duration_ms: int,
    encoding: Encoding,
    file: BinaryIO,
    *,
    id3: bytes = b"",
) -> None:
    """Write a whole track of exactly `duration_ms`: the ID3 tag, the header, and each stream at its frame index.

    Streams must be in order. Raises ValueError if they overlap or extend past the end.
    """
    track = Splicer(file, encoding, id3=id3)
    for index, stream in placed:
        track.place(index, stream)
    track.finish(duration_ms)


class Splicer:
    """Writes a track into a seekable binary file from its current position on, passage by passage.

    The header is known only at the end, so its frame is left blank first and filled in by `finish`.
    """

    def __init__(self, file: BinaryIO, encoding: Encoding, *, id3: bytes = b"") -> None:
        self._file = file
        self._encoding = encoding
        self._silence = encode_silence(encoding)
        self._silence_crc = crc16(self._silence)
        self._frames = 0
        self._crc = 0
        file.write(id3)
        self._start = file.tell()
        file.write(bytes(encoding.frame_bytes))

    def place(self, index: int, stream: Stream) -> None:
        """Write an encoded passage at frame `index`: its first sample is heard at the frame's first sample.

        Raises ValueError if an earlier passage overlaps it, or if it has another encoding.
        """
        self._fill(index)
        count, rest = divmod(len(stream.frames), self._encoding.frame_bytes)
        if rest or _format(stream.frames) != _format(self._silence):
            raise ValueError(f"the passage at frame {index} has another encoding")
        self._file.write(stream.frames)
        self._frames += count
        self._crc = join_crcs(self._crc, stream.crc, len(stream.frames))

    def finish(self, duration_ms: int) -> None:
        """Pad with silence to a decoded length of exactly `duration_ms`, and write the header."""
        grid = self._encoding.grid
        samples = duration_ms * grid.samples_per_ms
        # The samples that decoders drop at the start, the sound, and enough after it for the decoder's delay.
        least = -(-(ENCODER_DELAY + samples + DECODER_DELAY) // grid.frame_samples)
        self._fill(max(least, self._frames))
        padding = self._frames * grid.frame_samples - ENCODER_DELAY - samples
        if padding > _MAX_PADDING:
            raise ValueError(f"{self._frames} frames of sound do not fit into {duration_ms} ms")
        end = self._file.tell()
        self._file.seek(self._start)
        self._file.write(write_info_frame(self._encoding, self._silence, self._frames, padding, self._crc))
        self._file.seek(end)

    def _fill(self, index: int) -> None:
        count = index - self._frames
        if count < 0:
            raise ValueError(f"frame {index} is occupied: the passage before it ends at frame {self._frames}")
        size = len(self._silence)
        most = _CHUNK // size
        many = self._silence * min(count, most)
        for _ in range(count // most):
            self._file.write(many)
        self._file.write(many[: count % most * size])
        self._frames += count
        self._crc = extend_crc(self._crc, self._silence_crc, size, count)


def _make_encoder(encoding: Encoding) -> lameenc.Encoder:
    encoder = lameenc.Encoder()
    encoder.silence()
    encoder.set_channels(encoding.channels)
    encoder.set_in_sample_rate(encoding.grid.rate)
    # Otherwise LAME chooses a lower rate and resamples at low bit rates.
    encoder.set_out_sample_rate(encoding.grid.rate)
    encoder.set_bit_rate(encoding.bitrate)
    encoder.set_quality(encoding.quality)
    return encoder


def _format(frames: bytes) -> bytes:
    # The first four bytes without the mode extension, which may differ between frames.
    return frames[:3] + bytes(byte & 0xC0 for byte in frames[3:4])


def _check(frames: bytes | bytearray, encoding: Encoding) -> None:
    """Check that these are whole frames of equal size, and that the first doesn't depend on earlier frames."""
    size = encoding.frame_bytes
    count, rest = divmod(len(frames), size)
    if rest:
        raise _unspliceable_error("end inside a frame")
    # The same two bits mean 48 kHz in MPEG-1 and 24 kHz in MPEG-2.
    rate = _BITRATE_OF_INDEX[encoding.grid].index(encoding.bitrate) << 4 | 0b0100
    # Sync and kind; then the bit rate, the rate, no padding.
    for place, expected in enumerate((0xFF, _KIND[encoding.grid], rate)):
        if frames[place::size].count(expected) != count:
            raise _unspliceable_error("are not all of the same size")
    # main_data_begin has nine bits in MPEG-1 and eight in MPEG-2.
    if not frames or frames[4] or (encoding.grid == FULL and frames[5] >> 7):
        raise _unspliceable_error("depend on earlier frames")


def _unspliceable_error(how: str) -> SoundError:
    return SoundError(
        f"The MP3 encoder made frames that {how}, so they can't be joined into a track. "
        "Install another version of lameenc, and please report the installed one."
    )
