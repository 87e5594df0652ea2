"""How large a script may become. One table of limits, spent while the script is read and written out.

A short file can describe something enormous: an alias to a long text, a repeat inside a repeat, a letter whose
pronunciation is a sentence. So it is what a script *becomes* that is counted, with aliases, includes, repeats, sides
and pronunciations written out, and it is refused before the memory or the time for it is spent.
"""

from __future__ import annotations

from typing import Literal

from voiceguide import times
from voiceguide.errors import Place, Problem, ScriptError

What = Literal[
    "bytes", "depth", "values", "characters", "pronunciations", "options", "steps", "problems",
    "text", "spoken", "events", "duration",
]  # fmt: skip

MAX_DURATION = 12 * times.HOUR
MAX_FILE_BYTES = 1_000_000  # of one script's file

LIMITS: dict[What, int] = {
    # Of the files of one reading, with all that they include.
    "bytes": 4_000_000,
    "depth": 80,  # YAML levels, aliases written out; a step nested in a step takes two
    "values": 50_000,  # aliases written out
    "characters": 2_000_000,  # of all values, aliases written out
    "pronunciations": 2_000,
    "options": 50,  # each is laid out on its own by `check`
    "steps": 20_000,  # with includes written out
    "problems": 100,
    # Of one session, sides and repeats written out.
    "text": 10_000,  # characters of one text, as it is spoken: with its names and pronunciations put in
    "spoken": 1_000_000,  # characters of all texts; twice what a calm voice speaks in twelve hours
    "events": 20_000,
    "duration": MAX_DURATION,  # ms
}

_SENTENCES: dict[What, str] = {
    "bytes": "this script and what it includes have more than {} bytes together; include fewer files",
    "depth": "this is nested too deeply; expected at most {} levels",
    "values": "with aliases and includes written out, this script has more than {} values; make it shorter",
    "characters": "with aliases and includes written out, this script has more than {} characters; make it shorter",
    "pronunciations": "this script and what it includes have more than {} pronunciations; keep those that it needs",
    "options": "this script and what it includes have more than {} options; keep those that a listener needs",
    "steps": "with what it includes, this routine has more than {} steps; make it shorter",
    "problems": "reading stopped here, after {} problems; correct those first, then check again",
    "text": "this text would be spoken as more than {} characters; say it in several steps, or shorten what is put in",
    "spoken": "here the session grows longer than {} spoken characters; make it shorter",
    "events": "here the session grows longer than {} events; make it shorter",
    "duration": "here the session grows longer than {}; make it shorter",
}


def refusal(what: What, place: Place) -> Problem:
    """The sentence for a script that is larger than it may be."""
    limit = LIMITS[what]
    return Problem(place, _SENTENCES[what].format(times.short(limit) if what == "duration" else f"{limit:,}"))


def check(what: What, amount: int, place: Place) -> None:
    """Raises ScriptError where an amount that is not added up is above its limit."""
    if amount > LIMITS[what]:
        raise ScriptError([refusal(what, place)])


class Budget:
    """What was spent of each limit, in one reading or in one session."""

    def __init__(self) -> None:
        self._spent: dict[What, int] = dict.fromkeys(LIMITS, 0)

    def left(self, what: What) -> int:
        """How much of it may still come; negative once too much has."""
        return LIMITS[what] - self._spent[what]

    def spend(self, what: What, amount: int, place: Place) -> None:
        """Add an amount. Raises ScriptError, with this place, where that is too much."""
        if self.overspends(what, amount):
            raise ScriptError([refusal(what, place)])

    def overspends(self, what: What, amount: int) -> bool:
        """Add an amount; whether that is too much. For those to whom a place costs more than the answer."""
        self._spent[what] += amount
        return self._spent[what] > LIMITS[what]
