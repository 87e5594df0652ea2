"""Title, chapters and lyrics → one ID3 tag as bytes, which precedes the first frame.

ID3v2.3 instead of 2.4, because Windows, cars and old players read it, and phones read both. The chapter frames (CHAP,
CTOC) were specified for 2.3 first, and its sizes are plain integers; some readers get 2.4's encoded sizes wrong.
mutagen makes each frame; we order them, because it would sort the chapters by size, and many players show them in file
order. There is no date and no random id: equal tags give equal bytes.
"""

from __future__ import annotations

import io
from collections.abc import Iterator

from mutagen import id3 as frames

from voiceguide.track.tags import TagChapter, TrackTags

_LATIN1, _UTF16 = 0, 1
_NO_OFFSET = 0xFFFFFFFF
_HEADER_BYTES = 10
_MAX_CHILDREN = 255
_UNKNOWN_LANGUAGE = "XXX"
# ISO 639-1 to the three-letter codes that ID3 requires, for the languages that voices speak.
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


def write_id3(tags: TrackTags) -> bytes:
    """The complete ID3v2.3 tag, including its header, without padding."""
    body = b"".join(_render(frame) for frame in _make_frames(tags))
    size = bytes(len(body) >> shift & 0x7F for shift in (21, 14, 7, 0))
    return b"ID3\x03\x00\x00" + size + body


def _make_frames(tags: TrackTags) -> Iterator[frames.Frame]:
    for kind, value in (
        (frames.TIT2, tags.title),
        (frames.TPE1, tags.artist),
        (frames.TALB, tags.album),
        (frames.TCON, tags.genre),
        (frames.TLEN, str(tags.length_ms) if tags.length_ms else ""),
        (frames.TSSE, tags.encoder),
    ):
        if line := _line(value):
            yield kind(encoding=_encoding(line), text=[line])
    language = _language(tags.language)
    if comment := _clean(tags.comment):
        yield frames.COMM(encoding=_encoding(comment), lang=language, desc="", text=[comment])
    if tags.chapters:
        yield from _make_chapters(tags.chapters, "", "")
    if lyrics := _clean(tags.lyrics):
        yield frames.USLT(encoding=_encoding(lyrics), lang=language, desc="", text=lyrics)


def _make_chapters(chapters: tuple[TagChapter, ...], path: str, title: str) -> Iterator[frames.Frame]:
    """The table of these chapters, then each chapter, or the table of its parts. `path`: "" or "2.", say."""
    children: list[str] = []
    below: list[frames.Frame] = []
    for number, chapter in enumerate(chapters, start=1):
        place = f"{path}{number}"
        if chapter.parts:
            # The parts fill the chapter. A frame for both would be two chapters at one time.
            children.append(f"contents{place}")
            below += _make_chapters(chapter.parts, f"{place}.", chapter.title)
            continue
        children.append(f"chapter{place}")
        below.append(
            frames.CHAP(
                element_id=f"chapter{place}",
                start_time=chapter.start_ms,
                end_time=chapter.end_ms,
                start_offset=_NO_OFFSET,
                end_offset=_NO_OFFSET,
                sub_frames=_title(chapter.title),
            )
        )
    flags = frames.CTOCFlags.ORDERED
    if not path:
        flags |= frames.CTOCFlags.TOP_LEVEL
    yield frames.CTOC(
        element_id=f"contents{path.rstrip('.')}",
        flags=flags,
        # The number of entries is one byte. Players that list the chapter frames still find the chapters beyond it.
        child_element_ids=children[:_MAX_CHILDREN],
        sub_frames=_title(title),
    )
    yield from below


def _title(title: str) -> list[frames.Frame]:
    line = _line(title)
    return [frames.TIT2(encoding=_encoding(line), text=[line])] if line else []


def _render(frame: frames.Frame) -> bytes:
    tag = frames.ID3()
    tag.add(frame)
    tag.update_to_v23()
    file = io.BytesIO()
    tag.save(file, v1=frames.ID3v1SaveOptions.REMOVE, v2_version=3, padding=_no_padding)
    return file.getvalue()[_HEADER_BYTES:]


def _no_padding(_info: object) -> int:
    return 0


def _encoding(text: str) -> int:
    # Only ASCII is safe in one byte: some players interpret Latin-1 as a local code page.
    return _LATIN1 if text.isascii() else _UTF16


def _language(tag: str) -> str:
    primary = tag.replace("_", "-").split("-")[0].lower()
    return primary if len(primary) == 3 else _LANGUAGES.get(primary, _UNKNOWN_LANGUAGE)


def _clean(text: str) -> str:
    # A NUL ends a text in ID3, and a lone surrogate can't be encoded.
    return text.replace("\0", "").encode("utf-8", "ignore").decode("utf-8").strip()


def _line(text: str) -> str:
    return " ".join(_clean(text).split())
