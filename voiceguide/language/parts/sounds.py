"""Sounds and beds: the files that a script names."""

from __future__ import annotations

from pathlib import Path

from voiceguide import library
from voiceguide.errors import quoted
from voiceguide.language.document import Node, Scalar
from voiceguide.language.kinds import ReadError, closest, expected
from voiceguide.routine.model import Bed, Sound


class MissingError(ReadError):
    """A file that a script names is not there; it may be later."""


def read_sound(node: Node, folder: Path) -> Sound:
    """A sound by name, or a file of the script's folder."""
    if not isinstance(node, Scalar) or not node.text.strip():
        raise expected(node, "a sound such as bell, or a file beside the script")
    wanted = node.raw.strip()
    path = library.sound(wanted, folder)
    if path is None:
        names = library.sound_names()
        raise MissingError(node.place, f"there is no sound {quoted(wanted)} here{closest(wanted, names)}")
    return Sound(wanted, path)


def read_bed(node: Node, folder: Path) -> Bed:
    """A generated bed by name, or a music file of the script's folder."""
    if not isinstance(node, Scalar) or not node.text.strip():
        raise expected(node, f"one of {', '.join(library.BEDS)}, or a music file beside the script")
    wanted = node.raw.strip()
    if wanted in library.BEDS:
        return Bed(wanted)
    path = library.music(wanted, folder)
    if path is None:
        raise MissingError(node.place, f"there is no bed or music file {quoted(wanted)}{closest(wanted, library.BEDS)}")
    return Bed(path.stem, path)
