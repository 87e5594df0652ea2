"""A session with a bed: clips over an endless bed that ducks under speech, as one stream of blocks.

Nothing here is longer than a block, however long the session: the bed streams, clips come and go, and the encoder
takes each block as it is made.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import numpy as np
import numpy.typing as npt

from voiceguide.score.timeline import Timeline
from voiceguide.sound.bed import Bed
from voiceguide.sound.clips import Clips
from voiceguide.sound.envelope import Envelope, envelope
from voiceguide.sound.mix import Passage, rendered
from voiceguide.sound.segments import SAMPLES_PER_MS, samples
from voiceguide.track.frames import FRAME_SAMPLES

Floats = npt.NDArray[np.float32]

BLOCK = 1 << 16

# The bed that breathes: from this share of its swell, so that it never goes away, and back down before an interruption.
BREATH_FLOOR = 0.22
BREATH_RETURN_MS = 1_000


def breathing(timeline: Timeline, cycle: Sequence[tuple[str, int]]) -> Envelope:
    """The swell of a bed that breathes with the session: with its guided breaths, and evenly by `cycle` between."""
    points: list[tuple[float, float]] = [(0.0, BREATH_FLOOR)]
    at = 0
    guided = [event for event in timeline.events if event.phases]
    for event in guided:
        points += _free(at, event.start, cycle)
        for phase in event.phases:
            points += _swell(phase.kind, phase.start, phase.end)
        at = max(at, event.phases[-1].end)
    points += _free(at, timeline.duration, cycle)
    return envelope(points)


def _free(start: int, end: int, cycle: Sequence[tuple[str, int]]) -> Iterator[tuple[float, float]]:
    """Breaths of the routine's own pattern, back at rest where the next guided one begins."""
    at = start
    breath = sum(ms for _, ms in cycle)
    while at + breath <= end - BREATH_RETURN_MS:
        for kind, ms in cycle:
            yield from _swell(kind, at, at + ms)
            at += ms
    yield (end, BREATH_FLOOR)


def _swell(kind: str, start: int, end: int) -> list[tuple[float, float]]:
    rise, top = BREATH_FLOOR, 1.0
    heights = {"in": (rise, top), "hold": (top, top), "out": (top, rise), "wait": (rise, rise)}
    first, last = heights[kind]
    return [(start, first), (end, last)]


def mixed(
    bed: Bed,
    level: float,
    envelopes: Sequence[Envelope],
    passages: Sequence[Passage],
    clips: Clips,
    duration: int,
) -> Iterator[bytes]:
    """Blocks of the whole session as 16-bit samples: the bed at `level` LUFS under the passages."""
    total = duration * SAMPLES_PER_MS
    channels = clips.finish.channels
    factor = 10 ** ((level - bed.loudness) / 20)
    source = bed.blocks()
    rest = next(source)
    waiting = list(passages)[::-1]
    sounding: list[tuple[int, Floats]] = []
    for start in range(0, total, BLOCK):
        length = min(BLOCK, total - start)
        parts, have = [], 0
        while have < length:
            parts.append(rest[: length - have])
            rest = rest[length - have :]
            have += len(parts[-1])
            if not len(rest):
                rest = next(source)
        block: Floats = np.concatenate(parts) * np.float32(factor)
        for each in envelopes:
            block *= each.over(start, length)
        while waiting and waiting[-1].frame * FRAME_SAMPLES < start + length:
            passage = waiting.pop()
            sound = samples(rendered(passage, clips)).astype(np.float32).reshape(-1, channels)
            sounding.append((passage.frame * FRAME_SAMPLES, sound / np.float32(32768)))
        for begun, clip in sounding:
            first, last = max(begun, start), min(begun + len(clip), start + length)
            block[first - start : last - start] += clip[first - begun : last - begun]
        sounding = [(begun, clip) for begun, clip in sounding if begun + len(clip) > start + length]
        yield np.rint(np.clip(block, -1.0, 1.0) * np.float32(32767)).astype("<i2").tobytes()
