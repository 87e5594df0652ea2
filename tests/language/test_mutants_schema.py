"""What an editor gets from the JSON Schema beyond yes or no: only keywords it knows, limits, and words to show."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

import jsonschema
import pytest

from voiceguide.language import grammar
from voiceguide.language.schema import schema

VALIDATOR = jsonschema.Draft202012Validator(schema())
SHOWN = {"title", "description", "$schema", "$defs"}


def _schemas(schema: Mapping[str, Any]) -> Iterator[Mapping[str, Any]]:
    """A schema and every schema in it."""
    yield schema
    for keyword, inner in schema.items():
        if keyword in ("$defs", "properties", "patternProperties"):
            for each in inner.values():
                yield from _schemas(each)
        elif keyword in ("anyOf", "oneOf", "allOf"):
            for each in inner:
                yield from _schemas(each)
        elif keyword in ("items", "not", "additionalProperties", "propertyNames") and isinstance(inner, Mapping):
            yield from _schemas(inner)


def _steps(**step: Any) -> dict[str, Any]:
    return {"title": "T", "options": {"a": {"about": "A"}}, "steps": [step]}


def _top(**keys: Any) -> dict[str, Any]:
    return {"title": "T", "steps": ["Hello"], **keys}


def test_every_keyword_is_one_of_json_schema() -> None:
    known = {*jsonschema.Draft202012Validator.VALIDATORS} | SHOWN
    assert {keyword for each in _schemas(schema()) for keyword in each} <= known


def test_every_table_of_keys_is_closed_and_described() -> None:
    tables = [each for each in _schemas(schema()) if "properties" in each and "title" in each]
    titles = {each["title"] for each in tables}
    assert titles >= {*grammar.VERBS, "cue", "option", "bed", "voice", "defaults", "voiceguide routine"}
    for each in tables:
        assert each["type"] == "object"
        assert each["additionalProperties"] is False
        for shown in (each, *each["properties"].values()):
            assert isinstance(shown["description"], str), each["title"]
            assert len(shown["description"]) > 5, each["title"]


@pytest.mark.parametrize(
    ("document", "good"),
    [
        (_steps(repeat=1000, steps=["Hi"]), True),
        (_steps(repeat=1001, steps=["Hi"]), False),
        (_steps(repeat=0, steps=["Hi"]), False),
        (_top(voice={"rate": 60, "pitch": 100}), True),
        (_top(voice={"rate": 59}), False),
        (_top(voice={"rate": 401}), False),
        (_top(voice={"pitch": 101}), False),
        (_top(bed={"sound": "brown", "level": 40}), True),
        (_top(bed={"sound": "brown", "level": 5}), False),
        (_top(bed={"sound": "brown", "level": 41}), False),
        (_steps(hold=30, countdown=10), True),
        (_steps(hold=30, countdown=11), False),
        (_steps(hold=0), False),
        (_steps(hold="0s"), False),
        (_steps(pause=0), True),
        (_steps(pause=-1), False),
    ],
)
def test_numbers_have_their_limits(document: dict[str, Any], good: bool) -> None:
    assert VALIDATOR.is_valid(document) is good


@pytest.mark.parametrize(
    ("document", "good"),
    [
        (_steps(hold="30s", cue=True), True),
        (_steps(hold="30s", countdown=False), True),
        (_steps(hold="30s", countdown=True), False),
        (_steps(breathe="3 breaths", cue=True), False),
        (_steps(sides=True, steps=["Hi"]), False),
        (_steps(say="Hi", brief=False), True),
        (_top(options={"a": {"about": "A", "default": True}}), True),
    ],
)
def test_a_boolean_only_where_yes_or_no_is_meant(document: dict[str, Any], good: bool) -> None:
    assert VALIDATOR.is_valid(document) is good


@pytest.mark.parametrize(
    ("cue", "good"),
    [
        ({"at": "5s", "say": "Hi"}, True),
        ({"at": "5s", "chime": "bell"}, True),
        ({"at": "5s", "say": "Hi", "chime": "bell"}, False),
        ({"at": "5s"}, False),
        ({"say": "Hi"}, False),
    ],
)
def test_a_cue_says_or_sounds(cue: dict[str, str], good: bool) -> None:
    assert VALIDATOR.is_valid(_steps(hold="30s", during=[cue])) is good
    assert not VALIDATOR.is_valid(_steps(hold="30s", during=cue))
