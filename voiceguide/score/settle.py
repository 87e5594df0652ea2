"""Plan → the plan with its last words, and with its holds fitted to a total where a listener asks for one.

A text may name the next hold's length or the whole session's. Those depend on how long the texts take, and the texts
on them; so the words are put in, measured, and put in again until they stay the same. Where they would go back and
forth between two roundings, the last words stand, and the times are exact all the same.
"""

from __future__ import annotations

from collections.abc import Callable

from msgspec import Struct

from voiceguide import times
from voiceguide.budget import MAX_DURATION
from voiceguide.errors import RequestError
from voiceguide.score import fit
from voiceguide.score.items import Plan, Speech
from voiceguide.score.timeline import Lengths, duration
from voiceguide.score.wording import fill_words, soundings

Measure = Callable[[Plan], Lengths]
"""How long everything in a worded plan takes to sound."""

ROUNDS = 6  # two are what it takes where a text names a length, one elsewhere
FIRST_GUESS = 10 * times.MINUTE  # of a total that a text may name before it is known
TRIES = 10  # at a total to name in an error: its own words may move it by a moment


class Settled(Struct, frozen=True):
    """A worded plan, how long its parts sound, and how long it lasts, in ms."""

    plan: Plan
    lengths: Lengths
    total: int


def settle(base: Plan, measure: Measure, total: int | None = None) -> Settled:
    """The plan in its last words; fitted to `total` ms where that is given.

    Raises RequestError where it can't be fitted, with the shortest and the longest total that can be, each of which
    has been tried; ScriptError where a text names a hold and none follows.
    """
    done = _settle(base, measure, total)
    if total is not None and done.total != total:
        raise RequestError(_why(base, measure, total, done.total))
    return done


def _settle(base: Plan, measure: Measure, fit_to: int | None) -> Settled:
    """As near to the wanted total as the plan can come."""
    plan, total = base, FIRST_GUESS if fit_to is None else fit_to
    said: list[str] | None = None
    lengths = Lengths({}, {})
    for _ in range(ROUNDS):
        plan = fill_words(plan, total)
        if said == (said := [each.text for each in soundings(plan) if isinstance(each, Speech)]):
            break
        lengths = measure(plan)
        if fit_to is not None:
            try:
                plan = fit.fit_to_total(base, plan, duration(plan, lengths), fit_to)
            except fit.OutOfReachError as far:
                plan = far.closest
        total = duration(plan, lengths)
    return Settled(plan, lengths, total)


def _why(base: Plan, measure: Measure, total: int, nearest: int) -> str:
    """The sentence for a total that can't be met: what it names can be asked for, and works."""
    shortest, longest = _settle(base, measure, 0).total, _settle(base, measure, 100 * MAX_DURATION).total
    longest = max(shortest, min(longest, MAX_DURATION))
    if shortest < longest:
        # To the second, and inwards, where there is a second between them.
        whole = longest - shortest >= 2 * times.SECOND
        shortest = _works(base, measure, -(-shortest // times.SECOND) * times.SECOND if whole else shortest, 1)
        longest = _works(base, measure, longest // times.SECOND * times.SECOND if whole else longest, -1)
    return fit.told(total, shortest, longest, _works(base, measure, nearest, 0))


def _works(base: Plan, measure: Measure, total: int, direction: int) -> int:
    """The first total from here on that can be met; going by seconds, or with 0 to wherever fitting leads."""
    for _ in range(TRIES):
        found = _settle(base, measure, total).total
        if found == total:
            return total
        # Only whole breaths can move: what came out is itself a total that can be asked for.
        total = found if direction == 0 or abs(found - total) > times.SECOND else total + direction * times.SECOND
    return total
