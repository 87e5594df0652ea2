"""Write files atomically, under names that are valid on every device.

Every file is written by `replacing`: into a part file in the same file system, which is renamed at the end. A user's
file (`write_whole`) is synced to the disk before it is renamed, so that a power cut leaves either the old file or the
new one; the store's entries have digests, so they need no sync.

A killed process can't clean up. Part files and temporary folders are locked by their owner, and the system releases a
lock when the process ends; the next run removes the unlocked ones.
"""

from __future__ import annotations

import errno
import os
import re
import stat
import sys
import unicodedata
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import BinaryIO

from voiceguide.errors import OutputError
from voiceguide.system.leftovers import abandoned, hold, register, release, temporary_root
from voiceguide.system.names import refuse_impossible

_MAX_CHARACTERS = 100
# Most file systems allow 255 bytes; the rest is for the ending that the caller adds.
_MAX_BYTES = 240
_UNTITLED = "session"


_PART = re.compile(r"\.voiceguide-[0-9a-f]{12}\.part")
_FOLDER = re.compile(r"voiceguide-[0-9a-f]{12}\.tmp")


def safe_name(title: str) -> str:
    """Convert a title to a file name, without ending, that FAT cards, Windows, macOS and Linux accept; never empty.

    At most 100 characters and 240 bytes of UTF-8, and safe with an ending such as `.mp3` after it.
    """
    known = unicodedata.normalize("NFC", title.encode("utf-8", "ignore").decode("utf-8"))
    plain = "".join(" " if unicodedata.category(char) in ("Cc", "Cf", "Zl", "Zp") else char for char in known)
    name = _sanitized(plain)
    name = " ".join(name.split())[:_MAX_CHARACTERS].encode()[:_MAX_BYTES].decode("utf-8", "ignore").strip(". ")
    # Sanitize it again: after cutting and stripping it may be a reserved name such as CON, as "con .txt" is too.
    name = name.replace(" .", ".")
    return _sanitized(name).strip(". ") or _UNTITLED


def _sanitized(name: str) -> str:
    # Imported here because many commands write no file.
    from pathvalidate import sanitize_filename

    # UTF-8 in any locale, because the file may be copied to another computer.
    return str(sanitize_filename(name, platform="universal", replacement_text=" ", fs_encoding="utf-8"))


@contextmanager
def write_whole(path: str | os.PathLike[str]) -> Iterator[BinaryIO]:
    """Open a binary file for writing, readable and seekable, that becomes `path` if the block succeeds.

    After an error or an interruption, an older file is unchanged and nothing else is left behind. A link is followed.
    Raises OutputError if the file can't be created, written or renamed.
    """
    wanted = Path(path)
    target = _real(wanted)
    try:
        _refuse_special_file(wanted, target)
        collect_parts(target.parent)
        with replacing(target, durable=True) as file:
            yield file
    except OSError as error:
        # The block may raise errors that are not about this file.
        if not _is_about(error, target):
            raise
        raise OutputError(_sentence(error, wanted, target.parent)) from error


def write_text_whole(path: str | os.PathLike[str], text: str) -> None:
    """Write a text as UTF-8, with line ends unchanged, as `write_whole` does. Raises OutputError."""
    with write_whole(path) as file:
        file.write(text.encode("utf-8", "replace"))


def check_writable(path: str | os.PathLike[str]) -> None:
    """Check that a file can be written, before the work for it is done. Raises OutputError.

    The only reliable way is to try: a part file is created beside it and removed again.
    """
    wanted = Path(path)
    target = _real(wanted)
    try:
        _refuse_special_file(wanted, target)
        collect_parts(target.parent)
        with _part_file(target.parent):
            pass
    except OSError as error:
        raise OutputError(_sentence(error, wanted, target.parent)) from error


def check_room(path: str | os.PathLike[str], size: int) -> None:
    """Raises OutputError if the drive has less than `size` bytes free; does nothing if the system can't tell."""
    import shutil

    wanted = Path(path)
    try:
        free = shutil.disk_usage(_real(wanted).parent).free
    except OSError:  # some file systems don't report it; then writing may fail
        return
    if free < size:
        raise OutputError(f"{wanted} can't be written: {_NO_ROOM}")


@contextmanager
def replacing(target: Path, *, durable: bool, beside: Path | None = None) -> Iterator[BinaryIO]:
    """As `write_whole`, for a path that is not a link, but raises OSError.

    durable: whether the file is synced to the disk before it is renamed. beside: the folder for the part file, on the
    same drive; the target's own if None.
    """
    with _part_file(beside or target.parent) as (file, part):
        yield file
        file.flush()
        if durable:
            _sync(file.fileno())
        if sys.platform == "win32":
            file.close()  # Windows can't rename an open file
        # Renamed while it is still locked: an unlocked part file may be removed by another process.
        part.replace(target)
    if durable and sys.platform != "win32":
        with suppress(OSError):  # sync the rename too; some file systems can't sync folders
            _sync_folder(target.parent)


