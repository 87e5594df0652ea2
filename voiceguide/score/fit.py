"""Plan + a total → the plan with its holds and rests scaled so that the session lasts exactly that long. Pure.

All of them are scaled by one factor, each clamped to its own range, and so are pauses and gaps with a range in the
script; where no hold or rest can move, all pauses and gaps. Holds counted in breaths take whole breaths: the
combination that is nearest to that factor and lets the others absorb the remainder.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from typing import Any

from msgspec import Struct
from msgspec.structs import replace

from voiceguide import times
from voiceguide.errors import RequestError
from voiceguide.score.holds import find_reach
from voiceguide.score.items import Group, Item, Plan, Silence, Speech, Window
from voiceguide.times import Pattern

# Sums of whole breaths that the search keeps at each step. A realistic session has fewer.
MAX_SUMS = 2_000
MAX_COUNTS = 50  # numbers of breaths tried for one hold, around the one in proportion
# A script may have thousands of holds in breaths. Of these fewer numbers are tried for each, since a breath more in one
# of many makes up for one less in another; and then fewer sums are kept, so that each fit weighs about so many.
MAX_TRIED = 300  # numbers of breaths, over all holds
MAX_WEIGHED = 500_000  # combinations of a sum with a number of breaths
MIN_SUMS = 20


class OutOfReachError(RequestError):
    """The total can't be reached. `closest` is the plan that is nearest to it."""

    def __init__(self, message: str, closest: Plan) -> None:
        super().__init__(message)
        self.closest = closest


class _Group(Struct, frozen=True):
    """Windows, pauses or gaps that stay equal: `size` of them, each `ms` long, from `low` to `high` ms.

    They are counted in whole breaths of `unit`, if that is not None.
    """

    key: Group
    size: int
    ms: int
    low: int
    high: int
    unit: Pattern | None

    def scaled(self, scale: float) -> float:
        return min(max(self.ms * scale, self.low), self.high)


# One combination of whole breaths: how far from proportion it is, the last group's length in it, and the one before.
_Sum = tuple[float, int, Any]


def fit_to_total(base: Plan, plan: Plan, length: int, total: int) -> Plan:
    """Fit `plan`, which lasts `length` ms, to `total` ms.

    `base` is the same plan before any fitting; proportions and ranges are those of `base`. Raises OutOfReachError.
    """
    own = _find_groups(base)
    groups = _count_groups(own)
    moving = [group for group in groups if group.unit is None]
    counted = [group for group in groups if group.unit is not None]
    fixed = length - plan.tail - sum(_length(item) for item, group in zip(plan.items, own, strict=True) if group)
    room = total - fixed
    least = sum(group.size * group.low for group in moving)
    most = sum(group.size * group.high for group in moving)
    lengths, taken = _choose_breaths(counted, _find_scale(groups, room), room - most, room - least, _give(moving))
    left = min(max(room - taken, least), most)
    tail = _share_out(moving, left, lengths)
    items = tuple(
        _resize(item, lengths[group.key], group.ms) if group else item
        for item, group in zip(plan.items, own, strict=True)
    )
    done = replace(plan, items=items, tail=tail)
    if (nearest := fixed + taken + left) != total:
        shortest = fixed + sum(group.size * group.low for group in groups)
        longest = fixed + sum(group.size * group.high for group in groups)
        raise OutOfReachError(explain_miss(total, shortest, longest, nearest), done)
    return done


def explain_miss(total: int, shortest: int, longest: int, nearest: int) -> str:
    """The error message for a total that can't be reached, with the totals that can."""
    if shortest >= longest:
        return f"fit: nothing in this session can be made longer or shorter; it always lasts {times.short(shortest)}"
    if shortest <= total <= longest:
        whole = (
            f"fit: {times.short(total)} can't be met exactly, because holds counted in breaths move in whole breaths"
        )
        return f"{whole}; the nearest total that can is {times.short(nearest)}"
    reach = f"the shortest it can be is {times.short(shortest)}, the longest {times.short(longest)}"
    return f"fit: {times.short(total)} is out of reach; {reach}"


def _find_groups(plan: Plan) -> list[_Group | None]:
    """The group, of one, of each item of a plan; None if the item keeps its length."""
    found = [
        _group_window(item) if isinstance(item, Window) and item.kind in ("hold", "rest") else None
        for item in plan.items
    ]
    rigid = all(group is None or group.low == group.high for group in found)
    for at, item in enumerate(plan.items):
        if isinstance(item, (Speech, Silence)) and (rigid or item.low is not None or item.high is not None):
            ms = _length(item)
            low, high = find_reach(ms, item.low, item.high)
            # In proportion to nothing nothing grows.
            found[at] = _Group((item.where.place, ms, low, high), 1, ms, low, high, None) if ms else None
    return found


def _group_window(window: Window) -> _Group:
    low, high = window.low, window.high
    if window.unit is not None:
        low, high = _find_whole_range(window.unit, window.ms, low, high)
    return _Group(window.group, 1, window.ms, low, high, window.unit)


def _count_groups(own: Sequence[_Group | None]) -> list[_Group]:
    """The groups, each with its size."""
    sizes = Counter(group.key for group in own if group)
    groups = {group.key: group for group in own if group}
    return [replace(group, size=sizes[key]) for key, group in groups.items()]


