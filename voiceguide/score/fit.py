"""Plan + a total → the plan with its holds and rests moved so that the session lasts exactly that. Pure.

All of them stretch or shrink by one factor, each stopped at the ends of its own range: the water level that fills
vessels of different heights. Breath-counted holds then take whole breaths, and what that leaves goes to the others.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from voiceguide import times
from voiceguide.errors import RequestError
from voiceguide.score.plan import Item, Plan, Window
from voiceguide.times import Pattern

GroupKey = tuple[int, int]


@dataclass
class _Group:
    """Windows that stay equal: `size` of them, each `ms` long, between `low` and `high`, whole breaths of `unit`."""

    key: GroupKey
    size: int
    ms: int
    low: int
    high: int
    unit: Pattern | None

    def at(self, scale: float) -> float:
        return min(max(self.ms * scale, self.low), self.high)


def fitted(base: Plan, plan: Plan, length: int, total: int) -> Plan:
    """`plan`, which lasts `length` ms as it is, made to last `total` ms.

    `base` is the same plan before any fitting: proportions are always taken from it.

    Raises RequestError with the shortest and the longest total there can be, or the nearest where only whole breaths
    can move.
    """
    groups = _groups(base)
    fixed = length - plan.tail - sum(item.ms for item in plan.items if isinstance(item, Window) and _moves(item))
    shortest = fixed + sum(group.size * group.low for group in groups)
    longest = fixed + sum(group.size * group.high for group in groups)
    if not shortest <= total <= longest:
        raise RequestError(_out_of_reach(total, shortest, longest))
    room = total - fixed
    moving = [group for group in groups if group.unit is None]
    counted = [group for group in groups if group.unit is not None]
    lengths = _breaths(counted, moving, room)
    left = room - sum(group.size * lengths[group.key] for group in counted)
    if not sum(group.size * group.low for group in moving) <= left <= sum(group.size * group.high for group in moving):
        nearest = (
            total
            - left
            + min(
                max(left, sum(group.size * group.low for group in moving)),
                sum(group.size * group.high for group in moving),
            )
        )
        raise RequestError(
            f"fit: {times.short(total)} can't be met exactly, because holds counted in breaths move in whole breaths; "
            f"the nearest total is {times.short(nearest)}"
        )
    tail = _share_out(moving, left, lengths)
    items = tuple(
        replace(item, ms=lengths[item.group], lenient=item.lenient or lengths[item.group] != item.group[1])
        if isinstance(item, Window) and _moves(item)
        else item
        for item in plan.items
    )
    return replace(plan, items=items, tail=tail)


def _out_of_reach(total: int, shortest: int, longest: int) -> str:
    # To the second, and inwards: what is named here must itself be possible.
    least, most = -(-shortest // times.SECOND) * times.SECOND, longest // times.SECOND * times.SECOND
    if least >= most:
        return f"fit: this session can't be fitted; it always lasts {times.short(shortest)}"
    reach = f"the shortest it can be is {times.short(least)}, the longest {times.short(most)}"
    return f"fit: {times.short(total)} is out of reach; {reach}"


def _moves(item: Item) -> bool:
    return isinstance(item, Window) and item.kind != "breathe"


def _groups(plan: Plan) -> list[_Group]:
    groups: dict[GroupKey, _Group] = {}
    for item in plan.items:
        if not isinstance(item, Window) or not _moves(item):
            continue
        if item.group in groups:
            groups[item.group].size += 1
            continue
        low, high = item.low, item.high
        if item.unit is not None:
            low, high = _whole_range(item.unit, item.ms, low, high)
        groups[item.group] = _Group(item.group, 1, item.ms, low, high, item.unit)
    return list(groups.values())


def _whole_range(unit: Pattern, ms: int, low: int, high: int) -> tuple[int, int]:
    """The shortest and longest whole breaths inside a range, its own length always among them."""
    least = max(1, -(-(low + unit.hold_out) // unit.ms))
    most = (high + unit.hold_out) // unit.ms
    return min(ms, unit.lasting(least)), max(ms, unit.lasting(max(most, 1)))


def _level(groups: Sequence[_Group], room: int) -> float:
    """The largest factor at which the groups take up no more than `room`."""
    low, high = 0.0, max((group.high / group.ms for group in groups), default=0.0) + 1.0
    for _ in range(80):
        middle = (low + high) / 2
        if sum(group.size * group.at(middle) for group in groups) <= room:
            low = middle
        else:
            high = middle
    return low


def _breaths(counted: Sequence[_Group], moving: Sequence[_Group], room: int) -> dict[GroupKey, int]:
    """Whole breaths for each breath-counted group, such that the others can take up what is left."""
    scale = _level([*counted, *moving], room)
    lengths: dict[GroupKey, int] = {}
    for group in counted:
        assert group.unit is not None
        ms = group.unit.lasting(group.unit.nearest(int(group.at(scale))))
        lengths[group.key] = min(max(ms, group.low), group.high)
    least = sum(group.size * group.low for group in moving)
    most = sum(group.size * group.high for group in moving)

    def left() -> int:
        return room - sum(group.size * lengths[group.key] for group in counted)

    # One breath at a time, the smallest step first, until the rest is within the others' reach.
    for group in sorted(counted, key=lambda each: each.size * (each.unit.ms if each.unit else 0)):
        assert group.unit is not None
        while left() < least and lengths[group.key] - group.unit.ms >= group.low:
            lengths[group.key] -= group.unit.ms
        while left() > most and lengths[group.key] + group.unit.ms <= group.high:
            lengths[group.key] += group.unit.ms
    return lengths


def _share_out(moving: Sequence[_Group], room: int, lengths: dict[GroupKey, int]) -> int:
    """Whole milliseconds for the moving groups, equal within each; returns what can't be shared equally."""
    scale = _level(moving, room)
    for group in moving:
        lengths[group.key] = int(group.at(scale))
    left = room - sum(group.size * lengths[group.key] for group in moving)
    given = True
    while given:
        given = False
        for group in moving:
            if group.size <= left and lengths[group.key] < group.high:
                lengths[group.key] += 1
                left -= group.size
                given = True
    return left
