"""Plural rules in CLDR's notation, such as `n % 10 = 2..4 and n % 100 != 12..14`, for whole numbers."""

from __future__ import annotations

from collections.abc import Mapping


def find_category(rules: Mapping[str, str], number: int) -> str:
    """The first category whose rule a whole number meets, or `other`. Raises ValueError for an invalid rule."""
    return next((category for category, rule in rules.items() if meets_rule(rule, number)), "other")


def meets_rule(rule: str, number: int) -> bool:
    """Whether a whole number meets a plural rule.

    Raises ValueError for a rule that is not valid, or that involves fractions.
    """
    return any(all(_relates(each.strip(), number) for each in part.split(" and ")) for part in rule.split(" or "))


def _relates(relation: str, number: int) -> bool:
    try:
        match relation.split():
            case ["n", ("=" | "!=") as sign, ranges]:
                value = number
            case ["n", "%", modulus, ("=" | "!=") as sign, ranges]:
                value = number % int(modulus)
            case _:
                raise ValueError
        bounds = [each.partition("..") for each in ranges.split(",")]
        among = any(int(low) <= value <= int(high or low) for low, _, high in bounds)
    except ValueError:
        raise ValueError(f"{relation!r} is not a plural rule for whole numbers, such as 'n % 10 = 2..4'") from None
    return among == (sign == "=")
