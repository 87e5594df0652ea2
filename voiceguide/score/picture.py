"""Timeline → a picture to look at: SVG with every event on its place, in rows of equal time.

Each row has lanes, from the top: exercises, their sides, changes of side, what the body does (holds, rests, breath,
pauses), cues and countdown, speech, and the time. A pointer on anything tells its text and exact time. The bytes are
the same for the same timeline, nothing outside is referred to, and a session of twelve hours stays below 300 KB.
"""

from __future__ import annotations

import html
import re
from bisect import bisect_left
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import groupby

from voiceguide import times
from voiceguide.score.picture_layout import LEFT, PLOT, WIDTH, Grid, Piece, Span, bundles, fitting, room, shortened, specks
from voiceguide.score.picture_style import CSS, GLYPH, GLYPH_NAMES, GLYPHS
from voiceguide.score.timeline import Chapter, Event, Timeline, flat

MARGIN = 28
TOP = 76  # below title and lengths
KEY_ROW = 22
GAP = 18  # between two rows
MOST_WORDS = 140  # of a spoken text in a tip

HEADS, PARTS, MOVES, BODY, CUES, SPEECH, AXIS = 20, 17, 7, 46, 17, 12, 20
WAVE_ROOM = 18  # at the top of a block with a wave, for its name
LEAST_BREATH = 8  # narrower than this a wave is only noise, and stays flat

NAME, SIZE, HEAD, PART, KEY, TICK = 13, 12, 12, 11, 12, 11
BOLD = 1.08  # how much wider bold letters are

LOOKS = {"left": 1, "right": 2, "tighter": 3}
LETTERS = {"left": "L", "right": "R", "tighter": "T"}

# XML has no way to say these, not even escaped.
_UNSAYABLE = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


def svg(timeline: Timeline) -> str:
    """The session as one SVG document, 1240 units wide and as high as it needs; it never raises.

    It follows the viewer's light or dark mode, and can stand alone or inside a page.
    """
    return _Picture(timeline).document()


@dataclass(frozen=True)
class _Lanes:
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
        return cls(below_heads, below_parts, body, cues, cues + CUES, cues + CUES + SPEECH, cues + CUES + SPEECH + AXIS)


