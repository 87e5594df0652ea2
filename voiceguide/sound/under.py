"""A session with a bed: clips over an endless bed that ducks under speech, as one stream of blocks.

Nothing here is longer than a block, however long the session: the bed streams, clips come and go, and the encoder
takes each block as it is made.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from voiceguide.score.timeline import Timeline
from voiceguide.sound.bed import Bed
from voiceguide.sound.clips import Clips, Spoken
from voiceguide.sound.mix import Placed
from voiceguide.sound.segments import SAMPLES_PER_MS, samples

Floats = npt.NDArray[np.float32]

DUCK_DB = -11.0
ATTACK_MS, RELEASE_MS = 20, 650
FADE_MS = 3_000
BLOCK = 1 << 16

# The bed that breathes: from this share of its swell, so that it never goes away, and back down before an interruption.
BREATH_FLOOR = 0.22
BREATH_RETURN_MS = 1_000


@dataclass(frozen=True)
class Envelope:
    """Straight lines between points: times in ms, rising, and factors."""

    times: tuple[float, ...]
    factors: tuple[float, ...]

    def over(self, start: int, length: int) -> Floats:
        """The factor at each of `length` samples from sample `start` on, (length, 1)."""
        at = (start + np.arange(length)) / SAMPLES_PER_MS
        return np.interp(at, self.times, self.factors).astype(np.float32)[:, None]


def ducking(placed: Iterable[Placed], duration: int) -> Envelope:
    """Down just before each speech, up after it; speeches with no room to rise between stay down together."""
    low = 10 ** (DUCK_DB / 20)
    points: list[tuple[float, float]] = [(0.0, 1.0)]
    spans: list[list[int]] = []
    for each in placed:
        if not isinstance(each.source, Spoken):
            continue
        if spans and each.start - ATTACK_MS <= spans[-1][1] + RELEASE_MS:
            spans[-1][1] = max(spans[-1][1], each.end)
        else:
            spans.append([each.start, each.end])
    for start, end in spans:
        if start <= ATTACK_MS:
            points = [(0.0, low)]
        else:
            points += [(start - ATTACK_MS, 1.0), (start, low)]
        points += [(end, low), (end + RELEASE_MS, 1.0)]
    return _envelope([*points, (max(duration, points[-1][0] + 1), 1.0)])


def fading(duration: int) -> Envelope:
    """In at the beginning, out at the end; a short session's fades take a quarter of it."""
    fade = min(FADE_MS, duration // 4)
    return _envelope([(0.0, 0.0), (fade, 1.0), (max(fade + 1, duration - fade), 1.0), (max(fade + 2, duration), 0.0)])


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
    return _envelope(points)


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


def _envelope(points: list[tuple[float, float]]) -> Envelope:
    times, factors = zip(*sorted(points, key=lambda point: point[0]), strict=True)
    return Envelope(times, factors)


def mixed(
    bed: Bed,
    level: float,
    envelopes: Sequence[Envelope],
    placed: Sequence[Placed],
    clips: Clips,
    duration: int,
    gain: float,
    channels: int,
) -> Iterator[bytes]:
    """Blocks of the whole session as 16-bit samples: the bed at `level` LUFS under clips, all by `gain` dB."""
    total = duration * SAMPLES_PER_MS
    factor = 10 ** ((level - bed.loudness + gain) / 20)
    loud = np.float32(10 ** (gain / 20) / 32768)
    source = bed.blocks()
    rest = next(source)
    waiting = list(placed)[::-1]
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
        for envelope in envelopes:
            block *= envelope.over(start, length)
        while waiting and waiting[-1].start * SAMPLES_PER_MS < start + length:
            each = waiting.pop()
            clip = samples(clips.clip(each.source)).astype(np.float32).reshape(-1, channels)
            sounding.append((each.start * SAMPLES_PER_MS, clip * loud))
        for begun, clip in sounding:
            first, last = max(begun, start), min(begun + len(clip), start + length)
            block[first - start : last - start] += clip[first - begun : last - begun]
        sounding = [(begun, clip) for begun, clip in sounding if begun + len(clip) > start + length]
        yield np.rint(np.clip(block, -1.0, 1.0) * np.float32(32767)).astype("<i2").tobytes()


