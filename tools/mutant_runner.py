"""Runs the tests once for each mutant named on standard input; started by `tools.mutants` in the folder of mutants.

One process imports voiceguide and collects the tests. It has a fork run each test alone, to learn how long the test
takes and which functions it calls. Then it has a fork for each mutant run the tests that call the mutant's function,
the shortest first, until one fails. A test that doesn't call a function can't notice what was changed in it.

A function that is called on import (what makes the kinds of values, the tables of the language) has done its work in
that process. So its mutants come last, each in a fork that has imported nothing of voiceguide, with all tests.

The limits are of processor time, so that a busy machine changes nothing. A mutant that was stopped is run once more,
with larger ones.

For each mutant, a line on standard output: how its tests ended, and its name. `killed`: a test failed; `survived`: none
did; `unreached`: no test calls its function; `stopped`: a test took too long, twice. Anything else is an error of this
program: the number of its exit code.
"""

from __future__ import annotations

import contextlib
import gc
import json
import os
import resource
import signal
import sys
import tempfile
import time
import traceback
from collections.abc import Callable, Generator, Iterator, Mapping, Sequence
from math import ceil
from pathlib import Path
from typing import IO, NamedTuple

# What the tests import from elsewhere, once for all forks. Not numpy: its threads don't outlive a fork.
import hypothesis.strategies
import jsonschema
import pytest
import yaml
from hypothesis import HealthCheck, Phase, settings
from mutmut.mutation import trampoline

WARM = (hypothesis.strategies, jsonschema, yaml)
TIMES, SECONDS = 10, 2
"""A test may take ten times what it takes without a mutant, and two seconds of processor time."""
LARGER = 5
"""The second time, so many times as long."""
IMPORTS = 30
"""Seconds of processor time to import voiceguide and collect the tests."""
HUNG = 300
"""Seconds until a run that waits, and uses no processor time, is stopped."""
MEMORY = 4 << 30
# Plain asserts: nobody reads the values in them, and to show them takes longer than most tests.
PYTEST = ["-n0", "-x", "-s", "-p", "no:cacheprovider", "--assert=plain", "--tb=native"]


class Learned(NamedTuple):
    """What one test does without a mutant."""

    seconds: float
    functions: list[str]
    starts_processes: bool
    """What those call isn't known, so it may be anything."""

    def calls(self, function: str) -> bool:
        return self.starts_processes or function in self.functions


def main(jobs: int, tests: list[str]) -> None:
    sys.path.insert(0, str(Path.cwd()))
    names = sys.stdin.read().split()
    # The examples that the tests draw, without a search for the smallest that fails.
    calm = settings(deadline=None, suppress_health_check=[HealthCheck.too_slow], derandomize=True, print_blob=False)
    phases = [Phase.explicit, Phase.generate]
    settings.register_profile("mutants", calm, phases=phases, report_multiple_bugs=False)
    os.environ["HYPOTHESIS_PROFILE"] = "mutants"
    with tempfile.TemporaryDirectory(prefix="mutants-") as folder:
        tempfile.tempdir = folder
        learned, late = _run_imported(names, jobs, tests)
        for how, name in _run_each(late, jobs, lambda name, larger: _start_anew(name, larger, tests, learned)):
            print(how, name, flush=True)


def _run_imported(names: Sequence[str], jobs: int, tests: list[str]) -> tuple[dict[str, Learned], list[str]]:
    """Has one process run all mutants that it can; what it learned of the tests, and the mutants that remain."""
    reading, writing = os.pipe()
    child = os.fork()
    if not child:
        with (
            _ending(),
            os.fdopen(writing, "w", encoding="utf-8") as told,
            os.fdopen(os.dup(1), "w", encoding="utf-8") as out,
        ):
            os.environ["MUTANT_UNDER_TEST"] = "stats"  # each function that is called is recorded
            _silence(0, 1)
            plugin = Imported(names, jobs, told, out)
            if code := int(pytest.main([*PYTEST, *tests], plugins=[plugin])):
                sys.exit(code)
    os.close(writing)
    with os.fdopen(reading, encoding="utf-8") as told:
        answer = told.read()
    if os.waitpid(child, 0)[1] or not answer:
        sys.exit("the mutants could not be run")
    learned, late = json.loads(answer)
    return {test: Learned(*each) for test, each in learned.items()}, late


class Imported:
    """A plugin of pytest that runs mutants once the tests are collected."""

    def __init__(self, names: Sequence[str], jobs: int, told: IO[str], out: IO[str]) -> None:
        self._names, self._jobs, self._told, self._out = names, jobs, told, out
        self._called: set[str] = set()
        trampoline.record_trampoline_hit = lambda name, **_: self._called.add(name)

    def pytest_runtestloop(self, session: pytest.Session) -> bool:
        on_import = sorted(self._called)
        gc.freeze()
        learned = {item.nodeid: self._learn(item) for item in session.items}
        late = [name for name in self._names if _function(name) in on_import]
        json.dump((learned, late), self._told)
        self._told.flush()

        if _ended(os.waitpid(_fork("fail", 1, lambda: _run(session.items, learned, 1)), 0)[1]) != "killed":
            sys.exit(_complain("with every function broken, the tests pass"))

        def start(name: str, larger: int) -> int:
            chosen = [item for item in session.items if learned[item.nodeid].calls(_function(name))]
            chosen.sort(key=lambda item: learned[item.nodeid].seconds)
            return _fork(name, larger, lambda: _run(chosen, learned, larger))

        reached = {function for each in learned.values() for function in each.functions}
        names = sorted(set(self._names) - {*late})
        for name in (name for name in names if _function(name) not in reached):
            print("unreached", name, file=self._out, flush=True)
        for how, name in _run_each([name for name in names if _function(name) in reached], self._jobs, start):
            print(how, name, file=self._out, flush=True)
        return True

    def _learn(self, item: pytest.Item) -> Learned:
        """What a test does, in a process where no other has left anything in a cache."""
        reading, writing = os.pipe()

        def learn() -> int:
            self._called.clear()
            before = time.process_time()
            if code := _run([item], {}, 1):
                return code
            children = _of_children()
            seconds = time.process_time() - before + children
            with os.fdopen(writing, "w", encoding="utf-8") as told:
                json.dump((seconds, sorted(self._called), children > 0), told)
            return 0

        child = _fork("stats", LARGER, learn)
        os.close(writing)
        with os.fdopen(reading, encoding="utf-8") as told:
            answer = told.read()
        if os.waitpid(child, 0)[1]:
            sys.exit(_complain(f"without a mutant, this test fails: {item.nodeid}"))
        return Learned(*json.loads(answer))


