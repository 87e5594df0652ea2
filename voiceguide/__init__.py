"""voiceguide: a stretching routine, written once in YAML, becomes an MP3 that talks a body through it.

import voiceguide
routine = voiceguide.load("half-kneeling")
session = voiceguide.make(routine, hold="45s", fit="15m", out="hips.mp3")
session.duration, session.timeline, session.path
"""

from voiceguide.errors import (
    OutputError,
    RequestError,
    ScriptError,
    SoundError,
    VoiceError,
    VoiceguideError,
)
from voiceguide.session import Session, load, make, show

__version__ = "0.1.0"

__all__ = [
    "OutputError",
    "RequestError",
    "ScriptError",
    "Session",
    "SoundError",
    "VoiceError",
    "VoiceguideError",
    "load",
    "make",
    "show",
]
