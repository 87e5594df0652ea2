"""Mixes a session with a bed: clips over an endless bed that ducks under speech, as a stream of blocks.

The stream can start at any block. Memory doesn't grow with the session: the bed is streamed, and clips are loaded when
they begin and released when they end.
"""

from __future__ import annotations

import itertools
from collections.abc import Iterable, Iterator, Sequence
from hashlib import blake2b

import numpy as np
from msgspec import Struct

from voiceguide.grid import FRAME_SAMPLES, SAMPLES_PER_MS
from voiceguide.score.timeline import Timeline, WindowEvent
from voiceguide.sound.arrays import Doubles, Floats
from voiceguide.sound.beds.envelope import Envelope, make_envelope
from voiceguide.sound.beds.generated import BedLoop
from voiceguide.sound.clips import Clips, Spoken
from voiceguide.sound.loudness.level import BLOCK_MS, ENCODER_LOSS, TARGET, WHOLE_BLOCK_MS
from voiceguide.sound.loudness.limiter import limit
from voiceguide.sound.loudness.meter import integrate
from voiceguide.sound.mix import Passage, PlacedClip, mix_passage
from voiceguide.sound.segments import samples
from voiceguide.sound.speech import CEILING
from voiceguide.sound.versions import PROCESSING

BLOCK_FRAMES = 56
BLOCK = BLOCK_FRAMES * FRAME_SAMPLES  # whole frames and whole milliseconds, so that the limiter's grid continues
# The limiter's reduction decays to a thousandth within LOOK_BACK, and begins less than LOOK_AHEAD before a peak.
LOOK_BACK, LOOK_AHEAD = 420 * SAMPLES_PER_MS, 10 * SAMPLES_PER_MS
NEAR = 10 ** ((CEILING - 4.0) / 20)  # next to samples below this no true peak exceeds the ceiling

# The breath bed never falls below this share of its swell, and returns to it before an interruption.
BREATH_FLOOR = 0.22
BREATH_RETURN_MS = 1_000


def breath_envelope(timeline: Timeline, cycle: Sequence[tuple[str, int]]) -> Envelope:
    """The swell of the breath bed: follows the session's guided breaths, and repeats `cycle` between them."""
    points: list[tuple[float, float]] = [(0.0, BREATH_FLOOR)]
    at = 0
    for event in timeline.events:
        if isinstance(event, WindowEvent) and event.phases:
            points += _breathe_freely(at, event.start_ms, cycle)
            for phase in event.phases:
                points += _swell(phase.kind, phase.start_ms, phase.end_ms)
            at = max(at, event.phases[-1].end_ms)
    points += _breathe_freely(at, timeline.duration_ms, cycle)
    return make_envelope(points)


def _breathe_freely(start: int, end: int, cycle: Sequence[tuple[str, int]]) -> Iterator[tuple[float, float]]:
    """Breaths in the routine's own pattern, back at rest before the next guided one begins."""
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


def measure_session(
    bed: BedLoop,
    below: int,
    envelopes: Sequence[Envelope],
    sounds: Sequence[PlacedClip],
    clips: Clips,
    duration: int,
) -> tuple[float, float]:
    """The loudness in LUFS of the voice and of the whole session, over a bed `below` the target, in mono and ungained.

    The voice is measured alone: in a long silence a meter's average falls to the bed's level, and normalising that
    would make the voice far too loud. Where nobody speaks, the other sounds are measured in its place.
    """
    every = _add_energies(sounds, clips, duration)
    speech = [each for each in sounds if isinstance(each.source, Spoken)]
    voice = _add_energies(speech, clips, duration) if speech else every
    # Bed and clips are uncorrelated, so their energies add in each of the meter's blocks.
    lying = _bed_energies(bed, envelopes, len(every)) * 10 ** ((TARGET + ENCODER_LOSS - below) / 10)
    return integrate(voice) - ENCODER_LOSS, integrate(every + lying) - ENCODER_LOSS


