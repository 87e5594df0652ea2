"""Where espeak-ng's library and data lie. Shared by the child and its parent, so it imports next to nothing."""

from __future__ import annotations

import importlib.util
import os
import sys
from pathlib import Path

from voiceguide.voices.wire import Refusal

SYSTEM_VARIABLE = "VOICEGUIDE_ESPEAK"
"""Set to `system`, this environment variable takes the computer's own espeak-ng instead of the one in the wheel."""

_LIBRARIES = {"win32": "espeak-ng.dll", "darwin": "libespeak-ng.dylib"}
_PATH_LIMIT = 160  # espeak's own buffer; it ends the whole process when a path does not fit


def wants_system() -> bool:
    """Whether the listener asked for the computer's own espeak-ng."""
    wish = os.environ.get(SYSTEM_VARIABLE, "").strip().casefold()
    if wish not in {"", "system", "bundled"}:
        raise Refusal(f'{SYSTEM_VARIABLE} is "{wish}"; expected "system" or "bundled".')
    return wish == "system"


def find_bundled() -> tuple[Path, Path]:
    """The library file and the data folder that came with voiceguide. Raises Refusal where either can't be used."""
    # Only found, not imported: importing it costs more than the whole question.
    spec = importlib.util.find_spec("espeakng_loader")
    if spec is None or spec.origin is None:
        raise Refusal(
            "The voice is missing: the package espeakng-loader is not installed. Install voiceguide again, or set "
            f"{SYSTEM_VARIABLE}=system to use this computer's own espeak-ng."
        )
    return check_folder(Path(spec.origin).parent)


def check_folder(folder: Path) -> tuple[Path, Path]:
    """The library and the data in `folder`, if both are whole and espeak can take their path."""
    library, data = folder / _LIBRARIES.get(sys.platform, "libespeak-ng.so"), folder / "espeak-ng-data"
    if not library.is_file() or not (data / "phontab").is_file():
        raise Refusal(
            f"The voice in {folder} is incomplete. Install the package espeakng-loader again, or set "
            f"{SYSTEM_VARIABLE}=system to use this computer's own espeak-ng."
        )
    if len(os.fsencode(data)) >= _PATH_LIMIT:
        raise Refusal(
            f"The voice can't be read from a path of {_PATH_LIMIT} or more characters: {data}. Install voiceguide in "
            f"a folder with a shorter path, or set {SYSTEM_VARIABLE}=system."
        )
    return library, data
