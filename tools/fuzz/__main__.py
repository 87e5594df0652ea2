"""`python -m tools.fuzz --minutes 60 [--kinds scripts] [--seed 0]`

The files of each failing try are saved in a folder, with what went wrong. Ends with 1 if any did.
"""

from __future__ import annotations

import argparse
import sys
import time
from collections import Counter
from pathlib import Path
from random import Random

from tools.fuzz.kinds import KINDS, Kind
from tools.fuzz.tries import Worker

FAILURES = ("error", "hang", "memory", "died")


def save(folder: Path, kind: Kind, seed: int, outcome: str, why: str) -> Path:
    """Put the files of a failing try into a folder."""
    place = folder / f"{kind.name}-{seed}-{outcome}"
    place.mkdir(parents=True, exist_ok=True)
    for name, data in kind.files(seed).items():
        (place / name).write_bytes(data)
    (place / "why.txt").write_text(why, encoding="utf-8", errors="backslashreplace")
    return place


def main() -> int:
    arguments = argparse.ArgumentParser(prog="python -m tools.fuzz", description=__doc__)
    arguments.add_argument("--minutes", type=float, default=1.0)
    arguments.add_argument("--kinds", nargs="*", choices=[*KINDS], default=[*KINDS], metavar="KIND")
    arguments.add_argument("--seed", type=int, help="of the first try; random without")
    arguments.add_argument("--out", type=Path, default=Path("fuzz-failures"), help="where failing input is saved")
    given = arguments.parse_args()
    seed = Random().randrange(10**9) if given.seed is None else given.seed
    print(f"first seed {seed}; kinds: {', '.join(given.kinds)}")
    counts: Counter[tuple[str, str]] = Counter()
    worker = Worker()
    end = time.monotonic() + given.minutes * 60
    try:
        while time.monotonic() < end:
            for name in given.kinds:
                outcome, why = worker.run(name, seed)
                counts[name, outcome] += 1
                if outcome in FAILURES:
                    place = save(given.out, KINDS[name], seed, outcome, why)
                    print(f"{outcome}: {place}: {why.strip().splitlines()[-1]}")
            seed += 1
    except KeyboardInterrupt:
        print("interrupted")
    finally:
        worker.close()
    for name in given.kinds:
        told = ", ".join(f"{count:,} {outcome}" for (kind, outcome), count in sorted(counts.items()) if kind == name)
        print(f"{name}: {told or 'not tried'}")
    return int(any(outcome in FAILURES for _, outcome in counts))


if __name__ == "__main__":
    sys.exit(main())
