"""Timeline → file, with a bed: one passage as long as the session, mixed and encoded side by side as it is written.

A bed never falls silent, so nothing can be spliced; but no more than a few blocks are ever in memory.
"""

from __future__ import annotations

import queue
import threading
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path

from msgspec.structs import replace

from voiceguide.routine.model import Routine
from voiceguide.score.plan import phases
from voiceguide.score.timeline import Timeline
from voiceguide.sound import level
from voiceguide.sound.bed import opened
from voiceguide.sound.clips import Clips, Spoken
from voiceguide.sound.envelope import Envelope, ducking, fading
from voiceguide.sound.mix import Placed, passages
from voiceguide.sound.under import breathing, depth, mixed
from voiceguide.track.files import written_whole
from voiceguide.track.frames import Encoding
from voiceguide.track.mp3 import Splicer

AHEAD = 4  # blocks that the mixing may run ahead of the encoder
QUALITY = 7  # LAME's: at a bed's bit rate no further from the original than 5, in half the time


def write_with_bed(
    routine: Routine,
    timeline: Timeline,
    path: Path,
    tag: bytes,
    sounds: Sequence[Placed],
    _session: Sequence[tuple[float, float]],
    clips: Clips,
    encoding: Encoding,
) -> tuple[str, ...]:
    """Write a session over the routine's bed; returns the notes to it. Raises SoundError for a bed of no use."""
    bed = routine.bed
    assert bed is not None
    speeches = [(each.start, each.end) for each in sounds if isinstance(each.source, Spoken)]
    envelopes: list[Envelope] = [ducking(speeches, timeline.duration), fading(timeline.duration)]
    if bed.name == "breath" and bed.path is None:
        envelopes.append(breathing(timeline, phases(routine.defaults.pattern)))
    with opened(bed.path or bed.name, encoding.channels) as source, written_whole(path) as file:
        below, found = depth(source, bed.level, envelopes, sounds, clips, timeline.duration)
        gain = max(-level.MOST, min(level.MOST, level.TARGET - found))
        clips = clips.with_gain(gain)
        # In two channels the meter adds up both, and speech stands in both as well.
        lufs = level.TARGET - below + gain + level.ENCODER_LOSS + (3.01 if encoding.channels == 2 else 0.0)
        track = Splicer(file, replace(encoding, quality=QUALITY), id3=tag)
        blocks = mixed(source, lufs, envelopes, passages(sounds), clips, timeline.duration)
        track.encode(0, _ahead(blocks))
        track.finish(timeline.duration)
    if below == bed.level:
        return ()
    return (f"the bed lies {below} dB below the voice instead of {bed.level}: little is said here, and it would drown",)


def _ahead(blocks: Iterable[bytes]) -> Iterator[bytes]:
    """The same blocks, made by a thread of their own while the encoder, which leaves Python free, is at work."""
    waiting: queue.Queue[bytes | BaseException | None] = queue.Queue(AHEAD)
    stop = threading.Event()

    def put(each: bytes | BaseException | None) -> bool:
        while not stop.is_set():
            try:
                waiting.put(each, timeout=0.1)
            except queue.Full:
                continue
            return True
        return False

    def work() -> None:
        try:
            for block in blocks:
                if not put(block):
                    return
        except BaseException as error:  # the encoder's side raises it, where somebody listens
            put(error)
        else:
            put(None)

    thread = threading.Thread(target=work, daemon=True)
    thread.start()
    try:
        while (block := waiting.get()) is not None:
            if isinstance(block, BaseException):
                raise block
            yield block
    finally:
        stop.set()
        thread.join()
