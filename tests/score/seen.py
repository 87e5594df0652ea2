"""Pictures read back as XML, and what must be true of each: everything on its place, no text over another.

Places are checked against the picture's own axis (the times it prints and where it prints them), not against the
code that drew it.
"""

from __future__ import annotations

import re
import xml.etree.ElementTree as ET
from bisect import bisect_left
from collections.abc import Iterator
from dataclasses import dataclass

from voiceguide.score.timeline import Chapter, Event, PauseEvent, SpeechEvent, Timeline
from voiceguide.times import MINUTE, SECOND
from voiceguide.views.svg.layout import LEFT, measure_text

NS = "{http://www.w3.org/2000/svg}"
SIZES = {"title": 26, "sub": 13, "clock": 14, "tick": 11, "key": 12, "head": 13, "part": 11, "name": 14, "size": 12,
         "letter": 14, "small": 9.7}  # fmt: skip
ANCHORS = {"clock": 1.0, "tick": 0.5, "letter": 0.5}
NEAR = 0.11  # tenths of a unit are what places are written in


@dataclass(frozen=True)
class Box:
    left: float
    top: float
    right: float
    bottom: float

    def meets(self, other: Box) -> bool:
        across = self.left < other.right and other.left < self.right
        return across and self.top < other.bottom and other.top < self.bottom


class Read:
    """A picture, read back."""

    def __init__(self, text: str) -> None:
        self.root = ET.fromstring(text)
        self.texts = list(self.root.iter(f"{NS}text"))
        self.axes = [float(re.findall(r"M84 ([\d.]+)H", each.get("d", ""))[0]) for each in self.of("path", "axis")]
        starts = [_ms(each.text) for each in self.of("text", "clock")]
        assert len(starts) == len(self.axes)
        ticks = [
            (_ms(each.text), float(each.get("x", "")), float(each.get("y", ""))) for each in self.of("text", "tick")
        ]
        self.starts = starts
        at, x, y = max(ticks, key=lambda tick: tick[1])
        row = bisect_left(self.axes, y) - 1
        self.scale = (x - LEFT) / (at - starts[row])
        assert all(abs(self.x(at, bisect_left(self.axes, y) - 1) - x) < NEAR for at, x, y in ticks)

    def of(self, tag: str, look: str) -> list[ET.Element]:
        return [each for each in self.root.iter(NS + tag) if look in (each.get("class") or "").split()]

    def x(self, ms: int, row: int) -> float:
        return LEFT + (ms - self.starts[row]) * self.scale

    def row(self, ms: int) -> int:
        return max(index for index, start in enumerate(self.starts) if start <= ms)

    def marks(self) -> dict[str, list[tuple[str, list[Box]]]]:
        """Every shape with words of its own: the words, how it looks, and where it is."""
        found: dict[str, list[tuple[str, list[Box]]]] = {}
        for each in self.root.iter():
            words = each.find(f"{NS}title")
            if words is not None and each is not self.root:
                inner = [shape for shape in each.iter() if shape.tag != f"{NS}title"]
                look = next(filter(None, (shape.get("class") for shape in inner)))
                boxes = [box for shape in inner for box in _boxes(shape)]
                found.setdefault(words.text or "", []).append((look, boxes))
        return found


def _ms(text: str | None) -> int:
    seconds = 0
    for part in (text or "").split(":"):
        seconds = seconds * 60 + int(part)
    return seconds * SECOND


def _boxes(shape: ET.Element) -> Iterator[Box]:
    x, y = float(shape.get("x", 0)), float(shape.get("y", 0))
    if shape.tag == f"{NS}rect":
        yield Box(x, y, x + float(shape.get("width", 0)), y + float(shape.get("height", 0)))
    elif shape.tag == f"{NS}use":
        yield Box(x, y, x + 10, y + 10)
    elif shape.tag == f"{NS}path":
        yield from _path_boxes(shape.get("d", ""))