class Anew:
    """A plugin of pytest that limits the time of each test, and runs those first that are the likeliest to fail."""

    def __init__(self, mutant: str, larger: int, learned: Mapping[str, Learned]) -> None:
        self._mutant, self._larger, self._learned = mutant, larger, learned

    def pytest_collection_modifyitems(self, items: list[pytest.Item]) -> None:
        function, room = _function(self._mutant), self._mutant.split(".")[1]

        def likely(item: pytest.Item) -> tuple[bool, bool, float]:
            known = self._learned[item.nodeid]
            return function not in known.functions, f"/{room}" not in item.nodeid, known.seconds

        items.sort(key=likely)

    @pytest.hookimpl(wrapper=True)
    def pytest_runtest_protocol(self, item: pytest.Item) -> Generator[None, object, object]:
        _limit(self._learned[item.nodeid].seconds, self._larger)
        return (yield)


def _start_anew(mutant: str, larger: int, tests: list[str], learned: Mapping[str, Learned]) -> int:
    """A fork that imports voiceguide with this mutant and runs all tests; its process's number."""
    plugin = Anew(mutant, larger, learned)
    return _fork(mutant, larger, lambda: int(pytest.main([*PYTEST, *tests], plugins=[plugin])))


def _run_each(names: Sequence[str], jobs: int, start: Callable[[str, int], int]) -> Iterator[tuple[str, str]]:
    """How the tests end under each mutant, and its name."""
    waiting = [(name, 1) for name in names]
    running: dict[int, tuple[str, int]] = {}
    while waiting or running:
        while waiting and len(running) < jobs:
            name, larger = waiting.pop()
            running[start(name, larger)] = name, larger
        child, status = os.wait()
        name, larger = running.pop(child)
        how = _ended(status)
        if how == "stopped" and larger == 1:
            waiting.append((name, LARGER))
        else:
            yield how, name


def _fork(mutant: str, larger: int, run: Callable[[], int]) -> int:
    """A process that does this with a mutant and ends with the code that it returns; its number."""
    if child := os.fork():
        return child
    with _ending():
        os.environ["MUTANT_UNDER_TEST"] = mutant
        if mutant != "stats":  # why a test fails without a mutant is worth reading
            _silence(0, 1, 2)
        resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))
        _limit(IMPORTS / TIMES, larger)
        signal.alarm(HUNG * larger)
        with tempfile.TemporaryDirectory() as folder:
            os.environ["PYTEST_DEBUG_TEMPROOT"] = folder
            sys.exit(run())
    raise AssertionError("this process has ended")


def _run(items: Sequence[pytest.Item], learned: Mapping[str, Learned], larger: int) -> int:
    """Runs tests until one fails; 1 if one did."""
    for item, following in zip(items, [*items[1:], None], strict=True):
        if known := learned.get(item.nodeid):
            _limit(known.seconds, larger)
        try:
            item.config.hook.pytest_runtest_protocol(item=item, nextitem=following)
        except (KeyboardInterrupt, pytest.exit.Exception):
            return 2
        if item.session.testsfailed:
            return 1
    return 0


def _limit(seconds: float, larger: int) -> None:
    """From now on this process may take so many times the seconds of processor time that a test takes."""
    soft = ceil(time.process_time() + larger * (SECONDS + TIMES * seconds))
    resource.setrlimit(resource.RLIMIT_CPU, (soft, resource.RLIM_INFINITY))


@contextlib.contextmanager
def _ending() -> Iterator[None]:
    """The last that a fork does: its parent's cleaning up isn't its own."""
    code = 0
    try:
        yield
    except SystemExit as ended:
        code = int(ended.code or 0)
    except BaseException:
        traceback.print_exc()
        code = 99
    finally:
        os._exit(code)


def _complain(why: str) -> int:
    print(why, file=sys.stderr, flush=True)
    return 1


def _silence(*descriptors: int) -> None:
    silence = os.open(os.devnull, os.O_RDWR)
    for descriptor in descriptors:
        os.dup2(silence, descriptor)


def _ended(status: int) -> str:
    if os.WIFSIGNALED(status):
        return "stopped" if os.WTERMSIG(status) in (signal.SIGXCPU, signal.SIGALRM, signal.SIGKILL) else "killed"
    # Tests failed; interrupted; pytest's own error, and an error of the command line, such as a conftest that raises.
    code = os.waitstatus_to_exitcode(status)
    return {0: "survived", 1: "killed", 2: "killed", 3: "killed", 4: "killed"}.get(code, str(code))


def _function(mutant: str) -> str:
    """The function that a mutant changes, as mutmut calls it."""
    return mutant.rpartition("__mutmut_")[0]


def _of_children() -> float:
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    return used.ru_utime + used.ru_stime


if __name__ == "__main__":
    main(int(sys.argv[1]), sys.argv[2:])
