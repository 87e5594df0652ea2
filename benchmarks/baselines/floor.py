"""(c) The floor: speak each distinct text once and encode only that with LAME, on all cores. It makes no session.

    python floor.py TEXTS.json

One process per core, each with espeak-ng in it; no pipes, no levelling, no resampling except LAME's own, no files.
The silence that espeak-ng leaves at the end of a text is trimmed, as in voiceguide. No program that makes these sounds
can be faster without another synthesiser or another encoder.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

VOICE, RATE = "gmw/en-US+f3", 130


def main(texts: Path) -> None:
    """Start a worker for every core and wait for all of them."""
    cores = os.cpu_count() or 1
    workers = [subprocess.Popen([sys.executable, __file__, texts, str(one), str(cores)]) for one in range(cores)]
    codes = [worker.wait() for worker in workers]
    if any(codes):
        sys.exit("a worker failed")


def work(texts: Path, first: int, step: int) -> None:
    """Every `step`-th text from `first` on."""
    import lameenc

    from voiceguide.voices.espeak.driver import open_speaker

    speaker = open_speaker("espeak")
    for text in json.loads(texts.read_text(encoding="utf-8"))[first::step]:
        samples, hertz = speaker.say(text, voice=VOICE, rate=RATE, pitch=50, volume=1.0)
        sound = samples[: len(samples.rstrip(b"\0")) // 2 * 2 + 2]
        encoder = lameenc.Encoder()
        encoder.silence()
        encoder.set_channels(1)
        encoder.set_in_sample_rate(hertz)
        encoder.set_out_sample_rate(48_000)
        encoder.set_bit_rate(64)
        encoder.set_quality(5)
        encoder.encode(sound)
        encoder.flush()


if __name__ == "__main__":
    if len(sys.argv) == 2:
        main(Path(sys.argv[1]))
    else:
        work(Path(sys.argv[1]), int(sys.argv[2]), int(sys.argv[3]))
