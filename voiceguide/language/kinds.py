"""What a kind of value is: how it is read from a node of the document, what an error says, and its JSON Schema.

A kind raises `ReadError` where it can't read; whoever reads the key puts the key's name in front and goes on to the
next key, so that all errors of a file are found in one reading. The kinds that there are stand in `values`.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping
from functools import partial
from typing import Any, TypeVar

from msgspec import Struct
from msgspec.structs import replace

from voiceguide.budget import LIMITS
from voiceguide.errors import Place, among, quoted, suggestion
from voiceguide.language.document import Fields, Items, Node, Scalar

Schema = Mapping[str, Any]
T = TypeVar("T")


FLAGS = {
    **dict.fromkeys(("yes", "true", "on"), "yes"),
    **dict.fromkeys(("no", "false", "off"), "no"),
}


class ReadError(Exception):
    """A value that can't be read: where, and the rest of the sentence after its key. `all` that is wrong in it."""

    def __init__(self, place: Place, message: str, more: tuple[ReadError, ...] = ()) -> None:
        super().__init__(message)
        self.place = place
        self.message = message
        self.all = (self, *more)


class Kind(Struct, frozen=True):
    """A kind of value. `read` gives the value or raises ReadError; `schema` says the same to an editor."""

    expected: str
    schema: Schema
    read: Callable[[Node], Any]


def found(node: Node) -> str:
    """What stands at a node, for the end of an error's sentence."""
    if isinstance(node, Items):
        return "found a list"
    if isinstance(node, Fields):
        return "found keys and values"
    if not node.text.strip():
        return "found nothing"
    return f"found {quoted(node.text)}"


def expected(node: Node, what: str) -> ReadError:
    """`expected a duration such as "45s", found "1:3o"`."""
    return ReadError(node.place, f"expected {what}, {found(node)}")


def scalar(what: str, read: Callable[[str], Any], schema: Schema) -> Kind:
    """A kind that is one plain text. `read` raises ValueError, its message what was expected."""

    def from_node(node: Node) -> Any:
        if not isinstance(node, Scalar):
            raise expected(node, what)
        try:
            return read(node.text)
        except ValueError as error:
            raise expected(node, str(error) or what) from None

    return Kind(what, schema, from_node)


def either(what: str, *choices: str, extra: Mapping[str, str] | None = None) -> Kind:
    """One of a few words, in any case; `extra` gives further spellings of them."""
    known = {choice: choice for choice in choices} | dict(extra or {})

    def read(node: Node) -> str:
        if not isinstance(node, Scalar):
            raise expected(node, what)
        word = node.text.strip().casefold()
        if word not in known:
            raise ReadError(node.place, f"expected {what}, {found(node)}{suggestion(word, choices)}")
        return known[word]

    return Kind(what, words_schema(known, flags=bool(extra)), read)


def any_case(words: Iterable[str]) -> str:
    """A regular expression of these words: JSON Schema has no other way to say that case does not matter."""
    return "|".join("".join(f"[{char}{char.upper()}]" if char.isalpha() else char for char in word) for word in words)


def words_schema(words: Iterable[str], *, flags: bool = False) -> Schema:
    """One of these words in any case. YAML's older readers make booleans of yes and no: an editor may see either."""
    text: Schema = {"type": "string", "pattern": rf"^\s*({any_case(words)})\s*$"}
    return {"anyOf": [text, {"type": "boolean"}]} if flags else text


def integer(what: str, low: int, high: int) -> Kind:
    """A whole number in a range."""

    def read(text: str) -> int:
        plain = text.strip()
        if not re.fullmatch(r"[0-9]{1,9}", plain) or not low <= int(plain) <= high:
            raise ValueError(what)
        return int(plain)

    number: Schema = {"type": "integer", "minimum": low, "maximum": high}
    return scalar(what, read, {"anyOf": [number, {"type": "string", "pattern": r"^\s*[0-9]{1,9}\s*$"}]})


def each(reads: Iterable[Callable[[], T]]) -> list[T]:
    """What every one of these reads. Raises ReadError with all that is wrong in them."""
    done: list[T] = []
    wrong: list[ReadError] = []
    for read in reads:
        try:
            done.append(read())
        except ReadError as error:
            wrong += error.all
            if len(wrong) >= LIMITS["problems"]:
                break  # nobody reads more of them
    if wrong:
        raise ReadError(wrong[0].place, wrong[0].message, tuple(wrong[1:]))
    return done


def listed(item: Kind, what: str, *, single: bool = False, least: int = 1) -> Kind:
    """A list of a kind; with `single`, one alone stands for a list of one."""

    def read(node: Node) -> tuple[Any, ...]:
        if single and isinstance(node, Scalar):
            return (item.read(node),)
        if not isinstance(node, Items) or len(node.items) < least:
            raise expected(node, what)
        return tuple(each(partial(item.read, one) for one in node.items))

    schema: Schema = {"type": "array", "items": item.schema, "minItems": least}
    return Kind(what, {"anyOf": [item.schema, schema]} if single else schema, read)


def positive(kind: Kind) -> Kind:
    """The same kind, without zero."""

    def read(node: Node) -> Any:
        value = kind.read(node)
        if value == 0:
            raise ReadError(node.place, f"expected {kind.expected}, longer than nothing, {found(node)}")
        return value

    return replace(kind, read=read, schema={"allOf": [kind.schema, {"not": {"enum": [0, "0", "0s"]}}]})


def orno(kind: Kind, what: str, nothing: Any) -> Kind:
    """The kind, or `no`, which reads as `nothing`."""

    nothing_words = [word for word, flag in FLAGS.items() if flag == "no"]

    def read(node: Node) -> Any:
        if isinstance(node, Scalar) and node.plain and FLAGS.get(node.text.strip().casefold()) == "no":
            return nothing
        try:
            return kind.read(node)
        except ReadError as wrong:
            raise (expected(node, what) if wrong.message.startswith("expected ") else wrong) from None

    return Kind(what, {"anyOf": [kind.schema, {"const": False}, words_schema(nothing_words)]}, read)


def closest(word: str, names: Iterable[str]) -> str:
    """`; did you mean "x"?` where a name is close, else the names there are."""
    known = sorted(names)
    if close := suggestion(word, known):
        return close
    return f"; expected {among(known)}" if known else "; there are none here"
