"""A voice on all cores: a pool of child processes, shared by any number of threads.

A text has the same bytes whichever child speaks it, so the order does not matter.
"""

from __future__ import annotations

import threading
from collections.abc import Sequence

from voiceguide.errors import VoiceError
from voiceguide.system.jobs import cores
from voiceguide.voices.base import Recording, VoiceInfo, VoiceSettings
from voiceguide.voices.choice import choose
from voiceguide.voices.process import ChildVoice, TimeLimit, allow_seconds, child_command

MAX_CHILDREN = 8  # more children are no faster: they wait for the disk and for each other


class VoicePool:
    """A thread-safe `Voice` with up to `size` children, each started when it is first needed.

    Raises VoiceError at once for an unknown voice or numbers out of range. Close it, or use it as a context manager.
    `command` and `time_limit` are for tests: another child, another time limit.
    """

    def __init__(
        self,
        settings: VoiceSettings,
        *,
        engine: str | None = None,
        size: int | None = None,
        command: Sequence[str] | None = None,
        time_limit: TimeLimit = allow_seconds,
    ) -> None:
        chosen, self.voice = choose(settings, engine)
        self.size = max(1, size if size is not None else min(cores(), MAX_CHILDREN))
        self._command = list(command or child_command(chosen.speaker, chosen.name))
        self._manner = {
            "voice": _within_engine(self.voice, chosen.name),
            "rate": settings.rate,
            "pitch": settings.pitch,
            "volume": settings.volume,
        }
        self._time_limit = time_limit
        self._turn = threading.Semaphore(self.size)
        self._lock = threading.Lock()
        self._idle: list[ChildVoice] = []
        self._children: list[ChildVoice] = []
        self._closed = False

    def __enter__(self) -> VoicePool:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def warm(self, texts: int = 1) -> None:
        """Start as many children as this number of texts can use, in the background, and return at once."""
        with self._lock:
            while len(self._children) < min(texts, self.size) and not self._closed:
                self._idle.append(self._add())
            children = self._children[:texts]
        for child in children:
            child.start()

    def speak(self, text: str) -> Recording:
        """Say `text`, waiting for a free child. Raises VoiceError."""
        with self._turn:
            child = self._take(text)
            try:
                return child.speak(text)
            finally:
                self._give_back(child)

    def close(self) -> None:
        """End all children. May be called more than once. Calls of `speak` in other threads raise VoiceError."""
        with self._lock:
            self._closed = True
            children = list(self._children)
        for child in children:
            child.close()

    def _take(self, text: str) -> ChildVoice:
        with self._lock:
            if self._closed:
                raise VoiceError("the voice is closed", text=text)
            # The child that spoke last has its driver loaded.
            return self._idle.pop() if self._idle else self._add()

    def _add(self) -> ChildVoice:
        child = ChildVoice(self._command, self._manner, time_limit=self._time_limit)
        self._children.append(child)
        return child

    def _give_back(self, child: ChildVoice) -> None:
        with self._lock:
            self._idle.append(child)


def _within_engine(voice: VoiceInfo, engine: str) -> str:
    """A voice's id without the engine's name, as its driver takes it."""
    return voice.id.removeprefix(f"{engine}:")
