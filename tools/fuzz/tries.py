"""One try after another in a process of its own, which is replaced when it hangs, dies or grows too large."""

from __future__ import annotations

import contextlib
import multiprocessing
import os
import shutil
import signal
import sys
import time
import traceback
from collections.abc import Iterator
from multiprocessing.connection import Connection
from pathlib import Path
from typing import NamedTuple

from tools.fuzz import answers, commands, names, presets, printed, scripts, sounds, surroundings
from tools.fuzz.kinds import KINDS, Kind
from tools.fuzz.terminal import own_folders
from voiceguide.errors import VoiceguideError

try:
    import resource
except ImportError:
    resource = None  # type: ignore[assignment]  # Windows

MODULES = (
    answers,
    commands,
    names,
    presets,
    printed,
    scripts,
    sounds,
    surroundings,
)  # imported, so that KINDS is whole
MAX_SECONDS = 5.0  # of computing, a try; and as long again for the programs that it starts
MAX_WAIT = 30.0  # seconds for an answer, on a busy machine; a try that waits for something does not compute
MAX_START = 60.0  # seconds for a process to import what it tries
MAX_BYTES = 500_000_000  # that the largest process may have in memory
LOOK_AFTER = 0.25  # seconds between two looks at what the processes have in memory


class SlowError(BaseException):
    """A try has computed for longer than it may. No handler of Exception is to catch it."""


class Found(NamedTuple):
    """How a try ended: `done` or `refused`; `error`, `hang`, `memory` or `died`, and then why."""

    outcome: str
    why: str = ""

    @property
    def failed(self) -> bool:
        """Whether it is a fault of ours."""
        return self.outcome not in ("done", "refused")


def attempt(kind: Kind, seed: int, folder: Path) -> Found:
    """One try in a folder, which has to be empty; what was made stays in it."""
    before = Path.cwd()
    os.chdir(folder)
    used = _seconds_of_children()
    try:
        with _time_limit():
            kind.attempt(kind.random(seed), folder)
    except SlowError:
        return Found("hang", traceback.format_exc())
    except VoiceguideError as refused:
        str(refused).encode("utf-8", "surrogatepass")
        return Found("refused")
    except MemoryError:
        return Found("memory", traceback.format_exc())
    except Exception:  # whatever it is: to find it is what this is for
        return Found("error", traceback.format_exc())
    finally:
        os.chdir(before)
    if (more := _seconds_of_children() - used) > MAX_SECONDS:
        return Found("hang", f"programs that it started computed for {more:.1f} seconds\n")
    return Found("done")


def work(connection: Connection, own: Path) -> None:
    """A worker's life: a kind, a seed and a folder in; out, how it ended, and the bytes of the largest process."""
    if hasattr(os, "setsid"):
        os.setsid()  # by which the parent finds all that it starts
    own_folders(own)
    connection.send("ready")
    while True:
        name, seed, folder = connection.recv()
        found = attempt(KINDS[name], seed, folder)
        connection.send((found, _largest_so_far()))


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


def _seconds_of_children() -> float:
    """What programs that have ended computed; nothing where the system does not tell."""
    if resource is None:
        return 0.0
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    return used.ru_utime + used.ru_stime


def _largest_so_far() -> int:
    """The most bytes that this process ever had in memory, or one that it started and that has ended."""
    if resource is None:
        return 0
    unit = 1 if sys.platform == "darwin" else 1024
    # What a process used before it became this program counts in its own `ru_maxrss`, but not in /proc.
    ours = _peak(Path("/proc/self")) or resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * unit
    return max(ours, resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss * unit)


def _largest_of_session(session: int) -> int:
    """The most bytes that a process of a session ever had in memory; nothing where the system has no /proc."""
    largest = 0
    for process in Path("/proc").glob("[0-9]*"):
        with contextlib.suppress(OSError, ValueError, IndexError):
            status = (process / "stat").read_text(encoding="utf-8", errors="replace")
            if int(status.rpartition(")")[2].split()[3]) == session:
                largest = max(largest, _peak(process))
    return largest


def _peak(process: Path) -> int:
    """The most bytes that a process had in memory since it began to run its program; 0 if /proc does not tell."""
    with contextlib.suppress(OSError, ValueError, IndexError):
        status = (process / "status").read_text(encoding="utf-8", errors="replace")
        return int(status.partition("VmHWM:")[2].split()[0]) * 1024
    return 0


class Worker:
    """A process that tries, and is replaced when it has to be ended. `own` is for its caches and temporary files."""

    def __init__(self, own: Path) -> None:
        self._own = own
        self._looked = time.monotonic()
        self.largest = 0  # bytes
        self._start()

    def _start(self) -> None:
        # Spawned, not forked: a try must not see what another has left behind in the parent.
        context = multiprocessing.get_context("spawn")
        self._ours, theirs = context.Pipe()
        self._process = context.Process(target=work, args=(theirs, self._own), daemon=False)
        self._process.start()
        theirs.close()
        if not self._ours.poll(MAX_START):
            raise RuntimeError("the process that tries did not start")
        self._ours.recv()

    def run(self, kind: str, seed: int, folder: Path) -> Found:
        """Make a try in an empty folder."""
        self._ours.send((kind, seed, folder))
        found = self._wait()
        if found.failed:
            self.close()
            self._start()
        return found

    def _wait(self) -> Found:
        end = time.monotonic() + MAX_WAIT
        try:
            while time.monotonic() < end:
                answered = self._ours.poll(LOOK_AFTER)
                found, largest = self._ours.recv() if answered else (Found("done"), 0)
                largest = max(largest, self._look())
                self.largest = max(self.largest, largest)
                if largest > MAX_BYTES:
                    return Found("memory", f"a process with {largest:,} bytes in memory\n{found.why}")
                if answered:
                    return Found(*found)
        except (EOFError, ConnectionError):
            self._process.join(MAX_WAIT)
            return Found("died", f"the process ended with {self._process.exitcode}\n")
        return Found("hang", f"no answer within {MAX_WAIT:g} seconds\n")

    def _look(self) -> int:
        """The memory of the largest process, from time to time: to ask after each of many short tries takes long."""
        now = time.monotonic()
        if now - self._looked < LOOK_AFTER or self._process.pid is None:
            return 0
        self._looked = now
        return _largest_of_session(self._process.pid)

    def close(self) -> None:
        """End the process, and those that it started."""
        if self._process.pid is not None and hasattr(os, "killpg"):
            with contextlib.suppress(ProcessLookupError, PermissionError):
                os.killpg(self._process.pid, signal.SIGKILL)
        self._process.kill()
        self._process.join()
        self._ours.close()


def empty(folder: Path) -> None:
    """Remove all that is in a folder, whatever a try made of it."""
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(exist_ok=True)
