"""Routine → a plan: speech, silence, sounds and windows in order, without times.

Sides, repeats and includes are expanded here, so a plan is a flat list. The length of a text is unknown until it is
spoken; `layout` then assigns the times.
"""

from __future__ import annotations

from collections.abc import Iterator

from msgspec.structs import replace

from voiceguide.budget import Budget, check
from voiceguide.errors import Place, quoted
from voiceguide.routine.model import (
    Breathe,
    Chime,
    Exercise,
    Hold,
    Include,
    Pause,
    Repeat,
    Routine,
    Say,
    Sides,
    Step,
    in_round,
    walk,
)
from voiceguide.routine.pronunciations import Pronunciations
from voiceguide.routine.tailor import Tailored, silent
from voiceguide.routine.templates import escape, fill, names_in, speak_title
from voiceguide.score.bounds import refuse_oversize
from voiceguide.score.holds import write_breathe, write_hold, write_rest
from voiceguide.score.items import (
    ChimeSound,
    Close,
    Item,
    Open,
    PartEdge,
    Plan,
    Silence,
    Sounding,
    Speech,
    Where,
    Window,
    list_soundings,
)
from voiceguide.score.phrases import Scope, Turn
from voiceguide.texts.silences import list_silences
from voiceguide.words import find_file, list_tags, load_words

NOTICE_GAP = 1_500  # ms between the safety notice and the first word of the routine

_OPPOSITE = {"left": "right", "right": "left"}


def write_plan(tailored: Tailored) -> Plan:
    """Expand a tailored routine into a plan.

    Raises ScriptError if it exceeds a limit, RequestError if the quiet guide leaves nothing of it to hear.
    """
    routine = tailored.routine
    place = Place(str(routine.path), 1, 1)
    refuse_oversize(routine)
    budget = Budget()
    pronunciations = Pronunciations(routine.pronounce)
    words = load_words(routine.language)
    scope = Scope(
        routine.defaults,
        pronunciations,
        routine.title,
        words,
        budget,
        sounds=routine.sounds,
        lenient=tailored.lenient,
        quiet=tailored.quiet,
        names_exercises=tailored.quiet and sum(isinstance(each, Exercise) for each in walk(routine.steps)) > 1,
    )
    items = list(_write_opening(routine, scope))
    opening = len(items)
    parts: dict[int, tuple[int, int]] = {}
    for item in _write_steps(routine.steps, scope):
        if isinstance(item, PartEdge):
            parts[item.part] = (len(items), 0) if item.is_start else (parts[item.part][0], len(items))
            continue
        items.append(item)
        at = place if isinstance(item, Close) else item.where.place
        budget.spend("duration", _find_least_ms(item), at)
        budget.spend("events", _count_events(item), at)
    if tailored.quiet and not routine.bed and not any(map(_is_heard, items[opening:])):
        raise silent(routine.title)
    notes = (*tailored.notes, *_note_language(routine.language))
    if any(map(_asks_next, list_soundings(items))):
        items = _name_next(items, budget)
    plan = Plan(routine.title, tuple(items), place, notes, language=routine.language)
    return replace(plan, parts={part: parts[part] for part in _list_parts_told(plan)}) if parts else plan


def order_sides(step: Sides) -> list[str]:
    """The sides in order, with the ratio expanded."""
    if len(step.sides) == 1:
        return list(step.sides)
    more, fewer = step.ratio
    if step.tight:
        return [step.tight, _OPPOSITE[step.tight]] * fewer + [step.tight] * (more - fewer)
    return [*step.sides] * fewer + ["tighter"] * (more - fewer)


def _note_language(language: str) -> Iterator[str]:
    """A note if the program has no words in a language."""
    if find_file(language) is None:
        own = "the program's own words, such as those for the change of sides, are English"
        yield f"{own}; it has none in {quoted(language)}, only in {', '.join(list_tags())}"


def _find_least_ms(item: Item) -> int:
    """A lower bound on the length of an item in ms, to reject too long a session before anything is spoken."""
    if isinstance(item, Speech):
        return item.gap + sum(list_silences(item.template))
    return item.ms if isinstance(item, (Silence, Window)) else 0


