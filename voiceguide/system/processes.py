"""The one door to other processes: how children of ours and programs of this computer are started, and how they end."""

from __future__ import annotations

import os
import subprocess
import threading
from collections.abc import Mapping, Sequence
from contextlib import suppress
from pathlib import Path
from signal import Signals
from typing import IO

from voiceguide.system.children import PACKAGE

Child = subprocess.Popen[bytes]
"""A child with pipes to its standard input and from its standard output."""

# Starting a process hands down every inheritable descriptor on some systems; two starts at once could leave one child
# holding the other's pipe open, which then never ends.
_starting = threading.Lock()
_FLAGS = getattr(subprocess, "CREATE_NO_WINDOW", 0)


def start(
    command: Sequence[str], *, errors: IO[bytes] | None = None, variables: Mapping[str, str] | None = None
) -> Child:
    """Start a child; its standard error goes into the file `errors`, or nowhere. Raises OSError.

    The environment goes along, with `variables` added: Python's own variables have no say in isolated mode, and a
    loader's (LD_LIBRARY_PATH, DYLD_…, LD_PRELOAD) have had theirs in this process already; some Pythons do not even
    start without them.
    """
    with _starting:
        return subprocess.Popen(
            command,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=errors or subprocess.DEVNULL,
            # Nothing that a driver or a library looks up by a bare name is found in a stranger's folder.
            cwd=PACKAGE,
            env={**os.environ, **(variables or {})},
            creationflags=_FLAGS,
        )


def end(child: Child) -> None:
    """End a child and wait until it is gone. Killed, not asked: it stores nothing, and it may not be listening."""
    child.kill()
    for pipe in filter(None, (child.stdin, child.stdout)):
        # Closing flushes, and there is nobody left to read it.
        with suppress(OSError):
            pipe.close()
    child.wait()


def describe_end(child: Child) -> str | None:
    """How a child ended, as the rest of a sentence: "was ended by SIGSEGV". None for one that still runs."""
    try:
        code = child.wait(timeout=2)
    except subprocess.TimeoutExpired:
        return None
    with suppress(ValueError):
        if code < 0:
            return f"was ended by {Signals(-code).name}"
    return f"stopped with exit code {code}"


def run(command: Sequence[str], *, folder: Path, seconds: float) -> int | None:
    """Run a program in a folder, hearing and telling it nothing; its exit code, or None where it took too long.

    It is killed where it takes longer than `seconds`, and where this process is interrupted. Raises OSError.
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
