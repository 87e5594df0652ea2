"""Start and end other processes: children of our own, and programs of this computer. No other module does.

A `Watchdog` ends a child that takes too long: all time limits of a child share one thread.
"""

from __future__ import annotations

import os
import subprocess
import threading
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from pathlib import Path
from signal import Signals
from typing import IO

from voiceguide.system.children import PACKAGE

Child = subprocess.Popen[bytes]
"""A child with pipes to its standard input and from its standard output."""

# On some systems a new process inherits every inheritable descriptor. If two started at once, one child could keep the
# other's pipe open, which would then never end.
_starting = threading.Lock()
_FLAGS = getattr(subprocess, "CREATE_NO_WINDOW", 0)


def start(
    command: Sequence[str], *, errors: IO[bytes] | None = None, variables: Mapping[str, str] | None = None
) -> Child:
    """Start a child; its standard error is written to the file `errors`, or discarded. Raises OSError.

    The child inherits the environment, with `variables` added: Python's own variables have no effect in isolated mode,
    and a loader's (LD_LIBRARY_PATH, DYLD_…, LD_PRELOAD) already affected this process; some Pythons do not start
    without them.
    """
    with _starting:
        return subprocess.Popen(
            command,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=errors or subprocess.DEVNULL,
            # So that drivers and libraries that open a relative path find no untrusted file.
            cwd=PACKAGE,
            env={**os.environ, **(variables or {})},
            creationflags=_FLAGS,
        )


def end(child: Child) -> None:
    """Kill a child and wait until it has ended. It has no state to save, and it may hang."""
    child.kill()
    for pipe in filter(None, (child.stdin, child.stdout)):
        # Closing a pipe flushes it, which fails because the child has ended.
        with suppress(OSError):
            pipe.close()
    child.wait()


def describe_end(child: Child) -> str | None:
    """How a child ended, as the rest of a sentence: "was ended by SIGSEGV". None if it is still running."""
    try:
        code = child.wait(timeout=2)
    except subprocess.TimeoutExpired:
        return None
    with suppress(ValueError):
        if code < 0:
            return f"was ended by {Signals(-code).name}"
    return f"stopped with exit code {code}"


def run(command: Sequence[str], *, folder: Path, seconds: float) -> int | None:
    """Run a program in a folder, without input and output. Returns its exit code, or None if it took too long.

    It is killed if it takes longer than `seconds`, or if this process is interrupted. Raises OSError.
    """
    nothing = subprocess.DEVNULL
    try:
        done = subprocess.run(
            command, stdin=nothing, stdout=nothing, stderr=nothing, cwd=folder, timeout=seconds, check=False,
            creationflags=_FLAGS,
        )  # fmt: skip
    except subprocess.TimeoutExpired:
        return None
    return done.returncode


class Watchdog:
    """Calls `bite` when a call takes longer than its limit. One limit at a time; close it to end its thread.

    Not all systems can read a pipe with a time limit, but on all of them killing the child closes its pipes.
    """

    def __init__(self) -> None:
        self._changed = threading.Condition()
        self._thread: threading.Thread | None = None
        self._due: float | None = None
        self._bite: Callable[[], object] | None = None
        self._closed = False
        self.bitten = False

    @contextmanager
    def limit(self, seconds: float, bite: Callable[[], object]) -> Iterator[None]:
        """Call `bite` once if the context takes longer than `seconds`; then `bitten` is true until the next limit."""
        with self._changed:
            self.bitten = False
            self._due, self._bite = time.monotonic() + seconds, bite
            if self._thread is None and not self._closed:
                self._thread = threading.Thread(target=self._watch, name="voiceguide watchdog", daemon=True)
                self._thread.start()
            self._changed.notify()
        try:
            yield
        finally:
            with self._changed:
                self._due = self._bite = None

    def close(self) -> None:
        """End the watchdog thread, if there is one."""
        with self._changed:
            self._closed = True
            thread, self._thread = self._thread, None
            self._changed.notify()
        if thread is not None:
            thread.join()

    def _watch(self) -> None:
        with self._changed:
            while not self._closed:
                left = None if self._due is None else self._due - time.monotonic()
                if left is not None and left <= 0 and self._bite is not None:
                    self.bitten = True
                    self._bite()
                    self._due = self._bite = left = None
                # It may wake early because of an earlier limit, which does no harm.
                self._changed.wait(left)
