"""Where temporary files go: where Python puts them, but found without leaving anything behind.

Python's own `tempfile.gettempdir` tries a folder by writing a file there; a process that is killed just then leaves it,
and nobody knows later whose it was. Here a file without a name does, where the system has such files.
"""

from __future__ import annotations

import os
import sys
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path


def temporary_root() -> Path:
    """The folder for temporary files. Raises OSError where there is none that can be written."""
    import tempfile

    if tempfile.tempdir is None:
        tempfile.tempdir = next(filter(_usable, _candidates()), None)
    return Path(tempfile.gettempdir())  # looks for one itself, in its own way, where none was found


def _candidates() -> Iterator[str]:
    """The folders that Python looks at, in its order."""
    if sys.platform == "win32":  # it has more of them there, and no files without a name
        return
    named = (os.environ.get(name) for name in ("TMPDIR", "TEMP", "TMP"))
    for folder in (*named, "/tmp", "/var/tmp", "/usr/tmp", os.curdir):
        if folder:
            with suppress(OSError):  # a relative one, in a current folder that was deleted
                yield os.path.abspath(folder)  # noqa: PTH100 - as text, as `tempfile` has it


def _usable(folder: str) -> bool:
    nameless = getattr(os, "O_TMPFILE", None)
    if nameless is None:
        return False
    # Not every file system has them; then Python finds out for itself.
    with suppress(OSError):
        descriptor = os.open(folder, os.O_RDWR | nameless, 0o600)
        try:
            return os.write(descriptor, b"x") == 1
        finally:
            os.close(descriptor)
    return False
