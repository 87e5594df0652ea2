"""Mutation testing: does a test notice when the code is changed?  python -m tools.mutants --sample 300 --seed 1

mutmut makes some seven thousand small changes ("mutants") to the rooms that turn a script into a clock, those that
`[tool.mutmut]` in pyproject.toml names. The fast tests are run on each. This draws a random sample, the same one for
the same seed and the same code. It prints each survivor with its file, line and change, and the share that was killed
with its 95 % confidence interval (Wilson). `--only` draws from names that match a pattern, such as
'voiceguide.times.*'; without --sample every mutant is run.

A mutant whose tests run on until they are stopped, twice, counts as killed. Some changes can't be noticed by anyone,
such as `"0".rstrip("XX0XX")`; they count as survivors, so that the score errs downwards.

mutmut only makes the mutants, in `mutants/`, a copy of the tree, where they stay until the code changes;
`tools.mutant_runner` runs them. It needs fork, so this doesn't run on Windows.
"""

from __future__ import annotations

import argparse
import ast
import fnmatch
import hashlib
import json
import math
import random
import re
import shutil
import subprocess
import sys
from collections.abc import Iterable, Sequence
from pathlib import Path

WORK = Path("mutants")
RUNNER = Path(__file__).with_name("mutant_runner.py").resolve()
TESTS = (
    "tests/language",
    "tests/routine",
    "tests/score",
    "tests/words",
    "tests/views/test_table.py",
    "tests/views/test_captions.py",
    "tests/test_times.py",
    "tests/test_values.py",
)
COPIED = ("tests", "tools", "scripts", "audio", "docs")
NONE = "no-mutant-is-called-this"
OUTCOMES = ("killed", "stopped", "survived", "unreached")


def main(arguments: Sequence[str] | None = None) -> int:
    parser = argparse.ArgumentParser(prog="python -m tools.mutants", description=__doc__.partition("\n")[0])
    parser.add_argument("--sample", type=int, metavar="N", help="how many mutants to draw; all without it")
    parser.add_argument("--seed", type=int, default=1, help="of the draw; 1 without it")
    parser.add_argument(
        "--only", default="*", metavar="PATTERN", help="mutants to draw from, such as voiceguide.times.*"
    )
    parser.add_argument("--jobs", type=int, default=2, metavar="N", help="mutants at a time; 2 without it")
    parser.add_argument("--at-least", type=float, default=0.0, metavar="PERCENT", help="exit with 1 below this score")
    asked = parser.parse_args(arguments)

    generate(asked.jobs)
    names = sorted(name for name in mutants() if fnmatch.fnmatchcase(name, asked.only))
    if not names:
        parser.error(f"no mutant matches {asked.only}")
    total = len(names)
    if asked.sample is not None and asked.sample < total:
        names = sorted(random.Random(asked.seed).sample(names, asked.sample))
    ended = run(names, asked.jobs)
    strange = {name: how for name, how in ended.items() if how not in OUTCOMES}
    if strange or len(ended) < len(names):
        sys.exit(f"not every mutant could be run: {strange or 'the runner ended early'}")

    survivors = [name for name in names if ended[name] in ("survived", "unreached")]
    for name in survivors:
        print(describe(name) + ("\n    (no test calls this function)" if ended[name] == "unreached" else ""))
    killed = len(names) - len(survivors)
    score = 100 * killed / len(names)
    low, high = wilson(killed, len(names))
    stopped = sum(how == "stopped" for how in ended.values())
    print(
        f"{killed} of {len(names)} mutants killed ({stopped} by taking too long): {score:.1f} %, "
        f"95 % confidence {100 * low:.1f} to {100 * high:.1f}; drawn from {total}, seed {asked.seed}"
    )
    return 0 if score >= asked.at_least else 1


