"""Timeline + clips → passages: stretches of sound surrounded by silence, each aligned to the MP3 frame grid.

A passage is a group of sounds with too little silence between them to separate them. Its start is rounded to the 24 ms
frame grid once, from its absolute time, so that the same words give the same passage anywhere in a session and rounding
errors don't add up. Inside a passage every clip keeps its exact millisecond.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from typing import TYPE_CHECKING

from msgspec import Struct

from voiceguide.grid import FULL, Grid, nearest_frame
from voiceguide.score.timeline import ChimeEvent, SpeechEvent, Timeline, WindowEvent
from voiceguide.sound.clips import Breathed, Clips, Played, Source, Spoken, breath_ms

if TYPE_CHECKING:
    from voiceguide.sound.segments import AudioSegment


class PlacedClip(Struct, frozen=True):
    """A clip on the session's clock, or within a passage, in ms."""

    start: int
    end: int
    source: Source


class Passage(Struct, frozen=True):
    """Sound that begins on frame `frame` and lasts `ms`; times in `parts` are relative to the passage's start."""

    frame: int
    ms: int
    parts: tuple[PlacedClip, ...]

    def key(self, clips: Clips) -> str:
        """Everything that the passage's samples depend on; independent of its place and session."""
        parts = "\1".join(f"{part.start}\0{clips.key(part.source)}" for part in self.parts)
        return f"passage\0{hashlib.blake2b(parts.encode(), digest_size=20).hexdigest()}"


def place_sounds(timeline: Timeline, grid: Grid = FULL) -> list[PlacedClip]:
    """All sounds of a session, in order of start."""
    found: list[PlacedClip] = []
    for event in timeline.events:
        if isinstance(event, SpeechEvent):
            found += (
                PlacedClip(each.start_ms, each.end_ms, Spoken(each.spoken, event.pan)) for each in event.list_pieces()
            )
        elif isinstance(event, ChimeEvent):
            found.append(PlacedClip(event.start_ms, event.end_ms, Played(event.sound, event.pan)))
        elif isinstance(event, WindowEvent) and event.pattern is not None:
            source = Breathed(event.pattern)
            starts = (phase.start_ms for phase in event.phases if phase.toned and phase.kind == "in")
            found += (PlacedClip(start, start + breath_ms(event.pattern, grid), source) for start in starts)
    # A window's breath tones are added with the window, before the other sounds inside it; so they need sorting.
    return sorted(found, key=lambda each: each.start)


def find_passages(sounds: Iterable[PlacedClip], grid: Grid = FULL) -> list[Passage]:
    """Group sounds, in order of start, into passages, in order, whose frames don't overlap."""
    found: list[Passage] = []
    group: list[PlacedClip] = []
    end = 0

    def close() -> None:
        start = group[0].start
        parts = tuple(PlacedClip(each.start - start, each.end - start, each.source) for each in group)
        found.append(Passage(nearest_frame(start), end - start, parts))

    for each in sounds:
        if group:
            start = group[0].start
            taken = grid.frames_needed((end - start) * grid.samples_per_ms)
            if nearest_frame(each.start) < nearest_frame(start) + taken:
                group.append(each)
                end = max(end, each.end)
                continue
            close()
        group, end = [each], each.end
    if group:
        close()
    return found


def mix_passage(passage: Passage, clips: Clips) -> AudioSegment:
    """A passage's samples: the sum of its clips, with peaks limited."""
    from voiceguide.sound.segments import silence
    from voiceguide.sound.stereo import cap_peaks, duck

    if len(passage.parts) == 1:
        return clips.clip(passage.parts[0].source)
    whole = silence(passage.ms, clips.finish.channels, clips.grid)
    speeches = [(part.start, part.end) for part in passage.parts if isinstance(part.source, Spoken)]
    for part in passage.parts:
        clip = clips.clip(part.source)
        if isinstance(part.source, Breathed) and speeches:
            clip = duck(clip, speeches, part.start)
        # On either grid a millisecond is a whole number of samples, so pydub's position is exact.
        whole = whole.overlay(clip, position=part.start)
    return cap_peaks(whole)
