"""The geometry of the picture of a session: rows of time, ticks, bundles of spans, widths of text.

It draws nothing. Positions are in units of the drawing, times in ms of the session.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable, Iterator, Sequence
from itertools import groupby

from msgspec import Struct

from voiceguide.times import HOUR, MINUTE, SECOND

WIDTH = 1240
MARGIN = 28
LEFT = 84  # space for the start time of a row
PLOT = 1120

ONE_ROW = tuple(each * SECOND for each in (10, 20, 30, 60, 90, 120, 180))
# Two-minute rows show the most detail, but more than four of them need too much height.
SHORT_ROW, SHORT_ROWS = 2 * MINUTE, 4
MANY_ROWS = tuple(each * MINUTE for each in (3, 4, 5, 10, 15, 20, 30, 60))
MAX_ROWS = 12

# The distances of labelled ticks and of the small ticks between them.
TICKS = tuple(
    (major * SECOND, minor * SECOND)
    for major, minor in ((1, 1), (2, 1), (5, 1), (10, 2), (15, 5), (20, 5), (30, 10), (60, 10), (120, 30), (180, 60),
                         (300, 60), (600, 120), (900, 300), (1800, 300), (3600, 600))
)  # fmt: skip
TICK_ROOM = 84

MAX_MARKS = 180  # in one lane, each with its own tooltip; if there are more, neighbours share one
BUNDLES_A_ROW = 8
SPECK, SPECK_WIDTH = 1.0, 3.0  # if closer and narrower than this, two marks of a bundle look like one

NARROW, WIDE, CAPITAL, ORDINARY, FULL = 0.36, 0.98, 0.76, 0.63, 1.15


class Piece(Struct, frozen=True):
    """The part of a span in one row, from `left` to `right`; `first` and `last` are true at the ends of the span."""

    row: int
    left: float
    right: float
    first: bool = True
    last: bool = True

    @property
    def width(self) -> float:
        return self.right - self.left


class Rows(Struct, frozen=True):
    """Rows of equal time, all full except the last one."""

    duration: int
    span: int
    count: int

    @classmethod
    def of(cls, duration: int) -> Rows:
        """The rows of a session of `duration` ms, with at most twelve rows."""
        for span in ONE_ROW:
            if duration <= span:
                return cls(duration, span, 1)
        if duration <= SHORT_ROW * SHORT_ROWS:
            return cls(duration, SHORT_ROW, -(-duration // SHORT_ROW))
        hours = -(-duration // (MAX_ROWS * HOUR)) * HOUR
        span = next((each for each in MANY_ROWS if each * MAX_ROWS >= duration), hours)
        return cls(duration, span, -(-duration // span))

    @property
    def scale(self) -> float:
        """Units of the drawing per millisecond."""
        return PLOT / self.span

    def x(self, row: int, ms: int) -> float:
        return LEFT + (ms - row * self.span) * self.scale

    def row(self, ms: int) -> int:
        """The row of a moment; the end of the session is in the last row."""
        return min(ms // self.span, self.count - 1)

    def pieces(self, start: int, end: int) -> Iterator[Piece]:
        """Split a span of time at the ends of rows."""
        begins, ends = self.row(start), max(self.row(start), self.row(max(start, end - 1)))
        for row in range(begins, ends + 1):
            low, high = max(start, row * self.span), min(end, (row + 1) * self.span)
            yield Piece(row, self.x(row, low), self.x(row, high), row == begins, row == ends)

    def bounds(self, row: int) -> tuple[int, int]:
        """The start and end of a row in ms; the last row ends with the session."""
        return row * self.span, min((row + 1) * self.span, self.duration)

    def ticks(self) -> tuple[int, int]:
        """The distances of labelled and small ticks in ms; rows start on a labelled one."""
        return next(
            (pair for pair in TICKS if not self.span % pair[0] and pair[0] * self.scale >= TICK_ROOM),
            (self.span, self.span),
        )


class Span(Struct, frozen=True):
    """A mark from `start` to `end` in a lane: its CSS class, its tooltip, and the plural name for a bundle of them."""

    start: int
    end: int
    look: str
    tip: str
    many: str = ""


def bundle_spans(spans: Sequence[Span], rows: Rows) -> list[list[Span]]:
    """A lane's spans one by one; if there are too many for separate tooltips, bundles of neighbours that look alike."""
    if len(spans) <= MAX_MARKS:
        return [[each] for each in spans]
    reach = max(1, rows.span // BUNDLES_A_ROW)
    ordered = sorted(spans, key=lambda each: (each.start // reach, each.look, each.start))
    return [list(group) for _, group in groupby(ordered, key=lambda each: (each.start // reach, each.look))]


def join_specks(bundle: Sequence[Span], rows: Rows, most: int) -> list[Piece]:
    """The pieces of a bundle in order; pieces that look like one are joined until there are at most `most`."""
    pieces = [piece for each in bundle for piece in rows.pieces(each.start, each.end)]
    if len(bundle) == 1:
        return pieces
    size = 1
    while len(found := list(_join(pieces, SPECK * size, SPECK_WIDTH * size))) > most:
        size *= 2
    return found


def _join(pieces: list[Piece], gap: float, width: float) -> Iterator[Piece]:
    """Join each narrow piece with the one before it if the gap between them is small."""
    last = pieces[0]
    for piece in pieces[1:]:
        if piece.row == last.row and piece.left - last.right < gap and piece.width < width:
            last = Piece(last.row, last.left, max(last.right, piece.right))
        else:
            yield last
            last = piece
    yield last


def measure_text(text: str, size: float) -> float:
    """Estimate the width of a text of a font size. The font is the viewer's own, so the estimate is generous."""
    return size * sum(map(_measure_letter, text))


def _measure_letter(char: str) -> float:
    if unicodedata.combining(char):
        return 0
    if unicodedata.east_asian_width(char) in "WF":
        return FULL
    if char in "iIjl.,:;'|!()[]·f t-":
        return NARROW
    if char in "mwMW@%…—":
        return WIDE
    return CAPITAL if char.isupper() or not char.isascii() else ORDINARY


def shorten_text(text: str, width: float, size: float, least: int = 4) -> str:
    """The text, or its start and an ellipsis, or an empty text if not even `least` characters fit."""
    if measure_text(text, size) <= width:
        return text
    left, count = width - measure_text("…", size), 0
    for char in text:
        left -= measure_text(char, size)
        if left < 0:
            break
        count += 1
    return f"{text[:count].rstrip()}…" if count >= least else ""


def choose_text(choices: Iterable[str], width: float, size: float) -> str:
    """The first of the texts that fits, or an empty text."""
    return next((text for text in choices if measure_text(text, size) <= width), "")