def _count_events(item: Item) -> int:
    """About how many events an item becomes."""
    if not isinstance(item, Window):
        return 1
    returning = sum(len(each.list_times(item.ms)) for each in item.recurring)
    reps = item.repetitions
    numbered = len(reps.going) * (1 + len(reps.back)) if reps else 0
    numbered += len(item.breathing.numbers) if item.breathing else 0
    return 3 + len(item.inner) + len(item.countdown) + returning + numbered


def _list_parts_told(plan: Plan) -> set[int]:
    """The included parts in which a text tells the length."""
    speeches = (each for each in list_soundings(plan.items) if isinstance(each, Speech))
    return {each.part for each in speeches if each.part is not None and "length" in names_in(each.template)}


def _asks_next(sounding: Sounding) -> bool:
    return isinstance(sounding, Speech) and "next" in sounding.template and "next" in names_in(sounding.template)


def _name_next(items: list[Item], budget: Budget) -> list[Item]:
    """The same items with the title of the next exercise for `{next}`; texts that no exercise follows are left out."""
    named: list[Item] = []
    following: str | None = None
    inside: list[bool] = []  # of the sections that end after this item: whether something is in them

    def put(soundings: tuple[Sounding, ...]) -> tuple[Sounding, ...]:
        return tuple(done for each in soundings if (done := name(each)) is not None)

    def name(sounding: Sounding) -> Sounding | None:
        if not isinstance(sounding, Speech) or not _asks_next(sounding):
            return sounding
        if following is None:
            return None
        text = fill(sounding.template, {"next": following})
        check("text", len(text), sounding.where.place)
        budget.spend("spoken", len(text), sounding.where.place)
        return replace(sounding, template=text)

    for item in reversed(items):
        if isinstance(item, Close):
            inside.append(False)
        elif isinstance(item, Open):
            if inside.pop():
                inside[-1:] = [True] if inside else []
                following = (speak_title(item.title) if item.kind == "exercise" else "") or following
        elif isinstance(item, Speech):
            # Silence of no length in its place, because included parts are known by the numbers of their items.
            item = name(item) or Silence(0, item.where)
        elif isinstance(item, Window):
            inner = tuple(
                replace(each, sounding=done) for each in item.inner if (done := name(each.sounding)) is not None
            )
            turns = ((each, tuple(filter(None, map(put, each.turns)))) for each in item.recurring)
            item = replace(
                item,
                start=put(item.start),
                end=put(item.end),
                inner=inner,
                recurring=tuple(replace(each, turns=turn) for each, turn in turns if turn),
            )
        if inside and not isinstance(item, (Open, Close)) and item != Silence(0, item.where):
            inside[-1] = True
        named.append(item)
    return named[::-1]


def _is_heard(item: Item) -> bool:
    if isinstance(item, Window):
        inside = (item.inner, item.recurring, item.half, item.countdown, item.breathing)
        return any((item.start, item.end, *inside, item.repetitions and any(item.repetitions.going)))
    return isinstance(item, (Speech, ChimeSound))


def _write_opening(routine: Routine, scope: Scope) -> Iterator[Item]:
    if routine.notice:
        place = routine.notice_place or Place(str(routine.path), 1, 1)
        notice = scope.write_speech(routine.notice, Where(place), NOTICE_GAP)
        yield replace(notice, low=NOTICE_GAP, high=NOTICE_GAP)


def _write_steps(steps: tuple[Step, ...], scope: Scope) -> Iterator[Item | PartEdge]:
    for step in steps:
        scope.budget.spend("visits", 1, step.place)
        if not scope.has(step):
            continue
        where = scope.find_where(step)
        if isinstance(step, Say):
            if (words := scope.choose_words(step, step.text)) is not None:
                speech = scope.write_speech(words, where, step.gap)
                yield replace(speech, low=step.low, high=step.high)
        elif isinstance(step, Pause):
            yield Silence(in_round(step.ms, scope.round), where, step.low, step.high)
        elif isinstance(step, Chime):
            yield ChimeSound(step.sound, where)
        elif isinstance(step, Hold):
            yield write_hold(step, scope)
        elif isinstance(step, Breathe):
            yield write_breathe(step, scope)
        elif isinstance(step, Exercise):
            yield Open("exercise", step.title, step.title, replace(where, exercise=step.title))
            yield from _write_exercise(step, replace(scope, exercise=step.title))
            yield Close()
        elif isinstance(step, Sides):
            yield from _write_sides(step, scope)
        elif isinstance(step, Repeat):
            yield from _write_rounds(step, scope)
        elif isinstance(step, Include):
            routine = step.routine
            pronunciations = Pronunciations(routine.pronounce, scope.pronunciations)
            part = next(scope.parts)
            inner = replace(scope, defaults=routine.defaults, pronunciations=pronunciations, part=part)
            yield PartEdge(part, is_start=True)
            yield from _write_steps(routine.steps, inner)
            yield PartEdge(part, is_start=False)


