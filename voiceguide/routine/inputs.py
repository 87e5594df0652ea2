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

_LEAVES = frozenset({str, int, bool, float, type(None)})


def input_files(*routines: Routine) -> frozenset[Path]:
    """Every file that the routines use. Included scripts are found through the places of their steps.

    All of the user's presets are included, because no session may overwrite one.
    """
    paths: set[Path] = set()
    with suppress(OSError):  # a folder that can't be read has no presets to overwrite
        paths.update(presets.folder().glob("*.json"))
    scripts: set[str] = set()
    waiting: list[object] = [*routines]
    # Tailored routines share most of their parts, and a routine may be included several times: each is visited once.
    # The parts are kept alive by the routines, so that no two have the same id.
    seen: set[int] = set()
    while waiting:
        each = waiting.pop()
        if type(each) in _LEAVES:
            continue
        if isinstance(each, Place):
            scripts.add(each.path)
        elif isinstance(each, Path):
            paths.add(each)
        elif id(each) not in seen:
            seen.add(id(each))
            if isinstance(each, Struct):
                waiting += [getattr(each, name) for name in each.__struct_fields__]
            elif isinstance(each, (tuple, list)):
                waiting += each
            elif isinstance(each, dict):
                waiting += each.values()
    return frozenset(paths | set(map(Path, scripts)))
