"""The last step: a name that every device takes, and a file that is there whole or not at all.

Everything that voiceguide writes goes through `replacing`: into a part file in the same file system, renamed at the
end. What a user asked for (`write_whole`) is on the disk before it gets its name, so that a power cut leaves the older
file or the new one; the store's entries carry digests and need no such wait.

A killed process can't clean up after itself. Part files and temporary folders are locked for as long as their owner
lives, and the system drops a lock with its owner; the next run removes those that nobody holds.
"""

from __future__ import annotations

import errno
import os
import re
import stat
import sys
import time
import unicodedata
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import BinaryIO

from voiceguide.errors import OutputError
from voiceguide.system.names import refuse_impossible
from voiceguide.system.temporary import temporary_root

_MAX_CHARACTERS = 100
# 255 bytes is what most file systems take; the rest is for the ending that the caller adds.
_MAX_BYTES = 240
_UNTITLED = "session"

STALE_AFTER = 86_400  # seconds; where locks can't be had, what nobody has written to for so long has no owner

_PART = re.compile(r"\.voiceguide-[0-9a-f]{12}\.part")
_FOLDER = re.compile(r"voiceguide-[0-9a-f]{12}\.tmp")


def safe_name(title: str) -> str:
    """A file name, without ending, that FAT cards, Windows, macOS and Linux take; never empty.

    At most 100 characters and 240 bytes of UTF-8, and safe with an ending such as `.mp3` after it.
    """
    known = unicodedata.normalize("NFC", title.encode("utf-8", "ignore").decode("utf-8"))
    plain = "".join(" " if unicodedata.category(char) in ("Cc", "Cf", "Zl", "Zp") else char for char in known)
    name = _sanitized(plain)
    name = " ".join(name.split())[:_MAX_CHARACTERS].encode()[:_MAX_BYTES].decode("utf-8", "ignore").strip(". ")
    # Once more: cut short or stripped, it may have become a reserved name such as CON, which "con .txt" is too.
    name = name.replace(" .", ".")
    return _sanitized(name).strip(". ") or _UNTITLED


def _sanitized(name: str) -> str:
    # Imported here for the start of those commands that write no file.
    from pathvalidate import sanitize_filename

    # Whatever this computer's locale: the file may go to another.
    return str(sanitize_filename(name, platform="universal", replacement_text=" ", fs_encoding="utf-8"))


@contextmanager
def write_whole(path: str | os.PathLike[str]) -> Iterator[BinaryIO]:
    """A binary file to fill, readable and seekable, that becomes `path` when the block ends well.

    Whatever goes wrong, an interruption included, leaves an older file as it was and nothing else behind. A link is
    written through. Raises OutputError, a plain sentence, where the system refuses to create, write or rename it.
    """
    wanted = Path(path)
    target = _real(wanted)
    try:
        _refuse_what_is_no_file(wanted, target)
        collect_parts(target.parent)
        with replacing(target, durable=True) as file:
            yield file
    except OSError as error:
        # The block does other things too, and what goes wrong there is not ours to tell.
        if not _is_about(error, target):
            raise
        raise OutputError(_sentence(error, wanted, target.parent)) from error


def write_text_whole(path: str | os.PathLike[str], text: str) -> None:
    """Write a text as UTF-8 with plain line ends, whole or not at all. Raises OutputError as `write_whole` does."""
    with write_whole(path) as file:
        file.write(text.encode("utf-8", "replace"))


def check_writable(path: str | os.PathLike[str]) -> None:
    """Find out now whether a file can be written, before any work is done for it. Raises OutputError.

    The one sure way is to try: a part file is created beside it and removed again.
    """
    wanted = Path(path)
    target = _real(wanted)
    try:
        _refuse_what_is_no_file(wanted, target)
        collect_parts(target.parent)
        with _part_file(target.parent):
            pass
    except OSError as error:
        raise OutputError(_sentence(error, wanted, target.parent)) from error


def check_room(path: str | os.PathLike[str], size: int) -> None:
    """Raises OutputError where the drive has no room for `size` bytes more, as far as the system tells."""
    import shutil

    wanted = Path(path)
    try:
        free = shutil.disk_usage(_real(wanted).parent).free
    except OSError:  # not every file system says; writing will
        return
    if free < size:
        raise OutputError(f"{wanted} can't be written: {_NO_ROOM}")


@contextmanager
def replacing(target: Path, *, durable: bool, beside: Path | None = None) -> Iterator[BinaryIO]:
    """The same as `write_whole` for a path that is no link, with the system's own errors.

    durable: whether its bytes are on the disk before it gets its name. beside: the folder for the part file, on the
    same drive; the target's own if None.
    """
    with _part_file(beside or target.parent) as (file, part):
        yield file
        file.flush()
        if durable:
            _sync(file.fileno())
        if sys.platform == "win32":
            file.close()  # where a file that is open can't be renamed
        # While it is still locked: a file that nobody holds could be collected.
        part.replace(target)
    if durable and sys.platform != "win32":
        with suppress(OSError):  # the rename too; not every file system syncs folders
            _sync_folder(target.parent)


