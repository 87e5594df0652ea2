"""Runs the tests once for each mutant named on standard input; started by `tools.mutants` in the folder of mutants.

mutmut's own runner forks after the tests have been imported, so that a mutant in what is called on import (the kinds of
values, the tables of the language) is never seen. And it stops by the clock, so that on a busy machine a mutant counts
as killed because the machine was slow. Here every mutant gets a fork that has imported nothing of voiceguide yet, only
what its tests import from elsewhere; and it is stopped by the processor time that it takes.

For each mutant, a line on standard output: how its tests ended, and its name. `killed`: a test failed; `survived`: none
did; `stopped`: they used up their time. Anything else is an error of this program: the number of its exit code.
"""

from __future__ import annotations

import os
import resource
import signal
import sys
import time
import traceback
from pathlib import Path

# What the tests import from elsewhere, once for all forks. Not numpy: its threads don't outlive a fork.
import hypothesis.strategies
import jsonschema
import pytest
import yaml

WARM = (hypothesis.strategies, jsonschema, yaml)
TIMES = 10
"""A mutant may take this many times what the tests take without one."""
MEMORY = 4 << 30
HUNG = 900
"""Seconds until one that waits, and uses no time, is stopped."""


def main(jobs: int, tests: list[str]) -> None:
    sys.path.insert(0, str(Path.cwd()))
    before = time.process_time() + _of_children()
    clean = _ended(os.waitpid(_start("", tests, 600), 0)[1])
    limit = 5 + int(TIMES * (time.process_time() + _of_children() - before))
    broken = _ended(os.waitpid(_start("fail", tests, limit), 0)[1])
    if (clean, broken) != ("survived", "killed"):
        sys.exit(f"without a mutant the tests ended as {clean}, and with every function broken as {broken}")
    running: dict[int, str] = {}
    names = sys.stdin.read().split()
    while names or running:
        while names and len(running) < jobs:
            name = names.pop()
            running[_start(name, _nearest_first(tests, name), limit)] = name
        child, status = os.wait()
        print(_ended(status), running.pop(child), flush=True)


def _start(mutant: str, tests: list[str], limit: int) -> int:
    """A fork that runs the tests with this mutant, or none; its process's number."""
    if child := os.fork():
        return child
    code = 99
    try:
        os.environ["MUTANT_UNDER_TEST"] = mutant
        silence = os.open(os.devnull, os.O_RDWR)
        for descriptor in (0, 1, 2) if mutant else (0, 1):  # why they fail without a mutant is worth reading
            os.dup2(silence, descriptor)
        resource.setrlimit(resource.RLIMIT_CPU, (limit, limit))
        resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))
        signal.alarm(HUNG)
        # What was imported early can't show the values in its asserts; nobody reads them here.
        early = "ignore::pytest.PytestAssertRewriteWarning"
        code = int(pytest.main(["-n0", "-x", "-p", "no:cacheprovider", "-W", early, *tests]))
    except BaseException:
        traceback.print_exc()
    finally:
        os._exit(code)


def _nearest_first(tests: list[str], mutant: str) -> list[str]:
    """The tests of the mutant's own room are the likeliest to fail, and the first to fail ends the run."""
    room = mutant.split(".")[1]
    return sorted(tests, key=lambda path: room not in path)


def _ended(status: int) -> str:
    if os.WIFSIGNALED(status):
        return "stopped" if os.WTERMSIG(status) in (signal.SIGXCPU, signal.SIGALRM, signal.SIGKILL) else "killed"
    # Tests failed; interrupted; pytest's own error, and an error of the command line, such as a conftest that raises.
    code = os.waitstatus_to_exitcode(status)
    return {0: "survived", 1: "killed", 2: "killed", 3: "killed", 4: "killed"}.get(code, str(code))


def _of_children() -> float:
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    return used.ru_utime + used.ru_stime


if __name__ == "__main__":
    main(int(sys.argv[1]), sys.argv[2:])
