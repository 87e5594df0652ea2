"""Durations and other quantities by CLDR, through Babel: for what a language's file does not say itself.

Babel takes some 20 ms to load, so it is imported only when a session in such a language says one.
"""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal


def find_category(tag: str, number: int) -> str:
    """The plural category of a whole number in the language of a BCP 47 tag."""
    from babel import Locale

    return Locale.parse(tag, sep="-").plural_form(number)


def format_unit(tag: str, unit: str, number: int | Decimal) -> str:
    """A number of a unit, by CLDR's name for it, with `{n}` in place of the number: "{n} Sekunden"."""
    from babel import Locale
    from babel.numbers import format_decimal
    from babel.units import format_unit

    locale = Locale.parse(tag, sep="-")
    text = format_unit(number, unit, "long", locale=locale)
    # French has a no-break space before the unit.
    return " ".join(text.replace(format_decimal(number, locale=locale), "{n}", 1).split())


def join(tag: str, parts: Sequence[str]) -> str:
    """The parts of a length as a list: "eine Stunde, zwei Minuten und fünf Sekunden"."""
    from babel import Locale
    from babel.lists import format_list

    return format_list(parts, locale=Locale.parse(tag, sep="-"))
