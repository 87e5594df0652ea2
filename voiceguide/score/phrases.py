"""Speech and cues at one place of a routine: texts with their side, round and pronunciations, and built-in cues."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from itertools import count

from msgspec import UNSET, Struct, field

from voiceguide import library
from voiceguide.budget import Budget, check
from voiceguide.errors import Place
from voiceguide.routine.model import Cue, CueProfile, Defaults, Edge, PassName, Recurring, Say, Sound, Step, Text
from voiceguide.routine.pronunciations import Pronunciations
from voiceguide.routine.templates import fill
from voiceguide.score.items import ChimeSound, Sounding, Speech, Where
from voiceguide.texts.silences import list_silences
from voiceguide.words import Words


class Turn(Struct, frozen=True):
    """The pass of the innermost `sides` or `repeat`; `extra` if that is one more on the tighter side, of a `ratio`."""

    number: int = 1
    count: int = 1
    extra: bool = False

    def is_called(self, name: int | PassName, side: str | None) -> bool:
        """Whether an `on` means this pass."""
        if name == "first":
            return self.number == 1
        if name == "last":
            return self.number == self.count
        if name == "again":
            return self.number > 1
        if name == "tighter":
            return self.extra
        return name in (self.number, side)


class Scope(Struct, frozen=True):
    """The context of a step: everything around it that affects its meaning.

    `values` are those of a text's `{names}`; `words` are the program's own, in the session's language. `lenient`: the
    listener changed how long words take, so what does not fit is skipped instead of being the script's error. `met` are
    the places of steps whose words were said before; the whole session shares it. `round` is the
    number of the innermost `repeat`'s round. `quiet`: only the program speaks, and names sides and rests; where
    `names_exercises` is true, exercises too. `part` is the number of the included part; `parts` counts them.
    """

    defaults: Defaults
    pronunciations: Pronunciations
    title: str
    words: Words
    budget: Budget
    exercise: str | None = None
    side: str | None = None
    values: Mapping[str, str] = field(default_factory=dict)
    sounds: Mapping[str, Sound] = field(default_factory=dict)
    lenient: bool = False
    quiet: bool = False
    names_exercises: bool = False
    turn: Turn = Turn()
    round: int = 1
    part: int | None = None
    parts: Iterator[int] = field(default_factory=count)
    met: set[Place] = field(default_factory=set)

    def has(self, step: Step) -> bool:
        """Whether a step is heard in this pass."""
        return not step.on or any(self.turn.is_called(name, self.side) for name in step.on)

    def choose_words(self, step: Say | Cue, text: Text) -> str | None:
        """The words of a step: others from the second time on, wherever in the session. None if it says nothing."""
        if text.again is UNSET:
            return text.full
        again = step.place in self.met
        self.met.add(step.place)
        return text.later if again else text.full

    def choose_turns(self, step: Recurring) -> Iterator[str]:
        """The words of a cue that comes back, in turn: others from the second time on that its hold is met."""
        again = step.place in self.met
        for text in step.texts:
            words = text.later if again else text.full
            if text.again is not UNSET:
                self.met.add(step.place)
            if words is not None:
                yield words

    def find_where(self, step: Step) -> Where:
        """The place, exercise and side of a step."""
        return Where(step.place, self.exercise, self.side)

    def write_speech(self, text: str, where: Where, gap: int | None = None) -> Speech:
        """Speech for a text, followed by `gap` ms of silence (None: the routine's default)."""
        values = {"title": self.title, **self.values}
        if self.side:
            values |= {"side": self.words.sides[self.side].name, "other": self.words.name_other(self.side)}
        filled = fill(text, values, self.side)
        check("text", len(filled), where.place)
        self.budget.spend("spoken", len(filled), where.place)
        self.budget.spend("events", len(list_silences(filled)), where.place)  # each parts what would be one clip
        gap = self.defaults.gap if gap is None else gap
        return Speech(filled, where, gap, self.pronunciations, part=self.part)

    def play(self, name: str, where: Where) -> ChimeSound:
        """One of the sounds that a session has by itself: the listener's or the script's, else voiceguide's own."""
        own = self.sounds.get(name)
        return ChimeSound(Sound(name, own.path if own else library.cue_sound(name)), where)

    def write_cue(self, name: str, text: str, profile: CueProfile | Edge, where: Where) -> tuple[Sounding, ...]:
        """The built-in chime called `name`, the words for it, both or neither; or what the script has instead."""
        if isinstance(profile, Text):
            return (self.write_speech(profile.full, where, gap=0),)
        if isinstance(profile, Sound):
            return (ChimeSound(profile, where),)
        chime = self.play(name, where)
        words = self.write_speech(text, where, gap=0)
        # The chime marks the exact moment, so it is last before a hold, and first after it.
        pair: tuple[Sounding, ...] = (words, chime) if name == "start" else (chime, words)
        return {"voice": (words,), "both": pair, "none": ()}.get(profile, (chime,))
