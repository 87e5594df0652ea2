"""The kinds of value that a routine's keys take: how each is read, what an error says, and its JSON Schema.

A kind reads one node of the document and raises `Wrong` where it can't; whoever reads the key puts the key's name in
front and goes on to the next key, so that all errors of a file are found in one reading.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, replace
from typing import Any

from voiceguide import times
from voiceguide.errors import Place, suggestion
from voiceguide.routine.document import Fields, Items, Node, Scalar
from voiceguide.routine.model import SideLengths
from voiceguide.routine.wording import trouble

Schema = Mapping[str, Any]


class Wrong(Exception):
    """A value that can't be read: where, and the rest of the sentence after its key."""

    def __init__(self, place: Place, message: str) -> None:
        super().__init__(message)
        self.place = place
        self.message = message


@dataclass(frozen=True)
class Kind:
    """A kind of value. `read` gives the value or raises Wrong; `schema` says the same to an editor."""

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
    text = " ".join(node.text.split())
    return f'found "{text if len(text) <= 60 else text[:57] + "..."}"'


def expected(node: Node, what: str) -> Wrong:
    """`expected a duration such as "45s", found "1:3o"`."""
    return Wrong(node.place, f"expected {what}, {found(node)}")


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
    """One of a few words; `extra` gives further spellings of them."""
    known = {choice: choice for choice in choices} | dict(extra or {})

    def read(text: str) -> str:
        word = text.strip().casefold()
        if word not in known:
            raise ValueError(what + suggestion(word, choices).replace(";", ",", 1).replace("?", ""))
        return known[word]

    # YAML readers of the older kind turn on/off/yes/no into booleans, so an editor may see either.
    allowed: list[Any] = list(known)
    if extra:
        allowed += [True, False]
    return scalar(what, read, {"enum": allowed})


def integer(what: str, low: int, high: int) -> Kind:
    """A whole number in a range."""

    def read(text: str) -> int:
        plain = text.strip()
        if not re.fullmatch(r"[0-9]{1,9}", plain) or not low <= int(plain) <= high:
            raise ValueError(what)
        return int(plain)

    return scalar(what, read, {"type": "integer", "minimum": low, "maximum": high})


def listed(item: Kind, what: str, *, single: bool = False, least: int = 1) -> Kind:
    """A list of a kind; with `single`, one alone stands for a list of one."""

    def read(node: Node) -> tuple[Any, ...]:
        if single and isinstance(node, Scalar):
            return (item.read(node),)
        if not isinstance(node, Items) or len(node.items) < least:
            raise expected(node, what)
        return tuple(item.read(each) for each in node.items)

    schema: Schema = {"type": "array", "items": item.schema, "minItems": least}
    return Kind(what, {"anyOf": [item.schema, schema]} if single else schema, read)


def _spoken(node: Node) -> str:
    if not isinstance(node, Scalar):
        raise expected(node, "words to say")
    if problem := trouble(node.text):
        piece, message = problem
        raise Wrong(_inside(node.place, piece), message)
    return node.text


def _inside(place: Place, piece: str) -> Place:
    """The place of a piece of a text, where it stands on the text's first line."""
    at = place.snippet.find(piece, place.column - 1) if piece else -1
    return replace(place, column=at + 1) if at >= 0 else place


def _words(text: str) -> str:
    if not text.strip():
        raise ValueError("a text")
    return " ".join(text.split())


def _flag(text: str) -> bool:
    return _FLAGS[text] == "yes"


def _name(text: str) -> str:
    plain = text.strip()
    if not re.fullmatch(r"[^\W_][\w.-]*", plain):
        raise ValueError('a name of letters, digits and hyphens, such as "deeper"')
    return plain


def _hold(node: Node) -> times.Length | SideLengths:
    if not isinstance(node, Fields):
        return positive(LENGTH).read(node)  # type: ignore[no-any-return]
    lengths = {key.text: positive(LENGTH).read(value) for key, value in node.pairs}
    if sorted(lengths) != ["left", "right"] or len(node.pairs) != 2:
        raise Wrong(node.place, "expected a length for each side, such as {left: 45s, right: 60s}")
    return SideLengths(lengths["left"], lengths["right"])


def positive(kind: Kind) -> Kind:
    """The same kind, without zero."""

    def read(node: Node) -> Any:
        value = kind.read(node)
        if value == 0:
            raise Wrong(node.place, f"expected {kind.expected}, longer than nothing, {found(node)}")
        return value

    return replace(kind, read=read)


def orno(kind: Kind, what: str, nothing: Any) -> Kind:
    """The kind, or `no`, which reads as `nothing`."""

    def read(node: Node) -> Any:
        if isinstance(node, Scalar) and node.plain and _FLAGS.get(node.text.strip().casefold()) == "no":
            return nothing
        try:
            return kind.read(node)
        except Wrong as wrong:
            raise (expected(node, what) if wrong.message.startswith("expected ") else wrong) from None

    return Kind(what, {"anyOf": [kind.schema, {"enum": [False, "no", "off", "false"]}]}, read)


def fraction_of_one(text: str) -> float:
    if not re.fullmatch(r"0?\.[0-9]{1,4}|1(\.0{1,4})?", text.strip()) or not float(text):
        raise ValueError("a number above 0 and up to 1, such as 0.8")
    return float(text)


def _language(text: str) -> str:
    plain = text.strip().replace("_", "-")
    if not re.fullmatch(r"[A-Za-z]{2,3}(-[A-Za-z0-9]{2,8})*", plain):
        raise ValueError('a language tag such as "en-US"')
    return plain


