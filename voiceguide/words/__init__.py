"""The program's own words in a session, by language. One YAML file for each.

`load_words` selects the file. Everything that depends on a language's grammar (plurals, numbers, word order) is in the
file, or else in CLDR, so a new language needs a new file but no code.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from decimal import Decimal
from functools import cached_property, lru_cache
from pathlib import Path

import msgspec
from msgspec import Struct, field

from voiceguide.times import MINUTE, SECOND, Breaths, Length
from voiceguide.words.marks import Forms, Marks

FOLDER = Path(__file__).parent
DEFAULT = "en"


class SideWords(Struct, frozen=True, forbid_unknown_fields=True):
    """A side: its name, and every sentence about it in full. `also` are other names that scripts may use."""

    name: str
    chapter: str
    part: str
    announce: str
    change: str
    move: str
    also: tuple[str, ...] = ()


class CueWords(Struct, frozen=True, forbid_unknown_fields=True):
    """The words for the start, the middle and the end of a hold, and those of the quiet guide for a rest."""

    start: str
    halfway: str
    end: str
    rest: str


class LengthWords(Struct, frozen=True, forbid_unknown_fields=True, rename="kebab"):
    """Durations, each with `{n}` for the number. CLDR has those that are left out, but for breaths.

    Without halves, one and a half minutes are a minute and thirty seconds. `comma` and `and` are None for CLDR's list.
    """

    breath: Forms
    second: Forms = field(default_factory=dict)
    minute: Forms = field(default_factory=dict)
    hour: Forms = field(default_factory=dict)
    half_minute: Forms = field(default_factory=dict)
    half_hour: Forms = field(default_factory=dict)
    comma: str | None = None
    and_: str | None = field(default=None, name="and")
    about: str = "{n} min"


class Words(Struct, frozen=True, forbid_unknown_fields=True, rename="kebab", dict=True):
    """The words of one language. `sides` has left, right and tighter; `breath` has in, hold, out and wait.

    `tag` is the language's BCP 47 tag. `plurals` are its rules; None for those of CLDR. `marks` are those of texts.
    """

    tag: str
    numbers: str
    lengths: LengthWords
    sides: Mapping[str, SideWords]
    other_side: str
    introduction: str
    cues: CueWords
    breath: Mapping[str, tuple[str, ...]]
    plurals: Mapping[str, str] | None = None
    marks: Marks = Marks()

    @cached_property
    def _numbers(self) -> tuple[str, ...]:
        return tuple(filter(None, map(str.strip, self.numbers.split(","))))

    @cached_property
    def side_names(self) -> Mapping[str, str]:
        """left, right or tighter by every name that this language has for it, in lower case."""
        return {name.casefold(): side for side, words in self.sides.items() for name in (side, words.name, *words.also)}

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
        if halves and seconds > unit and seconds % unit * 2 == unit:
            return self._count(seconds // unit, halves)
        minutes, left = divmod(seconds, 60)
        hours, minutes = divmod(minutes, 60)
        parts = (
            (hours, words.hour, "duration-hour"),
            (minutes, words.minute, "duration-minute"),
            (left, words.second, "duration-second"),
        )
        named = [self._count(number, forms, unit) for number, forms, unit in parts if number]
        return named[0] if len(named) == 1 else self._join(named)

    def estimate_minutes(self, ms: int) -> str:
        """An approximate length for a list: `4 min`; at least one."""
        return self.lengths.about.format(n=max(1, (ms + MINUTE // 2) // MINUTE))

    def read(self, text: str) -> str:
        """What people write in short (`30 s`, `2-3`, `&`) in words. A text without it is returned as it is."""
        return self.marks.read(text, self._count_written)

    def _count_written(self, number: str, unit: str) -> str:
        lengths = self.lengths
        own = {"duration-second": lengths.second, "duration-minute": lengths.minute, "duration-hour": lengths.hour}
        forms = self.marks.times if unit == "times" else self.marks.units.get(unit, own.get(unit, {}))
        if number.isdecimal():
            text = self._find_form(int(number), forms, unit)
        elif "other" in forms:
            text = forms["other"]
        else:
            from voiceguide.words import cldr

            text = cldr.format_unit(self.tag, unit, Decimal(number.replace(",", ".")))
        return text.replace("{n}", number)

    def _count(self, number: int, forms: Forms, unit: str | None = None) -> str:
        return self._find_form(number, forms, unit).replace("{n}", self.spell_number(number))

    def _find_form(self, number: int, forms: Forms, unit: str | None) -> str:
        text = forms.get(f"={number}")
        categories = {form for form in forms if not form.startswith("=")}
        if text is None and categories:
            category = "other" if categories == {"other"} else self._find_category(number)
            text = forms.get(category, forms["other"])
        if text is None:
            assert unit is not None, "breaths and halves have a form `other`, because CLDR has neither"
            from voiceguide.words import cldr  # English never needs it

            text = cldr.format_unit(self.tag, unit, number)
        return text

    def _find_category(self, number: int) -> str:
        if self.plurals is None:
            from voiceguide.words import cldr

            return cldr.find_category(self.tag, number)
        from voiceguide.words import plurals  # most sessions say no length

        return plurals.find_category(self.plurals, number)

    def _join(self, parts: Sequence[str]) -> str:
        words = self.lengths
        if words.comma is None or words.and_ is None:
            from voiceguide.words import cldr

            return cldr.join(self.tag, parts)
        return words.and_.join([words.comma.join(parts[:-1]), parts[-1]])


def load_words(language: str = DEFAULT) -> Words:
    """The words for a BCP 47 tag: those of the nearest file, or the English ones if there is none."""
    return _read(find_file(language) or FOLDER / f"{DEFAULT}.yaml")


def load_foreign(language: str) -> Words | None:
    """The same, but None for English, and for a language without a file."""
    file = find_file(language)
    return None if file is None or file.stem == DEFAULT else _read(file)


def find_file(language: str) -> Path | None:
    """The file for a BCP 47 tag: its own, that of its language alone, or that of another region of its language."""
    files = _list_files(FOLDER)
    tag = language.replace("_", "-").casefold()
    alone = tag.partition("-")[0]
    regions = (path for known, path in sorted(files.items()) if known.partition("-")[0] == alone)
    return files.get(tag) or files.get(alone) or next(regions, None)


def list_tags() -> list[str]:
    """The BCP 47 tags of all languages that have a file."""
    return sorted(path.stem for path in _list_files(FOLDER).values())


def find_side(name: str) -> str | None:
    """left, right or tighter by its name in any language; None if no language has it.

    A choice is made before its routine is read, so its language is unknown. No two languages disagree about a name.
    """
    word = name.strip().casefold()
    return load_words().side_names.get(word) or _list_sides(FOLDER).get(word)


@lru_cache(maxsize=8)
def _list_sides(folder: Path) -> dict[str, str]:
    found: dict[str, str] = {}
    for path in _list_files(folder).values():
        found |= _read(path).side_names
    return found


@lru_cache(maxsize=32)
def _read(file: Path) -> Words:
    # Imported here because `--help`, and a list whose summaries are cached, don't need yaml.
    from voiceguide.words.file import parse

    return msgspec.convert({**parse(file.read_bytes()), "tag": file.stem}, Words)


@lru_cache(maxsize=8)
def _list_files(folder: Path) -> dict[str, Path]:
    return {path.stem.casefold(): path for path in folder.glob("*.yaml")}