@contextmanager
def temporary_folder() -> Iterator[Path]:
    """A folder of our own for as long as the context lasts. Raises OutputError where none can be made."""
    import shutil

    folder, lock = _make_temporary_folder()
    try:
        yield folder
    finally:
        _clean_up(lambda: shutil.rmtree(folder, ignore_errors=True))
        if lock is not None:
            os.close(lock)


def collect_parts(folder: Path) -> None:
    """Remove the part files in a folder whose owners are gone."""
    with suppress(OSError), os.scandir(folder) as entries:
        for entry in entries:
            if _PART.fullmatch(entry.name) and entry.is_file(follow_symlinks=False):
                with suppress(OSError), _abandoned(entry) as abandoned:
                    if abandoned:
                        Path(entry.path).unlink()


def collect_temporary_folders() -> None:
    """Remove the temporary folders of ours whose owners are gone."""
    import shutil

    with suppress(OSError), os.scandir(temporary_root()) as entries:
        for entry in entries:
            if _FOLDER.fullmatch(entry.name) and entry.is_dir(follow_symlinks=False):
                with suppress(OSError), _abandoned(entry) as abandoned:
                    if abandoned:
                        shutil.rmtree(entry.path, ignore_errors=True)


@contextmanager
def _part_file(folder: Path) -> Iterator[tuple[BinaryIO, Path]]:
    """A locked part file, gone at the end unless it has been renamed."""
    file, part = _open_part(folder)
    try:
        with file:
            yield file, part
    finally:
        _clean_up(part.unlink)


def _clean_up(work: Callable[[], object]) -> None:
    """Do the last thing, again if it is interrupted: the first signal may well come just then."""
    try:
        with suppress(OSError):
            work()
    except BaseException:
        with suppress(OSError):
            work()
        raise


def _open_part(folder: Path) -> tuple[BinaryIO, Path]:
    while True:
        part = folder / f".voiceguide-{os.urandom(6).hex()}.part"
        try:
            # Unlike tempfile's, this file gets the mode that the umask gives any new file.
            file = part.open("x+b")
            if _hold(file.fileno()) is not False and part.exists():
                return file, part
            file.close()  # in the moment before it was locked, another process took it for abandoned
        except BaseException:
            with suppress(OSError):
                part.unlink()
            raise


def _make_temporary_folder() -> tuple[Path, int | None]:
    try:
        root = temporary_root()
        while True:
            folder = root / f"voiceguide-{os.urandom(6).hex()}.tmp"
            folder.mkdir(0o700)
            if sys.platform == "win32":
                return folder, None
            lock = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
            if _hold(lock) is not False and folder.exists():
                return folder, lock
            os.close(lock)
    except OSError as error:
        what = f"there is no folder for temporary files: {(error.strerror or str(error)).lower()}"
        raise OutputError(f"{what}. Set TMPDIR to a folder that can be written.") from None


def _hold(descriptor: int) -> bool | None:
    """Lock a file or folder for as long as it is open; False if another process has, None where there are no locks."""
    if sys.platform == "win32":
        return None
    import fcntl

    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    except OSError:
        return None
    return True


@contextmanager
def _abandoned(entry: os.DirEntry[str]) -> Iterator[bool]:
    """Whether nobody holds a part file or a temporary folder; nobody can take it before the context ends."""
    if sys.platform == "win32":
        # A file that is open can't be deleted there, so those that live are safe from us.
        yield _is_stale(entry)
        return
    descriptor = os.open(entry.path, os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK)
    try:
        held = _hold(descriptor)
        yield _is_stale(entry) if held is None else held
    finally:
        os.close(descriptor)


def _is_stale(entry: os.DirEntry[str]) -> bool:
    return time.time() - entry.stat(follow_symlinks=False).st_mtime > STALE_AFTER


def _sync(descriptor: int) -> None:
    try:
        os.fsync(descriptor)
    except OSError as error:
        if error.errno in _WRITING:
            raise
        # What can't be synced, as on some network drives, is written as well as it can be.


def _sync_folder(folder: Path) -> None:
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def _real(wanted: Path) -> Path:
    """Where a path leads: a link itself must not be replaced by a file."""
    refuse_impossible(wanted)
    try:
        return Path(os.path.realpath(wanted))
    except FileNotFoundError:
        raise OutputError(f"{wanted} can't be written: the current folder was deleted. Change to another.") from None


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


def _is_about(error: OSError, target: Path) -> bool:
    """Whether an error in writing `target` is about that, and not about something else that was done meanwhile."""
    if error.filename is None:
        return error.errno in _WRITING
    about = Path(os.fsdecode(error.filename))
    return about == target or (about.parent == target.parent and _PART.fullmatch(about.name) is not None)


def _sentence(error: OSError, path: Path, folder: Path) -> str:
    what = (_WRITING | _NAMING).get(error.errno or 0, _OTHER)
    if what == _NO_FOLDER and folder.is_dir():
        what = _NO_FILES  # such as /proc, where there is a name for every file and none can be added
    return f"{path} can't be written: " + what.format(folder=folder, reason=error.strerror or error)
