"""A script's file → Routine, with all it includes. Finds and reports all errors in one pass.

Each file is read once, by a `Reader`. This module handles what involves several files: which file an `include` means,
circular includes, and the order in which problems are reported.
"""

from __future__ import annotations

import os
from pathlib import Path

from msgspec import Struct

from voiceguide import library
from voiceguide.budget import MAX_FILE_BYTES, Budget
from voiceguide.errors import Place, Problem, RequestError, ScriptError, quoted
from voiceguide.language import document
from voiceguide.language.document import Node, Scalar
from voiceguide.language.kinds import ReadError, closest, expected
from voiceguide.language.reader import Reader
from voiceguide.routine.model import Routine
from voiceguide.system.reading import read_plain

MAX_INCLUDE_DEPTH = 8  # files inside files


class Reading(Struct, frozen=True):
    """The result of reading a script: its routine or its errors, and every file that was read.

    `missed`: a file that the script names is missing, so the result may change when it exists.
    """

    routine: Routine | None
    error: ScriptError | None
    files: tuple[Path, ...]
    missed: bool


def load(path: Path) -> Routine:
    """Read a script and all it includes. Raises ScriptError with every problem, RequestError if there is no file."""
    reading = read(path)
    if reading.routine is None:
        assert reading.error is not None
        raise reading.error
    return reading.routine


def read(path: Path) -> Reading:
    """Read a script, and return its errors instead of raising them. Raises RequestError if there is no file."""
    loader = _Loader()
    routine = loader.load(library.plain_file(path))
    error = None
    if loader.problems or routine is None:
        # An include with errors is reported only in the script itself, not again in every file between them.
        repeated = {place for place in loader.blocked if place.path != str(path)}
        error = ScriptError([each for each in loader.problems if each.place not in repeated], first=str(path))
    return Reading(None if error else routine, error, loader.files, loader.missed)


class _Loader:
    """Reads one script: its file and the files it includes, each once."""

    def __init__(self) -> None:
        self.problems: dict[Problem, None] = {}  # each once, in the order found
        self.missed = False
        self.blocked: set[Place] = set()  # the places of includes whose file has errors
        self._budget = Budget()
        self._done: dict[Path, Routine | None] = {}
        self._open: list[Path] = []

    @property
    def files(self) -> tuple[Path, ...]:
        return tuple(self._done)

    def load(self, path: Path) -> Routine | None:
        key = Path(os.path.realpath(path))
        if key not in self._done:
            self._open.append(key)
            before = len(self.problems)
            try:
                root = document.compose(_bytes(path), str(path), self._budget)
                reader = Reader(path, self.problems, self.include, self._budget)
                try:
                    routine = reader.routine(root)
                finally:
                    self.missed = self.missed or reader.missed
            except ScriptError as error:
                self.problems |= dict.fromkeys(error.problems)
                routine = None
            self._open.pop()
            self._done[key] = routine if len(self.problems) == before else None
        return self._done[key]

    def include(self, node: Node, folder: Path) -> Routine:
        """The routine that an `include` names. Raises ReadError."""
        if not isinstance(node, Scalar) or not node.text.strip():
            raise expected(node, "the name of a routine, or of a script beside this one")
        wanted = node.raw.strip()
        path = library.included(wanted, folder)
        if path is None:
            self.missed = True
            if library.outside(wanted, folder):
                what = f"{quoted(wanted)} is not in this script's folder"
                raise ReadError(node.place, f"{what}; include a script from its folder, or a routine by name")
            names = library.include_names(folder)
            raise ReadError(node.place, f"there is no routine {quoted(wanted)} to include{closest(wanted, names)}")
        key = Path(os.path.realpath(path))
        if key in self._open:
            circle = [each.name for each in self._open[self._open.index(key) :]] + [key.name]
            raise ReadError(node.place, f"this includes itself: {' → '.join(circle)}; remove one of these includes")
        if len(self._open) > MAX_INCLUDE_DEPTH:
            message = f"includes are nested more than {MAX_INCLUDE_DEPTH} deep here; include this routine higher up"
            raise ReadError(node.place, message)
        routine = self.load(path)
        if routine is None:
            self.blocked.add(node.place)
            raise ReadError(node.place, f"{quoted(wanted)} has errors; correct them before including it")
        return routine


def _bytes(path: Path) -> bytes:
    try:
        return read_plain(path, MAX_FILE_BYTES)
    except OSError as error:
        raise RequestError(f"{path} can't be read: {(error.strerror or 'unknown').lower()}") from None