class _Picture:
    """One drawing, from its size to its last mark."""

    def __init__(self, timeline: Timeline) -> None:
        self.timeline = timeline
        self.grid = Grid.of(timeline.duration)
        self.parts = [part for chapter in timeline.chapters for part in _leaves(chapter)]
        kinds = {event.kind for event in timeline.events}
        self.lanes = _Lanes.of(heads=bool(timeline.chapters), parts=bool(self.parts), moves="switch" in kinds)
        self.sparse = len(self._of("chime")) == len(bundles(self._chimes(), self.grid))
        self.keys = list(self._keys())
        self.top = TOP + KEY_ROW * (1 + max((line for line, _, _ in self._key_places()), default=0)) + 14

    def document(self) -> str:
        timeline, rows = self.timeline, self.grid.rows
        height = self.top + rows * (self.lanes.height + GAP) + MARGIN - GAP
        lengths = self._lengths()
        body = "\n".join([*self._ground(), *self._key(), *self._chapters(), *self._body(), *self._cues()])
        glyphs = "".join(f'<g id="vg-{name}">{shape}</g>' for name, shape in GLYPHS.items())
        return (
            f'<svg xmlns="http://www.w3.org/2000/svg" class="vg" role="img" width="{WIDTH}" height="{height}" '
            f'viewBox="0 0 {WIDTH} {height}" style="max-width:100%;height:auto">\n'
            f"<title>{_said(timeline.title)}</title>\n<desc>{_said(self._described(lengths))}</desc>\n"
            f"<style>\n{CSS}\n</style>\n<defs>{glyphs}</defs>\n"
            f'<rect class="paper" width="{WIDTH}" height="{height}"/>\n'
            f"{_text('title', MARGIN, 42, shortened(timeline.title, WIDTH - 2 * MARGIN, 24 * BOLD))}\n"
            f"{_text('sub', MARGIN, 64, shortened(lengths, WIDTH - 2 * MARGIN, 13))}\n{body}\n</svg>\n"
        )

    def _of(self, *kinds: str) -> list[Event]:
        return [event for event in self.timeline.events if event.kind in kinds]

    # What the words at the top say.

    def _lengths(self) -> str:
        holds = self._of("hold")
        parts = [f"{times.clock(self.timeline.duration)} in all"]
        if self.timeline.chapters:
            parts.append(_counted(len(self.timeline.chapters), "part"))
        if holds:
            sums: dict[str, int] = {}
            for hold in holds:
                sums[hold.side or ""] = sums.get(hold.side or "", 0) + hold.end - hold.start
            sides = ", ".join(f"{side} {_brief(sums[side])}" for side in LOOKS if side in sums)
            whole = _brief(sum(sums.values()))
            parts.append(f"{_counted(len(holds), 'hold')}, {whole} held" + (f" ({sides})" if sides else ""))
        breaths = sum(len({phase.breath for phase in event.phases}) for event in self.timeline.events)
        if breaths:
            parts.append(_counted(breaths, "guided breath"))
        if self.grid.rows > 1:
            parts.append(f"{_brief(self.grid.span)} a row")
        return " · ".join(parts)

    def _described(self, lengths: str) -> str:
        chapters = "; ".join(f"{each.title} at {times.clock(each.start)}" for each in self.timeline.chapters[:50])
        return f"A timeline of this session. {lengths}." + (f" {chapters}." if chapters else "")

    # What lies under everything: the rows, their time.

    def _row(self, row: int) -> int:
        return self.top + row * (self.lanes.height + GAP)

    def _ground(self) -> Iterator[str]:
        major, minor = self.grid.ticks()
        for row in range(self.grid.rows):
            start, end = self.grid.bounds(row)
            top, axis = self._row(row), self._row(row) + self.lanes.axis
            body = top + self.lanes.body
            right = self.grid.x(row, end)
            yield _rect("track", LEFT, body, right - LEFT, BODY, 3)
            marks = [(at, _n(self.grid.x(row, at))) for at in range(start, end + 1, minor)]
            lines = "".join(f"M{x} {top}V{axis}" for at, x in marks if not at % major)
            ticks = "".join(f"M{x} {axis}v{4 if at % major else 6}" for at, x in marks)
            yield f'<path class="grid" d="{lines}"/><path class="axis" d="M{LEFT} {axis}H{_n(right)}{ticks}"/>'
            yield _text("clock", LEFT - 12, body + BODY / 2 + 4.5, times.clock(start))
            for at, x in marks:
                # The row's own beginning stands at its left, its end at the left of the next.
                if not at % major and at != start and (at != start + self.grid.span or row == self.grid.rows - 1):
                    yield f'<text class="tick" x="{x}" y="{axis + 18}">{times.clock(at)}</text>'

    # The key.

    def _keys(self) -> Iterator[tuple[str, str]]:
        """What is in this picture, as a drawing in 24 by 14 units and its words."""
        events = self.timeline.events
        holds, soft = self._of("hold"), self._of("rest")
        for side in (None, *LOOKS):
            if any(event.side == side for event in holds):
                look, letter = _look(side), LETTERS.get(side or "", "")
                block = _rect(f"hold s{look}", 0, 0, 24, 14, 3)
                block += f'<text class="part on{look}" x="12" y="11" text-anchor="middle">{letter}</text>' if letter else ""
                yield block, f"hold, {side} side" if side else "hold"
        if soft:
            yield _rect("soft s0", 0.5, 0.5, 23, 13, 3), "rest"
        if any(event.phases for event in events):
            wave = "M0 14c2 0 4-13 6-13h3c3 0 5 13 9 13s4-10 6-13v13z"
            yield f'<path class="wave s0" d="{wave}"/>', "breath, up is in"
        if self._of("pause"):
            yield _rect("pause", 0, 4, 24, 6, 3), "pause"
        if self._of("switch"):
            yield '<path class="move s0" d="M0 7h24"/>', "changing sides"
        if self._of("say"):
            yield _rect("say", 0, 4, 24, 6, 2), "speech"
        found = {_glyph(event) for event in self._of("chime")}
        if found and not self.sparse:
            yield _rect("cue", 10, 1, 2, 12, 0), "chime"
        for glyph in GLYPHS:
            if self.sparse and glyph in found:
                yield f'<use href="#vg-{glyph}" x="7" y="2"/>', GLYPH_NAMES[glyph]
        if self._of("count"):
            yield "".join(f'<circle class="count" cx="{x}" cy="7" r="2"/>' for x in (4, 12, 20)), "countdown"

    def _key_places(self) -> Iterator[tuple[int, float, tuple[str, str]]]:
        """Each key with its line and place in it."""
        line, x = 0, float(MARGIN)
        for key in self.keys:
            width = 30 + room(key[1], KEY)
            if x + width > WIDTH - MARGIN:
                line, x = line + 1, float(MARGIN)
            yield line, x, key
            x += width + 18

    def _key(self) -> Iterator[str]:
        for line, x, (drawing, words) in self._key_places():
            at = f"translate({_n(x)} {TOP + KEY_ROW * line})"
            yield f'<g transform="{at}">{drawing}</g>{_text("key", x + 30, TOP + KEY_ROW * line + 11, words)}'

    # The strips: exercises, sides, changes of side.

    def _chapters(self) -> Iterator[str]:
        chapters = self.timeline.chapters
        yield from self._lane([_tipped(each, "chapter") for each in chapters], 0, HEADS - 3, "parts")
        yield from self._strip([(each.title, each) for each in chapters], "head", 12.5, HEAD * BOLD)
        starts = [event.start for event in self.timeline.events]
        parts = [(_part_name(part, within), part) for part, within in self.parts]
        looks = [_tipped(part, f"side s{self._side_of(part, starts)}") for _, part in parts]
        yield from self._lane(looks, self.lanes.parts, PARTS - 3, "parts")
        yield from self._strip(parts, "part", self.lanes.parts + 11, PART)
        moves = self._of("switch")
        for bundle in bundles([_told(event, f"move s{_look(event.side)}", "changes of side") for event in moves], self.grid):
            y = self.lanes.moves + MOVES / 2 - 0.5
            path = "".join(f"M{_n(each.left)} {_n(self._row(each.row) + y)}H{_n(each.right)}" for each in specks(bundle, self.grid))
            yield f'<path class="{bundle[0].look}" d="{path}">{_tip(bundle)}</path>'

    def _side_of(self, part: Chapter, starts: list[int]) -> int:
        for event in self.timeline.events[bisect_left(starts, part.start) :]:
            if event.side or event.start >= part.end:
                return _look(event.side) if event.start < part.end else 0
        return 0

    def _strip(self, titles: Iterable[tuple[str, Chapter]], look: str, y: float, size: float) -> Iterator[str]:
        for title, chapter in titles:
            for piece in self.grid.pieces(chapter.start, chapter.end):
                words = shortened(title if piece.first else f"… {title}", piece.width - 12, size)
                if words:
                    yield _text(look, piece.left + 6, self._row(piece.row) + y, words)
