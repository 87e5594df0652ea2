"""Gain over time: ducking under speech, fading in and out, as straight lines between points."""

from __future__ import annotations

import bisect
import math
from collections.abc import Iterable

import numpy as np
from msgspec import Struct

from voiceguide.grid import FULL, Grid
from voiceguide.sound.arrays import Doubles, Floats

DUCK_DB = -11.0
ATTACK_MS, RELEASE_MS = 20, 650
FADE_MS = 3_000


class Envelope(Struct, frozen=True):
    """Straight lines between points: non-decreasing times in ms, and gain factors. Constant outside the points."""

    times: tuple[float, ...]
    factors: tuple[float, ...]

    def at(self, ms: Doubles) -> Doubles:
        """The factors at these times."""
        return np.interp(ms, self.times, self.factors)

    def apply(self, sound: Floats, start: int, grid: Grid = FULL) -> None:
        """Multiply `sound`, (n, channels) starting at sample `start`, in place; samples with factor 1 are skipped.

        Most of a session has a constant factor, so this works from point to point instead of from sample to sample.
        """
        row = grid.samples_per_ms
        end = start + len(sound)
        at, index = start, bisect.bisect_right(self.times, start / row) - 1
        while at < end:
            last = index + 1 >= len(self.times)
            until = end if last else min(end, math.ceil(self.times[index + 1] * row))
            first_factor, next_factor = self.factors[max(index, 0)], self.factors[index if last else index + 1]
            span = sound[at - start : until - start]
            if index >= 0 and next_factor != first_factor and len(span):
                begun = self.times[index] * row
                slope = (next_factor - first_factor) / (self.times[index + 1] * row - begun)
                line = np.arange(len(span), dtype=np.float32)
                line *= np.float32(slope)
                line += np.float32(first_factor + slope * (at - begun))
                span *= line[:, None]
            elif first_factor != 1.0:
                span *= np.float32(first_factor)
            at, index = max(at, until), index + 1

    def stretch(self, start: int, end: int) -> tuple[tuple[float, float], ...]:
        """The points that determine the factors from `start` to before `end` ms, relative to `start`.

        Of a constant line that crosses either end only its factor counts, so equal stretches mean equal factors,
        independent of their time and of the rest of the envelope.
        """
        first = max(0, bisect.bisect_right(self.times, start) - 1)
        last = min(len(self.times) - 1, bisect.bisect_left(self.times, end))
        points = [(float(self.times[at] - start), self.factors[at]) for at in range(first, max(first, last) + 1)]
        if len(points) > 1 and points[-1][0] >= end - start and points[-1][1] == points[-2][1]:
            del points[-1]
        if len(points) == 1 or (points[0][0] < 0 and points[0][1] == points[1][1]):
            points[0] = (0.0, points[0][1])
        return tuple(points)


def make_envelope(points: list[tuple[float, float]]) -> Envelope:
    """An envelope through points (ms, factor), given in any order."""
    times, factors = zip(*sorted(points, key=lambda point: point[0]), strict=True)
    return Envelope(times, factors)


def duck_envelope(speeches: Iterable[tuple[int, int]], duration: int) -> Envelope:
    """An envelope that ducks from just before each speech, given as (start, end) in ms, until after it.

    Between speeches that are too close to recover, it stays ducked.
    """
    low = 10 ** (DUCK_DB / 20)
    points: list[tuple[float, float]] = [(0.0, 1.0)]
    spans: list[list[int]] = []
    for start, end in speeches:
        if spans and start - ATTACK_MS <= spans[-1][1] + RELEASE_MS:
            spans[-1][1] = max(spans[-1][1], end)
        else:
            spans.append([start, end])
    for start, end in spans:
        if start <= ATTACK_MS:
            points = [(0.0, low)]
        else:
            points += [(start - ATTACK_MS, 1.0), (start, low)]
        points += [(end, low), (end + RELEASE_MS, 1.0)]
    return make_envelope([*points, (max(duration, points[-1][0] + 1), 1.0)])


def fade_envelope(duration: int) -> Envelope:
    """An envelope that fades in at the beginning and out at the end; in a short session each takes a quarter of it."""
    fade = min(FADE_MS, duration // 4)
    return make_envelope(
        [(0.0, 0.0), (fade, 1.0), (max(fade + 1, duration - fade), 1.0), (max(fade + 2, duration), 0.0)]
    )
