"""The Python face: a handful of functions, typed; each opens a `Workshop` for one session."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from voiceguide.jobs import Progress
from voiceguide.routine.model import Routine
from voiceguide.score.timeline import Timeline
from voiceguide.workshop import Session, Workshop

if TYPE_CHECKING:
    from typing_extensions import Unpack

    from voiceguide.routine.fields import ChoiceFields


def make(
    routine: Routine | str | Path,
    *,
    out: str | Path | None = None,
    preset: str | None = None,
    cache: bool = True,
    progress: Progress | None = None,
    **choices: Unpack[ChoiceFields],
) -> Session:
    """Make the MP3 of a routine, tailored by `choices`, and say where it is.

    The choices are those of the command line, with underscores for words that Python keeps: hold="45s" or
    hold=["45s", "half-kneeling=60s"], rest, pace, fit="15m", first, only, tight, with_="deeper", without, guide,
    countdown, pattern, cues, voice, rate, notice=False, stereo=True, bed, bed_level. `out` is a file ending in .mp3,
    or a folder; None is the current folder. Raises VoiceguideError: its text says what to do.
    """
    with Workshop(cache=cache) as workshop:
        return workshop.make(routine, out=out, preset=preset, progress=progress, **choices)


def show(
    routine: Routine | str | Path, *, preset: str | None = None, cache: bool = True, **choices: Unpack[ChoiceFields]
) -> Timeline:
    """The timeline of a routine, exactly as `make` with the same choices would render it."""
    with Workshop(cache=cache) as workshop:
        return workshop.show(routine, preset=preset, **choices)
