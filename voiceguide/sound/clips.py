"""Everything audible in a session, as clips: speech, sound files, breath tones.

A clip's `key` and, once it was made before, its loudness (`measure_blocks`) are available without making it.
"""

from __future__ import annotations

import functools
from pathlib import Path
from typing import TYPE_CHECKING

import msgspec
from msgspec import Struct
from msgspec.structs import replace

from voiceguide.grid import FRAME_MS, FULL, Grid
from voiceguide.score.timeline import Pan
from voiceguide.sound.files.sounds import SoundFiles
from voiceguide.sound.loudness import level
from voiceguide.sound.narrator import Narrator
from voiceguide.sound.versions import PROCESSING
from voiceguide.system.store import Store
from voiceguide.times import Pattern

if TYPE_CHECKING:
    from voiceguide.sound.arrays import Doubles
    from voiceguide.sound.segments import AudioSegment


class Spoken(Struct, frozen=True):
    """A text as the voice receives it; `pan` is set if all of it is panned to one side."""

    text: str
    pan: Pan | None = None


class Played(Struct, frozen=True):
    """A sound file; `pan` is set if it is panned to one side."""

    path: Path
    pan: Pan | None = None


class Breathed(Struct, frozen=True):
    """The tone of one complete breath."""

    pattern: Pattern


Source = Spoken | Played | Breathed


def breath_ms(pattern: Pattern, grid: Grid = FULL) -> int:
    """The length of a breath's tone in ms.

    A short pause without tone precedes the next breath, where the out-breath is inaudible anyway. It keeps the MP3
    frames of one breath separate from those of the next, however both are rounded, so that a hundred equal breaths are
    encoded once.
    """
    rest = max(0, (2 + grid.flush_frames) * FRAME_MS - pattern.hold_out)
    return pattern.breathe_in + pattern.hold_in + pattern.breathe_out - rest


class Finish(Struct, frozen=True):
    """The processing of every clip of a session: a gain in dB, and whether there are two channels to pan in."""

    gain: float = 0.0
    stereo: bool = False

    @property
    def channels(self) -> int:
        return 2 if self.stereo else 1


class Clips:
    """Clips by source, finished for one session. `files` are its sound files, bundled ones and the user's."""

    def __init__(self, narrator: Narrator, files: SoundFiles, store: Store, finish: Finish) -> None:
        self._narrator = narrator
        self.files = files
        self._store = store
        self.finish = finish
        self.grid = narrator.grid
        self._chimes: dict[Path, AudioSegment] = {}
        self._blocks: dict[Source, level.Blocks] = {}
        self._energies: dict[Source, Doubles] = {}

    def with_gain(self, gain: float) -> Clips:
        """The same clips with `gain` dB applied to all of them."""
        return Clips(self._narrator, self.files, self._store, replace(self.finish, gain=gain))

    def key(self, source: Source) -> str:
        """Everything that a finished clip depends on, as text."""
        finish = f"{self.finish.gain:g}\0stereo" if self.finish.stereo else f"{self.finish.gain:g}"
        pan = "" if isinstance(source, Breathed) or not self.finish.stereo else source.pan or ""
        return f"{self._raw_key(source)}\0{finish}\0{pan}"

    def clip(self, source: Source) -> AudioSegment:
        """The finished clip of a source. Raises VoiceError or SoundError if it can't be made."""
        raw = self._make_raw(source)
        if self.finish == Finish():
            return raw
        from voiceguide.sound.stereo import finish_clip

        pan = None if isinstance(source, Breathed) else source.pan
        side_words = self._narrator.side_words(source.text) if isinstance(source, Spoken) and self.finish.stereo else ()
        pitched = isinstance(source, Played)
        return finish_clip(
            raw, self.finish.gain, stereo=self.finish.stereo, pan=pan, side_words=side_words, pitched=pitched
        )

    def measure_blocks(self, source: Source, ms: int) -> level.Blocks:
        """The loudness blocks of a clip of `ms`, before any gain: the session's loudness is computed from them."""
        if isinstance(source, Spoken):
            return level.estimate_blocks(ms, level.TARGET)
        if source not in self._blocks:
            # A session has few sounds and plays them often.
            self._blocks[source] = self._load_blocks(source)
        return self._blocks[source]

    def measure_energies(self, source: Source) -> Doubles:
        """The meter's block energies over a clip before any gain, one per 100 ms; the first block ends at its start."""
        if source not in self._energies:
            import numpy as np

            key = f"energies\0{self._raw_key(source)}"
            if (kept := self._store.get(key)) is None:
                kept = self._meter(source).astype("<f8").tobytes()
                self._store.put(key, kept)
            self._energies[source] = np.frombuffer(kept, "<f8")
        return self._energies[source]

    def _meter(self, source: Source) -> Doubles:
        from voiceguide.sound.loudness.meter import Meter
        from voiceguide.sound.segments import samples

        meter = Meter(self.grid.rate)
        meter.add_silence(level.WHOLE_BLOCK_MS * self.grid.samples_per_ms)
        meter.add(samples(self._make_raw(source)))
        meter.add_silence(level.WHOLE_BLOCK_MS * self.grid.samples_per_ms)
        return meter.energies

    def _load_blocks(self, source: Source) -> level.Blocks:
        key = f"blocks\0{self._raw_key(source)}"
        if (kept := self._store.get(key)) is None:
            from voiceguide.sound.loudness.meter import measure_blocks
            from voiceguide.sound.segments import samples

            kept = msgspec.json.encode(measure_blocks(samples(self._make_raw(source)), self.grid.rate))
            self._store.put(key, kept)
        blocks = msgspec.json.decode(kept, type=list[tuple[float, int]])
        return [(loudness - level.ENCODER_LOSS, count) for loudness, count in blocks]

    def _raw_key(self, source: Source) -> str:
        if isinstance(source, Spoken):
            return self._narrator.key(source.text)
        if isinstance(source, Played):
            return f"{self.files.key(source.path)}\0{self.grid.rate}"
        return f"breath\0{PROCESSING}\0{self.grid.rate}\0{breath_ms(source.pattern, self.grid)}\0{source.pattern}"

    def _make_raw(self, source: Source) -> AudioSegment:
        if isinstance(source, Spoken):
            return self._narrator.clip(source.text)
        if isinstance(source, Played):
            return self._chime(source.path)
        return _make_breath(source.pattern, self.grid)

    def _chime(self, path: Path) -> AudioSegment:
        """A sound file's clip on the session's grid; cached, because a session has few of them and plays them often."""
        if path not in self._chimes:
            from voiceguide.sound.speech import change_grid

            self._chimes[path] = change_grid(self.files.clip(path), self.grid)
        return self._chimes[path]


@functools.lru_cache(maxsize=8)
def _make_breath(pattern: Pattern, grid: Grid) -> AudioSegment:
    from voiceguide.sound.breath import make_tone

    return make_tone(pattern, breath_ms(pattern, grid), grid)
