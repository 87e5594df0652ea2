"""Scripts: bundled ones with lines moved, values swapped and bytes broken, and wild ones made up from the grammar."""

from __future__ import annotations

import json
import shutil
from functools import lru_cache
from pathlib import Path
from random import Random
from typing import Any
from xml.etree import ElementTree

import msgspec

from tools.fuzz import odd
from tools.fuzz.kinds import kind
from voiceguide.errors import visible
from voiceguide.language import grammar
from voiceguide.language.loader import load
from voiceguide.routine.choices import Choices
from voiceguide.routine.tailor import tailor
from voiceguide.score.items import ChimeSound, Plan, Speech, list_soundings
from voiceguide.score.layout import Lengths, lay_out
from voiceguide.score.plan import write_plan
from voiceguide.score.settle import settle
from voiceguide.score.timeline import Timeline
from voiceguide.views.captions import write_lrc
from voiceguide.views.json import to_json
from voiceguide.views.svg.picture import draw_svg
from voiceguide.views.table import list_lines

ROOT = Path(__file__).parent.parent.parent
SCRIPTS, AUDIO = ROOT / "scripts", ROOT / "audio"
SCRIPT = "script.yaml"
MAX_TEXT = 1_100_000  # characters: somewhat more than a script may have
ENCODINGS = (*["utf-8"] * 12, "utf-8-sig", "utf-16", "latin-1", "utf-32")

ODD = [
    *odd.VALUES,
    *odd.TEXTS,
    *("[]", "{}", "[[]]", "{a: {b: c}}", "*a", "*b", "&a x", "&b [*a, *a, *a]", "!!str x", "!x", "<<", "{<<: *a}"),
    *('"', "'", "|", ">", ">-\n  x", "---", "...", "%TAG ! x", "? x", "- - - x", "[" * 300, "{" * 90, "? " * 200),
    *("{side}", "{hold}", "{length}", "{title}" * 40, "{round}", "{{", "}", "{", "{ side }", "{sid}", '"\\x00"'),
    *('"\\ud800"', "../x", "/etc/passwd", "inner", "script", "half-kneeling", "bell", "gong", "ding", "brown", "con"),
]
PREFIXES = ("- ", "  ", "    ", "&a ", "*a ", "? ", ": ", "!!seq ", "# ", "\t", "- - ", "[", "{", '"', "|\n")
CHOICES = (
    Choices(),
    Choices(guide="brief"),
    Choices(guide="fade", first="right"),
    Choices(guide="quiet"),
    Choices(only="right"),
    Choices(tight="left", first="right"),
    Choices(countdown=5, rate=400),
)


@kind("scripts")
def attempt(random: Random, folder: Path) -> None:
    """The whole way from a file to the clock and to what people read of it, as fast as a text is long."""
    (folder / SCRIPT).write_bytes(make_script(random))
    if random.random() < 0.3:
        (folder / "inner.yaml").write_bytes(_bytes(random, _wild(random)))
    if random.random() < 0.3:
        shutil.copy(AUDIO / "bell.wav", folder / "ding.wav")
    choices, fit = random.choice(CHOICES), random.choice((None, None, 600_000, 60_000))
    routine = load(Path(SCRIPT))
    done = settle(write_plan(tailor(routine, choices)), _measure, fit)
    _view(lay_out(done.plan, done.lengths), random.choice((66, 110)))


def make_script(random: Random) -> bytes:
    """A script that may be good."""
    text = random.choice((_bundled, _wild))(random)
    for _ in range(random.choice((0, 0, 1, 1, 2, 8))):
        text = random.choice(MUTATIONS)(random, text)
    return _bytes(random, text)


def _view(timeline: Timeline, width: int) -> None:
    ends = [event.end_ms for event in timeline.events]
    assert max(ends, default=0) <= timeline.duration_ms
    assert msgspec.json.decode(msgspec.json.encode(to_json(timeline)))
    # A text may hold what XML can't spell.
    ElementTree.fromstring(draw_svg(timeline).encode("utf-8", "replace"))
    assert all(line.startswith("[") or not line for line in write_lrc(timeline).split("\n"))
    for line, _ in list_lines(timeline, width):
        assert "\n" not in line
        visible(line).encode()


