"""The numbers and words of repetitions: each number as its repetition begins, each word where its movement begins."""

from __future__ import annotations

from collections.abc import Iterator

from voiceguide.errors import quoted
from voiceguide.score.inside.placed import Key, LengthOf, PlacedCue, is_free, place
from voiceguide.score.items import Repetitions, Speech, Window

# Words end at least this long (ms) before the next ones begin.
MARGIN = 150


def place_reps(window: Window, lane: list[PlacedCue], length_of: LengthOf) -> list[PlacedCue]:
    """The words of all repetitions that fit and overlap nothing of `lane`. What does not fit is left out."""
    reps = window.repetitions
    return list(_place_all(reps, lane, length_of)) if reps else []


def list_unsaid(window: Window, placed: list[PlacedCue]) -> list[str]:
    """The words that no repetition has room for at its tempo, quoted."""
    reps = window.repetitions
    if reps is None or not reps.going:
        return []
    said = {each.sounding.spoken for each in placed if isinstance(each.sounding, Speech)}
    going = [choices[0] for choices in reps.going if len(choices) > reps.numbered]
    every = (going, list(reps.back))
    return [quoted(each[0].text, 50) for each in every if each and said.isdisjoint(one.spoken for one in each)]


def _place_all(reps: Repetitions, lane: list[PlacedCue], length_of: LengthOf) -> Iterator[PlacedCue]:
    key: Key = "count" if reps.numbered else "during"
    for number, choices in enumerate(reps.going):
        start = number * reps.tempo.ms
        back, end = start + reps.tempo.breathe_in + reps.tempo.hold_in, start + reps.tempo.ms
        said: list[PlacedCue] = []
        for speech in choices:
            each = place(start, speech, length_of, key)
            # A number alone is worth more than the word for coming back, so it may last until the next number.
            alone = reps.numbered and speech is choices[-1]
            fits = each.end <= end if alone else each.end + MARGIN <= (back if reps.back else end)
            if fits and is_free(each, lane):
                said.append(each)
                break
        for speech in reps.back:
            each = place(back, speech, length_of)
            if each.end + MARGIN <= end and is_free(each, [*lane, *said]):
                said.append(each)
        yield from said
