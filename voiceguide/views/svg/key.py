"""The key of the picture of a session: a small drawing and a text for each kind of element in it."""

from __future__ import annotations

from collections.abc import Iterator

from voiceguide.score.timeline import ChimeEvent, HoldEvent, RepsEvent, Timeline
from voiceguide.views.svg.layout import MARGIN, WIDTH, measure_text
from voiceguide.views.svg.shapes import draw_block, draw_words
from voiceguide.views.svg.style import GLYPH_NAMES, GLYPHS, SIDES, find_glyph, find_tone

SIZE = 12  # font size


def lay_out_key(timeline: Timeline, *, waved: bool, glyphs: bool) -> Iterator[tuple[int, float, str, str]]:
    """The entries of the key: line, x position, drawing of 24 by 14 units, and text.

    `waved`: breath is drawn as waves; `glyphs`: chimes are drawn as glyphs, not strokes.
    """
    line, x = 0, float(MARGIN)
    for drawing, meaning in _list_meanings(timeline, waved=waved, glyphs=glyphs):
        width = 30 + measure_text(meaning, SIZE)
        if x + width > WIDTH - MARGIN:
            line, x = line + 1, float(MARGIN)
        yield line, x, drawing, meaning
        x += width + 18


def _list_meanings(timeline: Timeline, *, waved: bool, glyphs: bool) -> Iterator[tuple[str, str]]:
    kinds = {event.kind for event in timeline.events}
    events = timeline.events
    counted = {events[each.parent].kind for each in events if each.kind == "count" and each.parent is not None}
    sides = {event.side for event in events if isinstance(event, (HoldEvent, RepsEvent))}
    name = " or ".join(name for kind, name in (("hold", "hold"), ("reps", "repetitions")) if kind in kinds)
    if sides - set(SIDES):
        yield draw_block("hold s0", 0, 0, 24, 14), name
    for side, letter in SIDES.items():
        if side in sides:
            tone = find_tone(side)
            drawing = draw_block(f"hold {tone}", 0, 0, 24, 14) + draw_words(f"letter {tone} on", 12, 11, letter)
            yield drawing, f"{name}, {side} side"
    if "rest" in kinds:
        yield draw_block("soft s0", 0.5, 0.5, 23, 13), "rest"
    if waved:
        yield '<path class="wave s0" d="M0 13c3 0 5-12 8-12s5 12 8 12 5-12 8-12V13"/>', "breath: up is in"
    if "pause" in kinds:
        yield draw_block("pause", 0, 4, 24, 6), "pause"
    if "switch" in kinds:
        yield '<path class="move s0" d="M0 7h24"/>', "changing sides"
    if "say" in kinds:
        yield draw_block("say", 0, 4, 24, 6), "speech"
    found = {find_glyph(event) for event in timeline.events if isinstance(event, ChimeEvent)}
    if found and not glyphs:
        yield draw_block("cue", 11, 1, 2, 12), "chime"
    for glyph in GLYPHS:
        if glyph in found and glyphs:
            yield f'<use class="glyph" href="#vg-{glyph}" x="7" y="2"/>', GLYPH_NAMES[glyph]
    if "count" in kinds:
        yield (
            '<path class="dots" stroke-width="3.6" d="M4 7h0M12 7h0M20 7h0"/>',
            "numbers" if counted - {"hold", "rest"} else "countdown",
        )
