"""What a list tells of a routine. It is kept, for to read ten routines takes far longer than to tell of them.

Kept under the contents of every file that the routine was read from, so a change in any of them, an included one too,
is seen at once. A routine with errors is read each time.
"""

from __future__ import annotations

import json
from hashlib import blake2b
from pathlib import Path
from typing import NamedTuple

from voiceguide import library
from voiceguide._version import __version__
from voiceguide.store import Store

_FORMAT = "1"  # raise it when a summary of the same files would read otherwise


class Summary(NamedTuple):
    """A routine in a line: `length` in words, as "about twelve minutes"."""

    title: str
    about: str | None
    tags: tuple[str, ...]
    length: str


class Summaries:
    """Summaries of routines, from the store where they are known."""

    def __init__(self, store: Store) -> None:
        self._store = store
        self._names: dict[Path, str] = {}

    def of(self, path: Path) -> Summary:
        """The summary of the routine in this file. Raises VoiceguideError where it can't be read."""
        key = self._key(path)
        if (known := self._store.get(key)) is not None:
            kept = json.loads(known)
            if all(_digest(Path(file)) == digest for file, digest in kept["files"].items()):
                return Summary(**{**kept["summary"], "tags": tuple(kept["summary"]["tags"])})
        summary, files = _read(path)
        kept = {"summary": summary._asdict(), "files": {str(file): _digest(file) for file in files}}
        self._store.put(key, json.dumps(kept).encode())
        return summary

    def _key(self, path: Path) -> str:
        # A new file beside the script may be included in place of one from the library: the names count too.
        folder = path.parent.resolve()
        if folder not in self._names:
            self._names[folder] = " ".join(library.include_names(folder))
        return f"summary\0{_FORMAT}\0{__version__}\0{path.resolve()}\0{self._names[folder]}"


def _read(path: Path) -> tuple[Summary, tuple[Path, ...]]:
    from voiceguide import times
    from voiceguide.language import loader as script
    from voiceguide.score.estimate import about_ms

    routine, files = script.read(path)
    length = times.spoken_minutes(about_ms(routine))
    return Summary(routine.title, routine.about, tuple(routine.tags), length), files


def _digest(path: Path) -> str | None:
    try:
        return blake2b(path.read_bytes(), digest_size=20).hexdigest()
    except OSError:
        return None
