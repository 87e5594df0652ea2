"""Ctrl-C, SIGTERM and a closed terminal: each raises an exception, so that the command cleans up.

The exception comes between two steps of Python code, wherever the main thread is. Inside an import that is no good
place: libraries in C take it for their own failure there, and some end the process. So it waits for the import's end.

Between the steps of a lock that is written in Python, such as `threading.Condition`, it leaves the lock held for ever,
and threads that wait for it never end. That is rare, and no code can rule it out. So if cleaning up takes too long, a
thread of its own removes what is unfinished and ends the process.

Imported before everything else, so it imports nothing that takes time.
"""

from __future__ import annotations

import _thread
import contextlib
import os
import signal
import sys
import time

TYPE_CHECKING = False

if TYPE_CHECKING:
    from collections.abc import Callable
    from types import FrameType

PATIENCE = 5.0  # seconds that cleaning up may take before another signal interrupts it
MAX_CLEANING = 15.0  # seconds that cleaning up may take before the process is ended in any case
MAX_IMPORT = 3.0  # seconds that a signal waits for imports to be done
AGAIN_AFTER = 0.02  # seconds until a signal that came at a bad moment is sent again

_MESSAGES = {"SIGINT": "Interrupted", "SIGTERM": "Ended by SIGTERM", "SIGHUP": "Ended because the terminal was closed"}
_stopped_at: float | None = None
_waiting_since: float | None = None
_say: Callable[[str], object] | None = None


class Stopped(BaseException):
    """A signal was received. Not an Exception, so that no handler treats it as an error and continues.

    Not a KeyboardInterrupt either: click would print an empty line for it, and lose the signal's number.
    """

    def __init__(self, number: int) -> None:
        super().__init__(_MESSAGES.get(signal.Signals(number).name, "Ended by a signal"))
        self.exit_code = 128 + number


def listen(say: Callable[[str], object] | None = None) -> None:
    """Raise Stopped in the main thread on a signal, except for ignored signals, as under `nohup`.

    `say` prints the sentence where the process must be ended without the main thread.
    """
    global _stopped_at, _waiting_since, _say
    _stopped_at = _waiting_since = None
    _say = say
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
    # Python puts the system's own way back in place of ours before it ends, but leaves a signal ignored.
    for name in _MESSAGES:
        number = getattr(signal, name, None)
        if number is not None and signal.getsignal(number) is _stop:
            with contextlib.suppress(ValueError):  # not in the main thread
                signal.signal(number, signal.SIG_IGN)


def _stop(number: int, frame: FrameType | None) -> None:
    global _stopped_at, _waiting_since
    now = time.monotonic()
    # Users may press Ctrl-C twice, and systems may signal a whole group: cleaning up must not be interrupted.
    if _stopped_at is not None and now - _stopped_at < PATIENCE:
        return
    if _importing(frame):
        _waiting_since = now if _waiting_since is None else _waiting_since
        if now - _waiting_since < MAX_IMPORT:
            _thread.start_new_thread(_send_later, (number,))
            return
    _stopped_at, _waiting_since = now, None
    stopped = Stopped(number)
    with contextlib.suppress(RuntimeError):  # no thread can be started, because the process is about to end
        _thread.start_new_thread(_end_later, (stopped,))
    raise stopped


def tell(stopped: Stopped) -> str:
    """The sentence for a process that was ended by a signal and has cleaned up."""
    return f"{stopped}; no unfinished file is left behind."


def _end_later(stopped: Stopped) -> None:
    """End the process if it is still there after MAX_CLEANING. Children end with the pipes to them."""
    time.sleep(MAX_CLEANING)
    # Not imported here, because the main thread may be stuck in an import. Nothing is unfinished without it.
    if leftovers := sys.modules.get("voiceguide.system.leftovers"):
        leftovers.remove_unfinished()
    # From `ignore` on, the main thread has said it.
    if _say is not None and _stopped_at != float("inf"):
        _say(tell(stopped))
    os._exit(stopped.exit_code)


def _importing(frame: FrameType | None) -> bool:
    """Whether the main thread is inside an import, however deep."""
    while frame is not None:
        if frame.f_code.co_filename.startswith("<frozen importlib"):
            return True
        frame = frame.f_back
    return False


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
    time.sleep(AGAIN_AFTER)
    os.kill(os.getpid(), number)
