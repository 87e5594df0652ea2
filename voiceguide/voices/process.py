"""A voice that lives in one child process: with a time limit, and a second try in a fresh child.

Drivers crash, hang and print; here each of these ends as a recording or as one plain sentence. A `ChildVoice` belongs
to one thread at a time (`pool` sees to that); only `close` may come from another.
"""

from __future__ import annotations

import array
import contextlib
import subprocess
import tempfile
import threading
from collections.abc import Callable, Sequence
from signal import Signals
from typing import IO

from voiceguide import log
from voiceguide.children import PACKAGE, python_command
from voiceguide.errors import VoiceError, shorten
from voiceguide.voices.base import Recording
from voiceguide.voices.wire import Header, read_frame, write_frame

TimeLimit = Callable[[str], float]

_AUDIBLE = 8  # of 32768: above a native driver's dither, below any speech
_CHUNK = 1 << 12

# Starting a process hands down every inheritable descriptor on some systems; two starts at once could leave one child
# holding the other's pipe open, which then never ends.
_starting = threading.Lock()


class _Lost(Exception):  # noqa: N818 - never leaves this module
    """The child gave no recording this time; the text is the end of a sentence that began "the voice"."""


def seconds_for(text: str) -> float:
    """The default time limit: far beyond what any text needs, short enough to wait out once."""
    return 20.0 + len(text) * 0.02


def child_command(module: str, engine: str) -> list[str]:
    """The command line of a child that serves `engine` with `module`'s speaker."""
    return python_command("voiceguide.voices.worker", module, engine)


class ChildVoice:
    """Speaks through one child process.

    command: the child's command line. manner: `voice`, `rate`, `pitch`, `volume` as the driver takes them.
    time_limit: seconds that a text may take.
    """

    def __init__(self, command: Sequence[str], manner: Header, *, time_limit: TimeLimit = seconds_for) -> None:
        self._command = list(command)
        self._manner = manner
        self._time_limit = time_limit
        self._child: subprocess.Popen[bytes] | None = None
        self._chatter: IO[bytes] | None = None
        self._closed = False

    def __enter__(self) -> ChildVoice:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    @property
    def pid(self) -> int | None:
        """The child's process id, while there is one."""
        return self._child.pid if self._child else None

    def start(self) -> None:
        """Start the child and return at once; it loads its driver meanwhile."""
        if self._child is not None or self._closed:
            return
        self._chatter = tempfile.TemporaryFile()  # noqa: SIM115 - lives as long as the child
        try:
            with _starting:
                self._child = subprocess.Popen(
                    self._command,
                    stdin=subprocess.PIPE,
                    stdout=subprocess.PIPE,
                    stderr=self._chatter,
                    # Nothing that a driver or the system looks up by a bare name is found in a stranger's folder.
                    cwd=PACKAGE,
                    creationflags=getattr(subprocess, "CREATE_NO_WINDOW", 0),
                )
            log.debug(__name__, "started child %d", self._child.pid)
        except OSError as why:
            self._chatter.close()
            raise VoiceError(f"The voice can't be started: {why}.") from None

    def speak(self, text: str) -> Recording:
        """Say `text`. Raises VoiceError after two failures, or at once where a second try would not help."""
        if not text.strip():
            raise VoiceError("There is nothing to say in an empty text.", text=text)
        log.debug(__name__, "speaking %.120r", text)
        reasons: list[str] = []
        while len(reasons) < 2:
            try:
                return self._speak_once(text)
            except _Lost as why:
                self._discard()
                reasons.append(str(why))
        twice = f"{reasons[0]}, twice" if reasons[0] == reasons[1] else f"{reasons[0]}, and then {reasons[1]}"
        raise VoiceError(
            f'The voice could not say "{shorten(text)}": it {twice}. '
            "Change these words, or choose another voice; `voiceguide voices` lists them.",
            text=text,
        )

    def describe(self) -> Header:
        """What the child says of its engine: version, data folder, voices."""
        try:
            return self._ask({"do": "describe"}, self._time_limit(""), None)[0]
        except _Lost as why:
            raise VoiceError(f"The voices of this computer can't be listed: the voice {why}.") from None

    def close(self) -> None:
        """End the child. A text that another thread is waiting for fails."""
        self._closed = True
        self._discard()

    def _speak_once(self, text: str) -> Recording:
        request = {"do": "say", "text": text, **self._manner}
        header, samples = self._ask(request, self._time_limit(text), text)
        if not _audible(samples):
            raise _Lost("made no sound")
        if header["spent"]:
            # The next one starts while the caller is busy with this recording.
            self._discard()
            self.start()
        words = tuple((ms, first, length) for ms, first, length in header.get("words", ()))
        return Recording(samples, header["rate"], words)

    def _ask(self, request: Header, limit: float, text: str | None) -> tuple[Header, bytes]:
        if self._closed:
            raise VoiceError("The voice was closed.", text=text)
        self.start()
        child = self._child
        if child is None or child.stdin is None or child.stdout is None:  # closed by another thread just now
            raise VoiceError("The voice was closed.", text=text)
        late = threading.Event()

        def give_up() -> None:
            late.set()
            child.kill()

        # A pipe can't be read with a time limit everywhere; but a killed child ends its pipes on every system.
        timer = threading.Timer(limit, give_up)
        timer.daemon = True
        timer.start()
        try:
            write_frame(child.stdin, request)
            answer = read_frame(child.stdout)
        except (OSError, ValueError):
            answer = None
        finally:
            timer.cancel()
        if answer is None:
            if self._closed:
                raise VoiceError("The voice was closed.", text=text)
            raise _Lost(f"did not answer within {limit:g} seconds" if late.is_set() else self._last_words(child))
        if "refusal" in answer[0]:
            raise VoiceError(answer[0]["refusal"], text=text)
        return answer

    def _last_words(self, child: subprocess.Popen[bytes]) -> str:
        """How the child ended, and the end of what it wrote to standard error."""
        try:
            code = child.wait(timeout=2)
        except subprocess.TimeoutExpired:
            return "sent something that is no answer"
        try:
            ended = f"was ended by {Signals(-code).name}" if code < 0 else f"stopped with exit code {code}"
        except ValueError:
            ended = f"stopped with exit code {code}"
        lines: list[str] = []
        if self._chatter:
            self._chatter.seek(0)
            lines = self._chatter.read()[-2000:].decode("utf-8", "replace").strip().splitlines()
        return f'{ended}, last saying "{shorten(lines[-1])}"' if lines else ended

    def _discard(self) -> None:
        child, self._child = self._child, None
        if child is None:
            return
        # Killed, not asked: it keeps nothing that could be lost, and it may not be listening.
        child.kill()
        for pipe in (child.stdin, child.stdout):
            # Closing flushes, and there is nobody left to read it.
            with contextlib.suppress(OSError):
                pipe.close()  # type: ignore[union-attr]
        child.wait()
        if self._chatter:
            self._chatter.seek(0)
            for line in self._chatter.read()[-_CHUNK:].decode("utf-8", "replace").splitlines():
                log.debug(__name__, "child %d said: %s", child.pid, line)
            self._chatter.close()


def _audible(samples: bytes) -> bool:
    # In pieces, as speech is heard in the first of them.
    for start in range(0, len(samples), _CHUNK):
        piece = array.array("h", samples[start : start + _CHUNK])
        if max(piece) > _AUDIBLE or min(piece) < -_AUDIBLE:
            return True
    return False
