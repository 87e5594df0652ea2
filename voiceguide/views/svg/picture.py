"""Timeline → a picture to look at: SVG with every event on its place, in rows of equal time.

Each row has lanes, from the top: exercises, their sides, changes of side, what the body does (holds, rests, breath,
pauses), cues and countdown, speech, and the time. A pointer on anything tells its text and exact time. The bytes are
the same for the same timeline, nothing outside is referred to, and the longest session stays below 300 KB.

    picture_layout   where: rows, ticks, what fits     picture_words    what it says
    picture_shapes   the SVG of one shape              picture_style    colours and glyphs
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterator
from functools import cached_property

from msgspec import Struct
from msgspec.structs import replace

from voiceguide import times
from voiceguide.score.timeline import Chapter, Event, Timeline
from voiceguide.views.svg.labels import SIDES, described, labels, leaves, lengths, tip, titled, told
from voiceguide.views.svg.layout import LEFT, WIDTH, Grid, Piece, Span, bundles, fitting, room, shortened, specks
from voiceguide.views.svg.shapes import MIN_THICKNESS, block, boxes, number, said, title, wave, words
from voiceguide.views.svg.style import CSS, GLYPH, GLYPH_NAMES, GLYPHS

MARGIN = 28
TOP = 76  # below title and lengths
KEY_LINE = 22
GAP = 18  # between two rows

HEADS, PARTS, MOVES, BODY, CUES, SPEECH, AXIS = 20, 17, 7, 46, 17, 12, 20
INSET = 6  # of a text in its block
WAVE_ROOM = 18  # at the top of a block with a wave, for its name
MIN_BREATH = 8  # narrower than this, a wave is only noise
MAX_BYTES = 300_000  # bytes
SPECKS = (24, 12, 6, 3)  # in one bundle, fewer where the drawing would grow too large
MAX_GLYPHS = 500  # more can't be told one from the next: then they are strokes

# Sizes of type, as in the style; bold letters are wider.
TITLE, SUB, KEY, HEAD, PART, NAME, SMALL, SIZE = 24 * 1.08, 13, 12, 12 * 1.08, 11, 13 * 1.08, 9 * 1.08, 12


def svg(timeline: Timeline) -> str:
    """The session as one SVG document, 1240 units wide and as high as it needs; it raises nothing.

    It follows the viewer's light or dark mode, and stands alone as well as inside a page.
    """
    for specks_a_bundle in SPECKS:
        drawn = _Picture(timeline, specks_a_bundle).document()
        if len(drawn.encode()) <= MAX_BYTES:
            break
    return drawn


class _Lanes(Struct, frozen=True):
    """Where each lane begins below its row's top; one that the session does not need has no height."""

    parts: int
    moves: int
    body: int
    cues: int
    speech: int
    axis: int
    height: int

    @classmethod
    def of(cls, *, heads: bool, parts: bool, moves: bool) -> _Lanes:
        below_heads = HEADS * heads
        below_parts = below_heads + PARTS * parts
        body = below_parts + MOVES * moves
        cues = body + BODY + 4
        speech = cues + CUES
        axis = speech + SPEECH
        return cls(below_heads, below_parts, body, cues, speech, axis, axis + AXIS)


