"""A few damaged sound files, as `tools/fuzz_sounds.py` makes them: heard, or refused with a sentence."""

from __future__ import annotations

import random
from pathlib import Path

from tools import fuzz_sounds
from voiceguide.errors import SoundError


def test_damaged_sounds_are_heard_or_refused(tmp_path: Path) -> None:
    source = random.Random(2026)
    told: list[str] = []
    try:
        for _ in range(120):
            try:
                fuzz_sounds.attempt(source, tmp_path)
            except SoundError as error:
                told.append(str(error))
    finally:
        fuzz_sounds.DECODER.close()
    assert 20 < len(told) < 120
    assert all(each.startswith(f"{tmp_path}{'/damaged-'}") for each in told)
    assert [path.name for path in tmp_path.iterdir()] == ["store"]
