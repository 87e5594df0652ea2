"""Measure everything and print it as Markdown, or write it into a document.

python -m benchmarks
python -m benchmarks --write docs/performance.md
python -m benchmarks speed --rounds 3
python -m benchmarks --against ../older/.venv/bin/voiceguide
"""

from __future__ import annotations

import argparse
import shutil
import tempfile
from pathlib import Path

from benchmarks import measurements, tables
from benchmarks.natural import measure_natural
from benchmarks.workshop import measure_workshop

KINDS = {
    "speed": measurements.measure_speed,
    "growth": measurements.measure_growth,
    "bed": measurements.measure_bed,
    "start-up": measurements.measure_start_up,
    "workshop": measure_workshop,
    "natural": measure_natural,
}
ROUNDS = 5
MORE_ROUNDS = 3  # times as many if a round takes only a second


def main() -> None:
    """The command line."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks", description="What a session costs.")
    parser.add_argument("kinds", nargs="*", metavar="KIND", help=f"{', '.join(KINDS)}; all of them by default")
    parser.add_argument("--rounds", type=int, default=ROUNDS, help="measured runs of each [%(default)s]")
    parser.add_argument(
        "--against", type=Path, metavar="COMMAND", help="only compare this voiceguide with another installation"
    )
    parser.add_argument("--write", type=Path, metavar="FILE", help="write the tables into this document")
    given = parser.parse_args()
    if unknown := set(given.kinds) - set(KINDS):
        parser.error(f"unknown kind {unknown.pop()}; expected one of {', '.join(KINDS)}")
    if given.against and (given.kinds or given.write):
        parser.error("--against can't be combined with kinds or --write: its result is only printed")
    if given.against and not shutil.which(given.against):
        parser.error(f"{given.against} is not a command; expected the voiceguide of another installation")
    sections = {"computer": tables.computer()}
    with tempfile.TemporaryDirectory(prefix="benchmark-") as name:
        if given.against:
            sections["against"] = measurements.measure_against(Path(name), given.rounds, given.against.absolute())
        for kind in [] if given.against else given.kinds or KINDS:
            folder = Path(name) / kind
            folder.mkdir()
            sections[kind] = KINDS[kind](folder, given.rounds * (MORE_ROUNDS if kind == "start-up" else 1))
    if given.write:
        document = given.write.read_text(encoding="utf-8")
        given.write.write_text(tables.replace_sections(document, sections), encoding="utf-8")
    else:
        print("\n\n".join(sections.values()))


if __name__ == "__main__":
    main()
