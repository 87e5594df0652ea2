"""Ctrl-C, SIGTERM and a closed terminal: each raises an exception, so that the command cleans up.

It is imported before everything else, so it imports no slow modules.
"""

from __future__ import annotations

import _thread
import os
import signal
import sys
import time
from types import FrameType

PATIENCE = 5.0  # seconds for cleaning up before another signal interrupts it

_MESSAGES = {"SIGINT": "Interrupted", "SIGTERM": "Ended by SIGTERM", "SIGHUP": "Ended because the terminal was closed"}
_stopped_at: float | None = None


class Stopped(BaseException):
    """A signal was received. Not an Exception, so that no handler treats it as an error and continues.

    Not a KeyboardInterrupt either: click would print an empty line for it, and lose the signal's number.
    """

    def __init__(self, number: int) -> None:
        super().__init__(_MESSAGES.get(signal.Signals(number).name, "Ended by a signal"))
        self.exit_code = 128 + number


def listen() -> None:
    """Raise Stopped in the main thread on a signal, except for ignored signals, as under `nohup`."""
    global _stopped_at
    _stopped_at = None
    sys.unraisablehook = _raise_again
    for name in _MESSAGES:
        number = getattr(signal, name, None)
        if number is not None and signal.getsignal(number) is not signal.SIG_IGN:
            try:
                signal.signal(number, _stop)
            except ValueError:  # not in the main thread: then the caller handles signals
                return


def ignore() -> None:
    """Ignore signals from now on, because the work is done and the process is about to exit."""
    global _stopped_at
    _stopped_at = float("inf")


def _stop(number: int, _frame: FrameType | None) -> None:
    global _stopped_at
    now = time.monotonic()
    # Users may press Ctrl-C twice, and systems may signal a whole group: cleaning up must not be interrupted.
    if _stopped_at is not None and now - _stopped_at < PATIENCE:
        return
    _stopped_at = now
    raise Stopped(number)


def _raise_again(unraisable: sys.UnraisableHookArgs) -> None:
    """Send a signal again if its exception was lost because an object was being deleted."""
    global _stopped_at
    if isinstance(unraisable.exc_value, Stopped):
        _stopped_at = None
        # Not from here, because it would be lost again.
        _thread.start_new_thread(_send_later, (unraisable.exc_value.exit_code - 128,))
    else:
        sys.__unraisablehook__(unraisable)


def _send_later(number: int) -> None:
    time.sleep(0.02)
    os.kill(os.getpid(), number)
