"""Where a finished track goes: what `-o` may be, names that any phone's file system takes, and what is not replaced.

A file that the user names is replaced, unless the session is made from it. A file that only has the title's name is
replaced if voiceguide wrote it; the name was our choice, so the file may be anybody's.
"""

from __future__ import annotations

import os
from collections.abc import Collection
from pathlib import Path

from voiceguide.errors import OutputError
from voiceguide.system.files import check_writable, safe_name, system_name

ENDING = ".mp3"
WRITER = "voiceguide"
"""What the tag of every file of ours says that it was encoded by."""

_HEAD = 1 << 16  # bytes of a file that are looked at: our tags name the writer before chapters and lyrics


def choose_target(
    out: str | Path | None, title: str, *, taken: Collection[Path] = (), inputs: Collection[Path] = ()
) -> tuple[Path, tuple[str, ...]]:
    """The file to write, and notes on why it is not called what one would expect.

    It is `out` itself where that ends in .mp3, else one named after the title in that folder. A folder that is named
    but not there is made; one with a dot in its name only if a slash follows, since it may be meant for a file.
    `taken` names are not used again, and `inputs` never: the next name gets a number.
    Raises OutputError for what can't be written, as far as that can be known beforehand.
    """
    if out is not None and str(out).casefold().endswith(ENDING) and not os.path.isdir(out):  # noqa: PTH112 - never raises
        path = Path(out)
        refuse_inputs(path, (*inputs, *taken))
        check_writable(path)
        return path, ()
    path, notes = _find_free_name(_make_folder(out), safe_name(title), taken, inputs)
    check_writable(path)
    return path, notes


def refuse_inputs(path: Path, inputs: Collection[Path]) -> None:
    """Raises OutputError if a file that is to be written is one of these, by whatever name or link."""
    same = _find_same(path, inputs)
    if same is not None:
        known = "" if same == path else f" ({same})"
        raise OutputError(f"{path} is a file that this session is made from{known}. Give the output another name.")


def is_ours(path: Path) -> bool:
    """Whether voiceguide wrote a file, by what its ID3 tag says of its encoder."""
    try:
        with path.open("rb") as file:
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
        raise OutputError(f"the folder {out} can't be made: {reason}. Choose another one.") from None
    return folder


def _find_free_name(
    folder: Path, name: str, taken: Collection[Path], inputs: Collection[Path]
) -> tuple[Path, tuple[str, ...]]:
    notes: list[str] = []
    path, number = folder / system_name(f"{name}{ENDING}"), 2
    while os.path.lexists(path) or path in taken:  # a broken link is there too
        if _find_same(path, taken) is None:
            if _find_same(path, inputs) is not None:
                why = "is a file that this session is made from"
            elif not is_ours(path):
                why = "was not made by voiceguide"
            else:
                break
            notes.append(f"{path} {why}, so it stays as it is")
        path, number = folder / system_name(f"{name} {number}{ENDING}"), number + 1
    return path, tuple(notes)


def _find_same(path: Path, others: Collection[Path]) -> Path | None:
    """Which of these files `path` is: by its name, a link, or letters whose case the file system does not tell."""
    for each in others:
        try:
            if path == each or os.path.samefile(path, each):  # noqa: PTH121 - as with the others
                return each
        except (OSError, ValueError):  # one of them is not there, or can't be
            continue
    return None


def _read_encoder(head: bytes) -> str:
    """What the encoder's frame (TSSE) of an ID3v2.3 or 2.4 tag says; nothing where there is none."""
    if head[:4] not in (b"ID3\3", b"ID3\4"):
        return ""
    # 2.4 leaves the highest bit of each byte of a size unused.
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
