"""The whole pipe, from a routine's name to a finished MP3. Read this first.

    load     a script's text → Routine
    compose  Routine + choices + how long its words take → Timeline (`show` prints it)
    make     Timeline → passages → MP3 frames → one file with chapters and lyrics
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from voiceguide import library
from voiceguide.errors import RequestError, VoiceError, caret
from voiceguide.routine import choices as wishes_of
from voiceguide.routine import script
from voiceguide.routine.choices import Choices, Wishes
from voiceguide.routine.model import Routine
from voiceguide.routine.tailor import Tailored, tailor
from voiceguide.score.fit import fitted
from voiceguide.score.plan import Plan, Speech, Strike, plan
from voiceguide.score.timeline import Lengths, Timeline, duration, lay
from voiceguide.score.words import soundings, worded
from voiceguide.sound.narrator import Narrator
from voiceguide.store import Store
from voiceguide.voices.base import VoiceSettings

Progress = Callable[[str, int, int], None]
"""Told what is being done, how many of it are done, and of how many."""

SETTLING = 6  # rounds; two are what it takes where a text names a length, one elsewhere
FIRST_GUESS = 600_000  # ms, of a total that a text may name before it is known


@dataclass(frozen=True)
class Session:
    """A finished track: where it is, and what is in it. `duration` in seconds."""

    path: Path
    timeline: Timeline

    @property
    def duration(self) -> float:
        return self.timeline.duration / 1000


def load(routine: str | Path) -> Routine:
    """A routine by the name that `voiceguide list` shows, or by path.

    Raises RequestError where there is none, ScriptError with everything that is wrong in it.
    """
    return script.load(routine if isinstance(routine, Path) else library.script(routine))


def voice_settings(routine: Routine) -> VoiceSettings:
    """The voice that a tailored routine asks for."""
    wish = routine.voice
    return VoiceSettings(wish.name, routine.language, wish.rate, wish.pitch, wish.volume)


def compose(tailored: Tailored, choices: Choices, narrator: Narrator, progress: Progress | None = None) -> Timeline:
    """The timeline of a tailored routine, exactly as it would be rendered.

    A text may name the next hold's length or the whole session's; those depend on how long the texts take. So it is
    laid out again until the words stay the same; where they would go back and forth between two roundings, the last
    words stand, and the times are exact all the same.
    """
    base = final = plan(tailored)
    total = choices.fit or FIRST_GUESS
    said: list[str] = []
    for _ in range(SETTLING):
        final = worded(final, total)
        if said == (said := [each.text for each in soundings(final) if isinstance(each, Speech)]):
            break
        lengths = _lengths(final, narrator, progress)
        if choices.fit is not None:
            final = fitted(base, final, duration(final, lengths), choices.fit)
        total = duration(final, lengths)
    return lay(final, lengths)


def _lengths(plan: Plan, narrator: Narrator, progress: Progress | None) -> Lengths:
    from voiceguide.sound.files import length_ms

    speeches = {each.spoken: each for each in soundings(plan) if isinstance(each, Speech)}
    paths = {each.sound.path for each in soundings(plan) if isinstance(each, Strike)}
    try:
        spoken = narrator.lengths(speeches, None if progress is None else lambda *count: progress("Speaking", *count))
    except VoiceError as error:
        if error.text not in speeches:
            raise
        place = speeches[error.text].where.place
        raise VoiceError(f"{place}: {error}{caret(place)}", text=error.text) from None
    return Lengths(spoken, {path: length_ms(path) for path in paths})
