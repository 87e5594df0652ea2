"""The sides of a script in its own language → left and right: `sides: [links, rechts]`, `{links: 45s, rechts: 60s}`.

The document is changed before it is read, so nothing else has to know. left and right are understood in any language.
"""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache

from msgspec.structs import replace

from voiceguide.language import grammar as table
from voiceguide.language.document import Fields, Items, Node, Scalar
from voiceguide.language.kinds import Kind
from voiceguide.words import Words


def put_in_english(root: Fields, names: Mapping[str, str]) -> Fields:
    """The same script with left, right and tighter in place of their names, wherever a side can stand."""
    pairs = tuple((key, _walk(value, names) if key.text == "steps" else value) for key, value in root.pairs)
    return replace(root, pairs=pairs)


def explain(message: str, own: Words) -> str:
    """The same error message, with the names of the sides in the script's language."""
    left, right = own.sides["left"].name, own.sides["right"].name
    return message.replace("expected left or right", f"expected {left} or {right}, or left or right")


def _walk(node: Node, names: Mapping[str, str]) -> Node:
    if isinstance(node, Items):
        return replace(node, items=tuple(_walk(item, names) for item in node.items))
    if not isinstance(node, Fields):
        return node
    sided = _list_sided_keys()
    pairs = ((key, _put(value, names) if key.text in sided else _walk(value, names)) for key, value in node.pairs)
    return replace(node, pairs=tuple(pairs))


def _put(node: Node, names: Mapping[str, str]) -> Node:
    """A value that is a side, a list of sides, or a value for each side."""
    if isinstance(node, Items):
        return replace(node, items=tuple(_put(item, names) for item in node.items))
    if isinstance(node, Fields):
        return replace(node, pairs=tuple((_name(key, names), value) for key, value in node.pairs))
    return _name(node, names)


def _name(node: Scalar, names: Mapping[str, str]) -> Scalar:
    side = names.get(node.text.strip().casefold())
    return node if side is None else replace(node, text=side)


@cache
def _list_sided_keys() -> frozenset[str]:
    kinds = [(name, verb.value) for name, verb in table.VERBS.items()]
    for fields in (table.CONDITIONS, *(verb.modifiers for verb in table.VERBS.values())):
        kinds += [(key, field.kind) for key, field in fields.items()]
    return frozenset(key for key, kind in kinds if isinstance(kind, Kind) and kind.sided)
