"""What a natural engine must do, so that the driver can speak through it."""

from __future__ import annotations

from typing import Protocol

Word = tuple[int, int, int]
"""Where a word begins: ms, the index of its first character in the text, its length."""


class Synthesizer(Protocol):
    """An engine, loaded. The same text, rate and pitch must give the same samples, whatever was said before."""

    hertz: int

    def speak(self, text: str, rate: int, pitch: int) -> tuple[bytes, list[Word]]:
        """16-bit little-endian mono samples, and the words in the order of their times.

        A text with nothing to say gives no samples. Raises Refusal for one that can't be said.
        """
        ...
