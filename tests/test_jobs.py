"""Work side by side: all of it done, told in order, and stopped by the first thing that goes wrong."""

from __future__ import annotations

import os
import threading
from concurrent.futures import ThreadPoolExecutor

import pytest

from voiceguide.system.jobs import cores, run_all


def test_all_of_it_is_done_and_told_in_order() -> None:
    done: list[int] = []
    told: list[tuple[int, int]] = []
    run_all(done.append, range(20), workers=3, step=lambda *count: told.append(count))
    assert sorted(done) == [*range(20)]
    assert told == [(number, 20) for number in range(1, 21)]


def test_nothing_to_do_is_done_at_once() -> None:
    run_all(pytest.fail, [], workers=2, step=lambda *_: pytest.fail("there is nothing to tell"))


def test_as_many_work_at_once_as_there_are_workers() -> None:
    # Each waits for the other, so this ends only if both are at work.
    meeting = threading.Barrier(2, timeout=10)
    run_all(lambda _: meeting.wait(), range(2), workers=2, step=None)


@pytest.fixture
def cancelled(monkeypatch: pytest.MonkeyPatch) -> threading.Event:
    """Set once what has not begun has been cancelled."""
    event = threading.Event()
    shutdown = ThreadPoolExecutor.shutdown

    def told(self: ThreadPoolExecutor, wait: bool = True, *, cancel_futures: bool = False) -> None:
        shutdown(self, wait=wait, cancel_futures=cancel_futures)
        event.set()

    monkeypatch.setattr(ThreadPoolExecutor, "shutdown", told)
    return event


def test_the_first_error_is_raised_and_what_has_not_begun_never_does(cancelled: threading.Event) -> None:
    begun: list[int] = []

    def work(number: int) -> None:
        begun.append(number)
        if number == 2:
            raise ValueError("the third")
        if number > 2:
            cancelled.wait(10)

    with pytest.raises(ValueError, match="the third"):
        run_all(work, range(1000), workers=1, step=None)
    assert begun[:3] == [0, 1, 2]  # and one more, from anywhere, may begin while the rest is cancelled
    assert len(begun) <= 4


def test_an_interruption_while_telling_stops_it_too(cancelled: threading.Event) -> None:
    begun: list[int] = []

    def work(number: int) -> None:
        begun.append(number)
        if number:
            cancelled.wait(10)

    def interrupted(_done: int, _all: int) -> None:
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        run_all(work, range(1000), workers=1, step=interrupted)
    assert begun[0] == 0  # and one more, from anywhere, may begin while the rest is cancelled
    assert len(begun) <= 2


def test_an_error_of_a_later_piece_waits_for_its_turn() -> None:
    told: list[int] = []
    second_failed = threading.Event()

    def work(number: int) -> None:
        if number == 1:
            second_failed.set()
            raise ValueError("the second")
        assert second_failed.wait(10)

    with pytest.raises(ValueError, match="the second"):
        run_all(work, range(2), workers=2, step=lambda done, _: told.append(done))
    assert told == [1]


@pytest.mark.skipif(not hasattr(os, "sched_setaffinity"), reason="this system has no affinity")
def test_only_cores_that_this_process_may_use_are_counted() -> None:
    allowed = os.sched_getaffinity(0)
    assert cores() == len(allowed)
    try:
        os.sched_setaffinity(0, {min(allowed)})
        assert cores() == 1
    finally:
        os.sched_setaffinity(0, allowed)


@pytest.mark.parametrize(("count", "told"), [(None, 1), (6, 6)])
def test_without_affinity_the_system_is_asked(count: int | None, told: int, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delattr(os, "sched_getaffinity", raising=False)
    monkeypatch.setattr(os, "cpu_count", lambda: count)
    assert cores() == told
