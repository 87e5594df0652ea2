"""Ears for the tests: decode a finished MP3 with ffmpeg's decoder, not ours, and find where sound is."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import av
import numpy as np
import numpy.typing as npt

RATE = 48_000
Floats = npt.NDArray[np.float32]

# What counts as sound: far above an MP3's noise around silence, well below the softest consonant's body.
AUDIBLE = 10 ** (-58 / 20)


def decoded(path: Path) -> Floats:
    """All samples of a track, (n, channels), -1 to 1, as a gapless player hears them."""
    with av.open(str(path)) as container:
        blocks = [frame.to_ndarray() for frame in container.decode(audio=0)]
        planar = container.streams.audio[0].format.is_planar
    joined = np.concatenate(blocks, axis=1).astype(np.float32)
    return np.ascontiguousarray(joined.T) if planar else joined.reshape(-1, 1)


def level(samples: Floats) -> Floats:
    """The larger of the channels, in absolute value, at each sample."""
    return np.abs(samples).max(axis=1)


def onset(level: Floats, start: float, *, early: float = 0.040) -> float | None:
    """Seconds from `start` to where sound is first heard, looking from `early` before to 200 ms after it."""
    first = max(0, int((start - early) * RATE))
    found = np.flatnonzero(level[first : int((start + 0.2) * RATE)] > AUDIBLE)
    return None if not len(found) else (first + int(found[0])) / RATE - start


def sounding(events: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """The events that are sounds themselves, not windows around others."""
    return [event for event in events if event["kind"] in ("say", "chime", "count")]


def late(level: Floats, events: list[dict[str, Any]]) -> list[tuple[float, float | None, str]]:
    """Each sounding event whose onset is not within 25 ms: (its start, how far off, what it is)."""
    found = []
    ends = 0.0
    for event in sounding(events):
        # Where one sound follows another at once there is no silence to see an onset in; none of ours do.
        early = min(0.040, max(0.0, event["start"] - ends))
        off = onset(level, event["start"], early=early)
        if off is None or abs(off) > 0.025:
            found.append((event["start"], off, event["text"] or event["name"]))
        ends = max(ends, event["end"])
    return found


def noise_in_silence(level: Floats, timeline: dict[str, Any]) -> list[tuple[float, float, float]]:
    """Stretches that the timeline says are silent and are not: (from, to, loudest)."""
    spans = [(event["start"], event["end"]) for event in sounding(timeline["events"])]
    spans += [
        (phase["start"], phase["end"])
        for event in timeline["events"]
        for phase in event.get("phases", [])
        if phase["cue"] == "tone"
    ]
    found = []
    at = 0.0
    for start, end in [*sorted(spans), (timeline["duration"], timeline["duration"])]:
        # Encoded sound rings for a few milliseconds around its edges; 30 of them are inside the promise.
        inner = level[int((at + 0.03) * RATE) : max(0, int((start - 0.03) * RATE))]
        if len(inner) and inner.max() > AUDIBLE:
            found.append((at, start, float(inner.max())))
        at = max(at, end)
    return found
