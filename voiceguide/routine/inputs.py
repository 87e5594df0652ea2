"""The input files of a session: its script, the scripts that it includes, its sounds, its music, and the presets.

An output path is compared with them, so that a session never overwrites its own input.
"""

from __future__ import annotations

from contextlib import suppress
from pathlib import Path

from msgspec import Struct

from voiceguide.errors import Place
from voiceguide.routine import presets
from voiceguide.routine.model import Routine


def input_files(*routines: Routine) -> frozenset[Path]:
    """Every file that the routines use. Included scripts are found through the places of their steps.

    All of the user's presets are included, because no session may overwrite one.
    """
    paths: set[Path] = set()
    with suppress(OSError):  # a folder that can't be read has no presets to overwrite
        paths.update(presets.folder().glob("*.json"))
    scripts: set[str] = set()
    waiting: list[object] = [*routines]
    seen: set[int] = set()
    while waiting:
        each = waiting.pop()
        if isinstance(each, Routine):
            if id(each) in seen:  # a routine that is included several times is visited once
                continue
            seen.add(id(each))
        if isinstance(each, Path):
            paths.add(each)
        elif isinstance(each, Place):
            scripts.add(each.path)
        elif isinstance(each, Struct):
            waiting += [getattr(each, name) for name in each.__struct_fields__]
        elif isinstance(each, (tuple, list)):
            waiting += each
        elif isinstance(each, dict):
            waiting += each.values()
    return frozenset(paths | set(map(Path, scripts)))
