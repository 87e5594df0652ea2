"""Which files a session is made from: its script, those that it includes, its sounds, its music, and the presets.

An output is held against them, so that a session never replaces what it is made from.
"""

from __future__ import annotations

from contextlib import suppress
from pathlib import Path

from msgspec import Struct

from voiceguide.errors import Place
from voiceguide.routine import presets
from voiceguide.routine.model import Routine


def input_files(*routines: Routine) -> frozenset[Path]:
    """Every file that routines name, wherever in them; what stands in an included script has that script's place.

    All of the user's presets are among them, since no session may take the place of any.
    """
    paths: set[Path] = set()
    with suppress(OSError):  # a folder that can't be read has none that could be written over
        paths.update(presets.folder().glob("*.json"))
    scripts: set[str] = set()
    waiting: list[object] = [*routines]
    seen: set[int] = set()
    while waiting:
        each = waiting.pop()
        if isinstance(each, Routine):
            if id(each) in seen:  # one that is included twice, each time with what it includes, is looked at once
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
