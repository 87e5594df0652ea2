"""The paths of espeak-ng's library and data. Used by the child and its parent, so it imports very little."""

from __future__ import annotations

import importlib.util
import os
import sys
from pathlib import Path

from voiceguide.voices.wire import Refusal

SYSTEM_VARIABLE = "VOICEGUIDE_ESPEAK"
"""If this environment variable is `system`, the computer's own espeak-ng is used instead of the one in the wheel."""

_LIBRARIES = {"win32": "espeak-ng.dll", "darwin": "libespeak-ng.dylib"}
_PATH_LIMIT = 160  # the size of espeak's buffer; espeak exits the process if a path is longer


def wants_system() -> bool:
    """Whether to use the computer's own espeak-ng. Raises Refusal for an invalid value of the variable."""
    value = os.environ.get(SYSTEM_VARIABLE, "").strip().casefold()
    if value not in {"", "system", "bundled"}:
        raise Refusal(f'{SYSTEM_VARIABLE} is "{value}"; expected "system" or "bundled"')
    return value == "system"


def find_bundled() -> tuple[Path, Path]:
    """The library file and the data folder that come with voiceguide. Raises Refusal if either can't be used."""
    # Only found, not imported, because importing it is slow.
    spec = importlib.util.find_spec("espeakng_loader")
    if spec is None or spec.origin is None:
        raise Refusal(
            "the voice is missing: the package espeakng-loader is not installed; install voiceguide again, or set "
            f"{SYSTEM_VARIABLE}=system to use this computer's own espeak-ng"
        )
    return check_folder(Path(spec.origin).parent)


def check_folder(folder: Path) -> tuple[Path, Path]:
    """The library and the data in `folder`. Raises Refusal if one is missing or its path is too long for espeak."""
    library, data = folder / _LIBRARIES.get(sys.platform, "libespeak-ng.so"), folder / "espeak-ng-data"
    if not library.is_file() or not (data / "phontab").is_file():
        raise Refusal(
            f"the voice in {folder} is incomplete; install the package espeakng-loader again, or set "
            f"{SYSTEM_VARIABLE}=system to use this computer's own espeak-ng"
        )
    if len(os.fsencode(data)) >= _PATH_LIMIT:
        raise Refusal(
            f"the voice can't be read from a path of {_PATH_LIMIT} or more characters, {data}; install voiceguide in "
            f"a folder with a shorter path, or set {SYSTEM_VARIABLE}=system"
        )
    return library, data
