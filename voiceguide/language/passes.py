"""The loops around a step: which passes of `sides` and `repeat` it is in, as far as the script says."""

from __future__ import annotations

from typing import Any

from msgspec import Struct
from msgspec.structs import replace

from voiceguide.language import values
from voiceguide.language.document import Fields
from voiceguide.language.kinds import Kind, ReadError


class Passes(Struct, frozen=True):
    """The passes of one loop: its verb, how many there are, and the first and last that the steps here are heard in.

    They are not `known` if the script's own value is invalid, which is reported elsewhere; then everything is allowed.
    """

    verb: str
    count: int
    first: int
    last: int
    known: bool = True


class Around(Struct, frozen=True):
    """The loops around a step: the passes of the innermost one, those of the innermost `repeat`, and all sides.

    `names` are the placeholders that each `as` makes.
    """

    passes: Passes | None = None
    rounds: Passes | None = None
    sides: frozenset[str] = frozenset()
    names: frozenset[str] = frozenset()

    def enter(self, verb: str, node: Fields) -> Around:
        """The same inside a `sides` or `repeat`."""
        if verb == "repeat":
            count, known = _read(node, "repeat", values.ROUNDS, 1)
            called, _ = _read(node, "as", values.AS, None)
            rounds = Passes(verb, count, 1, count, known)
            names = self.names | {called, f"{called}s"} if called else self.names
            return replace(self, passes=rounds, rounds=rounds, names=names)
        sides, known = _read(node, "sides", values.SIDES, values.SIDES_BOTH)
        (more, fewer), known_too = _read(node, "ratio", values.RATIO, (1, 1)) if len(sides) > 1 else ((1, 1), True)
        count = len(sides) * fewer + more - fewer
        every = frozenset((*sides, "tighter") if more > fewer else sides)
        return replace(self, passes=Passes(verb, count, 1, count, known and known_too), sides=every)

    def enter_part(self, key: str) -> Around:
        """The same inside a list of the loop: `between` is never in the last round, `switch` never in the first."""
        if self.passes is None or key not in ("between", "switch"):
            return self
        if key == "switch":
            return replace(self, passes=replace(self.passes, first=2))
        part = replace(self.passes, last=self.passes.count - 1)
        return replace(self, passes=part, rounds=part)

    def explain_never(self, on: tuple[int | str, ...]) -> str | None:
        """Why one of these passes is never heard here; None if each is."""
        return next(filter(None, map(self._explain, on)), None)

    def _explain(self, name: int | str) -> str | None:
        passes = self.passes
        if passes is not None and not passes.known:
            return None
        if name in (*values.SIDES_BOTH, "tighter"):
            if not self.sides:
                return f"{name} has no meaning here; it needs `sides` around it"
            if name in self.sides:
                return None
            if name == "tighter":
                return "there is no tighter pass here; `ratio: 2:1` of the sides around it makes one"
            return f"{name} is never heard here; the sides around it are {' and '.join(sorted(self.sides))}"
        if passes is None:
            return f"{name} has no meaning here; it needs `sides` or `repeat` around it"
        number = {"first": 1, "last": passes.count, "again": max(2, passes.first)}.get(str(name), name)
        if isinstance(number, int) and passes.first <= number <= passes.last:
            return None
        if passes.first > 1 and number == 1:
            return f"{name} is never heard here; `switch` comes before each side but the first"
        if passes.last < passes.count and number == passes.count:
            return f"{name} is never heard here; `between` comes after each round but the last"
        what = "pass" if passes.verb == "sides" else "round"
        return f"{name} is never heard here; there {_count(passes.count, what)}"

    def explain_values(self, found: int) -> str | None:
        """Why a list of so many values, one for each round, can't stand here; None if it can."""
        rounds = self.rounds
        if rounds is None:
            return "a list has a value for each round, so it needs `repeat` around it"
        expected = rounds.last - rounds.first + 1
        if found == expected or not rounds.known:
            return None
        what = "one for each round" if rounds.last == rounds.count else "one for each time that `between` comes"
        return f"expected {expected} {'value' if expected == 1 else 'values'}, {what}, found {found}"


def _count(count: int, what: str) -> str:
    return f"is one {what}" if count == 1 else f"are {count} {what}{'es' if what == 'pass' else 's'}"


def _read(node: Fields, key: str, kind: Kind, default: Any) -> tuple[Any, bool]:
    """The value of a key, or the default; and whether that is known, which it is not if the value is invalid."""
    value = next((value for name, value in node.pairs if name.text == key), None)
    try:
        return (default, True) if value is None else (kind.read(value), True)
    except ReadError:
        return default, False
