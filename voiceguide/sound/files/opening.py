"""Opens an untrusted sound file in the child and checks its rate and channels. Raises Refusal for unusable files."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import BinaryIO

import soundfile

from voiceguide.sound.files.bounds import MAX_CHANNELS, MAX_RATE, MIN_RATE
from voiceguide.sound.files.wire import Refusal


@contextmanager
def open_sound(source: BinaryIO | str, unreadable: str) -> Iterator[soundfile.SoundFile]:
    """A sound file to read from start to end; `unreadable` is the message if that fails."""
    try:
        with soundfile.SoundFile(source) as file:
            if not MIN_RATE <= file.samplerate <= MAX_RATE:
                raise Refusal(
                    f"this sound has {file.samplerate:,} samples per second; expected {MIN_RATE:,} to {MAX_RATE:,}"
                )
            if not 1 <= file.channels <= MAX_CHANNELS:
                raise Refusal(f"this sound has {file.channels:,} channels; expected 1 to {MAX_CHANNELS}")
            # soundfile seeks to its own position after each read, which in an MP3 loses some hundredths of a second.
            file.seekable = lambda: False
            yield file
    except MemoryError:
        raise Refusal("decoding this sound takes too much memory; save it again, or use another file") from None
    # libsndfile's errors are RuntimeErrors.
    except (RuntimeError, OSError):
        raise Refusal(unreadable) from None
