"""A timeline as `show --json` prints it: plain values, seconds as numbers to the millisecond."""

from __future__ import annotations

from typing import Any

from voiceguide.score.timeline import Event, PauseEvent, Phase, RepsEvent, SpeechEvent, Timeline, WindowEvent
from voiceguide.times import SECOND
from voiceguide.views.chapters import list_leaves, tile_chapters


def to_json(timeline: Timeline, *, spoken: bool = False) -> dict[str, Any]:
    """The timeline as values that `json` can write. The chapters are those of the track.

    With `spoken`, each text is there twice: as it is written, and as the voice is given it.
    """
    return {
        "title": timeline.title,
        "duration": timeline.duration_ms / SECOND,
        "chapters": [
            {"title": each.title, "start": each.start_ms / SECOND, "end": each.end_ms / SECOND}
            for each in list_leaves(tile_chapters(timeline))
        ],
        "events": [_write_event(event, spoken=spoken) for event in timeline.events],
        "notes": list(timeline.notes),
    }


def _write_event(event: Event, *, spoken: bool) -> dict[str, Any]:
    found: dict[str, Any] = {
        "kind": event.kind,
        "start": event.start_ms / SECOND,
        "end": event.end_ms / SECOND,
        "name": None if isinstance(event, (SpeechEvent, PauseEvent)) else event.name,
        "side": event.side,
        "exercise": event.exercise,
        "line": event.place.line,
        "text": event.text if isinstance(event, SpeechEvent) else None,
        "file": event.place.path,
    }
    if spoken and isinstance(event, SpeechEvent):
        found["spoken"] = event.spoken
    if isinstance(event, SpeechEvent) and event.pieces:
        found["pieces"] = [
            {"start": each.start_ms / SECOND, "end": each.end_ms / SECOND, "text": each.text} for each in event.pieces
        ]
    if isinstance(event, WindowEvent) and event.phases:
        found["phases"] = [_write_phase(phase) for phase in event.phases]
    if isinstance(event, RepsEvent):
        found |= {"count": event.count, "tempo": str(event.tempo)}
    return found


def _write_phase(phase: Phase) -> dict[str, Any]:
    return {
        "phase": phase.kind,
        "start": phase.start_ms / SECOND,
        "end": phase.end_ms / SECOND,
        "cue": "tone" if phase.toned else "voice",
    }
