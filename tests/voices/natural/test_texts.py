"""Texts for a natural voice: where sentences end, and which spoken word a written one is."""

from __future__ import annotations

import pytest

from voiceguide.voices.natural.texts import cut_sentences, match_words


@pytest.mark.parametrize(
    ("text", "sentences"),
    [
        ("Kneel.", ["Kneel."]),
        ("Kneel. Stand!  Rest?", ["Kneel.", "Stand!", "Rest?"]),
        ("Breathe in... and out.", ["Breathe in... and out."]),
        ("Ask Dr. Smith. Or J. K. Rowling.", ["Ask Dr. Smith.", "Or J. K. Rowling."]),
        ("So do I. Then rest.", ["So do I.", "Then rest."]),
        ("Title\nThen words", ["Title", "Then words"]),
        ('He said "Stand." Then he sat.', ['He said "Stand.', "Then he sat."]),
        ("...", ["..."]),
        ("  ", []),
        ("Hold for 1.5 minutes.", ["Hold for 1.5 minutes."]),
    ],
)
def test_sentences(text: str, sentences: list[str]) -> None:
    assert [text[start:end] for start, end in cut_sentences(text, {"Dr"})] == sentences


@pytest.mark.parametrize(
    ("written", "spoken", "found"),
    [
        ("stand tall", "Stand tall", {0: 0, 1: 1}),
        ("hold for 1 30 now", "hold for one thirty now", {0: 0, 1: 1, 2: 2, 3: 3, 4: 4}),
        ("hold 90 s now", "hold ninety seconds or so now", {0: 0, 1: 1, 2: 3, 3: 5}),
        ("a 45 turn", "a turn", {0: 0, 2: 1}),
        ("a turn", "a 45 turn", {0: 0, 1: 2}),
        ("left", "", {}),
        ("", "left", {}),
    ],
)
def test_words_are_found_again(written: str, spoken: str, found: dict[int, int]) -> None:
    assert match_words(written.split(), spoken.split()) == found


def test_a_long_text_without_order_takes_no_long_time() -> None:
    written, spoken = [f"a{number % 7}" for number in range(5000)], [f"b{number % 7}" for number in range(4000)]
    found = match_words(written, spoken)
    assert [found[index] for index in (0, 2500, 4999)] == [0, 2000, 3999]
