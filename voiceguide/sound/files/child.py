"""The child process that decodes untrusted sound files, with limits on memory, processor time and file size.

Started by `decoder`. It ends when its standard input closes; if a file still keeps it busy, the CPU limit ends it.
Output that libraries print is discarded: standard output is redirected to standard error, which nobody reads.
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

# Limits are set after importing the libraries, which reserve more memory than they use.
from voiceguide.system.limits import allow_cpu, set_limits


def main() -> None:
    """Serve requests until standard input ends."""
    # Ctrl-C is sent to the whole process group; the parent decides how to handle it.
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
    """The pipe to the parent, moved to another descriptor so that nothing can print to it."""
    private = os.dup(1)
    os.dup2(2, 1)
    if sys.platform == "win32":
        import msvcrt

        msvcrt.setmode(private, os.O_BINARY)
        msvcrt.setmode(0, os.O_BINARY)
    return os.fdopen(private, "wb")
