"""Titles written into a script: whatever they hold, the script reads, and has that title."""

from __future__ import annotations

from pathlib import Path

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st

from voiceguide.cli.titles import title_of, yaml_of
from voiceguide.language.loader import load


@given(
    st.text(st.characters(codec="utf-8"), min_size=1, max_size=60) | st.text("'\"\\#:[]{},&*!|>%@`- \t?~=x", max_size=9)
)
def test_any_text_reads_back(text: str) -> None:
    assert yaml.safe_load(f"title: {yaml_of(text)}\n") == {"title": text}


@given(st.text(st.characters(codec="utf-8"), max_size=60))
def test_a_title_stays_what_it_is(name: str) -> None:
    title = title_of(name)
    assert title == title_of(title)


@pytest.mark.parametrize(
    ("name", "title", "written"),
    [
        ("morning-hips", "Morning hips", "Morning hips"),
        ("my_Own--one ", "My Own one", "My Own one"),
        ("DEEP stretch", "DEEP stretch", "DEEP stretch"),
        ("Week 1: hips", "Week 1: hips", '"Week 1: hips"'),
        ("[x]", "[x]", '"[x]"'),
        ("!!!", "!!!", '"!!!"'),
        ("it's", "It's", "It's"),
        ("'quoted'", "'quoted'", "\"'quoted'\""),
        ('say "ah" \\', 'Say "ah" \\', r'"Say \"ah\" \\"'),
        ("# x", "# x", '"# x"'),
        ("a #b", "A #b", '"A #b"'),
        ("yes", "Yes", '"Yes"'),
        ("12", "12", '"12"'),
        ("1e3", "1e3", '"1e3"'),
        ("null", "Null", '"Null"'),
        ("{a}", "{a}", '"{a}"'),
        ("étirer 🌿", "Étirer 🌿", '"Étirer 🌿"'),
        ("伸ばす", "伸ばす", "伸ばす"),
        ("a\x1b[31m\nb\u2028c\u202ed", "A [31m b cd", '"A [31m b cd"'),
        ("x\udcff", "X", "X"),
        ("\x07-_", "", '""'),
    ],
)
def test_titles(name: str, title: str, written: str, tmp_path: Path) -> None:
    assert title_of(name) == title
    assert yaml_of(title) == written
    if title:
        script = tmp_path / "script.yaml"
        script.write_text(f"title: {written}\nsteps: [Hello]\n", encoding="utf-8")
        assert load(script).title == title


def test_what_can_not_be_printed_is_spelled() -> None:
    assert yaml_of("\x07\u2028\U000e0001") == r'"\x07\u2028\U000e0001"'
