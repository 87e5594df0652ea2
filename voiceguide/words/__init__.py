"""The words of the program's own: what it says in a session, or writes into one, by language. One YAML file each.

`load_words` picks the file; everything that depends on a language's grammar (plurals, numbers, the order of words) is
in the file, so that a new language is one more file and no code.
"""

from __future__ import annotations

from collections.abc import Mapping
from functools import cached_property, lru_cache
from pathlib import Path

import msgspec
from msgspec import Struct

from voiceguide.times import MINUTE, SECOND, Breaths, Length

FOLDER = Path(__file__).parent
DEFAULT = "en"

Forms = Mapping[str, str]
"""A text by plural category, as CLDR calls them: zero, one, two, few, many, other."""


class SideWords(Struct, frozen=True, forbid_unknown_fields=True):
    """A side: its plain name, and each sentence about it in full."""

    name: str
    chapter: str
    part: str
    announce: str
    change: str
    move: str


class CueWords(Struct, frozen=True, forbid_unknown_fields=True):
    """How a hold begins, where its middle is, and how it ends."""

    start: str
    halfway: str
    end: str


class LengthWords(Struct, frozen=True, forbid_unknown_fields=True, rename="kebab"):
    """Lengths of time, each with `{n}` for the number."""

    second: Forms
    minute: Forms
    hour: Forms
    breath: Forms
    half_minute: Forms
    half_hour: Forms
    comma: str
    and_: str = msgspec.field(name="and")
    about: str


class Words(Struct, frozen=True, forbid_unknown_fields=True, rename="kebab", dict=True):
    """The words of one language. `sides` has left, right and tighter; `breath` has in, hold, out and wait."""

    plurals: Mapping[str, str]
    numbers: str
    lengths: LengthWords
    sides: Mapping[str, SideWords]
    other_side: str
    cues: CueWords
    breath: Mapping[str, tuple[str, ...]]

    @cached_property
    def _numbers(self) -> tuple[str, ...]:
        return tuple(filter(None, map(str.strip, self.numbers.split(","))))

    def name_other(self, side: str) -> str:
        """The name of the side that is not being worked, whatever it is called where `side` is the tighter one."""
        opposite = {"left": "right", "right": "left"}.get(side)
        return self.sides[opposite].name if opposite else self.other_side

    def spell_number(self, number: int) -> str:
        """A number in words as far as the language's own go, and in digits beyond, which a voice reads as well."""
        return self._numbers[number] if number < len(self._numbers) else str(number)

    def spell_length(self, length: Length) -> str:
        """A length in words, to the nearest second and at least one: "thirty seconds", "one and a half minutes"."""
        words = self.lengths
        if isinstance(length, Breaths):
            return self._count(length.count, words.breath)
        seconds = max(1, (length + SECOND // 2) // SECOND)
        # Half a minute is thirty seconds; from one of a unit on, a half of it is spoken as that.
        unit, halves = (3600, words.half_hour) if seconds >= 3600 else (60, words.half_minute)
        if seconds > unit and seconds % unit * 2 == unit:
            return self._count(seconds // unit, halves)
        minutes, left = divmod(seconds, 60)
        hours, minutes = divmod(minutes, 60)
        parts = ((hours, words.hour), (minutes, words.minute), (left, words.second))
        named = [self._count(number, forms) for number, forms in parts if number]
        return words.and_.join([words.comma.join(named[:-1]), named[-1]]) if len(named) > 1 else named[0]

    def estimate_minutes(self, ms: int) -> str:
        """About how long, for a list: `4 min`; at least one."""
        return self.lengths.about.format(n=max(1, (ms + MINUTE // 2) // MINUTE))

    def find_plural(self, number: int) -> str:
        """The category of a whole number by this language's rules."""
        return next((category for category, rule in self.plurals.items() if meets_rule(rule, number)), "other")

    def _count(self, number: int, forms: Forms) -> str:
        text = forms.get(self.find_plural(number), forms["other"])
        return text.replace("{n}", self.spell_number(number))


def load_words(language: str = DEFAULT) -> Words:
    """The words for a BCP 47 tag: its own file, or that of the language without its region, or the English one."""
    return _read(find_file(language))


@lru_cache(maxsize=8)
def _read(file: Path) -> Words:
    # yaml comes in with the first plan, never with `--help` or a list whose summaries are stored.
    from voiceguide.language.document import load_plain

    return msgspec.convert(load_plain(file.read_bytes()), Words)


def find_file(language: str) -> Path:
    """The file of words that a BCP 47 tag means."""
    known = _list_files(FOLDER)
    tag = language.replace("_", "-").casefold()
    return known.get(tag) or known.get(tag.partition("-")[0]) or known[DEFAULT]


@lru_cache(maxsize=8)
def _list_files(folder: Path) -> dict[str, Path]:
    return {path.stem.casefold(): path for path in folder.glob("*.yaml")}


def meets_rule(rule: str, number: int) -> bool:
    """Whether a whole number meets a plural rule in CLDR's notation, such as `n % 10 = 2..4 and n % 100 != 12..14`.

    Raises ValueError for a rule that is not in it, or that speaks of fractions.
    """
    return any(all(_relates(each.strip(), number) for each in part.split(" and ")) for part in rule.split(" or "))


def _relates(relation: str, number: int) -> bool:
    try:
        match relation.split():
            case ["n", ("=" | "!=") as sign, ranges]:
                value = number
            case ["n", "%", modulus, ("=" | "!=") as sign, ranges]:
                value = number % int(modulus)
            case _:
                raise ValueError
        bounds = [each.partition("..") for each in ranges.split(",")]
        among = any(int(low) <= value <= int(high or low) for low, _, high in bounds)
    except ValueError:
        raise ValueError(f"{relation!r} is not a plural rule for whole numbers, such as 'n % 10 = 2..4'") from None
    return among == (sign == "=")
