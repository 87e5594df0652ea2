"""The picture: every event on its place, whatever the length, and nothing in anything's way."""

from __future__ import annotations

import re
import subprocess
import sys
import xml.etree.ElementTree as ET
from bisect import bisect_left
from itertools import combinations, pairwise
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.score.fake import routine_of, timeline
from tests.score.seen import NS, Box, Read, check_places, check_texts, look_of, parts_of
from voiceguide.errors import Place
from voiceguide.score.items import PhaseName
from voiceguide.score.timeline import (
    BreatheEvent,
    Chapter,
    ChimeEvent,
    CountEvent,
    Event,
    HoldEvent,
    PauseEvent,
    Phase,
    SayEvent,
    SwitchEvent,
    Timeline,
    flatten,
)
from voiceguide.times import HOUR, SECOND, Pattern
from voiceguide.views.svg.layout import LEFT, MAX_ROWS, PLOT, Rows, measure_text, shorten_text
from voiceguide.views.svg.picture import draw_svg

SCRIPTS = sorted((Path(__file__).parents[2] / "scripts").glob("*.yaml"))
HERE = Place("routine.yaml", 1, 1)


@pytest.mark.parametrize("script", SCRIPTS, ids=lambda script: script.stem)
@pytest.mark.parametrize("countdown", ["no", "5"])
def test_every_routine_stands_where_its_time_is(script: Path, countdown: str) -> None:
    laid = timeline(script, countdown=countdown)
    read = Read(draw_svg(laid))
    assert len(read.axes) <= MAX_ROWS
    check_places(laid, read)
    check_texts(read)


KINDS: dict[str, Any] = {
    kind.kind: kind for kind in (SayEvent, CountEvent, ChimeEvent, PauseEvent, HoldEvent, BreatheEvent, SwitchEvent)
}


def _event(kind: str, start: int, end: int, **more: Any) -> Event:
    if kind == "chime":
        more["sound"] = Path("x.wav")
    event: Event = KINDS[kind](start_ms=start, end_ms=end, place=HERE, **more)
    return event


