"""Run processes one after the other, in turns, and measure what each of them uses.

In turns rather than in blocks, so that other load on the computer affects all contestants equally, and each can be
compared with the others of the same round.
"""

from __future__ import annotations

import functools
import os
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

Start = Callable[[Path], Sequence[str | Path]]
"""Gets an empty folder and returns the command to measure. Its own preparations are not measured."""


@dataclass(frozen=True)
class Contestant:
    """Something to measure: its name in the table, its command, and the cache that it starts with.

    cache: a folder to use as the user's cache; None gives every run an empty one.
    """

    name: str
    start: Start
    cache: Path | None = None


@dataclass(frozen=True)
class Use:
    """The resources that a process and its children used: wall time in s, processor time in s, peak memory in MB.

    Memory is that of the largest process, because the system reports no sum. It is at least what this process had
    when it started them.
    """

    wall: float
    cpu: float
    peak: float


@dataclass(frozen=True)
class Results:
    """All rounds of a contest, by contestant."""

    rounds: Mapping[str, Sequence[Use]]

    def median(self, name: str) -> Use:
        """Each quantity's own median."""
        uses = self.rounds[name]
        return Use(
            *(statistics.median(values) for values in zip(*((u.wall, u.cpu, u.peak) for u in uses), strict=True))
        )

    def times_as_fast(self, name: str, other: str) -> float:
        """How many times the wall time of `name` the other took: the median of the rounds' own ratios."""
        pairs = zip(self.rounds[other], self.rounds[name], strict=True)
        return statistics.median(theirs.wall / ours.wall for theirs, ours in pairs)

    def times_the_cpu(self, name: str, other: str) -> float:
        """The same of processor time."""
        pairs = zip(self.rounds[other], self.rounds[name], strict=True)
        return statistics.median(theirs.cpu / ours.cpu for theirs, ours in pairs)


def held(contestants: Sequence[Contestant], rounds: int) -> Results:
    """Run every contestant once without measuring, so that byte code and disk are cached for all, then in turns."""
    found: dict[str, list[Use]] = {each.name: [] for each in contestants}
    for turn in range(rounds + 1):
        for each in contestants:
            _say(f"{each.name}: {'warming up' if turn == 0 else f'round {turn} of {rounds}'}")
            use = measured(each)
            if turn:
                found[each.name].append(use)
    _say("")
    return Results(found)


def measured(contestant: Contestant) -> Use:
    """Measure one run. Raises RuntimeError, with the process's output, if it fails."""
    with tempfile.TemporaryDirectory(prefix="benchmark-") as name:
        folder = Path(name)
        cache = contestant.cache or folder / "cache"
        cache.mkdir(exist_ok=True)
        command = [str(word) for word in contestant.start(folder)]
        log = folder / "log"
        with log.open("wb") as output:
            begun = time.perf_counter()
            # Not `subprocess.run`, because it does not report the resources that the process used.
            process = subprocess.Popen(
                command, cwd=folder, env=environment(cache), stdin=subprocess.DEVNULL, stdout=output, stderr=output
            )
            _, status, usage = os.wait4(process.pid, 0)
            wall = time.perf_counter() - begun
        process.returncode = os.waitstatus_to_exitcode(status)
        if process.returncode:
            raise RuntimeError(f"{' '.join(command)} failed:\n{log.read_text(errors='replace')[-2000:]}")
    per_mb = 1e6 if sys.platform == "darwin" else 1e3
    return Use(wall, usage.ru_utime + usage.ru_stime, usage.ru_maxrss / per_mb)


def environment(cache: Path) -> dict[str, str]:
    """The environment of every contestant: its cache, and cached byte code, as for an installed package."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith("PYTHON")}
    own = {"XDG_CACHE_HOME": str(cache), "HOME": str(cache), "PYTHONPYCACHEPREFIX": _bytecode().name}
    return kept | own


@functools.cache
def _bytecode() -> tempfile.TemporaryDirectory[str]:
    return tempfile.TemporaryDirectory(prefix="benchmark-bytecode-")


def _say(line: str) -> None:
    print(f"\r\033[K{line}", end="", file=sys.stderr, flush=True)
