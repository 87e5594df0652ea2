"""The grammar's tables as JSON Schema, so that an editor can complete and check scripts."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from typing import Any

from voiceguide.language import grammar as table
from voiceguide.language import values
from voiceguide.language.grammar import Part
from voiceguide.language.kinds import Kind
from voiceguide.values import any_case
from voiceguide.words import list_tags, load_words

DIALECT = "https://json-schema.org/draft/2020-12/schema"


def schema() -> dict[str, Any]:
    """The JSON Schema (draft 2020-12) of a routine."""
    verbs = [
        _object(
            {name: table.Field(verb.value, verb.about, required=True), **verb.modifiers, **table.CONDITIONS},
            title=name,
            about=verb.about,
        )
        for name, verb in table.VERBS.items()
    ]
    step = {"anyOf": [{"type": "string", "minLength": 1, "description": "words to say"}, *verbs]}
    cue = _object({**table.CUE, **table.CONDITIONS}, title="cue", about="something at a moment inside a hold")
    recurring = _object({**table.RECURRING, **table.CONDITIONS}, title="recurring", about="something that comes back")
    edge = _object(table.EDGE, title="edge", about="a sound where a hold begins or ends")
    for each in (cue, recurring):
        each["oneOf"] = [{"required": ["say"]}, {"required": ["chime"]}]
    return {
        "$schema": DIALECT,
        **_object(table.TOP, title="voiceguide routine", about="a stretching routine"),
        "$defs": {
            "step": step,
            "steps": {"type": "array", "items": {"$ref": "#/$defs/step"}, "minItems": 1},
            "during": {"type": "array", "items": {"anyOf": [cue, recurring]}},
            "edge": edge,
            "option": _object(table.OPTION, title="option", about="a part that a listener can turn on or off"),
            "bed": _object(table.BED, title="bed", about="the sound under the session"),
            "sounds": _object(table.SOUNDS, title="sounds", about="sounds of its own"),
            "voice": _object(table.VOICE, title="voice", about="the voice and its settings"),
            "defaults": _object(table.DEFAULTS, title="defaults", about="the defaults for all steps"),
        },
    }


_PARTS: Mapping[Part, dict[str, Any]] = {
    Part.STEPS: {"$ref": "#/$defs/steps"},
    Part.DURING: {"$ref": "#/$defs/during"},
    Part.SOUND: {"type": "string", "minLength": 1},
    Part.EDGE: {"anyOf": [values.TEXT.schema, {"$ref": "#/$defs/edge"}]},
    Part.TEXTS: {"anyOf": [values.TEXT.schema, {"type": "array", "items": values.TEXT.schema, "minItems": 1}]},
    Part.INCLUDE: {"type": "string", "minLength": 1},
    Part.OPTIONS: {"type": "object", "additionalProperties": {"$ref": "#/$defs/option"}},
    Part.SOUNDS: {"$ref": "#/$defs/sounds"},
    Part.VOICE: {"$ref": "#/$defs/voice"},
    Part.DEFAULTS: {"$ref": "#/$defs/defaults"},
    Part.BED: {"anyOf": [{"type": "string", "minLength": 1}, {"$ref": "#/$defs/bed"}]},
    Part.BED_SOUND: {"type": "string", "minLength": 1},
}


def _object(fields: table.Fields, *, title: str, about: str) -> dict[str, Any]:
    return {
        "title": title,
        "description": about,
        "type": "object",
        "properties": {name: {**_value(field.kind), "description": field.about} for name, field in fields.items()},
        "required": [name for name, field in fields.items() if field.required],
        "additionalProperties": False,
    }


def _value(kind: Kind | Part) -> dict[str, Any]:
    if isinstance(kind, Part):
        return dict(_PARTS[kind])
    return _name_sides(kind.schema) if kind.sided else dict(kind.schema)


def _name_sides(schema: Any) -> Any:
    """The same schema with the names of the sides in every language: an editor can't know which one a script is in."""
    if isinstance(schema, list):
        return [_name_sides(each) for each in schema]
    if not isinstance(schema, Mapping):
        return schema
    done = {key: _name_sides(each) for key, each in schema.items()}
    if "pattern" in done:
        for side, names in _list_names().items():
            done["pattern"] = done["pattern"].replace(any_case([side]), any_case(names))
    if sided := done.get("properties"):
        named = {f"^({'|'.join(_list_names()[side])})$": each for side, each in sided.items()}
        del done["properties"], done["required"]
        done |= {"patternProperties": named, "minProperties": len(sided), "maxProperties": len(sided)}
    return done


@cache
def _list_names() -> dict[str, list[str]]:
    """Every name of left, right and tighter, in all languages."""
    known = [load_words(tag).side_names for tag in list_tags()]
    sides = ("left", "right", "tighter")
    return {side: sorted({name for names in known for name, of in names.items() if of == side}) for side in sides}
