"""The phonemes of words that the natural voice would read wrongly, and of those that it must not be helped with."""
# ruff: noqa: RUF001

from __future__ import annotations

import sys
from collections.abc import Iterator

import pytest

from tests import natural
from voiceguide.voices.natural.hibari import Hibari
from voiceguide.voices.natural.place import find_voice
from voiceguide.voices.natural.pronounced import PRONOUNCED


@pytest.fixture(scope="module")
def hibari() -> Iterator[Hibari]:
    with natural.shown():
        folder = find_voice()
        assert folder is not None
        before = {*sys.modules}
        yield Hibari(folder)
    # It prepares the process for itself alone, which is a child elsewhere.
    for name in {*sys.modules} - before:
        if name.split(".")[0] in {"hibari", "scipy"}:
            del sys.modules[name]


def _phonemes(hibari: Hibari, text: str) -> str:
    return " ".join(phonemes for phonemes, _ in hibari._pieces(text, 0, len(text)))


@pytest.mark.parametrize("word", PRONOUNCED)
def test_each_entry_is_needed_and_heard(hibari: Hibari, word: str) -> None:
    words = hibari._read.lexicon.golds.d
    said = _phonemes(hibari, f"Feel the {word} now.")
    assert PRONOUNCED[word].replace("ˌ", "").replace("ˈ", "") in said.replace("ˌ", "").replace("ˈ", "")
    ours = words.pop(word)
    try:
        assert _phonemes(hibari, f"Feel the {word} now.") != said
    finally:
        words[word] = ours


@pytest.mark.parametrize(
    ("text", "phonemes"),
    [
        ("Close your eyes.", "klˈOz jʊɹ ˈIz."),
        ("Use of a block.", "jˈus ʌv ɐ blˈɑk."),
        ("Bow your head.", "bˈW jʊɹ hˈɛd."),
        ("Contract your glutes.", "kəntɹˈækt jʊɹ ɡlˈuts."),
        ("Alternate sides.", "ˈɔltəɹnˌAt sˈIdz."),
        ("Feel the psoas.", "fˈil ðə sˈOəs."),
        ("Do NOT bounce.", "dˈu nˈɑt bˈWns."),
        ("Find your ASIS.", "fˈInd jʊɹ ˌAˌɛsˌIˈɛs."),
        ("A 90/90 stretch.", "ɐ nˈIndi nˈIndi stɹˈɛʧ."),
        ("Your IT band.", "jˌʊɹ ˌItˈi bˈænd."),
    ],
)
def test_sentences(hibari: Hibari, text: str, phonemes: str) -> None:
    assert _phonemes(hibari, text) == phonemes
