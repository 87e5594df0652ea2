"""Kinds of value: how each is read from a node of the document, what its error message expects, and its JSON Schema.

A kind raises `ReadError` for an invalid value. The reader adds the key's name to the message and continues with the
next key, so all errors of a file are found in one pass. The kinds of the language are in `values`.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from functools import partial
from typing import Any, TypeVar

from msgspec import Struct

from voiceguide import values
from voiceguide.budget import LIMITS
from voiceguide.errors import Place, among, suggestion
from voiceguide.language.document import Fields, Items, Node, Scalar
from voiceguide.values import Schema, Value

T = TypeVar("T")


class ReadError(Exception):
    """A value is invalid: its place, and the message after its key. `all` are this error and the others in it."""

    def __init__(self, place: Place, message: str, more: tuple[ReadError, ...] = ()) -> None:
        super().__init__(message)
        self.place = place
        self.message = message
        self.all = (self, *more)


class Kind(Struct, frozen=True):
    """A kind of value. `read` returns the value or raises ReadError; `schema` is its JSON Schema, for editors.

    `sided`: sides may stand in it, which a script names in its own language.
    """

    expected: str
    schema: Schema
    read: Callable[[Node], Any]
    value: Value[Any] | None = None  # the grammar of a kind that is one plain text
    sided: bool = False


def found(node: Node) -> str:
    """What a node is, for the end of an error message."""
    if isinstance(node, Items):
        return "found a list"
    if isinstance(node, Fields):
        return "found keys and values"
    return values.found(node.text)


def expected(node: Node, what: str) -> ReadError:
    """`expected a duration such as "45s", found "1:3o"`."""
    return ReadError(node.place, f"expected {what}, {found(node)}")


def plain(value: Value[Any]) -> Kind:
    """A kind that is one plain text."""

    def from_node(node: Node) -> Any:
        if not isinstance(node, Scalar):
            raise expected(node, value.expected)
        try:
            return value.read(node.text)
        except ValueError as error:
            raise ReadError(node.place, values.refusal(value, error, node.text)) from None

    return Kind(value.expected, value.schema, from_node, value)


def scalar(what: str, read: Callable[[str], Any], schema: Schema) -> Kind:
    """A plain text that only the language has. `read` raises ValueError; its message says what was expected."""
    return plain(Value(what, read, schema))


def each(reads: Iterable[Callable[[], T]]) -> list[T]:
    """Call all of these and return their values. Raises ReadError with all errors in them."""
    done: list[T] = []
    wrong: list[ReadError] = []
    for read in reads:
        try:
            done.append(read())
        except ReadError as error:
            wrong += error.all
            if len(wrong) >= LIMITS["problems"]:
                break  # more would not be reported
    if wrong:
        raise ReadError(wrong[0].place, wrong[0].message, tuple(wrong[1:]))
    return done


def listed(item: Kind, what: str, *, single: bool = False, least: int = 1) -> Kind:
    """A list of a kind; with `single`, one value alone is read as a list of one."""

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
    assert kind.value is not None
    return plain(values.positive(kind.value))


def or_no(kind: Kind, what: str, nothing: Any) -> Kind:
    """The same kind, or an unquoted `no`, which is read as `nothing`; a quoted one is an ordinary text."""

    def read(node: Node) -> Any:
        if isinstance(node, Scalar) and node.plain and values.is_no(node.text):
            return nothing
        try:
            return kind.read(node)
        except ReadError as wrong:
            raise (expected(node, what) if wrong.message.startswith("expected ") else wrong) from None

    return Kind(what, {"anyOf": [kind.schema, {"const": False}, values.words_schema(values.NO)]}, read)


def closest(word: str, names: Iterable[str]) -> str:
    """`; did you mean "x"?` if a name is similar, else the known names."""
    known = sorted(names)
    if close := suggestion(word, known):
        return close
    return f"; expected {among(known)}" if known else "; there are none here"
