"""What sounds inside a hold: cues at a moment, and cues that come back."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from typing import Any

from voiceguide import times
from voiceguide.errors import Place
from voiceguide.language import grammar as table
from voiceguide.language.document import Fields, Items, Node
from voiceguide.language.kinds import ReadError, expected
from voiceguide.language.parts.building import build_text
from voiceguide.language.passes import Around
from voiceguide.routine.model import Cue, Recurring

MAX_CUES = 200  # in one hold

_EXAMPLE = "a cue such as {at: half, say: Halfway there.}"

ReadFields = Callable[[Fields, table.Fields, str], dict[str, Any]]
Report = Callable[[Place, str], None]


def read_during(node: Node, read_fields: ReadFields, report: Report, around: Around) -> tuple[Cue | Recurring, ...]:
    """The cues of a list, without those that are wrong, which are reported."""
    if not isinstance(node, Items):
        raise expected(node, f"a list of cues such as {_EXAMPLE.partition('such as ')[2]}")
    if len(node.items) > MAX_CUES:
        raise ReadError(node.place, f"expected at most {MAX_CUES} cues in one hold, found {len(node.items):,}")
    return tuple(_read_cues(node, read_fields, report, around))


def _read_cues(node: Items, read_fields: ReadFields, report: Report, around: Around) -> Iterator[Cue | Recurring]:
    for item in node.items:
        if not isinstance(item, Fields):
            wrong = expected(item, _EXAMPLE)
            report(wrong.place, f"during: {wrong.message}")
            continue
        keys = {key.text: value for key, value in item.pairs}
        known = {**(table.RECURRING if "every" in keys else table.CUE), **table.CONDITIONS}
        given = read_fields(item, known, "a cue that comes back" if "every" in keys else "a cue")
        if ("say" in given) == ("chime" in given):
            misspelt = keys.keys() - known.keys()
            if {"say", "chime"} <= keys.keys() or not (misspelt or keys.keys() & {"say", "chime"}):
                report(item.place, "during: a cue has either `say` or `chime`, and `at` or `every`")
            continue
        conditions = {key: given.get(key, ()) for key in table.CONDITIONS}
        if never := around.explain_never(conditions["on"]):
            report(keys["on"].place, f"on: {never}")
        if "at" in given:
            yield _build_cue(given, item.place, conditions)
        elif "every" in given:
            yield _build_recurring(given, item.place, conditions)


def _build_cue(given: Mapping[str, Any], place: Place, conditions: Mapping[str, Any]) -> Cue:
    text = build_text(given["say"], given) if "say" in given else None
    return Cue(
        place=place,
        at=given["at"],
        text=text,
        sound=given.get("chime"),
        needs=given.get("needs", 0),
        **conditions,
    )


def _build_recurring(given: Mapping[str, Any], place: Place, conditions: Mapping[str, Any]) -> Recurring:
    return Recurring(
        place=place,
        every=given["every"],
        texts=tuple(build_text(each, given) for each in given.get("say", ())),
        sound=given.get("chime"),
        start=given.get("from", times.START),
        until=given.get("until", times.END),
        needs=given.get("needs", 0),
        **conditions,
    )
