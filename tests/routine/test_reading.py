"""What a routine holds once its script is read: what is given comes through, and what isn't has its default."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.score.fake import routine_of
from voiceguide import library
from voiceguide.errors import ScriptError
from voiceguide.language.loader import load
from voiceguide.routine.choices import read
from voiceguide.routine.inputs import input_files
from voiceguide.routine.model import Bed, included
from voiceguide.routine.tailor import tailor
from voiceguide.routine.templates import slug


def test_what_is_given_comes_through() -> None:
    given = {"about": "A", "author": "B", "source": "C", "notice": "D", "language": "de-DE", "tags": ["e"]}
    routine = routine_of({"title": "T", "steps": ["Hello"], **given})
    assert {key: getattr(routine, key) for key in given} == {**given, "tags": ("e",)}


def test_what_is_not_given_has_its_default() -> None:
    routine = routine_of({"title": "T", "steps": ["Hello"]})
    assert (routine.language, routine.source, routine.tags, routine.bed) == ("en-US", None, (), None)
    usual = Bed("brown").level
    for bed, level in (("brown", usual), ({"sound": "brown"}, usual), ({"sound": "brown", "level": 30}, 30)):
        assert routine_of({"title": "T", "steps": ["Hello"], "bed": bed}).bed == Bed("brown", level=level)


def test_a_bed_is_known_in_any_case_and_a_file_is_as_it_is_written() -> None:
    assert read({"bed": " Brown "}).bed == "brown"
    assert read({"bed": "Music/Rain.MP3"}).bed == "Music/Rain.MP3"


def test_the_quiet_guide_takes_every_voice_out_of_the_cues() -> None:
    routine = routine_of({"title": "T", "steps": [{"hold": "30s"}], "defaults": {"cue": "both"}})
    assert tailor(routine, read({"guide": "quiet"})).routine.defaults.cue == "chimes"


def test_apostrophes_leave_no_gap_in_a_name() -> None:
    assert slug("Child's pose") == slug("Child\u2019s pose") == "childs-pose"


def test_a_way_to_say_a_word_that_is_too_long_is_named_with_its_place() -> None:
    with pytest.raises(ScriptError) as caught:
        routine_of({"title": "T", "steps": ["Hello"], "pronounce": {"a": "b" * 2_000}})
    assert "expected a pronunciation of at most" in str(caught.value)
    assert "found " in str(caught.value)


def test_every_file_of_a_session_is_among_its_inputs(tmp_path: Path, own_folders: Path) -> None:
    (own_folders / "presets").mkdir(parents=True)
    preset = own_folders / "presets" / "mine.json"
    preset.write_text("{}")
    for name in ("rain.wav", "gong.wav"):
        (tmp_path / name).write_bytes(b"")
    (tmp_path / "inner.yaml").write_text("title: I\nsteps: [chime: gong.wav]\n")
    script = tmp_path / "script.yaml"
    script.write_text("title: T\nbed: rain.wav\nsteps: [include: inner, include: inner, chime: bell]\n")
    found = input_files(load(script))
    bell = library.sound("bell", tmp_path)
    assert bell is not None
    assert found == {preset, script, bell, *(tmp_path / name for name in ("rain.wav", "gong.wav", "inner.yaml"))}


def test_an_included_routine_counts_once_at_any_depth(tmp_path: Path) -> None:
    (tmp_path / "c.yaml").write_text("title: C\nsteps: [Hello]\n")
    (tmp_path / "b.yaml").write_text("title: B\nsteps: [include: c]\n")
    (tmp_path / "a.yaml").write_text("title: A\nsteps: [include: b, include: c, include: b]\n")
    assert [routine.title for routine in included(load(tmp_path / "a.yaml"))] == ["B", "C"]


def test_a_hold_for_an_included_routine_is_checked_against_those_after_a_rest(tmp_path: Path) -> None:
    (tmp_path / "b.yaml").write_text("title: B\nsteps:\n- rest: 10s\n- {hold: 20s, name: long, min: 15s}\n")
    (tmp_path / "a.yaml").write_text("title: A\nsteps:\n- {include: b, hold: 5s}\n")
    with pytest.raises(ScriptError, match="5s is outside the range of its hold"):
        load(tmp_path / "a.yaml")