def _measure(made: Plan) -> Lengths:
    every = list(list_soundings(made.items))
    return Lengths(
        {said: 200 + 50 * len(said) for each in every if isinstance(each, Speech) for said in each.list_spoken()},
        {each.sound.path: 1_000 for each in every if isinstance(each, ChimeSound)},
    )


def _bundled(random: Random) -> str:
    return random.choice(_texts())


@lru_cache
def _texts() -> tuple[str, ...]:
    return tuple(path.read_text(encoding="utf-8") for path in sorted(SCRIPTS.glob("*.yaml")))


def _wild(random: Random) -> str:
    """Keys of the language where they belong, with values that mostly do not."""
    top: dict[str, Any] = {"title": "T" * random.randint(1, 9), "steps": _steps(random, random.choice((1, 2, 4, 9)))}
    if random.random() < 0.4:
        top["options"] = {name: {"about": "A", "default": random.choice(("yes", "no"))} for name in "ab"}
    if random.random() < 0.3:
        top["pronounce"] = {random.choice("aeiou"): "so az " * random.randint(1, 40) for _ in range(3)}
    if random.random() < 0.2:
        top["bed"] = random.choice(("brown", "ding.wav", "ding", {"sound": "drone", "level": 20}, random.choice(ODD)))
    for name in random.sample(list(grammar.TOP), random.choice((0, 0, 1, 3))):
        top[name] = top.get(name) or _value(random, name)
    return json.dumps(top, ensure_ascii=False, indent=random.choice((None, 1)))


def _steps(random: Random, depth: int) -> list[Any]:
    return [_step(random, depth) for _ in range(random.choice((1, 1, 2, 3)))]


def _step(random: Random, depth: int) -> Any:
    if random.random() < 0.2:
        return random.choice(
            (
                "Hello.",
                "Your {side} side.",
                "Reach.",
                "Round {round}, {set}.",
                "Next: {next}.",
                "[1s] In. [2.5s], out [250ms]",
                "Hold [[30 s], 2-3 cm, 1/2 turn, 3x10 & e.g. ~90°.",
                random.choice(odd.TEXTS),
            )
        )
    name = random.choice(("repeat", "sides", "exercise") if depth > 1 and random.random() < 0.7 else [*grammar.VERBS])
    good = {
        **dict.fromkeys(("hold", "rest"), ("30s", "5 breaths", "2s", "11h", 7, ["2s", "3 breaths"])),
        "say": ("Hello.", "Now {title}, for {length}."),
        "reps": (5, 12, {"left": 8, "right": 10}, [3, 4]),
        "pause": ("5s", 0, ["5s", "6s"], [0, 1, 2]),
        "breathe": ("5 breaths", "1m", ["1 breath", "20s"]),
        "chime": ("bell", "ding", "ding.wav"),
        "exercise": ("Reach",),
        "sides": ("left", ["left", "right"]),
        "repeat": (2, 3, 1000),
        "include": ("inner", "half-kneeling"),
    }
    step: dict[str, Any] = {name: random.choice(good[name]) if random.random() < 0.98 else random.choice(ODD)}
    modifiers = {**grammar.VERBS[name].modifiers, **grammar.CONDITIONS}
    if "steps" in modifiers:
        step["steps"] = _steps(random, depth - 1) if depth > 0 else ["Hello."]
    for key in random.sample(list(modifiers), min(len(modifiers), random.choice((0, 0, 1, 2)))):
        if key in ("during", "switch", "between"):
            step[key] = [{"at": random.choice(("1s", "half", "-1s", "90%")), "say": "Now."}] * random.choice((1, 2, 30))
            step[key] = step[key] if key == "during" else _steps(random, 0)
        elif key != "steps":
            step[key] = _value(random, key)
    return step


