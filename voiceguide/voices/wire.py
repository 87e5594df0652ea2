"""What goes over the pipe between voiceguide and the child process that speaks.

A frame is two lengths, a small JSON header and raw bytes (samples, or nothing). Both ends import this module and it
imports next to nothing, so that a child starts quickly.

Requests: `{"do": "say", "text", "voice", "rate", "pitch", "volume"}` and `{"do": "describe"}`.
Answers: `{"rate", "spent"}` with samples, `{"version", "data", "voices"}`, or `{"refusal": sentence}`.
"""

from __future__ import annotations

import json
import struct
from typing import IO, Any, Protocol

Header = dict[str, Any]

_LENGTHS = struct.Struct(">II")


class Refusal(Exception):  # noqa: N818 - it is not a fault but an answer
    """The child can't do this, and asking again would not help. Its text is a plain sentence."""


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
    """Send one frame. Raises OSError when nobody listens any more."""
    encoded = json.dumps(header).encode("ascii")
    stream.write(_LENGTHS.pack(len(encoded), len(payload)) + encoded)
    stream.write(payload)
    stream.flush()


def read_frame(stream: IO[bytes]) -> tuple[Header, bytes] | None:
    """Receive one frame; None where the stream ends, also in the middle of a frame."""
    lengths = stream.read(_LENGTHS.size)
    if len(lengths) < _LENGTHS.size:
        return None
    header_length, payload_length = _LENGTHS.unpack(lengths)
    encoded = stream.read(header_length)
    payload = stream.read(payload_length)
    if len(encoded) < header_length or len(payload) < payload_length:
        return None
    header: Header = json.loads(encoded)
    return header, payload
