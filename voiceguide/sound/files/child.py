"""The child process that decodes strangers' sound files: bounded, and with nothing of ours in its memory to lose.

Started by `decoder`. It ends when its standard input does; a file that keeps it busy then is ended by its processor
time. What libraries print goes nowhere: standard output becomes standard error, and that is not read.
"""

from __future__ import annotations

import os
import signal
import sys
from typing import BinaryIO

from voiceguide.sound.files.bounds import MAX_MEMORY, SECONDS
from voiceguide.sound.files.chime import decode_chime
from voiceguide.sound.files.stream import Stream
from voiceguide.sound.files.wire import (
    REQUESTS,
    Answer,
    CloseStreams,
    DecodeChime,
    OpenStream,
    ReadStream,
    Refusal,
    Request,
    read_frame,
    write_frame,
)

# Limits come after the libraries, which reserve more than they use.
from voiceguide.system.limits import allow_cpu, set_limits


def main() -> None:
    """Serve requests until standard input ends."""
    # Ctrl-C reaches the whole group; the parent decides what it means.
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    answers = _private_stdout()
    set_limits(memory=MAX_MEMORY, file_size=0)
    streams: dict[int, Stream] = {}
    while frame := read_frame(sys.stdin.buffer, REQUESTS):
        request, payload = frame
        allow_cpu(SECONDS)
        try:
            answer, found = Answer(), _answer(request, payload, streams)
        except Refusal as why:
            answer, found = Answer(str(why)), b""
        del payload, frame
        try:
            write_frame(answers, answer, found)
        except OSError:
            os._exit(0)
        if isinstance(request, OpenStream | ReadStream) and request.stream in streams:
            streams[request.stream].prepare()


def _answer(request: Request, payload: bytes, streams: dict[int, Stream]) -> bytes:
    if isinstance(request, DecodeChime):
        return decode_chime(payload)
    if isinstance(request, OpenStream):
        streams[request.stream] = Stream(request.path, request.channels)
    elif isinstance(request, ReadStream):
        return streams[request.stream].take()
    elif isinstance(request, CloseStreams):
        for number in request.streams:
            if number in streams:
                streams.pop(number).close()
    return b""


def _private_stdout() -> BinaryIO:
    """The pipe to the parent, out of reach of anything that prints."""
    private = os.dup(1)
    os.dup2(2, 1)
    if sys.platform == "win32":
        import msvcrt

        msvcrt.setmode(private, os.O_BINARY)
        msvcrt.setmode(0, os.O_BINARY)
    return os.fdopen(private, "wb")
