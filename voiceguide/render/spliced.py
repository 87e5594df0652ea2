"""Timeline → file: new passages are encoded in parallel, and all are spliced between frames of silence."""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial
from hashlib import blake2b
from pathlib import Path

import msgspec

from voiceguide.grid import VOICE
from voiceguide.routine.model import Routine
from voiceguide.score.timeline import Chapter, Timeline
from voiceguide.sound.clips import Clips, Finish
from voiceguide.sound.files.sounds import SoundFiles
from voiceguide.sound.loudness import level
from voiceguide.sound.mix import Passage, find_passages, mix_passage, place_sounds
from voiceguide.sound.narrator import Narrator
from voiceguide.system.files import write_whole
from voiceguide.system.jobs import Progress, cores, run_all
from voiceguide.system.store import Store
from voiceguide.track.encoder import Stream, encode, splice
from voiceguide.track.frames import Encoding
from voiceguide.track.tags import TagChapter, TrackTags
from voiceguide.views.captions import FindStarts, write_lrc
from voiceguide.views.chapters import tile_chapters

# The lowest bit rate whose frames can hold the whole header. It gives as many bits per sample as 128 kbit/s at 48 kHz,
# where LAME's quality 7 is closer to the original than 5, takes half the time, and causes less pre-echo.
SPEECH = Encoding(channels=1, bitrate=64, quality=7, grid=VOICE)
# Two channels, or continuous sound, need more bits.
STEREO = Encoding(channels=2, bitrate=128)
WITH_BED = Encoding(channels=1, bitrate=128)
GENRE = "Speech"
ARTIST = "voiceguide"
TAG_FORMAT = 2  # increase it when `track/id3` writes other bytes for the same tags

HELD = 16_000_000  # bytes of encoded passages cached in memory: half an hour of distinct speech


def write(
    routine: Routine,
    timeline: Timeline,
    path: Path,
    narrator: Narrator,
    files: SoundFiles,
    store: Store,
    progress: Progress | None = None,
    *,
    stereo: bool = False,
) -> None:
    """Write the session's file, completely or not at all.

    Raises OutputError if the file can't be written, SoundError for a bed that can't be used.
    """
    sounds = place_sounds(timeline, narrator.grid)
    measured = Clips(narrator, files, store, Finish(stereo=stereo))
    tag = _write_tag(_tags(routine, timeline, narrator.sentences), store)
    if routine.bed is not None:
        from voiceguide.render.with_bed import write_with_bed

        encoding = STEREO if stereo else WITH_BED
        write_with_bed(routine, timeline, path, tag, sounds, measured, encoding, store, progress)
        return
    encoding = STEREO if stereo else SPEECH
    if narrator.grid != encoding.grid:
        raise ValueError(f"the clips have {narrator.grid.rate} Hz, but the track has {encoding.grid.rate} Hz")
    session = [block for each in sounds for block in measured.measure_blocks(each.source, each.end - each.start)]
    clips = measured.with_gain(level.find_gain(level.integrate(session)))
    streams = _Streams(clips, encoding, store)
    with write_whole(path) as file:
        splice(
            streams.of(find_passages(sounds, narrator.grid), progress), timeline.duration_ms, encoding, file, id3=tag
        )


class _Streams:
    """Encodes passages, each distinct one only once."""

    def __init__(self, clips: Clips, encoding: Encoding, store: Store) -> None:
        self._clips = clips
        self._encoding = encoding
        self._store = store
        # A memory cache for repeated passages; those that don't fit are read from the store each time.
        self._held: dict[str, Stream] = {}
        self._room = HELD

    def of(self, parts: list[Passage], progress: Progress | None) -> Iterator[tuple[int, Stream]]:
        """The frame and stream of each passage, in order; missing streams are encoded on all cores."""
        keys = [f"{self._encoding.key}\0{part.key(self._clips)}" for part in parts]
        wanted = dict(zip(keys, parts, strict=True))
        missing = {key: part for key, part in wanted.items() if self._load(key) is None}
        if missing:
            self._encode_all(missing, progress)
        for key, part in zip(keys, parts, strict=True):
            yield part.frame, self._held.get(key) or self._load(key) or self._encode(key, part)

    def _encode_all(self, missing: dict[str, Passage], progress: Progress | None) -> None:
        # Imported before the threads start: threads that import the same libraries wait for each other.
        from voiceguide.sound import segments  # noqa: F401

        run_all(
            lambda each: self._encode(*each),
            missing.items(),
            workers=cores(),
            step=partial(progress, "Encoding") if progress else None,
        )

    def _encode(self, key: str, part: Passage) -> Stream:
        stream = encode([mix_passage(part, self._clips).raw_data], self._encoding)
        self._store.put(key, stream.crc.to_bytes(2, "big") + stream.frames)
        return self._hold(key, stream)

    def _load(self, key: str) -> Stream | None:
        data = self._store.get(key)
        return None if data is None else self._hold(key, Stream(data[2:], int.from_bytes(data[:2], "big")))

    def _hold(self, key: str, stream: Stream) -> Stream:
        if key not in self._held and len(stream.frames) <= self._room:
            self._room -= len(stream.frames)
            self._held[key] = stream
        return stream


def _write_tag(tags: TrackTags, store: Store) -> bytes:
    """The ID3 tag; stored, because importing mutagen takes longer than reading the tag from the store."""
    key = f"id3\0{TAG_FORMAT}\0{blake2b(msgspec.json.encode(tags), digest_size=20).hexdigest()}"
    tag = store.get(key)
    if tag is None:
        from voiceguide.track.id3 import write_id3

        tag = write_id3(tags)
        store.put(key, tag)
    return tag


def _tags(routine: Routine, timeline: Timeline, find_starts: FindStarts) -> TrackTags:
    comment = (routine.about, routine.source and f"From: {routine.source}", routine.notice)
    return TrackTags(
        title=timeline.title,
        artist=routine.author or ARTIST,
        album=ARTIST,
        genre=GENRE,
        comment=" ".join(filter(None, comment)),
        length_ms=timeline.duration_ms,
        encoder=ARTIST,
        language=routine.language,
        chapters=tuple(map(_tag_chapter, tile_chapters(timeline))),
        lyrics=write_lrc(timeline, find_starts),
    )


def _tag_chapter(chapter: Chapter) -> TagChapter:
    return TagChapter(chapter.title, chapter.start_ms, chapter.end_ms, tuple(map(_tag_chapter, chapter.parts)))
