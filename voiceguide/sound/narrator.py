"""Texts in, clips of speech out: speaks, conditions and stores.

The length of a text is needed far more often than its sound, so lengths are stored separately: a plan whose texts were
spoken before needs no voice, no samples and none of the libraries that handle them.
"""

from __future__ import annotations

import math
import threading
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager, suppress
from functools import cached_property
from itertools import pairwise
from typing import TYPE_CHECKING, Any, Literal

import msgspec
from msgspec import Struct

from voiceguide import voices
from voiceguide.errors import VoiceError
from voiceguide.grid import FULL, Grid
from voiceguide.sound.loudness.level import EDGE_LOSS, ENCODER_LOSS, TARGET
from voiceguide.sound.versions import PROCESSING
from voiceguide.system.jobs import Step, cores, run_all
from voiceguide.system.store import Store
from voiceguide.voices.answers import least_ms
from voiceguide.voices.base import VoiceSettings
from voiceguide.words import find_side

if TYPE_CHECKING:
    from voiceguide.sound.segments import AudioSegment
    from voiceguide.voices.lexicon import Lexicon
    from voiceguide.voices.pool import VoicePool

SideWord = tuple[int, int, Literal["left", "right"]]
SIDES: dict[str, Literal["left", "right"]] = {"left": "left", "right": "right"}

MAX_TIMES = 10_000
"""Texts whose times a narrator caches in memory, about 5 MB; the times of others are read from the store."""

_BELIEVED = "2"  # increase it when recordings accepted before are rejected now; 2 since fragments are rejected


_TIMED = "3"  # increase it when `Times` has other contents for the same recording; 3 since sides of all languages


class Times(Struct, frozen=True):
    """What is needed more often than a text's sound: its length in ms, where it names a side, where sentences begin.

    `sentences` are in ms from the clip's start; empty without word timings.
    """

    ms: int
    side_words: tuple[SideWord, ...]
    sentences: tuple[int, ...]


SPEECH_LUFS = TARGET + ENCODER_LOSS + EDGE_LOSS


