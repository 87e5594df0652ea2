"""What people write in short, such as `30 s`, `2-3` and `&`, read as they mean it, by one language's table.

A voice reads most of it wrongly: "2 dash 3", "10 ex", "tilde 30". Every repeat in a pattern is bounded, and a text is
searched from its start to its end a few times, so none takes long.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from functools import cached_property

from msgspec import Struct, field

Forms = Mapping[str, str]
"""A text by exact number (`=1`) or CLDR plural category: zero, one, two, few, many, other."""

UNITS: Mapping[str, str] = {
    "s": "duration-second", "min": "duration-minute", "h": "duration-hour",
    "mm": "length-millimeter", "cm": "length-centimeter", "m": "length-meter", "km": "length-kilometer",
    "g": "mass-gram", "kg": "mass-kilogram", "ml": "volume-milliliter",
    "°": "angle-degree", "°C": "temperature-celsius", "°F": "temperature-fahrenheit",
    "\u2103": "temperature-celsius", "\u2109": "temperature-fahrenheit", "%": "concentr-percent",
}  # fmt: skip
"""The signs of units that are the same in every language, and CLDR's names for these units."""

_VULGAR = {"½": "1/2", "⅓": "1/3", "⅔": "2/3", "¼": "1/4", "¾": "3/4", "⅛": "1/8", "⅜": "3/8", "⅝": "5/8", "⅞": "7/8"}

# Letters and digits; where words are not parted by spaces, as in Japanese, a number stands right beside them.
_WORDY = r"[^\W\u3040-\u30ff\u3400-\u9fff]"
_BEFORE = rf"(?<!{_WORDY})(?<![.,/])"
_AFTER = rf"(?!{_WORDY}|['\u2019])"
_NUMBER = r"\d{1,9}(?:[.,]\d{1,3})?"
_DASH = "[-\u2010-\u2013\u301c]"

# Compiled when a text needs them, which few do.
_TIMES = r"(?<=\d)\s?[xX\u00d7]\s?(?=\d)|(?<=\w)\s?\u00d7\s?(?=\d)"
_TIMES_BEFORE = r"(?<!\w)[x\u00d7](?=\d)"
_TIMES_AFTER = rf"{_BEFORE}({_NUMBER})\s?[x\u00d7]{_AFTER}"
_RANGE = rf"{_BEFORE}(?<!{_DASH})(?<!{_DASH} )({_NUMBER})\s?{_DASH}\s?({_NUMBER})(?![\d/]|[.,]\d|\s?{_DASH}\s?\d)"
_SLASH = r"(?<![\w/.:@])([^\W\d_]{2,30})/([^\W\d_]{2,30})(?![\w/])"
_MARKED = r"\d|[&/½⅓⅔¼¾⅛⅜⅝⅞]"


