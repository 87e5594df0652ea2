"""Silence inside a text."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from voiceguide.routine.templates import escape, finish, finish_pieces
from voiceguide.texts.silences import find_no_silence, list_silences, show_brackets, split_silences


@pytest.mark.parametrize(
    ("text", "pieces"),
    [
        ("Breathe in. [2s] And out.", [("Breathe in. ", 2_000), (" And out.", 0)]),
        ("In [1.5s], and [250ms]. Out", [("In,", 1_500), (" and.", 250), (" Out", 0)]),
        ("[1m30s]In[1 s][ 1:30 ]", [("", 90_000), ("In", 1_000), ("", 90_000), ("", 0)]),
        ("Rest [[2s] and [[so]] on]", [("Rest [2s] and [so] on]", 0)]),
        ("In [2] [x] [", [("In [2] [x] [", 0)]),
    ],
)
def test_a_text_in_pieces(text: str, pieces: list[tuple[str, int]]) -> None:
    assert list(split_silences(text)) == pieces
    assert list_silences(text) == [ms for _, ms in pieces if ms]


def test_pieces_without_words() -> None:
    assert finish_pieces("[2s]  In {{[1s]. [500ms]\n - [1s]") == [("", 2_000), ("In {.", 1_000), ("", 500), ("", 1_000)]
    assert finish_pieces("In [2s] - ") == [("In", 2_000)]
    assert finish_pieces("In [[2s]") == finish_pieces("In") == []


def test_what_is_shown_is_what_is_written() -> None:
    assert finish("In [2s]  and [[so]] {{on}}") == "In [2s] and [so] {on}"


@given(st.text("ab[]{}2s. ", max_size=30))
def test_an_escaped_text_says_itself(text: str) -> None:
    assert finish(escape(text)) == " ".join(text.split())
    assert finish_pieces(escape(text)) == []


@given(st.text("a[]2s. ", max_size=30))
def test_no_letter_is_lost(text: str) -> None:
    pieces = list(split_silences(text))
    silences = sum(1 for _, ms in pieces if ms)
    assert pieces[-1][1] == 0
    assert sum(text.count(each) for each in "a") == sum(piece.count("a") for piece, _ in pieces)
    assert len(pieces) >= silences
    assert find_no_silence(text) is not None or "[" not in show_brackets(text).replace("[2s]", "") or "[[" in text


@pytest.mark.parametrize("piece", ["[", "[[", "[2s", "[2s]", "]", "[2s].,", "[]", "[ "])
def test_a_hostile_text_is_read_to_its_end(piece: str) -> None:
    text = piece * 50_000
    find_no_silence(text)
    list_silences(text)
