"""A voice in one child process, with a time limit, and a second try in a new child.

Drivers crash, hang, print, or return invalid data. The result here is always a valid recording or a VoiceError. A
`ChildVoice` belongs to one thread at a time (`pool` ensures this); only `start` and `close` may be called from another.
"""

from __future__ import annotations

import os
import tempfile
import threading
from collections.abc import Callable, Sequence
from contextlib import ExitStack, suppress
from typing import IO, TypeVar

from voiceguide.errors import VoiceError, quoted, reason
from voiceguide.system import log, processes
from voiceguide.system.children import python_command
from voiceguide.system.leftovers import temporary_root
from voiceguide.system.processes import Child, Watchdog
from voiceguide.voices.answers import Described, Said, find_fault, read_described, read_said
from voiceguide.voices.base import Recording
from voiceguide.voices.wire import Header, Malformed, Refusal, read_frame, write_frame

T = TypeVar("T")
TimeLimit = Callable[[str], float]

MAX_CHATTER = 64_000  # bytes of a driver's standard error that are read, from its end

_NO_ANSWER = "sent an invalid answer"


class _Lost(Exception):  # noqa: N818 - never leaves this module
    """The child returned no recording; the message is the end of a sentence that starts with "the voice"."""


def allow_seconds(text: str) -> float:
    """The default time limit: much longer than any text needs, but short enough to wait for."""
    return 20.0 + len(text) * 0.02


def child_command(module: str, engine: str) -> list[str]:
    """The command line of a child that serves `engine` with `module`'s speaker."""
    return python_command("voiceguide.voices.worker", module, engine)


class ChildVoice:
    """Speaks through one child process.

    command: the child's command line. manner: `voice`, `rate`, `pitch`, `volume` as the driver takes them.
    time_limit: the seconds that a text may take.
    """

    def __init__(self, command: Sequence[str], manner: Header, *, time_limit: TimeLimit = allow_seconds) -> None:
        self._command = list(command)
        self._manner = manner
        self._time_limit = time_limit
        # Held while a child is started or ended, so that none is started during `close`.
        self._lock = threading.Lock()
        self._child: Child | None = None
        self._chatter: IO[bytes] | None = None
        self._watchdog = Watchdog()
        self._requests = 0
        self._closed = False

    def __enter__(self) -> ChildVoice:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    @property
    def pid(self) -> int | None:
        """The child's process id; None if there is no child."""
        return self._child.pid if self._child else None

    def start(self) -> None:
        """Start the child and return at once; it loads its driver meanwhile. Does nothing if it is running."""
        with self._lock, ExitStack() as undo:
            if self._child is not None or self._closed:
                return
            chatter: IO[bytes] | None = None
            # Without a temporary folder the voice still works; only its error output is lost.
            with suppress(OSError):
                chatter = undo.enter_context(tempfile.TemporaryFile(dir=temporary_root()))
            try:
                self._child = processes.start(self._command, errors=chatter)
            except OSError as why:
                raise VoiceError(f"the voice can't be started: {reason(why)}") from None
            log.debug(__name__, "started child %d", self._child.pid)
            self._chatter = chatter
            undo.pop_all()

    def speak(self, text: str) -> Recording:
        """Say `text`. Raises VoiceError after two failures, or at once if a second try would not help."""
        if not text.strip():
            raise VoiceError("an empty text can't be spoken; expected words to say", text=text)
        log.debug(__name__, "speaking %.120r", text)
        reasons: list[str] = []
        while len(reasons) < 2:
            try:
                return self._speak_once(text)
            except _Lost as why:
                log.debug(__name__, "the voice %s: %s", why, quoted(text))
                self._discard()
                reasons.append(str(why))
        twice = f"{reasons[0]}, twice" if reasons[0] == reasons[1] else f"{reasons[0]}, and then {reasons[1]}"
        raise VoiceError(
            f"the voice could not say {quoted(text)}: it {twice}; "
            "change these words, or choose another voice (`voiceguide voices` lists all voices)",
            text=text,
        )

    def describe(self) -> Described:
        """The child's description of its engine: version, data folder, voices."""
        try:
            return self._ask({"do": "describe"}, None, lambda header, _, number: read_described(header, number))
        except _Lost as why:
            raise VoiceError(f"the voices of this computer can't be listed: the voice {why}") from None

    def close(self) -> None:
        """End the child. A text that another thread is waiting for fails."""
        with self._lock:
            self._closed = True
        self._discard()
        self._watchdog.close()

    def _speak_once(self, text: str) -> Recording:
        def read(header: bytes, samples: bytes, number: int) -> tuple[Said, bytes]:
            return read_said(header, samples, number, text), samples

        said, samples = self._ask({"do": "say", "text": text, **self._manner}, text, read)
        if fault := find_fault(samples, said.rate, text, self._manner["rate"]):
            raise _Lost(fault)
        if said.spent:
            # The next child starts while the caller processes this recording.
            self._discard()
            self.start()
        return Recording(samples, said.rate, said.words)

    def _ask(self, request: Header, text: str | None, read: Callable[[bytes, bytes, int], T]) -> T:
        """Send a request, and return the result of `read` for the answer's header, payload and request number."""
        self.start()
        child = self._child
        if self._closed or child is None or child.stdin is None or child.stdout is None:
            raise VoiceError("the voice is closed", text=text)
        self._requests += 1
        limit = self._time_limit(text or "")
        try:
            with self._watchdog.limit(limit, child.kill):
                write_frame(child.stdin, {**request, "request": self._requests})
                frame = read_frame(child.stdout)
            if frame is not None:
                return read(*frame, self._requests)
        except Refusal as why:
            raise VoiceError(str(why), text=text) from None
        except Malformed:
            raise _Lost(_NO_ANSWER) from None
        except (OSError, ValueError):  # the child has ended, or another thread closed its pipes
            pass
        if self._closed:
            raise VoiceError("the voice is closed", text=text)
        raise _Lost(f"did not answer within {limit:g} seconds" if self._watchdog.bitten else self._last_words(child))

    def _last_words(self, child: Child) -> str:
        """How the child ended, and the end of what it wrote to standard error."""
        ended = processes.describe_end(child)
        if ended is None:
            return _NO_ANSWER
        lines = _read_lines(self._chatter)
        return f"{ended} (its last output: {quoted(lines[-1])})" if lines else ended

    def _discard(self) -> None:
        with self._lock:
            child, self._child = self._child, None
            chatter, self._chatter = self._chatter, None
        if child is None:
            return
        processes.end(child)
        if log.listening(__name__):
            for line in _read_lines(chatter):
                log.debug(__name__, "child %d said: %s", child.pid, line)
        if chatter is not None:
            chatter.close()


def _read_lines(chatter: IO[bytes] | None) -> list[str]:
    """The last lines that a child wrote to standard error, without empty ones."""
    if chatter is None:
        return []
    # Another thread may have closed it.
    with suppress(ValueError, OSError):
        chatter.seek(max(0, chatter.seek(0, os.SEEK_END) - MAX_CHATTER))
        text = chatter.read(MAX_CHATTER).decode("utf-8", "replace")
        return [line for line in map(str.strip, text.splitlines()) if line]
    return []