def _length(item: Item) -> int:
    """The length of an item, or of the silence after its words."""
    if isinstance(item, Speech):
        return item.gap
    return item.ms if isinstance(item, (Silence, Window)) else 0


def _resize(item: Item, ms: int, before: int) -> Item:
    if isinstance(item, Speech):
        return replace(item, gap=ms)
    if isinstance(item, Window):
        return replace(item, ms=ms, lenient=item.lenient or ms != before)
    return replace(item, ms=ms) if isinstance(item, Silence) else item


def _find_whole_range(unit: Pattern, ms: int, low: int, high: int) -> tuple[int, int]:
    """The shortest and longest whole breaths inside a range, extended to include the length itself."""
    least = max(1, -(-(low + unit.hold_out) // unit.ms))
    most = (high + unit.hold_out) // unit.ms
    return min(ms, unit.lasting(least)), max(ms, unit.lasting(max(most, 1)))


def _find_scale(groups: Sequence[_Group], room: int) -> float:
    """The largest factor for which the groups take at most `room` ms."""
    low, high = 0.0, max((group.high / group.ms for group in groups), default=0.0) + 1.0
    plain = [(group.size, group.ms, group.low, group.high) for group in groups]
    for _ in range(80):
        middle = (low + high) / 2
        if sum(size * min(max(ms * middle, least), most) for size, ms, least, most in plain) <= room:
            low = middle
        else:
            high = middle
    return low


def _choose_breaths(
    counted: Sequence[_Group], scale: float, least: int, most: int, give: float = 0.0
) -> tuple[dict[Group, int], int]:
    """Whole breaths for each breath-counted group, and what they take up: between `least` and `most` ms if that can be.

    Of all such combinations the one nearest to proportion. `give` is how easily the other groups make up for them.
    """
    reach = max(1, min(MAX_COUNTS, MAX_TRIED // max(1, len(counted))) // 2)
    tried = [_weigh_lengths(group, group.scaled(scale), reach) for group in counted]
    most_sums = min(MAX_SUMS, max(MIN_SUMS, MAX_WEIGHED // max(1, sum(map(len, tried)))))
    sums: dict[int, _Sum] = {0: (0.0, 0, None)}
    aim, give = 0.0, give + _give(counted)
    for group, lengths_of_one in zip(counted, tried, strict=True):
        longer: dict[int, _Sum] = {}
        for taken, each in sums.items():
            so_far = each[0]
            for ms, all_ms, cost in lengths_of_one:
                now = taken + all_ms
                if now not in longer or so_far + cost < longer[now][0]:
                    longer[now] = (so_far + cost, ms, each)
        aim += group.size * group.scaled(scale)
        give -= _give([group])
        sums = _keep_best(longer, most_sums, aim, give)
    taken = min(sums, key=lambda each: (max(least - each, each - most, 0), sums[each][0]))
    lengths: dict[Group, int] = {}
    last = sums[taken]
    for group in reversed(counted):
        _, lengths[group.key], last = last
    return lengths, taken


def _give(groups: Sequence[_Group]) -> float:
    """How easily groups move: to be together `d` ms away from proportion costs them d² / give at the least."""
    return float(sum(group.size * group.ms**2 for group in groups))


def _weigh_lengths(group: _Group, ideal: float, reach: int) -> list[tuple[int, int, float]]:
    """Lengths in whole breaths to try: those around the one in proportion, and both ends of the range.

    Each with what the whole group then takes up, and how far it is from proportion.
    """
    assert group.unit is not None
    around, unit = group.unit.lasting(group.unit.nearest(int(ideal))), group.unit.ms
    tried = (around + step * unit for step in range(-reach, reach + 1))
    found = sorted({group.low, group.high, *(ms for ms in tried if group.low <= ms <= group.high)})
    return [(ms, group.size * ms, group.size * ((ms - ideal) / group.ms) ** 2) for ms in found]


def _keep_best(sums: dict[int, _Sum], most: int, aim: float, give: float) -> dict[int, _Sum]:
    """The sums that come nearest to proportion, and both ends, which tell how far fitting can go.

    What a sum is away from `aim`, the sum in proportion, the groups that follow have to make up for.
    """
    if len(sums) <= most:
        return sums
    give = max(give, 1.0)
    costs = {taken: each[0] + (taken - aim) ** 2 / give for taken, each in sums.items()}
    kept = sorted(costs, key=costs.__getitem__)[:most]
    return {each: sums[each] for each in (*kept, min(sums), max(sums))}


def _share_out(moving: Sequence[_Group], room: int, lengths: dict[Group, int]) -> int:
    """Distribute `room` ms among the groups, equally within each. Returns the remainder in ms."""
    scale = _find_scale(moving, room)
    for group in moving:
        lengths[group.key] = int(group.scaled(scale))
    left = room - sum(group.size * lengths[group.key] for group in moving)
    changed = True
    while changed:
        changed = False
        for group in moving:
            if group.size <= left and lengths[group.key] < group.high:
                lengths[group.key] += 1
                left -= group.size
                changed = True
    return left
