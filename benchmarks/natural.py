"""The natural voice against espeak: a session of 60 texts in turns, and one new text in an open workshop."""

from __future__ import annotations

import statistics
import time
from collections.abc import Sequence
from pathlib import Path

import voiceguide
from benchmarks import tables
from benchmarks.contest import Contestant, run_contest
from benchmarks.measurements import COMMAND
from benchmarks.routine import ESPEAK, Session
from benchmarks.workshop import own_cache

VOICES = {"heart": "heart", "espeak": ESPEAK}
NEW_TEXT = "one new text in an open workshop"


def measure_natural(folder: Path, rounds: int) -> str:
    """Measure both voices; the extra `natural` must be installed."""
    script = Session(words=60).write_yaml(folder / "session.yaml")

    def make(voice: str) -> Sequence[str | Path]:
        return [COMMAND, "make", script, "--voice", VOICES[voice], "-o", folder / f"{voice}.mp3"]

    contestants = [
        Contestant(f"{voice}, {kind}", lambda _folder, voice=voice: make(voice), cache)  # type: ignore[misc]
        for kind in ("nothing cached", "made before")
        for voice in VOICES
        for cache in [folder / f"cache-{voice}" if kind == "made before" else None]
    ]
    results = run_contest(contestants, rounds)
    rows = []
    for each in contestants:
        use = results.median(each.name)
        other = f"espeak, {each.name.partition(', ')[2]}"
        ratios = (1 / results.times_as_fast(each.name, other), 1 / results.times_the_cpu(each.name, other))
        row = [each.name, tables.seconds(use.wall), tables.seconds(use.cpu), tables.megabytes(use.peak)]
        rows.append([*row, *(["", ""] if each.name == other else map(tables.factor, ratios))])
    for voice, taken in _measure_new_texts(folder, script.read_text(encoding="utf-8"), 4 * rounds).items():
        rows.append([f"{voice}, {NEW_TEXT}", tables.milliseconds(taken), "", "", "", ""])
    head = ["", "wall time", "processor time", "largest process", "wall of espeak", "processor of espeak"]
    return tables.table(head, rows) + f"\n\nMedians of {rounds} rounds in turns; of the ratios within a round."


def _measure_new_texts(folder: Path, session: str, count: int) -> dict[str, float]:
    """The median wall time of a session with one text that was never spoken, in seconds."""
    taken: dict[str, list[float]] = {voice: [] for voice in VOICES}
    script = folder / "next.yaml"
    with own_cache(folder / "cache-workshop"), voiceguide.Workshop() as workshop:
        for number in range(count + 1):
            script.write_text(
                session.replace("steps:\n", f"steps:\n  - say: This is session number {number}.\n", 1), encoding="utf-8"
            )
            for voice, name in VOICES.items():
                start = time.perf_counter()
                workshop.make(script, voice=name, out=folder / "next.mp3")
                if number:  # the first starts the voice
                    taken[voice].append(time.perf_counter() - start)
    return {voice: statistics.median(times) for voice, times in taken.items()}
