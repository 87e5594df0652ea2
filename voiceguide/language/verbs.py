"""The verb of a step: the one key that says what it is."""

from __future__ import annotations

from voiceguide.errors import nearest, quoted
from voiceguide.language import grammar as table
from voiceguide.language.document import Fields, Scalar
from voiceguide.language.kinds import ReadError, closest

MAX_LOOKED_AT = 20  # keys of a step without a verb that are compared with the verbs


def find_verb(node: Fields) -> Scalar:
    """The key that is the step's verb. Raises ReadError if it has none, or several."""
    verbs = [key for key, _ in node.pairs if key.text in table.VERBS]
    names = list(dict.fromkeys(key.text for key in verbs))
    # A verb may modify another: the `hold` of an `include`, the `rest` of `sides`.
    owned = {key for name in names for key in table.VERBS[name].modifiers}
    names = [name for name in names if name not in owned]
    if len(names) > 1:
        second = next(key for key in verbs if key.text == names[1])
        message = f"a step has one verb, found {' and '.join(names)}; write them as separate steps"
        raise ReadError(second.place, message)
    if not names:
        raise _explain_none(node)
    return next(key for key in verbs if key.text == names[0])


def _explain_none(node: Fields) -> ReadError:
    first = node.pairs[0][0] if node.pairs else None
    every = {*table.VERBS, *table.CONDITIONS}
    wrong = [key for key, _ in node.pairs if key.text not in table.CONDITIONS]
    unknown = next((key for key in wrong[:MAX_LOOKED_AT] if nearest(key.text, sorted(every))), first)
    modifiers = {key for verb in table.VERBS.values() for key in verb.modifiers} | {*table.CONDITIONS}
    if unknown is None or unknown.text in modifiers:
        return ReadError(node.place, f"a step needs a verb, one of {', '.join(table.VERBS)}; found none")
    return ReadError(unknown.place, f"{quoted(unknown.text)} is not a verb{closest(unknown.text, table.VERBS)}")
