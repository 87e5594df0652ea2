"""The store: a cache of bytes by key, in files named by the hash of the key.

Every entry has a digest of its bytes, which is checked on reading; a damaged entry is deleted and made again, so it is
never used. Entries are written in a separate folder and renamed, so any number of processes can share a store, and the
unfinished files of killed processes are easy to find. The store has a size limit: the least recently used entries are
deleted first.
"""

from __future__ import annotations

import contextlib
import hashlib
import os
import stat
import threading
import time
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

from voiceguide.system import files, log
from voiceguide.system.reading import read_plain

LIMIT = 500_000_000  # bytes
ROOM = 0.9  # of the limit: the size after a clean-up, so that the next one is not needed at once
# An entry's time of use is only updated once an hour, because writing it takes longer than reading the entry.
TOUCH_AFTER = 3600
_UNFINISHED = "parts"  # the folder for entries that are being written

_MAGIC = b"vgc1"
_DIGEST = 20


class Store:
    """Bytes by key in a folder, of at most `limit` bytes.

    lasting: whether the folder is permanent. If not, what a session needs only once is not stored.
    memory: bytes of recently used entries that are kept in memory as well, for sessions made one after another.
    """

    def __init__(self, folder: Path, limit: int = LIMIT, *, lasting: bool = True, memory: int = 0) -> None:
        self.folder = folder
        self.limit = limit
        self.lasting = lasting
        self._written = 0  # bytes since the last clean-up
        self._memory = memory
        self._lock = threading.Lock()
        self._held: dict[str, bytes] = {}  # the most recently used is at the end
        self._held_bytes = 0

    def usable(self) -> bool:
        """Whether entries can be stored."""
        with contextlib.suppress(OSError):
            self.folder.mkdir(parents=True, exist_ok=True)
        return os.path.isdir(self.folder) and os.access(self.folder, os.W_OK)  # noqa: PTH112 - never raises

    def get(self, key: str) -> bytes | None:
        """The bytes stored under a key, or None if there are none or they are damaged."""
        if (held := self._held.get(key)) is not None:
            self._hold(key, held)
            return held
        path = self._path(key)
        try:
            data = read_plain(path, self.limit)
        except OSError:
            log.debug(__name__, "not stored: %.120r", key)
            return None
        head = len(_MAGIC) + _DIGEST
        if data[: len(_MAGIC)] != _MAGIC or _digest(key, data[head:]) != data[len(_MAGIC) : head]:
            log.debug(__name__, "damaged, deleted: %.120r", key)
            with contextlib.suppress(OSError):
                path.unlink()
            return None
        with contextlib.suppress(OSError):
            if time.time() - path.stat().st_mtime > TOUCH_AFTER:
                os.utime(path)
        return self._hold(key, data[head:])

    def put(self, key: str, data: bytes) -> None:
        """Store bytes under a key. Does nothing if the folder can't be written, because sessions don't depend on it."""
        path = self._path(key)
        with contextlib.suppress(OSError):
            path.parent.mkdir(parents=True, exist_ok=True)
            unfinished = self.folder / _UNFINISHED
            unfinished.mkdir(exist_ok=True)
            # On Windows this fails while the old file is being read; then the old entry, which is the same, stays.
            with files.replacing(path, durable=False, beside=unfinished) as file:
                file.write(_MAGIC + _digest(key, data))
                file.write(data)
            self._written += len(_MAGIC) + _DIGEST + len(data)
            self._hold(key, data)
            log.debug(__name__, "stored %d bytes: %.120r", len(data), key)

    def trim(self, after: int = 0) -> None:
        """Trim the folder to its limit, if this store has written more than `after` bytes since the last time.

        The unfinished files of killed processes are deleted in any case.
        """
        files.collect_parts(self.folder / _UNFINISHED)
        if self._written <= after:
            return
        self._written = 0
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
        """Delete all entries; returns how many were deleted, their bytes, and how many could not be deleted."""
        files.collect_parts(self.folder / _UNFINISHED)
        count = size = left = 0
        for each in self._entries():
            try:
                # Another process may have deleted it already.
                each.path.unlink(missing_ok=True)
            except OSError:
                left += 1
            else:
                count, size = count + 1, size + each.size
        return count, size, left

    def size(self) -> tuple[int, int]:
        """The number of entries, and their bytes."""
        entries = self._entries()
        return len(entries), sum(each.size for each in entries)

    def _hold(self, key: str, data: bytes) -> bytes:
        """Keep an entry in memory, as the most recently used one. One larger than a quarter of it is not kept."""
        if len(data) * 4 > self._memory:
            return data
        with self._lock:
            self._held_bytes += len(data) - len(self._held.pop(key, b""))
            self._held[key] = data
            while self._held_bytes > self._memory:
                self._held_bytes -= len(self._held.pop(next(iter(self._held))))
        return data

    def _path(self, key: str) -> Path:
        name = hashlib.blake2b(_encoded(key), digest_size=20).hexdigest()
        return self.folder / name[:2] / name[2:]

    def _entries(self) -> list[_Entry]:
        found: list[_Entry] = []
        for bucket in _inside(self.folder):
            if len(bucket.name) != 2:
                continue
            for each in _inside(bucket.path):
                try:
                    status = each.stat(follow_symlinks=False)
                except OSError:  # another process has just deleted it
                    continue
                if stat.S_ISREG(status.st_mode):  # entries are always regular files
                    found.append(_Entry(Path(each.path), status.st_size, status.st_mtime))
        return found


def _inside(folder: Path | str) -> Iterator[os.DirEntry[str]]:
    """The contents of a folder; empty if it is missing or can't be read."""
    try:
        with os.scandir(folder) as entries:
            yield from entries
    except OSError:
        return


class _Entry(NamedTuple):
    path: Path
    size: int
    used: float


def user_store(limit: int = LIMIT, *, memory: int = 0) -> Store:
    """The store in the user's cache folder."""
    import platformdirs  # slow to import, and only needed with a cache

    return Store(Path(platformdirs.user_cache_dir("voiceguide", appauthor=False)), limit, memory=memory)


def _encoded(key: str) -> bytes:
    # Many keys contain a file's name, in which Python represents invalid UTF-8 as surrogates.
    return key.encode("utf-8", "surrogatepass")


def _digest(key: str, data: bytes) -> bytes:
    # The digest includes the key, so that an entry under a wrong name counts as damaged.
    name = hashlib.blake2b(_encoded(key), digest_size=32).digest()
    return hashlib.blake2b(data, digest_size=_DIGEST, key=name).digest()
