"""The sound files of a session as clips: each is read once, so that its length, key and samples always match.

Bundled sounds are plain WAV files and are read here. The user's files go to the decoder, once: its result is stored
under a digest of the file's bytes, so that a session with known sounds starts no child and doesn't import numpy.
"""

from __future__ import annotations

import hashlib
import io
import threading
from pathlib import Path
from typing import TYPE_CHECKING

from msgspec import Struct

from voiceguide import library
from voiceguide.grid import RATE, SAMPLES_PER_MS
from voiceguide.sound.files.bounds import MAX_CHIME_BYTES
from voiceguide.sound.files.copying import read_file
from voiceguide.sound.versions import PROCESSING
from voiceguide.system.store import Store

if TYPE_CHECKING:
    from voiceguide.sound.files.decoder import Decoder
    from voiceguide.sound.segments import AudioSegment


class _Heard(Struct, frozen=True):
    """A sound's samples, 48 kHz 16-bit mono, and their key."""

    key: str
    samples: bytes


class SoundFiles:
    """The sound files of one session. Thread-safe; close it, or use it as a context manager: it may own a child."""

    def __init__(self, store: Store) -> None:
        self._store = store
        self._lock = threading.Lock()
        self._heard: dict[Path, _Heard] = {}
        self._decoder: Decoder | None = None

    def __enter__(self) -> SoundFiles:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def close(self) -> None:
        """End the decoding child, if one was started."""
        if self._decoder is not None:
            self._decoder.close()

    @property
    def decoder(self) -> Decoder:
        """The session's decoder; its child is started with the first file that needs it."""
        if self._decoder is None:
            from voiceguide.sound.files.decoder import Decoder

            self._decoder = Decoder()
        return self._decoder

    def length_ms(self, path: Path) -> int:
        """The length of a sound file in milliseconds, rounded up. Raises SoundError."""
        return len(self._sound(path).samples) // (2 * SAMPLES_PER_MS)

    def key(self, path: Path) -> str:
        """Everything that the clip of a sound file depends on. Raises SoundError."""
        return self._sound(path).key

    def clip(self, path: Path) -> AudioSegment:
        """The sound file as a 48 kHz, 16-bit mono segment of exactly `length_ms(path)` milliseconds.

        WAV, FLAC, OGG, MP3 and everything else that libsndfile reads, within `bounds`. Raises SoundError for a file
        that is missing, unreadable, empty, too long, or silent.
        """
        from voiceguide.sound.segments import from_bytes

        return from_bytes(self._sound(path).samples)

    def _sound(self, path: Path) -> _Heard:
        with self._lock:
            if path not in self._heard:
                samples = self._load(path)
                digest = hashlib.blake2b(samples, digest_size=20).hexdigest()
                self._heard[path] = _Heard(f"file\0{PROCESSING}\0{digest}", samples)
            return self._heard[path]

    def _load(self, path: Path) -> bytes:
        data = read_file(path, MAX_CHIME_BYTES, "sound")
        if path.parent == library.sounds_folder() and (samples := _read_own(data)):
            return samples
        digest = hashlib.blake2b(data, digest_size=20).hexdigest()
        key = f"decoded\0{PROCESSING}\0{digest}"
        samples = self._store.get(key)
        if samples is None:
            samples = self.decoder.decode_chime(data, path)
            self._store.put(key, samples)
        return samples


def _read_own(data: bytes) -> bytes | None:
    """The samples of a bundled sound; None if its format is not the one that `tools/make_sounds.py` writes."""
    import wave  # imported here to keep start-up fast

    try:
        with wave.open(io.BytesIO(data)) as sound:
            samples = sound.readframes(sound.getnframes())
            plain = sound.getparams()[:3] == (1, 2, RATE) and len(samples) == 2 * sound.getnframes()
            return samples if plain and samples and len(samples) % (2 * SAMPLES_PER_MS) == 0 else None
    except (wave.Error, EOFError):
        return None
