"""What was made once and may be needed again: bytes under a key, in files named by the key's hash.

Every entry carries a digest of its bytes and is checked when it is read; one that does not match is thrown away and
made again, so a damaged file is never heard. Entries are written beside their place and renamed into it, so any number
of processes may use one folder. The folder is bounded: what was used longest ago goes first.
"""

from __future__ import annotations

import contextlib
import os
import stat
import time
from hashlib import blake2b
from pathlib import Path
from typing import NamedTuple

from voiceguide.folders import user_folder

LIMIT = 500_000_000  # bytes
ROOM = 0.9  # of the limit is what a clean-up leaves, so that the next one is not due at once
# An entry's time of use is kept to the hour: writing it at each read would cost more than the read.
TOUCH_AFTER = 3600
STALE_AFTER = 3600  # a half-written file this old belongs to a process that was killed

_MAGIC = b"vgc1"
_DIGEST = 20


class Store:
    """Bytes by key in a folder, of at most `limit` bytes.

    lasting: whether the folder outlives the session. If not, what a session needs but once is not worth keeping.
    """

    def __init__(self, folder: Path, limit: int = LIMIT, *, lasting: bool = True) -> None:
        self.folder = folder
        self.limit = limit
        self.lasting = lasting
        self._wrote = False

    def usable(self) -> bool:
        """Whether entries can be kept here at all."""
        with contextlib.suppress(OSError):
            self.folder.mkdir(parents=True, exist_ok=True)
        return self.folder.is_dir() and os.access(self.folder, os.W_OK)

    def get(self, key: str) -> bytes | None:
        """The bytes under a key, or None where there are none that are whole."""
        path = self._path(key)
        try:
            data = path.read_bytes()
        except OSError:
            return None
        head = len(_MAGIC) + _DIGEST
        if data[: len(_MAGIC)] != _MAGIC or _digest(key, data[head:]) != data[len(_MAGIC) : head]:
            with contextlib.suppress(OSError):
                path.unlink()
            return None
        with contextlib.suppress(OSError):
            if time.time() - path.stat().st_mtime > TOUCH_AFTER:
                os.utime(path)
        return data[head:]

    def put(self, key: str, data: bytes) -> None:
        """Keep bytes under a key. A folder that can't be written keeps nothing; the session does not need it to."""
        path = self._path(key)
        with contextlib.suppress(OSError):
            path.parent.mkdir(parents=True, exist_ok=True)
            import tempfile  # brings much along that reading needs nothing of

            handle, name = tempfile.mkstemp(dir=path.parent, suffix=".part")
            part = Path(name)
            try:
                with os.fdopen(handle, "wb") as file:
                    file.write(_MAGIC + _digest(key, data))
                    file.write(data)
                # On Windows a reader that has the old file open refuses this; the old entry is as good.
                part.replace(path)
            except BaseException:
                with contextlib.suppress(OSError):
                    part.unlink()
                raise
            self._wrote = True

    def trim(self) -> None:
        """Bring the folder back under its limit, if this process has put anything into it."""
        if not self._wrote:
            return
        self._wrote = False
        entries = self._entries()
        size = sum(each.size for each in entries)
        if size <= self.limit:
            return
        for each in sorted(entries, key=lambda each: each.used):
            if size <= self.limit * ROOM:
                return
            with contextlib.suppress(OSError):
                each.path.unlink()
                size -= each.size

    def clear(self) -> tuple[int, int, int]:
        """Throw everything away; returns how many entries went, their bytes, and how many could not go."""
        count = size = left = 0
        for each in self._entries():
            try:
                # Another process may be quicker.
                each.path.unlink(missing_ok=True)
            except OSError:
                left += 1
            else:
                count, size = count + 1, size + each.size
        return count, size, left

    def size(self) -> tuple[int, int]:
        """How many entries there are, and their bytes."""
        entries = self._entries()
        return len(entries), sum(each.size for each in entries)

    def _path(self, key: str) -> Path:
        name = blake2b(key.encode(), digest_size=20).hexdigest()
        return self.folder / name[:2] / name[2:]

    def _entries(self) -> list[_Entry]:
        found: list[_Entry] = []
        now = time.time()
        for path in self.folder.glob("[0-9a-f][0-9a-f]/*"):
            try:
                status = path.stat()
            except OSError:  # another process has just thrown it away
                continue
            if path.suffix == ".part":
                if now - status.st_mtime > STALE_AFTER:
                    with contextlib.suppress(OSError):
                        path.unlink()
                continue
            if stat.S_ISREG(status.st_mode):  # what is no file is none of ours
                found.append(_Entry(path, status.st_size, status.st_mtime))
        return found


class _Entry(NamedTuple):
    path: Path
    size: int
    used: float


def user_store(limit: int = LIMIT) -> Store:
    """The store in the user's own cache folder."""
    return Store(user_folder("cache"), limit)


def _digest(key: str, data: bytes) -> bytes:
    # The key is part of it: an entry that stands under another's name is as wrong as a damaged one.
    name = blake2b(key.encode(), digest_size=32).digest()
    return blake2b(data, digest_size=_DIGEST, key=name).digest()
