"""Names: of scripts, sounds, titles, outputs and the current folder, with all that a file system lets a name be."""

from __future__ import annotations

import json
import os
import shutil
from contextlib import suppress
from pathlib import Path
from random import Random

from tools.fuzz import odd, terminal
from tools.fuzz.kinds import kind
from tools.fuzz.scripts import AUDIO
from voiceguide.errors import RequestError


@kind("names")
def attempt(random: Random, folder: Path) -> None:
    """A command in a folder with an odd name, on a script with another, into a file with a third."""
    terminal.user_folders(folder / "user")
    here = folder / "here" / (odd.name(random) if random.random() < 0.5 else "plain")
    try:
        here.mkdir(parents=True)
    except OSError:  # a name that no folder can have here
        here = folder / "here"
    os.chdir(here)
    odd.put(random, here)
    scripts = [_put_script(random, here) for _ in range(random.choice((1, 1, 2)))]
    for _ in range(random.choice((0, 0, 1, 3))):
        with suppress(OSError):
            _put_other(random, here / odd.name(random))
    before = {path: path.read_bytes() for path in scripts}
    arguments = _arguments(random, [path.name for path in scripts])
    (folder / "arguments.json").write_text(json.dumps(arguments), encoding="utf-8")
    code, _, _ = terminal.run(arguments, terminal=random.random() < 0.8)
    for path, data in before.items():
        assert path.read_bytes() == data, f"{path!r} was written over"
    left = [name for _, _, names in os.walk(folder) for name in names if name.endswith(".part")]
    assert not left, left
    if code == 0 and arguments[0] == "make":
        terminal.check_tracks(folder)
    if code:
        raise RequestError(f"ended with {code}")


def _put_script(random: Random, here: Path) -> Path:
    sound = random.choice(("bell", odd.name(random)))
    title = random.choice(("Hips", odd.text(random), odd.name(random)))
    lines = [
        f"title: {json.dumps(title)}",
        "steps:",
        f"  - exercise: {json.dumps(odd.text(random))}" if random.random() < 0.3 else "  - say: Hello.",
        "    steps: [say: Hello.]" if random.random() < 0.3 else "    brief: no",
        f"  - chime: {json.dumps(sound)}",
    ]
    if random.random() < 0.3:
        lines.append(f"bed: {json.dumps(odd.path(random))}")
    with suppress(OSError):
        shutil.copy(AUDIO / "bell.wav", here / sound)
    path = here / f"{odd.name(random)}{random.choice(('.yaml', '.yaml', '.yml'))}"
    text = "\n".join(lines)
    try:
        path.write_text(text, encoding="utf-8")
    except OSError:
        path = here / "script.yaml"
        path.write_text(text, encoding="utf-8")
    return path


def _put_other(random: Random, path: Path) -> None:
    """Something that may stand where the command wants to read or write."""
    if os.path.lexists(path):
        return
    kind = random.randrange(6)
    if kind == 0:
        path.symlink_to(random.choice((path.name, "nowhere", "..", "/dev/null", "/dev/full", "s.yaml")))
    elif kind == 1:
        path.mkdir()
    elif kind == 2 and hasattr(os, "mkfifo"):
        os.mkfifo(path)
    elif kind == 3:
        path.with_suffix(".yaml").write_bytes(random.randbytes(30))
    else:
        path.write_bytes(random.choice((b"", b"x", b"ID3\4\0\0\0\0\0\x10TSSE\xff\xff\xff\xff\0\0\3voiceguide")))


def _arguments(random: Random, scripts: list[str]) -> list[str]:
    named = random.choice(scripts)
    wanted = random.choice((named, f"./{named}", Path(named).stem, odd.path(random)))
    out = random.choice((odd.path(random), odd.name(random) + ".mp3", wanted, "."))
    made = random.choice(
        (
            ["list"],
            ["check", wanted],
            ["show", wanted],
            ["show", "--json", wanted],
            ["show", wanted, "--svg", out],
            ["make", wanted],
            ["make", wanted, "-o", out],
            ["make", *scripts, "-o", out],
            ["make", wanted, "--bed", odd.path(random)],
            ["new", random.choice((odd.path(random), odd.text(random)))],
            ["show", wanted, "--save-preset", odd.name(random)],
            ["voices", "--sample", "en-GB", "-o", out],
        )
    )
    return [os.fsdecode(os.fsencode(each).replace(b"\0", b"")[:100_000]) for each in made]
