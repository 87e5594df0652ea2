"""One try after another in a process of its own, which is replaced when it hangs, dies or grows too large."""

from __future__ import annotations

import contextlib
import multiprocessing
import os
import tempfile
import traceback
from collections.abc import Iterator
from multiprocessing.connection import Connection
from pathlib import Path

import tools.fuzz.scripts  # noqa: F401  (it registers its kinds)
from tools.fuzz.kinds import KINDS, Files, Kind
from voiceguide.errors import VoiceguideError

MAX_SECONDS = 5.0  # a try
MAX_BYTES = 500_000_000  # that a try may take beyond what the process has


def attempt(kind: Kind, files: Files) -> tuple[str, str]:
    """One try in a folder of its own: `done` or `refused`, or `error` or `memory` and what was raised."""
    before = Path.cwd()
    with tempfile.TemporaryDirectory(prefix="fuzz-") as folder:
        for name, data in files.items():
            (Path(folder) / name).write_bytes(data)
        os.chdir(folder)
        try:
            kind.read()
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
    for name in iter(connection.recv, None):
        kind, seed = name
        files = KINDS[kind].files(seed)
        with _memory_limit():
            found = attempt(KINDS[kind], files)
        connection.send(found)


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

    def run(self, kind: str, seed: int) -> tuple[str, str]:
        """How a try ended."""
        self._ours.send((kind, seed))
        try:
            if self._ours.poll(MAX_SECONDS):
                found: tuple[str, str] = self._ours.recv()
                return found
            outcome = "hang", f"no answer within {MAX_SECONDS:g} seconds\n"
        except (EOFError, ConnectionError):
            self._process.join(MAX_SECONDS)
            outcome = "died", f"the process ended with {self._process.exitcode}\n"
        self.close()
        self._start()
        return outcome

    def close(self) -> None:
        self._process.kill()
        self._process.join()
        self._ours.close()
