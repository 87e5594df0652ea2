"""Pronunciations put into a text: what one regular expression over all words would do, however many there are."""

from __future__ import annotations

import re
from collections.abc import Mapping

from hypothesis import given
from hypothesis import strategies as st

from voiceguide.routine.pronunciations import Pronunciations

CHARACTERS = "aAb .+_é'"
TEXTS = st.text(CHARACTERS, max_size=12).map(lambda text: " ".join(text.split()))
WORDS = TEXTS.filter(lambda text: any(map(str.isalnum, text)))
SAID = st.lists(WORDS, max_size=5, unique_by=str.casefold).map(
    lambda words: {word: f"<{number}>" for number, word in enumerate(words)}
)


def by_expression(text: str, said: Mapping[str, str]) -> str:
    """Whole words, in any case, the longest first: the rule as one regular expression."""
    if not said:
        return text
    known = {word.casefold(): how for word, how in said.items()}
    words = "|".join(map(re.escape, sorted(known, key=len, reverse=True)))
    return re.sub(rf"(?<!\w)(?:{words})(?!\w)", lambda match: known[match[0].casefold()], text, flags=re.IGNORECASE)


@given(TEXTS, SAID)
def test_whole_words_in_any_case_the_longest_first(text: str, said: dict[str, str]) -> None:
    assert Pronunciations(said).put(text) == by_expression(text, said)


@given(TEXTS, SAID, SAID)
def test_an_included_routine_has_its_own_over_those_of_the_outer_one(
    text: str, outer: dict[str, str], inner: dict[str, str]
) -> None:
    inner = {word: how.replace("<", "[") for word, how in inner.items()}
    joined = {word.casefold(): how for each in (outer, inner) for word, how in each.items()}
    assert Pronunciations(inner, Pronunciations(outer)).put(text) == by_expression(text, joined)


def test_a_routine_included_a_thousand_times_is_prepared_once() -> None:
    inner = {"psoas": "so az"}
    outer = Pronunciations({"ASIS": "A S I S"})
    made = [Pronunciations(inner, outer) for _ in range(1_000)]
    assert len({id(each._trees[0]) for each in made}) == 1
    assert made[-1].put("Psoas, asis.") == "so az, A S I S."
