"""The natural voice as its parent sees it: one voice, and a digest of all that its sound depends on.

Nothing is imported from its packages, so a session whose texts were all spoken before starts as fast as with espeak.
"""

from __future__ import annotations

import csv
import importlib.util
from functools import cached_property
from hashlib import blake2b, sha256
from pathlib import Path

from voiceguide.errors import VoiceError
from voiceguide.voices.base import VoiceInfo
from voiceguide.voices.catalogue import find_by_name
from voiceguide.voices.natural.place import (
    CODE,
    DATA,
    MODEL,
    PACKAGE,
    RUNTIME,
    check_files,
    find_record,
    find_runtime,
    find_version,
)
from voiceguide.voices.wire import Refusal

HEART = VoiceInfo("heart", "Heart", ("en-us", "en"), "female")

_DRIVER = "1"  # increase it when `natural/` makes other bytes for the same text


class NaturalCatalogue:
    """The voices of the package in `folder`."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def voices(self) -> tuple[VoiceInfo, ...]:
        """The one voice whose model comes with the package; others would have to be downloaded."""
        return (HEART,)

    def find(self, name: str) -> VoiceInfo | None:
        """Find the voice by its id, with or without `natural:` before it."""
        return find_by_name((HEART,), name.strip().casefold().removeprefix("natural:"))

    def default(self, language: str) -> VoiceInfo | None:
        """The voice, for English of any region."""
        return HEART if language.replace("_", "-").casefold().partition("-")[0] == "en" else None

    def fingerprint(self, voice_id: str) -> str:
        """A digest of the versions of engine, runtime and numpy, and of every file of the voice.

        Raises VoiceError if a part is missing: only now, so that other voices can still be listed and chosen.
        """
        try:
            check_files(self._folder)
            return self._digest_all(find_runtime())
        except Refusal as why:
            raise VoiceError(str(why)) from None

    def lexicon(self, voice_id: str) -> None:
        """None: the voice gets the phonemes of words that it would say wrongly, in the child; the texts stay."""

    def _digest_all(self, runtime: Path) -> str:
        spec = importlib.util.find_spec("numpy")
        numpy = "unknown" if spec is None or spec.origin is None else find_version(Path(spec.origin).parent, "numpy")
        versions = (_DRIVER, find_version(self._folder, PACKAGE), find_version(runtime, RUNTIME), numpy)
        digest = blake2b(" ".join(versions).encode(), digest_size=10)
        noted = self._noted
        for name in (*(f"assets/{each}" for each in (MODEL, *DATA)), *CODE):
            digest.update(
                _digest(self._folder / name, *noted.get(f"hibari/{name}", ("", -1)), self._installed).encode()
            )
        return digest.hexdigest()

    @cached_property
    def _record(self) -> Path | None:
        folder = find_record(self._folder, PACKAGE)
        return None if folder is None else folder / "RECORD"

    @cached_property
    def _installed(self) -> int:
        """When the package was installed, in ns; 0 if that is unknown."""
        return self._record.stat().st_mtime_ns if self._record is not None and self._record.is_file() else 0

    @cached_property
    def _noted(self) -> dict[str, tuple[str, int]]:
        """The digest and the size of each file, as the installer noted them."""
        if self._record is None or not self._record.is_file():
            return {}
        with self._record.open(encoding="utf-8", newline="") as lines:
            return {row[0]: (row[1], int(row[2])) for row in csv.reader(lines) if len(row) == 3 and row[2].isdigit()}


def _digest(path: Path, noted: str, size: int, installed: int) -> str:
    """The digest that the installer noted, unless the file was changed since: reading 14 MB takes too long."""
    found = path.stat()
    if noted and found.st_size == size and found.st_mtime_ns <= installed:
        return noted
    return sha256(path.read_bytes()).hexdigest()
