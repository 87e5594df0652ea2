"""Chooses the path of the output file: what `-o` may be, portable file names, and which files are not replaced.

A file that the user names is replaced, unless it is an input of the session. A file named after the title is replaced
only if voiceguide wrote it: we chose the name, so the file may be something else.
"""

from __future__ import annotations

import os
import unicodedata
from collections.abc import Collection
from pathlib import Path

from voiceguide.errors import OutputError
from voiceguide.system.files import check_writable, safe_name
from voiceguide.system.names import plain_name, refuse_impossible, system_name
from voiceguide.system.reading import open_plain

ENDING = ".mp3"
WRITER = "voiceguide"
"""The encoder named in the tag of every file that voiceguide writes."""

_HEAD = 1 << 16  # bytes of a file that are read: our tags name the writer before chapters and lyrics


def choose_target(
    out: str | Path | None, title: str, *, taken: Collection[Path] = (), inputs: Collection[Path] = ()
) -> tuple[Path, tuple[str, ...]]:
    """The file to write, and notes on why it doesn't have the expected name.

    It is `out` itself if that ends in .mp3, otherwise a file named after the title in the folder `out`. A missing
    folder is created; if its name contains a dot, only if a slash follows, because it may be meant as a file.
    Names in `taken` and `inputs` are not used, nor names that a memory card takes for one in `taken`: a number is added
    instead.
    Raises OutputError for a path that can't be written, as far as this can be checked in advance.
    """
    if out is not None:
        refuse_impossible(out)
    if out is not None and str(out).casefold().endswith(ENDING) and not os.path.isdir(out):  # noqa: PTH112 - never raises
        path = Path(out)
        refuse_inputs(path, (*inputs, *taken))
        check_writable(path)
        return path, ()
    path, notes = _find_free_name(_make_folder(out), safe_name(title), taken, inputs)
    check_writable(path)
    return path, notes


def refuse_inputs(path: Path, inputs: Collection[Path]) -> None:
    """Raise OutputError if `path` is one of these files, under any name or link."""
    same = _find_same(path, inputs)
    if same is not None:
        known = "" if same == path else f" ({same})"
        raise OutputError(f"{path} is a file that this session is made from{known}. Give the output another name.")


def is_ours(path: Path) -> bool:
    """Whether voiceguide wrote a file, according to the encoder in its ID3 tag."""
    try:
        with open_plain(path) as file:
            return _read_encoder(file.read(_HEAD)).startswith(WRITER)
    except OSError:
        return False


def _make_folder(out: str | Path | None) -> Path:
    folder = Path() if out is None else Path(out)
    if folder.suffix and not os.path.exists(folder) and not str(out).endswith(("/", os.sep)):  # noqa: PTH110 - never raises
        raise OutputError(f"{out}: expected a file ending in .mp3, or a folder; sessions are MP3 files")
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except FileExistsError:
        raise OutputError(f"{out} is a file; expected a folder, or a file ending in .mp3") from None
    except OSError as error:
        reason = (error.strerror or "unknown").lower()
        raise OutputError(f"the folder {out} can't be created: {reason}. Choose another one.") from None
    return folder


def _find_free_name(
    folder: Path, name: str, taken: Collection[Path], inputs: Collection[Path]
) -> tuple[Path, tuple[str, ...]]:
    notes: list[str] = []
    path, number = folder / system_name(f"{name}{ENDING}"), 2
    while (alike := _find_alike(path, taken)) or os.path.lexists(path):  # a broken link exists too
        if alike is not None and alike != path:
            notes.append(f"{path} and {alike} are one name on a memory card, so this session's has a number")
        elif alike is None and _find_same(path, taken) is None:
            if _find_same(path, inputs) is not None:
                why = "is a file that this session is made from"
            elif not is_ours(path):
                why = "was not made by voiceguide"
            else:
                break
            notes.append(f"{path} {why}, so it is not replaced")
        path, number = folder / system_name(f"{name} {number}{ENDING}"), number + 1
    return path, tuple(notes)


def _find_alike(path: Path, taken: Collection[Path]) -> Path | None:
    """The file among `taken`, in the same folder, whose name differs at most in capitals and in how accents are coded.

    Where files are copied to (a card, a phone, a Mac), one of the two would overwrite the other.
    """
    name = _fold(path)
    return next((each for each in taken if each.parent == path.parent and _fold(each) == name), None)


def _fold(path: Path) -> str:
    return unicodedata.normalize("NFC", unicodedata.normalize("NFC", plain_name(path.name)).casefold())


def _find_same(path: Path, others: Collection[Path]) -> Path | None:
    """The file among `others` that `path` refers to: by name, by link, or on a case-insensitive file system."""
    for each in others:
        try:
            if path == each or os.path.samefile(path, each):  # noqa: PTH121 - as with the others
                return each
        except (OSError, ValueError):  # one of them is missing, or its name is invalid
            continue
    return None


def _read_encoder(head: bytes) -> str:
    """The text of the encoder frame (TSSE) of an ID3v2.3 or 2.4 tag; empty if there is none."""
    if head[:4] not in (b"ID3\3", b"ID3\4"):
        return ""
    # ID3v2.4 doesn't use the highest bit of each byte of a size.
    bits = 8 if head[3] == 3 else 7
    place = 10
    while (frame := head[place : place + 4]).isalnum():
        size = 0
        for byte in head[place + 4 : place + 8]:
            size = size << bits | byte
        if frame == b"TSSE":
            value = head[place + 11 : place + 10 + size]
            codec = ("latin-1", "utf-16", "utf-16-be", "utf-8")[head[place + 10] & 3] if value else "latin-1"
            return value.decode(codec, "replace").strip("\0")
        place += 10 + size
    return ""
