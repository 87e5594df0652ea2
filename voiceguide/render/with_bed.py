"""Timeline → file, with a bed: mixed as a whole, encoded in parts on all cores; stored parts are used again.

A bed never falls silent, so there is no silence to splice at. Instead each part is encoded from some frames before its
first border to some frames after its last one, and `track/seam` finds a frame at which the next part can take over. A
part depends only on the sound in it and near it; if a session's end changes, its beginning is not encoded again.
"""

from __future__ import annotations

import itertools
from collections import deque
from collections.abc import Generator, Iterator, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import closing
from pathlib import Path

from msgspec import Struct
from msgspec.structs import replace

from voiceguide.grid import FRAME_SAMPLES
from voiceguide.routine.model import Routine
from voiceguide.score.items import list_phases
from voiceguide.score.timeline import Timeline
from voiceguide.sound.beds.envelope import Envelope, duck_envelope, fade_envelope
from voiceguide.sound.beds.generated import open_bed
from voiceguide.sound.beds.under import BLOCK_FRAMES, Mix, breath_envelope, measure_session
from voiceguide.sound.clips import Clips, Spoken
from voiceguide.sound.loudness import level
from voiceguide.sound.mix import PlacedClip, find_passages
from voiceguide.system.files import write_whole
from voiceguide.system.jobs import Progress, cores
from voiceguide.system.store import Store
from voiceguide.track.encoder import Splicer, Stream, encode, make_stream
from voiceguide.track.frames import Encoding
from voiceguide.track.seam import find_splice_frame, splice_at

QUALITY = 7  # LAME's: at a bed's bit rate as close to the original as 5, in half the time

PART = 24  # blocks, half a minute: a sixteenth of it, around the borders, is encoded twice
# A part is encoded from PRE_ROLL frames before its start to POST_ROLL frames after its end. The seam is searched after
# the first SETTLED frames of the later part (LAME has then reached its steady state) and before the last UNSURE frames
# of the earlier one (affected by its end). Of 575 seams in five sessions half were found at the first frame, 19 of 20
# within 21 frames, and the last after 53.
PRE_ROLL = BLOCK_FRAMES // 2
POST_ROLL = BLOCK_FRAMES
SETTLED, UNSURE = 16, 4
SHARE = 0.5  # of the store that one session's parts may use: four hours


def write_with_bed(
    routine: Routine,
    timeline: Timeline,
    path: Path,
    tag: bytes,
    sounds: Sequence[PlacedClip],
    clips: Clips,
    encoding: Encoding,
    store: Store,
    progress: Progress | None = None,
) -> None:
    """Write a session over the routine's bed, which lies at its level below the voice's target, however little is said.

    Raises SoundError for a bed that can't be used, OutputError if the file can't be written.
    """
    bed = routine.bed
    assert bed is not None
    encoding = replace(encoding, quality=QUALITY)
    speeches = [(each.start, each.end) for each in sounds if isinstance(each.source, Spoken)]
    envelopes: list[Envelope] = [duck_envelope(speeches, timeline.duration_ms), fade_envelope(timeline.duration_ms)]
    if bed.name == "breath" and bed.path is None:
        envelopes.append(breath_envelope(timeline, list_phases(routine.defaults.pattern)))
    # Only music needs a decoder.
    decoder = clips.files.decoder if bed.path else None
    with open_bed(bed.path or bed.name, encoding.channels, decoder) as source, write_whole(path) as file:
        loudness = measure_session(source, bed.level, envelopes, sounds, clips, timeline.duration_ms)
        gain = level.find_gain_with_bed(*loudness)
        # With two channels the meter adds both, and speech is in both as well.
        lufs = level.TARGET - bed.level + level.ENCODER_LOSS + (3.01 if encoding.channels == 2 else 0.0)
        mix = Mix(source, lufs, envelopes, find_passages(sounds), clips.with_gain(gain), timeline.duration_ms)
        track = Splicer(file, encoding, id3=tag)
        with closing(Parts(mix, encoding, store).join(progress)) as joined:
            for frame, piece in joined:
                track.place(frame, piece)
        track.finish(timeline.duration_ms)


