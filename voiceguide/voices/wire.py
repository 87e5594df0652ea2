"""The protocol of the pipe between voiceguide and the child process that speaks.

A frame is two lengths, a small JSON header and raw bytes (samples, or nothing). Both ends import this module, and it
imports very little, so that a child starts quickly; the parent validates headers in `answers`.

Requests: `{"do": "say", "request", "text", "voice", "rate", "pitch", "volume"}` and `{"do": "describe", "request"}`.
Answers: `{"rate", "spent", "words"}` with samples, `{"version", "data", "voices"}`, or `{"refusal": sentence}`; each
with the number of its `request`, so that a text never gets the sound of another.
"""

from __future__ import annotations

import json
import struct
from typing import IO, Any, Protocol

Header = dict[str, Any]

MAX_HEADER = 1_000_000  # bytes
MAX_PAYLOAD = 10 * 60 * 48_000 * 2  # bytes: ten minutes at 48 kHz, over twenty at espeak's 22 kHz

_LENGTHS = struct.Struct(">II")


class Refusal(Exception):  # noqa: N818 - it is an answer, not an error
    """The child can't do this, and a second try would not help. The message is an error message for the user."""


class Malformed(Exception):  # noqa: N818 - `process` handles it
    """The data from the pipe is not a valid frame, or not an answer to the request."""


class Speaker(Protocol):
    """The interface of an engine in the child; its module's `open_speaker(engine)` returns one."""

    def say(self, text: str, *, voice: str, rate: int, pitch: int, volume: float) -> tuple[bytes, int]:
        """16-bit little-endian mono samples and their rate in Hz. Raises Refusal."""
        ...

    @property
    def words(self) -> list[tuple[int, int, int]]:
        """The word timings of the latest text: ms, first character, length; empty if they are unknown."""
        ...

    @property
    def spent(self) -> bool:
        """True if this process can no longer guarantee the same bytes for the same text."""
        ...

    def describe(self) -> Header:
        """`version`, `data` (a folder or None), `voices` (a list of id, name, languages, gender)."""
        ...


def write_frame(stream: IO[bytes], header: Header, payload: bytes = b"") -> None:
    """Send one frame. Raises OSError if the pipe is closed, and Refusal if the frame is too large."""
    encoded = json.dumps(header).encode("ascii")
    if len(encoded) > MAX_HEADER or len(payload) > MAX_PAYLOAD:
        raise Refusal("this text is too long to be spoken at once; split it into several texts")
    stream.write(_LENGTHS.pack(len(encoded), len(payload)) + encoded)
    stream.write(payload)
    stream.flush()


def read_frame(stream: IO[bytes]) -> tuple[bytes, bytes] | None:
    """Receive one frame: header and payload. None at the end of the stream, also in the middle of a frame.

    Raises Malformed for a frame that is too large, before it is read into memory.
    """
    lengths = stream.read(_LENGTHS.size)
    if len(lengths) < _LENGTHS.size:
        return None
    header_length, payload_length = _LENGTHS.unpack(lengths)
    if header_length > MAX_HEADER or payload_length > MAX_PAYLOAD:
        raise Malformed("the frame is too large")
    header = stream.read(header_length)
    payload = stream.read(payload_length)
    return (header, payload) if len(header) == header_length and len(payload) == payload_length else None
