"""Texts that look the same are the same: to the voice, to the store, and on the clock."""

from __future__ import annotations

import unicodedata
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.score.fake import timeline, told
from voiceguide.language.loader import load
from voiceguide.texts.clean import clean


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("Ho\u200bld", "Hold"),
        ("\ufeffHold", "Hold"),
        ("hip\u00adflexor", "hipflexor"),
        ("30\u00a0s", "30 s"),
        ("30\u202fs\u2009and\u3000more", "30 s and more"),
        ("Ru\u0308cken", "Rücken"),
        ("Ru\u200b\u0308cken", "Rücken"),
        ("\u202eHold\u202c", "Hold"),
        ("\u0645\u06cc\u200c\u062e", "\u0645\u06cc\u200c\u062e"),
        ("Ho\u200cld", "Hold"),
        ("line\nline", "line\nline"),
    ],
)
def test_what_is_not_seen_goes(typed: str, meant: str) -> None:
    assert clean(typed) == meant


@given(st.text())
def test_a_clean_text_is_composed_and_stays_as_it_is(text: str) -> None:
    once = clean(text)
    assert clean(once) == once
    assert unicodedata.is_normalized("NFC", once)


def laid(folder: Path, words: str) -> str:
    script = folder / "script.yaml"
    script.write_text(
        f"title: {words}\npronounce: {{{words}: so}}\nsteps:\n  - {words}.\n  - exercise: {words}\n    steps:\n"
        f'      - hold: 10s\n      - say: "{words} here."\n',
        encoding="utf-8",
    )
    return told(timeline(script))


@pytest.mark.parametrize(("typed", "meant"), [("Ru\u0308cken", "Rücken"), ("Ho\u200bld", "Hold")])
def test_a_whole_session_of_such_texts(typed: str, meant: str, tmp_path: Path) -> None:
    assert laid(tmp_path, typed) == laid(tmp_path, meant)


def test_escapes_are_cleaned_too(tmp_path: Path) -> None:
    script = tmp_path / "script.yaml"
    script.write_text('title: T\nsteps:\n  - "Ho\\u200bld."\n', encoding="utf-8")
    assert 'say "Hold."' in told(timeline(script))


def test_a_file_s_name_is_the_one_on_the_disk(tmp_path: Path) -> None:
    name = "Ru\u0308cken"
    (tmp_path / f"{name}.yaml").write_text("title: T\nsteps:\n  - Hold.\n", encoding="utf-8")
    script = tmp_path / "script.yaml"
    script.write_text(f"title: T\nsteps:\n  - include: {name}\n", encoding="utf-8")
    assert load(script).steps
