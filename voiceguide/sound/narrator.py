"""Texts in, clips of speech out: the voice, its dressing, and the store that remembers both.

How long a text takes is asked far more often than what it sounds like, so lengths are kept by themselves: a plan whose
texts were spoken before needs no voice, no samples and none of the libraries that handle them.
"""

from __future__ import annotations

import json
import math
from collections.abc import Callable, Iterable
from typing import TYPE_CHECKING, Any, Literal, NamedTuple

from voiceguide import voices
from voiceguide.errors import VoiceError
from voiceguide.grid import FULL, Grid
from voiceguide.jobs import Step, cores, run_all
from voiceguide.sound.loudness.level import EDGE_LOSS, ENCODER_LOSS, TARGET
from voiceguide.sound.versions import PROCESSING
from voiceguide.store import Store
from voiceguide.voices.base import VoiceSettings

if TYPE_CHECKING:
    from voiceguide.sound.segments import AudioSegment
    from voiceguide.voices.pool import VoicePool


SideWord = tuple[int, int, Literal["left", "right"]]
SIDES: dict[str, Literal["left", "right"]] = {"left": "left", "right": "right"}


class _Told(NamedTuple):
    """What is asked of a text more often than its sound: how long it is, and where it names a side."""

    ms: int
    side_words: tuple[SideWord, ...]


SPEECH_LUFS = TARGET + ENCODER_LOSS + EDGE_LOSS


class Narrator:
    """Says texts with one voice, each only once.

    `open_voice` is for tests that bring a voice of their own, with an `identity` that tells its sound from others.
    Close it, or use it as a context: a warm voice process hangs on it.
    """

    def __init__(
        self,
        settings: VoiceSettings,
        store: Store,
        grid: Grid = FULL,
        *,
        open_voice: Callable[[VoiceSettings], Any] | None = None,
        identity: str | None = None,
    ) -> None:
        self._settings = settings
        self._store = store
        self.grid = grid
        self._open = open_voice or voices.open_voice
        self._identity = identity or voices.identity(settings)
        self._voice: VoicePool | None = None
        # Held here too: a store that can't keep anything must not change what is heard.
        self._told: dict[str, _Told] = {}

    def __enter__(self) -> Narrator:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def close(self) -> None:
        """End the voice's processes, if any were started."""
        if self._voice is not None:
            self._voice.close()
            self._voice = None

    def key(self, spoken: str) -> str:
        """All that the sound of a text depends on."""
        return f"speech\0{PROCESSING}\0{self.grid.rate}\0{self._identity}\0{spoken}"

    def _told_key(self, spoken: str) -> str:
        # How long a text takes is the same at every rate.
        return f"times\0{PROCESSING}\0{self._identity}\0{spoken}"

    def lengths(self, texts: Iterable[str], progress: Step | None = None) -> dict[str, int]:
        """Milliseconds of each text, speaking those that never were. Raises VoiceError with the text it failed at."""
        wanted = list(dict.fromkeys(texts))
        for text in wanted:
            if text not in self._told and (kept := self._store.get(self._told_key(text))):
                self._told[text] = _read(kept)
        missing = [text for text in wanted if text not in self._told]
        if missing:
            self._speak_all(missing, progress)
        return {text: self._told[text].ms for text in wanted}

    def side_words(self, spoken: str) -> tuple[SideWord, ...]:
        """Where in its clip a text names a side, as (from ms, to ms, side); nothing where the voice can't tell."""
        self.lengths([spoken])
        return self._told[spoken].side_words

    def clip(self, spoken: str) -> AudioSegment:
        """A text's clip, from the store or spoken again."""
        from voiceguide.sound.segments import from_bytes

        kept = self._store.get(self.key(spoken))
        return from_bytes(kept, grid=self.grid) if kept is not None else self._speak(spoken)

    def _speak_all(self, texts: list[str], progress: Step | None) -> None:
        # The voice's processes load their driver while this one loads what dresses their recordings.
        self._start().warm(len(texts))
        # Before the threads start: two of them importing the same libraries at once only wait for each other.
        from voiceguide.sound import speech  # noqa: F401

        # One more than cores: while a thread conditions what it was given, the voice that spoke it speaks for another.
        run_all(self._speak, texts, workers=cores() + 1, step=progress)

    def _start(self) -> VoicePool:
        if self._voice is None:
            self._voice = self._open(self._settings)
        return self._voice

    def _speak(self, spoken: str) -> AudioSegment:
        from voiceguide.sound.speech import CEILING, condition_with_lead

        recording = self._start().speak(spoken)
        try:
            clip, lead = condition_with_lead(recording, SPEECH_LUFS, CEILING, self.grid)
        except VoiceError as error:
            raise VoiceError(str(error), text=spoken) from None
        if self._settings.volume < 1:
            # Levelling has made every voice equally loud; what was asked for is loudness beside chimes and bed.
            clip = clip.apply_gain(20 * math.log10(self._settings.volume))
        told = _Told(len(clip), tuple(_side_words(spoken, recording.words, lead, len(clip))))
        self._told[spoken] = told
        self._store.put(self.key(spoken), bytes(clip.raw_data))
        self._store.put(self._told_key(spoken), json.dumps(told._asdict()).encode())
        return clip


def _read(kept: bytes) -> _Told:
    told = json.loads(kept)
    return _Told(told["ms"], tuple((start, end, side) for start, end, side in told["side_words"]))


def _side_words(spoken: str, words: tuple[tuple[int, int, int], ...], lead: float, length: int) -> list[SideWord]:
    """The words that name a side, on the clip's clock: each until the next word begins."""
    found: list[SideWord] = []
    ends = [ms for ms, _, _ in words[1:]] + [int(lead) + length]
    for (ms, first, count), end in zip(words, ends, strict=False):
        side = SIDES.get(spoken[first : first + count].casefold())
        start = max(0, int(ms - lead))
        if side is not None and start < length:
            found.append((start, min(length, int(end - lead)), side))
    return found
