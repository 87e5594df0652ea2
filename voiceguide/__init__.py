"""voiceguide: a stretching routine, written once in YAML, becomes an MP3 that talks a body through it.

import voiceguide

routine = voiceguide.load("half-kneeling")
session = voiceguide.make(routine, hold="45s", fit="15m", out="hips.mp3")
session.duration, session.timeline, session.path
"""

# Nothing is imported before it is asked for: a voice's process and `--help` need none of the pipe, and `python -m
# voiceguide` comes through here while the current folder is still first in Python's search path.
from voiceguide._version import __version__ as __version__

TYPE_CHECKING = False

if TYPE_CHECKING:
    from voiceguide.api import make, show
    from voiceguide.errors import OutputError, RequestError, ScriptError, SoundError, VoiceError, VoiceguideError
    from voiceguide.routine.model import Routine
    from voiceguide.score.timeline import Timeline
    from voiceguide.workshop import Session, Workshop, load


__all__ = [
    "OutputError",
    "RequestError",
    "Routine",
    "ScriptError",
    "Session",
    "SoundError",
    "Timeline",
    "VoiceError",
    "VoiceguideError",
    "Workshop",
    "load",
    "make",
    "show",
]

_ERRORS = ("OutputError", "RequestError", "ScriptError", "SoundError", "VoiceError", "VoiceguideError")
_HOMES = {
    **dict.fromkeys(_ERRORS, "voiceguide.errors"),
    "Routine": "voiceguide.routine.model",
    "Timeline": "voiceguide.score.timeline",
    **dict.fromkeys(("make", "show"), "voiceguide.api"),
    **dict.fromkeys(("Session", "Workshop", "load"), "voiceguide.workshop"),
}


def __getattr__(name: str) -> object:
    if name in _HOMES:
        import importlib

        return getattr(importlib.import_module(_HOMES[name]), name)
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")


def __dir__() -> list[str]:
    return sorted({*globals(), *__all__})
