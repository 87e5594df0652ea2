"""Names as this system's paths have them, whatever the locale; and those that no path can have."""

from __future__ import annotations

import os

from voiceguide.errors import OutputError


def system_name(name: str) -> str:
    """A name as this system's paths have it: in a locale without UTF-8 its bytes are those of UTF-8 all the same."""
    try:
        os.fsencode(name)
    except UnicodeEncodeError:
        return os.fsdecode(name.encode("utf-8", "surrogateescape"))
    return name


def plain_name(name: str) -> str:
    """The opposite: the letters of a name that came from outside, in a locale that does not know them."""
    try:
        return os.fsencode(name).decode("utf-8")
    except UnicodeError:
        return name


def refuse_impossible(path: str | os.PathLike[str]) -> None:
    """Raises OutputError for a path that no file can have: with a NUL in it, or with half of a surrogate pair."""
    try:
        if b"\0" not in os.fsencode(path):
            return
    except UnicodeEncodeError:
        pass
    raise OutputError(f"{os.fspath(path)} can't be written: no file can have this name. Choose another one.")
