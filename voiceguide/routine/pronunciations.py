"""Words and how to say them, put into a text: whole words, in any case, the longest first.

A text is walked once, token by token, along a tree of the words' own tokens, so a thousand pronunciations cost a text
no more than one does.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

_TOKENS = re.compile(r"\w+|\W")
_Tree = dict[str, Any]
_SAID = ""  # the branch that holds how to say the word that ends here; no token is empty


class Pronunciations:
    """How to say words: those of a routine, and under them those of the routine that includes it."""

    def __init__(self, said: Mapping[str, str], outer: Pronunciations | None = None) -> None:
        # A routine may be included in thousands of places: its tree is made once, and the mapping lives as long as
        # the id that stands for it.
        self._known: dict[int, tuple[Mapping[str, str], _Tree]] = outer._known if outer else {}
        if id(said) not in self._known:
            self._known[id(said)] = said, _tree(said)
        tree = self._known[id(said)][1]
        self._trees: tuple[_Tree, ...] = ((tree,) if tree else ()) + (outer._trees if outer else ())

    def put(self, text: str) -> str:
        """A text with each of the words replaced by how to say it."""
        if not self._trees:
            return text
        tokens = _TOKENS.findall(text)
        folded = [token.casefold() for token in tokens]
        wordy = [token[0].isalnum() or token[0] == "_" for token in tokens]
        # One more, so that the last token has one behind it.
        folded.append(_SAID)
        wordy.append(False)
        done: list[str] = []
        at = 0
        while at < len(tokens):
            end, said = self._longest(folded, wordy, at)
            done.append(tokens[at] if end == at else said)
            at = max(end, at + 1)
        return "".join(done)

    def _longest(self, tokens: list[str], wordy: list[bool], start: int) -> tuple[int, str]:
        """Where the longest word that begins here ends, and how to say it; `start` where there is none."""
        end, said = start, ""
        if start and wordy[start - 1] and not wordy[start]:
            return end, said  # ".net" is no whole word in "asp.net"
        for tree in self._trees:
            at, branch = start, tree.get(tokens[start])
            while branch is not None:
                at += 1
                # Of two as long, the one of the nearer routine.
                if at > end and _SAID in branch and (wordy[at - 1] or not wordy[at]):
                    end, said = at, branch[_SAID]
                branch = branch.get(tokens[at]) if at < len(tokens) - 1 else None
        return end, said


def _tree(said: Mapping[str, str]) -> _Tree:
    tree: _Tree = {}
    for word, how in said.items():
        branch = tree
        for token in _TOKENS.findall(word):
            branch = branch.setdefault(token.casefold(), {})
        branch[_SAID] = how
    return tree


NO_PRONUNCIATIONS = Pronunciations({})
"""For texts that are spoken as they are written."""
