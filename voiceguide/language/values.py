"""The kinds of value of a routine's keys: words, names, lengths, moments, breaths, sides.

The grammar of those that a listener can also choose is in `voiceguide.values`; the others are only in scripts.
"""

from __future__ import annotations

import re
from functools import partial
from typing import Any

from msgspec.structs import replace

from voiceguide import times, values
from voiceguide.errors import quoted
from voiceguide.language.document import Fields, Items, Node, Scalar
from voiceguide.language.kinds import Kind, ReadError, each, expected, listed, or_no, plain, positive, scalar
from voiceguide.routine import templates
from voiceguide.routine.model import ByRound, SideLengths
from voiceguide.texts.silences import list_silences, show_brackets
from voiceguide.values import Schema, Value

MAX_LINE = 2_000  # characters of a title, and of other texts that are shown or written to the track's tags
MAX_PRONOUNCED = 60  # characters of a word, or of a few words, that has a pronunciation
MAX_PRONUNCIATION = 200  # characters; it replaces every occurrence of its word

SIDES_BOTH = values.SIDES
PASSES = ("first", "last", "again", *SIDES_BOTH, "tighter")


def _spoken(node: Node) -> str:
    if not isinstance(node, Scalar):
        raise expected(node, "words to say")
    if problem := templates.find_problem(node.text):
        span, message = problem
        raise ReadError(node.place_of(*span), message)
    return node.text


def _words(text: str) -> str:
    if not text.strip():
        raise ValueError("a text")
    if len(text) > MAX_LINE:
        raise ValueError(f"a text of at most {MAX_LINE:,} characters")
    return " ".join(text.split())


def _placeholder(text: str) -> str:
    plain = text.strip()
    if not re.fullmatch(r"[^\W\d_][\w-]{0,29}", plain):
        raise ValueError
    if taken := {plain, f"{plain}s"} & templates.NAMES.keys():
        raise ValueError(f"a name of its own, because {{{min(taken)}}} is {templates.NAMES[min(taken)]}")
    return plain


def _name(text: str) -> str:
    plain = text.strip()
    if not re.fullmatch(r"[^\W_][\w.-]*", plain):
        raise ValueError('a name of letters, digits and hyphens, such as "deeper"')
    return plain


def is_length(text: str) -> bool:
    """Whether a text is a duration or a number of breaths."""
    try:
        times.length(text)
    except ValueError:
        return False
    return True


def by_round(kind: Kind) -> Kind:
    """The same kind, or a list of it: a value for each round of the `repeat` around it."""

    def read(node: Node) -> Any:
        if not isinstance(node, Items):
            return kind.read(node)
        if not node.items:
            raise ReadError(node.place, "expected a value for each round, found an empty list")
        return ByRound(tuple(each(partial(kind.read, item) for item in node.items)))

    schema: Schema = {"anyOf": [kind.schema, {"type": "array", "items": kind.schema, "minItems": 1}]}
    return Kind(kind.expected, schema, read)


def by_side(kind: Kind, example: str) -> Kind:
    """The same kind, or a value of it for each side, or one for each round."""

    def read(node: Node) -> Any:
        if not isinstance(node, Fields):
            return rounds.read(node)
        if sorted(key.text for key, _ in node.pairs) != ["left", "right"]:
            raise ReadError(node.place, f"expected {example}")
        by_key = sorted(node.pairs, key=lambda pair: pair[0].text)
        return SideLengths(*each(partial(kind.read, value) for _, value in by_key))

    rounds = by_round(kind)
    sides: Schema = {
        "type": "object",
        "properties": {"left": kind.schema, "right": kind.schema},
        "required": ["left", "right"],
        "additionalProperties": False,
    }
    return Kind(kind.expected, {"anyOf": [rounds.schema, sides]}, read, sided=True)


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


def _pass(text: str) -> int | str:
    word = text.strip().casefold()
    if word in PASSES:
        return word
    try:
        return values.ROUNDS.read(text)
    except ValueError:
        raise ValueError from None


# An editor's YAML parser may read a plain word as a number or a boolean; the reader here always reads text.
_PLAIN: Schema = {"type": ["string", "number", "boolean"], "minLength": 1}

