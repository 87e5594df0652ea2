"""The benchmark sessions: as a routine for voiceguide, and the same session in the format of the baselines.

Nothing here is random, so every run on every computer makes the same sessions.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from pathlib import Path

HOLD_SECONDS = 20
PAUSE_SECONDS = 2
COUNTDOWN = 5
NUMBERS = ("one", "two", "three", "four", "five")
GAP_MS = 600
ESPEAK = "en-US+f2"  # by name, because where the natural voice is installed it is the default
SAID_FOR = "Hold for {hold}."

_MOVES = (
    "Bring your {side} {part} slowly {way}",
    "Let your {side} {part} sink {way}",
    "Draw the {side} {part} gently {way}",
    "Roll your {side} {part} a little {way}",
    "Guide the {side} {part} as far as it likes to go {way}",
    "Lengthen your {side} {part} {way}",
    "Rest the {side} {part}, and then lean it {way}",
)
_PARTS = ("knee", "hip", "shoulder", "heel", "elbow", "thigh", "ankle", "wrist", "foot", "side of the neck", "calf")
_WAYS = ("forward", "back", "outward", "inward", "toward the floor", "away from the wall", "up", "across the middle")
_ENDINGS = (
    "and keep the belly braced.",
    "with the ribs quiet.",
    "and breathe out for longer than you breathe in.",
    "without any hurry.",
    "and stay as tall as you can.",
    "until you feel a mild stretch.",
    "while the other side stays heavy.",
    "and let the face go soft.",
    "then stay there.",
)


@dataclass(frozen=True)
class Session:
    """A session: `words` distinct instructions, each followed by a counted hold, all repeated `rounds` times.

    `speaks_lengths`: whether each hold's length is spoken before it, as in most of the bundled routines.
    """

    words: int
    rounds: int = 1
    speaks_lengths: bool = False

    def write_yaml(self, path: Path) -> Path:
        """Write the routine as YAML for voiceguide. Its holds are named hold-1, hold-2 and so on."""
        lines = [
            "title: Benchmark",
            f"voice: {{name: {ESPEAK}}}",
            f"defaults: {{countdown: {COUNTDOWN}, gap: {GAP_MS}ms}}",
            "steps:",
        ]
        lines += [f"  - repeat: {self.rounds}", "    steps:"]
        for number in range(self.words):
            lines.append(f"      - say: {json.dumps(instruction(number))}")
            if self.speaks_lengths:
                lines.append(f'      - say: "{SAID_FOR}"')
            lines += [
                f"      - pause: {PAUSE_SECONDS}s",
                f"      - {{hold: {HOLD_SECONDS}s, name: hold-{number + 1}}}",
            ]
        path.write_text("\n".join(lines) + "\n", encoding="utf-8")
        return path

    def write_parts(self, path: Path, chimes: Path) -> Path:
        """Write the same as JSON for the baselines: ["say", text], ["silence", ms], ["file", path], ["count", text].

        A "count" is padded with silence to one second. `chimes` is the folder of the sounds.
        """
        start, end = chimes / "start.wav", chimes / "end.wav"
        parts: list[tuple[str, str | int]] = []
        for number in range(self.words):
            parts += [("say", instruction(number)), ("silence", GAP_MS)]
            parts += [("silence", 1000 * PAUSE_SECONDS), ("file", str(start))]
            parts += [("silence", 1000 * (HOLD_SECONDS - COUNTDOWN))]
            parts += [("count", number) for number in reversed(NUMBERS[:COUNTDOWN])]
            parts += [("file", str(end))]
        path.write_text(json.dumps(parts * self.rounds), encoding="utf-8")
        return path

    def write_texts(self, path: Path) -> Path:
        """Write only its distinct texts, as a JSON list."""
        texts = [instruction(number) for number in range(self.words)]
        path.write_text(json.dumps([*texts, *NUMBERS[:COUNTDOWN]]), encoding="utf-8")
        return path


def instruction(number: int) -> str:
    """One of 5,544 different instructions of about ten to twenty words."""
    # The lists' lengths (7, 11, 8, 9) have no common divisor, so all combinations occur before one is repeated.
    move, part, way = _MOVES[number % 7], _PARTS[number % 11], _WAYS[number % 8]
    side = ("left", "right")[number // 2 % 2]
    return f"{move.format(side=side, part=part, way=way)}, {_ENDINGS[number % 9]}"
