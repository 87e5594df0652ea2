"""Random scripts, by the fuzzer's own hand: whatever stands in one, it is laid out or refused in a sentence.

`python -m tools.fuzz --minutes 60` tries as many as there is time for, each under a limit of time and memory.
"""

from __future__ import annotations

from collections.abc import Callable

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tools.fuzz import tries
from tools.fuzz.kinds import KINDS, Kind
from voiceguide.errors import RequestError


@settings(max_examples=80)
@given(st.integers(0, 2**32))
def test_any_script_is_laid_out_or_refused(seed: int) -> None:
    kind = KINDS["scripts"]
    outcome, why = tries.attempt(kind, kind.files(seed))
    assert outcome in ("done", "refused"), why


def test_a_seed_makes_the_same_script() -> None:
    kind = KINDS["scripts"]
    for seed in range(20):
        assert kind.files(seed) == kind.files(seed)


def _refuse() -> None:
    raise RequestError("no")


def _fail() -> None:
    raise KeyError("an oversight")


def _compute() -> None:
    while True:
        pass


@pytest.mark.parametrize(
    ("read", "outcome"), [(_refuse, "refused"), (_fail, "error"), (list, "done"), (_compute, "hang")]
)
def test_a_try_tells_how_it_ended(read: Callable[[], object], outcome: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(tries, "MAX_SECONDS", 0.05)
    assert tries.attempt(Kind("odd", lambda _random: {}, read), {})[0] == outcome
