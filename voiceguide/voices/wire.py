"""The protocol of the pipe between voiceguide and the child process that speaks.

Each frame is a small JSON header and raw bytes (samples, or nothing). Both ends import this module, and it
imports very little, so that a child starts quickly; the parent validates headers in `answers`.

Requests: `{"do": "say", "request", "text", "voice", "rate", "pitch", "volume"}` and `{"do": "describe", "request"}`.
Answers: `{"rate", "spent", "words"}` with samples, `{"version", "data", "voices"}`, or `{"refusal": sentence}`; each
with the number of its `request`, so that a text never gets the sound of another.
"""

from __future__ import annotations

from typing import IO, Any, Protocol

from voiceguide.system.frames import receive_frame, send_frame

Header = dict[str, Any]

MAX_HEADER = 1_000_000  # bytes
MAX_PAYLOAD = 10 * 60 * 48_000 * 2  # bytes: ten minutes at 48 kHz, over twenty at espeak's 22 kHz


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
    import json  # a warm start imports this module only for Refusal

    encoded = json.dumps(header).encode("ascii")
    if len(encoded) > MAX_HEADER or len(payload) > MAX_PAYLOAD:
        raise Refusal("this text is too long to be spoken at once; split it into several texts")
    send_frame(stream, encoded, payload)


def read_frame(stream: IO[bytes]) -> tuple[bytes, bytes] | None:
    """Receive one frame: header and payload. None at the end of the stream, also in the middle of a frame.

    Raises Malformed for a frame that is too large, before it is read into memory.
    """
    try:
        return receive_frame(stream, MAX_HEADER, MAX_PAYLOAD)
    except ValueError as why:
        raise Malformed(str(why)) from None
