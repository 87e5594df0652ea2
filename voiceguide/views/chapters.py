"""A timeline's exercises and sides → the chapters of its track: one after the other, from 0 to the end.

Many players show a chapter until the next one starts, whatever its own end, and a listener jumps to where it starts. So
there is no hole and no overlap, and what is too short to jump to is part of another chapter.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from itertools import groupby, takewhile

from msgspec import Struct
from msgspec.structs import replace

from voiceguide.score.timeline import Chapter, Timeline
from voiceguide.times import SECOND

SHORTEST = 10 * SECOND  # of a chapter, in ms


def tile_chapters(timeline: Timeline) -> tuple[Chapter, ...]:
    """The chapters of the track, in order. One with `parts` is only the title of those: they fill it completely.

    What precedes the first exercise is an introduction, what follows an exercise belongs to it. Empty if the session
    has no exercises and sides, or if it lasts less than ten seconds.
    """
    pieces = _join(_cut(timeline.chapters, (), 0, timeline.duration_ms))
    if timeline.duration_ms < SHORTEST or not any(piece.path for piece in pieces):
        return ()
    # Most sessions have been written with these words just before.
    from voiceguide.words import load_words

    opening = Chapter(load_words(timeline.language).introduction, 0, 0)
    return tuple(_nest(pieces, 0, opening))


def list_leaves(chapters: Iterable[Chapter]) -> Iterator[Chapter]:
    """The chapters that have no parts, at any depth."""
    for chapter in chapters:
        if chapter.parts:
            yield from list_leaves(chapter.parts)
        else:
            yield chapter


class _Piece(Struct, frozen=True):
    """A stretch of the track, in ms. `path` is the exercise or side that it belongs to, after those around it.

    `work`: it contains an exercise or a side, and not only what surrounds these.
    """

    path: tuple[Chapter, ...]
    start: int
    end: int
    work: bool

    @property
    def short(self) -> bool:
        """Whether it can't be a chapter. Outside of all exercises only the beginning can."""
        return self.end - self.start < SHORTEST or not (self.path or self.start == 0)

    def shares(self, other: _Piece) -> int:
        """How many exercises and sides are around both."""
        pairs = zip(self.path, other.path, strict=False)
        return sum(1 for _ in takewhile(lambda pair: pair[0] is pair[1], pairs))


def _cut(chapters: Sequence[Chapter], around: tuple[Chapter, ...], start: int, end: int) -> Iterator[_Piece]:
    """Everything from `start` to `end` in pieces. A part that is too short belongs to what is around it."""
    if not chapters:
        yield _Piece(around, start, end, work=bool(around))
        return
    at = start
    for chapter in chapters:
        if at < chapter.start_ms:
            yield _Piece(around, at, chapter.start_ms, work=False)
        # An exercise of a few seconds is not lost in an introduction, but a side alone says nothing.
        if chapter.end_ms - chapter.start_ms < SHORTEST and (around or chapter.exercise is None):
            yield _Piece(around, chapter.start_ms, chapter.end_ms, work=True)
        else:
            yield from _cut(chapter.parts, (*around, chapter), chapter.start_ms, chapter.end_ms)
        at = chapter.end_ms
    if at < end:
        yield _Piece(around, at, end, work=False)


def _join(pieces: Iterable[_Piece]) -> list[_Piece]:
    """The same in as many pieces as there are chapters: a short one joins the neighbour that it has more to do with."""
    done: list[_Piece] = []
    for piece in pieces:
        while done:
            last = done[-1]
            if last.path == piece.path:
                piece = _unite(done.pop(), piece, piece.path)
            elif not last.short:
                break
            elif len(done) > 1 and last.shares(done[-2]) >= last.shares(piece):
                _join_last(done)
            else:
                piece = _add(done.pop(), piece)
        done.append(piece)
    while len(done) > 1 and (done[-1].short or done[-1].path == done[-2].path):
        _join_last(done)
    return done


def _join_last(done: list[_Piece]) -> None:
    last = done.pop()
    done[-1] = _add(last, done[-1])


def _add(short: _Piece, other: _Piece) -> _Piece:
    """Both as one, named so that the name is true of all of it."""
    shared = short.shares(other)
    if not short.path or (not short.work and shared == len(short.path)):
        return _unite(short, other, other.path)  # words that lead to it, or follow it
    longer = max(short, other, key=lambda piece: piece.end - piece.start)
    return _unite(short, other, short.path[:shared] or longer.path)


def _unite(one: _Piece, other: _Piece, path: tuple[Chapter, ...]) -> _Piece:
    return _Piece(path, min(one.start, other.start), max(one.end, other.end), one.work or other.work)


def _nest(pieces: Sequence[_Piece], depth: int, owner: Chapter) -> Iterator[Chapter]:
    """Pieces as chapters: those of one exercise, at this depth of their paths, together under its title."""
    for _, same in groupby(pieces, lambda piece: id(piece.path[depth]) if len(piece.path) > depth else 0):
        run = list(same)
        start, end = run[0].start, run[-1].end
        if len(run) > 1:
            title = run[0].path[depth]
            parts = tuple(_nest(run, depth + 1, title))
            yield replace(title, start_ms=start, end_ms=end, parts=parts) if len(parts) > 1 else parts[0]
        else:
            yield replace((run[0].path or (owner,))[-1], start_ms=start, end_ms=end, parts=())
