"""Speech and cues at one place of a routine: texts with their side, round and pronunciations, and built-in cues."""

from __future__ import annotations

from collections.abc import Mapping

from msgspec import Struct, field

from voiceguide import library
from voiceguide.budget import Budget, check
from voiceguide.routine.model import CueProfile, Defaults, Sound, Step
from voiceguide.routine.pronunciations import Pronunciations
from voiceguide.routine.templates import fill
from voiceguide.score.items import ChimeSound, Sounding, Speech, Where
from voiceguide.words import Words


class Scope(Struct, frozen=True):
    """The context of a step: everything around it that affects its meaning.

    `values` are those of a text's `{names}`; `words` are the program's own, in the session's language. `lenient`: the
    listener changed how long words take, so what does not fit is skipped instead of being the script's error.
    """

    defaults: Defaults
    pronunciations: Pronunciations
    title: str
    words: Words
    budget: Budget
    exercise: str | None = None
    side: str | None = None
    values: Mapping[str, str] = field(default_factory=dict)
    lenient: bool = False

    def find_where(self, step: Step) -> Where:
        """The place, exercise and side of a step."""
        return Where(step.place, self.exercise, self.side)

    def write_speech(self, text: str, where: Where, gap: int | None = None) -> Speech:
        """Speech for a text, followed by `gap` ms of silence (None: the routine's default)."""
        values = {"title": self.title, **self.values}
        if self.side:
            values |= {"side": self.words.sides[self.side].name, "other": self.words.name_other(self.side)}
        filled = fill(text, values)
        check("text", len(filled), where.place)
        self.budget.spend("spoken", len(filled), where.place)
        return Speech(filled, where, self.defaults.gap if gap is None else gap, self.pronunciations)

    def write_cue(self, name: str, text: str, profile: CueProfile, where: Where) -> tuple[Sounding, ...]:
        """The built-in chime called `name`, the words for it, both or neither."""
        chime = play_own_sound(name, where)
        words = self.write_speech(text, where, gap=0)
        # The chime marks the exact moment, so it is last before a hold, and first after it.
        pair: tuple[Sounding, ...] = (words, chime) if name == "start" else (chime, words)
        choices: Mapping[CueProfile, tuple[Sounding, ...]]
        choices = {"chimes": (chime,), "voice": (words,), "both": pair, "none": ()}
        return choices[profile]


def play_own_sound(name: str, where: Where) -> ChimeSound:
    """One of the sounds that come with voiceguide."""
    return ChimeSound(Sound(name, library.cue_sound(name)), where)
