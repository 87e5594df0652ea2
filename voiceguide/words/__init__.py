"""The program's own words in a session, by language. One YAML file for each.

`load_words` selects the file. Everything that depends on a language's grammar (plurals, numbers, word order) is in the
file, so a new language needs a new file but no code.
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
"""A text by CLDR plural category: zero, one, two, few, many, other."""


class SideWords(Struct, frozen=True, forbid_unknown_fields=True):
    """A side: its name, and every sentence about it in full."""

    name: str
    chapter: str
    part: str
    announce: str
    change: str
    move: str


class CueWords(Struct, frozen=True, forbid_unknown_fields=True):
    """The words for the start, the middle and the end of a hold."""

    start: str
    halfway: str
    end: str


class LengthWords(Struct, frozen=True, forbid_unknown_fields=True, rename="kebab"):
    """Durations, each with `{n}` for the number."""

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
    introduction: str
    cues: CueWords
    breath: Mapping[str, tuple[str, ...]]

    @cached_property
    def _numbers(self) -> tuple[str, ...]:
        return tuple(filter(None, map(str.strip, self.numbers.split(","))))

    def name_other(self, side: str) -> str:
        """The name of the other side, also if `side` is the tighter one."""
        opposite = {"left": "right", "right": "left"}.get(side)
        return self.sides[opposite].name if opposite else self.other_side

    def spell_number(self, number: int) -> str:
        """A number in words if the language's file has them, else in digits, which a voice can read too."""
        return self._numbers[number] if number < len(self._numbers) else str(number)

    def spell_length(self, length: Length) -> str:
        """A length in words, rounded to seconds and at least one: "thirty seconds", "one and a half minutes"."""
        words = self.lengths
        if isinstance(length, Breaths):
            return self._count(length.count, words.breath)
        seconds = max(1, (length + SECOND // 2) // SECOND)
        # Half a minute is "thirty seconds"; halves are used only above one minute or hour.
        unit, halves = (3600, words.half_hour) if seconds >= 3600 else (60, words.half_minute)
        if seconds > unit and seconds % unit * 2 == unit:
            return self._count(seconds // unit, halves)
        minutes, left = divmod(seconds, 60)
        hours, minutes = divmod(minutes, 60)
        parts = ((hours, words.hour), (minutes, words.minute), (left, words.second))
        named = [self._count(number, forms) for number, forms in parts if number]
        return words.and_.join([words.comma.join(named[:-1]), named[-1]]) if len(named) > 1 else named[0]

    def estimate_minutes(self, ms: int) -> str:
        """An approximate length for a list: `4 min`; at least one."""
        return self.lengths.about.format(n=max(1, (ms + MINUTE // 2) // MINUTE))

    def find_plural(self, number: int) -> str:
        """The plural category of a whole number by this language's rules."""
        return next((category for category, rule in self.plurals.items() if meets_rule(rule, number)), "other")

    def _count(self, number: int, forms: Forms) -> str:
        text = forms.get(self.find_plural(number), forms["other"])
        return text.replace("{n}", self.spell_number(number))


def load_words(language: str = DEFAULT) -> Words:
    """The words for a BCP 47 tag: its own file, or that of the language without its region, or the English one."""
    return _read(find_file(language))


@lru_cache(maxsize=8)
def _read(file: Path) -> Words:
    # Imported here because `--help`, and a list whose summaries are cached, don't need yaml.
    from voiceguide.language.document import load_plain

    return msgspec.convert(load_plain(file.read_bytes()), Words)


def find_file(language: str) -> Path:
    """The file of words for a BCP 47 tag."""
    known = _list_files(FOLDER)
    tag = language.replace("_", "-").casefold()
    return known.get(tag) or known.get(tag.partition("-")[0]) or known[DEFAULT]


@lru_cache(maxsize=8)
def _list_files(folder: Path) -> dict[str, Path]:
    return {path.stem.casefold(): path for path in folder.glob("*.yaml")}


def meets_rule(rule: str, number: int) -> bool:
    """Whether a whole number meets a plural rule in CLDR's notation, such as `n % 10 = 2..4 and n % 100 != 12..14`.

    Raises ValueError for a rule that is not valid, or that involves fractions.
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