def _rounds(count: int, total: int) -> Timeline:
    """So many rounds of everything, evenly over a session."""
    events: list[Event] = []
    chapters: list[Chapter] = []
    step = total // count
    text = "Kneel on one knee, with the other foot in front. " * 8
    for number in range(count):
        start, side = number * step, ("left", "right")[number % 2]
        quarter = start + step // 4
        events += [
            _event("switch", start, quarter, name=f"To the {side} side", side=side),
            _event("say", start, start + step // 8, text=text, spoken=text, side=side),
            _event("chime", start + step // 8, start + step // 6, name="switch", side=side),
            _event("pause", start + step // 6, quarter, side=side),
            _event("hold", quarter, quarter + step // 2, name="a-hold-with-a-name", side=side),
            _event("count", quarter + step // 4, quarter + step // 4 + 300, text="one", spoken="one", side=side),
        ]
        part = Chapter(f"An exercise: {side} side", start, start + step // 2, (), f"{side.capitalize()} side", side)
        chapters.append(Chapter("An exercise", start, start + step, (part,)))
    return Timeline("A long day", total, tuple(events), tuple(chapters), ())


@pytest.mark.parametrize("seconds", [15, 47, 100, 180, 181, 481, 1300, 3600, 7201, 3 * 3600 + 1, 12 * 3600])
def test_every_length_has_room(seconds: int) -> None:
    laid = _rounds(9, seconds * SECOND)
    read = Read(draw_svg(laid))
    assert len(read.axes) <= MAX_ROWS
    check_places(laid, read)
    check_texts(read)


@pytest.mark.parametrize("count", [180, 181, 500, 1000, 2000])
def test_twelve_hours_stay_small_and_keep_their_places(count: int) -> None:
    laid = _rounds(count, 12 * HOUR)
    text = draw_svg(laid)
    assert len(text.encode()) < 300_000
    read = Read(text)
    check_texts(read)
    lanes: dict[tuple[str, int], list[Box]] = {}
    for made in read.marks().values():
        for look, boxes in made:
            for box in boxes:
                lanes.setdefault((look, bisect_left(read.axes, box.top)), []).append(box)
    for event in laid.events[:: max(1, count // 100)]:
        look = "cue" if event.kind == "chime" and count > 500 else look_of(event)
        row, left, right = next(parts_of(read, event, laid.duration_ms))
        middle = left if look in ("glyph", "dots") else (left + right) / 2
        assert any(box.left - 0.5 <= middle <= box.right + 0.5 for box in lanes[look, row]), event


def test_a_breath_rises_stays_and_falls_also_over_the_end_of_a_row() -> None:
    pattern = Pattern(4000, 3000, 6000, 2000)
    kinds: list[tuple[PhaseName, int]] = [("in", 4000), ("hold", 3000), ("out", 6000), ("wait", 2000)]
    phases: list[Phase] = []
    at = start = 30 * SECOND
    for breath in range(14):
        for kind, ms in kinds:
            phases.append(Phase(kind, at, at + ms, breath, toned=True))
            at += ms
    event = _event("breathe", start, at, name="breathe", phases=tuple(phases), pattern=pattern)
    read = Read(draw_svg(Timeline("Breath", 300 * SECOND, (event,), (), ())))
    waves = [
        each for each in read.of("path", "wave") if each.get("d", "").startswith("M84 ") or len(each.get("d", "")) > 99
    ]
    assert len(waves) == 2
    traces = [_trace(each.get("d", "")) for each in waves]
    heights: dict[int, float] = {}
    for row, trace in enumerate(traces):
        for x, y in trace:
            heights[round((x - LEFT) / read.scale) + read.starts[row]] = y - read.axes[row]
    base, peak = max(heights.values()), min(heights.values())
    assert base - peak > 20
    for phase in phases:
        nearest = min(heights, key=lambda ms: abs(ms - phase.end_ms))
        assert abs(nearest - phase.end_ms) < 30
        assert heights[nearest] == pytest.approx(peak if phase.kind in ("in", "hold") else base, abs=0.2)
    # The row ends two seconds into an out-breath or wherever it does: the next begins at the same height.
    assert traces[0][-1][1] - read.axes[0] == pytest.approx(traces[1][0][1] - read.axes[1], abs=0.2)


def _trace(path: str) -> list[tuple[float, float]]:
    """The ends of a wave's curves, without the way from and to its ground."""
    found: list[tuple[float, float]] = []
    x = y = 0.0
    parts = re.findall(r"([MVhc])([^MVhc]*)", path)
    for index, (verb, rest) in enumerate(parts):
        numbers = [float(each) for each in re.findall(r"-?[\d.]+", rest)]
        if verb == "M":
            x, y = numbers
        elif verb == "V":
            if index == len(parts) - 1:
                break
            y, found = numbers[0], []
        else:
            x, y = x + numbers[-2 if verb == "c" else 0], y + (numbers[-1] if verb == "c" else 0)
        found.append((x, y))
    return found


def test_texts_of_any_kind_are_held_by_xml() -> None:
    title = 'Hips & <knees> "here" \x07\ud800 ]]> ' + "and so on " * 40
    events = (
        _event("say", 0, 900, text='Brace & <lift> "up" \x00', spoken="x"),
        _event("hold", 1000, 31_000, name="<a & b>", side="tighter"),
    )
    text = draw_svg(Timeline(title, 40_000, events, (Chapter("A & <B>", 1000, 40_000),), ()))
    text.encode()
    read = Read(text)
    assert read.root.findtext(f"{NS}title") == title.replace("\x07", "�").replace("\ud800", "�")
    assert '“Brace & <lift> "up" �”, 0:00.000 to 0:00.900' in read.marks()
    assert "Hold: <a & b>, tighter, 30s, 0:01.000 to 0:31.000" in read.marks()
    assert [each.text for each in read.of("text", "head")] == ["A & <B>"]
    assert [each.text for each in read.of("text", "name")] == ["T\u2002<a & b>"]
    check_texts(read)


def test_sides_are_told_by_letters_too_and_the_key_has_what_is_there() -> None:
    sides = ("left", "right", "tighter", None)
    chimes = ("start", "halfway", "end", "switch", "bell")
    events = [_event("hold", at * 10_000, at * 10_000 + 8000, name="h", side=side) for at, side in enumerate(sides)]
    events += [_event("chime", 40_000 + at * 2000, 41_000 + at * 2000, name=name) for at, name in enumerate(chimes)]
    read = Read(draw_svg(Timeline("All", 60_000, tuple(events), (), ())))
    assert [each.text for each in read.of("text", "name")] == ["L\u2002h", "R\u2002h", "T\u2002h", "h"]
    assert [each.text for each in read.of("text", "key")] == [
        "hold", "hold, left side", "hold, right side", "hold, tighter side",
        "start chime", "halfway chime", "end chime", "switch chime", "other sound",
    ]  # fmt: skip
    drawn = [use.get("href") for group in read.of("g", "glyph") for use in group.iter(f"{NS}use")]
    assert drawn == ["#vg-start", "#vg-halfway", "#vg-end", "#vg-switch", "#vg-other"]


def test_it_is_accessible_and_needs_nothing_from_outside() -> None:
    laid = timeline(SCRIPTS[0])
    text = draw_svg(laid)
    read = Read(text)
    assert read.root.get("role") == "img"
    assert [each.tag for each in read.root][:2] == [f"{NS}title", f"{NS}desc"]
    assert all(chapter.title in (read.root.findtext(f"{NS}desc") or "") for chapter in laid.chapters)
    ids = {f"#{each.get('id')}" for each in read.root.iter() if each.get("id")}
    assert {each.get("href") for each in read.root.iter() if each.get("href")} <= ids
    assert not re.search(r"<script|<foreignObject|url\(|@import|\son\w+=|http(?!://www\.w3\.org/2000/svg)", text)
    style = read.root.findtext(f"{NS}style") or ""
    assert "prefers-color-scheme:dark" in style
    # Rules that name the picture's own class change nothing in a page around it.
    rules = [each.strip() for each in re.findall(r"([^{}]+)\{", style) if not each.strip().startswith("@")]
    assert all(part.strip().startswith((".vg ", "svg.vg ")) for rule in rules for part in rule.split(","))


def test_the_same_timeline_is_the_same_bytes() -> None:
    assert draw_svg(timeline(SCRIPTS[0])) == draw_svg(timeline(SCRIPTS[0]))


@pytest.mark.parametrize("duration", [0, 1, 999, 7 * SECOND])
def test_next_to_nothing(duration: int) -> None:
    events = (_event("chime", duration, duration, name="end"),) if duration else ()
    assert ET.fromstring(draw_svg(Timeline("", duration, events, (), ()))).tag == f"{NS}svg"


def test_importing_it_costs_little() -> None:
    heavy = ("numpy", "yaml", "click", "pyttsx3", "pydub", "rich")
    code = f"import sys, voiceguide.views.svg.picture; print([m for m in {heavy} if m in sys.modules])"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"


@given(st.integers(1, 12 * HOUR), st.data())
def test_pieces_are_the_whole(duration: int, data: st.DataObject) -> None:
    rows = Rows.of(duration)
    assert (rows.count - 1) * rows.span < duration <= rows.count * rows.span
    assert rows.count <= MAX_ROWS
    major, minor = rows.ticks()
    assert not rows.span % major
    assert not major % minor
    start = data.draw(st.integers(0, duration))
    end = data.draw(st.integers(start, duration))
    pieces = list(rows.pieces(start, end))
    assert sum(piece.width for piece in pieces) == pytest.approx((end - start) * rows.scale)
    assert all(LEFT - 1e-6 <= piece.left <= piece.right <= LEFT + PLOT + 1e-6 for piece in pieces)
    assert all(one.row + 1 == two.row and not one.last and not two.first for one, two in pairwise(pieces))
    assert pieces[0].first
    assert pieces[-1].last


@given(st.text(max_size=60), st.floats(0, 400))
def test_shortened_text_has_room(text: str, width: float) -> None:
    short = shorten_text(text, width, 12)
    assert measure_text(short, 12) <= width or not short
    assert short == text or not short or (short.endswith("…") and text.startswith(short[:-1]))


def test_parts_of_an_exercise_have_the_colour_of_their_side() -> None:
    laid = _rounds(4, 200 * SECOND)
    read = Read(draw_svg(laid))
    parts = [chapter for chapter in flatten(laid.chapters) if "side" in chapter.title]
    looks = {boxes[0].left: look for made in read.marks().values() for look, boxes in made if look.startswith("side")}
    assert [looks[left] for left in looks] == ["side s1", "side s2"] * 2
    assert len(looks) == len(parts)
    assert [each.text for each in read.of("text", "part")] == ["Left side", "Right side"] * 2
    assert all(one != two for one, two in combinations(looks, 2))


def test_repetitions_and_what_comes_back_stand_where_their_time_is() -> None:
    reps = {"reps": 8, "tempo": "2-0-4", "words": ["Up.", "Down."]}
    hold = {"hold": "3m", "during": [{"every": "1m", "chime": "bell"}], "cue": "within"}
    rest = {"rest": "20s", "countdown": 3}
    laid = timeline(
        routine_of({"title": "Work", "steps": [{"sides": ["left", "right"], "steps": [reps]}, rest, hold, reps]})
    )
    text = draw_svg(laid)
    read = Read(text)
    check_places(laid, read)
    check_texts(read)
    for words in ("24 repetitions", "hold or repetitions, left side", "8 \N{MULTIPLICATION SIGN} 2-4", ">numbers<"):
        assert words in text
