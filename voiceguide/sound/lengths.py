"""How long a sound file is, from its header alone: what the timeline needs before any sound is touched.

Nothing heavy is imported for the usual case, a WAV file, so that showing a routine stays quick. `chimes.load` makes a
segment of exactly this length.
"""

from __future__ import annotations

import wave
from pathlib import Path

from voiceguide.errors import SoundError

MAX_SECONDS = 60
"""A chime is a signal; what is longer was meant as something else."""


def length_ms(path: Path) -> int:
    """The length of a sound file in whole milliseconds, a begun one counted whole.

    Raises SoundError for a file that is missing, can't be read as sound, is empty or longer than 60 seconds.
    """
    frames, rate = _plain_wave(path) or _any_format(path)
    if frames <= 0:
        raise SoundError(f"{path}: this sound file is empty; use one with a sound in it")
    if frames > MAX_SECONDS * rate:
        raise SoundError(
            f"{path}: this sound lasts {frames / rate:.0f} seconds; a chime may last {MAX_SECONDS} at most"
        )
    return -(-frames * 1000 // rate)


def _plain_wave(path: Path) -> tuple[int, int] | None:
    """Samples and rate of a plain WAV file; None for every other file, and for a header that claims too much."""
    try:
        size = path.stat().st_size
        with path.open("rb") as file, wave.open(file) as sound:
            frames, rate = sound.getnframes(), sound.getframerate()
            if rate > 0 and frames * sound.getnchannels() * sound.getsampwidth() < size:
                return frames, rate
    except FileNotFoundError:
        raise missing(path) from None
    except OSError as error:
        raise unreadable(path, error.strerror) from error
    except (wave.Error, EOFError):
        pass
    return None


def _any_format(path: Path) -> tuple[int, int]:
    # Imported only here, for it brings libsndfile along.
    import soundfile

    try:
        # The path goes in as text, for libsndfile opens it itself; it says what it dislikes in a RuntimeError.
        info = soundfile.info(str(path))
    except (RuntimeError, OSError) as error:
        raise unreadable(path) from error
    return info.frames, info.samplerate


def missing(path: Path) -> SoundError:
    """There is no such file."""
    return SoundError(f"{path}: there is no such sound file; check the name, or put the file there")


def unreadable(path: Path, reason: str | None = None) -> SoundError:
    """The file is there, but is no sound that can be read."""
    because = f" ({reason})" if reason else ""
    return SoundError(f"{path}: can't be read as sound{because}; use a WAV, FLAC, OGG or MP3 file")