GOOD: dict[str, tuple[Any, ...]] = {
    "about": ("Why.",),
    "again": ("Once more.", "no", "Now {next}."),
    "as": ("set", "rung"),
    "brief": ("Short.", "no"),
    "bed": ("brown", "ding.wav", {"sound": "drone", "level": 20}),
    "countdown": (3, 10, "no"),
    "cue": ("voice", "chimes", "tone", "both", "none"),
    "defaults": ({"gap": "1s", "cue": "both"}, {"pattern": "box", "countdown": 5}),
    "gap": ("0s", "2s", "1h"),
    "hold": ("45s", "3 breaths"),
    "language": ("en", "de", "en-GB"),
    "max": ("2m", "90 breaths", "12h"),
    "min": ("1s", "5s", "1 breath"),
    "name": ("Reach", "a", "\U0001f9d8"),
    "needs": (["a wall"],),
    "notice": ("Stop if it hurts.",),
    "on": ("first", "last", "again", 1, 2, [1, 2], "left", ["first", "tighter"], 1000),
    "pace": ("0.5", 2, "10"),
    "pattern": ("4-6", "box", "0.5-0.5", "4-2-6-1"),
    "ratio": ("2:1", "1:1", "3:2"),
    "rest": ("5s", "20m"),
    "switch": ("3s",),
    "unless": ("a", "b"),
    "voice": ({"name": "en-GB", "rate": 100}, {"pitch": 10, "volume": 0.5}),
    "when": ("a", "b", "a, b"),
}


def _value(random: Random, key: str) -> Any:
    return random.choice(GOOD.get(key, ODD) if random.random() < 0.85 else ODD)


def _bytes(random: Random, text: str) -> bytes:
    data = text.encode(random.choice(ENCODINGS), "ignore")
    if random.random() < 0.1:
        data = data[: random.randrange(len(data) + 1)]
    if data and random.random() < 0.1:
        at = random.randrange(len(data))
        data = data[:at] + bytes([random.randrange(256)]) + data[at + 1 :]
    return data


def _at_lines(random: Random, text: str) -> tuple[list[str], int]:
    lines = text.split("\n")
    return lines, random.randrange(len(lines))


def _move_line(random: Random, text: str) -> str:
    lines, at = _at_lines(random, text)
    line = lines.pop(at)
    lines.insert(random.randrange(len(lines) + 1), line)
    return "\n".join(lines)


def _repeat_lines(random: Random, text: str) -> str:
    lines, at = _at_lines(random, text)
    until = at + random.choice((1, 2, 5, 30))
    block = lines[at:until]
    most = MAX_TEXT // (1 + sum(map(len, block)))
    return "\n".join(lines[:until] + block * min(most, random.choice((0, 1, 2, 100, 2_000))) + lines[until:])[:MAX_TEXT]


def _indent(random: Random, text: str) -> str:
    lines, at = _at_lines(random, text)
    lines[at] = random.choice(PREFIXES) + (lines[at] if random.random() < 0.5 else lines[at].lstrip())
    return "\n".join(lines)


def _swap_value(random: Random, text: str) -> str:
    lines, at = _at_lines(random, text)
    key, colon, _ = lines[at].partition(": ")
    lines[at] = key + (colon or ": ") + str(_value(random, key.strip(" -{")))
    return "\n".join(lines)


def _insert(random: Random, text: str) -> str:
    at = random.randrange(len(text) + 1)
    return text[:at] + random.choice(ODD) + text[at:]


def _alias_all(random: Random, text: str) -> str:
    """One value under an anchor, and many aliases to it."""
    lines, at = _at_lines(random, text)
    key, colon, value = lines[at].partition(": ")
    lines[at] = f"{key}{colon}&a {value}"
    for other in random.sample(range(len(lines)), min(len(lines), random.choice((1, 3, 20)))):
        if other > at:
            lines[other] = lines[other].partition(": ")[0] + ": *a"
    return "\n".join(lines)


def _nest(random: Random, text: str) -> str:
    opened = random.choice(("[", "{a: ", "- ", "? ", "- - ", "{repeat: 1000, steps: [", "&a [*a, "))
    return _insert(random, text[:MAX_TEXT]).replace("steps:", "steps: " + opened * random.choice((1, 20, 90, 3_000)), 1)


def _chain(random: Random, text: str) -> str:
    """Anchors in a chain, each wrapping or multiplying the one before."""
    wide, count = random.choice((1, 2, 10)), random.choice((5, 70, 500))
    links = [f"- &c{n + 1} [{', '.join([f'*c{n}'] * wide)}]" for n in range(count)]
    return "\n".join(["x:", "- &c0 x", *links, text])


def _line_ends(random: Random, text: str) -> str:
    return text.replace("\n", random.choice(("\r\n", "\r", "\u2028", "\n\n", "\x85")))


MUTATIONS = (
    *(_swap_value, _swap_value, _swap_value, _insert, _insert, _move_line, _repeat_lines, _indent),
    *(_alias_all, _nest, _chain, _line_ends),
)
