"""Plan → the plan with its last words, and with its holds fitted to a total where a listener asks for one.

A text may name the next hold's length or the whole session's. Those depend on how long the texts take, and the texts
on them; so the words are put in, measured, and put in again until they stay the same. Where they would go back and
forth between two roundings, the last words stand, and the times are exact all the same.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import lru_cache

from msgspec import Struct
from msgspec.structs import replace

from voiceguide import times
from voiceguide.budget import MAX_DURATION, Budget, check
from voiceguide.errors import Problem, RequestError, ScriptError
from voiceguide.routine.templates import fill, finish, names_in
from voiceguide.score import fit
from voiceguide.score.items import Inner, Item, Plan, Sounding, Speech, Window, list_soundings
from voiceguide.score.layout import Lengths, add_up
from voiceguide.words import load_words

Measure = Callable[[Plan], Lengths]
"""How long everything in a worded plan takes to sound."""

MAX_ROUNDS = 6  # two are what it takes where a text names a length, one elsewhere
FIRST_GUESS = 10 * times.MINUTE  # of a total that a text may name before it is known
MAX_TRIES = 5  # at a total to name in an error: its own words may move it by a moment


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
        raise RequestError(_explain(base, measure, total, done.total))
    return done


def fill_words(plan: Plan, total: int) -> Plan:
    """The plan with every speech's `text` and `spoken` final, for a session of `total` ms.

    Raises ScriptError where a text speaks of the next hold and there is none.
    """
    words = load_words(plan.language)
    spell = lru_cache(None)(words.spell_length)  # thousands of holds have few lengths
    length = words.spell_length(times.to_half_minute(total))
    problems: dict[Problem, None] = {}
    budget = Budget()
    following = ""
    items: list[Item] = []
    # Backwards, because {hold} is the next one. A window's own cues speak of that window.
    for item in reversed(plan.items):
        if isinstance(item, Window) and item.kind == "hold":
            following = spell(item.length)

        def put(speech: Speech, following: str = following) -> Speech:
            if speech.spoken and "{" not in speech.template:
                return speech  # final since the round before
            if not following and "hold" in names_in(speech.template):
                message = "{hold} is the next hold's length, and no hold follows here; take it out of this text"
                problems[Problem(speech.where.place, message)] = None
            text = finish(fill(speech.template, {"hold": following, "length": length}))
            spoken = speech.pronunciations.put(text)
            check("text", len(spoken), speech.where.place)
            budget.spend("spoken", len(spoken), speech.where.place)
            return replace(speech, text=text, spoken=spoken)

        items.append(_replace_speeches(item, put))
    if problems:
        raise ScriptError(list(problems)[::-1])
    return replace(plan, items=tuple(reversed(items)))


def _settle(base: Plan, measure: Measure, fit_to: int | None) -> Settled:
    """As near to the wanted total as the plan can come."""
    plan, total = base, FIRST_GUESS if fit_to is None else fit_to
    said: list[str] | None = None
    lengths = Lengths({}, {})
    for _ in range(MAX_ROUNDS):
        plan = fill_words(plan, total)
        if said == (said := [each.text for each in list_soundings(plan) if isinstance(each, Speech)]):
            break
        lengths = measure(plan)
        if fit_to is not None:
            try:
                plan = fit.fit_to_total(base, plan, add_up(plan, lengths), fit_to)
            except fit.OutOfReachError as far:
                plan = far.closest
        total = add_up(plan, lengths)
    return Settled(plan, lengths, total)


def _explain(base: Plan, measure: Measure, total: int, nearest: int) -> str:
    """The sentence for a total that can't be met: what it names can be asked for, and works."""
    shortest, longest = _settle(base, measure, 0).total, _settle(base, measure, 100 * MAX_DURATION).total
    longest = max(shortest, min(longest, MAX_DURATION))
    if shortest < longest:
        # To the second, and inwards, where there is a second between them.
        whole = longest - shortest >= 2 * times.SECOND
        shortest = _find_total(base, measure, -(-shortest // times.SECOND) * times.SECOND if whole else shortest, 1)
        longest = _find_total(base, measure, longest // times.SECOND * times.SECOND if whole else longest, -1)
    return fit.explain_miss(total, shortest, longest, _find_total(base, measure, nearest, 0))


def _find_total(base: Plan, measure: Measure, total: int, direction: int) -> int:
    """The first total from here on that can be met; going by seconds, or with 0 to wherever fitting leads."""
    for _ in range(MAX_TRIES):
        found = _settle(base, measure, total).total
        if found == total:
            return total
        # Only whole breaths can move: what came out is itself a total that can be asked for.
        total = found if direction == 0 or abs(found - total) > times.SECOND else total + direction * times.SECOND
    return total


def _replace_speeches(item: Item, put: Callable[[Speech], Speech]) -> Item:
    def each(sounding: Sounding) -> Sounding:
        return put(sounding) if isinstance(sounding, Speech) else sounding

    if isinstance(item, Speech):
        return put(item)
    if not isinstance(item, Window):
        return item
    breathing = item.breathing
    if breathing is not None:
        words = {phase: tuple(map(put, texts)) for phase, texts in breathing.words.items()}
        breathing = replace(breathing, words=words)
    return replace(
        item,
        start=tuple(map(each, item.start)),
        half=tuple(map(each, item.half)),
        end=tuple(map(each, item.end)),
        inner=tuple(Inner(cue.at, each(cue.sounding)) for cue in item.inner),
        countdown=tuple(map(put, item.countdown)),
        breathing=breathing,
    )
