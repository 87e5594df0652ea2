"""Timeline → a picture: SVG with every event in its place, in rows of equal time.

Each row has lanes, from the top: exercises, their sides, changes of side, holds, rests, breath and pauses, cues and
countdown, speech, and the time axis. Tooltips show the text and exact times of each element. The same timeline gives
the same bytes, the file has no external references, and the longest session stays below 300 KB.
"""

from __future__ import annotations

from collections.abc import Iterator
from functools import cached_property

from msgspec import Struct
from msgspec.structs import replace

from voiceguide import times
from voiceguide.score.timeline import Chapter, ChimeEvent, Event, Timeline, WindowEvent
from voiceguide.views.svg.key import lay_out_key
from voiceguide.views.svg.labels import (
    describe,
    label_window,
    list_leaves,
    point_at_all,
    point_at_chapter,
    point_at_event,
    summarize,
)
from voiceguide.views.svg.layout import (
    LEFT,
    MARGIN,
    WIDTH,
    Piece,
    Rows,
    Span,
    bundle_spans,
    choose_text,
    join_specks,
    measure_text,
    shorten_text,
)
from voiceguide.views.svg.shapes import (
    MIN_THICKNESS,
    draw_block,
    draw_boxes,
    draw_title,
    draw_wave,
    draw_words,
    escape_text,
    format_number,
)
from voiceguide.views.svg.style import CSS, GLYPH, GLYPHS, find_glyph, find_tone

TOP = 76  # below title and summary
KEY_LINE = 22
GAP = 18  # between two rows

HEADS, PARTS, MOVES, BODY, CUES, SPEECH, AXIS = 20, 17, 7, 46, 17, 12, 20
INSET = 6  # of a text in its block
WAVE_ROOM = 18  # space for the name at the top of a block with a wave
MIN_BREATH = 8  # a narrower wave is unreadable
MAX_BYTES = 300_000
SPECKS = (24, 12, 6, 3)  # marks in one bundle; fewer if the drawing is too large
MAX_GLYPHS = 500  # more are indistinguishable, so they are drawn as strokes

# Font sizes, as in the style; bold letters are wider.
TITLE, SUB, HEAD, PART, NAME, SMALL, SIZE = 24 * 1.08, 13, 12 * 1.08, 11, 13 * 1.08, 9 * 1.08, 12


def draw_svg(timeline: Timeline) -> str:
    """Draw the session as one SVG document, 1240 units wide and as high as needed. It never raises.

    It follows the viewer's light or dark mode, and works as a file and inside a web page.
    """
    for specks_a_bundle in SPECKS:
        drawn = _Picture(timeline, specks_a_bundle).document()
        if len(drawn.encode()) <= MAX_BYTES:
            break
    return drawn


