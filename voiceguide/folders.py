"""The user's own folders: what is cached, what is theirs, what they prefer. The bottom of the package.

`platformdirs` knows them on every system. Where they follow the XDG rules, that is two lines, and importing it takes a
twentieth of a warm command; so there the two lines come first.
"""

from __future__ import annotations

import os
import sys
from pathlib import Path
from typing import Literal

_NAME = "voiceguide"
_HOMES = {"cache": ".cache", "data": ".local/share", "config": ".config"}


def user_folder(kind: Literal["cache", "data", "config"]) -> Path:
    """voiceguide's folder of one kind; it need not exist."""
    if sys.platform == "linux" and "ANDROID_DATA" not in os.environ:
        given, home = os.environ.get(f"XDG_{kind.upper()}_HOME", ""), os.environ.get("HOME", "")
        # The plain cases; what to make of a relative path, or of no home at all, platformdirs knows.
        if given.startswith("/") and given == given.strip():
            return Path(given, _NAME)
        if not given and home.startswith("/"):
            return Path(home, _HOMES[kind], _NAME)
    import platformdirs

    known = {
        "cache": platformdirs.user_cache_dir,
        "data": platformdirs.user_data_dir,
        "config": platformdirs.user_config_dir,
    }
    return Path(known[kind](_NAME, appauthor=False))
