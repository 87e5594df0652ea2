"""Music that libsndfile can't read → a WAV file, by an installed program: afconvert or ffmpeg.

The program gets a copy with a name that we choose, reads it only as the container that its first bytes indicate, and
may open only local files: a playlist disguised as music can't make it open anything else. Its time, memory and output
are limited; it is killed when we stop waiting for it, and on Linux also when this process dies.
"""

from __future__ import annotations

import os
import shutil
import sys
from pathlib import Path

from voiceguide.errors import SoundError
from voiceguide.grid import RATE
from voiceguide.sound.files.bounds import CONVERTING_SECONDS, MAX_CONVERTED_BYTES, MAX_CONVERTED_SECONDS
from voiceguide.system import processes
from voiceguide.system.children import find_program, python_command

NAMES = {"mov": "M4A", "aac": "AAC", "asf": "WMA"}
"""Containers that libsndfile can't read: ffmpeg's name of the demuxer, and the common name of the format."""
PROGRAMS = ("afconvert", "ffmpeg")

_MEMORY = 4_000_000_000  # bytes of address space: ffmpeg reserves a lot for its threads
_LITTLE_ROOM = 1_000_000  # bytes: a program that failed with so few left ran out of space
_BOXES = (b"ftyp", b"moov", b"mdat", b"wide", b"free", b"skip")
_ASF = bytes.fromhex("3026b2758e66cf11")
_HEAD = 16


def find_container(copy: Path, suffix: str) -> str | None:
    """The container of a music file, by its first bytes, or None if libsndfile can read it."""
    with copy.open("rb") as file:
        head = file.read(_HEAD)
    if head[4:8] in _BOXES:
        return "mov"
    if head.startswith(_ASF):
        return "asf"
    # An MPEG frame with layer 0 is AAC; one with layer 3 is MP3. Both may begin with a tag.
    adts = len(head) > 1 and head[0] == 0xFF and head[1] & 0xF6 == 0xF0
    return "aac" if adts or (head.startswith(b"ID3") and suffix == ".aac") else None


def convert(copy: Path, container: str, path: Path) -> Path:
    """Convert `copy` to a WAV file in the same folder. Raises SoundError about `path` if that fails."""
    wav = copy.with_name("converted.wav").absolute()
    copy = copy.absolute()
    name, program = next(((name, found) for name in PROGRAMS if (found := find_program(name))), (None, None))
    if program is None:
        raise SoundError(
            f"{path}: no decoder for {NAMES[container]} files is installed; save the music as WAV, FLAC, OGG or MP3"
        )
    arguments = _afconvert(copy, wav) if name == "afconvert" else _ffmpeg(copy, wav, container)
    try:
        code = processes.run(_limited([program, *arguments]), folder=copy.parent, seconds=CONVERTING_SECONDS)
    except OSError as why:
        raise SoundError(
            f"{path}: can't be read as music ({name} can't be started: {why.strerror}); "
            "save it as WAV, FLAC, OGG or MP3"
        ) from None
    if code is None:
        raise SoundError(
            f"{path}: can't be read as music ({name} took more than {CONVERTING_SECONDS} seconds); "
            "save it as WAV, FLAC, OGG or MP3"
        )
    size = wav.stat().st_size if wav.exists() else 0
    if size >= MAX_CONVERTED_BYTES:
        raise too_long(path, container)
    if code and shutil.disk_usage(copy.parent).free < _LITTLE_ROOM:
        raise SoundError(
            f"{path}: there is no room to decode this music in {copy.parent}; free some, or save it as MP3"
        )
    if code or not size:
        raise SoundError(f"{path}: can't be read as music; use a WAV, FLAC, OGG or MP3 file")
    return wav


def too_long(path: Path, container: str) -> SoundError:
    """The error for music that would take too much space."""
    hours = MAX_CONVERTED_SECONDS // 3600
    return SoundError(
        f"{path}: this music is too long; {NAMES[container]} music may last at most {hours} hours; "
        "save it as MP3, OGG or FLAC, or use a shorter file: a bed repeats automatically"
    )


def _afconvert(copy: Path, wav: Path) -> list[str]:
    return ["-f", "WAVE", "-d", f"LEI16@{RATE}", str(copy), str(wav)]


def _ffmpeg(copy: Path, wav: Path, container: str) -> list[str]:
    quiet = ["-nostdin", "-hide_banner", "-loglevel", "quiet"]
    whitelists = ["-protocol_whitelist", "file,pipe", "-format_whitelist", container]
    source = [*whitelists, "-f", container, "-threads", "1", "-i", f"file:{copy}"]
    bounds = ["-t", str(MAX_CONVERTED_SECONDS + 1), "-fs", str(MAX_CONVERTED_BYTES)]
    return [
        *(*quiet, *source, *bounds, "-vn", "-sn", "-dn", "-map_metadata", "-1"),
        *("-ar", str(RATE), "-c:a", "pcm_s16le", "-f", "wav", "-y", f"file:{wav}"),
    ]


def _limited(command: list[str]) -> list[str]:
    """The command, wrapped so that it is limited and ends with this process, where the system supports that."""
    if sys.platform == "win32":
        return command
    # Slightly above ffmpeg's own limit, so that ffmpeg stops by itself instead of in the middle of a write.
    limits = (_MEMORY, MAX_CONVERTED_BYTES + (1 << 20), CONVERTING_SECONDS)
    return python_command("voiceguide.system.limits", str(os.getpid()), *map(str, limits), *command)
