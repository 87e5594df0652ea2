"""Scripts made to exhaust a machine, and the process that reads them all under hard limits of memory and time.

`python -m tests.language.hostile` prints a line for each; a script that takes more ends the process.
"""

from __future__ import annotations

import os
import tempfile
from pathlib import Path

from voiceguide.budget import MAX_FILE_BYTES
from voiceguide.errors import VoiceguideError
from voiceguide.language.loader import load
from voiceguide.score.estimate import about_ms

T = "title: T\n"
HELLO = "steps: [Hello]\n"
LETTER = "pronounce: {a: " + "b " * 94 + "}\n"
NESTED = "".join("  " * n + "- repeat: 1000\n" + "  " * n + "  steps:\n" for n in range(15)) + "  " * 15
DEEP = "this is nested too deeply; expected at most 80 levels"
VALUES = "with aliases and includes expanded, this script has more than 50,000 values; make it shorter"
LONG = "with aliases and includes expanded, this script has more than 2,000,000 characters; make it shorter"
SPOKEN = "this text has more than 10,000 characters when spoken"
STOPPED = "stopped here after 100 problems; correct those first, then check again"
NEVER_CLOSED = "inside { } and [ ], a text with braces, brackets or commas needs quotes; or a bracket is not closed"

# A script, and a piece of what is said of it; "" where it is a routine after all.
HOSTILE: dict[str, tuple[str, str]] = {
    "a letter spoken as a paragraph": (f"{T}{LETTER}steps:\n- {'a ' * 2_490}\n", SPOKEN),
    "the same in a hundred texts": (f"{T}{LETTER}steps:\n" + f"- {'a ' * 2_490}\n" * 190, SPOKEN),
    "a title in every place of a text": (f"title: {'T' * 2_000}\nsteps: ['{'{title}' * 700}']\n", SPOKEN),
    "texts that grow in a thousand rounds": (
        f"title: {'T ' * 900}\nsteps: [{{repeat: 1000, steps: ['{'{title}' * 5}']}}]\n",
        "the session is longer than 1,000,000 spoken characters",
    ),
    "an alias to a text of many lines": (
        f"{T}x: &a |\n" + "".join(f"  line {n}\n" for n in range(3_000)) + "steps:\n" + "- *a\n" * 20_000,
        LONG,
    ),
    "an alias to a text of 800 kB": (f"{T}x: &a {'y' * 800_000}\nsteps:\n" + "- *a\n" * 39_000, LONG),
    "an alias as a key": (f"{T}x: &a {'y' * 800_000}\nsteps:\n" + "- {*a : b}\n" * 15_000, LONG),
    "aliases to aliases": (
        f"{T}x:\n- &a0 [x, x]\n" + "".join(f"- &a{n + 1} [*a{n}, *a{n}]\n" for n in range(70)) + HELLO,
        VALUES,
    ),
    "anchors in a chain": (
        f"{T}x:\n- &a0 x\n" + "".join(f"- &a{n + 1} [*a{n}]\n" for n in range(1_000)) + HELLO,
        DEEP,
    ),
    "seventy anchors, each fourteen deep": (
        f"{T}x:\n- &a0 x\n" + "".join(f"- &a{n + 1} {'[' * 14}*a{n}{']' * 14}\n" for n in range(70)) + HELLO,
        DEEP,
    ),
    "5,000 pronunciations": (
        f"{T}pronounce:\n" + "".join(f"  w{n}: v\n" for n in range(5_000)) + HELLO,
        "this script and the files it includes have more than 2,000 pronunciations",
    ),
    "as many pronunciations as there may be": (
        f"{T}pronounce:\n" + "".join(f"  w{n}: v\n" for n in range(2_000)) + "steps:\n" + "- w1 w2 w3\n" * 6_000,
        "",
    ),
    "pronunciations of one beginning": (
        f"{T}pronounce:\n"
        + "".join(f"  {'a ' * 27}{n}: v\n" for n in range(2_000))
        + "steps:\n"
        + f"- {'a ' * 2_490}\n" * 20,
        "",
    ),
    "3,000 options": (
        f"{T}options:\n" + "".join(f"  o{n}: {{about: A}}\n" for n in range(3_000)) + HELLO,
        "this script and the files it includes have more than 50 options",
    ),
    "5,000 unknown keys": (T + "".join(f"titel{n}: x\n" for n in range(5_000)) + HELLO, STOPPED),
    "5,000 unknown keys in a step": (
        f"{T}steps:\n- " + "\n  ".join(f"whold{n}: x" for n in range(5_000)) + "\n",
        '"whold0" is not a verb',
    ),
    "a key as long as a file": ("x" * 1_000 + " " * 900_000 + ": y\n", 'a second ": " on one line'),
    "names that are in no list": (
        f"{T}options: {{a: {{about: A}}}}\nsteps:\n- when: [{'b, ' * 10_000}]\n  say: x\n",
        'no option "b"',
    ),
    "sides that are none": (f"{T}steps:\n- sides: [{'lefft, ' * 10_000}]\n  steps: [x]\n", STOPPED),
    "brackets on one line": (f"{T}steps: {'[' * 2_000}", DEEP),
    "brackets as far as a file goes": (f"{T}steps: {'[' * 900_000}", DEEP),
    "brackets on a line each": (f"{T}steps: " + "[\n " * 300_000, DEEP),
    "braces": (f"{T}steps: {'{' * 900_000}", DEEP),
    "keys of keys": ("? " * 450_000, DEEP),
    "lists of lists": ("- " * 450_000, DEEP),
    "documents": ("--- a\n" * 150_000, "a file has one routine"),
    "tags": ("- !a x\n" * 100_000, "a routine has no YAML tags"),
    "directives of tags": ("".join(f"%TAG !{n}! x\n" for n in range(50_000)), "a routine has no YAML tags"),
    "an alias to nothing": (f"{T}steps:\n" + "- *x\n" * 100_000, "a text that begins with * or & needs quotes"),
    "a fault at a long file's end": (f"{T}steps:\n" + "- Hello there\n" * 48_000 + "- {a: b\n", NEVER_CLOSED),
    "a quote that is never closed": (f"{T}steps: ['" + "a b\n " * 180_000, "this quote is never closed"),
    "a million digits": (f"{T}steps: [hold: {'9' * 900_000}]\n", "expected a duration"),
    "rounds of rounds of silence": (f"{T}steps:\n{NESTED}- pause: 0\n", "has more than 20,000 events here"),
    "rounds of rounds of words": (f"{T}steps:\n{NESTED}- Hello.\n", "has more than 20,000 events here"),
    "a day and an hour": (f"{T}steps: [{{repeat: 100, steps: [pause: 15m]}}]\n", "is longer than 12h"),
    "a day and an hour of words": (
        f"{T}steps:\n- repeat: 2\n  steps:\n" + f"  - {'word ' * 900}\n" * 140,
        "is longer than 1,000,000 spoken characters",
    ),
}


def main() -> None:
    """Read them all, within 150 MB more than the modules take, and a minute of computing."""
    import resource

    pages = int(Path("/proc/self/statm").read_text(encoding="ascii").split()[0])
    resource.setrlimit(resource.RLIMIT_AS, (pages * os.sysconf("SC_PAGE_SIZE") + 150_000_000,) * 2)
    resource.setrlimit(resource.RLIMIT_CPU, (60, 60))
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "script.yaml"
        for name, (text, expected) in HOSTILE.items():
            path.write_text(text, encoding="utf-8", newline="")
            assert path.stat().st_size <= MAX_FILE_BYTES, name
            try:
                about_ms(load(path))
                said = ""
            except VoiceguideError as refused:
                said = str(refused)
            assert expected in said, f"{name}: {said[:300]}"
            print(f"{name}: {said.splitlines()[0] if said else 'a routine'}")


if __name__ == "__main__":
    main()
