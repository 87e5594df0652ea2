"""Frames on the pipe between voiceguide and a child: two lengths, a header and raw bytes.

Both ends import this module, and it imports very little, so that a child starts quickly.
"""

from __future__ import annotations

import struct
from typing import IO

_LENGTHS = struct.Struct(">II")


def send_frame(pipe: IO[bytes], header: bytes, payload: bytes = b"") -> None:
    """Send one frame. Raises OSError if the pipe is closed."""
    pipe.write(_LENGTHS.pack(len(header), len(payload)) + header)
    pipe.write(payload)
    pipe.flush()


def receive_frame(pipe: IO[bytes], max_header: int, max_payload: int) -> tuple[bytes, bytes] | None:
    """Receive one frame: header and payload. None at the end of the pipe, also in the middle of a frame.

    Raises ValueError for a frame with more bytes than these, before it is read into memory.
    """
    lengths = pipe.read(_LENGTHS.size)
    if len(lengths) < _LENGTHS.size:
        return None
    header_length, payload_length = _LENGTHS.unpack(lengths)
    if header_length > max_header or payload_length > max_payload:
        raise ValueError("the frame is too large")
    header = pipe.read(header_length)
    payload = pipe.read(payload_length)
    return (header, payload) if len(header) == header_length and len(payload) == payload_length else None
