"""Measure everything and print it as Markdown, or write it into a document.

python -m benchmarks
python -m benchmarks --write docs/performance.md
python -m benchmarks speed --rounds 3
"""

from __future__ import annotations

import argparse
import tempfile
from pathlib import Path

from benchmarks import measurements, tables
from benchmarks.workshop import workshop

KINDS = {
    "speed": measurements.speed,
    "growth": measurements.growth,
    "bed": measurements.bed,
    "start-up": measurements.start_up,
    "workshop": workshop,
}
ROUNDS = 5
MORE_ROUNDS = 3  # factor for benchmarks whose rounds take only a second


def main() -> None:
    """The command line."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks", description="What a session costs.")
    parser.add_argument("kinds", nargs="*", metavar="KIND", help=f"{', '.join(KINDS)}; default: all of them")
    parser.add_argument("--rounds", type=int, default=ROUNDS, help="measured runs of each [%(default)s]")
    parser.add_argument("--write", type=Path, metavar="FILE", help="write the tables to their places in this file")
    given = parser.parse_args()
    if unknown := set(given.kinds) - set(KINDS):
        parser.error(f"{unknown.pop()} is none of {', '.join(KINDS)}")
    told = {"computer": tables.computer()}
    with tempfile.TemporaryDirectory(prefix="benchmark-") as name:
        for kind in given.kinds or KINDS:
            folder = Path(name) / kind
            folder.mkdir()
            told[kind] = KINDS[kind](folder, given.rounds * (MORE_ROUNDS if kind == "start-up" else 1))
    if given.write:
        given.write.write_text(tables.replaced(given.write.read_text(encoding="utf-8"), told), encoding="utf-8")
    else:
        print("\n\n".join(told.values()))


if __name__ == "__main__":
    main()