TEXT = Kind("words to say", _PLAIN, _spoken)
WORDS = scalar("a text", _words, _PLAIN)
NAME = scalar("a name", _name, _PLAIN)
NAMES = listed(NAME, "a name, or a list of names", single=True)
TAGS = listed(WORDS, "a list of words such as [hips, floor]", single=True)
FLAG = plain(values.FLAG)
DURATION = plain(values.DURATION)
LENGTH = plain(values.LENGTH)
_POSITIVE = positive(LENGTH)
_LENGTH_SCHEMA = _POSITIVE.schema
PAUSES = by_round(DURATION)
ROUND_LENGTHS = by_round(_POSITIVE)
HOLD = by_side(_POSITIVE, "a length for each side, such as {left: 45s, right: 60s}")
COUNT = plain(values.REPS)
REPS = by_side(COUNT, "a number for each side, such as {left: 8, right: 10}")
TEMPO = plain(values.TEMPO)
COUNTING = plain(values.COUNTING)
MOMENT = plain(values.MOMENT)
EVERY = plain(values.EVERY)
PATTERN = plain(values.PATTERN)
COUNTDOWN = plain(values.COUNTDOWN)
CUE = plain(values.CUE)
EDGE = plain(values.EDGE)
BREATH_CUE = plain(values.BREATH_CUE)
BRIEF = or_no(TEXT, "other words, or no", None)
AS = scalar('a name such as "set", for {set} and {sets} in texts', _placeholder, _PLAIN)
ON = replace(
    listed(
        plain(
            Value(
                f"{', '.join(PASSES)}, or the number of a pass",
                _pass,
                {"anyOf": [values.words_schema(PASSES), values.ROUNDS.schema]},
                PASSES,
            )
        ),
        "a pass such as first, or a list of passes",
        single=True,
    ),
    sided=True,
)
PACE = plain(values.PACE)
PART_GUIDE = plain(values.PART_GUIDE)
RATE = plain(values.RATE)
BED_LEVEL = plain(values.BED_LEVEL)
PITCH = plain(values.PITCH)
VOLUME = plain(values.VOLUME)
# Norwegian is `no`.
LANGUAGE = scalar('a language tag such as "en-US"', _language, {"anyOf": [{"type": "string"}, {"const": False}]})
SIDE = plain(values.SIDE)
# YAML 1.1 parsers read 2:1 as 121.
_RATIO_SCHEMA: Schema = {
    "anyOf": [
        {"type": "integer", "minimum": 61, "maximum": 305},
        {"type": "string", "pattern": r"^\s*[1-5]\s*:\s*[1-5]\s*$"},
    ]
}
RATIO = scalar('a ratio such as "2:1"', _ratio, _RATIO_SCHEMA)
ROUNDS = plain(values.ROUNDS)


def sides(node: Node) -> tuple[str, ...]:
    """Read `[left, right]`, in either order, or one of them."""
    if isinstance(node, Scalar) and "," in node.text:
        raise expected(node, "the sides in brackets, such as [left, right]")
    chosen: tuple[str, ...] = listed(SIDE, "the sides, such as [left, right]", single=True).read(node)
    if len(set(chosen)) != len(chosen):
        raise (
            expected(node, "each side once, such as [left, right]")
            if isinstance(node, Scalar)
            else ReadError(node.place, "expected each side once; `ratio: 2:1` repeats the tighter one")
        )
    return chosen


SIDES = Kind(
    "the sides, such as [left, right]",
    {"anyOf": [SIDE.schema, {"type": "array", "items": SIDE.schema, "minItems": 1, "uniqueItems": True}]},
    sides,
    sided=True,
)


def pronunciations(node: Node) -> dict[str, str]:
    """Read `word: how to say it`, each word once."""
    if not isinstance(node, Fields):
        raise expected(node, "words and how to say them, such as {psoas: so az}")
    seen: set[str] = set()

    def pronunciation(key: Scalar, value: Node) -> tuple[str, str]:
        word = " ".join(key.text.split())
        same = word if word.isupper() else word.casefold()
        if same in seen:
            raise ReadError(key.place, f"{quoted(word)} appears twice; keep one")
        seen.add(same)
        if not any(char.isalnum() for char in word):
            raise expected(key, "a word")
        if len(word) > MAX_PRONOUNCED:
            raise expected(key, f"a word of at most {MAX_PRONOUNCED} characters")
        spoken = " ".join(TEXT.read(value).split())
        if wrong := templates.find_unknown(spoken) or templates.find_formless(spoken, ()):
            raise ReadError(value.place, wrong[1])
        if list_silences(spoken):
            raise ReadError(value.place, "a pronunciation has no silence inside; write it in the texts")
        spoken = show_brackets(spoken)
        if len(spoken) > MAX_PRONUNCIATION:
            raise expected(value, f"a pronunciation of at most {MAX_PRONUNCIATION} characters")
        return word, spoken

    return dict(each(partial(pronunciation, key, value) for key, value in node.pairs))


PRONOUNCE = Kind(
    "words and how to say them",
    {"type": "object", "additionalProperties": _PLAIN},
    pronunciations,
)
