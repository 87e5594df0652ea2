"""The kinds of input that are tried. A kind is a function that makes input in a folder, and gives it to voiceguide:

    @kind("presets")
    def attempt(random: Random, folder: Path) -> None:
        (folder / "evening.json").write_bytes(...)

The folder is empty, and is the current folder too. The function may raise VoiceguideError, by which the input was
refused; whatever else it raises is a fault of ours. What a refusal or an output may not hold is judged by `terminal`.
The same random numbers must make the same input, so that a failure can be repeated from its seed.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from random import Random

Attempt = Callable[[Random, Path], object]


@dataclass(frozen=True)
class Kind:
    """A kind of input, by its name."""

    name: str
    attempt: Attempt

    def random(self, seed: int) -> Random:
        """The random numbers of a try: each kind has its own."""
        return Random(f"{self.name} {seed}")


KINDS: dict[str, Kind] = {}


def kind(name: str) -> Callable[[Attempt], Attempt]:
    """Register a kind by the function that tries it."""

    def register(attempt: Attempt) -> Attempt:
        KINDS[name] = Kind(name, attempt)
        return attempt

    return register
