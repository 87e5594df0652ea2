"""How an engine must be given words that it says wrongly: terms, verbs at the head of a sentence, abbreviations.

A lexicon belongs to a voice, because a spelling that one engine says well another says badly.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from functools import cached_property

from msgspec import Struct

_WORDS = re.compile(r"[^\W\d_]+")
_CAPITALS = re.compile(r"\b[A-Z]{2,5}\b")
_VOWEL = re.compile("[AEIOUY]")
_ROMAN = re.compile("[IVX]+")

# A verb stands at the head of a sentence, or after one of these words if it has an object.
_HEAD = r"(?:^|[.!?:;…])[\s\"'“”\u2018\u2019()\[\]]{0,9}"
_LEAD = r",\s|\b(?:and|then|or|but|please|just|again|next|now|first|finally|gently|slowly|softly|lightly|calmly)\s"
_OBJECT = r"(?=\s(?:your|the|both|one|it|a|an|each|all|this|that|these|those|my|our|any|every|some|them)\b)"
# "Close to the wall", "Use of a block", "Increase of strength": not a verb.
_NO_VERB = r"(?!\s(?:to|together|by|of|enough|at|behind)\b|-)"


class Lexicon(Struct, frozen=True, dict=True, eq=False):
    """The words of one engine and language, each with a spelling that it says rightly.

    `terms` are words in small letters, in any case and anywhere. `verbs` are words that are said otherwise as nouns;
    they are replaced where a sentence asks for the verb, and `objected` only with an object after them. `known` are
    words in capitals that are no abbreviations; the others, up to five letters with a vowel among them, are spelled.
    Without a vowel, the engine spells them by itself.
    """

    terms: Mapping[str, str]
    verbs: Mapping[str, str]
    objected: frozenset[str]
    known: frozenset[str]

    def put(self, text: str) -> str:
        """The text as the engine must be given it. A text without such words is returned at once."""
        words = set(map(str.casefold, _WORDS.findall(text)))
        if not words.isdisjoint(self._firsts):
            text = self._terms.sub(lambda match: self.terms.get(match[0].casefold(), match[0]), text)
        if not words.isdisjoint(self.verbs):
            for pattern in self._verbs:
                text = pattern.sub(lambda match: match[1] + self.verbs.get(match[2].casefold(), match[2]), text)
        if not text.isupper() or " " not in text:  # where all of a text is in capitals, they mean nothing
            text = _CAPITALS.sub(self._spell, text)
        return text

    def _spell(self, match: re.Match[str]) -> str:
        word = match[0]
        return word if word in self.known or not _VOWEL.search(word) or _ROMAN.fullmatch(word) else ".".join(word)

    @cached_property
    def _firsts(self) -> frozenset[str]:
        return frozenset(term.split()[0] for term in self.terms)

    @cached_property
    def _terms(self) -> re.Pattern[str]:
        longest_first = sorted(self.terms, key=len, reverse=True)
        return re.compile(rf"\b(?:{'|'.join(longest_first)})\b", re.IGNORECASE)

    @cached_property
    def _verbs(self) -> tuple[re.Pattern[str], ...]:
        verbs = "|".join(self.verbs)
        alone = "|".join(each for each in self.verbs if each not in self.objected)
        return (
            re.compile(rf"({_HEAD})({alone})\b{_NO_VERB}", re.IGNORECASE),
            re.compile(rf"({_HEAD}|{_LEAD})({verbs})\b{_OBJECT}", re.IGNORECASE),
        )