@contextmanager
def temporary_folder() -> Iterator[Path]:
    """A temporary folder that exists for the duration of the context. Raises OutputError if it can't be created."""
    import shutil

    folder, lock = _make_temporary_folder()
    try:
        yield folder
    finally:
        _clean_up(lambda: shutil.rmtree(folder, ignore_errors=True))
        release(folder)
        if lock is not None:
            os.close(lock)


def collect_parts(folder: Path) -> None:
    """Remove the part files in a folder whose owners have ended."""
    with suppress(OSError), os.scandir(folder) as entries:
        for entry in entries:
            if _PART.fullmatch(entry.name) and entry.is_file(follow_symlinks=False):
                with suppress(OSError), abandoned(entry) as free:
                    if free:
                        Path(entry.path).unlink()


def collect_temporary_folders() -> None:
    """Remove voiceguide's temporary folders whose owners have ended."""
    import shutil

    with suppress(OSError), os.scandir(temporary_root()) as entries:
        for entry in entries:
            if _FOLDER.fullmatch(entry.name) and entry.is_dir(follow_symlinks=False):
                with suppress(OSError), abandoned(entry) as free:
                    if free:
                        shutil.rmtree(entry.path, ignore_errors=True)


@contextmanager
def _part_file(folder: Path) -> Iterator[tuple[BinaryIO, Path]]:
    """A locked part file, removed at the end unless it was renamed."""
    file, part = _open_part(folder)
    try:
        with file:
            yield file, part
    finally:
        _clean_up(part.unlink)
        release(part)


def _clean_up(work: Callable[[], object]) -> None:
    """Run a clean-up, and run it again if a signal interrupts it."""
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
        register(part)
        try:
            # Unlike tempfile's, this file gets the mode that the umask gives any new file.
            file = part.open("x+b")
            if hold(file.fileno()) is not False and part.exists():
                return file, part
            file.close()  # before it was locked, another process treated it as abandoned
            release(part)
        except BaseException:
            with suppress(OSError):
                part.unlink()
            release(part)
            raise


def _make_temporary_folder() -> tuple[Path, int | None]:
    try:
        root = temporary_root()
        while True:
            folder = root / f"voiceguide-{os.urandom(6).hex()}.tmp"
            register(folder)
            folder.mkdir(0o700)
            if sys.platform == "win32":
                return folder, None
            # Before it is locked, another process may treat it as abandoned and remove it.
            with suppress(FileNotFoundError):
                lock = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
                if hold(lock) is not False and folder.exists():
                    return folder, lock
                os.close(lock)
            release(folder)
    except OSError as error:
        what = f"no temporary folder can be created: {(error.strerror or str(error)).lower()}"
        raise OutputError(f"{what}; set TMPDIR to a writable folder") from None


def _sync(descriptor: int) -> None:
    try:
        os.fsync(descriptor)
    except OSError as error:
        if error.errno in _WRITING:
            raise
        # Some network drives can't sync; the file is still written.


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
        raise OutputError(f"{wanted} can't be written: the current folder was deleted; use another folder") from None


def _refuse_special_file(wanted: Path, target: Path) -> None:
    try:
        mode = target.stat().st_mode
    except FileNotFoundError:
        return
    # Renaming to the path of a device such as /dev/null would replace it.
    if not stat.S_ISREG(mode):
        kind = "a folder" if stat.S_ISDIR(mode) else "a device or a pipe"
        raise OutputError(f"{wanted} is {kind}; expected the name of a file to write")


_NO_ROOM = "there is no space left on its drive; free some space, or write to another drive"
_NO_PERMISSION = "no permission to write in {folder}; choose another folder"
_NO_FOLDER = "there is no folder {folder}; create it, or choose another one"
_NO_FILES = "{folder} does not accept new files; choose another folder"
_READ_ONLY = "{folder} is read-only; choose another folder"
_NAME_TOO_LONG = "its name is too long; choose a shorter one"
_TOO_LARGE = "it exceeds the maximum file size of its drive; choose another drive, or make a shorter session"
_BROKEN = "its drive reports an error; write to another drive"
_OTHER = "{reason}; choose another name or folder"

# Errors that may occur while writing to an open file.
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
    """Whether an error that occurred while writing `target` is about that file."""
    if error.filename is None:
        return error.errno in _WRITING
    about = Path(os.fsdecode(error.filename))
    return about == target or (about.parent == target.parent and _PART.fullmatch(about.name) is not None)


def _sentence(error: OSError, path: Path, folder: Path) -> str:
    what = (_WRITING | _NAMING).get(error.errno or 0, _OTHER)
    if what == _NO_FOLDER and folder.is_dir():
        what = _NO_FILES  # such as /proc, which reports a missing file instead of a missing permission
    return f"{path} can't be written: " + what.format(folder=folder, reason=error.strerror or error)
