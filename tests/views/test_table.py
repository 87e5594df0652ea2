"""The table that `show` prints, and what `show --json` does, of one timeline made by hand."""

from __future__ import annotations

from pathlib import Path

import pytest

from voiceguide.errors import Place
from voiceguide.score.timeline import (
    BreatheEvent,
    Chapter,
    ChimeEvent,
    CountEvent,
    HoldEvent,
    PauseEvent,
    Phase,
    RepsEvent,
    RestEvent,
    SayEvent,
    SwitchEvent,
    Timeline,
)
from voiceguide.times import Pattern
from voiceguide.views.captions import list_lines, write_lrc
from voiceguide.views.json import to_json
from voiceguide.views.table import format_clock
from voiceguide.views.table import list_lines as list_table

HERE = Place("a.yaml", 7, 3)
TEMPO = Pattern(2_000, 1_000, 3_000, 0)
PHASES = (Phase("in", 75_000, 79_000, 0, False), Phase("out", 79_000, 85_000, 0, True))

LEFT = Chapter("Lean: left side", 1_000, 72_000, (), "Left side", "left", "Lean")
RIGHT = Chapter("Lean: right side", 72_000, 75_000, (), "Right side", "right", "Lean")
LAID = Timeline(
    "A [session]",
    3_670_004,
    (
        SayEvent(start_ms=0, end_ms=900, place=HERE, text="Hello there, and a few words more.", spoken="x"),
        HoldEvent(start_ms=1_000, end_ms=66_000, place=HERE, chapter=1, name="lean", side="left", exercise="Lean"),
        CountEvent(start_ms=65_000, end_ms=65_400, place=HERE, chapter=1, parent=1, depth=1, text="one", spoken="one"),
        RestEvent(start_ms=66_000, end_ms=72_000, place=HERE, chapter=1, name="rest", side="left"),
        SwitchEvent(start_ms=72_000, end_ms=74_000, place=HERE, chapter=2, name="To the right side", side="right"),
        ChimeEvent(
            start_ms=72_000, end_ms=73_000, place=HERE, chapter=2, parent=4, depth=1, name="switch", sound=Path("s")
        ),
        PauseEvent(start_ms=74_000, end_ms=75_000, place=HERE, chapter=0),
        BreatheEvent(start_ms=75_000, end_ms=85_000, place=HERE, name="breathe", side="left",
                     pattern=Pattern(4_000, 0, 6_000, 0), phases=PHASES),
        HoldEvent(start_ms=3_600_000, end_ms=3_610_000, place=HERE, chapter=1, name="hold", side="left",
                  pattern=Pattern(4_000, 0, 6_000, 0), phases=PHASES),
    ),
    (Chapter("Lean", 1_000, 75_000, (LEFT, RIGHT), "Lean", None, "Lean"),),
    ("A note.",),
)  # fmt: skip


def test_the_table() -> None:
    assert [f"{'#' if heading else ' '}{line}" for line, heading in list_table(LAID, 66)] == [
        "      start     length  what",
        "  00:00.000      0.900  say         Hello there, and a few words",
        "                                    more.",
        " ",
        "#Lean: left side  -----------------------------------  0:01 to 1:12",
        "  00:01.000   1:05.000  hold        lean (left)",
        "  01:05.000      0.400    count     one",
        "  01:06.000      6.000  rest        (left)",
        " ",
        "#Lean: right side  ----------------------------------  1:12 to 1:15",
        "  01:12.000      2.000  switch      To the right side",
        "  01:12.000      1.000    chime     switch",
        " ",
        "#Lean  ----------------------------------------------  0:01 to 1:15",
        "  01:14.000      1.000  pause",
        " ",
        "  01:15.000     10.000  breathe     1 breath, 4-6",
        " ",
        "#Lean: left side (continued)  -----------------------  0:01 to 1:12",
        " 1:00:00.000     10.000  hold        (left), 1 breath, 4-6",
        " ",
        " 1:01:10.004             end",
    ]


@pytest.mark.parametrize(
    ("ms", "written"),
    [(0, "00:00.000"), (59_999, "00:59.999"), (60_000, "01:00.000"), (3_599_999, "59:59.999"),
     (3_600_000, "1:00:00.000"), (36_061_001, "10:01:01.001")],
)  # fmt: skip
def test_a_clock(ms: int, written: str) -> None:
    assert format_clock(ms) == written


def test_json() -> None:
    found = to_json(LAID)
    assert list(found) == ["title", "duration", "chapters", "events", "notes"]
    assert (found["title"], found["duration"], found["notes"]) == ("A [session]", 3670.004, ["A note."])
    assert found["chapters"] == [
        {"title": "Lean", "start": 0.0, "end": 3670.004},
    ]
    common = {"line": 7, "file": "a.yaml"}
    assert found["events"][1] == common | {
        "kind": "hold", "start": 1.0, "end": 66.0, "name": "lean", "side": "left", "exercise": "Lean", "text": None,
    }  # fmt: skip
    assert found["events"][2] == common | {
        "kind": "count", "start": 65.0, "end": 65.4, "name": None, "side": None, "exercise": None, "text": "one",
    }  # fmt: skip
    assert [event["name"] for event in found["events"]] == [
        None, "lean", None, "rest", "To the right side", "switch", None, "breathe", "hold",
    ]  # fmt: skip
    assert [event["kind"] for event in found["events"]] == [event.kind for event in LAID.events]
    assert ["phases" in event for event in found["events"]] == [False] * 7 + [True] * 2
    assert found["events"][7]["phases"] == [
        {"phase": "in", "start": 75.0, "end": 79.0, "cue": "voice"},
        {"phase": "out", "start": 79.0, "end": 85.0, "cue": "tone"},
    ]


def test_captions_are_all_that_is_said() -> None:
    assert list_lines(LAID) == [(0, "Hello there, and a few words more."), (65_000, "one")]
    assert write_lrc(LAID) == (
        "[ti:A (session)]\n[length:61:10]\n[00:00.00]Hello there, and a few words more.\n[01:05.00]one\n"
    )


def test_repetitions() -> None:
    event = RepsEvent(start_ms=0, end_ms=60_000, place=HERE, name="bridge", side="left", count=10, tempo=TEMPO)
    laid = Timeline("R", 60_000, (event,), (), ())
    lines = [" ".join(line.split()) for line, _ in list_table(laid, 66)]
    assert "00:00.000 1:00.000 reps bridge (left), 10 of 2-1-3" in lines
    (told,) = to_json(laid)["events"]
    assert (told["kind"], told["name"], told["count"], told["tempo"]) == ("reps", "bridge", 10, "2-1-3")
