"""A session over a bed as one stream from one encoder, mixed by a second thread. The rest is voiceguide's own code.

    python one_encoder.py SCRIPT OUT

It is what voiceguide did before it had seams, and what any program does that encodes a whole session at once.
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

AHEAD = 4  # blocks that the mixing may run ahead of the encoder


class InOneGo(underlay.Parts):
    """The whole session as one part."""

    def joined(self, _progress: Progress | None = None) -> Generator[tuple[int, Stream]]:
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
        mixing.result()  # raises what went wrong there


def main(script: Path, out: Path) -> None:
    """Make the session."""
    with patch.object(underlay, "Parts", InOneGo):
        voiceguide.make(script, bed="brown", out=out)


if __name__ == "__main__":
    main(Path(sys.argv[1]), Path(sys.argv[2]))
