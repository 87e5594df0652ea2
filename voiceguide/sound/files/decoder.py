"""The parent's end of the decoding child: started with the first file, shared by the session, and limited.

A child that crashes, hangs or uses too much memory raises one SoundError about the file that it was given.
"""

from __future__ import annotations

import contextlib
import itertools
import sys
import threading
from collections.abc import Generator, Sequence
from pathlib import Path
from typing import IO

from voiceguide.errors import SoundError, reason
from voiceguide.sound.files.bounds import SECONDS
from voiceguide.sound.files.wire import (
    ANSWERS,
    Answer,
    CloseStreams,
    DecodeChime,
    OpenStream,
    ReadStream,
    Request,
    read_frame,
    write_frame,
)
from voiceguide.system import processes
from voiceguide.system.children import python_command
from voiceguide.system.processes import Child, Watchdog

PIPE_SIZE = 1 << 20
F_SETPIPE_SZ = 1031  # Linux; missing in some builds of Python 3.10
# One thread does the computing; more would only reserve memory.
VARIABLES = {"OPENBLAS_NUM_THREADS": "1", "OMP_NUM_THREADS": "1", "MKL_NUM_THREADS": "1"}


class Decoder:
    """Decodes sound files in one child process. Thread-safe; close it, or use it as a context manager.

    command and seconds are for tests: another child, another timeout.
    """

    def __init__(self, *, command: Sequence[str] | None = None, seconds: float = SECONDS) -> None:
        self._command = command
        self._seconds = seconds
        self._lock = threading.Lock()
        self._child: Child | None = None
        self._watchdog = Watchdog()
        self._numbers = itertools.count(1)
        self._left: list[int] = []  # abandoned streams, to be closed

    def __enter__(self) -> Decoder:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    @property
    def pid(self) -> int | None:
        """The child's process id, or None if it isn't running."""
        return self._child.pid if self._child else None

    def close(self) -> None:
        """End the child, if one was started."""
        with self._lock:
            self._discard()
        self._watchdog.close()

    def decode_chime(self, data: bytes, path: Path) -> bytes:
        """Decode a chime: 16-bit mono samples at 48 kHz. Raises SoundError about `path`."""
        with self._lock:
            return self._ask(DecodeChime(), path, "sound", data)

    def read_music(self, copy: Path, channels: int, path: Path) -> Generator[bytes]:
        """The blocks of a music file, from start to end, as 32-bit floats at 48 kHz. Raises SoundError about `path`.

        `copy` is the file that is read; it must not change.
        """
        number = next(self._numbers)
        self.release()
        with self._lock:
            self._ask(OpenStream(number, str(copy), channels), path, "music")
            child = self._child
        try:
            while True:
                with self._lock:
                    if self._child is not child:
                        raise SoundError(f"{path}: decoding this music was interrupted; make the session again")
                    block = self._ask(ReadStream(number), path, "music")
                if not block:
                    return
                yield block
        finally:
            # Only recorded here: this may run at any time, even between another thread's request and its answer.
            self._left.append(number)

    def release(self) -> None:
        """Have the child close the files of abandoned streams."""
        with self._lock:
            if self._left and self._child is not None:
                numbers, self._left = self._left, []
                self._ask(CloseStreams(tuple(numbers)), Path(), "music")

    def _ask(self, request: Request, path: Path, kind: str, payload: bytes = b"") -> bytes:
        child = self._start()
        assert child.stdin is not None
        assert child.stdout is not None
        found: tuple[Answer, bytes] | None = None
        try:
            with self._watchdog.limit(self._seconds, child.kill):
                write_frame(child.stdin, request, payload)
                found = read_frame(child.stdout, ANSWERS)
        except (OSError, ValueError):  # the child has ended, or its answer is invalid
            pass
        except BaseException:  # interrupted in the middle of an answer, so the pipe is out of step
            self._discard()
            raise
        if found is None:
            late = f"took more than {self._seconds:g} seconds" if self._watchdog.bitten else None
            reason = late or processes.describe_end(child) or "returned an invalid answer"
            self._discard()
            raise SoundError(
                f"{path}: can't be read as {kind} (decoding it {reason}); save it again, or use another file"
            )
        answer, data = found
        if answer.refusal:
            raise SoundError(f"{path}: {answer.refusal}")
        return data

    def _start(self) -> Child:
        if self._child is None:
            try:
                command = self._command or python_command("voiceguide.sound.files.child")
                self._child = processes.start(command, variables=VARIABLES)
            except OSError as why:
                raise SoundError(f"The program that decodes sound files can't be started: {reason(why)}.") from None
            _widen(self._child.stdout)
        return self._child

    def _discard(self) -> None:
        child, self._child = self._child, None
        if child is None:
            return
        processes.end(child)
        self._left = []


def _widen(pipe: IO[bytes] | None) -> None:
    """Enlarge the pipe to hold a whole block, on Linux, so that child and parent work in parallel."""
    if sys.platform == "linux" and pipe is not None:
        import fcntl

        # An unprivileged user may have reached the limit for pipe buffers.
        with contextlib.suppress(OSError):
            fcntl.fcntl(pipe, F_SETPIPE_SZ, PIPE_SIZE)
