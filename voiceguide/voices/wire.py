"""What goes over the pipe between voiceguide and the child process that speaks.

A frame is two lengths, a small JSON header and raw bytes (samples, or nothing). Both ends import this module and it
imports next to nothing, so that a child starts quickly; the parent checks what a header says in `answers`.

Requests: `{"do": "say", "request", "text", "voice", "rate", "pitch", "volume"}` and `{"do": "describe", "request"}`.
Answers: `{"rate", "spent", "words"}` with samples, `{"version", "data", "voices"}`, or `{"refusal": sentence}`; each
with the number of its `request`, so that no text is ever given the sound of another.
"""

from __future__ import annotations

import json
import struct
from typing import IO, Any, Protocol

Header = dict[str, Any]

MAX_HEADER = 1_000_000  # bytes
MAX_PAYLOAD = 10 * 60 * 48_000 * 2  # bytes: ten minutes at 48 kHz, over twenty at espeak's 22 kHz

_LENGTHS = struct.Struct(">II")


class Refusal(Exception):  # noqa: N818 - it is not a fault but an answer
    """The child can't do this, and asking again would not help. Its text is a plain sentence."""


class Malformed(Exception):  # noqa: N818 - likewise
    """What came over the pipe is no frame, or no answer to what was asked."""


class Speaker(Protocol):
    """What a module for the child offers: its `open_speaker(engine)` returns one of these."""

    def say(self, text: str, *, voice: str, rate: int, pitch: int, volume: float) -> tuple[bytes, int]:
        """16-bit little-endian mono samples and their rate in Hz. Raises Refusal."""
        ...

    @property
    def words(self) -> list[tuple[int, int, int]]:
        """Where each word of the latest text begins: ms, first character, length; empty where that is not known."""
        ...

    @property
    def spent(self) -> bool:
        """True once this process can no longer promise the same bytes for the same text."""
        ...

    def describe(self) -> Header:
        """`version`, `data` (a folder or None), `voices` (a list of id, name, languages, gender)."""
        ...


def write_frame(stream: IO[bytes], header: Header, payload: bytes = b"") -> None:
    """Send one frame. Raises OSError when nobody listens any more, and Refusal for one that would not be taken."""
    encoded = json.dumps(header).encode("ascii")
    if len(encoded) > MAX_HEADER or len(payload) > MAX_PAYLOAD:
        raise Refusal("This text is too long to be spoken in one go; split it into several.")
    stream.write(_LENGTHS.pack(len(encoded), len(payload)) + encoded)
    stream.write(payload)
    stream.flush()


def read_frame(stream: IO[bytes]) -> tuple[bytes, bytes] | None:
    """Receive one frame: header and payload. None where the stream ends, also in the middle of a frame.

    Raises Malformed for a frame beyond the bounds, before anything is read into memory.
    """
    lengths = stream.read(_LENGTHS.size)
    if len(lengths) < _LENGTHS.size:
        return None
    header_length, payload_length = _LENGTHS.unpack(lengths)
    if header_length > MAX_HEADER or payload_length > MAX_PAYLOAD:
        raise Malformed("a frame beyond all bounds")
    header = stream.read(header_length)
    payload = stream.read(payload_length)
    return (header, payload) if len(header) == header_length and len(payload) == payload_length else None
