"""Title, chapters and lyrics → one ID3 tag as bytes, which stands before the first frame.

ID3v2.3, not 2.4: it is what Windows, cars and old players read, and phones read both; the chapter frames (CHAP, CTOC)
were specified for 2.3 first, and its sizes are plain numbers, which 2.4's are not and some readers get wrong. We write
the frames ourselves: it is little more than a length before each, chapters stay in their order (mutagen sorts them by
size, and many players show them in the order of the file), and importing a tagger costs more than a whole tag. No date
and no random ids: the same tags are the same bytes.
"""

from __future__ import annotations

import codecs
import struct
from collections.abc import Iterator

from msgspec import Struct

_LATIN1, _UTF16 = 0, 1
_NO_OFFSET = 0xFFFFFFFF
_ORDERED, _TOP_LEVEL = 1, 2  # flags of a table of contents
_MAX_CHILDREN = 255
_UNKNOWN_LANGUAGE = "XXX"
# ISO 639-1 to the three letters that ID3 wants, for the languages that voices speak.
# fmt: off
_LANGUAGES = {
    "af": "afr", "ar": "ara", "bg": "bul", "bn": "ben", "bs": "bos", "ca": "cat", "cs": "ces",
    "cy": "cym", "da": "dan", "de": "deu", "el": "ell", "en": "eng", "eo": "epo", "es": "spa",
    "et": "est", "eu": "eus", "fa": "fas", "fi": "fin", "fr": "fra", "ga": "gle", "gu": "guj",
    "he": "heb", "hi": "hin", "hr": "hrv", "hu": "hun", "hy": "hye", "id": "ind", "is": "isl",
    "it": "ita", "ja": "jpn", "ka": "kat", "kn": "kan", "ko": "kor", "la": "lat", "lt": "lit",
    "lv": "lav", "mk": "mkd", "ml": "mal", "mr": "mar", "ms": "msa", "nb": "nob", "ne": "nep",
    "nl": "nld", "nn": "nno", "no": "nor", "pa": "pan", "pl": "pol", "pt": "por", "ro": "ron",
    "ru": "rus", "sk": "slk", "sl": "slv", "sq": "sqi", "sr": "srp", "sv": "swe", "sw": "swa",
    "ta": "tam", "te": "tel", "th": "tha", "tr": "tur", "uk": "ukr", "ur": "urd", "vi": "vie",
    "zh": "zho",
}
# fmt: on


class Chapter(Struct, frozen=True):
    """A stretch of the track to jump to, in milliseconds, with the parts it divides into (an exercise's sides)."""

    title: str
    start_ms: int
    end_ms: int
    parts: tuple[Chapter, ...] = ()


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
    chapters: tuple[Chapter, ...] = ()
    lyrics: str = ""


def id3(tags: TrackTags) -> bytes:
    """The whole ID3v2.3 tag, header included, without padding."""
    body = b"".join(_frames(tags))
    size = bytes(len(body) >> shift & 0x7F for shift in (21, 14, 7, 0))
    return b"ID3\x03\x00\x00" + size + body


def _frames(tags: TrackTags) -> Iterator[bytes]:
    for name, value in (
        (b"TIT2", tags.title),
        (b"TPE1", tags.artist),
        (b"TALB", tags.album),
        (b"TCON", tags.genre),
        (b"TLEN", str(tags.length_ms) if tags.length_ms else ""),
        (b"TSSE", tags.encoder),
    ):
        yield _text_frame(name, value)
    language = _language(tags.language)
    yield _long_text_frame(b"COMM", language, tags.comment)
    if tags.chapters:
        yield from _chapters(tags.chapters, "", "")
    yield _long_text_frame(b"USLT", language, tags.lyrics)


def _chapters(chapters: tuple[Chapter, ...], path: str, title: str) -> Iterator[bytes]:
    """The table of these chapters, then each with the table of its parts after it. `path` is "" or such as "2."."""
    children: list[str] = []
    below: list[bytes] = []
    for number, chapter in enumerate(chapters, start=1):
        place = f"{path}{number}"
        children.append(f"chapter{place}")
        times = struct.pack(">4I", chapter.start_ms, chapter.end_ms, _NO_OFFSET, _NO_OFFSET)
        below.append(_frame(b"CHAP", _id(f"chapter{place}") + times + _text_frame(b"TIT2", chapter.title)))
        if chapter.parts:
            children.append(f"contents{place}")
            below += _chapters(chapter.parts, f"{place}.", chapter.title)
    # The number of entries is one byte. A chapter past it is still found by players that list the chapters.
    entries = children[:_MAX_CHILDREN]
    flags = _ORDERED if path else _ORDERED | _TOP_LEVEL
    table = _id(f"contents{path.rstrip('.')}") + bytes((flags, len(entries))) + b"".join(map(_id, entries))
    yield _frame(b"CTOC", table + _text_frame(b"TIT2", title))
    yield from below


def _frame(name: bytes, content: bytes) -> bytes:
    return name + struct.pack(">IH", len(content), 0) + content


def _text_frame(name: bytes, text: str) -> bytes:
    """A frame of one line; nothing where the line is empty."""
    line = _line(text)
    encoding = _encoding(line)
    return _frame(name, bytes([encoding]) + _encoded(line, encoding)) if line else b""


def _long_text_frame(name: bytes, language: str, text: str) -> bytes:
    """A comment or lyrics, without a description; nothing where there is no text."""
    clean = _clean(text)
    encoding = _encoding(clean)
    content = bytes([encoding]) + language.encode("ascii") + _encoded("", encoding) + _encoded(clean, encoding)
    return _frame(name, content) if clean else b""


def _encoded(text: str, encoding: int) -> bytes:
    if encoding == _LATIN1:
        return text.encode("latin-1") + b"\0"
    return codecs.BOM_UTF16_LE + text.encode("utf-16-le") + b"\0\0"


def _id(name: str) -> bytes:
    return name.encode("ascii") + b"\0"


def _encoding(text: str) -> int:
    # Only ASCII is safe in one byte: players take Latin-1 for whatever their own country once used.
    return _LATIN1 if text.isascii() else _UTF16


def _language(tag: str) -> str:
    primary = tag.replace("_", "-").split("-")[0].lower()
    return primary if len(primary) == 3 else _LANGUAGES.get(primary, _UNKNOWN_LANGUAGE)


def _clean(text: str) -> str:
    # A NUL ends a text in ID3, and half a surrogate pair can't be written in any encoding.
    return text.replace("\0", "").encode("utf-8", "ignore").decode("utf-8").strip()


def _line(text: str) -> str:
    return " ".join(_clean(text).split())