class Marks(Struct, frozen=True, forbid_unknown_fields=True, rename="kebab", dict=True):
    """How one language says them; what is left out stays as it is written.

    `units` are the forms of units by CLDR's name, with `{n}` for the number; CLDR has those that are left out. `names`
    are more signs for units. `signs` has words for `&`, `~` and `#` before a number, and `x` between two. `times` says
    `10x`, `range` `2-3`, `out_of` `3/10`, `either` `sit/stand`. `fractions` are those that have words, said after one
    of `articles` without their own; `mixed` says them after a whole number. `abbreviations` that can end a sentence
    have a full stop. `decades` are the words before `30s` that make it an age and not a time.
    """

    units: Mapping[str, Forms] = field(default_factory=dict)
    names: Mapping[str, str] = field(default_factory=dict)
    signs: Mapping[str, str] = field(default_factory=dict)
    times: Forms = field(default_factory=dict)
    range: str = ""
    out_of: str = ""
    fractions: Mapping[str, str] = field(default_factory=dict)
    articles: tuple[str, ...] = ()
    mixed: Forms = field(default_factory=dict)
    abbreviations: Mapping[str, str] = field(default_factory=dict)
    decades: tuple[str, ...] = ()
    either: str = ""
    per: str = ""
    counted: tuple[str, ...] = ()

    def read(self, text: str, count: Callable[[str, str], str]) -> str:
        """The text with all of it in words. `count` says a number of a unit, by its name in CLDR, or `times`."""
        # Looked for plainly first: to compile the pattern takes longer than all else that most sessions need.
        folded = text.casefold()
        if any(short in folded for short in self.abbreviations):
            text = self._abbreviated.sub(self._lengthen, text)
        if not re.search(_MARKED, text):
            return text
        if self.per and "/" in text:
            text = self._rate.sub(self._say_per, text)
        text = self._fraction.sub(lambda match: self._say_fraction(match, count), text)
        if "x" in self.signs:
            text = re.sub(_TIMES, f" {self.signs['x']} ", text)
            text = re.sub(_TIMES_BEFORE, f"{self.signs['x']} ", text)
        if self.range:
            text = self._unit_twice.sub(r"\1-", text)
            text = re.sub(_RANGE, self._say_range, text)
        if self.times:
            text = re.sub(_TIMES_AFTER, lambda match: count(match[1], "times"), text)
        text = self._quantity.sub(lambda match: self._say_quantity(match, count), text)
        if self.either:
            text = re.sub(_SLASH, self._say_either, text)
        for pattern, words in self._signs:
            text = pattern.sub(words, text)
        return text

    @cached_property
    def _all_units(self) -> Mapping[str, str]:
        return {**UNITS, **self.names}

    @cached_property
    def _unit(self) -> str:
        return "|".join(map(re.escape, sorted(self._all_units, key=len, reverse=True)))

    @cached_property
    def _unit_twice(self) -> re.Pattern[str]:
        """The first unit of "10 s-15 s", which a range has only once."""
        return re.compile(rf"{_BEFORE}({_NUMBER})\s?({self._unit})\s?{_DASH}\s?(?={_NUMBER}\s?\2{_AFTER})")

    @cached_property
    def _quantity(self) -> re.Pattern[str]:
        return re.compile(rf"{_BEFORE}({_NUMBER})(\s?|-)({self._unit}){_AFTER}(\.?)")

    @cached_property
    def _rate(self) -> re.Pattern[str]:
        counted = "|".join(map(re.escape, (*sorted(self.counted, key=len, reverse=True), "x", "\u00d7")))
        what = rf"\s?(?:{counted}|{self._unit})(?=/)"
        return re.compile(rf"{_BEFORE}({_NUMBER}(?:{what}|(?=/[^\W\d_][^\W\d_])))/([^\W\d_]{{1,30}})(?![\w/])")

    @cached_property
    def _fraction(self) -> re.Pattern[str]:
        vulgar = "".join(_VULGAR)
        whole = rf"(?:(?P<whole>\d{{1,4}})(?:[ -](?=\d{{1,4}}/)|[ -]?(?=[{vulgar}])))?"
        part = rf"(?P<part>[{vulgar}]|\d{{1,4}}/\d{{1,4}})(?!\d|[/.,]\d)"
        before = "|".join(map(re.escape, self.articles)) or "(?!)"
        article = rf"(?P<article>\b(?i:{before})\s)?"
        return re.compile(rf"{article}{_BEFORE}{whole}{part}(?:\s?(?P<unit>{self._unit}){_AFTER})?")

    @cached_property
    def _abbreviated(self) -> re.Pattern[str]:
        longest_first = sorted(self.abbreviations, key=len, reverse=True)
        return re.compile(rf"{_BEFORE}(?:{'|'.join(map(re.escape, longest_first))}){_AFTER}", re.IGNORECASE)

    @cached_property
    def _signs(self) -> tuple[tuple[re.Pattern[str], str], ...]:
        patterns = {"&": r"\s?&\s?", "~": r"[~\u223c]\s?(?=\d)", "#": r"#\s?(?=\d)"}
        spaced = {"&": f" {self.signs.get('&')} "}
        return tuple(
            (re.compile(pattern), spaced.get(sign, f"{self.signs[sign]} "))
            for sign, pattern in patterns.items()
            if sign in self.signs
        )

    def _lengthen(self, match: re.Match[str]) -> str:
        words = self.abbreviations[match[0].casefold()]
        if match[0][0].isupper():
            words = words[0].upper() + words[1:]
        return words[:-1] if words.endswith(".") and not _ends_sentence(match) else words

    def _say_fraction(self, match: re.Match[str], count: Callable[[str, str], str]) -> str:
        whole, part, unit = match["whole"], _VULGAR.get(match["part"], match["part"]), match["unit"]
        above, below = part.split("/")
        words = self.fractions.get(part)
        start, end = match["article"] or "", match[0][match.end("part") - match.start() :]
        if words is None:
            if not self.out_of:
                return match[0]
            pair = self.out_of.format(a=above, b=below) if below == "10" else f"{above} {below}"
            return " ".join(filter(None, (start.strip(), whole, pair))) + end
        if whole:
            words = self.mixed.get(part, self.mixed["other"]).format(n=whole, fraction=words)
        elif start and words.startswith(tuple(f"{each} " for each in self.articles)):
            words = words.partition(" ")[2]
        if unit:
            # In the plural after a whole number ("two and a half minutes"), else in the singular ("half minute").
            end = " " + count("2" if whole else "1", self._all_units[unit]).partition(" ")[2]
        return start + words + end

    def _say_per(self, match: re.Match[str]) -> str:
        unit = self.units.get(self._all_units.get(match[2], ""), {})
        word = unit["one"].removeprefix("{n} ") if "one" in unit else match[2]
        return f"{match[1]} {self.per} {word}"

    def _say_range(self, match: re.Match[str]) -> str:
        low, high = (float(each.replace(",", ".")) for each in match.groups())
        return self.range.format(a=match[1], b=match[2]) if low < high else match[0]

    def _say_quantity(self, match: re.Match[str], count: Callable[[str, str], str]) -> str:
        number, between, sign, stop = match.groups()
        if sign == "s" and not between and number.endswith("0"):
            before = match.string[max(0, match.start() - 20) : match.start()].casefold().rstrip(" -\u2010\u2011")
            if before.endswith(self.decades) or len(number) > 3:
                return match[0]
        unit = self._all_units[sign]
        if between == "-":
            one = self.units.get(unit, {}).get("one")
            return match[0] if one is None else one.replace("{n} ", f"{number}-") + stop
        return count(number, unit) + (stop if not sign.isalpha() or _ends_sentence(match) else "")

    def _say_either(self, match: re.Match[str]) -> str:
        both = {match[1].casefold(), match[2].casefold()}
        return f"{match[1]} {match[2]}" if self.either in both else f"{match[1]} {self.either} {match[2]}"


def _ends_sentence(match: re.Match[str]) -> bool:
    """Whether what follows begins a sentence, or nothing follows."""
    following = match.string[match.end() : match.end() + 4].lstrip()[:1]
    return not (following.islower() or following.isdigit() or following in tuple(",;:)"))
