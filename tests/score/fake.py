"""A voice whose lengths are a pure function of the text, and a timeline in plain lines."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from voiceguide.errors import Problem, ScriptError
from voiceguide.language.document import Node, compose
from voiceguide.language.loader import load
from voiceguide.language.reader import Reader
from voiceguide.routine.choices import read
from voiceguide.routine.model import Routine
from voiceguide.routine.tailor import tailor
from voiceguide.score.items import ChimeSound, Plan, Speech, list_soundings
from voiceguide.score.layout import Lengths, lay_out
from voiceguide.score.plan import write_plan
from voiceguide.score.settle import settle
from voiceguide.score.timeline import PauseEvent, SpeechEvent, Timeline, WindowEvent, flatten

CHIME = 1_000


def spoken_ms(text: str) -> int:
    """About as long as a calm voice takes: "one" is 350 ms."""
    return 200 + 50 * len(text)


def measure(made: Plan) -> Lengths:
    """The lengths of everything in a plan."""
    every = list(list_soundings(made.items))
    return Lengths(
        {words: spoken_ms(words) for each in every if isinstance(each, Speech) for words in each.list_spoken()},
        {each.sound.path: CHIME for each in every if isinstance(each, ChimeSound)},
    )


def timeline(script: Path | Routine, **given: Any) -> Timeline:
    """The whole way from a script and a listener's choices to the clock."""
    routine = script if isinstance(script, Routine) else load(script)
    choices = read({key.rstrip("_"): value for key, value in given.items()})
    done = settle(write_plan(tailor(routine, choices)), measure, choices.fit)
    return lay_out(done.plan, done.lengths)


def told(laid: Timeline) -> str:
    """A timeline in lines: times in seconds, kind, side, name, text; breath phases by their beginnings."""
    lines = [f"{laid.title}, {laid.duration_ms / 1000:.3f}"]
    for event in laid.events:
        words: list[str | None] = [event.kind, event.side]
        if isinstance(event, SpeechEvent):
            words.append(f'"{event.text}"')
            words.append(f'spoken "{event.spoken}"' if event.spoken != event.text else None)
        elif not isinstance(event, PauseEvent):
            words.append(event.name)
        if isinstance(event, WindowEvent) and event.phases:
            start = event.start_ms
            phases = (f"{p.kind[0]}{'~' if p.toned else ''}{(p.start_ms - start) / 1000:g}" for p in event.phases)
            words.append(f"[{' '.join(phases)}]")
        lines.append(f"{event.start_ms / 1000:9.3f} {event.end_ms / 1000:9.3f}  {' '.join(filter(None, words))}")
    for each in flatten(laid.chapters):
        lines.append(f"{each.start_ms / 1000:9.3f} {each.end_ms / 1000:9.3f}  # {each.title}")
    return "\n".join(lines + [f"note: {note}" for note in laid.notes])


def routine_of(data: dict[str, Any]) -> Routine:
    """A routine of plain values: JSON is YAML."""
    problems: dict[Problem, None] = {}
    root = compose(json.dumps(data).encode(), "script.yaml")
    routine = Reader(Path("script.yaml"), problems, _no_include).routine(root)
    if problems or routine is None:
        raise ScriptError(list(problems))
    return routine


def _no_include(node: Node, folder: Path) -> Routine:
    raise AssertionError(f"{node} in {folder}")
