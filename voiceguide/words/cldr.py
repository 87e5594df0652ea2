"""Durations by CLDR, through Babel: for what a language's file does not say itself.

Babel takes some 20 ms to load, so it is imported only when a session in such a language says a length.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Literal

Unit = Literal["second", "minute", "hour"]


def find_category(tag: str, number: int) -> str:
    """The plural category of a whole number in the language of a BCP 47 tag."""
    from babel import Locale

    return Locale.parse(tag, sep="-").plural_form(number)


def format_unit(tag: str, unit: Unit, number: int) -> str:
    """A whole number of a unit, with `{n}` in place of the number: "{n} Sekunden"."""
    from babel import Locale
    from babel.numbers import format_decimal
    from babel.units import format_unit

    locale = Locale.parse(tag, sep="-")
    text = format_unit(number, f"duration-{unit}", "long", locale=locale)
    # French has a no-break space before the unit.
    return " ".join(text.replace(format_decimal(number, locale=locale), "{n}", 1).split())


def join(tag: str, parts: Sequence[str]) -> str:
    """The parts of a length as a list: "eine Stunde, zwei Minuten und fünf Sekunden"."""
    from babel import Locale
    from babel.lists import format_list

    return format_list(parts, locale=Locale.parse(tag, sep="-"))
