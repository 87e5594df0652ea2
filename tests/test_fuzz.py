"""A few tries of each kind of random input, by the long fuzzer's own hand: it is taken, or refused in a sentence.

`python -m tools.fuzz --minutes 60` tries as many as there is time for.
"""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterator
from pathlib import Path
from random import Random

import pytest

from tools.fuzz import __main__ as program
from tools.fuzz import terminal, tries
from tools.fuzz.kinds import KINDS, Kind
from voiceguide.errors import RequestError

SEED = 2026
TRIES = {
    "answers": 150,
    "commands": 8,
    "names": 12,
    "presets": 40,
    "printed": 8,
    "scripts": 40,
    "sounds": 15,
    "surroundings": 1,
}


@pytest.fixture(scope="module")
def worker(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tries.Worker]:
    one = tries.Worker(tmp_path_factory.mktemp("own"))
    yield one
    one.close()


def test_there_is_a_number_of_tries_for_each_kind() -> None:
    assert TRIES.keys() == KINDS.keys()


@pytest.mark.parametrize("name", TRIES)
def test_any_input_is_taken_or_refused(name: str, worker: tries.Worker, tmp_path: Path) -> None:
    outcomes: set[str] = set()
    for seed in range(SEED, SEED + TRIES[name]):
        tries.empty(tmp_path / "try")
        found = worker.run(name, seed, tmp_path / "try")
        assert not found.failed, f"seed {seed}: {found.why}"
        outcomes.add(found.outcome)
    # Input that is always refused, or never, would attack little.
    assert outcomes == {"done", "refused"} or name in ("answers", "surroundings")


def test_a_seed_makes_the_same_input(tmp_path: Path) -> None:
    made: list[dict[str, bytes]] = []
    for _ in range(2):
        tries.empty(tmp_path / "try")
        for seed in range(5):
            tries.attempt(KINDS["scripts"], seed, tmp_path / "try")
        made.append({path.name: path.read_bytes() for path in (tmp_path / "try").iterdir()})
    assert made[0] == made[1]


def test_the_memory_of_the_process_that_starts_the_tries_does_not_count(tmp_path: Path) -> None:
    ours = bytearray(b"1") * 600_000_000
    (tmp_path / "own").mkdir()
    one = tries.Worker(tmp_path / "own")
    try:
        tries.empty(tmp_path / "try")
        found = one.run("scripts", SEED, tmp_path / "try")
    finally:
        one.close()
        del ours
    assert not found.failed, found.why
    assert one.largest < tries.MAX_BYTES


def _refuse(_random: Random, _folder: Path) -> None:
    raise RequestError("no")


def _fail(_random: Random, _folder: Path) -> None:
    raise KeyError("an oversight")


def _finish(_random: Random, folder: Path) -> None:
    assert Path.cwd() == folder


def _compute(_random: Random, folder: Path) -> None:
    # Other threads get their turn in each of these: Python 3.10 may overlook a signal in a loop without.
    while True:
        folder.stat()


@pytest.mark.parametrize(
    ("attempt", "outcome"), [(_refuse, "refused"), (_fail, "error"), (_finish, "done"), (_compute, "hang")]
)
def test_a_try_tells_how_it_ended(
    attempt: Callable[[Random, Path], object], outcome: str, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setattr(tries, "MAX_SECONDS", 0.05)
    found = tries.attempt(Kind("odd", attempt), 1, tmp_path)
    assert found.outcome == outcome
    assert found.failed == bool(found.why) == (outcome in ("error", "hang"))


@pytest.mark.parametrize(
    ("code", "out", "errors"),
    [
        (0, b"", b"Traceback (most recent call last):\n"),
        (1, b"", b""),
        (1, b"", b"Error: unexpected error (KeyError); this is a bug in voiceguide; please report it"),
        (3, b"", b"Error: no.\n"),
        (None, b"", b""),
        (0, b"\x1b[2J\n", b""),
        (0, "\u202egpm.x\n".encode(), b""),
        (2, b"", "Error: \x9b31m\n".encode()),
    ],
)
def test_what_a_command_must_not_print(code: object, out: bytes, errors: bytes) -> None:
    with pytest.raises(AssertionError):
        terminal.judge(code, out, errors, terminal=True)


def test_what_a_command_may_print() -> None:
    terminal.judge(0, "\x1b[1mHips\x1b[0m\tfor é 🧘\n".encode(), b"", terminal=True)
    terminal.judge(1, b"", b"Error: no.\n", terminal=True)
    terminal.judge(0, b"\x1b.mp3\n", b"")  # a path for another program


def test_what_a_failing_try_left_is_saved(tmp_path: Path) -> None:
    folder = tmp_path / "try"
    folder.mkdir()
    (folder / "script.yaml").write_bytes(b"x")
    (folder / "link").symlink_to("nowhere")
    place = program.save(tmp_path / "out", "scripts", 7, tries.Found("error", "KeyError\n"), folder)
    assert (place / "script.yaml").read_bytes() == b"x"
    assert (place / "why.txt").read_text().splitlines() == [
        "python -m tools.fuzz --kinds scripts --seed 7 --tries 1",
        "KeyError",
    ]
    shutil.rmtree(place)
