"""A session with a bed: clips over an endless bed that ducks under speech, as a stream of blocks from any of them on.

Nothing here is longer than a block, however long the session: the bed streams, clips come and go.
"""

from __future__ import annotations

import itertools
import math
from collections.abc import Iterable, Iterator, Sequence
from hashlib import blake2b

import numpy as np
from msgspec import Struct

from voiceguide.grid import FRAME_SAMPLES, SAMPLES_PER_MS
from voiceguide.score.timeline import Timeline, WindowEvent
from voiceguide.sound.arrays import Doubles, Floats
from voiceguide.sound.beds.envelope import Envelope, make_envelope
from voiceguide.sound.beds.generated import BedLoop
from voiceguide.sound.clips import Clips
from voiceguide.sound.loudness.level import BLOCK_MS, ENCODER_LOSS, MAX_BED_DEPTH, TARGET, WHOLE_BLOCK_MS
from voiceguide.sound.loudness.limiter import limit
from voiceguide.sound.loudness.meter import integrate
from voiceguide.sound.mix import Passage, PlacedClip, mix_passage
from voiceguide.sound.segments import samples
from voiceguide.sound.speech import CEILING
from voiceguide.sound.versions import PROCESSING

BLOCK_FRAMES = 56
BLOCK = BLOCK_FRAMES * FRAME_SAMPLES  # whole frames and whole milliseconds, so that the limiter's grid runs on
# The limiter lets go to a thousandth in the one, and begins to act within the other.
LOOK_BACK, LOOK_AHEAD = 420 * SAMPLES_PER_MS, 10 * SAMPLES_PER_MS
NEAR = 10 ** ((CEILING - 4.0) / 20)  # a sample below this has no true peak above the ceiling beside it

DRAG = 0.3  # LU by which a bed may pull a session's loudness down

# The bed that breathes: from this share of its swell, so that it never goes away, and back down before an interruption.
BREATH_FLOOR = 0.22
BREATH_RETURN_MS = 1_000


def breath_envelope(timeline: Timeline, cycle: Sequence[tuple[str, int]]) -> Envelope:
    """The swell of a bed that breathes with the session: with its guided breaths, and evenly by `cycle` between."""
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


def find_bed_level(
    bed: BedLoop,
    wanted: int,
    envelopes: Sequence[Envelope],
    sounds: Iterable[PlacedClip],
    clips: Clips,
    duration: int,
) -> tuple[int, float]:
    """How many LU below the voice the bed lies, and how loud the session then is in LUFS, in mono before any gain.

    As far as `wanted`, or just far enough not to count as the session itself. A meter leaves out what is 10 LU below
    the average; where little is said, the average sinks towards the bed, and with a bed that is not left out any more
    the whole session would have to be turned up until the voice is far too loud.
    """
    said = _add_energies(sounds, clips, duration)
    lying = _bed_energies(bed, envelopes, len(said))
    alone = integrate(said)
    deepest = max(wanted, MAX_BED_DEPTH)
    for below in range(wanted, deepest + 1):
        # Bed and words have nothing to do with each other, so their energies add: block by block of the meter's.
        found = integrate(said + lying * 10 ** ((TARGET + ENCODER_LOSS - below) / 10))
        if not math.isfinite(alone) or found >= alone - DRAG:
            break
    return below, found - ENCODER_LOSS


def _add_energies(sounds: Iterable[PlacedClip], clips: Clips, duration: int) -> Doubles:
    """The energies of the meter's blocks over all clips; an hour is 36,000 of them."""
    count = max(1, (duration - WHOLE_BLOCK_MS) // BLOCK_MS + 1)
    energies = np.zeros(count)
    for sound in sounds:
        first = round((sound.start - WHOLE_BLOCK_MS) / BLOCK_MS)
        kept = clips.measure_energies(sound.source)[max(0, -first) :][: max(0, count - max(0, first))]
        energies[max(0, first) : max(0, first) + len(kept)] += kept
    return energies


def _bed_energies(bed: BedLoop, envelopes: Sequence[Envelope], count: int) -> Doubles:
    """The energies of the meter's blocks over a bed of 0 LUFS under its envelopes."""
    # The envelopes' mean square over each block, looked at every 50 ms.
    middles = np.arange(count * 2 + 2 * WHOLE_BLOCK_MS // BLOCK_MS) * BLOCK_MS / 2 + BLOCK_MS / 4
    power = np.ones(len(middles))
    for each in envelopes:
        power *= np.square(each.at(middles))
    power = np.lib.stride_tricks.sliding_window_view(power, 2 * WHOLE_BLOCK_MS // BLOCK_MS)[::2].mean(axis=1)
    return np.asarray(np.resize(bed.energies, count) * power[:count] * 10 ** (-bed.loudness / 10))


class Mix(Struct, frozen=True):
    """A session's passages over its bed at `level` LUFS, as blocks that can be had from any of them on.

    Each block is the same whichever of them are asked for, so a session's parts can be made one without the other.
    """

    bed: BedLoop
    level: float
    envelopes: Sequence[Envelope]
    passages: Sequence[Passage]
    clips: Clips
    duration: int

    @property
    def samples(self) -> int:
        """The session's length in samples, of each channel."""
        return self.duration * SAMPLES_PER_MS

    @property
    def count(self) -> int:
        """How many blocks there are."""
        return -(-self.samples // BLOCK)

    def blocks(self, first: int = 0) -> Iterator[bytes]:
        """The blocks from `first` on as 16-bit samples."""
        # The limiter wants to know what was before.
        before = min(first, 1)
        for block in itertools.islice(limit_blocks(self._sum_blocks(first - before)), before, None):
            np.clip(block, -1.0, 1.0, out=block)
            block *= np.float32(32767)
            np.rint(block, out=block)
            yield block.astype("<i2").tobytes()

    def key(self, first: int, end: int) -> str:
        """All that the blocks from `first` to before `end` depend on, the limiter's view to both sides included."""
        begun, ended = max(0, first - 1), min(self.count, end + 1)
        start, stop = begun * BLOCK, min(self.samples, ended * BLOCK)
        told = [
            *("under", PROCESSING, self.bed.key, self.bed.place(start), self.level, self.clips.finish.channels),
            *(first - begun, end - begun, stop - start),
        ]
        told += [each.stretch(start // SAMPLES_PER_MS, -(-stop // SAMPLES_PER_MS)) for each in self.envelopes]
        told += [
            f"{each.frame - begun * BLOCK_FRAMES}\0{each.key(self.clips)}"
            for each in _passages_from(self.passages, start)
            if each.frame * FRAME_SAMPLES < stop
        ]
        return f"under\0{blake2b(repr(told).encode(), digest_size=20).hexdigest()}"

    def _sum_blocks(self, first: int) -> Iterator[Floats]:
        """Blocks (n, channels) of bed and passages together, with full scale at 1.0."""
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
    """The passages that still sound at sample `start`, or begin later."""
    return [each for each in passages if each.frame * FRAME_SAMPLES + each.ms * SAMPLES_PER_MS > start]


def limit_blocks(blocks: Iterable[Floats]) -> Iterator[Floats]:
    """The same blocks, a block later, with their true peaks below the ceiling.

    The limiter sees some of the block before, from which it may still be recovering, and the beginning of the one
    after, so that its gain runs through the seam. Where all is quiet it has nothing to do and costs nothing.
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
