"""The ID3 tag, read back by mutagen and by ffmpeg."""

from __future__ import annotations

import io

import av
import mutagen.id3
import pytest

from tests.track.decoders import tone, with_ffmpeg, with_miniaudio
from voiceguide.track.encoder import encode, splice
from voiceguide.track.frames import Encoding
from voiceguide.track.id3 import write_id3
from voiceguide.track.tags import TagChapter, TrackTags

CHAPTERS = (
    TagChapter("Welcome", 0, 1000),
    TagChapter(
        "Half-kneeling stretch — für die Hüfte",
        1000,
        4000,
        (TagChapter("left", 1000, 2500), TagChapter("right", 2500, 4000)),
    ),
    TagChapter("End", 4000, 5000),
)
TAGS = TrackTags(
    title="Hüftbeuger: left/right",
    artist="Jo",
    album="Voice-guided stretching",
    genre="Speech",
    comment="For education only.\nIt does not replace a physician.",
    length_ms=5000,
    encoder="voiceguide 0.1",
    language="de-AT",
    chapters=CHAPTERS,
    lyrics="[00:00.00]Willkommen — los.\n[00:01.00]Linke Seite.\n",
)


def read(tag: bytes) -> mutagen.id3.ID3:
    return mutagen.id3.ID3(io.BytesIO(tag), translate=False)


@pytest.fixture(scope="module")
def whole() -> bytes:
    file = io.BytesIO()
    splice([(0, encode([tone(4800)], Encoding()))], 5000, Encoding(), file, id3=write_id3(TAGS))
    return file.getvalue()


def test_mutagen_reads_every_text() -> None:
    tag = read(write_id3(TAGS))
    assert tag.version == (2, 3, 0)
    assert tag["TIT2"].text == ["Hüftbeuger: left/right"]
    assert tag["TPE1"].text == ["Jo"]
    assert tag["TALB"].text == ["Voice-guided stretching"]
    assert tag["TCON"].text == ["Speech"]
    assert tag["TLEN"].text == ["5000"]
    assert tag["TSSE"].text == ["voiceguide 0.1"]
    assert tag["COMM::deu"].text == [TAGS.comment]
    assert tag["USLT::deu"].text == TAGS.lyrics.strip()


def test_mutagen_reads_the_chapters() -> None:
    tag = read(write_id3(TAGS))
    contents = tag["CTOC:contents"]
    assert contents.flags == mutagen.id3.CTOCFlags.TOP_LEVEL | mutagen.id3.CTOCFlags.ORDERED
    assert contents.child_element_ids == ["chapter1", "contents2", "chapter3"]
    sides = tag["CTOC:contents2"]
    assert sides.flags == mutagen.id3.CTOCFlags.ORDERED
    assert sides.child_element_ids == ["chapter2.1", "chapter2.2"]
    assert sides.sub_frames["TIT2"].text == [CHAPTERS[1].title]
    found = {
        frame.element_id: (frame.sub_frames["TIT2"].text[0], frame.start_time, frame.end_time)
        for frame in tag.getall("CHAP")
    }
    assert found == {
        "chapter1": ("Welcome", 0, 1000),
        "chapter2.1": ("left", 1000, 2500),
        "chapter2.2": ("right", 2500, 4000),
        "chapter3": ("End", 4000, 5000),
    }
    assert {(frame.start_offset, frame.end_offset) for frame in tag.getall("CHAP")} == {(0xFFFFFFFF, 0xFFFFFFFF)}


def test_ffmpeg_reads_texts_and_chapters_in_the_order_of_time(whole: bytes) -> None:
    with av.open(io.BytesIO(whole), format="mp3") as container:
        words = {key.lower(): text for key, text in container.metadata.items()}
        chapters = [
            (chapter["metadata"]["title"], int(chapter["start"] * chapter["time_base"] * 1000))
            for chapter in container.chapters()
        ]
    assert words["title"] == TAGS.title
    assert words["artist"] == "Jo"
    assert words["album"] == TAGS.album
    assert words["genre"] == "Speech"
    assert words["comment"] == TAGS.comment
    assert any("Linke Seite" in text for text in words.values())
    assert chapters == [
        ("Welcome", 0),
        ("left", 1000),
        ("right", 2500),
        ("End", 4000),
    ]


def test_the_tag_takes_nothing_from_the_sound(whole: bytes) -> None:
    assert with_ffmpeg(whole).shape == with_miniaudio(whole).shape == (1, 5000 * 48)


def test_the_same_tags_are_the_same_bytes() -> None:
    assert write_id3(TAGS) == write_id3(TAGS)


def test_empty_texts_are_left_out() -> None:
    assert set(read(write_id3(TrackTags(title="Only this")))) == {"TIT2"}


def test_a_text_that_id3_can_not_hold_is_cleaned() -> None:
    tag = read(write_id3(TrackTags(title="one\0two\nthree\ud800", comment="\0", language="tlh")))
    assert tag["TIT2"].text == ["onetwo three"]
    assert set(tag) == {"TIT2"}
    assert "USLT::XXX" in read(write_id3(TrackTags(title="t", lyrics="words", language="qq")))
    assert "USLT::tlh" in read(write_id3(TrackTags(title="t", lyrics="words", language="tlh")))


def test_more_chapters_than_a_table_holds() -> None:
    chapters = tuple(TagChapter(f"Part {number}", number * 10, number * 10 + 10) for number in range(300))
    tag = read(write_id3(TrackTags(title="Long", chapters=chapters)))
    assert len(tag.getall("CHAP")) == 300
    assert len(tag["CTOC:contents"].child_element_ids) == 255
