"""One new text in a session that was made before: in an open workshop, in a new workshop, and in a new process.

Most of the cost of such a session is the start of a process and of a voice; a workshop pays for both only once.
"""

from __future__ import annotations

import os
import statistics
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from itertools import count
from pathlib import Path

import voiceguide
from benchmarks import tables
from benchmarks.routine import Session

COMMAND = Path(sys.executable).with_name("voiceguide")

PROCESS = "`voiceguide make`, a process for each"
ALONE = "`voiceguide.make`, a workshop for each"
OPEN = "`workshop.make` in an open workshop"
SHOWN = "`workshop.show` in an open workshop"
SAME = "`workshop.make` in an open workshop, nothing new"

MAX_ROUNDS = 40


def workshop(folder: Path, rounds: int) -> str:
    """Sessions of 30 minutes in turns, each with one text that was never spoken."""
    with _own_cache(folder / "cache"), voiceguide.Workshop() as warm:
        session = Session(words=60).write_yaml(folder / "session.yaml").read_text(encoding="utf-8")
        out = folder / "session.mp3"
        numbers = count()

        def script(new: bool = True) -> Path:
            path = folder / "next.yaml"
            first = f"  - say: This is session number {next(numbers)}.\n" if new else ""
            path.write_text(session.replace("steps:\n", f"steps:\n{first}", 1), encoding="utf-8")
            return path

        ways: dict[str, Callable[[], object]] = {
            PROCESS: lambda: subprocess.run([COMMAND, "make", script(), "-o", out], check=True, capture_output=True),
            ALONE: lambda: voiceguide.make(script(), out=out),
            OPEN: lambda: warm.make(script(), out=out),
            SHOWN: lambda: warm.show(script()),
            SAME: lambda: warm.make(script(new=False), out=out),
        }
        for way in ways.values():
            way()  # warm up: store what all of them share, and start the voice
        taken: dict[str, list[float]] = {name: [] for name in ways}
        for _ in range(min(MAX_ROUNDS, 2 * rounds)):
            for name, way in ways.items():
                start = time.perf_counter()
                way()
                taken[name].append(time.perf_counter() - start)
    rows = []
    for name, times in taken.items():
        faster = statistics.median(own / mine for own, mine in zip(taken[PROCESS], times, strict=True))
        shown = "" if name == PROCESS else f"{tables.factor(faster)} faster"
        rows.append([name, tables.milliseconds(statistics.median(times)), shown])
    head = ["a session of 30 minutes with one new text", "wall time", "than a process for each"]
    return tables.table(head, rows) + f"\n\nMedians of {len(times)} rounds in turns; of the ratios within a round."


@contextmanager
def _own_cache(folder: Path) -> Iterator[None]:
    before = os.environ.get("XDG_CACHE_HOME")
    os.environ["XDG_CACHE_HOME"] = str(folder)
    try:
        yield
    finally:
        if before is None:
            del os.environ["XDG_CACHE_HOME"]
        else:
            os.environ["XDG_CACHE_HOME"] = before
