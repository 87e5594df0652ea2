"""The Python API: a few typed functions; each opens a `Workshop` for one session.

`ChoiceFields` lists the listener's choices. A duration is a text such as "1m30s", a number of seconds, or a timedelta.
"""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from msgspec import Struct

from voiceguide.errors import Problem, ScriptError, VoiceguideError
from voiceguide.routine.model import Routine
from voiceguide.score.timeline import Timeline
from voiceguide.system.jobs import Progress
from voiceguide.workshop import Session, Workshop
from voiceguide.workshop import load as load_routine

if TYPE_CHECKING:
    from typing_extensions import Unpack

    from voiceguide.routine.fields import ChoiceFields
    from voiceguide.voices import VoiceInfo


class RoutineInfo(Struct, frozen=True):
    """A routine that has a name. `yours` is false for those that come with voiceguide.

    `title` is None if the script has errors; `check` returns them.
    """

    name: str
    title: str | None
    path: Path
    yours: bool


def make(
    routine: Routine | str | Path,
    *,
    out: str | Path | None = None,
    preset: str | None = None,
    cache: bool = True,
    progress: Progress | None = None,
    **choices: Unpack[ChoiceFields],
) -> Session:
    """Make the MP3 of a routine with these choices. The session that is returned has its path.

    The choices are those of the command line; `with` is `with_`, a reserved word in Python: hold="45s" or
    hold=["45s", "half-kneeling=60s"], rest, pace, fit="15m", first, only, tight, with_="deeper", without, guide,
    countdown, pattern, cues, voice, rate, notice=False, stereo=True, bed, bed_level. `out` is a file ending in .mp3,
    or a folder; None is the current folder. Raises VoiceguideError; its message says what to do.
    """
    with Workshop(cache=cache) as workshop:
        return workshop.make(routine, out=out, preset=preset, progress=progress, **choices)


def show(
    routine: Routine | str | Path,
    *,
    preset: str | None = None,
    cache: bool = True,
    progress: Progress | None = None,
    **choices: Unpack[ChoiceFields],
) -> Timeline:
    """The timeline of a routine, exactly as `make` renders it with the same choices."""
    with Workshop(cache=cache) as workshop:
        return workshop.show(routine, preset=preset, progress=progress, **choices)


def check(routine: Routine | str | Path, *, cache: bool = True) -> list[Problem]:
    """All errors in a script, in the order of its lines; empty if it has none.

    The script is laid out with its own options, with each option toggled, and with the brief guide. Raises
    RequestError if there is no such script, SoundError or VoiceError if a sound or the voice fails.
    """
    try:
        loaded = routine if isinstance(routine, Routine) else load_routine(routine)
        with Workshop(cache=cache) as workshop:
            workshop.check(loaded)
    except ScriptError as error:
        return list(error.problems)
    return []


def list_routines() -> list[RoutineInfo]:
    """The routines that `voiceguide list` shows: those that come with it and your own, also of the current folder."""
    from voiceguide import library
    from voiceguide.summary import Summaries
    from voiceguide.system.store import user_store

    summaries = Summaries(user_store())

    def title(path: Path) -> str | None:
        try:
            summary = summaries.of(path)
        except VoiceguideError:
            return None
        return summary.title if summary else None

    return [RoutineInfo(each.name, title(each.path), each.path, each.yours) for each in library.scripts()]


def list_voices() -> list[VoiceInfo]:
    """The voices of this computer, the default one first. Pass the id or the name of one as `voice`.

    Raises VoiceError if there are none.
    """
    from voiceguide import voices

    return voices.list_voices()
