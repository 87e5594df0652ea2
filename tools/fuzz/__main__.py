"""`python -m tools.fuzz --minutes 60 [--kinds scripts names] [--seed 0]`

Every kind has the same share of the time. The files of each failing try are saved in a folder, with what went wrong
and how to repeat it. Ends with 1 if any try failed.
"""

from __future__ import annotations

import argparse
import shutil
import stat
import sys
import tempfile
import time
from collections import Counter
from pathlib import Path
from random import Random

from tools.fuzz.kinds import KINDS
from tools.fuzz.tries import Found, Worker, empty

MAX_SAVED = 20  # failing tries of a kind; the others are counted
REPORT_AFTER = 300.0  # seconds


def save(out: Path, name: str, seed: int, found: Found, folder: Path) -> Path:
    """Put what a failing try left in its folder into another one."""
    place = out / f"{name}-{seed}-{found.outcome}"
    shutil.rmtree(place, ignore_errors=True)
    try:
        shutil.copytree(folder, place, symlinks=True, ignore=_no_files)
    except (OSError, shutil.Error) as error:
        found = Found(found.outcome, f"{found.why}(not all of its files could be saved: {error})\n")
    place.mkdir(parents=True, exist_ok=True)
    repeat = f"python -m tools.fuzz --kinds {name} --seed {seed} --tries 1\n"
    (place / "why.txt").write_text(repeat + found.why, encoding="utf-8", errors="backslashreplace")
    return place


def _no_files(folder: str, names: list[str]) -> list[str]:
    """Pipes and the like, which can't be copied."""
    modes = {name: (Path(folder) / name).lstat().st_mode for name in names}
    return [
        name for name, mode in modes.items() if not (stat.S_ISREG(mode) or stat.S_ISDIR(mode) or stat.S_ISLNK(mode))
    ]


class Session:
    """Tries of several kinds, their time and how they ended."""

    def __init__(self, kinds: list[str], seed: int, out: Path) -> None:
        self.kinds, self.seed, self.out = kinds, seed, out
        self.counts: Counter[tuple[str, str]] = Counter()
        self.seconds = dict.fromkeys(kinds, 0.0)
        self.slowest = dict.fromkeys(kinds, (0.0, seed))
        self.seeds = dict.fromkeys(kinds, seed)

    def run(self, minutes: float, tries: int | None) -> None:
        """Make tries until the time is over, or until there were so many of each kind."""
        started = reported = time.monotonic()
        with tempfile.TemporaryDirectory(prefix="fuzz-", ignore_cleanup_errors=True) as place:
            folder, own = Path(place) / "try", Path(place) / "own"
            own.mkdir()
            worker = Worker(own)
            try:
                while (now := time.monotonic()) - started < minutes * 60:
                    open_kinds = [each for each in self.kinds if tries is None or self.seeds[each] < self.seed + tries]
                    if not open_kinds:
                        break
                    empty(folder)
                    self._try(worker, min(open_kinds, key=self.seconds.__getitem__), folder)
                    if now - reported > REPORT_AFTER:
                        reported = now
                        print(f"--- after {(now - started) / 60:.0f} minutes\n{self.summary()}", flush=True)
            finally:
                self.largest = worker.largest
                worker.close()

    def _try(self, worker: Worker, name: str, folder: Path) -> None:
        seed = self.seeds[name]
        before = time.monotonic()
        found = worker.run(name, seed, folder)
        took = time.monotonic() - before
        self.seeds[name] += 1
        self.seconds[name] += took
        self.slowest[name] = max(self.slowest[name], (took, seed))
        self.counts[name, found.outcome] += 1
        if found.failed:
            lines = found.why.strip().splitlines() or [""]
            saved = self.counts[name, found.outcome] <= MAX_SAVED
            place = save(self.out, name, seed, found, folder) if saved else f"{name} {seed}"
            print(f"{found.outcome}: {place}: {lines[-1]}", flush=True)

    def summary(self) -> str:
        """A line for each kind."""
        lines: list[str] = []
        for name in self.kinds:
            counted = [(outcome, count) for (kind, outcome), count in sorted(self.counts.items()) if kind == name]
            total = sum(count for _, count in counted)
            counts = ", ".join(f"{count:,} {outcome}" for outcome, count in counted)
            took, seed = self.slowest[name]
            lines.append(
                f"{name}: {total:,} tries in {self.seconds[name]:.0f} s: {counts or 'none'}; "
                f"the longest took {took:.1f} s (seed {seed})"
            )
        return "\n".join(lines)

    @property
    def failed(self) -> bool:
        """Whether any try did."""
        return any(Found(outcome).failed for _, outcome in self.counts)


def main() -> int:
    """Try for as long as was asked."""
    arguments = argparse.ArgumentParser(prog="python -m tools.fuzz", description=__doc__)
    arguments.add_argument("--minutes", type=float, default=1.0)
    arguments.add_argument("--tries", type=int, help="of each kind, at most")
    arguments.add_argument("--kinds", nargs="*", choices=[*KINDS], default=[*KINDS], metavar="KIND")
    arguments.add_argument("--seed", type=int, help="of the first try of each kind; random without")
    arguments.add_argument("--out", type=Path, default=Path("fuzz-failures"), help="where failing input is saved")
    given = arguments.parse_args()
    seed = Random().randrange(10**9) if given.seed is None else given.seed
    print(f"first seed {seed}; kinds: {', '.join(given.kinds)}", flush=True)
    session = Session(given.kinds, seed, given.out.absolute())
    try:
        session.run(given.minutes, given.tries)
    except KeyboardInterrupt:
        print("interrupted")
    print(session.summary())
    print(f"the largest process had {session.largest / 1e6:,.0f} MB in memory")
    return int(session.failed)


if __name__ == "__main__":
    sys.exit(main())
