"""voiceguide turns a stretching routine, written in YAML, into an MP3 that guides you through it.

import voiceguide

routine = voiceguide.load("half-kneeling")
session = voiceguide.make(routine, hold="45s", fit="15m", out="hips.mp3")
session.duration, session.timeline, session.path
"""

# Everything is imported on first use: a voice's process and `--help` need none of the pipeline, and `python -m
# voiceguide` imports this module while the current folder is still first in Python's search path.
from voiceguide._version import __version__ as __version__

TYPE_CHECKING = False

if TYPE_CHECKING:
    from voiceguide.api import RoutineInfo, check, list_routines, list_voices, make, show
    from voiceguide.errors import (
        OutputError,
        Place,
        Problem,
        RequestError,
        ScriptError,
        SoundError,
        VoiceError,
        VoiceguideError,
    )
    from voiceguide.routine.fields import ChoiceFields
    from voiceguide.routine.model import Routine
    from voiceguide.score.timeline import Chapter, Event, Timeline
    from voiceguide.system.jobs import Progress
    from voiceguide.voices.base import VoiceInfo
    from voiceguide.workshop import Session, Workshop, load


__all__ = [
    "Chapter",
    "ChoiceFields",
    "Event",
    "OutputError",
    "Place",
    "Problem",
    "Progress",
    "RequestError",
    "Routine",
    "RoutineInfo",
    "ScriptError",
    "Session",
    "SoundError",
    "Timeline",
    "VoiceError",
    "VoiceInfo",
    "VoiceguideError",
    "Workshop",
    "check",
    "list_routines",
    "list_voices",
    "load",
    "make",
    "show",
]

_MODULES = {
    "api": ("RoutineInfo", "check", "list_routines", "list_voices", "make", "show"),
    "errors": (
        *("OutputError", "Place", "Problem", "RequestError", "ScriptError", "SoundError", "VoiceError"),
        "VoiceguideError",
    ),
    "routine.fields": ("ChoiceFields",),
    "routine.model": ("Routine",),
    "score.timeline": ("Chapter", "Event", "Timeline"),
    "system.jobs": ("Progress",),
    "voices.base": ("VoiceInfo",),
    "workshop": ("Session", "Workshop", "load"),
}
_HOMES = {name: f"voiceguide.{module}" for module, names in _MODULES.items() for name in names}


# Hidden from type checkers: they would accept any attribute of the package.
if not TYPE_CHECKING:

    def __getattr__(name: str) -> object:
        if name in _HOMES:
            import importlib

            return getattr(importlib.import_module(_HOMES[name]), name)
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")


def __dir__() -> list[str]:
    return sorted({*globals(), *__all__})
