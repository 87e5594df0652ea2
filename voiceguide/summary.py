"""The summaries of routines that `voiceguide list` shows. They are cached, because parsing ten routines is slow.

A cached summary is valid while every file that the routine was read from, includes too, has the same contents. The
result that a routine has errors is cached in the same way.
"""

from __future__ import annotations

import hashlib
import json
import os
from pathlib import Path
from typing import Any, NamedTuple

from voiceguide import library
from voiceguide._version import __version__
from voiceguide.budget import MAX_FILE_BYTES
from voiceguide.errors import ScriptError
from voiceguide.system.reading import read_plain
from voiceguide.system.store import Store

_FORMAT = "3"  # increase it when the summary of unchanged files changes


class Summary(NamedTuple):
    """A routine in a line: `length` is in words, such as "about twelve minutes"."""

    title: str
    about: str | None
    tags: tuple[str, ...]
    needs: tuple[str, ...]
    length: str


class Summaries:
    """Summaries of routines, cached in the store."""

    def __init__(self, store: Store) -> None:
        self._store = store
        self._names: dict[Path, str] = {}

    def of(self, path: Path) -> Summary | None:
        """The summary of the routine in this file; None if it has errors.

        Raises VoiceguideError if the file can't be read.
        """
        key = self._key(path)
        if (known := self._store.get(key)) is not None:
            stored = json.loads(known)
            if all(_digest(Path(file)) == digest for file, digest in stored["files"].items()):
                return _from_json(stored["summary"])
        summary, files, lasting = _read(path)
        if lasting:
            stored = {
                "summary": None if summary is None else summary._asdict(),
                "files": {str(file): _digest(file) for file in files},
            }
            self._store.put(key, json.dumps(stored).encode())
        return summary

    def _key(self, path: Path) -> str:
        # A new file beside the script may be included in place of one from the library: the names count too.
        folder = Path(os.path.realpath(path.parent))
        if folder not in self._names:
            self._names[folder] = " ".join(library.include_names(folder))
        return f"summary\0{_FORMAT}\0{__version__}\0{os.path.realpath(path)}\0{self._names[folder]}"


def _from_json(stored: dict[str, Any] | None) -> Summary | None:
    if stored is None:
        return None
    return Summary(**{**stored, "tags": tuple(stored["tags"]), "needs": tuple(stored["needs"])})


def _read(path: Path) -> tuple[Summary | None, tuple[Path, ...], bool]:
    """The summary, the files that it was read from, and whether it may be cached for these files."""
    from voiceguide.language import loader
    from voiceguide.score.estimate import about_ms
    from voiceguide.words import load_words

    reading = loader.read(path)
    routine = reading.routine
    if routine is None:
        # A missing sound or include may exist later.
        return None, reading.files, not reading.missed
    try:
        length = load_words().estimate_minutes(about_ms(routine))
    except ScriptError:
        return None, reading.files, True
    return Summary(routine.title, routine.about, routine.tags, routine.needs, length), reading.files, True


def _digest(path: Path) -> str | None:
    try:
        return hashlib.blake2b(read_plain(path, MAX_FILE_BYTES), digest_size=20).hexdigest()
    except OSError:
        return None
