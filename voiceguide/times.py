"""Durations, moments and breath patterns: read them, write them, speak them. The only place that knows units.

Everything inside voiceguide is whole milliseconds; nothing else is ever added up. The readers here take the text of a
script or of a command-line option and raise `ValueError` whose message is the rest of the sentence "expected ...".
"""

from __future__ import annotations

import re
from fractions import Fraction

from msgspec import Struct

SECOND = 1_000
MINUTE = 60 * SECOND
HOUR = 60 * MINUTE

DURATION = 'a duration such as "45s" or "1m30s"'
LENGTH = 'a duration such as "45s" or "1m30s", or breaths such as "5 breaths"'
MOMENT = 'a moment such as "10s", "-10s" from the end, "half" or "25%"'
PATTERN = 'in-hold-out-hold seconds such as "4-6", "4-2-6" or "4-4-4-4", or one of box, coherent, 4-7-8'

MAX_PHASE = MINUTE
MIN_PHASE = SECOND
MAX_BREATHS = 10_000
# More digits than this say nothing a person can hold, and a number of a million digits would cost time to read.
MAX_CHARACTERS = 40

UNITS = {
    **dict.fromkeys(("ms", "millisecond", "milliseconds"), 1),
    **dict.fromkeys(("s", "sec", "secs", "second", "seconds"), SECOND),
    **dict.fromkeys(("m", "min", "mins", "minute", "minutes"), MINUTE),
    **dict.fromkeys(("h", "hr", "hrs", "hour", "hours"), HOUR),
}
_NUMBER = r"[0-9]+(?:\.[0-9]+)?|\.[0-9]+"
_PART = re.compile(rf"({_NUMBER})\s*([a-z]+)\s*", re.ASCII)
_BARE = re.compile(_NUMBER, re.ASCII)
_CLOCK = re.compile(r"(?:([0-9]+):(?=[0-5][0-9]:))?([0-9]+):([0-5][0-9])(\.[0-9]+)?", re.ASCII)
_BREATHS = re.compile(r"([0-9]+)\s*breaths?", re.ASCII)
_SHARE = re.compile(r"([0-9]+(?:\.[0-9]+)?)\s*%", re.ASCII)


class Breaths(Struct, frozen=True):
    """A length counted in whole breaths."""

    count: int


Length = int | Breaths
"""Milliseconds, or breaths whose own length a pattern gives."""