def _add_energies(sounds: Iterable[PlacedClip], clips: Clips, duration: int) -> Doubles:
    """The meter's block energies over all clips; 36,000 per hour."""
    count = max(1, (duration - WHOLE_BLOCK_MS) // BLOCK_MS + 1)
    energies = np.zeros(count)
    for sound in sounds:
        first = round((sound.start - WHOLE_BLOCK_MS) / BLOCK_MS)
        kept = clips.measure_energies(sound.source)[max(0, -first) :][: max(0, count - max(0, first))]
        energies[max(0, first) : max(0, first) + len(kept)] += kept
    return energies


def _bed_energies(bed: BedLoop, envelopes: Sequence[Envelope], count: int) -> Doubles:
    """The meter's block energies over a bed of 0 LUFS with its envelopes applied."""
    # The envelopes' mean square over each block, sampled every 50 ms.
    middles = np.arange(count * 2 + 2 * WHOLE_BLOCK_MS // BLOCK_MS) * BLOCK_MS / 2 + BLOCK_MS / 4
    power = np.ones(len(middles))
    for each in envelopes:
        power *= np.square(each.at(middles))
    power = np.lib.stride_tricks.sliding_window_view(power, 2 * WHOLE_BLOCK_MS // BLOCK_MS)[::2].mean(axis=1)
    return np.asarray(np.resize(bed.energies, count) * power[:count] * 10 ** (-bed.loudness / 10))


class Mix(Struct, frozen=True):
    """A session's passages over its bed at `level` LUFS, as a stream of blocks that can start at any block.

    Each block is the same wherever the stream starts, so the parts of a session can be made independently.
    """

    bed: BedLoop
    level: float
    envelopes: Sequence[Envelope]
    passages: Sequence[Passage]
    clips: Clips
    duration: int

    @property
    def samples(self) -> int:
        """The session's length in samples per channel."""
        return self.duration * SAMPLES_PER_MS

    @property
    def count(self) -> int:
        """The number of blocks."""
        return -(-self.samples // BLOCK)

    def blocks(self, first: int = 0) -> Iterator[bytes]:
        """The blocks from `first` on as 16-bit samples."""
        # The limiter needs the block before as context.
        before = min(first, 1)
        for block in itertools.islice(limit_blocks(self._sum_blocks(first - before)), before, None):
            np.clip(block, -1.0, 1.0, out=block)
            block *= np.float32(32767)
            np.rint(block, out=block)
            yield block.astype("<i2").tobytes()

    def key(self, first: int, end: int) -> str:
        """Everything that blocks `first` to before `end` depend on, including the limiter's context on both sides."""
        begun, ended = max(0, first - 1), min(self.count, end + 1)
        start, stop = begun * BLOCK, min(self.samples, ended * BLOCK)
        parts: list[object] = [
            *("under", PROCESSING, self.bed.key, self.bed.place(start), self.level, self.clips.finish.channels),
            *(first - begun, end - begun, stop - start),
        ]
        parts += [each.stretch(start // SAMPLES_PER_MS, -(-stop // SAMPLES_PER_MS)) for each in self.envelopes]
        parts += [
            f"{each.frame - begun * BLOCK_FRAMES}\0{each.key(self.clips)}"
            for each in _passages_from(self.passages, start)
            if each.frame * FRAME_SAMPLES < stop
        ]
        return f"under\0{blake2b(repr(parts).encode(), digest_size=20).hexdigest()}"

    def _sum_blocks(self, first: int) -> Iterator[Floats]:
        """The sum of bed and passages as blocks (n, channels), with full scale at 1.0."""
        channels = self.clips.finish.channels
        factor = np.float32(10 ** ((self.level - self.bed.loudness) / 20))
        source = self.bed.blocks(first * BLOCK)
        rest = next(source)
        waiting = _passages_from(self.passages, first * BLOCK)[::-1]
        sounding: list[tuple[int, Floats]] = []
        for start in range(first * BLOCK, self.samples, BLOCK):
            length = min(BLOCK, self.samples - start)
            block: Floats = np.empty((length, channels), np.float32)
            have = 0
            while have < length:
                part = rest[: length - have]
                np.multiply(part, factor, out=block[have : have + len(part)])
                have += len(part)
                rest = rest[len(part) :]
                if not len(rest):
                    rest = next(source)
            for each in self.envelopes:
                each.apply(block, start)
            while waiting and waiting[-1].frame * FRAME_SAMPLES < start + length:
                passage = waiting.pop()
                sound = samples(mix_passage(passage, self.clips)).astype(np.float32).reshape(-1, channels)
                sound *= np.float32(1 / 32768)
                sounding.append((passage.frame * FRAME_SAMPLES, sound))
            for begun, clip in sounding:
                first_sample, last = max(begun, start), min(begun + len(clip), start + length)
                block[first_sample - start : last - start] += clip[first_sample - begun : last - begun]
            sounding = [(begun, clip) for begun, clip in sounding if begun + len(clip) > start + length]
            yield block


def _passages_from(passages: Sequence[Passage], start: int) -> list[Passage]:
    """The passages that end after sample `start`."""
    return [each for each in passages if each.frame * FRAME_SAMPLES + each.ms * SAMPLES_PER_MS > start]


def limit_blocks(blocks: Iterable[Floats]) -> Iterator[Floats]:
    """The same blocks, delayed by one, with their true peaks below the ceiling.

    The limiter sees the end of the block before, because it may still be recovering from it, and the beginning of the
    block after, so that its gain is continuous across the seam. Blocks far below the ceiling skip the limiter.
    """
    before: Floats | None = None
    block: Floats | None = None
    was_near = near = False
    for after in itertools.chain(blocks, (None,)):
        will_be_near = after is not None and float(max(after.max(), -after.min())) > NEAR
        if block is not None:
            context = block[:0] if before is None else before
            before = block[-LOOK_BACK:].copy()
            if was_near or near or will_be_near:
                ahead = block[:0] if after is None else after[:LOOK_AHEAD]
                whole = np.concatenate((context, block, ahead))
                kept = slice(len(context), len(context) + len(block))
                for channel in range(block.shape[1]):
                    block[:, channel] = limit(np.ascontiguousarray(whole[:, channel]), CEILING)[kept]
            yield block
        was_near, near, block = near, will_be_near, after
