"""The last words of a plan: {hold} and {length}, which wait until holds and total are known, and pronunciations."""

from __future__ import annotations

from collections.abc import Callable, Iterator

from msgspec.structs import replace

from voiceguide import times
from voiceguide.budget import Budget, check
from voiceguide.errors import Problem, ScriptError
from voiceguide.routine.templates import fill, finish, names_in
from voiceguide.score.items import ChimeSound, Inner, Item, Plan, Sounding, Speech, Window


def fill_words(plan: Plan, total: int) -> Plan:
    """The plan with every speech's `text` and `spoken` final, for a session of `total` ms.

    Raises ScriptError where a text speaks of the next hold and there is none.
    """
    length = times.spoken(times.to_half_minute(total))
    problems: dict[Problem, None] = {}
    budget = Budget()
    following = ""
    items: list[Item] = []
    # Backwards, because {hold} is the next one. A window's own cues speak of that window.
    for item in reversed(plan.items):
        if isinstance(item, Window) and item.kind == "hold":
            following = times.spoken(item.length)

        def put(speech: Speech, following: str = following) -> Speech:
            if not following and "hold" in names_in(speech.template):
                message = "{hold} is the next hold's length, and no hold follows here; take it out of this text"
                found = Problem(speech.where.place, message)
                problems[found] = None
            text = finish(fill(speech.template, {"hold": following, "length": length}))
            spoken = speech.pronunciations.put(text)
            check("text", len(spoken), speech.where.place)
            budget.spend("spoken", len(spoken), speech.where.place)
            return replace(speech, text=text, spoken=spoken)

        items.append(_put(item, put))
    if problems:
        raise ScriptError(list(problems)[::-1])
    return replace(plan, items=tuple(reversed(items)))


def soundings(plan: Plan) -> Iterator[Sounding]:
    """Everything of a plan that may sound, inside windows too, in order."""
    for item in plan.items:
        if isinstance(item, (Speech, ChimeSound)):
            yield item
        elif isinstance(item, Window):
            yield from item.start
            yield from (each.sounding for each in item.inner)
            yield from item.half
            yield from item.countdown
            if item.breathing and item.breathing.cue != "tone":
                for words in item.breathing.words.values():
                    yield from words
            yield from item.end


def _put(item: Item, put: Callable[[Speech], Speech]) -> Item:
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
