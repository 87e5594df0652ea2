"""The one way in which files that anybody may have put there are opened to be read: plain files alone, and bounded.

A pipe can be waited on for ever, and so can opening one; a device such as /dev/zero can be read for ever.
"""

from __future__ import annotations

import errno
import os
import stat
from pathlib import Path
from typing import BinaryIO

_PIECE = 1 << 16  # bytes
_FLAGS = os.O_RDONLY | getattr(os, "O_NONBLOCK", 0) | getattr(os, "O_BINARY", 0)


def open_plain(path: Path) -> BinaryIO:
    """Open a plain file to be read. Raises OSError, also for what is none."""
    # Looked at before it is opened, for opening is enough to set off some devices; and again after, for it may have
    # been replaced.
    _expect_plain(os.stat(path).st_mode, path)  # noqa: PTH116 - for each of a session's entries in the store
    # The file object alone owns the descriptor: closed a second time after a signal, it could be another file's.
    file = open(path, "rb", opener=_open_at_once)  # noqa: SIM115 - pathlib has no opener; the caller closes it
    try:
        _expect_plain(os.fstat(file.fileno()).st_mode, path)
    except BaseException:
        file.close()
        raise
    return file


def read_plain(path: Path, limit: int) -> bytes:
    """The bytes of a plain file, or one more than `limit` of them where it has more. Raises OSError."""
    with open_plain(path) as file:
        # A read allocates all that it is asked for, so it is asked for no more than the file has.
        data = file.read(min(os.fstat(file.fileno()).st_size, limit) + 1)
        while len(data) <= limit and (more := file.read(min(_PIECE, limit + 1 - len(data)))):
            data += more  # it has grown, or does not tell its size, as in /proc
        return data


def _open_at_once(path: str, _flags: int) -> int:
    return os.open(path, _FLAGS)


def _expect_plain(mode: int, path: Path) -> None:
    if not stat.S_ISREG(mode):
        raise OSError(errno.EINVAL, "Not a plain file", os.fspath(path))
