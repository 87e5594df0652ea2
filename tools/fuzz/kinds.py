"""The kinds of input that are tried. A kind is two functions: one makes files from a seed, one reads them.

    @kind("presets", read=read_preset)
    def preset(random: Random) -> Files:
        return {"preset.json": ...}

`read` is called in a fresh folder with the files in it, which is the current folder then. It may raise VoiceguideError
and nothing else. The same seed must make the same files, so that a failure can be made again from its number.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from random import Random

Files = Mapping[str, bytes]
Make = Callable[[Random], Files]
Read = Callable[[], object]


@dataclass(frozen=True)
class Kind:
    """How input of a kind is made, and what must bear it."""

    name: str
    make: Make
    read: Read

    def files(self, seed: int) -> Files:
        """The files of a try."""
        return self.make(Random(f"{self.name} {seed}"))


KINDS: dict[str, Kind] = {}


def kind(name: str, *, read: Read) -> Callable[[Make], Make]:
    """Register a kind by the function that makes its files."""

    def register(make: Make) -> Make:
        KINDS[name] = Kind(name, make, read)
        return make

    return register
