"""Copies the user's file, so that all later steps work on the same bytes even if the file changes.

Only regular files are opened, and no more bytes are read than the file had when it was opened.
"""

from __future__ import annotations

import os
import stat
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import BinaryIO

from voiceguide.errors import SoundError
from voiceguide.system.reading import open_plain

_PIECE = 1 << 20


def read_file(path: Path, limit: int, kind: str) -> bytes:
    """All bytes of a file of at most `limit` bytes. Raises SoundError; `kind` is the file's name in its messages."""
    with _open(path, limit, kind) as (file, size):
        return file.read(size)


def copy_file(path: Path, copy: Path, limit: int, kind: str) -> None:
    """Copy a file of at most `limit` bytes. Raises SoundError; `kind` is the file's name in its messages."""
    with _open(path, limit, kind) as (file, size), _write(copy, path) as out:
        while size and (piece := file.read(min(size, _PIECE))):
            out.write(piece)
            size -= len(piece)


@contextmanager
def _open(path: Path, limit: int, kind: str) -> Iterator[tuple[BinaryIO, int]]:
    """A regular file open for reading, and its size in bytes."""
    try:
        _expect_plain(path, path.stat().st_mode, kind)
        with open_plain(path) as file:
            size = os.fstat(file.fileno()).st_size
            if size > limit:
                raise SoundError(
                    f"{path}: this {kind} file is too large ({size / 1e6:,.1f} MB); "
                    f"expected at most {limit / 1e6:,.0f} MB"
                )
            yield file, size
    except FileNotFoundError:
        more = ", or put the file there" if kind == "sound" else ""
        raise SoundError(f"{path}: there is no such {kind} file; check the name{more}") from None
    except (OSError, ValueError) as error:
        reason = getattr(error, "strerror", None) or str(error)
        raise SoundError(f"{path}: can't be read as {kind} ({reason}); check the file") from None


@contextmanager
def _write(copy: Path, path: Path) -> Iterator[BinaryIO]:
    try:
        with copy.open("xb") as out:
            yield out
    except OSError as error:
        raise SoundError(
            f"{path}: this file can't be copied to {copy.parent} ({error.strerror}); free some space there"
        ) from None


def _expect_plain(path: Path, mode: int, kind: str) -> None:
    if stat.S_ISDIR(mode):
        raise SoundError(f"{path}: can't be read as {kind} because it is a folder; give a file")
    if not stat.S_ISREG(mode):
        raise SoundError(f"{path}: can't be read as {kind} because it is a device or a pipe; give a file")