def split_blocks(count: int) -> list[tuple[int, int]]:
    """Divide `count` blocks into parts (first, end). A rest of less than half a part is added to the last one."""
    borders = list(range(PART, count - PART // 2 + 1, PART))
    return list(itertools.pairwise([0, *borders, count]))


class _Part(Struct, frozen=True):
    """Blocks `first` to before `end` of a session, and their encoded frames."""

    first: int
    end: int
    frames: bytes

    @property
    def begun(self) -> int:
        """The index in the session of the part's first frame."""
        return max(0, self.first * BLOCK_FRAMES - PRE_ROLL)


class Parts:
    """A session in parts: each is encoded unless it is stored, and joined to the next at a seam."""

    def __init__(self, mix: Mix, encoding: Encoding, store: Store) -> None:
        self.mix = mix
        self.encoding = encoding
        self._store = store

    def join(self, progress: Progress | None = None) -> Generator[tuple[int, Stream]]:
        """The whole session's frames, in consecutive pieces, each with the index of its first frame."""
        size = self.encoding.frame_bytes
        taken, earlier = 0, None
        for later in self._encode_all(progress):
            if earlier is not None:
                ahead = later.begun - earlier.begun
                until = earlier.end * BLOCK_FRAMES + POST_ROLL - UNSURE - earlier.begun
                n = find_splice_frame(earlier.frames, later.frames, ahead, ahead + SETTLED, until, self.encoding)
                if n is None:
                    later = self._encode_together(earlier, later)
                else:
                    piece = splice_at(earlier.frames, later.frames, ahead, n, self.encoding)
                    yield taken, make_stream(piece[(taken - earlier.begun) * size :])
                    taken = earlier.begun + n
            earlier = later
        if earlier is not None:
            yield taken, make_stream(earlier.frames[(taken - earlier.begun) * size :])

    def _encode_all(self, progress: Progress | None) -> Generator[_Part]:
        """All parts in order; missing ones are encoded on all cores while this thread mixes the next ones."""
        many = cores()
        parts = split_blocks(self.mix.count)
        mixing = _Mixer(self.mix)
        waiting: deque[tuple[int, int, bytes | Future[bytes]]] = deque()

        def first_finished() -> _Part:
            first, end, frames = waiting.popleft()
            part = _Part(first, end, frames if isinstance(frames, bytes) else frames.result())
            if progress:
                progress("Encoding", parts.index((first, end)) + 1, len(parts))
            return part

        with ThreadPoolExecutor(max_workers=many) as threads:
            try:
                for first, end in parts:
                    if len(waiting) > many:
                        yield first_finished()
                    key = self._key(first, end)
                    frames: bytes | Future[bytes] | None = self._store.get(key)
                    if frames is None:
                        frames = threads.submit(self._encode, key, end, mixing.mix_part(first, end))
                    waiting.append((first, end, frames))
                while waiting:
                    yield first_finished()
            except BaseException:
                threads.shutdown(wait=False, cancel_futures=True)
                raise

    def _encode_together(self, earlier: _Part, later: _Part) -> _Part:
        """Encode two parts as one, if no seam can be found between them."""
        first, end = earlier.first, later.end
        key = self._key(first, end)
        frames = self._store.get(key) or self._encode(key, end, _Mixer(self.mix).mix_part(first, end))
        return _Part(first, end, frames)

    def _key(self, first: int, end: int) -> str:
        return f"{self.encoding.key}\0{PRE_ROLL}\0{self.mix.key(*_with_neighbours(first, end, self.mix.count))}"

    def _encode(self, key: str, end: int, sound: list[bytes]) -> bytes:
        frames = encode(_drain(sound), self.encoding).frames
        # A session that exceeds its share of the store would evict its own beginning, and everything else.
        if self._store.lasting and end * BLOCK_FRAMES * self.encoding.frame_bytes <= SHARE * self._store.limit:
            self._store.put(key, frames)
        return frames


def _drain(blocks: list[bytes]) -> Iterator[bytes]:
    """Yield blocks and release each one, so that the next part can use the memory while this one is encoded."""
    blocks.reverse()
    while blocks:
        yield blocks.pop()


class _Mixer:
    """Mixes one part after the other. Blocks that two parts share are mixed once, unneeded ones never."""

    def __init__(self, mix: Mix) -> None:
        self._mix = mix
        self._next = 0
        self._blocks = mix.blocks()
        self._last: list[bytes] = []  # blocks before the next one, as many as two parts can share

    def mix_part(self, first: int, end: int) -> list[bytes]:
        """The samples from which the part of these blocks is encoded."""
        begin, stop = _with_neighbours(first, end, self._mix.count)
        if not self._next - len(self._last) <= begin <= self._next:
            self._next, self._blocks, self._last = begin, self._mix.blocks(begin), []
        found = self._last[len(self._last) - (self._next - begin) :]
        found += itertools.islice(self._blocks, stop - self._next)
        self._next, self._last = stop, found[-2:]
        if begin == first:
            return found
        left_out = (BLOCK_FRAMES - PRE_ROLL) * FRAME_SAMPLES * 2 * self._mix.clips.finish.channels
        return [found[0][left_out:], *found[1:]]


def _with_neighbours(first: int, end: int, count: int) -> tuple[int, int]:
    """The range of blocks, of `count` in all, from which the part `first` to before `end` is encoded."""
    return max(0, first - 1), min(count, end + 1)