def _write_exercise(step: Exercise, scope: Scope) -> Iterator[Item | PartEdge]:
    """The steps of an exercise. The quiet guide names it, if there are several and something of it is done."""
    items = _write_steps(step.steps, scope)
    first = next(items, None)
    if first is None:
        return
    if scope.names_exercises and (title := speak_title(step.title)):
        stop = "" if title[-1] in ".!?\N{HORIZONTAL ELLIPSIS}" else "."
        yield scope.write_speech(escape(title) + stop, scope.find_where(step))
    yield first
    yield from items


def _write_rounds(step: Repeat, scope: Scope) -> Iterator[Item | PartEdge]:
    for number in range(1, step.times + 1):
        values = {**scope.values}
        for name in filter(None, ("round", step.called)):
            values |= {name: str(number), f"{name}s": str(step.times)}
        inner = replace(scope, values=values, turn=Turn(number, step.times, scope.turn.extra), round=number)
        yield from _write_steps(step.steps, inner)
        if number < step.times:
            yield from _write_steps(step.between, inner)


def _write_sides(step: Sides, scope: Scope) -> Iterator[Item | PartEdge]:
    before: str | None = None
    order = order_sides(step)
    for number, side in enumerate(order, 1):
        extra = len(step.sides) > 1 and number > 2 * step.ratio[1]
        inner = replace(scope, side=side, turn=Turn(number, len(order), extra))
        where = inner.find_where(step)
        words = scope.words.sides[side]
        title = f"{scope.exercise}: {words.part}" if scope.exercise else words.chapter
        # The change of sides is part of the next side's chapter, so a listener who jumps there hears the instructions.
        yield Open("side", title, words.chapter, where)
        if before is not None:
            yield from _write_change(step, inner, side, same=side == before)
        elif scope.quiet:
            yield inner.write_speech(words.announce, where)
        work = _write_steps(step.steps, inner)
        yield from _name_side_again(work, step, inner) if scope.quiet else work
        if step.rest is not None and number < len(order):
            yield write_rest(step, step.rest, inner)
        yield Close()
        before = side


def _name_side_again(work: Iterator[Item | PartEdge], step: Sides, scope: Scope) -> Iterator[Item | PartEdge]:
    """The same, with the side named again after each rest that more work follows."""
    words = scope.words.sides[scope.side or ""]
    waiting: list[Item | PartEdge] = []
    rested = False
    for item in work:
        if not isinstance(item, Window) and not rested:
            yield item
            continue
        if not isinstance(item, Window):
            waiting.append(item)
            continue
        if rested and item.kind != "rest":
            # After the name of an exercise that begins here, before the time to get into position.
            at = next((index for index, each in enumerate(waiting) if isinstance(each, (Silence, ChimeSound))), None)
            at = len(waiting) if at is None else at
            waiting.insert(at, scope.write_speech(words.announce, scope.find_where(step)))
        yield from waiting
        waiting, rested = [], item.kind == "rest"
        yield item
    yield from waiting


def _write_change(step: Sides, scope: Scope, side: str, *, same: bool) -> Iterator[Item | PartEdge]:
    """A change of sides: the script's own steps, or words, a chime and time to move."""
    where = scope.find_where(step)
    words = scope.words.sides[side]
    yield Open("switch", words.move, words.move, where)
    if scope.quiet:
        yield scope.write_speech(words.announce, where)
    if step.switch is not None:
        yield from _write_steps(step.switch, scope)
    elif not same:
        if not scope.quiet:
            yield scope.write_speech(words.change, where)
        yield scope.play("switch", where)
        yield Silence(scope.defaults.switch, where)
    else:
        yield Silence(scope.defaults.switch, where)
    yield Close()
