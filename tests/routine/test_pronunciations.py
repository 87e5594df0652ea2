"""Pronunciations put into a text: what regular expressions over all words would do, however many there are."""

from __future__ import annotations

import re
from collections.abc import Mapping

from hypothesis import given
from hypothesis import strategies as st

from voiceguide.routine.pronunciations import Pronunciations

CHARACTERS = "aAb .+_é'"
TEXTS = st.text(CHARACTERS, max_size=12).map(lambda text: " ".join(text.split()))
WORDS = TEXTS.filter(lambda text: any(map(str.isalnum, text)))
SAID = st.lists(WORDS, max_size=5, unique_by=lambda word: word if word.isupper() else word.casefold()).map(
    lambda words: {word: f"<{number}>" for number, word in enumerate(words)}
)


def by_expression(text: str, said: Mapping[str, str]) -> str:
    """Whole words, the longest first, capitals before any case: the rule as one regular expression."""
    if not said:
        return text
    words = sorted(said, key=lambda word: (len(word), word.isupper()), reverse=True)
    each = "|".join(f"({re.escape(word) if word.isupper() else f'(?i:{re.escape(word)})'})" for word in words)
    return re.sub(rf"(?<!\w)(?:{each})(?!\w)", lambda match: said[words[(match.lastindex or 0) - 1]], text)


@given(TEXTS, SAID)
def test_whole_words_in_any_case_the_longest_first(text: str, said: dict[str, str]) -> None:
    assert Pronunciations(said).put(text) == by_expression(text, said)


@given(TEXTS, SAID, SAID)
def test_an_included_routine_has_its_own_over_those_of_the_outer_one(
    text: str, outer: dict[str, str], inner: dict[str, str]
) -> None:
    inner = {word: how.replace("<", "[") for word, how in inner.items()}
    # A word of the inner one wins over an equally long one of the outer, in capitals or not.
    tried = Pronunciations(inner, Pronunciations(outer)).put(text)
    hidden = {word.casefold() for word in inner if not word.isupper()}
    visible = {word: how for word, how in outer.items() if word.casefold() not in hidden and word not in inner}
    assert tried == by_expression(text, {**visible, **inner})


def test_a_routine_included_a_thousand_times_is_prepared_once() -> None:
    inner = {"psoas": "so az"}
    outer = Pronunciations({"ASIS": "A S I S"})
    made = [Pronunciations(inner, outer) for _ in range(1_000)]
    assert len({id(each._trees[0]) for each in made}) == 1
    assert made[-1].put("Psoas, ASIS.") == "so az, A S I S."


def test_a_word_in_capitals_is_put_for_capitals_only() -> None:
    said = Pronunciations({"IT": "I T", "si joint": "S I joint", "SI": "see"})
    assert said.put("The IT band: feel it. It holds.") == "The I T band: feel it. It holds."
    assert said.put("SI joint, SI, si") == "S I joint, see, si"
    both = Pronunciations({"IT": "I T", "it": "itt"})
    assert both.put("IT it It") == "I T itt itt"


def test_what_was_put_is_left_alone_by_what_comes_after() -> None:
    said = Pronunciations({"psoas": "so az", "1/2": "one over two"})
    assert said.put("Psoas: 1/2 or 1/4 of the psoas", str.upper) == "so az: one over two OR 1/4 OF THE so az"
    assert Pronunciations({}).put("hold", str.upper) == "HOLD"
