"""Runs processes one after the other, in turns, and measures the resources that each uses.

Turns instead of blocks: other load on the computer then affects all contestants equally, and each can be compared with
another one of the same round.
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
"""Takes an empty folder and returns the command to measure; its own preparations are not measured."""


@dataclass(frozen=True)
class Contestant:
    """A command to measure: its name in the table, its command, and its cache.

    cache: a folder to use as the user's cache; with None every run gets an empty one.
    """

    name: str
    start: Start
    cache: Path | None = None


@dataclass(frozen=True)
class Use:
    """The resources that a process and its children used: wall time and CPU time in seconds, peak memory in MB.

    Memory is that of the largest process among them; the system doesn't report a sum. It is at least what this process
    had when it started them.
    """

    wall: float
    cpu: float
    peak: float


@dataclass(frozen=True)
class Results:
    """All rounds of a contest, by contestant."""

    rounds: Mapping[str, Sequence[Use]]

    def median(self, name: str) -> Use:
        """The median of each quantity."""
        uses = self.rounds[name]
        return Use(
            *(statistics.median(values) for values in zip(*((u.wall, u.cpu, u.peak) for u in uses), strict=True))
        )

    def times_as_fast(self, name: str, other: str) -> float:
        """The wall time of `other` divided by that of `name`: the median of the ratios within the rounds."""
        pairs = zip(self.rounds[other], self.rounds[name], strict=True)
        return statistics.median(theirs.wall / ours.wall for theirs, ours in pairs)

    def times_the_cpu(self, name: str, other: str) -> float:
        """The same for CPU time."""
        pairs = zip(self.rounds[other], self.rounds[name], strict=True)
        return statistics.median(theirs.cpu / ours.cpu for theirs, ours in pairs)


def run_contest(contestants: Sequence[Contestant], rounds: int) -> Results:
    """Run every contestant once unmeasured, so that byte code and disk caches are warm for all, then in turns."""
    found: dict[str, list[Use]] = {each.name: [] for each in contestants}
    for turn in range(rounds + 1):
        for each in contestants:
            _say(f"{each.name}: {'warming up' if turn == 0 else f'round {turn} of {rounds}'}")
            use = measure(each)
            if turn:
                found[each.name].append(use)
    _say("")
    return Results(found)


def measure(contestant: Contestant) -> Use:
    """Measure one run. Raises RuntimeError with the process's output if it fails."""
    with tempfile.TemporaryDirectory(prefix="benchmark-") as name:
        folder = Path(name)
        cache = contestant.cache or folder / "cache"
        cache.mkdir(exist_ok=True)
        command = [str(word) for word in contestant.start(folder)]
        log = folder / "log"
        with log.open("wb") as output:
            begun = time.perf_counter()
            # wait4 instead of subprocess's own wait, which doesn't report the resource usage.
            process = subprocess.Popen(
                command, cwd=folder, env=make_environment(cache), stdin=subprocess.DEVNULL, stdout=output, stderr=output
            )
            _, status, usage = os.wait4(process.pid, 0)
            wall = time.perf_counter() - begun
        process.returncode = os.waitstatus_to_exitcode(status)
        if process.returncode:
            raise RuntimeError(f"{' '.join(command)} failed:\n{log.read_text(errors='replace')[-2000:]}")
    per_mb = 1e6 if sys.platform == "darwin" else 1e3
    return Use(wall, usage.ru_utime + usage.ru_stime, usage.ru_maxrss / per_mb)


def make_environment(cache: Path) -> dict[str, str]:
    """The environment of every contestant: its cache, and cached byte code, as for an installed package."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith("PYTHON")}
    own = {"XDG_CACHE_HOME": str(cache), "HOME": str(cache), "PYTHONPYCACHEPREFIX": _bytecode().name}
    return kept | own


@functools.cache
def _bytecode() -> tempfile.TemporaryDirectory[str]:
    return tempfile.TemporaryDirectory(prefix="benchmark-bytecode-")


def _say(line: str) -> None:
    print(f"\r\033[K{line}", end="", file=sys.stderr, flush=True)
