"""The limits on the size of a script: one table, checked while the script is read and expanded.

A short file can describe something enormous: an alias to a long text, a repeat inside a repeat, a letter whose
pronunciation is a sentence. The limits therefore apply to the expanded script, with aliases, includes, repeats, sides
and pronunciations replaced. A script over a limit is rejected before it takes the memory or the time.
"""

from __future__ import annotations

from typing import Literal

from voiceguide import times
from voiceguide.errors import Place, Problem, ScriptError

What = Literal[
    "bytes", "depth", "values", "characters", "pronunciations", "options", "steps", "problems",
    "text", "spoken", "events", "visits", "duration",
]  # fmt: skip

MAX_DURATION = 12 * times.HOUR
MAX_FILE_BYTES = 1_000_000  # of one script's file

LIMITS: dict[What, int] = {
    # Of one script with all the files that it includes.
    "bytes": 4_000_000,
    "depth": 80,  # YAML levels, aliases expanded; a step nested in a step takes two
    "values": 50_000,  # aliases expanded
    "characters": 2_000_000,  # of all values, aliases expanded
    "pronunciations": 2_000,
    "options": 50,  # each is laid out on its own by `check`
    "steps": 20_000,  # includes expanded
    "problems": 100,
    # Of one session, sides and repeats expanded.
    "text": 10_000,  # characters of one text as it is spoken, with its placeholders and pronunciations replaced
    "spoken": 1_000_000,  # characters of all texts; a calm voice speaks half of this in twelve hours
    "events": 20_000,
    "visits": 200_000,  # of steps, each time that one comes, heard or not: `on` leaves most of a long loop out
    "duration": MAX_DURATION,  # ms
}

_SENTENCES: dict[What, str] = {
    "bytes": "this script and the files it includes have more than {} bytes; include fewer files",
    "depth": "this is nested too deeply; expected at most {} levels",
    "values": "with aliases and includes expanded, this script has more than {} values; make it shorter",
    "characters": "with aliases and includes expanded, this script has more than {} characters; make it shorter",
    "pronunciations": "this script and the files it includes have more than {} pronunciations; remove some",
    "options": "this script and the files it includes have more than {} options; remove some",
    "steps": "with its includes, this routine has more than {} steps; make it shorter",
    "problems": "stopped here after {} problems; correct those first, then check again",
    "text": "this text has more than {} characters when spoken; split it into several steps, or shorten its inserts",
    "spoken": "the session is longer than {} spoken characters here; make it shorter",
    "events": "the session has more than {} events here; make it shorter",
    "visits": "the session goes through more than {} steps here, heard or not; repeat them less often",
    "duration": "the session is longer than {} here; make it shorter",
}


def refusal(what: What, place: Place) -> Problem:
    """The problem to report for a script that exceeds a limit."""
    limit = LIMITS[what]
    return Problem(place, _SENTENCES[what].format(times.short(limit) if what == "duration" else f"{limit:,}"))


def check(what: What, amount: int, place: Place) -> None:
    """Check one amount, without adding it up. Raises ScriptError if it is above the limit."""
    if amount > LIMITS[what]:
        raise ScriptError([refusal(what, place)])


class Budget:
    """The amounts used of each limit, by one script or one session."""

    def __init__(self) -> None:
        self._spent: dict[What, int] = dict.fromkeys(LIMITS, 0)

    def left(self, what: What) -> int:
        """The amount left; negative if the limit is exceeded."""
        return LIMITS[what] - self._spent[what]

    def spend(self, what: What, amount: int, place: Place) -> None:
        """Add an amount. Raises ScriptError with this place if the limit is exceeded."""
        if self.overspends(what, amount):
            raise ScriptError([refusal(what, place)])

    def overspends(self, what: What, amount: int) -> bool:
        """Add an amount and return whether the limit is exceeded. For callers that compute the place only on error."""
        self._spent[what] += amount
        return self._spent[what] > LIMITS[what]
