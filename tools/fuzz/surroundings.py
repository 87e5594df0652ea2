"""Surroundings: environment variables, standard streams, limits and current folders, each in a process of its own."""

from __future__ import annotations

import contextlib
import json
import os
import subprocess
import sys
from pathlib import Path
from random import Random

from tools.fuzz import odd, terminal
from tools.fuzz.commands import BAD, SCRIPT
from tools.fuzz.kinds import kind
from voiceguide.errors import RequestError
from voiceguide.system.children import PACKAGE

MAX_WAIT = 25.0  # seconds

_BOOT = "import sys; sys.path[0] = {root!r}; from voiceguide.cli import main; main()"
# Done in the child, before Python starts there.
_SHELL = '{limits}{folder}exec "$@"{streams}'

FOLDERS = ("HOME", "XDG_CONFIG_HOME", "XDG_DATA_HOME", "XDG_CACHE_HOME", "TMPDIR", "TEMP")
PLACES = (
    "",
    "relative",
    "~",
    "~nosuch",
    "/proc/nowhere/at/all",
    "/dev/null",
    "/proc",
    ".",
    "..",
    "/" + "x" * 300,
    "a" * 9_000,
)
WORDS = {
    "LANG": ("C", "POSIX", "en_US.UTF-8", "de_DE.ISO-8859-1", "tr_TR.UTF-8", "xx_XX", "", "\udcff", "C.UTF-8"),
    "LC_ALL": ("C", "POSIX", "ja_JP.SJIS", "C.UTF-8", "xx"),
    "LANGUAGE": ("de:en", "xx"),
    "COLUMNS": ("0", "-1", "1", "10", "1000000000", "abc", "", "9" * 5_000, "80"),
    "LINES": ("0", "-1", "x"),
    "TERM": ("dumb", "", "xterm-256color", "nosuch"),
    "NO_COLOR": ("1",),
    "FORCE_COLOR": ("1",),
    "PATH": ("", ".", "/proc/nowhere", "relative:."),
    "TZ": ("", "nosuch", ":/dev/null"),
    "PYTHONUTF8": ("0", "1"),
    "PYTHONIOENCODING": ("ascii", "latin-1", "utf-16", "utf-8:strict", "ascii:strict", "cp1252"),
    "PYTHONWARNINGS": ("error", "always"),
    "PYTHONOPTIMIZE": ("2",),
    "PYTHONDEVMODE": ("1",),
    "PYTHONCOERCECLOCALE": ("0",),
    "PYTHONHASHSEED": ("0", "1"),
    "PYTHONPATH": ("/proc/nowhere", ""),
    "LD_LIBRARY_PATH": (".", "/proc/nowhere"),
    "_VOICEGUIDE_COMPLETE": ("bash_complete", "zsh_source", "fish_complete"),
    "COMP_WORDS": ("voiceguide make ", "voiceguide show s --bed ", "\udcff", "voiceguide 'x"),
    "COMP_CWORD": ("2", "1", "x", "-1", ""),
}
LIMITS = (
    "ulimit -n 20; ",
    "ulimit -n 8; ",
    "ulimit -f 0; ",
    "ulimit -f 8; ",
    "umask 0777; ",
    "ulimit -s 256; ",
    "ulimit -c 0; ",
)
STREAMS = (
    " <&-",
    " >&-",
    " 2>&-",
    " >&- 2>&-",
    " <&- >&- 2>&-",
    " >/dev/full",
    " 2>/dev/full",
    " </dev/zero",
    " 2>&1",
    " <.",
)
CURRENT = ("mkdir gone; cd gone; rmdir ../gone; ", "cd /proc; ", "cd hostile; ")
COMMANDS: tuple[list[str], ...] = (
    *(["list"], ["show", "s.yaml"], ["show", "s.yaml", "--json"], ["check", "s.yaml", "bad.yaml"], ["make", "s.yaml"]),
    *(["make", "s.yaml", "--no-cache"], ["make", "s.yaml", "-o", "out/"], ["new", "x"], ["voices", "--language", "en"]),
    *(
        ["cache"],
        ["schema"],
        ["--help"],
        ["--version"],
        ["show", "s.yaml", "--save-preset", "p"],
        ["show", "s", "--preset", "p"],
    ),
    *(["-v", "make", "s.yaml"], ["make", "--help"], [], ["nosuch"], ["show", "s.yaml", "--svg", "x.svg"]),
)


@kind("surroundings")
def attempt(random: Random, folder: Path) -> None:
    """One command in strange surroundings."""
    (folder / "s.yaml").write_text(SCRIPT, encoding="utf-8")
    (folder / "bad.yaml").write_text(BAD, encoding="utf-8")
    hostile = folder / "hostile"
    hostile.mkdir()
    for name in ("types", "numpy", "yaml", "voiceguide", "click", "struct", "pyttsx3", "encodings"):
        (hostile / f"{name}.py").write_text(f'raise SystemExit("{folder} was imported from")\n', encoding="utf-8")
    environment = {**os.environ, **_variables(random, folder)}
    if random.random() < 0.03:
        environment.pop("HOME", None)
    prelude = random.choice(LIMITS) if random.random() < 0.3 else ""
    place = random.choice(CURRENT) if random.random() < 0.15 else ""
    streams = random.choice(STREAMS) if random.random() < 0.35 else ""
    arguments = random.choice(COMMANDS)
    python = [sys.executable, "-c", _BOOT.format(root=str(PACKAGE.parent)), *arguments]
    shell = ["/bin/sh", "-c", _SHELL.format(limits=prelude, folder=place, streams=streams), "sh", *python]
    changed = {name: value for name, value in environment.items() if os.environ.get(name) != value}
    told = {"arguments": arguments, "shell": shell[2], "environment": changed}
    (folder / "surroundings.json").write_text(json.dumps(told, indent=1), encoding="utf-8")
    done = subprocess.run(shell, cwd=folder, env=environment, capture_output=True, timeout=MAX_WAIT, check=False)
    errors = done.stderr
    if done.returncode in (1, 2) and any(each in streams for each in ("2>&-", "2>/dev/full", "2>&1")):
        errors = errors or b"(nobody hears it)"
    terminal.judge(done.returncode, done.stdout, errors, verbose="-v" in arguments)
    if done.returncode:
        raise RequestError(f"ended with {done.returncode}")


def _variables(random: Random, folder: Path) -> dict[str, str]:
    made = {"XDG_CONFIG_HOME": str(folder / "config"), "XDG_DATA_HOME": str(folder / "data")}
    for _ in range(random.choice((0, 1, 1, 2, 4))):
        if random.random() < 0.5:
            place = random.choice((*PLACES, str(folder / "s.yaml"), str(folder / odd.name(random)), _locked(folder)))
            made[random.choice(FOLDERS)] = place
        else:
            name = random.choice((*WORDS,))
            made[name] = random.choice(WORDS[name])
    if made.get("_VOICEGUIDE_COMPLETE", "").endswith("complete"):
        made = {"COMP_WORDS": "voiceguide make ", "COMP_CWORD": "2", **made}
    return made


def _locked(folder: Path) -> str:
    place = folder / "locked"
    with contextlib.suppress(FileExistsError):
        place.mkdir(0o500)
    return str(place)
