"""The recipes of docs/recipes.md: each is read, checked, and lasts what the table under it says, to the millisecond."""

from __future__ import annotations

import json
import re
import shlex
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from tests.cli.running import cli

PAGE = Path(__file__).parents[2] / "docs" / "recipes.md"
WORK = ("hold", "reps", "breathe")


@dataclass(frozen=True)
class Recipe:
    """A recipe's heading, its routines, what its table is about, and the rows: flags and lengths."""

    name: str
    scripts: tuple[str, ...]
    about: str
    rows: tuple[tuple[str, str], ...]


def recipes() -> list[Recipe]:
    """All recipes of the page, in order."""
    found = []
    for section in re.split(r"^## ", PAGE.read_text(encoding="utf-8"), flags=re.MULTILINE)[1:]:
        scripts = re.findall(r"^```yaml\n(.*?)^```$", section, re.MULTILINE | re.DOTALL)
        head, _, *rows = re.findall(r"^\| (.*)\|(.*)\|$", section, re.MULTILINE)
        told = tuple((flags.strip().strip("`"), lengths.strip()) for flags, lengths in rows)
        found.append(Recipe(section.splitlines()[0], tuple(scripts), head[1].strip(), told))
    return found


RECIPES = recipes()


def milliseconds(text: str) -> int:
    """A length of the tables: "4:00.000", "30 s", "30 min"."""
    if ":" in text:
        minutes, seconds = text.split(":")
        return int(minutes) * 60_000 + round(float(seconds) * 1000)
    number, unit = text.split()
    return int(number) * {"s": 1_000, "min": 60_000}[unit]


def lengths(shown: dict[str, Any], about: str) -> list[int]:
    """What a table of this heading tells of a session, in ms."""
    events = shown["events"]

    def ms(seconds: float) -> int:
        return round(seconds * 1000)

    if about == "the session lasts":
        return [ms(shown["duration"])]
    work = [each for each in events if each["kind"] in WORK]
    if about == "the work lasts":
        windows = [each for each in events if each["kind"] in (*WORK, "rest")]
        return [ms(windows[-1]["end"]) - ms(windows[0]["start"])]
    if about == "the holds of a side last":
        work = [each for each in work if each["side"] == work[0]["side"]]
    kinds = {"the repetitions of a set last": "reps"}
    return [ms(each["end"]) - ms(each["start"]) for each in work if each["kind"] == kinds.get(about, "hold")]


def test_the_page_has_the_sessions_that_teachers_give() -> None:
    assert len(RECIPES) >= 10
    assert all(each.scripts and each.rows for each in RECIPES)


@pytest.mark.parametrize("recipe", RECIPES, ids=lambda each: each.name.split(":")[0])
def test_a_recipe_lasts_what_it_says(recipe: Recipe) -> None:
    for script in recipe.scripts:
        Path("recipe.yaml").write_text(script, encoding="utf-8")
        assert cli("check", "recipe.yaml").code == 0
        for flags, told in recipe.rows:
            shown = cli("show", "recipe.yaml", "--json", *shlex.split(flags))
            assert shown.code == 0, shown.err
            found = lengths(json.loads(shown.out), recipe.about)
            assert found == [milliseconds(each) for each in told.split(", ")], flags
