"""What a track's tag says: title, chapters, lyrics. `id3` writes it; here is nothing but the values."""

from __future__ import annotations

from msgspec import Struct


class TagChapter(Struct, frozen=True):
    """A stretch of the track to jump to, in milliseconds, with the parts it divides into (an exercise's sides)."""

    title: str
    start_ms: int
    end_ms: int
    parts: tuple[TagChapter, ...] = ()


class TrackTags(Struct, frozen=True):
    """What the tag says. Empty texts are left out.

    length_ms: of the track. encoder: what made the file. language: of the texts, BCP 47. lyrics: LRC text.
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