class Pattern(Struct, frozen=True):
    """One breath: its four phases in milliseconds. The two held phases may be zero."""

    breathe_in: int
    hold_in: int
    breathe_out: int
    hold_out: int

    @property
    def ms(self) -> int:
        """How long one whole breath takes."""
        return self.breathe_in + self.hold_in + self.breathe_out + self.hold_out

    def lasting(self, count: int) -> int:
        """How long `count` breaths take when the last one ends on its out-breath."""
        return count * self.ms - self.hold_out

    def nearest(self, ms: int) -> int:
        """The whole number of breaths, at least one, whose `lasting` is nearest to `ms`; the larger where two are."""
        return max(1, (2 * (ms + self.hold_out) + self.ms) // (2 * self.ms))

    def __str__(self) -> str:
        phases = [self.breathe_in, self.hold_in, self.breathe_out, self.hold_out]
        if not self.hold_out:
            phases.pop()
            if not self.hold_in:
                phases.pop(1)
        return "-".join(f"{phase / SECOND:g}" for phase in phases)


class Moment(Struct, frozen=True):
    """A moment in a window: `share` of its length, plus `offset` milliseconds."""

    share: Fraction
    offset: int

    def within(self, ms: int) -> int:
        """The moment in a window of `ms`, in whole milliseconds from its start."""
        return int(self.share * ms) + self.offset


NAMED_PATTERNS = {
    "box": Pattern(4000, 4000, 4000, 4000),
    "coherent": Pattern(5500, 0, 5500, 0),
    "4-7-8": Pattern(4000, 7000, 8000, 0),
}


def duration(text: str) -> int:
    """Milliseconds of `45s`, `1m30s`, `1.5m`, `2 min`, `500ms`, bare seconds, or a clock's `1:30` and `1:02:03`.

    Two numbers are always minutes and seconds.
    """
    plain = text.strip().casefold()
    if not plain or len(plain) > MAX_CHARACTERS:
        raise ValueError(DURATION)
    if match := _CLOCK.fullmatch(plain):
        hours, minutes, seconds, part = match.groups()
        whole_minutes = int(hours or 0) * 60 + int(minutes)
        return whole_minutes * MINUTE + int(seconds) * SECOND + _milliseconds(part or "0", SECOND)
    if _BARE.fullmatch(plain):
        return _milliseconds(plain, SECOND)
    total, at, last = 0, 0, HOUR + 1
    while at < len(plain):
        match = _PART.match(plain, at)
        # Larger units come first, each once: "30s1m" is more likely a slip than a length.
        if match is None or UNITS.get(match[2], last) >= last:
            raise ValueError(DURATION)
        last = UNITS[match[2]]
        total += _milliseconds(match[1], last)
        at = match.end()
    return total


def length(text: str) -> Length:
    """A duration, or `5 breaths`."""
    plain = text.strip().casefold()
    if "breath" not in plain:
        return duration(text)
    match = _BREATHS.fullmatch(plain)
    if match is None or len(plain) > MAX_CHARACTERS:
        raise ValueError(LENGTH)
    count = int(match[1])
    if not 1 <= count <= MAX_BREATHS:
        raise ValueError(f"1 to {MAX_BREATHS:,} breaths")
    return Breaths(count)


def pattern(text: str) -> Pattern:
    """A breath of two to four phases: in-out, in-hold-out or in-hold-out-hold, in seconds; or a named one."""
    plain = text.strip().casefold()
    if plain in NAMED_PATTERNS:
        return NAMED_PATTERNS[plain]
    parts = [part.strip() for part in plain.split("-")]
    if len(plain) > MAX_CHARACTERS or not 2 <= len(parts) <= 4 or not all(map(_BARE.fullmatch, parts)):
        raise ValueError(PATTERN)
    phases = [_milliseconds(part, SECOND) for part in parts]
    if len(phases) == 2:
        phases.insert(1, 0)
    breath = Pattern(*phases, *[0] * (4 - len(phases)))
    if min(breath.breathe_in, breath.breathe_out) < MIN_PHASE or max(phases) > MAX_PHASE:
        raise ValueError("a breath in and out of 1 to 60 seconds each, and pauses of at most 60 seconds")
    return breath


def moment(text: str) -> Moment:
    """`10s` from the start, `-10s` from the end, `half`, or `25%`."""
    plain = text.strip().casefold()
    if plain == "half":
        return Moment(Fraction(1, 2), 0)
    if len(plain) <= MAX_CHARACTERS and (match := _SHARE.fullmatch(plain)):
        share = Fraction(match[1]) / 100
        if share > 1:
            raise ValueError(MOMENT)
        return Moment(share, 0)
    try:
        if plain.startswith("-"):
            return Moment(Fraction(1), -duration(plain[1:]))
        return Moment(Fraction(0), duration(plain))
    except ValueError:
        raise ValueError(MOMENT) from None


def whole(length: Length, breath: Pattern) -> int:
    """The milliseconds of a length; breaths end on an out-breath."""
    return breath.lasting(length.count) if isinstance(length, Breaths) else length


def clock(ms: int) -> str:
    """`1:02:03` or `2:03`, to the second below."""
    minutes, seconds = divmod(ms // SECOND, 60)
    hours, minutes = divmod(minutes, 60)
    return f"{hours}:{minutes:02}:{seconds:02}" if hours else f"{minutes}:{seconds:02}"


def short(length: Length) -> str:
    """A length as a script would have it: `45s`, `1m30s`, `2h`, `850ms`, `5 breaths`."""
    if isinstance(length, Breaths):
        return f"{length.count} breath{'s' if length.count != 1 else ''}"
    if 0 < length < SECOND:
        return f"{length}ms"
    minutes, ms = divmod(length, MINUTE)
    hours, minutes = divmod(minutes, 60)
    parts = [f"{hours}h" if hours else "", f"{minutes}m" if minutes else ""]
    if ms or not length:
        parts.append(f"{ms / SECOND:.3f}".rstrip("0").rstrip(".") + "s")
    return "".join(parts)


def spoken(length: Length) -> str:
    """A length in words, to the whole second: "thirty seconds", "one and a half minutes", "five breaths"."""
    if isinstance(length, Breaths):
        return _counted(length.count, "breath")
    seconds = max(1, (length + SECOND // 2) // SECOND)
    if seconds < 60:
        return _counted(seconds, "second")
    for unit, name in ((3600, "hour"), (60, "minute")):
        if seconds < unit:
            continue
        number, rest = divmod(seconds, unit)
        if not rest:
            return _counted(number, name)
        if rest * 2 == unit:
            return f"{words(number)} and a half {name}s"
        break
    hours, rest = divmod(seconds, 3600)
    minutes, left = divmod(rest, 60)
    parts = ((hours, "hour"), (minutes, "minute"), (left, "second"))
    named = [_counted(number, name) for number, name in parts if number]
    return " and ".join([", ".join(named[:-1]), named[-1]]) if len(named) > 1 else named[0]


def spoken_minutes(ms: int) -> str:
    """About how long, for a list: `4 min`."""
    return f"{max(1, (ms + MINUTE // 2) // MINUTE)} min"


def to_half_minute(ms: int) -> int:
    """The nearest half minute, and never none."""
    return max(1, (ms + 15 * SECOND) // (30 * SECOND)) * 30 * SECOND


_SMALL = [
    "zero", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten", "eleven", "twelve",
    "thirteen", "fourteen", "fifteen", "sixteen", "seventeen", "eighteen", "nineteen",
]  # fmt: skip
_TENS = ["twenty", "thirty", "forty", "fifty", "sixty", "seventy", "eighty", "ninety"]


def words(number: int) -> str:
    """A number below a hundred in words; a larger one in digits, which a voice reads as well."""
    if number < 20:
        return _SMALL[number]
    if number >= 100:
        return str(number)
    tens, ones = divmod(number, 10)
    return _TENS[tens - 2] + (f"-{_SMALL[ones]}" if ones else "")


def _counted(number: int, name: str) -> str:
    return f"{words(number)} {name}{'s' if number != 1 else ''}"


def _milliseconds(number: str, unit: int) -> int:
    """`number` units in milliseconds, to the nearest; exact, where floats would make 0.29 s of 290 ms 289."""
    return int(Fraction(number) * unit + Fraction(1, 2))
