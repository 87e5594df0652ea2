"""How nothing unfinished is left behind: who owns a part file or a temporary folder, and where temporary files go.

While it is open its owner holds a lock on it; what nobody has locked was left by a process that was killed, and may be
removed. What this process has not finished when it ends, it removes itself, wherever a signal has interrupted it.

Python's own `tempfile.gettempdir` tries a folder by writing a file there; a process that is killed just then leaves it,
and nobody knows later whose it was. Here a file without a name does, where the system has such files.
"""

from __future__ import annotations

import atexit
import os
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

STALE_AFTER = 24 * 3600  # seconds; where there are no locks, an older file has no owner

_unfinished: set[Path] = set()


def register(path: Path) -> None:
    """Note a path that this process is about to create, to be removed when the process ends."""
    _unfinished.add(path)


def release(path: Path) -> None:
    """Forget a path that was finished or removed; one that still exists is removed when the process ends."""
    # A thread that an interruption has not waited for may have written there meanwhile.
    if not os.path.lexists(path):
        _unfinished.discard(path)


@atexit.register
def remove_unfinished() -> None:
    """Remove every path that this process has created and not finished."""
    import shutil

    for path in list(_unfinished):
        with suppress(OSError):
            shutil.rmtree(path, ignore_errors=True) if path.is_dir() else path.unlink()


def hold(descriptor: int) -> bool | None:
    """Lock a file or folder while it is open; False if another process holds the lock, None if locks don't work."""
    if sys.platform == "win32":
        return None
    import fcntl

    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    except OSError:
        return None
    return True


@contextmanager
def abandoned(entry: os.DirEntry[str]) -> Iterator[bool]:
    """Whether no process owns a part file or a temporary folder; none can lock it before the context ends."""
    if sys.platform == "win32":
        # Windows can't delete an open file, so files in use are safe.
        yield _is_stale(entry)
        return
    descriptor = os.open(entry.path, os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK)
    try:
        held = hold(descriptor)
        yield _is_stale(entry) if held is None else held
    finally:
        os.close(descriptor)


def _is_stale(entry: os.DirEntry[str]) -> bool:
    return time.time() - entry.stat(follow_symlinks=False).st_mtime > STALE_AFTER


def temporary_root() -> Path:
    """The folder for temporary files. Raises OSError where there is none that can be written."""
    import tempfile

    if tempfile.tempdir is None:
        tempfile.tempdir = next(filter(_usable, _candidates()), None)
    return Path(tempfile.gettempdir())  # looks for one itself, in its own way, where none was found


def _candidates() -> Iterator[str]:
    """The folders that Python looks at, in its order."""
    if sys.platform == "win32":  # it has more of them there, and no files without a name
        return
    named = (os.environ.get(name) for name in ("TMPDIR", "TEMP", "TMP"))
    for folder in (*named, "/tmp", "/var/tmp", "/usr/tmp", os.curdir):
        if folder:
            with suppress(OSError):  # a relative one, in a current folder that was deleted
                yield os.path.abspath(folder)  # noqa: PTH100 - as text, as `tempfile` has it


def _usable(folder: str) -> bool:
    nameless = getattr(os, "O_TMPFILE", None)
    if nameless is None:
        return False
    # Not every file system has them; then Python finds out for itself.
    with suppress(OSError):
        descriptor = os.open(folder, os.O_RDWR | nameless, 0o600)
        try:
            return os.write(descriptor, b"x") == 1
        finally:
            os.close(descriptor)
    return False
