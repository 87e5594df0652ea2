"""What is printed has one order, whatever the seed of Python's hashes is."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

from tests.cli.running import SHORT

# A routine of errors of which several stand at one place, and several names are as near as others.
WRONG = """\
abuot: x
options: {a1: {}, a2: {defualt: no}}
pronounce: {x: [], y: []}
stesp: x
steps:
  - {}
  - {hodl: 5s, pasue: 5s}
  - {hold: 5s, during: [{}, {at: 1s}, {say: Hi, chime: bell}], whne: a1}
  - {sides: [left, up, down], ration: 2}
  - {include: inner, with: [p, q, r], without: [q, p, s]}
  - {hold: 5s, when: [z1, z2, z3]}
"""
INNER = "title: I\ntags: [c, b, a]\nneeds: [y, x]\noptions: {p: {about: P}, q: {about: Q}}\nsteps: [pause: 5s]\n"
SCRIPT = """
import contextlib
from voiceguide.cli import main
for line in ("check wrong.yaml empty.yaml", "list", "show short --json", "show inner", "schema"):
    sys.argv = ["voiceguide", *line.split()]
    with contextlib.suppress(SystemExit):
        main()
"""


def printed(seed: int, home: Path) -> bytes:
    """All that several commands print, in a process whose hashes have this seed."""
    done = subprocess.run(
        [sys.executable, "-c", f"import sys{SCRIPT}"],
        env={**os.environ, "PYTHONHASHSEED": str(seed), "HOME": str(home), "XDG_CACHE_HOME": str(home / "cache")},
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        check=False,
    )
    assert b"Traceback" not in done.stdout
    return done.stdout


def test_nothing_follows_the_seed_of_hashes(tmp_path: Path) -> None:
    for name, text in (("wrong", WRONG), ("empty", "about: x\n"), ("short", SHORT), ("inner", INNER)):
        Path(f"{name}.yaml").write_text(text, encoding="utf-8")
    first, *others = (printed(seed, tmp_path) for seed in (0, 1, 2))
    assert b"wrong.yaml:1:1: " in first
    assert b'"events"' in first
    assert all(other == first for other in others)