def _path_boxes(path: str) -> Iterator[Box]:
    """Blocks (m h v h z) and strokes (M h, M H)."""
    left = top = 0.0
    for part in re.findall(r"[mM][^mM]*", path):
        step = [float(each) for each in re.findall(r"-?[\d.]+", part)]
        left, top = (left + step[0], top + step[1]) if part[0] == "m" else (step[0], step[1])
        right = step[2] if "H" in part else left + step[2]
        yield Box(left, top, right, top + (step[3] if "v" in part else 0))


def _exact(ms: int) -> str:
    minutes, left = divmod(ms, MINUTE)
    hours, minutes = divmod(minutes, 60)
    clock = f"{hours}:{minutes:02}" if hours else f"{minutes}"
    return f"{clock}:{left // SECOND:02}.{left % SECOND:03}"


def look_of(event: Event) -> str:
    side = {"left": "s1", "right": "s2", "tighter": "s3"}.get(event.side or "", "s0")
    looks = {
        "hold": f"hold {side}",
        "reps": f"hold {side}",
        "rest": f"soft {side}",
        "breathe": f"breathe {side}",
        "switch": f"move {side}",
    }
    return {"chime": "glyph", "count": "dots", **looks}.get(event.kind, event.kind)


def parts_of(read: Read, event: Event | Chapter, duration: int) -> Iterator[tuple[int, float, float]]:
    """Row, left and right of each part of an event."""
    for row in range(read.row(min(event.start_ms, duration - 1)), read.row(max(event.start_ms, event.end_ms - 1)) + 1):
        ends = read.starts[row + 1] if row + 1 < len(read.starts) else duration
        yield row, read.x(max(event.start_ms, read.starts[row]), row), read.x(min(event.end_ms, ends), row)


def _told(event: Event) -> str:
    if isinstance(event, SpeechEvent):
        return event.text
    return event.kind if isinstance(event, PauseEvent) else event.name or event.kind


def check_places(laid: Timeline, read: Read) -> None:
    marks = read.marks()
    spans: list[Event | Chapter] = [*laid.events, *laid.chapters]
    for event in spans:
        when = f", {_exact(event.start_ms)} to {_exact(event.end_ms)}"
        look = "chapter" if isinstance(event, Chapter) else look_of(event)
        found = [
            (words, boxes) for words, made in marks.items() for of, boxes in made if words.endswith(when) and of == look
        ]
        assert found, f"{event} is not there"
        if not isinstance(event, Chapter):
            said = " ".join(_told(event).split())
            assert any(said[:100].casefold() in words.casefold() for words, _ in found), (said, found)
        boxes = found[0][1]
        expected = list(parts_of(read, event, laid.duration_ms))
        if look in ("glyph", "dots"):
            expected = expected[:1]
        assert len(boxes) == len(expected)
        for box, (row, left, right) in zip(boxes, expected, strict=True):
            assert abs(box.left - left) < NEAR, (event, box, left)
            assert look in ("glyph", "dots") or abs(box.right - max(right, left + 0.8)) < NEAR + 0.05
            assert bisect_left(read.axes, box.top) == row


def check_texts(read: Read) -> None:
    """No text meets another one, or leaves the picture; those of blocks stay in theirs."""
    width, height = (float(each) for each in read.root.get("viewBox", "").split()[2:])
    boxes: list[Box] = []
    for text in read.texts:
        looks = (text.get("class") or "").split()
        if "on" in looks and text.get("x") == "12" and text.get("y") == "11":
            continue  # in the key, whose drawings are moved to their place
        size = SIZES["small" if "small" in looks else looks[0]]
        wide = measure_text(text.text or "", size)
        left = float(text.get("x", "")) - wide * ANCHORS.get(looks[0], 0)
        y = float(text.get("y", ""))
        boxes.append(Box(left, y - 0.75 * size, left + wide, y))
        assert left >= 0
        assert left + wide <= width
        assert y <= height
    ordered = sorted(boxes, key=lambda box: box.top)
    for index, box in enumerate(ordered):
        for other in ordered[index + 1 :]:
            if other.top >= box.bottom:
                break
            assert not box.meets(other)
