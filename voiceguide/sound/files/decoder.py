"""The parent's end of the child that decodes: started with the first file, shared by all of a session, and bounded.

A child that crashes, hangs or grows is one plain sentence about the file that it was given.
"""

from __future__ import annotations

import contextlib
import itertools
import os
import subprocess
import sys
import threading
from collections.abc import Generator, Sequence
from pathlib import Path
from signal import Signals
from typing import IO

from voiceguide.children import PACKAGE, python_command
from voiceguide.errors import SoundError
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

PIPE_SIZE = 1 << 20
F_SETPIPE_SZ = 1031  # Linux; Python 3.10 does not have it everywhere
# Numbers are crunched by one thread; others would only reserve memory.
ENVIRONMENT = {"OPENBLAS_NUM_THREADS": "1", "OMP_NUM_THREADS": "1", "MKL_NUM_THREADS": "1"}


class Decoder:
    """Decodes sound files in one child process. Thread-safe; close it, or use it as a context.

    command and seconds are for tests: another child, another patience.
    """

    def __init__(self, *, command: Sequence[str] | None = None, seconds: float = SECONDS) -> None:
        self._command = command
        self._seconds = seconds
        self._lock = threading.Lock()
        self._child: subprocess.Popen[bytes] | None = None
        self._numbers = itertools.count(1)
        self._left: list[int] = []  # streams that nobody reads any more

    def __enter__(self) -> Decoder:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    @property
    def pid(self) -> int | None:
        """The child's process id, while there is one."""
        return self._child.pid if self._child else None

    def close(self) -> None:
        """End the child, if one was started."""
        with self._lock:
            self._discard()

    def decode_chime(self, data: bytes, path: Path) -> bytes:
        """The samples of a chime with these bytes: 48 kHz, 16 bits, mono. Raises SoundError about `path`."""
        with self._lock:
            return self._ask(DecodeChime(), path, "sound", data)

    def read_music(self, copy: Path, channels: int, path: Path) -> Generator[bytes]:
        """The blocks of a music file, once through, as 32-bit floats at 48 kHz. Raises SoundError about `path`.

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
            # Only noted: this may run at any time, even between another thread's question and its answer.
            self._left.append(number)

    def release(self) -> None:
        """Have the child close the files of streams that nobody reads any more."""
        with self._lock:
            if self._left and self._child is not None:
                numbers, self._left = self._left, []
                self._ask(CloseStreams(tuple(numbers)), Path(), "music")

    def _ask(self, request: Request, path: Path, kind: str, payload: bytes = b"") -> bytes:
        child = self._start()
        assert child.stdin is not None
        assert child.stdout is not None
        late = threading.Event()

        def give_up() -> None:
            late.set()
            child.kill()

        # A pipe can't be read with a time limit everywhere; but a killed child ends its pipes on every system.
        timer = threading.Timer(self._seconds, give_up)
        timer.daemon = True
        timer.start()
        found: tuple[Answer, bytes] | None = None
        try:
            write_frame(child.stdin, request, payload)
            found = read_frame(child.stdout, ANSWERS)
        except (OSError, ValueError):  # it is gone, or talks nonsense
            pass
        except BaseException:  # in the middle of an answer, which nobody is going to read
            self._discard()
            raise
        finally:
            timer.cancel()
        if found is None:
            reason = f"took more than {self._seconds:g} seconds" if late.is_set() else _how_it_ended(child)
            self._discard()
            raise SoundError(f"{path}: can't be read as {kind} (decoding it {reason}); save it again, or use another")
        answer, data = found
        if answer.refusal:
            raise SoundError(f"{path}: {answer.refusal}")
        return data

    def _start(self) -> subprocess.Popen[bytes]:
        if self._child is None:
            try:
                self._child = subprocess.Popen(
                    self._command or python_command("voiceguide.sound.files.child"),
                    stdin=subprocess.PIPE,
                    stdout=subprocess.PIPE,
                    stderr=subprocess.DEVNULL,
                    # Nothing that a library looks up by a bare name is found in a stranger's folder.
                    cwd=PACKAGE,
                    env={**os.environ, **ENVIRONMENT},
                    creationflags=getattr(subprocess, "CREATE_NO_WINDOW", 0),
                )
            except OSError as why:
                raise SoundError(f"The program that decodes sound files can't be started: {why}.") from None
            _widen(self._child.stdout)
        return self._child

    def _discard(self) -> None:
        child, self._child = self._child, None
        if child is None:
            return
        # Killed, not asked: it keeps nothing that could be lost, and it may not be listening.
        child.kill()
        for pipe in (child.stdin, child.stdout):
            # Closing flushes, and there is nobody left to read it.
            with contextlib.suppress(OSError):
                pipe.close()  # type: ignore[union-attr]  # both are pipes
        child.wait()
        self._left = []


def _widen(pipe: IO[bytes] | None) -> None:
    """Let a whole block wait in the pipe, on Linux, so that child and parent work side by side."""
    if sys.platform == "linux" and pipe is not None:
        import fcntl

        # An unprivileged user may have used up what there is for that.
        with contextlib.suppress(OSError):
            fcntl.fcntl(pipe, F_SETPIPE_SZ, PIPE_SIZE)


def _how_it_ended(child: subprocess.Popen[bytes]) -> str:
    try:
        code = child.wait(timeout=2)
    except subprocess.TimeoutExpired:
        return "gave no answer that can be read"
    try:
        return f"was ended by {Signals(-code).name}" if code < 0 else f"stopped with exit code {code}"
    except ValueError:
        return f"stopped with exit code {code}"