def _ratio(text: str) -> tuple[int, int]:
    match = re.fullmatch(r"([1-5])\s*:\s*([1-5])", text.strip())
    if not match or int(match[1]) < int(match[2]):
        raise ValueError('a ratio of rounds such as "2:1", the tighter side first, up to 5')
    return int(match[1]), int(match[2])


def _times_schema(*more: str) -> Schema:
    """A duration is a number of seconds or a text; `more` are regular expressions of further texts."""
    number = r"([0-9]+(\.[0-9]+)?|\.[0-9]+)"
    units = "([mM][sS]|[a-zA-Z]+)"
    plain = rf"{number}|[0-9]+:[0-5][0-9](\.[0-9]+)?|({number}\s*{units}\s*)+"
    pattern = "|".join([plain, *more])
    return {"anyOf": [{"type": "number", "minimum": 0}, {"type": "string", "pattern": rf"^\s*({pattern})\s*$"}]}


_FLAGS = {
    **dict.fromkeys(("yes", "true", "on"), "yes"),
    **dict.fromkeys(("no", "false", "off"), "no"),
}
_BREATHS = r"[0-9]+\s*[bB]reaths?"

TEXT = Kind("words to say", {"type": "string", "minLength": 1}, _spoken)
WORDS = scalar("a text", _words, {"type": ["string", "number"]})
NAME = scalar("a name", _name, {"type": ["string", "number"]})
# `no` can be a name's text in an old YAML reader's eyes, but never here: names are read as they stand.
NAMES = listed(NAME, "a name, or a list of names", single=True)
TAGS = listed(WORDS, "a list of words such as [hips, floor]", single=True)
FLAG = Kind(
    "yes or no",
    {"enum": [True, False, *_FLAGS]},
    lambda node: _flag(either("yes or no", *_FLAGS).read(node)),
)
DURATION = scalar(times.DURATION, times.duration, _times_schema())
LENGTH = scalar(times.LENGTH, times.length, _times_schema(_BREATHS))
SIDE_LENGTH: Schema = {
    "type": "object",
    "properties": {"left": LENGTH.schema, "right": LENGTH.schema},
    "required": ["left", "right"],
    "additionalProperties": False,
}
HOLD = Kind(times.LENGTH, {"anyOf": [LENGTH.schema, SIDE_LENGTH]}, _hold)
MOMENT = scalar(times.MOMENT, times.moment, _times_schema(r"half", r"-.*", r"[0-9]+(\.[0-9]+)?\s*%"))
PATTERN = scalar(times.PATTERN, times.pattern, {"type": "string"})
COUNTDOWN = orno(integer("a number from 1 to 10", 1, 10), "a number of seconds from 1 to 10, or no", 0)
CUE = either(
    "chimes, voice, both or none",
    *("chimes", "voice", "both", "none"),
    extra={word: {"yes": "chimes", "no": "none"}[flag] for word, flag in _FLAGS.items()},
)
BREATH_CUE = either("voice, tone or both", "voice", "tone", "both")
BRIEF = orno(TEXT, "other words, or no", None)
RATE = integer("words a minute, a whole number from 60 to 400", 60, 400)
PITCH = integer("a whole number from 0 to 100", 0, 100)
VOLUME = scalar("a number above 0 and up to 1, such as 0.8", fraction_of_one, {"type": "number", "maximum": 1})
LANGUAGE = scalar('a language tag such as "en-US"', _language, {"type": "string"})
SIDE = either("left or right", "left", "right")
RATIO = scalar('a ratio such as "2:1"', _ratio, {"type": "string", "pattern": r"^\s*[1-5]\s*:\s*[1-5]\s*$"})
ROUNDS = integer("a number of rounds from 1 to 1000", 1, 1000)


def sides(node: Node) -> tuple[str, ...]:
    """`[left, right]`, in either order, or one of them."""
    chosen: tuple[str, ...] = listed(SIDE, "the sides, such as [left, right]", single=True).read(node)
    if len(set(chosen)) != len(chosen):
        raise (
            expected(node, "each side once, such as [left, right]")
            if isinstance(node, Scalar)
            else Wrong(node.place, "expected each side once; `ratio: 2:1` repeats the tighter one")
        )
    return chosen


SIDES = Kind(
    "the sides, such as [left, right]",
    {"anyOf": [SIDE.schema, {"type": "array", "items": SIDE.schema, "minItems": 1, "uniqueItems": True}]},
    sides,
)


def pronunciations(node: Node) -> dict[str, str]:
    """`word: how to say it`, each word once."""
    if not isinstance(node, Fields):
        raise expected(node, "words and how to say them, such as {psoas: so az}")
    sayings: dict[str, str] = {}
    for key, value in node.pairs:
        if key.text.casefold() in map(str.casefold, sayings):
            raise Wrong(key.place, f'"{key.text}" stands here twice')
        if not any(char.isalnum() for char in key.text):
            raise expected(key, "a word")
        sayings[key.text] = " ".join(TEXT.read(value).split())
    return sayings


PRONOUNCE = Kind(
    "words and how to say them",
    {"type": "object", "additionalProperties": {"type": ["string", "number"]}},
    pronunciations,
)


def closest(word: str, names: Iterable[str]) -> str:
    """`; did you mean "x"?` where a name is close, else the names there are."""
    known = sorted(names)
    if close := suggestion(word, known):
        return close
    return f"; expected one of {', '.join(known)}" if known else "; there are none here"
