"""The shapes of the picture of a session, as SVG text. Numbers are rounded to a tenth of a unit to save bytes."""

from __future__ import annotations

import html
import re
from collections.abc import Iterable
from itertools import pairwise

from voiceguide.score.timeline import Phase
from voiceguide.views.svg.layout import Rows

MIN_THICKNESS = 0.8  # so that even very short events are visible

# XML can't contain these characters, not even escaped.
_NOT_XML = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


def format_number(value: float) -> str:
    """Format a position or size, rounded to a tenth of a unit."""
    return _tenths(round(value * 10))


def escape_text(text: str) -> str:
    """Escape a text for XML; characters that XML does not allow are replaced."""
    return html.escape(_NOT_XML.sub("�", text))


def draw_title(text: str) -> str:
    """The tooltip of the shape that contains it."""
    return f"<title>{escape_text(text)}</title>"


def draw_words(look: str, x: float, y: float, text: str) -> str:
    """A text whose baseline starts at a position."""
    return f'<text class="{look}" x="{format_number(x)}" y="{format_number(y)}">{escape_text(text)}</text>'


def draw_block(
    look: str, x: float, y: float, width: float, height: float, *, corner: float = 3, inside: str = ""
) -> str:
    """A block with round corners. `inside` is its content, such as its tooltip."""
    wide = max(width, MIN_THICKNESS)
    radius = f' rx="{format_number(min(corner, wide / 2))}"' if corner and wide >= 2 else ""
    place = f'x="{format_number(x)}" y="{format_number(y)}"'
    size = f'width="{format_number(wide)}" height="{format_number(height)}"{radius}'
    return f'<rect class="{look}" {place} {size}' + (f">{inside}</rect>" if inside else "/>")


def draw_boxes(places: Iterable[tuple[float, float, float]], height: float) -> str:
    """The path of many blocks of one height, each given by x, y and width."""
    path: list[str] = []
    before_x = before_y = 0
    for left, top, width in places:
        x, y = round(left * 10), round(top * 10)
        wide = format_number(max(width, MIN_THICKNESS))
        # A relative move after a closed block starts at that block's corner.
        path.append(f"m{_tenths(x - before_x)} {_tenths(y - before_y)}h{wide}v{format_number(height)}h-{wide}z")
        before_x, before_y = x, y
    return "".join(path)


def draw_wave(phases: Iterable[Phase], rows: Rows, row: int, base: float, peak: float) -> str:
    """The path of guided breath in one row, or an empty text: up to `peak` for in, down to `base` for out.

    A phase that is cut at the end of a row continues in the next row at the same height.
    """
    low, high = rows.bounds(row)
    ground = round(base * 10)
    path: list[str] = []
    x = y = 0
    for phase in phases:
        start, end = max(phase.start_ms, low), min(phase.end_ms, high)
        if start >= end:
            continue
        heights = {"in": (base, peak), "hold": (peak, peak), "out": (peak, base), "wait": (base, base)}[phase.kind]
        length = phase.end_ms - phase.start_ms
        curve = _cut(*heights, (start - phase.start_ms) / length, (end - phase.start_ms) / length)
        if not path:
            x, y = round(rows.x(row, start) * 10), round(curve[0] * 10)
            path.append(f"M{_tenths(x)} {_tenths(ground)}" + (f"V{_tenths(y)}" if y != ground else ""))
        # Each step starts at the rounded end of the previous one, so rounding errors don't add up.
        step = round(rows.x(row, end) * 10) - x
        if heights[0] == heights[1]:
            path.append(f"h{_tenths(step)}")
        else:
            first, second, last = (_tenths(round(each * 10) - y) for each in curve[1:])
            path.append(f"c{_tenths(step // 3)} {first} {_tenths(step * 2 // 3)} {second} {_tenths(step)} {last}")
            y = round(curve[3] * 10)
        x += step
    if path and y != ground:
        path.append(f"V{_tenths(ground)}")
    return "".join(path)


def _cut(start: float, end: float, low: float, high: float) -> tuple[float, float, float, float]:
    """The four control heights of the part from `low` to `high` (0 to 1) of a Bézier curve with level ends."""

    def blossom(*shares: float) -> float:
        heights = [start, start, end, end]
        for share in shares:
            heights = [left + (right - left) * share for left, right in pairwise(heights)]
        return heights[0]

    return blossom(low, low, low), blossom(low, low, high), blossom(low, high, high), blossom(high, high, high)


def _tenths(tenths: int) -> str:
    whole, part = divmod(abs(tenths), 10)
    return f"{'-' if tenths < 0 else ''}{whole}{f'.{part}' if part else ''}"
