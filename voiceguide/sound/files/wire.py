"""The protocol on the pipe between voiceguide and the decoding child.

Each frame is a request or an answer as JSON, and raw bytes. Each request gets one `Answer`, with a refusal or
with bytes: a chime's 48 kHz 16-bit mono samples, or the next 48 kHz floats of a stream, empty at its end.
"""

from __future__ import annotations

from typing import IO, TypeVar

import msgspec
from msgspec import Struct

from voiceguide.system.frames import receive_frame, send_frame

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
    send_frame(pipe, msgspec.json.encode(message), payload)


def read_frame(pipe: IO[bytes], decoder: msgspec.json.Decoder[T]) -> tuple[T, bytes] | None:
    """The next message and its payload; None at the end of the pipe. Raises ValueError for an invalid frame."""
    frame = receive_frame(pipe, MAX_HEADER, MAX_PAYLOAD)
    if frame is None:
        return None
    header, payload = frame
    try:
        return decoder.decode(header), payload
    except msgspec.MsgspecError as why:  # a ValueError only in newer versions of msgspec
        raise ValueError(str(why)) from None
