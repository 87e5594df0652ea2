"""`voiceguide` as its tests call it: in this process, which is quick, or in one of its own, which is the real thing."""

from __future__ import annotations

import contextlib
import gc
import io
import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from unittest import mock

import pytest

from voiceguide.cli import main

SCRIPT = Path(sys.executable).with_name("voiceguide")
_HANGUP = getattr(signal, "SIGHUP", signal.SIGTERM)  # Windows has none

# Enough of a routine to go through the whole pipe, and no more.
SHORT = """\
title: A short one
about: Two sides, in no time.
author: Somebody
source: Nowhere.
notice: Stop if anything hurts.
options:
  deeper: {about: A little further, default: no}
defaults: {switch: 1s, gap: 200ms}
steps:
  - say: Hello.
  - exercise: Lean & reach
    steps:
      - sides: [left, right]
        steps:
          - hold: 5s
            min: 3s
            max: 10s
            countdown: 2
          - when: deeper
            say: A little further.
  - say: Well done.
"""


@dataclass(frozen=True)
class Ran:
    """How a command ended, and what it wrote."""

    code: int
    out: str
    err: str


def cli(*arguments: str) -> Ran:
    """The command in this process, which goes on afterwards: what `main` sets for the rest of its life is put back."""
    out, err = io.StringIO(), io.StringIO()
    with (
        _own_handlers(),
        mock.patch.object(sys, "argv", ["voiceguide", *arguments]),
        contextlib.redirect_stdout(out),
        contextlib.redirect_stderr(err),
        pytest.raises(SystemExit) as ended,
    ):
        main()
    assert isinstance(ended.value.code, int)
    return Ran(ended.value.code, out.getvalue(), err.getvalue())


@contextlib.contextmanager
def _own_handlers() -> Iterator[None]:
    handlers = {number: signal.getsignal(number) for number in (signal.SIGINT, signal.SIGTERM, _HANGUP)}
    hook, threshold = sys.unraisablehook, gc.get_threshold()
    try:
        yield
    finally:
        gc.unfreeze()  # a command that ends its process freezes its garbage
        gc.set_threshold(*threshold)
        sys.unraisablehook = hook
        for number, handler in handlers.items():
            signal.signal(number, handler)


def process(*arguments: str) -> Ran:
    """The command in a process of its own."""
    done = subprocess.run([str(SCRIPT), *arguments], capture_output=True, text=True, timeout=60, check=False)
    return Ran(done.returncode, done.stdout, done.stderr)


def python(code: str, *arguments: str) -> Ran:
    """Some Python in a process of its own; `from voiceguide.cli import main` is what it is for."""
    done = subprocess.run(
        [sys.executable, "-c", code, *arguments], capture_output=True, text=True, timeout=60, check=False
    )
    return Ran(done.returncode, done.stdout, done.stderr)


def drain(terminal: int) -> bytes:
    """All that comes through a terminal until nobody holds the other end."""
    seen = b""
    with contextlib.suppress(OSError):  # Linux's way to say that the other end is closed
        while more := os.read(terminal, 1000):
            seen += more
    return seen
