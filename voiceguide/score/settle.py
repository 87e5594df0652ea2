"""Plan → the plan with its final texts, and with its holds fitted to a total if the listener chose one.

A text may contain the length of the next hold or of the session. These depend on how long the texts take, and the
texts depend on them. So the texts are filled and measured repeatedly until they no longer change. If they alternate
between two roundings, the last texts are used; the times are exact anyway.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from functools import lru_cache, partial
from itertools import chain
from typing import TYPE_CHECKING

from msgspec import Struct
from msgspec.structs import replace

from voiceguide import times
from voiceguide.budget import MAX_DURATION, Budget, check
from voiceguide.errors import Problem, RequestError, ScriptError
from voiceguide.routine.templates import fill, finish, finish_pieces, names_in
from voiceguide.score import fit
from voiceguide.score.items import Item, Piece, Plan, Recurring, Sounding, Speech, Window, list_soundings
from voiceguide.score.layout import Lengths, add_up, add_up_items
from voiceguide.times import Length
from voiceguide.words import find_file, load_words

if TYPE_CHECKING:
    from voiceguide.routine.pronunciations import Pronunciations
    from voiceguide.voices.lexicon import Lexicon

Measure = Callable[[Plan], Lengths]
"""Measures the lengths of everything in a plan whose texts are filled."""

NO_PARTS: Mapping[int, int] = {}
MAX_ROUNDS = 6  # two are enough if a text contains a length, one otherwise
FIRST_GUESS = 10 * times.MINUTE  # the total that texts are first filled with
MAX_TRIES = 5  # to find a total for an error message: its own texts may change it slightly


_NOWHERE: Mapping[str, int] = {}


class Settled(Struct, frozen=True):
    """A plan with final texts, the lengths of its sounds, and its total length in ms."""

    plan: Plan
    lengths: Lengths
    total: int


def settle(base: Plan, measure: Measure, total: int | None = None) -> Settled:
    """Fill the plan's texts, and fit it to `total` ms if that is given.

    Raises RequestError if it can't be fitted, with the shortest and the longest possible total, both of which were
    tried; ScriptError if a text contains {hold} and no hold follows.
    """
    done = _settle(base, measure, total)
    if total is not None and done.total != total:
        raise RequestError(_explain(base, measure, total, done.total))
    return done


def fill_words(plan: Plan, total: int, parts: Mapping[int, int] = NO_PARTS) -> Plan:
    """Fill the `text` and `spoken` of every speech, for a session of `total` ms; `parts` are the included ones, in ms.

    Raises ScriptError if a text contains {hold} and no hold follows.
    """
    words = load_words(plan.language)
    spell = lru_cache(None)(words.spell_length)  # thousands of holds have few lengths
    spell_total = lru_cache(None)(lambda ms: words.spell_length(times.round_total(ms)))
    problems: dict[Problem, None] = {}
    budget = Budget()
    following: Length | None = None
    items: list[Item] = []
    # Backwards, because {hold} is the next hold. For a window's own cues it is that window.
    for item in reversed(plan.items):
        if isinstance(item, Window) and item.kind == "hold":
            following = item.length

        def put(speech: Speech, inside: Mapping[str, int] = _NOWHERE, following: Length | None = following) -> Speech:
            if speech.spoken and "{" not in speech.template:
                return speech  # it was filled in the previous round and can't change
            names = frozenset(names_in(speech.template))
            if following is None and "hold" in names:
                message = "{hold} is the length of the next hold, but no hold follows; remove it from this text"
                problems[Problem(speech.where.place, message)] = None
            # Only what this text needs, because other languages than English load their units for it.
            spelled = {name: spell(each) for name, each in {"hold": following or 0, **inside}.items() if name in names}
            if "length" in names:
                spelled["length"] = spell_total(total if speech.part is None else parts.get(speech.part, total))
            filled = fill(speech.template, spelled)
            say = partial(_say, speech.pronunciations, plan.language, plan.lexicon)
            pieces = tuple(Piece(text, say(text), ms) for text, ms in finish_pieces(filled))
            text = finish(filled)
            spoken = _join_pieces(pieces) if pieces else say(text)
            check("text", len(spoken), speech.where.place)
            budget.spend("spoken", len(spoken), speech.where.place)
            return replace(speech, text=text, spoken=spoken, pieces=pieces)

        items.append(_replace_speeches(item, put))
    if problems:
        raise ScriptError(list(problems)[::-1])
    return replace(plan, items=tuple(reversed(items)))


@lru_cache(maxsize=1024)
def _say(pronunciations: Pronunciations, language: str, lexicon: Lexicon | None, text: str) -> str:
    """A text as the voice is given it. Cached because `check` and a workshop lay out the same texts many times."""
    read = load_words(language).read if find_file(language) else str
    return pronunciations.put(text, lambda rest: lexicon.put(read(rest)) if lexicon else read(rest))


def _join_pieces(pieces: Iterable[Piece]) -> str:
    """What the voice is given, with the silences as they are written in a text."""
    marked = ((each.spoken, f"[{times.short(each.silence)}]" if each.silence else "") for each in pieces)
    return " ".join(filter(None, chain.from_iterable(marked)))


def _settle(base: Plan, measure: Measure, fit_to: int | None) -> Settled:
    """Settle the plan as near to the total as possible."""
    plan, total = base, FIRST_GUESS if fit_to is None else fit_to
    texts: list[str] | None = None
    lengths = Lengths({}, {})
    parts: dict[int, int] = {}
    for _ in range(MAX_ROUNDS):
        plan = fill_words(plan, total, parts)
        if texts == (texts := [each.text for each in list_soundings(plan.items) if isinstance(each, Speech)]):
            break
        lengths = measure(plan)
        if fit_to is not None:
            try:
                plan = fit.fit_to_total(base, plan, add_up(plan, lengths), fit_to)
            except fit.OutOfReachError as far:
                plan = far.closest
        total = add_up(plan, lengths)
        parts = {part: add_up_items(plan.items[start:end], lengths) for part, (start, end) in plan.parts.items()}
    return Settled(plan, lengths, total)


def _explain(base: Plan, measure: Measure, total: int, nearest: int) -> str:
    """The message for a total that can't be reached. The totals that it names are possible."""
    shortest, longest = _settle(base, measure, 0).total, _settle(base, measure, 100 * MAX_DURATION).total
    longest = max(shortest, min(longest, MAX_DURATION))
    if shortest < longest:
        # Rounded inwards to the second if they are far enough apart.
        whole = longest - shortest >= 2 * times.SECOND
        shortest = _find_total(base, measure, -(-shortest // times.SECOND) * times.SECOND if whole else shortest, 1)
        longest = _find_total(base, measure, longest // times.SECOND * times.SECOND if whole else longest, -1)
    return fit.explain_miss(total, shortest, longest, _find_total(base, measure, nearest, 0))


def _find_total(base: Plan, measure: Measure, total: int, direction: int) -> int:
    """The first possible total from here: in steps of a second in a direction, or for 0 those that fitting finds."""
    for _ in range(MAX_TRIES):
        found = _settle(base, measure, total).total
        if found == total:
            return total
        # Only whole breaths can change, so the total found is itself a possible one.
        total = found if direction == 0 or abs(found - total) > times.SECOND else total + direction * times.SECOND
    return total


def _replace_speeches(item: Item, put: Callable[..., Speech]) -> Item:
    def each(sounding: Sounding, inside: Mapping[str, int] = _NOWHERE) -> Sounding:
        return put(sounding, inside) if isinstance(sounding, Speech) else sounding

    if isinstance(item, Speech):
        return put(item)
    if not isinstance(item, Window):
        return item
    breathing = item.breathing
    if breathing is not None:
        words = {phase: tuple(map(put, texts)) for phase, texts in breathing.words.items()}
        numbers = tuple(tuple(map(put, choices)) for choices in breathing.numbers)
        breathing = replace(breathing, words=words, numbers=numbers)
    repetitions = item.repetitions
    if repetitions is not None:
        going = tuple(tuple(map(put, choices)) for choices in repetitions.going)
        repetitions = replace(repetitions, going=going, back=tuple(map(put, repetitions.back)))
    return replace(
        item,
        start=tuple(map(each, item.start)),
        half=tuple(map(each, item.half)),
        end=tuple(map(each, item.end)),
        inner=tuple(
            replace(cue, sounding=each(cue.sounding, _find_inside(item, cue.at.within(item.ms)))) for cue in item.inner
        ),
        recurring=tuple(replace(cue, turns=_fill_turns(cue, item, each)) for cue in item.recurring),
        countdown=tuple(map(put, item.countdown)),
        breathing=breathing,
        repetitions=repetitions,
    )


def _find_inside(window: Window, at: int) -> Mapping[str, int]:
    """What a cue's words may tell of its moment: how much of its window has passed and how much is left, in ms."""
    return {"elapsed": at, "remaining": window.ms - at}


def _fill_turns(
    cue: Recurring, window: Window, put: Callable[[Sounding, Mapping[str, int]], Sounding]
) -> tuple[tuple[Sounding, ...], ...]:
    """The words of a cue that comes back: for each of its times, if they tell how much of the window is left."""
    turn = cue.turns[0]
    names = {name for each in turn if isinstance(each, Speech) for name in names_in(each.template)}
    if not names & {"elapsed", "remaining"}:
        return (tuple(put(each, _NOWHERE) for each in turn),)
    whens = cue.list_times(window.ms) or (window.ms,)
    return tuple(tuple(put(each, _find_inside(window, at)) for each in turn) for at in whens)
