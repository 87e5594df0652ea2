"""Presets: saved ones with their JSON mutated, odd files in their folder, and choices of any Python type."""

from __future__ import annotations

import datetime
import json
import os
from collections.abc import Callable
from contextlib import suppress
from fractions import Fraction
from pathlib import Path
from random import Random
from typing import Any

from tools.fuzz import odd
from tools.fuzz.kinds import kind
from tools.fuzz.terminal import user_folders
from voiceguide.routine import presets
from voiceguide.routine.choices import CHOICES, read
from voiceguide.workshop import read_choices

GOOD: dict[str, tuple[Any, ...]] = {
    "hold": ("30s", 45, ["30s", "a=20s"], "a/left=1m"),
    "rest": ("10s", ["b=5s"]),
    "pace": (1.25, "0.8"),
    "fit": ("15m", 900, "10:00"),
    **dict.fromkeys(("first", "only", "tight"), ("left", "RIGHT")),
    "with": ("deeper", ["a", "b"], "a,b"),
    "without": ("c", []),
    "guide": ("brief", "fade", "quiet"),
    "countdown": (3, "no", False),
    "pattern": ("4-6", "box"),
    "cues": ("voice", True),
    "sounds": ("bells", "no"),
    "reps": (12, ["bridge=8", "10"], "bridge/left=5"),
    "tempo": ("3-1-3", "2-2"),
    "voice": ("en-GB", "en-US+m3"),
    "rate": (120, "140"),
    **dict.fromkeys(("notice", "stereo"), (True, False, "yes", "off")),
    "bed": ("brown", "x.mp3", "no"),
    "bed-level": (18, "20"),
}
PYTHON = (
    *(
        {"a", "b", "c"},
        frozenset(("5s", "a=6s")),
        datetime.timedelta(seconds=30),
        datetime.timedelta.max,
        Fraction(1, 3),
    ),
    *(
        b"x",
        object(),
        1j,
        float("nan"),
        float("inf"),
        10**5_000,
        -(10**400),
        Path("x"),
        range(3),
        iter("ab"),
        int,
        {1: 2},
    ),
)


@kind("presets")
def attempt(random: Random, folder: Path) -> None:
    """One preset, read; or one saved, which must be read again as it was given."""
    user_folders(folder)
    place = presets.folder()
    place.mkdir(parents=True)
    for _ in range(random.choice((0, 0, 1, 3))):
        with suppress(OSError):
            _put(random, place / f"{odd.name(random)}{random.choice(('.json', '', '.JSON'))}")
    name = random.choice(("evening", "evening", "Morgens_2", "a.b", odd.name(random), odd.path(random)))
    with suppress(OSError, ValueError):
        _put(random, place / f"{Path(name).name}.json")
    presets.names()
    roads: tuple[Callable[[], object], ...] = (
        lambda: read(presets.apply(name, _given(random), dashes="--")),
        lambda: _save_and_read(name, _given(random)),
        lambda: _from_python(random, name),
    )
    random.choice(roads)()


def _save_and_read(name: str, given: dict[str, Any]) -> None:
    wanted = read(given)  # what can't be read is refused before it is saved
    presets.save(name, given)
    found = read(presets.apply(name, {}))
    if "bed" not in given:  # whose path is saved in full
        assert found == wanted, (found, wanted)
    assert name in presets.names()


def _from_python(random: Random, name: str) -> None:
    keywords = {each.keyword: random.choice((*PYTHON, *GOOD[each.name])) for each in _some(random)}
    read_choices(keywords, name if random.random() < 0.3 else None)  # type: ignore[arg-type]  # on purpose


def _some(random: Random) -> list[Any]:
    return random.sample(list(CHOICES.values()), random.choice((1, 1, 2, 5, len(CHOICES))))


def _given(random: Random) -> dict[str, Any]:
    given = {each.name: random.choice(GOOD[each.name]) for each in _some(random)}
    for name in [*given]:
        if random.random() < 0.15:
            given[name] = random.choice((*odd.VALUES, *odd.TEXTS))
    return given


def _put(random: Random, path: Path) -> None:
    """A preset's file, or what stands in its place."""
    if os.path.lexists(path):
        return
    worse = random.random()
    if worse < 0.05:
        path.mkdir()
    elif worse < 0.1:
        path.symlink_to(random.choice((path.name, "/dev/zero", "/proc/nowhere", "/proc/self/mem", "..")))
    elif worse < 0.13 and hasattr(os, "mkfifo"):
        os.mkfifo(path)
    else:
        path.write_bytes(_bytes(random))


def _bytes(random: Random) -> bytes:
    value: Any = _given(random)
    for _ in range(random.choice((0, 1, 2))):
        value = _spoil(random, value)
    with suppress(ValueError, RecursionError):
        text = json.dumps(value, ensure_ascii=random.random() < 0.5, indent=random.choice((None, 1)))
    for _ in range(random.choice((0, 0, 0, 1, 3))):
        at = random.randrange(len(text) + 1)
        text = text[:at] + random.choice((*ODD, *odd.TEXTS)) + text[at + random.choice((0, 1, 9)) :]
    data = text.encode(random.choice(("utf-8", "utf-8", "utf-8", "utf-8-sig", "utf-16", "latin-1")), "replace")
    return data[: random.randrange(len(data) + 1)] if random.random() < 0.05 else data


ODD = (
    "[" * 5_000,
    '{"a":' * 2_000,
    "9" * 5_000,
    "1e999",
    "NaN",
    "-Infinity",
    "\0",
    " " * 70_000,
    "//",
    ",",
    "null",
    "{}",
)


def _spoil(random: Random, value: Any) -> Any:
    if not isinstance(value, dict) or random.random() < 0.05:
        return random.choice((None, [], [value], "x", 1, True, [[value]]))
    strange: tuple[Any, ...] = (None, [], {}, [[]], [None], -1, 10**30, 1.5, True, ["30s"] * 200, "x" * 3_000)
    name = random.choice((*CHOICES, "holds", "", odd.text(random)))
    return {**value, name: random.choice((*strange, *odd.VALUES, [random.choice(odd.VALUES)] * 3))}
