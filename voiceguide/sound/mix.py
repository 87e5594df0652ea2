"""Timeline + clips → passages: stretches of sound with silence around them, each on the MP3's own grid.

A passage is everything that sounds with too little silence between to part it. It is rounded onto the 24 ms grid of
frames once, from its absolute time, so that the same words give the same passage wherever they stand in a session, and
nothing adds up. Inside a passage every clip keeps its exact millisecond.
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
    """Sound that begins on frame `frame` and lasts `ms`; `parts` are placed from the passage's own start."""

    frame: int
    ms: int
    parts: tuple[PlacedClip, ...]

    def key(self, clips: Clips) -> str:
        """All that the passage's samples depend on: the same at every place of every session."""
        parts = "\1".join(f"{part.start}\0{clips.key(part.source)}" for part in self.parts)
        return f"passage\0{hashlib.blake2b(parts.encode(), digest_size=20).hexdigest()}"


def place_sounds(timeline: Timeline, grid: Grid = FULL) -> list[PlacedClip]:
    """Everything that sounds in a session, in order of start."""
    found: list[PlacedClip] = []
    for event in timeline.events:
        if isinstance(event, SpeechEvent):
            found.append(PlacedClip(event.start_ms, event.end_ms, Spoken(event.spoken, event.pan)))
        elif isinstance(event, ChimeEvent):
            found.append(PlacedClip(event.start_ms, event.end_ms, Played(event.sound, event.pan)))
        elif isinstance(event, WindowEvent) and event.pattern is not None:
            source = Breathed(event.pattern)
            starts = (phase.start_ms for phase in event.phases if phase.toned and phase.kind == "in")
            found += (PlacedClip(start, start + breath_ms(event.pattern, grid), source) for start in starts)
    # The tones of a window's breath come with it, before what else sounds inside.
    return sorted(found, key=lambda each: each.start)


def find_passages(sounds: Iterable[PlacedClip], grid: Grid = FULL) -> list[Passage]:
    """Sounds in order of start → passages in order, none of which touches the next one's frames."""
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
    """A passage's samples: its clips laid over each other."""
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
        # On either grid a whole millisecond is whole samples, so pydub's place is exact.
        whole = whole.overlay(clip, position=part.start)
    return cap_peaks(whole)