class _Picture:
    """One drawing, lane by lane."""

    def __init__(self, timeline: Timeline, most: int) -> None:
        self.timeline = timeline
        self.most = most
        self.grid = Grid.of(timeline.duration)
        self.parts = [part for chapter in timeline.chapters for part in leaves(chapter)]
        self.lanes = _Lanes.of(heads=bool(timeline.chapters), parts=bool(self.parts), moves=bool(self.events("switch")))
        self.glyphs = len(self.events("chime")) <= MAX_GLYPHS
        self.dot = min(3.6, max(1.2, 0.75 * times.SECOND * self.grid.scale))

    def events(self, *kinds: str) -> list[Event]:
        return [event for event in self.timeline.events if event.kind in kinds]

    def document(self) -> str:
        grid, timeline = self.grid, self.timeline
        height = self.row(grid.rows - 1) + self.lanes.height + MARGIN
        summary = lengths(timeline, grid.span if grid.rows > 1 else None)
        glyphs = "".join(f'<g id="vg-{name}">{shape}</g>' for name, shape in GLYPHS.items())
        drawn = [*self.draw_rows(), *self.draw_key(), *self.draw_strips(), *self.draw_body(), *self.draw_sound()]
        return "\n".join(
            [
                f'<svg xmlns="http://www.w3.org/2000/svg" class="vg" role="img" width="{WIDTH}" height="{height}" '
                f'viewBox="0 0 {WIDTH} {height}" style="max-width:100%;height:auto">',
                title(timeline.title),
                f"<desc>{said(described(timeline))}</desc>",
                f"<style>\n{CSS}\n</style>",
                f"<defs>{glyphs}</defs>",
                f'<rect class="paper" width="{WIDTH}" height="{height}"/>',
                words("title", MARGIN, 42, shortened(timeline.title, WIDTH - 2 * MARGIN, TITLE)),
                words("sub", MARGIN, 64, shortened(summary, WIDTH - 2 * MARGIN, SUB)),
                *drawn,
                "</svg>\n",
            ]
        )

    @cached_property
    def top(self) -> int:
        """Where the first row begins: below the key."""
        return TOP + KEY_LINE * (1 + max((line for line, *_ in self.key()), default=0)) + 14

    def row(self, row: int) -> int:
        return self.top + row * (self.lanes.height + GAP)

    def draw_rows(self) -> Iterator[str]:
        """What lies under everything: the rows and their time."""
        major, minor = self.grid.ticks()
        for row in range(self.grid.rows):
            start, end = self.grid.bounds(row)
            top = self.row(row)
            axis = top + self.lanes.axis
            right = self.grid.x(row, end)
            marks = [(at, number(self.grid.x(row, at))) for at in range(start, end + 1, minor)]
            lines = "".join(f"M{x} {top}V{axis}" for at, x in marks if not at % major)
            ticks = "".join(f"M{x} {axis}v{4 if at % major else 6}" for at, x in marks)
            yield block("track", LEFT, top + self.lanes.body, right - LEFT, BODY)
            yield f'<path class="grid" d="{lines}"/>'
            yield f'<path class="axis" d="M{LEFT} {axis}H{number(right)}{ticks}"/>'
            yield words("clock", LEFT - 12, top + self.lanes.body + BODY / 2 + 4.5, times.clock(start))
            # A row's beginning stands at its left, and its end at the left of the next.
            last = end if row == self.grid.rows - 1 else end - 1
            for at in range(start + major, last + 1, major):
                yield words("tick", self.grid.x(row, at), axis + 18, times.clock(at))

    def key(self) -> Iterator[tuple[int, float, str, str]]:
        """The key: line, place in it, drawing in 24 by 14 units, and words, for each thing that is in the picture."""
        line, x = 0, float(MARGIN)
        for drawing, meaning in self.meanings():
            width = 30 + room(meaning, KEY)
            if x + width > WIDTH - MARGIN:
                line, x = line + 1, float(MARGIN)
            yield line, x, drawing, meaning
            x += width + 18

    def meanings(self) -> Iterator[tuple[str, str]]:
        kinds = {event.kind for event in self.timeline.events}
        sides = {event.side for event in self.events("hold")}
        if sides - set(SIDES):
            yield block("hold s0", 0, 0, 24, 14), "hold"
        for side, letter in SIDES.items():
            if side in sides:
                tone = _tone(side)
                yield (
                    block(f"hold {tone}", 0, 0, 24, 14) + words(f"letter {tone} on", 12, 11, letter),
                    f"hold, {side} side",
                )
        if "rest" in kinds:
            yield block("soft s0", 0.5, 0.5, 23, 13), "rest"
        if any(map(self.waved, self.timeline.events)):
            yield '<path class="wave s0" d="M0 13c3 0 5-12 8-12s5 12 8 12 5-12 8-12V13"/>', "breath: up is in"
        if "pause" in kinds:
            yield block("pause", 0, 4, 24, 6), "pause"
        if "switch" in kinds:
            yield '<path class="move s0" d="M0 7h24"/>', "changing sides"
        if "say" in kinds:
            yield block("say", 0, 4, 24, 6), "speech"
        found = {_glyph(event) for event in self.events("chime")}
        if found and not self.glyphs:
            yield block("cue", 11, 1, 2, 12), "chime"
        for glyph in GLYPHS:
            if glyph in found and self.glyphs:
                yield f'<use class="glyph" href="#vg-{glyph}" x="7" y="2"/>', GLYPH_NAMES[glyph]
        if "count" in kinds:
            yield '<path class="dots" stroke-width="3.6" d="M4 7h0M12 7h0M20 7h0"/>', "countdown"

    def draw_key(self) -> Iterator[str]:
        for line, x, drawing, meaning in self.key():
            y = TOP + KEY_LINE * line
            yield f'<g transform="translate({number(x)} {y})">{drawing}</g>{words("key", x + 30, y + 11, meaning)}'

    def draw_strips(self) -> Iterator[str]:
        """Exercises, below them their sides, and below these the changes of side."""
        heads = [(each.title, each) for each in self.timeline.chapters]
        yield from self.lane([titled(each, "chapter") for _, each in heads], 0, HEADS - 3)
        yield from self.headings(heads, "head", 12.5, HEAD)
        starts = [event.start for event in self.timeline.events]
        parts = [titled(each, f"side {self.tone_of(each, starts)}") for _, each in self.parts]
        yield from self.lane(parts, self.lanes.parts, PARTS - 3)
        yield from self.headings(self.parts, "part", self.lanes.parts + 11, PART)
        moves = [told(event, f"move {_tone(event.side)}", "changes of side") for event in self.events("switch")]
        for bundle in bundles(moves, self.grid):
            places = [
                (each, self.row(each.row) + self.lanes.moves + 3) for each in specks(bundle, self.grid, self.most)
            ]
            path = "".join(f"M{number(each.left)} {y}h{number(max(each.width, MIN_THICKNESS))}" for each, y in places)
            yield f'<path class="{bundle[0].look}" d="{path}">{title(tip(bundle))}</path>'

    def tone_of(self, part: Chapter, starts: list[int]) -> str:
        """The colour of a part: that of the side of what is first in it."""
        for index in range(bisect_left(starts, part.start), bisect_left(starts, part.end)):
            if side := self.timeline.events[index].side:
                return _tone(side)
        return _tone(None)

    def headings(self, named: list[tuple[str, Chapter]], look: str, y: float, size: float) -> Iterator[str]:
        for name, chapter in named:
            for piece in self.grid.pieces(chapter.start, chapter.end):
                text = shortened(name if piece.first else f"… {name}", piece.width - 2 * INSET, size)
                if text:
                    yield words(look, piece.left + INSET, self.row(piece.row) + y, text)

    def draw_body(self) -> Iterator[str]:
        """What the body does: holds, rests and breath, and the pauses to get into position."""
        pauses = [told(event, "pause", "pauses") for event in self.events("pause")]
        yield from self.lane(pauses, self.lanes.body + BODY / 2 - 6, 12)
        windows = self.events("hold", "rest", "breathe")
        looks = {"hold": "hold", "rest": "soft", "breathe": "breathe"}
        shapes = [told(each, f"{looks[each.kind]} {_tone(each.side)}", "holds and rests") for each in windows]
        yield from self.lane(shapes, self.lanes.body, BODY)
        for window in windows:
            for piece in self.grid.pieces(window.start, window.end):
                yield from self.inside(window, piece)

    def waved(self, window: Event) -> bool:
        return window.breath is not None and window.breath.ms * self.grid.scale >= MIN_BREATH

    def inside(self, window: Event, piece: Piece) -> Iterator[str]:
        """A block's wave, and of its letter, name and length as much as has room."""
        top, wide = self.row(piece.row) + self.lanes.body, piece.width - 2 * INSET
        look = f" {_tone(window.side)} on" if window.kind == "hold" else ""
        letter, name, size = labels(window)
        lead = f"{letter}\u2002" if letter else ""
        short = shortened(name, wide - room(lead, NAME), NAME)
        if self.waved(window):
            path = wave(window.phases, self.grid, piece.row, top + BODY - 3, top + WAVE_ROOM + 3)
            yield f'<path class="wave {_tone(window.side)}{" on" * (window.kind == "hold")}" d="{path}"/>'
            choices = (f"{lead}{name} · {size}", f"{lead}{short}" if short else letter, letter)
            if text := fitting(filter(None, choices), wide, NAME):
                yield words(f"name{look}", piece.left + INSET, top + 15, text)
            return
        below = fitting([size], wide, SIZE)
        above = f"{lead}{short}" if short else letter
        if above and room(above, NAME) <= wide:
            yield words(f"name{look}", piece.left + INSET, top + (20 if below else 28), above)
        elif letter:
            look = f"letter{look}" if room(letter, NAME) <= piece.width - 2 else f"letter small{look}"
            if room(letter, SMALL) <= piece.width - 1:
                yield words(look, piece.left + piece.width / 2, top + 28, letter)
            return
        if below:
            yield words(f"size{look}", piece.left + INSET, top + (37 if above else 28), below)

    def draw_sound(self) -> Iterator[str]:
        """What is heard: chimes and the numbers of the countdown, and below them speech."""
        chimes = [told(event, _glyph(event), "chimes") for event in self.events("chime")]
        if self.glyphs:
            for bundle in bundles(chimes, self.grid):
                placed = [(each.look, *self.spot(each.start, (CUES - GLYPH) / 2 - 1)) for each in bundle]
                uses = "".join(f'<use href="#vg-{look}" x="{x}" y="{y}"/>' for look, x, y in placed)
                yield f'<g class="glyph">{title(tip(bundle))}{uses}</g>'
        else:
            yield from self.lane([replace(each, look="cue") for each in chimes], self.lanes.cues + 1, CUES - 5)
        counts = [told(event, "dots", "numbers counted") for event in self.events("count")]
        for bundle in bundles(counts, self.grid):
            dots = specks([replace(each, end=each.start) for each in bundle], self.grid, self.most)
            y = (CUES / 2 - 1) + self.lanes.cues
            path = "".join(f"M{number(dot.left)} {number(self.row(dot.row) + y)}h{number(dot.width)}" for dot in dots)
            yield f'<path class="dots" stroke-width="{number(self.dot)}" d="{path}">{title(tip(bundle))}</path>'
        spoken = [told(event, "say", "spoken lines") for event in self.events("say")]
        yield from self.lane(spoken, self.lanes.speech, SPEECH - 6)

    def spot(self, ms: int, below: float) -> tuple[str, str]:
        """The place of a moment in the lane of cues."""
        row = self.grid.row(ms)
        return number(self.grid.x(row, ms)), number(self.row(row) + self.lanes.cues + below)

    def lane(self, spans: list[Span], y: float, height: float) -> Iterator[str]:
        """The spans of one lane as blocks, `y` below the top of their rows."""
        for bundle in bundles(spans, self.grid):
            look, words_of = bundle[0].look, title(tip(bundle))
            places = [(each.left, self.row(each.row) + y, each.width) for each in specks(bundle, self.grid, self.most)]
            if len(bundle) > 1:
                yield f'<path class="{look}" d="{boxes(places, height)}">{words_of}</path>'
            elif len(places) == 1:
                yield block(look, *places[0], height, inside=words_of)
            else:
                yield f"<g>{words_of}{''.join(block(look, *place, height) for place in places)}</g>"


def _tone(side: str | None) -> str:
    return f"s{[*SIDES].index(side) + 1}" if side in SIDES else "s0"


def _glyph(chime: Event) -> str:
    return chime.name if chime.name in GLYPHS else "other"
