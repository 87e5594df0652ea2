"""Command lines: any option with any value, through the real command in this process."""

from __future__ import annotations

import json
import os
from pathlib import Path
from random import Random

from tools.fuzz import odd, presets, terminal
from tools.fuzz.kinds import kind
from voiceguide.cli.group import COMMANDS
from voiceguide.errors import RequestError
from voiceguide.routine.choices import CHOICES, Choice

SCRIPT = """\
title: A short one
options: {a: {about: A, default: yes}, b: {about: B, default: no}}
notice: Stop if it hurts.
steps:
  - say: Hello.
    brief: no
  - exercise: Reach
    steps:
      - sides: [left, right]
        steps:
          - hold: 10s
            name: reach
            min: 2s
            max: 2h
            during: [{at: 2s, say: Breathe., when: a}, {at: half, say: Half., unless: b}]
          - rest: 3s
            name: between
  - breathe: 2 breaths
"""
BAD = "title: [\nsteps: {a: \x07}\nstps: x\n"
LONG = ("--fit", "--hold", "--rest", "--pace", "--pattern", "--preset")


@kind("commands")
def attempt(random: Random, folder: Path) -> None:
    """One command."""
    terminal.user_folders(folder)
    (folder / "s.yaml").write_text(SCRIPT, encoding="utf-8")
    (folder / "bad.yaml").write_text(BAD, encoding="utf-8")
    (folder / "bed.mp3").write_bytes(b"no music")
    odd.put(random, folder)
    arguments = _arguments(random)
    (folder / "arguments.json").write_text(json.dumps(arguments), encoding="utf-8")
    code, out, _ = terminal.run(
        arguments, terminal=random.random() < 0.7, encoding=random.choice(("utf-8", "utf-8", "ascii", "latin-1"))
    )
    assert (folder / "s.yaml").read_text(encoding="utf-8") == SCRIPT
    left = [path for path in folder.rglob("*") if path.name.endswith(".part")]
    assert not left, left
    if code == 0 and arguments[:1] == ["show"] and "--json" in arguments and not _asks_help(arguments):
        json.loads(out)
    if code == 0 and arguments[:1] == ["make"]:
        terminal.check_tracks(folder)
    if code:
        raise RequestError(f"ended with {code}")


def _asks_help(arguments: list[str]) -> bool:
    return any(each in ("--help", "-h", "--version") for each in arguments)


def _arguments(random: Random) -> list[str]:
    name = random.choice(("show", "show", "show", "make", "make", *COMMANDS))
    made = [*_SHAPES.get(name, _plain)(random)]
    for _ in range(random.choice((0, 0, 0, 1, 2))):
        made.insert(random.randrange(len(made) + 1), random.choice((*_STRAY, odd.path(random), _value(random))))
    if random.random() < 0.05:
        random.shuffle(made)
    whole = [name, *made] if random.random() < 0.95 else made
    # No system hands a NUL over, nor more than some 128 KB in one argument.
    return [os.fsdecode(os.fsencode(each.replace("\0", ""))[:100_000]) if _whole(each) else "x" for each in whole]


def _whole(text: str) -> bool:
    try:
        os.fsencode(text)
    except UnicodeEncodeError:
        return False
    return True


_STRAY = [
    *("--help", "-h", "-v", "--verbose", "--version", "--", "-", "-o", "--out", "-ox.mp3", "--no-cache", "--quiet", ""),
    *("--json", "--svg", "--save-preset", "--preset", "--hodl", "--hold=", "--no-bed", "--yes"),
]


def _value(random: Random) -> str:
    return random.choice((*odd.VALUES, *odd.TEXTS))


def _routine(random: Random) -> str:
    good = ("s", "s.yaml", "./s.yaml", "half-kneeling", "bad", "bad.yaml", "nosuch", "hip-rest")
    return random.choice(good) if random.random() < 0.85 else odd.path(random)


def _choices(random: Random) -> list[str]:
    made: list[str] = []
    for choice in random.sample(list(CHOICES.values()), random.choice((0, 1, 1, 2, 4))):
        made += _choice(random, choice)
    if random.random() < 0.15:
        made += [random.choice(("--preset", "--save-preset")), random.choice(("p", "evening", odd.name(random)))]
    return made


def _choice(random: Random, choice: Choice) -> list[str]:
    if choice.is_flag:
        return [random.choice((f"--{choice.name}", f"--no-{choice.name}"))]
    good = random.choice(presets.GOOD[choice.name])
    first = good[0] if isinstance(good, list) and good else good
    value = str(first).replace("a=", "reach=") if random.random() < 0.75 else _value(random)
    return [f"--{choice.name}={value}"] if random.random() < 0.5 else [f"--{choice.name}", value]


def _show(random: Random) -> list[str]:
    made = [_routine(random), *_choices(random)]
    made += random.choice(([], ["--json"], ["--svg", odd.path(random)], ["--json", "--svg=x.svg"]))
    return made


def _make(random: Random) -> list[str]:
    made = [random.choice(("s", "s.yaml")) if random.random() < 0.8 else "bad"]
    # A session of hours takes its minutes to encode, with a bed, and is no hang.
    made += _choices(random)
    if any(each.partition("=")[0] in LONG for each in made):
        made = ["nosuch" if random.random() < 0.3 else "bad", *made[1:]]
    made += ["-o", odd.path(random)] if random.random() < 0.5 else []
    return made


def _several(random: Random) -> list[str]:
    return [_routine(random) for _ in range(random.choice((0, 1, 2, 5)))]


def _new(random: Random) -> list[str]:
    return [random.choice((odd.path(random), odd.text(random), "Week 1: hips", "[x]", "s", "s.yaml"))]


def _voices(random: Random) -> list[str]:
    made = ["--language", random.choice(("en", "de", "en_GB", "EN-us", "x", _value(random)))]
    if random.random() < 0.2:
        made = ["--sample", random.choice(("en-GB", "nosuch", _value(random))), "-o", odd.path(random)]
    return made


def _cache(random: Random) -> list[str]:
    return random.choice(([], ["--clear"], ["clear"])) if random.random() < 0.1 else []


def _plain(_random: Random) -> list[str]:
    return []


_SHAPES = {
    "show": _show,
    "make": _make,
    "check": _several,
    "new": _new,
    "voices": _voices,
    "cache": _cache,
    "list": _plain,
    "schema": _plain,
}
