"""The values of a track's tag: title, chapters, lyrics. `id3` writes them."""

from __future__ import annotations

from msgspec import Struct


class TagChapter(Struct, frozen=True):
    """A chapter, in milliseconds of the track. One with parts (an exercise's sides) is only their common title."""

    title: str
    start_ms: int
    end_ms: int
    parts: tuple[TagChapter, ...] = ()


class TrackTags(Struct, frozen=True):
    """The contents of the tag. Empty texts are omitted.

    length_ms: of the track. encoder: the program that made the file. language: of the texts, BCP 47. lyrics: LRC text.
    """

    title: str
    artist: str = ""
    album: str = ""
    genre: str = ""
    comment: str = ""
    length_ms: int = 0
    encoder: str = ""
    language: str = "en"
    chapters: tuple[TagChapter, ...] = ()
    lyrics: str = ""
