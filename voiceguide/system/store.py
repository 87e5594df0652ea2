"""What was made once and may be needed again: bytes under a key, in files named by the key's hash.

Every entry carries a digest of its bytes and is checked when it is read; one that does not match is thrown away and
made again, so a damaged file is never heard. Entries are written in a folder of their own and renamed into place, so
any number of processes may use one store, and what a killed one left unfinished is found in one look. The store is
bounded: what was used longest ago goes first.
"""

from __future__ import annotations

import contextlib
import hashlib
import os
import stat
import time
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

from voiceguide.system import files, log
from voiceguide.system.reading import read_plain

LIMIT = 500_000_000  # bytes
ROOM = 0.9  # of the limit is what a clean-up leaves, so that the next one is not due at once
# An entry's time of use is kept to the hour: writing it at each read would cost more than the read.
TOUCH_AFTER = 3600
_UNFINISHED = "parts"  # the folder for entries that are being written

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
        self._written = 0  # bytes since the last clean-up

    def usable(self) -> bool:
        """Whether entries can be kept here at all."""
        with contextlib.suppress(OSError):
            self.folder.mkdir(parents=True, exist_ok=True)
        return os.path.isdir(self.folder) and os.access(self.folder, os.W_OK)  # noqa: PTH112 - never raises

    def get(self, key: str) -> bytes | None:
        """The bytes under a key, or None where there are none that are whole."""
        path = self._path(key)
        try:
            data = read_plain(path, self.limit)
        except OSError:
            log.debug(__name__, "not stored: %.120r", key)
            return None
        head = len(_MAGIC) + _DIGEST
        if data[: len(_MAGIC)] != _MAGIC or _digest(key, data[head:]) != data[len(_MAGIC) : head]:
            log.debug(__name__, "thrown away, since it is damaged: %.120r", key)
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
            unfinished = self.folder / _UNFINISHED
            unfinished.mkdir(exist_ok=True)
            # On Windows a reader that has the old file open refuses this; the old entry is as good.
            with files.replacing(path, durable=False, beside=unfinished) as file:
                file.write(_MAGIC + _digest(key, data))
                file.write(data)
            self._written += len(_MAGIC) + _DIGEST + len(data)
            log.debug(__name__, "stored %d bytes: %.120r", len(data), key)

    def trim(self, after: int = 0) -> None:
        """Bring the folder back under its limit, if this has put more than `after` bytes into it since it last did.

        What killed processes left unfinished goes in any case.
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
        """Throw everything away; returns how many entries went, their bytes, and how many could not go."""
        files.collect_parts(self.folder / _UNFINISHED)
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
                except OSError:  # another process has just thrown it away
                    continue
                if stat.S_ISREG(status.st_mode):  # what is no file is none of ours
                    found.append(_Entry(Path(each.path), status.st_size, status.st_mtime))
        return found


def _inside(folder: Path | str) -> Iterator[os.DirEntry[str]]:
    """What is in a folder; nothing where it is gone, or not ours to read."""
    try:
        with os.scandir(folder) as entries:
            yield from entries
    except OSError:
        return


class _Entry(NamedTuple):
    path: Path
    size: int
    used: float


def user_store(limit: int = LIMIT) -> Store:
    """The store in the user's own cache folder."""
    import platformdirs  # pays for itself only where a cache is used

    return Store(Path(platformdirs.user_cache_dir("voiceguide", appauthor=False)), limit)


def _encoded(key: str) -> bytes:
    # A file's name is part of many keys, and what is not UTF-8 in it Python spells in surrogates.
    return key.encode("utf-8", "surrogatepass")


def _digest(key: str, data: bytes) -> bytes:
    # The key is part of it: an entry that stands under another's name is as wrong as a damaged one.
    name = hashlib.blake2b(_encoded(key), digest_size=32).digest()
    return hashlib.blake2b(data, digest_size=_DIGEST, key=name).digest()
