"""Whether tests see the natural voice. Unless they ask for it they don't: espeak's bytes are the same everywhere.

voiceguide has no switch for this. A package of the same name, which isn't the voice, is put before it in the search
path, also for the commands that tests start; the voice's own processes never search `PYTHONPATH`.
"""

from __future__ import annotations

import importlib
import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from importlib import metadata
from pathlib import Path

from voiceguide.voices import engines

HIDING = str(Path(__file__).parent / "without_natural")


def is_installed() -> bool:
    """Whether the extra is installed."""
    try:
        return bool(metadata.version("hibari-tts") and metadata.version("onnxruntime"))
    except metadata.PackageNotFoundError:
        return False


def hide() -> None:
    """Hide the natural voice from this process and those that it starts."""
    if HIDING not in sys.path:
        sys.path.insert(0, HIDING)
        os.environ["PYTHONPATH"] = os.pathsep.join(filter(None, (HIDING, os.environ.get("PYTHONPATH"))))
    _forget()


@contextmanager
def shown() -> Iterator[None]:
    """Let this process, and those that it starts meanwhile, find the natural voice."""
    if HIDING not in sys.path:  # in another such block
        yield
        return
    before = os.environ.get("PYTHONPATH", "")
    sys.path.remove(HIDING)
    os.environ["PYTHONPATH"] = os.pathsep.join(each for each in before.split(os.pathsep) if each != HIDING)
    _forget()
    try:
        yield
    finally:
        hide()


def _forget() -> None:
    importlib.invalidate_caches()
    engines._catalogue.cache_clear()