def generate(jobs: int) -> None:
    """Writes all mutants.

    mutmut has no command for this alone. A run that is asked for a mutant that doesn't exist does exactly this, and
    then complains that nothing matches. Mutants of the same code stay; the tests, which mutmut would not copy anew
    after every change, are copied here.
    """
    made_from = hashlib.sha256()
    for path in (Path("pyproject.toml"), *sorted(Path("voiceguide").rglob("*.py"))):
        made_from.update(f"{path}\n".encode() + path.read_bytes())
    mark = WORK / "made-from"
    if mark.exists() and mark.read_text(encoding="ascii") == made_from.hexdigest():
        for folder in COPIED:
            shutil.rmtree(WORK / folder)
            shutil.copytree(folder, WORK / folder, ignore=shutil.ignore_patterns("__pycache__"))
        return
    shutil.rmtree(WORK, ignore_errors=True)
    done = subprocess.run(
        _mutmut("run", "--max-children", str(jobs), NONE), capture_output=True, text=True, check=False
    )
    if NONE not in done.stderr.partition("nothing matches")[2]:
        print(done.stdout[-4_000:], done.stderr[-4_000:], sep="\n", file=sys.stderr)
        sys.exit("mutmut could not make the mutants; what it says stands above")
    mark.write_text(made_from.hexdigest(), encoding="ascii")


def mutants() -> list[str]:
    """The names of all mutants."""
    found: list[str] = []
    for path in WORK.rglob("*.meta"):
        found += json.loads(path.read_text(encoding="utf-8"))["exit_code_by_key"]
    return found


def run(names: Sequence[str], jobs: int) -> dict[str, str]:
    """How the tests ended under each of these mutants."""
    command = [sys.executable, str(RUNNER), str(jobs), *TESTS]
    ended: dict[str, str] = {}
    with subprocess.Popen(command, cwd=WORK, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as runner:
        assert runner.stdin is not None
        assert runner.stdout is not None
        runner.stdin.write("\n".join(names))
        runner.stdin.close()
        for line in runner.stdout:
            how, name = line.split()
            ended[name] = how
            if len(ended) % 50 == 0:
                print(f"{len(ended)} of {len(names)}", file=sys.stderr, flush=True)
    if runner.returncode:
        sys.exit("the mutants could not be run; why stands above")
    return ended


def wilson(killed: int, tried: int, z: float = 1.96) -> tuple[float, float]:
    """Bounds of the share killed in all mutants, from a sample."""
    share = killed / tried
    middle = share + z * z / (2 * tried)
    spread = z * math.sqrt(share * (1 - share) / tried + z * z / (4 * tried * tried))
    return (middle - spread) / (1 + z * z / tried), (middle + spread) / (1 + z * z / tried)


def describe(name: str) -> str:
    """A survivor: file, line, and what was changed."""
    shown = subprocess.run(_mutmut("show", name), capture_output=True, text=True, check=True).stdout
    path = next(line for line in shown.splitlines() if line.startswith("--- "))[4:]
    first, changes = _changes(shown)
    line = _line_of(Path(path), name.rpartition(".")[2].rpartition("__mutmut_")[0]) + first - 1
    return "\n".join([f"{path}:{line}  {name}", *(f"    {change}" for change in changes)])


def _changes(diff: str) -> tuple[int, list[str]]:
    """The first changed line, counted from 1 within the function, and the changed lines."""
    first, at = 1, 0
    changes: list[str] = []
    for line in diff.splitlines():
        if hunk := re.match(r"@@ -(\d+)", line):
            at = int(hunk[1])
        elif at and line[:1] in ("-", "+"):
            if not changes:
                first = at
            changes.append(line)
        elif at:
            at += 1
    return first, changes


def _line_of(path: Path, mangled: str) -> int:
    """Where a function begins, its decorators included; mutmut calls them `x_function` and `xǁClassǁmethod`."""
    *within, function = mangled.removeprefix("x_").removeprefix("xǁ").split("ǁ")
    body: Iterable[ast.stmt] = ast.parse(path.read_text(encoding="utf-8")).body
    for name in within:
        body = next(node.body for node in body if isinstance(node, ast.ClassDef) and node.name == name)
    for node in body:
        if isinstance(node, ast.FunctionDef) and node.name == function:
            return min([node.lineno, *(each.lineno for each in node.decorator_list)])
    return 1


def _mutmut(*arguments: str) -> list[str]:
    return [sys.executable, "-m", "mutmut", *arguments]


if __name__ == "__main__":
    sys.exit(main())