class _Lanes(Struct, frozen=True):
    """The offset of each lane below its row's top; a lane that the session does not need has no height."""

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
    """Draws a timeline, lane by lane."""

    def __init__(self, timeline: Timeline, most: int) -> None:
        self.timeline = timeline
        self.most = most
        self.rows = Rows.of(timeline.duration_ms)
        self.parts = [part for chapter in timeline.chapters for part in list_leaves(chapter)]
        self.lanes = _Lanes.of(heads=bool(timeline.chapters), parts=bool(self.parts), moves=bool(self.events("switch")))
        self.chimes = [event for event in timeline.events if isinstance(event, ChimeEvent)]
        self.glyphs = len(self.chimes) <= MAX_GLYPHS
        self.key = list(lay_out_key(timeline, waved=any(map(self.waved, timeline.events)), glyphs=self.glyphs))
        self.dot = min(3.6, max(1.2, 0.75 * times.SECOND * self.rows.scale))

    def events(self, *kinds: str) -> list[Event]:
        return [event for event in self.timeline.events if event.kind in kinds]

    def document(self) -> str:
        rows, timeline = self.rows, self.timeline
        height = self.row(rows.count - 1) + self.lanes.height + MARGIN
        summary = summarize(timeline, rows.span if rows.count > 1 else None)
        glyphs = "".join(f'<g id="vg-{name}">{shape}</g>' for name, shape in GLYPHS.items())
        drawn = [*self.draw_rows(), *self.draw_key(), *self.draw_strips(), *self.draw_body(), *self.draw_sound()]
        return "\n".join(
            [
                f'<svg xmlns="http://www.w3.org/2000/svg" class="vg" role="img" width="{WIDTH}" height="{height}" '
                f'viewBox="0 0 {WIDTH} {height}" style="max-width:100%;height:auto">',
                draw_title(timeline.title),
                f"<desc>{escape_text(describe(timeline))}</desc>",
                f"<style>\n{CSS}\n</style>",
                f"<defs>{glyphs}</defs>",
                f'<rect class="paper" width="{WIDTH}" height="{height}"/>',
                draw_words("title", MARGIN, 42, shorten_text(timeline.title, WIDTH - 2 * MARGIN, TITLE)),
                draw_words("sub", MARGIN, 64, shorten_text(summary, WIDTH - 2 * MARGIN, SUB)),
                *drawn,
                "</svg>\n",
            ]
        )

    @cached_property
    def top(self) -> int:
        """The top of the first row, below the key."""
        return TOP + KEY_LINE * (1 + max((line for line, *_ in self.key), default=0)) + 14

    def row(self, row: int) -> int:
        return self.top + row * (self.lanes.height + GAP)

    def draw_rows(self) -> Iterator[str]:
        """The background: the rows and their time axis."""
        major, minor = self.rows.ticks()
        for row in range(self.rows.count):
            start, end = self.rows.bounds(row)
            top = self.row(row)
            axis = top + self.lanes.axis
            right = self.rows.x(row, end)
            marks = [(at, format_number(self.rows.x(row, at))) for at in range(start, end + 1, minor)]
            lines = "".join(f"M{x} {top}V{axis}" for at, x in marks if not at % major)
            ticks = "".join(f"M{x} {axis}v{4 if at % major else 6}" for at, x in marks)
            yield draw_block("track", LEFT, top + self.lanes.body, right - LEFT, BODY)
            yield f'<path class="grid" d="{lines}"/>'
            yield f'<path class="axis" d="M{LEFT} {axis}H{format_number(right)}{ticks}"/>'
            yield draw_words("clock", LEFT - 12, top + self.lanes.body + BODY / 2 + 4.5, times.clock(start))
            # The start of a row is printed to its left, and its end to the left of the next row.
            last = end if row == self.rows.count - 1 else end - 1
            for at in range(start + major, last + 1, major):
                yield draw_words("tick", self.rows.x(row, at), axis + 18, times.clock(at))

    def draw_key(self) -> Iterator[str]:
        for line, x, drawing, meaning in self.key:
            y = TOP + KEY_LINE * line
            place, text = f"{format_number(x)} {y}", draw_words("key", x + 30, y + 11, meaning)
            yield f'<g transform="translate({place})">{drawing}</g>{text}'

    def draw_strips(self) -> Iterator[str]:
        """Exercises, below them their sides, and below these the changes of side."""
        heads = [(each.title, each) for each in self.timeline.chapters]
        yield from self.lane([point_at_chapter(each, "chapter") for _, each in heads], 0, HEADS - 3)
        yield from self.headings(heads, "head", 12.5, HEAD)
        parts = [point_at_chapter(each, f"side {find_tone(each.side)}") for each in self.parts]
        yield from self.lane(parts, self.lanes.parts, PARTS - 3)
        yield from self.headings([(each.label, each) for each in self.parts], "part", self.lanes.parts + 11, PART)
        switches = self.events("switch")
        moves = [point_at_event(each, f"move {find_tone(each.side)}", "changes of side") for each in switches]
        for bundle in bundle_spans(moves, self.rows):
            places = [
                (each, self.row(each.row) + self.lanes.moves + 3) for each in join_specks(bundle, self.rows, self.most)
            ]
            path = "".join(
                f"M{format_number(each.left)} {y}h{format_number(max(each.width, MIN_THICKNESS))}" for each, y in places
            )
            yield f'<path class="{bundle[0].look}" d="{path}">{draw_title(point_at_all(bundle))}</path>'

    def headings(self, named: list[tuple[str, Chapter]], look: str, y: float, size: float) -> Iterator[str]:
        for name, chapter in named:
            for piece in self.rows.pieces(chapter.start_ms, chapter.end_ms):
                text = shorten_text(name if piece.first else f"… {name}", piece.width - 2 * INSET, size)
                if text:
                    yield draw_words(look, piece.left + INSET, self.row(piece.row) + y, text)

    def draw_body(self) -> Iterator[str]:
        """Holds, rests and breath, and the pauses to get into position."""
        pauses = [point_at_event(event, "pause", "pauses") for event in self.events("pause")]
        yield from self.lane(pauses, self.lanes.body + BODY / 2 - 6, 12)
        windows = [event for event in self.timeline.events if isinstance(event, WindowEvent)]
        looks = {"hold": "hold", "rest": "soft", "breathe": "breathe", "reps": "hold"}
        shapes = [
            point_at_event(each, f"{looks[each.kind]} {find_tone(each.side)}", "holds and rests") for each in windows
        ]
        yield from self.lane(shapes, self.lanes.body, BODY)
        for window in windows:
            for piece in self.rows.pieces(window.start_ms, window.end_ms):
                yield from self.inside(window, piece)

    def waved(self, event: Event) -> bool:
        pattern = event.pattern if isinstance(event, WindowEvent) else None
        return pattern is not None and pattern.ms * self.rows.scale >= MIN_BREATH

    def inside(self, window: WindowEvent, piece: Piece) -> Iterator[str]:
        """The wave of a block, and as much of its letter, name and length as fits."""
        top, wide = self.row(piece.row) + self.lanes.body, piece.width - 2 * INSET
        look = f" {find_tone(window.side)} on" if window.kind in ("hold", "reps") else ""
        letter, name, size = label_window(window)
        lead = f"{letter}\u2002" if letter else ""
        short = shorten_text(name, wide - measure_text(lead, NAME), NAME)
        if self.waved(window):
            path = draw_wave(window.phases, self.rows, piece.row, top + BODY - 3, top + WAVE_ROOM + 3)
            yield f'<path class="wave {find_tone(window.side)}{" on" * (window.kind == "hold")}" d="{path}"/>'
            choices = (f"{lead}{name} · {size}", f"{lead}{short}" if short else letter, letter)
            if text := choose_text(filter(None, choices), wide, NAME):
                yield draw_words(f"name{look}", piece.left + INSET, top + 15, text)
            return
        below = choose_text([size], wide, SIZE)
        above = f"{lead}{short}" if short else letter
        if above and measure_text(above, NAME) <= wide:
            yield draw_words(f"name{look}", piece.left + INSET, top + (20 if below else 28), above)
        elif letter:
            look = f"letter{look}" if measure_text(letter, NAME) <= piece.width - 2 else f"letter small{look}"
            if measure_text(letter, SMALL) <= piece.width - 1:
                yield draw_words(look, piece.left + piece.width / 2, top + 28, letter)
            return
        if below:
            yield draw_words(f"size{look}", piece.left + INSET, top + (37 if above else 28), below)

    def draw_sound(self) -> Iterator[str]:
        """Chimes and the numbers of the countdown, and speech below them."""
        chimes = [point_at_event(event, find_glyph(event), "chimes") for event in self.chimes]
        if self.glyphs:
            for bundle in bundle_spans(chimes, self.rows):
                placed = [(each.look, *self.spot(each.start, (CUES - GLYPH) / 2 - 1)) for each in bundle]
                uses = "".join(f'<use href="#vg-{look}" x="{x}" y="{y}"/>' for look, x, y in placed)
                yield f'<g class="glyph">{draw_title(point_at_all(bundle))}{uses}</g>'
        else:
            yield from self.lane([replace(each, look="cue") for each in chimes], self.lanes.cues + 1, CUES - 5)
        counts = [point_at_event(event, "dots", "numbers counted") for event in self.events("count")]
        for bundle in bundle_spans(counts, self.rows):
            dots = join_specks([replace(each, end=each.start) for each in bundle], self.rows, self.most)
            y = (CUES / 2 - 1) + self.lanes.cues
            places = [(format_number(dot.left), format_number(self.row(dot.row) + y), dot.width) for dot in dots]
            path = "".join(f"M{x} {y}h{format_number(width)}" for x, y, width in places)
            wide, tip = format_number(self.dot), draw_title(point_at_all(bundle))
            yield f'<path class="dots" stroke-width="{wide}" d="{path}">{tip}</path>'
        spoken = [point_at_event(event, "say", "spoken lines") for event in self.events("say")]
        yield from self.lane(spoken, self.lanes.speech, SPEECH - 6)

    def spot(self, ms: int, below: float) -> tuple[str, str]:
        """The position of a moment in the lane of cues."""
        row = self.rows.row(ms)
        return format_number(self.rows.x(row, ms)), format_number(self.row(row) + self.lanes.cues + below)

    def lane(self, spans: list[Span], y: float, height: float) -> Iterator[str]:
        """The spans of one lane as blocks, `y` below the top of their rows."""
        for bundle in bundle_spans(spans, self.rows):
            look, words_of = bundle[0].look, draw_title(point_at_all(bundle))
            pieces = join_specks(bundle, self.rows, self.most)
            places = [(each.left, self.row(each.row) + y, each.width) for each in pieces]
            if len(bundle) > 1:
                yield f'<path class="{look}" d="{draw_boxes(places, height)}">{words_of}</path>'
            elif len(places) == 1:
                yield draw_block(look, *places[0], height, inside=words_of)
            else:
                yield f"<g>{words_of}{''.join(draw_block(look, *place, height) for place in places)}</g>"
