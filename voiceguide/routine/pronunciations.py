"""Replace words in a text by their pronunciations: whole words, the longest match first.

A word matches in any case, but a word in capitals only capitals: "IT" is not "it".

The words are stored in a tree by their tokens, and the text is matched against it token by token, so the time for a
text does not depend on the number of pronunciations.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from hashlib import blake2b
from typing import Any

_TOKENS = re.compile(r"\w+|\W")
_Tree = dict[str, Any]
_END = ""  # the key of the pronunciation of a word that ends at a branch; no token is empty
_CAPITALS = "A-Z"  # the same for a word in capitals; no token has a hyphen between letters
_PUT = "\0"  # stands for a pronunciation while the rest of the text is changed; no text has it


class Pronunciations:
    """The pronunciations of a routine; those of the routine that includes it (`outer`) have a lower priority."""

    def __init__(self, words: Mapping[str, str], outer: Pronunciations | None = None) -> None:
        # A routine may be included in thousands of places, so its tree is cached by the id of its mapping. The
        # mapping is stored too, which keeps the id valid.
        self._known: dict[int, tuple[Mapping[str, str], _Tree, bytes]] = outer._known if outer else {}
        if id(words) not in self._known:
            self._known[id(words)] = words, _build_tree(words), _digest(words)
        _, tree, digest = self._known[id(words)]
        self._trees: tuple[_Tree, ...] = ((tree,) if tree else ()) + (outer._trees if outer else ())
        self._digests: tuple[bytes, ...] = ((digest,) if tree else ()) + (outer._digests if outer else ())

    def __eq__(self, other: object) -> bool:
        """Whether both change every text alike."""
        return isinstance(other, Pronunciations) and self._digests == other._digests

    def __hash__(self) -> int:
        return hash(self._digests)

    def put(self, text: str, rest: Callable[[str], str] = str) -> str:
        """Replace each of the words in a text by its pronunciation, and change what is left of the text with `rest`."""
        if not self._trees:
            return rest(text)
        tokens = _TOKENS.findall(text)
        folded = [token.casefold() for token in tokens]
        wordy = [token[0].isalnum() or token[0] == "_" for token in tokens]
        # A sentinel after the last token.
        folded.append(_END)
        wordy.append(False)
        left: list[str] = []
        put: list[str] = []
        at = 0
        while at < len(tokens):
            end, spoken = self._find_longest(tokens, folded, wordy, at)
            if end > at:
                put.append(spoken)
            left.append(tokens[at] if end == at else _PUT)
            at = max(end, at + 1)
        pieces = rest("".join(left)).split(_PUT)
        return "".join(piece + spoken for piece, spoken in zip(pieces, (*put, ""), strict=True))

    def _find_longest(self, written: list[str], tokens: list[str], wordy: list[bool], start: int) -> tuple[int, str]:
        """The end of the longest word that starts here, and its pronunciation; `start` if there is none."""
        end, spoken = start, ""
        if start and wordy[start - 1] and not wordy[start]:
            return end, spoken  # ".net" is not a whole word in "asp.net"
        for tree in self._trees:
            at, branch = start, tree.get(tokens[start])
            while branch is not None:
                at += 1
                # Of two equally long words, the one of the inner routine.
                if at > end and (wordy[at - 1] or not wordy[at]):
                    if _CAPITALS in branch and "".join(written[start:at]).isupper():
                        end, spoken = at, branch[_CAPITALS]
                    elif _END in branch:
                        end, spoken = at, branch[_END]
                branch = branch.get(tokens[at]) if at < len(tokens) - 1 else None
        return end, spoken


def _build_tree(words: Mapping[str, str]) -> _Tree:
    tree: _Tree = {}
    for word, spoken in words.items():
        branch = tree
        for token in _TOKENS.findall(word):
            branch = branch.setdefault(token.casefold(), {})
        branch[_CAPITALS if word.isupper() else _END] = spoken
    return tree


def _digest(words: Mapping[str, str]) -> bytes:
    return blake2b(repr(sorted(words.items())).encode("utf-8", "surrogatepass"), digest_size=20).digest()


NO_PRONUNCIATIONS = Pronunciations({})
"""For texts that are spoken as written."""