class Narrator:
    """Speaks texts with one voice, each text only once. Thread-safe.

    `open_voice` is for tests that use their own voice, with an `identity` that distinguishes its sound from others.
    Close it, or use it as a context manager: it owns voice processes.
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
        # Everything below is accessed only under this lock; waiters are notified when a text has been spoken.
        self._changed = threading.Condition()
        self._voice: VoicePool | None = None
        self._closed = False
        self._speaking: set[str] = set()
        # Cached in memory too: a store that can't write must not change the result.
        self._times: dict[str, Times] = {}

    def __enter__(self) -> Narrator:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def close(self) -> None:
        """End the voice's processes, if any were started. Texts being spoken for other threads fail."""
        with self._changed:
            self._closed = True
        self._end_voice()

    @cached_property
    def lexicon(self) -> Lexicon | None:
        """How the voice must be given the words that it says wrongly."""
        return voices.find_lexicon(self._settings)

    def key(self, spoken: str) -> str:
        """Everything that the sound of a text depends on."""
        return f"speech\0{PROCESSING}\0{_BELIEVED}\0{self.grid.rate}\0{self._identity}\0{spoken}"

    def _times_key(self, spoken: str) -> str:
        # The length of a text is the same at either rate.
        return f"times\0{PROCESSING}\0{_BELIEVED}\0{_TIMED}\0{self._identity}\0{spoken}"

    def lengths(self, texts: Iterable[str], progress: Step | None = None) -> dict[str, int]:
        """Milliseconds of each text; new texts are spoken. Raises VoiceError with the text that failed."""
        return {text: times.ms for text, times in self._find_times(texts, progress).items()}

    def side_words(self, spoken: str) -> tuple[SideWord, ...]:
        """Where in its clip a text names a side, as (from ms, to ms, side); empty without word timings."""
        return self._find_times([spoken])[spoken].side_words

    def sentences(self, spoken: str) -> tuple[int, ...]:
        """Where in its clip each sentence of a text begins, in ms; empty without word timings."""
        return self._find_times([spoken])[spoken].sentences

    def clip(self, spoken: str) -> AudioSegment:
        """A text's clip, from the store or spoken again."""
        from voiceguide.sound.segments import from_bytes

        if (stored := self._stored_clip(spoken)) is None:
            with self._claimed(spoken):
                # Another thread may have spoken it in the meantime.
                if (stored := self._stored_clip(spoken)) is None:
                    return self._speak(spoken)[0]
        return from_bytes(stored, grid=self.grid)

    def _find_times(self, texts: Iterable[str], progress: Step | None = None) -> dict[str, Times]:
        found: dict[str, Times | None] = {text: self._known_times(text) for text in dict.fromkeys(texts)}
        while missing := [text for text, times in found.items() if times is None]:
            with self._changed:
                ready = {text: self._times[text] for text in missing if text in self._times}
                mine = [text for text in missing if text not in ready and text not in self._speaking]
                self._speaking.update(mine)
                if not ready and not mine:
                    # All remaining texts are being spoken for other threads; if they fail, this thread tries.
                    self._changed.wait()
            found.update(ready)
            if mine:
                found.update(self._speak_all(mine, progress))
        return {text: times for text, times in found.items() if times is not None}

    def _known_times(self, text: str) -> Times | None:
        if times := self._times.get(text):
            return times
        if stored := self._store.get(self._times_key(text)):
            with suppress(msgspec.MsgspecError):
                times = msgspec.json.decode(stored, type=Times)
                if self._can_be(text, times.ms):
                    return self._remember(text, times)
        return None

    def _remember(self, text: str, times: Times) -> Times:
        with self._changed:
            self._times[text] = times
            if len(self._times) > MAX_TIMES:
                del self._times[next(iter(self._times))]
        return times

    def _can_be(self, text: str, ms: int) -> bool:
        """Whether a clip of `ms` is long enough to be the whole text."""
        return ms >= least_ms(text, self._settings.rate)

    def _stored_clip(self, text: str) -> bytes | None:
        stored = self._store.get(self.key(text))
        return (
            stored if stored is not None and self._can_be(text, len(stored) // (2 * self.grid.samples_per_ms)) else None
        )

    def _speak_all(self, texts: list[str], progress: Step | None) -> dict[str, Times]:
        """Speak texts that this thread has claimed, and release them."""
        spoken: dict[str, Times] = {}
        claims = set(texts)

        def speak(text: str) -> None:
            spoken[text] = self._speak(text)[1]
            claims.discard(text)
            self._release([text])

        try:
            # The voice processes load their driver while this process loads the conditioning libraries.
            self._start().warm(len(texts))
            # Imported before the threads start: threads that import the same libraries wait for each other.
            from voiceguide.sound import speech  # noqa: F401

            # One more than cores: while one thread conditions a recording, its voice process speaks for another.
            run_all(speak, texts, workers=cores() + 1, step=progress, abandon=self._end_voice)
        finally:
            self._release(claims)
        return spoken

    @contextmanager
    def _claimed(self, text: str) -> Iterator[None]:
        """Claim a text: no other thread speaks it in the meantime."""
        with self._changed:
            self._changed.wait_for(lambda: text not in self._speaking)
            self._speaking.add(text)
        try:
            yield
        finally:
            self._release([text])

    def _release(self, texts: Iterable[str]) -> None:
        with self._changed:
            self._speaking.difference_update(texts)
            self._changed.notify_all()

    def _start(self) -> VoicePool:
        with self._changed:
            if self._closed:
                raise VoiceError("The voice was closed.")
            if self._voice is None:
                self._voice = self._open(self._settings)
            return self._voice

    def _end_voice(self) -> None:
        with self._changed:
            voice, self._voice = self._voice, None
        if voice is not None:
            voice.close()

    def _speak(self, spoken: str) -> tuple[AudioSegment, Times]:
        from voiceguide.sound.speech import CEILING, condition_with_lead

        recording = self._start().speak(spoken)
        try:
            clip, lead = condition_with_lead(recording, SPEECH_LUFS, CEILING, self.grid)
        except VoiceError as error:
            raise VoiceError(str(error), text=spoken) from None
        if not self._can_be(spoken, len(clip)):
            raise VoiceError(f"the voice returned only {len(clip)} ms of sound for this text", text=spoken)
        if self._settings.volume < 1:
            # Levelling makes every voice equally loud, so volume sets the loudness relative to chimes and bed.
            clip = clip.apply_gain(20 * math.log10(self._settings.volume))
        words = recording.words
        times = Times(
            len(clip),
            tuple(_side_words(spoken, words, lead, len(clip))),
            _time_sentences(spoken, words, lead, len(clip)),
        )
        self._remember(spoken, times)
        self._store.put(self.key(spoken), bytes(clip.raw_data))
        self._store.put(self._times_key(spoken), msgspec.json.encode(times))
        return clip, times


def _side_words(spoken: str, words: tuple[tuple[int, int, int], ...], lead: float, length: int) -> list[SideWord]:
    """The words that name a side, in any language, in ms from the clip's start; each lasts until the next begins."""
    found: list[SideWord] = []
    ends = [ms for ms, _, _ in words[1:]] + [int(lead) + length]
    for (ms, first, count), end in zip(words, ends, strict=False):
        side = SIDES.get(find_side(spoken[first : first + count]) or "")
        start = max(0, int(ms - lead))
        if side is not None and start < length:
            found.append((start, min(length, int(end - lead)), side))
    return found


def _time_sentences(spoken: str, words: tuple[tuple[int, int, int], ...], lead: float, length: int) -> tuple[int, ...]:
    """Where each sentence begins, in ms from the clip's start; empty if one of them has no word with a time."""
    # Imported here because a session whose texts were spoken before needs none of it.
    from voiceguide.words.sentences import find_sentences

    found: list[int] = []
    starts = find_sentences(spoken) if words else []
    for start, end in pairwise([*starts, len(spoken)]):
        first = next((ms for ms, index, _ in words if start <= index < end), None)
        if first is None:
            return ()
        found.append(min(length, max(0, int(first - lead))) if found else 0)
    return tuple(found)
