"""The protocol on the pipe between voiceguide and the decoding child.

A frame is two lengths, a request or an answer as JSON, and raw bytes. Each request gets one `Answer`, with a refusal or
with bytes: a chime's 48 kHz 16-bit mono samples, or the next 48 kHz floats of a stream, empty at its end.
"""

from __future__ import annotations

import struct
from typing import IO, TypeVar

import msgspec
from msgspec import Struct

_LENGTHS = struct.Struct(">II")
MAX_HEADER = 1 << 16
MAX_PAYLOAD = 1 << 27


class Refusal(Exception):  # noqa: N818 - it is not an error but an answer
    """The sound can't be used; the text follows the file's name in the message."""


class DecodeChime(Struct, frozen=True, tag=True):
    """Decode a whole chime; the file's bytes are the payload."""


class OpenStream(Struct, frozen=True, tag=True):
    """Open our copy of a music file, to be read as the stream `stream` with `channels` channels."""

    stream: int
    path: str
    channels: int


class ReadStream(Struct, frozen=True, tag=True):
    """Return the next block of a stream."""

    stream: int


class CloseStreams(Struct, frozen=True, tag=True):
    """Close these streams, whether they have ended or not."""

    streams: tuple[int, ...]


Request = DecodeChime | OpenStream | ReadStream | CloseStreams


class Answer(Struct, frozen=True):
    """An answer; `refusal` says what is wrong with the file, or is empty."""

    refusal: str = ""


T = TypeVar("T")
REQUESTS: msgspec.json.Decoder[Request] = msgspec.json.Decoder(Request)
ANSWERS = msgspec.json.Decoder(Answer)


def write_frame(pipe: IO[bytes], message: Request | Answer, payload: bytes = b"") -> None:
    """Send a message with its payload."""
    header = msgspec.json.encode(message)
    pipe.write(_LENGTHS.pack(len(header), len(payload)) + header)
    pipe.write(payload)
    pipe.flush()


def read_frame(pipe: IO[bytes], decoder: msgspec.json.Decoder[T]) -> tuple[T, bytes] | None:
    """The next message and its payload; None at the end of the pipe. Raises ValueError for an invalid frame."""
    lengths = pipe.read(_LENGTHS.size)
    if len(lengths) < _LENGTHS.size:
        return None
    header_length, length = _LENGTHS.unpack(lengths)
    if header_length > MAX_HEADER or length > MAX_PAYLOAD:
        raise ValueError("not a frame")
    header, payload = pipe.read(header_length), pipe.read(length)
    if len(header) < header_length or len(payload) < length:
        return None
    try:
        return decoder.decode(header), payload
    except msgspec.MsgspecError as why:  # a ValueError only in newer versions of msgspec
        raise ValueError(str(why)) from None
