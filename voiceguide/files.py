"""The last step: a name that every device takes, and a file that is there whole or not at all."""

from __future__ import annotations

import errno
import os
import stat
import unicodedata
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import BinaryIO

from voiceguide.errors import OutputError

_MAX_CHARACTERS = 100
# 255 bytes is what most file systems take; the rest is for the ending that the caller adds.
_MAX_BYTES = 240
_UNTITLED = "session"


def safe_name(title: str) -> str:
    """A file name, without ending, that FAT cards, Windows, macOS and Linux take; never empty.

    At most 100 characters and 240 bytes of UTF-8, and safe with an ending such as `.mp3` after it.
    """
    # Imported here for the start of those commands that write no file.
    from pathvalidate import sanitize_filename

    known = unicodedata.normalize("NFC", title.encode("utf-8", "ignore").decode("utf-8"))
    plain = "".join(" " if unicodedata.category(char) in ("Cc", "Cf", "Zl", "Zp") else char for char in known)
    name = sanitize_filename(plain, platform="universal", replacement_text=" ")
    name = " ".join(name.split())[:_MAX_CHARACTERS].encode()[:_MAX_BYTES].decode("utf-8", "ignore").strip(". ")
    # Once more: cut short or stripped, it may have become a reserved name such as CON, which "con .txt" is too.
    name = name.replace(" .", ".")
    return sanitize_filename(name, platform="universal", replacement_text=" ").strip(". ") or _UNTITLED


@contextmanager
def write_whole(path: str | os.PathLike[str]) -> Iterator[BinaryIO]:
    """A binary file to fill, readable and seekable, that becomes `path` when the block ends well.

    It is written under another name in the same folder and renamed at the end, so whatever goes wrong, an
    interruption included, leaves an older file as it was and nothing else behind. A link is written through.
    Raises OutputError, a plain sentence, where the system refuses to create, write or rename it.
    """
    wanted = Path(path)
    if "\0" in str(wanted):
        raise OutputError("The output's name has a NUL character in it. Choose another name.")
    # The link itself must not be replaced by a file.
    target = Path(os.path.realpath(wanted))
    temporary = target.with_name(f".voiceguide-{os.urandom(6).hex()}.part")
    try:
        _refuse_what_is_no_file(wanted, target)
        # Unlike tempfile's, this file gets the mode that the umask gives any new file.
        with temporary.open("x+b") as file:
            yield file
        temporary.replace(target)
    except OSError as error:
        # The block does other things too, and what goes wrong there is not ours to tell.
        about = None if error.filename is None else Path(os.fsdecode(error.filename))
        if about not in (temporary, target) and (about or error.errno not in _WRITING):
            raise
        raise OutputError(_sentence(error, wanted, target.parent)) from error
    finally:
        with suppress(OSError):
            temporary.unlink()


def _refuse_what_is_no_file(wanted: Path, target: Path) -> None:
    try:
        mode = target.stat().st_mode
    except FileNotFoundError:
        return
    # Renaming over a device such as /dev/null would put a file in its place.
    if not stat.S_ISREG(mode):
        kind = "a folder" if stat.S_ISDIR(mode) else "a device or a pipe"
        raise OutputError(f"{wanted} is {kind}, not a file to write. Give the name of a file.")


_NO_ROOM = "there is no room left on its drive. Free some, or write to another drive."
_NO_PERMISSION = "no permission for it in {folder}. Choose another folder."
_NO_FOLDER = "there is no folder {folder}. Create it, or choose another one."
_NO_FILES = "{folder} takes no new files. Choose another folder."
_READ_ONLY = "{folder} is read-only. Choose another folder."
_NAME_TOO_LONG = "its name is too long. Choose a shorter one."
_TOO_LARGE = "it would be larger than a file may be there. Choose another drive, or make a shorter session."
_BROKEN = "its drive reports an error. Write to another drive."
_OTHER = "{reason}. Choose another name or folder."

# What the system may say while bytes go to a file that is already open.
_WRITING = {
    errno.ENOSPC: _NO_ROOM,
    errno.EDQUOT: _NO_ROOM,
    errno.EFBIG: _TOO_LARGE,
    errno.EIO: _BROKEN,
}
_NAMING = {
    errno.EACCES: _NO_PERMISSION,
    errno.EPERM: _NO_PERMISSION,
    errno.EROFS: _READ_ONLY,
    errno.ENOENT: _NO_FOLDER,
    errno.ENOTDIR: _NO_FOLDER,
    errno.ENAMETOOLONG: _NAME_TOO_LONG,
}


def _sentence(error: OSError, path: Path, folder: Path) -> str:
    what = (_WRITING | _NAMING).get(error.errno or 0, _OTHER)
    if what == _NO_FOLDER and folder.is_dir():
        what = _NO_FILES  # such as /proc, where there is a name for every file and none can be added
    return f"{path} can't be written: " + what.format(folder=folder, reason=error.strerror or error)
