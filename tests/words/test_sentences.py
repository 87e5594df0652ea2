"""Where a sentence ends, and where a full stop is something else."""

from __future__ import annotations

from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from voiceguide.words.sentences import find_sentences


def split(text: str) -> list[str]:
    return [text[start:end].strip() for start, end in pairwise([*find_sentences(text), len(text)])]


@pytest.mark.parametrize(
    "sentences",
    [
        ["Welcome.", "This is the stretch.", "It takes a minute."],
        ["Is it your left side?", "Good!", "Stay there…", "And breathe."],
        ["Three, up.", "2, down."],
        ["“Stay.”", "(Breathe in.)", "«Halte.»", "Go on."],
        ["Hold for 2.5 seconds, e.g. the left leg, approx. 3 times."],
        ["Ask Dr. Thomas about the S. I. joint.", "Then stop."],
        ["1. Lie down on your back.", "2. Bend one knee."],
        ["... and breathe out.", "Well ... almost."],
        ["息を吸って。", "吐いて。", "もう一度。"],
        ["Löse die Hände.", "Ändere die Seite."],
        ["¿Todo bien?", "¡Vamos!"],
        ["No full stop at all"],
    ],
    ids=lambda each: each[0],
)
def test_sentences(sentences: list[str]) -> None:
    between = "" if "。" in sentences[0] else " "
    assert split(between.join(sentences)) == sentences


@pytest.mark.parametrize("text", ["", "  "])
def test_no_text_has_no_sentences(text: str) -> None:
    assert find_sentences(text) == []


@given(st.text(st.sampled_from('aB1.!?… "。\n')))
def test_every_letter_is_in_one_sentence(text: str) -> None:
    assert "".join("".join(split(text)).split()) == "".join(text.split())


@pytest.mark.parametrize("text", ["." * 10_000, "." + '"' * 10_000, "a. " * 3_000, ". " * 5_000, ".\n" + " " * 9_000])
def test_a_long_text_of_little(text: str) -> None:
    """With a pattern that goes back over what it has seen, these would run into the time limit of the tests."""
    assert len(find_sentences(text)) <= len(text)
