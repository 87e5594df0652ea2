"""A session with a bed as one stream from one encoder, mixed by another thread. Everything else is voiceguide's.

    python one_encoder.py SCRIPT OUT

This is how voiceguide worked before it could join parts, and how any program works that encodes a session as a whole.
"""

from __future__ import annotations

import queue
import sys
from collections.abc import Generator, Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from unittest.mock import patch

import voiceguide
from voiceguide.render import with_bed as underlay
from voiceguide.system.jobs import Progress
from voiceguide.track.encoder import Stream, encode

AHEAD = 4  # blocks by which mixing may be ahead of the encoder


class InOneGo(underlay.Parts):
    """The whole session as one part."""

    def join(self, _progress: Progress | None = None) -> Generator[tuple[int, Stream]]:
        """The one piece."""
        yield 0, encode(_beside(self.mix.blocks()), self.encoding)


def _beside(blocks: Iterator[bytes]) -> Iterator[bytes]:
    waiting: queue.Queue[bytes | None] = queue.Queue(AHEAD)

    def work() -> None:
        try:
            for block in blocks:
                waiting.put(block)
        finally:
            waiting.put(None)

    with ThreadPoolExecutor(max_workers=1) as thread:
        mixing = thread.submit(work)
        while (block := waiting.get()) is not None:
            yield block
        mixing.result()  # raises the thread's exception, if any


def main(script: Path, out: Path) -> None:
    """Make the session."""
    with patch.object(underlay, "Parts", InOneGo):
        voiceguide.make(script, bed="brown", out=out)


if __name__ == "__main__":
    main(Path(sys.argv[1]), Path(sys.argv[2]))
