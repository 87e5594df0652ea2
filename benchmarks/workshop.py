"""A session made before, with one new text: in an open workshop, in a new workshop, and in a new process.

Nearly all of such a session's cost is starting a process and a voice; an open workshop pays for both only once.
"""

from __future__ import annotations

import os
import re
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
from benchmarks.routine import ESPEAK, Session

COMMAND = Path(sys.executable).with_name("voiceguide")

PROCESS = "`voiceguide make`, a process for each"
ALONE = "`voiceguide.make`, a workshop for each"
OPEN = "`workshop.make` in an open workshop"
SHOWN = "`workshop.show` in an open workshop"
SAME = "`workshop.make` in an open workshop, nothing new"

BUNDLED = "half-kneeling"
MAX_ROUNDS = 40


def measure_workshop(folder: Path, rounds: int) -> str:
    """Measure a bundled routine and a session of 30 minutes in turns, each with one text that was never spoken."""
    bundled = (Path(voiceguide.__file__).parent.parent / "scripts" / f"{BUNDLED}.yaml").read_text(encoding="utf-8")
    session = Session(words=60).write_yaml(folder / "session.yaml").read_text(encoding="utf-8")
    numbers = count()
    return "\n\n".join(
        _measure(folder, rounds, text, name, numbers)
        for text, name in ((bundled, f"`{BUNDLED}`"), (session, "a session of 30 minutes"))
    )


def _measure(folder: Path, rounds: int, session: str, name: str, numbers: Iterator[int]) -> str:
    with own_cache(folder / "cache"), voiceguide.Workshop() as warm:
        out = folder / "session.mp3"

        def script(new: bool = True) -> Path:
            path = folder / "next.yaml"
            first = f"  - say: This is session number {next(numbers)}.\n" if new else ""
            path.write_text(re.sub("^steps:\n", f"steps:\n{first}", session, count=1, flags=re.M), encoding="utf-8")
            return path

        ways: dict[str, Callable[[], object]] = {
            PROCESS: lambda: subprocess.run(
                [COMMAND, "make", script(), "-o", out, "--voice", ESPEAK], check=True, capture_output=True
            ),
            ALONE: lambda: voiceguide.make(script(), out=out, voice=ESPEAK),
            OPEN: lambda: warm.make(script(), out=out, voice=ESPEAK),
            SHOWN: lambda: warm.show(script(), voice=ESPEAK),
            SAME: lambda: warm.make(script(new=False), out=out, voice=ESPEAK),
        }
        for way in ways.values():
            way()  # from here on the common parts are stored, and the voice is warm
        taken: dict[str, list[float]] = {each: [] for each in ways}
        for _ in range(min(MAX_ROUNDS, 2 * rounds)):
            for way_name, way in ways.items():
                start = time.perf_counter()
                way()
                taken[way_name].append(time.perf_counter() - start)
    rows = []
    for way_name, times in taken.items():
        faster = statistics.median(own / mine for own, mine in zip(taken[PROCESS], times, strict=True))
        shown = "" if way_name == PROCESS else tables.faster(faster)
        rows.append([way_name, tables.milliseconds(statistics.median(times)), shown])
    head = [f"{name} with one new text", "wall time", "than a process for each"]
    return tables.table(head, rows) + f"\n\nMedians of {len(times)} rounds in turns; of the ratios within a round."


@contextmanager
def own_cache(folder: Path) -> Iterator[None]:
    """Use another folder as the user's cache."""
    before = os.environ.get("XDG_CACHE_HOME")
    os.environ["XDG_CACHE_HOME"] = str(folder)
    try:
        yield
    finally:
        if before is None:
            del os.environ["XDG_CACHE_HOME"]
        else:
            os.environ["XDG_CACHE_HOME"] = before
