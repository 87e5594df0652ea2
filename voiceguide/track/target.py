"""Where a finished track goes: what `-o` may be, and names that any phone's file system takes."""

from __future__ import annotations

import os
from pathlib import Path

from voiceguide.errors import OutputError
from voiceguide.files import safe_name

ENDING = ".mp3"


def target(out: str | Path | None, title: str, taken: frozenset[Path] = frozenset()) -> Path:
    """The file to write: `out` itself where it ends in .mp3, else one named after the title in that folder.

    A folder that is named but not there is made; one with a dot in its name only if a slash follows, since it may be
    meant for a file. `taken` names are not used again: the next one gets a number.
    Raises OutputError where the folder can't be made or is none.
    """
    if out is not None and str(out).casefold().endswith(ENDING) and not Path(out).is_dir():
        return Path(out)
    folder = Path() if out is None else Path(out)
    if folder.suffix and not folder.exists() and not str(out).endswith(("/", os.sep)):
        raise OutputError(f"{out}: expected a file ending in .mp3, or a folder; sessions are MP3 files")
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except FileExistsError:
        raise OutputError(f"{out} is a file; expected a folder, or a file ending in .mp3") from None
    except OSError as error:
        reason = (error.strerror or "unknown").lower()
        raise OutputError(f"the folder {out} can't be made: {reason}. Choose another one.") from None
    name = safe_name(title)
    path, number = folder / f"{name}{ENDING}", 2
    while path in taken:
        path, number = folder / f"{name} {number}{ENDING}", number + 1
    return path
