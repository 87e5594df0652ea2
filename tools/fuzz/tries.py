"""One try after another in a process of its own, which is replaced when it hangs, dies or grows too large."""

from __future__ import annotations

import contextlib
import multiprocessing
import os
import signal
import tempfile
import traceback
from collections.abc import Iterator
from multiprocessing.connection import Connection
from pathlib import Path

import tools.fuzz.scripts  # noqa: F401  (it registers its kinds)
from tools.fuzz.kinds import KINDS, Files, Kind
from voiceguide.errors import VoiceguideError

MAX_SECONDS = 5.0  # of computing, a try
MAX_WAIT = 30.0  # seconds for an answer, on a busy machine; a try that waits for something does not compute
MAX_START = 60.0  # seconds for a process to import what it tries
MAX_BYTES = 500_000_000  # that a try may take beyond what the process has


class SlowError(BaseException):
    """A try has computed for longer than it may. No handler of Exception is to catch it."""


def attempt(kind: Kind, files: Files) -> tuple[str, str]:
    """One try in a folder of its own: `done` or `refused`, or `error` or `memory` and what was raised."""
    before = Path.cwd()
    with tempfile.TemporaryDirectory(prefix="fuzz-") as folder:
        for name, data in files.items():
            (Path(folder) / name).write_bytes(data)
        os.chdir(folder)
        try:
            with _time_limit():
                kind.read()
        except SlowError:
            return "hang", traceback.format_exc()
        except VoiceguideError as refused:
            str(refused).encode("utf-8", "surrogatepass")
            return "refused", ""
        except MemoryError:
            return "memory", f"more than {MAX_BYTES:,} bytes\n"
        except Exception:  # whatever it is: to find it is what this is for
            return "error", traceback.format_exc()
        finally:
            os.chdir(before)
    return "done", ""


def work(connection: Connection) -> None:
    """A worker's life: a kind and a seed in, how it went out."""
    connection.send("ready")
    while True:
        kind, seed = connection.recv()
        files = KINDS[kind].files(seed)
        with _memory_limit():
            found = attempt(KINDS[kind], files)
        connection.send(found)


@contextlib.contextmanager
def _time_limit() -> Iterator[None]:
    """SlowError after MAX_SECONDS of computing; no limit where the system has no such clock."""
    if not hasattr(signal, "setitimer"):
        yield
        return

    def stop(*_: object) -> None:
        raise SlowError(f"computing for more than {MAX_SECONDS:g} seconds")

    before = signal.signal(signal.SIGPROF, stop)
    signal.setitimer(signal.ITIMER_PROF, MAX_SECONDS)
    try:
        yield
    finally:
        signal.setitimer(signal.ITIMER_PROF, 0)
        signal.signal(signal.SIGPROF, before)


@contextlib.contextmanager
def _memory_limit() -> Iterator[None]:
    """No more than MAX_BYTES beyond what the process has; no limit where the system can't set one."""
    try:
        import resource

        pages = int(Path("/proc/self/statm").read_text(encoding="ascii").split()[0])
    except (ImportError, OSError):
        yield
        return
    soft, hard = resource.getrlimit(resource.RLIMIT_AS)
    resource.setrlimit(resource.RLIMIT_AS, (pages * os.sysconf("SC_PAGE_SIZE") + MAX_BYTES, hard))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_AS, (soft, hard))


class Worker:
    """A process that tries, and is replaced when it has to be ended."""

    def __init__(self) -> None:
        self._start()

    def _start(self) -> None:
        # Spawned, not forked: a try must not see what another has left behind in the parent.
        context = multiprocessing.get_context("spawn")
        self._ours, theirs = context.Pipe()
        self._process = context.Process(target=work, args=(theirs,), daemon=True)
        self._process.start()
        theirs.close()
        if not self._ours.poll(MAX_START):
            raise RuntimeError("the process that tries did not start")
        self._ours.recv()

    def run(self, kind: str, seed: int) -> tuple[str, str]:
        """How a try ended."""
        self._ours.send((kind, seed))
        try:
            if self._ours.poll(MAX_WAIT):
                found: tuple[str, str] = self._ours.recv()
                return found
            outcome = "hang", f"no answer within {MAX_WAIT:g} seconds\n"
        except (EOFError, ConnectionError):
            self._process.join(MAX_WAIT)
            outcome = "died", f"the process ended with {self._process.exitcode}\n"
        self.close()
        self._start()
        return outcome

    def close(self) -> None:
        self._process.kill()
        self._process.join()
        self._ours.close()
