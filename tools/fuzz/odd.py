"""Odd values, texts and names, which several kinds draw from."""

from __future__ import annotations

import os
from contextlib import suppress
from pathlib import Path
from random import Random

VALUES = [
    *("", "~", "null", "no", "yes", "0", "-1", "1e9", ".inf", "nan", "0x10", "1:30", "1:00:00", "9" * 400, "2:1"),
    *("1000", "10000 breaths", "0 breaths", "12h", "25h", "1ms", "half", "-10s", "120%", "4-6", "60-60-60-60", "box"),
    *("0.001-9", "=", "a=", "=5s", "a/left=5s", "a/x=5s", "default", "DEFAULT", "brief", "quiet", "left", "both"),
    *(
        "٣s",
        "\uff11\uff12s",
        "1_000",
        "+5",
        "5 s",
        "30S",
        "½",
        "∞",
        "1e-9",
        "0." + "0" * 400 + "1",
        "30s\n",
        " 30s ",
        "\t",
    ),
]
"""What stands where a value should; the good ones are among them."""

TEXTS = [
    *("\u202eabc", "\ufeff", "\x07", "\x85", "\u2028", "\x1b]0;owned\x07", "\x1b[2J", "\x9b31m", "\u2066x\u2069"),
    *("\U0001f9d8", "\U0001f468\u200d\U0001f469", "e\u0301" * 50, "ß", "İ", "\u0600", "\U000e0041", "ﷺ" * 20),
    *(
        "a" * 300,
        "a b " * 900,
        "x\ny",
        "x\r\ny",
        "\x7f",
        "\udcff",
        "\udc80\udcfe",
        "%s%n{x}",
        "{side}",
        "$(id)",
        "`id`",
    ),
    *("[bold]x[/bold]", "[link=file:///]x", "\\", '"', "'", "--", "-", "-rf", "--help", "@", "#", "&a", "*a", "!!str"),
]
"""What a terminal, a shell, a template or YAML may take for something else."""

NAMES = [
    *(
        "con",
        "CON",
        "nul.yaml",
        "com1",
        "aux.mp3",
        "a:b",
        "a*b",
        "a?b",
        "a|b",
        "<a>",
        "a.",
        "a ",
        " a",
        ".a",
        "...",
        "~",
    ),
    *("a" * 255, "é" * 127, "e\u0301" * 80, "a" * 256, "\udcff", "\udce9t\udce9", ".mp3", ".yaml", "x.mp3", "x.yaml"),
    *("x.MP3", "x.yml", "x.YAML", "s", "s.yaml", "script", "types", "types.py", "half-kneeling", "bell.wav", "http:"),
    *("http:%2f%2fx", "pipe:0", "-", "-o", "--help", "%TEMP%", "$HOME", "a\nb", "a\tb", "a\x1b[31mb", "\u202egpm.x"),
    *("\u200bx", "x\u2028y", "\ufeffx", "ﬁ", "\uff21", "\U0001f9d8", "{title}", "[x]", "'", '"', "\\", "a\\b"),
]
"""Names of files. None of them has a slash or a NUL, which no file's name can have."""


def text(random: Random) -> str:
    """A text that is odd in one way or two."""
    return random.choice(("", "Hips ", "a")).join(random.choices(TEXTS, k=random.choice((1, 1, 2))))


def name(random: Random) -> str:
    """The name of a file: never empty, `.` or `..`, and mostly one that a file can have."""
    made = random.choice(NAMES) if random.random() < 0.6 else random.choice(("", "a")) + text(random)
    if random.random() < 0.1:
        made = os.fsdecode(random.randbytes(random.choice((1, 5, 40))))
    made = made.replace("/", "").replace("\0", "")
    while len(os.fsencode(made)) > 250 and random.random() < 0.9:
        made = made[: len(made) // 2]
    return made if made not in ("", ".", "..") else "s"


def path(random: Random) -> str:
    """A path: a name, one in another folder, or something worse.

    None leads out of the folder of all tries to where something could be written: a try may run as root.
    """
    bad = ("", ".", "..", "./", "null", "full", "/proc/self/mem", "/proc/nowhere/x.mp3", "no/x", "s.yaml/x.mp3")
    worse = (*bad, "nosuch" + "/" * 5_000, "a/" * 3_000 + "x.mp3", "x" * 70_000, "loop", "loop/x.mp3", "fifo")
    return random.choice(worse) if random.random() < 0.3 else random.choice(("", "", "./", "sub/")) + name(random)


def put(random: Random, folder: Path) -> None:
    """What some of these paths need in a folder: a device, a link to itself, a pipe, another folder."""
    with suppress(OSError, NotImplementedError):
        (folder / "null").symlink_to("/dev/null")
        (folder / "full").symlink_to("/dev/full")
        (folder / "loop").symlink_to("loop")
        if random.random() < 0.5:
            (folder / "sub").mkdir()
        if hasattr(os, "mkfifo"):
            os.mkfifo(folder / "fifo")
