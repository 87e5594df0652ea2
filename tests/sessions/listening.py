"""Ears for the tests: decode a finished MP3 with ffmpeg's decoder, not ours, and find where sound is."""

from __future__ import annotations

from itertools import islice
from pathlib import Path
from typing import Any

import av
import miniaudio
import numpy as np
import numpy.typing as npt

RATE = 48_000  # of what is heard, whichever rate the track has
FRAMES = 1_000  # decoded before they are looked at
Audible = npt.NDArray[np.bool_]
"""For each sample whether anything is heard in any channel: a byte a sample, so that an hour fits into memory."""

# What counts as sound: far above an MP3's noise around silence, well below the softest consonant's body.
AUDIBLE = 10 ** (-58 / 20)

# The promise is 25 ms; encoded sound rings for a few milliseconds around its edges, inside of it.
PROMISE = 0.025
RINGING = 0.030


def heard(path: Path) -> Audible:
    """A track as a gapless player plays it."""
    found: list[Audible] = []
    with av.open(str(path)) as container:
        rate = container.streams.audio[0].rate
        frames = container.decode(audio=0)
        # Many frames at once: a call of numpy's for each would take longer than the decoding.
        while some := list(islice(frames, FRAMES)):
            planes = [
                b"".join(bytes(frame.planes[at])[: 4 * frame.samples] for frame in some) for at in _channels(some)
            ]
            found.append(_audible(np.array([np.frombuffer(plane, "<f4") for plane in planes])))
    return _at_full_rate(np.concatenate(found), rate)


def _at_full_rate(track: Audible, rate: int) -> Audible:
    assert RATE % rate == 0
    return np.repeat(track, RATE // rate)


def _channels(frames: list[Any]) -> range:
    assert {frame.format.name for frame in frames} == {"fltp"}
    return range(len(frames[0].layout.channels))


def heard_by_another(path: Path) -> Audible:
    """The same by an independent decoder."""
    sound = miniaudio.mp3_read_file_f32(str(path))
    heard = _audible(np.array(sound.samples, np.float32).reshape(-1, sound.nchannels).T)
    return _at_full_rate(heard, sound.sample_rate)


def _audible(planes: npt.NDArray[np.float32]) -> Audible:
    """Planes of shape (channels, samples), full scale 1."""
    return np.asarray((np.abs(planes) > AUDIBLE).any(axis=0))


def onset(track: Audible, start: float, *, early: float = 0.040) -> float | None:
    """Seconds from `start` to where sound is first heard, looking from `early` before to 200 ms after it."""
    first = max(0, round((start - early) * RATE))
    found = np.flatnonzero(track[first : round((start + 0.2) * RATE)])
    return None if not len(found) else (first + int(found[0])) / RATE - start


def sounding(events: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """The events that are sounds themselves, not windows around others."""
    return [event for event in events if event["kind"] in ("say", "chime", "count")]


def late(track: Audible, events: list[dict[str, Any]]) -> list[tuple[float, float | None, str]]:
    """Each sounding event whose onset is not within 25 ms: (its start, how far off, what it is)."""
    found = []
    ends = 0.0
    for event in sounding(events):
        # Where one sound follows another at once there is no silence to see an onset in.
        early = min(0.040, max(0.0, event["start"] - ends))
        off = onset(track, event["start"], early=early)
        if off is None or abs(off) > PROMISE:
            found.append((event["start"], off, event["text"] or event["name"]))
        ends = max(ends, event["end"])
    return found


def noise_in_silence(track: Audible, timeline: dict[str, Any]) -> list[tuple[float, float, float]]:
    """Stretches that the timeline says are silent and are not: (from, to, where it is heard)."""
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
        first = round((at + RINGING) * RATE)
        loud = np.flatnonzero(track[first : max(0, round((start - RINGING) * RATE))])
        if len(loud):
            found.append((at, start, (first + int(loud[0])) / RATE))
        at = max(at, end)
    return found
