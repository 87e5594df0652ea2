"""Durations, moments and breath patterns: parse and format them. The only module that handles units.

All times inside voiceguide are whole milliseconds. The functions that parse take the text of a script or of a
command-line option and raise `ValueError`; its message completes the sentence "expected ...".
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

TEMPO = 'the seconds of going, pause, coming back and pause, such as "2-2" or "2-0-4"'

MAX_PHASE = MINUTE
MIN_PHASE = SECOND
MIN_MOVE = SECOND // 2  # going or coming back, in a repetition
MAX_HELD = 5 * MINUTE  # a pause in a breath or in a repetition
MAX_BREATHS = 10_000
# No useful duration is longer, and parsing a number of a million digits would be slow.
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
# Minutes above 59 are allowed only without hours.
_CLOCK = re.compile(r"(?:([0-9]+):(?=[0-5][0-9]:))?([0-9]+):([0-5][0-9])(\.[0-9]+)?", re.ASCII)
_BREATHS = re.compile(r"([0-9]+)\s*breaths?", re.ASCII)
_SHARE = re.compile(r"([0-9]+(?:\.[0-9]+)?)\s*%", re.ASCII)


class Breaths(Struct, frozen=True):
    """A length as a number of whole breaths."""

    count: int


Length = int | Breaths
"""Milliseconds, or breaths; a pattern gives the length of a breath."""


class Pattern(Struct, frozen=True):
    """One breath: its four phases in milliseconds. The two held phases may be zero."""

    breathe_in: int
    hold_in: int
    breathe_out: int
    hold_out: int

    @property
    def ms(self) -> int:
        """The length of one whole breath."""
        return self.breathe_in + self.hold_in + self.breathe_out + self.hold_out

    def lasting(self, count: int) -> int:
        """The length of `count` breaths, in ms. The last one ends with its out-breath."""
        return count * self.ms - self.hold_out

    def nearest(self, ms: int) -> int:
        """The number of breaths, at least one, whose length is nearest to `ms`; the larger of two equally near."""
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
        """The moment in a window of `ms` milliseconds, in whole milliseconds from its start."""
        return int(self.share * ms) + self.offset


START, END = Moment(Fraction(0), 0), Moment(Fraction(1), 0)

NAMED_PATTERNS = {
    "box": Pattern(4000, 4000, 4000, 4000),
    "coherent": Pattern(5500, 0, 5500, 0),
    "4-7-8": Pattern(4000, 7000, 8000, 0),
}


def duration(text: str) -> int:
    """Parse `45s`, `1m30s`, `1.5m`, `2 min`, `1:30` (minutes first), `1:02:03`, `500ms` or plain seconds: ms."""
    plain = text.strip().casefold()
    if not plain or len(plain) > MAX_CHARACTERS:
        raise ValueError(DURATION)
    if match := _CLOCK.fullmatch(plain):
        hours, minutes, seconds, part = match.groups()
        whole = int(hours or 0) * HOUR + int(minutes) * MINUTE + int(seconds) * SECOND
        return whole + _milliseconds(part or "0", SECOND)
    if _BARE.fullmatch(plain):
        return _milliseconds(plain, SECOND)
    total, at, last = 0, 0, HOUR + 1
    while at < len(plain):
        match = _PART.match(plain, at)
        # Larger units come first, each once: "30s1m" is probably a typing error.
        if match is None or UNITS.get(match[2], last) >= last:
            raise ValueError(DURATION)
        last = UNITS[match[2]]
        total += _milliseconds(match[1], last)
        at = match.end()
    return total


def length(text: str) -> Length:
    """Parse a duration, or `5 breaths`."""
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
    """Parse a breath of two to four phases: in-out, in-hold-out or in-hold-out-hold, in seconds; or a named one."""
    plain = text.strip().casefold()
    if plain in NAMED_PATTERNS:
        return NAMED_PATTERNS[plain]
    return _phases(plain, PATTERN, MIN_PHASE, "1 to 60 seconds for each breath in and out")


def tempo(text: str) -> Pattern:
    """Parse the tempo of a repetition, written like a breath: the seconds of going, pause, coming back, pause."""
    return _phases(text.strip(), TEMPO, MIN_MOVE, "0.5 to 60 seconds for each way")


def _phases(plain: str, what: str, least: int, range_: str) -> Pattern:
    parts = [part.strip() for part in plain.split("-")]
    if len(plain) > MAX_CHARACTERS or not 2 <= len(parts) <= 4 or not all(map(_BARE.fullmatch, parts)):
        raise ValueError(what)
    phases = [_milliseconds(part, SECOND) for part in parts]
    if len(phases) == 2:
        phases.insert(1, 0)
    done = Pattern(*phases, *[0] * (4 - len(phases)))
    moved, held = (done.breathe_in, done.breathe_out), (done.hold_in, done.hold_out)
    if min(moved) < least or max(moved) > MAX_PHASE or max(held) > MAX_HELD:
        raise ValueError(f"{range_}, and pauses of at most 5 minutes")
    return done


def moment(text: str) -> Moment:
    """Parse `10s` from the start, `-10s` from the end, `half`, or `25%`."""
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
    """Convert a length to milliseconds; breaths end with an out-breath."""
    return breath.lasting(length.count) if isinstance(length, Breaths) else length


def clock(ms: int) -> str:
    """Format as `1:02:03` or `2:03`, rounded down to the second."""
    minutes, seconds = divmod(ms // SECOND, 60)
    hours, minutes = divmod(minutes, 60)
    return f"{hours}:{minutes:02}:{seconds:02}" if hours else f"{minutes}:{seconds:02}"


def short(length: Length) -> str:
    """Format a length as in a script: `45s`, `1m30s`, `2h`, `850ms`, `5 breaths`."""
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


def round_total(ms: int) -> int:
    """Round as people tell a length: under ten minutes to half a minute, at least one, and above to a whole minute."""
    unit = MINUTE if ms >= 10 * MINUTE else 30 * SECOND
    return max(1, (ms + unit // 2) // unit) * unit


def _milliseconds(number: str, unit: int) -> int:
    """`number` units in ms, rounded. Computed with fractions, because floats would make 289 ms of 0.29 s."""
    return int(Fraction(number) * unit + Fraction(1, 2))
